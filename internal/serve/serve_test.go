package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"daybreak/internal/diag"
)

// folder is a builder whose trees are the files of a folder: one that begins with
// "!" can't be made, one that begins with "%" is found bad by the check.
type folder struct {
	dir   string
	read  func()      // called when an edition has read everything; may be nil
	again atomic.Bool // what the next check says
	mu    sync.Mutex
	seen  []Changed
	refs  []string // what of history the last edition knows; read where something moved, as gitsource's facts are
}

// Roots is as that of a workspace: what is broken names no repository.
func (f *folder) Roots() []Root {
	out := []Root{{Dir: f.dir, Only: []string{"public", "broken"}}, {Dir: filepath.Join(f.dir, "public"), Deep: true}}
	if _, err := os.Stat(filepath.Join(f.dir, "broken")); err != nil {
		out = append(out, Root{Dir: filepath.Join(f.dir, "refs"), Deep: true, History: true})
	}
	return out
}

func (f *folder) Make(_ context.Context, changed Changed) Result {
	var out Result
	f.mu.Lock()
	f.seen = append(f.seen, changed)
	if changed.History {
		f.refs, _ = filepath.Glob(filepath.Join(f.dir, "refs", "tags", "*"))
	}
	read := f.read
	f.mu.Unlock()
	if read != nil {
		defer read()
	}
	if text, err := os.ReadFile(filepath.Join(f.dir, "broken")); err == nil {
		out.Problems.Add(problemOf("daybreak.yaml", string(text)))
		return out
	}
	files := map[string]string{}
	err := filepath.WalkDir(filepath.Join(f.dir, "public"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(f.dir, path)
		files[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		out.Problems.Add(problemOf("public", err.Error()))
		return out
	}
	out.Edition = &Edition{
		Title: "Wanderfalke", Trees: []Tree{{Path: "public/", Name: "Customers", About: "everybody"}},
		File: func(name string) ([]byte, error) {
			data, ok := files[name]
			if !ok {
				return nil, fs.ErrNotExist
			}
			if bad, ok := strings.CutPrefix(data, "!"); ok {
				return nil, errors.New(strings.TrimSpace(bad))
			}
			return []byte(data), nil
		},
		Paths: func(under string) []string {
			var out []string
			for name := range files {
				if strings.HasPrefix(name, under) {
					out = append(out, name)
				}
			}
			return out
		},
		Note:     func(string) string { return "" },
		Problems: func(err error) diag.List { return diag.List{problemOf("templates/page.html", err.Error())} },
		Check: func(_ context.Context, tell func(diag.List)) bool {
			var found diag.List
			for name, data := range files {
				if bad, ok := strings.CutPrefix(data, "%"); ok {
					found.Add(problemOf(name, bad))
				}
			}
			tell(found)
			return f.again.CompareAndSwap(true, false)
		},
	}
	return out
}

func problemOf(file, message string) diag.Diagnostic {
	return diag.Diagnostic{Severity: diag.Error, Code: "test", Position: diag.Position{File: file, Line: 3}, Message: strings.TrimSpace(message), Hint: "mend it."}
}

// silent keeps what the terminal is told.
type silent struct {
	mu   sync.Mutex
	told []string
	more chan struct{} // filled when there is more of it
}

func (s *silent) Made(_ Changed, fresh diag.List, mended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range fresh {
		s.told = append(s.told, d.Message)
	}
	if mended {
		s.told = append(s.told, "mended")
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// first waits until the terminal was told so many things, and gives all of them.
func (s *silent) first(count int) string {
	stop := within(fmt.Sprintf("%d things on the terminal", count))
	defer stop.Stop()
	for {
		s.mu.Lock()
		told := slices.Clone(s.told)
		s.mu.Unlock()
		if len(told) >= count {
			return strings.Join(told, ", ")
		}
		<-s.more
	}
}

// within ends the tests, and says where they stand, unless it is stopped in time:
// nothing here may wait for ever.
func within(what string) *time.Timer {
	return time.AfterFunc(time.Minute, func() { debug.SetTraceback("all"); panic("waited in vain for " + what) })
}

// preview is a running server over a folder.
type preview struct {
	t      *testing.T
	dir    string
	url    string
	folder *folder
	told   *silent
	events *bufio.Scanner
}

func start(t *testing.T) *preview { return startWith(t, nil) }

// startWith has something done whenever an edition has read all that it shows.
func startWith(t *testing.T, read func(*preview)) *preview {
	t.Helper()
	p := &preview{t: t, dir: t.TempDir(), told: &silent{more: make(chan struct{}, 1)}}
	p.folder = &folder{dir: p.dir}
	if read != nil {
		p.folder.read = func() { read(p) }
	}
	p.put("public/index.html", "<p>one")
	p.put("public/404.html", "<p>not here")
	p.put("refs/tags/v1", "0")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.url = "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	stop := within("the first edition")
	go func() { ended <- New(p.folder, p.told, "preview.test").Run(ctx, l, func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatalf("the server ended before it was ready: %v", err)
	}
	stop.Stop()
	t.Cleanup(func() {
		defer within("the server's end").Stop()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	response, err := http.Get(p.url + events)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	p.events = bufio.NewScanner(response.Body)
	return p
}

// save puts a whole file into its place at once: nobody reads a half of it.
func (p *preview) save(name, text string) {
	p.t.Helper()
	const beside = "saving~" // in no tree that is shown
	p.put(beside, text)
	if err := os.Rename(filepath.Join(p.dir, beside), filepath.Join(p.dir, filepath.FromSlash(name))); err != nil {
		p.t.Fatal(err)
	}
}

// put writes a file as it stands, in two steps that a reader may come between.
func (p *preview) put(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		p.t.Fatal(err)
	}
}

func (p *preview) get(path string) (int, string) {
	p.t.Helper()
	defer within("an answer to " + path).Stop()
	r, err := http.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return r.StatusCode, string(data)
}

// until reads events until one fits.
func (p *preview) until(what string, fits func(event) bool) event {
	p.t.Helper()
	stop := within(what)
	defer stop.Stop()
	for p.events.Scan() {
		data, ok := strings.CutPrefix(p.events.Text(), "data: ")
		var e event
		if !ok {
			continue
		}
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			p.t.Fatal(err)
		}
		if fits(e) {
			return e
		}
	}
	p.t.Fatalf("the stream ended before %s: %v", what, p.events.Err())
	return event{}
}

// shows waits until a page says something.
func (p *preview) shows(path, text string) {
	p.t.Helper()
	says := func(event) bool { _, body := p.get(path); return strings.Contains(body, text) }
	if !says(event{}) {
		p.until(text, says)
	}
}

func TestChangesShow(t *testing.T) {
	p := start(t)
	p.shows("/public/", "<p>one")
	t.Run("an editor that saves by renaming", func(t *testing.T) {
		for _, text := range []string{"<p>two", "<p>three"} { // a watched file would be lost after the first
			p.put("public/.index.html.tmp~", text)
			if err := os.Rename(filepath.Join(p.dir, "public", ".index.html.tmp~"), filepath.Join(p.dir, "public", "index.html")); err != nil {
				t.Fatal(err)
			}
			p.shows("/public/", text)
		}
	})
	t.Run("folders made and removed", func(t *testing.T) {
		p.put("public/a/b/c/index.html", "<p>deep")
		p.shows("/public/a/b/c/", "<p>deep")
		p.put("public/a/b/c/index.html", "<p>deeper") // the new folder is watched, too
		p.shows("/public/a/b/c/", "<p>deeper")
		if err := os.RemoveAll(filepath.Join(p.dir, "public", "a")); err != nil {
			t.Fatal(err)
		}
		p.shows("/public/a/b/c/", "not here")
		p.put("public/a/b/c/index.html", "<p>again")
		p.shows("/public/a/b/c/", "<p>again")
	})
	t.Run("a root that goes and comes back", func(t *testing.T) {
		if err := os.Rename(filepath.Join(p.dir, "public"), filepath.Join(p.dir, "aside")); err != nil {
			t.Fatal(err)
		}
		p.until("the missing folder", func(e event) bool { return len(e.Problems) > 0 })
		p.put("public/index.html", "<p>back")
		p.shows("/public/", "<p>back")
		p.put("public/index.html", "<p>back again")
		p.shows("/public/", "<p>back again")
	})
	t.Run("a ref", func(t *testing.T) {
		before := len(p.folder.made())
		p.put("refs/tags/v2", "0")
		p.until("the tag", func(event) bool {
			return slices.ContainsFunc(p.folder.made()[before:], func(c Changed) bool { return c.History })
		})
	})
	t.Run("thousands of files", func(t *testing.T) {
		for i := range 3000 {
			p.put(fmt.Sprintf("public/many/%d/%d.html", i/60, i), "<p>")
		}
		p.put("public/many/last.html", "<p>last")
		p.shows("/public/many/last.html", "<p>last")
		p.put("public/many/49/2999.html", "<p>changed")
		p.shows("/public/many/49/2999.html", "<p>changed")
	})
}

// What is wrong is told with its place, the last good page stays, and all is well
// once it is mended.
func TestProblems(t *testing.T) {
	p := start(t)
	p.shows("/public/", "<p>one")
	for _, c := range []struct{ name, break_, good, message, position, stays string }{
		{"broken", "unknown key", "", "unknown key", "daybreak.yaml:3", "<p>one"},                             // nothing can be made
		{"public/index.html", "!no such field", "<p>one", "no such field", "templates/page.html:3", "<p>one"}, // one page can't
		{"public/index.html", "%a leak", "<p>one", "a leak", "public/index.html:3", "%a leak"},                // a page says what it must not
	} {
		p.save(c.name, c.break_)
		e := p.until(c.message, func(e event) bool {
			p.get("/public/") // as the open page does when there is a new edition
			return len(e.Problems) == 1
		})
		if got := e.Problems[0]; got.Message != c.message || got.Position != c.position || got.Hint != "mend it." {
			t.Errorf("%s: told %+v", c.name, got)
		}
		if status, body := p.get("/public/"); status != 200 || !strings.HasPrefix(body, c.stays) {
			t.Errorf("%s: the page is %d %.40q", c.message, status, body)
		}
		if c.good == "" {
			if err := os.Remove(filepath.Join(p.dir, c.name)); err != nil {
				t.Fatal(err)
			}
		} else {
			p.save(c.name, c.good)
		}
		p.until("the mending of "+c.message, func(e event) bool { return len(e.Problems) == 0 })
		p.shows("/public/", "<p>one")
	}
	if got := p.told.first(6); got != "unknown key, mended, no such field, mended, a leak, mended" {
		t.Errorf("the terminal was told: %s", got)
	}
}

// What changes while an edition is made, when it has read the place already, is in
// the next one: also while the first is made, and in a folder that is new.
func TestNothingIsLostWhileMaking(t *testing.T) {
	steps := []struct{ file, text string }{
		{"public/index.html", "<p>during the first"},
		{"public/new/folder/index.html", "<p>in a new folder"},
		{"public/new/folder/index.html", "<p>in it again"},
		{"refs/tags/v2", "0"},
		{"public/index.html", "<p>last"},
	}
	var done atomic.Int32
	p := startWith(t, func(p *preview) {
		if i := int(done.Add(1)) - 1; i < len(steps) {
			p.put(steps[i].file, steps[i].text)
		}
	})
	p.shows("/public/", "<p>last")
	p.shows("/public/new/folder/", "<p>in it again")
	p.knows("v2")
}

// A check that wants another edition gets it, once, and without a change.
func TestCheckWantsAnother(t *testing.T) {
	p := start(t)
	p.folder.again.Store(true)
	p.put("public/index.html", "<p>two")
	p.until("the edition that nobody changed anything for", func(event) bool {
		return slices.ContainsFunc(p.folder.made()[1:], func(c Changed) bool { return c.Paths == nil })
	})
	if p.folder.again.Load() {
		t.Error("nobody checked")
	}
}

// A tag that is set while nothing can be made, and nobody watches the repository
// for it, is seen once all is mended.
func TestTagWhileBroken(t *testing.T) {
	p := start(t)
	p.save("broken", "unknown key")
	p.until("the problem", func(e event) bool { return len(e.Problems) == 1 })
	p.save("public/index.html", "<p>two") // once this is looked at, the refs have been let go
	p.until("the next edition", func(e event) bool { return len(p.folder.made()) >= 3 })
	p.put("refs/tags/v2", "0")
	if err := os.Remove(filepath.Join(p.dir, "broken")); err != nil {
		t.Fatal(err)
	}
	p.until("the mending", func(e event) bool { return len(e.Problems) == 0 })
	p.knows("v2")
}

func (f *folder) made() []Changed {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.seen)
}

// knows waits until an edition knows of a tag.
func (p *preview) knows(tag string) {
	p.t.Helper()
	has := func(event) bool {
		p.folder.mu.Lock()
		defer p.folder.mu.Unlock()
		return slices.Contains(p.folder.refs, filepath.Join(p.dir, "refs", "tags", tag))
	}
	if !has(event{}) {
		p.until("the tag "+tag, has)
	}
}
