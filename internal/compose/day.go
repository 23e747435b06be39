package compose

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// DayContent is what a workspace's content files say about every deployment
// day in one language: content/runbook.<lang>.yaml and
// content/checks.<lang>.yaml. The comments at the head of the shipped files
// are the specification of the format.
type DayContent struct {
	Lang  model.Lang
	roles []dayRole
	// phases, ladder and checks as written; times are still moments.
	phases     []dayPhase
	ladder     []dayRung
	special    specialTexts
	rolls      []string
	end        *moment // nothing is planned after it; nil: midnight
	endAt      source
	smoke      []standingCheck
	areas      []areaChecks
	everywhere []standingCheck
	digest     [sha256.Size]byte // over both files
}

// source says where something was written, for diagnostics that only come up
// once configuration is known.
type source struct {
	file string
	node *yaml.Node
}

func (s source) position() diag.Position {
	if s.node == nil {
		return diag.Position{File: s.file}
	}
	return diag.Position{File: s.file, Line: s.node.Line, Column: s.node.Column}
}

type dayRole struct {
	id, name string
	unlisted bool // no line of its own among the people
	several  bool // more than one person: its steps may overlap
}

type dayPhase struct {
	code, title, note string
	steps             []dayStep
	ladder, rolls     bool // printed on this sheet
	lines             int  // blank ones for notes
	source            source
}

type dayStep struct {
	source    source
	code      string
	at        *moment // nil: when needed
	minutes   int
	database  bool // lasts as long as the database update is planned to
	slack     int  // minutes kept free behind it
	kind      model.StepKind
	text      string
	detail    string
	owner     string
	deputy    string
	reason    string
	mode      string
	sign      string
	each      bool // a box per system
	every     int  // minutes between the boxes of a watch strip
	optional  bool // takes place only when its detail says so; takes nobody's time in the plan
	after     []string
	threshold *dayThreshold
	gate      *dayGate
	order     string // what is ordered for a break
}

type dayThreshold struct {
	at         *moment
	when, then string
}

type dayGate struct {
	question         string
	criteria         []string
	decider, confirm string
	latest           *moment
	noGo             string
}

type dayRung struct {
	source         source
	until          *moment
	means, say, do string
}

// specialTexts are the sentences of special notes that daybreak finds itself.
type specialTexts struct {
	source                                                                                                 source
	none, step, migration, migrationStep, migrationThreshold, configuration, dependencies, reverted, alarm string
}

type standingCheck struct {
	source               source
	title, expect, owner string
	how                  []string
}

type areaChecks struct {
	source source
	area   string
	checks []standingCheck
}

// LoadDay reads runbook.<lang>.yaml and checks.<lang>.yaml of a content folder.
// Diagnostics name them as a workspace does, content/runbook.<lang>.yaml.
// What can be read is returned even where diagnostics say that parts are wrong;
// a document must not be made of it while the list holds an error.
func LoadDay(fsys fs.FS, l model.Lang) (DayContent, diag.List) {
	d := DayContent{Lang: l}
	var list diag.List
	hash := sha256.New()
	for _, part := range []struct {
		name string
		read func(*strict, *yaml.Node)
	}{{"runbook", d.readRunbook}, {"checks", d.readChecks}} {
		name := fmt.Sprintf("%s.%s.yaml", part.name, l)
		data, err := fs.ReadFile(fsys, name)
		file := "content/" + name
		s := &strict{file: file, list: &list}
		if err != nil {
			hint := diag.Say("`daybreak init` writes a starter file.")
			if !errors.Is(err, fs.ErrNotExist) {
				hint = diag.Say("Make the file readable.")
			}
			s.fail(nil, "unreadable", hint, "cannot read: %v", err)
			continue
		}
		fmt.Fprintf(hash, "%d\n", len(data))
		hash.Write(data)
		if root := s.root(data); root != nil {
			part.read(s, root)
		} else if !slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Position.File == file }) {
			s.fail(nil, "empty", diag.Say("Delete the file to use the one that daybreak ships."), "the file is empty")
		}
	}
	d.digest = [sha256.Size]byte(hash.Sum(nil))
	d.lintContent(&list)
	list.Sort()
	return d, list
}

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

// maxSteps bounds a runbook: a day of 24 hours with more than one step a minute
// is no plan, and its times would take long to compute.
const maxSteps = 1500

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

// file is where the runbook is written, as a whole.
func (d *DayContent) file() source {
	return source{file: fmt.Sprintf("content/runbook.%s.yaml", d.Lang)}
}

// codes gives every step code, in order.
func (d *DayContent) codes() []string {
	var out []string
	for _, p := range d.phases {
		for _, s := range p.steps {
			out = append(out, s.code)
		}
	}
	return out
}

// splitRoles reads "SUP+DEV".
func splitRoles(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '+' || r == ',' || r == ' ' || r == '/' })
}
