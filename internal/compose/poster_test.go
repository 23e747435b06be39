package compose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

func posterOf(people ...string) model.Release {
	r := model.Release{}
	for i, p := range people {
		name, mail, _ := strings.Cut(p, " <")
		who := model.Person{Name: name, Mail: strings.TrimSuffix(mail, ">")}
		r.Changes = append(r.Changes, model.Change{ID: fmt.Sprint(i), Tip: model.Commit{Author: who}})
	}
	return r
}

func TestPosterThanksPeopleInTheirAlphabet(t *testing.T) {
	c := &config.Config{People: []config.Person{{ID: "sabine", Name: "Sabine Aumüller", Mails: []string{"s@example.org"}}}}
	r := posterOf("Zoë", "Özlem", "Oskar", "Peter Bot", "sa <s@example.org>", "renovate[bot]", "dependabot", "merge-bot", "GitHub <noreply@github.com>", "Ärzte", "anna", "Zoë")
	r.Changes[1].Inner = []model.Commit{{Author: model.Person{Name: "Inga"}, CoAuthors: []model.Person{{Name: "Paul\u202e Ko"}, {Name: "CI bot"}}}}
	r.Changes = append(r.Changes, model.Change{Bucket: model.BucketDelivered, Tip: model.Commit{Author: model.Person{Name: "long thanked"}}})
	r.Changes = append(r.Changes, model.Change{Bucket: model.BucketWithdrawn, Tip: model.Commit{Author: model.Person{Name: "Tried"}}})
	got := Poster(c, &r, model.DayHeader{Lang: model.German}).Names
	want := []string{"anna", "Ärzte", "Inga", "Oskar", "Özlem", "Paul Ko", "Peter Bot", "Sabine Aumüller", "Tried", "Zoë"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestPosterCountsTheWeeksOfTheTrain(t *testing.T) {
	for every, want := range map[string]int{"": 0, "3w": 3, "1w": 1} {
		c := &config.Config{}
		if every != "" {
			c.Train = &config.Train{Every: every}
		}
		r := posterOf()
		if got := Poster(c, &r, model.DayHeader{Lang: model.German}).Weeks; got != want {
			t.Errorf("%q: %d weeks, want %d", every, got, want)
		}
	}
}

func TestPhoneStripPutsWhatCustomersMustDoFirst(t *testing.T) {
	r := model.Release{}
	for i := range 8 {
		ch := model.Change{ID: fmt.Sprintf("!%d", i), Title: fmt.Sprintf("feature %d", i), Kind: model.KindAdded, Classified: true, Audience: model.Audience{Scope: model.AudiencePublic}}
		ch.Breaking = i == 6
		r.Changes = append(r.Changes, ch)
	}
	r.Changes[0].Audience = model.Audience{Scope: model.AudienceInternal}
	c := &config.Config{Languages: []model.Lang{model.English}}
	book := model.Runbook{DayHeader: model.DayHeader{Lang: model.English}, People: []model.DayPerson{{Role: "SUP", Name: "Sabine", Phone: "140"}, {Role: "TEAM"}}}
	protocol := &model.Protocol{Deviations: []model.ProtocolDeviation{{What: "price wrong"}, {What: "mended", Settled: "ok"}, {What: "stays", Settled: "accepted"}}}
	got := PhoneStrip(c, &r, &book, protocol)
	if len(got.New) != 5 || got.More != 2 || !got.New[0].Act || got.New[0].Title != "Feature 6" {
		t.Errorf("new %+v and %d more", got.New, got.More)
	}
	if len(got.Deviating) != 2 || got.Deviating[1].What != "stays" {
		t.Errorf("deviations %+v", got.Deviating)
	}
	if len(got.Ring) != 1 {
		t.Errorf("to ring: %+v", got.Ring)
	}
}

func TestWhoOrdersRolls(t *testing.T) {
	c := &config.Config{People: []config.Person{{ID: "a", Name: "Ada", Roll: "sweet"}, {ID: "b", Name: "Ben"}}}
	for want, rolls := range map[string][]string{"[{Ada sweet } {Ben  }]": {"people"}, "[{Cleo  }]": {"Cleo"}, "[{Ada sweet }]": {"a"}, "[]": nil} {
		if got := fmt.Sprint(meals(c, rolls).Orders); got != want {
			t.Errorf("rolls %q: %s order, want %s", rolls, got, want)
		}
	}
}

func TestSameNotesAreReadOnce(t *testing.T) {
	a := model.SpecialNote{Text: "check logging.properties", Owner: "Tomasz", Source: "!81"}
	b := a
	b.Source = "!75"
	other := a
	other.Owner = "Ada"
	alarm := model.SpecialNote{Text: "lost", Alarm: true, Source: "1a2b3c4d"}
	got := joinNotes([]model.SpecialNote{alarm, a, alarm, b, other})
	if len(got) != 4 || got[1].Source != "!81, !75" {
		t.Errorf("%+v", got)
	}
}
