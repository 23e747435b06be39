package site

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"daybreak/content"
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
