package publication

import (
	"slices"
	"strings"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// Case is all that decides over the publication of one release.
type Case struct {
	Version     string
	Tagged      time.Time // day of the tag
	Publication *model.Publication
	Words       map[model.Lang]*model.ReleaseWords // as they are now
	Withheld    map[string]bool                    // ids of changes whose words the guard keeps from everybody
	Rollout     Rollout
	Problems    diag.List // what the checks found
	Approvals   int       // how many are asked for
	Only        []string  // publish for these systems alone; empty for everybody
	Dating
	Flags string // what a command line needs to find the workspace, with a leading blank
}

// Standing gives the stage.
func (c *Case) Standing() Stage {
	switch {
	case !c.Publication.Withdrawn.IsZero():
		return Withdrawn
	case c.Publication.Public():
		return Published
	case c.Rollout.Complete():
		return RolledOut
	case c.Problems.Worst() != diag.Error && len(c.unapproved()) == 0 && !c.Unread():
		return Ready
	}
	return Draft
}

// Unread reports whether customers would get words that nobody looked at: titles as a
// developer wrote them, texts that are missing in a language, or words whose facts
// have changed. Whoever approves the words has read them.
func (c *Case) Unread() bool {
	return c.standingApprovals() == 0 && slices.ContainsFunc(c.Problems, func(d diag.Diagnostic) bool {
		return d.Code == "unreviewed" || d.Code == "untranslated" || d.Code == "drift"
	})
}

// Standing approvals are those whose texts haven't changed since.
func (c *Case) standingApprovals() int {
	return len(c.ApprovedBy())
}

// ApprovedBy names those whose approval stands.
func (c *Case) ApprovedBy() []string {
	var who []string
	for _, a := range c.Publication.Approvals {
		if len(c.overtaken(a)) == 0 {
			who = append(who, a.By)
		}
	}
	return who
}

// overtaken names the texts that have changed since an approval. What the guard has kept
// from everybody since is none of them: some of it is found only in finished pages, which
// nobody makes in order to approve.
func (c *Case) overtaken(a model.Approval) []string {
	now := Sums(c.Words)
	return slices.DeleteFunc(Changed(a.Sums, now), func(key string) bool {
		_, there := now[key]
		_, id, _ := strings.Cut(key, " ")
		return !there && c.Withheld[id]
	})
}

// Unchanged reports whether the words are those that were published.
func (c *Case) Unchanged() bool {
	return c.Publication.Words != nil && len(Changed(Sums(c.Publication.Words), Sums(c.Words))) == 0
}

// Obstacles lists all that stands in the way of publishing, each with its cure.
func (c *Case) Obstacles() diag.List {
	list := append(c.Clock(), c.late()...)
	list = append(list, c.unapproved()...)
	if n := c.Problems.Count(diag.Error); n > 0 {
		first := c.Problems.Of(func(d diag.Diagnostic) bool { return d.Severity == diag.Error })[0]
		c.block(&list, "check-errors", diag.Say("the checks find %d %s in %s; the first: %s", n, plural(n, diag.Say("error"), diag.Say("errors")), c.Version, firstLine(first)),
			diag.Say("`daybreak check --release %s%s` lists them with what mends them.", c.Version, c.Flags))
	}
	// What is published already was decided on its day: mending a text needs no
	// second rollout.
	if len(c.Only) == 0 && c.Publication.Public() {
		return list
	}
	return append(list, c.rollout()...)
}

// firstLine is what of a message fits into another one.
func firstLine(d diag.Diagnostic) diag.Phrase {
	if line, _, more := strings.Cut(d.Message, "\n"); d.Phrases == nil || more {
		return diag.Say("%s", strings.TrimSuffix(line, "."))
	}
	return d.Phrases.Message
}

func (c *Case) block(list *diag.List, code string, message, hint diag.Phrase) {
	list.Add(diag.New(diag.Error, code, diag.Position{}, message, hint))
}

func (c *Case) rollout() diag.List {
	var list diag.List
	r := &c.Rollout
	wanted := r.ids(func(s System) bool { return s.Today || s.Has })
	if len(c.Only) > 0 {
		wanted = nil
		for _, id := range c.Only {
			if r.System(id) == nil {
				c.block(&list, "system-unknown", diag.Say("there is no system %q", id), diag.Say("Systems: %s.", strings.Join(r.ids(func(System) bool { return true }), ", ")))
				continue
			}
			wanted = append(wanted, id)
		}
	}
	if len(wanted) == 0 && len(list) == 0 {
		c.block(&list, "no-system", diag.Say("nothing says on which systems %s was rolled out", c.Version), c.whereHint())
		return list
	}
	var missing, back, no, open []string
	for _, id := range wanted {
		s := r.System(id)
		switch {
		case s.Has:
		case s.Back:
			back = append(back, id)
		default:
			missing = append(missing, id)
		}
		switch {
		case r.Allowed(*s):
		case s.Decision == journal.NoGo:
			no = append(no, id)
		default:
			open = append(open, id)
		}
	}
	if len(missing) > 0 {
		c.block(&list, "system-missing", diag.Say("nothing in %s says that %s %s %s", r.File, strings.Join(missing, ", "), plural(len(missing), diag.Say("runs"), diag.Say("run")), c.Version), c.missingHint(missing, wanted))
	}
	if len(back) > 0 {
		c.block(&list, "system-rolled-back", diag.Say("%s: rolled back, and running %s no more", strings.Join(back, ", "), c.Version), c.backHint(back, missing, wanted))
	}
	if len(no) > 0 {
		c.block(&list, "gate-no", diag.Say("gate %s says no for %s: their customers are not to be told yet", r.Gate, strings.Join(no, ", ")),
			diag.Say("once that has changed, write it down: `%s`.", c.Line(r.Gate, part(no, wanted), "go INITIALS")))
	}
	if len(open) > 0 {
		whom := diag.Say("customers")
		if len(open) < len(wanted) {
			whom = diag.Say("customers of %s", strings.Join(open, ", "))
		}
		c.block(&list, "gate-open", diag.Say("gate %s is open: nobody has decided that %s may be told", r.Gate, whom),
			diag.Say("write the decision down: `%s`.", c.Line(r.Gate, part(open, wanted), "go INITIALS")))
	}
	return list
}

// Line is the command that writes a line into the journal of the day. What
// stands behind the version is the line, so all flags come first.
func (c *Case) Line(words ...string) string {
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	return "daybreak journal add" + c.Flags + " " + c.Rollout.Version + " " + strings.Join(words, " ")
}

// part names the systems of a journal line, "" where it is all of them.
func part(some, all []string) string {
	if len(some) == len(all) {
		return ""
	}
	return strings.Join(some, ",")
}

// backHint says how the others' customers can be shown what some systems lost again.
func (c *Case) backHint(back, missing, wanted []string) diag.Phrase {
	line := c.Line(c.Rollout.Step, strings.Join(back, ","), "HHMM")
	rest := slices.DeleteFunc(slices.Clone(wanted), func(id string) bool { return slices.Contains(back, id) || slices.Contains(missing, id) })
	if len(rest) == 0 || len(c.Only) > 0 {
		return diag.Say("once they run it again, write it down: `%s`.", line)
	}
	return diag.Say("publish for the others with `--system %s`; once they run it again, write it down: `%s`.", strings.Join(rest, ","), line)
}

func (c *Case) missingHint(missing, wanted []string) diag.Phrase {
	if c.Rollout.Version != c.Version {
		return c.whereHint()
	}
	systems := part(missing, wanted)
	if len(c.Only) > 0 { // without a name the line would speak of all that are on today's list
		systems = strings.Join(missing, ",")
	}
	line := c.Line(c.Rollout.Step, systems, "HHMM")
	var rest []string
	for _, id := range wanted {
		if !slices.Contains(missing, id) && (c.Rollout.System(id).Has || !c.Rollout.System(id).Back) {
			rest = append(rest, id)
		}
	}
	if len(rest) > 0 && len(c.Only) == 0 {
		return diag.Say("write down when they got it: `%s`; or publish for the others only, with `--system %s`.", line, strings.Join(rest, ","))
	}
	return diag.Say("write down when they got it: `%s`.", line)
}

func (c *Case) whereHint() diag.Phrase {
	if c.Rollout.Version != c.Version {
		return diag.Say("write the hotfix into the day's journal, with its systems: `%s`.", c.Line("H1", c.Version, "K1,K2 HHMM"))
	}
	return diag.Say("write it down: `%s`; who isn't on the list is named under systems in daybreak.yaml.", c.Line(c.Rollout.Step, "HHMM"))
}

// unapproved tells of approvals that are missing or overtaken. A yes to words that have
// changed since counts no more; it stands in the way until as many as are asked for, and
// somebody at least, have read what stands there now, whoever that is.
func (c *Case) unapproved() diag.List {
	var list diag.List
	if c.Unchanged() {
		return nil // these very words were let through before
	}
	have := c.standingApprovals()
	if have >= max(c.Approvals, 1) {
		return nil
	}
	cure := diag.Say("read them once more, then `daybreak approve %s%s --by INITIALS`.", c.Version, c.Flags)
	for _, a := range c.Publication.Approvals {
		changed := c.overtaken(a)
		if len(changed) == 0 || c.replaced(a.By) {
			continue
		}
		c.block(&list, "changed-after-approval", diag.Say("%d %s changed since %s approved the words on %s: %s", len(changed), plural(len(changed), diag.Say("text has"), diag.Say("texts have")), a.By, a.Day.Format(time.DateOnly), listed(changed)), cure)
	}
	if len(list) == 0 && have < c.Approvals {
		c.block(&list, "not-approved", diag.Say("the words of %s have %d of %d approvals", c.Version, have, c.Approvals), cure)
	}
	return list
}

// replaced reports whether the same person has approved the words of now.
func (c *Case) replaced(by string) bool {
	return slices.Contains(c.ApprovedBy(), by)
}

func plural(n int, one, many diag.Phrase) diag.Phrase {
	if n == 1 {
		return one
	}
	return many
}

func listed(words []string) diag.Phrase {
	const show = 6
	if len(words) > show {
		return diag.Say("%s and %d more", strings.Join(words[:show], ", "), len(words)-show)
	}
	return diag.Say("%s", strings.Join(words, ", "))
}
