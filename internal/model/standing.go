package model

import "time"

// Standing is a system and what it runs now, from the journals of all days.
type Standing struct {
	ID, Name string
	Version  string    // "" where nobody wrote it down
	Slug     string    // of that version's pages, "" where it is unknown
	Day      time.Time // since when, in the configured zone; zero where unknown
	At       string    // clock time, "07:06"; "" where not said
	How      StandingHow
	Told     string // the version whose journal says so, "" where none does
	ToldSlug string
	Open     int      // deviations that were open at the end of that day
	Behind   []string // versions that it doesn't have yet, oldest first
	Before   []Ran    // what it ran before, newest first
}

// Ran is a version that a system ran, and since when.
type Ran struct {
	Version string
	Day     time.Time
	At      string
	How     StandingHow
}

// StandingHow says how a system came to its version.
type StandingHow string

// How a system comes to a version.
const (
	ByRollout   StandingHow = "rollout"
	ByHotfix    StandingHow = "hotfix"
	ByRollback  StandingHow = "rollback"
	ByPublished StandingHow = "published" // no journal says so, but it was published for it
)
