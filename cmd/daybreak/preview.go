package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/gitsource"
	"daybreak/internal/guard"
	"daybreak/internal/model"
	"daybreak/internal/serve"
	"daybreak/internal/theme"
)

// preview makes the editions that serve shows. It runs the steps of build; what
// it keeps from one edition to the next is what follows from inputs that have
// stayed the same, byte by byte.
type preview struct {
	at        place
	published bool // customers' sites show what customers see, no more
	progress  func(string, int, int)

	settings []byte          // daybreak.yaml, of which facts are made
	facts    []model.Release // what history says, before any draft
	found    diag.List       // with facts
	names    string          // the product's name where history gave it
	moved    bool            // history has changed since facts

	looks    [sha256.Size]byte // of all that look is made of
	look     *theme.Theme
	contents [sha256.Size]byte // of the settings and all content but the drafts
	sheets   *sheetStore

	mu       sync.Mutex
	suspects []string                  // files in which something was found, to be looked at first
	leaky    map[changeKey]guard.Title // of facts, and what an edition of them showed; never written to
}

// Roots is of serve.Builder.
func (p *preview) Roots() []serve.Root {
	w, err := openWorkspace(p.at)
	if err != nil {
		return p.roots(nil)
	}
	return p.roots(w)
}

// Make is of serve.Builder.
func (p *preview) Make(ctx context.Context, changed serve.Changed) serve.Result {
	// What moved stays to be looked at until history could be read.
	p.moved = p.moved || changed.History
	w, err := openWorkspace(p.at)
	if err != nil {
		return serve.Result{Problems: told(err)}
	}
	var out serve.Result
	e, err := p.edition(ctx, w, &out.Problems)
	if err != nil {
		out.Problems = append(out.Problems, told(err)...)
		return out
	}
	out.Edition = p.show(ctx, e)
	return out
}

// edition is the steps of build up to the documents.
func (p *preview) edition(ctx context.Context, w *workspace, found *diag.List) (*edition, error) {
	if err := w.found.Err(); err != nil {
		return nil, err
	}
	settings, err := p.keep(w)
	if err != nil {
		return nil, err
	}
	look, err := w.theme()
	if err != nil {
		return nil, fmt.Errorf("loading the theme: %w", err)
	}
	p.look = look
	if p.moved || p.facts == nil || !bytes.Equal(settings, p.settings) {
		p.facts = nil
		facts, inFacts, err := w.facts(ctx, "", w.needsPaths(), p.progress)
		if *found = append(*found, inFacts...); err != nil {
			return nil, err
		}
		p.facts, p.found, p.settings, p.names, p.moved = facts, inFacts, settings, w.config.Product.Name, false
		leaky := w.leakyWords(facts)
		p.mu.Lock()
		p.leaky = leaky
		p.mu.Unlock()
	} else {
		w.config.Product.Name = p.names
		*found = append(*found, p.found...)
	}
	list := slices.Clone(p.facts)
	for i := range list {
		list[i].Changes = slices.Clone(list[i].Changes)
	}
	inDrafts, err := w.edit(list, true, p.titles())
	if *found = append(*found, inDrafts...); err != nil {
		return nil, err
	}
	shown, err := w.publish(list, true)
	if *found = append(*found, shown...); err != nil {
		return nil, err
	}
	if err := found.Err(); err != nil {
		*found = nil
		return nil, err
	}
	public := publicationsOf(list)
	if !p.published {
		early(list)
	}
	e, inAssets, err := w.edition(look, list)
	*found = append(*found, inAssets...)
	if err != nil {
		return nil, err
	}
	e.early, e.known = !p.published && w.dir != "", public
	return e, nil
}

// keep gives the workspace what was made of the same inputs before. It gives the
// settings' text.
func (p *preview) keep(w *workspace) ([]byte, error) {
	if w.dir == "" {
		w.look = p.look
		return []byte{}, nil
	}
	settings, err := os.ReadFile(filepath.Join(w.dir, configFile))
	if err != nil {
		return nil, fmt.Errorf("reading the settings: %w", err)
	}
	looks, err := sumOf(w.dir, nil, configFile, "templates", "themes", "content/strings")
	if err != nil {
		return nil, err
	}
	contents, err := sumOf(w.dir, []string{editorial.Folder}, configFile, "content")
	if err != nil {
		return nil, err
	}
	if looks == p.looks {
		w.look = p.look
	}
	if contents != p.contents || p.sheets == nil {
		p.sheets = &sheetStore{}
	}
	p.looks, p.contents = looks, contents
	w.kept = p.sheets
	return settings, nil
}

// sumOf is a sum over the names and contents of files below a workspace.
func sumOf(dir string, skip []string, roots ...string) (out [sha256.Size]byte, err error) {
	h := sha256.New()
	for _, root := range roots {
		err := fs.WalkDir(os.DirFS(dir), root, func(name string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case d.IsDir() && slices.Contains(skip, name):
				return fs.SkipDir
			case d.IsDir():
				return nil
			}
			data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if errors.Is(err, fs.ErrNotExist) {
				return nil // gone while we walked
			}
			fmt.Fprintf(h, "%q %d\n", name, len(data))
			h.Write(data)
			return err
		})
		if err != nil {
			return out, fmt.Errorf("reading the workspace: %w", err)
		}
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// early makes releases read as they would be published now: in the words of
// their drafts, on the days that are known.
func early(list []model.Release) {
	for i := range list {
		if p := list[i].Publication; p != nil && p.Words != nil {
			now := *p
			now.Words = nil
			list[i].Publication = &now
		}
	}
}

// roots are what an edition depends on. Of a repository it is the refs: history
// changes where one of them moves.
func (p *preview) roots(w *workspace) []serve.Root {
	dir := p.at.workspace
	var repositories []config.Repository
	var out []serve.Root
	if w != nil {
		dir, repositories = w.dir, w.repositories()
	} else if dir == "" {
		dir = "."
	}
	if dir != "" {
		below := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
		out = append(out,
			serve.Root{Dir: dir, Only: []string{configFile, "content", "templates", "themes", ".daybreak"}},
			serve.Root{Dir: below("content"), Deep: true}, serve.Root{Dir: below("templates"), Deep: true}, serve.Root{Dir: below("themes"), Deep: true},
			serve.Root{Dir: below(".daybreak"), Only: []string{"drafts"}}, serve.Root{Dir: below(editorial.BaseFolder), Deep: true},
		)
		if w != nil && w.config.Product.Logo != "" {
			out = append(out, serve.Root{Dir: filepath.Dir(below(w.config.Product.Logo)), Only: []string{filepath.Base(below(w.config.Product.Logo))}})
		}
	}
	for _, r := range repositories {
		gitDir, common, err := gitsource.Locate(r.Path)
		if err != nil { // it may come yet
			out = append(out, serve.Root{Dir: filepath.Dir(r.Path), Only: []string{filepath.Base(r.Path)}, History: true})
			continue
		}
		out = append(out,
			serve.Root{Dir: gitDir, Only: []string{"HEAD"}, History: true},
			serve.Root{Dir: common, Only: []string{"HEAD", "packed-refs", "refs"}, History: true},
			serve.Root{Dir: filepath.Join(common, "refs"), Deep: true, History: true},
		)
	}
	return out
}

// publicationsOf gives what is known of publications, by slug.
func publicationsOf(list []model.Release) map[string]*model.Publication {
	out := map[string]*model.Publication{}
	for i := range list {
		if p := list[i].Publication; p != nil {
			out[list[i].Slug()] = p
		}
	}
	return out
}

// told makes diagnostics of the error that stopped something.
func told(err error) diag.List {
	var list *diag.ListError
	var problem *diag.Problem
	switch {
	case errors.As(err, &list):
		return list.List
	case errors.As(err, &problem):
		return diag.List{{Severity: diag.Error, Code: problem.Code, Message: err.Error(), Hint: problem.Hint}}
	}
	return diag.List{{Severity: diag.Error, Code: "preview", Message: err.Error()}}
}
