package journal

import (
	"slices"
)

// DeviationState is a deviation and what became of it.
type DeviationState struct {
	Number  int // 0 where the line names none
	Class   string
	Code    string // of the row or step where it was found
	Systems []string
	At      Clock
	Words   string
	Who     []string
	Owner   string // the developer who answers for what was checked, "" where nobody is named
	Title   string // of the row or step
	Hotfix  string // version that mends it, "" for none
	Settled Result // OK, Accepted, or "" while open
	Line    int
}

// within reports whether all of the systems are among those checked; none named
// means all.
func within(systems, checked []string) bool {
	if len(checked) == 0 {
		return true
	}
	return len(systems) > 0 && !slices.ContainsFunc(systems, func(s string) bool { return !slices.Contains(checked, s) })
}

func (d *deriver) numbered(n int) *DeviationState {
	for i := range d.state.Deviations {
		if n > 0 && d.state.Deviations[i].Number == n {
			return &d.state.Deviations[i]
		}
	}
	return nil
}

// found opens a deviation, or adds a system to one that is known.
func (d *deriver) found(e *Event) {
	v := d.numbered(e.Deviation)
	if v == nil {
		d.state.Deviations = append(d.state.Deviations, DeviationState{Number: e.Deviation, Code: e.Code, Systems: slices.Clone(e.Systems), At: e.From, Class: e.Class, Words: e.Words, Who: e.Signs, Line: e.Line})
		return
	}
	v.Settled = "" // it is there again
	v.merge(e)
}

// merge adds what a later line knows.
func (v *DeviationState) merge(e *Event) {
	for _, s := range e.Systems {
		if !slices.Contains(v.Systems, s) {
			v.Systems = append(v.Systems, s)
		}
	}
	if e.Kind != Deviation && v.Code == "" {
		v.Code = e.Code
	}
	if e.Class != "" {
		v.Class = e.Class
	}
	if v.Words == "" {
		v.Words = e.Words
	}
	if v.At < 0 {
		v.At = e.From
	}
	v.Who = append(v.Who, e.Signs...)
}

func (d *deriver) deviation(e *Event) {
	v := d.numbered(e.Deviation)
	if v == nil {
		d.state.Deviations = append(d.state.Deviations, DeviationState{Number: e.Deviation, At: None, Line: e.Line})
		v = &d.state.Deviations[len(d.state.Deviations)-1]
	}
	v.merge(e)
	if e.Result == OK || e.Result == Accepted {
		v.Settled = e.Result
	} else if e.Result == Retest || e.Result == Deviates {
		v.Settled = ""
	}
}
