package output

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/diag"
)

// tree reads a folder into a map of slash path to content. A folder that isn't
// there is nil.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if d.Type()&fs.ModeSymlink != 0 {
			files[p] = "link"
			return nil
		}
		data, err := os.ReadFile(filepath.Join(dir, p))
		files[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// same fails where the folder doesn't hold exactly the files.
func same(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", filepath.Base(dir), diff)
	}
}

// built makes a tree of daybreak's at dir and gives its content, marker included.
func built(t *testing.T, dir string, files map[string]string) map[string]string {
	t.Helper()
	out, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, out, files)
	if err := out.Commit(); err != nil {
		t.Fatal(err)
	}
	got := tree(t, dir)
	bare := maps.Clone(got)
	delete(bare, Marker)
	if diff := cmp.Diff(files, bare); diff != "" {
		t.Fatalf("after Commit (-want +got):\n%s", diff)
	}
	return got
}

func put(t *testing.T, out *Tree, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := out.Put(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
}

// alone fails where anything but the named ones lies in the folder.
func alone(t *testing.T, dir string, names ...string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range list {
		got = append(got, d.Name())
	}
	if diff := cmp.Diff(names, got); diff != "" {
		t.Errorf("left beside the output (-want +got):\n%s", diff)
	}
}

func code(err error) string {
	var p *diag.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// refused fails unless err is a problem with the code, a hint, and a message
// that holds all the words.
func refused(t *testing.T, err error, want string, words ...string) {
	t.Helper()
	var p *diag.Problem
	if !errors.As(err, &p) || p.Code != want || p.Hint == "" {
		t.Fatalf("got %v (code %q), want code %q with a hint", err, code(err), want)
	}
	for _, w := range words {
		if !strings.Contains(p.Message, w) {
			t.Errorf("message %q doesn't say %q", p.Message, w)
		}
	}
}

var (
	first  = map[string]string{"public/index.html": "one", "public/a/b/c.html": "deep", "team/x.html": "team"}
	second = map[string]string{"public/index.html": "two", "mail/y.md": "mail"}
)

func TestCommitReplacesWholeTree(t *testing.T) {
	for _, way := range []string{"exchange", "two renames"} {
		t.Run(way, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "site")
			built(t, dir, first)
			out, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if way == "two renames" {
				out.exchange = func(_, _ string) error { return errors.ErrUnsupported }
			}
			put(t, out, second)
			if err := out.Commit(); err != nil {
				t.Fatal(err)
			}
			got := tree(t, dir)
			delete(got, Marker)
			if diff := cmp.Diff(second, got); diff != "" {
				t.Error(diff)
			}
			alone(t, filepath.Dir(dir), "site")
			if err := out.Abort(); err != nil {
				t.Errorf("Abort after Commit: %v", err)
			}
			if err := out.Commit(); err == nil {
				t.Error("a second Commit went through")
			}
		})
	}
}

// The manifest is the documented format of sha256sum and the same for the same files.
func TestManifest(t *testing.T) {
	dir := t.TempDir()
	a := built(t, filepath.Join(dir, "a"), first)
	b := built(t, filepath.Join(dir, "b"), first)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("two builds differ:\n%s", diff)
	}
	// printf one | sha256sum
	const line = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  public/index.html\n"
	if !strings.Contains(a[Marker], line) {
		t.Errorf("manifest lacks %q:\n%s", line, a[Marker])
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	top := t.TempDir()
	out, err := Open(filepath.Join(top, "new", "deep", "site"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, out, first)
	if err := out.Abort(); err != nil {
		t.Fatal(err)
	}
	alone(t, top)

	dir := filepath.Join(top, "site")
	old := built(t, dir, first)
	if out, err = Open(dir); err != nil {
		t.Fatal(err)
	}
	put(t, out, second)
	if err := out.Abort(); err != nil {
		t.Fatal(err)
	}
	same(t, dir, old)
	alone(t, top, "site")
}

func TestEmptyFolderIsTaken(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	built(t, dir, first)
	if info, _ := os.Stat(dir); runtime.GOOS != "windows" && info.Mode().Perm() != 0o750 {
		t.Errorf("the folder's permissions became %v", info.Mode().Perm())
	}
	alone(t, filepath.Dir(dir), "site")
}

func TestLinkIsFollowed(t *testing.T) {
	top := t.TempDir()
	if err := os.Symlink("real", filepath.Join(top, "link")); err != nil {
		t.Skip(err)
	}
	_, err := Open(filepath.Join(top, "link"))
	refused(t, err, "output-dangling-link", "link")
	if err := os.Mkdir(filepath.Join(top, "real"), 0o777); err != nil {
		t.Fatal(err)
	}
	built(t, filepath.Join(top, "link"), first)
	if info, err := os.Lstat(filepath.Join(top, "link")); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link itself was replaced")
	}
	alone(t, top, "link", "real")
}

// A failed Put makes the tree impossible to commit; the old one stands.
func TestFailedPutForbidsCommit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	old := built(t, dir, first)
	out, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, out, second)
	if err := out.Put("../escape", nil); err == nil {
		t.Error("escape was taken")
	}
	if err := out.Commit(); err == nil || !strings.Contains(err.Error(), "escape") {
		t.Errorf("Commit of an incomplete tree: %v", err)
	}
	same(t, dir, old)
	alone(t, filepath.Dir(dir), "site")
}

// Several goroutines may write at once.
func TestConcurrentPut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	out, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	var wait sync.WaitGroup
	for i := range 40 {
		name := fmt.Sprintf("d%d/e%d/page-%d.html", i%3, i%5, i)
		want[name] = strings.Repeat("x", i)
		wait.Go(func() {
			if err := out.Put(name, []byte(strings.Repeat("x", i))); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if err := out.Commit(); err != nil {
		t.Fatal(err)
	}
	got := tree(t, dir)
	delete(got, Marker)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSecondRunIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, a, first)
	_, err = Open(dir)
	refused(t, err, "output-in-use", "another daybreak", "site")
	if err := a.Commit(); err != nil {
		t.Fatal(err)
	}
	built(t, dir, second)
}

func TestMemory(t *testing.T) {
	var m Memory
	data := []byte("one")
	if err := m.Put("b/x", data); err != nil {
		t.Fatal(err)
	}
	data[0] = 'X'
	if err := m.Put("a", nil); err != nil {
		t.Fatal(err)
	}
	if got, ok := m.File("b/x"); !ok || string(got) != "one" {
		t.Errorf("File = %q, %v", got, ok)
	}
	if diff := cmp.Diff([]string{"a", "b/x"}, m.Paths()); diff != "" {
		t.Error(diff)
	}
	if err := m.Put("B/x", nil); err == nil {
		t.Error("a double was taken")
	}
}
