package compose

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"daybreak/internal/config"
)

// minute is a clock time of the day in minutes since midnight.
type minute int

// String gives "06:35".
func (m minute) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

func (m minute) valid() bool { return m >= 0 && m < 24*60 }

// anchor names a point of the day that configuration moves.
type anchor string

// The anchors of moments, as the content files write them.
const (
	atClock    anchor = ""         // a fixed clock time
	atStart    anchor = "start"    // T0, train.start
	atDatabase anchor = "database" // planned end of the database update
	atRollback anchor = "rollback" // last moment to begin a rollback
	atOpening  anchor = "opening"  // train.opening
)

// databaseLead is how many minutes after T0 the database update begins in a
// runbook without a step for it.
const databaseLead = 5

// moment is a point of the day: minutes around an anchor. The zero moment is
// midnight; where "no time" is meant, it is held as a nil pointer.
type moment struct {
	anchor anchor
	offset int // minutes
}

// String gives a moment as the content files write it.
func (m moment) String() string {
	switch {
	case m.anchor == atClock:
		return fmt.Sprintf("'%s'", minute(m.offset)) // quoted, else YAML may take it for a number
	case m.offset == 0:
		return string(m.anchor)
	default:
		return fmt.Sprintf("%s%+d", m.anchor, m.offset)
	}
}

var (
	momentAnchored = regexp.MustCompile(`^(start|database|rollback|opening)(?:([+-])(\d{1,4}))?$`)
	momentClock    = regexp.MustCompile(`^(\d{1,2}):(\d{2})$`)
	momentOffset   = regexp.MustCompile(`^[+-]?\d{1,4}$`)
)

// parseMoment reads "start-15", "database", "opening+5", "10:45", or bare
// minutes around T0.
func parseMoment(text string) (moment, bool) {
	text = strings.ReplaceAll(text, " ", "")
	if m := momentAnchored.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[2] + m[3]) // empty gives 0, digits are bounded by the pattern
		return moment{anchor(m[1]), n}, true
	}
	if m := momentClock.FindStringSubmatch(text); m != nil {
		h, _ := strconv.Atoi(m[1])
		n, _ := strconv.Atoi(m[2])
		return moment{atClock, h*60 + n}, h < 24 && n < 60
	}
	if momentOffset.MatchString(text) {
		n, _ := strconv.Atoi(text)
		return moment{atStart, n}, true
	}
	return moment{}, false
}

// clock holds the anchors of one day.
type clock struct {
	start, database, rollback, opening minute
	databaseMinutes                    int
}

// newClock computes the anchors from the configuration, with the defaults of
// config.Train where it says nothing.
func newClock(c *config.Config) clock {
	train := config.Train{}
	if c.Train != nil {
		train = *c.Train
	}
	at := func(text string, otherwise minute) minute {
		if m, ok := parseMoment(text); ok && m.anchor == atClock {
			return minute(m.offset)
		}
		return otherwise
	}
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	k := clock{
		start:           at(train.Start, 6*60+30),
		opening:         at(train.Opening, 9*60),
		databaseMinutes: or(train.Database, 20),
	}
	k.database = k.start + databaseLead + minute(k.databaseMinutes)
	k.rollback = k.opening - minute(or(train.Rollback, 30)) - minute(or(train.Buffer, 15))
	return k
}

// at resolves a moment on this day.
func (k clock) at(m moment) minute {
	switch m.anchor {
	case atStart:
		return k.start + minute(m.offset)
	case atDatabase:
		return k.database + minute(m.offset)
	case atRollback:
		return k.rollback + minute(m.offset)
	case atOpening:
		return k.opening + minute(m.offset)
	default:
		return minute(m.offset)
	}
}
