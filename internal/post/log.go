// Package post hands mails to an SMTP server (RFC 5321) and knows the log that
// says which of them went out.
//
// # The log
//
// SMTP can't tell for certain what became of a mail whose connection broke after
// its last line. So each attempt is written down before it begins and after it
// ended, one line each:
//
//	2026-11-03T07:21:04+01:00 A K2 de buero@lindwurm.example 5f3a91c2 sending
//	2026-11-03T07:21:05+01:00 A K2 de buero@lindwurm.example 5f3a91c2 sent | 250 2.0.0 queued
//
// Time, outcome, system, language, address, the attempt's name, what happened,
// and behind a bar what the server said. The outcome of a hotfix's mail names the
// hotfix: E:2026.15.1. An attempt without a line after it is unclear until a
// person says so, for all attempts above their line:
//
//	2026-11-03T07:29:40+01:00 A K2 de buero@lindwurm.example - was-sent
//	2026-11-03T07:29:40+01:00 A K3 de kurs@moewe.example - again
//
// Lines are only ever added. What two people wrote can be merged by taking the
// lines of both: attempts are matched by their names, not by their order, and no
// clock decides.
package post

import (
	"regexp"
	"strings"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Key says which mail to whom. Two mails of the same key are the same mail.
type Key struct {
	Outcome model.Outcome
	Hotfix  string // version of the hotfix that an E is about; "" for the others
	System  string
	Lang    model.Lang
	To      string // address, in lower case
}

// Event is what happened to an attempt.
type Event string

// The events. After Refused, PutOff and Broken it is certain that the mail did
// not go out.
const (
	Sending Event = "sending"
	Sent    Event = "sent"
	Refused Event = "refused"  // for good (5xx)
	PutOff  Event = "put-off"  // for now (4xx)
	Broken  Event = "broken"   // the connection, before the mail was whole
	Unclear Event = "unclear"  // the connection, before the server answered
	WasSent Event = "was-sent" // a person found out
	Again   Event = "again"    // a person found out that it wasn't, or wants it twice
)

// Line is one line of the log.
type Line struct {
	At time.Time // shown to people; nothing depends on it
	Key
	Attempt string // the same in the two lines of one; "-" for what a person said
	Event   Event
	Words   string
}

// String writes the line without its end; Parse reads it back to the same.
func (l Line) String() string {
	outcome := string(l.Outcome)
	if l.Hotfix != "" {
		outcome += ":" + l.Hotfix
	}
	out := strings.Join([]string{l.At.Format(time.RFC3339), outcome, l.System, string(l.Lang), l.To, l.Attempt, string(l.Event)}, " ")
	if words := strings.Join(strings.Fields(diag.Printable(l.Words)), " "); words != "" {
		if r := []rune(words); len(r) > 300 {
			words = string(r[:299]) + "…"
		}
		out += " | " + words
	}
	return out
}

var lineForm = regexp.MustCompile(`^(\S+) ([A-F])(?::(\S+))? (\S+) ([a-z]{2}) (\S+@\S+) ([0-9a-f]{4,32}|-) (sending|sent|refused|put-off|broken|unclear|was-sent|again)(?: \| (.*))?$`)

// Parse reads a log; file is its name in diagnostics. A line that can't be read
// is an error: it may be the one that says that a mail went out.
func Parse(file, text string) ([]Line, diag.List) {
	var lines []Line
	var list diag.List
	seen := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") || seen[line] {
			continue
		}
		seen[line] = true
		m := lineForm.FindStringSubmatch(line)
		var at time.Time
		var err error
		if m != nil {
			at, err = time.Parse(time.RFC3339, m[1])
		}
		if m == nil || err != nil {
			hint := diag.Say("Mend the line as the git history has it, or delete it where no mail hangs on it.")
			if strings.HasPrefix(line, "<<<<<<<") || strings.HasPrefix(line, "=======") || strings.HasPrefix(line, ">>>>>>>") {
				hint = diag.Say("A merge under git stopped here: keep the lines of both sides and delete this one.")
			}
			list.Add(diag.New(diag.Error, "mail-log", diag.Position{File: file, Line: i + 1, Column: 1}, diag.Say("no line of the log of sent mails"), hint))
			continue
		}
		lines = append(lines, Line{
			At: at, Attempt: m[7], Event: Event(m[8]), Words: m[9],
			Key: Key{Outcome: model.Outcome(m[2]), Hotfix: m[3], System: m[4], Lang: model.Lang(m[5]), To: strings.ToLower(m[6])},
		})
	}
	return lines, list
}

// Status is what the log knows of a mail.
type Status struct {
	Sent    bool
	Unclear bool      // an attempt has no end that is known
	At      time.Time // of what says so
	Tries   int       // attempts that certainly failed since somebody decided last
	Words   string    // what the server said last
	Event   Event     // the last event
}

// Statuses derives what became of every mail in the log.
func Statuses(lines []Line) map[Key]Status {
	type attempt struct {
		key Key
		id  string
	}
	ends := map[attempt]Line{}
	for _, l := range lines {
		if l.Attempt != "-" && l.Event != Sending {
			a := attempt{l.Key, l.Attempt}
			// Whatever else a broken merge left: that it was sent outweighs all.
			if have, ok := ends[a]; !ok || have.Event != Sent {
				ends[a] = l
			}
		}
	}
	out := map[Key]Status{}
	for _, l := range lines {
		s := out[l.Key]
		switch {
		case l.Event == WasSent:
			s.Sent, s.Unclear, s.At, s.Event = true, false, l.At, l.Event
		case l.Event == Again:
			s = Status{At: l.At, Event: l.Event}
		case l.Event == Sending:
			end, ok := ends[attempt{l.Key, l.Attempt}]
			switch {
			case !ok || end.Event == Unclear:
				if !s.Sent {
					s.Unclear, s.At, s.Words, s.Event = true, l.At, end.Words, Unclear
				}
			case end.Event == Sent:
				s.Sent, s.At, s.Words, s.Event = true, end.At, end.Words, Sent
			default:
				s.Tries++
				if !s.Sent && !s.Unclear {
					s.At, s.Words, s.Event = end.At, end.Words, end.Event
				}
			}
		}
		out[l.Key] = s
	}
	return out
}

// eventWord calls what happened to an attempt that failed.
var eventWord = map[Event]diag.Phrase{
	Sending: diag.Say("sending"), Refused: diag.Say("refused"), PutOff: diag.Say("put-off"), Broken: diag.Say("broken"), Unclear: diag.Say("unclear"), Again: diag.Say("again"),
	Sent: diag.Say("sent"), WasSent: diag.Say("was-sent"),
}

// Describe says a status in words.
func (s Status) Describe() diag.Phrase {
	switch {
	case s.Sent && s.Event == WasSent:
		return diag.Say("sent, as somebody noted at %s", s.At.Format("15:04"))
	case s.Sent:
		return diag.Say("sent at %s", s.At.Format("15:04"))
	case s.Unclear:
		return diag.Say("unclear since %s", s.At.Format("15:04"))
	case s.Tries > 0:
		return diag.Say("%s at %s: %s", eventWord[s.Event], s.At.Format("15:04"), s.Words)
	}
	return diag.Say("not sent")
}
