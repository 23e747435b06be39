package gitsource

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/model"
)

// position finds a commit of this history by its hash, abbreviated or not; -1
// where there is none, or more than one.
func (r *Repository) position(written string) int32 {
	if r.part != nil {
		return r.part.position(written)
	}
	if len(written) == 40 {
		if i, ok := r.graph.pos[plumbing.NewHash(written)]; ok {
			return i
		}
		return -1
	}
	found := int32(-1)
	for _, i := range r.graph.byPrefix(written) {
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// fullHash gives the full hash for one as written, which stays where this
// history doesn't hold it.
func (r *Repository) fullHash(written string) model.Hash {
	if i := r.position(written); i >= 0 {
		return model.Hash(r.graph.ids[i].String())
	}
	return model.Hash(written)
}

// sortIDs makes the index of byPrefix.
func (g *graph) sortIDs() {
	if g.sorted != nil {
		return
	}
	g.sorted = make([]int32, g.size())
	for i := range g.sorted {
		g.sorted[i] = int32(i)
	}
	slices.SortFunc(g.sorted, func(a, b int32) int { return compareHash(g.ids[a], g.ids[b]) })
}

// byPrefix gives the positions of the commits whose hash starts so.
func (g *graph) byPrefix(prefix string) []int32 {
	g.sortIDs()
	from, _ := slices.BinarySearchFunc(g.sorted, prefix, func(i int32, p string) int {
		return strings.Compare(g.ids[i].String(), p)
	})
	to := from
	for to < len(g.sorted) && strings.HasPrefix(g.ids[g.sorted[to]].String(), prefix) {
		to++
	}
	return g.sorted[from:to]
}
