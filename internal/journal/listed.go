package journal

import (
	"slices"
	"strings"
)

// Listing is what a journal says of one system's place on the day's list, which
// daybreak.yaml can't know of earlier days.
type Listing struct {
	Today bool
	Why   string // the reason where it isn't, may be empty
}

// Listings reads what a journal says of the day's list, by the systems' ids. A
// system that left the list in the course of the day was on it in the morning: it
// is none of those that are not.
func Listings(text string, ids []string) map[string]Listing {
	var p Plan
	for _, id := range ids {
		p.Systems = append(p.Systems, PlanSystem{ID: id, Today: true})
	}
	events, _ := Parse("", text, p) // without steps and rows most lines can't be meant
	out := map[string]Listing{}
	for _, e := range events {
		switch {
		case e.Kind != System:
		case e.In:
			out[e.Code] = Listing{Today: true}
		case e.Out && !namedBefore(text, e):
			out[e.Code] = Listing{Why: e.Words}
		}
	}
	return out
}

// namedBefore reports whether an earlier line than an event says that something
// was done on the event's system.
func namedBefore(text string, e Event) bool {
	for i, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case i+1 >= e.Line:
			return false
		case len(words) < 2 || strings.HasPrefix(words[0], "#"):
			continue
		}
		named := strings.FieldsFunc(words[1], func(c rune) bool { return c == ',' || c == '+' || c == '/' })
		if slices.ContainsFunc(named, func(id string) bool { return strings.EqualFold(id, e.Code) }) {
			return true
		}
	}
	return false
}

// listed puts the systems on the morning's list: those of the plan, those that a
// line puts there, and those that a line takes off only later.
func (d *deriver) listed(events []Event) {
	for _, e := range events {
		if e.Kind != System || !e.In {
			continue
		}
		d.find(e.Code).Today = true
	}
}
