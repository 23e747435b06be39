package compose

import (
	"slices"
	"strings"
	"unicode/utf8"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// The limits of a sheet that people can follow at half past six.
const (
	maxStepText = 75 // characters
	maxRows     = 9  // rows between two gates or pauses
)

// lint collects diagnostics about one place of a content file.
type lint struct{ list *diag.List }

func (l lint) add(sev diag.Severity, at source, code string, hint diag.Phrase, format string, args ...any) {
	l.list.Add(diag.New(sev, code, at.position(), diag.Say(format, args...), hint))
}

// lintContent checks what holds without any configuration: codes, owners,
// gates, order of rows.
func (d *DayContent) lintContent(list *diag.List) {
	l := lint{list}
	seen, phases := map[string]bool{}, map[string]bool{}
	codes := d.codes()
	d.cycles(l)
	if len(codes) == 0 && len(*list) == 0 {
		l.add(diag.Error, d.file(), "no-steps", diag.Say("Give `phases` with steps, or delete the file to use the one that daybreak ships."), "the runbook has no steps")
	}
	for _, p := range d.phases {
		if p.code == "" || p.title == "" {
			l.add(diag.Error, p.source, "phase-without-name", diag.Say("Give `code` and `title`."), "a phase has no code or no title")
		} else if phases[p.code] {
			l.add(diag.Error, p.source, "duplicate-code", diag.Say("Give each phase a code of its own."), "phase %q is there twice", p.code)
		}
		phases[p.code] = true
		rows := 0
		for _, s := range p.steps {
			switch {
			case s.code == "":
				l.add(diag.Error, s.source, "step-without-code", diag.Say("Give `code`, for example S11; the journal names steps by it."), "a step has no code")
			case seen[s.code]:
				l.add(diag.Error, s.source, "duplicate-code", diag.Say("Give each step a code of its own; the journal names steps by it."), "step %q is there twice", s.code)
			}
			seen[s.code] = true
			l.step(s)
			for _, code := range s.after {
				if !slices.Contains(codes, code) {
					l.add(diag.Error, s.source, "unknown-step", meant(code, codes), "step %s comes after %q, which is not there", s.code, code)
				}
			}
			switch rows++; {
			case s.kind == model.StepGate || s.kind == model.StepBreak:
				rows = 0
			case rows == maxRows+1:
				l.add(diag.Warning, s.source, "too-many-rows", diag.Say("Put a gate or a break between them: nobody follows more without a stop."), "more than %d rows without a gate or a break, at step %s", maxRows, s.code)
			}
		}
	}
}

// cycles tells of steps that wait for each other, each circle once, at its step
// that stands first.
func (d *DayContent) cycles(l lint) {
	after, at := map[string][]string{}, map[string]source{}
	codes := d.codes()
	for _, p := range d.phases {
		for _, s := range p.steps {
			after[s.code], at[s.code] = s.after, s.source
		}
	}
	const open, done = 1, 2
	seen := map[string]int{}
	var way []string
	var visit func(code string)
	visit = func(code string) {
		seen[code] = open
		way = append(way, code)
		for _, before := range after[code] {
			switch seen[before] {
			case open:
				circle := way[slices.Index(way, before):]
				first := slices.MinFunc(circle, func(a, b string) int { return slices.Index(codes, a) - slices.Index(codes, b) })
				text := strings.Join(append(slices.Clone(circle), before), ", ")
				l.add(diag.Error, at[first], "circle", diag.Say("Remove one `after` of them."), "these steps wait for each other, each for the next: %s", text)
			case 0:
				if _, there := after[before]; there {
					visit(before)
				}
			}
		}
		way = way[:len(way)-1]
		seen[code] = done
	}
	for _, code := range codes {
		if seen[code] == 0 {
			visit(code)
		}
	}
}

// step checks one step by itself.
func (l lint) step(s dayStep) {
	if s.text == "" && s.gate == nil {
		l.add(diag.Error, s.source, "step-without-text", diag.Say("Give `text`, at most 75 characters, the verb first."), "step %s has no text", s.code)
	}
	if s.owner == "" {
		l.add(diag.Error, s.source, "step-without-owner", diag.Say("Give `owner`, for example SUP."), "step %s has no owner", s.code)
	}
	if s.deputy == "" && s.reason == "" {
		l.add(diag.Error, s.source, "step-without-deputy", diag.Say("Give `deputy`, or `reason`: why nobody can step in."), "step %s has no deputy", s.code)
	}
	if n := utf8.RuneCountInString(s.text); n > maxStepText {
		l.add(diag.Warning, s.source, "long-text", diag.Say("Move the rest to `detail`."), "the text of step %s has %d characters, more than %d", s.code, n, maxStepText)
	}
	if s.every > 0 && (s.at == nil || s.minutes == 0) {
		l.add(diag.Error, s.source, "endless-watch", diag.Say("Give `at` and `for`."), "step %s wants a box every %d minutes but has no start or no end", s.code, s.every)
	}
	if t := s.threshold; t != nil && t.when != "" && t.then == "" && t.at != nil {
		l.add(diag.Warning, s.source, "threshold-without-action", diag.Say("Give `then`: what to do."), "the threshold of step %s doesn't say what to do", s.code)
	}
	switch {
	case s.kind == model.StepGate && s.gate == nil:
		l.add(diag.Error, s.source, "gate-incomplete", diag.Say("Give `gate` with question, criteria, decider, latest and no_go."), "gate %s has no question", s.code)
	case s.kind != model.StepGate && s.gate != nil:
		l.add(diag.Error, s.source, "not-a-gate", diag.Say("Set `kind: gate`, or remove `gate`."), "step %s has a gate but is of kind %q", s.code, s.kind)
	case s.gate != nil:
		var missing []string
		for name, empty := range map[string]bool{
			"question": s.gate.question == "", "criteria": len(s.gate.criteria) == 0, "decider": s.gate.decider == "",
			"latest": s.gate.latest == nil, "no_go": s.gate.noGo == "",
		} {
			if empty {
				missing = append(missing, name)
			}
		}
		slices.Sort(missing)
		if len(missing) > 0 {
			l.add(diag.Error, s.source, "gate-incomplete", diag.Say("A gate without them stops nobody."), "gate %s lacks %s", s.code, strings.Join(missing, ", "))
		}
	}
}

// lintPlan checks what needs the configuration: roles and times.
func (d *DayContent) lintPlan(c *config.Config, t *timetable, l lint) {
	roles := d.roleIDs(c)
	gates, last := 0, -1 // the step above in the same phase
	var outside []*timedStep
	for i := range t.steps {
		s := &t.steps[i]
		names := slices.Concat(splitRoles(s.owner), splitRoles(s.deputy))
		if s.gate != nil {
			gates++
			names = slices.Concat(names, splitRoles(s.gate.decider), splitRoles(s.gate.confirm))
		}
		for _, r := range names {
			if !slices.Contains(roles, r) {
				l.add(diag.Error, s.source, "unknown-role", meant(r, roles), "step %s names role %q, which is not there", s.code, r)
			}
		}
		if !s.timed {
			continue
		}
		if !s.from.valid() || !s.to.valid() {
			outside = append(outside, s)
			continue
		}
		l.times(t, s)
		d.lintEnd(t, s, l)
		if last >= 0 && t.steps[last].phase == s.phase && s.from < t.steps[last].from {
			above := &t.steps[last]
			l.add(diag.Warning, s.source, "times-cross", diag.Say("Move the step above %s, or change its `at`.", above.code), "step %s begins at %s, before step %s above it (%s)", s.code, s.from, above.code, above.from)
			continue
		}
		last = i
	}
	l.outside(outside)
	if gates == 0 && len(t.steps) > 0 {
		l.add(diag.Warning, d.file(), "no-gates", diag.Say("Give a step `kind: gate` with question, criteria, decider, latest and no_go, at least before the rollout begins."), "the runbook has no gate: nobody is asked whether to go on")
	}
	if t.unsteady {
		l.add(diag.Error, d.file(), "database-moves-itself", diag.Say("Write its `at` without `database`, and let it come after nothing that is written with it."), "the database update begins at a moment that its own end moves")
	}
	lintRollback(c, t, l)
}

// outside tells once of all steps that don't lie within the day: they mostly have
// one cause, and the first of them is where to look.
func (l lint) outside(steps []*timedStep) {
	if len(steps) == 0 {
		return
	}
	s, hint := steps[0], diag.Say("Choose a train.start and train.opening between which the day stays this side of midnight, or mend the step's `at` and `for`.")
	from, to := besideDay(s.from), besideDay(s.to)
	if len(steps) == 1 {
		l.add(diag.Error, s.source, "past-midnight", hint, "step %s would last from %s to %s, but a plan is for one day", s.code, from, to)
		return
	}
	l.add(diag.Error, s.source, "past-midnight", hint, "step %s would last from %s to %s, and more steps lie outside the day: %d; but a plan is for one day", s.code, from, to, len(steps)-1)
}

// besideDay names a minute of the day, or of the days beside it.
func besideDay(m minute) any {
	switch {
	case m < 0:
		return diag.Say("%s of the day before", m+dayMinutes)
	case m.valid():
		return m
	default:
		return diag.Say("%s of the next day", m%dayMinutes)
	}
}

// times tells where a step doesn't begin as written, or too late for its
// threshold or gate.
func (l lint) times(t *timetable, s *timedStep) {
	l.pushed(t, s)
	k := t.clock
	if h := s.threshold; h != nil && h.at != nil && k.at(*h.at) < s.from {
		l.add(diag.Error, s.source, "threshold-too-early", diag.Say("Give the threshold a later `at`."), "the threshold of step %s at %s lies before its start at %s", s.code, k.at(*h.at), s.from)
	}
	if g := s.gate; g != nil && g.latest != nil && k.at(*g.latest) < s.from {
		l.add(diag.Error, s.source, "gate-too-late", diag.Say("Give the gate an earlier `at` or a later `latest`; or shorten train.database, or begin earlier with train.start."), "gate %s is planned for %s, after its latest time %s", s.code, s.from, k.at(*g.latest))
	}
}

// pushed tells of a step that can't begin at its `at`, and of what would hold.
func (l lint) pushed(t *timetable, s *timedStep) {
	if s.at == nil || s.from <= t.clock.at(*s.at) {
		return
	}
	written := t.clock.at(*s.at)
	holds := moment{s.at.anchor, s.at.offset + int(s.from-written)}
	for _, j := range s.waits {
		switch b := &t.steps[j]; {
		case !b.timed || b.to+minute(b.slack) != s.from:
			continue
		case b.slack > 0:
			l.add(diag.Error, s.source, "starts-too-early", diag.Say("Write `at: %s`, or shorten %s or its `slack`.", holds, b.code), "step %s is written for %s, but %s, which it comes after, ends at %s and keeps %d minutes free", s.code, written, b.code, b.to, b.slack)
		default:
			l.add(diag.Error, s.source, "starts-too-early", diag.Say("Write `at: %s`, remove `at`, or shorten %s.", holds, b.code), "step %s is written for %s, but %s, which it comes after, ends at %s", s.code, written, b.code, b.to)
		}
		return
	}
	for _, j := range s.owners {
		b := &t.steps[j]
		if b.to != s.from {
			continue
		}
		for _, who := range s.takes {
			if slices.Contains(b.takes, who) {
				l.add(diag.Error, s.source, "owner-twice", diag.Say("Write `at: %s`, shorten %s, or give one of them to somebody else; `several: true` at a role says that it is more than one person.", holds, b.code), "%s would be at two steps at once: %s lasts from %s to %s, %s is written for %s", who, b.code, b.from, b.to, s.code, written)
				return
			}
		}
	}
}

// lintEnd tells of a step that the end of the day overtakes.
func (d *DayContent) lintEnd(t *timetable, s *timedStep, l lint) {
	if d.end == nil {
		return
	}
	if end := t.clock.at(*d.end); s.to > end {
		l.add(diag.Error, s.source, "after-the-end", diag.Say("Begin it earlier, shorten it, or write a later `end` (line %d).", d.endAt.node.Line), "step %s would end at %s, after the end of the day at %s", s.code, s.to, end)
	}
}

// lintRollback tells where the decision to go back would come too late.
func lintRollback(c *config.Config, t *timetable, l lint) {
	k := t.clock
	hint := diag.Say("Begin earlier (train.start), or shorten train.rollback or train.buffer.")
	at := c.At("train.start")
	switch {
	case k.rollback < k.database:
		l.list.Add(diag.New(diag.Error, "no-time-to-roll-back", at, diag.Say("the last moment for a rollback, %s, lies before the planned end of the database update, %s", besideDay(k.rollback), besideDay(k.database)), hint))
	case t.target >= 0 && k.rollback < t.steps[t.target].from:
		s := &t.steps[t.target]
		l.list.Add(diag.New(diag.Error, "no-time-to-roll-back", at, diag.Say("the last moment for a rollback, %s, lies before %s, when customers are told that all is well (step %s)", besideDay(k.rollback), besideDay(s.from), s.code), hint))
	}
}

// roleIDs lists the roles that the content or the configuration knows.
func (d *DayContent) roleIDs(c *config.Config) []string {
	var out []string
	for _, r := range d.roles {
		out = append(out, r.id)
	}
	for _, r := range c.Roles {
		if !slices.Contains(out, r.ID) {
			out = append(out, r.ID)
		}
	}
	return out
}

// length is how many minutes a step is planned to take, 0 where open.
func (s dayStep) length(k clock) int {
	if s.database {
		return k.databaseMinutes
	}
	return s.minutes
}
