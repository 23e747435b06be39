package model

// Checklist is the verification of one release in one language: does everything
// new work live as it did on test, on every system, and does nothing old break.
type Checklist struct {
	DayHeader
	Matrix       []MatrixBlock
	Mends        string         // of a hotfix: the version whose rows Again are; "" where there are none
	Again        []RecheckBlock // of a hotfix: what must be checked again of the release that it mends
	Interactions []Check        // existing functions of the touched areas
	Smoke        []Check        // short test of every system
	Rows         int            // rows of the matrix, each change once
	Missing      int            // rows without a way to check
	Uncheckable  int            // rows that say they can't be checked alone
	SignOffs     []SignOff
	Blank        int // lines of the deviations log
}

// MatrixBlock is the matrix for at most 6 systems; more systems make more blocks.
type MatrixBlock struct {
	Systems []DaySystem
	Checks  []Check
}

// Risk orders the rows of the matrix.
type Risk string

// The risks, most risky first.
const (
	RiskHigh   Risk = "high"
	RiskNormal Risk = "normal"
)

// The reasons for a row to come first. The pages translate them.
const (
	RiskMigration = "migration" // it changes the database
	RiskBreaking  = "breaking"  // customers must act
	RiskArea      = "area"      // it touches an area that is configured as risky
)

// Check is one row.
type Check struct {
	Code        string // "C07"; stable inside a fingerprint, what the journal names
	ChangeID    string // "!412", "" for standing checks
	Kind        Kind
	Breaking    bool
	Risk        Risk
	RiskWhy     string   // RiskMigration, RiskBreaking, RiskArea or an author's words; "" for RiskNormal
	RiskLang    Lang     // language of an author's words in RiskWhy, likewise
	Because     string   // of a standing check: name of the touched area that its own builds on; "" where its own was touched
	Area        string   // name
	Areas       []string // ids of all areas that it speaks of or touches; none for a check of everything
	Title       string
	Lang        Lang     // language of Title where it isn't the document's, else ""
	How         []string // steps; empty where nobody said how: Missing
	HowLang     Lang     // language of How where it isn't the document's, else ""
	Expect      string
	ExpectLang  Lang   // language of Expect, likewise
	Tested      string // evidence: "K-Test, 12.05., MK", "" where nobody said
	Owner       string // responsible developer
	Missing     bool   // no way to check was given
	Uncheckable bool   // it can't be checked alone; How says why
	Cells       []Cell // one for each system of the block; nil for Interactions and Smoke, which are ticked per system too
}

// Cell is one box: a check on one system.
type Cell struct {
	System string // id
	NA     bool   // does not apply: printed as a dash
	Reason string // why, where NA: NotForSystem, WithoutArea or NotAlone
}

// The reasons for which a cell doesn't apply. The pages translate them.
const (
	NotForSystem = "not-for-system" // the change is meant for other systems
	WithoutArea  = "without-area"   // the system doesn't have the area
	NotAlone     = "not-alone"      // nobody can check the change alone, on any system
)

// Ledger says where every commit of a release went, for the team.
type Ledger struct {
	DayHeader
	Previous string
	Explain  Reasons
	Commits  int
	Rows     []LedgerRow
	Sums     []LedgerSum // in the order of the buckets; adds up to Commits
	Alarms   []Alarm
	Parts    []Part // the repositories of a train, each with its own range; none for a single one
}

// LedgerSum is how many changes and commits lie in a bucket.
type LedgerSum struct {
	Bucket  Bucket
	Changes int
	Commits int
}

// LedgerRow is one change, or one commit that belongs to none.
type LedgerRow struct {
	ID      string
	Hash    Hash
	Commits int
	Title   string
	Author  string
	Kind    Kind
	Area    string
	Bucket  Bucket
	Reason  Reason

	Submodules []SubmoduleBump
	Folded     []LedgerRow // the dependency updates that this line stands for; its Commits are theirs
}
