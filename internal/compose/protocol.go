package compose

import (
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// Protocol puts what was written down beside what was planned.
func Protocol(b *model.Runbook, p journal.Plan, s journal.State) model.Protocol {
	out := model.Protocol{
		DayHeader: b.DayHeader, Phase: string(s.Phase),
		Checked: s.Checked, Total: s.Total, Deviating: s.Deviating, Blocked: s.Blocked, Retest: s.Retest,
	}
	named := map[string]model.DaySystem{}
	for _, sys := range b.Systems {
		named[sys.ID] = sys
	}
	for _, sys := range s.Systems {
		of, ok := named[sys.ID]
		if !ok {
			of = model.DaySystem{ID: sys.ID, Name: sys.ID}
		}
		if of.Test {
			continue // it got the version before the day
		}
		of.Today = sys.Today
		if sys.NotBecome != "" {
			of.Why = sheetText(sys.NotBecome)
		}
		out.Systems = append(out.Systems, model.ProtocolSystem{DaySystem: of, Version: sys.Version, Since: sys.Since.String(), Told: sys.Told, Back: sys.Back, Open: sys.Open})
	}
	for _, st := range s.Steps {
		if len(st.Events) == 0 {
			continue
		}
		step := model.ProtocolStep{
			Code: st.Code, Text: st.Text, Kind: st.Kind, PlanFrom: int(st.Start), PlanTo: int(st.End), From: int(st.From), To: int(st.To),
			Minutes: st.Minutes(), Decision: string(st.Decision), Signs: st.Signs,
		}
		for _, e := range st.Events {
			if e.Words != "" {
				step.Words = append(step.Words, sheetText(strings.TrimSpace(strings.Join(e.Systems, ", ")+" "+e.Words)))
			}
		}
		out.Steps = append(out.Steps, step)
	}
	for _, v := range s.Deviations {
		out.Deviations = append(out.Deviations, model.ProtocolDeviation{
			Number: v.Number, Class: v.Class, Where: strings.TrimSpace(v.Code + " " + strings.Join(v.Systems, ", ")), At: v.At.String(),
			What: sheetText(v.Words), Who: strings.Join(v.Who, "/"), Hotfix: v.Hotfix, Settled: string(v.Settled),
			Title: v.Title, Owner: v.Owner,
		})
	}
	for _, h := range s.Hotfixes {
		at := h.From.String()
		if h.To >= 0 {
			at += "–" + h.To.String()
		}
		out.Hotfixes = append(out.Hotfixes, model.ProtocolHotfix{Code: h.Code, Version: h.Version, Ticket: h.Ticket, Systems: strings.Join(h.Systems, ", "), At: at, Words: sheetText(h.Words), Slug: hotfixSlug(p, h.Version)})
	}
	out.Rechecks, out.Lessons = Rechecks(s, p), Lessons(s)
	for _, n := range s.Notes {
		if _, ok := journal.Learned(n); ok {
			continue // it stands among what is to be learned
		}
		out.Notes = append(out.Notes, sheetText(strings.TrimSpace(n.From.String()+" "+n.Code+" "+n.Words)))
	}
	return out
}

// pastRuns is how many earlier days stand beside the delay ladder.
const pastRuns = 5

// placePastRuns says on which rung of the ladder each earlier day would end,
// begun at today's minute.
func placePastRuns(b *model.Runbook) {
	begin, ok := databaseBegin(b)
	if !ok {
		return
	}
	for _, r := range b.Past {
		end := begin + minute(r.Minutes)
		for i := range b.Ladder {
			if until, ok := parseMoment(b.Ladder[i].Until); ok && end <= minute(until.offset) {
				b.Ladder[i].Runs++
				break
			}
		}
	}
}

func databaseBegin(b *model.Runbook) (minute, bool) {
	for _, p := range b.Phases {
		for _, s := range p.Steps {
			if m, ok := parseMoment(s.Clock); ok && s.Database {
				return minute(m.offset), true
			}
		}
	}
	return 0, false
}

// AddPastRuns puts the durations of earlier days beside the delay ladder, newest
// first, and tells where the plan doesn't believe them.
func AddPastRuns(c *config.Config, b *model.Runbook, runs []model.PastRun) diag.List {
	if len(runs) == 0 {
		return nil
	}
	b.Past = runs[:min(len(runs), pastRuns)]
	var minutes []int
	for _, r := range b.Past {
		minutes = append(minutes, r.Minutes)
	}
	slices.Sort(minutes)
	// Of two in the middle the longer one: a plan should hold.
	b.Median, b.Worst = minutes[len(minutes)/2], minutes[len(minutes)-1]
	placePastRuns(b)
	planned := newClock(c).databaseMinutes
	if b.Median <= planned {
		return nil
	}
	return diag.List{diag.New(
		diag.Warning, "database-takes-longer", c.At("train.database"),
		diag.Say("the database update is planned with %d minutes, but half of the last %d took %d or more", planned, len(b.Past), b.Median),
		diag.Say("Set train.database to %d; the sheet's times and the delay ladder follow.", b.Median),
	)}
}
