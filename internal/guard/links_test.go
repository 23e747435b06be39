package guard

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func (m memory) Paths() []string                 { return slices.Sorted(maps.Keys(m)) }
func (m memory) File(name string) ([]byte, bool) { data, ok := m[name]; return data, ok }

// Every link that leads nowhere is named once a page, and no other.
func TestLinks(t *testing.T) {
	g := newGuard(t, false)
	m := memory{
		"public/index.html": []byte(`<p id=top><a href="releases/1.0.0/index.html#n-1">a</a><a href="releases/1.0.0/">a</a><a href="#top">a</a>
<a href="https://elsewhere.example/x">a</a><a href="mailto:support@kurswagen.example">a</a><a href="https://neu.kurswagen.example/releases/1.0.0/#n-1">a</a>
<img src="data:image/png;base64,AAAA"><a href="releases/1.0.0/release.json?x=1">a</a>
<a href="gone.html">a</a><a href="gone.html">a</a><a href="#nowhere">a</a><a href="releases/1.0.0/index.html#n-2">a</a><a href="../team/index.html">a</a><a href="https://neu.kurswagen.example/gone/">a</a><img src="pic.png">`),
		"public/releases/1.0.0/index.html":   []byte(`<h2 id="n-1">x</h2><a href="../../index.html">up</a>`),
		"public/releases/1.0.0/release.json": []byte(`{}`),
		"team/index.html":                    []byte(`x`),
		"systems/K1/index.html":              []byte(`<a href="../K2/index.html">x</a>`),
		"systems/K2/index.html":              []byte(`x`),
	}
	var got []string
	for _, d := range g.Links(m) {
		_, after, _ := strings.Cut(d.Message, "the link ")
		link, _, _ := strings.Cut(after, " on ")
		got = append(got, strings.Trim(link, `"`))
	}
	slices.Sort(got)
	want := []string{"#nowhere", "../K2/index.html", "../team/index.html", "gone.html", "https://neu.kurswagen.example/gone/", "pic.png", "releases/1.0.0/index.html#n-2"}
	if !slices.Equal(got, want) {
		t.Errorf("dead are %q, want %q", got, want)
	}
}
