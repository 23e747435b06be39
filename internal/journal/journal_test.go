package journal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/model"
)

// samplePlan is a small day: a gate, the rollout on three systems, a gate, a
// mail, checks, the close.
func samplePlan() Plan {
	return Plan{
		Version: "2026.14.0", Baseline: "2026.13.0", Rollout: "S07", Close: "S10",
		Steps: []PlanStep{
			{Code: "S01", Kind: model.StepAction, Start: 375, End: 380},
			{Code: "G1", Kind: model.StepGate, Start: 394, End: 395, After: []string{"S01"}},
			{Code: "S06", Kind: model.StepAction, Start: 395, End: 415, After: []string{"G1"}, Systems: true, Database: true},
			{Code: "S07", Kind: model.StepAction, Start: 415, End: 425, After: []string{"S06"}, Systems: true},
			{Code: "K3", Kind: model.StepBreak, Start: 420, End: None},
			{Code: "V1", Kind: model.StepCheck, Start: 435, End: 437, After: []string{"S07"}},
			{Code: "G3", Kind: model.StepGate, Start: 440, End: 441, After: []string{"V1"}},
			{Code: "M1", Kind: model.StepMail, Start: 441, End: 446, After: []string{"G3"}},
			{Code: "H1", Kind: model.StepAction, Start: None, End: None},
			{Code: "S10", Kind: model.StepAction, Start: 900, End: None},
		},
		Rows:     []PlanRow{{Code: "C01", Title: "Deposits", Systems: []string{"K1", "K2", "K3"}}, {Code: "C07", Title: "Price", Systems: []string{"K1", "K3"}}},
		Systems:  []PlanSystem{{"K1", true}, {"K2", true}, {"K3", true}, {"K5", false}},
		Initials: []string{"MK", "TS", "SAd"},
	}
}

func ExampleParse() {
	events, problems := Parse("day.log", "S06 0635-0702\nG1 go MK/TS\nV07 K3 x2 price wrong\nH1 2026.14.1 core-1501\nS99 0700", samplePlan())
	for _, e := range events {
		fmt.Println(e.Kind, "|", e)
	}
	for _, d := range problems {
		fmt.Println(d)
	}
	// Output:
	// step | S06 06:35-07:02
	// gate | G1 go MK/TS
	// check | C07 K3 x2 | price wrong
	// hotfix | H1 2026.14.1 core-1501
	// day.log:5:1: error: nothing is called "S99"
	//   hint: Possible: S01, S06, S07, S10; write `note` before anything else.
}

// What people type in a hurry means the same as what the paper says.
func TestTyping(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"s6 6:35 – 7.02", "S06 06:35-07:02"}, {"S06: 0635-0702", "S06 06:35-07:02"}, {"S006 0635—0702 Uhr", "S06 06:35-07:02"},
		{"0635 S06", "S06 06:35"}, {"S06 0635-", "S06 06:35-"}, {"S06 -0702", "S06 -07:02"},
		{"S06 2355-2410", "S06 23:55-24:10"}, {"S7 k1,K3 655-658", "S07 K1,K3 06:55-06:58"},
		{"S07 K1 K3 0655", "S07 K1,K3 06:55"}, {"g1 GO mk/ts 0634", "G1 06:34 go MK/TS"},
		{"G1 no go MK backup is missing", "G1 no-go MK | backup is missing"}, {"G1 nicht freigegeben", "G1 no-go"},
		{"G1 mit Auflage MK nur K1", "G1 go-with MK | nur K1"}, {"G3 K2 nein", "G3 K2 no-go"},
		{"c7 K3 OK SAd", "C07 K3 ok SAd"}, {"C7 ✓", "C07 ok"}, {"C07 K3 ✗2b Preis falsch", "C07 K3 x2b | Preis falsch"},
		{"C07 K1,K3 blockiert", "C07 K1,K3 blocked"}, {"C01 K2 entfällt", "C01 K2 na"},
		{"X2 B SAd", "X2 B SAd"}, {"x2 ok", "X2 ok"}, {"X2 accepted next version", "X2 accepted | next version"},
		{"H1 K3 v2026.14.1 core-1501 x2 1010-1040", "H1 K3 10:10-10:40 v2026.14.1 core-1501 x2"}, {"H1 1010-1040", "H1 10:10-10:40"},
		{"K3 rolled back 0810", "K3 08:10 rolled back"}, {"K3 0720", "K3 07:20"}, {"K5 heute nicht zieht um", "K5 not today | zieht um"}, {"K5 heute doch", "K5 on the list"}, {"K5 auf der Liste | war vergessen", "K5 on the list | war vergessen"},
		{"K1 2026.14.2", "K1 2026.14.2"}, {"note quiet – so far", "note | quiet – so far"}, {"0720 note phone", "07:20 note | phone"},
		{"V1 ok", "V1 ok"}, {"M1 0721 K1,K2", "M1 K1,K2 07:21"}, {"S01 0615-0620 - MK came late", "S01 06:15-06:20 | MK came late"},
	} {
		events, list := Parse("day.log", c.line, samplePlan())
		if len(list) > 0 || len(events) != 1 {
			t.Errorf("%q: %d events, %v", c.line, len(events), list)
			continue
		}
		if got := events[0].String(); got != c.want {
			t.Errorf("%q reads as %q, want %q", c.line, got, c.want)
		}
	}
}

// Each mistake is told with its line and what could have been meant.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ line, message, hint string }{
		{"S06 0702-0635", `S06 ends at 06:35, before it begins at 07:02`, "the earlier time first"},
		{"S06 2355-0010", `ends at 00:10`, "write 2410"},
		{"S06 0675", `"0675" is no time`, "0635"}, {"S06 3510-3512", `is no time`, ""},
		{"Q1 0635", `nothing is called "Q1"`, "S01"}, {"hello", `nothing is called "hello"`, "note"},
		{"C07 K9 ok", `there is no system "K9"`, "Systems: K1, K2, K3, K5"}, {"C07 K1,K9 ok", `"K9"`, ""},
		{"G1 MK", "gate G1 has no decision", "G1 go MK/TS"}, {"C07 K3", "row C07 has no result", "C07 K1 ok"},
		{"H2 core-1501", "hotfix H2 names no version", "H2 2026.14.1"}, {"S06", "nothing is said about step S06", "S06 0635-0702"},
		{"note", "the note is empty", ""}, {"V19 K1 ok", `nothing is called "V19"`, ""},
		{"note \u202eabc", "invisible", ""}, {"note " + strings.Repeat("x", 3000), "more than 2000 bytes", ""}, {"note \xff", "invisible", ""},
	} {
		events, list := Parse("content/journal/x.log", "\n# words\n"+c.line, samplePlan())
		if len(events) != 0 || len(list) != 1 {
			t.Errorf("%q: %v, %v", c.line, events, list)
			continue
		}
		if d := list[0]; d.Position.Line != 3 || !strings.Contains(d.Message, c.message) || !strings.Contains(d.Hint, c.hint) {
			t.Errorf("%q: %s", c.line, d)
		}
	}
}

// Whatever can be written down is read back to the same.
func TestLinesReadBack(t *testing.T) {
	p := samplePlan()
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	for i := range 4000 {
		e := Event{Line: 1, From: None, To: None, Words: pick("", "price wrong", "0635 x2 K3 go", "- two dashes", "ok", "„Zitat“ – und mehr")}
		if r.IntN(2) == 0 {
			e.From = Clock(r.IntN(24 * 60))
		}
		if e.From >= 0 && r.IntN(2) == 0 {
			e.To = e.From + Clock(r.IntN(200))
		}
		if r.IntN(3) == 0 {
			e.Systems = []string{pick("K1", "K2"), "K3"}
		}
		if r.IntN(2) == 0 {
			e.Signs = []string{"MK", pick("TS", "SAd")}
		}
		switch e.Kind = Kind(pick("step", "gate", "check", "deviation", "hotfix", "system", "note")); e.Kind {
		case Step:
			e.Code, e.Open = pick("S06", "V1", "M1"), e.From >= 0 && e.To < 0 && r.IntN(2) == 0
			e.Result = Result(pick("ok", "blocked"))
		case Gate:
			e.Code, e.Decision = pick("G1", "G3"), Decision(pick("go", "no-go", "go-with"))
		case Check:
			e.Code, e.Result = pick("C01", "C07"), Result(pick("ok", "blocked", "retest", "accepted", "na", "deviation"))
			if e.Result == Deviates {
				e.Deviation, e.Class = r.IntN(9), pick("", "A", "B")
			}
		case Deviation:
			e.Deviation = 1 + r.IntN(9)
			e.Code, e.Class, e.Result = fmt.Sprintf("X%d", e.Deviation), pick("A", "B", "C"), Result(pick("", "ok", "accepted"))
		case Hotfix:
			e.Code, e.Version, e.Ticket, e.Deviation = "H2", "2026.14.1", pick("", "core-1501", "#12"), r.IntN(3)
		case System:
			e.Code, e.Systems, e.Back = pick("K1", "K3"), nil, true
			e.Version = pick("", "2026.14.2")
		case Note:
			e = Event{Line: 1, Kind: Note, From: e.From, To: None, Words: "said: " + e.Words}
			e.Words = strings.TrimSpace(e.Words)
		}
		got, list := Parse("x", e.String(), p)
		if len(list) > 0 || len(got) != 1 {
			t.Fatalf("%d: %q: %v", i, e, list)
		}
		if diff := cmp.Diff(e, got[0]); diff != "" {
			t.Fatalf("%q (-written +read):\n%s", e, diff)
		}
	}
}

// No line makes the reader fall over, and what it reads it reads again alike.
func FuzzParse(f *testing.F) {
	for _, line := range []string{"S06 0635-0702", "G1 go MK/TS", "V07 K3 x2 price wrong", "H1 2026.14.1 core-1501", "K3 rolled back 0810", "X2 B", "\ufeffnote –", "S06 -"} {
		f.Add(line)
	}
	p := samplePlan()
	f.Fuzz(func(t *testing.T, text string) {
		events, list := Parse("x", text, p)
		_ = list
		Derive("x", events, p)
		for _, e := range events {
			again, problems := Parse("x", e.String(), p)
			if len(problems) > 0 || len(again) != 1 {
				t.Fatalf("%q became %q: %v", text, e, problems)
			}
			if again[0].String() != e.String() || again[0].Kind != e.Kind {
				t.Fatalf("%q became %q, then %q", text, e, again[0])
			}
		}
	})
}

// Each line has the day that stands above it; one that is no day is told.
func TestDayOfLines(t *testing.T) {
	p := samplePlan()
	events, list := Parse("day.log", "S06 0635\n# day 2026-05-12\n# a remark\nS07 K1 0702\nS07 K2 0705\n# day 2026-05-19\nS07 K3 0658\n", p)
	if len(list) > 0 {
		t.Fatal(list)
	}
	var days []string
	for _, e := range events {
		days = append(days, e.Code+" "+e.Day)
	}
	if diff := cmp.Diff([]string{"S06 ", "S07 2026-05-12", "S07 2026-05-12", "S07 2026-05-19"}, days); diff != "" {
		t.Error(diff)
	}
	s, _ := Derive("day.log", events, p)
	if s.Day != "2026-05-19" || s.Latest.String() != "06:58" {
		t.Errorf("%s %s", s.Day, s.Latest)
	}
	for _, bad := range []string{"# day 2026-02-30", "#day: 2026-5-12"} {
		if _, list := Parse("day.log", bad, p); len(list) != 1 || list[0].Position.Line != 1 {
			t.Errorf("%q: %v", bad, list)
		}
	}
	for _, none := range []string{"# day two begins", "# the day 2026-05-12"} {
		if d, ok := DayOf(none); ok {
			t.Errorf("%q read as %q", none, d)
		}
	}
}
