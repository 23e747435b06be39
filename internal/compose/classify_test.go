package compose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// settings is a small workspace for the tests of this package.
func settings() *config.Config {
	return &config.Config{
		Languages: []model.Lang{model.German, model.English},
		Timezone:  "Europe/Berlin",
		Notes:     config.Notes{Unclassified: "withhold", Titles: "tell"},
		Areas: []config.Area{
			{ID: "booking", Name: model.Text{"de": "Buchung", "en": "Booking"}, Paths: []string{"booking/**"}},
			{ID: "payment", Name: model.Text{"de": "Zahlung", "en": "Payments"}, Paths: []string{"payment/**", "shared/money/**"}, Scopes: []string{"pay"}},
		},
		Systems: []config.System{{ID: "K1", Name: "Alpenblick Reisen"}, {ID: "K2", Name: "Nordlicht Touren"}},
		History: config.History{Trailers: map[string][]string{"Release-Note": {"Changelog-Text"}}},
	}
}

func trailers(lines ...string) []model.Trailer {
	var out []model.Trailer
	for _, l := range lines {
		k, v, _ := strings.Cut(l, ": ")
		out = append(out, model.Trailer{Key: k, Value: v})
	}
	return out
}

func paths(names ...string) []model.PathChange {
	var out []model.PathChange
	for _, n := range names {
		out = append(out, model.PathChange{Status: 'M', Path: n})
	}
	return out
}

func header(typ, scope, text string) model.Header {
	return model.Header{Type: typ, Scope: scope, Text: text}
}

func TestClassify(t *testing.T) {
	tests := []struct {
		name   string
		change model.Change
		want   string // kind bucket audience areas touched
		diags  int
	}{
		{"a feature by its header", model.Change{Title: "add x", Header: header("feat", "booking", "add x")}, "added told public booking booking", 0},
		{"a chore is the team's", model.Change{Header: header("chore", "", "x")}, "changed internal internal  ", 0},
		{"a breaking chore is not", model.Change{Header: model.Header{Type: "chore", Breaking: true}}, "changed told public  ", 0},
		{"a fix of dependencies is the team's", model.Change{Header: header("fix", "deps", "x")}, "changed internal internal  ", 0},
		{"the trailer is stronger than the header", model.Change{Header: header("chore", "", "x"), Trailers: trailers("Changelog: security")}, "security told public  ", 0},
		{"an unknown kind is diagnosed and the header counts", model.Change{Header: header("fix", "", "x"), Trailers: trailers("Kind: sparkling")}, "fixed told public  ", 1},
		{"a plain verb is only a guess", model.Change{Title: "Add seats"}, "added unclassified public  ", 0},
		{"a plain dependency bump is the team's", model.Change{Title: "Bump foo from 1 to 2"}, "changed internal internal  ", 0},
		{"a plain title that names an internal place", model.Change{Title: ".github/workflows: add a runner"}, "changed internal internal  ", 0},
		{"a plain title behind its package", model.Change{Title: "net/http: fix the timeout"}, "fixed unclassified public  ", 0},
		{"inner commits speak for a silent merge", model.Change{Title: "Seats", Inner: []model.Commit{{Header: header("test", "", "")}, {Header: header("fix", "", "")}}}, "fixed told public  ", 0},
		{"only internal inner commits", model.Change{Title: "Seats", Inner: []model.Commit{{Header: header("test", "", "")}}}, "changed internal internal  ", 0},
		{"a revert of something released is told", model.Change{Title: "Revert x", Reverts: []model.Hash{"aa"}}, "removed told public  ", 0},
		{"declared to need no note", model.Change{Header: header("feat", "", "x"), Trailers: trailers("Release-Note: none")}, "added no-note public  ", 0},
		{"declared in a block", model.Change{Header: header("feat", "", "x"), Blocks: []model.NoteBlock{{None: true}}}, "added no-note public  ", 0},
		{"the area trailer names it in any language", model.Change{Header: header("fix", "", "x"), Trailers: trailers("Area: payments"), Paths: paths("booking/a")}, "fixed told public payment booking,payment", 0},
		{"an unknown area is diagnosed and paths count", model.Change{Header: header("fix", "", "x"), Trailers: trailers("Area: moon"), Paths: paths("booking/a")}, "fixed told public booking booking", 1},
		{"the area most touched comes first", model.Change{Header: header("fix", "", "x"), Paths: paths("booking/a", "payment/b", "shared/money/c")}, "fixed told public payment,booking booking,payment", 0},
		{"internal by audience", model.Change{Header: header("fix", "", "x"), Trailers: trailers("Audience: internal", "Systems: K1")}, "fixed internal internal  ", 0},
		{"for one system by name", model.Change{Header: header("fix", "", "x"), Trailers: trailers("Systems: nordlicht touren")}, "fixed told systems(K2)  ", 0},
		{"an unknown system narrows, and is diagnosed", model.Change{Header: header("fix", "", "x"), Trailers: trailers("Systems: K9")}, "fixed told systems()  ", 1},
		{"withdrawn stays withdrawn", model.Change{Header: header("feat", "", "x"), Bucket: model.BucketWithdrawn}, "added withdrawn public  ", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := model.Release{Changes: []model.Change{tt.change}}
			diags := Classify(settings(), &r)
			ch := &r.Changes[0]
			bucket, _ := BucketOf(settings(), ch)
			audience := string(ch.Audience.Scope)
			if ch.Audience.Scope == model.AudienceSystems {
				audience += "(" + strings.Join(ch.Audience.Systems, ",") + ")"
			}
			got := fmt.Sprintf("%s %s %s %s %s", ch.Kind, bucket, audience, strings.Join(ch.Areas, ","), strings.Join(ch.Touched, ","))
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if len(diags) != tt.diags {
				t.Errorf("%d diagnostics, want %d: %v", len(diags), tt.diags, diags)
			}
		})
	}
}

func TestWording(t *testing.T) {
	long := "Anzahlungen lassen sich jetzt je Reise z. B. nach Saison staffeln und werden sofort berechnet. Sie finden die Einstellung unter Verwaltung."
	tests := []struct {
		name   string
		change model.Change
		lang   model.Lang
		want   string // lang|title|body
	}{
		{"the language's own trailer", model.Change{Trailers: trailers("Release-Note: Neu.", "Release-Note-en: New.")}, "en", "en|New|"},
		{"the bare trailer is the primary language's", model.Change{Trailers: trailers("Release-Note: Neu.", "Release-Note-en: New.")}, "de", "de|Neu|"},
		{"falls back to the other language before the title", model.Change{Title: "x", Trailers: trailers("Release-Note: Neu.")}, "en", "de|Neu|"},
		{"an alias of the trailer", model.Change{Trailers: trailers("Changelog-Text: Neu.")}, "de", "de|Neu|"},
		{"a long text gives its first sentence as title", model.Change{Trailers: trailers("Release-Note: " + long)}, "de",
			"de|Anzahlungen lassen sich jetzt je Reise z. B. nach Saison staffeln und werden sofort berechnet|Sie finden die Einstellung unter Verwaltung."},
		{"a block of one point", model.Change{Blocks: []model.NoteBlock{{Kind: "release-note", Text: "- Neu hier"}}}, "de", "de|Neu hier|"},
		{"a block of several points keeps them", model.Change{Title: "seats", Blocks: []model.NoteBlock{{Text: "- a\n- b"}}}, "de", "de|Seats|- a\n- b"},
		{"the title loses its references", model.Change{Title: "[RW-12] add seats (closes #4) (#5)"}, "de", "en|Add seats|"},
		{"a code word keeps its case", model.Change{Title: "getPrice() returns cents"}, "de", "en|getPrice() returns cents|"},
		{"a title that is only a ticket stays", model.Change{Title: "RW-12"}, "de", "en|RW-12|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := WordingOf(settings(), &tt.change, tt.lang)
			if got := fmt.Sprintf("%s|%s|%s", w.Lang, w.Title, w.Body); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestNotesLeaveOutWhatIsNotPublic(t *testing.T) {
	v1, _ := model.ParseVersion("v1.1.0")
	r := model.Release{Version: v1, Tag: "v1.1.0", Commits: 5, Changes: []model.Change{
		{ID: "!1", Title: "add seats", Header: header("feat", "", "add seats")},
		{ID: "!2", Title: "secret", Header: header("chore", "", "secret")},
		{ID: "!3", Title: "for one", Header: header("feat", "", "x"), Trailers: trailers("Systems: K1")},
		{ID: "!4", Title: "gone", Header: header("feat", "", "x"), Bucket: model.BucketWithdrawn},
		{ID: "!5", Title: "old fix", Header: header("fix", "", "x"), Bucket: model.BucketDelivered, In: "1.0.1"},
	}}
	Classify(settings(), &r)
	notes := Notes(settings(), []model.Release{r}, model.German)
	if len(notes) != 1 || notes[0].Count() != 1 || notes[0].Sections[0].Notes[0].Title != "Add seats" {
		t.Fatalf("got %+v", notes)
	}
	if d := notes[0].Delivered; len(d) != 1 || d[0].Version != "1.0.1" || d[0].Slug != "1.0.1" {
		t.Errorf("delivered: %+v", d)
	}
	ledger := Ledger(settings(), &r, model.DayHeader{}, model.German)
	sum := 0
	for _, s := range ledger.Sums {
		sum += s.Commits
	}
	if sum != r.Commits || len(ledger.Rows) != 5 {
		t.Errorf("the ledger's %d rows sum to %d commits, want %d", len(ledger.Rows), sum, r.Commits)
	}
}

func TestLawOfHistory(t *testing.T) {
	a, b := model.Commit{Hash: "aaaaaaaaaaaa"}, model.Commit{Hash: "bbbbbbbbbbbb"}
	whole := model.Release{Commits: 2, Changes: []model.Change{{Tip: a}}, Skipped: []model.Skipped{{Commit: b}}}
	if err := LawOfHistory(&whole); err != nil {
		t.Error(err)
	}
	lost := whole
	lost.Skipped = nil
	twice := whole
	twice.Skipped = []model.Skipped{{Commit: a}}
	for name, r := range map[string]model.Release{"a lost commit": lost, "a commit told twice": twice} {
		if LawOfHistory(&r) == nil {
			t.Errorf("%s is not noticed", name)
		}
	}
}

func TestJoinMakesOneReleaseOfSeveralRepositories(t *testing.T) {
	release := func(repo, tag string, commits int) model.Release {
		v, _ := model.ParseVersion(tag)
		return model.Release{Version: v, Tag: tag, Repository: repo, Commits: commits, Changes: []model.Change{{ID: "#1"}}}
	}
	got := Join([][]model.Release{
		{release("core", "v1.2.0", 3), release("core", "v1.1.0", 2)},
		{release("web", "web-1.2.0", 4)},
	})
	if len(got) != 2 || got[0].Commits != 7 || len(got[0].Parts) != 2 {
		t.Fatalf("got %+v", got)
	}
	var ids []string
	for _, c := range got[0].Changes {
		ids = append(ids, c.ID)
	}
	if !slices.Equal(ids, []string{"core#1", "web#1"}) {
		t.Errorf("ids %v", ids)
	}
}

func ExampleWordingOf() {
	c := config.Config{Languages: []model.Lang{model.English}}
	ch := model.Change{
		Title:    "feat(pay): split deposits (#12)",
		Trailers: []model.Trailer{{Key: "Release-Note", Value: "Deposits can be split by season."}},
	}
	w := WordingOf(&c, &ch, model.English)
	fmt.Println(w.Title, "from", w.Source)
	// Output: Deposits can be split by season from trailer "Release-Note"
}

// Commits that make a version are the team's; those that speak of one are not.
func TestReleaseWorkIsInternal(t *testing.T) {
	for _, title := range []string{"Preparing for 8.1.3.1 release", "prepare 1.2.3", "Prepare the v2.0 release", "version: bump up to 3.7.1", "Version 3.1", "v1.2.3", "Release 2.0",
		"Update version to 1.3", "updated version", "Back to development", "Start 1.3 development", "Bumped version", "release: 2.0",
		"Release version 8.5.0", "Release candidate 3", "Release date is today", "Release tooling changes", "Release notes for June", "Release @org/cli@1.2.0", "Prepare for 5 release"} {
		if k := verbKind(title); k != internalKind {
			t.Errorf("%q is %q", title, k)
		}
	}
	for _, title := range []string{"Prepare invoices for 2026", "Version every price list", "Update versions of price lists", "Start development servers faster", "Open development plans", "Set version rules by season",
		"Release held rooms on the hour", "Release redirected connections", "Prepare 2 invoices at once"} {
		if k := verbKind(title); k == internalKind {
			t.Errorf("%q is the team's own", title)
		}
	}
}
