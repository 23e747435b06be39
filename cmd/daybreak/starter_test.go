package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/gitsource"
	"daybreak/internal/model"
)

// example is a commented-out line: a # with no blank, or an even number of
// them, behind it.
var example = regexp.MustCompile(`(?m)^( *)#((?:  )*\S.*)$`)

// What init writes holds as it is, and with every example taken into use,
// whatever the repository calls its things.
func TestStarterHolds(t *testing.T) {
	hostile := "a\"b: #{x}\n\u202e'&*!|>%@`" + strings.Repeat("ü", 90)
	cases := map[string]starter{
		"nothing known": {Name: "Product", Titles: "en", Unclassified: "tell"},
		"much known": {
			Name: "Rotbuch", Path: "../rotbuch", Tags: []string{"v*", "release-*"}, Newest: "v1.2.0", Main: "main", Forge: "gitlab",
			URL: "https://git.example.com/rotbuch", Titles: "de", Tickets: []string{`RB-[0-9]+`}, Unclassified: "withhold", Counted: true, Conventional: 81,
			Areas:  areasOf([]string{"src/booking", "web/prices", "docs"}),
			People: peopleOf([]gitsource.Author{{Name: "Mira Kern", Mails: []string{"mira@example.com"}}, {Name: "Tom Berg", Mails: []string{"tom@example.com"}}}),
		},
		"one author": {Name: "x", Path: ".", Titles: "en", Unclassified: "tell", People: peopleOf([]gitsource.Author{{Name: "Mira Kern"}})},
		"hostile": {
			Name: oneLine(hostile), Path: "../" + oneLine(hostile), Tags: []string{"v*"}, Newest: oneLine(hostile), Main: "no", Titles: "en", Unclassified: "tell",
			Areas:  areasOf([]string{hostile, "a: b", "übersicht", "no", "{a", "src/ok/#x"}),
			People: peopleOf([]gitsource.Author{{Name: hostile, Mails: []string{hostile}}, {Name: "{}", Mails: []string{"a@b"}}, {Name: "No", Mails: []string{"x@example.com"}}, {Name: "on"}, {Name: "dependabot[bot]"}}),
		},
	}
	for name, s := range cases {
		for _, language := range []model.Lang{"de", "en"} {
			s.Language, s.Timezone = language, "UTC"
			data, err := s.render(content.FS)
			if err != nil {
				t.Errorf("%s, %s: %v", name, language, err)
				continue
			}
			used := example.ReplaceAll(data, []byte("$1$2"))
			c, list := config.Parse(config.Name, used)
			if len(list) > 0 {
				t.Errorf("%s, %s, with every example in use: %v\n%s", name, language, list, used)
			}
			if len(c.Systems) == 0 || len(c.Roles) == 0 || c.Train == nil || c.Product.Accent == "" {
				t.Errorf("%s, %s: the examples are not in use:\n%s", name, language, used)
			}
			if c.Product.Name != s.Name || len(c.Areas) != max(2, len(s.Areas)) && len(s.Areas) != 1 || c.Train.Every != "3w" {
				t.Errorf("%s, %s: read back %+v", name, language, c)
			}
			for line := range strings.Lines(string(data)) {
				if n := len([]rune(line)); n > 100 && name != "hostile" {
					t.Errorf("%s: a line of %d characters: %s", language, n, line)
				}
			}
		}
	}
}

func TestProposals(t *testing.T) {
	got := areasOf([]string{"docs", "src", "booking", "Booking", "price-lists", ".github", "a*b", "übersicht"})
	want := []proposedArea{
		{"booking", "Booking", []string{"booking/**"}},
		{"price-lists", "Price lists", []string{"price-lists/**"}},
		{"übersicht", "Übersicht", []string{"übersicht/**"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	people := peopleOf([]gitsource.Author{
		{Name: "Mira Kern", Mails: []string{"Mira@example.com"}}, {Name: "M. Kern", Mails: []string{"mira@example.com"}}, {Name: "renovate[bot]", Mails: []string{"x@y.z"}},
		{Name: "Max Klein", Mails: []string{"1+max@users.noreply.github.com"}}, {Name: "Ö"},
	})
	wantPeople := []config.Person{
		{ID: "mk", Name: "Mira Kern", Mails: []string{"mira@example.com"}},
		{ID: "mk2", Name: "Max Klein", Mails: []string{"1+max@users.noreply.github.com"}},
		{ID: "ö", Name: "Ö"},
	}
	if diff := cmp.Diff(wantPeople, people); diff != "" {
		t.Error(diff)
	}
}

func TestQuoteYAML(t *testing.T) {
	for in, want := range map[string]string{
		"Rotbuch": "Rotbuch", "../product": "../product", ".": ".", "..": "..", "Alpen Reisen": "Alpen Reisen", "no": `"no"`, "True": `"True"`,
		"1.0": `"1.0"`, "a: b": `"a: b"`, "x #y": `"x #y"`, "": `""`, "- a": `"- a"`, "a,b": `"a,b"`, "<b>": `"<b>"`, "https://x.example/a": "https://x.example/a", "https://x/{a}": `"https://x/{a}"`, "~/x": `"~/x"`,
	} {
		if got := quoteYAML(in); got != want {
			t.Errorf("quoteYAML(%q) = %s, want %s", in, got, want)
		}
	}
}
