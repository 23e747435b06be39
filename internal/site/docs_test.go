package site

import (
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"daybreak/content"
	"daybreak/internal/browser"
	"daybreak/internal/model"
)

// documentation is every page that ships, and the one that is made of the
// commands' help as an empty page.
func documentation(t *testing.T, theme string) memory {
	t.Helper()
	names, err := fs.Glob(content.FS, "docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	section := DocsSection{Title: "All", Texts: []DocsText{{Name: "commands", Source: "# Commands\n"}}}
	for _, name := range names {
		source, err := fs.ReadFile(content.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		section.Texts = append(section.Texts, DocsText{strings.TrimSuffix(path.Base(name), ".md"), string(source)})
	}
	look, err := openTheme(theme)
	if err != nil {
		t.Fatal(err)
	}
	files := memory{}
	if err := Docs(DocsSite{Name: "daybreak", Lang: model.English, Sections: []DocsSection{section}}, look, files); err != nil {
		t.Fatal(err)
	}
	return files
}

// Titles, ids, policy, and every link and fragment: as on every other page.
func TestDocsHoldWhatEveryPageHolds(t *testing.T) {
	for _, theme := range []string{"default", "plain"} {
		files := documentation(t, theme)
		for _, name := range htmlPages(files) {
			for _, problem := range pageProblems(files, name, files[name]) {
				t.Errorf("%s: %s: %s", theme, name, problem)
			}
		}
		if !strings.Contains(string(files["fragments.html"]), `<span class="`) {
			t.Error("code is not highlighted")
		}
	}
}

func TestDocsInABrowser(t *testing.T) {
	files := documentation(t, "default")
	dir := onDisk(t, files)
	validate(t, dir, htmlPages(files))
	audit(t, dir, []string{"index.html", "settings.html", "fragments.html"}, twoViews)
	audit(t, onDisk(t, documentation(t, "plain")), []string{"coming-from.html"}, twoViews)
}

// No page is wider than a small phone, whatever stands in its tables.
func TestDocsOnASmallPhone(t *testing.T) {
	files := documentation(t, "default")
	dir := onDisk(t, files)
	b, _, _ := shelfOf(t, memory{})
	for _, name := range htmlPages(files) {
		p := opened(t, b, browser.FileAddress(filepath.Join(dir, name)), browser.View{Width: 320, Height: 640})
		if width := eval[int](t, p, `document.documentElement.scrollWidth`); width > 320 {
			t.Errorf("%s is %d px wide", name, width)
		}
		p.Close()
	}
}

// The documentation is searched by the customers' search, from a disk too, and by
// keys alone.
func TestDocsAreSearched(t *testing.T) {
	dir := onDisk(t, documentation(t, "default"))
	b, _, _ := shelfOf(t, memory{})
	at := func(query string) *browser.Page {
		return opened(t, b, browser.FileAddress(filepath.Join(dir, "mails.html"))+query, browser.View{})
	}
	for query, want := range map[string]string{
		"greylisting":     "1 result|Sending",
		"rollback bucket": "Going back",
		"eject":           "Changing a file",
		"Themes":          "Themes and your own look",
	} {
		got := eval[string](t, at("?q="+strings.ReplaceAll(query, " ", "+")), hits)
		if !strings.Contains(got, want) {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
	}
	p := at("")
	press(t, p, "/")
	press(t, p, "greylisting")
	if got := eval[string](t, p, hits); got != "1 result|Sending" {
		t.Errorf("typed, it finds %s", got)
	}
	press(t, p, browser.Down+browser.Enter)
	if got := arrived(t, p, "#"); !strings.HasSuffix(got, "/mails.html#sending") {
		t.Errorf("the result leads to %s", got)
	}
	if !eval[bool](t, p, `document.getElementById("sending").checkVisibility()`) {
		t.Error("the page stays hidden under its results")
	}
}
