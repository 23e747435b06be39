package gitsource

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/model"
)

// How many commits of one merge are looked at for work that it threw away:
// where it kept the line's files altogether, and where it took some over.
const (
	maxThrownAway  = 2000
	maxBroughtBack = 200
)

// broughtBack finds, for all of history in one pass for each 64 releases, the
// merges that brought a release of a side line back, and which.
func (s *tagSet) broughtBack(g *graph) map[int32][]*tagged {
	var side []*tagged
	for _, t := range s.list {
		if !t.unreleased() && s.hasMain && !s.onMain(t.at) {
			side = append(side, t)
		}
	}
	out := map[int32][]*tagged{}
	has := make([]uint64, g.size()) // which releases of the block a commit holds
	for block := range slices.Chunk(side, 64) {
		clear(has)
		for k, t := range block {
			has[t.at] |= 1 << k
		}
		for i := range has {
			parents := g.parents(int32(i))
			for n, p := range parents {
				if n > 0 {
					for k, t := range block {
						if has[p]&^has[parents[0]]&(1<<k) != 0 {
							out[int32(i)] = append(out[int32(i)], t)
						}
					}
				}
				has[i] |= has[p]
			}
		}
	}
	return out
}

// lostFix is a commit whose work merge threw away, although it brought in, the
// release that has it.
type lostFix struct {
	at, merge int32
	in        *tagged
}

// broughtBy gives the releases of side lines that a merge brought back; of a part those
// of the main line too, which is told apart only where it matters, see thrownAway.
func (s *tagSet) broughtBy(merge int32) []*tagged {
	if s.part == nil {
		return s.brought[merge]
	}
	var out []*tagged
	parents := s.graph.parents(merge)
	for n := 1; n < len(parents) && s.hasMain; n++ {
		for _, i := range s.graph.between(parents[:1], parents[n:n+1]) {
			for _, t := range s.at[i] {
				if !t.unreleased() {
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// backMerge is a merge that brought releases of side lines back.
type backMerge struct {
	at      int32
	brought []*tagged
}

// backMerges finds those of a range that t's readers can miss something of.
func (r *Repository) backMerges(t *tagged, span []int32) []backMerge {
	if r.tags.brought == nil && r.part == nil {
		r.tags.brought = r.tags.broughtBack(r.graph)
	}
	var out []backMerge
	for _, i := range span {
		var brought []*tagged
		for _, c := range r.tags.broughtBy(i) {
			if t.unreleased() || c.version.Line == t.version.Line && c.compare(t) < 0 {
				brought = append(brought, c)
			}
		}
		if len(brought) > 0 {
			out = append(out, backMerge{i, brought})
		}
	}
	return out
}

// lostFixes finds fixes that a merge of the range threw away: a release was merged
// back, so its commits are ancestors and no list of commits shows anything
// amiss, but the merge kept the line's own files (`git merge -s ours`, or a
// conflict settled so).
func (r *Repository) lostFixes(back []backMerge) ([]lostFix, error) {
	var out []lostFix
	seen := map[int32]bool{}
	for k := range back {
		lost, err := r.thrownAway(&back[k])
		if err != nil {
			return nil, err
		}
		i, brought := back[k].at, back[k].brought
		slices.SortStableFunc(brought, func(a, b *tagged) int { return a.compare(b) })
		for _, j := range lost {
			k := slices.IndexFunc(brought, func(c *tagged) bool { return r.graph.reaches(c.place(), j) })
			if seen[j] || k < 0 {
				continue
			}
			seen[j] = true
			out = append(out, lostFix{at: j, merge: i, in: brought[k]})
		}
	}
	return out, nil
}

// alarms tells of lost fixes, for the runbook.
func (r *Repository) alarms(t *tagged, lost []lostFix) ([]model.Alarm, error) {
	var out []model.Alarm
	for _, l := range lost {
		f, err := r.at(l.at)
		if err != nil {
			return nil, err
		}
		out = append(out, model.Alarm{
			Code: "null-back-merge", Commit: f.commit.Hash, In: l.in.version.String(), Subject: f.message.Subject,
			Text: fmt.Sprintf("%q of %s is not in %s: merge %s threw it away, regression risk", cmp.Or(f.message.Title, f.commit.Hash.Short()), l.in.name, t.label(), r.graph.ids[l.merge].String()[:8]),
		})
	}
	return out, nil
}

// withdrawLost takes lost fixes for withdrawn where the range holds them itself,
// as one from before the release that has them does: who gets its end doesn't get
// them. A change counts as lost when all of its work is.
func (r *Repository) withdrawLost(units []*unit, lost []lostFix) {
	by := map[int32]int32{}
	for _, l := range lost {
		by[l.at] = l.merge
	}
	if len(by) == 0 {
		return
	}
	for _, u := range units {
		merge, all := int32(-1), true
		for _, i := range append([]int32{u.tip}, u.inner...) {
			if len(r.graph.parents(i)) > 1 {
				continue
			}
			m, ok := by[i]
			if all = all && ok; ok {
				merge = m
			}
		}
		if all && merge >= 0 && u.change.Bucket == "" {
			u.change.Bucket, u.change.Reason = model.BucketWithdrawn, model.Because("thrown-away", r.graph.ids[merge].String()[:8])
		}
	}
}

// thrownAway lists the commits that a merge brought with releases and whose
// work it left out, and keeps of the releases those of side lines: at every path that such a commit touched, the merge has
// what its first parent had, and the first parent's own history didn't do the
// same. Merges that kept nothing of the side at all are looked at wherever they
// are, others on the main line and for hotfixes only.
func (r *Repository) thrownAway(back *backMerge) ([]int32, error) {
	i := back.at
	first := r.graph.parents(i)[0]
	m, err := r.at(i)
	if err != nil {
		return nil, err
	}
	p, err := r.at(first)
	if err != nil {
		return nil, err
	}
	if m.tree != p.tree {
		// What a merge of the main line brings isn't of that line. Numbers are asked
		// first: they cost nothing.
		if slices.ContainsFunc(back.brought, func(c *tagged) bool { return !mayMend(c.version) }) || !r.tags.onMain(i) ||
			slices.ContainsFunc(back.brought, func(c *tagged) bool { return !r.tags.mends(c) }) {
			return nil, nil
		}
	} else if back.brought = slices.DeleteFunc(back.brought, (*tagged).isOnMain); len(back.brought) == 0 {
		return nil, nil
	}
	var tops []int32
	for _, c := range back.brought {
		tops = append(tops, c.place())
	}
	span := r.graph.between([]int32{first}, tops)
	if len(span) > maxThrownAway || m.tree != p.tree && len(span) > maxBroughtBack {
		return nil, nil
	}
	arrived, all, err := r.arrivals(p.tree, m.tree, span)
	if err != nil || all {
		return nil, err
	}
	var lost, other []int32
	for _, j := range span {
		gone, err := r.leftOut(j, m.tree, arrived)
		if err != nil {
			return nil, err
		}
		if !gone {
			continue
		}
		if other == nil {
			other = r.graph.between(tops, []int32{first})
		}
		same, err := r.hasTwin(j, first, other)
		if err != nil {
			return nil, err
		}
		if !same {
			lost = append(lost, j)
		}
	}
	return lost, nil
}

// leftOut reports whether nothing of what commit j did is in the tree.
func (r *Repository) leftOut(j int32, tree plumbing.Hash, arrived map[string]bool) (bool, error) {
	if len(r.graph.parents(j)) > 1 {
		return false, nil
	}
	list, err := r.touchedBy(j)
	if err != nil {
		return false, err
	}
	for _, d := range list {
		if arrived[d.path] {
			return false, nil
		}
	}
	for _, d := range list {
		now, err := r.trees.blobAt(tree, d.path)
		if err != nil {
			return false, err
		}
		if now == d.to || r.trees.holds(now, d) {
			return false, nil
		}
	}
	return len(list) > 0, nil
}

// arrivals gives the paths at which a merge changed its first parent's tree, and
// whether what the commits of span did as a whole can all have arrived there.
func (r *Repository) arrivals(before, after plumbing.Hash, span []int32) (map[string]bool, bool, error) {
	arrived := map[string]bool{}
	kept, err := r.trees.diff(before, after)
	if err != nil {
		return nil, false, err
	}
	for _, d := range kept {
		arrived[d.path] = true
	}
	if len(arrived) == 0 {
		return arrived, false, nil
	}
	from, err := r.baseTree(span[0])
	if err != nil {
		return nil, false, err
	}
	last, err := r.at(span[len(span)-1])
	if err != nil {
		return nil, false, err
	}
	whole, err := r.trees.diff(from, last.tree)
	if err != nil {
		return nil, false, err
	}
	for _, d := range whole {
		if arrived[d.path] {
			continue
		}
		now, err := r.trees.blobAt(after, d.path)
		if err != nil || now != d.to {
			return arrived, false, err
		}
	}
	return arrived, true, nil
}

// hasTwin reports whether the other side, whose tip is first, did the same as
// commit j: by mark or by patch.
func (r *Repository) hasTwin(j, first int32, other []int32) (bool, error) {
	f, err := r.at(j)
	if err != nil {
		return false, err
	}
	for _, written := range f.message.Picked {
		if at := r.position(written); at >= 0 && r.graph.reaches(first, at) {
			return true, nil
		}
	}
	for _, k := range other {
		o, err := r.at(k)
		if err != nil {
			return false, err
		}
		for _, written := range o.message.Picked {
			if r.position(written) == j {
				return true, nil
			}
		}
	}
	if len(other) > maxPatches {
		return false, nil
	}
	for _, k := range other {
		same, err := r.samePatchAs(j, k)
		if same || err != nil {
			return same, err
		}
	}
	return false, nil
}
