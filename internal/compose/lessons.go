package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// notableMinutes is how much longer than planned something takes before it is
// worth a word.
const notableMinutes = 5

// Lessons says what a day teaches for the next one: what people wrote down as a
// lesson, deviations that are still open, steps that took notably longer than
// planned, and gates that waited although all before them was done.
func Lessons(s journal.State) []model.Lesson {
	var out []model.Lesson
	for _, n := range s.Notes {
		if words, ok := journal.Learned(n); ok {
			out = append(out, model.Lesson{Kind: model.LessonSaid, Words: sheetText(words)})
		}
	}
	var open, slower, waited []model.Lesson
	for _, v := range s.Deviations {
		if v.Settled == "" && s.Phase == journal.Closed {
			code := ""
			if v.Number > 0 {
				code = strings.TrimSpace(fmt.Sprintf("X%d %s", v.Number, v.Class))
			}
			open = append(open, model.Lesson{Kind: model.LessonOpen, Code: code, Words: sheetText(cmp.Or(v.Words, v.Title))})
		}
	}
	for _, st := range s.Steps {
		planned := int(st.End - st.Start)
		if took := st.Minutes(); took >= 0 && st.Start >= 0 && st.End >= 0 && took-planned >= notableMinutes && st.Kind != model.StepWatch && st.Kind != model.StepBreak {
			slower = append(slower, model.Lesson{Kind: model.LessonSlower, Code: st.Code, Minutes: took, Planned: planned})
		}
		if wait := waiting(s, st); wait >= notableMinutes {
			waited = append(waited, model.Lesson{Kind: model.LessonWaited, Code: st.Code, Minutes: wait})
		}
	}
	slices.SortStableFunc(slower, func(a, b model.Lesson) int { return (b.Minutes - b.Planned) - (a.Minutes - a.Planned) })
	slices.SortStableFunc(waited, func(a, b model.Lesson) int { return b.Minutes - a.Minutes })
	return slices.Concat(out, open, slower, waited)
}

// waiting is for how many minutes a gate was not decided although everything
// before it was done and its planned time had come; 0 where that isn't known.
func waiting(s journal.State, gate journal.StepState) int {
	if gate.Kind != model.StepGate || gate.From < 0 || len(gate.After) == 0 {
		return 0
	}
	ready := gate.Start
	for _, code := range gate.After {
		i := slices.IndexFunc(s.Steps, func(st journal.StepState) bool { return st.Code == code })
		if i < 0 || s.Steps[i].To < 0 {
			return 0
		}
		ready = max(ready, s.Steps[i].To)
	}
	return max(0, int(gate.From-ready))
}
