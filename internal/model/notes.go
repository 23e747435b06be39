package model

import "time"

// This file holds everything that a public template can get. No type in it may
// have, directly or through another type, a field for an author, a mail
// address of a developer, a hash, a ticket, a branch, a path, an internal note
// or another system's name. TestPublicTypesHoldNothingInternal walks the types
// by reflection and fails on a field that could. The one door is Note.Details:
// the workspace opens it, name by name, with `notes.show`.

// Brand is how the product shows itself.
type Brand struct {
	Name    string
	Tagline string // in the document's language, may be empty
	Logo    string // path inside the built tree, relative to its root; "" for none
	Accent  string // "#rrggbb"
	URL     string // absolute base address of the public site with trailing slash, "" where unknown
	Home    string // the product's own site, "" for none
	Contact Contact
}

// Contact is whom a customer asks.
type Contact struct {
	Name  string
	Mail  string
	Phone string
	Hours string
}

// Notes is what customers read about one release in one language.
type Notes struct {
	Lang       Lang
	Version    string    // as shown: "2026.14.0"
	Slug       string    // path segment of the release
	Title      string    // headline of the release; "" where nobody wrote one
	TitleLang  Lang      // the language that Title is really in, "" where it is the document's
	Intro      string    // markdown, "" where nobody wrote one
	IntroLang  Lang      // likewise
	Known      string    // markdown: what is known not to work yet, "" for nothing
	KnownLang  Lang      // likewise
	Aliases    []string  // addresses under which the release was found before: versions, or paths of the site
	Date       time.Time // day in the configured zone on which its readers got it; zero where Unreleased
	Corrected  time.Time // day on which the text was corrected last, zero mostly
	Unreleased bool
	Prerelease bool
	HotfixOf   string // version that this one mends
	SameBuild  string // version with the very same build: there is nothing new
	Previous   string // version before, "" for the first
	MustAct    []Note // the breaking ones among Sections, again, shown first
	Sections   []NotesSection
	Delivered  []DeliveredNote // merged again, but customers have had it since an earlier release
	Untold     bool            // it has changes that nobody could tell of: that there is nothing new would be false
	NextDate   time.Time       // the train's next day after this release, or the day planned for it while Unreleased; zero where unknown
}

// Count gives the number of notes.
func (n *Notes) Count() int {
	total := 0
	for _, s := range n.Sections {
		total += len(s.Notes)
	}
	return total
}

// NotesSection is all notes of one kind.
type NotesSection struct {
	Kind  Kind
	Notes []Note
}

// Note tells one change.
type Note struct {
	Anchor       string // unique in the release, stable when the wording changes: "n-4f1c09ab"
	Kind         Kind
	Title        string // plain text, one line
	Body         string // markdown, "" mostly
	Area         string // name in the document's language, "" for none
	AreaID       string
	Breaking     bool
	BreakingNote string // markdown: what the reader must do
	ActLang      Lang   // the language that BreakingNote is really in, "" for the document's
	Lang         Lang   // the language that Title and Body are really in
	Fallback     bool   // Lang isn't the document's: shown as such
	Details      []Detail
	Folded       int // how many dependency updates this line stands for, 0 for a change of its own
	// Also are the anchors of further notes of the release that read the same: readers
	// meet them as one, and every link to one of them leads here.
	Also []string
}

// Detail is a field that the workspace opted in with `notes.show`.
type Detail struct {
	Name string // "request", "ticket", "author"
	Text string
	URL  string // "" for none
}

// DeliveredNote is a change that an earlier release already told.
type DeliveredNote struct {
	Title    string
	Version  string // the release that told it
	Slug     string
	Lang     Lang // the language that Title is really in
	Fallback bool // Lang isn't the document's: shown as such
}

// Mail is one text for customers about a release, in one language. The six
// outcomes are those of the deployment day.
type Mail struct {
	Outcome Outcome
	Lang    Lang
	Version string
	Slug    string
	For     string // id of the one customer system that reads it, "" for a text that fits every customer
	Subject string
	Body    string   // mail-ready markdown: one paragraph a line, headings underlined, ends with one line feed
	Open    []string // placeholders that are still open: "[UHRZEIT]"
}

// Outcome says how a rollout went for the reader of a mail.
type Outcome string

// The outcomes.
const (
	OutcomeDone      Outcome = "A" // done
	OutcomeLate      Outcome = "B" // done late
	OutcomePartly    Outcome = "C" // partly, or rolled back
	OutcomePostponed Outcome = "D" // postponed
	OutcomeHotfix    Outcome = "E" // a mistake was mended
	OutcomeAnnounce  Outcome = "F" // announcement
)

// Outcomes lists the outcomes in their order.
func Outcomes() []Outcome {
	return []Outcome{OutcomeDone, OutcomeLate, OutcomePartly, OutcomePostponed, OutcomeHotfix, OutcomeAnnounce}
}

// MailFacts is what a mail about one release can say, in one language. Like
// the notes it comes from it holds nothing internal.
type MailFacts struct {
	Lang    Lang
	For     string // id of the one customer system that it is for, "" for every customer
	Product Brand
	Version string // "" while untagged
	Slug    string
	Day     time.Time // the rollout's day in the configured zone; zero while unknown
	Next    time.Time
	Start   string // clock times, "06:30"
	Opening string
	Time    string // when it was done, "" until known
	MustAct []Note
	Top     []string     // titles of the first changes
	More    int          // changes beyond Top
	Known   []string     // known limits
	Link    string       // absolute address of the notes, "" where unknown
	Hotfix  *HotfixFacts // what mail E is about, nil where no notes of it are known
}

// HotfixFacts is what the notes of a hotfix tell the reader of a mail.
type HotfixFacts struct {
	Version string
	Fixed   []Note // in the mail's language, at least one
	MustAct []Note
	From    string // clock time since when the mistake could be met, "" where unknown
	Link    string // of its notes, "" where unknown
}
