package gitsource

import (
	"bytes"
	"cmp"
	"path"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// Renames are found as `git diff-tree -M` finds them (diffcore-rename.c): by
// equal content first, then among files that kept their name, then by the best
// similarity of at least half. The numbers are git's.
const (
	renameLimit   = 1000  // diff.renameLimit
	maxScore      = 60000 // MAX_SCORE
	minScore      = 30000 // half of it
	baseNameScore = minScore + (maxScore-minScore)/2
	maxRenameBlob = 8 << 20
)

// renames joins removed and added paths that are one file moved. Where blobs
// aren't at hand, as in a partial clone, only equal content is found.
func (t *treeReader) renames(diff []touched) []touched {
	var gone, new []int
	for i := range diff {
		switch diff[i].status() {
		case 'D':
			gone = append(gone, i)
		case 'A':
			new = append(new, i)
		}
	}
	if len(gone) == 0 || len(new) == 0 {
		return diff
	}
	m := matcher{diff: diff, trees: t, source: map[int]int{}, used: map[int]bool{}, sketches: map[plumbing.Hash]*sketch{}}
	m.exact(gone, new)
	m.similar(gone, new)
	if len(m.source) == 0 {
		return diff
	}
	out := make([]touched, 0, len(diff))
	for i, d := range diff {
		if from, ok := m.source[i]; ok {
			d.old, d.from = diff[from].path, diff[from].from
		} else if m.used[i] {
			continue
		}
		out = append(out, d)
	}
	return out
}

// matcher pairs added paths with removed ones.
type matcher struct {
	diff     []touched
	trees    *treeReader
	source   map[int]int  // added → removed
	used     map[int]bool // removed ones that are taken
	sketches map[plumbing.Hash]*sketch
}

func (m *matcher) pair(new, gone int) { m.source[new], m.used[gone] = gone, true }

func (m *matcher) free(list []int, taken func(int) bool) []int {
	var out []int
	for _, i := range list {
		if !taken(i) {
			out = append(out, i)
		}
	}
	return out
}

func (m *matcher) sources(gone []int) []int {
	return m.free(gone, func(i int) bool { return m.used[i] })
}
func (m *matcher) targets(new []int) []int {
	return m.free(new, func(i int) bool { _, ok := m.source[i]; return ok })
}

// exact pairs files of equal content; of several, the one that kept its name.
func (m *matcher) exact(gone, new []int) {
	byID := map[plumbing.Hash][]int{}
	for _, i := range gone {
		byID[m.diff[i].from.id] = append(byID[m.diff[i].from.id], i)
	}
	for _, i := range new {
		best := -1
		for _, j := range byID[m.diff[i].to.id] {
			if m.used[j] || m.diff[j].from.mode&modeKind != m.diff[i].to.mode&modeKind {
				continue
			}
			if best < 0 || path.Base(m.diff[best].path) != path.Base(m.diff[i].path) && path.Base(m.diff[j].path) == path.Base(m.diff[i].path) {
				best = j
			}
		}
		if best >= 0 {
			m.pair(i, best)
		}
	}
}

// similar pairs what is left by likeness of content.
func (m *matcher) similar(gone, new []int) {
	m.sameName(m.sources(gone), m.targets(new))
	gone, new = m.sources(gone), m.targets(new)
	if len(gone) == 0 || len(new) == 0 || len(gone)*len(new) > renameLimit*renameLimit {
		return
	}
	type candidate struct{ new, gone, score, name int }
	var all []candidate
	for _, i := range new {
		for _, j := range gone {
			if s := m.score(j, i, minScore); s >= minScore {
				name := 0
				if path.Base(m.diff[i].path) == path.Base(m.diff[j].path) {
					name = 1
				}
				all = append(all, candidate{i, j, s, name})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.name, a.name))
	})
	for _, c := range all {
		if _, done := m.source[c.new]; !done && !m.used[c.gone] {
			m.pair(c.new, c.gone)
		}
	}
}

// sameName pairs files whose name occurs once on each side, if they are alike
// by three quarters.
func (m *matcher) sameName(gone, new []int) {
	count := func(list []int) map[string][]int {
		out := map[string][]int{}
		for _, i := range list {
			out[path.Base(m.diff[i].path)] = append(out[path.Base(m.diff[i].path)], i)
		}
		return out
	}
	from, to := count(gone), count(new)
	for _, i := range new {
		base := path.Base(m.diff[i].path)
		if len(from[base]) == 1 && len(to[base]) == 1 {
			if j := from[base][0]; m.score(j, i, baseNameScore) >= baseNameScore {
				m.pair(i, j)
			}
		}
	}
}

// score is git's estimate_similarity: how many bytes of the source came along,
// of the larger file's size.
func (m *matcher) score(gone, new, least int) int {
	from, to := m.diff[gone].from, m.diff[new].to
	if from.mode&modeKind != 0o100000 || to.mode&modeKind != 0o100000 {
		return 0
	}
	a, b := m.sketch(from.id), m.sketch(to.id)
	if a == nil || b == nil {
		return 0
	}
	larger, delta := max(a.size, b.size), max(a.size, b.size)-min(a.size, b.size)
	if larger == 0 || larger*(maxScore-least) < delta*maxScore {
		return 0
	}
	copied := 0
	for i, j := 0, 0; i < len(a.spans) && j < len(b.spans); {
		switch x, y := a.spans[i], b.spans[j]; {
		case x.hash < y.hash:
			i++
		case x.hash > y.hash:
			j++
		default:
			copied += min(x.count, y.count)
			i, j = i+1, j+1
		}
	}
	return copied * maxScore / larger
}

// sketch is a file as git's diffcore_count_changes sees it: the bytes of its
// lines, or of pieces of 64, added up by a hash.
type sketch struct {
	size  int
	spans []span
}

type span struct {
	hash  uint32
	count int
}

func (m *matcher) sketch(id plumbing.Hash) *sketch {
	if s, ok := m.sketches[id]; ok {
		return s
	}
	m.sketches[id] = nil
	typ, b, err := m.trees.objects.read(id)
	if err != nil || typ != plumbing.BlobObject || len(b) > maxRenameBlob {
		return nil
	}
	s := &sketch{size: len(b)}
	text := bytes.IndexByte(b[:min(len(b), 8000)], 0) < 0
	counts := map[uint32]int{}
	var one, two uint32
	n := 0
	for i := 0; i < len(b); i++ {
		c := uint32(b[i])
		if text && c == '\r' && i+1 < len(b) && b[i+1] == '\n' {
			continue
		}
		old := one
		one = one<<7 ^ two>>25
		two = two<<7 ^ old>>25
		one += c
		if n++; n < 64 && c != '\n' {
			continue
		}
		counts[(one+two*0x61)%107927] += n
		n, one, two = 0, 0, 0
	}
	if n > 0 {
		counts[(one+two*0x61)%107927] += n
	}
	for h, c := range counts {
		s.spans = append(s.spans, span{h, c})
	}
	slices.SortFunc(s.spans, func(a, b span) int { return cmp.Compare(a.hash, b.hash) })
	m.sketches[id] = s
	return s
}
