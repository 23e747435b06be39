package gitsource

import (
	"context"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Nearest gives the revision itself where the repository has it. Else, where it
// is a version, it gives the tag of the highest release below it; "" where there
// is none.
func (r *Repository) Nearest(name string) (string, error) {
	if _, err := r.releaseTags(); err != nil {
		return "", err
	}
	want, ok := model.ParseVersion(name)
	if !ok || !r.named(name).IsZero() || len(r.hashes(name)) > 0 {
		return name, nil
	}
	for _, full := range revisionNames(name) {
		if !r.refs[full].IsZero() {
			return name, nil // it leads to no commit, as whoever asks for it will hear
		}
	}
	best := ""
	for _, t := range r.released {
		// A train's version belongs to no line.
		bare := t.version
		bare.Line, want.Line = "", ""
		if !t.unreleased() && !bare.IsPrerelease() && bare.Compare(want) < 0 {
			best = t.name
		}
	}
	return best, nil
}

// revisionNames are the refs that a name can mean, in git's order (gitrevisions(7)).
func revisionNames(name string) []string {
	return []string{name, "refs/" + name, "refs/tags/" + name, "refs/heads/" + name, "refs/remotes/" + name, "refs/remotes/origin/" + name}
}

// means reports whether a revision means a release that was found by it: by a tag's
// name, or by a version where nothing else in the repository is called so. Of two tags
// of one version, v1.0 and 1.0, each means its own commit, as in git.
func (r *Repository) means(name string, t *tagged) bool {
	short := strings.TrimPrefix(name, "refs/tags/")
	if short == t.name || slices.Contains(t.others, short) || t.unreleased() {
		return true
	}
	return !slices.ContainsFunc(revisionNames(name), func(full string) bool { return !r.refs[full].IsZero() })
}

// releaseNamed gives the release that a revision means, nil where it means none.
func (r *Repository) releaseNamed(name string) *tagged {
	if t := r.tags.find(name); t != nil && r.means(name, t) {
		return t
	}
	return nil
}

// hashes gives the commits whose hash is this, or begins so; of an annotated tag's
// hash that which it marks.
func (r *Repository) hashes(name string) []plumbing.Hash {
	name = strings.ToLower(name)
	if len(name) < 4 || len(name) > 40 || strings.Trim(name, "0123456789abcdef") != "" {
		return nil
	}
	prefix := plumbing.NewHash(name + strings.Repeat("0", 40-len(name)))
	if len(name) == 40 {
		commit, err := r.peel(prefix)
		if err != nil {
			return nil
		}
		return []plumbing.Hash{commit}
	}
	found, err := r.objects.commitsStarting(prefix, len(name))
	if err != nil {
		return nil
	}
	slices.SortFunc(found, compareHash)
	return slices.Compact(found)
}

// named gives the commit of a tag, version, branch or hash; zero where there is none,
// and where a hash is cut so short that several begin so.
func (r *Repository) named(name string) plumbing.Hash {
	hashed := r.hashes(name)
	if plumbing.IsHash(name) && len(hashed) == 1 { // whatever a tag is called, as in git
		return hashed[0]
	}
	if t := findTag(r.released, name); t != nil && r.means(name, t) {
		return t.commit
	}
	for _, full := range revisionNames(name) {
		if ref, ok := r.refs[full]; ok {
			if commit, err := r.peel(ref); err == nil {
				return commit
			}
		}
	}
	if len(hashed) == 1 {
		return hashed[0]
	}
	return plumbing.ZeroHash
}

// revision finds the commit of a tag, branch, version or hash, and brings it
// into the graph.
func (r *Repository) revision(ctx context.Context, name string) (int32, error) {
	if plumbing.IsHash(name) { // whatever a tag is called, as in git
		if i := r.position(strings.ToLower(name)); i >= 0 {
			return i, nil
		}
	}
	if t := r.releaseNamed(name); t != nil {
		return t.place(), nil
	}
	var h plumbing.Hash
	for _, full := range revisionNames(name) {
		if ref, ok := r.refs[full]; ok {
			h = ref
			break
		}
	}
	if h.IsZero() {
		switch found := r.hashes(name); {
		case plumbing.IsHash(name):
			h = plumbing.NewHash(strings.ToLower(name))
		case len(found) == 1:
			h = found[0]
		case len(found) > 1: // of this history there may be but one
			if i := r.position(strings.ToLower(name)); i >= 0 {
				return i, nil
			}
		}
	}
	if h.IsZero() {
		return 0, diag.Refuse("unknown-revision", diag.Say("there is no tag, branch or commit %q", name),
			diag.Say("Give a tag, a branch, or a full hash."))
	}
	commit, err := r.peel(h)
	if err != nil {
		return 0, err
	}
	if i, ok := r.graph.pos[commit]; ok {
		return i, nil
	}
	if r.part != nil {
		r.part.addTip(commit)
		return r.part.want(commit), nil
	}
	if err := r.widen(ctx, commit); err != nil {
		return 0, err
	}
	return r.graph.pos[commit], nil
}

// widen reads the graph anew with one more tip: for a branch that no release
// and not the main line holds.
func (r *Repository) widen(ctx context.Context, tip plumbing.Hash) error {
	r.extra = append(r.extra, tip)
	r.tags, r.graph = nil, nil
	r.forget()
	_, err := r.prepare(ctx)
	return err
}
