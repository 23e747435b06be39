package site

import (
	"bytes"
	"encoding/binary"
	"os/exec"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"

	"daybreak/internal/model"
)

// dayOn makes a day of the train in a zone, moved by some days.
func dayOn(t *testing.T, zone, regular string, moved, sequence int) model.TrainDay {
	t.Helper()
	at, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	day, err := time.ParseInLocation(time.DateOnly, regular, at)
	if err != nil {
		t.Fatal(err)
	}
	to := day.AddDate(0, 0, moved)
	y, m, d := to.Date()
	return model.TrainDay{
		Regular: day, Day: to, Sequence: sequence, Why: "Umzug; Teil 1, \"neu\"\r\nBEGIN:VEVENT",
		Start: time.Date(y, m, d, 6, 30, 0, 0, at), Opening: time.Date(y, m, d, 9, 0, 0, 0, at),
	}
}

// What a reader of RFC 5545 makes of the file are the days that went in: the
// same moments, whatever the zone, and hostile words stay words.
func TestCalendarIsRead(t *testing.T) {
	look := loadTheme(t)
	for _, zone := range []string{"Europe/Berlin", "UTC", "America/St_Johns", "Asia/Kolkata"} {
		days := []model.TrainDay{dayOn(t, zone, "2026-03-24", 0, 0), dayOn(t, zone, "2026-04-14", 1, 1), dayOn(t, zone, "2026-11-03", 0, 0)}
		off := dayOn(t, zone, "2026-12-01", 0, 2)
		off.Off, off.Day, off.Start, off.Opening = true, time.Time{}, time.Time{}, time.Time{}
		days = append(days, off)
		data := Calendar("Kürswagen\u202e & Söhne, sehr lange "+strings.Repeat("Überlänge ", 12), days, model.German, look)
		if !bytes.Equal(data, Calendar("Kürswagen\u202e & Söhne, sehr lange "+strings.Repeat("Überlänge ", 12), days, model.German, look)) {
			t.Errorf("%s: two runs differ", zone)
		}
		for i, line := range strings.SplitAfter(string(data), "\n") {
			if line != "" && !strings.HasSuffix(line, "\r\n") || len(line) > 77 {
				t.Errorf("%s: line %d is no content line of at most 75 octets: %q", zone, i+1, line)
			}
		}
		c, err := ics.ParseCalendar(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v\n%s", zone, err, data)
		}
		if len(c.Events()) != len(days) {
			t.Fatalf("%s: %d events of %d days", zone, len(c.Events()), len(days))
		}
		seen := map[string]bool{}
		for i, e := range c.Events() {
			if seen[e.Id()] {
				t.Errorf("%s: UID %s twice", zone, e.Id())
			}
			seen[e.Id()] = true
			if days[i].Off {
				if got := e.GetProperty(ics.ComponentPropertyStatus).Value; got != "CANCELLED" {
					t.Errorf("status %s", got)
				}
				continue
			}
			start, err1 := e.GetStartAt()
			end, err2 := e.GetEndAt()
			if err1 != nil || err2 != nil || !start.Equal(days[i].Start) || !end.Equal(days[i].Opening) {
				t.Errorf("%s: %v–%v, want %v–%v (%v %v)", zone, start, end, days[i].Start, days[i].Opening, err1, err2)
			}
		}
		if !strings.Contains(string(data), "TZID:"+zone) != (zone == "UTC") {
			t.Errorf("%s: the zone is not defined as it should be\n%s", zone, data)
		}
	}
}

// The zone's definition gives every day the offset that it really has.
func TestCalendarZone(t *testing.T) {
	data := string(Calendar("P", []model.TrainDay{dayOn(t, "Europe/Berlin", "2026-03-24", 0, 0), dayOn(t, "Europe/Berlin", "2026-04-14", 0, 0)}, model.German, loadTheme(t)))
	for _, part := range []string{
		"BEGIN:STANDARD\r\nDTSTART:20251026T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD",
		"BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT",
	} {
		if !strings.Contains(data, part) {
			t.Errorf("lacks %q:\n%s", part, data)
		}
	}
	if got := offsetText(-12600); got != "-0330" {
		t.Errorf("St. John's: %s", got)
	}
}

// ruled is Berlin's zone as a file holds it that ends with a rule instead of a list
// of changes (RFC 9636, 3.3), as Windows and small containers give it.
func ruled(t *testing.T) *time.Location {
	t.Helper()
	var b bytes.Buffer
	block := func(transition []byte) {
		b.WriteString("TZif2" + strings.Repeat("\x00", 15))
		for _, count := range []uint32{0, 0, 0, 1, 2, 9} { // UT and standard marks, leap seconds, changes, types, letters
			b.Write(binary.BigEndian.AppendUint32(nil, count))
		}
		b.Write(transition)
		b.WriteByte(0)
		b.Write([]byte{0, 0, 0x0e, 0x10, 0, 0, 0, 0, 0x1c, 0x20, 1, 4})
		b.WriteString("CET\x00CEST\x00")
	}
	const october1996 = 846378000
	block(binary.BigEndian.AppendUint32(nil, october1996))
	block(binary.BigEndian.AppendUint64(nil, october1996))
	b.WriteString("\nCET-1CEST,M3.5.0,M10.5.0/3\n")
	zone, err := time.LoadLocationFromTZData("Europe/Berlin", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// The same days make the same file, whichever form the machine's zone files have.
func TestCalendarOfEveryZoneFile(t *testing.T) {
	listed, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, days := range [][]string{{"2026-01-13"}, {"2026-11-03", "2027-01-26"}, {"2026-03-24", "2026-04-14"}, {"2025-12-30", "2028-12-26"}} {
		var files [][]byte
		for _, zone := range []*time.Location{listed, ruled(t)} {
			var train []model.TrainDay
			for _, day := range days {
				d := dayOn(t, "UTC", day, 0, 0)
				y, m, dd := d.Day.Date()
				d.Regular = time.Date(y, m, dd, 0, 0, 0, 0, zone)
				d.Day, d.Start, d.Opening = d.Regular, d.Regular.Add(6*time.Hour), d.Regular.Add(9*time.Hour)
				train = append(train, d)
			}
			files = append(files, Calendar("P", train, model.German, loadTheme(t)))
		}
		if diff := cmp.Diff(string(files[0]), string(files[1])); diff != "" || bytes.Contains(files[0], []byte("0101T")) {
			t.Errorf("%s: %s", days, diff)
		}
	}
}

// A day keeps its name however it moves: the file of the same day, the same UID.
func TestMovedDayKeepsItsUID(t *testing.T) {
	look := loadTheme(t)
	uid := func(d model.TrainDay) string {
		c, err := ics.ParseCalendar(bytes.NewReader(Calendar("P", []model.TrainDay{d}, model.English, look)))
		if err != nil {
			t.Fatal(err)
		}
		return c.Events()[0].Id()
	}
	a, b := uid(dayOn(t, "UTC", "2026-03-24", 0, 0)), uid(dayOn(t, "UTC", "2026-03-24", 3, 1))
	if a != b || a == uid(dayOn(t, "UTC", "2026-03-25", 0, 0)) {
		t.Errorf("%s, %s", a, b)
	}
}

// readByThunderbird prints what ical.js, the reader of Mozilla Thunderbird, makes
// of a calendar on its input: an event a line.
const readByThunderbird = `
import ICAL from "ical.js";
let text = "";
for await (const part of process.stdin) text += part;
const calendar = new ICAL.Component(ICAL.parse(text));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
for (const v of calendar.getAllSubcomponents("vevent")) {
  const e = new ICAL.Event(v);
  console.log(e.uid.slice(0, 10), e.sequence, v.getFirstPropertyValue("status"), e.startDate.toJSDate().toISOString(), e.endDate.toJSDate().toISOString());
}
`

// What another program than the one that wrote it reads is the same days.
func TestCalendarInThunderbird(t *testing.T) {
	look := loadTheme(t)
	days := []model.TrainDay{dayOn(t, "Europe/Berlin", "2026-03-24", 0, 0), dayOn(t, "Europe/Berlin", "2026-04-14", 1, 1), dayOn(t, "Europe/Berlin", "2026-11-03", 0, 0)}
	off := dayOn(t, "Europe/Berlin", "2026-12-01", 0, 2)
	off.Off, off.Day, off.Start, off.Opening = true, time.Time{}, time.Time{}, time.Time{}
	data := Calendar("Kürswagen; \"neu\", "+strings.Repeat("Überlänge ", 12), append(days, off), model.German, look)
	node, err := exec.LookPath("node")
	if err != nil {
		lacking(t, "ical.js needs Node")
	}
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-e", readByThunderbird)
	cmd.Dir, cmd.Stdin = web, bytes.NewReader(data)
	cmd.Env = append(cmd.Environ(), "TZ=UTC")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if strings.Contains(said.String(), "ERR_MODULE_NOT_FOUND") {
		lacking(t, "ical.js is not installed: run `make web`")
	}
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, said.String(), data)
	}
	want := `2026-03-24 0 CONFIRMED 2026-03-24T05:30:00.000Z 2026-03-24T08:00:00.000Z
2026-04-14 1 CONFIRMED 2026-04-15T04:30:00.000Z 2026-04-15T07:00:00.000Z
2026-11-03 0 CONFIRMED 2026-11-03T05:30:00.000Z 2026-11-03T08:00:00.000Z
2026-12-01 2 CANCELLED 2026-12-01T00:00:00.000Z 2026-12-02T00:00:00.000Z
`
	if string(out) != want {
		t.Errorf("got\n%swant\n%s", out, want)
	}
}

// A customer's day is the moment that it is, blocks nobody's time, has a UID of
// its own for each customer, and says nothing of why the day was moved.
func TestCustomerCalendar(t *testing.T) {
	look := loadTheme(t)
	day := dayOn(t, "Europe/Berlin", "2026-03-24", 1, 2)
	data := CustomerCalendar("Kürswagen", "2026.7.0", "K1", day, model.German, look)
	for _, hidden := range []string{"Umzug", "K1"} {
		if bytes.Contains(data, []byte(hidden)) {
			t.Errorf("it holds %q:\n%s", hidden, data)
		}
	}
	c, err := ics.ParseCalendar(bytes.NewReader(data))
	if err != nil || len(c.Events()) != 1 {
		t.Fatalf("%v\n%s", err, data)
	}
	e := c.Events()[0]
	start, err1 := e.GetStartAt()
	end, err2 := e.GetEndAt()
	if err1 != nil || err2 != nil || !start.Equal(day.Start) || !end.Equal(day.Opening) {
		t.Errorf("from %s to %s: %v %v", start, end, err1, err2)
	}
	if got := e.GetProperty(ics.ComponentPropertyTransp); got == nil || got.Value != "TRANSPARENT" {
		t.Errorf("TRANSP is %v", got)
	}
	other, err := ics.ParseCalendar(bytes.NewReader(CustomerCalendar("Kürswagen", "2026.7.0", "K2", day, model.German, look)))
	if err != nil || other.Events()[0].Id() == e.Id() {
		t.Errorf("two customers share the UID %s, %v", e.Id(), err)
	}
}
