package site

import (
	"fmt"
	"slices"
)

// ArchivePage is one page of a year's releases.
type ArchivePage struct {
	Page
	Year  Year
	Part  int // from 1
	Parts []ArchivePart
	Years []Year // all years that have archive pages
}

// ArchivePart is one of the pages of a year.
type ArchivePart struct {
	Number  int
	Href    string // relative to the language's root
	Current bool
}

// archive writes the years that do not fit on the index, each complete.
func (b *publicBuild) archive(s *shelf) error {
	years := s.archived()
	for _, y := range years {
		parts := s.archiveParts(y)
		for i, part := range parts {
			path := archivePath(y.Name, i+1)
			page := ArchivePage{Part: i + 1, Years: years, Year: Year{Name: y.Name, Href: y.Href, Rows: part}}
			page.Page = b.newPage(s, path, b.theme.T(s.lang, "archive.title", "Year", y.Name, "Product", s.brand.Name),
				func(other *shelf) bool { return other.hasArchive(y.Name, i+1) })
			page.Description = page.Title
			for j := range parts {
				page.Parts = append(page.Parts, ArchivePart{Number: j + 1, Href: archivePath(y.Name, j+1), Current: j == i})
			}
			b.written = append(b.written, s.dir+path)
			if err := b.page(s.dir+path, "public/archive.html", s.lang, page); err != nil {
				return err
			}
		}
	}
	return nil
}

func archivePath(year string, part int) string {
	if part == 1 {
		return "archive/" + year + "/index.html"
	}
	return fmt.Sprintf("archive/%s/%d/index.html", year, part)
}

func (s *shelf) hasArchive(year string, part int) bool {
	for _, y := range s.archived() {
		if y.Name == year {
			return part <= len(s.archiveParts(y))
		}
	}
	return false
}

// has reports whether there is this part of a release, from 1.
func (s *shelf) has(slug string, part int) bool {
	return slices.ContainsFunc(s.releases, func(r *Release) bool { return r.Slug == slug && part <= max(1, len(r.parts)) })
}
