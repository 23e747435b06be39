package compose

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/model"
)

// randomPlan makes up to 40 steps with every property that moves a time. What a
// step comes after stands in a random order of its own, so that the order of
// writing gives nothing away.
func randomPlan(r *rand.Rand) DayContent {
	d := DayContent{Lang: model.English, roles: []dayRole{{id: "A"}, {id: "B"}, {id: "C"}, {id: "MANY", several: true}}}
	kinds := []model.StepKind{model.StepAction, model.StepAction, model.StepCheck, model.StepGate, model.StepWatch, model.StepBreak, model.StepMail}
	owners := []string{"A", "B", "C", "A+B", "B+C", "MANY", "MANY+A"}
	order := r.Perm(1 + r.IntN(40))
	var steps []dayStep
	for i := range order {
		s := dayStep{code: fmt.Sprint("S", i), kind: kinds[r.IntN(len(kinds))], owner: owners[r.IntN(len(owners))], minutes: r.IntN(30), optional: r.IntN(10) == 0}
		if r.IntN(3) > 0 {
			s.at = &moment{atClock, 300 + r.IntN(300)}
		}
		if r.IntN(6) == 0 {
			s.slack = r.IntN(20)
		}
		for j := range order {
			if order[j] < order[i] && r.IntN(len(order)) < 2 {
				s.after = append(s.after, fmt.Sprint("S", j))
			}
		}
		steps = append(steps, s)
	}
	cut := r.IntN(len(steps) + 1)
	d.phases = []dayPhase{{code: "P1", steps: steps[:cut]}, {code: "P2", steps: steps[cut:]}}
	return d
}

// endOf is when the target ends if one step takes longer, each owner keeping the
// order of the plan: everything is pushed on until nothing moves any more.
func endOf(t *timetable, late, by int) minute {
	ends := make([]minute, len(t.steps))
	for moved := true; moved; {
		moved = false
		for i := range t.steps {
			s := &t.steps[i]
			if !s.timed {
				continue
			}
			begin := s.floor
			for _, j := range slices.Concat(s.waits, s.owners) {
				if t.steps[j].timed {
					begin = max(begin, ends[j])
				}
			}
			end := begin + (s.to - s.from)
			if i == late {
				end += minute(by)
			}
			if end > ends[i] {
				ends[i], moved = end, true
			}
		}
	}
	return ends[t.target]
}

func TestTimetableHolds(t *testing.T) {
	c := &config.Config{Languages: []model.Lang{model.English}, Timezone: "UTC"}
	targets, tight := 0, 0
	for seed := range uint64(400) {
		d := randomPlan(rand.New(rand.NewPCG(seed, 1)))
		p := d.timetable(c)
		if !reflect.DeepEqual(p, d.timetable(c)) {
			t.Fatalf("seed %d: two runs differ", seed)
		}
		for i := range p.steps {
			s := &p.steps[i]
			if !s.timed {
				if s.at != nil || slices.ContainsFunc(s.waits, func(j int) bool { return p.steps[j].timed }) {
					t.Fatalf("seed %d: %s has no time", seed, s.code)
				}
				continue
			}
			earliest := minute(-dayMinutes)
			if s.at != nil {
				earliest = p.clock.at(*s.at)
			}
			for _, j := range s.waits {
				if b := &p.steps[j]; b.timed {
					earliest = max(earliest, b.to+minute(b.slack))
				}
			}
			owned := false
			for j := range p.steps {
				o := &p.steps[j]
				shared := slices.ContainsFunc(s.takes, func(who string) bool { return slices.Contains(o.takes, who) })
				if i == j || !o.timed || !shared {
					continue
				}
				if max(s.from, o.from) < min(s.to, o.to) {
					t.Fatalf("seed %d: %v is at %s and %s at once", seed, s.takes, s.code, o.code)
				}
				owned = owned || o.to == s.from
			}
			if s.from < earliest || s.from > earliest && !owned {
				t.Fatalf("seed %d: %s begins at %s, could at %s", seed, s.code, s.from, earliest)
			}
			if s.from > earliest {
				tight++
			}
		}
		if p.target < 0 {
			continue
		}
		targets++
		slackHolds(t, seed, p)
	}
	if targets < 100 || tight < 100 {
		t.Fatalf("the plans are too easy: %d with a mail, %d steps that wait for their owner", targets, tight)
	}
}

// slackHolds checks a plan's slack against the target's end, step by step.
func slackHolds(t *testing.T, seed uint64, p *timetable) {
	t.Helper()
	planned := p.steps[p.target].to
	path := p.criticalPath()
	for i := range p.steps {
		s := &p.steps[i]
		switch {
		case !s.timed:
		case !s.leads:
			if endOf(p, i, 500) != planned {
				t.Fatalf("seed %d: nothing waits for %s, but a delay moves the target", seed, s.code)
			}
		case s.float < 0 || endOf(p, i, s.float) != planned || endOf(p, i, s.float+1) == planned:
			t.Fatalf("seed %d: the slack of %s is not %d", seed, s.code, s.float)
		}
		if s.critical() != slices.Contains(path, s.code) || s.critical() && s.float != 0 {
			t.Fatalf("seed %d: path %v, %s has slack %d", seed, path, s.code, s.float)
		}
		if s.critical() && s.from != s.floor && !slices.ContainsFunc(slices.Concat(s.waits, s.owners), func(j int) bool { return p.steps[j].critical() && p.steps[j].to == s.from }) {
			t.Fatalf("seed %d: nothing critical drives %s", seed, s.code)
		}
	}
	if !slices.Contains(path, p.steps[p.target].code) {
		t.Fatalf("seed %d: the path %v doesn't reach the target", seed, path)
	}
}

// The shipped day: ten minutes are free until the checks begin, none after.
func TestShippedPath(t *testing.T) {
	for _, l := range []model.Lang{model.German, model.English} {
		c, r := fixtureConfig(), fixtureRelease(3)
		d, _ := LoadDay(content.FS, l)
		book, list := Runbook(c, &r, d, Header(c, &r, l, fixtureDay))
		if err := list.Err(); err != nil {
			t.Fatal(err)
		}
		var slack []string
		for _, p := range book.Phases {
			for _, s := range p.Steps {
				if s.Slack > 0 || s.Critical {
					slack = append(slack, fmt.Sprint(s.Code, " ", s.Slack))
				}
			}
		}
		want := "S01 12, S02 12, S03 10, S04 10, G1 10, S05 10, S06 10, S07 10, V1 0, V2 0, V3 0, G3 0, M1 0"
		if got := strings.Join(slack, ", "); got != want {
			t.Errorf("%s: slack\n%s\nwant\n%s", l, got, want)
		}
		if got := strings.Join(book.CriticalPath, " "); got != "V1 V2 V3 G3 M1" || book.Told != "M1" || book.ToldBy != "07:26" || book.LastAbort != "08:15" {
			t.Errorf("%s: path %s, told by %s at %s, last abort %s", l, got, book.Told, book.ToldBy, book.LastAbort)
		}
	}
}

// Without a single clock time but the first, the day follows from what waits for
// what, who does it, and how long it takes; the database anchor is where its step
// really ends.
func TestTimesFromDependencies(t *testing.T) {
	d, list := LoadDay(workspace(t, plan(`      - {code: S01, at: start-10, for: 10, text: Go, owner: SUP, deputy: SUP}
      - {code: S02, after: [S01], for: 4, text: Go, owner: SUP, deputy: SUP}
      - {code: S03, after: [S01], for: 6, text: Go, owner: SUP, deputy: SUP}
      - {code: S04, after: [S03], for: database, text: Go, owner: DEV, deputy: SUP, threshold: {at: database, when: open, then: call}}
      - {code: S05, after: [S04], for: 5, text: Go, owner: DEV, deputy: SUP, slack: 7}
      - {code: M1, after: [S05], for: 5, kind: mail, text: Go, owner: SUP, deputy: DEV}
      - {code: H1, for: 60, text: Go, owner: SUP, deputy: DEV}
`)), model.English)
	if len(list) > 0 {
		t.Fatal(list)
	}
	c := &config.Config{Languages: []model.Lang{model.English}, Timezone: "UTC", Roles: []config.Role{{ID: "DEV"}}}
	r := model.Release{}
	book, list := Runbook(c, &r, d, Header(c, &r, model.English, fixtureDay))
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range book.Phases[0].Steps {
		got = append(got, fmt.Sprintf("%s %s-%s %d", s.Code, s.Clock, s.End, s.Slack))
	}
	want := "S01 06:20-06:30 7, S02 06:30-06:34 7, S03 06:34-06:40 7, S04 06:40-07:00 7, S05 07:00-07:05 7, M1 07:12-07:17 0, H1 - 0"
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if s := book.Phases[0].Steps[3]; !strings.HasPrefix(s.Threshold, "07:00 ") {
		t.Errorf("the anchor is not the computed end: %q", s.Threshold)
	}
}

// Whoever is in demand twice does first what comes first, whatever is written
// first.
func TestFirstComesFirst(t *testing.T) {
	d, _ := LoadDay(workspace(t, plan(`      - {code: S01, at: start+3, for: 5, text: Go, owner: SUP, deputy: SUP}
      - {code: S02, at: start, for: 5, text: Go, owner: SUP, deputy: SUP}
`)), model.English)
	var got []string
	for _, s := range d.timetable(&config.Config{}).steps {
		got = append(got, s.code+" "+s.from.String())
	}
	if text := strings.Join(got, ", "); text != "S01 06:35, S02 06:30" {
		t.Error(text)
	}
}

// What can't hold says what would.
func TestPlansThatCannotHold(t *testing.T) {
	for name, c := range map[string]struct {
		steps, want, hint string
		roles             []config.Role
	}{
		"an owner in two places": {
			steps: "      - {code: S01, at: start, for: 10, text: Go, owner: SUP, deputy: DEV}\n      - {code: S02, at: start+4, for: 5, text: Go, owner: SUP+DEV, deputy: SUP}\n",
			want:  "SUP would be at two steps at once: S01 lasts from 06:30 to 06:40, S02 is written for 06:34",
			hint:  "Write `at: start+10`, shorten S01, or give one of them to somebody else; `several: true` at a role says that it is more than one person.",
		},
		"one person in two roles": {
			steps: "      - {code: S01, at: '06:30', for: 10, text: Go, owner: SUP, deputy: DEV}\n      - {code: S02, at: '06:34', for: 5, text: Go, owner: DEV, deputy: SUP}\n",
			roles: []config.Role{{ID: "SUP", Person: "mk"}, {ID: "DEV", Person: "mk"}},
			want:  "Marta Klein would be at two steps at once: S01 lasts from 06:30 to 06:40, S02 is written for 06:34",
			hint:  "Write `at: '06:40'`, shorten S01, or give one of them to somebody else; `several: true` at a role says that it is more than one person.",
		},
		"who confirms a gate is elsewhere": {
			steps: "      - {code: S01, at: start, for: 10, text: Go, owner: DEV, deputy: SUP}\n      - {code: G1, at: start+5, kind: gate, owner: SUP, deputy: DEV, gate: {question: Go?, criteria: [a], decider: SUP, confirm: DEV, latest: start+20, no_go: stop}}\n",
			want:  "DEV would be at two steps at once: S01 lasts from 06:30 to 06:40, G1 is written for 06:35",
			hint:  "Write `at: start+10`, shorten S01, or give one of them to somebody else; `several: true` at a role says that it is more than one person.",
		},
		"before what it comes after": {
			steps: "      - {code: S01, at: start, for: 10, text: Go, owner: SUP, deputy: DEV}\n      - {code: S02, at: opening-146, after: [S01], for: 5, text: Go, owner: DEV, deputy: SUP}\n",
			want:  "step S02 is written for 06:34, but S01, which it comes after, ends at 06:40",
			hint:  "Write `at: opening-140`, remove `at`, or shorten S01.",
		},
		"inside what is kept free": {
			steps: "      - {code: S01, at: start, for: 10, slack: 5, text: Go, owner: SUP, deputy: DEV}\n      - {code: S02, at: start+12, after: [S01], for: 5, text: Go, owner: DEV, deputy: SUP}\n",
			want:  "step S02 is written for 06:42, but S01, which it comes after, ends at 06:40 and keeps 5 minutes free",
			hint:  "Write `at: start+15`, or shorten S01 or its `slack`.",
		},
		"the decision after the last moment to go back": {
			steps: "      - {code: M1, at: rollback+10, kind: mail, text: Go, owner: SUP, deputy: DEV}\n",
			want:  "the last moment for a rollback, 08:15, lies before 08:25, when customers are told that all is well (step M1)",
			hint:  "Begin earlier (train.start), or shorten train.rollback or train.buffer.",
		},
		"an anchor that moves itself": {
			steps: "      - {code: S01, at: database+5, for: database, text: Go, owner: SUP, deputy: DEV}\n",
			want:  "the database update begins at a moment that its own end moves",
			hint:  "Write its `at` without `database`, and let it come after nothing that is written with it.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, list := LoadDay(workspace(t, plan(c.steps)), model.English)
			if len(list) > 0 {
				t.Fatal(list)
			}
			conf := &config.Config{Languages: []model.Lang{model.English}, Timezone: "UTC", Roles: c.roles, People: fixtureConfig().People}
			r := model.Release{}
			_, list = Runbook(conf, &r, d, Header(conf, &r, model.English, fixtureDay))
			for _, p := range list {
				if p.Message == c.want {
					if p.Hint != c.hint || p.Position.String() == "" && p.Position.Part == "" {
						t.Errorf("%s", p)
					}
					return
				}
			}
			t.Errorf("not said: %q in\n%v", c.want, list)
		})
	}
}
