package gitsource

import (
	"cmp"

	"github.com/go-git/go-git/v5/plumbing"
)

// survey is a walk over the history below some tips, youngest first, as far as was
// needed. What it reads becomes no part of an answer: it answers whether some history
// holds a commit, and an answer to that needs no more than what is younger.
type survey struct {
	p    *part
	list []surveyed
	seen map[plumbing.Hash]int32
	q    *queue[int32]
}

// surveyed is a commit that a survey has met.
type surveyed struct {
	id plumbing.Hash
	header
	fell int64 // how far its clock lies behind a child's
	done bool  // whether it was gone below
}

// maxSurveys is how many releases' histories are kept in mind.
const maxSurveys = 32

func (p *part) survey(tips ...plumbing.Hash) (*survey, error) {
	s := &survey{p: p, seen: map[plumbing.Hash]int32{}}
	s.q = &queue[int32]{before: func(a, b int32) bool {
		x, y := &s.list[a], &s.list[b]
		return cmp.Or(cmp.Compare(x.gen, y.gen), compareHash(x.id, y.id)) > 0
	}}
	for _, tip := range tips {
		if _, err := s.add(tip); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// holds reports whether a commit is found on the way down to its date.
func (s *survey) holds(h plumbing.Hash) (bool, error) {
	want, err := s.p.header(h)
	if err != nil {
		return false, err
	}
	reach := want.gen
	if s.p.clocks != nil {
		reach -= s.p.clocks.drift
	}
	for {
		for len(s.q.list) > 0 && s.list[s.q.list[0]].gen >= reach {
			if _, seen := s.seen[h]; seen {
				return true, nil
			}
			if err := s.below(s.q.pop()); err != nil {
				return false, err
			}
		}
		if _, seen := s.seen[h]; seen || s.p.clocks == nil {
			return seen, nil
		}
		before := len(s.list)
		for _, i := range s.q.list {
			if n := &s.list[i]; n.fell > s.p.clocks.drift && n.late > 0 && !n.done {
				if err := s.follow(n.id, n.fell); err != nil {
					return false, err
				}
			}
		}
		if len(s.list) == before {
			return false, nil
		}
	}
}

// follow goes below a commit whose clock is wrong, down to where that shows.
func (s *survey) follow(h plumbing.Hash, fell int64) error {
	way, err := s.p.look(h, fell)
	if err != nil {
		return err
	}
	for _, h := range way {
		i, err := s.add(h)
		if err != nil {
			return err
		}
		if err := s.below(i); err != nil {
			return err
		}
	}
	return nil
}

// below puts a commit's parents into the queue.
func (s *survey) below(i int32) error {
	if s.list[i].done {
		return nil
	}
	s.list[i].done = true
	child, latest := s.list[i].header, int64(0)
	for _, h := range child.parents {
		k, err := s.add(h)
		if err != nil {
			return err
		}
		n := &s.list[k]
		n.fell = max(n.fell, child.when-n.when)
		latest = max(latest, n.gen)
	}
	if child.late == 0 && child.gen != corrected(child.when, latest) {
		return errPart // what a file says of dates contradicts itself
	}
	return nil
}

// add puts a commit into the queue.
func (s *survey) add(h plumbing.Hash) (int32, error) {
	if i, seen := s.seen[h]; seen {
		return i, nil
	}
	known, err := s.p.header(h)
	if err != nil {
		return 0, err
	}
	i := int32(len(s.list))
	s.list = append(s.list, surveyed{id: h, header: known})
	s.seen[h] = i
	s.q.push(i)
	return i, nil
}

// reaches reports whether a commit's history holds another one, without making
// either a part of the answer.
func (p *part) reaches(from, h plumbing.Hash) bool {
	if p.reached[[2]plumbing.Hash{from, h}] {
		return true
	}
	is, err := p.found(from, h)
	if err != nil {
		p.want(plumbing.ZeroHash)
	}
	return p.answered(from, h, is)
}

// answered keeps whether a commit's history was found to hold another one. What was
// found is sure. By clocks, a survey that went on since may find what it didn't
// before: what follows from that is worth nothing, and the answer is made again.
func (p *part) answered(from, h plumbing.Hash, is bool) bool {
	if p.clocks == nil {
		return is
	}
	pair := [2]plumbing.Hash{from, h}
	before, asked := p.reached[pair]
	if before {
		return true
	}
	if asked && is {
		p.want(from)
	}
	p.reached[pair] = is
	return is
}

// found is reaches as far as a survey of the first commit's history shows it.
func (p *part) found(from, h plumbing.Hash) (bool, error) {
	s := p.surveys[from]
	if s == nil {
		if len(p.surveys) == maxSurveys {
			clear(p.surveys)
		}
		var err error
		if s, err = p.survey(from); err != nil {
			return false, err
		}
		p.surveys[from] = s
		if p.clocks != nil { // if its own clock is seen to be wrong
			if err := s.follow(from, 0); err != nil {
				return false, err
			}
		}
	}
	return s.holds(h)
}

// since gives the earliest that a commit's corrected date can be.
func (p *part) since(h plumbing.Hash) int64 {
	known, err := p.header(h)
	if err != nil {
		p.want(plumbing.ZeroHash)
	}
	return known.gen
}

// shared gives a commit that two histories have in common, one of the youngest; zero
// where there is none. That it is shared depends on no clock.
func (p *part) shared(a, b plumbing.Hash) (plumbing.Hash, error) {
	const left, right = wanted, unwanted
	type met struct {
		id plumbing.Hash
		header
		colour uint8
		waits  bool
	}
	var list []met
	at := map[plumbing.Hash]int32{}
	q := &queue[int32]{before: func(a, b int32) bool {
		return cmp.Or(cmp.Compare(list[a].gen, list[b].gen), compareHash(list[a].id, list[b].id)) > 0
	}}
	var open [(left | right) + 1]int // in the queue, by colour
	lowest := [...]int64{left: 1<<63 - 1, right: 1<<63 - 1}
	mark := func(h plumbing.Hash, colour uint8) error {
		i, known := at[h]
		if !known {
			found, err := p.header(h)
			if err != nil {
				return err
			}
			i = int32(len(list))
			list, at[h] = append(list, met{id: h, header: found}), i
		}
		n := &list[i]
		if n.colour|colour == n.colour {
			return nil
		}
		if n.waits {
			open[n.colour]--
		} else {
			n.waits = true
			q.push(i)
		}
		n.colour |= colour
		open[n.colour]++
		lowest[colour] = min(lowest[colour], n.gen)
		return nil
	}
	if err := cmp.Or(mark(a, left), mark(b, right)); err != nil {
		return plumbing.ZeroHash, err
	}
	for len(q.list) > 0 {
		// A side that has come to its end can be met only by what isn't older than it.
		top := list[q.list[0]].gen + list[q.list[0]].late
		if open[left|right] == 0 && (open[left] == 0 && top < lowest[left] || open[right] == 0 && top < lowest[right]) {
			break
		}
		n := list[q.pop()]
		if n.colour == left|right {
			return n.id, nil
		}
		list[at[n.id]].waits = false
		open[n.colour]--
		for _, h := range n.parents {
			if err := mark(h, n.colour); err != nil {
				return plumbing.ZeroHash, err
			}
		}
	}
	return plumbing.ZeroHash, nil
}

// shareBeyond reports whether two commits' histories share anything that a third
// one's doesn't hold. What the first has beyond the third is gone through, and the
// oldest of that is asked for in the second.
func (p *part) shareBeyond(a, b, root plumbing.Hash) (bool, error) {
	seen := map[plumbing.Hash]bool{}
	for stack := []plumbing.Hash{a}; len(stack) > 0; {
		h := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		known, err := p.header(h)
		if err != nil {
			return false, err
		}
		oldest := true
		for _, parent := range known.parents {
			if !seen[parent] && p.reaches(root, parent) {
				continue
			}
			oldest = false
			if !seen[parent] {
				seen[parent] = true
				stack = append(stack, parent)
			}
		}
		if oldest && p.reaches(b, h) {
			return true, nil
		}
	}
	return false, nil
}
