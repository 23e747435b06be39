package diag

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func TestSecondDocument(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a: 1\n": 0, "---\na: 1\n": 0, "%YAML 1.2\n---\na: 1\n...\n": 0, "a: 1\n---\n# nothing\n\n": 0,
		"a: 1\n---\nb: 2\n": 3, "a: 1\n...\n\nb: 2\n": 4, "--- a\n--- b\n": 2, "---\n---\na: 1\n": 3, "a: |\n  x\n---\nb: 1": 4,
		"a: --- b\n": 0, "a: |\n  ---\n  b\n": 0, "a: 1\r\n---\r\nb: 2\r\n": 3, "---x: 1\n": 0,
	} {
		if got := SecondDocument(text); got != want {
			t.Errorf("SecondDocument(%q) = %d, want %d", text, got, want)
		}
	}
}

// FuzzSecondDocument holds it against the YAML library: a second document that says
// something is found.
func FuzzSecondDocument(f *testing.F) {
	for _, s := range []string{"a: 1\n---\nb: 2\n", "--- |\n x\n...\n---\n", "---\n---\n- a", "# c\n...\na", "a\n...\n# b\n--- c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\x00\u0085\u2028\u2029\ufeff%#") {
			t.Skip("line ends of YAML's own, directives, comments inside texts")
		}
		loader, err := yaml.NewLoader(strings.NewReader(text))
		if err != nil {
			t.Skip()
		}
		var first, second yaml.Node
		if loader.Load(&first) != nil {
			t.Skip()
		}
		err = loader.Load(&second)
		at := SecondDocument(text)
		if err == nil && at == 0 && len(second.Content) > 0 && second.Content[0].Tag != "!!null" {
			t.Errorf("%q has a second document, which isn't found", text)
		}
	})
}
