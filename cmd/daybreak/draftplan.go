package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/theme"
)

// draftPlan is what a refresh would write.
type draftPlan struct {
	version string
	files   []plannedDraft
	beside  []plannedFile // pictures that move along
	more    []plannedFile // what the move out of the unreleased leaves behind
}

type plannedDraft struct {
	lang    model.Lang
	created bool
	changed bool
	result  editorial.Result
	draft   plannedFile
	base    plannedFile
}

// plannedFile is a file to write, or to remove where data is nil.
type plannedFile struct {
	path string // relative to the workspace, with slashes
	data []byte
}

// planDrafts merges the drafts of one release with its facts. The unreleased
// drafts give the words of what has been tagged since to its releases first, the
// oldest before the others: so there can be several plans, to be written in their
// order, the one that was asked for last.
func (w *workspace) planDrafts(list []model.Release, version string) ([]*draftPlan, error) {
	look, err := w.theme()
	if err != nil {
		return nil, fmt.Errorf("loading the theme: %w", err)
	}
	shelf, found, err := w.drafts()
	if err != nil {
		return nil, err
	}
	r, err := pickRelease(list, version, shelf)
	if err != nil {
		return nil, err
	}
	refresh := drafting{w, look, shelf, found, list}
	var plans []*draftPlan
	for i := len(list) - 1; i >= 0 && &list[i] != r; i-- {
		if theirs, _ := compose.Inherit(shelf, &list[i], list); theirs != nil {
			plan, err := refresh.plan(&list[i])
			if err != nil {
				return nil, err
			}
			plans = append(plans, plan)
		}
	}
	plan, err := refresh.plan(r)
	return append(plans, plan), err
}

// drafting is one run's knowledge. Its shelf follows what is planned.
type drafting struct {
	*workspace
	look  *theme.Theme
	shelf editorial.Shelf
	found diag.List
	list  []model.Release
}

func (w *drafting) plan(r *model.Release) (*draftPlan, error) {
	shelf, list, look := w.shelf, w.list, w.look
	plan := &draftPlan{version: r.Slug()}
	pairs := shelf[r.Slug()]
	// The words written while a release was unreleased go with it when it is tagged.
	moved, rest := compose.Inherit(shelf, r, list)
	if moved != nil {
		pairs = moved
	}
	read := []string{editorial.Folder + "/" + r.Slug() + "/"}
	if moved != nil || rest != nil {
		read = append(read, editorial.Folder+"/unreleased/")
	}
	var wrong diag.List
	for _, d := range w.found {
		for _, folder := range read {
			if d.Severity == diag.Error && strings.HasPrefix(d.Position.File, folder) {
				wrong.Add(d)
			}
		}
	}
	if wrong.Worst() != diag.Error {
		wrong = append(wrong, compose.Strays(w.config, r, shelf)...)
	}
	for _, l := range w.config.Languages {
		if wrong.Worst() == diag.Error {
			break
		}
		facts := compose.DraftFacts(w.config, r, l, draftWords(look, l))
		p := planOne(r.Slug(), l, pairs[l], facts)
		if moved != nil && pairs[l].Draft != nil {
			p.changed = true
			plan.more = append(plan.more, leftBehind(l, rest[l])...)
		}
		for _, a := range p.result.Alarms {
			if a.Severity == diag.Error {
				wrong.Add(a)
			}
		}
		plan.files = append(plan.files, p)
	}
	if moved != nil {
		if err := plan.bringPictures(w.dir, rest); err != nil {
			return nil, err
		}
	}
	if moved != nil {
		w.take(r, plan, rest)
	}
	return plan, wrong.Err()
}

// take makes the shelf what it will be when the plan, which moves drafts out of
// the unreleased, is written.
func (w *drafting) take(r *model.Release, plan *draftPlan, rest map[model.Lang]*editorial.Draft) {
	old := w.shelf["unreleased"]
	own, stays := map[model.Lang]editorial.Pair{}, map[model.Lang]editorial.Pair{}
	for _, p := range plan.files {
		own[p.lang] = editorial.Pair{Draft: p.result.Draft, Base: p.result.Base}
		if d := rest[p.lang]; d != nil {
			stays[p.lang] = editorial.Pair{Draft: d, Base: old[p.lang].Base}
		}
	}
	w.shelf[r.Slug()], w.shelf["unreleased"] = own, stays
}

func planOne(slug string, l model.Lang, pair editorial.Pair, f editorial.Facts) plannedDraft {
	p := plannedDraft{lang: l}
	file := editorial.Folder + "/" + editorial.Name(slug, l)
	var before []byte
	if pair.Draft == nil {
		fresh := editorial.Generate(f)
		p.created, p.result = true, editorial.Result{Draft: fresh, Base: fresh}
		for _, change := range f.Changes {
			p.result.Added = append(p.result.Added, change.ID)
		}
	} else {
		before = pair.Draft.Bytes()
		p.result = editorial.Merge(pair.Base, pair.Draft, f)
	}
	p.draft = plannedFile{file, p.result.Draft.Bytes()}
	p.base = plannedFile{editorial.BaseFolder + "/" + editorial.Name(slug, l), p.result.Base.Bytes()}
	p.changed = p.created || !bytes.Equal(before, p.draft.data)
	return p
}

// bringPictures copies what lies beside the unreleased drafts to the release's
// own, and takes it away there where no draft stays behind.
func (p *draftPlan) bringPictures(dir string, rest map[model.Lang]*editorial.Draft) error {
	stays := false
	for _, d := range rest {
		stays = stays || d != nil
	}
	root := filepath.Join(dir, filepath.FromSlash(editorial.Folder), "unreleased")
	var gone []plannedFile
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || strings.HasPrefix(name, "notes.") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("reading what lies beside the drafts: %w", err)
		}
		name = filepath.ToSlash(name)
		p.beside = append(p.beside, plannedFile{editorial.Folder + "/" + p.version + "/" + name, data})
		gone = append(gone, plannedFile{path: editorial.Folder + "/unreleased/" + name})
		return nil
	})
	if !stays {
		p.more = append(gone, p.more...)
	}
	return err
}

// leftBehind is what stays in the unreleased drafts when a release has taken
// its own words: nothing, mostly.
func leftBehind(l model.Lang, rest *editorial.Draft) []plannedFile {
	draft := plannedFile{path: editorial.Folder + "/" + editorial.Name("unreleased", l)}
	if rest != nil {
		draft.data = rest.Bytes()
		return []plannedFile{draft}
	}
	return []plannedFile{draft, {path: editorial.BaseFolder + "/" + editorial.Name("unreleased", l)}}
}

// pickRelease finds the release that is meant: by version, tag or slug; "" is
// the unreleased one where something is merged or its drafts have words, else the
// newest.
func pickRelease(list []model.Release, version string, shelf editorial.Shelf) (*model.Release, error) {
	for i := range list {
		r := &list[i]
		if version == "" && (!r.Unreleased || len(r.Live()) > 0 || len(r.Changes) > 0 && len(shelf[r.Slug()]) > 0) {
			return r, nil
		}
		if version != "" && (version == r.Slug() || version == r.Tag || !r.Unreleased && strings.EqualFold(version, r.Version.String())) {
			return r, nil
		}
	}
	return nil, diag.Refuse("no-release", diag.Say("there is no release %q", version),
		diag.Say("`daybreak releases` lists them; what is merged and not tagged is called unreleased."))
}

// write puts every file into place, each whole or not at all: first the words,
// then what daybreak remembers of them, at last what has moved away.
func (p *draftPlan) write(dir string) error {
	files := p.beside
	for _, f := range p.files {
		if f.changed {
			files = append(files, f.draft)
		}
	}
	for _, f := range p.files {
		files = append(files, f.base)
	}
	for _, f := range append(files, p.more...) {
		path := filepath.Join(dir, filepath.FromSlash(f.path))
		var err error
		if f.data == nil {
			err = output.Remove(path)
		} else {
			err = output.Replace(path, f.data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
