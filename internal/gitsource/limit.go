package gitsource

import "github.com/go-git/go-git/v5/plumbing"

// limitWalk is git's walk of a range by clocks, limit_list in revision.c.
type limitWalk struct {
	p        *part
	q        queue[clocked]
	seq      int
	queued   map[int32]bool         // false once walked
	unwanted map[plumbing.Hash]bool // known to be in the history of the range's start
	open     int                    // queued and not unwanted
}

// limit reads what `git rev-list to ^from` reads where it goes by clocks, in the same
// order and with the same marks, and a margin behind that. A commit is marked
// only where the range's start really reaches it. So the range is not larger than
// what git gives, nor smaller than it should be.
func (p *part) limit(from, to int32) error {
	span := [2]plumbing.Hash{p.nodes[from].id, p.nodes[to].id}
	if p.limited[span] {
		return nil
	}
	p.limited[span] = true
	w := &limitWalk{p: p, q: queue[clocked]{before: clocked.before}, queued: map[int32]bool{}, unwanted: map[plumbing.Hash]bool{}}
	w.mark(p.nodes[from].id)
	w.push(from)
	w.push(to)
	for _, h := range p.nodes[from].parents {
		w.mark(h)
	}
	walked, left := 0, slop
	last := int64(1<<63 - 1) // the clock of the last commit taken for wanted
	var wanted []int32
	for len(w.q.list) > 0 && left > 0 {
		i := w.pop()
		walked++
		is := !w.unwanted[p.nodes[i].id]
		if err := w.below(i, !is); err != nil {
			return err
		}
		switch {
		case is:
			wanted, last = append(wanted, i), p.nodes[i].when
		case len(w.q.list) > 0 && (last <= w.q.list[0].when || w.open > 0):
			left = slop
		default:
			left--
		}
	}
	oldest := int64(1<<63 - 1)
	for _, i := range wanted {
		if !w.unwanted[p.nodes[i].id] {
			oldest = min(oldest, p.nodes[i].when)
		}
	}
	for n := walked/4 + p.clocks.margin; len(w.q.list) > 0 && (n > 0 || w.q.list[0].when+p.clocks.drift >= oldest); n-- {
		if err := w.below(w.pop(), true); err != nil {
			return err
		}
	}
	return nil
}

func (w *limitWalk) push(i int32) {
	if _, seen := w.queued[i]; seen {
		return
	}
	w.queued[i] = true
	if !w.unwanted[w.p.nodes[i].id] {
		w.open++
	}
	w.seq++
	w.q.push(clocked{w.p.nodes[i].when, w.seq, i})
}

func (w *limitWalk) pop() int32 {
	i := w.q.pop().at
	w.queued[i] = false
	if !w.unwanted[w.p.nodes[i].id] {
		w.open--
	}
	return i
}

// below puts a commit's parents into the queue.
func (w *limitWalk) below(i int32, unwanted bool) error {
	parents, err := w.p.read(i)
	if err != nil {
		return err
	}
	for _, k := range parents {
		if w.p.nodes[k].fell > farFall {
			if err := w.p.follow(k); err != nil {
				return err
			}
		}
		if unwanted {
			w.mark(w.p.nodes[k].id)
		}
		w.push(k)
		if unwanted {
			for _, h := range w.p.nodes[k].parents {
				w.mark(h)
			}
		}
	}
	return nil
}

// mark makes a commit unwanted, and all below it as far as the walk has come.
func (w *limitWalk) mark(h plumbing.Hash) {
	for stack := []plumbing.Hash{h}; len(stack) > 0; {
		h := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if w.unwanted[h] {
			continue
		}
		w.unwanted[h] = true
		i, known := w.p.byID[h]
		if !known {
			continue
		}
		waits, seen := w.queued[i]
		if waits {
			w.open--
		}
		if seen {
			stack = append(stack, w.p.nodes[i].parents...)
		}
	}
}

// clocked is a commit in the queue of a limitWalk.
type clocked struct {
	when int64
	seq  int // of equal ones the first that came is walked first, as in git
	at   int32
}

func (a clocked) before(b clocked) bool {
	return a.when > b.when || a.when == b.when && a.seq < b.seq
}
