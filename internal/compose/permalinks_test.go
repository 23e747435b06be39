package compose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/model"
)

// notesOf reads notes out of lines "anchor | id | kind | title | body"; an id
// "deps" stands for the note that sums up updates.
func notesOf(t *testing.T, lines ...string) *model.ReleaseWords {
	t.Helper()
	w := &model.ReleaseWords{}
	for _, line := range lines {
		f := strings.Split(line, "|")
		if len(f) != 5 {
			t.Fatalf("%q", line)
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		n := model.NoteWords{ID: f[1], Note: model.Note{Anchor: f[0], Kind: model.Kind(f[2]), Title: f[3], Body: f[4]}}
		if n.ID == "deps" {
			n.ID, n.Note.Folded = "", 3
		}
		w.Notes = append(w.Notes, n)
	}
	return w
}

// A note keeps the address under which it was published, whatever becomes of its
// words and of the notes around it.
func TestKeepAnchors(t *testing.T) {
	for _, c := range []struct {
		name     string
		was, now []string
		want     string
	}{
		{"nothing changed",
			[]string{"n1|!1|added|One|", "n2||added|Two|", "n3|deps|changed|Updates|"},
			[]string{"n1|!1|added|One|", "n2||added|Two|", "n3|deps|changed|Updates|"}, "n1 n2 n3"},
		{"the title was mended, the text stays",
			[]string{"n1||added|Two|Some words."}, []string{"m1||added|Three|Some words."}, "n1"},
		{"title and text were mended, and the note was moved to another kind",
			[]string{"n1||added|Offers as PDF|Your customers get a file.", "n2||added|Other|"},
			[]string{"n2||added|Other|", "m1||changed|Offers as a PDF|Your customers get the file by mail."}, "n2 n1"},
		{"all words are others, but the note stands where it stood",
			[]string{"n1|!1|added|One|", "n2||added|Search|", "n3|!3|added|Three|"},
			[]string{"n1|!1|added|One|", "m2||added|Finding|", "n3|!3|added|Three|"}, "n1 n2 n3"},
		{"two notes of other words in one place are new ones",
			[]string{"n2||added|Search|"}, []string{"m2||added|Finding|", "m3||added|Printing|"}, "m2 m3"},
		{"another kind in the same place is a new one",
			[]string{"n2||added|Search|"}, []string{"m2||fixed|Finding|"}, "m2"},
		{"titles were exchanged, texts stay: a title is what people link to",
			[]string{"n1||added|A|first", "n2||added|B|second"}, []string{"n2||added|B|first", "n1||added|A|second"}, "n2 n1"},
		{"a new note has the old title of a mended one",
			[]string{"n1||added|New name|text"}, []string{"n1||added|Old name|another one", "m1||added|New name|text"}, "n1x n1"},
		{"and keeps its own address from then on",
			[]string{"n1x||added|Old name|another one", "n1||added|New name|text"}, []string{"n1||added|Old name|another one", "m1||added|New name|text"}, "n1x n1"},
		{"the first of two with the same title is gone",
			[]string{"n1||added|Fixes|first", "n2||added|Fixes|second"}, []string{"n1||added|Fixes|second"}, "n2"},
		{"the id behind a heading was lost",
			[]string{"n1|!1|added|Deposits by season|"}, []string{"m1||added|Deposits by season|"}, "n1"},
		{"the id behind a heading was found",
			[]string{"m1||added|Deposits by season|"}, []string{"n1|!1|added|Deposits by season|"}, "m1"},
		{"changes of other words are other changes, wherever they stand",
			[]string{"n1|!1|added|Deposits by season|"}, []string{"n2|!2|added|Deposits by month|"}, "n2"},
		{"a note that somebody writes in place of a change is a new one",
			[]string{"n1|!1|added|Deposits|"}, []string{"m1||added|Printing|"}, "m1"},
		{"nothing was told before", nil, []string{"m1||added|One|", "n2|!2|added|Two|"}, "m1 n2"},
		{"nothing is told any more", []string{"n1||added|One|"}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := notesOf(t, c.now...)
			keepAnchors(notesOf(t, c.was...), now)
			var got []string
			for _, n := range now.Notes {
				got = append(got, n.Note.Anchor)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
			again := notesOf(t, c.now...)
			keepAnchors(now, again)
			if diff := cmp.Diff(now, again); diff != "" {
				t.Error("the second time:", diff)
			}
		})
	}
}
