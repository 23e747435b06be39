package gitsource

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRealRepository holds the law of history against the repository named by
// DAYBREAK_REPO: every release's range against git's own rev-list.
func TestRealRepository(t *testing.T) {
	dir := os.Getenv("DAYBREAK_REPO")
	if dir == "" {
		t.Skip("DAYBREAK_REPO names no repository")
	}
	start := time.Now()
	r, err := Open(dir, Options{Paths: os.Getenv("DAYBREAK_PATHS") != ""})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	releases, diags, err := r.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	commits, changes := 0, 0
	for i := range releases {
		commits += releases[i].Commits
		changes += len(releases[i].Changes)
	}
	t.Logf("%d releases, %d commits in ranges, %d changes, %d diagnostics in %v, %d MB from the system", len(releases), commits, changes, len(diags), time.Since(start), mem.Sys>>20)
	for _, rel := range releases {
		args := []string{"-C", dir, "rev-list", string(rel.Commit)}
		if rel.Previous != "" {
			args = append(args, "^"+string(r.refs["refs/tags/"+rel.Previous].String()))
		}
		out, err := exec.Command("git", args...).Output()
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		for _, h := range strings.Fields(string(out)) {
			want[h] = true
		}
		got := map[string]int{}
		for i := range rel.Changes {
			for _, c := range rel.Changes[i].Commits() {
				got[string(c.Hash)]++
			}
		}
		for _, s := range rel.Skipped {
			got[string(s.Commit.Hash)]++
		}
		for h, n := range got {
			if n != 1 || !want[h] {
				t.Errorf("%s: commit %s occurs %d times, git has it: %v", rel.Slug(), h, n, want[h])
			}
		}
		for h := range want {
			if got[h] == 0 {
				t.Errorf("%s: commit %s is lost", rel.Slug(), h)
			}
		}
	}
	// All tags, in git's own order of versions: what is adjacent there need be no
	// release, nor of one line.
	out, err := exec.Command("git", "-C", dir, "for-each-ref", "--sort=v:refname", "--format=%(refname) %(objecttype) %(*objecttype)", "refs/tags").Output()
	if err != nil {
		t.Fatal(err)
	}
	// Each is read in as many ways as there are: with the repository's own
	// commit-graph, and as in a fresh clone.
	open := func(graphs bool) *Repository {
		o, err := Open(dir, Options{Paths: r.o.Paths})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { o.Close() })
		for _, g := range o.objects.graphs {
			if !graphs {
				if err := g.close(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !graphs {
			o.objects.graphs, o.clocks.least = nil, 0
		}
		return o
	}
	ways := map[string]*Repository{"by clocks": open(false)}
	if len(r.objects.graphs) > 0 {
		ways["in part"] = open(true)
	}
	in := map[string]int{}
	pairs, from := 0, ""
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if words[len(words)-1] != "commit" {
			continue // of a tree, a blob or a tag
		}
		to := words[0]
		if from != "" {
			sameRange(t, r, dir, from, to, ways)
			pairs++
			for way, o := range ways {
				if o.part != nil {
					in[way]++
				}
				o.tags, o.graph = nil, nil // each is read anew
				o.forget()
				if err := o.dropPart(); err != nil {
					t.Fatal(err)
				}
			}
		}
		from = to
	}
	t.Logf("%d adjacent tag pairs, read %v", pairs, in)
	if os.Getenv("V") != "" {
		for _, rel := range releases {
			b := map[string]int{}
			for i := range rel.Changes {
				b[string(rel.Changes[i].Bucket)]++
			}
			t.Logf("%-18s prev %-14s hotfix %-10s %5d commits %v skipped %d alarms %d | %s", rel.Slug(), rel.Previous, rel.HotfixOf, rel.Commits, b, len(rel.Skipped), len(rel.Alarms), rel.Explain)
		}
		for i, d := range diags {
			if i < 40 {
				t.Log(d)
			}
		}
	}
}

// sameRange holds one range against git's, and as it is read out of a part of the
// history against the same read out of the whole.
func sameRange(t *testing.T, r *Repository, dir, from, to string, ways map[string]*Repository) {
	t.Helper()
	rel, _, err := r.Range(context.Background(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	for way, o := range ways {
		other, _, err := o.Range(context.Background(), from, to)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := jsonOf(t, other), jsonOf(t, rel); got != want {
			t.Errorf("%s..%s %s:\n%.3000s\nout of the whole:\n%.3000s", from, to, way, got, want)
		}
	}
	out, err := exec.Command("git", "-C", dir, "rev-list", to, "^"+from).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(string(out))
	slices.Sort(want)
	if got := commitsOf(&rel); !slices.Equal(got, want) {
		t.Errorf("%s..%s: %d commits, git has %d", from, to, len(got), len(want))
	}
}
