package gitsource

import (
	"context"
	"errors"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Nearest gives the revision itself where the repository has it. Else, where it
// is a version, it gives the tag of the highest release below it; "" where there
// is none.
func (r *Repository) Nearest(ctx context.Context, name string) (string, error) {
	if _, err := r.releaseTags(); err != nil {
		return "", err
	}
	if !r.named(name).IsZero() {
		return name, nil
	}
	if _, err := r.prepare(ctx); err != nil {
		return "", err
	}
	_, err := r.revision(ctx, name)
	var p *diag.Problem
	if err == nil || !errors.As(err, &p) || p.Code != "unknown-revision" {
		return name, err
	}
	want, ok := model.ParseVersion(name)
	if !ok {
		return name, nil
	}
	best := ""
	for _, t := range r.tags.list {
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

// named gives the commit of a tag, version or branch; zero where there is none.
func (r *Repository) named(name string) plumbing.Hash {
	if t := findTag(r.released, name); t != nil {
		return t.commit
	}
	for _, full := range revisionNames(name) {
		if ref, ok := r.refs[full]; ok {
			if commit, err := r.peel(ref); err == nil {
				return commit
			}
		}
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
	if t := r.tags.find(name); t != nil {
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
		lower := strings.ToLower(name)
		if len(lower) >= 4 && len(lower) <= 40 && strings.Trim(lower, "0123456789abcdef") == "" {
			if i := r.position(lower); i >= 0 {
				return i, nil
			}
			if len(lower) == 40 {
				h = plumbing.NewHash(lower)
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
