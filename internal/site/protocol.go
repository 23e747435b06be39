package site

import (
	"fmt"
	"strings"

	"daybreak/internal/model"
	"daybreak/internal/theme"
)

// ProtocolPage is one release's protocol.
type ProtocolPage struct {
	TeamPage
	Head     model.DayHeader
	Protocol *model.Protocol
	Chart    *Chart // nil where no step has two times
}

// Chart is planned against actual: a row a step, a thin frame for the plan and
// a thick line for what was. Lengths are units of the drawing.
type Chart struct {
	Width, Height int
	Rows          []ChartRow
	Ticks         []ChartTick
}

// ChartRow is one step. A width of 0 is a part that isn't known.
type ChartRow struct {
	Code, Text             string // Text says both for those who can't see it
	Y, Middle, Base        int    // top of the frame, the line, the words' base
	PlanX, PlanWidth       int
	ActualX, ActualEnd     int
	Known, Planned, Moment bool // Moment: it has no length
}

// ChartTick is a clock time on the axis.
type ChartTick struct {
	X    int
	Text string
}

const (
	chartLeft  = 56 // for the codes
	chartWidth = 720
	chartRow   = 24
	chartGap   = 90 // minutes without anything, after which the drawing ends
)

// chart draws the steps that happened at a time; nil where there is none.
func chart(p *model.Protocol) *Chart {
	first, last := -1, -1
	span := func(from, to int) {
		for _, m := range []int{from, to} {
			if m >= 0 && (first < 0 || m < first) {
				first = m
			}
			last = max(last, m)
		}
	}
	var steps []model.ProtocolStep
	for _, s := range p.Steps {
		// The morning is what is looked at; the close of the day, hours later,
		// would press it into nothing.
		if far := last >= 0 && min(max(s.From, s.To), max(s.PlanFrom, s.From)) > last+chartGap; (s.From >= 0 || s.To >= 0) && !far {
			steps = append(steps, s)
			span(s.From, s.To)
			span(s.PlanFrom, s.PlanTo)
		}
	}
	if last <= first {
		return nil
	}
	x := func(m int) int { return chartLeft + (m-first)*(chartWidth-chartLeft-40)/(last-first) }
	c := &Chart{Width: chartWidth, Height: len(steps)*chartRow + 28}
	for i, s := range steps {
		y := 20 + i*chartRow
		row := ChartRow{Code: s.Code, Text: s.Code + " " + s.Planned() + " → " + s.Actual(), Y: y, Middle: y + 8, Base: y + 12, Known: true}
		if row.Planned = s.PlanFrom >= 0; row.Planned {
			row.PlanX = x(s.PlanFrom)
			row.PlanWidth = max(2, x(max(s.PlanFrom, s.PlanTo))-row.PlanX)
		}
		from, to := s.From, s.To
		if from < 0 {
			from = to
		}
		row.ActualX, row.ActualEnd = x(from), x(max(from, to))
		if row.Moment = row.ActualEnd-row.ActualX < 3; row.Moment {
			row.ActualEnd = row.ActualX + 3
		}
		c.Rows = append(c.Rows, row)
	}
	step := 15
	for (last-first)/step > 9 {
		step *= 2
	}
	for m := (first + step - 1) / step * step; m <= last; m += step {
		c.Ticks = append(c.Ticks, ChartTick{x(m), fmt.Sprintf("%02d:%02d", m/60%24, m%60)})
	}
	return c
}

// protocols writes the protocol of each day that has a journal, as a page and as
// markdown that can be pasted into a mail.
func (b *teamBuild) protocols(l model.Lang) error {
	for i := range b.site.Protocols[l] {
		p := &b.site.Protocols[l][i]
		page := ProtocolPage{TeamPage: b.document(l, p.DayHeader, "protocol"), Head: p.DayHeader, Protocol: p, Chart: chart(p)}
		if err := b.page(l, p.Slug+"/protocol/index.html", "team/protocol.html", page); err != nil {
			return err
		}
		text := ProtocolText(b.site.Product, p, l, b.theme)
		if err := b.sink.Put("team/"+b.dir(l)+p.Slug+"/protocol/protocol.md", []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// ProtocolText writes the protocol as mail-ready markdown: it reads well pasted
// raw into any mail program. Headings are underlined, one line a paragraph.
func ProtocolText(product string, p *model.Protocol, l model.Lang, t *theme.Theme) string {
	var b strings.Builder
	heading := func(text string) {
		fmt.Fprintf(&b, "%s\n%s\n\n", text, strings.Repeat("-", min(60, len([]rune(text)))))
	}
	title := strings.TrimSpace(fmt.Sprintf("%s %s – %s", product, p.Version, t.T(l, "team.protocol")))
	fmt.Fprintf(&b, "%s\n%s\n\n", title, strings.Repeat("=", min(60, len([]rune(title)))))
	if !p.Date.IsZero() {
		fmt.Fprintf(&b, "%s\n\n", t.Date(l, p.Date))
	}
	fmt.Fprintf(&b, "%s %s\n\n", t.T(l, "protocol.phase."+p.Phase), counted(p, l, t))
	heading(t.T(l, "protocol.systems"))
	for _, s := range p.Systems {
		fmt.Fprintf(&b, "- %s %s: %s\n", s.ID, s.Name, systemText(s, l, t))
	}
	b.WriteString("\n")
	heading(t.T(l, "protocol.steps"))
	for _, s := range p.Steps {
		parts := []string{s.Code + " " + s.Text}
		if s.Actual() != "" {
			parts = append(parts, t.T(l, "protocol.was", "Actual", s.Actual(), "Planned", orNone(s.Planned())))
		}
		if s.Decision != "" {
			parts = append(parts, t.T(l, "protocol.decision."+s.Decision))
		}
		if len(s.Signs) > 0 {
			parts = append(parts, strings.Join(s.Signs, "/"))
		}
		fmt.Fprintf(&b, "- %s\n", strings.Join(append(parts, s.Words...), "; "))
	}
	list := func(title string, n int, line func(int) string) {
		if n == 0 {
			return
		}
		b.WriteString("\n")
		heading(t.T(l, title))
		for i := range n {
			fmt.Fprintf(&b, "- %s\n", line(i))
		}
	}
	list("team.deviations", len(p.Deviations), func(i int) string { return deviationText(p.Deviations[i], l, t) })
	list("protocol.rechecks", len(p.Rechecks), func(i int) string { return recheckText(p.Rechecks[i], l, t) })
	list("protocol.hotfixes", len(p.Hotfixes), func(i int) string {
		h := p.Hotfixes[i]
		return strings.Join(strings.Fields(strings.Join([]string{h.Version, h.Ticket, h.Systems, h.At, h.Words}, " ")), " ")
	})
	list("protocol.learn", len(p.Lessons), func(i int) string { return lessonText(p.Lessons[i], l, t) })
	list("protocol.notes", len(p.Notes), func(i int) string { return p.Notes[i] })
	return readable(b.String())
}

func orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// counted is never a lone percentage: "31 of 34 checked, 1 deviation, 2 blocked".
func counted(p *model.Protocol, l model.Lang, t *theme.Theme) string {
	out := t.T(l, "protocol.checked", "Checked", p.Checked, "Total", p.Total) + ", " + t.T(l, "protocol.deviating", p.Deviating) + ", " + t.T(l, "protocol.blocked", p.Blocked)
	if p.Retest > 0 {
		out += ", " + t.T(l, "protocol.retest", p.Retest)
	}
	return out + "."
}

func systemText(s model.ProtocolSystem, l model.Lang, t *theme.Theme) string {
	if !s.Today {
		return strings.TrimSuffix(t.T(l, "team.nottoday")+": "+s.Why, ": ")
	}
	parts := []string{orNone(s.Version)}
	if s.Since != "" {
		parts[0] += " " + t.T(l, "protocol.since", "Time", s.Since)
	}
	if s.Back {
		parts = append(parts, t.T(l, "protocol.back"))
	}
	if s.Told {
		parts = append(parts, t.T(l, "protocol.told"))
	}
	if s.Open > 0 {
		parts = append(parts, t.T(l, "protocol.open", s.Open))
	}
	return strings.Join(parts, "; ")
}

// lessonText is one sentence of what a day teaches.
func lessonText(lesson model.Lesson, l model.Lang, t *theme.Theme) string {
	if lesson.Kind == model.LessonSaid {
		return lesson.Words
	}
	return t.T(l, "protocol.lesson."+string(lesson.Kind), "Code", lesson.Code, "Minutes", lesson.Minutes, "Planned", lesson.Planned, "Words", lesson.Words)
}

// recheckText is "C07 Deposits (2026.14.1, deviation 2): K1 in order, K3 to check again".
func recheckText(r model.Recheck, l model.Lang, t *theme.Theme) string {
	why := t.T(l, "team.recheck.area")
	if r.Deviation > 0 {
		why = t.T(l, "team.recheck.deviated", "Number", r.Deviation)
	}
	var cells []string
	for _, c := range r.Systems {
		found := t.T(l, "protocol.again")
		if c.Result != "" {
			found = t.T(l, "day.result."+c.Result)
		}
		cells = append(cells, c.System+" "+found)
	}
	return fmt.Sprintf("%s (%s, %s): %s", strings.TrimSpace(r.Row+" "+r.Title), r.Hotfix, why, strings.Join(cells, ", "))
}

func deviationText(v model.ProtocolDeviation, l model.Lang, t *theme.Theme) string {
	parts := []string{strings.TrimSpace(fmt.Sprintf("%d %s %s", v.Number, v.Class, strings.TrimSpace(v.Where+" "+v.Title)))}
	if v.What != "" {
		parts = append(parts, v.What)
	}
	if v.Owner != "" {
		parts = append(parts, t.T(l, "protocol.owner", "Owner", v.Owner))
	}
	if v.Hotfix != "" {
		parts = append(parts, t.T(l, "protocol.hotfix", "Version", v.Hotfix))
	}
	settled := "open"
	if v.Settled != "" {
		settled = v.Settled
	}
	return strings.Join(append(parts, t.T(l, "protocol.settled."+settled)), "; ")
}
