package editorial

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// TestLawOfWords edits drafts at random and brings in new facts at random, over
// and over: every line that a person wrote is still in the file; a second
// refresh changes nothing; what was deleted stays away, what was moved stays
// where it is.
func TestLawOfWords(t *testing.T) {
	rounds := 2000
	aside, drifts, lefts, restored := 0, 0, 0, 0
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 4))
		s := newStory(r)
		for range 1 + r.IntN(3) {
			s.edit()
			s.develop()
			res := s.refresh(t)
			aside += len(res.SetAside)
			drifts += len(res.Drifted)
			lefts += len(res.LeftOut)
			restored += len(res.Restored)
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	}
	// A law that was never put to the test would hold too.
	if aside < rounds/10 || drifts < rounds/10 || lefts < rounds/10 || restored < rounds/40 {
		t.Errorf("only %d set aside, %d drifted, %d left out, %d restored in %d rounds", aside, drifts, lefts, restored, rounds)
	}
}

// story is one release while people and developers work on it.
type story struct {
	r       *rand.Rand
	facts   Facts
	base    *Draft
	file    string
	written []string        // every word that a person wrote and has not deleted
	deleted map[string]bool // ids whose heading a person deleted
	words   int
	next    int
}

func newStory(r *rand.Rand) *story {
	s := &story{r: r, deleted: map[string]bool{}}
	s.facts = Facts{Lang: model.German, Label: "Kurswagen 1.0", Gone: map[string]string{}, Words: german}
	for range 2 + r.IntN(8) {
		s.merge()
	}
	s.base = Generate(s.facts)
	s.file = string(s.base.Bytes())
	if r.IntN(3) == 0 {
		s.file = bom + strings.ReplaceAll(s.file, "\n", "\r\n")
	}
	return s
}

func (s *story) merge() {
	s.next++
	kinds := model.Kinds()
	f := Fact{ID: fmt.Sprintf("!%d", s.next), Kind: kinds[s.r.IntN(len(kinds))], Title: fmt.Sprintf("Fact %d", s.next), Lang: model.German, Reviewed: s.r.IntN(2) == 0}
	if s.r.IntN(2) == 0 {
		f.Body = fmt.Sprintf("Body of %d.\n\n- one\n- two", s.next)
	}
	if s.r.IntN(5) == 0 {
		f.Act = "Do it."
	}
	at := s.r.IntN(len(s.facts.Changes) + 1)
	s.facts.Changes = slices.Insert(slices.Clone(s.facts.Changes), at, f)
}

// develop merges, reverts, restores and rewords.
func (s *story) develop() {
	for range s.r.IntN(5) {
		switch n := len(s.facts.Changes); s.r.IntN(5) {
		case 0, 1:
			s.merge()
		case 2:
			if n > 0 {
				i := s.r.IntN(n)
				s.facts.Gone[s.facts.Changes[i].ID] = "reverted by 1a2b3c4d"
				s.facts.Changes = slices.Delete(slices.Clone(s.facts.Changes), i, i+1)
			}
		case 3:
			if n > 0 {
				s.facts.Changes = slices.Clone(s.facts.Changes)
				f := &s.facts.Changes[s.r.IntN(n)]
				f.Title += "!"
				if s.r.IntN(3) == 0 {
					f.Kind = model.Kinds()[s.r.IntN(6)]
				}
			}
		case 4:
			for id := range s.facts.Gone {
				delete(s.facts.Gone, id)
				s.facts.Changes = append(slices.Clone(s.facts.Changes), Fact{ID: id, Kind: model.KindAdded, Title: "Again " + id, Lang: model.German, Reviewed: true})
				break
			}
		}
	}
}

// edit does what people do to a file in an editor: a few strokes that leave it
// a draft.
func (s *story) edit() {
	for range s.r.IntN(6) {
		before, kept := s.file, slices.Clone(s.written)
		s.stroke()
		d, list := Parse("x", model.German, []byte(s.file), NamesOf(german))
		if list.Worst() == diag.Error {
			s.file, s.written = before, kept
			continue
		}
		was, _ := Parse("x", model.German, []byte(before), NamesOf(german))
		now := d.notes()
		for id := range was.notes() {
			if now[id] == nil {
				s.deleted[id] = true
			}
		}
		for id := range now {
			delete(s.deleted, id)
		}
		if len(now) > 0 && len(d.foot.lines) > 0 {
			for _, id := range was.LeftOut {
				if !slices.Contains(d.LeftOut, id) {
					delete(s.deleted, id) // taken out of the line: wanted back
				}
			}
		}
	}
}

func (s *story) stroke() {
	end := "\n"
	if strings.Contains(s.file, "\r\n") {
		end = "\r\n"
	}
	lines := strings.Split(strings.TrimSuffix(s.file, end), end)
	i := s.r.IntN(len(lines))
	s.words++
	word := fmt.Sprintf("Wort%dx", s.words)
	switch s.r.IntN(8) {
	case 7: // what is known not to work yet
		lines = slices.Insert(lines, i, "## Bekannte Einschränkungen <!-- known -->", "", "- Noch nicht "+word)
		s.written = append(s.written, "- Noch nicht "+word)
	case 0: // a line between
		lines = slices.Insert(lines, i, "Ein neuer Satz, "+word+".")
		s.written = append(s.written, "Ein neuer Satz, "+word+".")
	case 1: // a word in a line
		if lines[i] = strings.TrimPrefix(lines[i], bom); strings.HasPrefix(lines[i], "### ") {
			lines[i] = "### " + word + lines[i][3:]
		} else {
			lines[i] += " " + word
		}
		s.written = append(s.written, word)
	case 2: // a line away, with all that was written in it
		gone := lines[i]
		lines = slices.Delete(lines, i, i+1)
		s.forget(gone, strings.Join(lines, "\n"))
	case 3: // a note moves, as a block or in part
		j := min(len(lines), i+1+s.r.IntN(6))
		part := slices.Clone(lines[i:j])
		lines = slices.Delete(lines, i, j)
		lines = slices.Insert(lines, s.r.IntN(len(lines)+1), part...)
	case 4: // a whole note away
		for ; i < len(lines) && !strings.HasPrefix(lines[i], "### "); i++ {
		}
		j := i + 1
		for ; j < len(lines) && !strings.HasPrefix(lines[j], "##"); j++ {
		}
		if i < len(lines) {
			gone := strings.Join(lines[i:j], "\n")
			lines = slices.Delete(lines, i, j)
			s.forget(gone, strings.Join(lines, "\n"))
		}
	case 5: // a note of its own
		lines = slices.Insert(lines, i, "### "+word, "", "Eigener Text "+word)
		s.written = append(s.written, word, "Eigener Text "+word)
	case 6: // marks dealt with
		for k := range lines {
			lines[k] = strings.Replace(lines[k], " unreviewed", "", 1)
		}
	}
	s.file = strings.Join(lines, end) + end
}

// forget drops what a person deleted from what must be kept.
func (s *story) forget(gone, rest string) {
	s.written = slices.DeleteFunc(s.written, func(w string) bool { return strings.Contains(gone, w) && !strings.Contains(rest, w) })
}

// refresh runs daybreak twice and holds the laws.
func (s *story) refresh(t *testing.T) Result {
	t.Helper()
	names := NamesOf(german)
	cur, list := Parse("x", model.German, []byte(s.file), names)
	if list.Worst() == diag.Error {
		t.Fatalf("the story made a broken file: %v\n%s", list, s.file)
	}
	base := s.base
	if s.r.IntN(6) == 0 {
		base = nil // lost
	}
	res := Merge(base, cur, s.facts)
	out := string(res.Draft.Bytes())
	again, list := Parse("x", model.German, []byte(out), names)
	if list.Worst() == diag.Error {
		t.Errorf("the refreshed draft has errors: %v\nfrom\n%s\nto\n%s", list, s.file, out)
	}
	for _, w := range s.written {
		if !strings.Contains(out, w) {
			t.Errorf("%q is lost; from\n%s\nto\n%s", w, s.file, out)
		}
	}
	newBase, _ := Parse("base", model.German, res.Base.Bytes(), names)
	if second := Merge(newBase, again, s.facts); string(second.Draft.Bytes()) != out {
		t.Errorf("the second refresh changes\n%s\nto\n%s", out, second.Draft.Bytes())
	}
	have := again.notes()
	for _, f := range s.facts.Changes {
		switch {
		case base != nil && s.deleted[f.ID] && have[f.ID] != nil && s.base.notes()[f.ID] != nil:
			t.Errorf("%s was deleted and came back; from\n%s\nto\n%s", f.ID, s.file, out)
		case have[f.ID] == nil && !slices.Contains(res.LeftOut, f.ID):
			t.Errorf("%s is neither told nor left out", f.ID)
		}
	}
	for _, id := range res.Restored {
		if was, is := cur.AsideNote(id), have[id]; was == nil || is == nil || was.Text() != is.Text() || !is.Has(MarkNew) {
			t.Errorf("%s is told again, but not in the words that were set aside; from\n%s\nto\n%s", id, s.file, out)
		}
	}
	for _, f := range s.facts.Changes {
		if cur.AsideNote(f.ID) != nil && cur.notes()[f.ID] == nil && have[f.ID] != nil && !slices.Contains(res.Restored, f.ID) {
			t.Errorf("%s came in anew, and the words that were set aside stay there", f.ID)
		}
	}
	s.file, s.base = out, newBase
	if base == nil {
		s.deleted = map[string]bool{}
	}
	return res
}

// TestUntouchedDraftsAreRegenerated: without edits a refresh gives exactly the
// generated file, but for the marks of what is new.
func TestUntouchedDraftsAreRegenerated(t *testing.T) {
	for seed := range 300 {
		s := newStory(rand.New(rand.NewPCG(uint64(seed), 5)))
		same := s.refresh(t)
		if got := strings.ReplaceAll(strings.TrimPrefix(string(same.Draft.Bytes()), bom), "\r\n", "\n"); s.base != nil && len(same.Added) == 0 && got != string(Generate(s.facts).Bytes()) {
			t.Fatalf("seed %d: a refresh without news changes the file:\n%s", seed, got)
		}
		cur, _ := Parse("x", model.German, []byte(s.file), NamesOf(german))
		s.develop()
		res := Merge(s.base, cur, s.facts)
		got := strings.ReplaceAll(strings.TrimPrefix(string(res.Draft.Bytes()), bom), "\r\n", "\n")
		if got = strings.ReplaceAll(got, " new ", " "); got != string(Generate(s.facts).Bytes()) {
			t.Fatalf("seed %d: got\n%s\nwant\n%s", seed, got, Generate(s.facts).Bytes())
		}
	}
}
