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
	if severity == diag.Warning {
		for i, d := range list {
			list[i] = diag.New(d.Severity, d.Code, d.Position, d.Phrases.Message, diag.Say("%s %s", d.Phrases.Hint, mergedAlready))
		}
	}
	list = append(list, compose.UnreadTexts(w.config, ch)...)
	known := func(key string) bool { return compose.KnownTrailer(w.config, key) }
	for _, c := range ch.Commits() {
		for _, u := range message.UnreadTrailers(c.Subject, c.Body, known) {
			if w.saidElsewhere(ch, u) {
				continue
			}
			var why, hint diag.Phrase
			switch u.Why {
			case message.MixedParagraph:
				why = diag.Say("its paragraph holds other text, %q", excerpt(u.Line))
				hint = diag.Say("put the trailers into a paragraph of their own at the message's end, with nothing else in it; a breaking change is written with a hyphen there, BREAKING-CHANGE: or Breaking:.")
			case message.NotLast:
				why, hint = diag.Say("it stands in the middle of the message"), diag.Say("put all trailers into the last paragraph.")
			case message.InTitle:
				why, hint = diag.Say("it belongs to the title, as no empty line parts them"), diag.Say("leave an empty line below the title.")
			case message.UnderDivider:
				why, hint = diag.Say("it stands below a line of three hyphens"), diag.Say("put the trailers above that line, or take it out.")
			}
			if severity == diag.Warning {
				hint = mergedAlready
			}
			list.Add(diag.New(severity, "unread-trailer", diag.Position{Commit: string(c.Hash), Part: fmt.Sprintf("trailer %q", u.Key)},
				diag.Say("nobody will read %q, because git doesn't take the line for a trailer: %s", u.Key+": "+excerpt(u.Value), why), hint))
		}
	}
	return list
}

// mergedAlready is what is left to whoever finds a mistake in a message that is merged.
var mergedAlready = diag.Say("The commit is merged and stays as it is: write the words into the draft where customers need them, and tell its author to try `daybreak commit-check` the next time.")

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
