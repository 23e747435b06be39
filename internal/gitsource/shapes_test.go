package gitsource

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/diag"
)

// The shapes of history that other tools get wrong, each with the right answer.

func TestShape01RevertInsideTheRange(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	x := f.commit("feat: x")
	f.commit("feat: y")
	f.run("revert", "--no-edit", x)
	f.topic("topic", "feat: z")
	m := f.merge("topic", "Merge pull request #7 from org/topic\n\nfeat: z")
	f.run("revert", "--no-edit", "-m", "1", m)
	f.commit("feat: w")
	f.run("commit", "--allow-empty", "-q", "-m", "no more w\n\nThis reverts commit "+f.git("rev-parse HEAD")[:9]+".")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		withdrawn no more w (1)
		withdrawn feat: w (1)
		withdrawn Revert "Merge pull request #7 from org/topic" (1)
		withdrawn feat: z (2)
		withdrawn Revert "feat: x" (1)
		told feat: y (1)
		withdrawn feat: x (1)`)
}

// What takes something back among other work is told for the rest of it.
func TestShape01RevertAmongOtherWork(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	x := f.commit("feat: x", "base", "1\n2\nx\n4\n5\n6\n7\n8\n9\n")
	f.commit("fix: y by other means\n\nThis reverts commit "+x+".", "base", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "more", "work")
	z := f.commit("feat: z", "other", "z\n")
	f.git("rm -q other")
	f.commit("fix: no z after all\n\nThis reverts commit "+z+".", "base", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		withdrawn fix: no z after all (1)
		withdrawn feat: z (1)
		told fix: y by other means (1)
		withdrawn feat: x (1)`)
}

func TestShape02RevertOfSomethingReleased(t *testing.T) {
	f := newFixture(t)
	x := f.commit("feat: x")
	f.tag("v1.0")
	f.run("revert", "--no-edit", x)
	f.tag("v1.1")
	rel := f.want("v1.1", `from v1.0
		told Revert "feat: x" (1)`)
	if r := rel.Changes[0].Reverts; len(r) != 1 || string(r[0]) != x {
		t.Errorf("takes back %v, want %s", r, x)
	}
}

func TestShape03Chains(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	x := f.commit("feat: x")
	f.run("revert", "--no-edit", x)
	f.run("revert", "--no-edit", "HEAD")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		withdrawn Revert "Revert "feat: x"" (1)
		withdrawn Revert "feat: x" (1)
		told feat: x (1)`)
	f.run("revert", "--no-edit", x)
	f.run("revert", "--no-edit", "HEAD")
	f.tag("v1.2")
	f.want("v1.2", `from v1.1
		withdrawn Revert "Revert "feat: x"" (1)
		withdrawn Revert "feat: x" (1)`)
	r1 := f.git("rev-parse HEAD~1")
	f.run("revert", "--no-edit", x)
	f.tag("v1.3")
	f.run("commit", "--allow-empty", "-q", "-m", "Reapply \"feat: x\"\n\nThis reverts commit "+f.git("rev-parse HEAD")+".")
	f.tag("v1.4")
	rel := f.want("v1.4", `from v1.3
		told feat: x (1)`)
	if len(rel.Changes[0].Reverts) > 0 {
		t.Errorf("what comes back takes nothing away: %v (%s)", rel.Changes[0].Reverts, r1)
	}
}

func TestShape04RevertOfAWebPage(t *testing.T) {
	f := newFixture(t)
	old := f.commit("feat: old (#3)")
	f.tag("v1.0")
	f.commit("feat: x (#10)")
	f.commit("feat: y (#11)")
	f.commit("Revert \"feat: x\" (#12)\n\nReverts owner/repo#10")
	f.commit("Revert \"feat: y\" (#13)")
	f.commit("feat: same")
	f.commit("feat: same")
	f.commit("Revert \"feat: same\"")
	f.commit("Revert \"feat: old\" (#14)\n\nReverts owner/repo#3")
	f.commit("Revert \"feat: never seen\"")
	f.tag("v1.1")
	rel := f.want("v1.1", `from v1.0
		told Revert "feat: never seen" (1)
		told Revert "feat: old" (1)
		told Revert "feat: same" (1)
		told feat: same (1)
		told feat: same (1)
		withdrawn Revert "feat: y" (1)
		withdrawn Revert "feat: x" (1)
		withdrawn feat: y (1)
		withdrawn feat: x (1)
		warning revert-ambiguous
		warning revert-unknown`)
	if r := rel.Changes[1].Reverts; len(r) != 1 || string(r[0]) != old {
		t.Errorf("the released request is taken back as %v, want %s", r, old)
	}
}

func TestShape05HotfixByCherryPick(t *testing.T) {
	for _, how := range []string{"-x", "plain", "key"} {
		t.Run(how, func(t *testing.T) {
			f := newFixture(t)
			f.tag("v1.0")
			f.commit("feat: before")
			message := "fix: wrong price"
			if how == "key" {
				message += " (#41)"
			}
			fix := f.commit(message, "base", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
			f.commit("feat: after")
			f.git("checkout -q -b release/1.0 v1.0")
			switch how {
			case "-x":
				f.git("cherry-pick -x " + fix)
			case "plain":
				f.commit("another start", "other", "file")
				f.git("cherry-pick " + fix)
			case "key":
				f.commit("fix: the price, by hand (#41)", "base", "1\n2\n3\n4\n5\n6\n7\n8\nNINE\n")
			}
			f.tag("v1.0.1")
			f.git("checkout -q main")
			f.tag("v1.1")
			rel := f.want("v1.1", `from v1.0
				told feat: after (1)
				delivered fix: wrong price (1) in 1.0.1
				told feat: before (1)`)
			if !strings.Contains(rel.Explain.String(), "v1.0.1 lies on a side line") {
				t.Errorf("explained as %q", rel.Explain)
			}
			hotfix, _ := f.release("v1.0.1")
			if hotfix.HotfixOf != "1.0" || len(hotfix.Live()) == 0 {
				t.Errorf("v1.0.1 is a hotfix of %q with %d live changes", hotfix.HotfixOf, len(hotfix.Live()))
			}
		})
	}
}

// A hotfix that its own line took back again isn't delivered.
func TestShape05HotfixWithdrawn(t *testing.T) {
	for _, how := range []string{"picked", "shared", "named", "again", "merged back"} {
		t.Run(how, func(t *testing.T) {
			f := newFixture(t)
			f.tag("v1.0")
			f.git("checkout -q -b release/1.0")
			f.git("checkout -q main")
			fix := f.commit("fix: wrong price", "base", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
			f.git("checkout -q release/1.0")
			switch how {
			case "shared":
				f.git("merge -q --ff-only " + fix)
				f.commit("chore: set the version")
			default:
				f.git("cherry-pick -x " + fix)
			}
			f.tag("v1.0.1")
			switch how {
			case "shared":
				f.run("revert", "--no-edit", fix)
			case "named": // the revert names the original, not the pick
				f.run("revert", "--no-commit", "HEAD")
				f.commit("Revert \"fix: wrong price\"\n\nThis reverts commit " + fix + ".")
			default:
				f.run("revert", "--no-edit", "HEAD")
			}
			f.tag("v1.0.2")
			if how == "again" {
				f.run("revert", "--no-edit", "HEAD")
				f.tag("v1.0.3")
			}
			f.git("checkout -q main")
			if how == "merged back" {
				f.merge("release/1.0", "Merge branch 'release/1.0'", "-s", "ours")
			}
			f.commit("feat: after")
			f.tag("v1.1")
			told := "told fix: wrong price (1)"
			if how == "again" {
				told = "delivered fix: wrong price (1) in 1.0.1"
			}
			from, merge := "v1.0", ""
			if how == "merged back" {
				from = "v1.0.2"
				merge = "skipped Merge branch 'release/1.0'\n alarm null-back-merge 1.0.2 Revert \"fix: wrong price\""
			}
			f.want("v1.1", "from "+from+"\n told feat: after (1)\n "+told+"\n"+merge)
		})
	}
}

// A hotfix that somebody put back by hand, without a mark, isn't delivered either;
// one that the line went on from is.
func TestShape05HotfixUndoneByHand(t *testing.T) {
	const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n"
	const after = "1\n2\n3\n4\n5\n6\n7\n8\nnine euros\n"
	cases := []struct {
		how, base string // what base holds at the next release
		picked    bool
		delivered bool
	}{
		{"put back", before, true, false},
		{"put back of the same commit", before, false, false},
		{"worked on since", "one\n2\n3\n4\n5\n6\n7\n8\n9\n", true, false},
		{"gone on from", "1\n2\n3\n4\n5\n6\n7\n8\nten euros\n", true, true},
		{"moved about in", "nothing here\n1\n2\n3\n4\n5\n6\n7\n8\nnine euros\n", true, true},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			f := newFixture(t)
			f.tag("v1.0")
			f.git("checkout -q -b release/1.0")
			f.git("checkout -q main")
			fix := f.commit("fix: wrong price", "base", after)
			f.git("checkout -q release/1.0")
			if c.picked {
				f.commit("chore: its own start", "other", "file")
				f.git("cherry-pick " + fix)
			} else {
				f.git("merge -q --ff-only " + fix)
				f.commit("chore: set the version")
			}
			f.tag("v1.0.1")
			if c.how == "worked on since" {
				f.commit("chore: the old price", "base", before)
			}
			f.commit("chore: this and that", "base", c.base)
			f.tag("v1.0.2")
			f.git("checkout -q main")
			f.commit("feat: after")
			f.tag("v1.1")
			what := "told fix: wrong price (1)"
			if c.delivered {
				what = "delivered fix: wrong price (1) in 1.0.1"
			}
			f.want("v1.1", "from v1.0\n told feat: after (1)\n "+what)
			_, diags := f.release("v1.1")
			said := diags.Of(func(d diag.Diagnostic) bool { return d.Code == "delivered-undone" })
			if c.delivered != (len(said) == 0) || !c.delivered && said[0].Position.Commit != fix {
				t.Errorf("said of it: %v", said)
			}
		})
	}
}

// Where both lines went on from a fix in the same way, it is no news.
func TestShape05HotfixUndoneOnBothLines(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.git("checkout -q -b release/1.0")
	f.git("checkout -q main")
	fix := f.commit("fix: wrong price", "base", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
	back := f.commit("chore: the old price", "base", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")
	f.git("checkout -q release/1.0")
	f.commit("chore: its own start", "other", "file")
	f.git("cherry-pick " + fix)
	f.git("cherry-pick " + back)
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.tag("v1.1")
	f.want("v1.1", "from v1.0\n delivered chore: the old price (1) in 1.0.1\n delivered fix: wrong price (1) in 1.0.1")
}

// A file that a hotfix made and that was renamed since is still delivered.
func TestShape05HotfixRenamedSince(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.git("checkout -q -b release/1.0")
	f.git("checkout -q main")
	fix := f.commit("fix: no list of prices", "prices", "one\ntwo\nthree\n")
	f.git("checkout -q release/1.0")
	f.commit("chore: its own start", "other", "file")
	f.git("cherry-pick " + fix)
	f.tag("v1.0.1")
	f.git("mv prices list")
	f.run("commit", "-qm", "chore: rename the list")
	f.tag("v1.0.2")
	f.git("checkout -q main")
	f.tag("v1.1")
	f.want("v1.1", "from v1.0\n delivered fix: no list of prices (1) in 1.0.1")
}

func TestShape06BackportMendedByHand(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.topic("topic", "fix: wrong price on sundays", "base", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
	f.merge("topic", "Merge branch 'topic' into 'main'\n\nfix: wrong price on sundays\n\nSee merge request org/p!9")
	f.git("checkout -q -b release/1.0 v1.0")
	f.commit("fix: wrong price on sundays", "base", "1\n2\n3\n4\n5\n6\n7\n8\n9, mended\n")
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		told fix: wrong price on sundays (2)
		warning maybe-delivered`)
}

// What is done again and again under one title is no backport of itself.
func TestShape06RoutineLooksLikeNothing(t *testing.T) {
	for _, titles := range [][]string{
		{"build: lock file maintenance"}, {"build: update bazel dependencies"}, {"chore: sort the list of names", "chore: sort the list of names"},
	} {
		f := newFixture(t)
		f.tag("v1.0")
		want := "from v1.0"
		for _, title := range titles {
			f.commit(title, "base", f.git("rev-parse HEAD"))
			want += "\n told " + title + " (1)"
		}
		f.git("checkout -q -b release/1.0 v1.0")
		f.commit(titles[0], "base", "other\n")
		f.tag("v1.0.1")
		f.git("checkout -q main")
		f.tag("v1.1")
		f.want("v1.1", want)
	}
}

// The backport has a number of its own and names the one that it is of.
func TestShape06BackportThatNamesItsRequest(t *testing.T) {
	for _, message := range []string{
		"fix: the price, by hand (#12)\n\nBackport of #9.",
		"[PR #9/0123456789ab backport][1.0] the price, by hand (#12)",
		"Merge pull request #9 from org/topic (#12)\n\nThe price, by hand",
	} {
		f := newFixture(t)
		f.tag("v1.0")
		f.topic("topic", "fix: wrong price on sundays", "base", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
		f.merge("topic", "Merge pull request #9 from org/topic\n\nfix: wrong price on sundays")
		f.git("checkout -q -b release/1.0 v1.0")
		f.commit(message, "base", "1\n2\n3\n4\n5\n6\n7\n8\n9, mended\n")
		f.tag("v1.0.1")
		f.git("checkout -q main")
		f.tag("v1.1")
		f.want("v1.1", "from v1.0\n delivered fix: wrong price on sundays (2) in 1.0.1")
	}
}

func TestShape07CherryPickOfAMerge(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.topic("topic", "fix: one", "one", "1")
	f.git("checkout -q topic")
	f.commit("fix: two", "two", "2")
	f.git("checkout -q main")
	m := f.merge("topic", "Merge pull request #5 from org/topic\n\nfix: both")
	f.git("checkout -q -b release/1.0 v1.0")
	f.git("cherry-pick -x -m 1 " + m)
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0
		delivered fix: both (3) in 1.0.1`)
	rel, _ := f.release("v1.0.1")
	if len(rel.Changes) != 1 || len(rel.Changes[0].PickedFrom) != 1 || string(rel.Changes[0].PickedFrom[0]) != m {
		t.Errorf("v1.0.1 has %d changes, the first picked from %v", len(rel.Changes), rel.Changes[0].PickedFrom)
	}
}

func TestShape08SideBranchTagNewerByClock(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.commit("feat: two")
	f.tag("v2.0")
	f.git("checkout -q -b release/1 v1.0")
	f.commit("fix: one")
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.commit("feat: three")
	f.tag("v2.1")
	f.want("v2.1", "from v2.0\n told feat: three (1)")
	f.want("v1.0.1", "from v1.0\n told fix: one (1)")
}

func TestShape08ReleasesNeverAncestorsOfEachOther(t *testing.T) {
	f := newFixture(t)
	f.tag("v0.1")
	var fix string
	for _, v := range []string{"1.0", "1.1", "1.2"} {
		f.commit("feat: for " + v)
		fix = f.commit("fix: shared by "+v, "fix"+v, v)
		f.git("checkout -q -b release/" + v)
		f.commit("chore: version "+v, "version", v)
		f.tag("v" + v)
		f.git("checkout -q main")
	}
	f.git("checkout -q release/1.1")
	f.git("cherry-pick -x " + fix)
	f.tag("v1.1.1")
	f.git("checkout -q release/1.2")
	f.commit("fix: last of 1.2")
	f.tag("v1.2.1")
	f.want("v1.1", `from v1.0
		told chore: version 1.1 (1)
		told fix: shared by 1.1 (1)
		told feat: for 1.1 (1)`)
	f.want("v1.2", `from v1.1
		told chore: version 1.2 (1)
		told fix: shared by 1.2 (1)
		told feat: for 1.2 (1)`)
	f.want("v1.2.1", `from v1.2
		told fix: last of 1.2 (1)`)
}

// A pre-release of a patch is an ancestor, the patch itself stands beside the line: the
// next minor's pre-release goes on from the patch, which has more of the line.
func TestShape08PatchWhosePreviewIsOnTheLine(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0.0")
	f.commit("feat: one")
	f.tag("v1.0.1b1")
	f.commit("feat: two")
	f.git("checkout -q -b release-1.0")
	f.commit("chore: version 1.0.1")
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.commit("feat: three")
	f.tag("v1.1.0b1")
	f.want("v1.1.0b1", "from v1.0.1\n told feat: three (1)")
}

// Where numbers begin anew, what isn't released follows the last release of its
// history, not the highest.
func TestShape08NumbersBegunAnew(t *testing.T) {
	f := newFixture(t)
	f.tag("0.9.0") // from before the years
	f.commit("feat: zero")
	f.tag("2014.1.0")
	f.commit("feat: one")
	f.tag("2015.1.0")
	f.commit("feat: two")
	f.tag("1.0.0")
	f.git("checkout -q -b stable")
	f.commit("fix: beside")
	f.tag("1.0.1")
	f.git("checkout -q main")
	f.commit("feat: three")
	f.tag("2.0.0")
	f.commit("feat: four")
	rel := f.want("1.0.0", "from 2015.1.0\n told feat: two (1)")
	if !strings.Contains(rel.Explain.String(), "numbers begin anew with 1.0.0; the last version before is 2015.1.0") {
		t.Errorf("explained as %q", rel.Explain)
	}
	f.want("2.0.0", "from 1.0.0\n told feat: three (1)")
	rel = f.want("unreleased", "from 2.0.0\n told feat: four (1)")
	if !strings.Contains(rel.Explain.String(), "2.0.0 is the last release in the history of") {
		t.Errorf("explained as %q", rel.Explain)
	}
}

// Patches are attached to what they mend, whichever of them was out by then, and
// what is made only later has delivered nothing yet.
func TestShape08PatchesBesideTheLine(t *testing.T) {
	for _, lightweight := range []bool{false, true} {
		f := newFixture(t)
		tag := func(name string) {
			if lightweight {
				f.git("tag " + name)
			} else {
				f.tag(name)
			}
		}
		f.tag("v3.5.0")
		f.commit("feat: six")
		f.git("checkout -q -b release-3.6")
		f.commit("chore: version 3.6.0")
		tag("v3.6.0")
		f.git("checkout -q main")
		early := f.commit("fix: early", "early", "1")
		late := f.commit("fix: late", "late", "1")
		f.git("checkout -q release-3.6")
		f.git("cherry-pick " + early)
		tag("v3.6.1")
		f.git("checkout -q -b release-3.7 main")
		f.commit("chore: version 3.7.0")
		tag("v3.7.0")
		f.git("checkout -q release-3.6")
		f.git("cherry-pick -x " + late)
		tag("v3.6.2")
		f.git("checkout -q main")
		rel := f.want("v3.7.0", `from v3.6.0
			told chore: version 3.7.0 (1)
			told fix: late (1)
			delivered fix: early (1) in 3.6.1`)
		if !strings.Contains(fmt.Sprint(rel.Explain), "v3.6.1 lies on a side line") {
			t.Errorf("explained by %q", rel.Explain)
		}
		f.want("v3.6.2", "from v3.6.1\n told fix: late (1)")
	}
}

// A project that cuts its patches from the main line has come further with the
// last of them.
func TestShape08PatchesCutFromTheLine(t *testing.T) {
	f := newFixture(t)
	for _, v := range []string{"1.0.0", "1.0.1", "1.0.2", "1.1.0"} {
		f.commit("feat: for " + v)
		f.git("checkout -q -b release/" + v)
		f.commit("chore: version "+v, "version", v)
		f.git("tag v" + v)
		f.git("checkout -q main")
	}
	f.want("v1.1.0", "from v1.0.2\n told chore: version 1.1.0 (1)\n told feat: for 1.1.0 (1)")
	f.want("v1.0.2", "from v1.0.1\n told chore: version 1.0.2 (1)\n told feat: for 1.0.2 (1)")
}

func TestShape08TagsBesideTheirBranch(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0.0")
	f.commit("feat: on main before the branch")
	f.git("checkout -q -b release/1.0")
	f.commit("fix: first")
	f.git("checkout -q --detach")
	f.commit("chore: version 1.0.1", "version", "1.0.1")
	f.tag("v1.0.1")
	f.git("checkout -q release/1.0")
	f.commit("fix: second")
	f.git("checkout -q --detach")
	f.commit("chore: version 1.0.2", "version", "1.0.2")
	f.tag("v1.0.2")
	f.git("checkout -q main")
	f.commit("feat: on main")
	f.tag("v1.1.0")
	f.want("v1.0.2", `from v1.0.1
		told chore: version 1.0.2 (1)
		told fix: second (1)`)
	f.want("v1.1.0", `from v1.0.0
		told feat: on main (1)
		delivered feat: on main before the branch (1) in 1.0.1`)
}

func TestShape09NullBackMerge(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.commit("feat: before")
	f.git("checkout -q -b release/1.0 v1.0")
	f.commit("fix: lost", "base", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.merge("release/1.0", "Merge branch 'release/1.0'", "-s", "ours")
	f.commit("feat: after")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0.1
		told feat: after (1)
		told feat: before (1)
		skipped Merge branch 'release/1.0'
		alarm null-back-merge 1.0.1 fix: lost`)
}

// Asked for over the release that has the lost fix, the range holds its commit,
// and its reader doesn't get it all the same.
func TestShape09NullBackMergeInsideTheRange(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	f.commit("feat: before")
	f.git("checkout -q -b release/1.0 v1.0")
	f.topic("topic", "fix: lost as well", "more", "work")
	f.commit("fix: lost", "base", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
	f.merge("topic", "Merge pull request #5 from org/topic\n\nfix: lost as well")
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.merge("release/1.0", "Merge branch 'release/1.0'", "-s", "ours")
	f.commit("feat: after")
	f.tag("v1.1")
	rel, _, err := f.open(Options{}).Range(context.Background(), "v1.0", "v1.1")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range rel.Changes {
		got = append(got, fmt.Sprintf("%s: %s %s", c.Title, c.Bucket, c.Reason.Code))
	}
	want := []string{"after:  ", "lost as well: withdrawn thrown-away", "lost: withdrawn thrown-away", "before:  "}
	if !slices.Equal(got, want) || len(rel.Alarms) != 2 {
		t.Errorf("%q with %d alarms, want %q", got, len(rel.Alarms), want)
	}
}

// TestShape05HotfixMergedBack: the hotfix that comes with a merge is the very commit
// that its release has, not a pick of it.
func TestShape05HotfixMergedBack(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0.0")
	f.git("checkout -q -b release/1.0")
	f.git("checkout -q main")
	f.commit("feat: before")
	f.tag("v1.1.0")
	f.git("checkout -q release/1.0")
	f.commit("fix: mended")
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.merge("release/1.0", "Merge branch 'release/1.0'")
	f.commit("feat: after")
	f.tag("v1.2.0")
	rel := f.want("v1.2.0", `from v1.1.0
		told feat: after (1)
		delivered fix: mended (1) in 1.0.1
		skipped Merge branch 'release/1.0'`)
	if got := rel.Changes[1].Reason.Code; got != "delivered-commit" {
		t.Errorf("the reason is %q", got)
	}
}

func TestShape09BackMergeThatLosesNothing(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	fix := f.commit("fix: kept", "base", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n")
	f.git("checkout -q -b release/1.0 v1.0")
	f.git("cherry-pick " + fix)
	f.tag("v1.0.1")
	f.git("checkout -q main")
	f.merge("release/1.0", "Merge branch 'release/1.0'", "-s", "ours")
	f.tag("v1.1")
	f.want("v1.1", `from v1.0.1
		delivered fix: kept (1) in 1.0.1
		skipped Merge branch 'release/1.0'`)
}
