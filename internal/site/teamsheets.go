package site

import (
	"slices"
	"strings"
	"unicode/utf8"

	"daybreak/internal/model"
)

// RunbookPage is one release's runbook.
type RunbookPage struct {
	TeamPage
	Head model.DayHeader
	Book *model.Runbook
}

// LearnedLine is one thing to remember at the beginning of the day.
type LearnedLine struct {
	model.Lesson
	Screen bool // paper has no room for it
}

// Learned is what earlier days teach: what recurs, then the first lessons of the
// last day that taught something. The first sheet has room for three lines.
func (p RunbookPage) Learned() []LearnedLine {
	const most, lines, line, sentence = 5, 3, 105, 60 // lessons; lines of characters, a lesson's words around what it names
	lessons := p.Book.Recurring[:min(len(p.Book.Recurring), most)]
	if p.Book.Learned != nil {
		lessons = slices.Concat(lessons, p.Book.Learned.Lessons)
	}
	var out []LearnedLine
	used := 0
	for _, l := range lessons[:min(len(lessons), most)] {
		long := utf8.RuneCountInString(l.Words) + utf8.RuneCountInString(l.Code)
		if l.Kind != model.LessonSaid {
			long += sentence
		}
		needs := (long + line - 1) / line
		out = append(out, LearnedLine{Lesson: l, Screen: used+needs > lines})
		if used+needs <= lines {
			used += needs
		}
	}
	return out
}

// Today counts the systems that get the release.
func (p RunbookPage) Today() int { return p.Head.Today() }

// Blank gives something to range over for n blank lines.
func (p RunbookPage) Blank(n int) []struct{} { return make([]struct{}, n) }

// Signature is a line to sign, by one or more roles.
type Signature struct {
	Code  string
	Step  string // code of the step that it belongs to
	Text  string
	Roles []string
}

// Signatures gives the lines to sign after a step.
func (p RunbookPage) Signatures(step string) []Signature {
	var out []Signature
	for _, s := range p.Book.SignOffs {
		if s.Step == step {
			out = append(out, signature(s))
		}
	}
	return out
}

func signature(s model.SignOff) Signature {
	return Signature{Code: s.Code, Step: s.Step, Text: s.Text, Roles: strings.Split(s.Role, "+")}
}

// ChecklistPage is one release's checklist.
type ChecklistPage struct {
	TeamPage
	Head   model.DayHeader
	List   *model.Checklist
	Checks int // rows that say how to check
}

// Signatures gives the lines to sign at the end.
func (p ChecklistPage) Signatures() []Signature {
	var out []Signature
	for _, s := range p.List.SignOffs {
		out = append(out, signature(s))
	}
	return out
}

// Unchecked lists the rows for which nobody said how to check.
func (p ChecklistPage) Unchecked() []model.Check {
	var out []model.Check
	if len(p.List.Matrix) > 0 {
		for _, c := range p.List.Matrix[0].Checks {
			if c.Missing {
				out = append(out, c)
			}
		}
	}
	return out
}

// Lines counts from 1 to the number of blank lines of the deviations log.
func (p ChecklistPage) Lines() []int {
	out := make([]int, p.List.Blank)
	for i := range out {
		out[i] = i + 1
	}
	return out
}
