package serve

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"

	"daybreak/internal/diag"
)

// state is what pages and the terminal are told: which edition there is and what
// is wrong.
type state struct {
	run  string        // of this process, so that pages of an earlier one notice
	news chan struct{} // filled when problems were found after an edition was made

	mu         sync.Mutex
	generation int
	edition    *Edition        // the last one that could be made
	shown      map[string]page // pages as they were last made, for when they can't be
	made       diag.List       // by the builder
	found      diag.List       // by the check of this edition, or until then of the one before
	asked      diag.List       // by requests
	changed    chan struct{}   // closed when anything of this changes
}

// page is one file as it was made.
type page struct {
	data []byte
	tag  string
}

// mostShown bounds how many pages are kept for when they can't be made.
const mostShown = 200

func newState() *state {
	return &state{run: rand.Text()[:8], news: make(chan struct{}, 1), shown: map[string]page{}, changed: make(chan struct{})}
}

// next takes an edition, nil where none could be made, and gives its number.
func (s *state) next(e *Edition, problems diag.List) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	s.made = problems.Of(isError)
	if e != nil {
		s.edition, s.asked = e, nil
	}
	s.tell()
	return s.generation
}

// checked takes what the check of an edition found.
func (s *state) checked(generation int, found diag.List) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if generation == s.generation {
		s.found = found.Of(isError)
		s.tell()
		s.nudge()
	}
}

// failed takes what a request found.
func (s *state) failed(e *Edition, found diag.List) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e != s.edition {
		return
	}
	for _, d := range found {
		if !contains(s.asked, d) {
			s.asked.Add(d)
			s.tell()
			s.nudge()
		}
	}
}

func (s *state) nudge() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// tell wakes whoever waits for a change.
func (s *state) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func isError(d diag.Diagnostic) bool { return d.Severity == diag.Error }

// problems gives all that is wrong now, sorted.
func (s *state) problems() diag.List {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all()
}

func (s *state) all() diag.List {
	var all diag.List
	for _, list := range []diag.List{s.made, s.found, s.asked} {
		for _, d := range list {
			if !contains(all, d) {
				all.Add(d)
			}
		}
	}
	all.Sort()
	return all
}

// current gives the edition, nil before the first, and its name.
func (s *state) current() (*Edition, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.edition, s.name()
}

func (s *state) name() string { return fmt.Sprintf("%s.%d", s.run, s.generation) }

// event is what an open page is told.
type event struct {
	Edition  string    `json:"edition"`
	Problems []problem `json:"problems"`
}

type problem struct {
	Position string `json:"position"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
}

// event gives what pages are told now, and what is closed when that changes.
func (s *state) event() ([]byte, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := event{Edition: s.name(), Problems: []problem{}}
	for _, d := range s.all() {
		e.Problems = append(e.Problems, problem{d.Position.String(), diag.Printable(d.Message), diag.Printable(d.Hint)})
	}
	data, err := json.Marshal(e)
	if err != nil {
		panic(err) // it holds strings alone
	}
	return data, s.changed
}

// keep remembers a page that could be made.
func (s *state) keep(path string, p page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, have := s.shown[path]; !have && len(s.shown) >= mostShown {
		for other := range s.shown {
			delete(s.shown, other)
			break
		}
	}
	s.shown[path] = p
}

// kept gives a page as it was last made.
func (s *state) kept(path string) (page, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.shown[path]
	return p, ok
}
