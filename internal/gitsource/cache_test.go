package gitsource

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"daybreak/internal/diag"
)

// cachedFixture is a small history with a fix on a side line.
func cachedFixture(t *testing.T) *fixture {
	f := newFixture(t)
	f.tag("v1.0.0")
	f.commit("feat: one\n\nA body.\n\nTicket: ABC-1")
	f.topic("topic", "feat: two")
	f.merge("topic", "Merge pull request #8 from org/topic\n\nfeat: two")
	f.tag("v1.1.0")
	f.commit("feat: open")
	return f
}

// everything is all that the reader answers, as text: times compare by what
// they print.
func everything(t testing.TB, dir string, o Options) string {
	t.Helper()
	var out strings.Builder
	ctx := context.Background()
	add := func(answer any, diags diag.List, err error) {
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal([]any{answer, diags})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(b, '\n'))
	}
	for range 4 {
		r, err := Open(dir, o)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		switch strings.Count(out.String(), "\n") {
		case 0:
			a, d, err := r.Releases(ctx)
			add(a, d, err)
		case 1:
			a, d, err := r.Summaries(ctx)
			add(a, d, err)
		case 2:
			a, d, err := r.Release(ctx, "v1.1.0")
			add(a, d, err)
		case 3:
			a, d, err := r.Range(ctx, "v1.0.0", "main")
			add(a, d, err)
		}
	}
	return out.String()
}

func cacheFiles(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.facts"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestCacheAnswersTheSame reads without a cache, into one and out of one.
func TestCacheAnswersTheSame(t *testing.T) {
	f := cachedFixture(t)
	want := everything(t, f.dir, Options{})
	o := Options{Cache: filepath.Join(t.TempDir(), "deep", "cache")}
	for _, run := range []string{"cold", "warm"} {
		if got := everything(t, f.dir, o); got != want {
			t.Errorf("%s:\n%s\nwithout cache:\n%s", run, got, want)
		}
	}
	if n := len(cacheFiles(t, o.Cache)); n != 6 {
		t.Errorf("%d files", n)
	}
	// A new commit and a new tag are seen, the graph is read on from what is kept.
	f.commit("fix: later")
	f.tag("v1.2.0")
	if got := everything(t, f.dir, o); got != everything(t, f.dir, Options{}) || got == want {
		t.Errorf("after a new tag: %s", got)
	}
}

// TestCacheForgetsWhereBranchesEnded: what a range says of a commit that no tag marks
// depends on whether a branch ends there. Once it went on, the range is read anew.
func TestCacheForgetsWhereBranchesEnded(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0.0")
	f.git("checkout -q -b topic")
	f.commit("feat: shared")
	f.git("checkout -q -b release-1.1")
	f.git("checkout -q topic")
	f.commit("feat: topic")
	hash := f.git("rev-parse topic")
	f.git("checkout -q release-1.1")
	f.commit("chore: release 1.1.0")
	f.tag("v1.1.0")
	f.git("checkout -q main")
	o := Options{Cache: t.TempDir()}
	read := func(o Options) string {
		r, err := Open(f.dir, o)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		rel, _, err := r.Range(context.Background(), "v1.0.0", hash)
		if err != nil {
			t.Fatal(err)
		}
		return jsonOf(t, rel)
	}
	before := read(o)
	f.git("checkout -q topic")
	f.commit("feat: more")
	f.git("checkout -q main")
	want := read(Options{})
	if before == want {
		t.Fatal("it made no difference that the branch went on")
	}
	if got := read(o); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestCacheWarmReadsNoHistory takes the objects away: the answers stay.
func TestCacheWarmReadsNoHistory(t *testing.T) {
	f := cachedFixture(t)
	o := Options{Cache: t.TempDir()}
	want := everything(t, f.dir, o)
	head := f.git("rev-parse HEAD")
	for _, name := range f.objectNames() {
		if name != head {
			if err := os.Remove(filepath.Join(f.dir, ".git", "objects", name[:2], name[2:])); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := everything(t, f.dir, o); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestCacheDamaged cuts and changes the files: everything is read anew.
func TestCacheDamaged(t *testing.T) {
	f := cachedFixture(t)
	o := Options{Cache: t.TempDir()}
	want := everything(t, f.dir, o)
	damages := map[string]func(b []byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)/2] },
		"empty":   func([]byte) []byte { return nil },
		"flipped": func(b []byte) []byte { b[len(b)-3] ^= 1; return b },
		"head":    func(b []byte) []byte { b[20] ^= 1; return b },
		"foreign": func([]byte) []byte { return []byte(strings.Repeat("not ours ", 40)) },
		"longer":  func(b []byte) []byte { return append(b, 0) },
	}
	for name, damage := range damages {
		for _, file := range cacheFiles(t, o.Cache) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, damage(b), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := everything(t, f.dir, o); got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
	// A file where the folder should be, as where nothing can be written.
	o.Cache = filepath.Join(f.dir, "base")
	if got := everything(t, f.dir, o); got != want {
		t.Errorf("without a folder: got %s", got)
	}
}

// TestCacheMovedTag moves a tag: facts are read anew, and the move is reported
// until the memory is removed. A tag of one number is made to move.
func TestCacheMovedTag(t *testing.T) {
	f := cachedFixture(t)
	f.git("tag v1")
	o := Options{Cache: t.TempDir()}
	everything(t, f.dir, o)
	f.run("tag", "-f", "-a", "-m", "again", "v1.1.0", "HEAD")
	f.git("tag -f v1 HEAD~1")
	for range 2 {
		got := everything(t, f.dir, o)
		if strings.Count(got, `tag \"v1.1.0\" has moved`) != 4 && strings.Count(got, "tag-moved") != 4 {
			t.Errorf("moves: %s", got)
		}
	}
	for _, file := range cacheFiles(t, o.Cache) {
		if strings.HasPrefix(filepath.Base(file), "tags-") {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := everything(t, f.dir, o); got != everything(t, f.dir, Options{}) {
		t.Errorf("after the memory is gone: %s", got)
	}
}

// TestCacheOptions keeps the answers under different options apart.
func TestCacheOptions(t *testing.T) {
	f := cachedFixture(t)
	cache := t.TempDir()
	for range 2 {
		for _, o := range []Options{{}, {Paths: true}, {Tags: []string{"v1.*"}}, {Tags: []string{"v1.0.0", "v1.1.0"}}, {Include: []string{"base"}}, {Forge: "gitlab"}} {
			want := everything(t, f.dir, o)
			o.Cache = cache
			if got := everything(t, f.dir, o); got != want {
				t.Errorf("%+v: got %s\nwant %s", o, got, want)
			}
		}
	}
}

// TestCacheManyProcesses lets processes read and write one cache at once.
func TestCacheManyProcesses(t *testing.T) {
	if dir := os.Getenv("DAYBREAK_TEST_CACHE"); dir != "" {
		o := Options{Cache: dir}
		want := everything(t, os.Getenv("DAYBREAK_TEST_REPO"), Options{})
		for range 5 {
			if got := everything(t, os.Getenv("DAYBREAK_TEST_REPO"), o); got != want {
				t.Fatalf("got %s\nwant %s", got, want)
			}
			for _, file := range cacheFiles(t, dir) {
				_ = os.Remove(file) // another process may have been first
			}
		}
		return
	}
	f := cachedFixture(t)
	cache := t.TempDir()
	var all []*exec.Cmd
	for range 4 {
		c := exec.Command(os.Args[0], "-test.run", "^TestCacheManyProcesses$", "-test.timeout", "5m")
		c.Env = append(os.Environ(), "DAYBREAK_TEST_CACHE="+cache, "DAYBREAK_TEST_REPO="+f.dir)
		var out strings.Builder
		c.Stdout, c.Stderr = &out, &out
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if t.Failed() {
				t.Log(out.String())
			}
		}()
		all = append(all, c)
	}
	for _, c := range all {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// TestPrune keeps the folder within its bound and spares the newest file.
func TestPrune(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.facts", "b.facts", "c.facts", "foreign.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	prune(dir, filepath.Join(dir, "b.facts"), 150)
	left := cacheFiles(t, dir)
	if len(left) != 1 || filepath.Base(left[0]) != "b.facts" {
		t.Errorf("left %q", left)
	}
	if _, err := os.Stat(filepath.Join(dir, "foreign.txt")); err != nil {
		t.Error(err)
	}
}
