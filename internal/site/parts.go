package site

import (
	"fmt"
	"html/template"
	"strings"

	"daybreak/internal/model"
)

// No page is larger than this, its styles included: it opens at once on a
// hotel's wireless network too. A release that tells more is divided into parts.
const pageLimit = 58_000 // bytes; what is left to 60,000 is for what the estimate does not see

const (
	indexText   = 18_000 // bytes of the newest release on the index
	indexList   = 14_000 // bytes of the list of releases on the index
	indexMost   = 24     // rows of that list
	archiveMost = 36     // rows on a page of the archive
)

// Parts says how far a release's page is one of several.
type Parts struct {
	Number  int // from 1
	release *Release
}

// Count is how many pages the release has.
func (p Parts) Count() int { return len(p.release.parts) }

// Act tells where the list of what readers must do begins; nil where there is none.
func (p Parts) Act() *Count {
	if len(p.release.MustAct) == 0 {
		return nil
	}
	return &Count{N: len(p.release.MustAct), Page: p.release.Href}
}

// PartLink leads to one part.
type PartLink struct {
	Number  int
	Href    string // relative to the language's root
	Current bool
	Rel     string // "prev", "next" or ""
	Gap     bool   // stands for parts that are not listed
}

// Links gives the ways to the other parts: the first, the last and those
// nearby; none where there is one part only.
func (p Parts) Links() []PartLink {
	return partLinks(p.Count(), p.Number, func(n int) string { return partPath(p.release.dir, n) })
}

func partLinks(count, number int, path func(n int) string) []PartLink {
	const near = 4
	if count < 2 {
		return nil
	}
	var out []PartLink
	for n := 1; n <= count; n++ {
		if n != 1 && n != count && (n < number-near || n > number+near) {
			if !out[len(out)-1].Gap {
				out = append(out, PartLink{Gap: true})
			}
			continue
		}
		link := PartLink{Number: n, Href: path(n), Current: n == number}
		switch n {
		case number - 1:
			link.Rel = "prev"
		case number + 1:
			link.Rel = "next"
		}
		out = append(out, link)
	}
	return out
}

// partPath is the file of a part, relative to the language's root; dir is the
// folder of the whole.
func partPath(dir string, part int) string {
	if part == 1 {
		return dir + "/index.html"
	}
	return fmt.Sprintf("%s/%d/index.html", dir, part)
}

// divide makes the parts of every release of a language. How much a page has
// room for is measured on a page that tells nothing: a workspace's own theme
// may be larger or smaller than the shipped one.
func (b *publicBuild) divide(s *shelf) error {
	bare := &Release{Slug: "0", dir: "releases/0", Acts: 1000, Href: releasePath("0"), Label: strings.Repeat("x", 80)}
	bare.parts = []*Release{bare}
	for _, k := range model.Kinds() {
		bare.Counts = append(bare.Counts, Count{Kind: k, N: 1000, Page: bare.Href})
	}
	data, err := b.executeRelease(s, ReleasePage{Release: bare, Parts: Parts{Number: 1, release: bare}, Newer: bare, Older: bare}, bare.Href)
	if err != nil {
		return err
	}
	// 2,500: the navigation between parts, marks, and the filter's script.
	s.space = max(pageLimit-len(data)-2_500, 2_000)
	for _, r := range s.releases {
		r.divide(s.space)
	}
	if err := b.makeJumps(s, bare); err != nil {
		return err
	}
	return b.divideChanges(s)
}

// divide fills parts, and says of each note which page holds it.
func (r *Release) divide(space int) {
	shares := r.pack(space)
	r.parts = nil
	for i := range shares {
		page := partPath(r.dir, i+1)
		shares[i].mark(r, page)
	}
	for i := range shares {
		r.parts = append(r.parts, shares[i].of(r))
	}
}

// share is what one part tells: ranges of the release's lists. sections holds
// for each of the release's sections from which note to which.
type share struct {
	first     bool
	known     bool
	act       span
	sections  []span
	delivered span
}

type span struct{ from, to int }

func (s span) empty() bool { return s.from == s.to }

// pack puts what a release tells, in its order, into as few shares as the room
// of each allows; one that is larger than a whole share stands alone.
func (r *Release) pack(space int) []share {
	fresh := func() share { return share{sections: make([]span, len(r.Sections))} }
	out := []share{fresh()}
	out[0].first = true
	used := r.introSize + 200
	add := func(size int) *share {
		if used+size > space && used > 0 {
			out = append(out, fresh())
			used = 0
		}
		used += size
		return &out[len(out)-1]
	}
	extend := func(s *span, i int) {
		if s.empty() {
			s.from = i
		}
		s.to = i + 1
	}
	for i := range r.MustAct {
		n := &r.MustAct[i]
		extend(&add(noteSize(Note{Title: n.Title, bodySize: n.actSize + 100})).act, i)
	}
	for k := range r.Sections {
		for i, n := range r.Sections[k].Notes {
			size := noteSize(n)
			if i == 0 {
				size += sectionSize
			}
			s := add(size)
			if s.sections[k].empty() && i > 0 {
				used += sectionSize
			}
			extend(&s.sections[k], i)
		}
	}
	if r.Known != "" {
		add(r.knownSize + 300).known = true
	}
	for i, d := range r.Delivered {
		extend(&add(noteSize(Note{Title: d.Title})).delivered, i)
	}
	return out
}

const sectionSize = 420 // a heading with its drawing

// noteSize estimates, rather too high, how many bytes a note takes on a page.
func noteSize(n Note) int {
	size := 270 + 2*textSize(n.Title) + textSize(n.Area) + len(n.AreaID) + 2*len(n.Anchor) + n.bodySize
	if n.Breaking {
		size += 300 // and the way to what must be done, maybe on another part
	}
	if n.Lang != "" {
		size += 200
	}
	if n.Came != nil {
		size += 60 + len(n.Page) + textSize(n.Came.Version)
	}
	for _, a := range n.Also {
		size += 32 + len(a)
	}
	for _, d := range n.Details {
		size += 80 + textSize(d.Text) + textSize(d.URL)
	}
	return size
}

func textSize(s string) int {
	return len(template.HTMLEscapeString(s)) + 13*strings.Count(s, "`") + 4*strings.Count(s, "+")
}

// mark tells the notes of a share which page holds them.
func (s *share) mark(r *Release, page string) {
	for i := s.act.from; i < s.act.to; i++ {
		r.MustAct[i].ActPage = page
	}
	for k, sp := range s.sections {
		notes := r.Sections[k].Notes
		for i := sp.from; i < sp.to; i++ {
			notes[i].At = page
			if notes[i].Came == nil {
				notes[i].Page = page
			}
			if len(r.MustAct) > 0 {
				notes[i].ActPage = r.Href
			}
			if i == 0 {
				for c := range r.Counts {
					if r.Counts[c].Kind == r.Sections[k].Kind {
						r.Counts[c].Page = page
					}
				}
			}
			for a := range r.MustAct {
				if r.MustAct[a].ID == notes[i].ID {
					r.MustAct[a].At = page
					notes[i].ActPage = r.MustAct[a].ActPage
				}
			}
		}
	}
}

// of gives the release with only what the share holds.
func (s *share) of(r *Release) *Release {
	part := *r
	if !s.first {
		part.Intro = ""
	}
	if !s.known {
		part.Known = ""
	}
	part.MustAct = r.MustAct[s.act.from:s.act.to]
	part.Delivered = r.Delivered[s.delivered.from:s.delivered.to]
	part.Sections = nil
	for k, sp := range s.sections {
		if !sp.empty() {
			sec := r.Sections[k]
			sec.Notes, sec.Again = sec.Notes[sp.from:sp.to], sp.from > 0
			part.Sections = append(part.Sections, sec)
		}
	}
	return &part
}

// beginning gives what of a release fits into the space, and how many notes
// that leaves out.
func (r *Release) beginning(space int) (*Release, int) {
	first := r.pack(space)[0]
	part := first.of(r)
	left := r.Total()
	for _, sec := range part.Sections {
		left -= len(sec.Notes)
	}
	return part, left
}

// rowSize estimates how many bytes a release takes in a list.
func rowSize(row Row) int {
	size := 720 + 2*textSize(row.Label) + textSize(row.Title) + textSize(row.Teaser) + 190*len(row.Counts)
	for _, n := range row.Top() {
		size += 120 + textSize(n.Title)
	}
	for _, h := range row.Hotfixes {
		size += 160 + textSize(h.Label)
		for _, n := range row.Told(h) {
			size += 60 + textSize(n.Title)
		}
	}
	return size
}

// indexRows is how many releases the index lists below the newest one.
func (s *shelf) indexRows() int {
	rows, size := 0, 0
	for _, y := range s.years {
		for _, row := range y.Rows {
			size += rowSize(row)
			if rows == indexMost || size > indexList {
				return rows
			}
			rows++
		}
	}
	return rows
}

// indexSize is the room that the index's lists take from the newest release.
func (s *shelf) indexSize() int {
	size, rows := 60*len(s.years)+1_000+s.finder("", false).size(), s.indexRows()
	for _, y := range s.years {
		for _, row := range y.Rows {
			if rows--; rows >= 0 {
				size += rowSize(row)
			}
		}
	}
	return size
}

// archived gives the years that the index does not show whole.
func (s *shelf) archived() []Year {
	if s.old != nil {
		return s.old
	}
	out := []Year{}
	rows := s.indexRows()
	for _, y := range s.years {
		if rows -= len(y.Rows); rows < 0 {
			out = append(out, y)
		}
	}
	s.old = out
	return out
}

// archiveParts divides a year's releases among pages.
func (s *shelf) archiveParts(y Year) [][]Row {
	if have, ok := s.oldParts[y.Name]; ok {
		return have
	}
	var out [][]Row
	size := 0
	for _, row := range y.Rows {
		n := rowSize(row)
		if len(out) == 0 || size+n > s.space || len(out[len(out)-1]) == archiveMost {
			out, size = append(out, nil), 0
		}
		size += n
		out[len(out)-1] = append(out[len(out)-1], row)
	}
	if s.oldParts == nil {
		s.oldParts = map[string][][]Row{}
	}
	s.oldParts[y.Name] = out
	return out
}
