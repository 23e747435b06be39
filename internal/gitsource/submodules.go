package gitsource

import (
	"bytes"
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	gitconfig "github.com/go-git/go-git/v5/plumbing/format/config"

	"daybreak/internal/model"
)

// maxSubmoduleTitles bounds how many titles one bump is expanded to.
const maxSubmoduleTitles = 200

// submodule is one section of .gitmodules, see gitmodules(5).
type submodule struct{ name, path string }

// submodulesOf reads the .gitmodules of a commit's tree; nil where it has none,
// or none that can be read: paths are told without them too.
func (r *Repository) submodulesOf(commit plumbing.Hash) []submodule {
	c, err := r.readCommit(commit)
	if err != nil {
		return nil
	}
	l, err := r.trees.blobAt(c.tree, ".gitmodules")
	if err != nil || l.mode&modeKind != 0o100000 {
		return nil
	}
	typ, b, err := r.objects.read(l.id)
	if err != nil || typ != plumbing.BlobObject || len(b) > maxPatchBlob {
		return nil
	}
	file := gitconfig.New()
	if err := gitconfig.NewDecoder(bytes.NewReader(b)).Decode(file); err != nil {
		return nil
	}
	var out []submodule
	for _, s := range file.Section("submodule").Subsections {
		if path := s.Option("path"); path != "" {
			out = append(out, submodule{s.Name, path})
		}
	}
	return out
}

// bumpedSubmodules gives the paths at which a release has another submodule's
// commit than where its range starts.
func (r *Repository) bumpedSubmodules(t *tagged) ([]string, error) {
	have := r.submodulesOf(t.commit)
	before := plumbing.ZeroHash
	if t.previous != nil {
		have = append(have, r.submodulesOf(t.previous.commit)...)
		c, err := r.readCommit(t.previous.commit)
		if err != nil {
			return nil, err
		}
		before = c.tree
	}
	if len(have) == 0 {
		return nil, nil
	}
	now, err := r.readCommit(t.commit)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range have {
		old, err := r.linkAt(before, s.path)
		if err != nil {
			return nil, err
		}
		new, err := r.linkAt(now.tree, s.path)
		if err != nil {
			return nil, err
		}
		if old != new && !slices.Contains(out, s.path) {
			out = append(out, s.path)
		}
	}
	slices.Sort(out)
	return out, nil
}

// linkAt gives the submodule's commit at a path of a tree, the zero hash where
// none lies there.
func (r *Repository) linkAt(tree plumbing.Hash, path string) (plumbing.Hash, error) {
	if tree.IsZero() {
		return plumbing.ZeroHash, nil
	}
	l, err := r.trees.blobAt(tree, path)
	if err != nil || l.mode&modeKind != modeSubmodule {
		return plumbing.ZeroHash, err
	}
	return l.id, nil
}

// fillBumps looks for a change's submodule bumps at the given paths alone, where
// paths aren't asked for; a change that has one gets all of its paths.
func (r *Repository) fillBumps(u *unit, paths []string) error {
	base, tip, err := r.treesOf(u)
	if err != nil {
		return err
	}
	for _, path := range paths {
		old, err := r.linkAt(base, path)
		if err != nil {
			return err
		}
		new, err := r.linkAt(tip, path)
		if err != nil {
			return err
		}
		if old != new {
			return r.fillPaths(u)
		}
	}
	return nil
}

func bump(path string, old, new plumbing.Hash) model.SubmoduleBump {
	b := model.SubmoduleBump{Path: path}
	if !old.IsZero() {
		b.Old = model.Hash(old.String())
	}
	if !new.IsZero() {
		b.New = model.Hash(new.String())
	}
	return b
}

// expandSubmodules names what lies between the two commits of each bump, where
// the sub-repository is at hand: under .git/modules, checked out at its path, or
// among Options.Submodules. What is at hand changes, so no cache keeps it.
func (r *Repository) expandSubmodules(ctx context.Context, rel *model.Release) {
	var known []submodule
	for i := range rel.Changes {
		c := &rel.Changes[i]
		for k := range c.Submodules {
			b := &c.Submodules[k]
			if b.Old == "" || b.New == "" {
				continue
			}
			if known == nil {
				known = r.submodulesOf(plumbing.NewHash(string(rel.Commit)))
			}
			for _, dir := range r.submoduleDirs(b.Path, known) {
				if r.between(ctx, dir, b) {
					break
				}
			}
		}
	}
}

// submoduleDirs lists where the sub-repository of a path can lie.
func (r *Repository) submoduleDirs(path string, known []submodule) []string {
	var out []string
	if !filepath.IsLocal(filepath.FromSlash(path)) {
		return nil
	}
	for _, s := range known {
		if s.path == path && filepath.IsLocal(filepath.FromSlash(s.name)) {
			out = append(out, filepath.Join(r.dir, "modules", filepath.FromSlash(s.name)))
		}
	}
	out = append(out, filepath.Join(r.dir, "modules", filepath.FromSlash(path)))
	if r.work != "" {
		out = append(out, filepath.Join(r.work, filepath.FromSlash(path)))
	}
	return append(out, r.o.Submodules...)
}

// between fills a bump's titles from the repository at dir; false where that
// isn't at hand or doesn't hold both commits.
func (r *Repository) between(ctx context.Context, dir string, b *model.SubmoduleBump) bool {
	sub, seen := r.subs[dir]
	if !seen {
		sub, _ = Open(dir, Options{Tickets: r.o.Tickets}) // what can't be opened isn't at hand
		r.subs[dir] = sub
	}
	if sub == nil {
		return false
	}
	rel, _, err := sub.Range(ctx, string(b.Old), string(b.New))
	if err != nil {
		return false
	}
	if rel.Commits == 0 {
		if rel, _, err = sub.Range(ctx, string(b.New), string(b.Old)); err != nil {
			return false
		}
		b.Back = rel.Commits > 0
	}
	for _, c := range rel.Live() {
		if len(b.Titles) < maxSubmoduleTitles {
			b.Titles = append(b.Titles, c.Title)
		}
	}
	return true
}

// closeSubmodules gives back what expandSubmodules has opened.
func (r *Repository) closeSubmodules() error {
	var first error
	for _, sub := range r.subs {
		if sub != nil {
			first = cmp.Or(first, sub.Close())
		}
	}
	r.subs = map[string]*Repository{}
	return first
}
