package compose

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

func (d *DayContent) readRunbook(s *strict, root *yaml.Node) {
	s.fields(root, "the runbook", map[string]func(*yaml.Node){
		"roles": func(n *yaml.Node) { d.readRoles(s, n) },
		"end": func(n *yaml.Node) {
			d.endAt = source{s.file, n}
			s.moment(&d.end, "end")(n)
		},
		"phases": func(n *yaml.Node) {
			s.each(n, "phases", func(c *yaml.Node) { d.phases = append(d.phases, s.phase(c)) })
		},
		"ladder": func(n *yaml.Node) {
			s.each(n, "the ladder", func(c *yaml.Node) { d.ladder = append(d.ladder, s.rung(c)) })
		},
		"special": func(n *yaml.Node) {
			d.special.source = source{s.file, n}
			s.fields(n, "special", map[string]func(*yaml.Node){
				"none":                s.text(&d.special.none, "none"),
				"step":                s.text(&d.special.step, "step"),
				"migration":           s.text(&d.special.migration, "migration"),
				"migration_step":      s.text(&d.special.migrationStep, "migration_step"),
				"migration_threshold": s.text(&d.special.migrationThreshold, "migration_threshold"),
				"configuration":       s.text(&d.special.configuration, "configuration"),
				"dependencies":        s.text(&d.special.dependencies, "dependencies"),
				"reverted":            s.text(&d.special.reverted, "reverted"),
				"alarm":               s.text(&d.special.alarm, "alarm"),
			})
		},
		"rolls": s.texts(&d.rolls, "rolls"),
	})
	if n := len(d.codes()); n > maxSteps {
		d.phases = nil
		s.fail(root, "too-many-steps", diag.Say("Make one step of what one person does in one go."), "the runbook has %d steps, more than %d", n, maxSteps)
	}
}

func (d *DayContent) readRoles(s *strict, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		s.fail(n, "wrong-type", diag.Say("Write `SUP: {name: …}` lines."), "roles needs keys and values")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		r := dayRole{id: n.Content[i].Value}
		listed := true
		s.fields(n.Content[i+1], "a role", map[string]func(*yaml.Node){
			"name":    s.text(&r.name, "name"),
			"listed":  s.truth(&listed, "listed"),
			"several": s.truth(&r.several, "several"),
		})
		r.unlisted = !listed
		if slices.ContainsFunc(d.roles, func(o dayRole) bool { return o.id == r.id }) {
			s.fail(n.Content[i], "duplicate-role", diag.Say("Keep one of the two."), "role %q is given twice", r.id)
			continue
		}
		d.roles = append(d.roles, r)
	}
}

func (s *strict) phase(n *yaml.Node) dayPhase {
	p := dayPhase{source: source{s.file, n}}
	s.fields(n, "a phase", map[string]func(*yaml.Node){
		"code":   s.text(&p.code, "code"),
		"title":  s.text(&p.title, "title"),
		"note":   s.text(&p.note, "note"),
		"ladder": s.truth(&p.ladder, "ladder"),
		"rolls":  s.truth(&p.rolls, "rolls"),
		"lines":  s.number(&p.lines, "lines", 40),
		"steps": func(n *yaml.Node) {
			s.each(n, "steps", func(c *yaml.Node) { p.steps = append(p.steps, s.step(c)) })
		},
	})
	return p
}

func (s *strict) step(n *yaml.Node) dayStep {
	st := dayStep{source: source{s.file, n}, kind: model.StepAction}
	s.fields(n, "a step", map[string]func(*yaml.Node){
		"code":     s.text(&st.code, "code"),
		"at":       s.moment(&st.at, "at"),
		"slack":    s.number(&st.slack, "slack", dayMinutes),
		"every":    s.number(&st.every, "every", dayMinutes),
		"text":     s.text(&st.text, "text"),
		"detail":   s.text(&st.detail, "detail"),
		"owner":    s.text(&st.owner, "owner"),
		"deputy":   s.text(&st.deputy, "deputy"),
		"reason":   s.text(&st.reason, "reason"),
		"sign":     s.text(&st.sign, "sign"),
		"optional": s.truth(&st.optional, "optional"),
		"after":    s.texts(&st.after, "after"),
		"order":    s.text(&st.order, "order"),
		"mode":     s.oneOf(&st.mode, "mode", "read-do", "do-confirm"),
		"kind": func(n *yaml.Node) {
			var kind string
			s.oneOf(&kind, "kind", "step", "check", "gate", "watch", "mail", "break")(n)
			if kind != "" {
				st.kind = model.StepKind(kind)
			}
		},
		"for": func(n *yaml.Node) {
			if st.database = n.Value == "database"; !st.database {
				s.number(&st.minutes, "for", dayMinutes)(n)
			}
		},
		"systems": func(n *yaml.Node) {
			var each string
			s.oneOf(&each, "systems", "each")(n)
			st.each = each != ""
		},
		"threshold": func(n *yaml.Node) { st.threshold = s.threshold(n) },
		"gate":      func(n *yaml.Node) { st.gate = s.gate(n) },
	})
	return st
}

func (s *strict) threshold(n *yaml.Node) *dayThreshold {
	t := &dayThreshold{}
	if n.Kind == yaml.ScalarNode {
		s.text(&t.when, "threshold")(n)
		return t
	}
	s.fields(n, "a threshold", map[string]func(*yaml.Node){
		"at":   s.moment(&t.at, "at"),
		"when": s.text(&t.when, "when"),
		"then": s.text(&t.then, "then"),
	})
	return t
}

func (s *strict) gate(n *yaml.Node) *dayGate {
	g := &dayGate{}
	s.fields(n, "a gate", map[string]func(*yaml.Node){
		"question": s.text(&g.question, "question"),
		"criteria": s.texts(&g.criteria, "criteria"),
		"decider":  s.text(&g.decider, "decider"),
		"confirm":  s.text(&g.confirm, "confirm"),
		"latest":   s.moment(&g.latest, "latest"),
		"no_go":    s.text(&g.noGo, "no_go"),
	})
	return g
}

func (s *strict) rung(n *yaml.Node) dayRung {
	r := dayRung{source: source{s.file, n}}
	s.fields(n, "a rung", map[string]func(*yaml.Node){
		"until": s.moment(&r.until, "until"),
		"means": s.text(&r.means, "means"),
		"say":   s.text(&r.say, "say"),
		"do":    s.text(&r.do, "do"),
	})
	if r.until == nil {
		s.fail(n, "rung-without-time", diag.Say("Give `until`, for example `until: database+10`."), "a rung of the ladder has no time")
	}
	return r
}

// moment reads a point of the day into p.
func (s *strict) moment(p **moment, what string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		m, ok := parseMoment(n.Value)
		if n.Kind != yaml.ScalarNode || !ok {
			s.fail(n, "bad-time", diag.Say("Write start-15, database+20, rollback-15, opening+5 or a clock time like 10:45."), "%s is %q, not a time of the day", what, n.Value)
			return
		}
		*p = &m
	}
}

// oneOf reads one of the words into p.
func (s *strict) oneOf(p *string, what string, words ...string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !slices.Contains(words, n.Value) {
			s.fail(n, "bad-value", meant(n.Value, words), "%s is %q", what, n.Value)
			return
		}
		*p = n.Value
	}
}

func (d *DayContent) readChecks(s *strict, root *yaml.Node) {
	checks := func(p *[]standingCheck) func(*yaml.Node) {
		return func(n *yaml.Node) {
			s.each(n, "checks", func(c *yaml.Node) { *p = append(*p, s.check(c)) })
		}
	}
	s.fields(root, "the checks", map[string]func(*yaml.Node){
		"smoke":      checks(&d.smoke),
		"everywhere": checks(&d.everywhere),
		"areas": func(n *yaml.Node) {
			s.each(n, "areas", func(c *yaml.Node) {
				a := areaChecks{source: source{s.file, c}}
				s.fields(c, "an area", map[string]func(*yaml.Node){
					"area":   s.text(&a.area, "area"),
					"checks": checks(&a.checks),
				})
				if a.area == "" {
					s.fail(c, "check-without-area", diag.Say("Give `area`, an id of daybreak.yaml or \"*\"."), "checks without an area")
				}
				d.areas = append(d.areas, a)
			})
		},
	})
}

func (s *strict) check(n *yaml.Node) standingCheck {
	c := standingCheck{source: source{s.file, n}}
	s.fields(n, "a check", map[string]func(*yaml.Node){
		"title":  s.text(&c.title, "title"),
		"expect": s.text(&c.expect, "expect"),
		"owner":  s.text(&c.owner, "owner"),
		"how":    s.texts(&c.how, "how"),
	})
	if c.title == "" {
		s.fail(n, "check-without-title", diag.Say("Give `title`: what is checked."), "a check has no title")
	}
	return c
}
