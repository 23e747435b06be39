package gitsource

import "slices"

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
	if g.nroots <= 64 || a == b {
		return true
	}
	var q topFirst
	var touched []int32
	var open [wanted | unwanted]int // queued commits of one side, by colour
	met := false
	mark := func(i int32, colour uint8) {
		switch before := g.colours[i]; {
		case before == 0:
			g.colours[i] = colour
			touched = append(touched, i)
			q.push(i)
			open[colour]++
		case before != colour:
			met = true
		}
	}
	mark(a, wanted)
	mark(b, unwanted)
	for !met && open[wanted] > 0 && open[unwanted] > 0 {
		i := q.pop()
		colour := g.colours[i]
		open[colour]--
		for _, p := range g.parents(i) {
			mark(p, colour)
		}
	}
	for _, i := range touched {
		g.colours[i] = 0
	}
	return met
}

// shared gives the youngest commit that two commits' histories have in common, -1
// where there is none. The graph must be whole.
func (g *graph) shared(a, b int32) int32 {
	if g.roots[a]&g.roots[b] == 0 {
		return -1
	}
	found := int32(-1)
	q, touched := topFirst{}, []int32(nil)
	mark := func(i int32, colour uint8) {
		if g.colours[i] == 0 {
			touched = append(touched, i)
			q.push(i)
		}
		g.colours[i] |= colour
	}
	mark(a, wanted)
	mark(b, unwanted)
	for found < 0 && len(q) > 0 {
		i := q.pop()
		if g.colours[i] == wanted|unwanted {
			found = i
		}
		for _, p := range g.parents(i) {
			mark(p, g.colours[i])
		}
	}
	for _, i := range touched {
		g.colours[i] = 0
	}
	return found
}
