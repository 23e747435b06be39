package site

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"daybreak/internal/browser"
	"daybreak/internal/model"
)

// onPaper prints a page and gives its text, one blank between words. No word may lie
// across a sheet's edge or in its margin.
func onPaper(t *testing.T, p *browser.Page) string {
	t.Helper()
	return strings.Join(slices.Concat(sheetsOf(t, p)...), " ")
}

// sheetsOf gives the words of each sheet.
func sheetsOf(t *testing.T, p *browser.Page) [][]string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		lacking(t, "pdftotext is not installed (poppler-utils)")
	}
	data, err := p.PDF()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-bbox", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Sheets []struct {
			Width  float64 `xml:"width,attr"`
			Height float64 `xml:"height,attr"`
			Words  []struct {
				Text  string  `xml:",chardata"`
				Left  float64 `xml:"xMin,attr"`
				Top   float64 `xml:"yMin,attr"`
				Right float64 `xml:"xMax,attr"`
				Foot  float64 `xml:"yMax,attr"`
			} `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	const margin = 17 * 72 / 25.4 // points; the style sheets ask for 18 mm and 20 mm
	words := make([][]string, len(doc.Sheets))
	for i, sheet := range doc.Sheets {
		for _, w := range sheet.Words {
			if w.Left < margin || w.Top < margin || w.Right > sheet.Width-margin || w.Foot > sheet.Height-margin {
				t.Errorf("sheet %d: %q lies in the margin: %.0f, %.0f to %.0f, %.0f", i+1, w.Text, w.Left, w.Top, w.Right, w.Foot)
			}
			words[i] = append(words[i], w.Text)
		}
	}
	return words
}

// Sheets are filled; no heading of a kind is parted from its number or from its first note
// by the end of one; and paper has no ways to other pages.
func TestHeadingsStayWithTheirNotesOnPaper(t *testing.T) {
	p := realistic()
	first := p.Notes[model.German][0]
	filler := model.Note{Title: "Eine Zeile"}
	var all []model.Notes
	for n := range 8 { // the second heading falls upon the end of the first sheet in some
		notes := first
		notes.Version, notes.Slug, notes.Intro, notes.Known, notes.MustAct = "9."+strconv.Itoa(9-n), "9."+strconv.Itoa(9-n), "", "", nil
		notes.Sections = nil
		for _, k := range []model.Kind{model.KindAdded, model.KindChanged, model.KindFixed} {
			section := model.NotesSection{Kind: k}
			for i := range map[model.Kind]int{model.KindAdded: 11 + n}[k] + 3 {
				note := filler
				note.Anchor = "n-" + string(k) + "-" + strconv.Itoa(i)
				section.Notes = append(section.Notes, note)
			}
			notes.Sections = append(notes.Sections, section)
		}
		all = append(all, notes)
	}
	p.Languages, p.Notes = p.Languages[:1], map[model.Lang][]model.Notes{model.German: all}
	b, served, _ := shelfOf(t, build(t, p))
	headings := 0
	for _, n := range all {
		for i, words := range sheetsOf(t, opened(t, b, served("releases/"+n.Slug+"/index.html"), browser.View{})) {
			if i == 0 && len(words) < 40 {
				t.Errorf("%s: the first sheet holds no more than %q", n.Version, words)
			}
			for at, w := range words {
				if !slices.Contains([]string{"Neu", "Verbessert", "Behoben"}, w) || at+2 < len(words) && words[at+2] != "Eine" {
					continue
				}
				headings++
				if at+3 > len(words) {
					t.Errorf("%s, sheet %d ends with %q", n.Version, i+1, words[at:])
				}
			}
			if text := strings.Join(words, " "); strings.Contains(text, "Ältere") || strings.Contains(text, "Älter") {
				t.Errorf("%s, sheet %d leads to another page: %s", n.Version, i+1, text)
			}
		}
	}
	if headings != 3*len(all) {
		t.Errorf("%d headings were looked at, want %d", headings, 3*len(all))
	}
}

// What is printed of a narrowed page is what it was narrowed to, and says so: no other
// change and no control.
func TestNarrowedPagesOnPaper(t *testing.T) {
	files := longPages(t)
	for name, data := range longPlainPages(t) {
		files["public/plain/"+strings.TrimPrefix(name, "public/")] = data
	}
	b, served, _ := shelfOf(t, files)
	for _, theme := range []string{"", "plain/"} {
		all := eval[[]string](t, opened(t, b, served(theme+"since/2026.10.0/index.html"), browser.View{NoScript: true}), titlesShown)
		for _, c := range []struct {
			page, says string
			noScript   bool
			ready      string
			keys       string // pressed on the first list of versions
		}{
			{page: "since/2026.10.0/index.html#to-2026-12-0", says: "Neu seit Version 2026.10.0 bis 2026.12.0", noScript: true},
			{page: "since/2026.10.0/index.html#to-2026-12-0", says: "Neu seit Version 2026.10.0 bis 2026.12.0"},
			{page: "changes/index.html#since-2026-12-0", says: "Neu seit Version 2026.12.0", noScript: true},
			{page: "changes/index.html", says: "2026.13.1", noScript: true, keys: browser.Down + browser.Down},
			{page: "changes/index.html#since-2026-12-0", says: "Ich habe 2026.12.0: ", ready: "Treffer"},
			{page: "index.html?q=rechnung", says: "rechnung: 9 Treffer", ready: "9 Treffer"},
			{page: "index.html?kind=added&area=a3", says: "Neu · ", ready: "Treffer"},
			{page: "index.html?since=2026.8.2", says: "Ich habe 2026.8.2: ", ready: "Treffer"},
		} {
			name := theme + c.page
			p := opened(t, b, served(theme+c.page), browser.View{NoScript: c.noScript})
			if c.ready != "" {
				got := eval[string](t, p, `new Promise(done => { let n = 0; const said = document.getElementById("found"), look = () => said.textContent.includes("`+c.ready+`") || n++ > 3000 ? done(said.textContent) : setTimeout(look, 20); look(); })`)
				if !strings.Contains(got, c.ready) {
					t.Fatalf("%s: found %q", name, got)
				}
			}
			if c.keys != "" {
				tabTo(t, p, ".pair select")
				press(t, p, c.keys)
			}
			paper := onPaper(t, p)
			shown := eval[[]string](t, p, titlesShown) // after printing: that shows all hits
			if !strings.Contains(paper, c.says) {
				t.Errorf("%s: the paper doesn't say %q: %.300s", name, c.says, paper)
			}
			times := map[string]int{}
			for _, title := range shown {
				times[title]++
			}
			for title, n := range times {
				if got := strings.Count(paper, title); got < n {
					t.Errorf("%s: the paper tells %d of %d times of %q", name, got, n, title)
				}
			}
			others := 0
			for _, title := range all {
				if !slices.Contains(shown, title) {
					if others++; strings.Contains(paper, title) {
						t.Errorf("%s: the paper tells of %q", name, title)
					}
				}
			}
			if len(shown) == 0 || others == 0 && !strings.Contains(c.page, "since=2026.8.2") {
				t.Errorf("%s: %d changes shown, %d of others", name, len(shown), others)
			}
			for _, control := range []string{"Suchen", "Mehr zeigen", "Alle Arten", "Alle Änderungen zeigen", "Nächster Teil", "Zum Inhalt springen", "English"} {
				if strings.Contains(paper, control) {
					t.Errorf("%s: the paper has a control, %q", name, control)
				}
			}
		}
	}
}

// The screen shows the first hits of many, the paper all.
func TestAllHitsOnPaper(t *testing.T) {
	p := many(120)
	p.Languages = []model.Lang{model.German}
	b, served, _ := shelfOf(t, build(t, p))
	page := opened(t, b, served("index.html?kind=fixed"), browser.View{})
	said := eval[string](t, page, hits)
	count, _, _ := strings.Cut(said, " ")
	total, err := strconv.Atoi(count)
	onScreen := len(eval[[]string](t, page, titlesShown))
	if err != nil || total <= onScreen {
		t.Fatalf("%d of %s hits on the screen", onScreen, count)
	}
	paper := onPaper(t, page)
	if got := strings.Count(paper, "Behoben ·"); got != total || len(eval[[]string](t, page, titlesShown)) != total {
		t.Errorf("%d of %d hits on paper, which ends with %s", got, total, paper[max(0, len(paper)-200):])
	}
}

const titlesShown = `[...document.querySelectorAll(".note-title, .hit a")].filter(e => e.checkVisibility()).map(e => (e.matches("a") ? e.textContent : e.firstChild.textContent).replace(/\s+/g, " ").trim())`
