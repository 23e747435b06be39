package gitsource

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// commitGraph is git's own file of parents and times, one or a chain of them
// (gitformat-commit-graph(5)). A file of another form, or one whose sum is wrong,
// counts as none, and what it doesn't hold is read from the commits.
type commitGraph struct {
	layers []*graphLayer // those that others build on first
}

// graphLayer is one file. Commits are counted through all layers; base is the
// first of this one.
type graphLayer struct {
	unmap func() error
	base  uint32
	count uint32
	fan   []byte // 256 numbers: how many ids have a first byte up to this one
	ids   []byte // 20 bytes each, sorted
	data  []byte // 36 bytes each: tree, two parents, generation and time
	edges []byte // the parents of octopus merges from the second on
	dates []byte // 4 bytes each: how far the corrected date lies behind the time
	late  []byte // 8 bytes each: what is too far for that
}

// openCommitGraph gives the commit graph of an object folder, nil for none.
func openCommitGraph(folder string) *commitGraph {
	names := []string{filepath.Join(folder, "info", "commit-graph")}
	if _, err := os.Stat(names[0]); err != nil {
		chain, err := os.ReadFile(filepath.Join(folder, "info", "commit-graphs", "commit-graph-chain"))
		if err != nil {
			return nil
		}
		names = nil
		for name := range strings.FieldsSeq(string(chain)) {
			names = append(names, filepath.Join(folder, "info", "commit-graphs", "graph-"+name+".graph"))
		}
	}
	g := &commitGraph{}
	for _, name := range names {
		b, unmap, err := mapFile(name)
		if err != nil {
			_ = g.close()
			return nil
		}
		layer := &graphLayer{unmap: unmap}
		if n := len(g.layers); n > 0 {
			layer.base = g.layers[n-1].base + g.layers[n-1].count
		}
		g.layers = append(g.layers, layer)
		if !layer.parse(b, len(g.layers)-1) {
			_ = g.close()
			return nil
		}
	}
	return g
}

// parse finds the chunks of a file that builds on so many others.
func (l *graphLayer) parse(b []byte, bases int) bool {
	if len(b) < 8+20 || string(b[:4]) != "CGPH" || b[4] != 1 || b[5] != 1 || int(b[7]) != bases {
		return false
	}
	if sum := sha1.Sum(b[:len(b)-20]); !bytes.Equal(sum[:], b[len(b)-20:]) {
		return false
	}
	chunks := int(b[6])
	if len(b) < 8+12*(chunks+1)+20 {
		return false
	}
	for k := range chunks {
		row := b[8+12*k:]
		from, to := binary.BigEndian.Uint64(row[4:]), binary.BigEndian.Uint64(row[16:])
		if from > to || to > uint64(len(b)-20) {
			return false
		}
		switch string(row[:4]) {
		case "OIDF":
			l.fan = b[from:to]
		case "OIDL":
			l.ids = b[from:to]
		case "CDAT":
			l.data = b[from:to]
		case "EDGE":
			l.edges = b[from:to]
		case "GDA2":
			l.dates = b[from:to]
		case "GDO2":
			l.late = b[from:to]
		}
	}
	if len(l.fan) != 1024 {
		return false
	}
	l.count = binary.BigEndian.Uint32(l.fan[1020:])
	return uint64(len(l.ids)) == 20*uint64(l.count) && uint64(len(l.data)) == 36*uint64(l.count)
}

func (g *commitGraph) close() error {
	if g == nil {
		return nil
	}
	var errs []error
	for _, l := range g.layers {
		errs = append(errs, l.unmap())
	}
	return errors.Join(errs...)
}

// find gives a commit's place in the layer, -1 for none.
func (l *graphLayer) find(h plumbing.Hash) int {
	from, to := 0, int(binary.BigEndian.Uint32(l.fan[4*int(h[0]):]))
	if h[0] > 0 {
		from = int(binary.BigEndian.Uint32(l.fan[4*int(h[0])-4:]))
	}
	if from > to || to > int(l.count) {
		return -1
	}
	i := from + sort.Search(to-from, func(i int) bool { return bytes.Compare(l.ids[20*(from+i):][:20], h[:]) >= 0 })
	if i < to && bytes.Equal(l.ids[20*i:][:20], h[:]) {
		return i
	}
	return -1
}

// id gives the commit at a place counted through all layers.
func (g *commitGraph) id(at uint32) (h plumbing.Hash, ok bool) {
	for _, l := range g.layers {
		if at >= l.base && at-l.base < l.count {
			copy(h[:], l.ids[20*(at-l.base):])
			return h, true
		}
	}
	return h, false
}

// headers gives a commit's parents, put behind names, and its time. ok is false
// where it isn't there, or has a time that the file can't hold.
func (g *commitGraph) headers(h plumbing.Hash, names []plumbing.Hash) (parents []plumbing.Hash, when int64, ok bool) {
	for _, l := range g.layers {
		if i := l.find(h); i >= 0 {
			return g.row(l, i, names)
		}
	}
	return names, 0, false
}

// row reads what headers gives out of the nth row of a layer.
func (g *commitGraph) row(l *graphLayer, n int, names []plumbing.Hash) (parents []plumbing.Hash, when int64, ok bool) {
	const none, more, last = 0x70000000, 1 << 31, 1 << 31
	row := l.data[36*n:][:36]
	when = int64(binary.BigEndian.Uint64(row[28:]) & (1<<34 - 1))
	if when == 0 || when >= 1<<33 {
		return names, 0, false
	}
	before := len(names)
	add := func(at uint32) bool {
		p, found := g.id(at)
		names = append(names, p)
		return found
	}
	first, second := binary.BigEndian.Uint32(row[20:]), binary.BigEndian.Uint32(row[24:])
	if first != none && !add(first) {
		return names[:before], 0, false
	}
	switch {
	case second == none:
		return names, when, true
	case second&more == 0:
		if add(second) {
			return names, when, true
		}
		return names[:before], 0, false
	}
	for edge := 4 * uint64(second&^more); edge+4 <= uint64(len(l.edges)); edge += 4 {
		at := binary.BigEndian.Uint32(l.edges[edge:])
		if !add(at &^ last) {
			break
		}
		if at&last != 0 {
			return names, when, true
		}
	}
	return names[:before], 0, false
}

// corrected reports whether every layer has corrected dates. Where one hasn't,
// the file has nothing but topological levels, which order commits in another
// way than we do.
func (g *commitGraph) corrected() bool {
	for _, l := range g.layers {
		if uint64(len(l.dates)) != 4*uint64(l.count) {
			return false
		}
	}
	return true
}

// lookup is headers with the corrected date. What is there and can't be read is
// an error.
func (g *commitGraph) lookup(h plumbing.Hash, names []plumbing.Hash) (parents []plumbing.Hash, when, gen int64, found bool, err error) {
	const far = 1 << 31
	for _, l := range g.layers {
		i := l.find(h)
		if i < 0 {
			continue
		}
		names, when, ok := g.row(l, i, names)
		if !ok {
			return names, 0, 0, true, errPart
		}
		late := uint64(binary.BigEndian.Uint32(l.dates[4*i:]))
		if late&far != 0 {
			at := 8 * (late &^ far)
			if at+8 > uint64(len(l.late)) {
				return names, 0, 0, true, errPart
			}
			late = binary.BigEndian.Uint64(l.late[at:])
		}
		return names, when, when + int64(late&(1<<40-1)), true, nil
	}
	return names, 0, 0, false, nil
}

// starting gives the commits whose ids start so. The prefix is an id filled up
// with zeros, of which n digits count.
func (g *commitGraph) starting(prefix plumbing.Hash, n int) ([]plumbing.Hash, error) {
	var out []plumbing.Hash
	for _, l := range g.layers {
		from := sort.Search(int(l.count), func(i int) bool { return bytes.Compare(l.ids[20*i:][:20], prefix[:]) >= 0 })
		for i := from; i < int(l.count) && samePrefix(l.ids[20*i:][:20], prefix, n); i++ {
			out = append(out, plumbing.Hash(l.ids[20*i:][:20]))
		}
	}
	return out, nil
}

// samePrefix reports whether the first n hexadecimal digits of an id are those.
func samePrefix(id []byte, prefix plumbing.Hash, n int) bool {
	return bytes.Equal(id[:n/2], prefix[:n/2]) && (n%2 == 0 || id[n/2]>>4 == prefix[n/2]>>4)
}
