package compose

import (
	"cmp"
	"slices"
	"time"

	"daybreak/internal/config"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// JournalDay is one day's journal.
type JournalDay struct {
	Release *model.Release
	Day     time.Time // of the deployment, in the configured zone
	Plan    journal.Plan
	State   journal.State
}

// Standings says which version each customer system runs now, and ran before:
// what the last journal that speaks of it says. What ran before a day is no more
// than the plan's word, and not taken for a fact. Releases are newest first.
func Standings(c *config.Config, releases []model.Release, days []JournalDay) []model.Standing {
	days = slices.Clone(days)
	slices.SortStableFunc(days, func(a, b JournalDay) int {
		return cmp.Or(a.Day.Compare(b.Day), a.Release.Version.Compare(b.Release.Version))
	})
	var out []model.Standing
	for i := range c.Systems {
		if sys := &c.Systems[i]; !sys.Test {
			out = append(out, standingOf(c, releases, days, sys))
		}
	}
	return out
}

func standingOf(c *config.Config, releases []model.Release, days []JournalDay, sys *config.System) model.Standing {
	s := model.Standing{ID: sys.ID, Name: sys.Name}
	for _, d := range days {
		i := slices.IndexFunc(d.State.Systems, func(o journal.SystemState) bool { return o.ID == sys.ID })
		if i < 0 {
			continue
		}
		st := d.State.Systems[i]
		if st.Version == "" || !st.Has && !st.Back && st.Since < 0 && st.Version == d.Plan.Baseline {
			continue // the day says nothing of it
		}
		if s.Version != "" {
			s.Before = slices.Insert(s.Before, 0, model.Ran{Version: s.Version, Day: s.Day, At: s.At, How: s.How})
		}
		s.Version, s.Told, s.ToldSlug, s.Open = st.Version, d.Plan.Version, d.Release.Slug(), st.Open
		s.Day, s.At = dayClock(d.Day, st.Since)
		switch {
		case st.Back:
			s.How = model.ByRollback
		case st.Version != d.Plan.Version:
			s.How = model.ByHotfix
		default:
			s.How = model.ByRollout
		}
	}
	if s.Version == "" {
		if r, since := Runs(c, releases, sys); r != nil {
			s.Version, s.Day, s.At, s.How = r.Version.String(), since.Day, since.At, model.ByPublished
		}
	}
	if v, ok := model.ParseVersion(s.Version); ok {
		for i := range slices.Backward(releases) {
			r := &releases[i]
			if !r.Unreleased && !r.Prerelease && r.Version.Line == v.Line && r.Version.Compare(v) > 0 {
				s.Behind = append(s.Behind, r.Version.String())
			}
			if !r.Unreleased && r.Version.Compare(v) == 0 {
				s.Slug = r.Slug()
			}
		}
	}
	return s
}

// dayClock gives the day and the time of a clock of the journal, which runs on
// past midnight.
func dayClock(day time.Time, at journal.Clock) (time.Time, string) {
	if at < 0 || day.IsZero() {
		return day, at.String()
	}
	const midnight = 24 * 60
	return day.AddDate(0, 0, int(at)/midnight), (at % midnight).String()
}
