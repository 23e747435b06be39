package journal

import (
	"regexp"
	"slices"
	"strings"
)

// What hands in a hurry write instead of what the paper says. All of it is read
// only where a line says nothing else with it: a remark is never touched.

var (
	bullet    = regexp.MustCompile(`^[-*•·–]\s+`)
	timeLike  = regexp.MustCompile(`^~?[\dol][\dol:.h-]*(uhr)?$`)
	hourMark  = regexp.MustCompile(`(\d)h(\d)`)
	codeLike  = regexp.MustCompile(`^(\p{L}|[Hh][Ff])[-_.]?([\doOlI]+)$`)
	spanTyped = regexp.MustCompile(`(?i)^(?:(?:von|from|um|at|gegen|ca\.?|etwa)\s+)?(` + oneTime + `)\s*(?:[-‐‑‒–—−]|bis|to|until)\s*(` + oneTime + `)[,;.]?(\s|$)`)
	timeSaid  = regexp.MustCompile(`(?i)^(um|at|gegen|ca\.?|etwa|von|from|ab|seit|since|start|begonnen|begun|bis|until|ende|end|beendet|ended)\s+(?:um\s+|at\s+)?(` + oneTime + `)[,;.]?(\s|$)`)
	notTime   = regexp.MustCompile(`^\D?\d[\d:.,hHoO?-]+$`)
	between   = regexp.MustCompile(`^(\p{L}+)(\d+)-(\p{L}*)(\d+)$`)
)

const oneTime = `~?[\dol]{1,2}[:.h]?[\dol]{2}h?(?:\s?uhr)?`

// clockText gives a word that was meant as a time, or two, in the form that is
// read: without "Uhr" and h, with digits for the letters o and l. Other words
// come back in small letters.
func clockText(word string) string {
	low := dashes.ReplaceAllString(strings.ToLower(word), "-")
	if !timeLike.MatchString(low) || digits(low) < 2 {
		return low
	}
	low = strings.NewReplacer("uhr", "", "~", "", "o", "0", "l", "1").Replace(low)
	return strings.ReplaceAll(hourMark.ReplaceAllString(low, "$1:$2"), "h", "")
}

func digits(s string) int {
	n := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// typedTimes reads times at the beginning of rest that are more than a word:
// "6:35 – 7:02", "von 6.35 bis 7.02 Uhr", "ab 0635", "bis 0702".
func (r *reader) typedTimes(rest string) (after string, ok bool) {
	if m := spanTyped.FindStringSubmatch(rest); m != nil {
		from, to := clockText(strings.ReplaceAll(m[1], " ", "")), clockText(strings.ReplaceAll(m[2], " ", ""))
		if digits(from) > 2 && digits(to) > 2 && r.times(from+"-"+to) {
			return strings.TrimSpace(rest[len(m[0]):]), true
		}
	}
	m := timeSaid.FindStringSubmatch(rest)
	if m == nil {
		return rest, false
	}
	word := clockText(strings.ReplaceAll(m[2], " ", ""))
	if r.event.Kind == Step || r.event.Kind == Hotfix {
		switch strings.ToLower(m[1]) {
		case "ab", "seit", "since", "start", "begonnen", "begun", "von", "from":
			word += "-"
		case "bis", "until", "ende", "end", "beendet", "ended":
			word = "-" + word
		}
	}
	if digits(word) > 2 && r.times(word) {
		return strings.TrimSpace(rest[len(m[0]):]), true
	}
	return rest, false
}

// head gives the code that a line begins with, as the plan has it: typed with an
// O for the zero, with a blank or a dash in it, or together with what follows.
func (r *reader) head(head, rest string) (string, string) {
	head = strings.TrimRight(head, ":,;")
	if r.known(head) {
		return head, rest
	}
	if fixed := repaired(head); r.known(fixed) {
		return fixed, rest
	}
	if i := strings.IndexAny(head, ",;:"); i > 0 && r.known(repaired(head[:i])) {
		return repaired(head[:i]), strings.TrimSpace(head[i+1:] + " " + rest)
	}
	if next, after := cut(rest); len(head) <= 2 {
		if fixed := repaired(head + strings.TrimRight(next, ":,;")); r.known(fixed) {
			return fixed, after
		}
	}
	return head, rest
}

// repaired gives "S06" for "SO6" and "S-06", "G1" for "Gl", "H1" for "HF1".
func repaired(code string) string {
	m := codeLike.FindStringSubmatch(code)
	if m == nil {
		return code
	}
	letter := strings.ToUpper(m[1][:len(strings.TrimRight(m[1], "Ff"))])
	return letter + strings.NewReplacer("o", "0", "O", "0", "l", "1", "I", "1").Replace(m[2])
}

func (r *reader) known(code string) bool {
	letters, number := splitCode(code)
	return r.step(code) != nil || r.system(code) != "" || r.row(code) != "" || number > 0 && slices.Contains([]string{"H", "X", "D"}, letters)
}

// joins reports whether rest begins with a word that only joins systems, or
// initials, and gives what follows it.
func (r *reader) joins(rest string) (after string, ok bool) {
	word, after := cut(rest)
	if !slices.Contains([]string{"und", "u.", "u", "and", "&", "+"}, strings.ToLower(word)) {
		return rest, false
	}
	next, _ := cut(after)
	next = strings.TrimRight(next, ",;")
	if len(r.event.Systems) > 0 && len(r.event.Signs) == 0 && r.system(next) != "" {
		return after, true
	}
	return after, r.event.Kind == Gate && len(r.event.Signs) > 0 && r.initials(next) != ""
}

// initials finds a person's, in any case; "" for none.
func (r *reader) initials(word string) string {
	if i := slices.IndexFunc(r.plan.Initials, func(s string) bool { return s == word }); i >= 0 {
		return word
	}
	if i := slices.IndexFunc(r.plan.Initials, func(s string) bool { return strings.EqualFold(s, word) }); i >= 0 {
		return r.plan.Initials[i]
	}
	return ""
}

// onlySigned reports whether nothing but known initials and times is left, which
// makes "mk ts" behind a gate two people and no words.
func (r *reader) onlySigned(rest string) bool {
	words := strings.FieldsFunc(rest, func(c rune) bool { return strings.ContainsRune(" \t/,;+&", c) })
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool {
		_, isTime := parseClock(clockText(w))
		return r.initials(w) == "" && !isTime && !slices.Contains([]string{"und", "u.", "and", "um"}, strings.ToLower(w))
	})
}

// sequence reads "K1-K3" as K1, K2, K3; none where one of the ends is no system,
// and false where the word is nothing of the kind.
func (r *reader) sequence(word string) ([]string, bool) {
	m := between.FindStringSubmatch(dashes.ReplaceAllString(word, "-"))
	if m == nil || m[3] != "" && !strings.EqualFold(m[1], m[3]) {
		return nil, false
	}
	_, from := splitCode(m[1] + m[2])
	_, to := splitCode(m[1] + m[4])
	var out []string
	ends := 0
	for _, s := range r.plan.Systems {
		if l, n := splitCode(s.ID); strings.EqualFold(l, m[1]) && n >= from && n <= to {
			out = append(out, s.ID)
			if n == from || n == to {
				ends++
			}
		}
	}
	if ends != 2 {
		return nil, r.likeSystem(strings.ToUpper(m[1]))
	}
	return out, true
}

// sayings are what is said in several words, by the kind of line. None is the
// beginning of another one that ends at the same word.
var sayings = map[Kind]map[string]func(*Event){
	System: {
		"rolled back": back, "roll back": back, "rollback": back, "zurückgerollt": back, "zurueckgerollt": back, "zurückgesetzt": back,
		"not today": out, "heute nicht": out, "nicht heute": out, "fällt aus": out, "faellt aus": out,
		"on the list": in, "auf der liste": in, "today after all": in, "heute doch": in, "heute dabei": in,
	},
	Gate: {
		"no go": decide(NoGo), "kein go": decide(NoGo), "nicht freigegeben": decide(NoGo), "nicht frei": decide(NoGo),
		"go with": decide(GoWith), "mit auflage": decide(GoWith), "unter auflage": decide(GoWith), "go mit auflage": decide(GoWith), "frei mit auflage": decide(GoWith),
	},
	Check: found,
	Step:  found,
}

var found = map[string]func(*Event){
	"not ok": result(Deviates), "nicht ok": result(Deviates), "nicht in ordnung": result(Deviates), "geht nicht": result(Deviates),
	"in ordnung": result(OK), "nicht prüfbar": result(Blocked), "nicht pruefbar": result(Blocked), "noch einmal": result(Retest), "noch mal": result(Retest),
}

func back(e *Event) { e.Back = true }
func out(e *Event)  { e.Out = true }
func in(e *Event)   { e.In = true }

func decide(d Decision) func(*Event) { return func(e *Event) { e.Decision = d } }
func result(r Result) func(*Event)   { return func(e *Event) { e.Result = r } }

var results = map[string]Result{
	"ok": OK, "okay": OK, "o.k.": OK, "i.o.": OK, "io": OK, "✓": OK, "✔": OK, "√": OK, "passt": OK, "gut": OK, "fertig": OK, "done": OK, "settled": OK, "erledigt": OK,
	"behoben": OK, "gesendet": OK, "verschickt": OK, "sent": OK,
	"nok": Deviates, "n.i.o.": Deviates, "nio": Deviates, "deviation": Deviates, "abweichung": Deviates, "abw": Deviates, "abw.": Deviates, "fehler": Deviates,
	"blocked": Blocked, "blockiert": Blocked, "b!": Blocked, "retest": Retest, "nachprüfen": Retest, "nachpruefen": Retest, "nochmal": Retest,
	"accepted": Accepted, "hingenommen": Accepted, "na": NA, "n/a": NA, "entfällt": NA, "entfaellt": NA, "entf.": NA, "entf": NA,
}

var decisions = map[string]Decision{
	"go": Go, "freigabe": Go, "freigegeben": Go, "frei": Go, "ja": Go, "yes": Go, "ok": Go, "okay": Go, "grün": Go, "gruen": Go, "green": Go,
	"no-go": NoGo, "nogo": NoGo, "nein": NoGo, "no": NoGo, "stop": NoGo, "stopp": NoGo, "halt": NoGo, "rot": NoGo, "red": NoGo, "gesperrt": NoGo,
	"go-with": GoWith, "auflage": GoWith, "go!": GoWith,
}

var lesson = regexp.MustCompile(`(?i)^(?:learn(?:ed)?|lernen|gelernt|merken):\s*(\S.*)$`)

// Learned gives what a note wants remembered for the next day: "learn: order the
// rolls earlier"; false where it is a note like others.
func Learned(e Event) (string, bool) {
	if e.Kind != Note {
		return "", false
	}
	m := lesson.FindStringSubmatch(e.Words)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// bare takes off what stands behind a word and isn't meant: "ok:", "nein!".
func bare(low string) string { return strings.TrimRight(strings.TrimRight(low, ".:!"), "\ufe0f") }

// saidOf looks a word up as it is, then without what stands behind it.
func saidOf[T ~string](table map[string]T, low string) T {
	if v, ok := table[low]; ok {
		return v
	}
	return table[bare(low)]
}
