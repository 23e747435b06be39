package model

import "time"

// DayHeader is what every sheet of the day says about itself.
type DayHeader struct {
	Lang        Lang
	Product     string
	Accent      string
	Version     string
	Slug        string
	Baseline    string    // tag that runs today, "" for the first release
	Target      string    // tag to roll out; "" while untagged
	Date        time.Time // the deployment day, in the configured zone; zero while unknown
	Revision    int       // counts up when the facts move; 1 for the first
	Fingerprint string    // 8 hex digits over all facts on the sheets
	Unreleased  bool
	Prerelease  bool   // a candidate: it runs on test systems
	Hotfix      bool   // it mends another release
	SameBuild   string // the version that is the very same build, whose sheets say what is new; "" mostly
	Counts      []KindCount
	Internal    int // live changes that customers are not told
	Systems     []DaySystem
	Next        time.Time // the train's next day, zero where unknown
}

// SharedSheets is a release that has no sheets of its own, for it is the very
// same build as another one.
type SharedSheets struct {
	Version, Slug string
	Of            string // slug of the release whose sheets are its own, too
}

// Today counts the systems that get the release.
func (h *DayHeader) Today() int {
	n := 0
	for i := range h.Systems {
		if h.Systems[i].Today {
			n++
		}
	}
	return n
}

// KindCount is how many live changes are of a kind.
type KindCount struct {
	Kind  Kind
	Count int
}

// DaySystem is one system on the day's list.
type DaySystem struct {
	ID    string
	Name  string
	Test  bool
	Today bool
	Why   string // reason where not today
	// WhyLang is the language of Why where it isn't the document's, else "".
	WhyLang Lang
}

// Runbook is the plan of one deployment day in one language.
type Runbook struct {
	DayHeader
	People  []DayPerson
	Special []SpecialNote // empty: "none reported, confirmed ☐"
	// Dependencies is one sentence on the dependency updates, "" for none.
	Dependencies string
	Phases       []Phase
	Ladder       []Rung
	SignOffs     []SignOff
	Meals        Meals
	// Told is the code of the step with which customers are told, "M1", and
	// ToldBy the clock time of its planned end; "" where no step is a mail.
	Told, ToldBy string
	// CriticalPath is the steps without slack on the way there, in order.
	CriticalPath []string
	// LastAbort is the last clock time at which a rollback can begin.
	LastAbort string
	// Past is how long the last database updates took, newest first, at most
	// five; Median and Worst are of those, 0 where there are none.
	Past          []PastRun
	Learned       *Learned  // from the last day that taught something, nil for none
	Personal      *Personal // of whom this is the own copy, nil for everybody's
	Recurring     []Lesson  // deviations that several earlier days had, the most frequent first
	Median, Worst int
}

// Personal is what stands in one person's copy of the runbook alone.
type Personal struct {
	ID, Name string
	Rows     []PrivateRow // by time
}

// PrivateRow is one thing that only its person does: the alarm, the way.
type PrivateRow struct {
	Clock string // "04:00"
	Text  string
}

// Meals is who wants what at the breaks for which something is ordered, and the
// sums to read out.
type Meals struct {
	Orders                 []Order // who orders, in order; may be empty
	Sweet, Savoury, NoRoll int
	Rolls                  bool      // somebody said which roll: the three sums mean something
	Pizzas                 []Portion // by name
	NoPizza                int
}

// Order is what one person wants.
type Order struct {
	Name  string
	Roll  string // "sweet", "savoury", "none", or "" where not said
	Pizza string // its kind, "none", or "" where not said
}

// Portion is how many of one kind of pizza are ordered.
type Portion struct {
	Kind  string
	Count int
}

// PastRun is what a journal knows of one earlier day.
type PastRun struct {
	Version string
	Minutes int // of the database update, without waiting
}

// DayPerson is one role's line in the list of people.
type DayPerson struct {
	Role        string // "SUP"
	RoleName    string // "Support, leads"
	Name        string // "" where nobody is named: a blank line to fill in
	Initials    string
	Phone       string
	Deputy      string
	DeputyPhone string
}

// SpecialNote is something to know before the green light.
type SpecialNote struct {
	Code     string   // "B1"
	Text     string   // one sentence that starts with what to do
	TextLang Lang     // language of Text where it isn't the document's, else ""
	Rollback string   // how to take it back, "" where nobody said
	BackLang Lang     // language of Rollback, likewise
	Systems  []string // ids, empty for all
	Owner    string   // "" where nobody answers for it: a reason not to roll out
	Alarm    bool     // must be settled before G1
	Source   string   // change ids or tag: "!412"
	// Threshold is the limit that a migration sets: "06:55 still running →
	// delay ladder"; "" for notes without one.
	Threshold string
}

// Phase is one sheet.
type Phase struct {
	Code  string // "P1"
	Title string
	From  string // "06:15"
	To    string
	Steps []Step
	Note  string // one sentence under the title, "" mostly
	// Ladder and Rolls say that the delay ladder and the roll order are printed
	// on this sheet.
	Ladder, Rolls bool
	Lines         int // blank lines for notes
}

// StepKind says what a row of the runbook asks for.
type StepKind string

// The kinds of steps.
const (
	StepAction StepKind = "step"
	StepCheck  StepKind = "check"
	StepGate   StepKind = "gate"
	StepWatch  StepKind = "watch"
	StepMail   StepKind = "mail"
	StepBreak  StepKind = "break"
)

// Step is one row of the runbook.
type Step struct {
	Code      string // "S05"; stable, what the journal names
	Kind      StepKind
	Clock     string // planned start "06:35"; "" for "when needed"
	End       string // planned end, "" where open
	Minutes   int    // planned duration; 0 where open
	Database  bool   // the database update, whose end the delay ladder counts from
	Text      string // at most 75 characters, starts with a verb
	Detail    string // small print, may be empty
	Owner     string // roles: "SUP+DEV"
	Deputy    string
	Threshold string      // "06:38 no word → call", "" for none
	Systems   []DaySystem // one box each, empty where the step isn't repeated
	Boxes     []string    // clock times of a watch strip
	// Critical says that the mail to the customers waits for this step: a minute
	// more here is a minute more there.
	Critical bool
	// Slack is how many minutes the step may end later than planned without
	// moving that mail; 0 where Critical, and where the mail doesn't wait for it.
	Slack  int
	Mode   string   // "read-do", "do-confirm" or "" where the content doesn't say
	After  []string // codes of the steps that must be done before
	Gate   *Gate    // only with StepGate
	Order  string   // of a break: what is ordered, to read out; "" where nobody said
	Reason string   // why there is no threshold, deputy …: "a cell that doesn't apply needs a reason"
}

// Gate is a stop with a decision.
type Gate struct {
	Question string
	Criteria []string
	Decider  string
	Confirm  string // role, "" for none
	Latest   string // clock time
	NoGo     string // what to do then
}

// Rung is one line of the delay ladder.
type Rung struct {
	Until   string // "07:05"
	Meaning string
	Say     string
	Do      string
	Runs    int // of Runbook.Past: how many would have ended here, and not on a rung before
}

// SignOff is one line to sign.
type SignOff struct {
	Code string
	Text string
	Role string
	Step string // code of the step that it belongs to
}
