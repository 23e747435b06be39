package gitsource

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

func TestRangeBetweenTagsIsTheRelease(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	fix := f.commit("fix: shared")
	f.git("checkout -q -b release/1.0 v1.0")
	f.git("cherry-pick -x " + fix)
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.commit("feat: next")
	f.tag("v1.1")
	side := f.topic("unmerged", "feat: not yet")
	r := f.open(Options{})
	ctx := context.Background()
	rel, _, err := r.Range(ctx, "v1.0", "v1.1")
	if err != nil {
		t.Fatal(err)
	}
	if len(rel.Changes) != 2 || rel.Changes[1].Bucket != model.BucketDelivered || rel.Changes[1].In != "1.0.1" || rel.Previous != "v1.0" {
		t.Errorf("range: %+v", rel)
	}
	// Revisions of any kind, also of a branch that no release holds.
	for _, pair := range [][2]string{{"v1.0", "main"}, {"", "unmerged"}, {"main", side}, {side[:10], "main"}, {"v1.0.1", "v1.1"}, {"v1.1", "v1.0"}, {"HEAD", "HEAD"}} {
		rel, _, err := r.Range(ctx, pair[0], pair[1])
		if err != nil {
			t.Fatal(err)
		}
		args := []string{"rev-list", pair[1]}
		if pair[0] != "" {
			args = append(args, "^"+pair[0])
		}
		want := strings.Fields(f.run(args...))
		slices.Sort(want)
		if got := commitsOf(&rel); !slices.Equal(got, want) {
			t.Errorf("%v: %v, git has %v", pair, got, want)
		}
	}
	for _, bad := range []string{"nowhere", "zzzzzzz", strings.Repeat("0", 40)} {
		_, _, err := r.Range(ctx, "v1.0", bad)
		var p *diag.Problem
		if !errors.As(err, &p) {
			t.Errorf("range to %q: %v", bad, err)
		}
	}
	_, _, err = r.Release(ctx, "9.9")
	var p *diag.Problem
	if !errors.As(err, &p) || p.Code != "unknown-release" || !strings.Contains(p.Hint, "v1.1") {
		t.Errorf("an unknown release: %v", err)
	}
}

func TestIncludeKeepsTheLaw(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: web", "web/a", "1")
	f.commit("feat: api", "api/a", "1")
	f.tag("api/v1.0")
	f.commit("feat: web again", "web/a", "2")
	f.commit("feat: both", "web/a", "3", "api/a", "2")
	f.run("mv", "api/a", "web/b")
	f.run("commit", "-q", "-m", "feat: moved away")
	f.tag("api/v1.1")
	r := f.open(Options{Tags: []string{"api/v*"}, Include: []string{"api/**"}})
	rel, _, err := r.Release(context.Background(), "api/v1.1")
	if err != nil {
		t.Fatal(err)
	}
	f.law(&rel)
	var titles []string
	for i := range rel.Changes {
		titles = append(titles, rel.Changes[i].Title)
	}
	if !slices.Equal(titles, []string{"moved away", "both"}) || len(rel.Skipped) != 1 || rel.Version.Line != "api" || rel.Previous != "api/v1.0" {
		t.Errorf("changes %q, skipped %d, from %s", titles, len(rel.Skipped), rel.Previous)
	}
}

// A hotfix brought a fix that the main line has merged and taken back again:
// who has the hotfix loses it, and must be told.
func TestTakenBackAfterItWasDelivered(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	fix := f.commit("fix: x")
	f.git("checkout -q -b release/1.0 v1.0")
	f.git("cherry-pick -x " + fix)
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.run("revert", "--no-edit", fix)
	f.tag("v1.1")
	rel := f.want("v1.1", `from v1.0
		told Revert "fix: x" (1)
		delivered fix: x (1) in 1.0.1`)
	if len(rel.Changes[0].Reverts) != 1 {
		t.Errorf("takes back %v", rel.Changes[0].Reverts)
	}
}

// The same work merged to two branches that both lead to one release is one
// change; work that was taken back and picked again stays.
func TestTwinsInOneRange(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	a := f.commit("fix: once only")
	f.git("checkout -q -b other v1.0")
	f.git("cherry-pick -x " + a)
	f.git("checkout -q main")
	f.merge("other", "Merge branch 'develop'")
	b := f.commit("feat: again")
	f.run("revert", "--no-edit", b)
	f.git("cherry-pick -x " + b)
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		told feat: again (1)
		withdrawn Revert "feat: again" (1)
		withdrawn feat: again (1)
		told fix: once only (2)
		skipped Merge branch 'develop'`)
}

func TestSameInputSameAnswer(t *testing.T) {
	dir := randomRepository(t, 3, 6)
	want := readAll(t, dir, Options{Paths: true})
	for range 3 {
		if readAll(t, dir, Options{Paths: true}) != want {
			t.Fatal("the same repository reads differently")
		}
	}
}

func BenchmarkReleases(b *testing.B) {
	dir := randomRepository(b, 1, 40)
	for b.Loop() {
		r, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := r.Releases(context.Background()); err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}

// A range over several releases tells what the one on its own line brought, even
// where a hotfix of that release holds it, too.
func TestRangeOverSeveralReleases(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	shared := f.commit("feat: what 2.0 brings")
	f.tag("v2.0")
	fix := f.commit("fix: picked for both lines", "base", "1\n2\nthree\n4\n")
	f.git("checkout -q -b release/2.0 v2.0")
	f.git("cherry-pick -x " + fix)
	f.tag("v2.0.1")
	f.git("checkout -q main")
	f.commit("feat: what 3.0 brings")
	f.tag("v3.0")
	rel, _, err := f.open(Options{}).Range(context.Background(), "v1.0", "v3.0")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rel.Changes {
		c := &rel.Changes[i]
		if delivered := c.Bucket == model.BucketDelivered; delivered != (string(c.Tip.Hash) == fix) {
			t.Errorf("%s is %q: %s", c.Title, c.Bucket, c.Reason)
		}
	}
	if len(rel.Changes) != 3 || string(rel.Changes[2].Tip.Hash) != shared {
		t.Errorf("%d changes, %s last", len(rel.Changes), rel.Changes[len(rel.Changes)-1].Title)
	}
}

// TestRangeEndsInsideARelease asks for a range up to a commit that a later release
// holds: that release has what the commit has, but delivers none of it beforehand.
func TestRangeEndsInsideARelease(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.commit("feat: one")
	middle := f.commit("feat: two")
	f.commit("feat: three")
	f.tag("v1.1")
	f.commit("feat: four")
	f.tag("v1.2")
	for _, graph := range []bool{false, true} {
		if graph {
			f.git("commit-graph write --reachable")
		}
		rel, _, err := f.open(Options{}).Range(context.Background(), "v1.0", middle)
		if err != nil {
			t.Fatal(err)
		}
		if len(rel.Changes) != 2 || rel.Changes[0].Bucket != "" || rel.Changes[1].Bucket != "" {
			t.Errorf("commit-graph %v: %+v", graph, rel.Changes)
		}
	}
}

// TestRangeGoesByNamesAsGit: of two tags of one version one marks the release, and each
// means its own commit as a range's end; a branch that is called as a version is that
// branch. A version that nothing is called is its release.
func TestRangeGoesByNamesAsGit(t *testing.T) {
	f := newFixture(t)
	f.tag("1.0.0")
	f.commit("feat: one")
	f.git("branch 1.1")
	f.commit("feat: two")
	f.tag("v1.0.0")
	f.commit("feat: three")
	f.tag("v1.1")
	f.commit("feat: four")
	f.tag("v1.2.0")
	for _, pair := range [][2]string{{"1.0.0", "1.1"}, {"1.0.0", "v1.0.0"}, {"v1.0.0", "1.1"}, {"1.1", "v1.1"}, {"v1.1", "1.0.0"}, {"1.1", "1.2.0"}} {
		rel, _, err := f.open(Options{}).Range(context.Background(), pair[0], pair[1])
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Fields(f.git("rev-list " + pair[0] + ".." + strings.Replace(pair[1], "1.2.0", "v1.2.0", 1)))
		slices.Sort(want)
		if got := commitsOf(&rel); !slices.Equal(got, want) {
			t.Errorf("%s..%s: %d commits, git has %d", pair[0], pair[1], len(got), len(want))
		}
	}
}
