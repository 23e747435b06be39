package serve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Root is a folder to watch.
type Root struct {
	Dir     string
	Deep    bool     // with all folders below
	Only    []string // names in Dir that count; empty for all. Of a deep root they are folders' and files' names at its top
	History bool     // what lies there is a repository's
}

// watcher tells of changes below its roots. Folders are watched, never files: an
// editor that saves by writing another file and renaming it would take a watched
// file away.
type watcher struct {
	notify *fsnotify.Watcher

	mu    sync.Mutex
	given []Root
	roots []Root // given, with symbolic links resolved
	stale bool   // a root itself came or went
}

func newWatcher() (*watcher, error) {
	n, err := fsnotify.NewBufferedWatcher(4096)
	if err != nil {
		return nil, fmt.Errorf("watching for changes: %w", err)
	}
	return &watcher{notify: n}, nil
}

// Close ends the watching.
func (w *watcher) Close() error { return w.notify.Close() }

// watch watches exactly these roots from now on. One that isn't there is watched
// once it is, where the folder around it is a root, too. It reports whether there
// is history among them that has not been watched until now.
func (w *watcher) watch(roots []Root) (unseen bool, failed error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stale && reflect.DeepEqual(roots, w.given) {
		return false, nil
	}
	before := w.roots
	w.given, w.roots, w.stale = roots, nil, false
	wanted := map[string]bool{}
	for _, r := range roots {
		dir, err := filepath.EvalSymlinks(r.Dir)
		if err == nil {
			dir, err = filepath.Abs(dir)
		}
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				failed = errors.Join(failed, err)
			}
			continue
		}
		r.Dir = dir
		w.roots = append(w.roots, r)
		unseen = unseen || r.History && !slices.ContainsFunc(before, func(b Root) bool { return b.History && b.Dir == r.Dir })
		failed = errors.Join(failed, w.add(r, dir, wanted))
	}
	for _, dir := range w.notify.WatchList() {
		if !wanted[dir] {
			_ = w.notify.Remove(dir) // it may be gone by itself
		}
	}
	return unseen, failed
}

// add watches a folder of a root, and with a deep one all below it.
func (w *watcher) add(r Root, dir string, wanted map[string]bool) error {
	if wanted[dir] && !r.Deep {
		return nil
	}
	// The folder is watched before it is read: what comes in between is seen twice.
	switch err := w.notify.Add(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil // gone again
	case err != nil:
		return fmt.Errorf("watching %q: %w", dir, err)
	}
	wanted[dir] = true
	if !r.Deep {
		return nil
	}
	inside, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching %q: %w", dir, err)
	}
	for _, e := range inside {
		below := filepath.Join(dir, e.Name())
		if dir == r.Dir && !r.counts(e.Name()) || !isFolder(below, e.Type()) || loops(below, e.Type()) {
			continue
		}
		if err := w.add(r, below, wanted); err != nil {
			return err
		}
	}
	return nil
}

func isFolder(path string, kind fs.FileMode) bool {
	if kind&fs.ModeSymlink == 0 {
		return kind.IsDir()
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// loops reports whether a link leads to a folder in which it lies.
func loops(path string, kind fs.FileMode) bool {
	if kind&fs.ModeSymlink == 0 {
		return false
	}
	target, err := filepath.EvalSymlinks(path)
	here, err2 := filepath.EvalSymlinks(filepath.Dir(path))
	return err != nil || err2 != nil || here == target || strings.HasPrefix(here, target+string(filepath.Separator))
}

func (r Root) counts(name string) bool { return len(r.Only) == 0 || slices.Contains(r.Only, name) }

// concerns reports whether a path belongs to the root.
func (r Root) concerns(path string) bool {
	rel, err := filepath.Rel(r.Dir, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return false
	}
	first, rest, _ := strings.Cut(rel, string(filepath.Separator))
	return first == "." || r.counts(first) && (rest == "" || r.Deep)
}

// passing reports whether a file is one that programs make in passing.
func passing(name string) bool {
	return strings.HasSuffix(name, "~") || strings.HasSuffix(name, ".lock") || strings.HasPrefix(name, ".#") || name == "4913" ||
		strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".swx") || name == ".DS_Store"
}

// take looks at one event and adds what it means.
func (w *watcher) take(e fsnotify.Event, to *Changed) bool {
	if !e.Has(fsnotify.Create|fsnotify.Write|fsnotify.Remove|fsnotify.Rename) || passing(filepath.Base(e.Name)) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	counts := false
	for _, r := range w.roots {
		if !r.concerns(e.Name) {
			continue
		}
		counts = true
		to.History = to.History || r.History
		if info, err := os.Lstat(e.Name); err == nil && r.Deep && e.Has(fsnotify.Create) && isFolder(e.Name, info.Mode()) && !loops(e.Name, info.Mode()) {
			if w.add(r, e.Name, map[string]bool{}) != nil {
				w.stale = true // the next edition tries again, and says so
			}
		}
	}
	for _, r := range w.given {
		if dir, err := filepath.Abs(r.Dir); err == nil && (dir == e.Name || strings.HasPrefix(dir, e.Name+string(filepath.Separator))) {
			w.stale = true
		}
	}
	if counts && len(to.Paths) < 8 && !slices.Contains(to.Paths, e.Name) {
		to.Paths = append(to.Paths, e.Name)
	}
	return counts
}

// How long to wait after a change for the next one: an editor writes a file in a
// few steps, git moves many refs in one command. Nobody waits longer than patience.
const (
	quiet        = 12 * time.Millisecond
	quietHistory = 120 * time.Millisecond
	patience     = time.Second
)

// changes gives one value for all that happens in a row. What happens while
// nobody takes it is added to it.
func (w *watcher) changes(ctx context.Context) <-chan Changed {
	out := make(chan Changed)
	go func() {
		var pending Changed
		var since time.Time // of the first event of pending
		ripe := time.NewTimer(patience)
		ripe.Stop()
		var offer chan<- Changed // nil until pending is ripe
		for {
			counts := false
			select {
			case <-ctx.Done():
				return
			case e, ok := <-w.notify.Events:
				if !ok {
					return
				}
				counts = w.take(e, &pending)
			case _, ok := <-w.notify.Errors: // more happened than the system could keep
				if !ok {
					return
				}
				w.mu.Lock()
				w.stale = true
				w.mu.Unlock()
				pending.History, counts = true, true
			case <-ripe.C:
				offer = out
			case offer <- pending:
				pending, since, offer = Changed{}, time.Time{}, nil
			}
			if !counts {
				continue
			}
			if since.IsZero() {
				since = time.Now()
			}
			wait := quiet
			if pending.History {
				wait = quietHistory
			}
			offer = nil
			ripe.Reset(max(0, min(wait, patience-time.Since(since))))
		}
	}()
	return out
}
