package main

import (
	"cmp"
	"context"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/fragment"
	"daybreak/internal/gitsource"
	"daybreak/internal/model"
)

// attachNotes reads the note files of a release at its tag and gives them to
// its changes.
func (w *workspace) attachNotes(ctx context.Context, repo *gitsource.Repository, r config.Repository, rel *model.Release) (diag.List, error) {
	var settings []fragment.Setting
	for _, f := range r.Fragments {
		settings = append(settings, fragment.Setting{Format: f.Format, Path: f.Path, Kinds: f.Kinds, Lang: f.Lang})
	}
	lang := cmp.Or(w.config.History.Language, model.English)
	sources, found, err := fragment.Detect(treeAt{ctx, repo, rel.Commit}, settings, lang)
	if err != nil {
		return found, err
	}
	var notes []model.Fragment
	elsewhere := compose.PartsOfOthers(rel)
	doubtful := map[string]diag.List{} // what is wrong with notes that another part's commits brought
	for i := range sources {
		s := &sources[i]
		files, err := repo.NoteFiles(ctx, rel, gitsource.NoteSelection{
			Globs: s.Globs, Except: s.Except, Changelog: s.Changelog, Kept: s.Kept, Key: s.Key(),
		})
		if err != nil {
			return found, err
		}
		for _, file := range files {
			list, more := s.Parse(file.Path, file.Data)
			if elsewhere[file.Added] {
				doubtful[file.Path] = more
			} else {
				found = append(found, more...)
			}
			for k := range list {
				list[k].Commit, list[k].Later, list[k].In = file.Added, file.Later, file.In
			}
			notes = append(notes, list...)
		}
	}
	compose.Attach(rel, notes)
	// Such a note can still be of a change of this part, which it names.
	for i := range rel.Changes {
		if f := rel.Changes[i].Fragment; f != nil {
			found = append(found, doubtful[f.Path]...)
			delete(doubtful, f.Path)
		}
	}
	return found, nil
}

// treeAt is one commit's tree as package fragment asks for it.
type treeAt struct {
	ctx    context.Context
	repo   *gitsource.Repository
	commit model.Hash
}

func (v treeAt) File(path string) ([]byte, bool, error) {
	return v.repo.FileAt(v.ctx, v.commit, path)
}

func (v treeAt) Files(globs ...string) ([]string, error) {
	return v.repo.FilesAt(v.ctx, v.commit, globs...)
}
