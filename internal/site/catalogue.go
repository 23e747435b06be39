package site

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"daybreak/internal/model"
	"daybreak/internal/search"
)

// Finder is the bar over a list of changes: a search field, and what can be
// chosen from. Its script looks through the changes of all releases.
type Finder struct {
	Index string       // the search index's folder, relative to the page
	Act   bool         // something asks the reader to act
	Kinds []model.Kind // that occur, in the order of the documents
	Areas []Note       // likewise, by name
	From  []*Release   // the newest releases that there is a newer one of; the script adds the others
	To    []*Release   // likewise, for the end of a range; nil where only the page of all changes asks

	Manual bool // looks through the documentation instead
}

// finderAreas and finderReleases bound what stands on a page; the index holds all.
const (
	finderAreas    = 40
	finderReleases = 24
)

// finder makes the bar of a page, nil where there is little to look through.
func (s *shelf) finder(root string, ranges bool) *Finder {
	if s.extent.notes < 4 {
		return nil
	}
	f := &Finder{Index: root + "search/", Kinds: s.extent.kinds, Areas: s.extent.areas, Act: s.extent.act}
	released := s.released
	if len(released) > 1 {
		f.From = released[1:min(len(released), 1+finderReleases)]
	}
	if ranges {
		f.To = released[:min(len(released), finderReleases)]
	}
	return f
}

// extent is how much all releases tell, and which kinds and areas occur in them.
type extent struct {
	notes int
	act   bool
	kinds []model.Kind // in the order of the documents
	areas []Note       // by name, up to finderAreas
}

func extentOf(releases []*Release) extent {
	var out extent
	kinds, areas := map[model.Kind]bool{}, map[string]bool{"": true}
	for _, r := range releases {
		out.notes += r.Total()
		out.act = out.act || r.Acts > 0
		for _, c := range r.Counts {
			kinds[c.Kind] = true
		}
		for _, a := range r.Areas() {
			if !areas[a.AreaID] {
				areas[a.AreaID] = true
				out.areas = append(out.areas, a)
			}
		}
	}
	for _, k := range model.Kinds() {
		if kinds[k] {
			out.kinds = append(out.kinds, k)
		}
	}
	slices.SortStableFunc(out.areas, func(a, b Note) int { return strings.Compare(search.Fold(a.Area), search.Fold(b.Area)) })
	out.areas = out.areas[:min(len(out.areas), finderAreas)]
	return out
}

// size estimates the bytes that the bar takes on a page.
func (f *Finder) size() int {
	if f == nil {
		return 0
	}
	size := 2_500
	for _, a := range f.Areas {
		size += 40 + len(a.AreaID) + textSize(a.Area)
	}
	for _, r := range slices.Concat(f.From, f.To) {
		size += 60 + len(r.Slug) + textSize(r.Version)
	}
	return size
}

// searchIndex writes the files that the bar's script looks things up in.
func (b *publicBuild) searchIndex(s *shelf) error {
	if s.extent.notes == 0 {
		return nil
	}
	var releases []search.Release
	var notes []search.Note
	for i, r := range s.releases {
		found := search.Release{Label: r.Label, Version: r.Version, Page: r.Href, Headline: r.Title, Text: r.Label + " " + b.markdown.Plain(r.Intro+"\n\n"+r.Known)}
		if !r.Date.IsZero() {
			found.Date = r.Date.Format(time.DateOnly)
		}
		if r.HotfixOf != "" {
			found.Kind = "hotfix"
		}
		if r.Unreleased {
			found.Kind = "coming"
		}
		releases = append(releases, found)
		for _, sec := range r.Sections {
			for _, n := range sec.Notes {
				text := b.markdown.Plain(n.Body)
				if n.Breaking {
					text += " " + b.markdown.Plain(n.BreakingNote)
				}
				for _, d := range n.Details {
					text += " " + d.Text
				}
				notes = append(notes, search.Note{Release: i, Kind: string(sec.Kind), Area: n.AreaID, AreaName: n.Area, Title: n.Title, Text: text, Page: n.Page, Anchor: n.Anchor, Act: n.Breaking, Lang: n.Lang, Also: n.Also})
			}
		}
	}
	files, err := search.Files(releases, notes)
	if err != nil {
		return err
	}
	for i, data := range files {
		if err := b.put(fmt.Sprintf("%ssearch/%d.js", s.dir, i+1), data); err != nil {
			return err
		}
	}
	return nil
}

// ChangesPage is one page of the list of all changes: what the bar does, for
// readers whose browser runs no script.
type ChangesPage struct {
	Page
	Finder *Finder
	Groups []ChangesGroup
	Total  int
	Part   int // from 1
	Parts  []PartLink
	Since  []*Jump // pages of what is new since a version
	Older  string  // where older versions are than those of Since, "" where there are none

	Between []Narrow // the releases of this page, where there are two or more
}

// ChangesGroup is one release's share of a page of all changes.
type ChangesGroup struct {
	*Release
	Again  bool   // began on the page before
	Letter string // of the style sheet since.css, "" for what isn't released
	Notes  []KindNote
}

// steps gives the releases of a page, newest first.
func steps(groups []ChangesGroup) []*Release {
	var out []*Release
	for _, g := range groups {
		if !g.Unreleased {
			out = append(out, g.Release)
		}
	}
	return out
}

// KindNote is a note with its kind.
type KindNote struct {
	Note
	Kind  model.Kind
	Twice string // capital letter of the older release on the page that tells it too, "" for none
}

func changesPath(part int) string {
	if part == 1 {
		return "changes/index.html"
	}
	return fmt.Sprintf("changes/%d/index.html", part)
}

// divideChanges divides all changes among pages: as many to each as there is room
// for on one that lists none.
func (b *publicBuild) divideChanges(s *shelf) error {
	bare := b.changesPage(s, 0, nil)
	bare.Parts, bare.Narrows = partLinks(1000, 500, changesPath), betweenSheet
	var page bytes.Buffer
	if err := b.theme.Execute(&page, "public/changes.html", s.lang, bare); err != nil {
		return fmt.Errorf("making %s: %w", changesPath(1), err)
	}
	s.parts = s.changesParts(max(pageLimit-page.Len(), 2_000))
	return nil
}

func (s *shelf) changesParts(space int) [][]ChangesGroup {
	out := [][]ChangesGroup{nil}
	size := 0
	add := func(r *Release, again bool, n int) *ChangesGroup {
		last := len(out) - 1
		k := len(out[last])
		begins := k == 0 || out[last][k-1].Release != r
		if size > 0 && (size+n > space || begins && k == betweenMost) {
			out, size = append(out, nil), 0
			last, k, begins = last+1, 0, true
		}
		if begins {
			out[last] = append(out[last], ChangesGroup{Release: r, Again: again})
			size += 480 + 3*textSize(r.Label) + textSize(r.Title) + 4*textSize(r.Version) // with the ways to leave it out
		}
		size += n
		return &out[last][len(out[last])-1]
	}
	for _, r := range s.releases {
		again := false
		if r.Total() == 0 {
			add(r, false, 150)
		}
		for _, sec := range r.Sections {
			for _, n := range sec.Notes {
				length := 205 + textSize(n.Title) + textSize(n.Area) + len(n.Page) + len(n.Anchor)
				g := add(r, again, length)
				g.Notes, again = append(g.Notes, KindNote{Note: n, Kind: sec.Kind}), true
			}
		}
	}
	for _, groups := range out {
		s.markTwins(groups)
	}
	return out
}

// markTwins gives the releases of a page their letters, and says of its notes
// which of them an older release of the page tells too.
func (s *shelf) markTwins(groups []ChangesGroup) {
	// A release that goes on from page to page has some of its notes here.
	here := make([]*Release, 0, len(groups))
	at := make([]int, 0, len(groups))
	for i := range groups {
		if groups[i].Unreleased {
			continue
		}
		groups[i].Letter = stepLetter(len(here))
		part := &Release{HotfixOf: groups[i].HotfixOf}
		for _, n := range groups[i].Notes {
			part.Sections = append(part.Sections, Section{Notes: []Note{n.Note}})
		}
		here, at = append(here, part), append(at, i)
	}
	for repeated, first := range twins(here) {
		groups[at[repeated.release]].Notes[repeated.section].Twice = strings.ToUpper(stepLetter(first))
	}
}

// changesPage makes the page of a part, from 0.
func (b *publicBuild) changesPage(s *shelf, i int, groups []ChangesGroup) ChangesPage {
	path := changesPath(i + 1)
	page := ChangesPage{Groups: groups, Total: s.extent.notes, Part: i + 1, Parts: partLinks(len(s.parts), i+1, changesPath)}
	page.Page = b.newPage(s, path, b.theme.T(s.lang, "changes.title", "Product", s.brand.Name), func(other *shelf) bool { return i < len(other.parts) })
	page.Description = b.theme.T(s.lang, "changes.summary", "Product", s.brand.Name)
	page.Finder = s.finder(page.Root, true)
	page.Meta = s.plainMeta(&page.Page)
	page.Searches = page.Finder != nil
	if i == 0 {
		page.Since = s.jumps
		if len(s.older()) > 0 {
			page.Older = versionsPath
		}
	}
	if on := steps(groups); len(on) > 1 {
		page.Between, page.Narrows = narrowings(on, "since"), betweenSheet
	}
	return page
}

// changes writes the list of all changes.
func (b *publicBuild) changes(s *shelf) error {
	for i, groups := range s.parts {
		path := s.dir + changesPath(i+1)
		b.written = append(b.written, path)
		if err := b.page(path, "public/changes.html", s.lang, b.changesPage(s, i, groups)); err != nil {
			return err
		}
	}
	return nil
}
