package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"daybreak/internal/config"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// EarlierDay is what the journal of one earlier release says, read with the plan
// of its own day: rows of the checklist are numbered anew for each release.
type EarlierDay struct {
	Version model.Version
	Plan    journal.Plan
	State   journal.State
}

// sighting is one deviation of an earlier day.
type sighting struct {
	journal.DeviationState
	version model.Version
	words   string   // in the form in which they are compared
	place   string   // the row's title, or the code of the step
	areas   []string // ids
}

// Recurring finds what deviated on at least two days: in the same words, at the
// same row or step of the same system, or in the same area of the same system.
// Days come in any order; what was seen most often and last stands first. Only
// days before the version count, all of them where it is unreleased.
func Recurring(c *config.Config, days []EarlierDay, before model.Version, l model.Lang) []model.Lesson {
	days = slices.Clone(days)
	slices.SortStableFunc(days, func(a, b EarlierDay) int { return b.Version.Compare(a.Version) })
	var groups [][]sighting
	for _, day := range days {
		if before.Text != "" && day.Version.Compare(before) >= 0 {
			continue
		}
		for _, v := range day.State.Deviations {
			s := sighted(day, v)
			i := slices.IndexFunc(groups, func(g []sighting) bool { return slices.ContainsFunc(g, s.again) })
			if i < 0 {
				groups = append(groups, []sighting{s})
			} else {
				groups[i] = append(groups[i], s)
			}
		}
	}
	groups = slices.DeleteFunc(groups, func(g []sighting) bool { return len(versionsOf(g)) < 2 })
	slices.SortStableFunc(groups, func(a, b []sighting) int { return cmp.Compare(len(versionsOf(b)), len(versionsOf(a))) })
	var out []model.Lesson
	for _, g := range groups {
		out = append(out, model.Lesson{Kind: model.LessonRecurs, Code: strings.Join(versionsOf(g), ", "), Words: recurringWords(c, g, l)})
	}
	return out
}

func sighted(day EarlierDay, v journal.DeviationState) sighting {
	s := sighting{DeviationState: v, version: day.Version, words: plainWords(v.Words), place: v.Code}
	if i := slices.IndexFunc(day.Plan.Rows, func(r journal.PlanRow) bool { return r.Code == v.Code }); i >= 0 {
		s.place, s.areas = day.Plan.Rows[i].Title, day.Plan.Rows[i].Areas
	}
	return s
}

// again reports whether two deviations are of one kind.
func (s sighting) again(o sighting) bool {
	switch {
	case s.words != "" && s.words == o.words:
		return true
	case !shares(s.Systems, o.Systems) && len(s.Systems)+len(o.Systems) > 0:
		return false
	default:
		return s.place != "" && s.place == o.place || shares(s.areas, o.areas)
	}
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// plainWords gives words without what two people write differently.
func plainWords(words string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// versionsOf lists the days of a group, newest first, each once.
func versionsOf(g []sighting) []string {
	var out []string
	for _, s := range g {
		out = append(out, s.version.String())
	}
	return unique(out)
}

// recurringWords says what recurs and where: the words of the newest sighting,
// behind the systems and the area that all have in common.
func recurringWords(c *config.Config, g []sighting, l model.Lang) string {
	systems, areas := slices.Clone(g[0].Systems), slices.Clone(g[0].areas)
	for _, s := range g[1:] {
		systems = slices.DeleteFunc(systems, func(id string) bool { return !slices.Contains(s.Systems, id) })
		areas = slices.DeleteFunc(areas, func(id string) bool { return !slices.Contains(s.areas, id) })
	}
	var where []string
	if len(systems) > 0 {
		where = append(where, strings.Join(systems, ", "))
	}
	if len(areas) > 0 {
		where = append(where, areaName(c, areas[0], l))
	}
	words := sheetText(cmp.Or(g[0].Words, g[0].Title, g[0].Code))
	if len(where) == 0 {
		return words
	}
	return fmt.Sprintf("%s: %s", strings.Join(where, " · "), words)
}
