package publication

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Publish gives the publication that follows: for everybody, or for the systems
// of Only. Run again on its own result it changes nothing, so that a run that
// was killed can be run again.
func (c *Case) Publish(tag string, object model.Hash) *model.Publication {
	p := *c.Publication
	if p.Words != nil && !c.Unchanged() && !slices.ContainsFunc(p.Corrected, c.Today.Equal) {
		p.Corrected = append(slices.Clone(p.Corrected), c.Today)
	}
	p.Version, p.Tag, p.TagObject, p.Words = c.Version, tag, object, c.mended()
	p.Systems = maps.Clone(p.Systems)
	if p.Systems == nil {
		p.Systems = map[string]model.Running{}
	}
	systems := c.Only
	if len(systems) == 0 {
		systems = c.Rollout.Having()
		if p.Day.IsZero() {
			p.Day = c.Today
		}
		p.Withdrawn, p.Reason = time.Time{}, ""
	}
	for _, id := range systems {
		if _, has := p.Systems[id]; !has {
			s := c.Rollout.System(id)
			r := model.Running{Day: c.since(s)}
			if s != nil {
				r.At = s.At
			}
			p.Systems[id] = r
		}
	}
	// A system's site says what the system runs.
	for _, s := range c.Rollout.Systems {
		if s.Back && !s.Has {
			delete(p.Systems, s.ID)
		}
	}
	return &p
}

// mended gives the words of now, with what was corrected in them: whoever reads none
// of the texts that differ is told of no correction.
func (c *Case) mended() map[model.Lang]*model.ReleaseWords {
	out := make(map[model.Lang]*model.ReleaseWords, len(c.Words))
	for l, w := range c.Words {
		now := *w
		if was := c.Publication.Words[l]; was != nil {
			now.Mended = slices.Clone(was.Mended)
			for _, of := range differing(was, w) {
				same := func(m model.Mended) bool { return m.Day.Equal(c.Today) && fmt.Sprint(m.Concern) == fmt.Sprint(of) }
				if !slices.ContainsFunc(now.Mended, same) {
					now.Mended = append(now.Mended, model.Mended{Day: c.Today, Concern: of})
				}
			}
		}
		out[l] = &now
	}
	return out
}

// differing says whom the texts concern that differ, before and after.
func differing(was, now *model.ReleaseWords) []model.Concern {
	before, after := texts(was), texts(now)
	keys := maps.Clone(before)
	maps.Copy(keys, after)
	var out []model.Concern
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		b, had := before[k]
		a, has := after[k]
		if had && has && a.sum == b.sum {
			continue
		}
		if had {
			out = append(out, b.concern)
		}
		if has && !(had && fmt.Sprint(a.concern) == fmt.Sprint(b.concern)) {
			out = append(out, a.concern)
		}
	}
	return out
}

// Withdraw gives the publication that follows when a release is taken back: from
// everybody, or from the systems of Only alone.
func (c *Case) Withdraw(reason string) *model.Publication {
	p := *c.Publication
	p.Systems = maps.Clone(p.Systems)
	if p.Words == nil { // older than publications: it counts as published on its tag's date
		p.Words, p.Day = c.Words, c.Tagged
	}
	if len(c.Only) > 0 {
		for _, id := range c.Only {
			delete(p.Systems, id)
		}
		return &p
	}
	p.Systems, p.Reason = nil, reason
	if p.Withdrawn.IsZero() {
		p.Withdrawn = c.Today
	}
	return &p
}

// Approve gives the publication with somebody's yes to the words of now; an
// earlier one of the same person falls away.
func (c *Case) Approve(by string) *model.Publication {
	p := *c.Publication
	p.Approvals = slices.DeleteFunc(slices.Clone(p.Approvals), func(a model.Approval) bool { return a.By == by && len(c.overtaken(a)) > 0 })
	if !slices.ContainsFunc(p.Approvals, func(a model.Approval) bool { return a.By == by }) {
		p.Approvals = append(p.Approvals, model.Approval{By: by, Day: c.Today, Sums: Sums(c.Words)})
	}
	return &p
}

// Text writes a release's notes as plain text, a line for each thing that
// readers see, so that two of them can be compared line by line; what stands between
// their words is said in the language of catalog, nil for English.
func Text(n *model.Notes, catalog map[string]string) string {
	var b strings.Builder
	say := func(format string, args ...any) string { return diag.Say(format, args...).In(catalog) }
	title := n.Version
	if n.Unreleased {
		title = say("not yet rolled out")
	}
	if n.Title != "" {
		title += ": " + n.Title
	}
	b.WriteString(title + "\n")
	if !n.Date.IsZero() {
		b.WriteString(say("of %s", n.Date.Format(time.DateOnly)) + "\n")
	}
	if !n.Corrected.IsZero() {
		b.WriteString(say("corrected on %s", n.Corrected.Format(time.DateOnly)) + "\n")
	}
	paragraphs(&b, "", n.Intro)
	for _, s := range n.Sections {
		b.WriteString("\n" + kindWord[s.Kind].In(catalog) + "\n")
		for _, note := range s.Notes {
			b.WriteString("- " + note.Title)
			if note.Area != "" {
				b.WriteString(" (" + note.Area + ")")
			}
			b.WriteByte('\n')
			if note.Breaking {
				b.WriteString("  " + say("readers must act") + "\n")
			}
			paragraphs(&b, "  ", note.BreakingNote)
			paragraphs(&b, "  ", note.Body)
			for _, d := range note.Details {
				b.WriteString("  " + d.Name + " " + d.Text + "\n")
			}
		}
	}
	if n.Known != "" {
		b.WriteString("\n" + say("known not to work yet") + "\n")
		paragraphs(&b, "  ", n.Known)
	}
	for _, d := range n.Delivered {
		b.WriteString(say("- %s, since %s", d.Title, d.Version) + "\n")
	}
	return b.String()
}

// kindWord calls the kinds of notes.
var kindWord = map[model.Kind]diag.Phrase{
	model.KindAdded: diag.Say("added"), model.KindChanged: diag.Say("changed"), model.KindFixed: diag.Say("fixed"),
	model.KindRemoved: diag.Say("removed"), model.KindDeprecated: diag.Say("deprecated"), model.KindSecurity: diag.Say("security"),
}

func paragraphs(b *strings.Builder, indent, text string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			b.WriteString(indent + line + "\n")
		}
	}
}
