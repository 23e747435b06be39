package gitsource

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// sample is a small history with a merge, a tag and something unreleased.
func sample(t testing.TB) *fixture {
	f := newFixture(t)
	f.tag("v1.0")
	f.topic("topic", "feat: a", "a", strings.Repeat("a\n", 100))
	f.merge("topic", "Merge pull request #1 from org/topic\n\nfeat: a")
	f.tag("v1.1")
	f.commit("fix: b", "a", strings.Repeat("a\n", 99)+"b\n")
	return f
}

// facts reads a whole repository and gives its releases as text.
func readAll(t testing.TB, dir string, o Options) string {
	t.Helper()
	r, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	releases, _, err := r.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.MarshalIndent(releases, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryFormOfRepositoryReadsTheSame(t *testing.T) {
	f := sample(t)
	o := Options{Paths: true, Main: "main"}
	want := readAll(t, f.dir, o)
	if strings.Count(want, `"TagObject"`) != 3 || !strings.Contains(want, `"Status": 77`) {
		t.Fatalf("the sample reads as %s", want)
	}
	other := t.TempDir()
	in := func(name string) string { return filepath.Join(other, name) }
	forms := map[string]func() string{
		".git folder": func() string { return filepath.Join(f.dir, ".git") },
		"bare":        func() string { f.run("clone", "-q", "--bare", f.dir, in("bare")); return in("bare") },
		"linked worktree": func() string {
			f.run("worktree", "add", "-q", "--detach", in("linked"), "v1.0")
			return in("linked")
		},
		"alternates": func() string { f.run("clone", "-q", "--shared", f.dir, in("shared")); return in("shared") },
		"alternates of alternates": func() string {
			f.run("clone", "-q", "--shared", in("shared"), in("shared2"))
			runGit(t, in("shared2"), "", "fetch", "-q", "--tags", f.dir)
			return in("shared2")
		},
		"relative alternates": func() string {
			f.run("clone", "-q", "--bare", "--shared", f.dir, in("relative"))
			link, err := filepath.Rel(in("relative/objects"), filepath.Join(f.dir, ".git/objects"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(in("relative/objects/info/alternates"), []byte(link+"\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			return in("relative")
		},
		"partial": func() string {
			f.git("config uploadpack.allowFilter true")
			f.run("clone", "-q", "--filter=blob:none", "--no-checkout", "file://"+f.dir, in("partial"))
			return in("partial")
		},
		"packed": func() string {
			f.run("clone", "-q", "--no-local", f.dir, in("packed"))
			for _, args := range [][]string{{"pack-refs", "--all", "--prune"}, {"repack", "-a", "-d", "-q"}, {"commit-graph", "write", "--reachable"}, {"multi-pack-index", "write"}} {
				runGit(t, in("packed"), "", args...)
			}
			return in("packed")
		},
		"submodule-like .git file": func() string {
			if err := os.MkdirAll(in("inner"), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(in("inner/.git"), []byte("gitdir: ../bare\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			return in("inner")
		},
	}
	for _, name := range []string{".git folder", "bare", "linked worktree", "alternates", "alternates of alternates", "relative alternates", "partial", "packed", "submodule-like .git file"} {
		if got := readAll(t, forms[name](), o); got != want {
			t.Errorf("%s reads differently:\n%s", name, cmp.Diff(want, got))
		}
	}
}

func TestNoGitBinaryIsNeeded(t *testing.T) {
	f := sample(t)
	want := readAll(t, f.dir, Options{Paths: true})
	t.Setenv("PATH", t.TempDir())
	if _, err := exec.LookPath("git"); err == nil {
		t.Fatal("git can still be found")
	}
	t.Setenv("GIT_DIR", "/nowhere")
	if got := readAll(t, f.dir, Options{Paths: true}); got != want {
		t.Error("without git the repository reads differently")
	}
}

func TestRefusedInOneSentence(t *testing.T) {
	f := sample(t)
	if p := problem(t, filepath.Join(f.dir, "nowhere"), "not-a-repository"); !strings.Contains(p.Message, "does not exist") {
		t.Error(p.Message)
	}
	if err := os.Mkdir(filepath.Join(f.dir, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	if p := problem(t, filepath.Join(f.dir, "sub"), "not-a-repository"); !strings.Contains(p.Hint, f.dir) {
		t.Errorf("the hint doesn't lead up: %s", p.Hint)
	}
	problem(t, filepath.Join(f.dir, "a"), "not-a-repository")
	empty := t.TempDir()
	problem(t, empty, "not-a-repository")
	runGit(t, empty, "", "init", "-q", ".")
	problem(t, empty, "no-commits")
	sha256 := t.TempDir()
	runGit(t, sha256, "", "init", "-q", "--object-format=sha256", ".")
	problem(t, sha256, "sha256-repository")
	// git 2.39 can't make a reftable repository; what marks one is its config.
	runGit(t, empty, "", "config", "core.repositoryformatversion", "1")
	runGit(t, empty, "", "config", "extensions.refStorage", "reftable")
	problem(t, empty, "reftable-repository")
	if _, err := Open(f.dir, Options{Main: "nowhere"}); err == nil || !strings.Contains(err.Error(), `"nowhere"`) {
		t.Errorf("an unknown branch: %v", err)
	}
}

func TestWithoutTagsOnlyUnreleased(t *testing.T) {
	f := newFixture(t)
	r := f.open(Options{})
	releases, diags, err := r.Releases(context.Background())
	if err != nil || len(releases) != 1 || !releases[0].Unreleased || len(releases[0].Changes) != 1 {
		t.Fatalf("%v, %+v", err, releases)
	}
	if len(diags) != 1 || diags[0].Code != "no-releases" {
		t.Errorf("diagnostics: %v", diags)
	}
}

func TestMissingAndDamagedObjectsAreNamed(t *testing.T) {
	f := sample(t)
	lost := f.git("rev-parse v1.1^2")
	object := filepath.Join(f.dir, ".git/objects", lost[:2], lost[2:])
	content, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(object); err != nil {
		t.Fatal(err)
	}
	if p := problem(t, f.dir, "missing-object"); !strings.Contains(p.Message, lost) {
		t.Error(p.Message)
	}
	if err := os.WriteFile(object, content[:len(content)/2], 0o666); err != nil {
		t.Fatal(err)
	}
	if p := problem(t, f.dir, "broken-object"); !strings.Contains(p.Message, lost) {
		t.Error(p.Message)
	}
	if err := os.WriteFile(object, content, 0o666); err != nil {
		t.Fatal(err)
	}
	f.git("gc -q")
	packs, err := filepath.Glob(filepath.Join(f.dir, ".git/objects/pack/*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatal(packs, err)
	}
	os.Chmod(packs[0], 0o666)
	whole, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	want := readAll(t, f.dir, Options{})
	// Cut off at any place a pack gives an error, or the right answer where only
	// its checksum or files that nobody asks for are gone; never a panic.
	failed := 0
	for n := 0; n < len(whole); n += 1 + len(whole)/40 {
		if err := os.WriteFile(packs[0], whole[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		r, err := Open(f.dir, Options{})
		if err == nil {
			_, _, err = r.Releases(context.Background())
			r.Close()
		}
		if err != nil {
			failed++
		} else if readAll(t, f.dir, Options{}) != want {
			t.Errorf("a pack of %d of %d bytes reads differently, without error", n, len(whole))
		}
	}
	if failed < 10 {
		t.Errorf("only %d cut packs were noticed", failed)
	}
}

// TestCircularHistoryIsRefused lets a graft make a commit its own ancestor, which
// no commit by itself can be.
func TestCircularHistoryIsRefused(t *testing.T) {
	f := sample(t)
	graft := f.git("rev-list --max-parents=0 HEAD") + " " + f.git("rev-parse HEAD") + "\n"
	if err := os.MkdirAll(filepath.Join(f.dir, ".git/info"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.dir, ".git/info/grafts"), []byte(graft), 0o666); err != nil {
		t.Fatal(err)
	}
	problem(t, f.dir, "circular-history")
}

func TestTagsOfOddThings(t *testing.T) {
	f := sample(t)
	f.git("tag v2.0 HEAD^{tree}")
	f.git("tag v2.1 HEAD:a")
	f.run("tag", "-a", "-m", "x", "deep", "v1.1")
	f.run("tag", "-a", "-m", "x", "v1.2", "deep")
	f.git("tag produkt/größe/v1.3")
	f.git("tag nothing-to-see")
	f.git("tag v1." + strings.Repeat("1", 200))
	r := f.open(Options{})
	releases, diags, err := r.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range releases {
		got = append(got, releases[i].Tag)
	}
	if want := []string{"v1.2", "produkt/größe/v1.3", "v1.1", "v1.0"}; !slices.Equal(got, want) {
		t.Errorf("releases %q, want %q", got, want)
	}
	var codes []string
	for _, d := range diags {
		codes = append(codes, d.Code)
	}
	slices.Sort(codes)
	if want := []string{"other-tags", "tag-of-no-commit", "tag-of-no-commit"}; !slices.Equal(codes, want) {
		t.Errorf("diagnostics %v", diags)
	}
	for _, d := range diags {
		if d.Code == "other-tags" && (!strings.Contains(d.Message, `"nothing-to-see"`) || len(d.Message) > 300) {
			t.Errorf("the other tags: %s", d.Message)
		}
	}
}

// TestBrokenTags keeps a release that can't be found from going missing without
// a word.
func TestBrokenTags(t *testing.T) {
	f := newFixture(t)
	for name, content := range map[string]string{"v0.1": "ref: refs/tags/v0.2", "v0.2": "ref: refs/tags/v0.1", "v0.3": "nonsense", "odd": "nonsense"} {
		f.write(".git/refs/tags/"+name, content+"\n")
	}
	f.tag("v1.0")
	releases, diags, err := f.open(Options{}).Releases(context.Background())
	if err != nil || len(releases) != 1 {
		t.Fatalf("%d releases, %v", len(releases), err)
	}
	for i, d := range diags {
		if want := fmt.Sprintf("tag \"v0.%d\" leads to no object", i+1); d.Code != "broken-tag" || !strings.HasPrefix(d.Message, want) {
			t.Errorf("%s, want %s", d, want)
		}
	}
	if len(diags) != 3 {
		t.Errorf("%d diagnostics, want 3", len(diags))
	}
}

func TestManyTagsOfOneCommit(t *testing.T) {
	f := sample(t)
	head := f.git("rev-parse HEAD")
	var refs bytes.Buffer
	fmt.Fprintf(&refs, "# pack-refs with: peeled fully-peeled sorted \n")
	for i := range 10_000 {
		fmt.Fprintf(&refs, "%s refs/tags/v3.%05d.0\n", head, i)
	}
	if err := os.WriteFile(filepath.Join(f.dir, ".git/packed-refs"), refs.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	r := f.open(Options{})
	releases, _, err := r.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for i := range releases {
		if releases[i].SameBuild != "" {
			same++
		}
	}
	if len(releases) != 10_002 || same != 9_999 {
		t.Errorf("%d releases, %d of the same build", len(releases), same)
	}
}

func TestHugeTreeAndMessage(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	blob := f.feed("x", "hash-object", "-w", "--stdin")
	folder := func(first string) string {
		var list strings.Builder
		for i := range 100_000 {
			fmt.Fprintf(&list, "100644 blob %s\t%06d\n", first, i)
			first = blob
		}
		return f.feed("040000 tree "+f.feed(list.String(), "mktree")+"\tmany\n", "mktree")
	}
	many := f.feed("many", "commit-tree", folder(blob), "-p", "HEAD")
	huge := "fix: long\n\n" + strings.Repeat("All work and no play makes Jack a dull boy.\n", 50<<20/44) + "\nTicket: ABC-1\n"
	f.git("reset -q --soft " + f.feed(huge, "commit-tree", folder(f.feed("y", "hash-object", "-w", "--stdin")), "-p", many))
	rel, diags, err := f.open(Options{Paths: true}).Release(context.Background(), "unreleased")
	if err != nil {
		t.Fatal(err)
	}
	long := &rel.Changes[0]
	if want := []model.Trailer{{Key: "Ticket", Value: "ABC-1"}}; !slices.Equal(long.Trailers, want) {
		t.Errorf("trailers %v", long.Trailers)
	}
	if kept := len(long.Tip.Body); kept > maxMessage || kept < maxMessage-100 || kept+long.Tip.LeftOut+len("fix: long\n\n") < len(huge) {
		t.Errorf("%d of %d bytes are kept, %d are said to be left out", kept, len(huge), long.Tip.LeftOut)
	}
	if said := diags.Of(func(d diag.Diagnostic) bool { return d.Code == "long-message" }); len(said) != 1 || said[0].Position.Commit != string(long.Tip.Hash) {
		t.Errorf("said of it: %v", said)
	}
	if len(rel.Changes) != 2 || len(rel.Changes[1].Paths) != 100_001 || rel.Changes[0].Title != "long" {
		t.Fatalf("%d changes", len(rel.Changes))
	}
	if want := []model.PathChange{{Status: 'M', Path: "many/000000"}}; !slices.Equal(rel.Changes[0].Paths, want) {
		t.Errorf("touched %v", rel.Changes[0].Paths)
	}
}
