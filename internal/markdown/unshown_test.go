package markdown

import (
	"slices"
	"strings"
	"testing"
)

func TestUnshown(t *testing.T) {
	r := New()
	for src, want := range map[string][]Unshown{
		"Plain *words* with `<code>` and <https://example.com>.": nil,
		"<!-- for colleagues -->\n\nText <b>bold</b><br>":        nil,
		"Enter the <Number> there":                               {{"<Number>", "<Number>", RawHTML}},
		"<details>\n<summary>A</summary>\nB\n</details>":         {{"<details>", "<details> <summary>A</summary> B </details>", RawHTML}},
		"<hr>":                                    nil,
		"[a](b.md \"why\") ![c](d.png 'what')":    {{"why", "why", LinkTitle}, {"what", "what", LinkTitle}},
		"[a][x]\n\n[x]: https://e.example":        nil,
		"[Note]: late":                            {{"[Note]:", "[Note]: late", Definition}},
		"| a | b |\n|---|---|\n| 1 | 2 | 3 |":     {{"3 |", "3 |", ExtraCell}},
		"| a | b |\n|---|---|\n| 1 |\n| 1 | 2 |":  nil,
		"```sh please run\nls\n```":               {{"sh please run", "sh please run", FenceWords}},
		"```sh\nls\n```\n\n    indented <Number>": nil,
	} {
		got := r.Unshown(src)
		for i := range got {
			got[i].Source, got[i].Words = strings.TrimRight(got[i].Source, " |"), strings.TrimRight(got[i].Words, " |")
		}
		for i := range want {
			want[i].Source, want[i].Words = strings.TrimRight(want[i].Source, " |"), strings.TrimRight(want[i].Words, " |")
		}
		if !slices.Equal(got, want) {
			t.Errorf("Unshown(%q) = %q, want %q", src, got, want)
		}
	}
	long := r.Unshown(strings.Repeat("word ", MaxSource/5) + "\n\nthe end")
	if len(long) != 1 || long[0].Why != TooLong || !strings.Contains(long[0].Words, "end") {
		t.Errorf("a long text: %q", long)
	}
}
