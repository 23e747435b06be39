package compose

import (
	"fmt"
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

func (l lint) add(sev diag.Severity, at source, code, hint, format string, args ...any) {
	l.list.Add(diag.Diagnostic{Severity: sev, Code: code, Position: at.position(), Message: fmt.Sprintf(format, args...), Hint: hint})
}

// lintContent checks what holds without any configuration: codes, owners,
// gates, order of rows.
func (d *DayContent) lintContent(list *diag.List) {
	l := lint{list}
	seen, phases := map[string]bool{}, map[string]bool{}
	codes := d.codes()
	d.cycles(l)
	if len(codes) == 0 && len(*list) == 0 {
		l.add(diag.Error, source{file: "content/runbook." + string(d.Lang) + ".yaml"}, "no-steps", "Give `phases` with steps, or delete the file to use the one that daybreak ships.", "the runbook has no steps")
	}
	for _, p := range d.phases {
		if p.code == "" || p.title == "" {
			l.add(diag.Error, p.source, "phase-without-name", "Give `code` and `title`.", "a phase has no code or no title")
		} else if phases[p.code] {
			l.add(diag.Error, p.source, "duplicate-code", "Give each phase a code of its own.", "phase %q is there twice", p.code)
		}
		phases[p.code] = true
		rows := 0
		for _, s := range p.steps {
			switch {
			case s.code == "":
				l.add(diag.Error, s.source, "step-without-code", "Give `code`, for example S11; the journal names steps by it.", "a step has no code")
			case seen[s.code]:
				l.add(diag.Error, s.source, "duplicate-code", "Give each step a code of its own; the journal names steps by it.", "step %q is there twice", s.code)
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
				l.add(diag.Warning, s.source, "too-many-rows", "Put a gate or a break between them: nobody follows more without a stop.", "more than %d rows without a gate or a break, at step %s", maxRows, s.code)
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
				text := strings.Join(append(slices.Clone(circle), before), " after ")
				l.add(diag.Error, at[first], "circle", "Remove one `after` of them.", "these steps wait for each other: %s", text)
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
		l.add(diag.Error, s.source, "step-without-text", "Give `text`, at most 75 characters, the verb first.", "step %s has no text", s.code)
	}
	if s.owner == "" {
		l.add(diag.Error, s.source, "step-without-owner", "Give `owner`, for example SUP.", "step %s has no owner", s.code)
	}
	if s.deputy == "" && s.reason == "" {
		l.add(diag.Error, s.source, "step-without-deputy", "Give `deputy`, or `reason`: why nobody can step in.", "step %s has no deputy", s.code)
	}
	if n := utf8.RuneCountInString(s.text); n > maxStepText {
		l.add(diag.Warning, s.source, "long-text", "Move the rest to `detail`.", "the text of step %s has %d characters, more than %d", s.code, n, maxStepText)
	}
	if s.every > 0 && (s.at == nil || s.minutes == 0) {
		l.add(diag.Error, s.source, "endless-watch", "Give `at` and `for`.", "step %s wants a box every %d minutes but has no start or no end", s.code, s.every)
	}
	if t := s.threshold; t != nil && t.when != "" && t.then == "" && t.at != nil {
		l.add(diag.Warning, s.source, "threshold-without-action", "Give `then`: what to do.", "the threshold of step %s doesn't say what to do", s.code)
	}
	switch {
	case s.kind == model.StepGate && s.gate == nil:
		l.add(diag.Error, s.source, "gate-incomplete", "Give `gate` with question, criteria, decider, latest and no_go.", "gate %s has no question", s.code)
	case s.kind != model.StepGate && s.gate != nil:
		l.add(diag.Error, s.source, "not-a-gate", "Set `kind: gate`, or remove `gate`.", "step %s has a gate but is of kind %q", s.code, s.kind)
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
			l.add(diag.Error, s.source, "gate-incomplete", "A gate without them stops nobody.", "gate %s lacks %s", s.code, strings.Join(missing, ", "))
		}
	}
}

// lintPlan checks what needs the configuration: times and roles.
func (d *DayContent) lintPlan(c *config.Config, k clock, list *diag.List) {
	l := lint{list}
	roles := d.roleIDs(c)
	for _, p := range d.phases {
		last, lastCode := minute(-1), ""
		for _, s := range p.steps {
			names := slices.Concat(splitRoles(s.owner), splitRoles(s.deputy))
			if s.gate != nil {
				names = slices.Concat(names, splitRoles(s.gate.decider), splitRoles(s.gate.confirm))
			}
			for _, r := range names {
				if !slices.Contains(roles, r) {
					l.add(diag.Error, s.source, "unknown-role", meant(r, roles), "step %s names role %q, which is not there", s.code, r)
				}
			}
			if s.at == nil {
				continue
			}
			at := k.at(*s.at)
			end := at + minute(s.length(k))
			switch {
			case !at.valid() || !end.valid():
				l.add(diag.Error, s.source, "past-midnight", "Check train.start and train.opening, or the step's `at` and `for`.", "step %s would not lie within the day", s.code)
				continue
			case at < last:
				l.add(diag.Warning, s.source, "times-cross", fmt.Sprintf("Move the step above %s, or change its `at`.", lastCode), "step %s begins at %s, before step %s above it (%s)", s.code, at, lastCode, last)
			default:
				last, lastCode = at, s.code
			}
			if t := s.threshold; t != nil && t.at != nil && k.at(*t.at) < at {
				l.add(diag.Error, s.source, "threshold-too-early", "Give the threshold a later `at`.", "the threshold of step %s at %s lies before its start at %s", s.code, k.at(*t.at), at)
			}
			if g := s.gate; g != nil && g.latest != nil && k.at(*g.latest) < at {
				l.add(diag.Error, s.source, "gate-too-late", "Give the gate an earlier `at` or a later `latest`; or shorten train.database, or begin earlier with train.start.", "gate %s is planned for %s, after its latest time %s", s.code, at, k.at(*g.latest))
			}
		}
	}
	if k.rollback < k.database {
		list.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "no-time-to-roll-back", Position: diag.Position{File: c.File, Part: `key "train"`},
			Message: fmt.Sprintf("the last moment for a rollback, %s, lies before the planned end of the database update, %s", k.rollback, k.database),
			Hint:    "Begin earlier (train.start), or shorten train.rollback or train.buffer.",
		})
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
