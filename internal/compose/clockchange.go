package compose

import (
	"fmt"
	"slices"
	"time"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// clockChange says what is wrong with a time from one clock time to another on
// a day on which the clocks change; found is false on a day like any other.
func clockChange(day time.Time, from, to minute) (what diag.Phrase, found bool) {
	if day.IsZero() {
		return what, false
	}
	for _, m := range []minute{from, to} {
		if at := clockTime(day, m); at.Hour()*60+at.Minute() != int(m) {
			return diag.Say("%s does not exist on %s: the clocks in %s leave that hour out", m, day.Format(time.DateOnly), day.Location()), true
		}
	}
	start, end := clockTime(day, from), clockTime(day, to)
	if planned, real := time.Duration(to-from)*time.Minute, end.Sub(start); planned != real {
		return diag.Say("the clocks in %s change between %s and %s on %s: %d minutes are planned, %d will pass",
			day.Location(), from, to, day.Format(time.DateOnly), int(planned.Minutes()), int(real.Minutes())), true
	}
	for _, shift := range []time.Duration{-time.Hour, time.Hour} {
		if again := start.Add(shift); again.Format("15:04") == start.Format("15:04") {
			return diag.Say("%s comes twice on %s: the clocks in %s are set back", from, day.Format(time.DateOnly), day.Location()), true
		}
	}
	return what, false
}

// LintTrain looks at the coming days of the train: whether the morning can be
// told by the clock, and whether what people decided belongs to a day of the
// rhythm.
func LintTrain(c *config.Config, days []model.TrainDay) diag.List {
	var list diag.List
	if c.Train == nil {
		return nil
	}
	k := newClock(c)
	for _, d := range days {
		if d.Off {
			continue
		}
		if what, found := clockChange(d.Day, k.start, k.opening); found {
			list.Add(diag.New(
				diag.Error, "clock-change", c.At("train.start"), what,
				diag.Say("Move the day (train.changed: [{day: %s, to: …}]), or begin after the change with train.start.", d.Regular.Format(time.DateOnly)),
			))
		}
	}
	r, ok := newRhythm(c, time.Time{})
	if !ok || c.Train.First == "" {
		return list
	}
	for i, s := range c.Train.Changed {
		if day, ok := readDay(s.Day); ok && !r.has(day) {
			next := dayTime(day+r.step-((day-r.first)%r.step+r.step)%r.step, time.UTC)
			list.Add(diag.New(
				diag.Warning, "no-day-of-the-train", c.At(fmt.Sprintf("train.changed[%d].day", i)),
				diag.Say("%s is no day of the rhythm, so that nothing is changed", s.Day),
				diag.Say("Name the day as the rhythm has it; the next one is %s.", next.Format(time.DateOnly)),
			))
		}
	}
	if len(days) == 0 || !slices.ContainsFunc(days, func(d model.TrainDay) bool { return !d.Off }) {
		list.Add(diag.New(
			diag.Error, "no-next-day", c.At("train"),
			diag.Say("no coming day of the train takes place"), diag.Say("Shorten the seasons under train.blocked."),
		))
	}
	return list
}

// lintClock finds the steps of a sheet whose times the clocks of that day don't
// show.
func (d *DayContent) lintClock(t *timetable, day time.Time, l lint) {
	if day.IsZero() {
		return
	}
	move := diag.Say("Move the day, or the step; `daybreak next` shows the train's days.")
	first, last := minute(dayMinutes), minute(-1)
	for _, s := range t.steps {
		if !s.timed || !s.from.valid() {
			continue
		}
		first, last = min(first, s.from), max(last, s.from)
		if what, found := clockChange(day, s.from, s.from); found {
			l.add(diag.Error, s.source, "clock-change", move, "step %s: %s", s.code, what)
		}
	}
	if first >= last {
		return
	}
	_, atFirst := clockChange(day, first, first)
	_, atLast := clockChange(day, last, last)
	if what, found := clockChange(day, first, last); found && !atFirst && !atLast {
		l.list.Add(diag.New(diag.Error, "clock-change", d.file().position(), what, diag.Say("Move the day; `daybreak next` shows the train's days.")))
	}
}
