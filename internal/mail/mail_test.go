package mail

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"daybreak/internal/model"
)

// words are German ones without a theme.
var words = Words{
	Day:  func(t time.Time) string { return t.Format("02.01.2006") },
	Time: "[UHRZEIT]", Date: "[DATUM]", Unreleased: "[VERSION]",
}

func content(text string) fs.FS {
	return fstest.MapFS{"mails/de/A.md": {Data: []byte(text)}}
}

func facts() model.MailFacts {
	return model.MailFacts{
		Lang: model.German, Version: "2026.14.0", Slug: "2026.14.0",
		Product: model.Brand{Name: "Reisewerk"},
		Day:     time.Date(2026, 5, 12, 0, 0, 0, 0, time.UTC),
		Top:     []string{"Anzahlung je Saison", "Teilnehmerliste als PDF"},
	}
}

func compose(t *testing.T, text string, f model.MailFacts) model.Mail {
	t.Helper()
	m, diags, err := Compose(content(text), f, model.OutcomeDone, words)
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	return m
}

func TestComposeFillsWhatIsKnownAndListsWhatIsOpen(t *testing.T) {
	m := compose(t, "Subject: {{.Product}} {{.Version}} seit {{.Time}}\n\nAm {{.Date}}.\n\n\n{{range .Top}}- {{.}}\n{{end}}\n--\nIhr Team [NAME]\n\n", facts())
	if m.Subject != "Reisewerk 2026.14.0 seit [UHRZEIT]" {
		t.Errorf("subject %q", m.Subject)
	}
	if want := "Am 12.05.2026.\n\n- Anzahlung je Saison\n- Teilnehmerliste als PDF\n\n-- \nIhr Team [NAME]\n"; m.Body != want {
		t.Errorf("body %q", m.Body)
	}
	if got := fmt.Sprint(m.Open); got != "[[UHRZEIT] [NAME]]" {
		t.Errorf("open %s", got)
	}
}

func TestComposeNamesFewerChangesRatherThanTooManyLines(t *testing.T) {
	f := facts()
	f.Top = []string{"a", "b", "c", "d", "e"}
	m := compose(t, "Subject: x\n\n"+strings.Repeat("Zeile\n", 21)+"{{range .Top}}- {{.}}\n{{end}}und {{.More}} weitere\n", f)
	if n := strings.Count(m.Body, "\n"); n != maxLines {
		t.Errorf("%d lines", n)
	}
	if !strings.Contains(m.Body, "- c\nund 2 weitere") {
		t.Errorf("body %q", m.Body)
	}
	_, diags, err := Compose(content("Subject: x\n\n"+strings.Repeat("Zeile\n", 30)), f, model.OutcomeDone, words)
	if err != nil || len(diags) != 1 || diags[0].Code != "mail-length" {
		t.Errorf("a text that can't be shortened: %v %v", err, diags)
	}
}

// A title comes out of a repository: it must not open a header, a line or a
// placeholder of its own.
// A word for colleagues would reach every customer.
func TestComposeNamesCommentsOfHTML(t *testing.T) {
	m, diags, err := Compose(content("Subject: x\n\n{{/* nobody gets this */}}Text\n<!-- ask Hans -->\n"), facts(), model.OutcomeDone, words)
	if err != nil || len(diags) != 1 || diags[0].Code != "mail-comment" || diags[0].Position.Line != 4 {
		t.Fatal(err, diags)
	}
	if strings.Contains(m.Body, "nobody") || !strings.Contains(m.Body, "ask Hans") {
		t.Errorf("body %q", m.Body)
	}
}

func TestUntrustedTitlesStayOneLine(t *testing.T) {
	f := facts()
	f.Version = "1.0\r\nBcc: all@example.org"
	f.Top = []string{"a\n\nBcc: x@example.org\x00\u202e", "[UHRZEIT] im Titel", "{{.Product}}", strings.Repeat("lang ", 1_000_000)}
	m := compose(t, "Subject: {{.Version}}\n\n{{range .Top}}- {{.}}\n{{end}}", f)
	if strings.ContainsAny(m.Subject, "\r\n") {
		t.Errorf("subject %q", m.Subject)
	}
	if n := strings.Count(m.Body, "\n"); n != 4 {
		t.Errorf("%d lines in %.200q", n, m.Body)
	}
	if strings.ContainsAny(m.Body, "\x00\u202e\r") || len(m.Body) > 2000 {
		t.Errorf("%d bytes: %.200q", len(m.Body), m.Body)
	}
	if !strings.Contains(m.Body, "{{.Product}}") {
		t.Error("a title was executed as a template")
	}
}

func TestComposeSaysWhatIsWrongWithATemplate(t *testing.T) {
	for text, code := range map[string]string{
		"Hallo\n":                  "mail-subject",
		"Subject: x\n\n{{.Tiem}}":  "mail-template",
		"Subject: x\n\n{{if}}":     "mail-template",
		"\n\nBetreff: x\n\nHallo ": "mail-subject",
	} {
		_, diags, err := Compose(content(text), facts(), model.OutcomeDone, words)
		if err != nil || len(diags) != 1 || diags[0].Code != code || diags[0].Position.File != "content/mails/de/A.md" {
			t.Errorf("%q: %v %v", text, err, diags)
		}
	}
}

func ExampleCompose() {
	m, _, _ := Compose(content("Subject: {{.Product}} {{.Version}} läuft\n\nSeit {{.Time}} Uhr läuft die neue Version.\n"), facts(), model.OutcomeDone, words)
	fmt.Printf("%s\n\n%s%v\n", m.Subject, m.Body, m.Open)
	// Output:
	// Reisewerk 2026.14.0 läuft
	//
	// Seit [UHRZEIT] Uhr läuft die neue Version.
	// [[UHRZEIT]]
}
