package site

import (
	"strings"
	"testing"

	"daybreak/internal/model"
)

// protocolFixture is a day with everything in it, and with hostile words.
func protocolFixture() model.Protocol {
	return model.Protocol{
		DayHeader: model.DayHeader{Lang: model.English, Product: "Kurswagen", Version: "2026.14.0", Slug: "2026.14.0", Fingerprint: "0badcafe"},
		Phase:     "closed", Checked: 31, Total: 34, Deviating: 1, Blocked: 2,
		Systems: []model.ProtocolSystem{
			{DaySystem: model.DaySystem{ID: "K1", Name: "Sonnhalde", Today: true}, Version: "2026.14.0", Since: "07:06", Told: true, Open: 1},
			{DaySystem: model.DaySystem{ID: "K5", Name: "Zitronenhain", Why: "moves house"}},
		},
		Steps: []model.ProtocolStep{
			{Code: "G1", Text: "Green light?", Kind: model.StepGate, PlanFrom: 394, PlanTo: 395, From: 394, To: 394, Minutes: -1, Decision: "go", Signs: []string{"MK", "TS"}},
			{Code: "S06", Text: "Update the database", PlanFrom: 395, PlanTo: 415, From: 395, To: 422, Minutes: 27, Words: []string{"<script>alert(1)</script> slow\u202e"}},
			{Code: "S10", Text: "Done", PlanFrom: 900, PlanTo: -1, From: 900, To: 900, Minutes: -1},
		},
		Deviations: []model.ProtocolDeviation{{Number: 2, Class: "B", Where: "C07 K3", What: "price wrong", Hotfix: "2026.14.1", Settled: "ok", Owner: "Ayşe Demirel, 203"}},
		Hotfixes:   []model.ProtocolHotfix{{Code: "H1", Version: "2026.14.1", Systems: "K3", At: "10:10–10:40"}},
		Rechecks: []model.Recheck{
			{Hotfix: "2026.14.1", Row: "C07", Title: "Price<b>", Owner: "Ayşe Demirel, 203", Deviation: 2, Systems: []model.RecheckCell{{System: "K3", Result: "ok"}}},
			{Hotfix: "2026.14.1", Row: "I02", Title: "Prices add up", Systems: []model.RecheckCell{{System: "K3"}}},
		},
		Lessons: []model.Lesson{
			{Kind: model.LessonSaid, Words: "rolls <earlier>"}, {Kind: model.LessonOpen, Code: "X3 C", Words: "logo"},
			{Kind: model.LessonSlower, Code: "S06", Minutes: 27, Planned: 20}, {Kind: model.LessonWaited, Code: "G3", Minutes: 9},
		},
		Notes: []string{"quiet"},
	}
}

func TestProtocolPage(t *testing.T) {
	files := memory{}
	site := TeamSite{Languages: []model.Lang{model.English}, Product: "Kurswagen", Protocols: map[model.Lang][]model.Protocol{model.English: {protocolFixture()}}}
	if err := Team(site, loadTheme(t), files); err != nil {
		t.Fatal(err)
	}
	page := string(files["team/2026.14.0/protocol/index.html"])
	for _, want := range []string{"31 of 34 checked", "7 minutes late", "moves house", "price wrong", "hotfix 2026.14.1", "&lt;script", "S06 took 27 minutes instead of 20", "Price&lt;b&gt;", `K3 <b class="word">to check again</b>`, "its tag is not here yet", "rolls &lt;earlier&gt;", "left open: X3 C logo", "G3 was decided 9 minutes later"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "\u202e") {
		t.Error("a remark became more than words")
	}
	text := string(files["team/2026.14.0/protocol/protocol.md"])
	for _, want := range []string{"Kurswagen 2026.14.0 – Protocol\n====", "\n- K1 Sonnhalde: 2026.14.0 since 07:06; customers told; 1 open deviation\n", "- S06 Update the database; 06:35–07:02, planned 06:35–06:55; ", "- 2 B C07 K3; price wrong; responsible Ayşe Demirel, 203; hotfix 2026.14.1; settled\n", "\n- C07 Price<b> (2026.14.1, deviation 2): K3 in order\n- I02 Prices add up (2026.14.1, area touched by the hotfix): K3 to check again\n", "\n- 2026.14.1 K3 10:10–10:40\n", "- rolls <earlier>\n- left open: X3 C logo\n- S06 took 27 minutes instead of 20: plan"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if strings.ContainsAny(text, "\u202e\x1b") {
		t.Error("the text holds invisible characters")
	}
}

// Every row of the drawing lies inside it, in order, the actual beside its plan.
func TestChart(t *testing.T) {
	p := protocolFixture()
	c := chart(&p)
	if len(c.Rows) != 2 {
		t.Fatalf("%d rows: the close of the day must not press the morning together", len(c.Rows))
	}
	for _, r := range c.Rows {
		if r.PlanX < chartLeft || r.ActualX < chartLeft || r.PlanX+r.PlanWidth > c.Width || r.ActualEnd > c.Width || r.ActualEnd <= r.ActualX || r.Y+16 > c.Height {
			t.Errorf("%+v lies outside of %d × %d", r, c.Width, c.Height)
		}
	}
	s06 := c.Rows[1]
	if s06.PlanX != s06.ActualX || s06.ActualEnd <= s06.PlanX+s06.PlanWidth {
		t.Errorf("a late end looks otherwise: %+v", s06)
	}
	if chart(&model.Protocol{}) != nil {
		t.Error("a drawing of nothing")
	}
}
