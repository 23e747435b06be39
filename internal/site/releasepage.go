package site

import (
	"bytes"
	"fmt"
	"time"
)

// ReleasePage is the page of one release, or one of several where it is long.
type ReleasePage struct {
	Page
	Release  *Release // of a long release only what this part tells
	Parts    Parts
	Newer    *Release // nil at the ends
	Older    *Release
	Hotfixes []*Release // that mended it, the newest first; only on its first page
	Next     time.Time  // only on the newest
	Filter   bool       // enough notes and areas that choosing helps
}

// hotfixesNamed is how many hotfixes the page of the release that they mend names.
const hotfixesNamed = 6

// hotfixes gives for each release those that mended it, the newest first.
func hotfixes(released []*Release) map[*Release][]*Release {
	out := map[*Release][]*Release{}
	for _, r := range released {
		if r.HotfixOf == "" {
			continue
		}
		if p := parent(released, r); p != nil && len(out[p]) < hotfixesNamed {
			out[p] = append(out[p], r)
		}
	}
	return out
}

func (b *publicBuild) releasePages(s *shelf) error {
	mended := hotfixes(s.released)
	for i, r := range s.releases {
		for n, part := range r.parts {
			page := ReleasePage{Release: part, Parts: Parts{Number: n + 1, release: r}, Filter: len(r.parts) == 1 && r.worthFiltering()}
			if i > 0 {
				page.Newer = s.releases[i-1]
			}
			if r == s.newest || r == s.coming {
				page.Next = r.NextDate
			}
			if n == 0 {
				page.Hotfixes = mended[r]
			}
			if i+1 < len(s.releases) {
				page.Older = s.releases[i+1]
			}
			path := partPath(r.dir, n+1)
			b.written = append(b.written, s.dir+path)
			if err := b.releasePage(s, page, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// releasePage gives a page its chrome and writes it.
func (b *publicBuild) releasePage(s *shelf, page ReleasePage, path string) error {
	return b.later(s.dir+path, func() ([]byte, error) { return b.executeRelease(s, page, path) })
}

func (b *publicBuild) executeRelease(s *shelf, page ReleasePage, path string) ([]byte, error) {
	r, n := page.Release, page.Parts.Number
	title := r.Label
	if page.Parts.Count() > 1 {
		title += " (" + b.theme.T(s.lang, "release.part", "Number", n, "Of", page.Parts.Count()) + ")"
	}
	page.Page = b.newPage(s, path, title+" – "+s.brand.Name, func(other *shelf) bool { return other.has(r.Slug, n) })
	page.Description = r.summary()
	if page.Description == "" {
		page.Description = b.theme.T(s.lang, "release.summary", "Label", r.Label, "Product", s.brand.Name)
	}
	page.Meta = s.releaseMeta(&page.Page, r)
	page.Searches = true // for a change that has moved to another page
	var out bytes.Buffer
	if err := b.theme.Execute(&out, "public/release.html", s.lang, page); err != nil {
		return nil, fmt.Errorf("making %s: %w", path, err)
	}
	return out.Bytes(), nil
}
