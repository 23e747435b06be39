package main

import (
	"fmt"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/message"
	"daybreak/internal/model"
)

// unread diagnoses what somebody wrote for a trailer and nobody will read: lines
// that git takes for prose, and names that daybreak doesn't know. They are warnings
// where the commit is merged already, and its message can't be mended any more.
func (w *workspace) unread(ch *model.Change, severity diag.Severity) diag.List {
	list := compose.MisspelledTrailers(w.config, ch)
	for i := range list {
		if severity == diag.Warning {
			list[i].Hint += " " + mergedAlready
		}
	}
	known := func(key string) bool { return compose.KnownTrailer(w.config, key) }
	for _, c := range ch.Commits() {
		for _, u := range message.UnreadTrailers(c.Subject, c.Body, known) {
			if w.saidElsewhere(ch, u) {
				continue
			}
			d := diag.Diagnostic{
				Severity: severity, Code: "unread-trailer", Position: diag.Position{Commit: string(c.Hash), Part: fmt.Sprintf("trailer %q", u.Key)},
				Message: fmt.Sprintf("nobody will read %q, because git doesn't take the line for a trailer: ", u.Key+": "+excerpt(u.Value)),
			}
			switch u.Why {
			case message.MixedParagraph:
				d.Message += fmt.Sprintf("its paragraph holds other text, %q", excerpt(u.Line))
				d.Hint = "put the trailers into a paragraph of their own at the message's end, with nothing else in it; a breaking change is written with a hyphen there, BREAKING-CHANGE: or Breaking:."
			case message.NotLast:
				d.Message += "it stands in the middle of the message"
				d.Hint = "put all trailers into the last paragraph."
			case message.InTitle:
				d.Message += "it belongs to the title, as no empty line parts them"
				d.Hint = "leave an empty line below the title."
			case message.UnderDivider:
				d.Message += "it stands below a line of three hyphens"
				d.Hint = "put the trailers above that line, or take it out."
			}
			if severity == diag.Warning {
				d.Hint = mergedAlready
			}
			list.Add(d)
		}
	}
	return list
}

// mergedAlready is what is left to whoever finds a mistake in a message that is merged.
const mergedAlready = "The commit is merged and stays as it is: write the words into the draft where customers need them, and tell its author to try `daybreak commit-check` the next time."

// saidElsewhere reports whether the change says the same in a real trailer: a
// squash repeats in its middle what the request says at its end.
func (w *workspace) saidElsewhere(ch *model.Change, u message.Unread) bool {
	for _, v := range ch.Trailer(u.Key) {
		if v == u.Value {
			return true
		}
	}
	return false
}

// excerpt is the beginning of a text.
func excerpt(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
