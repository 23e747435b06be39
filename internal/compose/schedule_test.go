package compose

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/model"
)

// trainOf parses a train and fails on any diagnostic.
func trainOf(t testing.TB, yaml string) *config.Config {
	t.Helper()
	c, list := config.Parse("daybreak.yaml", []byte("languages: [de, en]\ntimezone: Europe/Berlin\ntrain:\n"+yaml))
	if len(list) > 0 {
		t.Fatal(list)
	}
	return c
}

// shown writes days as people would list them.
func shown(days []model.TrainDay) string {
	var out []string
	for _, d := range days {
		line := d.Regular.Format("2006-01-02 Mon")
		switch {
		case d.Off:
			line += " off"
		case d.Moved():
			line += " to " + d.Day.Format("2006-01-02 Mon")
		}
		if d.Why != "" {
			line += ": " + d.Why
		}
		out = append(out, fmt.Sprintf("%s #%d", line, d.Sequence))
	}
	return strings.Join(out, "\n")
}

func TestTrainDays(t *testing.T) {
	for _, c := range []struct {
		name, yaml, from string
		count            int
		want             string
	}{
		{"a free rhythm", "  {every: 3w, first: 2026-05-12}", "2026-05-12", 3,
			"2026-05-12 Tue #0\n2026-06-02 Tue #0\n2026-06-23 Tue #0"},
		{"a day moves to the next workday", "  {every: 1w, first: 2026-05-14, holidays: DE}", "2026-05-14", 2,
			"2026-05-14 Thu to 2026-05-15 Fri: Christi Himmelfahrt #1\n2026-05-21 Thu #0"},
		{"over a weekend", "  {every: 3w, first: 2026-12-25, holidays: DE}", "2026-12-20", 1,
			"2026-12-25 Fri to 2026-12-28 Mon: Weihnachtstag #1"},
		{"before it, where wanted", "  {every: 3w, first: 2026-04-06, holidays: DE, move: previous}", "2026-04-01", 1,
			"2026-04-06 Mon to 2026-04-02 Thu: Ostermontag #1"},
		{"a moved day that is past is past", "  {every: 3w, first: 2026-04-06, holidays: DE, move: previous}", "2026-04-03", 1,
			"2026-04-27 Mon #0"},
		{"a day of the past that moved into the future", "  {every: 3w, first: 2026-05-14, holidays: DE}", "2026-05-15", 1,
			"2026-05-14 Thu to 2026-05-15 Fri: Christi Himmelfahrt #1"},
		{"skipped", "  {every: 3w, first: 2026-05-14, holidays: DE, move: skip}", "2026-05-01", 1,
			"2026-05-14 Thu off: Christi Himmelfahrt #1\n2026-06-04 Thu #0"},
		{"a season of every year, over its end", "  {every: 1w, first: 2026-12-15, blocked: [{from: 12-14, to: 01-06, reason: Hauptbuchung}]}", "2026-12-10", 1,
			"2026-12-15 Tue off: Hauptbuchung #1\n2026-12-22 Tue off: Hauptbuchung #1\n2026-12-29 Tue off: Hauptbuchung #1\n2027-01-05 Tue to 2027-01-07 Thu: Hauptbuchung #1"},
		{"a season of one year", "  {every: 1w, first: 2026-07-07, blocked: [{from: 2026-07-14, to: 2026-07-14, reason: Umzug}]}", "2027-07-10", 1,
			"2027-07-13 Tue #0"},
		{"by hand, twice", "  {every: 3w, first: 2026-05-12, changed: [{day: 2026-05-12, to: 2026-05-13, reason: Messe}, {day: 2026-05-12, reason: krank}]}", "2026-05-12", 1,
			"2026-05-12 Tue off: krank #2\n2026-06-02 Tue #0"},
		{"by hand, behind the next one", "  {every: 1w, first: 2026-05-12, changed: [{day: 2026-05-12, to: 2026-05-21, reason: Messe}]}", "2026-05-12", 2,
			"2026-05-19 Tue #0\n2026-05-12 Tue to 2026-05-21 Thu: Messe #1"},
		{"by hand, over a holiday's rule", "  {every: 3w, first: 2026-05-14, holidays: DE, changed: [{day: 2026-05-14, to: 2026-05-13, reason: lieber davor}]}", "2026-05-01", 1,
			"2026-05-14 Thu to 2026-05-13 Wed: lieber davor #2"},
		{"weekly without a first day", "  {every: 1w, weekday: tuesday}", "2026-05-13", 1, "2026-05-19 Tue #0"},
		{"a longer rhythm without a first day isn't known", "  {every: 3w, weekday: tuesday}", "2026-05-13", 1, ""},
		{"everything blocked", "  {every: 26w, first: 2026-05-12, blocked: [{from: 01-01, to: 12-31, reason: nie}]}", "2100-01-01", 1, "156"},
	} {
		from, err := time.Parse(time.DateOnly, c.from)
		if err != nil {
			t.Fatal(err)
		}
		days := TrainDays(trainOf(t, c.yaml), model.German, from, c.count)
		got := shown(days)
		if c.want == "156" {
			if strings.Contains(got, "to") || nextTrain(trainOf(t, c.yaml), from) != (time.Time{}) {
				t.Errorf("%s: %s", c.name, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s:\n%s\nwant:\n%s", c.name, got, c.want)
		}
	}
}

// Days keep their order, none lies on a holiday or a weekend, none comes twice,
// and the next one after a day is the same as in the list.
func TestTrainDaysHold(t *testing.T) {
	for _, move := range []string{"next", "previous", "skip"} {
		for _, every := range []string{"1w", "2w", "3w", "5w"} {
			for first := 1; first <= 5; first++ {
				c := trainOf(t, fmt.Sprintf("  {every: %s, first: 2026-01-%02d, holidays: DE-BY, move: %s, blocked: [{from: 12-14, to: 01-06, reason: x}, {from: 2027-02-01, to: 2027-02-28, reason: y}]}", every, 4+first, move))
				from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
				days := TrainDays(c, model.German, from, 60)
				var before time.Time
				r, _ := newRhythm(c, from)
				places := 0
				for _, d := range days {
					if d.Off {
						continue
					}
					places++
					if !d.Day.After(before) || d.Day.Weekday() == time.Saturday || d.Day.Weekday() == time.Sunday || r.obstacle(dayNumber(d.Day.Date()), model.German) != "" {
						t.Fatalf("%s %s: %s after %s", move, every, d.Day, before)
					}
					if !before.IsZero() && !nextTrain(c, before).Equal(d.Day) {
						t.Fatalf("%s %s: after %s comes %s, not %s", move, every, before, nextTrain(c, before), d.Day)
					}
					if d.Start.Format("15:04") != "06:30" || d.Opening.Format("15:04") != "09:00" {
						t.Fatalf("%s: times %s, %s", d.Day, d.Start, d.Opening)
					}
					before = d.Day
				}
				if places != 60 {
					t.Fatalf("%s %s: %d days", move, every, places)
				}
			}
		}
	}
}

func TestClockChange(t *testing.T) {
	berlin := trainOf(t, "  {}").Location()
	spring, autumn := time.Date(2026, 3, 29, 0, 0, 0, 0, berlin), time.Date(2026, 10, 25, 0, 0, 0, 0, berlin)
	for _, c := range []struct {
		day      time.Time
		from, to minute
		want     string
	}{
		{spring, 390, 540, ""}, {autumn, 390, 540, ""}, {time.Time{}, 0, 1, ""},
		{spring, 150, 540, "02:30 does not exist on 2026-03-29"},
		{spring, 60, 150, "02:30 does not exist"},
		{spring, 90, 240, "150 minutes are planned, 90 will pass"},
		{autumn, 60, 240, "180 minutes are planned, 240 will pass"},
		{autumn, 150, 150, "02:30 comes twice on 2026-10-25"},
		{spring.AddDate(0, 0, 1), 150, 540, ""},
	} {
		what, found := clockChange(c.day, c.from, c.to)
		got := what.String()
		if found != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%s %s–%s: %q, want %q", c.day.Format(time.DateOnly), c.from, c.to, got, c.want)
		}
	}
	c := trainOf(t, "  {every: 1w, first: 2026-03-22, start: '02:30', opening: '05:00', changed: [{day: 2026-03-23, reason: x}]}")
	list := LintTrain(c, TrainDays(c, model.German, time.Date(2026, 3, 22, 0, 0, 0, 0, berlin), 3))
	if len(list) != 2 || list[0].Code != "clock-change" || list[0].Position.Line != 4 || list[1].Code != "no-day-of-the-train" || !strings.Contains(list[1].Hint, "2026-03-29") {
		t.Errorf("%v", list)
	}
}

// A runbook for a night in which the clocks change says so at the step; on any
// other day the same plan is silent.
func TestRunbookOnClockChange(t *testing.T) {
	c := trainOf(t, "  {every: 1w, first: 2026-03-22, start: '02:30', opening: '05:00'}")
	day, list := LoadDay(content.FS, model.German)
	if len(list) > 0 {
		t.Fatal(list)
	}
	found := func(date string) (codes []string) {
		at, err := time.ParseInLocation(time.DateOnly, date, c.Location())
		if err != nil {
			t.Fatal(err)
		}
		r := &model.Release{Tag: "v1.0.0"}
		_, list := Runbook(c, r, day, Header(c, r, model.German, at))
		for _, d := range list {
			if d.Code == "clock-change" {
				codes = append(codes, d.Message)
				if d.Position.File != "content/runbook.de.yaml" {
					t.Errorf("%v", d)
				}
			}
		}
		return codes
	}
	if got := found("2026-03-29"); len(got) < 3 || !strings.Contains(strings.Join(got, "\n"), "step G1: 02:34 does not exist on 2026-03-29") {
		t.Errorf("spring: %q", got)
	}
	if got := found("2026-03-30"); len(got) > 0 {
		t.Errorf("an ordinary day: %q", got)
	}
}
