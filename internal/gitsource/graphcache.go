package gitsource

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// The commit graph in the cache: which tips it was read from (a hash of their
// ids), the number of commits, and for each, parents first, its id, the
// distance of its time to that of the one before, and how far back its parents
// stand. A commit's parents and time never change, so what was read for other
// tips still holds; replace refs and grafts are part of the file's key.

func compareHash(a, b plumbing.Hash) int { return bytes.Compare(a[:], b[:]) }

// tipsName is one name for a set of tips.
func tipsName(tips []plumbing.Hash) [sha256.Size]byte {
	sorted := slices.Clone(tips)
	slices.SortFunc(sorted, compareHash)
	h := sha256.New()
	for _, t := range slices.Compact(sorted) {
		h.Write(t[:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func (r *Repository) graphFile() cacheFile {
	return r.cached("graph", "", "1 "+r.altered())
}

// keepGraph writes a graph into the cache.
func (r *Repository) keepGraph(g *graph, tips []plumbing.Hash) {
	w := r.graphFile().create()
	if w.err != nil {
		w.keep(false)
		return
	}
	name := tipsName(tips)
	b := append(make([]byte, 0, 40+26*g.size()), name[:]...)
	b = binary.AppendUvarint(b, uint64(g.size()))
	last := int64(0)
	for i := range g.ids {
		b = append(b, g.ids[i][:]...)
		b = binary.AppendVarint(b, g.times[i]-last)
		last = g.times[i]
		parents := g.parents(int32(i))
		b = binary.AppendUvarint(b, uint64(len(parents)))
		for _, p := range parents {
			b = binary.AppendUvarint(b, uint64(int32(i)-p))
		}
	}
	_, _ = w.Write(b)
	w.keep(true)
}

// keptGraph reads the graph that an earlier run wrote, nil where there is none.
// whole says that it was read from just these tips, so that nothing is missing
// in it or too much.
func (r *Repository) keptGraph(tips []plumbing.Hash) (g *graph, whole bool) {
	b := r.graphFile().load()
	name := tipsName(tips)
	if len(b) < len(name) {
		return nil, false
	}
	whole = bytes.Equal(b[:len(name)], name[:])
	if g = decodeGraph(b[len(name):]); g == nil {
		return nil, false
	}
	return g, whole
}

// decodeGraph gives nil for bytes that are no graph.
func decodeGraph(b []byte) *graph {
	count, n := binary.Uvarint(b)
	if n <= 0 || count > uint64(len(b))/22 {
		return nil
	}
	b = b[n:]
	g := emptyGraph(int(count))
	last := int64(0)
	for i := range int32(count) {
		var id plumbing.Hash
		if copy(id[:], b) < len(id) {
			return nil
		}
		b = b[len(id):]
		step, n := binary.Varint(b)
		if n <= 0 {
			return nil
		}
		b = b[n:]
		last += step
		parents, n := binary.Uvarint(b)
		if n <= 0 || parents > uint64(len(b)) {
			return nil
		}
		b = b[n:]
		for range parents {
			back, n := binary.Uvarint(b)
			if n <= 0 || back == 0 || back > uint64(i) {
				return nil
			}
			b = b[n:]
			g.list = append(g.list, i-int32(back))
		}
		g.pos[id] = i
		g.add(id, last)
	}
	if len(g.pos) != g.size() || len(b) > 0 {
		return nil
	}
	g.colours = make([]uint8, g.size())
	return g
}
