package site

import (
	"slices"

	"daybreak/internal/model"
)

// StandingPage says which version each system runs.
type StandingPage struct {
	TeamPage
	Systems []model.Standing
}

// standing reports whether anything is known of any system.
func (b *teamBuild) standing() bool {
	return slices.ContainsFunc(b.site.Standings, func(s model.Standing) bool { return s.Version != "" })
}

// standings writes the page of what each system runs now.
func (b *teamBuild) standings(l model.Lang) error {
	if !b.standing() {
		return nil
	}
	title := b.theme.T(l, "standing.title") + " – " + b.site.Product
	page := StandingPage{TeamPage: b.chrome(l, "systems/index.html", title, func(model.Lang) bool { return true }), Systems: slices.Clone(b.site.Standings)}
	for i := range page.Systems {
		if s := &page.Systems[i]; !b.has(l, s.ToldSlug, "protocol") {
			s.ToldSlug = ""
		}
	}
	return b.page(l, "systems/index.html", "team/systems.html", page)
}
