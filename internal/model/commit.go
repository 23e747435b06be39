package model

import (
	"strings"
	"time"
)

// Hash is a full object id in lower-case hex.
type Hash string

// Short gives the first 8 digits.
func (h Hash) Short() string { return string(h[:min(8, len(h))]) }

// Person is a name and address out of history, after the mailmap.
type Person struct {
	Name string
	Mail string
}

// Commit is one git commit.
type Commit struct {
	Hash      Hash
	Parents   []Hash
	Author    Person
	Authored  time.Time
	Committer Person
	Committed time.Time
	Subject   string // valid UTF-8, one line
	Body      string // valid UTF-8; message without subject, trailers included
	Header    Header // the conventional header of the subject
	Trailers  []Trailer
	CoAuthors []Person
	Damaged   bool // the message held bytes invalid in its encoding; they were replaced by U+FFFD
	Behind    int  // bytes of the message behind a NUL byte, where it ends for git; they are not read
	LeftOut   int  // bytes in the middle of a message too long to be kept
}

// Trailer is a `Key: value` line at the end of a message, as
// `git interpret-trailers --parse` gives it.
type Trailer struct {
	Key   string
	Value string
}

// Header is a conventional commit header (https://www.conventionalcommits.org/en/v1.0.0/).
type Header struct {
	Type     string // lower case: "feat"; "" where there is no header
	Scope    string
	Breaking bool   // by "!" or by a BREAKING CHANGE footer
	Note     string // text of the BREAKING CHANGE footer
	Text     string // the description behind the colon
}

// Ref is a reference to a request or ticket.
type Ref struct {
	Sign string // "#", "!" or "" for a ticket of a configured pattern
	ID   string // "123", "ABC-123"
	Repo string // "owner/name" where the text gives one
}

// String writes the reference as forges do: "#123", "group/p!4", "ABC-123".
func (r Ref) String() string { return r.Repo + r.Sign + r.ID }

// NoteBlock is a fenced block of a message or request description.
type NoteBlock struct {
	Kind string // the info string: "release-note"
	Text string
	None bool // the text is NONE or N/A: its author declares that no note is needed
}

func trailerValues(ts []Trailer, key string) []string {
	var out []string
	for _, t := range ts {
		if strings.EqualFold(t.Key, key) {
			out = append(out, t.Value)
		}
	}
	return out
}
