package gitsource

import (
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"

	"daybreak/internal/message"
)

// maxFacts bounds what is kept of messages, in bytes: a history can have any
// number, and releases that share commits are put together one after the other.
const maxFacts = 16 << 20

// factStore keeps the facts of commits that were read last, by position, for
// all workers. What it has given stays good after it has dropped it.
type factStore struct {
	at      []atomic.Pointer[facts]
	sayings []atomic.Uint64 // of all that were read, see mayBe
	mu      sync.Mutex
	queue   []int32 // what is kept, the oldest first
	bytes   int
}

func newFactStore(n int) *factStore {
	return &factStore{at: make([]atomic.Pointer[facts], n), sayings: make([]atomic.Uint64, n)}
}

// put keeps facts, and gives those to be used: another worker may have been first.
func (s *factStore) put(i int32, f *facts) *facts {
	s.mu.Lock()
	defer s.mu.Unlock()
	if first := s.at[i].Load(); first != nil {
		return first
	}
	s.at[i].Store(f)
	s.sayings[i].Store(sayingOf(&f.message))
	s.queue = append(s.queue, i)
	for s.bytes += f.size(); s.bytes > maxFacts && len(s.queue) > 1; s.queue = s.queue[1:] {
		s.bytes -= s.at[s.queue[0]].Swap(nil).size()
	}
	return f
}

// size is about how many bytes the facts take.
func (f *facts) size() int { return 1200 + 2*len(f.commit.Subject) + 2*len(f.commit.Body) }

// at gives the facts of the commit at a position. They stay at hand in r.held
// until the next release is put together.
func (r *Repository) at(i int32) (*facts, error) {
	if f := r.held[i]; f != nil {
		return f, nil
	}
	f := r.facts.at[i].Load()
	if f == nil && r.part != nil {
		f = r.part.facts[r.graph.ids[i]]
	}
	if f == nil {
		c, err := r.readCommit(r.graph.ids[i])
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		f = r.facts.put(i, r.parseCommit(r.graph.ids[i], c))
		if r.part != nil {
			r.part.met(i, f, c.parents)
		}
	}
	r.held[i] = f
	return f, nil
}

// A saying is what a revert can name a commit by, hashed: subject, request's
// title and request's number, 21 bits each, below a bit that is set. Of a commit
// that was read once it shows whether reading it again is of use.
const (
	sayingKnown = 1 << 63
	sayingBits  = 21
)

var sayingSeed = maphash.MakeSeed()

func said(s string) uint64 { return maphash.String(sayingSeed, s) & (1<<sayingBits - 1) }

func sayingOf(m *message.Message) uint64 {
	s := sayingKnown | said(plainSubject(m.Subject))
	if m.Request != nil {
		s |= said(plainSubject(m.Request.Title))<<sayingBits | said(m.Request.Number)<<(2*sayingBits)
	}
	return s
}

// mayBe reports whether a commit can be the one of a name (see said): by its
// request's number, its subject or its request's title. It can for all that is
// known where it wasn't read yet.
func (r *Repository) mayBe(i int32, name uint64) bool {
	const one = 1<<sayingBits - 1
	s := r.facts.sayings[i].Load()
	return s == 0 || s&one == name || s>>sayingBits&one == name || s>>(2*sayingBits)&one == name
}
