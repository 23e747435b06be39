package compose

import (
	"cmp"
	"slices"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// timetable is the runbook's steps with their times. A step begins at the
// earliest minute at which its `at` has come, everything that it comes after has
// ended, and each of its owners is free. Steps are placed one after the other,
// always the one that can begin first, so that who is in demand twice does first
// what comes first.
type timetable struct {
	clock  clock
	steps  []timedStep // as written
	target int         // the step with which customers are told, -1 where there is none
	// unsteady: the database update begins at a moment that its own end moves.
	unsteady bool
}

// timedStep is a step with its place in the day.
type timedStep struct {
	*dayStep
	phase    int
	timed    bool // false: when needed; nothing below means anything
	from, to minute
	waits    []int // what it comes after
	owners   []int // the step that each of its owners does before
	takes    []string
	floor    minute // it would not begin before, whatever is done early
	float    int    // minutes that it can end later without moving the target; see leads
	leads    bool   // the target waits for it
}

// timetable computes the times of all steps. The content's mistakes (a circle, a
// code given twice) don't stop it: they are told elsewhere, and the fuzzer comes
// through here.
func (d *DayContent) timetable(c *config.Config) *timetable {
	t := d.timetableOn(c, newClock(c))
	for range 2 {
		i := slices.IndexFunc(t.steps, func(s timedStep) bool { return s.database && s.timed })
		if i < 0 || t.steps[i].to == t.clock.database {
			return t
		}
		// The anchor is where the step really ends; what hangs on it moves.
		t.clock.database = t.steps[i].to
		t = d.timetableOn(c, t.clock)
		t.unsteady = t.steps[i].to != t.clock.database
	}
	return t
}

func (d *DayContent) timetableOn(c *config.Config, k clock) *timetable {
	t := &timetable{clock: k, target: -1}
	at := map[string]int{}
	for n := range d.phases {
		for i := range d.phases[n].steps {
			s := &d.phases[n].steps[i]
			if _, twice := at[s.code]; !twice {
				at[s.code] = len(t.steps)
			}
			if s.kind == model.StepMail && t.target < 0 {
				t.target = len(t.steps)
			}
			t.steps = append(t.steps, timedStep{dayStep: s, phase: n, timed: s.at != nil, takes: d.takes(c, s)})
		}
	}
	for i := range t.steps {
		for _, code := range t.steps[i].after {
			if j, ok := at[code]; ok && j != i {
				t.steps[i].waits = append(t.steps[i].waits, j)
			}
		}
	}
	t.spread()
	t.place()
	t.measure()
	return t
}

// takes names whom a step keeps from being anywhere else: people where they are
// configured, else roles. Coffee and watching go on beside other work, and roles
// of several people can be in several places. A gate takes those who decide as well.
func (d *DayContent) takes(c *config.Config, s *dayStep) []string {
	if s.kind == model.StepBreak || s.kind == model.StepWatch || s.optional {
		return nil
	}
	roles := splitRoles(s.owner)
	if s.gate != nil { // nobody decides from elsewhere
		roles = slices.Concat(roles, splitRoles(s.gate.decider), splitRoles(s.gate.confirm))
	}
	var out []string
	for _, role := range roles {
		if slices.ContainsFunc(d.roles, func(r dayRole) bool { return r.id == role && r.several }) {
			continue
		}
		for _, r := range c.Roles {
			if p := personOf(c, r.Person); r.ID == role && p != nil {
				role = p.Name
				break
			}
		}
		out = append(out, role)
	}
	return unique(out)
}

// spread finds the steps that have a time although they don't say it: those that
// come after one that has.
func (t *timetable) spread() {
	for grown := true; grown; {
		grown = false
		for i := range t.steps {
			s := &t.steps[i]
			if !s.timed && slices.ContainsFunc(s.waits, func(j int) bool { return t.steps[j].timed }) {
				s.timed, grown = true, true
			}
		}
	}
}

// place gives each step its time.
func (t *timetable) place() {
	placed := make([]bool, len(t.steps))
	busy := map[string]int{} // who does which step last
	for {
		best, circle := -1, true
		var start minute
		for _, wait := range []bool{true, false} {
			for i := range t.steps {
				s := &t.steps[i]
				if placed[i] || !s.timed || wait && slices.ContainsFunc(s.waits, func(j int) bool { return t.steps[j].timed && !placed[j] }) {
					continue
				}
				if from := t.earliest(s, placed, busy); best < 0 || from < start {
					best, start = i, from
				}
			}
			if best >= 0 {
				circle = !wait
				break
			}
		}
		if best < 0 {
			return
		}
		s := &t.steps[best]
		s.from, s.to = start, start+minute(s.length(t.clock))
		s.floor = t.floorOf(s, placed)
		if circle { // only what it could wait for counts
			s.waits = slices.DeleteFunc(s.waits, func(j int) bool { return !placed[j] })
		}
		for _, who := range s.takes {
			if before, ok := busy[who]; ok && !slices.Contains(s.owners, before) {
				s.owners = append(s.owners, before)
			}
			busy[who] = best
		}
		placed[best] = true
	}
}

// earliest is when a step can begin, given what is placed already.
func (t *timetable) earliest(s *timedStep, placed []bool, busy map[string]int) minute {
	from := t.floorOf(s, placed)
	for _, j := range s.waits {
		if placed[j] {
			from = max(from, t.steps[j].to)
		}
	}
	for _, who := range s.takes {
		if j, ok := busy[who]; ok {
			from = max(from, t.steps[j].to)
		}
	}
	return from
}

// floorOf is the moment that a step waits for even where all before it is done
// early: its own `at`, and the time that is kept free behind others.
func (t *timetable) floorOf(s *timedStep, placed []bool) minute {
	floor := minute(-dayMinutes)
	if s.at != nil {
		floor = t.clock.at(*s.at)
	}
	for _, j := range s.waits {
		if b := &t.steps[j]; placed[j] && b.slack > 0 {
			floor = max(floor, b.to+minute(b.slack))
		}
	}
	return floor
}

// measure computes for every step that the target waits for how much later it
// could end without moving the target: the total float of a critical-path plan.
// The order in which each owner does their steps is kept.
func (t *timetable) measure() {
	if t.target < 0 || !t.steps[t.target].timed {
		t.target = -1
		return
	}
	// What comes later in time never comes earlier in the order of waiting.
	order := make([]int, 0, len(t.steps))
	for i := range t.steps {
		if t.steps[i].timed {
			order = append(order, i)
		}
	}
	depth := t.depths()
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(depth[b], depth[a]) })
	latest := map[int]minute{t.target: t.steps[t.target].to}
	for _, i := range order {
		end, ok := latest[i]
		if !ok {
			continue
		}
		s := &t.steps[i]
		s.leads, s.float = true, int(end-s.to)
		begin := end - (s.to - s.from)
		for _, j := range slices.Concat(s.waits, s.owners) {
			if by, known := latest[j]; t.steps[j].timed && (!known || begin < by) {
				latest[j] = begin
			}
		}
	}
}

// depths counts for each step how many stand in the longest row of waiting
// before it.
func (t *timetable) depths() []int {
	out := make([]int, len(t.steps))
	for i := range out {
		out[i] = -1
	}
	var of func(i int) int
	of = func(i int) int {
		if out[i] >= 0 {
			return out[i]
		}
		out[i] = 0
		for _, j := range slices.Concat(t.steps[i].waits, t.steps[i].owners) {
			out[i] = max(out[i], of(j)+1)
		}
		return out[i]
	}
	for i := range t.steps {
		of(i)
	}
	return out
}

// critical reports whether a minute's delay of the step delays the target.
func (s *timedStep) critical() bool { return s.timed && s.leads && s.float == 0 }

// criticalPath gives the codes of the steps without slack, in the order of time.
func (t *timetable) criticalPath() []string {
	var path []*timedStep
	for i := range t.steps {
		if t.steps[i].critical() {
			path = append(path, &t.steps[i])
		}
	}
	slices.SortStableFunc(path, func(a, b *timedStep) int { return cmp.Compare(a.from, b.from) })
	out := make([]string, len(path))
	for i, s := range path {
		out[i] = s.code
	}
	return out
}
