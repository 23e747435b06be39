package gitsource

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// The commit graph in the cache is made like git's own commit-graph, so that a run
// that asks for one range reads what lies near it and no more: a head, and then a
// row of blocks with a sum each, which hold
//
//   - a row for each commit in the order of ids: id (20 bytes), time and corrected
//     date (8 each), the places of two parents (4 each);
//   - the parents of octopus merges from the second on (4 each);
//   - the tips that the graph was read from, sorted (20 each).
//
// A commit's parents and time never change, so what was read for other tips still
// holds; replace refs and grafts are part of the file's key.
const (
	keptMagic = "graph 2\n"
	keptHead  = len(keptMagic) + 3*4 + 256*4 + keptSum // magic, numbers of each, fan, sum
	keptBlock = 4096                                   // bytes of a block without its sum
	keptSum   = 8
	keptRow   = 20 + 8 + 8 + 4 + 4

	keptNone = 0x70000000 // no parent
	keptMore = 1 << 31    // further parents; the last of them
)

func compareHash(a, b plumbing.Hash) int { return bytes.Compare(a[:], b[:]) }

func (r *Repository) graphFile() cacheFile {
	return r.cached("graph", "", "2 "+r.altered())
}

// sortedTips is a set of tips as it is kept.
func sortedTips(tips []plumbing.Hash) []plumbing.Hash {
	sorted := slices.Clone(tips)
	slices.SortFunc(sorted, compareHash)
	return slices.Compact(sorted)
}

// blockSum is the sum of the nth block; the head is the one before the first. A
// block of another file doesn't fit.
func (c cacheFile) blockSum(n int, b []byte) [keptSum]byte {
	h := sha256.New()
	_, _ = h.Write(c.key[:])
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(n+1)))
	_, _ = h.Write(b)
	return [keptSum]byte(h.Sum(nil))
}

// keepGraph writes a graph into the cache.
func (r *Repository) keepGraph(g *graph, tips []plumbing.Hash) {
	file := r.graphFile()
	w := file.create()
	if w.err != nil {
		w.keep(false)
		return
	}
	g.sortIDs()
	place := make([]uint32, g.size()) // in the order of ids
	var fan [256]uint32
	for at, i := range g.sorted {
		place[i] = uint32(at)
		fan[g.ids[i][0]]++
	}
	tips = sortedTips(tips)
	var edges []uint32
	body := make([]byte, 0, keptRow*g.size()+20*len(tips))
	for _, i := range g.sorted {
		parents := g.parents(i)
		two := [2]uint32{keptNone, keptNone}
		for k, p := range parents[:min(2, len(parents))] {
			two[k] = place[p]
		}
		if len(parents) > 2 {
			two[1] = keptMore | uint32(len(edges))
			for _, p := range parents[1:] {
				edges = append(edges, place[p])
			}
			edges[len(edges)-1] |= keptMore
		}
		body = append(body, g.ids[i][:]...)
		body = binary.BigEndian.AppendUint64(body, uint64(g.times[i]))
		body = binary.BigEndian.AppendUint64(body, uint64(g.gens[i]))
		body = binary.BigEndian.AppendUint32(body, two[0])
		body = binary.BigEndian.AppendUint32(body, two[1])
	}
	for _, e := range edges {
		body = binary.BigEndian.AppendUint32(body, e)
	}
	for _, t := range tips {
		body = append(body, t[:]...)
	}
	head := []byte(keptMagic)
	for _, n := range []int{g.size(), len(edges), len(tips)} {
		head = binary.BigEndian.AppendUint32(head, uint32(n))
	}
	total := uint32(0)
	for _, n := range fan {
		total += n
		head = binary.BigEndian.AppendUint32(head, total)
	}
	put := func(n int, b []byte) {
		sum := file.blockSum(n, b)
		_, _ = w.Write(b)
		_, _ = w.Write(sum[:])
	}
	put(-1, head)
	n := 0
	for b := range slices.Chunk(body, keptBlock) {
		put(n, b)
		n++
	}
	w.keep(true)
}

// wholeGraph reads the graph that an earlier run wrote, nil where there is none.
// same says that it was read from just these tips, so that nothing is missing in
// it or too much.
func (r *Repository) wholeGraph(tips []plumbing.Hash) (g *graph, same bool) {
	file := r.graphFile()
	b := file.load()
	if b == nil {
		return nil, false
	}
	k := readKept(file, bytes.NewReader(b))
	if k == nil {
		return nil, false
	}
	own, err := k.tips()
	if err != nil {
		return nil, false
	}
	if g = k.graph(); g == nil {
		return nil, false
	}
	return g, slices.Equal(own, sortedTips(tips))
}
