package compose

import (
	"strconv"
	"strings"
	"time"

	"daybreak/internal/config"
)

// nextTrain gives the train's first day strictly after day, at midnight in the
// zone; the zero time where no rhythm is configured. Holidays do not move it.
func nextTrain(c *config.Config, day time.Time) time.Time {
	if c.Train == nil || day.IsZero() {
		return time.Time{}
	}
	weeks, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(c.Train.Every), "w"))
	if err != nil || weeks < 1 {
		return time.Time{}
	}
	zone := c.Location()
	y, m, d := day.Date()
	today := dayNumber(y, m, d)
	first := today
	if t, err := time.Parse(time.DateOnly, c.Train.First); err == nil {
		first = dayNumber(t.Date())
	} else if c.Train.Weekday == "" {
		return time.Time{}
	}
	// Days are counted without a zone, so that no clock change can shift one.
	first += (weekdayNumber(c.Train.Weekday, first) - weekday(first) + 7) % 7
	step := weeks * 7
	n := int(floorDiv(int64(today-first), int64(step))) + 1
	return time.Date(1970, 1, 1+first+n*step, 0, 0, 0, 0, zone)
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
