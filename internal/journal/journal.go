// Package journal reads what people wrote down on the deployment day, one line
// an event, and derives from it how the day stands: which version each system
// runs, what deviates, which gates are passed, how long things took.
//
// # The language
//
// A line is a code and what is to be said about it; a time may stand first as
// well. What is no time, system, result, person or version begins the remark,
// which is the rest of the line. Blank lines and lines that begin with # are
// skipped. Letters' case makes no difference, nor do zeros: s6 is S06.
//
//	S05 0635               the step was done at 06:35
//	S06 0635-0702          it took from 06:35 to 07:02
//	S07 K1,K3 0655-0658    the same, of two systems only
//	S06 0635-              it has begun; S06 -0702 ends it
//	G1 go MK/TS 0634       a gate and who signed; no-go, or go-with and a condition
//	G3 K2 no-go            of one system
//	C07 K3 ok PS           a row of the checklist on a system: ok, blocked, na,
//	C07 K3 x2 price wrong  accepted, retest, or x: a deviation, here number 2 of the log
//	X2 B SA                what is known of deviation 2: its class, A, B or C
//	X2 ok                  it is settled; X2 accepted: it stays
//	H1 2026.14.1 core-1501 X2 K3   a hotfix: version, ticket, what it mends, where it runs
//	K3 rolled back 0810    a system runs the old version again
//	K5 not today moves house       it isn't on the list
//	K5 on the list                 it is, whatever daybreak.yaml says by now
//	S01 0615 | K1 is slow  what stands behind a bar is remark, whatever it looks like
//	note quiet so far      anything else
//	# day 2026-05-12       what follows was done on that day; `journal add --now` writes it
//
// Times are HHMM or HH:MM; 2410 is ten past the next midnight. Lines are only
// ever added: a later one corrects an earlier one, and two people's files can
// be merged by taking the lines of both.
package journal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/model"
)

// Clock is a time of the day in minutes since its midnight; from 24:00 on it
// lies in the next day. None is no time.
type Clock int

// None is the Clock of what has no time.
const None Clock = -1

// String gives "06:35", "" for None.
func (c Clock) String() string {
	if c < 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60)
}

// Kind says what an event is about.
type Kind string

// The kinds of events.
const (
	Step      Kind = "step"
	Gate      Kind = "gate"
	Check     Kind = "check" // a row of the checklist
	Deviation Kind = "deviation"
	Hotfix    Kind = "hotfix"
	System    Kind = "system"
	Note      Kind = "note"
)

// Result is what a check found, in deployment-day words.
type Result string

// The results; "" is open.
const (
	OK       Result = "ok"
	Deviates Result = "deviation"
	Blocked  Result = "blocked"
	Retest   Result = "retest"
	Accepted Result = "accepted"
	NA       Result = "na"
)

// Decision is how a gate was decided.
type Decision string

// The decisions; "" is open.
const (
	Go     Decision = "go"
	NoGo   Decision = "no-go"
	GoWith Decision = "go-with"
)

// Event is one line.
type Event struct {
	Line      int    // from 1
	Day       string // as time.DateOnly, of the last "# day" above it; "" where none stands there
	Kind      Kind
	Code      string   // as the plan writes it: "S06", "C07", "X2", "H1", "K3"; "" for a note
	Systems   []string // ids, empty for all that it concerns
	From, To  Clock    // From alone is a moment; None where not said
	Open      bool     // begun, its end is not said: "0635-"
	Result    Result
	Decision  Decision
	Deviation int    // number in the log, 0 for none
	Class     string // "A", "B", "C" or ""
	Version   string // of a hotfix, or of what a system runs
	Ticket    string
	Back      bool     // a system was rolled back
	Out       bool     // a system isn't on today's list
	In        bool     // a system is on today's list
	Signs     []string // initials
	Words     string   // the remark
}

// String writes the event as its line; Parse reads it back to the same.
func (e Event) String() string {
	if e.Kind == Note {
		return strings.TrimSpace(e.From.String() + " note | " + e.Words)
	}
	parts := []string{e.Code}
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	add(strings.Join(e.Systems, ","))
	switch {
	case e.Open:
		add(e.From.String() + "-")
	case e.To >= 0:
		add(e.From.String() + "-" + e.To.String())
	default:
		add(e.From.String())
	}
	add(string(e.Decision))
	if e.Kind == Deviation && e.Result == Deviates {
		e.Result = ""
	}
	add(e.Version)
	add(e.Ticket)
	switch {
	case e.Kind == Deviation:
		add(string(e.Result))
		add(e.Class)
	case e.Deviation > 0 || e.Result == Deviates:
		number := ""
		if e.Deviation > 0 {
			number = strconv.Itoa(e.Deviation)
		}
		add("x" + number + strings.ToLower(e.Class))
	default:
		add(string(e.Result))
	}
	if e.Back {
		add("rolled back")
	}
	if e.Out {
		add("not today")
	}
	if e.In {
		add("on the list")
	}
	add(strings.Join(e.Signs, "/"))
	if e.Words != "" {
		// A remark that could be read as something else is kept apart.
		add("| " + e.Words)
	}
	return strings.Join(parts, " ")
}

// Plan is what the lines can speak of.
type Plan struct {
	Version  string // to be rolled out
	Baseline string // what runs before, "" for a first release
	Steps    []PlanStep
	Rows     []PlanRow
	Systems  []PlanSystem
	Initials []string
	Rollout  string // code of the step after which a system runs the new version
	Close    string // code of the day's last step
	Tell     string // code of the gate after which customers are told, "" where the runbook has none
	Hotfixes []PlanHotfix
}

// PlanHotfix is a release that a journal names as a hotfix, as its tag has it.
type PlanHotfix struct {
	Version string
	Of      string   // the version that it mends or, on the main line, that comes before it; "" for none
	Areas   []string // ids of the areas that its changes speak of or touch
}

// PlanStep is a step of the runbook. Times are None where it happens when needed.
type PlanStep struct {
	Code       string
	Kind       model.StepKind
	Start, End Clock
	After      []string
	Text       string
	Systems    bool // done on each system
	Database   bool // the step that the delay ladder is about
}

// PlanRow is a row of the checklist.
type PlanRow struct {
	Code, Title string
	Systems     []string // where it applies
	Areas       []string // ids of the areas that it is about
	Owner       string   // the developer who answers for it, "" where nobody is named
}

// PlanSystem is a system of the configuration.
type PlanSystem struct {
	ID    string
	Today bool
}

// PlanOf takes the plan from the printed documents. The rollout is the last
// step of the runbook that is done on each system.
func PlanOf(b *model.Runbook, c *model.Checklist) Plan {
	p := Plan{Version: b.Version, Baseline: b.Baseline}
	if v, ok := model.ParseVersion(b.Baseline); ok {
		p.Baseline = v.String()
	}
	for _, s := range b.Systems {
		p.Systems = append(p.Systems, PlanSystem{s.ID, s.Today})
	}
	for _, phase := range b.Phases {
		for _, s := range phase.Steps {
			step := PlanStep{Code: s.Code, Kind: s.Kind, Start: clockOf(s.Clock), End: clockOf(s.End), After: s.After, Text: s.Text, Systems: len(s.Systems) > 0, Database: s.Database}
			if s.Gate != nil {
				step.Text = s.Gate.Question
			}
			if s.Kind == model.StepAction && step.Systems {
				p.Rollout = s.Code
			}
			p.Steps = append(p.Steps, step)
		}
	}
	if n := len(p.Steps); n > 0 {
		p.Close = p.Steps[n-1].Code
	}
	p.Tell = p.tellGate()
	if len(b.Systems) == 0 {
		for _, s := range p.systemsOfSteps(b) {
			p.Systems = append(p.Systems, PlanSystem{s, true})
		}
	}
	for _, person := range b.People {
		if person.Initials != "" {
			p.Initials = append(p.Initials, person.Initials)
		}
	}
	p.addRows(c)
	return p
}

// tellGate is the last gate that must be passed before the day's first mail.
func (p Plan) tellGate() string {
	i := slices.IndexFunc(p.Steps, func(s PlanStep) bool { return s.Kind == model.StepMail })
	if i < 0 {
		return ""
	}
	before := p.before(p.Steps[i].Code)
	for _, s := range slices.Backward(p.Steps) {
		if s.Kind == model.StepGate && slices.Contains(before, s.Code) {
			return s.Code
		}
	}
	return ""
}

// systemsOfSteps finds the one system of a workspace that names none.
func (p Plan) systemsOfSteps(b *model.Runbook) []string {
	for _, phase := range b.Phases {
		for _, s := range phase.Steps {
			if len(s.Systems) > 0 {
				return []string{s.Systems[0].ID}
			}
		}
	}
	return nil
}

func (p *Plan) addRows(c *model.Checklist) {
	for _, block := range c.Matrix {
		for i, check := range block.Checks {
			if len(p.Rows) <= i {
				p.Rows = append(p.Rows, PlanRow{Code: check.Code, Title: check.Title, Areas: check.Areas, Owner: check.Owner})
			}
			for _, cell := range check.Cells {
				if !cell.NA {
					p.Rows[i].Systems = append(p.Rows[i].Systems, cell.System)
				}
			}
		}
	}
	for _, check := range slices.Concat(c.Interactions, c.Smoke) {
		p.Rows = append(p.Rows, PlanRow{Code: check.Code, Title: check.Title, Systems: p.today(), Areas: check.Areas, Owner: check.Owner})
	}
}

// today lists the systems that get the release.
func (p Plan) today() []string {
	var out []string
	for _, s := range p.Systems {
		if s.Today {
			out = append(out, s.ID)
		}
	}
	return out
}

func clockOf(text string) Clock {
	if c, ok := parseClock(text); ok {
		return c
	}
	return None
}
