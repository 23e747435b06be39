package main

import (
	"cmp"
	"slices"
	"strings"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
	"daybreak/internal/publication"
)

// upNext is the one command line that brings a release on: what `daybreak
// status` ends with.
type upNext struct {
	line string // "" where nothing is to be done
	why  diag.Phrase
	then string // the line after it, where nothing tells that the first one was run
}

// upNext decides what comes next. Whoever only ever does what it says keeps the
// order of the day: words, sheets, green light, systems, short tests, gate,
// publication, mails.
func (w *workspace) upNext(r *model.Release, c *publication.Case, m compose.Morning, s status) upNext {
	flags := c.Flags
	switch waiting := strings.Join(s.Waiting, ", "); {
	case s.Stage == publication.Withdrawn && len(s.Waiting) > 0:
		return upNext{line: "daybreak deliver" + flags, why: diag.Say("%s must lose it", waiting)}
	case s.Stage == publication.Withdrawn:
		return upNext{why: diag.Say("it was taken back on %s", s.Withdrawn)}
	case s.blockedBy("clock"):
		return upNext{line: "daybreak status" + flags + " --date YYYY-MM-DD", why: diag.Say("the machine's clock is wrong; say which day it is")}
	case s.blockedBy("check-errors"):
		return upNext{line: "daybreak check --release " + c.Version + flags, why: diag.Say("the checks find errors")}
	}
	if s.Stage == publication.Published {
		return w.afterPublishing(c, m, s)
	}
	if !c.Rollout.Written {
		if u := w.words(r, c); u.line != "" {
			return u
		}
	}
	if s.blockedBy("changed-after-approval") || s.blockedBy("not-approved") {
		return upNext{line: "daybreak approve " + c.Version + flags + " --by " + w.lead(), why: diag.Say("the words must be read and approved")}
	}
	return w.rollingOut(c, m, s)
}

// blockedBy reports whether something of this code stands in the way.
func (s status) blockedBy(code string) bool {
	return slices.ContainsFunc(s.Obstacles, func(d diag.Diagnostic) bool { return d.Code == code && d.Severity == diag.Error })
}

// words says what is still to be written before the sheets are printed.
func (w *workspace) words(r *model.Release, c *publication.Case) upNext {
	if len(unwritten(c)) == 0 || !c.Unread() {
		return upNext{}
	}
	for _, l := range w.config.Languages {
		if r.Edited[l] == nil {
			return upNext{line: "daybreak draft " + c.Version + c.Flags, why: diag.Say("some notes have no words for customers yet; this writes them down to be edited")}
		}
	}
	return upNext{line: "daybreak check --release " + c.Version + c.Flags, why: diag.Say("write what the drafts lack, until this finds nothing more; or say with `daybreak approve %s%s --by %s` that it may stay so", c.Version, c.Flags, w.lead())}
}

// unwritten are the texts that a release still lacks, by language and file.
func unwritten(c *publication.Case) diag.List {
	return c.Problems.Of(func(d diag.Diagnostic) bool { return d.Code == "unreviewed" || d.Code == "untranslated" })
}

// rollingOut leads through the morning, up to the publication.
func (w *workspace) rollingOut(c *publication.Case, m compose.Morning, s status) upNext {
	now := func(words ...string) string {
		return strings.Replace(c.Line(words...), " add", " add --now", 1)
	}
	having, back := c.Rollout.Having(), c.Rollout.RolledBack()
	missing := slices.DeleteFunc(c.Rollout.Missing(), func(id string) bool { return slices.Contains(back, id) })
	own := c.Rollout.Version == c.Version // not a hotfix on another one's day
	light, decision := m.GreenLight()
	undone, systems := m.Undone(having)
	switch {
	case !c.Rollout.Written:
		u := upNext{line: "daybreak print " + c.Version + c.Flags, why: diag.Say("the day hasn't begun; the sheets must lie ready")}
		if begin := cmp.Or(light, c.Rollout.Step); begin != "" && own {
			u.then = now(begin, map[bool]string{true: "go " + w.lead()}[light != ""])
		}
		return u
	case own && len(having) == 0 && light != "" && decision == journal.NoGo:
		return upNext{line: "daybreak mail " + c.Version + c.Flags + " --outcome D", why: diag.Say("gate %s said no: the customers must hear that it comes later", light)}
	case own && len(having) == 0 && light != "" && decision == "":
		return upNext{line: now(light, "go "+w.lead()), why: diag.Say("nobody has given the green light yet")}
	case !own && len(having)+len(missing)+len(back) == 0:
		return upNext{line: now("H1", c.Version, "K1,K2"), why: diag.Say("write down on which systems the hotfix runs")}
	case len(missing) > 0 || s.blockedBy("no-system"):
		return upNext{line: now(c.Rollout.Step, listOr(missing, c)), why: diag.Say("write down which systems have got it, as they get it")}
	case len(having) == 0 && len(back) > 0:
		return w.wentBack(c, m, having, back)
	case own && undone != "":
		return upNext{line: now(undone, someOf(systems, having), "ok"), why: diag.Say("%s comes before the customers hear of it; write x1 and words instead of ok for a deviation", undone)}
	case s.blockedBy("gate-no"):
		return upNext{line: now(c.Rollout.Gate, "go", w.lead()), why: diag.Say("gate %s said no; once that has changed, write it down", c.Rollout.Gate)}
	case s.blockedBy("gate-open"):
		return upNext{line: now(c.Rollout.Gate, "go", w.lead()), why: diag.Say("somebody must decide whether customers may be told")}
	case len(back) > 0:
		return w.wentBack(c, m, having, back)
	case s.Obstacles.Count(diag.Error) > 0:
		return upNext{}
	}
	return upNext{line: "daybreak publish " + c.Version + c.Flags, why: diag.Say("every system runs it, and customers may be told")}
}

// wentBack says what comes next where some systems of the day lost the release again:
// the others may read of it, and those that lost it must hear so.
func (w *workspace) wentBack(c *publication.Case, m compose.Morning, having, back []string) upNext {
	gone := strings.Join(back, ", ")
	if len(having) == 0 {
		return upNext{line: "daybreak mail " + c.Version + c.Flags + " --outcome C", why: diag.Say("%s: rolled back; the customers must hear so", gone)}
	}
	unshown := slices.DeleteFunc(slices.Clone(having), func(id string) bool { _, shown := c.Publication.Systems[id]; return shown })
	if len(unshown) > 0 {
		return upNext{line: "daybreak publish " + c.Version + c.Flags + " --system " + strings.Join(unshown, ","), why: diag.Say("%s: rolled back, which mail C tells the customers; the others may read of it", gone)}
	}
	if u := w.mails(c, m); u.line != "" {
		return u
	}
	return upNext{why: diag.Say("the others read it; %s: rolled back", gone)}
}

// afterPublishing says what is left once customers read it.
func (w *workspace) afterPublishing(c *publication.Case, m compose.Morning, s status) upNext {
	later := slices.DeleteFunc(c.Rollout.Having(), func(id string) bool { _, shown := c.Publication.Systems[id]; return shown })
	switch {
	case s.blockedBy("changed-after-approval"), s.blockedBy("not-approved"):
		return upNext{line: "daybreak approve " + c.Version + c.Flags + " --by " + w.lead(), why: diag.Say("the words were changed; they must be read and approved")}
	case !c.Unchanged():
		return upNext{line: "daybreak publish " + c.Version + c.Flags + " --dry-run", why: diag.Say("the words differ from those that customers read")}
	case len(later) > 0:
		return upNext{line: "daybreak publish " + c.Version + c.Flags + " --system " + strings.Join(later, ","), why: diag.Say("they run it since it was published")}
	case w.rollingBack(s.Waiting) != "":
		name := w.rollingBack(s.Waiting)
		return upNext{line: "daybreak rollback" + c.Flags + " --of " + name, why: diag.Say("the rollback of %s was interrupted; this ends it", name)}
	case len(s.Waiting) > 0 && w.rolledBack(s.Waiting):
		return upNext{line: "daybreak deliver" + c.Flags, why: diag.Say("%s was rolled back; this shows the newest version again", strings.Join(s.Waiting, ", "))}
	case len(s.Waiting) > 0:
		return upNext{line: "daybreak deliver" + c.Flags, why: diag.Say("%s must get it", strings.Join(s.Waiting, ", "))}
	}
	if u := w.mails(c, m); u.line != "" {
		return u
	}
	return upNext{why: diag.Say("customers read it")}
}

// mails says which mail is still to go out on the day. A day that is closed
// isn't opened again for it.
func (w *workspace) mails(c *publication.Case, m compose.Morning) upNext {
	if c.Rollout.Version != c.Version || !c.Rollout.Written || c.Rollout.Phase == journal.Closed {
		return upNext{}
	}
	var untold []string
	outcome := model.Outcome("")
	for _, sys := range c.Rollout.Systems {
		if !sys.Today || !sys.Has || sys.Told {
			continue
		}
		untold = append(untold, sys.ID)
		for _, o := range []model.Outcome{model.OutcomeDone, model.OutcomeLate} {
			if outcome == "" && m.Unfit(sys.ID, o) == nil {
				outcome = o
			}
		}
	}
	line := "daybreak mail " + c.Version + c.Flags
	switch {
	case len(untold) == 0:
		return upNext{}
	case outcome == "":
		return upNext{line: line, why: diag.Say("customers of %s weren't told by mail; this says what each waits for", strings.Join(untold, ", "))}
	case w.config.Mail.SMTP == nil:
		return upNext{line: line + " --outcome " + string(outcome) + " --out mails", why: diag.Say("customers of %s weren't told by mail; note in the journal when you have sent it", strings.Join(untold, ", "))}
	}
	return upNext{line: line + " --outcome " + string(outcome) + " --send", why: diag.Say("customers of %s weren't told by mail; it lists the mails and asks before it sends", strings.Join(untold, ", "))}
}

// listOr names the missing systems, nothing where it is all of the day.
func listOr(missing []string, c *publication.Case) string {
	if len(c.Rollout.Having())+len(c.Rollout.RolledBack()) == 0 {
		return ""
	}
	return strings.Join(missing, ",")
}

// someOf names systems, nothing where they are all.
func someOf(some, all []string) string {
	if len(some) == len(all) {
		return ""
	}
	return strings.Join(some, ",")
}

// lead is who signs in the morning, by initials.
func (w *workspace) lead() string {
	for _, role := range w.config.Roles {
		for _, p := range w.config.People {
			if role.ID == "SUP" && p.ID == role.Person {
				return p.Initials
			}
		}
	}
	return "INITIALS"
}
