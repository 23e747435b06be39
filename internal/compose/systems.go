package compose

import (
	"slices"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// SystemNotes makes the notes of every release that one customer system runs or
// ran, in one language: what every customer is told of the areas that the system
// has, and what is meant for it. What is meant for others alone is not in it.
// Each is dated by the day on which the system got it.
func SystemNotes(c *config.Config, releases []model.Release, s *config.System, l model.Lang) []model.Notes {
	return notesFor(c, releases, l, one(c, s), 0)
}

// SystemLanguages are the languages of a system's notes, in the configuration's
// order, its primary one first.
func SystemLanguages(c *config.Config, s *config.System) []model.Lang {
	if len(s.Languages) == 0 {
		return c.Languages
	}
	return s.Languages
}

// Runs gives the newest release that a system runs, and since when; nil where
// nothing tells. What a release that counts as published on its tag's date says
// is no more than that.
func Runs(c *config.Config, releases []model.Release, s *config.System) (*model.Release, model.Running) {
	to := one(c, s)
	for i := range releases {
		r := &releases[i]
		if r.Unreleased || r.Prerelease {
			continue
		}
		if day, ok := to.since(r); ok {
			if r.Publication == nil {
				return nil, model.Running{}
			}
			return r, model.Running{Day: day, At: r.Publication.Systems[s.ID].At}
		}
	}
	return nil, model.Running{}
}

// notConcerned says why a change has nothing to do with a system, "" where it
// has. A change without areas concerns every system.
func notConcerned(c *config.Config, ch *model.Change, id string) string {
	return apart(c, concernOf(c, ch), id)
}

// concernOf says whom a change concerns, with the systems that its trailers name.
func concernOf(c *config.Config, ch *model.Change) model.Concern {
	return model.Concern{Audience: model.Audience{Scope: ch.Audience.Scope, Systems: systemsOf(c, ch)}, Areas: ch.Areas, AreaUnknown: ch.AreaUnknown}
}

// apart is notConcerned for what is known of a change once it is published.
func apart(c *config.Config, of model.Concern, id string) string {
	if len(of.Audience.Systems) > 0 || of.Audience.Scope == model.AudienceSystems {
		if !slices.Contains(of.Audience.Systems, id) {
			return model.NotForSystem
		}
		return ""
	}
	i := slices.IndexFunc(c.Systems, func(s config.System) bool { return s.ID == id })
	if i < 0 || len(c.Systems[i].Areas) == 0 || len(of.Areas) == 0 {
		return ""
	}
	if !slices.ContainsFunc(of.Areas, func(a string) bool { return slices.Contains(c.Systems[i].Areas, a) }) {
		return model.WithoutArea
	}
	return ""
}
