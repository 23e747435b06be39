package journal

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// maxLine is the longest line that is read, in bytes: nobody types more on a
// morning.
const maxLine = 2000

// Parse reads a journal. It gives every event that could be made out, in the
// order of the lines, the same line only once, and a diagnostic for each line
// that can't be meant. file is its name in them.
func Parse(file, text string, p Plan) ([]Event, diag.List) {
	var events []Event
	var list diag.List
	seen := map[string]bool{}
	day := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		if d, said := DayOf(line); said {
			if _, err := time.Parse(time.DateOnly, d); err != nil {
				list.Add(diag.New(diag.Error, "journal-no-day", diag.Position{File: file, Line: i + 1, Column: 1}, diag.Say("%q is no day", d), diag.Say("Write `# day 2026-05-12`, or delete the line.")))
				continue
			}
			day = d
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") || seen[line] {
			continue
		}
		seen[line] = true
		r := reader{plan: p, line: line, event: Event{Line: i + 1, Day: day, From: None, To: None}}
		if r.read(); r.failed() {
			list.Add(diag.New(diag.Error, "journal-"+r.code, diag.Position{File: file, Line: i + 1, Column: 1}, r.wrong, r.hint))
			continue
		}
		events = append(events, r.event)
	}
	return events, list
}

var dayForm = regexp.MustCompile(`^#\s*day:?\s+(\d{4}-\d\d?-\d\d?)$`)

// DayOf reads a line that says on which day what follows was done. It is a comment,
// which nothing else that reads journals stumbles over.
func DayOf(line string) (day string, ok bool) {
	m := dayForm.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return "", false
	}
	return m[1], true
}

// DayLine writes the line that DayOf reads.
func DayLine(day string) string { return "# day " + day }

// reader reads one line.
type reader struct {
	plan        Plan
	line        string
	event       Event
	rest        string // what is still to be read
	barred      bool   // a bar stands before the remark
	code        string // of what is wrong with it, "" for nothing
	wrong, hint diag.Phrase
}

func (r *reader) fail(code string, hint diag.Phrase, format string, args ...any) {
	if !r.failed() {
		r.code, r.hint, r.wrong = code, hint, diag.Say(format, args...)
	}
}

func (r *reader) failed() bool { return r.code != "" }

var (
	dashes    = regexp.MustCompile(`[‐‑‒–—−]`)
	timeRange = regexp.MustCompile(`^(\d{1,2}[:.]?\d{2})?-(\d{1,2}[:.]?\d{2})?$`)
	clockForm = regexp.MustCompile(`^(\d{1,2})[:.]?(\d{2})$`)
	codeForm  = regexp.MustCompile(`^(\p{L}+)0*(\d+)$`)
	crossForm = regexp.MustCompile(`^[x✗✘×](\d{0,3})([abc]?)$`)
	version   = regexp.MustCompile(`^v?\d+(\.\d+)+([-+][0-9A-Za-z.+-]+)?$`)
	ticket    = regexp.MustCompile(`^#?[\p{L}\d_]*-?\d+$`)
	signature = regexp.MustCompile(`^\p{Lu}{2,4}(/\p{L}{2,4})*$`)
)

// parseClock reads "0635", "6:35", "06.35", "24:10".
func parseClock(s string) (Clock, bool) {
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		return None, false
	}
	h, _ := strconv.Atoi(m[1])
	n, _ := strconv.Atoi(m[2])
	return Clock(h*60 + n), h < 30 && n < 60
}

func (r *reader) read() {
	if !utf8.ValidString(r.line) || len(r.line) > maxLine || strings.IndexFunc(r.line, func(c rune) bool { return unicode.IsControl(c) && c != '\t' || diag.IsBidiControl(c) }) >= 0 {
		r.fail("unreadable", diag.Say("Type the line anew: a code, then what is to be said."), "the line holds invisible characters or more than %d bytes", maxLine)
		return
	}
	for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>"} {
		if strings.HasPrefix(r.line, mark) {
			r.fail("merge", diag.Say("Keep the lines of both sides and delete this one; the `.gitattributes` that `journal add` writes spares it next time."), "a merge under git stopped here")
			return
		}
	}
	head, rest := cut(bullet.ReplaceAllString(r.line, ""))
	if at, ok := parseClock(clockText(strings.TrimRight(head, ":,;"))); ok {
		r.event.From = at
		if head, rest = cut(rest); dashes.ReplaceAllString(head, "-") == "-" {
			head, rest = cut(rest)
		}
	}
	head, rest = r.head(head, rest)
	if !r.subject(head, rest) {
		r.unknown(head)
		return
	}
	for rest != "" && !r.failed() {
		if r.event.Kind == Note { // its words are all that it says, but for a time before them
			word, after := cut(rest)
			if at, ok := parseClock(clockText(word)); ok && r.event.From == None && after != "" {
				r.event.From, r.event.Words = at, remark(after)
			}
			break
		}
		r.rest = rest
		if after, ok := r.typedTimes(rest); ok {
			rest = after
			continue
		}
		if after, ok := r.joins(rest); ok {
			rest = after
			continue
		}
		word, after := cut(rest)
		if !r.phrase(&rest, &after) && !r.word(word) {
			r.event.Words, r.barred = remark(rest), strings.HasPrefix(rest, "|")
			break
		}
		rest = after
	}
	r.complete()
}

// cut splits off the first word.
func cut(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// remark takes off the bar, or dash, that keeps a remark apart from what stands
// before it.
func remark(s string) string {
	if first, rest := cut(s); first == "|" || first == "-" {
		return rest
	}
	return s
}

// subject finds what the line is about.
func (r *reader) subject(head, rest string) bool {
	e := &r.event
	letters, number := splitCode(head)
	second, _ := cut(rest)
	switch {
	case slices.Contains([]string{"note", "notiz", "n", "remark", "bemerkung", "anmerkung"}, strings.ToLower(head)):
		e.Kind = Note
		e.Words = remark(rest)
		return true
	case slices.Contains([]string{"learn", "lernen", "merken"}, strings.ToLower(head)) && rest != "":
		e.Kind, e.Words = Note, "learn: "+remark(rest)
		return true
	case letters == "H" && (r.hotfixLine(rest) || r.step(head) == nil):
		e.Kind, e.Code = Hotfix, fmt.Sprintf("H%d", number)
		return number > 0
	}
	id := r.system(head)
	// The third coffee and the third customer may both be called K3.
	if s := r.step(head); s != nil && (id == "" || !aboutSystem(rest)) {
		e.Kind, e.Code = Step, s.Code
		if s.Kind == model.StepGate {
			e.Kind = Gate
		}
		return true
	}
	if id != "" {
		e.Kind, e.Code, e.Systems = System, id, nil
		return true
	}
	if row := r.row(head); row != "" {
		e.Kind, e.Code = Check, row
		return true
	}
	if (letters == "X" || letters == "D") && number > 0 && number < 1000 && second != "" {
		e.Kind, e.Code, e.Deviation = Deviation, fmt.Sprintf("X%d", number), number
		return true
	}
	return false
}

// aboutSystem reports whether a line says what only a system can do.
func aboutSystem(rest string) bool {
	low := strings.ToLower(rest)
	for saying := range sayings[System] {
		if strings.Contains(low, saying) {
			return true
		}
	}
	return slices.ContainsFunc(strings.Fields(rest), version.MatchString)
}

// hotfixLine reports whether a version is named, which makes H1 a hotfix and
// not the runbook's step.
func (r *reader) hotfixLine(rest string) bool {
	return slices.ContainsFunc(strings.Fields(rest), version.MatchString)
}

// splitCode reads "s06" as S and 6; 0 where it is no code.
func splitCode(s string) (string, int) {
	m := codeForm.FindStringSubmatch(s)
	if m == nil {
		return "", 0
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return "", 0
	}
	return strings.ToUpper(m[1]), n
}

func sameCode(a, b string) bool {
	la, na := splitCode(a)
	lb, nb := splitCode(b)
	return strings.EqualFold(a, b) || la != "" && la == lb && na == nb
}

func (r *reader) step(code string) *PlanStep { return r.plan.step(code) }

func (p Plan) step(code string) *PlanStep {
	for i := range p.Steps {
		if sameCode(p.Steps[i].Code, code) {
			return &p.Steps[i]
		}
	}
	return nil
}

func (r *reader) system(id string) string {
	for _, s := range r.plan.Systems {
		if strings.EqualFold(s.ID, id) {
			return s.ID
		}
	}
	return ""
}

// row finds a row of the checklist. V07 means row C07 where the runbook has no
// step V7: people call what they verify so.
func (r *reader) row(code string) string {
	letters, number := splitCode(code)
	for _, want := range []string{code, fmt.Sprintf("C%d", number)} {
		for _, row := range r.plan.Rows {
			if sameCode(row.Code, want) {
				return row.Code
			}
		}
		if letters != "V" {
			break
		}
	}
	return ""
}

// unknown says what could have been meant.
func (r *reader) unknown(head string) {
	letters, number := splitCode(head)
	var same, all []string
	for _, s := range r.plan.Steps {
		all = append(all, s.Code)
	}
	for _, row := range r.plan.Rows {
		all = append(all, row.Code)
	}
	for _, s := range r.plan.Systems {
		all = append(all, s.ID)
	}
	for _, code := range all {
		if l, n := splitCode(code); l == letters || n == number && number > 0 {
			same = append(same, code)
		}
	}
	hint := diag.Say("A line begins with the code of a step, gate, row or system; write `note` before anything else.")
	if len(same) > 0 && letters != "" {
		hint = diag.Say("Possible: %s; write `note` before anything else.", strings.Join(same[:min(len(same), 12)], ", "))
	}
	r.fail("unknown-code", hint, "nothing is called %q", head)
}

func (p Plan) ids() []string {
	var out []string
	for _, s := range p.Systems {
		out = append(out, s.ID)
	}
	return out
}

// complete checks that the line says something.
func (r *reader) complete() {
	e := &r.event
	switch e.Kind {
	case Gate:
		if e.Decision == "" {
			r.fail("no-decision", diag.Say("Write `%s go MK/TS`, `%s no-go MK` or `%s go-with MK`, and the condition.", e.Code, e.Code, e.Code), "gate %s has no decision", e.Code)
		}
	case Check:
		if e.Result == "" {
			r.fail("no-result", diag.Say("Write `%s K1 ok`, or x1 for deviation 1, blocked, retest, accepted, na.", e.Code), "row %s has no result", e.Code)
		}
	case Hotfix:
		if e.Version == "" {
			r.fail("no-version", diag.Say("Write `%s 2026.14.1 core-1501`.", e.Code), "hotfix %s names no version", e.Code)
		}
	case System:
		if e.Version == "" && !e.Back && !e.Out && !e.In && e.Words == "" {
			r.fail("nothing-said", diag.Say("Write `%s rolled back 0810`, `%s not today`, or the version that it runs.", e.Code, e.Code), "nothing is said about system %s", e.Code)
		}
	case Step:
		if first, _ := cut(e.Words); e.From == None && e.To == None && !r.barred && notTime.MatchString(first) {
			r.fail("bad-time", diag.Say("Write hours and minutes: 0635; a bar before it makes it a remark."), "%q is no time of the day", first)
		}
		if e.From == None && e.To == None && e.Result == "" && e.Words == "" && len(e.Signs) == 0 {
			r.fail("nothing-said", diag.Say("Write when: `%s 0635-0702`.", e.Code), "nothing is said about step %s", e.Code)
		}
	case Note:
		if e.Words == "" {
			r.fail("nothing-said", diag.Say("Write what is to be remembered."), "the note is empty")
		}
	}
	if e.From >= 0 && e.To >= 0 && e.To < e.From {
		r.fail("ends-before-start", afterMidnight(e.To), "%s ends at %s, before it begins at %s", e.Code, e.To, e.From)
	}
}

// afterMidnight says how to write an end that seems to lie before its start.
func afterMidnight(end Clock) diag.Phrase {
	if end < 6*60 {
		return diag.Say("If it ended after midnight, write %02d%02d.", int(end)/60+24, int(end)%60)
	}
	return diag.Say("Write the earlier time first.")
}
