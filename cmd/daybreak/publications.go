package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/journal"
	"daybreak/internal/markdown"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/publication"
)

// publications reads what was published, by the releases' slugs.
func (w *workspace) publications() (map[string]*model.Publication, diag.List, error) {
	if w.dir == "" {
		return nil, nil, nil
	}
	return publication.Load(os.DirFS(w.dir), editorial.Folder, w.config.Location())
}

// publish brings what was published into the releases.
func (w *workspace) publish(list []model.Release, all bool) (diag.List, error) {
	known, found, err := w.publications()
	if err != nil || found.Worst() == diag.Error {
		return found, err // what was misread must not be shown
	}
	return append(found, w.show(list, known, all)...), nil
}

// show is publish with publications that are known. Pictures that only the
// published words name still lie beside the drafts.
func (w *workspace) show(list []model.Release, known map[string]*model.Publication, all bool) diag.List {
	found := compose.Publish(w.config, list, known, all)
	for slug, p := range known {
		for _, words := range p.Words {
			w.keepPictures(slug, words)
		}
	}
	return found
}

// keepPictures finds the pictures of published words in the release's folder.
// One that is gone is a link that leads nowhere, which `check` tells.
func (w *workspace) keepPictures(slug string, words *model.ReleaseWords) {
	texts := []string{words.Intro, words.Known}
	for _, n := range words.Notes {
		texts = append(texts, n.Note.Body, n.Note.BreakingNote)
	}
	md := markdown.New()
	for _, text := range texts {
		if !strings.Contains(text, "![") {
			continue
		}
		for _, pic := range md.Pictures(text) {
			name, _, _ := strings.Cut(pic.Address, "#")
			if _, have := w.pictures[name]; have || !strings.HasPrefix(name, markdown.OwnFolder+slug+"/") {
				continue
			}
			file := path.Join("releases", strings.TrimPrefix(name, markdown.OwnFolder))
			if data, err := fs.ReadFile(w.content, file); err == nil && len(data) <= editorial.MaxPicture {
				if w.pictures == nil {
					w.pictures = map[string][]byte{}
				}
				w.pictures[name] = data
			}
		}
	}
}

// findRelease finds a release by its version, tag or path segment.
func findRelease(list []model.Release, name string) (*model.Release, error) {
	want, isVersion := model.ParseVersion(name)
	var some []string
	for i := range list {
		r := &list[i]
		if r.Unreleased {
			continue
		}
		if r.Tag == name || r.Slug() == name || isVersion && r.Version.Compare(want) == 0 {
			return r, nil
		}
		if len(some) < 3 {
			some = append(some, r.Version.String())
		}
	}
	p := diag.Refuse("unknown-release", diag.Say("there is no release %q", name),
		diag.Say("the newest ones: %s.", strings.Join(some, ", ")))
	switch {
	case name == "unreleased":
		p = diag.Refuse(p.Code, diag.Say("what isn't tagged can't be published"), diag.Say("tag it first."))
	case len(some) == 0:
		p.Advise(diag.Say("the repository has no release tag yet."))
	}
	return nil, p
}

// newestRelease is the release that the next morning is about.
func newestRelease(list []model.Release) *model.Release {
	for _, pre := range []bool{false, true} {
		for i := range list {
			if !list[i].Unreleased && list[i].Prerelease == pre {
				return &list[i]
			}
		}
	}
	return nil
}

// rollout reads what the journals say of a release: its own one, or, for a
// hotfix, that of the day on which it was rolled out.
func (w *workspace) rollout(list []model.Release, r *model.Release) (publication.Rollout, compose.Morning, diag.List, error) {
	day, found := compose.LoadDay(w.content, w.config.Primary())
	if found.Worst() == diag.Error {
		return publication.Rollout{}, compose.Morning{}, found, errContent
	}
	version := r.Version.String()
	own, morning, more, err := w.rolloutOn(r, day, version)
	if err != nil || own.Written {
		return own, morning, append(found, more...), err
	}
	looked := 0
	// Hotfixes of hotfixes stand in the journal of the same day.
	for i := range list {
		on := &list[i]
		if on.Unreleased || on.Version.Line != r.Version.Line || on.Version.Compare(r.Version) >= 0 || !w.hasJournal(on) {
			continue
		}
		then, that, more, err := w.rolloutOn(on, day, version)
		if err != nil || publication.Tells(that.State, version) || r.HotfixOf != "" && that.State.Phase != journal.Closed {
			return then, that, append(found, more...), err
		}
		if looked++; looked == daysOfHotfix {
			break
		}
	}
	return own, morning, found, nil
}

// daysOfHotfix is in how many journals before its own a hotfix is looked for.
const daysOfHotfix = 3

func (w *workspace) hasJournal(r *model.Release) bool {
	_, err := fs.Stat(w.content, strings.TrimPrefix(journalName(r.Slug()), "content/"))
	return err == nil
}

// rolloutOn reads one release's journal for what it says of a version.
func (w *workspace) rolloutOn(on *model.Release, day compose.DayContent, version string) (publication.Rollout, compose.Morning, diag.List, error) {
	plan := w.dayPlan(on, day)
	name := journalName(on.Slug())
	text, written, err := w.journalText(on.Slug())
	if err != nil {
		return publication.Rollout{}, compose.Morning{}, nil, err
	}
	events, found := journal.Parse(name, text, plan)
	state, more := journal.Derive(name, events, plan)
	out := publication.RolloutOf(name, written, plan, state, version)
	out.Systems = slices.DeleteFunc(out.Systems, func(s publication.System) bool { return w.isTest(s.ID) })
	return out, w.morning(plan, state, w.header(on, day.Lang).Date), append(found, more...), nil
}

// morning is what decides over the mails of a day: the one that the journal names
// last, else the planned one.
func (w *workspace) morning(plan journal.Plan, state journal.State, day time.Time) compose.Morning {
	if said, err := time.ParseInLocation(time.DateOnly, state.Day, w.config.Location()); err == nil {
		day = said
	}
	m := compose.Morning{Plan: plan, State: state, Day: day, Now: time.Now()}
	if w.config.Train != nil {
		m.Opening = w.config.Train.Opening
	}
	return m
}

// dayPlan is what the journal of a release can speak of.
func (w *workspace) dayPlan(r *model.Release, day compose.DayContent) journal.Plan {
	h := w.header(r, day.Lang)
	book, _ := compose.Runbook(w.config, r, day, h)
	checks, _ := compose.Checklist(w.config, r, day, h)
	return w.plan(&book, &checks)
}

func (w *workspace) isTest(id string) bool {
	return slices.ContainsFunc(w.config.Systems, func(s config.System) bool { return s.ID == id && s.Test })
}

// shelfOf is all that a decision about a publication needs: every release, and
// what is known of them.
type shelfOf struct {
	list  []model.Release
	known map[string]*model.Publication
	found diag.List
}

// gather reads the releases and what was published of them.
func (w *workspace) gather(ctx context.Context, m messages) (shelfOf, error) {
	var s shelfOf
	if w.dir == "" {
		return s, diag.Refuse("no-workspace", diag.Say("what was published is written down in a workspace, and there is none here"),
			diag.Say("go to one, name it with --workspace, or make one with `daybreak init`."))
	}
	if err := w.found.Err(); err != nil {
		return s, err
	}
	progress, wipe := m.progress()
	list, found, err := w.releases(ctx, "", w.needsPaths(), progress)
	wipe()
	if err == nil {
		err = found.Err()
	}
	if err != nil {
		return s, err
	}
	known, more, err := w.publications()
	if err == nil {
		err = more.Err()
	}
	if err != nil {
		return s, err
	}
	s = shelfOf{list: list, known: known, found: append(found, more...)}
	if s.known == nil {
		s.known = map[string]*model.Publication{}
	}
	s.found = append(s.found, w.show(list, s.known, true)...)
	return s, nil
}

// day is the day of a decision and whether it was given by hand.
func (w *workspace) day(given string) (time.Time, bool, error) {
	zone := w.config.Location()
	if given == "" {
		return compose.Day(w.config, time.Now()), false, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, given, zone)
	if err != nil {
		return day, true, wrongUse(diag.Say("--date must be a day like 2026-12-01, not %q", given))
	}
	return day, true, nil
}

// caseOf gathers all that decides over one release. What the checks find is
// left to the caller: it takes longest. The morning is that of the day on which
// it is rolled out.
func (w *workspace) caseOf(s shelfOf, r *model.Release, date string) (publication.Case, compose.Morning, error) {
	rollout, morning, _, err := w.rollout(s.list, r)
	if err != nil {
		return publication.Case{}, compose.Morning{}, err
	}
	dating, err := w.dating(r, s.known, rollout.File, date)
	if err != nil {
		return publication.Case{}, compose.Morning{}, err
	}
	c := publication.Case{
		Version: r.Version.String(), Tagged: compose.Day(w.config, r.Date), Publication: s.known[r.Slug()], Words: map[model.Lang]*model.ReleaseWords{},
		Withheld: map[string]bool{}, Rollout: rollout, Approvals: w.config.Publish.Approvals, Dating: dating, Flags: w.place.flags(),
	}
	if c.Publication == nil {
		c.Publication = &model.Publication{Version: c.Version}
	}
	for _, l := range w.config.Languages {
		c.Words[l] = compose.Words(w.config, r, l)
	}
	for i := range r.Changes {
		c.Withheld[r.Changes[i].ID] = r.Changes[i].Guarded != ""
	}
	return c, morning, nil
}

// lockPublishing keeps a second publish, approve or withdraw off the workspace.
func (w *workspace) lockPublishing() (func() error, error) {
	unlock, err := output.Lock(filepath.Join(w.dir, ".daybreak", "publish.lock"), diag.Refuse("publishing", diag.Say("somebody else is publishing from this workspace right now; this run has changed nothing"),
		diag.Say("wait until it is done, look at `daybreak status%s`, and run this again if it is still needed.", w.place.flags())))
	if p := (*diag.Problem)(nil); errors.As(err, &p) && p.Code == "output-not-writable" {
		return nil, diag.Refuse("workspace-not-writable", diag.Say("the workspace %q can't be written, and decisions are written down in it; nothing has changed", w.dir),
			diag.Say("get leave to write there, or decide in a copy of your own and bring that back with git.")).Because(p.Err)
	}
	return unlock, err
}

// decision is a release about which publish, withdraw or approve decides, with
// all that they need to know.
type decision struct {
	shelf   shelfOf
	release *model.Release
	on      publication.Case
	done    func() // lets the next one decide
}

// decide reads what a decision about a version needs; where it is to be written
// down (alone), nobody else decides in this workspace meanwhile.
func (w *workspace) decide(ctx context.Context, m messages, version, date string, alone bool) (_ *decision, err error) {
	d := &decision{done: func() {}}
	if alone && w.dir != "" {
		unlock, err := w.lockPublishing()
		if err != nil {
			return nil, err
		}
		d.done = func() { _ = unlock() } // the process's end lets go of it, too
	}
	defer func() {
		if err != nil {
			d.done()
		}
	}()
	if d.shelf, err = w.gather(ctx, m); err != nil {
		return nil, err
	}
	if d.release, err = findRelease(d.shelf.list, version); err != nil {
		return nil, err
	}
	if d.on, _, err = w.caseOf(d.shelf, d.release, date); err != nil {
		return nil, err
	}
	return d, nil
}

// keep writes what is known of a release's publication, and takes it into the
// releases.
func (w *workspace) keep(s *shelfOf, r *model.Release, p *model.Publication) error {
	data, err := publication.Format(p)
	if err != nil {
		return err
	}
	if err := output.Replace(filepath.Join(w.dir, filepath.FromSlash(compose.PublicationFile(r.Slug()))), data); err != nil {
		return err
	}
	s.with(w, r, p)
	return nil
}

// with takes a publication into the releases without writing it down.
func (s *shelfOf) with(w *workspace, r *model.Release, p *model.Publication) {
	s.known = maps.Clone(s.known)
	s.known[r.Slug()] = p
	s.list = slices.Clone(s.list)
	s.found = w.show(s.list, s.known, true)
}

// person finds who is meant by initials, id or name: initials, which is how
// people sign.
func (w *workspace) person(who string) (string, error) {
	var all []string
	for _, p := range w.config.People {
		if strings.EqualFold(p.Initials, who) || strings.EqualFold(p.ID, who) || strings.EqualFold(p.Name, who) {
			return p.Initials, nil
		}
		all = append(all, p.Initials)
	}
	if len(all) > 0 {
		return "", wrongUse(diag.Say("nobody under people in %s is called %q; there are %s", configFile, who, strings.Join(all, ", ")))
	}
	if who = oneLine(who); who == "" {
		return "", wrongUse(diag.Say("--by needs somebody's initials"))
	}
	return who, nil
}
