package gitsource

import (
	"slices"

	"daybreak/internal/diag"
)

// sideUnit is a change of a release beside the range: what may have been
// delivered already.
type sideUnit struct {
	*unit
	in     *tagged
	merged bool // the release is an ancestor: its number alone proves little
}

// sideReleases lists the releases, lowest first, whose readers may know changes
// of t already: those between t's predecessor and t that t doesn't hold, the
// predecessor itself where it is no ancestor, and the hotfixes on the way to it,
// which were merged back.
//
// A release below the predecessor isn't among them: who comes from the
// predecessor hasn't got what only an older line got.
func (s *tagSet) sideReleases(t *tagged) []*tagged {
	p := t.previous
	if p == nil || t.start == startRoot || t.start == startSame {
		return nil
	}
	// Those that p's own range goes back to, and what lies below, are p's.
	beyond := func(c *tagged) bool {
		s.settle(p)
		return p.previous == nil || c.compare(p.previous) > 0
	}
	var out []*tagged
	for _, c := range s.list {
		if c.index == t.index || c.unreleased() || c.version.Line != p.version.Line {
			continue
		}
		// What is cheap to know comes first: what history says may have to be read.
		switch above := c.compare(p); {
		case (c == p || above > 0 && below(c, t)) && publishedBefore(c, t) && !t.contains(c) && !c.contains(t):
			out = append(out, c)
		case above <= 0 && mayMend(c.version) && beyond(c) && t.contains(c) && s.mends(c):
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b *tagged) int { return a.compare(b) })
	return out
}

// sideUnits groups what those releases hold beyond t's own predecessors.
func (r *Repository) sideUnits(t *tagged) ([]sideUnit, error) {
	var out []sideUnit
	beyond := []int32{t.at}
	beside := r.tags.sideReleases(t)
	merged := make([]bool, len(beside))
	for k, c := range beside {
		c.place()
		merged[k] = t.contains(c)
	}
	if r.lacking() { // it may not have been contained a moment ago, see part.answered
		return nil, errLacking
	}
	// All of them are asked for at once: there may be more than rounds.
	spans := make([][]int32, len(beside))
	for k, c := range beside {
		from := beyond
		if merged[k] { // it is told what its own range brought
			from = []int32{c.previous.place()}
		} else {
			beyond = append(beyond, c.at)
		}
		spans[k] = r.graph.between(from, []int32{c.at})
	}
	if r.lacking() {
		return nil, errLacking
	}
	for k, c := range beside {
		units, _, err := r.group(spans[k], c.at)
		if err != nil {
			return nil, err
		}
		if err := r.resolveReverts(units, &diag.List{}); err != nil {
			return nil, err
		}
		for _, u := range units {
			if u.change.Bucket == "" {
				out = append(out, sideUnit{u, c, merged[k]})
			}
		}
	}
	return out, nil
}

// netSide takes out of the side what it took back itself, later: a hotfix that
// the next one reverted is not delivered. The side is given by release, each
// newest first. The answer is what is left, and the positions of the commits
// that the side took back although it shares them with the range.
//
// As in one range, a revert that was taken back itself counts for nothing, so
// the youngest goes first.
func (r *Repository) netSide(side []sideUnit) ([]sideUnit, map[int32]bool) {
	byCommit := map[int32]*sideUnit{}
	any := false
	for i := range side {
		s := &side[i]
		any = any || len(s.reverts) > 0
		for _, j := range append([]int32{s.tip, s.merge}, s.inner...) {
			byCommit[j] = s
		}
		for _, h := range s.change.PickedFrom {
			if j := r.position(string(h)); j >= 0 && byCommit[j] == nil {
				byCommit[j] = s // a revert may name the original
			}
		}
	}
	gone := map[int32]bool{}
	if !any {
		return side, gone
	}
	dead := map[*sideUnit]bool{}
	for _, s := range youngestFirst(side) {
		if dead[s] {
			continue
		}
		for _, t := range s.reverts {
			if t.unit != nil || t.at < 0 {
				continue // settled inside its own range, or unknown
			}
			before := byCommit[t.at]
			if before == nil {
				gone[t.at] = true
				continue
			}
			t.unit = before.unit
			t.whole = t.at == before.tip || t.at == before.merge || !slices.Contains(before.inner, t.at)
			if before != s && r.takeBack(t) {
				dead[before] = true
				dead[s] = dead[s] || s.onlyReverts(r)
			}
		}
	}
	left := make([]sideUnit, 0, len(side))
	for i := range side {
		if !dead[&side[i]] {
			left = append(left, side[i])
		}
	}
	return left, gone
}

// youngestFirst goes through the side from its highest release down, each
// newest first.
func youngestFirst(side []sideUnit) []*sideUnit {
	out := make([]*sideUnit, len(side))
	for i := range side {
		out[i] = &side[i]
	}
	slices.SortStableFunc(out, func(a, b *sideUnit) int { return b.in.compare(a.in) })
	return out
}
