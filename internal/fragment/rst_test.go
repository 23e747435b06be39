package fragment

import (
	"strings"
	"testing"

	"daybreak/internal/model"
)

func TestMarkdown(t *testing.T) {
	for _, c := range [][2]string{
		{"Pay by ``card``, see :ref:`the page <cards>`.", "Pay by `card`, see the page."},
		{":func:`~shop.sum` and :option:`--all`", "`shop.sum` and `--all`"},
		{"`Sums <https://example.org/a_b>`_ are right", "[Sums](https://example.org/a_b) are right"},
		{"Closes `issue 12`_.\n\n.. _issue 12: https://example.org/12\n", "Closes [issue 12](https://example.org/12)."},
		{"Thanks, `Max <pull 7_>`_\n\n.. _pull 7: https://example.org/7", "Thanks, [Max](https://example.org/7)"},
		{"Added\n-----\n\n- One", "## Added\n\n- One"},
		{".. A comment\n   that goes on\n\nText", "Text"},
		{"Write::\n\n    grow = ``yes``\n\nand go on", "Write:\n\n```\ngrow = ``yes``\n```\n\nand go on"},
		{".. code-block:: sh\n\n   echo `x`", "```sh\necho `x`\n```"},
		{".. warning:: Mind ``this``.", "> Mind `this`."},
		{"- a\n- b\n  goes on", "- a\n- b\n  goes on"},
		{"*light* and **strong**, `title`", "*light* and **strong**, *title*"},
	} {
		if got := Markdown(c[0]); got != c[1] {
			t.Errorf("Markdown(%q)\n got %q\nwant %q", c[0], got, c[1])
		}
	}
}

// A hostile note may neither stop nor slow the reader, nor make it lose words.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"---\nkind: fixed\n---\nText", "fixes:\n  - One\n", "Added\n-----\n\n- One", "``a`` `b <c>`_ :d:`e`", "kind: a\nbody: b\n", "---\n? [a]\n: &x [*x]\n---\n", "\x00`\ufffe``"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, s := range sources(t) {
			notes, list := s.Parse(name, []byte(text))
			for _, n := range notes {
				if n.Path != name || n.Key == "" {
					t.Fatalf("%s: a note without name: %+v", name, n)
				}
				if len(n.Text) == 0 && !n.Silent && len(n.Trailers) == 0 {
					t.Fatalf("%s: a note that says nothing", name)
				}
			}
			for _, d := range list {
				if d.Message == "" || d.Position.File != name {
					t.Fatalf("%s: %+v", name, d)
				}
			}
		}
	})
}

// tree is a revision for tests.
type tree map[string]string

func (t tree) File(name string) ([]byte, bool, error) {
	s, ok := t[name]
	return []byte(s), ok, nil
}

func (t tree) Files(globs ...string) ([]string, error) {
	if t["reno.yaml"] != "" {
		return []string{"reno.yaml"}, nil
	}
	return nil, nil
}

// sources detects all five formats in one revision, by the name of a file of each.
func sources(t testing.TB) map[string]*Source {
	list, diags, err := Detect(tree{
		".changie.yaml":  "changesDir: .changes\nkinds: [{label: Added}, {label: Mended, key: fixed}]\n",
		"pyproject.toml": "[tool.towncrier]\ndirectory = \"news\"\n[tool.scriv]\nchangelog = \"HISTORY.md\"\n",
		"reno.yaml":      "encoding: utf8\n",
	}, nil, model.English)
	if err != nil || len(diags) > 0 || len(list) != 5 {
		t.Fatal(list, diags, err)
	}
	out := map[string]*Source{}
	for i, name := range []string{".daybreak/notes/412-x.md", ".changes/unreleased/a.yaml", "news/12.feature.rst", "releasenotes/notes/x-1111111111111111.yaml", "changelog.d/a.rst"} {
		out[name] = &list[i]
	}
	return out
}

func TestDetect(t *testing.T) {
	var got []string
	for name, s := range sources(t) {
		if len(s.Globs) == 0 || !strings.HasPrefix(name, s.Folders[0]+"/") {
			t.Errorf("%s: %v", name, s.Folders)
		}
		got = append(got, s.Format)
	}
	// Broken settings of a tool that is used are named; of others they are nobody's business.
	for file, want := range map[string]int{"[tool.towncrier\n": 1, "[tool.other\n": 0} {
		if _, list, _ := Detect(tree{"pyproject.toml": file}, nil, model.English); len(list) != want {
			t.Errorf("%q: %v", file, list)
		}
	}
	// A path out of the repository is none.
	list, _, _ := Detect(tree{}, []Setting{{Format: Towncrier, Path: "../../etc"}, {Format: None}}, model.English)
	if len(list) != 0 {
		t.Errorf("%v, of %v", list, got)
	}
}

func TestKindWords(t *testing.T) {
	s := &Source{kinds: map[string]string{"vendor": "internal"}}
	for word, want := range map[string]string{
		"feature": "added", "bugfix": "fixed", "Bug Fixes": "fixed", "removal": "removed", "misc": "internal", "✨ Added": "added",
		"prefix": "changed", "security": "security", "deprecations": "deprecated", "vendor": "internal", "upgrade": "changed", "": "",
	} {
		if got, _ := s.kindWord(word, ""); got != want {
			t.Errorf("%q is %q, want %q", word, got, want)
		}
	}
	if _, breaking := s.kindWord("upgrade", ""); !breaking {
		t.Error("an upgrade note is what people must act on")
	}
}
