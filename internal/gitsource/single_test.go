package gitsource

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestOneAsAll holds every release that is asked for alone against the same one
// out of all, over random histories: in a repository opened for it, in one that
// has answered before, without a cache, into one and out of one.
func TestOneAsAll(t *testing.T) {
	const repositories, histories = 6, 10
	ctx := context.Background()
	text := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for seed := range uint64(repositories) {
		dir := randomRepository(t, 100+seed, histories, func(h *history) { h.mixed = seed >= repositories/2 })
		if seed%3 == 2 {
			runGit(t, dir, "", "repack", "-q", "-a", "-d", "-f")
		}
		open := func(o Options) *Repository {
			r, err := Open(dir, o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { r.Close() })
			return r
		}
		all, _, err := open(Options{Paths: true}).Releases(ctx)
		if err != nil {
			t.Fatal(err)
		}
		switch seed % 3 {
		case 0: // git's own file of parents and times gives the same
			runGit(t, dir, "", "commit-graph", "write", "--reachable")
		case 1: // so does a chain of them
			runGit(t, dir, runGit(t, dir, "", "rev-parse", "HEAD~1"), "commit-graph", "write", "--split=no-merge", "--stdin-commits")
			runGit(t, dir, "", "commit-graph", "write", "--split=no-merge", "--reachable")
		}
		used := open(Options{Paths: true})
		layers := 0
		for _, g := range used.objects.graphs {
			layers += len(g.layers)
		}
		if layers != []int{1, 2, 0}[seed%3] {
			t.Fatalf("seed %d: %d layers of commit graphs", seed, layers)
		}
		cached := Options{Paths: true, Cache: t.TempDir()}
		for k := range all {
			want, name := text(&all[k]), all[k].Tag
			if all[k].Unreleased {
				name = "unreleased"
			}
			ways := map[string]*Repository{"used": used}
			if k%7 == 0 {
				ways["fresh"], ways["cold"] = open(Options{Paths: true}), open(cached)
			}
			if seed%3 == 2 { // by clocks
				used.clocks.least = 0
				if err := used.dropPart(); err != nil {
					t.Fatal(err)
				}
			}
			for way, r := range ways {
				one, _, err := r.Release(ctx, name)
				if err != nil {
					t.Fatalf("seed %d, %s, %s: %v", seed, name, way, err)
				}
				if way == "used" && r.part == nil {
					t.Errorf("seed %d, %s: it was read as a whole", seed, name)
				}
				if got := text(&one); got != want {
					t.Errorf("seed %d, %s, %s:\n%s\nall releases have\n%s", seed, name, way, got, want)
				}
			}
			if k%7 == 0 {
				one, _, err := open(cached).Release(ctx, name)
				if err != nil || text(&one) != want {
					t.Errorf("seed %d, %s, warm: %v\n%s\nall releases have\n%s", seed, name, err, text(&one), want)
				}
			}
		}
	}
}

// TestDamagedCommitGraph cuts git's file of parents anywhere and changes its
// bytes: it counts as none then.
func TestDamagedCommitGraph(t *testing.T) {
	f := sample(t)
	want := readAll(t, f.dir, Options{})
	f.git("commit-graph write --reachable")
	file := filepath.Join(f.dir, ".git/objects/info/commit-graph")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o666); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(whole); n += 1 + len(whole)/50 {
		if err := os.WriteFile(file, whole[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		if got := readAll(t, f.dir, Options{}); got != want {
			t.Errorf("a file of %d of %d bytes: %s", n, len(whole), got)
		}
		b := bytes.Clone(whole)
		b[n] ^= 0xff
		if err := os.WriteFile(file, b, 0o666); err != nil {
			t.Fatal(err)
		}
		if got := readAll(t, f.dir, Options{}); got != want {
			t.Errorf("byte %d of %d changed: %s", n, len(whole), got)
		}
	}
}
