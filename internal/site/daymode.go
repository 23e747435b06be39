package site

import (
	"strings"
	"time"

	"daybreak/internal/model"
)

// dayModeFor is how much older than the newest release one may be to be filled
// in on the screen: two trains. Older days are history, and paper.
const dayModeFor = 6 * 7 * 24 * time.Hour

// DayMode is what the script of the runbook and the checklist knows of the day:
// both pages get the same, because they fill in the same day. It stands in the
// page as JSON.
type DayMode struct {
	Key         string // of the product and the release
	Version     string // as the journal's file is called
	Fingerprint string // of the primary language's sheets: a day has one, in whatever language it is read
	Lang        model.Lang
	Document    string // "runbook" or "checklist"
	Date        string // "2026-05-12", "" while unknown
	DateText    string
	Zone        string // IANA name of the zone of all clock times, "" for the reader's own
	Steps       []DayStep
	Rows        []DayRow
	Hotfixes    []model.HotfixAreas // that mend this release, as far as they have a tag
	Systems     []DaySystem
	Initials    []string
	Ladder      []string // clock times of the rungs
	Mails       []model.Mail
	Gaps        map[model.Lang]string // the placeholder of the clock time in a mail
	Words       map[string]string
}

// DayStep is a step of the runbook. Clock times are "06:35", "" where open.
type DayStep struct {
	Code      string
	Kind      model.StepKind
	Start     string
	End       string
	Text      string
	Threshold string
	Latest    string   // of a gate
	Roles     []string // who signs: a gate's decider and confirmer, or a sign-off's
	Systems   []string // done on each of these
	Boxes     []string // of a watch strip
}

// DayRow is a row of the checklist.
type DayRow struct {
	Code    string
	Change  string // id of the change, "" for a standing check
	Title   string
	Systems []string // where it applies
	Areas   []string // ids of the areas that it is about: a hotfix of one of them has it checked again
}

// DaySystem is a system of the configuration.
type DaySystem struct {
	ID    string
	Today bool
}

// dayWords are the strings of the script, below "day.". Gaps in braces are
// filled in by it.
var dayWords = []string{
	"again", "allDone", "also", "badLine", "badSigns", "badTime", "blocked", "changedSteps", "checked", "cleared", "condition", "deviations", "deviations1",
	"done", "endsBefore", "forgotten", "gateBy", "gateDue", "goWith", "gone", "held", "imported", "inDays", "inMinutes", "left", "mailCopied", "mailOpen",
	"mailReady", "markers", "missingSigns", "newStep", "nextGate", "nextStep", "noCopy", "noDecision", "noReason", "noResult", "noStore", "noVersion",
	"nothingSaid", "now", "overdue", "result.accepted", "result.blocked", "result.deviation", "result.na", "result.ok", "result.open", "result.retest",
	"rungNow", "signFor", "startsAt", "time", "unknownCode", "unknownSystem", "unreadLine", "unreadable", "unticked", "until", "was", "wasOn",
}

// dayMode gathers what the script of a release's page knows; nil where the day
// is history, or the page is for the printer. Either document may be missing.
func (b *teamBuild) dayMode(l model.Lang, h model.DayHeader, document string) *DayMode {
	if b.site.Paper || !h.Date.IsZero() && b.newest().Sub(h.Date) > dayModeFor {
		return nil
	}
	d := &DayMode{
		Key: b.site.Product + " " + h.Slug, Version: h.Version, Fingerprint: b.dayPrint(h), Lang: l, Document: document,
		Gaps: map[model.Lang]string{}, Words: map[string]string{},
	}
	if !h.Date.IsZero() {
		d.Date, d.DateText = h.Date.Format(time.DateOnly), b.theme.Date(l, h.Date)
		if zone := h.Date.Location().String(); strings.Contains(zone, "/") {
			d.Zone = zone
		}
	}
	for _, s := range h.Systems {
		d.Systems = append(d.Systems, DaySystem{s.ID, s.Today})
	}
	if book := find(b.site.Runbooks[l], h.Slug, func(r *model.Runbook) string { return r.Slug }); book != nil {
		d.addRunbook(book)
	}
	if list := find(b.site.Checklists[l], h.Slug, func(c *model.Checklist) string { return c.Slug }); list != nil {
		d.addChecklist(list)
		d.Hotfixes = b.site.Hotfixes[h.Version]
	}
	for _, o := range b.site.Languages {
		d.Gaps[o] = b.theme.T(o, "mail.time")
	}
	for _, m := range b.site.Mails {
		if m.Slug == h.Slug && document == "runbook" {
			d.Mails = append(d.Mails, m)
		}
	}
	for _, w := range dayWords {
		d.Words[w] = b.theme.T(l, "day."+w)
	}
	return d
}

// dayPrint is the fingerprint under which the day is kept. Sheets of each
// language have their own, because their texts can change alone.
func (b *teamBuild) dayPrint(h model.DayHeader) string {
	first := b.site.Languages[0]
	if book := find(b.site.Runbooks[first], h.Slug, func(r *model.Runbook) string { return r.Slug }); book != nil {
		return book.Fingerprint
	}
	if list := find(b.site.Checklists[first], h.Slug, func(c *model.Checklist) string { return c.Slug }); list != nil {
		return list.Fingerprint
	}
	return h.Fingerprint
}

// newest is the day of the newest release that has one.
func (b *teamBuild) newest() time.Time {
	var out time.Time
	for _, r := range b.site.Runbooks[b.site.Languages[0]] {
		if r.Date.After(out) {
			out = r.Date
		}
	}
	return out
}

func (d *DayMode) addRunbook(book *model.Runbook) {
	for _, p := range book.People {
		if p.Initials != "" {
			d.Initials = append(d.Initials, p.Initials)
		}
	}
	for _, rung := range book.Ladder {
		d.Ladder = append(d.Ladder, rung.Until)
	}
	for _, phase := range book.Phases {
		for _, s := range phase.Steps {
			step := DayStep{Code: s.Code, Kind: s.Kind, Start: s.Clock, End: s.End, Text: s.Text, Threshold: s.Threshold, Boxes: s.Boxes}
			for _, sys := range s.Systems {
				step.Systems = append(step.Systems, sys.ID)
			}
			if g := s.Gate; g != nil {
				step.Text, step.Latest, step.Roles = g.Question, g.Latest, []string{g.Decider}
				if g.Confirm != "" {
					step.Roles = append(step.Roles, g.Confirm)
				}
			}
			for _, sign := range book.SignOffs {
				if sign.Step == s.Code && s.Gate == nil {
					step.Roles = signature(sign).Roles
				}
			}
			d.Steps = append(d.Steps, step)
		}
	}
	if len(d.Systems) == 0 {
		d.Systems = onlySystem(d.Steps)
	}
}

// onlySystem is the one system of a workspace that names none: the steps do.
func onlySystem(steps []DayStep) []DaySystem {
	for _, s := range steps {
		if len(s.Systems) > 0 {
			return []DaySystem{{s.Systems[0], true}}
		}
	}
	return nil
}

func (d *DayMode) addChecklist(list *model.Checklist) {
	for _, block := range list.Matrix {
		for i, check := range block.Checks {
			if i >= len(d.Rows) {
				d.Rows = append(d.Rows, DayRow{Code: check.Code, Change: check.ChangeID, Title: check.Title, Areas: check.Areas})
			}
			for _, cell := range check.Cells {
				if !cell.NA {
					d.Rows[i].Systems = append(d.Rows[i].Systems, cell.System)
				}
			}
		}
	}
	var today []string
	for _, s := range d.Systems {
		if s.Today {
			today = append(today, s.ID)
		}
	}
	for _, checks := range [][]model.Check{list.Interactions, list.Smoke} {
		for _, check := range checks {
			d.Rows = append(d.Rows, DayRow{Code: check.Code, Title: check.Title, Systems: today, Areas: check.Areas})
		}
	}
}
