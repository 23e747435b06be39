package journal

import (
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/diag"
)

// word reads one word into the event; false where it begins the remark.
func (r *reader) word(word string) bool {
	e := &r.event
	plain := dashes.ReplaceAllString(strings.TrimRight(word, ",;"), "-")
	low := strings.ToLower(plain)
	if low == "" || low == "-" || low == "|" {
		return false
	}
	if r.everywhere(low) || r.times(clockText(plain)) || r.systems(plain) || r.signs(plain) {
		return true
	}
	if m := crossForm.FindStringSubmatch(bare(low)); m != nil && (e.Kind == Check || e.Kind == Step || e.Kind == Hotfix) && e.Result == "" && e.Deviation == 0 {
		e.Deviation, _ = strconv.Atoi(m[1])
		e.Class = strings.ToUpper(m[2])
		if e.Kind != Hotfix {
			e.Result = Deviates
		}
		return true
	}
	if d := saidOf(decisions, low); d != "" && e.Kind == Gate && e.Decision == "" {
		e.Decision = d
		return true
	}
	if class := bare(low); e.Kind == Deviation && e.Class == "" && (class == "a" || class == "b" || class == "c") {
		e.Class = strings.ToUpper(class)
		return true
	}
	if e.Kind == Deviation && (low == "klasse" || low == "class") && e.Class == "" {
		return true
	}
	if res := saidOf(results, low); res != "" && e.Kind != Gate && e.Kind != System && e.Kind != Hotfix && e.Result == "" {
		e.Result = res
		return true
	}
	switch {
	case (low == "a" || low == "b" || low == "c") && e.Deviation > 0 && e.Class == "":
		e.Class = strings.ToUpper(low)
	case version.MatchString(low) && (e.Kind == Hotfix || e.Kind == System) && e.Version == "":
		e.Version = plain
	case ticket.MatchString(plain) && e.Kind == Hotfix && e.Ticket == "":
		e.Ticket = plain
	default:
		return false
	}
	return true
}

// phrase reads the sayings of two words.
func (r *reader) phrase(rest, after *string) bool {
	e := &r.event
	if e.Kind == Gate && e.Decision != "" || (e.Kind == Check || e.Kind == Step) && e.Result != "" {
		return false
	}
	for saying, do := range sayings[e.Kind] {
		if n := len(saying); len(*rest) >= n && strings.EqualFold((*rest)[:n], saying) && (len(*rest) == n || strings.ContainsRune(" \t:,;.!", rune((*rest)[n]))) {
			do(e)
			*after = strings.TrimLeft((*rest)[n:], " \t:,;.!")
			return true
		}
	}
	return false
}

// times reads "0635", "0635-0702", "0635-", "-0702".
func (r *reader) times(word string) bool {
	e := &r.event
	if m := timeRange.FindStringSubmatch(word); m != nil && word != "-" && e.To == None && !e.Open {
		from, ok1 := parseClock(m[1])
		to, ok2 := parseClock(m[2])
		if m[1] != "" && !ok1 || m[2] != "" && !ok2 {
			r.fail("bad-time", diag.Say("Write hours and minutes: 0635; 2410 is ten past midnight."), "%q is no time of the day", word)
			return true
		}
		if m[1] != "" {
			e.From = from
		}
		e.To, e.Open = to, m[2] == ""
		if e.Open {
			e.To = None
		}
		return true
	}
	at, ok := parseClock(word)
	if at == None || e.To != None || e.Open {
		return false
	}
	if e.From != None {
		if e.Kind != Step && e.Kind != Hotfix || !ok {
			return false
		}
		e.To = at // "0635 0702"
		return true
	}
	if !ok {
		r.fail("bad-time", diag.Say("Write hours and minutes: 0635; 2410 is ten past midnight."), "%q is no time of the day", word)
		return true
	}
	e.From = at
	return true
}

// everywhere reads "all" before what was found or decided: it names no system.
func (r *reader) everywhere(low string) bool {
	e := &r.event
	return len(e.Systems) == 0 && (low == "alle" || low == "all") && (e.Kind == Check && e.Result == "" || e.Kind == Gate && e.Decision == "")
}

// systems reads "K1,K3".
func (r *reader) systems(word string) bool {
	ids, isSequence := r.sequence(word)
	switch {
	case isSequence && len(ids) == 0:
		r.fail("unknown-system", diag.Say("Systems: %s.", strings.Join(r.plan.ids(), ", ")), "%q is no row of systems", word)
		return true
	case isSequence:
		word = ""
	}
	for _, part := range strings.FieldsFunc(word, func(c rune) bool { return c == ',' || c == '+' || c == '/' }) {
		id := r.system(part)
		if id == "" {
			// One that looks like a system beside one that is: nobody may be lost.
			if letters, n := splitCode(part); len(ids) > 0 || n > 0 && r.likeSystem(letters) {
				r.fail("unknown-system", diag.Say("Systems: %s.", strings.Join(r.plan.ids(), ", ")), "there is no system %q", part)
				return true
			}
			return false
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 || r.event.Kind == System {
		return false
	}
	for _, id := range ids {
		if !slices.Contains(r.event.Systems, id) {
			r.event.Systems = append(r.event.Systems, id)
		}
	}
	return true
}

// likeSystem reports whether systems' ids begin with these letters and no code
// of a step does.
func (r *reader) likeSystem(letters string) bool {
	return slices.ContainsFunc(r.plan.Systems, func(s PlanSystem) bool { l, _ := splitCode(s.ID); return l == letters }) && r.event.Kind != Note
}

// signs reads initials: those of the people, and of others in capitals. Behind a
// gate stand two, however they are kept apart.
func (r *reader) signs(word string) bool {
	e := &r.event
	more := len(e.Signs) > 0
	if more && e.Kind != Gate {
		return false
	}
	anyCase := strings.Contains(word, "/") || e.Kind == Gate && r.onlySigned(r.rest)
	var out []string
	for _, part := range strings.FieldsFunc(word, func(c rune) bool { return c == '/' || c == '+' || c == '&' || c == ',' }) {
		known := r.initials(part)
		switch {
		case known != "" && (anyCase || known == part):
			out = append(out, known)
		case more || !signature.MatchString(part) || results[strings.ToLower(part)] != "" || decisions[strings.ToLower(part)] != "":
			return false
		default:
			out = append(out, part)
		}
	}
	for _, sign := range out {
		if !slices.Contains(e.Signs, sign) {
			e.Signs = append(e.Signs, sign)
		}
	}
	return len(out) > 0
}
