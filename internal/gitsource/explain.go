package gitsource

import (
	"slices"
	"strings"

	"daybreak/internal/model"
)

// explain says in one sentence why t's range is what it is.
func (s *tagSet) explain(g *graph, t *tagged) model.Reasons {
	p, label := t.previous, ""
	if !t.unreleased() {
		label = t.name
	}
	var out model.Reasons
	say := func(code string, args ...string) { out = append(out, model.Because(code, args...)) }
	switch t.start {
	case startRoot:
		say("no-earlier", label)
	case startSame:
		say("same-commit", label, p.name)
	case startAncestor:
		switch {
		case p.former && !t.former && !t.unreleased():
			say("renumbered", t.name, p.name)
		case !t.unreleased():
			say("highest-below", p.name, t.name)
		case !p.former && slices.ContainsFunc(s.list, func(c *tagged) bool { return c.former && c.version.Line == p.version.Line }):
			say("begun-anew", p.name, label)
		default:
			say("highest-tip", p.name, label)
		}
		if beside := s.beside(t); beside != nil {
			say("beside", beside.name)
		}
	case startBase:
		var bases []string
		for _, i := range g.mergeBases(p.place(), t.place()) {
			bases = append(bases, g.ids[i].String()[:8])
		}
		say("parted", p.name, label, strings.Join(bases, "\n"))
		if beside := s.beside(t); beside != nil {
			say("beside", beside.name)
		}
	case startOther:
		say("other-line", label, p.name)
	case startHigher:
		say("only-higher", label, p.name)
	case startAnew:
		say("begun-anew", p.name, label)
	}
	if t.version.IsPrerelease() {
		say("between-previews")
	}
	if t.folder != "" {
		say("folder-line", t.folder)
	}
	return out
}

// beside finds the highest release between t and its predecessor that isn't in
// t's history.
func (s *tagSet) beside(t *tagged) *tagged {
	for c := range s.downFrom(t) {
		if c.compare(t.previous) <= 0 {
			break
		}
		if below(c, t) && c.version.Line == t.previous.version.Line && !t.contains(c) && publishedBefore(c, t) {
			return c
		}
	}
	return nil
}
