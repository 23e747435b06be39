package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// journalName is a release's journal as diagnostics name it, inside the
// workspace.
func journalName(slug string) string { return "content/journal/" + slug + ".log" }

// strayJournals warns of files among the journals that nobody reads; list holds every
// release.
func (w *workspace) strayJournals(list []model.Release) (diag.List, error) {
	if w.dir == "" {
		return nil, nil
	}
	files, err := fs.ReadDir(w.content, "journal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the journals: %w", err)
	}
	known := map[string]bool{}
	for i := range list {
		known[list[i].Slug()] = true
	}
	var found diag.List
	for _, f := range files {
		at := diag.Position{File: "content/journal/" + f.Name()}
		slug, isLog := strings.CutSuffix(f.Name(), ".log")
		switch slug = strings.TrimSuffix(slug, ".mails"); {
		case f.IsDir() || strings.HasPrefix(f.Name(), ".") || isLog && known[slug]:
		case isLog:
			found.Add(diag.New(diag.Warning, "stray-journal", at, diag.Say("no release is called %q, so nobody reads this journal", slug),
				diag.Say("call it as the release is called, %s; `daybreak releases` names them all.", path.Base(journalName("<version>")))))
		default:
			found.Add(diag.New(diag.Warning, "stray-journal", at, diag.Say("no journal is called %q, so nobody reads it", f.Name()),
				diag.Say("call it as the release is called, %s; `daybreak releases` names them all.", path.Base(journalName("<version>")))))
		}
	}
	return found, nil
}

// plan is what a release's journal can speak of.
func (w *workspace) plan(b *model.Runbook, c *model.Checklist) journal.Plan {
	p := journal.PlanOf(b, c)
	for _, person := range w.config.People {
		p.Initials = append(p.Initials, person.Initials)
	}
	return p
}

// journalText reads a release's journal, "" and false where there is none.
func (w *workspace) journalText(slug string) (string, bool, error) {
	data, err := fs.ReadFile(w.content, strings.TrimPrefix(journalName(slug), "content/"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("reading the journal: %w", err)
	}
	return string(data), true, nil
}

// header is what every sheet of a release says: today's settings, and where its
// journal says otherwise which systems the day was about, that.
func (w *workspace) header(r *model.Release, l model.Lang) model.DayHeader {
	h := compose.Header(w.config, r, l, time.Time{})
	text, written, err := w.journalText(r.Slug())
	if err != nil || !written {
		return h // who reads the journal tells of it
	}
	var ids []string
	for _, s := range w.config.Systems {
		ids = append(ids, s.ID)
	}
	compose.List(w.config, &h, journal.Listings(text, ids))
	return h
}

// offList gives the lines for a day's first entry that say which systems aren't
// on its list: the settings won't know it any more when the next day comes.
func (w *workspace) offList() string {
	var out strings.Builder
	for _, s := range w.config.Systems {
		if why, _ := s.NotToday.In(w.config.Primary(), w.config.Languages...); why != "" && !s.Test {
			e := journal.Event{Kind: journal.System, Code: s.ID, Out: true, From: journal.None, To: journal.None, Words: strings.Join(strings.Fields(why), " ")}
			out.WriteString(e.String() + "\n")
		}
	}
	return out.String()
}

// protocol reads a release's journal, nil where there is none.
func (w *workspace) protocol(b *model.Runbook, p journal.Plan, list []model.Release) (*model.Protocol, diag.List, error) {
	text, written, err := w.journalText(b.Slug)
	if err != nil || !written {
		return nil, nil, err
	}
	name := journalName(b.Slug)
	p.Hotfixes = w.hotfixes(list, text)
	events, found := journal.Parse(name, text, p)
	state, more := journal.Derive(name, events, p)
	out := compose.Protocol(b, p, state)
	return &out, append(found, more...), nil
}

// pastRuns finds what the journals of earlier versions know of the database
// update, newest first. They are read with today's plan: a step's code is what
// it is known by.
func (w *workspace) pastRuns(p journal.Plan, before model.Version) []model.PastRun {
	if w.past == nil {
		past := w.readPastRuns(p)
		w.past = &past
	}
	var out []model.PastRun
	for _, r := range *w.past {
		if r.Minutes >= 0 && (before.Text == "" || r.version.Compare(before) < 0) {
			out = append(out, r.PastRun)
		}
	}
	return out
}

// learned gives what the last day before a version teaches, nil where none does.
func (w *workspace) learned(p journal.Plan, before model.Version) *model.Learned {
	w.pastRuns(p, before) // reads them, where nobody has yet
	for _, r := range *w.past {
		if len(r.lessons) > 0 && (before.Text == "" || r.version.Compare(before) < 0) {
			return &model.Learned{Version: r.Version, Slug: r.version.Slug(), Lessons: r.lessons}
		}
	}
	return nil
}

// recurring finds what deviated on several days before a version. Journals of
// releases that are neither in the list nor read as earlier ones don't count.
func (w *workspace) recurring(list []model.Release, day compose.DayContent, before model.Version) []model.Lesson {
	days, ok := w.deviated[day.Lang]
	if !ok {
		all := slices.Concat(list, w.earlier)
		for _, slug := range w.deviating() {
			i := slices.IndexFunc(all, func(r model.Release) bool { return r.Slug() == slug })
			text, _, err := w.journalText(slug)
			if i < 0 || err != nil {
				continue // the build of that release tells of it
			}
			plan := w.dayPlan(&all[i], day)
			events, _ := journal.Parse(journalName(slug), text, plan)
			state, _ := journal.Derive(journalName(slug), events, plan)
			days = append(days, compose.EarlierDay{Version: all[i].Version, Plan: plan, State: state})
		}
		if w.deviated == nil {
			w.deviated = map[model.Lang][]compose.EarlierDay{}
		}
		w.deviated[day.Lang] = days
	}
	return compose.Recurring(w.config, days, before, day.Lang)
}

// rememberedDays is how many days with deviations are held against each other: a
// third of a year of a three-weekly train.
const rememberedDays = 6

// deviating lists the releases whose journals tell of deviations, newest first.
func (w *workspace) deviating() []string {
	files, err := fs.Glob(w.content, "journal/*.log")
	if err != nil {
		return nil
	}
	var versions []model.Version
	for _, file := range files {
		v, ok := model.ParseVersion(strings.TrimSuffix(path.Base(file), ".log"))
		if text, _, err := w.journalText(v.Slug()); ok && err == nil && journal.HasDeviations(text) {
			versions = append(versions, v)
		}
	}
	slices.SortStableFunc(versions, func(a, b model.Version) int { return b.Compare(a) })
	var out []string
	for _, v := range versions[:min(len(versions), rememberedDays)] {
		out = append(out, v.Slug())
	}
	return out
}

// readEarlier reads, beside a single release, those whose journals tell of
// deviations.
func (w *workspace) readEarlier(ctx context.Context, list []model.Release) error {
	w.earlier = nil
	for _, slug := range w.deviating() {
		if slices.ContainsFunc(list, func(r model.Release) bool { return r.Slug() == slug }) {
			continue
		}
		more, _, err := w.releases(ctx, slug, w.needsPaths(), nil)
		var p *diag.Problem
		if errors.As(err, &p) && p.Code == "unknown-release" {
			continue // a journal of something that has no tag
		}
		if err != nil {
			return err
		}
		w.earlier = append(w.earlier, more...)
	}
	return nil
}

// pastRun is an earlier day: its database update, -1 minutes where nobody wrote
// it down, and what it teaches.
type pastRun struct {
	model.PastRun
	version model.Version
	lessons []model.Lesson
}

// readPastRuns reads every journal there is, newest version first. The plan is
// the same for all releases and languages as far as it matters here, so that once
// is enough.
func (w *workspace) readPastRuns(p journal.Plan) []pastRun {
	files, err := fs.Glob(w.content, "journal/*.log")
	if err != nil {
		return nil
	}
	var runs []pastRun
	for _, file := range files {
		v, ok := model.ParseVersion(strings.TrimSuffix(path.Base(file), ".log"))
		if !ok {
			continue
		}
		data, err := fs.ReadFile(w.content, file)
		if err != nil {
			continue // the build of that release tells of it
		}
		events, _ := journal.Parse(file, string(data), p)
		state, _ := journal.Derive(file, events, p)
		run := pastRun{model.PastRun{Version: v.String(), Minutes: -1}, v, compose.Lessons(state)}
		for _, s := range state.Steps {
			if s.Database {
				run.Minutes = s.Minutes()
			}
		}
		runs = append(runs, run)
	}
	slices.SortStableFunc(runs, func(a, b pastRun) int { return b.version.Compare(a.version) })
	return runs
}
