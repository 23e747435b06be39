package editorial

import (
	"strings"
	"testing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

func facts() Facts {
	return Facts{
		Lang: model.German, Label: "Kurswagen 2.0", Words: german, Gone: map[string]string{}, Quiet: map[string]string{"!9": "it is internal"},
		Changes: []Fact{
			{ID: "!1", Kind: model.KindAdded, Title: "Eins", Lang: model.German, Reviewed: true},
			{ID: "!2", Kind: model.KindAdded, Title: "Two", Lang: model.English},
			{ID: "!3", Kind: model.KindFixed, Title: "Drei", Body: "Satz drei.", Lang: model.German, Reviewed: true, Only: []string{"K1", "K2"}},
		},
	}
}

func generated(f Facts) string { return string(Generate(f).Bytes()) }

func refresh(t *testing.T, base string, cur string, f Facts) (string, Result) {
	t.Helper()
	d, list := Parse("notes.de.md", model.German, []byte(cur), NamesOf(german))
	if list.Worst() == diag.Error {
		t.Fatal(list)
	}
	var b *Draft
	if base != "" {
		b, _ = Parse("base", model.German, []byte(base), NamesOf(german))
	}
	r := Merge(b, d, f)
	return string(r.Draft.Bytes()), r
}

func TestGenerate(t *testing.T) {
	want := `---
title: ""
---

# Kurswagen 2.0

<!--
Jede Überschrift ist eine Änderung.
-->

## Neu <!-- added -->

### Eins <!-- !1 -->

### Two <!-- !2 unreviewed en -->

## Behoben <!-- fixed -->

### Drei <!-- !3 only:K1,K2 -->

Satz drei.
`
	if got := generated(facts()); got != want {
		t.Errorf("got\n%s", got)
	}
}

// Text out of a commit message can't open a section, a comment or a fence in
// the draft, and comes back as the same note.
func TestGeneratedTextStaysInItsNote(t *testing.T) {
	f := facts()
	for _, body := range []string{
		"## Neu <!-- added -->\n### x <!-- !2 -->", "```\nopen", "<!-- open", "<<<<<<< HEAD\na\n=======\n>>>>>>> b", "---\na\n---", "<!-- left-out: !1 -->", "~~~~\n```\n### y",
	} {
		f.Changes[0].Body, f.Changes[0].Act = body, body
		f.Changes[0].Title = "Titel <!-- !3 --> \n### z"
		d, list := Parse("x", model.German, []byte(generated(f)), NamesOf(german))
		if len(list) > 0 || len(d.notes()) != 3 || len(d.LeftOut) > 0 {
			t.Errorf("%q: %v, %d notes, left out %v\n%s", body, list, len(d.notes()), d.LeftOut, generated(f))
		}
		if n := d.Note("!1"); n == nil || n.Body == "" || n.Act == "" {
			t.Errorf("%q: the note reads %+v", body, n)
		}
	}
}

func TestMergeKeepsWordsAndRaisesDrift(t *testing.T) {
	base := generated(facts())
	edited := strings.Replace(base, "Satz drei.", "Der dritte Satz.", 1)
	f := facts()
	f.Changes[2].Body = "Satz drei, berichtigt."
	f.Changes[0].Title = "Eins, neu"
	out, r := refresh(t, base, edited, f)
	if !strings.Contains(out, "Der dritte Satz.") || strings.Contains(out, "berichtigt") || !strings.Contains(out, "### Eins, neu <!-- !1 -->") || !strings.Contains(out, "<!-- !3 drift only:K1,K2 -->") {
		t.Errorf("got\n%s", out)
	}
	if len(r.Alarms) != 1 || r.Alarms[0].Code != "drift" || r.Alarms[0].Position.Line != 19 {
		t.Fatalf("alarms %v", r.Alarms)
	}
	for _, text := range []string{"Der dritte Satz.", "Satz drei, berichtigt.", "Satz drei."} {
		if !strings.Contains(r.Alarms[0].Message, text) {
			t.Errorf("the alarm doesn't name %q: %s", text, r.Alarms[0].Message)
		}
	}
}

func TestMergeSetsWithdrawnWordsAside(t *testing.T) {
	base := generated(facts())
	edited := strings.Replace(base, "### Eins", "### Einsatzbereit", 1)
	f := facts()
	f.Gone["!1"], f.Gone["!2"] = "reverted by 1a2b3c4d", "reverted by 1a2b3c4d"
	f.Changes = f.Changes[2:]
	out, r := refresh(t, base, edited, f)
	want := "## Zurückgestellt <!-- set-aside -->\n\n### Einsatzbereit <!-- !1 reverted by 1a2b3c4d -->\n"
	if !strings.HasSuffix(out, want) || strings.Contains(out, "Two") || strings.Contains(out, "## Neu") {
		t.Errorf("got\n%s", out)
	}
	if len(r.Alarms) != 1 || !strings.Contains(r.Alarms[0].Message, "Einsatzbereit") || !strings.Contains(r.Alarms[0].Message, `"Eins"`) {
		t.Errorf("alarms %v", r.Alarms)
	}
}

func TestMergeRemembersMovedAndDeleted(t *testing.T) {
	base := generated(facts())
	moved := strings.Replace(base, "### Eins <!-- !1 -->\n\n### Two <!-- !2 unreviewed en -->\n\n", "", 1)
	moved += "\n### Eins <!-- !1 -->\n"
	moved = strings.Replace(moved, "## Neu <!-- added -->\n\n", "", 1)
	f := facts()
	f.Changes = append(f.Changes, Fact{ID: "!4", Kind: model.KindAdded, Title: "Vier", Lang: model.German, Reviewed: true})
	out, r := refresh(t, base, moved, f)
	tail := out[strings.Index(out, "## Neu"):]
	want := "## Neu <!-- added -->\n\n### Vier <!-- !4 new -->\n\n## Behoben <!-- fixed -->\n\n### Drei <!-- !3 only:K1,K2 -->\n\nSatz drei.\n\n### Eins <!-- !1 -->\n\n<!-- left-out: !2 -->\n"
	if tail != want {
		t.Errorf("got\n%s", tail)
	}
	// Deleted from the line, the change comes back.
	back := strings.Replace(out, "left-out: !2", "left-out:", 1)
	again, r2 := refresh(t, string(r.Base.Bytes()), back, f)
	if !strings.Contains(again, "### Two <!-- !2 new unreviewed en -->") || len(r2.Added) != 1 || strings.Contains(again, "left-out") {
		t.Errorf("got\n%s", again)
	}
}

func TestMergeWithoutBaseTakesDifferencesForAPersons(t *testing.T) {
	f := facts()
	edited := strings.Replace(generated(f), "Satz drei.", "Der dritte Satz.", 1)
	edited = strings.Replace(edited, "### Two <!-- !2 unreviewed en -->\n\n", "", 1)
	out, r := refresh(t, "", edited, f)
	if !strings.Contains(out, "Der dritte Satz.") || !strings.Contains(out, "### Two <!-- !2 new unreviewed en -->") || len(r.Alarms) > 0 {
		t.Errorf("got\n%s%v", out, r.Alarms)
	}
}

func TestMergeNamesUnknownIDs(t *testing.T) {
	f := facts()
	base := generated(f)
	_, r := refresh(t, base, base+"\n### Fremd <!-- #1 -->\n\n### Intern <!-- !9 -->\n", f)
	if len(r.Alarms) != 1 || r.Alarms[0].Severity != diag.Error || r.Alarms[0].Hint != "did you mean !1?" || r.Alarms[0].Position.Line != 23 {
		t.Errorf("alarms %v", r.Alarms)
	}
	if !strings.Contains(string(r.Draft.Bytes()), "### Intern <!-- !9 -->") {
		t.Error("a change that a person put in by hand is gone")
	}
}

func TestMergeKeepsLineEnds(t *testing.T) {
	f := facts()
	base := generated(f)
	cur := bom + strings.ReplaceAll(strings.Replace(base, "Satz drei.", "Der dritte Satz.", 1), "\n", "\r\n")
	f.Changes = append(f.Changes, Fact{ID: "!4", Kind: model.KindSecurity, Title: "Vier", Reviewed: true})
	out, _ := refresh(t, base, cur, f)
	if !strings.HasPrefix(out, bom) || strings.Count(out, "\n") != strings.Count(out, "\r\n") || !strings.Contains(out, "### Vier <!-- !4 new -->\r\n") {
		t.Errorf("got %q", out)
	}
}

// Two people's edits, merged by git line by line, are both there.
func TestTwoPeoplesEdits(t *testing.T) {
	f := facts()
	base := generated(f)
	both := strings.Replace(strings.Replace(base, "### Eins", "### Anna war hier", 1), "Satz drei.", "Bert auch.", 1)
	out, r := refresh(t, base, both, f)
	if out != both || len(r.Kept) != 2 {
		t.Errorf("kept %v, got\n%s", r.Kept, out)
	}
}

// TestFiveThousandChanges: a release of that size is refreshed after half of
// it came in behind somebody's edits, and after its base was lost.
func TestFiveThousandChanges(t *testing.T) {
	f := facts()
	f.Changes = nil
	kinds := model.Kinds()
	for i := range 5000 {
		f.Changes = append(f.Changes, Fact{ID: "!" + strings.Repeat("1", 1+i%3) + "0" + string(rune('a'+i%26)) + word(i), Kind: kinds[i*len(kinds)/5000], Title: "Änderung " + word(i), Body: "Ein Satz.", Lang: model.German, Reviewed: true})
	}
	half := f
	half.Changes = nil
	for i, c := range f.Changes {
		if i%2 == 0 {
			half.Changes = append(half.Changes, c)
		}
	}
	base := generated(half)
	edited := strings.Replace(base, "Ein Satz.", "Ein anderer Satz.", 1)
	for _, b := range []string{base, ""} {
		out, r := refresh(t, b, edited, f)
		if len(r.Added) != 2500 || !strings.Contains(out, "Ein anderer Satz.") {
			t.Errorf("%d added", len(r.Added))
		}
	}
}

func word(i int) string {
	return string([]byte{byte('a' + i/676%26), byte('a' + i/26%26), byte('a' + i%26)})
}
