package compose

import (
	"slices"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// SystemNotes makes the notes of every release for one customer system in one
// language: what every customer is told of the areas that the system has, and
// what is meant for it. What is meant for others alone is not in it.
func SystemNotes(c *config.Config, releases []model.Release, s *config.System, l model.Lang) []model.Notes {
	return notesFor(c, releases, l, func(ch *model.Change) bool {
		// Of what nobody can say where it belongs, the team's checklist asks
		// everywhere; customers are told nowhere that isn't sure.
		return notConcerned(c, ch, s.ID) == "" && !(ch.AreaUnknown && len(s.Areas) > 0)
	})
}

// SystemLanguages are the languages of a system's notes, in the configuration's
// order, its primary one first.
func SystemLanguages(c *config.Config, s *config.System) []model.Lang {
	if len(s.Languages) == 0 {
		return c.Languages
	}
	return s.Languages
}

// notConcerned says why a change has nothing to do with a system, "" where it
// has. A change without areas concerns every system.
func notConcerned(c *config.Config, ch *model.Change, id string) string {
	if only := systemsOf(c, ch); len(only) > 0 || ch.Audience.Scope == model.AudienceSystems {
		if !slices.Contains(only, id) {
			return model.NotForSystem
		}
		return ""
	}
	i := slices.IndexFunc(c.Systems, func(s config.System) bool { return s.ID == id })
	if i < 0 || len(c.Systems[i].Areas) == 0 || len(ch.Areas) == 0 {
		return ""
	}
	if !slices.ContainsFunc(ch.Areas, func(a string) bool { return slices.Contains(c.Systems[i].Areas, a) }) {
		return model.WithoutArea
	}
	return ""
}

// forEveryone reports whether a change is meant for every customer.
func forEveryone(ch *model.Change) bool { return ch.Audience.Scope == model.AudiencePublic }
