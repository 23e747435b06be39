package printed

import (
	"reflect"
	"testing"

	"daybreak/internal/model"
)

func document(rows ...Row) *Document { return &Document{Name: "runbook", Sheets: 2, Rows: rows} }

func TestChanges(t *testing.T) {
	was := document(
		Row{Key: "tags", Text: "v1 → v2", Sheets: []int{1}},
		Row{Key: "note !7", Code: "B1", Text: "stop the import", Sheets: []int{1}},
		Row{Key: "note !8", Code: "B2", Text: "look at the log", Sheets: []int{1}},
		Row{Key: "step S05", Code: "S05", Text: "06:35 click", Sheets: []int{2}},
		Row{Key: "step S06", Code: "S06", Text: "06:40 wait", Sheets: []int{2}},
	)
	now := []Row{
		{Key: "tags", Text: "v1 → v3", Sheets: []int{1}},
		{Key: "note !8", Code: "B1", Text: "look at the log", Sheets: []int{1}},
		{Key: "step S05", Code: "S05", Text: "06:36 click", Sheets: []int{2}},
		{Key: "step S06", Code: "S06", Text: "06:40 wait", Sheets: []int{2}},
		{Key: "step S07", Code: "S07", Text: "06:50 look", Sheets: []int{2}},
	}
	want := []model.ChangedRow{
		{Label: "tags", Fact: true, Was: "v1 → v2", Now: "v1 → v3", Sheets: []int{1}},
		{Label: "B1", Was: "stop the import", Sheets: []int{1}},
		{Label: "B2", Was: "B2 look at the log", Now: "B1 look at the log", Sheets: []int{1}},
		{Label: "S05", Was: "06:35 click", Now: "06:36 click", Sheets: []int{2}},
		{Label: "S07", Now: "06:50 look"},
	}
	if got := Changes(was, now); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := Changes(was, was.Rows); got != nil {
		t.Errorf("the same rows changed: %+v", got)
	}
}

func TestSheets(t *testing.T) {
	a := Row{Key: "a", Text: "a", Sheets: []int{1}}
	b := Row{Key: "b", Text: "b", Sheets: []int{2}}
	moved, longer, nowhere := b, b, b
	moved.Sheets, longer.Text, nowhere.Sheets, nowhere.Text = []int{1}, "b and more", nil, "somewhere"
	for name, c := range map[string]struct {
		now  *Document
		want []int
	}{
		"the same":           {document(a, b), nil},
		"a longer row":       {document(a, longer), []int{2}},
		"a row elsewhere":    {document(a, moved), []int{1, 2}},
		"a row gone":         {document(a), []int{2}},
		"a row of no place":  {document(a, nowhere), []int{1, 2}},
		"another sheet more": {&Document{Sheets: 3, Rows: []Row{a, b}}, []int{1, 2, 3}},
	} {
		if got := Sheets(document(a, b), c.now); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: sheets %v, want %v", name, got, c.want)
		}
	}
}

func TestPlace(t *testing.T) {
	rows := Place([]Row{{Key: "tags"}, {Key: "note !1", Code: "B1"}, {Key: "step B1", Code: "B1"}, {Key: "check !1", Code: "C01"}, {Key: "step Ü1", Code: "Ü1"}},
		map[string]int{"r-note-B1": 1, "r-B1": 3, "r-1-C01": 2, "r-2-C01": 4})
	for i, want := range [][]int{{1}, {1}, {3}, {2, 4}, nil} {
		if !reflect.DeepEqual(rows[i].Sheets, want) {
			t.Errorf("%s stands on %v, want %v", rows[i].Key, rows[i].Sheets, want)
		}
	}
}

// A text of any kind comes back as it was.
func TestFileIsReadBack(t *testing.T) {
	p := &Print{Version: "1.0", Fingerprint: "0a1b2c3d", Lang: "de", At: "2026-11-23 16:40:07", Documents: []Document{*document(
		Row{Key: "note !7", Code: "B1", Text: "a: b # c\n\t\"d\" – ✓", Sheets: []int{1, 2}}, Row{Key: "step S1", Text: "- ? ~"})}}
	data, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	got, found := Parse("content/releases/1.0/printed/0a1b2c3d.de.yaml", data)
	if len(found) > 0 || !reflect.DeepEqual(got, p) {
		t.Errorf("%v\ngot  %+v\nwant %+v", found, got, p)
	}
	if got.Minute() != "2026-11-23 16:40" {
		t.Errorf("printed at %q", got.Minute())
	}
}

func FuzzParse(f *testing.F) {
	f.Add("version: 1.0\nfingerprint: 0a1b2c3d\nlang: de\nat: 2026-11-23 16:40:07\ndocuments: [{name: runbook, sheets: 1, rows: [{key: a, text: b}]}]\n")
	f.Add("fingerprint: [")
	f.Add("lang: de\nmore: 1\n")
	f.Fuzz(func(t *testing.T, data string) {
		p, found := Parse("printed/0a1b2c3d.de.yaml", []byte(data))
		if (p == nil) != (len(found) > 0) {
			t.Fatalf("%+v with %v", p, found)
		}
	})
}
