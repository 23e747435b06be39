package compose

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

func fixtureRunbook(t testing.TB, c *config.Config, r *model.Release) (model.Runbook, diag.List) {
	t.Helper()
	d, list := LoadDay(content.FS, model.German)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return Runbook(c, r, d, Header(c, r, model.German, fixtureDay))
}

func TestSpecialNotes(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(6)
	r.Alarms = []model.Alarm{{Code: "null-back-merge", Commit: "0123456789abcdef", In: "2026.13.1", Subject: "Preis runden"}}
	r.Changes[3].Reverts = []model.Hash{"feed"}
	r.Changes[4].Paths = []model.PathChange{{Status: 'M', Path: "config/print.yaml"}, {Status: 'D', Path: "db/migrations/0001.sql"}}
	r.Changes[5].Bucket = model.BucketWithdrawn
	r.Changes[5].Trailers = []model.Trailer{{Key: "Deploy-Note", Value: "darf nicht erscheinen"}}
	book, list := fixtureRunbook(t, c, &r)
	var got []string
	for _, n := range book.Special {
		got = append(got, fmt.Sprintf("%s %v %s | %s | %s | %s | %s | %s", n.Code, n.Alarm, n.Text, n.Rollback, strings.Join(n.Systems, "+"), n.Owner, n.Threshold, n.Source))
	}
	want := []string{
		"B1 true Klären vor G1: „Preis runden“ aus 2026.13.1 fehlt in dieser Version; der alte Fehler kann wiederkehren |  |  |  |  | 01234567",
		"B2 false Beobachten: Datenbankmigration 0042_gruppen.sql | 0042_down.sql einspielen |  | Jana Brandt, 232 | 06:55 läuft noch → Verzögerungsleiter | !400",
		"B3 false Vor dem Start den Druckdienst anhalten |  |  | Marta Klein, 214 |  | !401",
		"B4 false Preiscache leeren | Cache erneut leeren | K1+K3 | Jana Brandt, 232 |  | !402",
		"B5 false Nachsehen, dass es weg ist: „Buchungsliste zeigt Reisende in Gruppe 3“ ist zurückgenommen, Kunden hatten es schon |  |  | Jana Brandt, 232 |  | !403",
		"B6 false Abgleichen: Konfiguration auf jedem System von heute: print.yaml |  |  | Jana Brandt, 232 |  | !404",
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	if len(list) != 1 || list[0].Code != "no-rollback" || list[0].Position.Commit != string(r.Changes[1].Merge) {
		t.Errorf("want only the missing way back of !401 told: %v", list)
	}
	for _, p := range book.Phases {
		for _, s := range p.Steps {
			if s.Code == "S04" && !strings.HasSuffix(s.Text, "B1–B6") {
				t.Errorf("S04 says %q", s.Text)
			}
			if s.Code == "G1" && s.Detail != "Hinweis: B1" {
				t.Errorf("the gate doesn't name the note that names it: %q", s.Detail)
			}
			if s.Code == "S06" && !strings.Contains(s.Detail, "B2 (!400)") {
				t.Errorf("the database step doesn't name its migration: %q", s.Detail)
			}
		}
	}
}

// A note that says when stands at its step, too. A code that is a system's as well
// means the system, and coffee is never meant.
func TestNotesStandAtTheirStep(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(3)
	r.Changes[1].Trailers = []model.Trailer{{Key: "Deploy-Note", Value: "Auf K1 und K2 erst nach G3 einschalten, dann V2 wiederholen; G33 und xG3 meint nichts"}}
	r.Changes[2].Trailers = []model.Trailer{{Key: "Deploy-Note", Value: "Nach G3: Preiscache leeren"}}
	book, _ := fixtureRunbook(t, c, &r)
	got := map[string]string{}
	for _, p := range book.Phases {
		for _, s := range p.Steps {
			if strings.Contains(s.Detail, "Hinweis: ") {
				got[s.Code] = s.Detail
			}
		}
	}
	if want := map[string]string{"G3": "Hinweis: B2, B3", "V2": "Hinweis: B2"}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The ladder says how many of the last days would end on which rung today.
func TestLadderKnowsTheLastDays(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(3)
	book, _ := fixtureRunbook(t, c, &r)
	var runs []model.PastRun
	for _, minutes := range []int{18, 30, 35, 200, 20, 1} { // the sixth is too old
		runs = append(runs, model.PastRun{Version: "v", Minutes: minutes})
	}
	list := AddPastRuns(c, &book, runs)
	var got []string
	for _, r := range book.Ladder {
		got = append(got, fmt.Sprint(r.Until, " ", r.Runs))
	}
	if s := strings.Join(got, ", "); s != "07:05 3, 07:20 1, 07:45 0, 08:00 0, 08:15 0" {
		t.Errorf("rungs %s", s)
	}
	if book.Median != 30 || book.Worst != 200 || len(book.Past) != 5 {
		t.Errorf("median %d, worst %d of %d", book.Median, book.Worst, len(book.Past))
	}
	if len(list) != 1 || list[0].Code != "database-takes-longer" {
		t.Errorf("%v", list)
	}
}

// A runbook without words for what daybreak finds still shows what it found.
func TestNotesWithoutWords(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(1)
	d, _ := LoadDay(workspace(t, plan("      - {code: S01, at: start, text: Go, owner: SUP, deputy: SUP}\n")), model.English)
	book, list := Runbook(c, &r, d, Header(c, &r, model.English, fixtureDay))
	if len(book.Special) != 1 || !strings.Contains(book.Special[0].Text, "0042_gruppen.sql") {
		t.Errorf("notes %+v", book.Special)
	}
	if list.Count(diag.Warning) == 0 || list[0].Code != "special-text-missing" {
		t.Errorf("want the missing words told: %v", list)
	}
}

func TestNothingSpecialIsSaid(t *testing.T) {
	c := fixtureConfig()
	r := model.Release{Tag: "v2"}
	book, _ := fixtureRunbook(t, c, &r)
	if len(book.Special) != 0 {
		t.Fatalf("notes out of nothing: %v", book.Special)
	}
	if s := book.Phases[0].Steps[4]; s.Code != "S04" || !strings.HasSuffix(s.Text, "nichts gemeldet") {
		t.Errorf("%s says %q", s.Code, s.Text)
	}
}

// The whole day moves with the configuration, and rungs that the last moment
// for a rollback overtakes are left out.
func TestDayMovesWithTheTrain(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(3)
	c.Train.Start, c.Train.Opening, c.Train.Database, c.Train.Rollback, c.Train.Buffer = "05:00", "07:30", 40, 45, 10
	book, list := fixtureRunbook(t, c, &r)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range book.Phases {
		for _, s := range p.Steps {
			got[s.Code] = s.Clock + "-" + s.End
			if s.Code == "G2" && s.Gate.Latest != "06:35" {
				t.Errorf("the last moment for a rollback is %s, want 07:30 − 45 − 10 = 06:35", s.Gate.Latest)
			}
		}
	}
	for code, want := range map[string]string{"S01": "04:45-04:50", "S06": "05:05-05:45", "S07": "05:45-05:55", "S08": "06:20-06:21", "S09": "07:30-07:35", "S10": "13:30-"} {
		if got[code] != want {
			t.Errorf("%s at %s, want %s", code, got[code], want)
		}
	}
	var rungs []string
	for _, r := range book.Ladder {
		rungs = append(rungs, r.Until)
	}
	if got, want := strings.Join(rungs, " "), "05:55 06:10 06:20 06:35"; got != want {
		t.Errorf("ladder %s, want %s", got, want)
	}
}

func TestWatchStripsAndSystems(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(3)
	book, _ := fixtureRunbook(t, c, &r)
	for _, p := range book.Phases {
		for _, s := range p.Steps {
			switch s.Code {
			case "W2":
				if got, want := strings.Join(s.Boxes, " "), "07:45 08:00 08:15 08:30 08:45 09:00"; got != want {
					t.Errorf("W2 has boxes %s, want %s", got, want)
				}
			case "S07", "V1", "G3":
				if got, want := systemList(s.Systems), "K1, K2, K3, K4, K6"; got != want {
					t.Errorf("%s is for %s, want %s", s.Code, got, want)
				}
			}
		}
	}
	var people []string
	for _, p := range book.People {
		people = append(people, strings.Join([]string{p.Role, p.Name, p.Initials, p.Phone, p.Deputy, p.DeputyPhone}, "|"))
	}
	if got, want := strings.Join(people, "\n"), "SUP|Marta Klein|MK|214|Tom Seidel|231\nDEV|Jana Brandt|JB|232|Tom Seidel|231\nCDEV|||||\nTEAM|||||"; got != want {
		t.Errorf("people\n%s\nwant\n%s", got, want)
	}
}

func TestHeader(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(7)
	r.Changes[6].Audience.Scope = model.AudienceInternal
	h := Header(c, &r, model.German, time.Time{})
	if got := h.Date.Format(time.DateOnly); got != "2026-05-12" {
		t.Errorf("day %s, want the tag's", got)
	}
	if got := h.Next.Format(time.DateOnly); got != "2026-06-02" {
		t.Errorf("next %s, want three weeks later", got)
	}
	if fmt.Sprint(h.Counts) != "[{added 2} {changed 2} {fixed 2}]" || h.Internal != 1 {
		t.Errorf("counts %v, internal %d", h.Counts, h.Internal)
	}
	if h.Systems[0].Today || h.Systems[5].Today || h.Systems[5].Why != "Inventur bis Mittwoch" || !h.Systems[1].Today {
		t.Errorf("systems %v", h.Systems)
	}
}

// Every fact that a sheet shows moves the fingerprint; nothing else does.
func TestFingerprint(t *testing.T) {
	print := func(change func(*config.Config, *model.Release)) string {
		c, r := fixtureConfig(), fixtureRelease(5)
		change(c, &r)
		return Header(c, &r, model.German, fixtureDay).Fingerprint
	}
	base := print(func(*config.Config, *model.Release) {})
	if len(base) != 8 {
		t.Errorf("fingerprint %q", base)
	}
	for name, change := range map[string]func(*config.Config, *model.Release){
		"colour": func(c *config.Config, _ *model.Release) { c.Product.Accent = "#000000" },
		"withdrawn": func(_ *config.Config, r *model.Release) {
			r.Changes = append(r.Changes, model.Change{ID: "!9", Bucket: model.BucketWithdrawn})
		},
	} {
		if got := print(change); got != base {
			t.Errorf("%s moves the fingerprint", name)
		}
	}
	seen := map[string]string{base: "nothing"}
	for name, change := range map[string]func(*config.Config, *model.Release){
		"title":     func(_ *config.Config, r *model.Release) { r.Changes[2].Title += "." },
		"trailer":   func(_ *config.Config, r *model.Release) { r.Changes[2].Trailers[0].Value += "." },
		"migration": func(_ *config.Config, r *model.Release) { r.Changes[0].Paths[0].Path += "x" },
		"author":    func(_ *config.Config, r *model.Release) { r.Changes[0].Tip.Author = model.Person{Name: "X"} },
		"system":    func(c *config.Config, _ *model.Release) { c.Systems[2].NotToday = model.Text{"de": "Umzug"} },
		"phone":     func(c *config.Config, _ *model.Release) { c.People[0].Phone = "999" },
		"train":     func(c *config.Config, _ *model.Release) { c.Train.Start = "06:31" },
		"alarm":     func(_ *config.Config, r *model.Release) { r.Alarms = []model.Alarm{{Code: "tag-moved"}} },
		"tag":       func(_ *config.Config, r *model.Release) { r.Tag = "v2026.14.1" },
	} {
		got := print(change)
		if other := seen[got]; other != "" {
			t.Errorf("%s and %s have the same fingerprint", name, other)
		}
		seen[got] = name
	}
	d, _ := LoadDay(content.FS, model.German)
	changed := d
	changed.digest[0]++
	h := model.DayHeader{Fingerprint: base}
	if withContent(h, d).Fingerprint == withContent(h, changed).Fingerprint {
		t.Error("an edited runbook keeps the fingerprint")
	}
	windows := fstest.MapFS{}
	for _, name := range []string{"runbook.de.yaml", "checks.de.yaml"} {
		data, err := content.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		windows[name] = &fstest.MapFile{Data: bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))}
	}
	if there, list := LoadDay(windows, model.German); len(list) > 0 || withContent(h, d).Fingerprint != withContent(h, there).Fingerprint {
		t.Errorf("with line ends as on Windows the day has another fingerprint; %v", list)
	}
}

// nextTrain agrees with counting days one by one.
func TestNextTrain(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, train := range []config.Train{
		{Every: "3w", Weekday: "tuesday", First: "2026-01-06"}, {Every: "1w", Weekday: "sunday", First: "2026-03-25"},
		{Every: "2w", First: "2027-02-03"}, {Every: "6w", Weekday: "friday", First: "1969-12-30"},
	} {
		c := &config.Config{Languages: []model.Lang{model.German}, Timezone: "Europe/Berlin", Train: &train}
		first, err := time.Parse(time.DateOnly, train.First)
		if err != nil {
			t.Fatal(err)
		}
		for train.Weekday != "" && !strings.EqualFold(first.Weekday().String(), train.Weekday) {
			first = first.AddDate(0, 0, 1)
		}
		step := int(train.Every[0]-'0') * 7
		days := map[string]bool{}
		for d := first.AddDate(0, 0, -step*2000); d.Year() < 2029; d = d.AddDate(0, 0, step) {
			days[d.Format(time.DateOnly)] = true
		}
		for day := time.Date(2026, 1, 1, 23, 30, 0, 0, berlin); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
			want := day.AddDate(0, 0, 1)
			for !days[want.Format(time.DateOnly)] {
				want = want.AddDate(0, 0, 1)
			}
			got := nextTrain(c, day)
			if got.Format(time.DateTime) != want.Format(time.DateOnly)+" 00:00:00" {
				t.Fatalf("%+v after %s: %s, want %s", train, day, got, want)
			}
		}
	}
	if got := nextTrain(&config.Config{}, fixtureDay); !got.IsZero() {
		t.Errorf("a day without a train: %s", got)
	}
}

func ExampleRunbook() {
	c := &config.Config{Languages: []model.Lang{model.English}, Timezone: "UTC", Train: &config.Train{Start: "06:30", Opening: "09:00"}}
	r := &model.Release{Tag: "v2026.14.0", Previous: "v2026.13.0"}
	day, _ := LoadDay(content.FS, model.English)
	book, _ := Runbook(c, r, day, Header(c, r, model.English, time.Time{}))
	for _, p := range book.Phases {
		fmt.Println(p.From, p.To, p.Title)
	}
	for _, s := range book.Phases[0].Steps {
		fmt.Println(s.Clock, s.Code, s.Text)
	}
	// Output:
	// 06:15 06:35 Prepare and release
	// 06:35 07:30 Roll out
	// 07:30 12:30 Watch and check
	// 12:30 15:00 Close
	// 06:15 S01 Arrive, boot, sign in
	// 06:16 K1 Coffee 1
	// 06:20 S02 Lay out sheets, mail drafts, monitoring, phone list
	// 06:30 S03 Read aloud today's systems; tick each one on page 1
	// 06:32 S04 Read aloud what is special today (page 1): nothing reported
	// 06:34 G1 Give the green light
}
