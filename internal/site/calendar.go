package site

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"daybreak/internal/model"
	"daybreak/internal/theme"
)

// nextDays is how many days of the train the index shows.
const nextDays = 4

// calendars writes the train's days: all of them in one file, and a file a day
// under dates/, named by the rhythm's day. The index gets the next ones.
func (b *teamBuild) calendars(l model.Lang, page *TeamIndexPage) error {
	days := b.site.Days[l]
	if len(days) == 0 {
		return nil
	}
	page.Calendar = b.theme.T(l, "train.file") + ".ics"
	if err := b.sink.Put("team/"+b.dir(l)+page.Calendar, Calendar(b.site.Product, days, l, b.theme)); err != nil {
		return err
	}
	var newest time.Time
	for _, r := range b.site.Runbooks[l] {
		if r.Date.After(newest) && !r.Unreleased {
			newest = r.Date
		}
	}
	for _, d := range days {
		if d.Regular.After(newest) && len(page.Days) < nextDays {
			page.Days = append(page.Days, d)
		}
		if err := b.sink.Put("team/"+b.dir(l)+page.DayFile(d), Calendar(b.site.Product, []model.TrainDay{d}, l, b.theme)); err != nil {
			return err
		}
	}
	return nil
}

// icsTime is a local time as RFC 5545, 3.3.5 writes it.
const icsTime = "20060102T150405"

// Calendar makes an iCalendar file (RFC 5545) of the train's days. Each day
// keeps its UID for ever, however it moves; SEQUENCE counts the decisions about
// it, and a day that is taken away stays as CANCELLED, so that programs that
// took it over strike it out. Same days, same bytes: DTSTAMP is the day itself.
func Calendar(product string, days []model.TrainDay, l model.Lang, t *theme.Theme) []byte {
	c := ics.NewCalendarFor("daybreak")
	c.SetProductId("-//daybreak//train//" + strings.ToUpper(string(l)))
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(readable(t.T(l, "train.summary", "Product", product)))
	if len(days) > 0 {
		addZone(c, days)
	}
	for _, d := range days {
		addDay(c, product, d, l, t)
	}
	return []byte(c.Serialize(ics.WithNewLineWindows)) // RFC 5545, 3.1: CRLF on every system
}

func addDay(c *ics.Calendar, product string, d model.TrainDay, l model.Lang, t *theme.Theme) {
	sum := sha256.Sum256([]byte(product))
	e := c.AddEvent(fmt.Sprintf("%s.%x@train.daybreak", d.Regular.Format(time.DateOnly), sum[:4]))
	y, m, day := d.Regular.Date()
	e.SetDtStampTime(time.Date(y, m, day, 0, 0, 0, 0, time.UTC))
	e.SetSequence(d.Sequence)
	e.SetSummary(readable(t.T(l, "train.summary", "Product", product)))
	e.SetStatus(ics.ObjectStatusConfirmed)
	if d.Off {
		// Programs want a time even of what doesn't take place.
		e.SetStatus(ics.ObjectStatusCancelled)
		e.SetAllDayStartAt(d.Regular)
		e.SetDescription(readable(t.T(l, "train.off", "Why", d.Why)))
		return
	}
	setTime(e, ics.ComponentPropertyDtStart, d.Start)
	setTime(e, ics.ComponentPropertyDtEnd, d.Opening)
	about := t.T(l, "train.green", "Start", d.Start.Format("15:04"), "Opening", d.Opening.Format("15:04"))
	if d.Moved() {
		about += "\n" + t.T(l, "train.changed", "Day", t.Date(l, d.Regular), "Why", d.Why)
	}
	e.SetDescription(readable(about))
}

// CustomerCalendar makes a calendar file of one day of the train for a customer:
// when the version comes and that short interruptions are possible until the
// offices open. It holds nothing of why a day was moved; readers is whom it is
// for, so that no two customers' files share a UID. It blocks nobody's time.
func CustomerCalendar(product, version, readers string, d model.TrainDay, l model.Lang, t *theme.Theme) []byte {
	c := ics.NewCalendarFor("daybreak")
	c.SetProductId("-//daybreak//notes//" + strings.ToUpper(string(l)))
	c.SetMethod(ics.MethodPublish)
	addZone(c, []model.TrainDay{d})
	e := c.AddEvent(uuid(product, readers, d.Regular.Format(time.DateOnly)))
	y, m, day := d.Regular.Date()
	e.SetDtStampTime(time.Date(y, m, day, 0, 0, 0, 0, time.UTC))
	e.SetSequence(d.Sequence)
	e.SetSummary(readable(t.T(l, "mail.dateTitle", "Product", product, "Version", version)))
	e.SetDescription(readable(t.T(l, "mail.dateText", "Start", d.Start.Format("15:04"), "Opening", d.Opening.Format("15:04"))))
	e.SetStatus(ics.ObjectStatusConfirmed)
	e.SetTimeTransparency(ics.TransparencyTransparent)
	setTime(e, ics.ComponentPropertyDtStart, d.Start)
	setTime(e, ics.ComponentPropertyDtEnd, d.Opening)
	return []byte(c.Serialize(ics.WithNewLineWindows))
}

// uuid names something for ever, and says nothing of it (RFC 9562, 5.8; RFC 7986,
// 5.3 wants it of a UID).
func uuid(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// setTime writes a moment in its zone, or in UTC, which needs no definition.
func setTime(e *ics.VEvent, p ics.ComponentProperty, at time.Time) {
	if zone := at.Location().String(); zone != "UTC" {
		e.SetProperty(p, at.Format(icsTime), ics.WithTZID(zone))
		return
	}
	e.SetProperty(p, at.Format(icsTime)+"Z")
}

// addZone defines the time zone by every clock change that the days can see:
// no rule has to be guessed, and none can be outdated.
func addZone(c *ics.Calendar, days []model.TrainDay) {
	first, last := days[0].Regular, days[0].Regular
	for _, d := range days {
		for _, at := range []time.Time{d.Regular, d.Opening} {
			if !at.IsZero() && at.Before(first) {
				first = at
			}
			if at.After(last) {
				last = at
			}
		}
	}
	zone := first.Location()
	if zone.String() == "UTC" {
		return
	}
	z := c.AddTimezone(zone.String())
	for at := first; !at.After(last); {
		start, end := clockPeriod(at, last)
		name, offset := at.Zone()
		before := offset
		// Where a zone has no beginning, any early day is one.
		onset := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
		if !start.IsZero() {
			_, before = start.Add(-time.Second).Zone()
			onset = start.UTC().Add(time.Duration(before) * time.Second)
		}
		var part interface {
			AddProperty(ics.ComponentProperty, string, ...ics.PropertyParameter)
		}
		if at.IsDST() {
			daylight := &ics.Daylight{}
			z.Components = append(z.Components, daylight)
			part = daylight
		} else {
			standard := ics.NewStandard()
			z.Components = append(z.Components, standard)
			part = standard
		}
		part.AddProperty(ics.ComponentPropertyDtStart, onset.Format(icsTime))
		part.AddProperty("TZOFFSETFROM", offsetText(before))
		part.AddProperty("TZOFFSETTO", offsetText(offset))
		part.AddProperty("TZNAME", name)
		if end.IsZero() {
			return
		}
		at = end
	}
}

// clockPeriod gives when the clock was last changed up to a moment, and when it is
// changed next, searched up to another; zero for never. [time.Time.ZoneBounds] also
// stops at New Year where the machine's zone file ends with a rule instead of a list,
// and then the file would differ from machine to machine.
func clockPeriod(at, last time.Time) (start, end time.Time) {
	name, offset := at.Zone()
	same := func(t time.Time) bool {
		n, o := t.Zone()
		return n == name && o == offset && t.IsDST() == at.IsDST()
	}
	start, end = at.ZoneBounds()
	for !start.IsZero() && same(start.Add(-time.Second)) {
		start, _ = start.Add(-time.Second).ZoneBounds()
	}
	for !end.IsZero() && !end.After(last) && same(end) {
		_, end = end.ZoneBounds()
	}
	return start, end
}

// offsetText writes seconds east of UTC as RFC 5545, 3.3.14 does.
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}

// readable is visible for a whole text.
func readable(s string) string { return strings.Map(visible, s) }
