package demo

import (
	"hash/fnv"
	"time"
)

// A working day of the story: the minutes in which the team commits.
const (
	dayStart   = 8*60 + 30
	dayMinutes = 9 * 60
)

// clock turns working minutes since the story's start into points in time, so
// that work is spread evenly and nobody commits on a Sunday night.
type clock struct {
	start  time.Time // the first day, 00:00 UTC
	clocks []Clock
}

// at gives the moment of a working minute, in the offset that the team's
// clocks showed on that day. The seconds come from the salt.
func (c *clock) at(minute int, salt string) time.Time {
	day, left := c.start, minute
	for ; ; day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		if left < dayMinutes {
			break
		}
		left -= dayMinutes
	}
	return c.on(day, dayStart+left, int(number(salt)%60))
}

// minute gives the working minute with which a day begins.
func (c *clock) minute(day time.Time) int {
	n := 0
	for d := c.start; d.Before(day); d = d.AddDate(0, 0, 1) {
		if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			n += dayMinutes
		}
	}
	return n
}

// on gives a clock time of a day in the team's offset.
func (c *clock) on(day time.Time, minutes, seconds int) time.Time {
	offset := 0
	for _, k := range c.clocks {
		if !k.From.After(day) {
			offset = k.Offset
		}
	}
	zone := time.FixedZone("", offset*3600)
	return time.Date(day.Year(), day.Month(), day.Day(), minutes/60, minutes%60, seconds, 0, zone)
}

// number makes a stable number of a text: the story's only dice.
func number(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text)) // a hash never fails to write
	return h.Sum32()
}
