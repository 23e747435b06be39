package site

import (
	"strings"
	"testing"

	"daybreak/internal/model"
)

// The address of a release that was taken back says so in each language; nothing
// leads there, and no search engine is to list it.
func TestGone(t *testing.T) {
	p := realistic()
	p.Gone = []Gone{{Version: "2026.13.5", Slug: "2026.13.5", Day: day("2026-05-20")}, {Version: "again", Slug: p.Notes[model.German][0].Slug, Day: day("2026-05-20")}}
	files := build(t, p)
	checkPages(t, files)
	for name, want := range map[string]string{
		"releases/2026.13.5/index.html":    "Version 2026.13.5 wurde zurückgezogen",
		"en/releases/2026.13.5/index.html": "Version 2026.13.5 was withdrawn",
	} {
		if text := words(t, files, name); !strings.Contains(text, want) || !strings.Contains(text, "20") {
			t.Errorf("%s lacks %q: %s", name, want, text)
		}
		if !strings.Contains(string(files["public/"+name]), `<meta name="robots" content="noindex">`) {
			t.Errorf("%s may be listed", name)
		}
	}
	for name, data := range files {
		if !strings.Contains(name, "releases/2026.13.5/") && strings.Contains(string(data), "2026.13.5") {
			t.Errorf("%s still speaks of it", name)
		}
	}
	if text := words(t, files, "releases/"+p.Notes[model.German][0].Slug+"/index.html"); strings.Contains(text, "zurückgezogen") {
		t.Error("a release that was published again is still taken back")
	}
	dir := onDisk(t, files)
	validate(t, dir, []string{"public/releases/2026.13.5/index.html"})
	audit(t, dir, []string{"public/en/releases/2026.13.5/index.html"}, twoViews)
}
