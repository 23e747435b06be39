package holiday

import (
	"fmt"
	"testing"
	"time"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func ExampleName() {
	fmt.Println(Name("DE-BY", day("2026-01-06")))
	fmt.Println(Name("DE-HH", day("2026-01-06")) == "")
	fmt.Println(Name("GB", day("2027-12-28")))
	// Output:
	// Heilige Drei Könige
	// true
	// Boxing Day
}

// Known days of several years, from the states' own calendars.
func TestKnownDays(t *testing.T) {
	for _, c := range []struct{ region, day string }{
		{"DE", "2026-04-03"}, {"DE", "2026-04-06"}, {"DE", "2026-05-14"}, {"DE", "2026-05-25"}, {"DE", "2026-10-03"},
		{"DE-BY", "2026-06-04"}, {"DE-BY", "2026-11-01"}, {"DE-SN", "2026-11-18"}, {"DE-MV", "2027-03-08"},
		{"AT", "2026-10-26"}, {"CH", "2026-08-01"}, {"FR", "2026-07-14"}, {"US", "2026-11-26"},
	} {
		if Name(c.region, day(c.day)) == "" {
			t.Errorf("%s is a holiday in %s", c.day, c.region)
		}
	}
	for _, c := range []struct{ region, day string }{{"DE", "2026-06-04"}, {"DE-HH", "2026-11-01"}, {"DE-BY", "2026-12-24"}, {"XX", "2026-12-25"}} {
		if name := Name(c.region, day(c.day)); name != "" {
			t.Errorf("%s is no holiday in %s, but %q", c.day, c.region, name)
		}
	}
}

// What is a holiday doesn't hang on the clock time or the zone of the question.
func TestAnyHourOfTheDay(t *testing.T) {
	for _, zone := range []string{"UTC", "Pacific/Kiritimati", "America/Los_Angeles"} {
		at, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, hour := range []int{0, 6, 23} {
			if Name("DE", time.Date(2026, 12, 25, hour, 59, 0, 0, at)) == "" || Name("DE", time.Date(2026, 12, 24, hour, 59, 0, 0, at)) != "" {
				t.Errorf("wrong at %d o'clock in %s", hour, zone)
			}
		}
	}
}
