package journal

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/diag"
)

// hotfix notes a hotfix: where it runs, and what is to be checked again there.
// One that names no system is on its way: nothing says yet where it runs.
func (d *deriver) hotfix(e *Event) {
	d.state.Hotfixes = append(d.state.Hotfixes, *e)
	number := strings.TrimPrefix(e.Version, "v")
	v := d.numbered(e.Deviation)
	if v != nil {
		v.Hotfix = number
	} else if e.Deviation > 0 {
		d.say(diag.Error, e.Line, "unknown-deviation", diag.Say("Write what deviates first: `C01 K1 x%d …`.", e.Deviation), "%s mends deviation %d, which nobody has written down", e.Code, e.Deviation)
	}
	for _, id := range e.Systems {
		s := d.find(id)
		s.run(number, e)
		s.has(e, false)
	}
	d.recheck(e, v)
}

// mendedAfterFound puts a hotfix behind the first line about what it mends: in a
// file of two people, theirs may stand before.
func mendedAfterFound(events []Event) []Event {
	out := slices.Clone(events)
	for i := len(out) - 1; i >= 0; i-- {
		e := out[i]
		if e.Kind != Hotfix || e.Deviation == 0 {
			continue
		}
		found := slices.IndexFunc(out, func(o Event) bool { return o.Kind != Hotfix && o.Deviation == e.Deviation })
		if found > i {
			copy(out[i:found], out[i+1:found+1])
			out[found] = e
		}
	}
	return out
}

// recheck sends rows to be checked again on the systems of a hotfix: the one
// that deviated, and those of the areas that the hotfix touches. Where the
// hotfix names no system, the one that deviated alone, where it did.
func (d *deriver) recheck(e *Event, v *DeviationState) {
	version := strings.TrimPrefix(e.Version, "v")
	systems := e.Systems
	var areas []string
	if h := d.plan.hotfix(version); h != nil && len(systems) > 0 {
		areas = h.Areas
	}
	if v != nil && len(systems) == 0 {
		systems = v.Systems
	}
	for _, row := range d.plan.Rows {
		touched := slices.ContainsFunc(row.Areas, func(a string) bool { return slices.Contains(areas, a) })
		for _, id := range row.Systems {
			deviated := v != nil && (row.Code == v.Code || d.deviates(row.Code, id, v.Number))
			if !deviated && !touched {
				continue
			}
			if sys := d.find(id); sys != nil && sys.Today && slices.Contains(systems, id) {
				again := Recheck{Hotfix: version, Row: row.Code, System: id, since: max(e.From, e.To)}
				if deviated {
					again.Deviation = v.Number
				}
				d.again(again)
			}
		}
	}
}

// again puts a row of a system on the list, once for each hotfix.
func (d *deriver) again(r Recheck) {
	c := d.state.cells[cell{r.Row, r.System}]
	i := slices.IndexFunc(d.state.Rechecks, func(o Recheck) bool { return o.Hotfix == r.Hotfix && o.Row == r.Row && o.System == r.System })
	switch {
	case i >= 0 && r.since <= d.state.Rechecks[i].since:
		return // a second line about the same hotfix
	case i >= 0:
		d.state.Rechecks[i].since = r.since // it ended later, say: what was found meanwhile is none of it
	case c != nil && c.Result == NA:
		return
	default:
		i = len(d.state.Rechecks)
		d.state.Rechecks = append(d.state.Rechecks, r)
	}
	if c == nil || c.Result == Blocked || c.Result == NA {
		return // nobody could look before: it is open as it was
	}
	known := &d.state.Rechecks[i]
	if at := max(c.From, c.To); at >= 0 && r.since >= 0 && at > r.since {
		known.Result = c.Result // the line of the check stands before, but it was later
		return
	}
	known.Result = ""
	stale := *c
	stale.Result = Retest
	d.state.cells[cell{r.Row, r.System}] = &stale
}

// before reports whether a good check was made before the hotfix that wants the
// row checked again: in a file of two people its line may stand behind.
func (d *deriver) before(e *Event, system string) bool {
	at := max(e.From, e.To)
	return at >= 0 && e.Result != Deviates && slices.ContainsFunc(d.state.Rechecks, func(r Recheck) bool {
		return r.Row == e.Code && r.System == system && r.since >= 0 && at < r.since
	})
}

// outdated keeps a good check from before a hotfix where nothing else was found:
// the row was looked at, and is to be checked again.
func (d *deriver) outdated(e *Event, system string) {
	at := cell{e.Code, system}
	if c := d.state.cells[at]; (c == nil || c.Result == Blocked) && (e.Result == OK || e.Result == Accepted) {
		stale := *e
		stale.Result = Retest
		d.state.cells[at] = &stale
	}
}

// deviates reports whether a cell has a deviation, wherever that was found first.
func (d *deriver) deviates(row, system string, number int) bool {
	c := d.state.cells[cell{row, system}]
	return c != nil && number > 0 && c.Deviation == number
}

// rechecked notes what was found when a row was checked again.
func (d *deriver) rechecked(e *Event, system string) {
	for i := range d.state.Rechecks {
		if r := &d.state.Rechecks[i]; r.Row == e.Code && r.System == system && e.Result != Retest {
			r.Result = e.Result
		}
	}
}

// hotfixes looks at what only all lines show of the hotfixes.
func (d *deriver) hotfixes() {
	// Until the day is closed one may be on its way.
	end := d.stepState(d.plan.Close)
	closed := end != nil && end.Done
	for i, e := range d.state.Hotfixes {
		version := strings.TrimPrefix(e.Version, "v")
		same := func(o Event) bool { return strings.TrimPrefix(o.Version, "v") == version }
		if slices.IndexFunc(d.state.Hotfixes, same) != i {
			continue // one hotfix, several lines
		}
		runs := slices.ContainsFunc(d.state.Hotfixes, func(o Event) bool { return same(o) && len(o.Systems) > 0 })
		if !runs && (e.Deviation == 0 || closed && d.numbered(e.Deviation) != nil) {
			d.say(diag.Warning, e.Line, "hotfix-nowhere", diag.Say("Write where, and when: `%s %s %s 1010-1040`.", e.Code, e.Version, strings.Join(d.plan.today(), ",")), "nothing says on which systems hotfix %s runs", version)
		}
		if h := d.plan.hotfix(version); h != nil && !d.plan.mends(h) {
			of := any(h.Of)
			if h.Of == "" {
				of = diag.Say("nothing")
			}
			d.say(diag.Warning, e.Line, "hotfix-elsewhere", diag.Say("Write the version that mends %s, or note this in the other one's journal.", d.plan.Version), "by its tag %s mends %s, not %s", version, of, d.plan.Version)
		}
	}
	named := HotfixesOf(d.state.Hotfixes)
	row := func(r Recheck) int {
		return slices.IndexFunc(d.plan.Rows, func(p PlanRow) bool { return p.Code == r.Row })
	}
	slices.SortStableFunc(d.state.Rechecks, func(a, b Recheck) int {
		return cmp.Or(slices.Index(named, a.Hotfix)-slices.Index(named, b.Hotfix), row(a)-row(b))
	})
}

// HotfixesOf lists the versions of hotfixes, each once, in the order of their lines.
func HotfixesOf(lines []Event) []string {
	var out []string
	for _, e := range lines {
		if v := strings.TrimPrefix(e.Version, "v"); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// hotfix finds what the tags say of a hotfix; nil where there is no such tag.
func (p Plan) hotfix(version string) *PlanHotfix {
	for i := range p.Hotfixes {
		if p.Hotfixes[i].Version == version {
			return &p.Hotfixes[i]
		}
	}
	return nil
}

// mends reports whether a hotfix is one of the day's version, or of a hotfix of it.
func (p Plan) mends(h *PlanHotfix) bool {
	for range len(p.Hotfixes) { // no circle can be longer
		if h.Of == p.Version {
			return true
		}
		if h = p.hotfix(h.Of); h == nil {
			return false
		}
	}
	return false
}

// Tagged reports whether the tags know a hotfix.
func (p Plan) Tagged(version string) bool { return p.hotfix(strings.TrimPrefix(version, "v")) != nil }

// deviates finds lines that tell of a deviation: "x2", "✗", "abw", "X2 B".
var deviates = regexp.MustCompile(`(?im)^[^#\n]*(?:^|\s)(?:[xd]\d{1,3}[abc]?|[x✗✘×]|n\.?i\.?o\.?|nok|nicht ok|not ok|geht nicht|nicht in ordnung|deviation|abw\w*\.?|fehler)(?:[\s,;:.]|$)`)

// HasDeviations reports whether a journal may tell of a deviation; it is read
// without its plan, so that a remark can be taken for one.
func HasDeviations(text string) bool { return deviates.MatchString(text) }

// HotfixVersions lists the versions that a journal's lines about hotfixes name,
// without its plan: what they bring must be read before the plan is made.
func HotfixVersions(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		is := slices.IndexFunc(words, func(w string) bool { l, n := splitCode(strings.TrimRight(w, ":,;")); return l == "H" && n > 0 })
		if is == 1 {
			if _, ok := parseClock(words[0]); !ok {
				continue
			}
		}
		if is < 0 || is > 1 {
			continue
		}
		for _, w := range words[is+1:] {
			if v := strings.TrimPrefix(strings.TrimRight(strings.ToLower(w), ",;"), "v"); version.MatchString(v) && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}
