//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A whole build, killed 50 times at random moments: each time the site is the
// old one or the new one, byte by byte, and in the end nothing lies beside it.
func TestKilledBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("fifty builds")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git to make a repository with")
	}
	top := t.TempDir()
	work, site, whole := filepath.Join(top, "work"), filepath.Join(top, "out", "site"), filepath.Join(top, "whole", "site")
	makeProduct(t, filepath.Join(top, "product"))
	daybreak := filepath.Join(top, "daybreak") // the name by which the test binary becomes the command
	if err := os.Symlink(testBinary(t), daybreak); err != nil {
		t.Fatal(err)
	}
	build := func(out string) *exec.Cmd {
		cmd := exec.Command(daybreak, "build", "--workspace", work, "--out", out)
		cmd.Env = append(os.Environ(), "DAYBREAK_CACHE="+filepath.Join(top, "cache"))
		return cmd
	}
	// generation changes what every page says.
	generation := func(i int) {
		settings := fmt.Sprintf("product: {name: Generation %d}\nrepositories: [{path: ../product}]\n", i)
		if err := errors.Join(os.MkdirAll(work, 0o777), os.WriteFile(filepath.Join(work, configFile), []byte(settings), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	complete := func(out string) map[string]string {
		t.Helper()
		if text, err := build(out).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return readTree(t, out)
	}
	var trees [2]map[string]string
	var longest time.Duration
	for g := range trees {
		generation(g)
		start := time.Now()
		trees[g] = complete(whole)
		longest = max(longest, time.Since(start))
	}
	now := 0 // the generation that stands at site
	generation(now)
	complete(site)
	random := rand.New(rand.NewPCG(3, 4))
	counts := map[string]int{}
	for i := range 50 {
		generation(1 - now)
		cmd := build(site)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// A moment inside the build, however fast the machine is; it decides only
		// what is tried, never what is right.
		moment := time.Duration(random.Float64() * 1.1 * float64(longest))
		timer := time.AfterFunc(moment, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()

		got := readTree(t, site)
		switch {
		case cmp.Equal(got, trees[now]):
			counts["old"]++
		case cmp.Equal(got, trees[1-now]):
			counts["new"]++
			now = 1 - now
		default:
			t.Fatalf("run %d: neither the old site nor the new one; from the new one it differs in\n%s", i, cmp.Diff(trees[1-now], got))
		}
	}
	t.Log(counts)
	if counts["old"] == 0 {
		t.Error("no build was caught on its way")
	}
	complete(site)
	list, err := os.ReadDir(filepath.Dir(site))
	if err != nil || len(list) != 1 {
		t.Errorf("beside the site lies %v, %v", list, err)
	}
}

func testBinary(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// makeProduct makes a repository of three releases with the real git.
func makeProduct(t *testing.T, dir string) {
	t.Helper()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Mira Kern", "-c", "user.email=mira@example.org", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_DATE=2026-05-12T06:30:00Z", "GIT_COMMITTER_DATE=2026-05-12T06:30:00Z")
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, text)
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	git("init", "-q", "-b", "main")
	for release := 1; release <= 3; release++ {
		for change := 1; change <= 4; change++ {
			git("commit", "-q", "--allow-empty", "-m", fmt.Sprintf("feat: tell of thing %d in train %d", change, release))
		}
		git("tag", fmt.Sprintf("v1.%d.0", release))
	}
}

// readTree reads a folder into a map of slash path to content.
func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p)))
		files[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
