package compose

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// workspace gives the content folder with the English runbook replaced.
func workspace(t testing.TB, runbook string) fstest.MapFS {
	t.Helper()
	checks, err := content.FS.ReadFile("checks.en.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"runbook.en.yaml": {Data: []byte(runbook)}, "checks.en.yaml": {Data: checks}}
}

// plan wraps steps into a runbook with one phase; the first step's first key
// stands on line 7.
func plan(steps string) string {
	return "roles:\n  SUP: {name: Support}\nphases:\n  - code: P1\n    title: One\n    steps:\n" + steps
}

// Every mistake has its place, its code, and a hint that mends it.
func TestRunbookMistakes(t *testing.T) {
	const good = "      - {code: S01, at: start, for: 5, text: Begin, owner: SUP, deputy: SUP}\n"
	for name, c := range map[string]struct{ runbook, code, at, hint string }{
		"unknown key":      {plan("      - {code: S01, at: start, txt: Begin, text: Begin, owner: SUP, deputy: SUP}\n"), "unknown-key", "7:32", `"text"`},
		"unknown kind":     {plan("      - {code: S01, kind: wach, text: Begin, owner: SUP, deputy: SUP}\n"), "bad-value", "7:27", `"watch"`},
		"bad time":         {plan("      - {code: S01, at: 6.30 Uhr, text: Begin, owner: SUP, deputy: SUP}\n"), "bad-time", "7:25", "start-15"},
		"impossible clock": {plan("      - {code: S01, at: '25:00', text: Begin, owner: SUP, deputy: SUP}\n"), "bad-time", "7:25", "start-15"},
		"minutes":          {plan("      - {code: S01, at: start, for: soon, text: Begin, owner: SUP, deputy: SUP}\n"), "wrong-type", "7:37", "whole number"},
		"two of one code":  {plan(good + good), "duplicate-code", "8:9", "code of its own"},
		"no owner":         {plan("      - {code: S01, text: Begin, deputy: SUP}\n"), "step-without-owner", "7:9", "owner"},
		"no deputy":        {plan("      - {code: S01, text: Begin, owner: SUP}\n"), "step-without-deputy", "7:9", "reason"},
		"no text":          {plan("      - {code: S01, owner: SUP, deputy: SUP}\n"), "step-without-text", "7:9", "verb first"},
		"long text":        {plan("      - {code: S01, text: " + strings.Repeat("long ", 20) + ", owner: SUP, deputy: SUP}\n"), "long-text", "7:9", "detail"},
		"gate half empty":  {plan("      - {code: G1, kind: gate, owner: SUP, deputy: SUP, gate: {question: Go?, decider: SUP}}\n"), "gate-incomplete", "7:9", "stops nobody"},
		"gate empty":       {plan("      - {code: G1, kind: gate, text: Go, owner: SUP, deputy: SUP}\n"), "gate-incomplete", "7:9", "question"},
		"not a gate":       {plan("      - {code: S01, text: Go, owner: SUP, deputy: SUP, gate: {question: Go?, criteria: [a], decider: SUP, latest: start, no_go: stop}}\n"), "not-a-gate", "7:9", "kind: gate"},
		"after nobody":     {plan("      - {code: S01, text: Go, owner: SUP, deputy: SUP, after: [S02]}\n"), "unknown-step", "7:9", "S01"},
		"after itself":     {plan("      - {code: S01, text: Go, owner: SUP, deputy: SUP, after: [S01]}\n"), "circle", "7:9", "Remove one"},
		"a circle":         {plan(good + "      - {code: S02, text: Go, owner: SUP, deputy: SUP, after: [S01, S04]}\n      - {code: S03, text: Go, owner: SUP, deputy: SUP, after: [S02]}\n      - {code: S04, text: Go, owner: SUP, deputy: SUP, after: [S03]}\n"), "circle", "8:9", "Remove one"},
		"alias":            {"x: &a 1\n" + plan("      - {code: S01, text: *a, owner: SUP, deputy: SUP}\n"), "alias", "8:27", "Write the value out"},
		"list for mapping": {"- a\n", "wrong-type", "1:1", "key: value"},
		"not yaml":         {plan("      - {code: S01\n"), "yaml", "", "quote"},
		"no steps":         {"rolls: [Ada]\n", "no-steps", "", "phases"},
		"empty":            {"\n", "empty", "", "ships"},
		"far too many":     {plan(strings.Repeat("      - {at: start}\n", 1501)), "too-many-steps", "1:1", "one go"},
		"same key twice":   {plan("      - {code: S01, text: Go, text: Stop, owner: SUP, deputy: SUP}\n"), "duplicate-key", "", "Keep one"},
	} {
		t.Run(name, func(t *testing.T) {
			_, list := LoadDay(workspace(t, c.runbook), model.English)
			for _, d := range list {
				if d.Code != c.code {
					continue
				}
				if at := fmt.Sprintf("%d:%d", d.Position.Line, d.Position.Column); c.at != "" && at != c.at {
					t.Errorf("told at %s, want %s: %s", at, c.at, d)
				}
				if d.Position.File != "content/runbook.en.yaml" || !strings.Contains(d.Hint, c.hint) {
					t.Errorf("want a hint with %q: %s", c.hint, d)
				}
				return
			}
			t.Errorf("no diagnostic %q in %v", c.code, list)
		})
	}
}

func TestMissingFileIsTold(t *testing.T) {
	_, list := LoadDay(fstest.MapFS{}, model.English)
	if list.Count(diag.Error) != 2 || !strings.Contains(list[0].Hint, "daybreak init") {
		t.Errorf("want both files missed, with the way to get them: %v", list)
	}
}

// Rows without a stop: the tenth in a row is told, and a pause starts anew.
func TestRowsNeedPauses(t *testing.T) {
	var steps strings.Builder
	row := func(i int, kind string) {
		fmt.Fprintf(&steps, "      - {code: S%02d, kind: %s, text: Go, owner: SUP, deputy: SUP}\n", i, kind)
	}
	for i := range 9 {
		row(i, "step")
	}
	row(9, "break")
	for i := range 9 {
		row(10+i, "check")
	}
	if _, list := LoadDay(workspace(t, plan(steps.String())), model.English); len(list) > 0 {
		t.Errorf("nine rows, a pause and nine rows are fine: %v", list)
	}
	row(19, "step")
	if _, list := LoadDay(workspace(t, plan(steps.String())), model.English); len(list) != 1 || list[0].Code != "too-many-rows" {
		t.Errorf("want the tenth row told: %v", list)
	}
}

// What only the configuration can show: roles, crossing times, midnight.
func TestPlanMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		steps string
		train config.Train
		code  string
	}{
		"unknown role":        {"      - {code: S01, at: start, text: Go, owner: SUPP, deputy: SUP}\n", config.Train{}, "unknown-role"},
		"times cross":         {"      - {code: S01, at: opening, text: Go, owner: SUP, deputy: SUP}\n      - {code: S02, at: '08:00', text: Go, owner: SUP, deputy: SUP}\n", config.Train{}, "times-cross"},
		"past midnight":       {"      - {code: S01, at: opening+60, for: 120, text: Go, owner: SUP, deputy: SUP}\n", config.Train{Start: "20:00", Opening: "22:30"}, "past-midnight"},
		"before midnight":     {"      - {code: S01, at: start-60, text: Go, owner: SUP, deputy: SUP}\n", config.Train{Start: "00:30", Opening: "06:00"}, "past-midnight"},
		"gate too late":       {"      - {code: G1, at: database, kind: gate, owner: SUP, deputy: SUP, gate: {question: Go?, criteria: [a], decider: SUP, latest: rollback, no_go: stop}}\n", config.Train{Database: 120}, "gate-too-late"},
		"no time to go back":  {"      - {code: S01, at: start, text: Go, owner: SUP, deputy: SUP}\n", config.Train{Database: 180}, "no-time-to-roll-back"},
		"threshold too early": {"      - {code: S01, at: start, text: Go, owner: SUP, deputy: SUP, threshold: {at: start-1, when: a, then: b}}\n", config.Train{}, "threshold-too-early"},
		"unknown placeholder": {"      - {code: S01, at: start, text: 'Go {versoin}', owner: SUP, deputy: SUP}\n", config.Train{}, "unknown-placeholder"},
	} {
		t.Run(name, func(t *testing.T) {
			d, list := LoadDay(workspace(t, plan(c.steps)), model.English)
			if len(list) > 0 {
				t.Fatalf("the file itself is fine: %v", list)
			}
			conf := &config.Config{Languages: []model.Lang{model.English}, Timezone: "UTC", Train: &c.train}
			r := model.Release{}
			_, list = Runbook(conf, &r, d, Header(conf, &r, model.English, fixtureDay))
			for _, p := range list {
				if p.Code == c.code {
					if p.Hint == "" {
						t.Errorf("no hint: %s", p)
					}
					return
				}
			}
			t.Errorf("no diagnostic %q in %v", c.code, list)
		})
	}
}

func FuzzLoadDay(f *testing.F) {
	data, err := content.FS.ReadFile("runbook.en.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(plan("      - {code: S01, at: start, gate: {}, threshold: 1, systems: [], after: {}}\n"))
	f.Add("phases: [[[]]]\nroles: {a: 1}\nladder: [{until: 1}]\nspecial: []\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, _ := LoadDay(fstest.MapFS{"runbook.en.yaml": {Data: []byte(text)}, "checks.en.yaml": {Data: []byte(text)}}, model.English)
		c, r := fixtureConfig(), fixtureRelease(3)
		h := Header(c, &r, model.English, fixtureDay)
		book, list := Runbook(c, &r, d, h)
		for _, p := range book.Phases {
			for _, s := range p.Steps {
				if s.Clock != "" && len(s.Clock) != 5 && list.Count(diag.Error) == 0 {
					t.Errorf("clock time %q of step %s", s.Clock, s.Code)
				}
			}
		}
		Checklist(c, &r, d, h)
	})
}
