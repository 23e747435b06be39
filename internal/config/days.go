package config

import (
	"fmt"
	"strings"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/holiday"
)

// days checks what the train says of single days.
func (d *decoder) days(t *Train) {
	if t.Holidays != "" && !holiday.Known(t.Holidays) {
		d.bad("train.holidays", "bad-value", diag.Say("the holidays of %q are not known", t.Holidays), regionHint(t.Holidays))
	}
	for i, s := range t.Blocked {
		at := fmt.Sprintf("train.blocked[%d]", i)
		from, to := d.dayOrYearly(at+".from", s.From), d.dayOrYearly(at+".to", s.To)
		if from.IsZero() || to.IsZero() {
			continue
		}
		switch yearly := len(s.From) == len("12-14"); {
		case yearly != (len(s.To) == len("12-14")):
			d.bad(at+".to", "bad-value", diag.Say("the season from %s to %s is half of every year, half of one", s.From, s.To), diag.Say("Write both days with the year, or both without."))
		case !yearly && to.Before(from):
			d.bad(at+".to", "bad-value", diag.Say("the season ends on %s, before it begins on %s", s.To, s.From), diag.Say("Exchange the two days, or mend the year."))
		}
	}
	taken := map[string]bool{}
	for i, s := range t.Changed {
		at := fmt.Sprintf("train.changed[%d]", i)
		d.dayOrYearly(at+".day", s.Day)
		d.dayOrYearly(at+".to", s.To)
		if s.To != "" && s.To == s.Day && !taken[s.Day] {
			d.bad(at+".to", "bad-value", diag.Say("%s is moved to itself", s.Day), diag.Say("Name another day; without `to` the day is cancelled."))
		}
		taken[s.Day] = true
	}
}

// dayOrYearly reads "2026-12-14" or "12-14", the latter in a leap year; the
// zero time where there is no such day, which is a diagnostic, or no text.
func (d *decoder) dayOrYearly(key, text string) time.Time {
	full := text
	if len(text) == len("12-14") {
		full = "2000-" + text
	}
	day, err := time.Parse(time.DateOnly, full)
	if err != nil && text != "" {
		d.bad(key, "bad-value", diag.Say("there is no day %q", text), diag.Phrase{})
	}
	return day
}

// regionHint lists the regions of the same country, else the countries.
func regionHint(region string) diag.Phrase {
	country, _, part := strings.Cut(region, "-")
	var countries, parts []string
	for _, r := range holiday.Regions() {
		of, name, divided := strings.Cut(r, "-")
		switch {
		case !divided:
			countries = append(countries, r)
		case of == country:
			parts = append(parts, name)
		}
	}
	switch {
	case len(parts) > 0:
		return diag.Say("Possible: %s, or %s- and one of %s.", country, country, strings.Join(parts, ", "))
	case part && holiday.Known(country):
		return diag.Say("Write %s: only the holidays of the whole country are known.", country)
	}
	return diag.Say("Possible: %s; name other days under train.blocked.", strings.Join(countries, ", "))
}
