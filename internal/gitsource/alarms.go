package gitsource

import (
	"cmp"
	"fmt"
	"slices"

	"daybreak/internal/model"
)

// maxBroughtBack bounds how many commits of one merge are looked at for work
// that the merge threw away.
const maxBroughtBack = 2000

// broughtBack finds, for all of history in one pass for each 64 releases, the
// merges that brought a release of a side line back, and which.
func (s *tagSet) broughtBack(g *graph) map[int32][]*tagged {
	var side []*tagged
	for _, t := range s.list {
		if !t.unreleased() && s.mainTip >= 0 && !s.onMain[t.at] {
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

// alarms finds fixes that a merge of the range threw away: a release was merged
// back, so its commits are ancestors and no list of commits shows anything
// amiss, but the merge kept the line's own files (`git merge -s ours`, or a
// conflict settled so).
func (r *Repository) alarms(t *tagged, span []int32) ([]model.Alarm, error) {
	if r.tags.brought == nil {
		r.tags.brought = r.tags.broughtBack(r.graph)
	}
	var out []model.Alarm
	seen := map[int32]bool{}
	for _, i := range span {
		brought := slices.Clone(r.tags.brought[i])
		slices.SortStableFunc(brought, func(a, b *tagged) int { return a.version.Compare(b.version) })
		for _, c := range brought {
			if !t.unreleased() && (c.version.Line != t.version.Line || c.version.Compare(t.version) >= 0) {
				continue
			}
			lost, err := r.thrownAway(i, c.at)
			if err != nil {
				return nil, err
			}
			for _, j := range lost {
				if seen[j] {
					continue
				}
				seen[j] = true
				f, err := r.at(j)
				if err != nil {
					return nil, err
				}
				out = append(out, model.Alarm{
					Code: "null-back-merge", Commit: f.commit.Hash, In: c.version.String(), Subject: f.message.Subject,
					Text: fmt.Sprintf("%q of %s is not in %s: merge %s threw it away, regression risk", cmp.Or(f.message.Title, f.commit.Hash.Short()), c.name, t.label(), r.graph.ids[i].String()[:8]),
				})
			}
		}
	}
	return out, nil
}

// thrownAway lists the commits that merge i brought with a release and whose
// work it left out: at every path that such a commit touched, the merge has
// what its first parent had, and the first parent's own history didn't do the
// same.
func (r *Repository) thrownAway(i, release int32) ([]int32, error) {
	first := r.graph.parents(i)[0]
	m, err := r.at(i)
	if err != nil {
		return nil, err
	}
	p, err := r.at(first)
	if err != nil {
		return nil, err
	}
	span := r.graph.between([]int32{first}, []int32{release})
	if len(span) > maxBroughtBack {
		return nil, nil
	}
	kept, err := r.trees.diff(p.tree, m.tree)
	if err != nil {
		return nil, err
	}
	arrived := map[string]bool{} // paths at which the merge brought something
	for _, d := range kept {
		arrived[d.path] = true
	}
	var lost []int32
	for _, j := range span {
		if len(r.graph.parents(j)) > 1 {
			continue
		}
		list, err := r.touchedBy(j)
		if err != nil {
			return nil, err
		}
		gone := len(list) > 0
		for _, d := range list {
			if arrived[d.path] {
				gone = false
				break
			}
			now, err := r.trees.blobAt(m.tree, d.path)
			if err != nil {
				return nil, err
			}
			if now == d.to || r.trees.holds(now, d) {
				gone = false
				break
			}
		}
		if !gone {
			continue
		}
		same, err := r.hasTwin(j, first, release)
		if err != nil {
			return nil, err
		}
		if !same {
			lost = append(lost, j)
		}
	}
	return lost, nil
}

// hasTwin reports whether the other side did the same as commit j: by mark or
// by patch.
func (r *Repository) hasTwin(j, first, side int32) (bool, error) {
	f, err := r.at(j)
	if err != nil {
		return false, err
	}
	for _, written := range f.message.Picked {
		if at := r.position(written); at >= 0 && r.graph.reaches(first, at) {
			return true, nil
		}
	}
	other := r.graph.between([]int32{side}, []int32{first})
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

// samePatchAs compares two commits: by touched paths, and only where those
// agree by content.
func (r *Repository) samePatchAs(i, j int32) (bool, error) {
	a, err := r.pathsOf(i)
	if err != nil || a == "" {
		return false, err
	}
	b, err := r.pathsOf(j)
	if err != nil || a != b {
		return false, err
	}
	if a, err = r.patchOf(i); err != nil || a == "" {
		return false, err
	}
	b, err = r.patchOf(j)
	return a == b, err
}
