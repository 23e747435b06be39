package compose

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Runbook makes the plan of the day out of the content files, the
// configuration's times, systems and people, and what the release's changes ask
// for. The diagnostics tell where the plan doesn't hold.
func Runbook(c *config.Config, r *model.Release, d DayContent, h model.DayHeader) (model.Runbook, diag.List) {
	t := d.timetable(c)
	b := &runbookBuilder{config: c, day: d, clock: t.clock, meals: meals(c, d.rolls)}
	d.lintPlan(c, t, lint{&b.list})
	d.lintClock(t, h.Date, lint{&b.list})
	b.specialNotes(r)
	b.facts = map[string]string{
		"version":  orBlank(h.Version),
		"baseline": orBlank(h.Baseline),
		"target":   orBlank(h.Target),
		"notes":    b.noteRange(),
		"systems":  systemList(today(h)),
	}
	maps.Copy(b.facts, mealFacts(b.meals))
	book := model.Runbook{
		DayHeader: withContent(h, d), People: b.people(), Special: b.special, Dependencies: b.dependencies(r), Meals: b.meals,
		LastAbort: b.clock.rollback.String(), CriticalPath: t.criticalPath(),
	}
	if t.target >= 0 {
		book.Told, book.ToldBy = t.steps[t.target].code, t.steps[t.target].to.String()
	}
	next := 0 // of the timetable, which has the steps as written
	for _, p := range d.phases {
		book.Phases = append(book.Phases, b.phase(p, t.steps[next:next+len(p.steps)], h))
		next += len(p.steps)
		for _, s := range p.steps {
			if s.sign != "" {
				book.SignOffs = append(book.SignOffs, model.SignOff{
					Code: fmt.Sprint(len(book.SignOffs) + 1), Text: b.expand(s.source, s.sign), Role: s.owner, Step: s.code,
				})
			}
		}
	}
	// A sheet is for the time until the next one is taken up.
	for i := range len(book.Phases) - 1 {
		if next := book.Phases[i+1].From; next > book.Phases[i].From {
			book.Phases[i].To = next
		}
	}
	book.Ladder = b.ladder()
	b.list.Sort()
	return book, b.list
}

type runbookBuilder struct {
	config  *config.Config
	day     DayContent
	clock   clock
	meals   model.Meals
	special []model.SpecialNote
	notesAt map[string][]string // by the code of a step: the notes that name it
	facts   map[string]string   // placeholders of the content's texts
	list    diag.List
}

// blank is a line to write on.
const blank = "____________"

func orBlank(s string) string {
	if s == "" {
		return blank
	}
	return s
}

// noteRange gives "B1–B3" for reading aloud.
func (b *runbookBuilder) noteRange() string {
	switch n := len(b.special); n {
	case 0:
		return b.day.special.none
	case 1:
		return "B1"
	default:
		return fmt.Sprintf("B1–B%d", n)
	}
}

func systemList(systems []model.DaySystem) string {
	ids := make([]string, len(systems))
	for i, s := range systems {
		ids[i] = s.ID
	}
	return strings.Join(ids, ", ")
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// expand replaces the placeholders of a content text: moments by their clock
// time, names by their fact. What it puts in is never expanded again.
func (b *runbookBuilder) expand(at source, text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(whole string) string {
		name := whole[1 : len(whole)-1]
		if fact, ok := b.facts[name]; ok {
			return fact
		}
		if m, ok := parseMoment(name); ok && m.anchor != atClock {
			return b.clock.at(m).String()
		}
		known := append(slices.Sorted(maps.Keys(b.facts)), "start", "database", "rollback", "opening")
		lint{&b.list}.add(diag.Error, at, "unknown-placeholder", meant(name, known), "nothing is known by the name of %q", whole)
		return whole
	})
}

// fill is expand for the sentences of special notes, with the facts of one change.
func (b *runbookBuilder) fill(text string, facts map[string]string) string {
	if text == "" {
		// Better bare facts on the sheet than a note that says nothing.
		lint{&b.list}.add(diag.Warning, b.day.special.source, "special-text-missing", diag.Say("Take `special` over from the file that daybreak ships."), "`special` has no words for what this release asks for")
		return oneLine(strings.Join([]string{facts["codes"], facts["files"], facts["title"], facts["release"]}, " "))
	}
	sub := runbookBuilder{clock: b.clock, facts: facts}
	out := sub.expand(b.day.special.source, text)
	b.list = append(b.list, sub.list...)
	return oneLine(out)
}

func (b *runbookBuilder) phase(p dayPhase, steps []timedStep, h model.DayHeader) model.Phase {
	out := model.Phase{Code: p.code, Title: p.title, Note: b.expand(p.source, p.note), Ladder: p.ladder, Rolls: p.rolls, Lines: p.lines}
	first, last := minute(-1), minute(-1)
	for i := range steps {
		s := &steps[i]
		out.Steps = append(out.Steps, b.step(s, h))
		if !s.timed {
			continue
		}
		if first < 0 || s.from < first {
			first = s.from
		}
		last = max(last, s.to)
	}
	if first >= 0 {
		out.From, out.To = first.String(), last.String()
	}
	return out
}

func (b *runbookBuilder) step(s *timedStep, h model.DayHeader) model.Step {
	out := model.Step{
		Code: s.code, Kind: s.kind, Minutes: s.length(b.clock), Mode: s.mode, After: s.after,
		Text: b.expand(s.source, s.text), Detail: b.expand(s.source, s.detail),
		Owner: s.owner, Deputy: s.deputy, Reason: s.reason, Threshold: b.threshold(s.dayStep), Order: b.order(s.dayStep),
	}
	if s.timed {
		out.Clock = s.from.String()
		if out.Minutes > 0 {
			out.End = s.to.String()
		}
		for m := s.every; s.every > 0 && m <= out.Minutes; m += s.every {
			out.Boxes = append(out.Boxes, (s.from + minute(m)).String())
		}
		if out.Critical = s.critical(); s.leads {
			out.Slack = s.float
		}
	}
	if s.each {
		out.Systems = today(h)
	}
	if s.database {
		out.Database, out.Detail = true, b.migrationDetail(out.Detail)
	}
	if codes := b.notesAt[s.code]; len(codes) > 0 {
		text := strings.Join(codes, ", ")
		if b.day.special.step != "" { // older content files have no words for it
			text = b.fill(b.day.special.step, map[string]string{"codes": text})
		}
		out.Detail = oneLine(out.Detail + " " + text)
	}
	if g := s.gate; g != nil {
		out.Gate = &model.Gate{
			Question: b.expand(s.source, g.question), Decider: g.decider, Confirm: g.confirm, NoGo: b.expand(s.source, g.noGo),
		}
		for _, text := range g.criteria {
			out.Gate.Criteria = append(out.Gate.Criteria, b.expand(s.source, text))
		}
		if g.latest != nil {
			out.Gate.Latest = b.clock.at(*g.latest).String()
		}
	}
	return out
}

func (b *runbookBuilder) threshold(s *dayStep) string {
	t := s.threshold
	if t == nil {
		return ""
	}
	text := b.expand(s.source, t.when)
	if t.then != "" {
		text += " → " + b.expand(s.source, t.then)
	}
	if t.at != nil {
		text = b.clock.at(*t.at).String() + " " + text
	}
	return text
}

// migrationDetail names the notes with a migration beside the database step.
func (b *runbookBuilder) migrationDetail(detail string) string {
	var codes []string
	for _, n := range b.special {
		if n.Threshold != "" {
			change, _, _ := strings.Cut(n.Source, " · ")
			codes = append(codes, n.Code+" ("+change+")")
		}
	}
	if len(codes) == 0 {
		return detail
	}
	return oneLine(detail + " " + b.fill(b.day.special.migrationStep, map[string]string{"codes": strings.Join(codes, ", ")}))
}

// people lists the roles of the configuration, then those of the content that
// nobody is named for: blank lines to fill in by hand.
func (b *runbookBuilder) people() []model.DayPerson {
	var out []model.DayPerson
	add := func(id, name string) *model.DayPerson {
		for _, r := range b.day.roles {
			if r.id == id && name == "" {
				name = r.name
			}
		}
		out = append(out, model.DayPerson{Role: id, RoleName: name})
		return &out[len(out)-1]
	}
	for _, r := range b.config.Roles {
		if r.Person == "" && r.Deputy == "" && b.unlisted(r.ID) {
			continue
		}
		name, _ := r.Name.In(b.day.Lang, b.config.Languages...)
		line := add(r.ID, name)
		if p := personOf(b.config, r.Person); p != nil {
			line.Name, line.Initials, line.Phone = p.Name, initialsOf(p), p.Phone
		}
		if p := personOf(b.config, r.Deputy); p != nil {
			line.Deputy, line.DeputyPhone = p.Name, p.Phone
		}
	}
	for _, r := range b.day.roles {
		if !r.unlisted && !slices.ContainsFunc(out, func(p model.DayPerson) bool { return p.Role == r.id }) {
			add(r.id, r.name)
		}
	}
	return out
}

// Personal gives the private rows of a person, by their id, initials or name, in one
// language; nil where nobody is called so.
func Personal(c *config.Config, who string, l model.Lang) *model.Personal {
	p := personOf(c, who)
	if p == nil {
		return nil
	}
	out := model.Personal{ID: p.ID, Name: p.Name}
	for _, row := range p.Private {
		text, _ := row.Text.In(l, c.Languages...)
		out.Rows = append(out.Rows, model.PrivateRow{Clock: row.At, Text: sheetText(text)})
	}
	slices.SortStableFunc(out.Rows, func(a, b model.PrivateRow) int { return strings.Compare(a.Clock, b.Clock) })
	return &out
}

func (b *runbookBuilder) unlisted(id string) bool {
	return slices.ContainsFunc(b.day.roles, func(r dayRole) bool { return r.id == id && r.unlisted })
}

// ladder computes the rungs. A rung that the next, harder one overtakes is
// left out: what is said about 08:15 must not stand below 08:00.
func (b *runbookBuilder) ladder() []model.Rung {
	var out []model.Rung
	limit := minute(24 * 60)
	for _, r := range slices.Backward(b.day.ladder) {
		if r.until == nil {
			continue
		}
		until := b.clock.at(*r.until)
		if until >= limit || !until.valid() {
			continue
		}
		limit = until
		out = append(out, model.Rung{
			Until: until.String(), Meaning: b.expand(r.source, r.means), Say: b.expand(r.source, r.say), Do: b.expand(r.source, r.do),
		})
	}
	slices.Reverse(out)
	return out
}
