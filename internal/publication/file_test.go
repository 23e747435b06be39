package publication

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// sample is a publication with something of everything.
func sample() *model.Publication {
	return &model.Publication{
		Version: "2026.15.0", Tag: "v2026.15.0", TagObject: "5a1c", Day: day("2026-11-24"), Corrected: []time.Time{day("2026-11-26"), day("2026-11-27")},
		Withdrawn: day("2026-11-28"), Reason: "prices: wrong",
		Systems:   map[string]model.Running{"K1": {Day: day("2026-11-24"), At: "07:02"}, "K2": {Day: day("2026-11-25")}},
		Approvals: []model.Approval{{By: "SA", Day: day("2026-11-23"), Sums: map[string]string{"de !412": "46008723", "en intro": "0e123456"}}},
		Words: map[model.Lang]*model.ReleaseWords{"en": {
			Title: "yes", Intro: "Two\n\nparagraphs: #1\n", IntroLang: "de", Known: "- one\n", KnownLang: "de",
			Notes: []model.NoteWords{
				{ID: "!412", Concern: model.Concern{Areas: []string{"booking", "on"}, Audience: model.Audience{Scope: model.AudiencePublic}},
					Note: model.Note{Anchor: "n-1", Kind: model.KindAdded, Title: "- no list", Body: "\ta tab\n  trailing  \n", Breaking: true, BreakingNote: "> quote", ActLang: "en", Lang: "de", Fallback: true, Folded: 3, Details: []model.Detail{{Name: "ticket", Text: "A-1", URL: "https://x.example/"}}}},
				{Concern: model.Concern{Audience: model.Audience{Scope: model.AudienceSystems, Systems: []string{"K1"}}, AreaUnknown: true}, Note: model.Note{Anchor: "n-2", Kind: model.KindFixed, Title: "„Zitat“ \u2028 0755", Lang: "en"}},
			},
			Delivered: []model.DeliveredWords{{ID: "#9", Concern: model.Concern{Audience: model.Audience{Scope: model.AudiencePublic}}, Note: model.DeliveredNote{Title: "~", Version: "1.0", Slug: "1.0", Lang: "en"}}},
			Mended:    []model.Mended{{Day: day("2026-05-14"), Concern: model.Concern{Audience: model.Audience{Scope: model.AudienceSystems, Systems: []string{"K1"}}, Areas: []string{"booking"}}}},
		}},
	}
}

func TestFileReadsBack(t *testing.T) {
	same := func(t *testing.T, p *model.Publication) {
		t.Helper()
		data, err := Format(p)
		if err != nil {
			t.Fatal(err)
		}
		got, list := Parse("publication.yaml", data, time.UTC)
		if len(list) > 0 {
			t.Fatalf("%v\n%s", list, data)
		}
		if diff := cmp.Diff(p, got); diff != "" {
			t.Fatalf("(-written +read)\n%s\n%s", diff, data)
		}
		again, err := Format(got)
		if err != nil || string(again) != string(data) {
			t.Fatalf("written again it differs: %v\n%s", err, cmp.Diff(string(data), string(again)))
		}
	}
	same(t, sample())
	// Whatever people and commits write comes back.
	r := rand.New(rand.NewPCG(7, 8))
	alphabet := []rune("abc äß😀:#-?*&!|>'\"%@`{}[],\\\n\n\t  0~<=\u00a0\u2028\u0085\ufeff\x7f\x01")
	text := func() string {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
		return b.String()
	}
	for range 1500 {
		p := sample()
		w := p.Words["en"]
		w.Title, w.Intro, w.Notes[0].Note.Title, w.Notes[0].Note.Body, w.Notes[1].Note.BreakingNote, p.Reason = text(), text(), text(), text(), text(), text()
		same(t, p)
	}
}

// A field that a note or a release's words get one day must be kept as well.
func TestFileKeepsEverything(t *testing.T) {
	w := sample().Words["en"]
	w.TitleLang = "de"
	// The area's name follows the settings; Areas holds its id. Notes that read the same
	// are all kept.
	live := map[string]bool{"AreaID": true, "Area": true, "Also": true}
	for _, v := range []any{*w, w.Notes[0].Note, w.Delivered[0].Note} {
		for i := range reflect.TypeOf(v).NumField() {
			f := reflect.TypeOf(v).Field(i)
			if reflect.ValueOf(v).Field(i).IsZero() && !live[f.Name] && f.Name != "Fallback" {
				t.Errorf("%T.%s: the sample lacks it, and so does the file", v, f.Name)
			}
		}
	}
}

func TestFileMistakes(t *testing.T) {
	for _, c := range []struct{ text, message string }{
		{"", "the file is empty"},
		{"version: x\n", `"x" is no version`},
		{"version: 1.0.0\nnonsense: 1\n", "nonsense"},
		{"version: 1.0.0\npublished: 24.11.2026\n", `published is no day: "24.11.2026"`},
		{"version: 1.0.0\npublished: 2026-11-24\n", "its words are missing"},
		{"version: 1.0.0\n<<<<<<< HEAD\n", "not YAML"},
		{"version: [1.0.0]\n", "isn't what was written"},
		{"version: 1.0.0\nwords: {de: {notes: [{title: [x]}]}}\n", "isn't what was written"},
	} {
		_, list := Parse("p.yaml", []byte(c.text), time.UTC)
		if list.Worst() != diag.Error || !strings.Contains(list[0].Message, c.message) || list[0].Hint == "" {
			t.Errorf("%q: %v", c.text, list)
		}
		for _, d := range list {
			if strings.Contains(d.Message, "publication.") || strings.Contains(d.Message, "string") {
				t.Errorf("%q: speaks of Go: %s", c.text, d.Message)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	data, err := Format(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("version: 1.0.0\nsystems: {K1: {since: x}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, list := Parse("p.yaml", data, time.UTC)
		if (p == nil) != (list.Worst() == diag.Error) && p == nil {
			t.Fatal("nothing was read, and nothing is said")
		}
		if p != nil && list.Worst() != diag.Error {
			if _, err := Format(p); err != nil {
				t.Fatal(err)
			}
		}
	})
}
