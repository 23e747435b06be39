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
	"strings"
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
		cmd := bounded(t, daybreak, "build", "--workspace", work, "--out", out)
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
	// Fifty, and as many more as it takes until one was caught with a tree begun
	// beside the site: how fast the machine is then, nobody knows.
	for i := 0; i < 50 || counts["begun"] == 0 && i < 500; i++ {
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

		if beside, err := os.ReadDir(filepath.Dir(site)); err != nil {
			t.Fatal(err)
		} else if len(beside) > 1 {
			counts["begun"]++
		}
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
	if counts["old"] == 0 || counts["begun"] == 0 {
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

// A publish with its delivery, killed at random moments: readers of the folder
// always find one whole site, what was published is written down whole or not at
// all, and the same command run again ends just as if nothing had happened.
func TestKilledPublish(t *testing.T) {
	if testing.Short() {
		t.Skip("thirty runs")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git to make a repository with")
	}
	top := t.TempDir()
	work, www := filepath.Join(top, "work"), filepath.Join(top, "www")
	makeProduct(t, filepath.Join(top, "product"))
	settings := "product: {name: Reiseplan}\nrepositories: [{path: ../product}]\npublish: {after: 1.2.0}\nsystems: [{id: K1, name: Alpenblick}]\ndeliver: [{name: web, folder: ../www}]\n" +
		"people: [{id: a, name: A B, phone: \"1\"}, {id: c, name: C D, phone: \"2\"}]\nroles: [{id: SUP, person: a, deputy: c}, {id: DEV, person: c, deputy: a}, {id: RDEV, person: c, deputy: a}, {id: CDEV, person: c, deputy: a}, {id: TEAM, person: a, deputy: c}]\n"
	journal := "S07 0702\nG3 go 0720\n"
	for name, text := range map[string]string{configFile: settings, "content/journal/1.3.0.log": journal} {
		path := filepath.Join(work, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	daybreak := filepath.Join(top, "daybreak")
	if err := os.Symlink(testBinary(t), daybreak); err != nil {
		t.Fatal(err)
	}
	command := func(args ...string) *exec.Cmd {
		cmd := bounded(t, daybreak, append(args, "--workspace", work, "--date", "2026-05-12")...)
		cmd.Env = append(os.Environ(), "DAYBREAK_CACHE="+filepath.Join(top, "cache"))
		return cmd
	}
	must := func(args ...string) {
		t.Helper()
		if text, err := command(args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, text)
		}
	}
	shown := func() map[string]string {
		real, err := filepath.EvalSymlinks(www)
		if err != nil {
			t.Fatal(err)
		}
		return readTree(t, real)
	}
	record := filepath.Join(work, "content", "releases", "1.3.0", "publication.yaml")
	written := func() string {
		data, err := os.ReadFile(record)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	must("publish", "1.3.0")
	must("withdraw", "1.3.0", "--reason", "a test")
	without, withdrawn := shown(), written()
	// run starts a publish and kills it that long after it is written down, or
	// after its start; what the killing falls on decides only what is tried, never
	// what is right.
	run := func(first bool, delay time.Duration) (rest time.Duration) {
		cmd := command("publish", "1.3.0")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		for running := true; running && !first && written() == withdrawn; {
			select {
			case <-ended:
				running = false
			case <-time.After(time.Millisecond):
			}
		}
		begin := time.Now()
		timer := time.AfterFunc(delay, func() { _ = cmd.Process.Kill() })
		<-ended
		timer.Stop()
		return time.Since(begin)
	}
	rest := run(false, time.Minute) // one that is left alone, for its time
	with, published := shown(), written()
	if cmp.Equal(with, without) {
		t.Fatal("publishing shows nothing new")
	}
	random := rand.New(rand.NewPCG(9, 10))
	const caught = "written true, shown false"
	counts := map[string]int{}
	// Eight, and as many more as it takes until one was caught between the two.
	for i := 0; i < 8 || counts[caught] == 0 && i < 80; i++ {
		must("withdraw", "1.3.0", "--reason", "a test")
		run(i%4 == 0, time.Duration(float64(i%4)*0.4*random.Float64()*float64(rest)))
		now, said := shown(), written()
		if !cmp.Equal(now, with) && !cmp.Equal(now, without) {
			t.Fatalf("run %d: readers find neither site", i)
		}
		if said != withdrawn && said != published {
			t.Fatalf("run %d: written down is\n%s", i, said)
		}
		counts[fmt.Sprintf("written %v, shown %v", said == published, cmp.Equal(now, with))]++
		must("publish", "1.3.0")
		if diff := cmp.Diff(published, written()); diff != "" || !cmp.Equal(shown(), with) {
			t.Fatalf("run %d: the next run ends otherwise: %s", i, diff)
		}
	}
	t.Log(counts)
	if counts[caught] == 0 {
		t.Error("no publish was caught on its way")
	}
}

// A second publish at the same time changes nothing and says why.
func TestPublishLock(t *testing.T) {
	work := t.TempDir()
	if err := os.WriteFile(filepath.Join(work, configFile), []byte("deliver: [{name: web, folder: www}]"), 0o666); err != nil {
		t.Fatal(err)
	}
	w, err := openWorkspace(place{workspace: work})
	if err != nil {
		t.Fatal(err)
	}
	release, err := w.lockPublishing()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"publish", "1.0.0"}, {"withdraw", "1.0.0", "--reason", "x"}, {"approve", "1.0.0", "--by", "SA"}, {"deliver"}, {"rollback"}} {
		var out, said strings.Builder
		if code := run(append(args, "--workspace", work), strings.NewReader(""), &out, &said); code != exitFailure || !strings.Contains(said.String(), "somebody else is publishing from this workspace right now") {
			t.Errorf("%v: %d, %s", args, code, said.String())
		}
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
}
