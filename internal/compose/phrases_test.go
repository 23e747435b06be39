package compose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"daybreak/content"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// said is where the sentences of a package stand: in the first argument of
// diag.Say, and in the formats and nouns that its own functions pass on to it.
var said = map[string]map[string]int{
	".":                  {"Say": 0, "add": 4, "fail": 3, "fields": 1, "each": 1, "unfit": 0, "hint": 0},
	"../journal":         {"Say": 0, "fail": 2, "say": 4},
	"../editorial":       {"Say": 0},
	"../fragment":        {"Say": 0},
	"../guard":           {"Say": 0},
	"../mail":            {"Say": 0},
	"../publication":     {"Say": 0, "say": 0, "bad": 1},
	"../delivery":        {"Say": 0},
	"../output":          {"Say": 0},
	"../post":            {"Say": 0},
	"../gitsource":       {"Say": 0},
	"../config":          {"Say": 0, "unique": 1, "reference": 1},
	"../../cmd/daybreak": {"Say": 0, "say": 0, "plural": 1},
}

// sentences gives every sentence that these packages say by a phrase.
func sentences(t *testing.T) []string {
	t.Helper()
	var out []string
	for dir, place := range said {
		out = append(out, sentencesOf(t, dir, place)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func sentencesOf(t *testing.T, dir string, place map[string]int) []string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, f.Name()), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok && f.Tag != nil {
				// What form a value of the configuration must have is said from its tag.
				tag, err := strconv.Unquote(f.Tag.Value)
				if err != nil {
					t.Fatal(err)
				}
				if form := reflect.StructTag(tag).Get("form"); form != "" {
					out = append(out, form)
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch f := call.Fun.(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
			case *ast.Ident:
				name = f.Name
			}
			if i, ok := place[name]; ok && i < len(call.Args) {
				if l, ok := call.Args[i].(*ast.BasicLit); ok && l.Kind == token.STRING {
					text, err := strconv.Unquote(l.Value)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, text)
					if name == "plural" && dir == "../../cmd/daybreak" {
						out = append(out, text+"s") // as it makes them
					}
				}
			}
			return true
		})
	}
	return out
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

// formatVerbs gives a format's verbs, sorted where they name their argument.
func formatVerbs(format string) []string {
	out := verb.FindAllString(format, -1)
	for i, v := range out {
		if strings.HasPrefix(v, "%[") {
			out[i] = "%" + v[len(v)-1:]
		}
	}
	return out
}

// Every sentence has its German, none is left over, and each has the arguments
// of its original.
func TestEverySentenceInGerman(t *testing.T) {
	german, list := LoadPhrases(content.FS, model.German)
	if len(list) > 0 {
		t.Fatal(list)
	}
	spoken := append(sentences(t), "error", "warning", "note", "hint")
	if len(spoken) < 100 {
		t.Fatalf("only %d sentences found", len(spoken))
	}
	for _, s := range spoken {
		g, ok := german[s]
		if !ok {
			t.Errorf("no German for %q", s)
			continue
		}
		a, b := formatVerbs(s), formatVerbs(g)
		if strings.Contains(g, "%[") {
			slices.Sort(a)
			slices.Sort(b)
		}
		if !slices.Equal(a, b) {
			t.Errorf("%q: arguments %v, %v in German", s, a, b)
		}
		if words := verb.ReplaceAllString(s, ""); s == g && strings.ContainsAny(words, "abcdefghijklmnopqrstuvwxyz") && len(s) > len("special") {
			t.Errorf("%q is no German", s)
		}
	}
	for s := range german {
		if !slices.Contains(spoken, s) {
			t.Errorf("nobody says %q any more", s)
		}
	}
}

// A catalog that doesn't fit is no reason to say nothing, or nonsense.
func TestPhraseKeepsItsSense(t *testing.T) {
	d := diag.New(diag.Error, "x", diag.Position{File: "a", Line: 2}, diag.Say("unknown key %q in %s", "nmae", diag.Say("a step")), diag.Say("Did you mean %q?", "name"))
	for _, c := range []struct {
		catalog map[string]string
		want    string
	}{
		{nil, "a:2: error: unknown key \"nmae\" in a step\n  hint: Did you mean \"name\"?"},
		{map[string]string{"unknown key %q in %s": "in %[2]s: %[1]q?", "a step": "ein Schritt", "error": "Fehler"}, "a:2: Fehler: in ein Schritt: \"nmae\"?\n  hint: Did you mean \"name\"?"},
		{map[string]string{"unknown key %q in %s": "%d und %s und %s", "Did you mean %q?": "100 %"}, "a:2: error: unknown key \"nmae\" in a step\n  hint: Did you mean \"name\"?"},
	} {
		if got := d.Tell(c.catalog); got != c.want {
			t.Errorf("%v:\n%s\nwant\n%s", c.catalog, got, c.want)
		}
	}
}
