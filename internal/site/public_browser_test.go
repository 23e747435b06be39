package site

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/browser"
	"daybreak/internal/model"
)

// long is the story with one release of many notes, which gets the filter.
func long() PublicSite {
	p := realistic()
	for _, l := range p.Languages {
		first := &p.Notes[l][2]
		for i, s := range first.Sections {
			for _, n := range slices.Clone(s.Notes) {
				for range 4 {
					first.Sections[i].Notes = append(first.Sections[i].Notes, n)
				}
			}
		}
	}
	return p
}

func longPages(t *testing.T) memory {
	t.Helper()
	return keep("long", func() memory { return build(t, long()) })
}

func TestPublicPagesInABrowser(t *testing.T) {
	dir := onDisk(t, longPages(t))
	var pages []string
	for _, l := range []string{"", "en/"} {
		for _, p := range []string{"index.html", "releases/2026.14.0/index.html", "changes/index.html", "since/2026.10.0/index.html", "feeds/index.html", "404.html"} {
			pages = append(pages, "public/"+l+p)
		}
	}
	audit(t, dir, pages, allViews)
	audit(t, dir, []string{"public/releases/2026.13.0/index.html", "public/releases/2026.11.0/index.html", "public/since/2026.14.0/index.html"}, twoViews)
}

func TestArchivePagesInABrowser(t *testing.T) {
	p := many(120)
	p.Languages = []model.Lang{model.English}
	audit(t, onDisk(t, build(t, p)), []string{"public/index.html", "public/archive/2025/index.html", "public/since/index.html"}, twoViews)
}

func TestPartsInABrowser(t *testing.T) {
	files := build(t, large(150))
	audit(t, onDisk(t, files), []string{"public/releases/2026.14.0/2/index.html"}, twoViews)
}

func TestHostilePagesInABrowser(t *testing.T) {
	p := hostile()
	p.Languages = []model.Lang{model.English}
	audit(t, onDisk(t, build(t, p)), []string{"public/index.html", "public/releases/v4/index.html"}, twoViews)
}

func TestPublicPagesAreValid(t *testing.T) {
	files := longPages(t)
	validate(t, onDisk(t, files), htmlPages(files))
	evil := build(t, hostile())
	validate(t, onDisk(t, evil), htmlPages(evil))
}

// Without script the filter is not there, and everything else is.
func TestWithoutScript(t *testing.T) {
	dir := onDisk(t, longPages(t))
	b := openBrowser(t)
	address := browser.FileAddress(filepath.Join(dir, "public/releases/2026.13.0/index.html"))
	for _, off := range []bool{true, false} {
		p, err := b.Page(address, browser.View{NoScript: off})
		if err != nil {
			t.Fatal(err)
		}
		filter, err := browser.Eval[bool](p, `document.getElementById("filter").getBoundingClientRect().height > 0`)
		if err != nil || filter == off {
			t.Errorf("script off %v: filter shown %v, %v", off, filter, err)
		}
		notes, err := browser.Eval[int](p, `[...document.querySelectorAll(".note")].filter(e => e.getBoundingClientRect().height > 0).length`)
		if err != nil || notes != 25 {
			t.Errorf("script off %v: %d notes shown, %v", off, notes, err)
		}
		p.Close()
	}
}

func TestFilterByArea(t *testing.T) {
	dir := onDisk(t, longPages(t))
	b := openBrowser(t)
	p, err := b.Page(browser.FileAddress(filepath.Join(dir, "public/releases/2026.13.0/index.html")), browser.View{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	said, err := browser.Eval[string](p, `document.querySelector("#filter button[value=a3]").click(); document.querySelector("#filter [role=status]").textContent + "|" + [...document.querySelectorAll(".kinds:not([hidden]) h2")].map(e => e.textContent).join(",")`)
	if err != nil || !strings.HasPrefix(said, "5 Änderungen zu sehen|Neu") || strings.Contains(said, "Behoben") {
		t.Errorf("after choosing an area: %q, %v", said, err)
	}
	// A link to a hidden note takes the choice back.
	shown, err := browser.Eval[bool](p, `new Promise(done => { const hidden = document.querySelector(".note[hidden]"); addEventListener("hashchange", () => done(!hidden.hidden)); location.hash = hidden.id; })`)
	if err != nil || !shown {
		t.Errorf("a linked note stays hidden: %v, %v", shown, err)
	}
}
