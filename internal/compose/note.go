package compose

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// customerVisible reports whether a change would be told if it weren't withdrawn or delivered.
func customerVisible(c *config.Config, ch *model.Change) bool {
	bare := *ch
	bare.Bucket = ""
	b, _ := BucketOf(c, &bare)
	return b == model.BucketTold
}

func noteOf(c *config.Config, ch *model.Change, l model.Lang) model.Note {
	w := WordingOf(c, ch, l)
	n := model.Note{
		Anchor:   Anchor(ch.ID),
		Kind:     ch.Kind,
		Title:    w.Title,
		Body:     w.Body,
		Breaking: ch.Breaking,
		Lang:     w.Lang,
		Fallback: w.Lang != l,
		Details:  details(c, ch),
	}
	if len(ch.Areas) > 0 {
		n.AreaID, n.Area = ch.Areas[0], areaName(c, ch.Areas[0], l)
	}
	if ch.Breaking {
		act := Act(c, ch, l)
		if n.BreakingNote = act.Text; act.Text != "" && act.Lang != l {
			n.ActLang = act.Lang
		}
	}
	return n
}

// breakingNote is what the reader must do.
func breakingNote(c *config.Config, ch *model.Change, l model.Lang) string { return Act(c, ch, l).Text }

// Act is what the reader must do, and who says so; empty where nobody does. A
// BREAKING CHANGE footer is written for developers, yet it is the only word there
// is where no Breaking trailer stands.
func Act(c *config.Config, ch *model.Change, want model.Lang) Voice {
	for _, l := range append([]model.Lang{want}, c.Languages...) {
		if e := ch.Edited[l]; e != nil && (l == want && !ch.ActByDraft || e.Act != "") {
			return Voice{e.Act, l, "draft " + e.At}
		}
		if texts := textsIn(c, ch, "Breaking", l, func(v string) bool { return !isNone(v) && !isYes(v) }); len(texts) > 0 {
			return Voice{together(texts), l, sourceOf(c, ch, "Breaking", l, texts[0])}
		}
	}
	notes := []string{ch.Header.Note}
	for _, in := range ch.Inner {
		if notes[0] == "" && in.Header.Note != "" {
			notes = append(notes, in.Header.Note)
		}
	}
	if text := strings.TrimSpace(together(notes)); text != "" {
		return Voice{text, cmp.Or(c.History.Language, model.English), `footer "BREAKING CHANGE"`}
	}
	return Voice{}
}

// isYes reports whether a Breaking trailer only sets the flag.
func isYes(s string) bool {
	switch s {
	case "yes", "true", "ja", "Yes", "Ja", "True":
		return true
	}
	return false
}

// Anchor is the id of a note in its page. It is made from the change's key, so
// it stays when the wording changes, and hashed, so that no request number or
// commit hash leaves with it.
func Anchor(id string) string {
	sum := sha256.Sum256([]byte("note " + id))
	return "n-" + hex.EncodeToString(sum[:4])
}

// details are the internal fields that the workspace opted in.
func details(c *config.Config, ch *model.Change) []model.Detail {
	var out []model.Detail
	for _, show := range c.Notes.Show {
		switch show {
		case "request":
			if ch.Request != nil && ch.Request.Number != "" {
				out = append(out, model.Detail{Name: show, Text: ch.Request.Sign + ch.Request.Number, URL: ch.Request.URL})
			}
		case "ticket":
			for _, r := range ch.Refs {
				if r.Sign == "" {
					out = append(out, model.Detail{Name: show, Text: r.String()})
				}
			}
		case "author":
			// The merge's author is often a robot or the one who pressed the button.
			who := ch.Tip.Author.Name
			if len(ch.Inner) > 0 {
				who = ch.Inner[0].Author.Name
			}
			if who != "" {
				out = append(out, model.Detail{Name: show, Text: who})
			}
		}
	}
	return out
}
