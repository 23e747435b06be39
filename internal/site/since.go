package site

import (
	"fmt"

	"daybreak/internal/model"
	"daybreak/internal/search"
)

// Of how many versions there is a page that tells all that came after them, and
// of how many parts such a page may be: a year and a half of a three-weekly
// train. What is new since an older version the script of the list of all
// changes tells; without it the list itself does, down to that version.
const (
	jumpMost  = 24
	jumpParts = 4
)

// Jump is all that is new from one version to the newest.
type Jump struct {
	From, To *Release
	Releases []*Release // those after From, newest first
	Href     string     // relative to the language's root
	all      *Release   // everything as if it were one release
}

// Came says in which release a note came, on a page that tells of several.
type Came struct {
	Version string
	Href    string // relative to the language's root
}

// jump tells the releases as if they were one: what must be done first, each
// kind's notes from the newest release to the oldest, nothing twice.
func jump(from *Release, later []*Release) *Jump {
	all := &Release{Slug: from.Slug, Version: later[0].Version, dir: "since/" + from.Slug, Label: later[0].Label, Date: later[0].Date}
	all.Href = partPath(all.dir, 1)
	byKind := map[model.Kind][]Note{}
	seen := heard{}
	for i, r := range later {
		for _, sec := range r.Sections {
			for _, n := range sec.Notes {
				if !seen.first(r, n) {
					continue
				}
				n.Came, n.ID = &Came{r.Version, n.Page}, fmt.Sprintf("%s-%d", n.Anchor, i)
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
	return &Jump{From: from, To: later[0], Releases: later, Href: all.Href, all: all}
}

// heard knows what a page has told already. A hotfix is merged again into the
// release after it, mostly as the same change, sometimes under another number.
type heard map[string]bool

func (t heard) first(r *Release, n Note) bool {
	same, alike := n.Anchor+" "+n.Title, search.Fold(n.Title)+" "+n.AreaID
	if t[same] || t["hotfix "+alike] || r.HotfixOf != "" && t["any "+alike] {
		return false
	}
	t[same], t["any "+alike] = true, true
	if r.HotfixOf != "" {
		t["hotfix "+alike] = true
	}
	return true
}

// makeJumps makes the pages of what is new since each of the last versions.
func (s *shelf) makeJumps() {
	released := s.released
	for i := 1; i < len(released) && len(s.jumps) < jumpMost; i++ {
		j := jump(released[i], released[:i])
		j.all.divide(s.space - 90*(i+1))
		if len(j.all.parts) > jumpParts {
			return
		}
		s.jumps = append(s.jumps, j)
	}
}

// SincePage is a page of all that is new since a version.
type SincePage struct {
	Page
	Jump    *Jump
	Release *Release // what this part tells
	Parts   Parts
}

func (b *publicBuild) sincePages(s *shelf) error {
	for _, j := range s.jumps {
		for n, part := range j.all.parts {
			path := partPath(j.all.dir, n+1)
			page := SincePage{Jump: j, Release: part, Parts: Parts{Number: n + 1, release: j.all}}
			page.Page = b.newPage(s, path, b.theme.T(s.lang, "since.title", "Version", j.From.Version, "Product", s.brand.Name), func(other *shelf) bool { return other.hasJump(j.all.Slug, n) })
			page.Description = b.theme.T(s.lang, "since.summary", "From", j.From.Version, "To", j.To.Version, "Product", s.brand.Name)
			page.Unlisted = true // search engines have each release's own page
			if err := b.page(s.dir+path, "public/since.html", s.lang, page); err != nil {
				return err
			}
		}
	}
	return nil
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
