package gitsource

import (
	"context"
	"encoding/json"
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
		dir := randomRepository(t, 100+seed, histories)
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
		used := open(Options{Paths: true})
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
			for way, r := range ways {
				one, _, err := r.Release(ctx, name)
				if err != nil {
					t.Fatalf("seed %d, %s, %s: %v", seed, name, way, err)
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
