package gitsource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// want notes down that an answer needs a commit. Its outcome is worth nothing
// then, and so is the position that is given.
func (p *part) want(h plumbing.Hash) int32 {
	p.wanted = append(p.wanted, h)
	return 0
}

// position is Repository.position.
func (p *part) position(written string) int32 {
	if len(written) < 4 || len(written) > 40 || strings.Trim(written, "0123456789abcdef") != "" {
		return -1
	}
	prefix := plumbing.NewHash(written + strings.Repeat("0", 40-len(written)))
	if i, ok := p.r.graph.pos[prefix]; ok && len(written) == 40 {
		return i
	}
	var found []plumbing.Hash
	if p.clocks != nil {
		some, err := p.r.objects.commitsStarting(prefix, len(written))
		if err != nil {
			return p.want(plumbing.ZeroHash)
		}
		found = some
	}
	for _, source := range p.sources {
		some, err := source.starting(prefix, len(written))
		if err != nil {
			return p.want(plumbing.ZeroHash)
		}
		found = append(found, some...)
	}
	for h := range p.above {
		if samePrefix(h[:], prefix, len(written)) {
			found = append(found, h)
		}
	}
	slices.SortFunc(found, compareHash)
	var held []plumbing.Hash
	for _, h := range slices.Compact(found) {
		is, err := p.has(h)
		if err != nil {
			return p.want(plumbing.ZeroHash)
		}
		if is {
			held = append(held, h)
		}
	}
	if len(held) != 1 {
		return -1
	}
	if i, ok := p.r.graph.pos[held[0]]; ok {
		return i
	}
	return p.want(held[0])
}

// kept is the file of an earlier run, nil where there is none.
func (p *part) kept() *keptGraph {
	for _, source := range p.sources {
		if kept, ok := source.(*keptGraph); ok {
			return kept
		}
	}
	return nil
}

// has reports whether the history holds a commit that a file knows: files may
// hold those of other branches, and of tags that are gone.
func (p *part) has(h plumbing.Hash) (bool, error) {
	if _, ok := p.byID[h]; ok {
		return true, nil
	}
	if kept := p.kept(); kept != nil && kept.within(p.tips) {
		if _, _, _, found, err := kept.lookup(h, nil); found || err != nil {
			return found, err
		}
	}
	// Mostly it lies below the range that names it, and not far.
	if p.near == nil {
		var err error
		if p.near, err = p.survey(p.ends...); err != nil {
			return false, err
		}
	}
	if is, err := p.near.holds(h); is || err != nil {
		return is, err
	}
	return p.hasBeyond(h)
}

// hasBeyond looks for a commit below all tips, those first that are hardly younger: to
// the next release's there is less to walk than to the main line's.
func (p *part) hasBeyond(h plumbing.Hash) (bool, error) {
	want, err := p.header(h)
	if err != nil {
		return false, err
	}
	if p.beyond == nil {
		if p.beyond, err = p.survey(); err != nil {
			return false, err
		}
	}
	if is, err := p.beyond.holds(h); is || err != nil {
		return is, err
	}
	if len(p.byDate) != len(p.tips) {
		p.byDate = p.byDate[:0]
		for _, id := range p.tips {
			known, err := p.header(id)
			if err != nil {
				return false, err
			}
			p.byDate = append(p.byDate, dated{id, known.gen + known.late})
		}
		slices.SortFunc(p.byDate, func(a, b dated) int { return cmp.Or(cmp.Compare(a.last, b.last), compareHash(a.id, b.id)) })
	}
	from, _ := slices.BinarySearchFunc(p.byDate, want.gen, func(d dated, gen int64) int { return cmp.Compare(d.last, gen) })
	for _, tip := range p.byDate[from:] {
		if _, met := p.beyond.seen[tip.id]; met {
			continue
		}
		if _, err := p.beyond.add(tip.id); err != nil {
			return false, err
		}
		if is, err := p.beyond.holds(h); is || err != nil {
			return is, err
		}
	}
	return false, nil
}

// dated is a tip, and the latest that its corrected date can be.
type dated struct {
	id   plumbing.Hash
	last int64
}

// onMain reports whether a commit is on the main line's chain of first parents; its
// corrected date is gen, or later. By clocks, the chain is followed further than to where it is
// older: history that was brought in from elsewhere has dates of its own.
func (p *part) onMain(h plumbing.Hash, gen int64) bool {
	if p.mainDown > 0 && gen >= p.mainDown {
		return p.main[h]
	}
	for behind := 0; !p.mainAt.IsZero(); {
		at, err := p.header(p.mainAt)
		if err != nil {
			p.want(plumbing.ZeroHash)
			return false
		}
		if at.gen+at.late >= gen {
			behind = 0
		} else if behind++; at.late == 0 || behind > p.clocks.margin+len(p.main)/4 {
			break
		}
		p.main[p.mainAt] = true
		if p.mainAt = plumbing.ZeroHash; len(at.parents) > 0 {
			p.mainAt = at.parents[0]
		}
	}
	p.mainDown = gen
	return p.main[h]
}

// inPart makes an answer out of as little of the history as it takes, else out
// of all of it. The names are of revisions that the answer is about: the first is
// where its range starts, the second where it ends.
func (r *Repository) inPart(ctx context.Context, start, end string, answer func() error) error {
	if r.graph != nil && r.part == nil {
		return answer()
	}
	err := r.tryPart(ctx, start, end, answer, false)
	if errors.Is(err, errStale) {
		if err := r.dropPart(); err != nil {
			return err
		}
		err = r.tryPart(ctx, start, end, answer, true)
	}
	if !errors.Is(err, errPart) {
		return err
	}
	if _, err := r.prepare(ctx); err != nil {
		return err
	}
	return answer()
}

func (r *Repository) tryPart(ctx context.Context, start, end string, answer func() error, byClocks bool) error {
	if r.part == nil {
		if r.part = r.openPart(byClocks); r.part == nil {
			return errPart
		}
	}
	p := r.part
	if err := p.begin(start, end); err != nil {
		return err
	}
	for range maxRounds {
		if p.clocks != nil {
			if err := p.known(); err != nil {
				return err
			}
		}
		g, order := p.graph()
		r.graph, p.wanted, p.ranges = g, nil, p.ranges[:0]
		p.rounds++
		r.settlePart()
		err := answer()
		if len(g.asked) == 0 && len(p.wanted) == 0 {
			if p.clocks == nil {
				return err
			}
			if enough, failed := p.enough(); enough || failed != nil {
				return cmp.Or(failed, err)
			}
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, h := range p.wanted {
			if h.IsZero() {
				return errPart
			}
			if _, err := p.add(h); err != nil {
				return err
			}
		}
		var from []int32
		for _, at := range g.asked {
			from = append(from, order[at])
		}
		if err := p.grow(from); err != nil {
			return err
		}
	}
	return fmt.Errorf("after %d rounds: %w", maxRounds, errPart)
}

// begin reads the range between two revisions, as far as they are names or hashes.
func (p *part) begin(start, end string) error {
	if p.tips == nil {
		p.r.tips(&p.tips)
		for _, tip := range p.tips {
			if p.clocks != nil {
				break
			}
			if _, err := p.header(tip); err != nil { // above must hold all that no file has
				return err
			}
		}
		for _, t := range p.r.released {
			known, err := p.header(t.commit)
			if err != nil {
				return err
			}
			t.gen, t.late = known.gen, known.late
		}
	}
	var ends [2][]int32
	p.ends, p.near = p.ends[:0], nil
	for k, name := range []string{start, end} {
		if name == "" { // a release's start is found out first
			continue
		}
		if h := p.r.named(name); !h.IsZero() {
			p.addTip(h)
			p.ends = append(p.ends, h)
			i, err := p.add(h)
			if err != nil {
				return err
			}
			ends[k] = []int32{i}
		}
	}
	if len(p.nodes) == 0 {
		if _, err := p.add(p.tips[0]); err != nil {
			return err
		}
	}
	if ends[1] == nil || ends[0] == nil {
		return nil
	}
	_, err := p.open(p.nodes[ends[0][0]].id, p.nodes[ends[1][0]].id)
	return err
}

// open reads the range between two commits, unless it was read already.
func (p *part) open(start, end plumbing.Hash) (opened bool, err error) {
	if p.opened[[2]plumbing.Hash{start, end}] {
		return false, nil
	}
	p.opened[[2]plumbing.Hash{start, end}] = true
	from, err := p.add(start)
	if err != nil {
		return false, err
	}
	to, err := p.add(end)
	if err != nil {
		return false, err
	}
	if p.clocks != nil {
		return true, p.limit(from, to)
	}
	return true, p.span([]int32{from}, []int32{to})
}

// opened reports whether the part holds a release's range: else it does in the next round.
func (t *tagged) opened() bool {
	p := t.set.part
	if p == nil || t.previous == nil {
		return true
	}
	fresh, err := p.open(t.previous.commit, t.commit)
	if err != nil {
		p.want(plumbing.ZeroHash)
	} else if fresh {
		p.want(t.commit)
	}
	return err == nil && !fresh
}

// addTip makes a commit a part of the history that it may be none of so far.
func (p *part) addTip(h plumbing.Hash) {
	if slices.Contains(p.tips, h) {
		return
	}
	p.tips = append(p.tips, h)
}

// met keeps the facts of a commit for the next round. Its parents must be those
// that the graph has.
func (p *part) met(i int32, f *facts, parents []plumbing.Hash) {
	h := p.r.graph.ids[i]
	if k := p.byID[h]; !slices.Equal(p.nodes[k].parents, parents) {
		p.want(plumbing.ZeroHash)
	}
	if len(p.facts) == maxPartFacts {
		clear(p.facts)
	}
	p.facts[h] = f
}

// dropPart gives up what is known of a part of the history.
func (r *Repository) dropPart() error {
	if r.part == nil {
		return nil
	}
	var err error
	if kept := r.part.kept(); kept != nil {
		err = kept.close()
	}
	r.part, r.graph, r.tags = nil, nil, nil
	r.forget()
	return err
}

// settlePart makes the graph at hand that of the answers: with the releases at
// their places, and nothing known of them yet.
func (r *Repository) settlePart() {
	r.forget()
	r.facts = newFactStore(r.graph.size())
	set := r.newTagSet()
	set.at = map[int32][]*tagged{}
	for _, t := range set.list {
		t.at = -1
		if i, ok := r.graph.pos[t.commit]; ok {
			t.at = i
			if !r.graph.loose[i] {
				t.gen, t.late = r.graph.gens[i], 0
			}
			set.at[i] = append(set.at[i], t)
		}
	}
	r.tags = set
}

// lacking reports whether the answer in the making is worth nothing already.
func (r *Repository) lacking() bool {
	return r.part != nil && (len(r.graph.asked) > 0 || len(r.part.wanted) > 0)
}
