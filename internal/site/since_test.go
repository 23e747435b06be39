package site

import (
	"strings"
	"testing"

	"daybreak/internal/model"
)

func TestJumpTellsEverythingSince(t *testing.T) {
	files := build(t, realistic())
	text := words(t, files, "since/2026.10.0/index.html")
	for _, want := range []string{
		"Neu seit Version 2026.10.0", "Bis Version 2026.14.0", "Das bringen 6 Versionen zusammen:", "2026.14.0 2026.13.1 2026.13.0 2026.12.0 2026.11.0 2026.10.1", "Neu seit Version 2026.10.0 bis 2026.13.1 bis 2026.13.0",
		"Bitte handeln Schnittstelle für Tagespreise verlangt einen Schlüssel Bitte hinterlegen Sie bis 1. Juni",
		"Neu 5 ", "Sammelrechnung für mehrere Buchungen einer Agentur Rechnungen 2026.13.0", "Saisonzuschläge fehlten bei Reisen über den Monatswechsel Preise 2026.10.1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Stornogebühr") {
		t.Error("it tells what the version itself brought")
	}
	if strings.Index(text, "Schnittstelle für Tagespreise") > strings.Index(text, "Teilnehmerlisten lassen sich") {
		t.Error("what must be done does not stand first")
	}
	if text := words(t, files, "en/since/2026.13.1/index.html"); !strings.Contains(text, "This comes with one version: 2026.14.0") {
		t.Errorf("the English page says %s", text)
	}
	if page := string(files["public/since/2026.10.0/index.html"]); !strings.Contains(page, `<meta name="robots" content="noindex">`) {
		t.Error("search engines would take it for a release")
	}
	if strings.Contains(string(files["public/sitemap.xml"]), "/since/") {
		t.Error("the sitemap lists it")
	}
}

// A hotfix is merged again into the next release: one change, told once, where it
// came first. What only sounds alike in two ordinary releases stays.
func TestJumpTellsNothingTwice(t *testing.T) {
	release := func(version, of string, notes ...model.Note) model.Notes {
		n := model.Notes{Version: version, Slug: version, HotfixOf: of, Date: day("2026-03-01")}
		n.Sections = []model.NotesSection{{Kind: model.KindFixed, Notes: notes}}
		return n
	}
	note := func(anchor, title string) model.Note {
		return model.Note{Anchor: anchor, Title: title, Kind: model.KindFixed}
	}
	p := realistic()
	p.Languages = []model.Lang{model.German}
	p.Notes = map[model.Lang][]model.Notes{model.German: {
		release("4", "", note("n-9", "Tempo verbessert"), note("n-1", "Doppelte Mahnung"), note("n-7", "Größe falsch")),
		release("3.1", "3", note("n-1", "Doppelte Mahnung"), note("n-8", "Groesse falsch")),
		release("3", "", note("n-4", "Tempo verbessert")),
		release("2", "", note("n-2", "Anderes")),
	}}
	files := build(t, p)
	text := words(t, files, "since/2/index.html")
	for want, count := range map[string]int{"Doppelte Mahnung": 1, "röße falsch": 0, "Groesse falsch": 1, "Tempo verbessert": 2} {
		if got := strings.Count(text, want); got != count {
			t.Errorf("%q stands %d times, want %d: %s", want, got, count, text)
		}
	}
}

// Of a thousand releases only so many have such a page, however much they tell;
// all changes stand in the list.
// Every version has an address that says what is new since, the newest one too, which
// a product may link to before anything is newer; one page names them all by year.
func TestEveryVersionHasAnAddress(t *testing.T) {
	p := realistic()
	files := build(t, p)
	for lang, dir := range map[model.Lang]string{model.German: "public/", model.English: "public/en/"} {
		list := string(files[dir+"since/index.html"])
		for i, n := range p.Notes[lang] {
			if n.Unreleased {
				continue
			}
			page, ok := files[dir+"since/"+n.Slug+"/index.html"]
			if !ok {
				t.Errorf("%s: since %s has no address", lang, n.Version)
			}
			newest := i == 0 || p.Notes[lang][i-1].Unreleased
			if newest != strings.Contains(string(page), map[model.Lang]string{model.German: "ist die neueste</h1>", model.English: "is the newest</h1>"}[lang]) {
				t.Errorf("%s: since %s says that it is the newest: %v", lang, n.Version, !newest)
			}
			if link := `since/` + n.Slug + `/index.html">` + n.Version + `</a>`; strings.Contains(list, link) == newest {
				t.Errorf("%s: the page of all versions and %s: %s", lang, n.Version, list)
			}
		}
	}
	late := p.Notes[model.German][len(p.Notes[model.German])-1]
	late.Date = day("2026-05-01") // an old line's hotfix
	p.Notes[model.German][len(p.Notes[model.German])-1] = late
	text := words(t, build(t, p), "since/index.html")
	for _, year := range []string{"2026", "2025"} {
		if n := strings.Count(" "+text+" ", " "+year+" "); n > 1 {
			t.Errorf("%d times %s: %s", n, year, text)
		}
	}
	if text := words(t, files, "since/index.html"); !strings.Contains(text, "Die neueste ist Version 2026.14.0.") || !strings.Contains(text, "2026") || !strings.Contains(text, "2025") {
		t.Errorf("got %s", text)
	}
}

func TestJumpsAreBounded(t *testing.T) {
	p := many(1000)
	p.Languages = []model.Lang{model.English}
	files := build(t, p)
	pages, size, rows := 0, 0, 0
	for name, data := range files {
		if strings.HasPrefix(name, "public/since/") {
			pages, size = pages+1, size+len(data)
		}
		if strings.HasPrefix(name, "public/changes/") {
			rows += strings.Count(string(data), `<li class="hit`)
		}
	}
	if full := pages - len(p.Notes[model.English]); full < -10 || full > jumpMost*jumpParts || size > 8<<20 {
		t.Errorf("%d pages, %d bytes", pages, size)
	}
	for _, r := range p.Notes[model.English][1:] {
		data, ok := files["public/since/"+r.Slug+"/index.html"]
		if !ok {
			t.Fatalf("what is new since %s has no address", r.Version)
		}
		if old := r.Slug < "1.970"; old && len(r.Slug) == 7 && len(data) > 1_000 {
			t.Fatalf("what is new since %s is a page of %d bytes", r.Version, len(data))
		}
	}
	checkPages(t, files)
	if rows != 5000 {
		t.Errorf("%d of 5,000 changes in the list", rows)
	}
	if text := words(t, files, "changes/index.html"); !strings.Contains(text, "Is your version older?") {
		t.Error("who has an older version is told nothing")
	}
	large := large(3000)
	files = build(t, large)
	for name, data := range files {
		if strings.HasPrefix(name, "public/since/") && name != "public/since/index.html" && len(data) > 30_000 {
			t.Errorf("%s is one of too many parts", name)
			break
		}
	}
}
