package compose

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"daybreak/internal/config"
	"daybreak/internal/holiday"
	"daybreak/internal/model"
)

// TrainDays gives the train's days from a day on, in order: as many as count
// that take place, and between them those that were taken away. It is empty
// where no rhythm is configured. from's own zone says which day it is.
func TrainDays(c *config.Config, l model.Lang, from time.Time, count int) []model.TrainDay {
	r, ok := newRhythm(c, from)
	if !ok || count < 1 {
		return nil
	}
	today := dayNumber(from.Date())
	var out []model.TrainDay
	seen := map[int]bool{}
	places := 0
	add := func(n int) {
		d := r.day(n, l)
		if seen[n] || dayNumber(placeOf(d).Date()) < today {
			return
		}
		out, seen[n] = append(out, d), true
		if !d.Off {
			places++
		}
	}
	// People can move a day any distance; the rule keeps it between its
	// neighbours, so that the day before from is the only one to look back at.
	for _, s := range c.Train.Changed {
		if day, ok := readDay(s.Day); ok && r.has(day) {
			add((day - r.first) / r.step)
		}
	}
	enough := count + places + 1
	n := int(floorDiv(int64(today-r.first), int64(r.step))) - 1
	for i := 0; i < manyDays && places < enough; i++ {
		add(n + i)
	}
	slices.SortStableFunc(out, func(a, b model.TrainDay) int { return placeOf(a).Compare(placeOf(b)) })
	places = 0
	for i, d := range out {
		if !d.Off {
			places++
		}
		if places == count {
			return out[:i+1]
		}
	}
	return out
}

// DaysAround gives the train's days from a year before a day to a year after it:
// what a calendar file holds.
func DaysAround(c *config.Config, l model.Lang, day time.Time) []model.TrainDay {
	if day.IsZero() {
		return nil
	}
	const aYear = 53 // weeks
	days := TrainDays(c, l, day.In(c.Location()).AddDate(-1, 0, 0), 2*aYear)
	for i, d := range days {
		if placeOf(d).After(day.AddDate(1, 0, 0)) {
			return days[:i]
		}
	}
	return days
}

// manyDays is how many days of the rhythm are looked at before daybreak gives
// up on finding enough: three years of a weekly train.
const manyDays = 156

// placeOf is the day by which a train's days are ordered.
func placeOf(d model.TrainDay) time.Time {
	if d.Off {
		return d.Regular
	}
	return d.Day
}

// nextTrain gives the train's first day strictly after day, at midnight in the
// zone; the zero time where no rhythm is configured.
func nextTrain(c *config.Config, day time.Time) time.Time {
	if day.IsZero() {
		return time.Time{}
	}
	y, m, d := day.Date()
	for _, next := range TrainDays(c, "", time.Date(y, m, d+1, 12, 0, 0, 0, time.UTC), 1) {
		if !next.Off {
			return next.Day
		}
	}
	return time.Time{}
}

// rhythm is the train's days as numbers since 1970-01-01, counted without a
// zone, so that no clock change can shift one.
type rhythm struct {
	train       config.Train
	zone        *time.Location
	clock       clock
	languages   []model.Lang
	first, step int
}

// newRhythm reads the configured rhythm. Without a first day only a weekly
// train is known: any of its weekdays begins it.
func newRhythm(c *config.Config, from time.Time) (rhythm, bool) {
	if c.Train == nil {
		return rhythm{}, false
	}
	r := rhythm{train: *c.Train, zone: c.Location(), clock: newClock(c), languages: c.Languages}
	weeks, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(r.train.Every), "w"))
	if err != nil || weeks < 1 {
		return rhythm{}, false
	}
	r.step = weeks * 7
	switch first, ok := readDay(r.train.First); {
	case ok:
		r.first = first
	case r.train.Weekday == "" || weeks > 1:
		return rhythm{}, false
	default:
		r.first = dayNumber(from.Date())
	}
	r.first += (weekdayNumber(r.train.Weekday, r.first) - weekday(r.first) + 7) % 7
	return r, true
}

// has reports whether a day is one of the rhythm.
func (r rhythm) has(day int) bool { return (day-r.first)%r.step == 0 }

// day gives the n-th day, moved where it has to be.
func (r rhythm) day(n int, l model.Lang) model.TrainDay {
	regular := r.first + n*r.step
	out := model.TrainDay{Regular: dayTime(regular, r.zone)}
	day, takesPlace := regular, true
	if out.Why = r.obstacle(regular, l); out.Why != "" {
		out.Sequence++
		day, takesPlace = r.instead(regular, l)
	}
	for _, s := range r.train.Changed {
		if at, ok := readDay(s.Day); !ok || at != regular {
			continue
		}
		out.Sequence++
		out.Why, _ = s.Reason.In(l, r.languages...)
		day, takesPlace = readDay(s.To)
	}
	if out.Off = !takesPlace; takesPlace {
		out.Day = dayTime(day, r.zone)
		out.Start, out.Opening = clockTime(out.Day, r.clock.start), clockTime(out.Day, r.clock.opening)
	}
	return out
}

// instead looks for the day that takes another's place: between its neighbours
// of the rhythm, so that days keep their order.
func (r rhythm) instead(regular int, l model.Lang) (day int, found bool) {
	way := 1
	switch r.train.Move {
	case "skip":
		return 0, false
	case "previous":
		way = -1
	}
	for i := 1; i < r.step; i++ {
		d := regular + i*way
		if w := time.Weekday(weekday(d)); w != time.Saturday && w != time.Sunday && r.obstacle(d, l) == "" {
			return d, true
		}
	}
	return 0, false
}

// obstacle says why there can be no rollout on a day, "" where there can.
func (r rhythm) obstacle(day int, l model.Lang) string {
	t := dayTime(day, time.UTC)
	if name := holiday.Name(r.train.Holidays, t); name != "" {
		return name
	}
	for _, s := range r.train.Blocked {
		from, to, at := s.From, s.To, t.Format(time.DateOnly)
		if len(from) == len("12-14") {
			at = t.Format("01-02")
		}
		// A season of every year can reach over the year's end.
		if from <= to && from <= at && at <= to || from > to && (at >= from || at <= to) {
			if why, _ := s.Reason.In(l, r.languages...); why != "" {
				return why
			}
			return s.From + " – " + s.To
		}
	}
	return ""
}

// readDay reads "2026-05-12" as a day number.
func readDay(text string) (int, bool) {
	t, err := time.Parse(time.DateOnly, text)
	return dayNumber(t.Date()), err == nil
}

// dayTime is a day number's midnight.
func dayTime(day int, zone *time.Location) time.Time {
	return time.Date(1970, 1, 1+day, 0, 0, 0, 0, zone)
}

// clockTime is the moment of a clock time on a day.
func clockTime(day time.Time, m minute) time.Time {
	y, month, d := day.Date()
	return time.Date(y, month, d, 0, int(m), 0, 0, day.Location())
}

// dayNumber counts days since 1970-01-01.
func dayNumber(y int, m time.Month, d int) int {
	seconds := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()
	return int(floorDiv(seconds, 86400))
}

// floorDiv divides and rounds down, also below zero.
func floorDiv(a, b int64) int64 {
	if a%b < 0 {
		return a/b - 1
	}
	return a / b
}

// weekday gives the weekday of a day number, Sunday 0; 1970-01-01 was a Thursday.
func weekday(day int) int { return (day%7 + 7 + 4) % 7 }

// weekdayNumber reads an English weekday; without one the rhythm keeps the
// weekday of its first day.
func weekdayNumber(name string, first int) int {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), name) {
			return int(d)
		}
	}
	return weekday(first)
}

// deploymentDay is the day that the sheets name: the given one, else the day
// of the tag, else, where nothing is tagged yet, the train's next day after the
// newest commit.
func deploymentDay(c *config.Config, tagged bool, date, day time.Time) time.Time {
	zone := c.Location()
	switch {
	case !day.IsZero():
		return midnight(day.In(zone))
	case date.IsZero():
		return time.Time{}
	case tagged:
		return midnight(date.In(zone))
	default:
		return nextTrain(c, date.In(zone))
	}
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}
