package model

import "time"

// Publication is what was decided about showing one release to customers: who
// approved its words, for whom it was published when, and the words as they
// were then. It lies in the workspace; see package publication for the file.
type Publication struct {
	Version   string
	Tag       string
	TagObject Hash // what the tag was when it was published; "" before

	Day       time.Time   // published for everybody; zero while it isn't
	Corrected []time.Time // days on which other words took the place of the first ones, oldest first
	Withdrawn time.Time   // the day it was taken back from everybody, zero where it stands
	Reason    string      // of a withdrawal, for the team
	Systems   map[string]Running
	Approvals []Approval
	Words     map[Lang]*ReleaseWords // as published; nil before the first time
}

// Running says since when a system runs a release.
type Running struct {
	Day time.Time // in the configured zone
	At  string    // "07:02", "" where nobody wrote it down
}

// Approval is one person's yes to the words of a release.
type Approval struct {
	By  string
	Day time.Time
	// Sums has a short sum of each text that was approved, by NoteKey.
	Sums map[string]string
}

// Public reports whether every customer may read of the release.
func (p *Publication) Public() bool { return !p.Day.IsZero() && p.Withdrawn.IsZero() }

// LastCorrected is the day of the last correction that a reader sees, zero where
// there was none: in one language, and of what concerns the reader. A day of which
// no language says more was a correction for all.
func (p *Publication) LastCorrected(l Lang, concerned func(Concern) bool) time.Time {
	var last time.Time
	told := map[time.Time]bool{}
	for of, w := range p.Words {
		for _, m := range w.Mended {
			told[m.Day] = true
			if of == l && m.Day.After(last) && concerned(m.Concern) {
				last = m.Day
			}
		}
	}
	for _, d := range p.Corrected {
		if !told[d] && d.After(last) {
			last = d
		}
	}
	return last
}

// Mended is a correction of words that were published.
type Mended struct {
	Day     time.Time
	Concern // whose readers see it
}

// ReleaseWords is all that any customer is told of a release in one language,
// with what says who of them. Documents take from it what concerns their reader.
type ReleaseWords struct {
	Title     string // headline, "" where nobody wrote one
	TitleLang Lang   // the language that Title is really in, "" where it is the wanted one
	Intro     string // markdown
	IntroLang Lang   // likewise
	Known     string // markdown: what is known not to work yet
	KnownLang Lang   // likewise
	Notes     []NoteWords
	Delivered []DeliveredWords
	Mended    []Mended // oldest first; only of words that were published
}

// NoteWords is one note and whom it concerns.
type NoteWords struct {
	ID   string // key of the change, "" for a note of its own
	Note Note
	Concern
}

// Concern says whom a change concerns, as far as its notes need it.
type Concern struct {
	Audience    Audience // with the systems that its trailers name, whatever the scope
	Areas       []string // area ids that it speaks of
	AreaUnknown bool     // it names an area that there isn't
}

// DeliveredWords is a change that was told earlier and whom it concerns.
type DeliveredWords struct {
	ID   string
	Note DeliveredNote
	Concern
}
