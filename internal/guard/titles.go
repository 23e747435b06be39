package guard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"daybreak/internal/diag"
)

// Text reads one text as it would leave in a built file, and gives what must not
// leave with it, each text once, in a fixed order.
func (g *Guard) Text(path, text string) []Finding {
	s := &scan{guard: g, file: path, owner: g.owner(path), seen: map[string]bool{}}
	for _, seg := range append(remarks(text), segment{zoneText, text}) { // mails have it as markdown
		s.segment(seg)
	}
	s.maskAll()
	slices.SortFunc(s.found, byRank)
	return s.found
}

// Bears reports whether a text holds what was found, or ends with the first half of it:
// two points of a list may mean together what neither means alone.
func (f Finding) Bears(text string) bool {
	low, raw := lower(oneLine(text)), lower(oneLine(f.raw))
	if raw == "" {
		return false
	}
	if want := fold(f.raw); strings.Contains(low, raw) || len(want) >= 5 && strings.Contains(fold(text), want) {
		return true
	}
	last := low[strings.LastIndexByte(low, ' ')+1:]
	return len(last) > 1 && len(last) < len(raw) && strings.HasPrefix(raw, last)
}

// byRank puts the gravest finding first.
func byRank(a, b Finding) int {
	return cmp.Or(cmp.Compare(rank(a.Class), rank(b.Class)), cmp.Compare(a.Text, b.Text))
}

// Title is what history says of a change, mostly a title that nobody worded for
// customers, with what the guard found in it, at least one. Customers are not told of
// such a change.
type Title struct {
	Version  string        // of its release; "unreleased" for none
	Change   string        // the change's id
	Position diag.Position // of the commit
	Worded   bool          // somebody wrote it for customers, before daybreak was asked
	Findings []Finding
}

// Withheld tells in one sentence how many titles and notes are kept from customers, and
// why.
func Withheld(titles []Title, flags string) diag.Diagnostic {
	counts := map[Class]int{}
	worded := 0
	for _, t := range titles {
		if t.Worded {
			worded++
		}
		for _, c := range t.classes() {
			counts[c]++
		}
	}
	var why []string
	for _, c := range Classes() {
		if counts[c] > 0 {
			why = append(why, fmt.Sprintf("%s (%d)", words[c], counts[c]))
		}
	}
	what := nounsOf(len(titles)-worded, "title that nobody worded", "titles that nobody worded")
	if worded > 0 {
		notes := nounsOf(worded, "note from before publish.after", "notes from before publish.after")
		if what = what + " and " + notes; worded == len(titles) {
			what = notes
		}
	}
	is, them := "are", "them"
	if len(titles) == 1 {
		is, them = "is", "it"
	}
	return diag.New(diag.Warning, "titles-withheld", diag.Position{}, diag.Say("%s %s kept from customers, because the guard found in %s: %s", what, is, them, strings.Join(why, ", ")),
		diag.Say("`daybreak check%s` lists them, and so does the team's ledger; what somebody words in a draft is told.", flags))
}

func nounsOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (t Title) classes() []Class {
	var out []Class
	for _, f := range t.Findings {
		if !slices.Contains(out, f.Class) {
			out = append(out, f.Class)
		}
	}
	return out
}

// Reason names what was found, a line each, for the ledger.
func (t Title) Reason() string {
	var out []string
	for _, f := range t.Findings {
		out = append(out, oneLine(f.Text))
	}
	return strings.Join(out, "\n")
}

// Past tells of a title in a release that customers have read of already: nobody
// will word it any more, so it stays withheld.
func (t Title) Past() diag.Diagnostic {
	var what diag.Phrase
	for i, f := range t.Findings {
		if one := diag.Say("%s: %s", f.what(), f.Around); i == 0 {
			what = one
		} else {
			what = diag.Say("%s, %s", what, one)
		}
	}
	message := diag.Say("%s: customers are not told of change %s, because nobody worded its title and this must not leave: %s", t.Version, t.Change, what)
	if t.Worded {
		message = diag.Say("%s: customers are not told the note of change %s, because this must not leave: %s", t.Version, t.Change, what)
	}
	return diag.New(diag.Note, "title-withheld", t.at(), message,
		diag.Say("nothing needs to be done. To tell it, word it in a draft (`daybreak draft VERSION`), or write the exception under guard.allow in daybreak.yaml, with the reason."))
}

// Coming tells of a title in a release that customers have not read of yet:
// somebody can word it still, so each finding is an error.
func (t Title) Coming() diag.List {
	var list diag.List
	for _, f := range t.Findings {
		list.Add(diag.New(diag.Error, "leak-"+string(f.Class), t.at(),
			diag.Say("change %s: %s %q must not leave, so customers are not told of it\n  written as: %s", t.Change, f.what(), f.Text, f.Around),
			diag.Say("word it in the draft (`daybreak draft %s`): %s", t.Version, hints[f.Class])))
	}
	return list
}

func (t Title) at() diag.Position {
	at := t.Position
	if at.Part = "title"; t.Worded {
		at.Part = "note"
	}
	return at
}
