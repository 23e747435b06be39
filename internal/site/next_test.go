package site

import (
	"testing"

	"daybreak/internal/model"
)

// The list of releases leads with the one that the next morning is about.
func TestNextOnTheTeamsIndex(t *testing.T) {
	head := func(slug string) model.DayHeader { return model.DayHeader{Slug: slug, Version: slug} }
	coming := model.DayHeader{Slug: "unreleased", Unreleased: true}
	candidate, hotfix := head("2026.15.0-rc.1"), head("2026.14.1")
	candidate.Prerelease, hotfix.Hotfix = true, true
	for name, c := range map[string]struct {
		heads  []model.DayHeader
		closed []string
		stages map[string]string
		want   string
	}{
		"nothing at all":               {},
		"only merged":                  {heads: []model.DayHeader{coming}, want: "unreleased"},
		"tagged, nothing written down": {heads: []model.DayHeader{coming, head("2026.15.0"), head("2026.14.0")}, want: "2026.15.0"},
		"the day is through":           {heads: []model.DayHeader{coming, head("2026.15.0"), head("2026.14.0")}, closed: []string{"2026.15.0"}, want: "unreleased"},
		"through, nothing merged yet":  {heads: []model.DayHeader{head("2026.15.0"), head("2026.14.0")}, closed: []string{"2026.15.0"}},
		"published, no day was kept":   {heads: []model.DayHeader{coming, head("2026.15.0"), head("2026.14.0")}, stages: map[string]string{"2026.15.0": "published"}, want: "unreleased"},
		"approved, no day was kept":    {heads: []model.DayHeader{coming, head("2026.15.0"), head("2026.14.0")}, stages: map[string]string{"2026.15.0": "ready"}, want: "2026.15.0"},
		"candidates and hotfixes":      {heads: []model.DayHeader{candidate, hotfix, head("2026.14.0")}, want: "2026.14.0"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &teamBuild{site: TeamSite{Protocols: map[model.Lang][]model.Protocol{}}}
			for _, slug := range c.closed {
				b.site.Protocols[model.German] = append(b.site.Protocols[model.German], model.Protocol{DayHeader: head(slug), Phase: "closed"})
			}
			var rows []TeamRow
			for _, h := range c.heads {
				rows = append(rows, TeamRow{Head: h, Stage: c.stages[h.Slug]})
			}
			got := ""
			if next := b.next(model.German, rows); next != nil {
				got = next.Head.Slug
			}
			if got != c.want {
				t.Errorf("next is %q, want %q", got, c.want)
			}
		})
	}
}
