package model

// Checklist is the verification of one release in one language: does everything
// new work live as it did on test, on every system, and does nothing old break.
type Checklist struct {
	DayHeader
	Matrix       []MatrixBlock
	Interactions []Check // existing functions of the touched areas
	Smoke        []Check // short test of every system
	Uncheckable  int     // rows of Matrix that say they can't be checked alone
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

// Check is one row.
type Check struct {
	Code     string // "C07"; stable inside a fingerprint, what the journal names
	ChangeID string // "!412", "" for standing checks
	Kind     Kind
	Breaking bool
	Risk     Risk
	RiskWhy  string // "database migration", "" for RiskNormal
	Area     string // name
	Title    string
	Lang     Lang     // language of Title and How where they are not the document's
	How      []string // steps; empty where nobody said how: Missing
	Expect   string
	Tested   string // evidence: "K-Test, 12.05., MK", "" where nobody said
	Owner    string // responsible developer
	Missing  bool   // no way to check was given
	Cells    []Cell // one for each system of the block; nil for Interactions and Smoke, which are ticked per system too
}

// Cell is one box: a check on one system.
type Cell struct {
	System string // id
	NA     bool   // does not apply: printed as a dash
	Reason string // why, where NA
}

// Ledger says where every commit of a release went, for the team.
type Ledger struct {
	DayHeader
	Previous string
	Explain  string
	Commits  int
	Rows     []LedgerRow
	Sums     []LedgerSum // in the order of the buckets; adds up to Commits
	Alarms   []Alarm
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
	Reason  string
}
