package gitsource

import "github.com/go-git/go-git/v5/plumbing"

// survey is a walk over the history below some tips, youngest first, as far as was
// needed.
type survey struct {
	p    *part // of its own, since what it reads is no part of any answer
	seen map[plumbing.Hash]bool
	q    *queue[int32]
}

func (p *part) survey(tips []plumbing.Hash) (*survey, error) {
	s := &survey{p: &part{r: p.r, sources: p.sources, clocks: p.clocks, above: p.above, looked: p.looked, byID: map[plumbing.Hash]int32{}}, seen: map[plumbing.Hash]bool{}}
	s.q = s.p.youngest()
	for _, tip := range tips {
		if _, err := s.add(tip); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// holds reports whether a commit is found on the way down to its date.
func (s *survey) holds(h plumbing.Hash, want header) (bool, error) {
	reach := want.gen
	if s.p.clocks != nil {
		reach -= s.p.clocks.drift
	}
	for more := true; more; {
		more = false
		for !s.seen[h] && len(s.q.list) > 0 && s.p.nodes[s.q.list[0]].gen >= reach {
			child := &s.p.nodes[s.q.pop()]
			if err := s.below(child.header); err != nil {
				return false, err
			}
		}
		if s.p.clocks == nil || s.seen[h] {
			break
		}
		before := len(s.seen)
		for _, i := range s.q.list {
			if n := &s.p.nodes[i]; n.fell > s.p.clocks.drift && n.late > 0 {
				if err := s.follow(n.id, n.fell); err != nil {
					return false, err
				}
			}
		}
		more = len(s.seen) > before
	}
	return s.seen[h], nil
}

// follow goes below a commit whose clock is wrong.
func (s *survey) follow(h plumbing.Hash, fell int64) error {
	way, err := s.p.look(h, fell)
	if err != nil {
		return err
	}
	for _, h := range way {
		child, err := s.p.header(h)
		if err != nil {
			return err
		}
		if err := s.below(child); err != nil {
			return err
		}
	}
	return nil
}

// below puts a commit's parents into the queue.
func (s *survey) below(child header) error {
	for _, h := range child.parents {
		i, err := s.add(h)
		if err != nil {
			return err
		}
		n := &s.p.nodes[i]
		n.fell = max(n.fell, child.when-n.when)
	}
	return nil
}

// add puts a commit into the queue.
func (s *survey) add(h plumbing.Hash) (int32, error) {
	i, err := s.p.add(h)
	if err == nil && !s.seen[h] {
		s.seen[h] = true
		s.q.push(i)
	}
	return i, err
}
