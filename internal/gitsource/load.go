package gitsource

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
)

// headerBytes is how much of a commit is unpacked for its parents and time: two
// parents and long names find room in it.
const headerBytes = 320

// loading reads a commit graph. Readers follow it to the depth, each from a
// place of its own: neighbours in history are neighbours in a pack.
type loading struct {
	r   *Repository
	ctx context.Context
	old *graph // what an earlier run has read, or nil

	mu    sync.Mutex
	more  sync.Cond // wait, busy or err has changed
	ids   []plumbing.Hash
	pos   map[plumbing.Hash]int32
	wait  []int32 // to be read by anyone
	done  int
	busy  int // readers that may bring more
	idle  int // readers that wait for it
	err   error
	times []int64
	above []parentList // of each id
	list  []int32      // what above names
}

// parentList is a part of loading.list.
type parentList struct{ from, n int32 }

// loadGraph reads everything that can be reached from the tips, each commit
// once. What an earlier run has read isn't read again.
//
// It is for answers that are about all of history, for repositories so small that
// a part of theirs costs as much, and for those of which a part can't be told
// (see openPart). What is read of a commit is little: its headers.
func (r *Repository) loadGraph(ctx context.Context, tips []plumbing.Hash) (*graph, error) {
	old, same := r.wholeGraph(tips)
	if same {
		return old, nil
	}
	l := &loading{r: r, ctx: ctx, old: old, pos: map[plumbing.Hash]int32{}}
	l.more.L = &l.mu
	for _, h := range tips {
		l.wait = l.add(h, l.wait)
	}
	if err := l.run(); err != nil {
		return nil, err
	}
	g, err := l.graph()
	if err == nil {
		r.keepGraph(g, tips)
	}
	return g, err
}

// add puts a commit that wasn't seen yet behind wait.
func (l *loading) add(h plumbing.Hash, wait []int32) []int32 {
	if _, seen := l.pos[h]; !seen {
		i := int32(len(l.ids))
		l.pos[h] = i
		l.ids = append(l.ids, h)
		l.times = append(l.times, 0)
		l.above = append(l.above, parentList{})
		wait = append(wait, i)
	}
	return wait
}

// readers is how many goroutines read at once.
func readers() int { return max(1, min(runtime.GOMAXPROCS(0), maxWorkers)) }

// run reads until nothing waits any more. Other readers are only called in where
// there is work for them.
func (l *loading) run() error {
	var running sync.WaitGroup
	l.work(l.r.objects, func() {
		for range readers() - 1 {
			running.Go(func() {
				o, err := openObjects(l.r.dir, l.r.refs)
				if err != nil {
					l.mu.Lock()
					defer l.mu.Unlock()
					l.err = cmp.Or(l.err, err)
					return
				}
				l.work(o, func() {})
				_ = o.close() // what was read from it is whole
			})
		}
	})
	running.Wait()
	return l.err
}

// work reads commits out of o until there are no more. It calls help once there
// is enough to do for more than one.
func (l *loading) work(o *objects, help func()) {
	var mine []int32
	var names []plumbing.Hash
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for len(l.wait) == 0 && l.busy > 0 && l.err == nil {
			l.idle++
			l.more.Wait()
			l.idle--
		}
		if len(l.wait) == 0 || l.err != nil {
			l.more.Broadcast()
			return
		}
		last := len(l.wait) - 1
		mine = append(mine, l.wait[last])
		l.wait = l.wait[:last]
		l.busy++
		for len(mine) > 0 && l.err == nil {
			i := mine[len(mine)-1]
			mine = mine[:len(mine)-1]
			h := l.ids[i]
			l.mu.Unlock()
			var when int64
			var err error
			names, when, err = l.read(o, h, names[:0])
			l.mu.Lock()
			if l.done++; l.done%1024 == 0 {
				l.r.progress("reading commits", l.done, 0)
				err = cmp.Or(err, l.ctx.Err())
			}
			if err != nil {
				l.err = cmp.Or(l.err, err)
				break
			}
			mine = l.put(i, names, when, mine)
			if len(mine) > 8 && l.idle > 0 && len(l.wait) == 0 {
				half := len(mine) / 2 // the part that this reader would come to last
				l.wait = append(l.wait, mine[:half]...)
				mine = append(mine[:0], mine[half:]...)
				l.more.Signal()
			}
			if help != nil && len(mine)+len(l.wait) > 8 && l.done > 256 {
				help()
				help = nil
			}
		}
		l.busy--
	}
}

// read finds out about one commit. The names of its parents are put behind
// names.
func (l *loading) read(o *objects, h plumbing.Hash, names []plumbing.Hash) (parents []plumbing.Hash, when int64, err error) {
	var ok bool
	if parents, when, ok = l.old.known(h, names); ok {
		return parents, when, nil
	}
	if parents, when, ok = o.headers(h, names); ok {
		return parents, when, nil
	}
	raw, err := o.commit(h)
	if err != nil {
		return names, 0, fmt.Errorf("read history: %w", err)
	}
	return append(names, raw.parents...), committedAt(raw.committer), nil
}

// put notes what was found out about a commit, and puts the parents that are
// new behind wait.
func (l *loading) put(i int32, parents []plumbing.Hash, when int64, wait []int32) []int32 {
	l.times[i] = when
	l.above[i] = parentList{int32(len(l.list)), int32(len(parents))}
	for _, p := range parents {
		wait = l.add(p, wait)
		l.list = append(l.list, l.pos[p])
	}
	return wait
}

// known gives a commit's parents, put behind names, and its time out of a
// graph, which may be nil.
func (g *graph) known(h plumbing.Hash, names []plumbing.Hash) (parents []plumbing.Hash, when int64, ok bool) {
	if g == nil {
		return names, 0, false
	}
	i, ok := g.pos[h]
	if !ok {
		return names, 0, false
	}
	for _, p := range g.parents(i) {
		names = append(names, g.ids[p])
	}
	return names, g.times[i], true
}

// graph puts what was read in order. Only replace refs and grafts can make a
// circle; it is refused.
func (l *loading) graph() (*graph, error) {
	gens, whole := l.corrected()
	if !whole {
		return nil, diag.Refuse("circular-history", diag.Say("replace refs or grafts make commits their own ancestors"),
			diag.Say("Look at `git replace -l` and .git/info/grafts."))
	}
	n := len(l.ids)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		if gens[a] != gens[b] {
			return cmp.Compare(gens[a], gens[b])
		}
		return compareHash(l.ids[a], l.ids[b])
	})
	place := make([]int32, n)
	for at, i := range order {
		place[i] = int32(at)
	}
	g := emptyGraph(n)
	g.colours = make([]uint8, n)
	g.list = make([]int32, 0, len(l.list))
	for at, i := range order {
		for _, p := range l.list[l.above[i].from:][:l.above[i].n] {
			g.list = append(g.list, place[p])
		}
		g.add(l.ids[i], l.times[i])
		l.pos[l.ids[i]] = int32(at)
	}
	g.pos = l.pos
	return g, nil
}

// corrected gives the corrected dates of what was read, false where commits are
// their own ancestors.
func (l *loading) corrected() ([]int64, bool) {
	n := len(l.ids)
	// The children of i are below[start[i]:start[i+1]].
	start, below := make([]int32, n+2), make([]int32, len(l.list))
	for _, p := range l.list {
		start[p+2]++
	}
	for i := range n {
		start[i+2] += start[i+1]
	}
	waits, latest := make([]int32, n), make([]int64, n)
	ready := make([]int32, 0, n)
	for i, above := range l.above {
		waits[i] = above.n
		for _, p := range l.list[above.from:][:above.n] {
			below[start[p+1]] = int32(i)
			start[p+1]++
		}
		if above.n == 0 {
			ready = append(ready, int32(i))
		}
	}
	for k := 0; k < len(ready); k++ {
		i := ready[k]
		latest[i] = corrected(l.times[i], latest[i])
		for _, c := range below[start[i]:start[i+1]] {
			latest[c] = max(latest[c], latest[i])
			if waits[c]--; waits[c] == 0 {
				ready = append(ready, c)
			}
		}
	}
	return latest, len(ready) == n
}
