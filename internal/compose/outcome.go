package compose

import (
	"slices"
	"strings"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// Morning is what decides which mail is right for a customer.
type Morning struct {
	Plan    journal.Plan
	State   journal.State
	Day     time.Time // of the rollout; zero where unknown
	Now     time.Time
	Opening string // clock time by which customers were promised the version, "09:00"
}

// Unfit says why a mail would tell a system's customer something that the
// journal doesn't bear out, and what to do; nil where it fits.
func (m Morning) Unfit(system string, o model.Outcome) *diag.Problem {
	i := slices.IndexFunc(m.State.Systems, func(s journal.SystemState) bool { return s.ID == system })
	if i < 0 {
		return unfit("there is no system %q on the sheets", system).hint("Systems are named in daybreak.yaml.")
	}
	s := &m.State.Systems[i]
	switch o {
	case model.OutcomeDone, model.OutcomeLate:
		if p := m.notGreen(s); p != nil {
			return p
		}
		return m.wrongHour(s, o)
	case model.OutcomePartly:
		return m.notBack(s)
	case model.OutcomePostponed:
		return m.notPostponed(s)
	case model.OutcomeHotfix:
		return m.notMended(s)
	case model.OutcomeAnnounce:
		return m.notBefore(s)
	}
	return unfit("there is no mail %q", o).hint("Mails: A done, B late, C rolled back, D postponed, E hotfix, F announcement.")
}

// Fitting lists the mails that are right for a system.
func (m Morning) Fitting(system string) []model.Outcome {
	var out []model.Outcome
	for _, o := range model.Outcomes() {
		if m.Unfit(system, o) == nil {
			out = append(out, o)
		}
	}
	return out
}

// HotfixOf gives the version of the last hotfix that runs on a system, "" for none.
func (m Morning) HotfixOf(system string) string {
	version := ""
	for _, h := range m.State.Hotfixes {
		if slices.Contains(h.Systems, system) {
			version = strings.TrimPrefix(h.Version, "v")
		}
	}
	return version
}

// Since is the time that a mail tells: when the version came, for A and B, even
// where a hotfix came since; when what runs now came, for the others; None where
// the journal doesn't say.
func (m Morning) Since(system string, o model.Outcome) journal.Clock {
	i := slices.IndexFunc(m.State.Systems, func(s journal.SystemState) bool { return s.ID == system })
	if i < 0 {
		return journal.None
	}
	if j := m.rollout(); j >= 0 && (o == model.OutcomeDone || o == model.OutcomeLate) {
		if e := lastOf(m.State.Steps[j].Events, system); e != nil {
			return max(e.From, e.To)
		}
	}
	return m.State.Systems[i].Since
}

// rollout is the place of the step that brings the version, -1 for none.
func (m Morning) rollout() int {
	return slices.IndexFunc(m.State.Steps, func(s journal.StepState) bool { return s.Code == m.Plan.Rollout })
}

type unfitness diag.Phrase

func unfit(format string, args ...any) unfitness {
	return unfitness(diag.Phrase{Format: format, Args: args})
}

func (u unfitness) hint(format string, args ...any) *diag.Problem {
	return diag.Refuse("mail-outcome", diag.Phrase(u), diag.Phrase{Format: format, Args: args})
}

// runs reports whether a system has the new version, or a hotfix of it.
func (m Morning) runs(s *journal.SystemState) bool {
	return !s.Back && s.Version != "" && s.Version != m.Plan.Baseline
}

// notGreen says what keeps a system's customer from being told that all is done.
func (m Morning) notGreen(s *journal.SystemState) *diag.Problem {
	switch {
	case !s.Today && m.runs(s):
		return unfit("%s is not on today's list", s.ID).hint("It got the version all the same: write `%s on the list`.", s.ID)
	case !s.Today:
		return unfit("%s is not on today's list", s.ID).hint("Mail D tells its customer that the version comes later.")
	case s.Back:
		return unfit("%s was rolled back", s.ID).hint("Mail C tells its customer so.")
	case !m.runs(s):
		return unfit("the journal doesn't say that %s runs %s", s.ID, m.Plan.Version).hint("Write when it got the version: `%s %s 0658`.", m.Plan.Rollout, s.ID)
	}
	gates, checks := m.beforeMail()
	for _, c := range checks {
		e := lastOf(c.Events, s.ID)
		switch {
		case e == nil || e.Open:
			return unfit("%s is not done for %s", c.Code, s.ID).hint("Write what was found: `%s %s ok`, or `%s %s x1 …` for a deviation.", c.Code, s.ID, c.Code, s.ID)
		case e.Result == journal.Deviates && !m.settled(e):
			return unfit("%s found a deviation on %s", c.Code, s.ID).hint("When it is mended write `%s %s ok`; when it stays, `X%d accepted`. Mail B tells of it when it was late, C when it was rolled back.", c.Code, s.ID, max(1, e.Deviation))
		}
	}
	for _, g := range gates {
		switch e := lastOf(g.Events, s.ID); {
		case e == nil:
			return unfit("gate %s isn't given for %s", g.Code, s.ID).hint("Write who gave it: `%s go SA/JO 0720`.", g.Code)
		case e.Decision == journal.NoGo:
			return unfit("gate %s said no for %s", g.Code, s.ID).hint("When it is given after all write `%s %s go SA/JO`; mail C tells of a system that was rolled back.", g.Code, s.ID)
		}
	}
	for _, v := range m.State.Deviations {
		if v.Class == "A" && v.Settled == "" && (len(v.Systems) == 0 || slices.Contains(v.Systems, s.ID)) {
			return unfit("deviation %d of class A is open on %s", v.Number, s.ID).hint("When it is settled write `X%d ok`.", v.Number)
		}
	}
	return nil
}

// beforeMail gives the gates right before the first mail, and the checks that
// they ask about: G3, and V1 to V3.
func (m Morning) beforeMail() (gates, checks []journal.StepState) {
	i := slices.IndexFunc(m.State.Steps, func(s journal.StepState) bool { return s.Kind == model.StepMail })
	if i < 0 {
		return nil, nil
	}
	for _, g := range m.State.Steps {
		if !slices.Contains(m.State.Steps[i].After, g.Code) || g.Kind != model.StepGate {
			continue
		}
		gates = append(gates, g)
		for _, c := range m.State.Steps {
			if slices.Contains(g.After, c.Code) && c.Kind != model.StepGate {
				checks = append(checks, c)
			}
		}
	}
	return gates, checks
}

// GreenLight gives the gate with which the day begins, "" where the runbook has
// none before the version is brought to a system, and what was decided, "" while
// it is open.
func (m Morning) GreenLight() (code string, decided journal.Decision) {
	gates := m.gatesBefore(m.Plan.Rollout)
	for _, s := range m.State.Steps { // in the plan's order
		if !slices.ContainsFunc(gates, func(g journal.StepState) bool { return g.Code == s.Code }) {
			continue
		}
		if n := len(s.Events); n > 0 {
			decided = s.Events[n-1].Decision
		}
		return s.Code, decided
	}
	return "", ""
}

// Undone gives the first check before the mail that isn't done for all of the
// systems, and for which; "" where all are.
func (m Morning) Undone(systems []string) (code string, open []string) {
	_, checks := m.beforeMail()
	for _, c := range checks {
		for _, id := range systems {
			if e := lastOf(c.Events, id); e == nil || e.Open {
				open = append(open, id)
			}
		}
		if len(open) > 0 {
			return c.Code, open
		}
	}
	return "", nil
}

// lastOf is the last event that is about a system, nil where there is none.
func lastOf(events []journal.Event, system string) *journal.Event {
	for i := len(events) - 1; i >= 0; i-- {
		if len(events[i].Systems) == 0 || slices.Contains(events[i].Systems, system) {
			return &events[i]
		}
	}
	return nil
}

// settled reports whether a deviation that a step found is no more.
func (m Morning) settled(e *journal.Event) bool {
	return e.Deviation > 0 && slices.ContainsFunc(m.State.Deviations, func(v journal.DeviationState) bool { return v.Number == e.Deviation && v.Settled != "" })
}

// wrongHour tells "done" from "done late": a customer who was promised the
// version by the opening must not read that all went as planned when it didn't,
// nor an apology where there was nothing to notice.
func (m Morning) wrongHour(s *journal.SystemState, o model.Outcome) *diag.Problem {
	since := m.Since(s.ID, o)
	i := m.rollout()
	if since < 0 || i < 0 {
		return nil
	}
	if o == model.OutcomeDone && m.Opening != "" && since.String() >= m.Opening {
		return unfit("%s got the version at %s, after the opening at %s", s.ID, since, m.Opening).hint("Mail B says that it was late.")
	}
	if o == model.OutcomeLate && m.State.Steps[i].End >= 0 && since <= m.State.Steps[i].End {
		return unfit("%s got the version at %s, as planned", s.ID, since).hint("Mail A is right; where the journal's time is wrong, write `%s %s` with the right one.", m.Plan.Rollout, s.ID)
	}
	return nil
}

func (m Morning) notBack(s *journal.SystemState) *diag.Problem {
	switch {
	case s.Back:
		return nil
	case !s.Today:
		return unfit("%s is not on today's list: nothing was rolled back", s.ID).hint("Mail D tells its customer that the version comes later.")
	}
	return unfit("the journal doesn't say that %s was rolled back", s.ID).hint("Write when: `%s rolled back 0810`.", s.ID)
}

func (m Morning) notPostponed(s *journal.SystemState) *diag.Problem {
	switch {
	case m.runs(s):
		return unfit("%s runs %s already", s.ID, s.Version).hint("Mail A or B tells its customer so.")
	case s.Back:
		return unfit("%s was rolled back", s.ID).hint("Mail C tells its customer so.")
	case !s.Today:
		return nil
	}
	gates := m.gatesBefore(m.Plan.Rollout)
	for _, g := range gates {
		if e := lastOf(g.Events, s.ID); e != nil && e.Decision == journal.NoGo {
			return nil
		}
	}
	if len(gates) == 0 {
		return nil
	}
	return unfit("no gate said no for %s", s.ID).hint("Write who postponed it: `%s no-go SA`, or `%s not today` for this system alone.", gates[0].Code, s.ID)
}

// gatesBefore lists the gates on the way to a step.
func (m Morning) gatesBefore(code string) []journal.StepState {
	var out []journal.StepState
	seen := map[string]bool{}
	for todo := []string{code}; len(todo) > 0; todo = todo[1:] {
		for _, s := range m.State.Steps {
			if s.Code != todo[0] || seen[s.Code] {
				continue
			}
			seen[s.Code] = true
			if s.Kind == model.StepGate {
				out = append(out, s)
			}
			todo = append(todo, s.After...)
		}
	}
	return out
}

func (m Morning) notMended(s *journal.SystemState) *diag.Problem {
	switch {
	case s.Back || !s.Today && !m.runs(s):
		return unfit("%s doesn't run %s", s.ID, m.Plan.Version).hint("A hotfix is told where it runs; mail C or D may be right.")
	case m.HotfixOf(s.ID) == "":
		return unfit("the journal knows no hotfix on %s", s.ID).hint("Write it: `H1 %s TICKET x1 %s 1010-1040`.", nextPatch(m.Plan.Version), s.ID)
	}
	return nil
}

// nextPatch is an example of a hotfix's version.
func nextPatch(version string) string {
	if head, ok := strings.CutSuffix(version, ".0"); ok {
		return head + ".1"
	}
	return version + ".1"
}

func (m Morning) notBefore(s *journal.SystemState) *diag.Problem {
	switch {
	case !s.Today:
		return unfit("%s is not on the list of that day", s.ID).hint("Its customer hears of the version when its day is known; today's list stands in daybreak.yaml (systems.not_today).")
	case m.State.Phase != journal.Planned:
		return unfit("the day has begun: the journal has lines").hint("An announcement is for the days before; A to E tell how it went.")
	case !m.Day.IsZero() && !before(m.Now, m.Day):
		return unfit("the day is %s, which is not to come", m.Day.Format(time.DateOnly)).hint("An announcement is for the days before. --day names another day; is this machine's clock right?")
	}
	return nil
}

// before reports whether a moment lies on an earlier day than another.
func before(now, day time.Time) bool {
	return now.In(day.Location()).Format(time.DateOnly) < day.Format(time.DateOnly)
}
