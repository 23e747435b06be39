package gitsource

import (
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// graph is the commit graph as arrays. A commit is a position in them; a parent
// stands before its children, and where that leaves a choice, the older commit
// first.
//
// That order is what makes ranges exact. Walking a range from high positions to
// low, every descendant of a commit has been seen before the commit, so its
// colour is settled: no clock takes part in the decision. Clocks only break
// ties, which keeps walks short, as in git.
type graph struct {
	ids     []plumbing.Hash
	pos     map[plumbing.Hash]int32
	first   []int32 // parents of i are list[first[i]:first[i+1]]
	list    []int32
	times   []int64  // committer's clock, seconds
	roots   []uint64 // which roots a commit has: bit n%64 of the nth root
	nroots  int
	colours []uint8 // scratch of walks, zero between them
	sorted  []int32 // positions by hash, made on demand
}

// The colours of a walk.
const (
	wanted uint8 = 1 << iota
	unwanted
	queued
)

// parents gives the positions of the parents, first parent first.
func (g *graph) parents(i int32) []int32 { return g.list[g.first[i]:g.first[i+1]] }

// size is the number of commits.
func (g *graph) size() int { return len(g.ids) }

func emptyGraph(n int) *graph {
	return &graph{pos: make(map[plumbing.Hash]int32, n), ids: make([]plumbing.Hash, 0, n), times: make([]int64, 0, n), first: make([]int32, 1, n+1), roots: make([]uint64, 0, n)}
}

// add appends a commit whose parents stand at the end of list already.
func (g *graph) add(id plumbing.Hash, when int64) {
	above := g.list[g.first[len(g.ids)]:]
	var roots uint64
	for _, p := range above {
		roots |= g.roots[p]
	}
	if len(above) == 0 {
		roots = 1 << (g.nroots % 64)
		g.nroots++
	}
	g.ids = append(g.ids, id)
	g.times = append(g.times, when)
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

// between gives reach(to) − reach(from), parents before children: what
// `git rev-list to ^from` gives. Its cost is the range and the part of from's
// history that is younger than the range's oldest commit.
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
	return out
}

// reaches reports whether ancestor can be reached from i; every commit reaches itself.
func (g *graph) reaches(i, ancestor int32) bool {
	if i == ancestor {
		return true
	}
	if i < ancestor || g.roots[i]&g.roots[ancestor] != g.roots[ancestor] {
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

// mergeBases gives the best common ancestors: those that no other common
// ancestor reaches. Criss-cross histories have several.
func (g *graph) mergeBases(a, b int32) []int32 {
	const left, right, stale = wanted, unwanted, uint8(1 << 3)
	var q topFirst
	var touched, out []int32
	live := 0 // queued commits that aren't stale
	mark := func(i int32, colour uint8) {
		before := g.colours[i]
		g.colours[i] |= colour
		if before&queued == 0 {
			g.colours[i] |= queued
			touched = append(touched, i)
			q.push(i)
			if g.colours[i]&stale == 0 {
				live++
			}
		} else if before&stale == 0 && g.colours[i]&stale != 0 {
			live--
		}
	}
	mark(a, left)
	mark(b, right)
	for live > 0 {
		i := q.pop()
		colour := g.colours[i] & (left | right | stale)
		if colour&stale == 0 {
			live--
			if colour == left|right {
				out = append(out, i)
				colour |= stale
			}
		}
		for _, p := range g.parents(i) {
			mark(p, colour)
		}
	}
	for _, i := range touched {
		g.colours[i] = 0
	}
	slices.Reverse(out)
	return out
}

// related reports whether two commits have any ancestor in common.
func (g *graph) related(a, b int32) bool {
	if g.roots[a]&g.roots[b] == 0 {
		return false
	}
	return g.nroots <= 64 || len(g.mergeBases(a, b)) > 0
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
