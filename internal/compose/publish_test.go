package compose

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// shelfOfThree is 1.2.0, tagged and waiting, over 1.1.0 and 1.0.0, and one change
// that is merged since.
func shelfOfThree() (*config.Config, []model.Release) {
	c := config.Default()
	c.Publish.After = "1.0.0"
	c.Systems = []config.System{{ID: "K1", Areas: []string{"booking"}}, {ID: "K2"}}
	c.Areas = []config.Area{{ID: "booking", Name: model.Text{"en": "Booking"}}, {ID: "reports", Name: model.Text{"en": "Reports"}}}
	release := func(version, day, area string) model.Release {
		v, _ := model.ParseVersion(version)
		date, _ := time.Parse(time.DateOnly, day)
		r := model.Release{Version: v, Tag: "v" + version, TagObject: model.Hash("object of " + version), Date: date, Commits: 1, Unreleased: version == ""}
		r.Changes = []model.Change{{
			ID: "!" + version, Title: "Change " + titleOf(version), Kind: model.KindAdded, Classified: true, Areas: []string{area}, Audience: model.Audience{Scope: model.AudiencePublic},
		}}
		return r
	}
	return c, []model.Release{release("", "2026-06-30", "booking"), release("1.2.0", "2026-06-23", "reports"), release("1.1.0", "2026-06-02", "booking"), release("1.0.0", "2026-05-12", "booking")}
}

func titleOf(version string) string {
	if version == "" {
		return "merged"
	}
	return version
}

func versions(notes []model.Notes) []string {
	out := []string{}
	for _, n := range notes {
		v := n.Version
		if n.Unreleased {
			v = "to come"
			for _, s := range n.Sections {
				for _, note := range s.Notes {
					v += ", " + note.Title
				}
			}
		}
		out = append(out, v)
	}
	return out
}

// Readers see what was published for them, with the day on which they got it;
// what waits is told with what is to come, and mails know of everything.
func TestWhoSeesWhat(t *testing.T) {
	c, list := shelfOfThree()
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	known := map[string]*model.Publication{"1.1.0": {
		Version: "1.1.0", Tag: "v1.1.0", TagObject: "object of 1.1.0", Day: day("2026-06-03"), Corrected: []time.Time{day("2026-06-05")},
		Systems: map[string]model.Running{"K2": {Day: day("2026-06-04"), At: "07:02"}},
		Words:   map[model.Lang]*model.ReleaseWords{"en": Words(c, &list[2], "en")},
	}}
	list[2].Changes[0].Title = "Rewritten since"
	if found := Publish(c, list, known, true); len(found) > 0 {
		t.Fatal(found)
	}
	public := Notes(c, list, "en")
	if diff := cmp.Diff([]string{"to come, Change merged, Change 1.2.0", "1.1.0", "1.0.0"}, versions(public)); diff != "" {
		t.Error(diff)
	}
	if n := public[1]; n.Sections[0].Notes[0].Title != "Change 1.1.0" || !n.Date.Equal(day("2026-06-03")) || !n.Corrected.Equal(day("2026-06-05")) || n.Previous != "1.0.0" {
		t.Errorf("%+v", n)
	}
	if diff := cmp.Diff([]string{"to come, Change merged, Rewritten since", "1.0.0"}, versions(SystemNotes(c, list, &c.Systems[0], "en"))); diff != "" {
		t.Error("K1, which has no reports:", diff)
	}
	k2 := SystemNotes(c, list, &c.Systems[1], "en")
	if diff := cmp.Diff([]string{"to come, Change merged, Change 1.2.0", "1.1.0", "1.0.0"}, versions(k2)); diff != "" || !k2[1].Date.Equal(day("2026-06-04")) {
		t.Error("K2:", diff, k2[1].Date)
	}
	if r, since := Runs(c, list, &c.Systems[1]); r == nil || r.Version.Text != "1.1.0" || since.At != "07:02" {
		t.Errorf("K2 runs %+v since %+v", r, since)
	}
	if diff := cmp.Diff([]string{"to come, Change merged", "1.2.0", "1.1.0", "1.0.0"}, versions(AllNotes(c, list, nil, "en", 0))); diff != "" {
		t.Error("mails:", diff)
	}
	c.Notes.Unreleased = false
	if diff := cmp.Diff([]string{"1.1.0", "1.0.0"}, versions(Notes(c, list, "en"))); diff != "" {
		t.Error("without what is to come:", diff)
	}
}

// The next day that readers are told of lies behind what has happened since the newest
// release that they see: others got a later one, one is tagged, one is being merged.
func TestNextDayHasNotPassed(t *testing.T) {
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	for name, x := range map[string]struct {
		from   int // where the list begins
		change func([]model.Release)
		known  map[string]*model.Publication
		want   string
	}{
		"nothing since":          {3, nil, nil, "2026-05-19"},
		"one waits":              {2, nil, nil, "2026-06-09"},
		"merged that morning":    {0, nil, nil, "2026-06-30"},
		"merged the day after":   {0, func(list []model.Release) { list[0].Date = day("2026-07-01") }, nil, "2026-07-21"},
		"a commit of the future": {0, func(list []model.Release) { list[0].Date = day("2099-07-01") }, nil, "2026-06-30"},
		"others got it": {1, nil, map[string]*model.Publication{"1.2.0": {
			Version: "1.2.0", Tag: "v1.2.0", TagObject: "object of 1.2.0", Systems: map[string]model.Running{"K2": {Day: day("2026-06-30")}}, Words: map[model.Lang]*model.ReleaseWords{"en": {}},
		}}, "2026-07-21"},
	} {
		c, list := shelfOfThree()
		c.Notes.Unreleased = false
		c.Train = &config.Train{Every: "3w", Weekday: "tuesday", First: "2026-01-13", Start: "06:30", Opening: "09:00"}
		list = list[x.from:]
		if x.change != nil {
			x.change(list)
		}
		if found := Publish(c, list, x.known, true); len(found) > 0 {
			t.Fatal(name, found)
		}
		if n := Notes(c, list, "en"); len(n) != 1 || n[0].NextDate.Format(time.DateOnly) != x.want {
			t.Errorf("%s: %v, the next day %s, want %s", name, versions(n), n[0].NextDate, x.want)
		}
	}
}

// Without any publication and without the setting everything tagged is shown;
// the first publication draws the line.
func TestPublishingBegins(t *testing.T) {
	c, list := shelfOfThree()
	c.Publish.After, c.Notes.Unreleased = "", false
	want := func(known map[string]*model.Publication, versionsWanted ...string) {
		t.Helper()
		Publish(c, list, known, true)
		if diff := cmp.Diff(versionsWanted, versions(Notes(c, list, "en"))); diff != "" {
			t.Error(diff)
		}
	}
	want(nil, "1.2.0", "1.1.0", "1.0.0")
	approved := &model.Publication{Version: "1.2.0", Approvals: []model.Approval{{By: "SA"}}}
	want(map[string]*model.Publication{"1.2.0": approved}, "1.2.0", "1.1.0", "1.0.0")
	words := map[model.Lang]*model.ReleaseWords{"en": {}}
	first := &model.Publication{Version: "1.1.0", Tag: "v1.1.0", Day: list[2].Date, Words: words}
	want(map[string]*model.Publication{"1.1.0": first}, "1.1.0", "1.0.0")
	withdrawn := &model.Publication{Version: "1.0.0", Day: list[3].Date, Withdrawn: list[2].Date, Words: words}
	want(map[string]*model.Publication{"1.0.0": withdrawn}, "1.2.0", "1.1.0")
	moved := &model.Publication{Version: "1.1.0", Tag: "v1.1.0", TagObject: "another", Day: list[2].Date, Words: words}
	if found := Publish(c, list, map[string]*model.Publication{"1.1.0": moved, "0.9.0": {Version: "0.9.0", Words: words}}, true); len(found) != 2 || found[0].Code != "tag-moved" || found[1].Code != "publication-of-no-release" {
		t.Errorf("%v", found)
	}
}

// A version of the years in which numbers were higher is older than publish.after.
func TestPublishAfterNumbersBeganAnew(t *testing.T) {
	c := config.Default()
	c.Publish.After = "29.0.0"
	var list []model.Release
	for i, version := range []string{"30.0.0", "29.0.0", "8.0.0", "2015.1.4"} {
		v, _ := model.ParseVersion(version)
		list = append(list, model.Release{Version: v, Tag: version, Date: time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC).AddDate(-i, 0, 0)})
	}
	Publish(c, list, nil, true)
	past := Past(c, list)
	for i := range list {
		if waits := list[i].Publication != nil; waits != (i == 0) || past[list[i].Slug()] != (i > 0) {
			t.Errorf("%s: waits %v, past %v", list[i].Tag, waits, past[list[i].Slug()])
		}
	}
}
