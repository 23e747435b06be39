package gitsource

import (
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
)

// inverse is the difference the other way round.
func (t touched) inverse() touched { return touched{path: t.path, from: t.to, to: t.from} }

// undoneBeside reports whether a release beside t put back what its commit i had
// done, while the same work, commit j, stands in t. Where it doesn't, both lines
// went on alike, and t brings nothing new.
func (r *Repository) undoneBeside(i, j int32, beside, t *tagged) (bool, error) {
	gone, err := r.undone(i, beside)
	if !gone || err != nil {
		return false, err
	}
	here, err := r.undone(j, t)
	return !here, err
}

// undone reports whether a later commit of a release's line put back by hand
// what commit i had done: nothing marks it as a revert, but the effect doesn't
// stand at the release any more. The files tell: where all of them are again
// what they were, it is so; where others have worked on them since, some commit
// has to be the inverse of i. What somebody went on from still stands.
func (r *Repository) undone(i int32, in *tagged) (bool, error) {
	list, err := r.touchedBy(i)
	if err != nil || len(list) == 0 || in.place() == i {
		return false, err
	}
	tip, err := r.at(in.place())
	if err != nil {
		return false, err
	}
	exactly := true
	for _, d := range list {
		restored, exact, err := r.restored(tip.tree, d)
		if !restored || err != nil {
			return false, err
		}
		exactly = exactly && exact
	}
	if exactly {
		return true, nil
	}
	later := r.graph.between([]int32{i}, []int32{in.place()})
	if len(later) > maxPatches {
		return false, nil
	}
	for _, j := range later {
		if !r.graph.reaches(j, i) {
			continue
		}
		if inverse, err := r.undoes(j, list); inverse || err != nil {
			return inverse, err
		}
	}
	return false, nil
}

// restored reports whether nothing of a difference is left in a tree, and
// whether the file is exactly what it was before.
func (r *Repository) restored(tree plumbing.Hash, d touched) (restored, exactly bool, err error) {
	now, err := r.trees.blobAt(tree, d.path)
	switch {
	case err != nil || now == d.to || d.old != "":
		return false, false, err
	case now.mode == 0:
		// A file that the commit had made may only be called otherwise now.
		return d.from.mode == 0, false, nil
	case now == d.from:
		return true, true, nil
	}
	return r.trees.holds(now, d.inverse()), false, nil
}

// undoes reports whether commit j is the inverse of differences: the patch of
// one read backwards is that of the other, see samePatchAs.
func (r *Repository) undoes(j int32, list []touched) (bool, error) {
	mine, err := r.touchedBy(j)
	if err != nil || len(mine) != len(list) {
		return false, err
	}
	for k := range mine {
		back := mine[k].inverse()
		if mine[k].old != "" || back.path != list[k].path || back.from.mode != list[k].from.mode || back.to.mode != list[k].to.mode {
			return false, nil
		}
		if back.from.id == list[k].from.id && back.to.id == list[k].to.id {
			continue
		}
		if !r.trees.sameEffect(&back, &list[k]) || r.trees.hunks(&back) != r.trees.hunks(&list[k]) {
			return false, nil
		}
	}
	return true, nil
}

// stillStands reports whether what a side unit did is in the highest of the
// side's releases that holds it. Where it isn't, that is said of u, which does the
// same. It is asked only where nothing but the patch says so: who marks a backport
// marks what takes it back, and to look at all of them takes too long.
func (d *deliveries) stillStands(u *unit, s *sideUnit) (bool, error) {
	if s.tip != s.merge {
		return true, nil // a side of an octopus has no one patch against the line
	}
	last := d.r.lastWith(d.releases, s.tip)
	if last == nil {
		return false, errLacking
	}
	gone, err := d.r.undoneBeside(s.tip, u.tip, last, d.t)
	if gone && !d.said[u] {
		d.said[u] = true
		d.diags.Add(undoneNote(u, last))
	}
	return !gone, err
}

// lastWith gives the highest of the releases, which are in order, that holds a
// commit; nil where the history at hand doesn't show any.
func (r *Repository) lastWith(releases []*tagged, i int32) *tagged {
	for _, c := range slices.Backward(releases) {
		if r.graph.reaches(c.place(), i) {
			return c
		}
	}
	return nil
}

// undoneNote says why a change is news although a release had it once.
func undoneNote(u *unit, in *tagged) diag.Diagnostic {
	return diag.New(diag.Note, "delivered-undone", diag.Position{Commit: string(u.change.Tip.Hash)}, diag.Say("%s was delivered beside this line, but %s holds nothing of it any more: it stands as a change", u.change.ID, in.name),
		diag.Phrase{})
}
