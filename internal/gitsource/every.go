package gitsource

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// maxWorkers is how many releases are put together at once; each worker has its
// own handles and caches of a few tens of megabytes.
const maxWorkers = 4

// made is one release as a worker hands it over.
type made struct {
	release model.Release
	live    int
	diags   diag.List
	err     error
}

// each puts all releases together and gives them newest first, with the number
// of live changes. Workers share the graph, which nothing changes any more, and
// the messages, and have everything else of their own. With short a release is
// given without what it is made of, which its worker drops: the first release of
// each line can hold all of a history.
func (r *Repository) each(ctx context.Context, short bool, yield func(rel *model.Release, live int)) (diag.List, error) {
	diags, err := r.prepare(ctx)
	if err != nil {
		return nil, err
	}
	r.graph.sortIDs()
	r.tags.brought = r.tags.broughtBack(r.graph)
	order := newestFirst(r.tags.list)
	n := max(1, min(runtime.GOMAXPROCS(0), maxWorkers, len(order)/8))
	out := make([]chan made, len(order))
	for k := range out {
		out[k] = make(chan made, 1)
	}
	// Tokens keep workers from running far ahead of what has been taken.
	tokens := make(chan struct{}, 4*n)
	ctx, cancel := context.WithCancel(ctx)
	var next atomic.Int64
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	for w := range n {
		worker := r
		if w > 0 {
			if worker, err = r.twin(); err != nil {
				return nil, err
			}
		}
		running.Go(func() {
			if worker != r {
				defer worker.Close()
			}
			for {
				select {
				case tokens <- struct{}{}:
				case <-ctx.Done():
					return
				}
				k := int(next.Add(1)) - 1
				if k >= len(order) {
					return
				}
				var m made
				m.release, m.diags, m.err = worker.release(order[k], worker.tags.explain(worker.graph, order[k]))
				for i := range m.release.Changes {
					if m.release.Changes[i].Bucket == "" {
						m.live++
					}
				}
				if short {
					m.release.Changes, m.release.Skipped = nil, nil
				}
				out[k] <- m
			}
		})
	}
	for k := range order {
		r.progress("reading releases", k, len(order))
		var m made
		select {
		case m = <-out[k]:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		<-tokens
		if m.err != nil {
			return nil, m.err
		}
		yield(&m.release, m.live)
		diags = append(diags, m.diags...)
	}
	diags.Sort()
	return diags, nil
}

// twin is the same repository for another goroutine. It must be closed.
func (r *Repository) twin() (*Repository, error) {
	t := *r
	var err error
	if t.objects, err = openObjects(r.dir, r.refs); err != nil {
		return nil, err
	}
	t.trees = newTreeReader(t.objects)
	t.forget()
	t.subs = map[string]*Repository{}
	// What the set knows besides is settled, and only read.
	g := *r.graph
	g.colours = make([]uint8, g.size())
	t.graph = &g
	return &t, nil
}
