package gitsource

import (
	"fmt"

	"daybreak/internal/model"
)

// alarms finds fixes that a merge of the range threw away: a release was merged
// back, so its commits are ancestors and no list of commits shows anything
// amiss, but the merge kept the line's own files (`git merge -s ours`, or a
// conflict settled so).
func (r *Repository) alarms(t *tagged, span []int32) ([]model.Alarm, error) {
	var out []model.Alarm
	for _, i := range span {
		parents := r.graph.parents(i)
		if len(parents) < 2 {
			continue
		}
		for _, side := range parents[1:] {
			lost, err := r.thrownAway(i, parents[0], side)
			if err != nil {
				return nil, err
			}
			for _, j := range lost {
				in := r.tags.firstWith(r.graph, j, t)
				if in == nil {
					continue
				}
				f, err := r.at(j)
				if err != nil {
					return nil, err
				}
				out = append(out, model.Alarm{
					Code: "null-back-merge", Commit: f.commit.Hash, In: in.version.String(), Subject: f.message.Subject,
					Text: fmt.Sprintf("%q of %s is not in %s: merge %s threw it away, regression risk", f.message.Title, in.name, t.label(), r.graph.ids[i].String()[:8]),
				})
			}
		}
	}
	return out, nil
}

// firstWith finds the lowest release below t that holds the commit.
func (s *tagSet) firstWith(g *graph, i int32, t *tagged) *tagged {
	for _, c := range s.list {
		if c.index == t.index || c.unreleased() || !t.unreleased() && (c.version.Line != t.version.Line || c.version.Compare(t.version) >= 0) {
			continue
		}
		if g.reaches(c.at, i) {
			return c
		}
	}
	return nil
}

// thrownAway lists the commits that merge i brought from side and whose work it
// left out: at every path that such a commit touched, the merge has what its
// first parent had, and the first parent's own history didn't do the same.
func (r *Repository) thrownAway(i, first, side int32) ([]int32, error) {
	m, err := r.at(i)
	if err != nil {
		return nil, err
	}
	p, err := r.at(first)
	if err != nil {
		return nil, err
	}
	released := false
	for _, c := range r.tags.list {
		if !c.unreleased() && c.at <= side && r.graph.reaches(side, c.at) && !r.graph.reaches(first, c.at) {
			released = true
			break
		}
	}
	if !released {
		return nil, nil
	}
	var lost []int32
	for _, j := range r.graph.between([]int32{first}, []int32{side}) {
		if len(r.graph.parents(j)) > 1 {
			continue
		}
		list, err := r.touchedBy(j)
		if err != nil {
			return nil, err
		}
		gone := len(list) > 0
		for _, d := range list {
			now, err := r.trees.blobAt(m.tree, d.path)
			if err != nil {
				return nil, err
			}
			before, err := r.trees.blobAt(p.tree, d.path)
			if err != nil {
				return nil, err
			}
			if now != before || now == d.to || r.trees.holds(now, d) {
				gone = false
				break
			}
		}
		if !gone {
			continue
		}
		same, err := r.hasTwin(j, first, side)
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
	patch, err := r.patchOf(j)
	if err != nil {
		return false, err
	}
	for _, k := range r.graph.between([]int32{side}, []int32{first}) {
		o, err := r.at(k)
		if err != nil {
			return false, err
		}
		for _, written := range o.message.Picked {
			if r.position(written) == j {
				return true, nil
			}
		}
		theirs, err := r.patchOf(k)
		if err != nil {
			return false, err
		}
		if theirs == patch {
			return true, nil
		}
	}
	return false, nil
}
