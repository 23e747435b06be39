package printed

import (
	"fmt"
	"strings"
	"time"

	"daybreak/internal/model"
)

// Row is one row of a sheet as far as people act on it.
type Row struct {
	Key    string `yaml:"key"`            // stays the same while the row means the same: "step S06", "check !412"
	Code   string `yaml:"code,omitempty"` // as printed: "S06", "C07"; "" for a fact of the first sheet
	Text   string `yaml:"text"`
	Sheets []int  `yaml:"sheets,flow,omitempty"` // from 1; none where unknown
}

// sheet collects rows; keys that come twice get a number.
type sheet struct {
	rows []Row
	seen map[string]int
}

func (s *sheet) add(key, code string, parts ...string) {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	if s.seen == nil {
		s.seen = map[string]int{}
	}
	if s.seen[key]++; s.seen[key] > 1 {
		key = fmt.Sprintf("%s %d", key, s.seen[key])
	}
	s.rows = append(s.rows, Row{Key: key, Code: code, Text: strings.Join(said, " · ")})
}

func (s *sheet) head(h *model.DayHeader) {
	s.add("tags", "", strings.TrimSpace(h.Baseline+" → "+h.Target))
	s.add("date", "", dateText(h.Date))
	for _, sys := range h.Systems {
		state := "✓"
		switch {
		case sys.Test:
			state = "T"
		case !sys.Today:
			state = "– " + sys.Why
		}
		s.add("system "+sys.ID, sys.ID, sys.Name, state)
	}
}

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Runbook gives the rows of a runbook in the order of its sheets.
func Runbook(b *model.Runbook) []Row {
	var s sheet
	s.head(&b.DayHeader)
	s.add("next", "", dateText(b.Next))
	for _, p := range b.People {
		s.add("person "+p.Role, p.Role, strings.TrimSpace(p.Name+" "+p.Phone), strings.TrimSpace(p.Deputy+" "+p.DeputyPhone))
	}
	for _, n := range b.Special {
		s.add("note "+n.Source, n.Code, n.Text, n.Rollback, n.Threshold, strings.Join(n.Systems, ", "), n.Owner)
	}
	for _, p := range b.Phases {
		for _, st := range p.Steps {
			parts := []string{strings.Trim(st.Clock+"–"+st.End, "–"), st.Text, st.Detail, st.Order, st.Threshold, st.Owner, st.Deputy, ids(st.Systems), strings.Join(st.Boxes, ", ")}
			if g := st.Gate; g != nil {
				parts = append(parts, g.Question, strings.Join(g.Criteria, "; "), g.Decider, g.Confirm, g.Latest, g.NoGo)
			}
			s.add("step "+st.Code, st.Code, parts...)
		}
	}
	for i, r := range b.Ladder {
		s.add(fmt.Sprint("ladder ", i+1), r.Until, r.Meaning, r.Say, r.Do)
	}
	return s.rows
}

// Checklist gives the rows of a checklist, each once, in the order of its sheets.
func Checklist(c *model.Checklist) []Row {
	var s sheet
	s.head(&c.DayHeader)
	add := func(of *model.Check, cells string) {
		key := "check " + of.ChangeID
		if of.ChangeID == "" {
			key = "standing " + of.Area + " " + of.Title
		}
		s.add(key, of.Code, of.Title, of.RiskWhy, strings.Join(of.How, " / "), of.Expect, of.Tested, of.Owner, cells)
	}
	for i := range c.Smoke {
		add(&c.Smoke[i], "")
	}
	if len(c.Matrix) > 0 {
		for i := range c.Matrix[0].Checks {
			var cells []string
			for _, block := range c.Matrix {
				for _, cell := range block.Checks[i].Cells {
					if !cell.NA {
						cells = append(cells, cell.System)
					}
				}
			}
			add(&c.Matrix[0].Checks[i], strings.Join(cells, ", "))
		}
	}
	for i := range c.Interactions {
		add(&c.Interactions[i], "")
	}
	return s.rows
}

// Poster gives the rows of a poster: the names on it.
func Poster(p *model.Poster) []Row {
	var s sheet
	for _, name := range p.Names {
		s.add("name "+name, "", name)
	}
	return s.rows
}

// PhoneStrip gives the rows of the strips for the phone desk.
func PhoneStrip(p *model.PhoneStrip) []Row {
	var s sheet
	s.add("date", "", dateText(p.Date))
	s.add("next", "", dateText(p.Next))
	for i, n := range p.New {
		act := ""
		if n.Act {
			act = "!"
		}
		s.add(fmt.Sprint("new ", i+1), "", act, n.Title, strings.Join(n.Systems, ", "))
	}
	for _, d := range p.Deviating {
		s.add("deviation "+d.Where, d.Where, d.What, d.Hotfix)
	}
	s.add("known", "", strings.Join(strings.Fields(p.Known), " "))
	for _, r := range p.Ring {
		s.add("person "+r.Role, r.Role, strings.TrimSpace(r.Name+" "+r.Phone), strings.TrimSpace(r.Deputy+" "+r.DeputyPhone))
	}
	return s.rows
}

func ids(systems []model.DaySystem) string {
	out := make([]string, len(systems))
	for i, s := range systems {
		out[i] = s.ID
	}
	return strings.Join(out, ", ")
}

// Place says on which sheets the rows stand: places is where the elements with
// the ids of team/runbook.html and team/checklist.html are. Facts stand on the
// first sheet; a row whose place isn't known has none.
func Place(rows []Row, places map[string]int) []Row {
	for i := range rows {
		r := &rows[i]
		kind, _, _ := strings.Cut(r.Key, " ")
		switch kind {
		case "step":
			r.on(places["r-"+r.Code])
		case "note":
			r.on(places["r-note-"+r.Code])
		case "ladder":
			r.on(places["r-ladder"])
		case "check", "standing":
			for block := 1; places[fmt.Sprintf("r-%d-%s", block, r.Code)] > 0; block++ {
				r.on(places[fmt.Sprintf("r-%d-%s", block, r.Code)])
			}
		default:
			r.on(1)
		}
	}
	return rows
}

func (r *Row) on(sheet int) {
	if sheet > 0 {
		r.Sheets = append(r.Sheets, sheet)
	}
}
