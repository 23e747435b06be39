// Package serve shows the trees of a workspace in a browser while somebody
// writes them: it watches what they are made from, has them made anew, tells
// open pages, and lays over them what is wrong, with its place.
//
// It knows nothing of how trees are made: a [Builder] gives one [Edition] after
// the other, out of the same pipeline as a build. What is served comes out of an
// edition by the path's name; no request ever reaches a disk.
package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"time"

	"daybreak/internal/diag"
)

// Tree is one folder of the built trees, as the start page names it.
type Tree struct {
	Path  string // from the root, with trailing slash: "systems/K1/"
	Name  string // "K1 Alpenreisen"
	About string // for whom it is
}

// Edition is one state of everything that is shown. Its functions may be called
// from several goroutines.
type Edition struct {
	Title string
	Trees []Tree

	// File gives a file by its path in the built tree: an error that is
	// fs.ErrNotExist where there is none, any other where it can't be made.
	File func(path string) ([]byte, error)
	// Paths lists the files of a folder, at any depth; the folder ends in a slash.
	Paths func(folder string) []string
	// Note says what readers of a page should know, "" mostly.
	Note func(path string) string
	// Problems tells of an error of File.
	Problems func(error) diag.List
	// Check makes every file and tells what is wrong with them, until the context
	// ends: all that is known by then each time, in the end everything. It reports
	// whether an edition made anew would be another one for what it found.
	Check func(ctx context.Context, tell func(diag.List)) (again bool)
}

// Result is what a builder made.
type Result struct {
	Edition  *Edition  // nil where nothing could be made
	Problems diag.List // why, or what is wrong beside
}

// Changed says what a new edition is asked for.
type Changed struct {
	History bool     // something in a root of history
	Paths   []string // some of the paths, for people; nil at the start
}

// Builder makes editions.
type Builder interface {
	// Roots says what an edition that is made now would depend on. It is watched
	// before the edition is made: what changes while that reads is told afterwards.
	Roots() []Root
	Make(context.Context, Changed) Result
}

// Teller is told what happens, for the terminal.
type Teller interface {
	// Made is called for each edition and each failure, and when something is
	// found later, with the problems that have come up since the call before, and
	// whether all earlier ones are mended.
	Made(changed Changed, fresh diag.List, mended bool)
}

// Server serves a preview.
type Server struct {
	build  Builder
	tell   Teller
	hosts  []string
	state  *state
	told   diag.List
	checks context.CancelFunc
	again  chan struct{} // a check wants another edition
}

// New makes a server. hosts are the names by which it may be asked, beside
// localhost and addresses of numbers.
func New(build Builder, tell Teller, hosts ...string) *Server {
	return &Server{build: build, tell: tell, hosts: hosts, state: newState(), again: make(chan struct{})}
}

// Run serves on the listener, which it closes, until the context ends. An edition
// that can't be made ends nothing: it is shown. ready is called once the first
// one is there.
func (s *Server) Run(ctx context.Context, l net.Listener, ready func()) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := newWatcher()
	if err != nil {
		l.Close()
		return err
	}
	defer w.Close()
	server := &http.Server{
		Handler:           s.handler(),
		BaseContext:       func(net.Listener) context.Context { return ctx }, // ends the open streams too
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // browsers break off connections all the time
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	s.remake(ctx, w, Changed{History: true})
	ready()
	changes := w.changes(ctx)
	for {
		select {
		case <-ctx.Done():
			patience, done := context.WithTimeout(context.Background(), 2*time.Second)
			defer done()
			err := server.Shutdown(patience)
			if errors.Is(err, context.DeadlineExceeded) {
				err = server.Close()
			}
			return err
		case err := <-served:
			return fmt.Errorf("serving: %w", err)
		case changed := <-changes:
			s.remake(ctx, w, changed)
		case <-s.again:
			s.remake(ctx, w, Changed{})
		case <-s.state.news:
			s.report(Changed{})
		}
	}
}

// pause is how long the check leaves the processor to the pages that are open.
const pause = 250 * time.Millisecond

// remake has a new edition made and checks it in the background, until the next
// change.
func (s *Server) remake(ctx context.Context, w *watcher, changed Changed) {
	if s.checks != nil {
		s.checks()
	}
	// What a page or the check found is told before the next edition may mend it:
	// who reads the terminal misses nothing that an open page showed.
	select {
	case <-s.state.news:
		s.report(Changed{})
	default:
	}
	// What moved in a repository while nobody watched it has told nobody.
	unseen, err := w.watch(s.build.Roots())
	if unseen {
		changed.History = true
	}
	made := s.build.Make(ctx, changed)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		// No page is wrong for it, so the terminal alone is told.
		s.tell.Made(Changed{}, diag.List{{Severity: diag.Warning, Code: "watch", Message: err.Error(),
			Hint: "start `daybreak serve` again after a change; where the system allows too few watches, raise fs.inotify.max_user_watches."}}, false)
	}
	generation := s.state.next(made.Edition, made.Problems)
	s.report(changed)
	if made.Edition == nil || made.Edition.Check == nil {
		return
	}
	ctx, s.checks = context.WithCancel(ctx)
	go func() {
		select {
		case <-ctx.Done():
		case <-time.After(pause):
			if made.Edition.Check(ctx, func(found diag.List) { s.state.checked(generation, found) }) {
				select {
				case <-ctx.Done():
				case s.again <- struct{}{}:
				}
			}
		}
	}()
}

// report tells the terminal what it has not been told yet.
func (s *Server) report(changed Changed) {
	now := s.state.problems()
	var fresh diag.List
	for _, d := range now {
		if !contains(s.told, d) {
			fresh.Add(d)
		}
	}
	mended := len(s.told) > 0 && !slices.ContainsFunc(s.told, func(d diag.Diagnostic) bool { return contains(now, d) })
	s.told = now
	s.tell.Made(changed, fresh, mended)
}

func contains(list diag.List, d diag.Diagnostic) bool {
	return slices.ContainsFunc(list, func(o diag.Diagnostic) bool {
		return o.Position == d.Position && o.Code == d.Code && o.Message == d.Message
	})
}
