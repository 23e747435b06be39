package publication

import (
	"maps"
	"path"
	"slices"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// Fact is something that has happened on a day: what is decided today can't be older.
type Fact struct {
	Day  time.Time
	What diag.Phrase // "SA approved 1.1.0 on 2026-11-23": a clause that names the day
	File string      // where it is written down, "" for what the repository says
}

// Dating is the day that a decision gets, and what it can be held against.
type Dating struct {
	Today time.Time
	Given bool          // by hand, not by the clock
	Now   journal.Clock // by the clock; journal.None where the day was given
	Facts []Fact
}

// The bounds of a plausible day. A train runs every few weeks: who publishes later than
// one after the rollout has either forgotten it, or has a wrong clock.
const (
	farAhead  = 366 * 24 * time.Hour // after the newest fact
	longAfter = 21                   // days after the rollout
	hoursOff  = 45                   // minutes that the journal may be ahead of the clock
)

// newest is the fact of the latest day; of several the first.
func (t *Dating) newest() Fact {
	if len(t.Facts) == 0 {
		return Fact{}
	}
	return slices.MaxFunc(t.Facts, func(a, b Fact) int { return a.Day.Compare(b.Day) })
}

// cure says how a wrong day is mended.
func (t *Dating) cure(of Fact) diag.Phrase {
	if of.File == "" {
		return diag.Say("set the machine's clock right, or say which day it is: `--date YYYY-MM-DD`.")
	}
	return diag.Say("set the machine's clock right, or say which day it is: `--date YYYY-MM-DD`. If the day in %s is the wrong one, mend it there.", of.File)
}

// Before refuses a day that lies before something that has happened already. One
// that was given is taken, and told.
func (t *Dating) Before() diag.List {
	var list diag.List
	f := t.newest()
	switch day := t.Today.Format(time.DateOnly); {
	case !t.Today.Before(f.Day):
	case t.Given:
		list.Add(diag.New(diag.Warning, "clock", diag.Position{}, diag.Say("%s lies before the day on which it could have happened: %s", day, f.What), diag.Phrase{}))
	default:
		list.Add(diag.New(diag.Error, "clock", diag.Position{}, diag.Say("the clock says %s, but %s", day, f.What), t.cure(f)))
	}
	return list
}

// far tells of a day that lies far behind all that is known. A day that was wrong once
// would else stand in the way of every later one: it counts as a fact from then on.
// harm says whether it would be the first day that customers read.
func (t *Dating) far(harm bool) diag.List {
	var list diag.List
	f := t.newest()
	if f.Day.IsZero() || t.Today.Sub(f.Day) <= farAhead {
		return nil
	}
	day := t.Today.Format(time.DateOnly)
	if t.Given {
		list.Add(diag.New(diag.Warning, "clock", diag.Position{}, diag.Say("%s is more than a year later: %s", day, f.What), diag.Say("it is the day that customers read; look at its year once more.")))
		return list
	}
	list.Add(diag.New(severityOf(harm), "clock", diag.Position{}, diag.Say("the clock says %s, more than a year later: %s", day, f.What), t.cure(Fact{})))
	return list
}

func severityOf(harm bool) diag.Severity {
	if harm {
		return diag.Error
	}
	return diag.Warning
}

// Clock holds the day of a decision against all that is known: what was tagged,
// approved, published and sent, and what the day's journal says.
func (c *Case) Clock() diag.List {
	t := c.Dating
	t.Facts = append([]Fact{{Day: c.Tagged, What: diag.Say("the tag is of %s", c.Tagged.Format(time.DateOnly))}}, t.Facts...)
	if day, ok := c.rolloutDay(); ok {
		t.Facts = append(t.Facts, Fact{Day: day, What: diag.Say("its journal speaks of %s", c.Rollout.Day), File: c.Rollout.File})
	}
	list := t.Before()
	if len(list) == 0 {
		list = c.hours()
	}
	return append(list, t.far(c.Publication.Words == nil)...)
}

// hours tells of a journal that is ahead of the clock on the same day.
func (c *Case) hours() diag.List {
	r := &c.Rollout
	if c.Given || c.Now == journal.None || r.Day != c.Today.Format(time.DateOnly) || r.Latest <= c.Now+hoursOff {
		return nil
	}
	return diag.List{diag.New(diag.Warning, "clock", diag.Position{File: r.File}, diag.Say("the clock says %s, but the journal has something of %s today", c.Now, r.Latest),
		diag.Say("set the machine's clock right before it writes more; or mend the time, with one more line."))}
}

// late tells of a day long after the rollout: it is the one that customers read.
func (c *Case) late() diag.List {
	day, ok := c.rolloutDay()
	if !ok || c.Given || len(c.Only) > 0 || c.Publication.Words != nil || !c.Today.After(day) {
		return nil
	}
	// Noon to noon: a day in between may have 23 hours.
	days := int(c.Today.Add(12*time.Hour).Sub(day) / (24 * time.Hour))
	hint := diag.Say("%s is the day that customers read. Where it is wrong, set the machine's clock right, or say which day it is: `--date YYYY-MM-DD`.", c.Today.Format(time.DateOnly))
	return diag.List{diag.New(severityOf(days > longAfter), "clock", diag.Position{}, diag.Say("the clock says %s, %d days after the rollout of %s", c.Today.Format(time.DateOnly), days, c.Rollout.Day), hint)}
}

// rolloutDay is the day that the journal names last.
func (c *Case) rolloutDay() (time.Time, bool) { return c.dayOf(c.Rollout.Day) }

// dayOf reads a day of the journal in the zone of today.
func (c *Case) dayOf(text string) (time.Time, bool) {
	day, err := time.ParseInLocation(time.DateOnly, text, c.Today.Location())
	return day, err == nil
}

// since is the day since when a system runs the release: as the journal says, else
// today.
func (c *Case) since(s *System) time.Time {
	if s != nil {
		if day, ok := c.dayOf(s.Day); ok && !day.After(c.Today) {
			return day
		}
	}
	return c.Today
}

// Facts lists the days that publications name, which lie below folder by their
// releases' slugs.
func Facts(folder string, known map[string]*model.Publication) []Fact {
	var out []Fact
	for _, slug := range slices.Sorted(maps.Keys(known)) {
		p, file := known[slug], path.Join(folder, slug, Name)
		fact := func(day time.Time, what diag.Phrase) {
			if !day.IsZero() {
				out = append(out, Fact{day, what, file})
			}
		}
		on := func(day time.Time) string { return day.Format(time.DateOnly) }
		fact(p.Day, diag.Say("%s was published on %s", p.Version, on(p.Day)))
		fact(p.Withdrawn, diag.Say("%s was withdrawn on %s", p.Version, on(p.Withdrawn)))
		for _, d := range p.Corrected {
			fact(d, diag.Say("%s was corrected on %s", p.Version, on(d)))
		}
		for _, a := range p.Approvals {
			fact(a.Day, diag.Say("%s approved %s on %s", a.By, p.Version, on(a.Day)))
		}
		for _, id := range slices.Sorted(maps.Keys(p.Systems)) {
			fact(p.Systems[id].Day, diag.Say("%s runs %s since %s", id, p.Version, on(p.Systems[id].Day)))
		}
	}
	return out
}
