//go:build unix

package output

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The test binary runs itself as the process that is killed, starved of disk
// or stripped of its rights.
const childVar = "DAYBREAK_OUTPUT_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childVar); mode != "" {
		if err := child(mode, os.Args[1], os.Args[2]); err != nil {
			fmt.Printf("%s: %v\n", code(err), err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const killFiles = 120

// killTree is the content of one generation.
func killTree(generation string) map[string]string {
	files := map[string]string{}
	for i := range killFiles {
		files[fmt.Sprintf("public/%d/page-%d.html", i%7, i)] = strings.Repeat(generation+" ", 500+i)
	}
	return files
}

// child writes one generation and prints a line for each file and before Commit.
func child(mode, dir, generation string) error {
	switch mode {
	case "starved":
		limit := unix.Rlimit{Cur: 4096, Max: 4096}
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
	case "nobody":
		if err := syscall.Setuid(65534); err != nil {
			return err
		}
	}
	out, err := Open(dir)
	if err != nil {
		return err
	}
	if mode != "starved" && mode != "nobody" {
		// Flushing waits for whatever else writes to the disk, a hundred times here;
		// a killed process loses nothing that the system has taken.
		out.flush = func(string) error { return nil }
	}
	if mode == "two renames" {
		out.exchange = func(_, _ string) error { return errors.ErrUnsupported }
	}
	for name, text := range killTree(generation) {
		if err := out.Put(name, []byte(text)); err != nil {
			return errors.Join(err, out.Abort())
		}
		fmt.Println(name)
	}
	fmt.Println("commit")
	return out.Commit()
}

func childCommand(t *testing.T, mode, dir, generation string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], dir, generation)
	cmd.Env = append(os.Environ(), childVar+"="+mode)
	return cmd
}

// A build killed 50 times at random moments: after each, the folder holds one
// generation whole, marker included, and the next run needs no help.
func TestKilledAtAnyMoment(t *testing.T) {
	for _, mode := range []string{"exchange", "two renames"} {
		t.Run(mode, func(t *testing.T) {
			top := t.TempDir()
			dir := filepath.Join(top, "site")
			current := "0"
			built(t, dir, killTree(current))
			random := rand.New(rand.NewPCG(1, 2)) // which moments; the scheduler adds its own
			counts := map[string]int{}
			for i := 1; i <= 50; i++ {
				next := strconv.Itoa(i)
				// From a third of the runs on, the kill falls after Put is done: inside
				// Commit there is most to go wrong.
				after := killFiles + 1
				if random.IntN(3) == 0 {
					after = 1 + random.IntN(killFiles)
				}
				runAndKill(t, childCommand(t, mode, dir, next), after, time.Duration(random.IntN(15000))*time.Microsecond)

				if mode == "two renames" && tree(t, dir) == nil {
					counts["between the renames"]++
					repaired, err := Open(dir)
					if err != nil {
						t.Fatalf("run %d: %v", i, err)
					}
					if err := repaired.Abort(); err != nil {
						t.Fatalf("run %d: %v", i, err)
					}
				}
				got := tree(t, dir)
				if got["public/0/page-0.html"] == killTree(next)["public/0/page-0.html"] {
					current = next
					counts["new"]++
				} else {
					counts["old"]++
				}
				same(t, dir, withManifest(killTree(current)))
				if t.Failed() {
					t.Fatalf("run %d, generation %s", i, current)
				}
			}
			t.Log(counts)
			built(t, dir, killTree("last"))
			alone(t, top, "site")
		})
	}
}

// withManifest adds the marker that Commit writes.
func withManifest(files map[string]string) map[string]string {
	sums := map[string]string{}
	for name, text := range files {
		sum := sha256.Sum256([]byte(text))
		sums[name] = hex.EncodeToString(sum[:])
	}
	files[Marker] = string(manifest(sums))
	return files
}

// runAndKill kills the command after that many lines of its output and a delay.
func runAndKill(t *testing.T, cmd *exec.Cmd, lines int, delay time.Duration) {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(stdout)
	seen := 0
	for seen < lines && scanner.Scan() {
		seen++
	}
	if seen < lines {
		t.Fatalf("the child ended after %d lines of %d: %s", seen, lines, scanner.Text())
	}
	done := make(chan struct{})
	timer := time.AfterFunc(delay, func() {
		_ = cmd.Process.Kill()
		close(done)
	})
	for scanner.Scan() { // until it is killed, or done before that
	}
	_ = cmd.Wait()
	if timer.Stop() {
		return
	}
	<-done
}

// failingChild runs the child on a folder that holds an old tree, and checks that
// the old tree survives the failure and nothing else is left.
func failingChild(t *testing.T, mode, dir string, want ...string) {
	t.Helper()
	old := tree(t, dir)
	out, err := childCommand(t, mode, dir, "1").CombinedOutput()
	if err == nil {
		t.Fatalf("the child went through:\n%s", out)
	}
	for _, w := range want {
		if !strings.Contains(string(out), w) {
			t.Errorf("the message lacks %q:\n%s", w, out)
		}
	}
	same(t, dir, old)
}

// Every file over 4 kB fails to be written.
func TestFileSizeLimit(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "site")
	built(t, dir, map[string]string{"public/index.html": "old"})
	failingChild(t, "starved", dir, "site", "file too large")
	alone(t, top, "site")
}

func TestNotWritable(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root to become nobody") // the child gives its rights away; the parent must be able to look
	}
	top := t.TempDir()
	if err := os.Chmod(filepath.Dir(top), 0o755); err != nil { // testing makes it 0700
		t.Fatal(err)
	}
	dir := filepath.Join(top, "site")
	built(t, dir, map[string]string{"public/index.html": "old"})
	failingChild(t, "nobody", dir, "output-not-writable", "site")
	alone(t, top, "site")

	// Leave to write beside the folder isn't leave to empty it.
	if err := os.Chmod(top, 0o777); err != nil {
		t.Fatal(err)
	}
	failingChild(t, "nobody", dir, "output-not-writable", "site")
	alone(t, top, "site")
}

// Whatever the umask, we can read and write what we wrote, and nothing is executable.
func TestPermissions(t *testing.T) {
	cases := []struct{ umask, dir, file os.FileMode }{
		{0o022, 0o755, 0o644},
		{0o077, 0o700, 0o600},
		{0o002, 0o775, 0o664},
		{0o777, 0o700, 0o600},
	}
	for _, c := range cases {
		top := t.TempDir()
		before := syscall.Umask(int(c.umask))
		dir := filepath.Join(top, "site")
		out, err := Open(dir)
		if err == nil {
			err = errors.Join(out.Put("a/b/c", nil), out.Commit())
		}
		syscall.Umask(before)
		if err != nil {
			t.Fatalf("umask %03o: %v", c.umask, err)
		}
		for name, want := range map[string]os.FileMode{"": c.dir, "a": c.dir, "a/b": c.dir, "a/b/c": c.file, Marker: c.file} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("umask %03o: %q has %03o, want %03o", c.umask, name, got, want)
			}
		}
	}
}
