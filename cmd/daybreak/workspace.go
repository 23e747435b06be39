package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/content"
	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/gitsource"
	"daybreak/internal/guard"
	"daybreak/internal/model"
	"daybreak/internal/theme"
)

// configFile is what makes a folder a workspace.
const configFile = "daybreak.yaml"

// place says where the facts come from: the flags that most commands share.
type place struct {
	workspace string
	repo      string
	noCache   bool
	by        *cobra.Command // that was given it, nil in tests
}

// addPlaceFlags gives a command the flags of place.
func addPlaceFlags(c *cobra.Command, p *place) {
	p.by = c
	c.Flags().StringVar(&p.workspace, "workspace", "", "workspace `folder` (default: the current one, where it holds a "+configFile+")")
	c.Flags().StringVar(&p.repo, "repo", "", "git repository to read, instead of the workspace's first one")
	c.Flags().BoolVar(&p.noCache, "no-cache", false, "read the history anew and keep nothing of it")
	_ = c.MarkFlagDirname("workspace") // only completion suffers where it can't be marked
	_ = c.MarkFlagDirname("repo")
}

// flags writes the place as it was given, for a command line that people copy.
func (p place) flags() string {
	var b strings.Builder
	if p.workspace != "" {
		b.WriteString(" --workspace " + p.workspace)
	}
	if p.repo != "" {
		b.WriteString(" --repo " + p.repo)
	}
	return b.String()
}

// workspace is everything that a run reads: settings, contents, repositories.
type workspace struct {
	config  *config.Config
	dir     string // "" where there is only a repository
	found   diag.List
	content fs.FS
	place   place

	beside   []model.Release                     // read beside the release that was asked for: its hotfixes, or what it mends
	allTold  bool                                // also the problems of releases that are out for long
	typed    string                              // lines that are about to be added to a journal
	mends    map[string]string                   // by a hotfix's version: the release whose journal names it; known once one asked
	look     *theme.Theme                        // once it was asked for
	kept     *sheetStore                         // composed in earlier editions of a preview, nil elsewhere
	past     *[]pastRun                          // what the journals know, once one release asked for it
	earlier  []model.Release                     // read beside it: those whose journals tell of deviations
	deviated map[model.Lang][]compose.EarlierDay // what those journals say, read with their own plans
	progress func(what string, done, total int)  // tells how far the writing is, nil for silence
	leaks    []guard.Finding                     // of what was written last
	withheld []withheldTitle                     // what customers aren't told; known once releases has run
	pictures map[string][]byte                   // of the drafts, by path in a site; known once releases has run
}

// openWorkspace finds and reads the workspace. Diagnostics of the
// configuration are kept in found; only an unreadable file is an error.
func openWorkspace(p place) (*workspace, error) {
	dir := p.workspace
	if dir == "" {
		if _, err := os.Stat(configFile); err == nil {
			dir = "."
		}
	}
	w := &workspace{dir: dir, place: p}
	if dir == "" {
		if p.repo == "" {
			hint := diag.Say("name a repository (`--repo PATH`), a workspace (`--workspace DIR`), or make one with `daybreak init`; `daybreak demo` shows a finished one.")
			if _, err := os.Stat(".git"); err == nil {
				hint = diag.Say("this folder is a repository: `daybreak build --repo . --out DIR` shows what is in it, and `daybreak init --workspace DIR --repo .` makes a workspace for it.")
			}
			return nil, diag.Refuse("no-workspace", diag.Say("there is no %s here, and no --repo", configFile), hint)
		}
		w.config = config.Default()
		w.content = content.FS
		return w, nil
	}
	c, found, err := config.Load(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, diag.Refuse("no-workspace", diag.Say("%q holds no %s", dir, configFile),
				diag.Say("make a workspace there with `daybreak init --workspace %s`.", dir))
		}
		return nil, err
	}
	w.config, w.found = c, found
	w.content = theme.Overlay(os.DirFS(filepath.Join(dir, "content")), content.FS)
	w.found = append(w.found, w.listen(tongueOf(p.by))...)
	strays, err := w.strays()
	w.found = append(append(w.found, w.knownTheme()...), strays...)
	return w, err
}

// openSound is openWorkspace for commands that can do nothing useful with a
// broken configuration.
func openSound(p place) (*workspace, error) {
	w, err := openWorkspace(p)
	if err != nil {
		return nil, err
	}
	return w, w.found.Err()
}

// repositories gives the repositories to read, paths resolved.
func (w *workspace) repositories() []config.Repository {
	repos := slices.Clone(w.config.Repositories)
	for i := range repos {
		if !filepath.IsAbs(repos[i].Path) {
			repos[i].Path = filepath.Join(w.dir, filepath.FromSlash(repos[i].Path))
		}
	}
	if w.place.repo != "" {
		if len(repos) == 0 {
			repos = []config.Repository{{}}
		}
		repos = repos[:1]
		repos[0].Path = w.place.repo
	}
	return repos
}

// options makes the reader's options for one repository.
func (w *workspace) options(r config.Repository, paths bool, progress func(string, int, int)) gitsource.Options {
	o := gitsource.Options{
		Tags: r.Tags, Main: r.Main, Include: r.Paths, Forge: r.Forge, Paths: paths, Progress: progress,
	}
	for _, other := range w.repositories() {
		if other.Path != r.Path {
			o.Submodules = append(o.Submodules, other.Path)
		}
	}
	for _, t := range w.config.History.Tickets {
		if re, err := regexp.Compile(t); err == nil { // a bad one is a diagnostic of the configuration
			o.Tickets = append(o.Tickets, re)
		}
	}
	if !w.place.noCache {
		o.Cache = cacheDir()
	}
	return o
}

// cacheDir is where facts of immutable objects are kept between runs, "" where
// the machine has no such place.
func cacheDir() string {
	if dir := os.Getenv("DAYBREAK_CACHE"); dir != "" {
		return dir
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "daybreak")
}

// needsPaths reports whether any rule looks at touched paths; reading them is
// the dearest part of a run.
func (w *workspace) needsPaths() bool {
	c := w.config
	return len(c.Migrations) > 0 || len(c.Configuration) > 0 ||
		slices.ContainsFunc(c.Areas, func(a config.Area) bool { return len(a.Paths) > 0 })
}

// releases reads the releases of every repository, newest first, classifies
// their changes and brings in the workspace's drafts; with only != "" just that one.
func (w *workspace) releases(ctx context.Context, only string, paths bool, progress func(string, int, int)) ([]model.Release, diag.List, error) {
	list, found, err := w.facts(ctx, only, paths, progress)
	if err != nil {
		return nil, found, err
	}
	more, err := w.edit(list, only == "", w.leakyWords(list))
	return list, append(found, more...), err
}

// edit brings the workspace's drafts into releases, and keeps from customers what
// stays raw; all says that these are all there are.
func (w *workspace) edit(list []model.Release, all bool, leaky map[changeKey]guard.Title) (diag.List, error) {
	w.past, w.mends, w.deviated = nil, nil, nil // the journals may have grown since the last build
	shelf, found, err := w.drafts()
	if err != nil || found.Worst() == diag.Error {
		return found, err // what was misread must not be shown; the errors say it all
	}
	w.pictures = map[string][]byte{}
	for _, byLang := range shelf {
		for _, pair := range byLang {
			maps.Copy(w.pictures, pair.Draft.Pictures)
		}
	}
	found = append(found, compose.Edit(w.config, list, shelf, all)...)
	w.withhold(list, leaky)
	return found, nil
}

// facts is releases without the drafts.
func (w *workspace) facts(ctx context.Context, only string, paths bool, progress func(string, int, int)) ([]model.Release, diag.List, error) {
	var found diag.List
	repos := w.repositories()
	if len(repos) == 0 {
		return nil, nil, diag.Refuse("no-repository", diag.Say("the workspace names no repository"),
			diag.Say("add `repositories: [{path: ../product}]` to %s, or give `--repo PATH`.", configFile))
	}
	all := make([][]model.Release, 0, len(repos))
	for _, r := range repos {
		list, diags, err := w.read(ctx, r, only, paths, progress)
		found = append(found, diags...)
		if err != nil {
			return nil, found, err
		}
		all = append(all, list)
	}
	joined := compose.Join(all)
	if !w.allTold {
		found = current(found, joined)
	}
	for i := range joined {
		found = append(found, compose.Classify(w.config, &joined[i])...)
		if err := compose.LawOfHistory(&joined[i]); err != nil {
			return nil, found, fmt.Errorf("the history reader broke its law: %w", err)
		}
	}
	return joined, found, nil
}

// current leaves out the problems of releases that are out for long: nobody can
// mend their commits any more. Those that count are what isn't tagged and what
// was tagged last.
func current(found diag.List, list []model.Release) diag.List {
	now := map[string]bool{"": true}
	for i := range list {
		now[list[i].Slug()] = true
		if !list[i].Unreleased {
			break
		}
	}
	return found.Of(func(d diag.Diagnostic) bool { return now[d.Release] })
}

// read reads one repository.
func (w *workspace) read(ctx context.Context, r config.Repository, only string, paths bool, progress func(string, int, int)) ([]model.Release, diag.List, error) {
	repo, err := gitsource.Open(r.Path, w.options(r, paths, progress))
	if err != nil {
		return nil, nil, err
	}
	defer repo.Close()
	w.fit(r.Path)
	if only != "" {
		release, diags, err := repo.Release(ctx, only)
		if err != nil {
			return nil, diags, err
		}
		release.Repository = r.Name
		more, err := w.attachNotes(ctx, repo, r, &release)
		return []model.Release{release}, append(diags, more...), err
	}
	list, diags, err := repo.Releases(ctx)
	if err != nil {
		return nil, diags, err
	}
	for i := range list {
		list[i].Repository = r.Name
		if progress != nil {
			progress("reading note files", i, len(list))
		}
		more, err := w.attachNotes(ctx, repo, r, &list[i])
		if diags = append(diags, more...); err != nil {
			return nil, diags, err
		}
	}
	return list, diags, nil
}

// fit gives a product without a name that of its repository's folder.
func (w *workspace) fit(path string) {
	if w.config.Product.Name != "" {
		return
	}
	w.config.Product.Name = "Changelog"
	full, err := filepath.Abs(path)
	if err != nil {
		return
	}
	name := strings.TrimSuffix(filepath.Base(full), ".git")
	if name == "" {
		name = filepath.Base(filepath.Dir(full)) // the .git folder itself was given
	}
	if name != "." && name != string(filepath.Separator) {
		w.config.Product.Name = name
	}
}
