package compose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

func fixtureChecklist(t testing.TB, c *config.Config, r *model.Release) (model.Checklist, diag.List) {
	t.Helper()
	d, list := LoadDay(content.FS, model.German)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return Checklist(c, r, d, Header(c, r, model.German, fixtureDay))
}

func TestRiskyRowsComeFirst(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(9)
	r.Changes[5].Breaking = true
	r.Changes[7].Trailers = append(r.Changes[7].Trailers, model.Trailer{Key: "Risk", Value: "rechnet Preise neu"})
	list, _ := fixtureChecklist(t, c, &r)
	var got []string
	for _, row := range list.Matrix[0].Checks {
		got = append(got, fmt.Sprintf("%s %s %s %s", row.Code, row.ChangeID, row.Kind, row.RiskWhy))
	}
	want := []string{
		"C01 !400 added migration", "C02 !404 changed area", "C03 !408 fixed area", "C04 !405 fixed breaking", "C05 !407 changed rechnet Preise neu",
		"C06 !406 added ", "C07 !403 added ", "C08 !401 changed ", "C09 !402 fixed ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCellsThatDoNotApplySayWhy(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(4)
	list, _ := fixtureChecklist(t, c, &r)
	got := map[string]string{}
	for _, row := range list.Matrix[0].Checks {
		for _, cell := range row.Cells {
			got[row.ChangeID+" "+cell.System] = cell.Reason
			if cell.NA != (cell.Reason != "") {
				t.Errorf("%s on %s: doesn't apply %v, reason %q", row.ChangeID, cell.System, cell.NA, cell.Reason)
			}
		}
	}
	for cell, want := range map[string]string{
		"!400 K1": "", "!400 K4": "", "!402 K1": "", "!402 K3": "", "!402 K2": model.NotForSystem,
		"!402 K4": model.NotForSystem, "!403 K4": model.WithoutArea, "!403 K6": "",
	} {
		if reason, ok := got[cell]; !ok || reason != want {
			t.Errorf("%s: reason %q, want %q", cell, reason, want)
		}
	}
	for cell := range got {
		if strings.HasSuffix(cell, "K5") || strings.HasSuffix(cell, "T1") {
			t.Errorf("%s has a box but doesn't get the release", cell)
		}
	}
}

func TestWithdrawnAndInternalChangesGiveNoRow(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(6)
	r.Changes[0].Bucket = model.BucketWithdrawn
	r.Changes[1].Bucket = model.BucketDelivered
	r.Changes[2].Audience.Scope = model.AudienceInternal
	r.Changes[3].NoNote = true
	list, _ := fixtureChecklist(t, c, &r)
	if list.Rows != 2 || len(list.Matrix[0].Checks) != 2 {
		t.Errorf("%d rows, want 2", list.Rows)
	}
}

func TestSystemsAreSplitNeverShrunk(t *testing.T) {
	for systems, want := range map[int]string{0: "1", 1: "1", 6: "6", 7: "6 1", 14: "6 6 2", 40: "6 6 6 6 6 6 4"} {
		c, r := fixtureConfig(), fixtureRelease(3)
		c.Systems = nil
		for i := range systems {
			c.Systems = append(c.Systems, config.System{ID: fmt.Sprintf("K%d", i+1)})
		}
		list, _ := fixtureChecklist(t, c, &r)
		var got []string
		for _, b := range list.Matrix {
			got = append(got, fmt.Sprint(len(b.Systems)))
			for _, row := range b.Checks {
				if len(row.Cells) != len(b.Systems) {
					t.Errorf("%d systems: row %s has %d cells in a block of %d", systems, row.Code, len(row.Cells), len(b.Systems))
				}
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d systems in blocks of %v, want %s", systems, got, want)
		}
	}
}

func TestCoverageIsSaid(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(6)
	r.Changes[3].Trailers = nil
	r.Changes[4].Trailers = []model.Trailer{{Key: "Verify", Value: "none, because only the next invoice run shows it"}}
	list, problems := fixtureChecklist(t, c, &r)
	if list.Rows != 6 || list.Missing != 2 || list.Uncheckable != 1 {
		t.Errorf("%d rows, %d missing, %d uncheckable; want 6, 2, 1", list.Rows, list.Missing, list.Uncheckable)
	}
	var commits []string
	for _, p := range problems {
		if p.Code != "no-check" || p.Hint == "" {
			t.Errorf("unexpected %s", p)
		}
		commits = append(commits, p.Position.Commit)
	}
	if want := []string{string(r.Changes[2].Merge), string(r.Changes[3].Merge)}; !slices.Equal(commits, want) {
		t.Errorf("told of %v, want %v", commits, want)
	}
	for _, row := range list.Matrix[0].Checks {
		if row.ChangeID == "!404" && (!row.Uncheckable || !slices.Equal(row.How, []string{"only the next invoice run shows it"})) {
			t.Errorf("!404: %+v", row)
		}
	}
}

// Standing checks are due for the touched area, for areas that build on it over
// any number of steps, and everywhere.
func TestInteractions(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(2)
	r.Changes = r.Changes[1:] // touches prices alone
	c.Areas = append(c.Areas, config.Area{ID: "dunning", Name: model.Text{"de": "Mahnung"}, Depends: []string{"invoice"}})
	list, _ := fixtureChecklist(t, c, &r)
	var got []string
	for _, i := range list.Interactions {
		got = append(got, strings.Join([]string{i.Code, i.Title, i.Area, i.Because}, "|"))
	}
	want := []string{
		"I01|Preise: die meistgenutzte Funktion, wie jeden Tag||",
		"I02|Rechnung: die meistgenutzte Funktion, wie jeden Tag|Rechnung|Preise",
		"I03|Mahnung: die meistgenutzte Funktion, wie jeden Tag|Mahnung|Preise",
		"I04|Hintergrundläufe und Schnittstellen||", "I05|Fehlerprotokoll||",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(list.Smoke) != 3 || list.Blank != 8 || len(list.SignOffs) != 1 || list.SignOffs[0].Code != "2" {
		t.Errorf("smoke %d, lines %d, sign-offs %v", len(list.Smoke), list.Blank, list.SignOffs)
	}
}

func TestSplitSteps(t *testing.T) {
	for in, want := range map[string][]string{
		"open / save / print":              {"open", "save", "print"},
		"1. open 2. save":                  {"open", "save"},
		"1) open\n2) save":                 {"open", "save"},
		"open\n- save\n\n* print\r\nend":   {"open", "save", "print", "end"},
		"open a/b and c":                   {"open a/b and c"},
		"look for version 2. Open it":      {"look for version 2. Open it"},
		"1. open version 3. save":          {"open version 3. save"},
		"  ":                               nil,
		"am 3. Mai anlegen / 1. speichern": {"am 3. Mai anlegen", "speichern"},
		"turn \u202earound\u0007":          {"turn around"},
	} {
		if got := splitSteps(in); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func ExampleChecklist() {
	c := &config.Config{Languages: []model.Lang{model.English}, Timezone: "UTC", Systems: []config.System{{ID: "K1", Name: "Alpine Tours"}, {ID: "K2", Name: "Harbour Cruises", Areas: []string{"invoice"}}}}
	r := &model.Release{Tag: "v2", Changes: []model.Change{{
		ID: "!412", Title: "Deposit by season", Kind: model.KindAdded, Areas: []string{"booking"}, Audience: model.Audience{Scope: model.AudiencePublic},
		Trailers: []model.Trailer{{Key: "Verify", Value: "book for August / look at the deposit"}, {Key: "Expect", Value: "30 %"}},
	}}}
	day, _ := LoadDay(content.FS, model.English)
	list, _ := Checklist(c, r, day, Header(c, r, model.English, fixtureDay))
	for _, row := range list.Matrix[0].Checks {
		fmt.Println(row.Code, row.Title, row.How, row.Expect)
		for _, cell := range row.Cells {
			fmt.Printf("%s %v %q\n", cell.System, cell.NA, cell.Reason)
		}
	}
	// Output:
	// C01 Deposit by season [book for August look at the deposit] 30 %
	// K1 false ""
	// K2 true "without-area"
}

// Nobody writes the same text twice: what exists in one language only is shown
// in the other one too, and says which language it is in.
func TestTextsKeepTheirLanguage(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(3)
	r.Changes[0].Trailers = append(r.Changes[0].Trailers, model.Trailer{Key: "Expect", Value: "eine Liste"}, model.Trailer{Key: "Risk", Value: "sperrt die Tabelle"})
	r.Changes[1].Trailers = append(r.Changes[1].Trailers, model.Trailer{Key: "Deploy-Note-en", Value: "Stop the print service first"})
	r.Changes[2].Trailers = append(r.Changes[2].Trailers, model.Trailer{Key: "Verify", Value: "keine, weil erst nachts zu sehen"})
	for _, l := range []model.Lang{model.German, model.English} {
		day, _ := LoadDay(content.FS, l)
		h := Header(c, &r, l, fixtureDay)
		list, _ := Checklist(c, &r, day, h)
		book, _ := Runbook(c, &r, day, h)
		var got []string
		say := func(what, text string, in model.Lang) { got = append(got, what+" "+text+" "+string(in)) }
		for _, s := range h.Systems {
			if s.Why != "" {
				say(s.ID, s.Why, s.WhyLang)
			}
		}
		for _, row := range list.Matrix[0].Checks {
			say(row.ChangeID, row.How[0], row.HowLang)
			if row.Expect != "" {
				say("expect", row.Expect, row.ExpectLang)
				say("risk", row.RiskWhy, row.RiskLang)
			}
		}
		for _, n := range book.Special {
			say(n.Code, n.Text, n.TextLang)
			if n.Rollback != "" {
				say("back", n.Rollback, n.BackLang)
			}
		}
		want := map[model.Lang][]string{
			model.German: {
				"K5 Inventur bis Mittwoch ", "!400 Vorgang öffnen ", "expect eine Liste ", "risk sperrt die Tabelle ", "!401 Vorgang öffnen ", "!402 erst nachts zu sehen ",
				book.Special[0].Code + " " + book.Special[0].Text + " ", "back 0042_down.sql einspielen ",
				"B2 Vor dem Start den Druckdienst anhalten ", "B3 Preiscache leeren ", "back Cache erneut leeren ",
			},
			model.English: {
				"K5 Inventur bis Mittwoch de", "!400 Vorgang öffnen de", "expect eine Liste de", "risk sperrt die Tabelle de", "!401 Vorgang öffnen de", "!402 erst nachts zu sehen de",
				book.Special[0].Code + " " + book.Special[0].Text + " ", "back 0042_down.sql einspielen de",
				"B2 Stop the print service first ", "B3 Preiscache leeren de", "back Cache erneut leeren de",
			},
		}[l]
		if !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", l, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// A change that no system of today has is told: its row has no box.
func TestRowWithoutBox(t *testing.T) {
	c, r := fixtureConfig(), fixtureRelease(3)
	c.Areas = append(c.Areas, config.Area{ID: "fleet", Name: model.Text{"de": "Flotte"}})
	for i := range c.Systems {
		c.Systems[i].Areas = []string{"booking", "price", "invoice"}
	}
	r.Changes[1].Areas = []string{"fleet"}
	_, list := fixtureChecklist(t, c, &r)
	var got []string
	for _, d := range list {
		if d.Code == "no-box" {
			got = append(got, d.Position.Commit+" "+d.Severity.String())
		}
	}
	if want := []string{string(r.Changes[1].Merge) + " note"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A change that can't be checked alone leaves no box to tick.
func TestUncheckableHasNoBoxes(t *testing.T) {
	for name, systems := range map[string]int{"with systems": 7, "without systems": 0} {
		c, r := fixtureConfig(), fixtureRelease(1)
		c.Systems = c.Systems[:systems]
		r.Changes[0].Trailers = []model.Trailer{{Key: "Verify", Value: "none, because only the night shows it"}}
		list, _ := fixtureChecklist(t, c, &r)
		cells := list.Matrix[0].Checks[0].Cells
		for _, cell := range cells {
			if !cell.NA || cell.Reason != model.NotAlone {
				t.Errorf("%s: %+v", name, cell)
			}
		}
		if len(cells) == 0 {
			t.Errorf("%s: no cells", name)
		}
	}
}

// Where a text of the content names boxes that lie on another sheet, it says on
// which one; and nobody signs a gate who neither decides nor confirms.
func TestShippedPlanOnPaper(t *testing.T) {
	for l, page := range map[model.Lang]string{model.German: "Seite 1", model.English: "page 1"} {
		c, r := fixtureConfig(), fixtureRelease(3)
		day, _ := LoadDay(content.FS, l)
		book, problems := Runbook(c, &r, day, Header(c, &r, l, fixtureDay))
		if slices.ContainsFunc(problems, func(d diag.Diagnostic) bool { return d.Code == "long-text" }) {
			t.Errorf("%s: %v", l, problems)
		}
		for _, p := range book.Phases {
			for _, s := range p.Steps {
				if (s.Code == "S03" || s.Code == "S04") && (!strings.Contains(s.Text, page) || len([]rune(s.Text)) > 75) {
					t.Errorf("%s: %s %q", l, s.Code, s.Text)
				}
				if s.Code == "G4" && (s.Gate.Decider != "SUP" || s.Gate.Confirm != "") {
					t.Errorf("%s: G4 is signed by %q and %q", l, s.Gate.Decider, s.Gate.Confirm)
				}
			}
		}
	}
}
