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
// a day on which the clocks change: "" where it is a day like any other.
func clockChange(day time.Time, from, to minute) string {
	if day.IsZero() {
		return ""
	}
	for _, m := range []minute{from, to} {
		if at := clockTime(day, m); at.Hour()*60+at.Minute() != int(m) {
			return fmt.Sprintf("%s does not exist on %s: the clocks in %s leave that hour out", m, day.Format(time.DateOnly), day.Location())
		}
	}
	start, end := clockTime(day, from), clockTime(day, to)
	if planned, real := time.Duration(to-from)*time.Minute, end.Sub(start); planned != real {
		return fmt.Sprintf("the clocks in %s change between %s and %s on %s: %d minutes are planned, %d will pass",
			day.Location(), from, to, day.Format(time.DateOnly), int(planned.Minutes()), int(real.Minutes()))
	}
	for _, shift := range []time.Duration{-time.Hour, time.Hour} {
		if again := start.Add(shift); again.Format("15:04") == start.Format("15:04") {
			return fmt.Sprintf("%s comes twice on %s: the clocks in %s are set back", from, day.Format(time.DateOnly), day.Location())
		}
	}
	return ""
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
		if what := clockChange(d.Day, k.start, k.opening); what != "" {
			list.Add(diag.Diagnostic{
				Severity: diag.Error, Code: "clock-change", Position: c.At("train.start"), Message: what,
				Hint: fmt.Sprintf("Move the day (train.changed: [{day: %s, to: …}]), or begin after the change with train.start.", d.Regular.Format(time.DateOnly)),
			})
		}
	}
	r, ok := newRhythm(c, time.Time{})
	if !ok || c.Train.First == "" {
		return list
	}
	for i, s := range c.Train.Changed {
		if day, ok := readDay(s.Day); ok && !r.has(day) {
			next := dayTime(day+r.step-((day-r.first)%r.step+r.step)%r.step, time.UTC)
			list.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "no-day-of-the-train", Position: c.At(fmt.Sprintf("train.changed[%d].day", i)),
				Message: fmt.Sprintf("%s is no day of the rhythm, so that nothing is changed", s.Day),
				Hint:    fmt.Sprintf("Name the day as the rhythm has it; the next one is %s.", next.Format(time.DateOnly)),
			})
		}
	}
	if len(days) == 0 || !slices.ContainsFunc(days, func(d model.TrainDay) bool { return !d.Off }) {
		list.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "no-next-day", Position: c.At("train"),
			Message: "no coming day of the train takes place",
			Hint:    "Shorten the seasons under train.blocked.",
		})
	}
	return list
}

// lintClock finds the steps of a sheet whose times the clocks of that day don't
// show.
func (d *DayContent) lintClock(k clock, day time.Time, list *diag.List) {
	if day.IsZero() {
		return
	}
	first, last := minute(24*60), minute(-1)
	for _, p := range d.phases {
		for _, s := range p.steps {
			if s.at == nil || !k.at(*s.at).valid() {
				continue
			}
			at := k.at(*s.at)
			first, last = min(first, at), max(last, at)
			if what := clockChange(day, at, at); what != "" {
				lint{list}.add(diag.Error, s.source, "clock-change", "Move the day, or the step; `daybreak next` shows the train's days.", "step %s: %s", s.code, what)
			}
		}
	}
	if first < last {
		if what := clockChange(day, first, last); what != "" && clockChange(day, first, first) == "" && clockChange(day, last, last) == "" {
			lint{list}.add(diag.Error, source{file: "content/runbook." + string(d.Lang) + ".yaml"}, "clock-change", "Move the day; `daybreak next` shows the train's days.", "%s", what)
		}
	}
}
