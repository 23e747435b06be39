package theme

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/tdewolff/parse/v2"
	csslexer "github.com/tdewolff/parse/v2/css"

	"daybreak/themes"
)

// newer is what browsers of 2010 don't know.
var newer = regexp.MustCompile(`grid|flex|\b(clamp|min|max|calc)\(|:has\(|:is\(|:where\(|\binset\b|\bgap\b|sticky|clip-path|aspect-ratio|(margin|padding|border)-(inline|block)|text-wrap|overflow-wrap|currentcolor\b`)

// The plain theme's own rules use nothing that came after it, and behind every
// custom property stands a value for browsers that have none.
func TestPlainIsPlain(t *testing.T) {
	for _, name := range []string{"public.css", "team.css"} {
		data, err := fs.ReadFile(themes.FS, "plain/"+name)
		if err != nil {
			t.Fatal(err)
		}
		p := csslexer.NewParser(parse.NewInputBytes(data), false)
		said := map[string]bool{}
		for {
			kind, _, property := p.Next()
			if kind == csslexer.ErrorGrammar {
				break
			}
			if kind == csslexer.BeginRulesetGrammar {
				said = map[string]bool{}
			}
			if kind != csslexer.DeclarationGrammar {
				continue
			}
			var value strings.Builder
			for _, token := range p.Values() {
				value.Write(token.Data)
			}
			declaration := string(property) + ":" + value.String()
			if found := newer.FindString(declaration); found != "" {
				t.Errorf("%s: %s uses %q", name, declaration, found)
			}
			if strings.Contains(declaration, "var(") {
				short, _, _ := strings.Cut(string(property), "-")
				longhand := strings.TrimSuffix(string(property), "-color")
				if !said[string(property)] && !said[short] && !said[longhand] {
					t.Errorf("%s: %s has nothing for browsers without custom properties", name, declaration)
				}
				continue
			}
			said[string(property)] = true
		}
	}
}

func TestImportsOfStyleSheets(t *testing.T) {
	look, err := fs.Sub(themes.FS, "plain")
	if err != nil {
		t.Fatal(err)
	}
	base, err := fs.Sub(themes.FS, "default")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Name: "plain", Theme: look, Base: base}
	for text, want := range map[string]string{
		"@import \"../default/print.css\";\nb{}":       "",
		"b{}\n  @import url(https://example.com/x);":   "x.css:2:3",
		"@import \"../default/nothing.css\";":          "x.css:1:1",
		"b{color:red":                                  "never closed",
		"b{}\n}":                                       "x.css:2:1",
		"b{content:\"}\"} /* } */":                     "",
		"@import \"../default/../../etc/passwd.css\";": "x.css:1:1",
	} {
		_, err := o.sheet("x.css", []byte(text))
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", text, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
