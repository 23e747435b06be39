package journal

import (
	"fmt"
	"strings"
	"testing"
)

// rechecks shows what is to be checked again: "C01@K1 C07@K3=ok".
func rechecks(s State) string {
	var out []string
	for _, r := range s.Rechecks {
		one := r.Row + "@" + r.System
		if r.Result != "" {
			one += "=" + string(r.Result)
		}
		out = append(out, one)
	}
	return strings.Join(out, " ")
}

// A hotfix sends to be checked again what it can have touched, on the systems
// where it runs, and nothing else.
func TestRechecks(t *testing.T) {
	p := samplePlan()
	p.Rows = []PlanRow{
		{Code: "C01", Systems: []string{"K1", "K2", "K3"}, Areas: []string{"offers"}, Owner: "Ayşe"},
		{Code: "C07", Systems: []string{"K1", "K3"}, Areas: []string{"booking", "prices"}},
		{Code: "C09", Systems: []string{"K1", "K2"}},
	}
	p.Hotfixes = []PlanHotfix{
		{Version: "2026.14.1", Of: "2026.14.0", Areas: []string{"prices"}}, {Version: "2026.14.2", Of: "2026.14.1", Areas: []string{"offers", "prices"}},
		{Version: "2026.13.1", Of: "2026.13.0"},
	}
	const checked = "S07 0700\nC01 0910 ok\nC07 K1 0915 ok\nC07 K3 0916 x1 price\nC09 0920 ok\n"
	for _, c := range []struct{ name, lines, want, codes string }{
		{"of its area, where it runs", "H1 2026.14.1 K1 1010", "C07@K1", ""},
		{"the row that deviated", "H1 2026.14.1 x1 K1,K3 1010", "C07@K1 C07@K3", ""},
		{"what deviated is mended elsewhere only", "H1 2026.14.1 x1 K1 1010", "C07@K1", ""},
		{"no system yet: the one that deviated", "H1 2026.14.1 x1", "C07@K3", ""},
		{"a hotfix of a hotfix", "H1 2026.14.2 K2 1010", "C01@K2", ""},
		{"no tag yet: the row that deviated alone", "H1 2026.14.9 x1 K3 1010", "C07@K3", ""},
		{"checked again since", "H1 2026.14.1 x1 K3 1010\nC07 K3 1040 ok", "C07@K3=ok", ""},
		{"still wrong", "H1 2026.14.1 x1 K3 1010\nC07 K3 1040 x1", "C07@K3=deviation", ""},
		{"a check from before, told later", "H1 2026.14.1 x1 K3 1010\nC07 K3 0955 ok", "C07@K3", ""},
		{"two lines about one hotfix", "H1 2026.14.1 x1 K3 1010-\nH1 2026.14.1 K3 1040", "C07@K3", ""},
		{"it ended later than the check", "H1 2026.14.1 x1 K3 1010-1050\nC07 K3 1040 ok", "C07@K3", ""},
		{"checked before its second line's end", "H1 2026.14.1 x1 K3 1010-\nC07 K3 1020 ok\nH1 2026.14.1 K3 -1040", "C07@K3", ""},
		{"found in two rows", "C09 K2 0930 x1\nH1 2026.14.1 x1 K2,K3 1010", "C07@K3 C09@K2", ""},
		{"a row that no longer counts", "C07 K1 na\nH1 2026.14.1 K1 1010", "", ""},
		{"a system that isn't on the list", "K3 not today\nH1 2026.14.1 x1 K1,K3 1010", "C07@K1", "not-today"},
		{"the other release's", "H1 2026.13.1 K1 1010", "", "hotfix-elsewhere"},
		{"nobody says where", "H1 2026.14.1 core-9", "", "hotfix-nowhere"},
		{"said in a second line", "H1 2026.14.1 core-9\nH1 2026.14.1 K1 1010", "C07@K1", ""},
		{"nobody says where, and the day is over", "H1 2026.14.1 x1\nS10 1500", "C07@K3", "hotfix-nowhere"},
	} {
		events, wrong := Parse("j", checked+c.lines, p)
		s, list := Derive("j", events, p)
		var codes []string
		for _, d := range append(wrong, list...) {
			codes = append(codes, strings.TrimPrefix(d.Code, "journal-"))
		}
		if got := rechecks(s); got != c.want || strings.Join(codes, " ") != c.codes {
			t.Errorf("%s: %q %v, want %q %q", c.name, got, codes, c.want, c.codes)
		}
	}
}

// What a hotfix mends may stand behind it, in a file of two people.
func TestHotfixBeforeItsDeviationInTheFile(t *testing.T) {
	p := samplePlan()
	events, _ := Parse("j", "S07 0700\nH2 2026.14.2 x2 K1 1110\nH1 2026.14.1 x1 K3 1010\nC07 K3 0916 x1\nC01 K1 0920 x2", p)
	s, list := Derive("j", events, p)
	if got := rechecks(s); len(list) > 0 || got != "C01@K1 C07@K3" && got != "C07@K3 C01@K1" || s.Retest != 2 || s.Deviating != 0 || versions(s) != "K1=14.2 K2=14.0 K3=14.1 K5=13.0" {
		t.Errorf("%v: %s, %d to check again, %s", list, got, s.Retest, versions(s))
	}
}

// The check that was made after the hotfix counts, wherever its line stands.
func TestRecheckBeforeItsHotfixInTheFile(t *testing.T) {
	p := samplePlan()
	events, _ := Parse("j", "C07 K3 0916 x1\nC07 K3 1040 ok\nH1 2026.14.1 x1 K3 1010", p)
	s, _ := Derive("j", events, p)
	if got := rechecks(s); got != "C07@K3=ok" || s.Retest != 0 || s.Checked != 1 {
		t.Errorf("%s, %d to check again, %d checked", got, s.Retest, s.Checked)
	}
}

func ExampleHasDeviations() {
	for _, text := range []string{"C07 K3 x2 price wrong", "c07 k1 ✗", "X2 B SA", "C07 K3 n.i.O.", "S06 0635-0702\nC07 K3 ok", "# C07 x1"} {
		fmt.Println(HasDeviations(text))
	}
	// Output:
	// true
	// true
	// true
	// true
	// false
	// false
}

func ExampleHotfixVersions() {
	fmt.Println(HotfixVersions("S06 0635\nH1 2026.14.1 core-1501 x2 K3\n1010 h2: v2026.14.2\nK1 2026.14.3\nnote H3 2026.14.4 is coming"))
	// Output: [2026.14.1 2026.14.2]
}
