package gitsource

import (
	"errors"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// errLacking ends an answer that is worth nothing, see part.
var errLacking = errors.New("the part of the history at hand doesn't hold it")

// release puts one release together, and keeps why its range is what it is.
func (r *Repository) release(t *tagged, why model.Reasons) (model.Release, diag.List, error) {
	var diags diag.List
	clear(r.held)
	rel := model.Release{
		Version: t.version, Tag: t.name, OtherTags: t.others, Commit: model.Hash(t.commit.String()),
		Date: t.date, Prerelease: t.version.IsPrerelease(), Unreleased: t.unreleased(), Explain: why,
	}
	if !t.unreleased() {
		rel.TagObject = model.Hash(t.object.String())
	}
	var from []int32
	if t.previous != nil {
		from = []int32{t.previous.place()}
		rel.Previous = t.previous.name
		if t.start == startSame {
			first := t.previous
			for r.tags.settle(first); first.start == startSame; r.tags.settle(first) {
				first = first.previous
			}
			rel.SameBuild = first.version.String()
		}
	}
	if mended := r.tags.mended(t); mended != nil {
		rel.HotfixOf = mended.version.String()
	}
	at := t.place()
	span := r.graph.between(from, []int32{at})
	rel.Commits = len(span)
	if r.part != nil && from != nil {
		r.part.ranges = append(r.part.ranges, [2]plumbing.Hash{r.graph.ids[from[0]], r.graph.ids[at]})
	}
	back := r.backMerges(t, span)
	if r.lacking() {
		return rel, nil, errLacking
	}
	units, skipped, err := r.group(span, at)
	if err != nil {
		return rel, nil, err
	}
	if err := r.resolveReverts(units, &diags); err != nil {
		return rel, nil, err
	}
	if r.lacking() {
		return rel, nil, errLacking
	}
	units = r.foldTwins(units)
	if err := r.resolveDelivered(t, units, &diags); err != nil {
		return rel, nil, err
	}
	lost, err := r.lostFixes(back)
	if err != nil {
		return rel, nil, err
	}
	if rel.Alarms, err = r.alarms(t, lost); err != nil {
		return rel, nil, err
	}
	r.withdrawLost(units, lost)
	uniqueIDs(units)
	if units, skipped, err = r.restrict(t, units, skipped); err != nil {
		return rel, nil, err
	}
	rel.Skipped = skipped
	order := make(map[model.Hash]int, len(span))
	for k, i := range span {
		order[model.Hash(r.graph.ids[i].String())] = k
	}
	slices.SortStableFunc(rel.Skipped, func(a, b model.Skipped) int { return order[b.Commit.Hash] - order[a.Commit.Hash] })
	rel.Changes = slices.Grow(rel.Changes, len(units))
	for _, u := range units {
		rel.Changes = append(rel.Changes, u.change)
	}
	damagedNotes(&rel, &diags)
	for i := range diags {
		diags[i].Release = rel.Slug()
	}
	return rel, diags, account(&rel, span)
}

// restrict fills the touched paths where they are asked for, and leaves out the
// changes of other parts of a monorepo.
func (r *Repository) restrict(t *tagged, units []*unit, skipped []model.Skipped) ([]*unit, []model.Skipped, error) {
	if t.folder != "" {
		var err error
		if units, skipped, err = r.restrictTo(t.folder, units, skipped); err != nil {
			return nil, nil, err
		}
	}
	if !r.o.Paths && len(r.o.Include) == 0 {
		paths, err := r.bumpedSubmodules(t)
		for _, u := range units {
			if err == nil && len(paths) > 0 {
				err = r.fillBumps(u, paths)
			}
		}
		return units, skipped, err
	}
	var kept []*unit
	for _, u := range units {
		if err := r.fillPaths(u); err != nil {
			return nil, nil, err
		}
		if len(r.o.Include) == 0 || r.included(u) {
			kept = append(kept, u)
			continue
		}
		for _, c := range u.change.Commits() {
			skipped = append(skipped, model.Skipped{Commit: c, Bucket: model.BucketStructure, Reason: model.Because("elsewhere", strings.Join(r.o.Include, ", "))})
		}
	}
	return kept, skipped, nil
}

func (r *Repository) included(u *unit) bool {
	for _, p := range u.change.Paths {
		for _, glob := range r.o.Include {
			for _, name := range []string{p.Path, p.Old} {
				if ok, _ := doublestar.Match(glob, name); ok && name != "" {
					return true
				}
			}
		}
	}
	return false
}
