package site

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/browser"
	"daybreak/internal/model"
)

// merged is a site whose hotfixes are merged again into what comes after them:
// under their own number, under another, or twice.
func merged(seed uint64, releases int) PublicSite {
	random := rand.New(rand.NewPCG(seed, 1))
	p := realistic()
	p.Languages = []model.Lang{model.German}
	var all []model.Notes
	var again []model.Note
	for i := range releases {
		n := model.Notes{Version: fmt.Sprintf("%d.0", i+1), Date: day("2026-01-01").AddDate(0, 0, i)}
		if i > 0 && random.IntN(3) == 0 {
			n.Version, n.HotfixOf = fmt.Sprintf("%d.1", i), fmt.Sprintf("%d.0", i)
		}
		n.Slug = n.Version
		var notes []model.Note
		for k := range 1 + random.IntN(3) {
			note := model.Note{Anchor: fmt.Sprintf("n-%d-%d", i, k), Title: fmt.Sprintf("Rechnung %d-%d stimmt", i, k), Kind: model.KindFixed, Area: "Preise", AreaID: "preise"}
			if random.IntN(5) == 0 {
				note.Breaking, note.BreakingNote = true, "Bitte handeln."
			}
			notes = append(notes, note)
			if n.HotfixOf != "" || random.IntN(6) == 0 {
				again = append(again, note)
			}
		}
		if n.HotfixOf == "" {
			for k, note := range again {
				if random.IntN(2) == 0 {
					note.Anchor = fmt.Sprintf("n-%d-again-%d", i, k)
				}
				notes = append(notes, note)
			}
			again = again[len(again)*random.IntN(2):]
		}
		random.Shuffle(len(notes), func(a, b int) { notes[a], notes[b] = notes[b], notes[a] })
		n.Sections = []model.NotesSection{{Kind: model.KindFixed, Notes: notes}}
		all = append(all, n)
	}
	slices.Reverse(all)
	p.Notes = map[model.Lang][]model.Notes{model.German: all}
	return p
}

// between gives what is new from one release, excluded, to another, as
// "version title": of releases, which are newest first, those at to up to from.
func between(p PublicSite, from, to int) []string {
	var out []string
	alike := map[string]bool{} // told by a hotfix that no ordinary release has repeated yet
	same, ordinary := map[string]bool{}, map[string]bool{}
	for i := from - 1; i >= to; i-- {
		r := &p.Notes[model.German][i]
		before := len(out)
		var now []model.Note
		for _, n := range r.Sections[0].Notes {
			repeats := same[n.Anchor+n.Title] || alike[n.Title] || r.HotfixOf != "" && ordinary[n.Title]
			if !repeats {
				out = append(out, r.Version+" "+n.Title)
			}
			now = append(now, n)
			if r.HotfixOf == "" {
				delete(alike, n.Title)
			}
		}
		for _, n := range now {
			same[n.Anchor+n.Title] = true
			if r.HotfixOf == "" {
				ordinary[n.Title] = true
			} else if !ordinary[n.Title] {
				alike[n.Title] = true
			}
		}
		slices.Sort(out[before:])
	}
	slices.Sort(out)
	return out
}

const visibleNotes = `[...document.querySelectorAll(".note")].filter(n => n.checkVisibility()).map(n => n.querySelector("a.area").textContent + " " + n.querySelector(".note-title").firstChild.textContent.trim()).sort()`

const visibleHits = `[...document.querySelectorAll(".hit")].filter(n => n.checkVisibility()).map(n => n.closest("section").querySelector("h2").textContent.replace(/^\D+/, "") + " " + n.querySelector("a").textContent).sort()`

// Any two versions, without script: the page since the one, narrowed by the address
// to the other, tells what a walk from release to release tells, and says so.
func TestJumpBetweenAnyTwoWithoutScript(t *testing.T) {
	p := merged(7, 12)
	b, served, _ := shelfOf(t, build(t, p))
	releases := p.Notes[model.German]
	for from := 1; from < len(releases); from += 3 {
		x := releases[from]
		page := opened(t, b, served("since/"+x.Slug+"/index.html"), browser.View{NoScript: true})
		for to := range from {
			y := releases[to]
			heading := "Neu seit Version " + x.Version
			if to > 0 {
				heading += " bis " + y.Version
				link := fmt.Sprintf(`[...document.querySelectorAll(".since-list a")].find(a => a.textContent === "bis %s")`, y.Version)
				eval[bool](t, page, `location.hash = `+link+`.getAttribute("href"); true`)
			}
			got := eval[[]string](t, page, visibleNotes)
			if want := between(p, from, to); !slices.Equal(got, want) {
				t.Errorf("%s to %s: got\n%s\nwant\n%s", x.Version, y.Version, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if got := eval[string](t, page, `document.querySelector("h1").innerText.replace(/\s+/g, " ").trim()`); got != heading {
				t.Errorf("%s to %s: the heading says %q", x.Version, y.Version, got)
			}
			if got := eval[string](t, page, `[...document.querySelectorAll(".step")].filter(s => s.checkVisibility()).map(s => s.textContent).join()`); !strings.HasPrefix(got, y.Version) || strings.Count(got, ",") != from-to-1 {
				t.Errorf("%s to %s: the versions are %s", x.Version, y.Version, got)
			}
			if got := eval[int](t, page, `[...document.querySelectorAll("section.kinds, section.act")].filter(s => s.checkVisibility() && ![...s.querySelectorAll("li")].some(l => l.checkVisibility())).length`); got > 0 {
				t.Errorf("%s to %s: %d headings over nothing", x.Version, y.Version, got)
			}
		}
		page.Close()
	}
}

// The list of all changes does it for versions of which there is no page, in a
// plain form, and by the address that such a page would have.
func TestListNarrowedWithoutScript(t *testing.T) {
	p := merged(11, 7)
	b, served, _ := shelfOf(t, build(t, p))
	releases := p.Notes[model.German]
	page := opened(t, b, served("changes/index.html"), browser.View{NoScript: true})
	all := eval[[]string](t, page, visibleHits)
	total := 0
	for i := range releases {
		total += len(releases[i].Sections[0].Notes)
	}
	if len(all) != total {
		t.Fatalf("the whole list tells %d of %d", len(all), total)
	}
	choose := func(from, to int) {
		eval[bool](t, page, fmt.Sprintf(`(() => { const [f, t] = document.querySelectorAll(".pair select"); f.selectedIndex = %d; t.selectedIndex = %d; return true; })()`, from+1, to+1))
	}
	for from := 1; from < len(releases); from++ {
		for to := range from {
			choose(from, to)
			if got, want := eval[[]string](t, page, visibleHits), between(p, from, to); !slices.Equal(got, want) {
				t.Errorf("%s to %s: got\n%s\nwant\n%s", releases[from].Version, releases[to].Version, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
	choose(-1, 2)
	if got, want := eval[[]string](t, page, visibleHits), between(p, len(releases), 2); !slices.Equal(got, want) {
		t.Errorf("up to %s: got\n%s\nwant\n%s", releases[2].Version, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	choose(-1, -1)
	if got := eval[[]string](t, page, visibleHits); len(got) != total {
		t.Errorf("then it tells %d of %d", len(got), total)
	}
	address := served("changes/index.html#since-" + strings.ReplaceAll(releases[4].Slug, ".", "-"))
	page = opened(t, b, address, browser.View{NoScript: true})
	if got, want := eval[[]string](t, page, visibleHits), between(p, 4, 0); !slices.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", address, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// An old version's address leads to its place in the list, with and without script.
func TestOldVersionLeadsIntoTheList(t *testing.T) {
	p := many(60)
	p.Languages = []model.Lang{model.German}
	files := build(t, p)
	b, served, _ := shelfOf(t, files)
	old := p.Notes[model.German][40]
	if !strings.Contains(string(files["public/since/"+old.Slug+"/index.html"]), "#since-") {
		old = p.Notes[model.German][39] // that one begins its page: all new stands on the page before
	}
	for _, off := range []bool{true, false} {
		page := opened(t, b, served("since/"+old.Slug+"/index.html"), browser.View{NoScript: off})
		want := "Neu seit Version " + old.Version
		if !off {
			want = " Treffer"
		}
		const said = `location.pathname.includes("/changes/") ? [...document.querySelectorAll("h1, .tagline, #found")].filter(e => e.checkVisibility()).map(e => e.innerText).join("|") : ""`
		got := asked(page, said, want)
		if !strings.Contains(got, want) {
			t.Errorf("without script %v: %s", off, got)
		}
		page.Close()
	}
}

// The style sheets have a rule for every letter.
func TestNarrowingHasARuleForEveryRelease(t *testing.T) {
	files := build(t, merged(1, 4))
	for name, letters := range map[string]int{"since/1.0": sinceMost, "changes": betweenMost} {
		page := strings.ReplaceAll(string(files["public/"+name+"/index.html"]), " ", "")
		for i := range letters {
			for _, c := range []string{stepLetter(i), strings.ToUpper(stepLetter(i))} {
				if name != "changes" && c != stepLetter(i) {
					continue
				}
				rule := regexp.MustCompile(`:has\(\[data-out\*=` + c + `\][a-z:(),]*\)\.r` + c + `(?:,[^{}]*)?\{display:none\}`)
				if !rule.MatchString(page) {
					t.Errorf("%s has no rule for %q", name, c)
				}
			}
		}
	}
}
