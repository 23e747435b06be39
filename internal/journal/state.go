package journal

import (
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Phase says how far the day is.
type Phase string

// The phases of a day.
const (
	Planned  Phase = "planned"  // nothing was written down
	Running  Phase = "running"  // begun
	Held     Phase = "held"     // the last decision is a no-go
	Deployed Phase = "deployed" // every system of today runs the version
	Closed   Phase = "closed"   // the last step is done
)

// State is how the day stands.
type State struct {
	Phase      Phase
	Day        string      // the last day that a line names, as time.DateOnly; "" for none
	Latest     Clock       // the latest time that was written down of that day, None for none
	Steps      []StepState // those of the plan, in its order
	Systems    []SystemState
	Deviations []DeviationState // by number; those without one after them
	Hotfixes   []Event
	Rechecks   []Recheck // what hotfixes want checked again, in the order of hotfix, row and system
	Notes      []Event
	// Cells of the checklist: a row on a system.
	Checked, Total, Deviating, Blocked, Retest int
	cells                                      map[cell]*Event
}

// Recheck is a row that must be checked again on one system, because a hotfix
// came onto it.
type Recheck struct {
	Hotfix    string // its version
	Row       string // code
	System    string
	Deviation int    // the row deviated: its number in the log; 0 where the hotfix touches the row's area
	Result    Result // what was found since, "" while nobody has looked
	since     Clock  // when the hotfix came, None where not said
}

// StepState is a step and what was written down of it.
type StepState struct {
	PlanStep
	From, To Clock // the earliest and the latest that was written; None where not
	Done     bool
	Decision Decision // of a gate: the last one
	Signs    []string
	Events   []Event
}

// SystemState is a system and what it runs.
type SystemState struct {
	ID      string
	Version string // what it runs now, "" where not known
	Today   bool
	Back    bool
	Since   Clock // when it got that version, None where not said
	Has     bool  // it runs the release of the day, or a hotfix of it
	Got     Clock // when it got that release, None where not said
	// On which day, as time.DateOnly, "" where not said: Since and Got.
	SinceDay, GotDay string
	Open             int  // deviations not settled
	Told             bool // its customers had the mail
	Result           Result
	NotBecome        string // why it isn't on the list, "" mostly
}

type cell struct{ row, system string }

// Derive gives the state after all events, and what contradicts itself. file
// names the journal in diagnostics.
func Derive(file string, events []Event, p Plan) (State, diag.List) {
	d := deriver{plan: p, file: file}
	d.state.cells = map[cell]*Event{}
	for _, s := range p.Steps {
		d.state.Steps = append(d.state.Steps, StepState{PlanStep: s, From: None, To: None})
	}
	for _, s := range p.Systems {
		d.state.Systems = append(d.state.Systems, SystemState{ID: s.ID, Today: s.Today, Version: p.Baseline, Since: None, Got: None})
	}
	d.listed(events)
	events = mendedAfterFound(events)
	for i := range events {
		d.apply(&events[i])
	}
	d.hotfixes()
	d.settle(events)
	return d.state, d.list
}

type deriver struct {
	plan  Plan
	file  string
	state State
	list  diag.List
}

func (d *deriver) say(sev diag.Severity, line int, code string, hint diag.Phrase, format string, args ...any) {
	d.list.Add(diag.New(sev, "journal-"+code, diag.Position{File: d.file, Line: line, Column: 1}, diag.Say(format, args...), hint))
}

func (d *deriver) apply(e *Event) {
	d.strangers(e)
	switch e.Kind {
	case Step, Gate:
		d.step(e)
	case Check:
		d.check(e)
	case Deviation:
		d.deviation(e)
	case Hotfix:
		d.hotfix(e)
	case System:
		d.system(e)
	case Note:
		d.state.Notes = append(d.state.Notes, *e)
	}
}

// strangers tells of systems that aren't on today's list.
func (d *deriver) strangers(e *Event) {
	for _, id := range e.Systems {
		if s := d.find(id); s != nil && !s.Today {
			d.say(diag.Warning, e.Line, "not-today", diag.Say("Was %s rolled out after all? Then write `%s on the list`.", id, id), "%s names system %s, which is not on today's list", e.Code, id)
		}
	}
}

func (d *deriver) find(id string) *SystemState {
	for i := range d.state.Systems {
		if d.state.Systems[i].ID == id {
			return &d.state.Systems[i]
		}
	}
	return nil
}

func (d *deriver) stepState(code string) *StepState {
	for i := range d.state.Steps {
		if d.state.Steps[i].Code == code {
			return &d.state.Steps[i]
		}
	}
	return nil
}

func (d *deriver) step(e *Event) {
	s := d.stepState(e.Code)
	d.order(e, s)
	d.decidedTwice(e, s)
	s.Events = append(s.Events, *e)
	if e.From >= 0 && (s.From < 0 || e.From < s.From) {
		s.From = e.From
	}
	if end := max(e.From, e.To); !e.Open && end >= 0 {
		s.To = max(s.To, end)
	}
	if s.From >= 0 && s.To >= 0 && s.To < s.From {
		d.say(diag.Error, e.Line, "ends-before-start", afterMidnight(s.To), "%s ends at %s, before it begins at %s", e.Code, s.To, s.From)
	}
	s.Done = s.Done || !e.Open
	for _, sign := range e.Signs {
		if !slices.Contains(s.Signs, sign) {
			s.Signs = append(s.Signs, sign)
		}
	}
	if e.Kind == Gate {
		if len(e.Systems) == 0 {
			s.Decision = e.Decision
		} else if s.Decision == "" && e.Decision != NoGo {
			s.Decision = e.Decision
		}
		return
	}
	if e.Result == Deviates {
		d.found(e)
	}
	switch {
	case e.Code == d.plan.Rollout && !e.Open && e.Result != Deviates:
		d.run(e, d.plan.Version)
	case s.Kind == model.StepMail && !e.Open:
		d.told(e)
	}
}

// concerned gives the systems of an event: those named, else today's.
func (d *deriver) concerned(e *Event) []string {
	if len(e.Systems) > 0 {
		return e.Systems
	}
	var out []string
	for _, s := range d.state.Systems {
		if s.Today {
			out = append(out, s.ID)
		}
	}
	return out
}

// run notes that systems run a version from now on.
func (d *deriver) run(e *Event, version string) {
	for _, id := range d.concerned(e) {
		s := d.find(id)
		s.run(version, e)
		s.has(e, true)
	}
}

// run notes that the system runs a version from now on.
func (s *SystemState) run(version string, e *Event) {
	s.Version, s.Since, s.SinceDay, s.Back = version, max(e.From, e.To), e.Day, false
}

// has notes that the system has the release of the day, since the first event that
// says so. The rollout's step, written again with a time, corrects it; what runs there
// later, a hotfix or the release without it, doesn't.
func (s *SystemState) has(e *Event, corrects bool) {
	at := max(e.From, e.To)
	if !s.Has || corrects && at >= 0 {
		s.Has, s.Got, s.GotDay = true, at, e.Day
	}
}

func (d *deriver) told(e *Event) {
	for _, id := range d.concerned(e) {
		s := d.find(id)
		s.Told = true
		if s.Version != d.plan.Version && !s.Back && len(e.Systems) > 0 {
			d.say(diag.Warning, e.Line, "told-too-early", diag.Say("Write when %s got the version: `%s %s …`.", id, d.plan.Rollout, id), "the customers of %s were told, but nothing says that it runs %s", id, d.plan.Version)
		}
	}
}

func (d *deriver) system(e *Event) {
	s := d.find(e.Code)
	switch {
	case e.Back:
		s.run(d.plan.Baseline, e)
		s.Back, s.Has, s.Got, s.GotDay = true, false, None, ""
	case e.Out:
		s.Today, s.NotBecome = false, e.Words
	case e.In:
		s.Today, s.NotBecome = true, ""
	case e.Version != "":
		version := strings.TrimPrefix(e.Version, "v")
		s.run(version, e)
		if version == d.plan.Version || slices.ContainsFunc(d.state.Hotfixes, func(h Event) bool { return strings.TrimPrefix(h.Version, "v") == version }) {
			s.has(e, false)
		} else {
			s.Has, s.Got, s.GotDay = false, None, ""
		}
	default:
		d.state.Notes = append(d.state.Notes, *e)
	}
}

func (d *deriver) check(e *Event) {
	i := slices.IndexFunc(d.plan.Rows, func(r PlanRow) bool { return r.Code == e.Code })
	applies := d.plan.Rows[i].Systems
	systems, stale := e.Systems, false
	if len(systems) == 0 {
		systems = applies
	}
	for _, id := range systems {
		if !slices.Contains(applies, id) && d.find(id).Today {
			d.say(diag.Warning, e.Line, "does-not-apply", diag.Say("Look at the dash on the sheet: the system doesn't have it."), "row %s does not apply to system %s", e.Code, id)
			continue
		}
		if d.before(e, id) {
			stale = true
			d.outdated(e, id)
			continue
		}
		d.state.cells[cell{e.Code, id}] = e
		d.rechecked(e, id)
	}
	switch {
	case e.Result == Deviates:
		d.found(e)
	case (e.Result == OK || e.Result == Accepted) && !stale:
		// A row that is right at last settles what was found there.
		for k := range d.state.Deviations {
			v := &d.state.Deviations[k]
			if v.Code == e.Code && v.Settled == "" && within(v.Systems, e.Systems) {
				v.Settled = e.Result
			}
		}
	}
}

// settle computes what only the whole shows.
func (d *deriver) settle(events []Event) {
	s := &d.state
	slices.SortStableFunc(s.Deviations, func(a, b DeviationState) int {
		if (a.Number == 0) != (b.Number == 0) {
			return b.Number - a.Number
		}
		return a.Number - b.Number
	})
	s.Total = 0
	for _, row := range d.plan.Rows {
		for _, id := range row.Systems {
			if sys := d.find(id); sys == nil || !sys.Today {
				continue
			}
			e := s.cells[cell{row.Code, id}]
			if e != nil && e.Result == NA {
				continue
			}
			s.Total++
			switch {
			case e == nil:
			case e.Result == Deviates:
				s.Deviating++
			case e.Result == Blocked:
				s.Blocked++
			case e.Result == Retest:
				s.Retest++
			default:
				s.Checked++
			}
		}
	}
	for _, v := range s.Deviations {
		for _, id := range d.concerned(&Event{Systems: v.Systems}) {
			if sys := d.find(id); sys != nil && v.Settled == "" {
				sys.Open++
			}
		}
	}
	for i := range s.Deviations {
		v := &s.Deviations[i]
		if k := slices.IndexFunc(d.plan.Rows, func(r PlanRow) bool { return r.Code == v.Code }); k >= 0 {
			v.Title, v.Owner = d.plan.Rows[k].Title, d.plan.Rows[k].Owner
		} else if st := d.plan.step(v.Code); st != nil {
			v.Title = st.Text
		}
	}
	s.Phase = d.phase(len(events))
	s.Day, s.Latest = lastDay(events)
	if s.Phase == Closed {
		for _, v := range s.Deviations {
			if v.Class == "A" && v.Settled == "" {
				d.say(diag.Warning, v.Line, "closed-with-a", diag.Say("Settle it (`X%d ok`), or say who takes it over (`X%d accepted …`).", v.Number, v.Number), "the day is closed, but a deviation of class A is open")
			}
		}
	}
}

// lastDay gives the last of the days that are named, and the latest time of what was
// done on it.
func lastDay(events []Event) (string, Clock) {
	day, latest := "", None
	for _, e := range events {
		if e.Day > day {
			day, latest = e.Day, None
		}
		if e.Day == day {
			latest = max(latest, e.From, e.To)
		}
	}
	return day, latest
}

func (d *deriver) phase(events int) Phase {
	if events == 0 {
		return Planned
	}
	var last *Event
	for i := range d.state.Steps {
		if e := lastDecision(d.state.Steps[i].Events); e != nil && d.state.Steps[i].Kind == model.StepGate && (last == nil || e.Line > last.Line) {
			last = e
		}
	}
	end := d.stepState(d.plan.Close)
	switch {
	case end != nil && end.Done:
		return Closed
	case last != nil && last.Decision == NoGo:
		return Held
	}
	today, there := 0, 0
	for _, s := range d.state.Systems {
		if s.Today {
			today++
			if s.Since >= 0 || s.Version != d.plan.Baseline {
				there++
			}
		}
	}
	if today > 0 && there == today {
		return Deployed
	}
	return Running
}
