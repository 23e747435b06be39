package site

import (
	"cmp"
	"path"
	"strings"
)

// MovedPage leads from an old address of a release to its page.
type MovedPage struct {
	Page
	Release *Release
}

// aliasFile is the file of an alias, relative to the language's root: a version is
// that of a release's page, a path without an end is a folder.
func aliasFile(alias string) string {
	if !strings.Contains(alias, "/") && path.Ext(alias) != ".html" {
		return releasePath(alias)
	}
	if path.Ext(alias) == ".html" {
		return alias
	}
	return alias + "/index.html"
}

// moved writes a page for every old address of a release that no other page has.
// An old address holds in all languages, and a page always wins.
func (b *publicBuild) moved(s *shelf) error {
	for _, r := range s.releases {
		for _, file := range r.aliases {
			if b.taken[s.dir+file] {
				continue
			}
			page := MovedPage{Page: b.newPage(s, file, r.Label+" – "+s.brand.Name, everywhere), Release: r}
			page.Moved, page.Unlisted = page.Root+r.Href, true
			page.Canonical = ""
			if s.brand.URL != "" {
				page.Canonical = s.brand.URL + address(s.dir+r.Href)
			}
			page.Alternates = nil
			for i := range page.Switch {
				page.Switch[i].Href = strings.TrimSuffix(page.Switch[i].Href, file) + cmp.Or(b.hrefIn(page.Switch[i], r.Slug), "index.html")
			}
			page.Description = b.theme.T(s.lang, "moved.here", "Label", r.Label)
			if err := b.page(s.dir+file, "public/moved.html", s.lang, page); err != nil {
				return err
			}
		}
	}
	return nil
}

// hrefIn is a release's page in another language, "" where it has none there.
func (b *publicBuild) hrefIn(a Alternate, slug string) string {
	for _, s := range b.shelves {
		if s.lang == a.Lang && s.has(slug, 1) {
			return releasePath(slug)
		}
	}
	return ""
}
