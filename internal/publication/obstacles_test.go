package publication

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// ready is a case in which nothing stands in the way.
func ready() Case {
	return Case{
		Version: "1.1.0", Tagged: day("2026-05-12"), Dating: Dating{Today: day("2026-05-12"), Now: journal.None}, Publication: &model.Publication{Version: "1.1.0"},
		Words: sample().Words,
		Rollout: Rollout{File: "content/journal/1.1.0.log", Written: true, Version: "1.1.0", Gate: "G3", Step: "S07", Systems: []System{
			{ID: "K1", Today: true, Has: true, At: "07:02", Decision: journal.Go},
			{ID: "K2", Today: true, Has: true, Decision: journal.GoWith},
			{ID: "K5"},
		}},
	}
}

func codes(list diag.List) []string {
	var out []string
	for _, d := range list {
		if d.Severity == diag.Error {
			out = append(out, d.Code)
		}
	}
	return out
}

func TestObstacles(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Case)
		codes  []string
		hint   string // of the last one
	}{
		{"nothing", func(*Case) {}, nil, ""},
		{"no gate in the runbook", func(c *Case) { c.Rollout.Gate, c.Rollout.Systems[0].Decision = "", "" }, nil, ""},
		{"gate open for one", func(c *Case) { c.Rollout.Systems[1].Decision = "" }, []string{"gate-open"}, "`daybreak journal add 1.1.0 G3 K2 go INITIALS`"},
		{"gate says no", func(c *Case) {
			c.Rollout.Systems[0].Decision, c.Rollout.Systems[1].Decision = journal.NoGo, journal.NoGo
		}, []string{"gate-no"}, "`daybreak journal add 1.1.0 G3 go INITIALS`"},
		{"one missing", func(c *Case) { c.Rollout.Systems[1].Has = false }, []string{"system-missing"}, "`daybreak journal add 1.1.0 S07 K2 HHMM`; or publish for the others only, with `--system K1`."},
		{"one missing, not asked for", func(c *Case) { c.Rollout.Systems[1].Has, c.Only = false, []string{"K1"} }, nil, ""},
		{"one went back", func(c *Case) { c.Rollout.Systems[1].Has, c.Rollout.Systems[1].Back = false, true }, []string{"system-rolled-back"}, "publish for the others with `--system K1`; once they run it again, write it down: `daybreak journal add 1.1.0 S07 K2 HHMM`."},
		{"one went back, one is missing", func(c *Case) {
			c.Rollout.Systems[1].Has, c.Rollout.Systems[1].Back, c.Rollout.Systems[2].Today, c.Rollout.Systems[2].Decision = false, true, true, journal.Go
		}, []string{"system-missing", "system-rolled-back"}, "--system K1`"},
		{"all went back", func(c *Case) {
			for i := range 2 {
				c.Rollout.Systems[i].Has, c.Rollout.Systems[i].Back = false, true
			}
		}, []string{"system-rolled-back"}, "once they run it again"},
		{"not today's", func(c *Case) { c.Only = []string{"K5"} }, []string{"system-missing", "gate-open"}, "G3 go"},
		{"not today's, and not there", func(c *Case) {
			c.Only, c.Rollout.Systems[2].Decision = []string{"K5"}, journal.Go
		}, []string{"system-missing"}, "`daybreak journal add 1.1.0 S07 K5 HHMM`"},
		{"stranger", func(c *Case) { c.Only = []string{"K9"} }, []string{"system-unknown"}, "Systems: K1, K2, K5."},
		{"another workspace", func(c *Case) { c.Flags, c.Rollout.Systems[1].Decision = " --workspace w", "" }, []string{"gate-open"}, "`daybreak journal add --workspace w 1.1.0 G3 K2 go INITIALS`"},
		{"no systems", func(c *Case) { c.Rollout.Systems = nil }, []string{"no-system"}, "S07 HHMM"},
		{"errors", func(c *Case) {
			c.Problems = diag.List{{Severity: diag.Warning}, {Severity: diag.Error, Message: "leak"}}
		}, []string{"check-errors"}, "daybreak check --release 1.1.0"},
		{"approvals asked for", func(c *Case) { c.Approvals = 2; c.Publication = c.Approve("SA") }, []string{"not-approved"}, "daybreak approve 1.1.0"},
		{"changed after approval", func(c *Case) {
			c.Publication = c.Approve("SA")
			other := *sample().Words["en"]
			other.Title = "other"
			c.Words = map[model.Lang]*model.ReleaseWords{"en": &other}
		}, []string{"changed-after-approval"}, "--by INITIALS"},
		{"changed after approval, and read by somebody else", func(c *Case) {
			c.Publication = c.Approve("SA")
			other := *sample().Words["en"]
			other.Title = "other"
			c.Words = map[model.Lang]*model.ReleaseWords{"en": &other}
			c.Publication = c.Approve("TB")
		}, nil, ""},
		{"changed after approval, and read by one of two", func(c *Case) {
			c.Approvals, c.Publication = 2, c.Approve("SA")
			other := *sample().Words["en"]
			other.Title = "other"
			c.Words = map[model.Lang]*model.ReleaseWords{"en": &other}
			c.Publication = c.Approve("TB")
		}, []string{"changed-after-approval"}, "--by INITIALS"},
		{"yesterday", func(c *Case) { c.Today = day("2026-05-11") }, []string{"clock"}, "--date"},
		{"yesterday, and meant", func(c *Case) { c.Today, c.Given = day("2026-05-11"), true }, nil, ""},
		{"before another publication", func(c *Case) {
			c.Facts = Facts("content/releases", map[string]*model.Publication{"1.0.0": {Version: "1.0.0", Day: day("2026-06-01")}})
		}, []string{"clock"}, "If the day in content/releases/1.0.0/publication.yaml is the wrong one, mend it there."},
		{"far in the future", func(c *Case) { c.Today = day("2036-05-12") }, []string{"clock"}, "--date"},
		{"far in the future, and given", func(c *Case) { c.Today, c.Given = day("2099-05-12"), true }, nil, "look at its year"},
		{"far in the future, a correction", func(c *Case) {
			c.Publication = c.Publish("v1.1.0", "5a1c")
			c.Today = day("2036-05-12")
		}, nil, "--date"},
		{"before an approval of another release", func(c *Case) {
			c.Facts = Facts("content/releases", map[string]*model.Publication{"2.0.0": {Version: "2.0.0", Approvals: []model.Approval{{By: "SA", Day: day("2026-05-14")}}}})
		}, []string{"clock"}, "content/releases/2.0.0/publication.yaml"},
		{"before a system got it", func(c *Case) {
			c.Facts = Facts("content/releases", map[string]*model.Publication{"2.0.0": {Version: "2.0.0", Systems: map[string]model.Running{"K1": {Day: day("2026-05-14")}}}})
		}, []string{"clock"}, "--date"},
		{"before the journal's day", func(c *Case) { c.Rollout.Day = "2026-05-13" }, []string{"clock"}, "content/journal/1.1.0.log"},
		{"before the journal's day, and meant", func(c *Case) { c.Rollout.Day, c.Given = "2026-05-13", true }, nil, ""},
		{"some days after the rollout", func(c *Case) { c.Rollout.Day, c.Today = "2026-05-12", day("2026-05-15") }, nil, "2026-05-15 is the day that customers read."},
		{"three weeks after the rollout", func(c *Case) { c.Rollout.Day, c.Today = "2026-05-12", day("2026-06-02") }, nil, "--date"},
		{"longer after the rollout", func(c *Case) { c.Rollout.Day, c.Today = "2026-05-12", day("2026-06-03") }, []string{"clock"}, "--date"},
		{"longer after the rollout, and meant", func(c *Case) { c.Rollout.Day, c.Today, c.Given = "2026-05-12", day("2026-06-03"), true }, nil, ""},
		{"longer after the rollout, for one that followed", func(c *Case) {
			c.Rollout.Day, c.Today, c.Only = "2026-05-12", day("2026-06-03"), []string{"K1"}
		}, nil, ""},
		{"hours before the journal", func(c *Case) { c.Rollout.Day, c.Rollout.Latest, c.Now = "2026-05-12", 440, 380 }, nil, "one more line"},
		{"minutes before the journal", func(c *Case) { c.Rollout.Day, c.Rollout.Latest, c.Now = "2026-05-12", 440, 430 }, nil, ""},
		{"all at once", func(c *Case) {
			c.Today, c.Approvals, c.Problems = day("2026-05-11"), 1, diag.List{{Severity: diag.Error}}
			c.Rollout.Systems[0] = System{ID: "K1", Today: true}
		}, []string{"clock", "not-approved", "check-errors", "system-missing", "gate-open"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := ready()
			c.change(&k)
			list := k.Obstacles()
			if diff := cmp.Diff(c.codes, codes(list)); diff != "" {
				t.Fatalf("(-want +got)\n%s%v", diff, list)
			}
			if n := len(list); c.hint != "" && !strings.Contains(list[n-1].Hint, c.hint) {
				t.Errorf("hint %q, want %q in it", list[n-1].Hint, c.hint)
			}
			if n := len(list); c.codes == nil && c.hint == "" && n > 0 && !k.Given {
				t.Errorf("said without need: %v", list)
			}
			for _, d := range list {
				if d.Severity == diag.Error && d.Hint == "" {
					t.Errorf("no way out of %s", d)
				}
			}
		})
	}
}

func TestStages(t *testing.T) {
	k := ready()
	k.Rollout.Systems[0].Has = false
	k.Approvals = 1
	want := func(s Stage) {
		t.Helper()
		if got := k.Standing(); got != s {
			t.Errorf("%q, want %q", got, s)
		}
	}
	want(Draft)
	k.Publication = k.Approve("SA")
	want(Ready)
	k.Rollout.Systems[0].Has = true
	want(RolledOut)
	k.Publication = k.Publish("v1.1.0", "5a1c")
	want(Published)
	k.Publication = k.Withdraw("wrong")
	want(Withdrawn)
	k.Publication = k.Publish("v1.1.0", "5a1c")
	want(Published)
	if len(k.Publication.Corrected) > 0 || !k.Publication.Day.Equal(day("2026-05-12")) {
		t.Errorf("coming back is no correction: %+v", k.Publication)
	}
}

// Words that nobody looked at are not ready, unless somebody approved them as they are.
func TestUnreadIsNotReady(t *testing.T) {
	for _, code := range []string{"unreviewed", "untranslated", "drift"} {
		k := ready()
		k.Rollout.Systems[0].Has = false
		k.Publication, k.Approvals = &model.Publication{Version: k.Version}, 0
		if got := k.Standing(); got != Ready {
			t.Fatalf("%q without a problem", got)
		}
		k.Problems = diag.List{{Severity: diag.Warning, Code: "too-long"}}
		if got := k.Standing(); got != Ready {
			t.Errorf("%q with a text that is long", got)
		}
		k.Problems = diag.List{{Severity: diag.Warning, Code: code}}
		if got := k.Standing(); got != Draft {
			t.Errorf("%s: %q, want draft", code, got)
		}
		k.Publication = k.Approve("SA")
		if got := k.Standing(); got != Ready {
			t.Errorf("%s, but approved: %q", code, got)
		}
	}
}

// A run that was killed is run again, on the same day or a later one: what
// stands written doesn't change.
func TestPublishTwiceIsOnce(t *testing.T) {
	k := ready()
	first := k.Publish("v1.1.0", "5a1c")
	k.Publication, k.Today = first, day("2026-05-20")
	if diff := cmp.Diff(first, k.Publish("v1.1.0", "5a1c")); diff != "" {
		t.Error(diff)
	}
	other := *sample().Words["en"]
	other.Intro = "mended"
	k.Words = map[model.Lang]*model.ReleaseWords{"en": &other}
	mended := k.Publish("v1.1.0", "5a1c")
	k.Publication = mended
	if diff := cmp.Diff(mended, k.Publish("v1.1.0", "5a1c")); diff != "" || !mended.LastCorrected("en", func(model.Concern) bool { return true }).Equal(day("2026-05-20")) {
		t.Errorf("corrected on %v %s", mended.Corrected, diff)
	}
	if !mended.Day.Equal(day("2026-05-12")) {
		t.Error("the day of publication moved")
	}
}

// A system that was rolled back is no longer told that it runs the release; one
// that gets it later has its own day.
func TestSystemsOfAPublication(t *testing.T) {
	k := ready()
	k.Publication = k.Publish("v1.1.0", "")
	k.Rollout.Systems[1].Has, k.Rollout.Systems[1].Back = false, true
	k.Rollout.Systems[2].Has, k.Rollout.Systems[2].At, k.Rollout.Systems[2].Day = true, "08:00", "2026-05-13"
	k.Today = day("2026-05-14")
	got := k.Publish("v1.1.0", "").Systems
	want := map[string]model.Running{"K1": {Day: day("2026-05-12"), At: "07:02"}, "K5": {Day: day("2026-05-13"), At: "08:00"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRolloutOf(t *testing.T) {
	plan := journal.Plan{
		Version: "1.1.0", Baseline: "1.0.0", Rollout: "S07", Tell: "G3", Initials: []string{"SA"},
		Steps: []journal.PlanStep{
			{Code: "S07", Kind: model.StepAction, Start: 415, End: 425, Systems: true},
			{Code: "G3", Kind: model.StepGate, Start: 440, End: 441, After: []string{"S07"}},
			{Code: "M1", Kind: model.StepMail, Start: 441, End: 446, After: []string{"G3"}},
		},
		Systems: []journal.PlanSystem{{ID: "K1", Today: true}, {ID: "K2", Today: true}, {ID: "K3", Today: true}, {ID: "K5"}},
	}
	events, list := journal.Parse("day.log", strings.Join([]string{
		"S07 0702", "G3 go SA 0720", "G3 K2 no-go SA 0721", "M1 K1 0725", "H1 1.1.1 core-1 K1 0900", "K3 rolled back 0910",
	}, "\n"), plan)
	if len(list) > 0 {
		t.Fatal(list)
	}
	state, _ := journal.Derive("day.log", events, plan)
	got := RolloutOf("day.log", true, plan, state, "1.1.0")
	want := []System{
		{ID: "K1", Today: true, Has: true, At: "07:02", Told: true, Decision: journal.Go},
		{ID: "K2", Today: true, Has: true, At: "07:02", Decision: journal.NoGo},
		{ID: "K3", Today: true, Back: true, Decision: journal.Go},
		{ID: "K5", Decision: journal.Go},
	}
	if diff := cmp.Diff(want, got.Systems); diff != "" {
		t.Error(diff)
	}
	fix := RolloutOf("day.log", true, plan, state, "1.1.1")
	if diff := cmp.Diff([]string{"K1"}, fix.Having()); diff != "" || !fix.Complete() || fix.System("K1").At != "09:00" {
		t.Errorf("%s %+v", diff, fix.Systems)
	}
}

func TestText(t *testing.T) {
	n := model.Notes{
		Version: "1.1.0", Title: "Deposits", Date: day("2026-05-12"), Corrected: day("2026-05-13"), Intro: "New.\n\nAnd good.",
		Sections: []model.NotesSection{{Kind: model.KindAdded, Notes: []model.Note{{Title: "By season", Area: "Payments", Body: "Choose one.", Breaking: true, BreakingNote: "Set it up."}}}},
		Known:    "Not in Safari.", Delivered: []model.DeliveredNote{{Title: "Groups", Version: "1.0.1"}},
	}
	want := `1.1.0: Deposits
of 2026-05-12
corrected on 2026-05-13
New.
And good.

added
- By season (Payments)
  readers must act
  Set it up.
  Choose one.

known not to work yet
  Not in Safari.
- Groups, since 1.0.1
`
	if diff := cmp.Diff(want, Text(&n, nil)); diff != "" {
		t.Error(diff)
	}
}
