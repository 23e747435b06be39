package gitsource

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"slices"
	"sort"

	"github.com/go-git/go-git/v5/plumbing"
)

// keptGraph is that file, read here and there.
type keptGraph struct {
	cacheFile
	in     io.ReaderAt // at the head
	close  func() error
	counts [3]uint32 // of rows, edges, tips
	fan    [256]uint32
	blocks map[int][]byte
	places map[plumbing.Hash]uint32 // where rows are known to be
	inside int                      // whether the tips are a repository's: 1, -1, 0 not asked yet
}

// openKept opens the file, nil where there is none. damaged says that there is one
// which is not this repository's, as it is now.
func (r *Repository) openKept() (kept *keptGraph, damaged bool) {
	file := r.graphFile()
	if file.path == "" {
		return nil, false
	}
	f, err := os.Open(file.path)
	if err != nil {
		return nil, false
	}
	head := make([]byte, len(cacheMagic)+sha256.Size)
	if _, err := f.ReadAt(head, 0); err != nil || string(head[:len(cacheMagic)]) != cacheMagic || !bytes.Equal(head[len(cacheMagic):], file.key[:]) {
		_ = f.Close()
		return nil, true
	}
	k := readKept(file, io.NewSectionReader(f, int64(len(head)+sha256.Size), 1<<62))
	if k == nil {
		_ = f.Close()
		return nil, true
	}
	k.close = f.Close
	return k, false
}

func readKept(file cacheFile, in io.ReaderAt) *keptGraph {
	k := &keptGraph{cacheFile: file, in: in, close: func() error { return nil }, blocks: map[int][]byte{}, places: map[plumbing.Hash]uint32{}}
	head := make([]byte, keptHead)
	if _, err := in.ReadAt(head, 0); err != nil && err != io.EOF || string(head[:len(keptMagic)]) != keptMagic {
		return nil
	}
	sum := file.blockSum(-1, head[:keptHead-keptSum])
	if !bytes.Equal(sum[:], head[keptHead-keptSum:]) {
		return nil
	}
	b := head[len(keptMagic):]
	for i := range k.counts {
		k.counts[i], b = binary.BigEndian.Uint32(b), b[4:]
	}
	for i := range k.fan {
		k.fan[i], b = binary.BigEndian.Uint32(b), b[4:]
		if k.fan[i] > k.counts[0] || i > 0 && k.fan[i] < k.fan[i-1] {
			return nil
		}
	}
	if k.fan[255] != k.counts[0] {
		return nil
	}
	return k
}

// length is how many bytes all blocks hold.
func (k *keptGraph) length() int64 {
	return keptRow*int64(k.counts[0]) + 4*int64(k.counts[1]) + 20*int64(k.counts[2])
}

// bytes gives a piece of what the blocks hold, good for ever.
func (k *keptGraph) bytes(at int64, n int) ([]byte, error) {
	var out []byte
	for n > 0 {
		number := int(at / keptBlock)
		b, ok := k.blocks[number]
		if !ok {
			b = make([]byte, min(keptBlock, k.length()-int64(number)*keptBlock)+keptSum)
			if read, err := k.in.ReadAt(b, int64(keptHead)+int64(number)*(keptBlock+keptSum)); read < len(b) {
				return nil, cmp.Or(err, io.ErrUnexpectedEOF)
			}
			sum := k.blockSum(number, b[:len(b)-keptSum])
			if !bytes.Equal(sum[:], b[len(b)-keptSum:]) {
				return nil, errPart
			}
			b = b[:len(b)-keptSum]
			k.blocks[number] = b
		}
		b = b[at%keptBlock:]
		if len(b) >= n && out == nil {
			return b[:n], nil
		}
		b = b[:min(n, len(b))]
		out, at, n = append(out, b...), at+int64(len(b)), n-len(b)
	}
	return out, nil
}

// row gives the nth row.
func (k *keptGraph) row(n uint32) ([]byte, error) {
	if n >= k.counts[0] {
		return nil, errPart
	}
	return k.bytes(keptRow*int64(n), keptRow)
}

// search gives the first row whose id isn't below h.
func (k *keptGraph) search(h plumbing.Hash) (uint32, error) {
	from, to := uint32(0), k.fan[h[0]]
	if h[0] > 0 {
		from = k.fan[h[0]-1]
	}
	var failed error
	n := sort.Search(int(to-from), func(i int) bool {
		row, err := k.row(from + uint32(i))
		if err != nil {
			failed = err
			return true
		}
		return bytes.Compare(row[:20], h[:]) >= 0
	})
	return from + uint32(n), failed
}

func (k *keptGraph) lookup(h plumbing.Hash, names []plumbing.Hash) (parents []plumbing.Hash, when, gen int64, found bool, err error) {
	at, known := k.places[h]
	if !known {
		if at, err = k.search(h); err != nil {
			return names, 0, 0, false, errPart
		}
		if at == k.counts[0] {
			return names, 0, 0, false, nil
		}
	}
	row, err := k.row(at)
	if err != nil {
		return names, 0, 0, false, errPart
	}
	if !bytes.Equal(row[:20], h[:]) {
		return names, 0, 0, false, nil
	}
	when, gen = int64(binary.BigEndian.Uint64(row[20:])), int64(binary.BigEndian.Uint64(row[28:]))
	places, err := k.parents(row)
	if err != nil {
		return names, 0, 0, false, errPart
	}
	for _, place := range places {
		parent, err := k.row(place)
		if err != nil {
			return names, 0, 0, false, errPart
		}
		id := plumbing.Hash(parent[:20])
		k.places[id] = place
		names = append(names, id)
	}
	return names, when, gen, true, nil
}

// parents gives the places of a row's parents.
func (k *keptGraph) parents(row []byte) ([]uint32, error) {
	first, second := binary.BigEndian.Uint32(row[36:]), binary.BigEndian.Uint32(row[40:])
	switch {
	case first == keptNone:
		return nil, nil
	case second == keptNone:
		return []uint32{first}, nil
	case second&keptMore == 0:
		return []uint32{first, second}, nil
	}
	out := []uint32{first}
	for n := second &^ keptMore; n < k.counts[1]; n++ {
		b, err := k.bytes(keptRow*int64(k.counts[0])+4*int64(n), 4)
		if err != nil {
			return nil, err
		}
		edge := binary.BigEndian.Uint32(b)
		out = append(out, edge&^keptMore)
		if edge&keptMore != 0 {
			return out, nil
		}
	}
	return nil, errPart
}

func (k *keptGraph) starting(prefix plumbing.Hash, n int) ([]plumbing.Hash, error) {
	at, err := k.search(prefix)
	var out []plumbing.Hash
	for ; err == nil && at < k.counts[0]; at++ {
		var row []byte
		if row, err = k.row(at); err != nil || !samePrefix(row, prefix, n) {
			break
		}
		out = append(out, plumbing.Hash(row[:20]))
	}
	return out, err
}

// tips gives the tips that the graph was read from.
func (k *keptGraph) tips() ([]plumbing.Hash, error) {
	b, err := k.bytes(keptRow*int64(k.counts[0])+4*int64(k.counts[1]), 20*int(k.counts[2]))
	if err != nil {
		return nil, err
	}
	var out []plumbing.Hash
	for id := range slices.Chunk(b, 20) {
		out = append(out, plumbing.Hash(id))
	}
	return out, nil
}

// within reports whether what the file holds is all history of some tips.
func (k *keptGraph) within(tips []plumbing.Hash) bool {
	if k.inside == 0 {
		k.inside = -1
		own, err := k.tips()
		sorted := sortedTips(tips)
		if err == nil && !slices.ContainsFunc(own, func(t plumbing.Hash) bool {
			_, is := slices.BinarySearchFunc(sorted, t, compareHash)
			return !is
		}) {
			k.inside = 1
		}
	}
	return k.inside == 1
}

// graph gives all of the file, nil where it is no graph.
func (k *keptGraph) graph() *graph {
	n := int(k.counts[0])
	rows := make([][]byte, n)
	order, place := make([]int32, n), make([]int32, n)
	for i := range rows {
		row, err := k.row(uint32(i))
		if err != nil {
			return nil
		}
		rows[i], order[i] = row, int32(i)
	}
	gen := func(i int32) int64 { return int64(binary.BigEndian.Uint64(rows[i][28:])) }
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(gen(a), gen(b)), cmp.Compare(a, b)) })
	for at, i := range order {
		place[i] = int32(at)
	}
	g := emptyGraph(n)
	g.colours = make([]uint8, n)
	for at, i := range order {
		parents, err := k.parents(rows[i])
		if err != nil {
			return nil
		}
		for _, p := range parents {
			if p >= k.counts[0] || place[p] >= int32(at) {
				return nil
			}
			g.list = append(g.list, place[p])
		}
		id := plumbing.Hash(rows[i][:20])
		g.pos[id] = int32(at)
		g.add(id, int64(binary.BigEndian.Uint64(rows[i][20:])))
		if g.gens[at] != gen(i) {
			return nil
		}
	}
	if len(g.pos) != n {
		return nil
	}
	return g
}
