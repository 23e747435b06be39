package site

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"daybreak/internal/model"
)

// Of how many versions there is a page that tells all that came after them, and
// of how many parts such a page may be: a year and a half of a three-weekly
// train. What is new since an older version the list of all changes tells, which
// can be narrowed to what lies between two versions.
const (
	jumpMost  = sinceMost
	jumpParts = 4
)

// Jump is all that is new from one version to the newest, or to one before it.
type Jump struct {
	From, To *Release
	Releases []Step   // those after From, newest first
	Href     string   // relative to the language's root
	all      *Release // everything as if it were one release
}

// Step is a release on a page that tells of several.
type Step struct {
	*Release
	Letter string // of the style sheet since.css, "a" for the newest
}

// Came says in which release a note came, on a page that tells of several.
type Came struct {
	Version string
	Href    string // relative to the language's root
	Letter  string // of its release on the page
}

// jump tells the releases as if they were one: what must be done first, each
// kind's notes from the newest release to the oldest, nothing twice.
func jump(from *Release, later []*Release) *Jump {
	all := &Release{Slug: from.Slug, Version: later[0].Version, dir: "since/" + from.Slug, Label: later[0].Label, Date: later[0].Date}
	all.Href = partPath(all.dir, 1)
	j := &Jump{From: from, To: later[0], Href: all.Href, all: all}
	byKind := map[model.Kind][]Note{}
	told := twins(later)
	for i, r := range later {
		j.Releases = append(j.Releases, Step{r, stepLetter(i)})
		for k, sec := range r.Sections {
			for m, n := range sec.Notes {
				if _, twice := told[place{i, k, m}]; twice {
					continue
				}
				n.Also = nil // links lead to the release's own page
				n.Came, n.ID = &Came{r.Version, n.Page, stepLetter(i)}, fmt.Sprintf("%s-%d", n.Anchor, i)
				if n.Breaking {
					n.ActPage = ""
					all.MustAct = append(all.MustAct, n)
				}
				byKind[sec.Kind] = append(byKind[sec.Kind], n)
			}
		}
	}
	all.Acts = len(all.MustAct)
	for _, k := range model.Kinds() {
		if notes := byKind[k]; len(notes) > 0 {
			all.Sections = append(all.Sections, Section{Kind: k, Total: len(notes), Notes: notes})
			all.Counts = append(all.Counts, Count{Kind: k, N: len(notes)})
		}
	}
	return j
}

// makeJumps makes the pages of what is new since each of the last versions. What
// they have room for is measured on one that tells nothing; on each part stand the
// ways to the releases, and to what is new until each.
func (b *publicBuild) makeJumps(s *shelf, bare *Release) error {
	if len(s.released) < 2 {
		return nil
	}
	empty := SincePage{Jump: &Jump{From: bare, To: bare, all: bare}, Release: bare, Parts: Parts{Number: 1, release: bare}}
	empty.Page, empty.Narrows = b.newPage(s, bare.Href, bare.Label, everywhere), sinceSheet
	var page bytes.Buffer
	if err := b.theme.Execute(&page, "public/since.html", s.lang, empty); err != nil {
		return fmt.Errorf("making %s: %w", empty.Path, err)
	}
	space := pageLimit - page.Len() - 1_500
	for i := 1; i < len(s.released) && len(s.jumps) < jumpMost; i++ {
		r := s.released[i-1]
		space -= 480 + 5*textSize(r.Version) + 4*textSize(r.Slug)
		j := jump(s.released[i], s.released[:i])
		j.all.divide(max(space, 2_000))
		if len(j.all.parts) > jumpParts {
			return nil
		}
		s.jumps = append(s.jumps, j)
	}
	return nil
}

// SincePage is a page of all that is new since a version.
type SincePage struct {
	Page
	Jump    *Jump
	Release *Release // what this part tells
	Parts   Parts
	Until   []Until
}

// Until is what is new up to a version before the newest, on a part of a Jump.
type Until struct {
	Narrow
	Href       string // where that begins: on this page where ID alone names it
	Prev, Next string // the other parts that tell of it, relative to the language's root
}

// until gives the ways to leave out the newest releases on a part, from 1. Of a
// page of several parts only those count that tell anything then.
func (j *Jump) until(part int) []Until {
	releases := make([]*Release, 0, len(j.Releases))
	for _, s := range j.Releases {
		releases = append(releases, s.Release)
	}
	var out []Until
	for _, n := range narrowings(releases, "to")[1:] {
		u := Until{Narrow: n}
		first := 0
		for i, p := range j.all.parts {
			path := partPath(j.all.dir, i+1)
			switch {
			case p.oldest() < stepLetter(n.Step):
				continue
			case first == 0:
				first = i + 1
			}
			if i+1 < part {
				u.Prev = path
			}
			if i+1 > part && u.Next == "" {
				u.Next = path
			}
		}
		if first = max(first, 1); first != part {
			u.Href = partPath(j.all.dir, first)
		}
		out = append(out, u)
	}
	return out
}

// oldest is the letter of the oldest release of which a part of a Jump tells.
func (r *Release) oldest() string {
	out := r.ActLetter()
	for i := range r.Sections {
		out = max(out, r.Sections[i].Letter())
	}
	return out
}

func (b *publicBuild) sincePages(s *shelf) error {
	for _, j := range s.jumps {
		for n, part := range j.all.parts {
			path := partPath(j.all.dir, n+1)
			page := SincePage{Jump: j, Release: part, Parts: Parts{Number: n + 1, release: j.all}, Until: j.until(n + 1)}
			page.Page = b.newPage(s, path, b.theme.T(s.lang, "since.title", "Version", j.From.Version, "Product", s.brand.Name), func(other *shelf) bool { return other.hasJump(j.all.Slug, n) })
			page.Description = b.theme.T(s.lang, "since.summary", "From", j.From.Version, "To", j.To.Version, "Product", s.brand.Name)
			page.Unlisted = true // search engines have each release's own page
			page.Narrows = sinceSheet
			if err := b.page(s.dir+path, "public/since.html", s.lang, page); err != nil {
				return err
			}
		}
	}
	return b.sinceVersions(s)
}

// hasJump reports whether there is such a page, part from 0.
func (s *shelf) hasJump(slug string, part int) bool {
	for _, j := range s.jumps {
		if j.all.Slug == slug {
			return part < len(j.all.parts)
		}
	}
	return false
}

// older gives the releases since which there is no page of its own, newest first.
func (s *shelf) older() []*Release {
	return s.released[min(len(s.jumps)+1, len(s.released)):]
}

// VersionsPage leads from every version to what is new since.
type VersionsPage struct {
	Page
	Newest *Release
	Years  []VersionYear
	Spans  []Span // of the list of all changes, for versions that the page has no room for
}

// VersionYear is the versions of a year before the newest one, the newest first.
type VersionYear struct {
	Name     string // "" where no day is known
	Versions []VersionLink
}

// VersionLink leads to what is new since a version.
type VersionLink struct {
	Version string
	Href    string // relative to the language's root
}

// Span is a page of the list of all changes, by the versions that it tells of.
type Span struct {
	From, To string // the older one first
	Href     string // relative to the language's root
}

// UpToDatePage stands at the address of what is new since the newest version: a
// product may link to it before anything is newer.
type UpToDatePage struct {
	Page
	Release *Release
	Next    time.Time
}

const versionsPath = "since/index.html"

// sinceVersions writes the page of all versions, and for those that have no page of
// what is new since, the address that the others have: of an old one it leads to its
// place in the list of all changes, and of the newest one it says that nothing is newer.
func (b *publicBuild) sinceVersions(s *shelf) error {
	if s.newest == nil {
		return nil
	}
	if err := b.versionsPage(s); err != nil {
		return err
	}
	path := partPath("since/"+s.newest.Slug, 1)
	page := UpToDatePage{Page: b.newPage(s, path, b.theme.T(s.lang, "since.title", "Version", s.newest.Version, "Product", s.brand.Name), func(other *shelf) bool {
		return other.newest != nil && other.newest.Slug == s.newest.Slug
	}), Release: s.newest, Next: s.newest.NextDate}
	page.Unlisted, page.Description = true, b.theme.T(s.lang, "since.none", "Version", s.newest.Version)
	if err := b.page(s.dir+path, "public/uptodate.html", s.lang, page); err != nil {
		return err
	}
	places := map[*Release]string{}
	for i, groups := range s.parts {
		for _, g := range groups {
			if _, seen := places[g.Release]; !seen && !g.Unreleased {
				places[g.Release] = s.sincePlace(i, g.Release)
			}
		}
	}
	for _, r := range s.older() {
		if err := b.page(s.dir+partPath("since/"+r.Slug, 1), "public/away.html", s.lang, AwayPage{Lang: s.lang, Version: r.Version, Href: "../../" + places[r]}); err != nil {
			return err
		}
	}
	return nil
}

// versionsMost is how many versions the page of all versions names by year. The older
// ones of a long history are told of by the pages of the list of all changes.
const versionsMost = 300

func (b *publicBuild) versionsPage(s *shelf) error {
	page := VersionsPage{Newest: s.newest}
	page.Page = b.newPage(s, versionsPath, b.theme.T(s.lang, "since.versions", "Product", s.brand.Name), func(other *shelf) bool { return other.newest != nil })
	page.Unlisted, page.Description = true, b.theme.T(s.lang, "changes.summary", "Product", s.brand.Name)
	for i, r := range s.released[min(1, len(s.released)):] {
		if i == versionsMost {
			page.Spans = s.spans(r)
			break
		}
		year := ""
		if !r.Date.IsZero() {
			year = strconv.Itoa(r.Date.Year())
		}
		at := slices.IndexFunc(page.Years, func(y VersionYear) bool { return y.Name == year })
		if at < 0 {
			at = len(page.Years)
			page.Years = append(page.Years, VersionYear{Name: year})
		}
		page.Years[at].Versions = append(page.Years[at].Versions, VersionLink{r.Version, partPath("since/"+r.Slug, 1)})
	}
	// Versions are newest first, their dates need not be.
	slices.SortStableFunc(page.Years, func(a, b VersionYear) int { return strings.Compare(b.Name, a.Name) })
	return b.page(s.dir+versionsPath, "public/versions.html", s.lang, page)
}

// spans are the pages of the list of all changes from a release on, the newest first; of
// those that a long release alone fills the first one.
func (s *shelf) spans(from *Release) []Span {
	var out []Span
	begun := false
	for i, groups := range s.parts {
		var span Span
		for _, g := range groups {
			if begun = begun || g.Release == from; begun && !g.Unreleased {
				span.From, span.To, span.Href = g.Version, cmp.Or(span.To, g.Version), changesPath(i+1)
			}
		}
		if k := len(out) - 1; span.Href != "" && (k < 0 || out[k].From != span.From || out[k].To != span.To) {
			out = append(out, span)
		}
	}
	return out
}

// AwayPage leads on at once, and is as small as a page can be: there may be a
// thousand of them.
type AwayPage struct {
	Lang    model.Lang
	Version string
	Href    string // relative to the page
}

// sincePlace is the address in the list of all changes at which stands what is
// new since a release that begins on a page of it, from 0. Where that page tells
// nothing newer, it is the page before.
func (s *shelf) sincePlace(page int, r *Release) string {
	on := steps(s.parts[page])
	if i := slices.Index(on, r); i > 0 {
		return changesPath(page+1) + "?since=" + r.Slug + "#" + narrowings(on, "since")[i].ID
	}
	return changesPath(max(page, 1)) + "?since=" + r.Slug
}
