// Package diag holds the one form in which daybreak tells people about a
// problem: where it is, what is wrong, and how to mend it.
//
// A Diagnostic is data. Packages collect diagnostics and return them beside
// their values; only cmd/daybreak prints. Independent authoring problems are
// all collected and shown together; an I/O error is an ordinary Go error and
// stops the run.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a problem means for the run.
type Severity int

// The severities, weakest first. An Error makes `check` exit 3 and `build`
// exit 1; a Warning does so only under --strict; a Note never does.
const (
	Note Severity = iota
	Warning
	Error
)

// String gives the word that is printed.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "note"
	}
}

// MarshalText makes severities words in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Position says where a problem is: a place in a file, or a commit.
type Position struct {
	File   string `json:"file,omitempty"`   // slash-separated, relative to the workspace where it lies inside
	Line   int    `json:"line,omitempty"`   // from 1; 0 is "the whole file"
	Column int    `json:"column,omitempty"` // from 1, in characters; 0 is "the whole line"
	Commit string `json:"commit,omitempty"` // full hash
	Part   string `json:"part,omitempty"`   // what of the commit or file: `trailer "Area"`, `key "systems[2].id"`
}

// String gives `file:line:column`, or `commit 1a2b3c4d: part`.
func (p Position) String() string {
	var b strings.Builder
	switch {
	case p.File != "":
		b.WriteString(Printable(p.File))
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
			if p.Column > 0 {
				fmt.Fprintf(&b, ":%d", p.Column)
			}
		}
	case p.Commit != "":
		b.WriteString("commit " + p.Commit[:min(8, len(p.Commit))])
		if p.Part != "" {
			b.WriteString(": " + Printable(p.Part))
		}
	}
	return b.String()
}

// Diagnostic is one problem.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // stable, kebab-case: "unknown-key", "shallow-clone"
	Position Position `json:"position"`
	Message  string   `json:"message"`        // lower case, no full stop, input quoted with %q
	Hint     string   `json:"hint,omitempty"` // how to mend it, a whole sentence
	// Release is the slug of the release in whose range the commit lies, "" where
	// the problem is no single release's.
	Release string `json:"release,omitempty"`

	// Phrases are Message and Hint before their arguments came in, nil where
	// the problem is told in English only. See In.
	Phrases *Phrases `json:"-"`
}

// String gives `position: severity: message`, and the hint on a line of its own.
// Control characters of quoted input never reach the terminal.
func (d Diagnostic) String() string { return d.Tell(nil) }

// Tell is String in the language of a catalog; see In.
func (d Diagnostic) Tell(catalog map[string]string) string {
	if d.Phrases == nil {
		catalog = nil // one language a line
	}
	d = d.In(catalog)
	var b strings.Builder
	if p := d.Position.String(); p != "" {
		b.WriteString(p + ": ")
	}
	b.WriteString(Say(d.Severity.String()).In(catalog) + ": " + Printable(d.Message))
	if d.Hint != "" {
		b.WriteString("\n  " + Say("hint").In(catalog) + ": " + Printable(d.Hint))
	}
	return b.String()
}

// List is a set of diagnostics.
type List []Diagnostic

// Add appends one diagnostic.
func (l *List) Add(d Diagnostic) { *l = append(*l, d) }

// Sort orders by file, line and column, then by severity, code, commit and
// message, so that what is to be done about many commits stands together; it
// drops doubles.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Position.File, b.Position.File),
			cmp.Compare(a.Position.Line, b.Position.Line),
			cmp.Compare(a.Position.Column, b.Position.Column),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Position.Commit, b.Position.Commit),
			cmp.Compare(a.Message, b.Message),
		)
	})
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool {
		a.Phrases, b.Phrases = nil, nil // their text is in Message and Hint
		return a == b
	})
}

// Worst is the highest severity in the list, Note for an empty one.
func (l List) Worst() Severity {
	worst := Note
	for _, d := range l {
		worst = max(worst, d.Severity)
	}
	return worst
}

// Count returns how many diagnostics have the severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Of gives the diagnostics that keep holds for.
func (l List) Of(keep func(Diagnostic) bool) List {
	var out List
	for _, d := range l {
		if keep(d) {
			out = append(out, d)
		}
	}
	return out
}

// Err is nil where the list holds no Error, otherwise an error that carries the list.
func (l List) Err() error {
	if l.Worst() < Error {
		return nil
	}
	return &ListError{List: l}
}

// ListError is a list of diagnostics travelling as an error.
type ListError struct{ List List }

// Error gives every diagnostic, a line each.
func (e *ListError) Error() string {
	lines := make([]string, len(e.List))
	for i, d := range e.List {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// Problem is an error with a hint: for the one thing that stops a run.
type Problem struct {
	Code    string // as Diagnostic.Code
	Message string
	Hint    string
	Err     error // the cause, may be nil
	// Phrases are Message and Hint before their arguments came in, nil where the
	// problem is told in English only.
	Phrases *Phrases
}

// Is reports whether target is the same problem: of the same code, whatever its
// hint knows of the case at hand.
func (p *Problem) Is(target error) bool {
	other, ok := target.(*Problem)
	return ok && other.Code != "" && other.Code == p.Code
}

// Error gives the message and the cause.
func (p *Problem) Error() string {
	if p.Err != nil {
		return p.Message + ": " + p.Err.Error()
	}
	return p.Message
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Printable makes untrusted text safe for a terminal and a log line: control
// characters, bidi overrides and invalid UTF-8 become visible escapes; line
// feeds and tabs stay.
func Printable(s string) string {
	clean := func(r rune) bool {
		return r == '\n' || r == '\t' || (r >= 0x20 && r != 0x7f && !(r >= 0x80 && r < 0xa0) && !IsBidiControl(r) && r != 0xfffd)
	}
	if strings.IndexFunc(s, func(r rune) bool { return !clean(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if clean(r) || r == 0xfffd {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	return b.String()
}

// IsBidiControl reports whether r is one of Unicode's explicit direction
// characters (UAX #9), with which text can be made to read as something else.
func IsBidiControl(r rune) bool {
	return r == 0x061c || r == 0x200e || r == 0x200f || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069)
}
