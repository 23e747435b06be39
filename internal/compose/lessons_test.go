package compose

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// A day teaches what was written down as a lesson, what stayed open, what took
// longer, and which gates waited; nothing else.
func TestLessons(t *testing.T) {
	p := journal.Plan{
		Version: "2.0", Rollout: "S06", Close: "S10",
		Steps: []journal.PlanStep{
			{Code: "S01", Start: 375, End: 380}, {Code: "G1", Kind: model.StepGate, Start: 394, End: 395, After: []string{"S01"}},
			{Code: "S06", Start: 395, End: 415, After: []string{"G1"}, Database: true}, {Code: "W2", Kind: model.StepWatch, Start: 450, End: 460},
			{Code: "G3", Kind: model.StepGate, Start: 440, End: 441, After: []string{"S06"}}, {Code: "S10", Start: 900, End: journal.None},
		},
		Systems: []journal.PlanSystem{{ID: "K1", Today: true}},
		Rows:    []journal.PlanRow{{Code: "C01", Title: "Deposits", Systems: []string{"K1"}}},
	}
	for _, c := range []struct{ name, text, want string }{
		{"a day as planned", "S01 0615-0620\nG1 go MK 0634\nS06 0635-0659\nG3 go MK 0720\nnote quiet\nS10 1500", ""},
		{"longer", "S06 0635-0702", "slower S06 27/20 "},
		{"a watch may be long", "W2 0730-0900", ""},
		{"a gate that waited", "S06 0635-0655\nG3 go MK 0729", "waited G3 9/0 "},
		{"late because what is before it was late", "S06 0635-0654\nS06 0700-0725\nG3 go MK 0727", "slower S06 44/20 "},
		{"written down", "merken: Brötchen früher\nnote learn: two phones\nnote learned nothing", "said  0/0 Brötchen früher, said  0/0 two phones"},
		{"left open", "C01 K1 x1b price\nX2 C logo\nX3 A\nX3 ok\nS10 1500", "open X1 B 0/0 price, open X2 C 0/0 logo"},
		{"not over yet", "C01 K1 x1b price", ""},
	} {
		events, wrong := journal.Parse("j", c.text, p)
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		state, _ := journal.Derive("j", events, p)
		got := ""
		for i, l := range Lessons(state) {
			if i > 0 {
				got += ", "
			}
			got += fmt.Sprintf("%s %s %d/%d %s", l.Kind, l.Code, l.Minutes, l.Planned, l.Words)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
	}
}
