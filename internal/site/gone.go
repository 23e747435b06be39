package site

// GonePage stands at the address of a release that was taken back, so that a link
// from a mail or a feed leads to a word about it. No list names it.
type GonePage struct {
	Page
	Gone Gone
}

// gone writes a page for each release that was taken back.
func (b *publicBuild) gone(s *shelf) error {
	for _, g := range b.site.Gone {
		file := releasePath(g.Slug)
		if b.taken[s.dir+file] {
			continue // it was published again
		}
		g.Version = versionText(g.Version)
		title := b.theme.T(s.lang, "gone.heading", "Version", g.Version)
		page := GonePage{Page: b.newPage(s, file, title+" – "+s.brand.Name, everywhere), Gone: g}
		page.Description, page.Unlisted, page.Canonical, page.Alternates = title, true, "", nil
		if err := b.page(s.dir+file, "public/gone.html", s.lang, page); err != nil {
			return err
		}
	}
	return nil
}
