package compose

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

const (
	systemsPerPage = 6 // columns of the matrix on one landscape sheet
	deviationLines = 8
)

// Checklist makes the matrix of everything that customers could notice against
// today's systems, the standing checks of the touched areas and the short test.
// The diagnostics name every change that nobody said how to check.
func Checklist(c *config.Config, r *model.Release, d DayContent, h model.DayHeader) (model.Checklist, diag.List) {
	b := &checklistBuilder{config: c, day: d}
	b.lintAreas()
	out := model.Checklist{DayHeader: withContent(h, d), Blank: deviationLines}
	live := r.Live()
	var rows []row
	for i := range live {
		if ch := &live[i]; onChecklist(ch) {
			rows = append(rows, row{b.check(ch), ch})
		}
	}
	slices.SortStableFunc(rows, func(x, y row) int {
		return cmp.Or(cmp.Compare(urgency(x.Check), urgency(y.Check)), cmp.Compare(b.areaRank(x.change), b.areaRank(y.change)))
	})
	for i := range rows {
		rows[i].Code = fmt.Sprintf("C%02d", i+1)
		if rows[i].Missing {
			out.Missing++
		}
		if rows[i].Uncheckable {
			out.Uncheckable++
		}
	}
	out.Rows = len(rows)
	for _, systems := range systemBlocks(h) {
		block := model.MatrixBlock{Systems: systems}
		for _, r := range rows {
			check := r.Check
			for _, s := range systems {
				check.Cells = append(check.Cells, b.cell(r, s))
			}
			block.Checks = append(block.Checks, check)
		}
		out.Matrix = append(out.Matrix, block)
	}
	b.lintBoxes(h, rows)
	out.Interactions = b.interactions(live)
	for i, s := range d.smoke {
		out.Smoke = append(out.Smoke, standing(s, fmt.Sprintf("T%02d", i+1), "", ""))
	}
	out.SignOffs = d.verificationSign()
	b.list.Sort()
	return out, b.list
}

// verificationSign gives the runbook's line to sign that closes the checks: the
// first one that stands at a gate, under its number in the runbook.
func (d *DayContent) verificationSign() []model.SignOff {
	n := 0
	for _, p := range d.phases {
		for _, s := range p.steps {
			if s.sign == "" {
				continue
			}
			if n++; s.kind == model.StepGate {
				return []model.SignOff{{Code: fmt.Sprint(n), Text: s.sign, Role: s.owner, Step: s.code}}
			}
		}
	}
	return nil
}

type checklistBuilder struct {
	config *config.Config
	day    DayContent
	list   diag.List
}

type row struct {
	model.Check
	change *model.Change
}

// systemBlocks splits today's systems into sheets.
func systemBlocks(h model.DayHeader) [][]model.DaySystem {
	return slices.Collect(slices.Chunk(today(h), systemsPerPage))
}

// check makes the row of one change, without cells and code.
func (b *checklistBuilder) check(ch *model.Change) model.Check {
	l := b.day.Lang
	w := WordingOf(b.config, ch, l)
	out := model.Check{ChangeID: ch.ID, Kind: ch.Kind, Breaking: ch.Breaking, Title: sheetText(w.Title), Owner: developer(b.config, ch), Risk: model.RiskNormal}
	out.Lang = foreign(out.Title, w.Lang, l)
	out.Areas = unique(slices.Concat(ch.Areas, ch.Touched))
	if len(ch.Areas) > 0 {
		out.Area = areaName(b.config, ch.Areas[0], l)
	}
	switch verify, in := b.verify(ch); {
	case b.declaredUncheckable(ch, &out):
	case len(verify) > 0:
		out.How, out.HowLang = verify, foreign(verify[0], in, l)
	default:
		out.Missing = true
		b.list.Add(diag.New(
			diag.Warning, "no-check", diag.Position{Commit: string(ch.Merge), Part: `trailer "Verify"`},
			diag.Say("nobody says how to check %s (%q)", ch.ID, ch.Title),
			diag.Say("It is merged, and no trailer can be added: write a check of its area into content/checks.<lang>.yaml, or give its note file in the product, where it has one, a `verify`; the next time `daybreak commit-check` asks for it at the merge request."),
		))
	}
	expect, in := localizedTexts(b.config, ch, "Expect", l, saysSomething)
	tested, _ := localizedTexts(b.config, ch, "Tested-On", l, saysSomething)
	out.Expect, out.Tested = oneRow(expect), oneRow(tested)
	out.ExpectLang = foreign(out.Expect, in, l)
	if why, in := b.risk(ch); why != "" {
		out.Risk, out.RiskWhy, out.RiskLang = model.RiskHigh, why, foreign(why, in, l)
	}
	return out
}

// oneRow puts what several commits say into one cell, each text once.
func oneRow(texts []string) string { return strings.Join(unique(each(texts, sheetText)), " / ") }

// verify gives the steps of all Verify trailers in the document's language,
// else in the first other one that has some, and the language that they are in.
func (b *checklistBuilder) verify(ch *model.Change) ([]string, model.Lang) {
	texts, l := localizedTexts(b.config, ch, "Verify", b.day.Lang, func(v string) bool { return len(splitSteps(v)) > 0 && uncheckableBecause(v) == nil })
	var out []string
	for _, v := range texts {
		out = append(out, splitSteps(v)...)
	}
	return out, l
}

// uncheckable is what stands for "nothing to check", and the reason behind it.
// "No" and "keine" begin a check as well: "No error in the log".
var uncheckable = regexp.MustCompile(`(?i)^(?:(?:none|n/a|entfällt)\b[\s,;:.()–—-]*|(?:no|keine?r?)\s*(?:$|[,;:.()–—-]+\s*|\b(?:because|since|weil|da)\b\s*))(?:(?:because|since|weil|da)\b)?\s*(.*?)\)?$`)

// uncheckableBecause gives the match of a text that declares that a change can't be
// checked alone, with the reason as its last part; nil for any other text.
func uncheckableBecause(v string) []string { return uncheckable.FindStringSubmatch(sheetText(v)) }

// NeedsNoCheck reports whether its author declared that a change can't be checked
// alone, or needn't be.
func NeedsNoCheck(c *config.Config, ch *model.Change) bool {
	texts, _ := localizedTexts(c, ch, "Verify", c.Primary(), func(v string) bool { return uncheckableBecause(v) != nil })
	return len(texts) > 0
}

// declaredUncheckable reads "Verify: none, because …": its author says that the
// change can't be checked alone. One of several commits can't say it for the others.
func (b *checklistBuilder) declaredUncheckable(ch *model.Change, out *model.Check) bool {
	texts, l := localizedTexts(b.config, ch, "Verify", b.day.Lang, func(v string) bool { return uncheckableBecause(v) != nil })
	if steps, _ := b.verify(ch); len(texts) == 0 || len(steps) > 0 {
		return false
	}
	out.Uncheckable = true
	if why := uncheckableBecause(texts[0])[1]; why != "" {
		out.How, out.HowLang = []string{why}, foreign(why, l, b.day.Lang)
	}
	return true
}

// risk says why a row comes first, "" where it doesn't: a Risk trailer's words,
// else one of the model's reasons, which are in no language of their own.
func (b *checklistBuilder) risk(ch *model.Change) (string, model.Lang) {
	said, l := localizedTexts(b.config, ch, "Risk", b.day.Lang, func(v string) bool {
		switch strings.ToLower(sheetText(v)) {
		case "", "low", "none", "no", "gering", "niedrig", "kein", "keines":
			return false
		}
		return true
	})
	switch {
	case len(said) > 0:
		return oneRow(said), l
	case len(touched(ch, b.config.Migrations)) > 0:
		return model.RiskMigration, b.day.Lang
	case ch.Breaking:
		return model.RiskBreaking, b.day.Lang
	}
	for _, a := range b.config.Areas {
		if a.Risky && (slices.Contains(ch.Areas, a.ID) || slices.Contains(ch.Touched, a.ID)) {
			return model.RiskArea, b.day.Lang
		}
	}
	return "", b.day.Lang
}

// urgency orders rows: the risky first, then new, improved, fixed, the rest.
func urgency(c model.Check) int {
	rank := 1 + slices.Index([]model.Kind{model.KindAdded, model.KindChanged, model.KindFixed, model.KindSecurity, model.KindRemoved, model.KindDeprecated, model.KindNone}, c.Kind)
	if c.Risk == model.RiskHigh {
		why := slices.Index([]string{model.RiskMigration, model.RiskArea, model.RiskBreaking}, c.RiskWhy)
		if why < 0 {
			why = 3
		}
		return 10*why + rank
	}
	return 100 + rank
}

// areaRank keeps rows of one area together: one person checks them in one go.
func (b *checklistBuilder) areaRank(ch *model.Change) int {
	if len(ch.Areas) == 0 {
		return len(b.config.Areas)
	}
	return slices.Index(areaIDs(b.config), ch.Areas[0])
}

// cell says whether a change is to be checked on a system.
func (b *checklistBuilder) cell(r row, s model.DaySystem) model.Cell {
	cell := model.Cell{System: s.ID}
	if len(b.config.Systems) > 0 {
		cell.Reason = notConcerned(b.config, r.change, s.ID)
	}
	if cell.Reason == "" && r.Uncheckable {
		cell.Reason = model.NotAlone
	}
	cell.NA = cell.Reason != ""
	return cell
}

// interactions gives the standing checks of the touched areas and of the areas
// that build on them, then those that are always due.
func (b *checklistBuilder) interactions(live []model.Change) []model.Check {
	var out []model.Check
	add := func(s standingCheck, area, why string, ids ...string) {
		check := standing(s, fmt.Sprintf("I%02d", len(out)+1), area, why)
		check.Areas = ids
		out = append(out, check)
	}
	cause := b.dueAreas(live)
	for _, a := range b.config.Areas {
		why, due := cause[a.ID]
		if !due {
			continue
		}
		checks := b.checksOf(a.ID)
		if len(checks) == 0 {
			checks = b.checksOf("*")
		}
		for _, s := range checks {
			add(s, areaName(b.config, a.ID, b.day.Lang), why, a.ID)
		}
	}
	if len(live) > 0 {
		for _, s := range b.day.everywhere {
			add(s, "", "")
		}
	}
	return out
}

// dueAreas maps each area whose standing checks are due to the area that a
// change touched: itself, or one that it builds on, over any number of steps.
func (b *checklistBuilder) dueAreas(live []model.Change) map[string]string {
	cause := map[string]string{}
	for i := range live {
		for _, a := range slices.Concat(live[i].Areas, live[i].Touched) {
			cause[a] = a
		}
	}
	for grown := true; grown; {
		grown = false
		for _, a := range b.config.Areas {
			for _, dep := range a.Depends {
				if _, due := cause[a.ID]; !due && cause[dep] != "" {
					cause[a.ID], grown = cause[dep], true
				}
			}
		}
	}
	for a, from := range cause {
		cause[a] = areaName(b.config, from, b.day.Lang)
		if a == from {
			cause[a] = ""
		}
	}
	return cause
}

func (b *checklistBuilder) checksOf(area string) []standingCheck {
	var out []standingCheck
	for _, a := range b.day.areas {
		if a.area == area {
			out = append(out, a.checks...)
		}
	}
	return out
}

// lintBoxes tells of rows that have a box on no system of today.
func (b *checklistBuilder) lintBoxes(h model.DayHeader, rows []row) {
	for _, r := range rows {
		if r.Uncheckable || slices.ContainsFunc(today(h), func(s model.DaySystem) bool { return !b.cell(r, s).NA }) {
			continue
		}
		b.list.Add(diag.New(
			diag.Note, "no-box", diag.Position{Commit: string(r.change.Merge)},
			diag.Say("%s (%q) can be checked on no system of today", r.ChangeID, r.change.Title),
			diag.Say("Check it on the test system, or look whether systems[].areas names all that a system has."),
		))
	}
}

// lintAreas tells of standing checks for areas that are not configured.
func (b *checklistBuilder) lintAreas() {
	ids := areaIDs(b.config)
	for _, a := range b.day.areas {
		if a.area != "*" && a.area != "" && !slices.Contains(ids, a.area) {
			lint{&b.list}.add(diag.Warning, a.source, "unknown-area", meant(a.area, append([]string{"*"}, ids...)), "area %q is not in daybreak.yaml", a.area)
		}
	}
}

func standing(s standingCheck, code, area, why string) model.Check {
	if title := strings.ReplaceAll(s.title, "{area}", area); title != s.title && why == "" {
		s.title, area = title, "" // the title names it
	}
	return model.Check{
		Code: code, Title: strings.ReplaceAll(s.title, "{area}", area), How: s.how, Expect: s.expect,
		Owner: s.owner, Area: area, Because: why, Risk: model.RiskNormal,
	}
}

var (
	stepNumber = regexp.MustCompile(`(?:^|\s)\d{1,2}[.)]\s+`)
	stepSlash  = regexp.MustCompile(`\s+/\s+|\r?\n`)
	stepDash   = regexp.MustCompile(`^\s*[-*•]\s+`)
)

// splitSteps reads the steps of a check: separated by " / ", each on a line, or
// numbered "1. … 2. …". Numbers count only as far as they run on from 1, so
// that "version 2. Open" stays whole.
func splitSteps(text string) []string {
	var out []string
	for _, part := range stepSlash.Split(strings.TrimSpace(text), -1) {
		for _, step := range splitNumbered(part, len(out)+1) {
			if step = sheetText(stepDash.ReplaceAllString(step, "")); step != "" {
				out = append(out, step)
			}
		}
	}
	return out
}

// splitNumbered splits at the numbers that run on from first; the first of them
// must stand at the beginning.
func splitNumbered(text string, first int) []string {
	var starts, ends []int // of the marks that count
	for _, m := range stepNumber.FindAllStringIndex(text, -1) {
		number := strings.TrimSpace(text[m[0]:m[1]])
		if m[0] == 0 && number[:len(number)-1] == "1" {
			first = 1 // it begins anew
		}
		if number[:len(number)-1] == fmt.Sprint(first+len(starts)) && (len(starts) > 0 || m[0] == 0) {
			starts, ends = append(starts, m[0]), append(ends, m[1])
		}
	}
	if len(starts) == 0 {
		return []string{text}
	}
	var out []string
	for i, end := range ends {
		if i+1 < len(starts) {
			out = append(out, text[end:starts[i+1]])
		} else {
			out = append(out, text[end:])
		}
	}
	return out
}
