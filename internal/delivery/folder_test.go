//go:build unix

package delivery

import (
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// readAll reads what a web server would show.
func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	err = fs.WalkDir(os.DirFS(real), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".daybreak-output" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(real, p))
		out[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func deliverTo(t *testing.T, f *Folder, n int, changes bool) {
	t.Helper()
	changed, err := f.Deliver(publicOf(t, buildTree(t, generation(n))))
	if err != nil || changed != changes {
		t.Fatalf("generation %d: changed %v, %v", n, changed, err)
	}
	shows(t, f, n)
}

func shows(t *testing.T, f *Folder, n int) {
	t.Helper()
	if !maps.Equal(readAll(t, f.Path), generation(n)) {
		t.Errorf("it doesn't show generation %d", n)
	}
}

func TestFolder(t *testing.T) {
	for _, links := range []bool{true, false} {
		f := &Folder{Path: filepath.Join(t.TempDir(), "www", "notes"), Keep: 2}
		if !links {
			f.link = func(string, string) error { return errors.ErrUnsupported }
		}
		deliverTo(t, f, 1, true)
		deliverTo(t, f, 1, false)
		for n := 2; n <= 5; n++ {
			deliverTo(t, f, n, true)
		}
		info, err := os.Lstat(f.Path)
		if err != nil || (info.Mode()&fs.ModeSymlink != 0) != links {
			t.Fatalf("links %v: %v, %v", links, info.Mode(), err)
		}
		versions, err := f.Versions()
		if err != nil || len(versions) != 3 || !versions[0].Current || versions[0].Number != 5 || versions[0].Release != "1.5.0" {
			t.Fatalf("%+v, %v", versions, err)
		}
		v, err := f.Rollback(0, anyVersion)
		if err != nil || v.Number != 4 {
			t.Fatalf("went back to %d, %v", v.Number, err)
		}
		shows(t, f, 4)
		if v, err = f.Rollback(3, anyVersion); err != nil || v.Number != 3 {
			t.Fatal(err)
		}
		shows(t, f, 3)
		_, err = f.Rollback(0, anyVersion)
		problem(t, err, "no-version", "no earlier version")
		_, err = f.Rollback(9, anyVersion)
		problem(t, err, "no-version", "no version 9")
		// The newest was brought already; nothing is copied again.
		deliverTo(t, f, 5, true)
		if versions, _ = f.Versions(); versions[0].Number != 5 {
			t.Errorf("it was brought again: %+v", versions)
		}
		if err := os.WriteFile(filepath.Join(versions[1].dir, inside, "index.html"), []byte("rotten"), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err = f.Rollback(0, anyVersion)
		problem(t, err, "version-damaged", "index.html")
		shows(t, f, 5)
	}
}

func TestFolderRefusesWhatIsNotOurs(t *testing.T) {
	s := publicOf(t, buildTree(t, generation(1)))
	top := t.TempDir()
	full := filepath.Join(top, "full")
	if err := errors.Join(os.MkdirAll(full, 0o777), os.WriteFile(filepath.Join(full, "theirs.html"), nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	_, err := (&Folder{Path: full, Keep: 1}).Deliver(s)
	problem(t, err, "target-not-ours", "holds what daybreak didn't bring")
	file := filepath.Join(full, "theirs.html")
	_, err = (&Folder{Path: file, Keep: 1}).Deliver(s)
	problem(t, err, "target-not-ours", "is a file")
	link := filepath.Join(top, "link")
	if err := os.Symlink(full, link); err != nil {
		t.Fatal(err)
	}
	_, err = (&Folder{Path: link, Keep: 1}).Deliver(s)
	problem(t, err, "target-not-ours", "is a link")
	empty := filepath.Join(top, "empty")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Folder{Path: empty, Keep: 1}).Deliver(s); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(full, "theirs.html")); err != nil {
		t.Error(err)
	}
}

// A second delivery at the same time is turned away, and changes nothing.
func TestFolderLock(t *testing.T) {
	f := &Folder{Path: filepath.Join(t.TempDir(), "www"), Keep: 1}
	release, err := f.begin()
	if err != nil {
		t.Fatal(err)
	}
	s := publicOf(t, buildTree(t, generation(1)))
	_, err = f.Deliver(s)
	problem(t, err, "delivering", "somebody else")
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Deliver(s); err != nil {
		t.Error(err)
	}
}

// A delivery killed at any moment: readers always find one generation whole,
// and the next run needs no help.
func TestFolderKilled(t *testing.T) {
	www := filepath.Join(t.TempDir(), "www")
	f := &Folder{Path: www, Keep: 2}
	trees := []string{buildTree(t, generation(1)), buildTree(t, generation(2))}
	deliverTo(t, f, 1, true)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	run := func(tree string, limit time.Duration) {
		cmd := exec.Command(self, tree, www)
		cmd.Env = append(os.Environ(), childVar+"=folder")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(limit, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()
	}
	run(trees[1], time.Minute)
	longest := time.Since(start)
	random := rand.New(rand.NewPCG(5, 6))
	counts := map[bool]int{}
	for i := range 24 {
		before := readAll(t, www)
		// Which moment decides only what is tried, never what is right.
		run(trees[i%2], time.Duration(random.Float64()*1.1*float64(longest)))
		got := readAll(t, www)
		old, fresh := maps.Equal(got, before), maps.Equal(got, generation(1+i%2))
		if !old && !fresh {
			t.Fatalf("run %d: neither generation", i)
		}
		counts[fresh]++
	}
	t.Log("killed before it showed, and after:", counts[false], counts[true])
	deliverTo(t, f, 3, true)
	versions, err := f.Versions()
	if err != nil || len(versions) > 3 {
		t.Errorf("%d versions are left, %v", len(versions), err)
	}
}
