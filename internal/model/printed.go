package model

// Changed is what moved on a release's sheets after they were printed, in one
// language.
type Changed struct {
	DayHeader
	Prints []ChangedPrint // newest first; those with the facts of now aren't there
}

// ChangedPrint is what moved since one printing of one document.
type ChangedPrint struct {
	Document    string // "runbook"
	At          string // "2026-11-23 16:40"
	Fingerprint string // as it stands on the paper
	Rows        []ChangedRow
}

// ChangedRow is a row that is new, gone or says something else.
type ChangedRow struct {
	Label    string // what the row is called: a code, or a fact of the first sheet: "tags", "date", "next"
	Fact     bool   // Label is a fact's name
	Was, Now string // "" where it is new, or gone
	Sheets   []int  // where it stands on the paper; none where it is new
}
