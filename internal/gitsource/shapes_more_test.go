package gitsource

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestShape10FoxtrotMerge(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.git("checkout -q -b mine")
	f.commit("feat: mine")
	f.git("checkout -q main")
	f.topic("topic", "feat: theirs")
	f.merge("topic", "Merge pull request #8 from org/topic\n\nfeat: theirs")
	f.git("checkout -q mine")
	f.merge("main", "Merge branch 'main' into mine")
	f.git("checkout -q main")
	f.git("merge -q --ff-only mine")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		told feat: theirs (2)
		told feat: mine (1)
		skipped Merge branch 'main' into mine`)
}

func TestShape11OneChangeForEachRequest(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.git("checkout -q -b outer")
	f.commit("feat: outer work (#21)")
	f.topic("silent", "feat: silent detail")
	f.merge("silent", "Merge pull request #22 from org/silent\n\nfeat: silent")
	f.topic("noted", "feat: noted detail")
	f.merge("noted", "Merge pull request #23 from org/noted\n\nfeat: noted\n\nRelease-Note: You can note things.")
	f.git("checkout -q main")
	f.commit("feat: meanwhile")
	f.git("checkout -q outer")
	f.merge("main", "Merge branch 'main' into outer")
	f.git("checkout -q main")
	f.merge("outer", "Merge pull request #21 from org/outer\n\nfeat: outer")
	f.commit("feat: squashed (#24)")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		told feat: squashed (1)
		told feat: outer (4)
		told feat: meanwhile (1)
		told feat: noted (2)
		skipped Merge branch 'main' into outer`)
}

func TestShape12OldCommitDates(t *testing.T) {
	f := newFixture(t)
	f.topic("old", "feat: old work")
	f.commit("feat: first")
	f.tag("v1.0")
	f.merge("old", "Merge pull request #4 from org/old\n\nfeat: old work")
	f.tag("v1.1")
	f.want("v1.0", "from\n told feat: first (1)\n told chore: start (1)")
	f.want("v1.1", "from v1.0\n told feat: old work (2)")
}

func TestShape13TagsOfOneCommit(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0.0")
	f.commit("feat: a")
	f.tag("v1.1.0-rc.1")
	f.commit("fix: b")
	f.tag("v1.1.0-rc.2")
	f.tag("v1.1.0")
	f.tag("1.1.0")
	f.tag("v1.1.1")
	f.want("v1.1.0-rc.1", "from v1.0.0\n told feat: a (1)")
	f.want("v1.1.0-rc.2", "from v1.1.0-rc.1\n told fix: b (1)")
	rel := f.want("v1.1.0", "from v1.0.0\n told fix: b (1)\n told feat: a (1)")
	if !slices.Equal(rel.OtherTags, []string{"1.1.0"}) || rel.SameBuild != "" {
		t.Errorf("other tags %v, same build %q", rel.OtherTags, rel.SameBuild)
	}
	rel = f.want("v1.1.1", "from v1.1.0")
	if rel.SameBuild != "1.1.0" || rel.Commits != 0 {
		t.Errorf("same build as %q, %d commits", rel.SameBuild, rel.Commits)
	}
	before := rel.TagObject
	f.commit("fix: c")
	f.run("tag", "-f", "-a", "-m", "moved", "v1.1.1")
	if rel, _ = f.release("v1.1.1"); rel.TagObject == before || rel.TagObject == rel.Commit {
		t.Errorf("the tag's object is %s before and %s after the move", before, rel.TagObject)
	}
}

func TestShape14Shallow(t *testing.T) {
	f := newFixture(t)
	f.commit("feat: a")
	f.tag("v1.0")
	f.commit("feat: b")
	clone := filepath.Join(t.TempDir(), "clone")
	f.run("clone", "-q", "--depth", "1", "file://"+f.dir, clone)
	p := problem(t, clone, "shallow-clone")
	if !strings.Contains(p.Hint, "\n  git fetch --unshallow --tags\n") {
		t.Errorf("the hint lacks the cure: %s", p.Hint)
	}
}

func TestShape14Partial(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.commit("feat: b", "dir/b", "b")
	f.git("mv base moved")
	f.commit("feat: c", "dir/c", "c")
	f.tag("v1.1")
	f.git("config uploadpack.allowFilter true")
	clone := filepath.Join(t.TempDir(), "clone")
	f.run("clone", "-q", "--bare", "--filter=blob:none", "file://"+f.dir, clone)
	r, err := Open(clone, Options{Paths: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	releases, _, err := r.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(releases) != 2 || len(releases[0].Changes) != 2 || len(releases[0].Changes[0].Paths) != 2 {
		t.Fatalf("read %+v", releases)
	}
	if p := releases[0].Changes[0].Paths[1]; p.Status != 'R' || p.Old != "base" || p.Path != "moved" {
		t.Errorf("a renamed file of equal content: %+v", p)
	}
}

func TestShape14Grafted(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	a := f.commit("feat: a")
	f.commit("feat: b")
	f.tag("v1.1")
	f.git("replace --graft HEAD v1.0")
	f.want("v1.1", "from v1.0\n told feat: b (1)")
	f.git("replace -d " + f.git("rev-parse HEAD"))
	f.write(".git/info/grafts", f.git("rev-parse HEAD")+" "+f.git("rev-parse v1.0^{commit}")+"\n")
	f.want("v1.1", "from v1.0\n told feat: b (1)")
	if err := os.Remove(filepath.Join(f.dir, ".git/info/grafts")); err != nil {
		t.Fatal(err)
	}
	rel := f.want("v1.1", "from v1.0\n told feat: b (1)\n told feat: a (1)")
	if string(rel.Changes[1].Tip.Hash) != a {
		t.Errorf("the whole history holds %s", rel.Changes[1].Tip.Hash)
	}
}

func TestShape15Octopus(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.topic("a", "feat: a")
	f.topic("b", "feat: b")
	f.topic("c", "feat: c")
	f.git("checkout -q b")
	f.commit("test: cover b")
	f.git("checkout -q c")
	f.commit("more of c")
	f.commit("feat: d")
	f.git("checkout -q main")
	f.merge("a b c", "Merge branches 'a', 'b' and 'c'")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		told feat: d (1)
		told feat: b (2)
		told feat: c (2)
		told feat: a (1)
		skipped Merge branches 'a', 'b' and 'c'`)
}

// A plain merge names no request. Where its body says what it brings, that is
// the change; where its commits speak of one thing, that; where they speak of
// several, each is a change, and none of their files is lost.
func TestShape11PlainMerge(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.topic("one", "refactor: make room")
	f.git("checkout -q one")
	f.commit("feat: export")
	f.commit("test: cover export")
	f.git("checkout -q main")
	f.merge("one", "Merge branch 'one'")
	f.topic("several", "chore: make room", "room", "")
	f.git("checkout -q several")
	f.commit("feat: import", "import", "")
	f.commit("add a migration", "migrations/1.sql", "")
	f.commit("fix: wrong price", "price", "")
	f.commit("fix: wrong price", "price", "right")
	f.git("checkout -q main")
	f.merge("several", "Merge branch 'several'")
	f.topic("said", "feat: p")
	f.git("checkout -q said")
	f.commit("feat: q")
	f.git("checkout -q main")
	f.merge("said", "Merge branch 'said'\n\nfeat: p and q, for all tills.")
	f.topic("mute", "print tickets")
	f.git("checkout -q mute")
	f.commit("print them in colour")
	f.git("checkout -q main")
	f.merge("mute", "Merge branch 'mute'")
	f.tag("v1.1")
	rel := f.want("v1.1", `from v1.0
		told print tickets (3)
		told feat: p and q, for all tills (3)
		told fix: wrong price (2)
		told feat: import (3)
		told feat: export (4)
		skipped Merge branch 'several'`)
	if got := rel.Skipped[0].Reason.String(); got != `merge of the branch "several", whose 2 changes are told one by one` {
		t.Errorf("the merge is left out because %q", got)
	}
	with, _, err := f.open(Options{Paths: true}).Release(context.Background(), "v1.1")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, p := range with.Changes[3].Paths {
		paths = append(paths, string(p.Status)+p.Path)
	}
	if want := []string{"Aimport", "Amigrations/1.sql", "Aroom"}; !slices.Equal(paths, want) {
		t.Errorf("the import touches %v, want %v", paths, want)
	}
}

func TestShape15UnrelatedHistory(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.git("checkout -q --orphan other")
	f.git("rm -rfq .")
	for range 5 {
		f.commit("feat: somebody's work")
	}
	f.topic("inner", "feat: request")
	f.merge("inner", "Merge pull request #3 from them/inner\n\nfeat: request")
	f.git("checkout -q main")
	f.merge("other", "Take over the reporting service", "--allow-unrelated-histories")
	f.tag("v1.1")
	f.want("v1.1", "from v1.0\n told Take over the reporting service (8)")
}

func TestShape15SubmoduleBump(t *testing.T) {
	f := newFixture(t)
	old, new := strings.Repeat("1", 40), strings.Repeat("2", 40)
	f.run("update-index", "--add", "--cacheinfo", "160000,"+old+",lib")
	f.run("commit", "-q", "-m", "chore: add lib")
	f.tag("v1.0")
	f.run("update-index", "--cacheinfo", "160000,"+new+",lib")
	f.run("commit", "-q", "-m", "chore: newer lib")
	f.tag("v1.1")
	rel, _, err := f.open(Options{Paths: true}).Release(context.Background(), "v1.1")
	if err != nil {
		t.Fatal(err)
	}
	if s := rel.Changes[0].Submodules; len(s) != 1 || s[0].Path != "lib" || string(s[0].Old) != old || string(s[0].New) != new {
		t.Errorf("bumps: %+v", s)
	}
}

func TestShape15CrissCross(t *testing.T) {
	f := newFixture(t)
	f.git("checkout -q -b side")
	f.commit("feat: s1")
	f.git("checkout -q main")
	f.commit("feat: m1")
	main, side := f.git("rev-parse main"), f.git("rev-parse side")
	f.merge(side, "Merge branch 'side'")
	f.git("checkout -q side")
	f.merge(main, "Merge branch 'main' into side")
	f.commit("feat: s2")
	f.tag("v1.0")
	f.git("checkout -q main")
	f.commit("feat: m2")
	f.tag("v1.1")
	rel := f.want("v1.1", `from v1.0
		told feat: m2 (1)
		told Merge branch 'side' (1)`)
	if strings.Count(rel.Explain.String(), " and ") < 1 || !strings.Contains(rel.Explain.String(), main[:8]) || !strings.Contains(rel.Explain.String(), side[:8]) {
		t.Errorf("not both merge bases in %q", rel.Explain)
	}
}

func TestShape15Encoding(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.write("msg", "fix: Gr\xf6\xdfe")
	f.run("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "--allow-empty", "-q", "-F", "msg")
	// Porcelain would mend the message, so the object is written as it stands.
	head := f.git("cat-file commit HEAD")
	lines, _, _ := strings.Cut(head, "\nencoding")
	tree, rest, _ := strings.Cut(lines, "\nparent")
	_, rest, _ = strings.Cut(rest, "\n")
	bad := f.feed(tree+"\nparent "+f.git("rev-parse HEAD")+"\n"+rest+"\n\nfix: Gr\xf6\xdfe\n", "hash-object", "-w", "-t", "commit", "--stdin")
	f.git("reset -q --hard " + bad)
	f.tag("v1.1")
	rel := f.want("v1.1", "from v1.0\n told fix: Gr\ufffd\ufffde (1)\n told fix: Größe (1)")
	if !rel.Changes[0].Tip.Damaged || rel.Changes[1].Tip.Damaged {
		t.Error("damaged bytes must be reported, and only they")
	}
}

// An empty merge does not vanish; two requests of one text are two changes;
// annotated tags, and tags of tags, peel to their commit; the user's git
// configuration has no influence.
func TestShapeAlso(t *testing.T) {
	f := newFixture(t)
	f.topic("a", "feat: same text", "a", "a")
	f.topic("b", "feat: same text", "b", "b")
	f.git("branch empty")
	f.tag("v1.0")
	f.commit("feat: next")
	f.merge("a", "Merge pull request #1 from org/a\n\nfeat: same text")
	f.merge("b", "Merge pull request #2 from org/b\n\nfeat: same text")
	// A merge of what the line already holds: only plumbing makes one.
	m := f.run("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-p", "empty", "-m", "Merge pull request #6 from org/empty\n\nfeat: empty")
	f.git("reset -q --hard " + m)
	f.tag("inner")
	f.run("tag", "-a", "-m", "outer", "v1.1", "inner")
	f.git("config log.showSignature true")
	f.git("config log.follow true")
	f.git("config color.ui always")
	f.git("config alias.log status")
	f.git("config i18n.logOutputEncoding UTF-16")
	f.want("v1.1", `from v1.0
		told feat: empty (1)
		told feat: same text (2)
		told feat: same text (2)
		told feat: next (1)`)
}
