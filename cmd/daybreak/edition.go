package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/picture"
	"daybreak/internal/site"
	"daybreak/internal/theme"
)

// edition is all that the trees of one state of the workspace are written from.
// Each part of it is written by itself: a build writes all of them, a preview
// those that somebody looks at.
type edition struct {
	w    *workspace
	look *theme.Theme
	list []model.Release

	public   site.PublicSite // without its notes
	fresh    func() (freshMails, error)
	standing func() ([]model.Standing, error) // which version each customer system runs, by the journals
	withhold func([]model.Notes) diag.List    // takes out what must not leave a bare repository
	early    bool                             // customers' sites show what isn't published yet, too
	known    map[string]*model.Publication    // what is known of publications, by slug; only a preview asks
}

// freshMails are those of the newest releases, which the team's pages need too.
type freshMails struct {
	letters []letter
	found   diag.List
}

// part is what lies below one folder of the built tree.
type part struct {
	dir   string // "public", "systems/K1", "mail", "team"
	write func(context.Context, site.Sink) (diag.List, error)
}

// edition prepares what the parts share.
func (w *workspace) edition(look *theme.Theme, list []model.Release) (*edition, diag.List, error) {
	c := w.config
	assets, found, err := brandAssets(w)
	if err != nil {
		return nil, found, err
	}
	maps.Copy(assets, w.pictures)
	for name, data := range assets { // a photo's place and its owner are nobody's news
		assets[name] = picture.WithoutMetadata(data)
	}
	e := &edition{w: w, look: look, list: list}
	e.fresh = sync.OnceValues(e.freshMails)
	e.standing = sync.OnceValues(func() ([]model.Standing, error) { return w.standings(context.Background(), list) })
	e.public = site.PublicSite{Brand: map[model.Lang]model.Brand{}, Languages: c.Languages, Assets: assets}
	for _, r := range list {
		if r.Date.After(e.public.Updated) {
			e.public.Updated = r.Date
		}
		if p := r.Publication; p != nil && p.Words != nil && !p.Withdrawn.IsZero() {
			e.public.Gone = append(e.public.Gone, site.Gone{Version: r.Version.String(), Slug: r.Slug(), Day: p.Withdrawn})
		}
	}
	for _, l := range c.Languages {
		brand := compose.Brand(c, l)
		if logo := logoName(c.Product.Logo); logo != "" {
			brand.Logo = logo
		}
		e.public.Brand[l] = brand
	}
	return e, found, nil
}

// parts lists the trees, in the order in which a build writes them.
func (e *edition) parts() []part {
	out := []part{{"mail", e.writeMails}, {"public", e.writePublic}}
	for i := range e.w.config.Systems {
		if s := &e.w.config.Systems[i]; !s.Test {
			out = append(out, part{"systems/" + s.ID, func(_ context.Context, tree site.Sink) (diag.List, error) { return nil, e.writeSystem(s, tree) }})
		}
	}
	return append(out, part{"team", e.writeTeam})
}

func (e *edition) writePublic(_ context.Context, tree site.Sink) (diag.List, error) {
	var found diag.List
	own := e.public
	own.Notes = map[model.Lang][]model.Notes{}
	for _, l := range own.Languages {
		notes, more := e.notes(nil, l)
		own.Notes[l], found = notes, append(found, more...)
	}
	return found, site.Public(own, e.look, tree)
}

// notes are those that the readers of a system see, nil for everybody.
func (e *edition) notes(s *config.System, l model.Lang) ([]model.Notes, diag.List) {
	switch {
	case e.w.dir == "":
		notes := compose.Notes(e.w.config, e.list, l)
		return notes, e.withhold(notes)
	case e.early:
		return compose.AllNotes(e.w.config, e.list, s, l, 0), nil
	case s == nil:
		return compose.Notes(e.w.config, e.list, l), nil
	}
	return compose.SystemNotes(e.w.config, e.list, s, l), nil
}

// writeSystem writes a site like the public one for a customer system: what its
// areas bring, in its languages, and what is meant for it alone. Feeds are read far
// from their site, so what links absolutely does so from the system's own address;
// where that isn't known, all links are relative.
func (e *edition) writeSystem(s *config.System, tree site.Sink) error {
	own := e.public
	own.Dir, own.Reader = "systems/"+s.ID, s.Name
	if r, since := compose.Runs(e.w.config, e.list, s); r != nil {
		own.Runs = &site.Running{Version: r.Version.String(), Day: since.Day, At: since.At}
	}
	own.Languages = compose.SystemLanguages(e.w.config, s)
	own.Brand, own.Notes = map[model.Lang]model.Brand{}, map[model.Lang][]model.Notes{}
	for _, l := range own.Languages {
		brand := e.public.Brand[l]
		brand.URL = s.Notes
		own.Brand[l] = brand
		own.Notes[l], _ = e.notes(s, l) // only a workspace has systems, and there nothing is withheld
	}
	if own.Runs == nil {
		standing, err := e.standing()
		if err != nil {
			return err
		}
		own.Runs = runsByJournal(standing, s.ID, own.Notes[own.Languages[0]])
	}
	if err := site.Public(own, e.look, tree); err != nil {
		return fmt.Errorf("the site of system %q: %w", s.ID, err)
	}
	return nil
}

// runsByJournal is what the journals say of a system whose newest release counts as
// published on its tag's date: of a version of which its readers are told already.
func runsByJournal(standing []model.Standing, id string, told []model.Notes) *site.Running {
	for _, s := range standing {
		known := slices.ContainsFunc(told, func(n model.Notes) bool { return !n.Unreleased && n.Version == s.Version })
		if s.ID == id && known && !s.Day.IsZero() {
			return &site.Running{Version: s.Version, Day: s.Day, At: s.At}
		}
	}
	return nil
}

func (e *edition) writeTeam(_ context.Context, tree site.Sink) (diag.List, error) {
	c := e.w.config
	team := site.TeamSite{
		Languages: c.Languages, Product: c.Product.Name, Accent: c.Product.Accent,
		Runbooks: map[model.Lang][]model.Runbook{}, Checklists: map[model.Lang][]model.Checklist{}, Ledgers: map[model.Lang][]model.Ledger{},
		Days: map[model.Lang][]model.TrainDay{},
	}
	fresh, err := e.fresh()
	if err != nil {
		return fresh.found, err
	}
	for _, l := range fresh.letters {
		team.Mails = append(team.Mails, l.Mail)
	}
	team.Findings = compose.Findings(c, e.list)
	team.Hotfixes = compose.HotfixesByMended(e.list)
	team.Shared = compose.SharedSheets(e.list, e.w.wroteOf)
	days := compose.WithSheets(e.list, e.w.wroteOf)
	var found diag.List
	for _, l := range c.Languages {
		team.Days[l] = compose.DaysAround(c, l, e.public.Updated)
		inTeam, err := teamDocuments(e.w, e.list, l, days, &team)
		found = append(found, inTeam...)
		if err != nil {
			return found, err
		}
	}
	if e.w.dir != "" {
		if team.Standings, err = e.standing(); err != nil {
			return found, err
		}
	}
	if team.Stages, err = e.w.stages(e.list); err != nil {
		return found, err
	}
	return found, site.Team(team, e.look, tree)
}
