package editorial

import (
	"slices"
	"strings"

	"daybreak/internal/diag"
)

// Drift is the alarm for edited words whose facts changed. was is what daybreak
// generated before, nil where that is lost; now is what it would generate.
func Drift(d *Draft, n, was, now *Note) diag.Diagnostic {
	message := diag.Say("%s: the words were edited (%q), but the facts now say %q", n.ID, n.excerpt(), now.excerpt())
	if was != nil && was.Text() != now.Text() {
		message = diag.Say("%s; they said %q", message, was.excerpt())
	}
	return diag.New(diag.Warning, "drift", diag.Position{File: d.File, Line: n.Line},
		message,
		diag.Say("mend the words where they are wrong now, then take the mark “drift” out of the heading."))
}

// Withdrawn is the alarm for edited words whose change is told no more.
func Withdrawn(d *Draft, n, was *Note, reason string) diag.Diagnostic {
	message := diag.Say("%s: the words were edited (%q), but the change is not told: %s", n.ID, n.excerpt(), reason)
	if was != nil {
		message = diag.Say("%s; its facts said %q", message, was.excerpt())
	}
	return diag.New(diag.Warning, "drift", diag.Position{File: d.File, Line: n.Line},
		message,
		diag.Say("`daybreak draft` keeps the words in the part that is set aside; delete them there when nobody needs them."))
}

// Restored is the alarm for words that come back from the part that is set
// aside, because their change is told again; now is what the facts say.
func Restored(d *Draft, n, now *Note) diag.Diagnostic {
	return diag.New(diag.Warning, "drift", diag.Position{File: d.File, Line: n.Line},
		diag.Say("%s is told again, and the words that were set aside are back: %q; the facts say %q", n.ID, n.excerpt(), now.excerpt()),
		diag.Say("read the words once more, then take the mark “new” out of the heading."))
}

// Waiting is the warning for words that are set aside although their change is
// told again: until a refresh readers see other ones.
func Waiting(d *Draft, n *Note) diag.Diagnostic {
	return diag.New(diag.Warning, "words-aside", diag.Position{File: d.File, Line: n.Line},
		diag.Say("%s is told again, but the words that were written for it (%q) are still set aside", n.ID, n.excerpt()),
		diag.Say("run `daybreak draft`: it brings them back, marked “new”."))
}

// Unknown is the error for an id that no change of the release has.
func Unknown(d *Draft, n *Note, f Facts) diag.Diagnostic {
	return diag.New(diag.Error, "unknown-id", diag.Position{File: d.File, Line: n.Line},
		diag.Say("the release has no change %q", n.ID),
		unknownHint(n, f))
}

// UnknownLeftOut is the warning for an id of the line of what is left out that no
// change of the release has: where it is a slip, its change is told.
func UnknownLeftOut(d *Draft, id string, f Facts) diag.Diagnostic {
	hint := diag.Say("take it out of the line; the ids are those behind the headings and in `daybreak changes`.")
	if near, ok := near(&Note{ID: id}, f); ok {
		hint = diag.Say("did you mean %s?", near)
	}
	return diag.New(diag.Warning, "unknown-id", diag.Position{File: d.File, Line: d.footLine},
		diag.Say("the line left-out names %q, and the release has no such change", id), hint)
}

func unknownHint(n *Note, f Facts) diag.Phrase {
	if id, ok := near(n, f); ok {
		return diag.Say("did you mean %s?", id)
	}
	return diag.Say("take the comment out of the heading to tell a note that belongs to no change, or move the text to its own release's draft.")
}

// near looks for a change of nearly the same id or the same title.
func near(n *Note, f Facts) (string, bool) {
	for _, fact := range f.Changes {
		if strings.TrimLeft(fact.ID, "#!") == strings.TrimLeft(n.ID, "#!") || n.Title != "" && strings.EqualFold(fact.Title, n.Title) {
			return fact.ID, true
		}
	}
	if i := slices.IndexFunc(f.Changes, func(x Fact) bool { return oneSlip(x.ID, n.ID) }); i >= 0 {
		return f.Changes[i].ID, true
	}
	return "", false
}

// oneSlip reports whether two ids of one length differ in one character.
func oneSlip(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	slips := 0
	for i := range len(a) {
		if a[i] != b[i] {
			slips++
		}
	}
	return slips == 1
}

// excerpt is the note's text in one line, for messages.
func (n *Note) excerpt() string {
	text := strings.Join(strings.Fields(n.Title+" – "+strings.Join([]string{n.Body, n.Act}, " ")), " ")
	text = strings.TrimSuffix(text, " –")
	if r := []rune(text); len(r) > 160 {
		text = string(r[:160]) + "…"
	}
	return text
}
