package gitsource

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"daybreak/internal/model"
)

// oldRepository makes a line of n commits, then two releases of 40 commits each
// with topics among them, and a few commits that nobody has released.
func oldRepository(t *testing.T, n int) string {
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main", ".")
	var out bytes.Buffer
	mark, last := 0, 0
	commit := func(message string, parents ...int) int {
		mark++
		fmt.Fprintf(&out, "commit refs/heads/main\nmark :%d\ncommitter Ada <ada@example.org> %d +0100\ndata %d\n%s\n", mark, 1_700_000_000+60*mark, len(message), message)
		for i, p := range parents {
			fmt.Fprintf(&out, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
		}
		fmt.Fprintf(&out, "M 100644 inline f%d\ndata 1\nx\n\n", mark%50)
		return mark
	}
	tag := func(name string) {
		fmt.Fprintf(&out, "tag %s\nfrom :%d\ntagger Ada <ada@example.org> %d +0100\ndata 1\nx\n", name, last, 1_700_000_000+60*mark)
	}
	last = commit("Initial commit")
	for mark < n {
		last = commit(fmt.Sprintf("fix: old thing %d", mark), last)
	}
	tag("v1.0.0")
	for _, name := range []string{"v1.1.0", "v1.2.0", ""} {
		for k := range 10 {
			topic := commit(fmt.Sprintf("work on %s.%d", name, k), last)
			topic = commit(fmt.Sprintf("fix: thing %s.%d", name, k), topic)
			last = commit(fmt.Sprintf("fix: on the line %s.%d", name, k), last)
			last = commit(fmt.Sprintf("Merge branch 'topic-%d'", k), last, topic)
		}
		if name != "" {
			tag(name)
		}
	}
	runGit(t, dir, out.String(), "fast-import", "--quiet", "--force")
	return dir
}

// TestRangeCostsTheRange counts what is looked up for one range: it is as much in a
// history of 200 older commits as in one of 20,000; by clocks, which make a day of
// each minute here, of 2,000.
func TestRangeCostsTheRange(t *testing.T) {
	ctx := context.Background()
	type cost struct{ headers, messages, rounds int }
	for _, kind := range []int{0, 1, 3} {
		var costs []cost
		young, most := 200, 2000
		if kind == 0 {
			young, most = 2000, 3000
		}
		for _, n := range []int{young, 20_000} {
			dir := oldRepository(t, n)
			var o Options
			writeGenerations(t, dir, kind, &o)
			r, err := Open(dir, o)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			r.clocks.least = 0
			rel, _, err := r.rangeOf(ctx, "v1.1.0", "v1.2.0")
			if err != nil {
				t.Fatal(err)
			}
			if rel.Commits != 40 || r.part == nil {
				t.Fatalf("%d commits, in part: %v", rel.Commits, r.part != nil)
			}
			costs = append(costs, cost{r.part.headers, len(r.part.facts), r.part.rounds})
			if kept := r.part.kept(); kept != nil && n > 10_000 {
				if all := int(kept.length() / keptBlock); 2*len(kept.blocks) > all {
					t.Errorf("%d of %d blocks were read", len(kept.blocks), all)
				}
			}
		}
		if costs[0] != costs[1] || costs[1].headers > most {
			t.Errorf("file %d: a young history took %+v, an old one %+v", kind, costs[0], costs[1])
		}
	}
}

// jsonOf is a release as text.
func jsonOf(t *testing.T, rel model.Release) string {
	t.Helper()
	b, err := json.Marshal(rel)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// rangeAt reads a range in a repository opened for it, and says whether it was
// read in part.
func rangeAt(t *testing.T, dir string, o Options, from, to string) (text string, inPart bool) {
	t.Helper()
	r, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rel, _, err := r.rangeOf(context.Background(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	return jsonOf(t, rel), r.part != nil
}

// TestPartOfDamagedFile changes bytes of our own file of generations all over: what
// is read is right or read anew, and the file is whole again.
func TestPartOfDamagedFile(t *testing.T) {
	dir := oldRepository(t, 300)
	var o Options
	writeGenerations(t, dir, 3, &o)
	want, inPart := rangeAt(t, dir, o, "v1.1.0", "v1.2.0")
	if plain, _ := rangeAt(t, dir, Options{}, "v1.1.0", "v1.2.0"); plain != want || !inPart {
		t.Fatalf("in part %v:\n%s\nas a whole:\n%s", inPart, want, plain)
	}
	file, _ := filepath.Glob(filepath.Join(o.Cache, "graph-*.facts"))
	whole, err := os.ReadFile(file[0])
	if err != nil {
		t.Fatal(err)
	}
	repaired := 0
	for n := 0; n < len(whole); n += 1 + len(whole)/60 {
		for _, b := range [][]byte{whole[:n], bytes.Clone(whole)} {
			if len(b) == len(whole) {
				b[n] ^= 0x21
			}
			if err := os.WriteFile(file[0], b, 0o600); err != nil {
				t.Fatal(err)
			}
			got, inPart := rangeAt(t, dir, o, "v1.1.0", "v1.2.0")
			if got != want {
				t.Errorf("byte %d of %d: %s", n, len(whole), got)
			}
			if now, err := os.ReadFile(file[0]); !inPart {
				repaired++
				if err != nil || !bytes.Equal(now, whole) {
					t.Errorf("byte %d of %d: the file isn't whole again: %v", n, len(whole), err)
				}
			}
		}
	}
	if repaired < 20 {
		t.Errorf("only %d damages were noticed", repaired)
	}
}

// TestPartOfLyingFile gives git's file other corrected dates under a right sum: they
// contradict each other, and the history is read as a whole.
func TestPartOfLyingFile(t *testing.T) {
	dir := oldRepository(t, 100)
	runGit(t, dir, "", "commit-graph", "write", "--reachable")
	want, inPart := rangeAt(t, dir, Options{}, "v1.1.0", "v1.2.0")
	if !inPart {
		t.Fatal("it wasn't read in part")
	}
	file := filepath.Join(dir, "objects", "info", "commit-graph")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g := openCommitGraph(filepath.Join(dir, "objects"))
	at := bytes.Index(b, g.layers[0].dates)
	for i := range int(g.layers[0].count) {
		b[at+4*i+2] = byte(1 + i%7)
	}
	if err := g.close(); err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(b[:len(b)-20])
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(b[:len(b)-20], sum[:]...), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, inPart := rangeAt(t, dir, Options{}, "v1.1.0", "v1.2.0"); got != want || inPart {
		t.Errorf("in part: %v\n%s\nwant\n%s", inPart, got, want)
	}
}
