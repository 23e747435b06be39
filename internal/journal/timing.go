package journal

import (
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// order holds a step against the gates before it.
func (d *deriver) order(e *Event, s *StepState) {
	for _, g := range d.state.Steps {
		if g.Kind != model.StepGate || g.Code == e.Code || !slices.Contains(d.plan.before(e.Code), g.Code) {
			continue
		}
		last := lastDecision(g.Events)
		switch {
		case last == nil:
		case last.Decision == NoGo && (e.From < 0 || last.From < 0 || e.From >= last.From):
			d.say(diag.Error, e.Line, "after-no-go", diag.Say("Write the later decision first, `%s go …`, or mend the time.", g.Code), "%s was done although gate %s said no in line %d", e.Code, g.Code, last.Line)
		case last.Decision != NoGo && e.From >= 0 && last.From >= 0 && e.From < last.From:
			d.say(diag.Warning, e.Line, "before-gate", diag.Say("Mend one of the two times."), "%s began at %s, before gate %s was passed at %s", e.Code, e.From, g.Code, last.From)
		}
	}
	for _, code := range s.After {
		if b := d.stepState(code); b != nil && b.Kind != model.StepGate && e.From >= 0 && b.To >= 0 && e.From < b.To && len(e.Systems) == 0 {
			d.say(diag.Warning, e.Line, "before-its-turn", diag.Say("Mend one of the two times."), "%s began at %s, before %s ended at %s", e.Code, e.From, code, b.To)
		}
	}
}

// decidedTwice tells of a gate whose lines say different things, and nothing says
// which came later: a later line corrects an earlier one, but two people's files
// are merged in any order.
func (d *deriver) decidedTwice(e *Event, s *StepState) {
	if e.Kind != Gate {
		return
	}
	for _, o := range slices.Backward(s.Events) {
		if !slices.Equal(o.Systems, e.Systems) {
			continue
		}
		if o.Decision != e.Decision && (o.From < 0 || e.From < 0 || e.From <= o.From) {
			d.say(diag.Warning, e.Line, "decided-twice", diag.Say("Write the time of the last decision, later than the other one's: `%s %s 0650`.", e.Code, e.Decision), "gate %s was decided twice: %s in line %d, %s here, and no time says which came later", e.Code, o.Decision, o.Line, e.Decision)
		}
		return
	}
}

// lastDecision is the last one for all systems.
func lastDecision(events []Event) *Event {
	for i := len(events) - 1; i >= 0; i-- {
		if len(events[i].Systems) == 0 {
			return &events[i]
		}
	}
	return nil
}

// before lists all that must be done before a step, over any number of steps.
func (p Plan) before(code string) []string {
	var out []string
	todo := []string{code}
	for len(todo) > 0 {
		s := p.step(todo[0])
		todo = todo[1:]
		if s == nil {
			continue
		}
		for _, a := range s.After {
			if !slices.Contains(out, a) {
				out, todo = append(out, a), append(todo, a)
			}
		}
	}
	return out
}

// Minutes is how long a step was worked on: the union of what was written down
// for it, so that systems done side by side count once; -1 where that isn't
// known.
func (s StepState) Minutes() int {
	var spans []span
	open := map[string]Clock{}
	for _, e := range s.Events {
		key := strings.Join(e.Systems, ",")
		switch {
		case e.From >= 0 && e.To >= 0:
			spans = append(spans, span{e.From, e.To})
		case e.Open:
			open[key] = e.From
		case e.To >= 0:
			if from, ok := open[key]; ok {
				spans = append(spans, span{from, e.To})
				delete(open, key)
			}
		}
	}
	if len(spans) == 0 {
		return -1
	}
	return covered(spans)
}

type span struct{ from, to Clock }

// covered counts the minutes that lie in at least one span.
func covered(spans []span) int {
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	sum, end := 0, None
	for _, s := range spans {
		from := max(s.from, end)
		if s.to > from {
			sum += int(s.to - from)
			end = s.to
		}
	}
	return sum
}
