package model

// Protocol is what really happened on a deployment day, from its journal, beside
// what was planned, in one language.
type Protocol struct {
	DayHeader
	Phase      string // "planned", "running", "held", "deployed", "closed"
	Checked    int    // cells of the checklist that are in order
	Total      int    // cells that apply
	Deviating  int
	Blocked    int
	Retest     int
	Systems    []ProtocolSystem
	Steps      []ProtocolStep // those that something was written down of, as planned
	Deviations []ProtocolDeviation
	Hotfixes   []ProtocolHotfix
	Rechecks   []Recheck
	Lessons    []Lesson
	Notes      []string
}

// Lesson is something that a day teaches for the next one.
type Lesson struct {
	Kind    LessonKind
	Code    string // of the step or gate; "X2" of a deviation
	Minutes int    // that it took, or that it waited
	Planned int    // minutes, of LessonSlower
	Words   string // what people wrote
}

// LessonKind says what a lesson is about.
type LessonKind string

// The kinds of lessons.
const (
	LessonSaid   LessonKind = "said"   // somebody wrote it down as one
	LessonOpen   LessonKind = "open"   // a deviation that was not settled
	LessonSlower LessonKind = "slower" // a step took longer than planned
	LessonWaited LessonKind = "waited" // a gate was decided later than it could have been
	LessonRecurs LessonKind = "recurs" // a deviation of several days; Code is their versions
)

// Learned is what an earlier day teaches.
type Learned struct {
	Version, Slug string
	Lessons       []Lesson
}

// ProtocolSystem is a system and what it runs now.
type ProtocolSystem struct {
	DaySystem
	Version string // "" where not known
	Since   string // "07:06", "" where not said
	Told    bool   // its customers had the mail
	Back    bool   // it was rolled back
	Open    int    // deviations that are not settled
}

// ProtocolStep is a step or gate, planned and actual. Minutes count from the
// day's midnight; -1 is not known.
type ProtocolStep struct {
	Code, Text       string
	Kind             StepKind
	PlanFrom, PlanTo int
	From, To         int
	Minutes          int // of work, without waiting; -1 where not known
	Decision         string
	Signs            []string
	Words            []string // remarks
}

// Planned and Actual give the times as text: "06:35–06:55", "" where not known.
func (s ProtocolStep) Planned() string { return clockSpan(s.PlanFrom, s.PlanTo) }

// Actual is Planned for what was written down.
func (s ProtocolStep) Actual() string { return clockSpan(s.From, s.To) }

// Late is by how many minutes it ended after its planned end, negative for
// earlier; 0 where one of the two isn't known.
func (s ProtocolStep) Late() int {
	if s.To < 0 || s.PlanTo < 0 {
		return 0
	}
	return s.To - s.PlanTo
}

// Slower is by how many minutes the work took longer than planned, 0 where it
// didn't or isn't known.
func (s ProtocolStep) Slower() int {
	if s.Minutes < 0 || s.PlanFrom < 0 || s.PlanTo < 0 {
		return 0
	}
	return max(0, s.Minutes-s.Length())
}

// Length is the planned duration in minutes, 0 where it isn't planned.
func (s ProtocolStep) Length() int { return max(0, s.PlanTo-s.PlanFrom) }

func clockSpan(from, to int) string {
	if from < 0 {
		from = to
	}
	if from < 0 {
		return ""
	}
	text := clockText(from)
	if to > from {
		text += "–" + clockText(to)
	}
	return text
}

func clockText(m int) string {
	return string([]byte{'0' + byte(m/600%10), '0' + byte(m/60%10), ':', '0' + byte(m%60/10), '0' + byte(m%10)})
}

// ProtocolDeviation is one line of the deviations log.
type ProtocolDeviation struct {
	Number  int    // 0 where it has none
	Class   string // "A", "B", "C", "" where nobody said
	Where   string // "C07 K3"
	At      string
	What    string
	Who     string
	Hotfix  string // the version that mends it
	Settled string // "ok", "accepted", "" while open
	Title   string // of the row or step where it was found, "" where unknown
	Owner   string // the developer who answers for what was checked, "" where nobody is named
}

// ProtocolHotfix is a version that mends something on the same day.
type ProtocolHotfix struct {
	Code, Version, Ticket, Systems, At, Words string
	Slug                                      string // of its own pages, "" where no tag of it is known
}

// Recheck is a row that must be checked again because of a hotfix.
type Recheck struct {
	Hotfix    string // its version
	Row       string // code: "C07"
	Title     string
	Owner     string // responsible developer, "" where nobody is named
	Deviation int    // the row deviated: its number in the log; 0 where the hotfix touches the row's area
	Systems   []RecheckCell

	// As the checklist has it, on the hotfix's own sheet alone.
	How        []string
	HowLang    Lang // language of How where it isn't the document's, else ""
	Expect     string
	ExpectLang Lang // likewise
}

// On finds what is known of the row on a system; nil where it isn't to be
// checked again there.
func (r Recheck) On(system string) *RecheckCell {
	for i := range r.Systems {
		if r.Systems[i].System == system {
			return &r.Systems[i]
		}
	}
	return nil
}

// HotfixAreas is a tagged hotfix and what of the product it touches.
type HotfixAreas struct {
	Version string
	Areas   []string // ids of the areas that its changes speak of or touch
}

// RecheckBlock is what a hotfix wants checked again on at most 6 systems.
type RecheckBlock struct {
	Systems []DaySystem
	Rows    []Recheck
}

// RecheckCell is a row to be checked again on one system.
type RecheckCell struct {
	System string // id
	Result string // what was found since: "ok", "deviation" …, "" while nobody has looked
}
