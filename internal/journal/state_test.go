package journal

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// derive reads a journal that must be readable.
func derive(t *testing.T, text string) (State, []string) {
	t.Helper()
	events, list := Parse("j", text, samplePlan())
	if len(list) > 0 {
		t.Fatal(list)
	}
	state, found := Derive("j", events, samplePlan())
	var codes []string
	for _, d := range found {
		codes = append(codes, strings.TrimPrefix(d.Code, "journal-"))
	}
	return state, codes
}

// versions shows what each system runs.
func versions(s State) string {
	var out []string
	for _, sys := range s.Systems {
		out = append(out, sys.ID+"="+strings.TrimPrefix(sys.Version, "2026."))
	}
	return strings.Join(out, " ")
}

func TestDay(t *testing.T) {
	day := `
# typed from the sheets by MK
S01 0615-0620
G1 go MK/TS 0634
S06 0635-0702
S07 K1 0702-0706
S07 K2,K3 0704-0711
V1 0715 ok
G3 go MK 0720
M1 0721
C01 ok
C07 K1 ok
C07 K3 x2 A price wrong
H1 2026.14.1 core-1501 x2 K3 1010-1040`
	s, codes := derive(t, day)
	if len(codes) > 0 {
		t.Errorf("a good day: %v", codes)
	}
	if got := versions(s); got != "K1=14.0 K2=14.0 K3=14.1 K5=13.0" {
		t.Error(got)
	}
	if s.Phase != Deployed || s.Checked != 4 || s.Total != 5 || s.Retest != 1 || s.Deviating != 0 {
		t.Errorf("%s: %d of %d, %d to check again, %d deviate", s.Phase, s.Checked, s.Total, s.Retest, s.Deviating)
	}
	if len(s.Deviations) != 1 || s.Deviations[0].Hotfix != "2026.14.1" || s.Deviations[0].Settled != "" || s.Deviations[0].Words != "A price wrong" && s.Deviations[0].Class != "A" {
		t.Errorf("%+v", s.Deviations)
	}
	// Side by side, K1 and the two others took nine minutes together.
	if got := s.Steps[3].Minutes(); got != 9 || s.Steps[2].Minutes() != 27 {
		t.Errorf("S07 took %d, S06 %d", got, s.Steps[2].Minutes())
	}

	s, codes = derive(t, day+"\nC07 K3 ok MK\nS10 1500")
	if s.Phase != Closed || s.Checked != 5 || s.Deviations[0].Settled != OK || len(codes) > 0 {
		t.Errorf("after the check: %s, %d, %+v, %v", s.Phase, s.Checked, s.Deviations, codes)
	}
	if _, codes = derive(t, day+"\nS10 1500"); !slices.Equal(codes, []string{"closed-with-a"}) {
		t.Errorf("closed with an open A: %v", codes)
	}
	s, _ = derive(t, day+"\nK3 rolled back 1100\nK2 not today moves house")
	if got := versions(s); got != "K1=14.0 K2=14.0 K3=13.0 K5=13.0" || s.Systems[1].Today || s.Total != 4 {
		t.Error(got, s.Systems[1], s.Total)
	}
}

// When a system got the release is what the rollout's last line with a time says of it; a
// hotfix, a line without a time and what the system runs again later don't move it.
func TestWhenASystemGotIt(t *testing.T) {
	for text, want := range map[string]string{
		"S07 0706":              "07:06",
		"S07 0706\nS07 K1 0722": "07:22",
		"S07 0706\nH1 2026.14.1 core-1501 K1 1010":       "07:06",
		"S07 0706\nK1 2026.14.0 1500":                    "07:06",
		"S07 0706\nK1 rolled back 0810\nS07 K1 0930":     "09:30",
		"S07 0706\nH1 2026.14.1 K1 1010\nS07 K2,K3 0730": "07:06",
	} {
		if s, _ := derive(t, text); s.Systems[0].Got.String() != want {
			t.Errorf("%q: K1 got it at %s, want %s", text, s.Systems[0].Got, want)
		}
	}
}

func TestContradictions(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a start after a no-go", "G1 no-go MK 0640\nS06 0645-0700", "after-no-go"},
		{"without times too, by the lines", "G1 no-go MK\nS07 ok", "after-no-go"},
		{"a no-go that was taken back", "G1 no-go MK 0640\nG1 go MK 0650\nS06 0651-0710", ""},
		{"a gate decided twice, nobody knows which came later", "G1 go MK 0634\nG1 no-go TS", "decided-twice"},
		{"a gate decided twice, the later line is the earlier one", "G1 go MK 0640\nG1 no-go TS 0634", "decided-twice"},
		{"a gate that two people signed", "G1 go MK 0634\nG1 go TS", ""},
		{"a gate for each system", "G3 go MK 0720\nG3 K2 no-go MK", ""},
		{"what was done before the no-go", "G3 no-go MK 0720\nS06 0635-0700", ""},
		{"a start before the gate", "G1 go MK 0640\nS06 0635-0700", "before-gate"},
		{"a start before its turn", "S06 0635-0702\nS07 0655-0710", "before-its-turn"},
		{"one system ahead of the others", "S06 0635-0702\nS07 K1 0655-0710", ""},
		{"an end on a line of its own", "S06 0702-\nS06 -0635", "ends-before-start"},
		{"past midnight", "S06 2355-\nS06 -2410", ""},
		{"a system that isn't on the list", "S07 K5 0700", "not-today"},
		{"a row that doesn't apply", "C07 K2 ok", "does-not-apply"},
		{"a hotfix for nothing", "H1 2026.14.1 x3", "unknown-deviation"},
		{"told too early", "M1 K2 0721", "told-too-early"},
		{"a no-go for one system only", "S07 0700\nG3 K2 no-go MK\nM1 K1,K3 0721", ""},
	} {
		if _, codes := derive(t, c.text); strings.Join(codes, " ") != c.want {
			t.Errorf("%s: %v, want %q", c.name, codes, c.want)
		}
	}
}

func TestPhases(t *testing.T) {
	for _, c := range []struct {
		text string
		want Phase
	}{{"", Planned}, {"# nothing yet", Planned}, {"S01 0615", Running}, {"G1 no-go MK", Held}, {"G1 no-go MK\nG1 go MK", Running}, {"S07 0700", Deployed}, {"S07 K1,K2 0700", Running}, {"S10 1500", Closed}} {
		if s, _ := derive(t, c.text); s.Phase != c.want {
			t.Errorf("%q: %s, want %s", c.text, s.Phase, c.want)
		}
	}
}

// Two people's files, merged line by line in any order that keeps each one's
// own, tell the same of the systems and the rows.
func TestMergedFiles(t *testing.T) {
	mine := []string{"G1 go MK 0634", "S06 0635-0702", "C01 K1 ok MK", "C07 K1 ok MK", "X1 B"}
	theirs := []string{"G1 go MK 0634", "S07 K1,K2,K3 0702-0710", "C01 K2,K3 ok TS", "C07 K3 x1 price wrong"}
	want, _ := derive(t, strings.Join(append(slices.Clone(mine), theirs...), "\n"))
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		var lines []string
		a, b := mine, theirs
		for len(a)+len(b) > 0 {
			if len(b) == 0 || len(a) > 0 && r.IntN(2) == 0 {
				lines, a = append(lines, a[0]), a[1:]
			} else {
				lines, b = append(lines, b[0]), b[1:]
			}
		}
		got, _ := derive(t, strings.Join(lines, "\n"))
		if versions(got) != versions(want) || got.Checked != want.Checked || got.Deviating != want.Deviating || got.Phase != want.Phase || len(got.Deviations) != 1 || got.Deviations[0].Class != "B" || got.Deviations[0].Code != "C07" {
			t.Fatalf("%q: %s, %d checked, %+v", lines, versions(got), got.Checked, got.Deviations)
		}
	}
}

// The minutes of a step are never more than from its first to its last time.
func TestMinutes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		var spans []span
		first, last, longest := Clock(5000), None, 0
		for range 1 + r.IntN(6) {
			from := Clock(r.IntN(300))
			to := from + Clock(r.IntN(60))
			spans = append(spans, span{from, to})
			first, last, longest = min(first, from), max(last, to), max(longest, int(to-from))
		}
		if got := covered(spans); got < longest || got > int(last-first) {
			t.Fatalf("%v: %d", spans, got)
		}
	}
}
