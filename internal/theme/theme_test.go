package theme_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"daybreak/content"
	"daybreak/internal/model"
	"daybreak/internal/theme"
	"daybreak/templates"
	"daybreak/themes"

	"golang.org/x/net/html"
)

func sub(t *testing.T, fsys fs.FS, dir string) fs.FS {
	t.Helper()
	s, err := fs.Sub(fsys, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shipped are the parts that ship with daybreak.
func shipped(t *testing.T) theme.Options {
	return theme.Options{
		Templates: templates.FS,
		Theme:     sub(t, themes.FS, "default"),
		Strings:   sub(t, content.FS, "strings"),
	}
}

func load(t *testing.T, o theme.Options) *theme.Theme {
	t.Helper()
	th, err := theme.Load(o)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// page lays one page over what ships.
func page(t *testing.T, text string) *theme.Theme {
	o := shipped(t)
	o.Templates = theme.Overlay(fstest.MapFS{"public/x.html": {Data: []byte(text)}, "mail/x.txt": {Data: []byte(text)}}, o.Templates)
	return load(t, o)
}

func execute(t *testing.T, th *theme.Theme, name string, l model.Lang, data any) string {
	t.Helper()
	var b bytes.Buffer
	if err := th.Execute(&b, name, l, data); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

// Load itself fails where a language lacks a string, a template names one that
// does not exist, or a colour is none: so this holds for everything shipped.
func TestShippedPartsLoad(t *testing.T) {
	th := load(t, shipped(t))
	if got := th.Languages(); len(got) != 2 || got[0] != model.German || got[1] != model.English {
		t.Errorf("languages %v", got)
	}
}

func TestDates(t *testing.T) {
	th := page(t, `{{date .}}|{{day .}}|{{shortday .}}|{{iso .}}|{{year .}}`)
	day := time.Date(2026, 3, 3, 23, 30, 0, 0, time.UTC)
	for l, want := range map[model.Lang]string{
		model.German:  "Dienstag, 3. März 2026|3. März 2026|3. März|2026-03-03|2026",
		model.English: "Tuesday, 3 March 2026|3 March 2026|3 March|2026-03-03|2026",
	} {
		if got := execute(t, th, "public/x.html", l, day); got != want {
			t.Errorf("%s: got %q, want %q", l, got, want)
		}
	}
}

func TestStringsTakeCountsAndPairs(t *testing.T) {
	o := shipped(t)
	o.Strings = theme.Overlay(fstest.MapFS{
		"de.yaml": {Data: []byte("x:\n  n:\n    one: '{{.Count}} Neuerung in {{.V}}'\n    other: '{{.Count}} Neuerungen in {{.V}}'\n")},
		"en.yaml": {Data: []byte("x:\n  n:\n    one: '{{.Count}} novelty in {{.V}}'\n    other: '{{.Count}} novelties in {{.V}}'\nkind:\n  added: Brand-new\n")},
	}, o.Strings)
	th := load(t, o)
	for n, want := range map[int]string{0: "0 Neuerungen in 2", 1: "1 Neuerung in 2", 5: "5 Neuerungen in 2"} {
		if got := th.T(model.German, "x.n", n, "V", "2"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := th.T(model.English, "x.n", 1, "V", "<2>"); got != "1 novelty in <2>" {
		t.Errorf("got %q", got)
	}
	if got := th.T(model.English, "kind.added"); got != "Brand-new" {
		t.Errorf("a workspace's string does not win: %q", got)
	}
	if got := th.T(model.German, "kind.added"); got != "Neu" {
		t.Errorf("the others are gone: %q", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"an unknown string", "public/x.html", "\n{{if true}}{{T \"no.such\"}}{{end}}", `templates/public/x.html:2:14: error: no string "no.such"`},
		{"an unknown function", "public/x.html", "{{nonsense}}", `function "nonsense" not defined`},
		{"broken syntax", "public/x.html", "{{if}", `public/x.html:1`},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := shipped(t)
			o.Templates = theme.Overlay(fstest.MapFS{c.file: {Data: []byte(c.text)}}, o.Templates)
			if _, err := theme.Load(o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
	t.Run("a string that one language lacks", func(t *testing.T) {
		o := shipped(t)
		o.Strings = theme.Overlay(fstest.MapFS{"en.yaml": {Data: []byte("only: here\n")}}, o.Strings)
		if _, err := theme.Load(o); err == nil || !strings.Contains(err.Error(), `de.yaml lacks "only"`) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a palette with a word for a colour", func(t *testing.T) {
		o := shipped(t)
		o.Theme = theme.Overlay(fstest.MapFS{"palette.json": {Data: []byte(`{"accent":"red","light":{"colours":{"ground":"#fff","surface":"#fff"},"kinds":{},"tint":0},"dark":{"colours":{"ground":"#000","surface":"#000"},"kinds":{},"tint":0}}`)}}, o.Theme)
		if _, err := theme.Load(o); err == nil || !strings.Contains(err.Error(), `"red" is no colour`) {
			t.Errorf("got %v", err)
		}
	})
}

// Pages hold the colours of which a style sheet, a script or a template speaks, a
// workspace's own one too, and no others.
func TestOnlyColoursThatAreUsed(t *testing.T) {
	look := func(template, sheet string) string {
		o := shipped(t)
		o.Templates = theme.Overlay(fstest.MapFS{"public/hello.html": {Data: []byte(`{{style "" "public.css"}}` + template)}}, o.Templates)
		if sheet != "" {
			o.Theme = theme.Overlay(fstest.MapFS{"extra.css": {Data: []byte(sheet)}}, o.Theme)
		}
		return execute(t, load(t, o), "public/hello.html", "en", nil)
	}
	const rare = "--security-soft:"
	if got := look("", ""); strings.Contains(got, rare) || strings.Count(got, "--ground:") != 3 {
		t.Errorf("%d of a colour that nothing uses, %d of the ground", strings.Count(got, rare), strings.Count(got, "--ground:"))
	}
	for name, got := range map[string]string{
		"a template": look(`<p style="color: var( --security-soft )">`, ""),
		"a sheet":    look("", "p { color: var(--security-soft) }"),
	} {
		if strings.Count(got, rare) != 3 {
			t.Errorf("%s uses a colour, which stands there %d times", name, strings.Count(got, rare))
		}
	}
}

func TestExecuteRefusesUnknownFieldsAndKeys(t *testing.T) {
	th := page(t, `{{.Missing}}`)
	for _, data := range []any{map[string]string{}, struct{ Other string }{}} {
		var b bytes.Buffer
		if err := th.Execute(&b, "public/x.html", model.English, data); err == nil {
			t.Errorf("%T: no error, wrote %q", data, b.String())
		} else if b.Len() > 0 {
			t.Errorf("%T: wrote %q beside the error", data, b.String())
		}
	}
}

func TestUntrustedDataIsEscaped(t *testing.T) {
	const evil = `</title><script>alert(1)</script>{{T "x"}}" onload='x`
	th := page(t, `<p title="{{.}}">{{.}}</p>{{markdown .}}`)
	got := execute(t, th, "public/x.html", model.English, evil)
	doc, err := html.Parse(strings.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "script" {
			t.Errorf("a script got through: %s", got)
		}
		if n.Type == html.ElementNode && n.Data == "p" && len(n.Attr) > 0 && n.Attr[0].Val != evil {
			t.Errorf("the title is %q", n.Attr[0].Val)
		}
	}
	if text := execute(t, th, "mail/x.txt", model.English, "a < b & c"); !strings.Contains(text, ">a < b & c</p>") {
		t.Errorf("plain text is escaped: %s", text)
	}
}

func TestAmpersandsStayEscaped(t *testing.T) {
	th := page(t, `<p title="{{.}}">{{.}}</p><a href="?a={{.}}&amp;b=1">x</a>`)
	got := execute(t, th, "public/x.html", model.English, "A & B &lt; AT&T; &c")
	if want := `<p title="A &amp; B &amp;lt; AT&amp;T; &amp;c">A &amp; B &amp;lt; AT&amp;T; &amp;c</p>`; !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTitlesSetCodeAndNothingElse(t *testing.T) {
	th := page(t, `{{title .}}`)
	for in, want := range map[string]string{
		"Allow `a<b>` *here*": "Allow <code>a&lt;b&gt;</code> *here*",
		"a lone ` stays":      "a lone ` stays",
		"``":                  "",
		"<i>`</i>`":           "&lt;i&gt;<code>&lt;/i&gt;</code>",
	} {
		if got := execute(t, th, "mail/x.txt", model.English, in); got != want {
			t.Errorf("title %q = %q, want %q", in, got, want)
		}
	}
}

func TestPolicyNamesExactlyTheStyle(t *testing.T) {
	th := page(t, `<meta {{policy "#336699" "public.css"}}>{{style "#336699" "public.css"}}`)
	got := execute(t, th, "public/x.html", model.English, nil)
	if !strings.Contains(got, "default-src 'none'; style-src 'sha256-") {
		t.Errorf("got %.200s", got)
	}
	if strings.Contains(got, "unsafe") || strings.Contains(got, "script-src") {
		t.Errorf("the policy is too wide: %.200s", got)
	}
}
