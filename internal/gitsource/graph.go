package gitsource

import (
	"cmp"
	"iter"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// graph is the commit graph as arrays. A commit is a position in them, and they
// are in the order of corrected dates: a commit's time, or a second more than its
// youngest parent has, whichever is later (gitformat-commit-graph(5)); then of
// ids. So a parent stands before its children, and where that leaves a choice,
// mostly the older commit first.
//
// That order is what makes ranges exact. Walking a range from high positions to
// low, every descendant of a commit has been seen before the commit, so its
// colour is settled: no clock takes part in the decision. Clocks only break
// ties, which keeps walks short, as in git. And whoever knows a commit's
// corrected date knows its place among any others without the rest of history:
// a graph may hold a part of it, see part.go.
type graph struct {
	ids     []plumbing.Hash
	pos     map[plumbing.Hash]int32
	first   []int32 // parents of i are list[first[i]:first[i+1]]
	list    []int32
	times   []int64  // committer's clock, seconds
	gens    []int64  // corrected dates
	roots   []uint64 // which roots a commit has: bit n%64 of the nth root
	nroots  int
	colours []uint8 // scratch of walks, zero between them
	sorted  []int32 // positions by hash, made on demand

	cut   []bool  // of a part: whose parents aren't in it, or who is loose
	loose []bool  // of a part: of whose place only is known that it lies no higher
	asked []int32 // those of them whose parents, or place, were wanted
}

// The colours of a walk.
const (
	wanted uint8 = 1 << iota
	unwanted
	queued
)

// parents gives the positions of the parents, first parent first. Where a part
// doesn't hold them there are none, and what follows from that is worth nothing.
func (g *graph) parents(i int32) []int32 {
	if g.cut != nil && g.cut[i] {
		g.asked = append(g.asked, i)
	}
	return g.list[g.first[i]:g.first[i+1]]
}

// settled reports whether a commit's place is the one that it has in the whole
// graph. Where it isn't, what follows is worth nothing.
func (g *graph) settled(i int32) bool {
	if g.loose != nil && g.loose[i] {
		g.asked = append(g.asked, i)
		return false
	}
	return true
}

// size is the number of commits.
func (g *graph) size() int { return len(g.ids) }

func emptyGraph(n int) *graph {
	return &graph{pos: make(map[plumbing.Hash]int32, n), ids: make([]plumbing.Hash, 0, n), times: make([]int64, 0, n), gens: make([]int64, 0, n), first: make([]int32, 1, n+1), roots: make([]uint64, 0, n)}
}

// corrected is a commit's corrected date by its time and the latest of its parents.
func corrected(when, parents int64) int64 { return max(when, parents+1) }

// add appends a commit whose parents stand at the end of list already.
func (g *graph) add(id plumbing.Hash, when int64) {
	above := g.list[g.first[len(g.ids)]:]
	var roots uint64
	gen := int64(0)
	for _, p := range above {
		roots |= g.roots[p]
		gen = max(gen, g.gens[p])
	}
	if len(above) == 0 {
		roots = 1 << (g.nroots % 64)
		g.nroots++
	}
	g.ids = append(g.ids, id)
	g.times = append(g.times, when)
	g.gens = append(g.gens, corrected(when, gen))
	g.first = append(g.first, int32(len(g.list)))
	g.roots = append(g.roots, roots)
}

// topFirst is a max-heap of positions.
type topFirst []int32

func (q *topFirst) push(x int32) {
	s := append(*q, x)
	for i := len(s) - 1; i > 0; {
		up := (i - 1) / 2
		if s[up] >= s[i] {
			break
		}
		s[up], s[i] = s[i], s[up]
		i = up
	}
	*q = s
}

func (q *topFirst) pop() int32 {
	s := *q
	top := s[0]
	last := len(s) - 1
	s[0] = s[last]
	s = s[:last]
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			break
		}
		if down+1 < last && s[down+1] > s[down] {
			down++
		}
		if s[i] >= s[down] {
			break
		}
		s[i], s[down] = s[down], s[i]
		i = down
	}
	*q = s
	return top
}

// between gives reach(to) − reach(from), see inOrder: what `git rev-list to ^from`
// gives. Its cost is the range and the part of from's history that is younger than
// the range's oldest commit.
func (g *graph) between(from, to []int32) []int32 {
	var q topFirst
	var touched, out []int32
	open := 0 // wanted and not unwanted commits in the queue
	mark := func(i int32, colour uint8) {
		before := g.colours[i]
		g.colours[i] |= colour
		if before&queued == 0 {
			g.colours[i] |= queued
			touched = append(touched, i)
			q.push(i)
			if colour == wanted {
				open++
			}
		} else if before&unwanted == 0 && colour == unwanted {
			open--
		}
	}
	for _, i := range to {
		mark(i, wanted)
	}
	for _, i := range from {
		mark(i, unwanted)
	}
	for open > 0 {
		i := q.pop()
		colour := unwanted
		if g.colours[i]&unwanted == 0 {
			colour = wanted
			open--
			out = append(out, i)
		}
		for _, p := range g.parents(i) {
			mark(p, colour)
		}
	}
	for _, i := range touched {
		g.colours[i] = 0
	}
	slices.Reverse(out)
	return g.inOrder(out)
}

// inOrder sorts commits, given by rising position, by what their corrected dates
// would be if there were no others: parents before children, and mostly the older
// first. It is the order of positions where clocks are right. A clock that went
// ahead long before says nothing about what came first here.
func (g *graph) inOrder(list []int32) []int32 {
	// A date that comes from the clock, or from a parent of which that holds, is right.
	held := func(i, p int32) bool {
		if g.gens[p]+1 != g.gens[i] {
			return false
		}
		_, is := slices.BinarySearch(list, p)
		return is
	}
	if !slices.ContainsFunc(list, func(i int32) bool {
		return g.gens[i] != g.times[i] && !slices.ContainsFunc(g.parents(i), func(p int32) bool { return held(i, p) })
	}) {
		return list
	}
	own := make(map[int32]int64, len(list))
	for _, i := range list {
		latest := int64(0)
		for _, p := range g.parents(i) {
			latest = max(latest, own[p])
		}
		own[i] = corrected(g.times[i], latest)
	}
	slices.SortFunc(list, func(a, b int32) int { return cmp.Or(cmp.Compare(own[a], own[b]), compareHash(g.ids[a], g.ids[b])) })
	return list
}

// reaches reports whether ancestor can be reached from i; every commit reaches itself.
func (g *graph) reaches(i, ancestor int32) bool {
	if i == ancestor {
		return true
	}
	if !g.settled(ancestor) || i < ancestor || g.roots[i]&g.roots[ancestor] != g.roots[ancestor] {
		return false
	}
	stack, touched := []int32{i}, []int32{i}
	g.colours[i] = queued
	found := false
	for len(stack) > 0 && !found {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, p := range g.parents(i) {
			if p == ancestor {
				found = true
				break
			}
			if p > ancestor && g.colours[p] == 0 {
				g.colours[p] = queued
				stack, touched = append(stack, p), append(touched, p)
			}
		}
	}
	for _, i := range touched {
		g.colours[i] = 0
	}
	return found
}

// ancestors gives the history of a commit without itself, youngest first, n
// commits at most. Nothing else may walk the graph meanwhile.
func (g *graph) ancestors(i int32, n int) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		q, touched := topFirst{i}, []int32(nil)
		defer func() {
			for _, i := range touched {
				g.colours[i] = 0
			}
		}()
		for ; len(q) > 0; n-- {
			next := q.pop()
			if next != i && (n < 0 || !g.settled(next) || !yield(next)) {
				return
			}
			for _, p := range g.parents(next) {
				if g.colours[p] == 0 {
					g.colours[p] = queued
					touched = append(touched, p)
					q.push(p)
				}
			}
		}
	}
}

// reachability tells for each of the commits which of the others it reaches:
// bit j of the ith set. It passes over the graph once for each 64 commits.
func (g *graph) reachability(commits []int32) [][]uint64 {
	words := (len(commits) + 63) / 64
	out := make([][]uint64, len(commits))
	for i := range out {
		out[i] = make([]uint64, words)
	}
	bits := make([]uint64, g.size())
	for start := 0; start < len(commits); start += 64 {
		clear(bits)
		block := commits[start:min(start+64, len(commits))]
		top := slices.Max(block)
		for k, c := range block {
			bits[c] |= 1 << k
		}
		for i := top; i >= 0; i-- {
			if b := bits[i]; b != 0 {
				for _, p := range g.parents(i) {
					bits[p] |= b
				}
			}
		}
		for j, c := range commits {
			for k := range block {
				if bits[c]&(1<<k) != 0 {
					out[start+k][j/64] |= 1 << (j % 64)
				}
			}
		}
	}
	return out
}
