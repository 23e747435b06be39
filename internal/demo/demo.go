// Package demo makes the sample that newcomers meet first: the git repository
// of an invented reservation system for tour operators, and a workspace for it.
//
// The story is data under content/demo: product.yaml (people, clocks),
// story/*.yaml (a file for each release, with its merged requests in order),
// tree/ (the files that the history starts with) and workspace/ (copied as it
// is). The code knows only how forges word their messages. Same story, same
// object ids: on every machine, in every time zone, whatever git is configured.
package demo

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5"
	gitconfig "github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/content"
)

// marker is the file by which Make knows a folder as its own; it remembers
// what was written, so that what a person changed since can be told apart.
const marker = ".daybreak-demo.json"

// written is the marker's content.
type written struct {
	Note      string            `json:"note"`
	Refs      map[string]string `json:"refs"`      // of the product repository
	Planned   map[string]string `json:"planned"`   // what a run that didn't end was about to make of it
	Workspace map[string]string `json:"workspace"` // slash path → SHA-256 of the text
}

// Report says what a run of Refresh found.
type Report struct {
	Product   string   // folder of the repository
	Workspace string   // folder of the workspace
	Latest    string   // version of the newest tagged release, "2026.15.0"
	Kept      []string // slash paths under the demo folder that a person had changed and that were left alone
}

// ErrForeign is wrapped by the error for a folder that isn't empty and that
// Make didn't make.
var ErrForeign = errors.New("is not empty and was not made by daybreak demo")

// Make writes dir/product, a git repository with a checked-out main branch,
// and dir/workspace. On a folder that it made before it is Refresh.
func Make(dir string, progress func(string)) error {
	_, err := Refresh(dir, progress)
	return err
}

// Refresh makes the demo or brings it up to date. It never overwrites what a
// person changed: an edited workspace file and a product repository with other
// branches, tags, commits or files than it was made with stay as they are and
// are named in the report.
func Refresh(dir string, progress func(string)) (Report, error) {
	if progress == nil {
		progress = func(string) {}
	}
	report := Report{Product: filepath.Join(dir, "product"), Workspace: filepath.Join(dir, "workspace")}
	before, err := readMarker(dir)
	if err != nil {
		return report, err
	}
	sub, err := fs.Sub(content.FS, "demo")
	if err != nil {
		return report, err
	}
	progress("reading the story")
	story, err := Load(sub)
	if err != nil {
		return report, fmt.Errorf("the demo's story: %w", err)
	}
	for i := range story.Releases {
		if v := story.Releases[i].Version; v != "" {
			report.Latest = v
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return report, err
	}
	progress("writing the product's history")
	st := newStore()
	refs, err := build(story, st)
	if err != nil {
		return report, fmt.Errorf("making the demo's history: %w", err)
	}
	// The marker comes first: a run that is killed must find its own again.
	now := written{Note: "Made by daybreak demo, which uses this file to tell its own texts from yours.", Refs: names(refs), Workspace: map[string]string{}}
	if err := writeMarker(dir, written{Note: now.Note, Refs: before.Refs, Planned: now.Refs, Workspace: before.Workspace}); err != nil {
		return report, err
	}
	kept, err := refreshProduct(story, st, refs, report.Product, before)
	if kept {
		now.Refs = before.Refs
	}
	if err != nil {
		return report, fmt.Errorf("making the demo's repository: %w", err)
	}
	if kept {
		report.Kept = append(report.Kept, "product")
	}
	progress("writing the workspace")
	workspace, err := fs.Sub(sub, "workspace")
	if err != nil {
		return report, err
	}
	edited, err := copyWorkspace(workspace, report.Workspace, before.Workspace, now.Workspace)
	if err != nil {
		return report, fmt.Errorf("making the demo's workspace: %w", err)
	}
	report.Kept = append(report.Kept, edited...)
	return report, writeMarker(dir, now)
}

// readMarker reads what an earlier run wrote; nothing for a folder that is new
// or empty.
func readMarker(dir string) (written, error) {
	var w written
	data, err := os.ReadFile(filepath.Join(dir, marker))
	if err == nil {
		if err := json.Unmarshal(data, &w); err != nil {
			return w, fmt.Errorf("%s: %w", filepath.Join(dir, marker), err)
		}
		return w, nil
	}
	list, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return w, nil
	case err != nil:
		return w, err
	case len(list) > 0:
		return w, fmt.Errorf("%q %w", dir, ErrForeign)
	}
	return w, nil
}

func writeMarker(dir string, w written) error {
	data, err := json.MarshalIndent(w, "", "  ")
	if err != nil {
		return err
	}
	return replace(filepath.Join(dir, marker), append(data, '\n'))
}

// replace writes a file beside and moves it into place: never half a file,
// which the next run would take for a person's edit.
func replace(path string, data []byte) error {
	beside := path + ".new"
	if err := os.WriteFile(beside, data, 0o666); err != nil {
		return err
	}
	return os.Rename(beside, path)
}

// refreshProduct writes the repository, or keeps the one that is there because
// a person worked in it. It is built beside and moved into place, so that a
// run that is killed leaves no half of one.
func refreshProduct(s *Story, st *store, refs map[plumbing.ReferenceName]plumbing.Hash, dir string, before written) (kept bool, err error) {
	if _, err := os.Stat(dir); err == nil {
		same, touched := compare(dir, before, names(refs))
		if touched || same {
			return touched, nil
		}
	}
	beside := dir + ".new"
	if err := os.RemoveAll(beside); err != nil {
		return false, err
	}
	if err := writeRepository(s, st, refs, beside); err != nil {
		return false, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return false, err
	}
	return false, os.Rename(beside, dir)
}

// names gives references as text.
func names(refs map[plumbing.ReferenceName]plumbing.Hash) map[string]string {
	out := map[string]string{}
	for name, hash := range refs {
		out[name.String()] = hash.String()
	}
	return out
}

// compare looks at a repository of an earlier run: whether it already is what
// would be written, and whether a person worked in it. What can't be read
// counts as worked in.
func compare(dir string, before written, want map[string]string) (same, touched bool) {
	repo, err := git.PlainOpen(dir)
	if err != nil {
		return false, true
	}
	list, err := repo.References()
	if err != nil {
		return false, true
	}
	have := map[string]string{}
	err = list.ForEach(func(r *plumbing.Reference) error {
		if r.Type() == plumbing.HashReference && r.Name() != plumbing.HEAD {
			have[r.Name().String()] = r.Hash().String()
		}
		return nil
	})
	if err != nil || !maps.Equal(have, before.Refs) && !maps.Equal(have, before.Planned) {
		return false, true
	}
	tree, err := repo.Worktree()
	if err != nil {
		return false, true
	}
	status, err := tree.Status()
	if err != nil || !status.IsClean() {
		return false, true
	}
	return maps.Equal(have, want), false
}

func writeRepository(s *Story, st *store, refs map[plumbing.ReferenceName]plumbing.Hash, dir string) error {
	main := plumbing.NewBranchReferenceName("main")
	repo, err := git.PlainInitWithOptions(dir, &git.PlainInitOptions{
		InitOptions: git.InitOptions{DefaultBranch: main},
	})
	if err != nil {
		return err
	}
	if err := st.packInto(repo.Storer); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		if err := repo.Storer.SetReference(plumbing.NewHashReference(name, refs[name])); err != nil {
			return err
		}
	}
	if _, err := repo.CreateRemote(&gitconfig.RemoteConfig{Name: "origin", URLs: []string{s.Remote}}); err != nil {
		return err
	}
	tree, err := repo.Worktree()
	if err != nil {
		return err
	}
	return tree.Checkout(&git.CheckoutOptions{Branch: main, Force: true})
}

// copyWorkspace writes the workspace's files, but leaves alone those that a
// person changed since they were written; sums gets what is now ours.
func copyWorkspace(from fs.FS, dir string, before, sums map[string]string) (kept []string, err error) {
	err = fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(target, 0o777)
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		sum := digest(data)
		there, err := os.ReadFile(target)
		switch {
		case err == nil && digest(there) == sum:
		case err == nil && digest(there) != before[name]:
			kept = append(kept, "workspace/"+name)
			if old := before[name]; old != "" {
				sums[name] = old
			}
			return nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		default:
			if err := replace(target, data); err != nil {
				return err
			}
		}
		sums[name] = sum
		return nil
	})
	return kept, err
}

func digest(data []byte) string {
	// A line end changed by an editor or by autocrlf is no edit.
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
}
