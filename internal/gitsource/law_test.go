package gitsource

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/model"
)

// runGit runs the real git, out of reach of the user's configuration.
func runGit(t testing.TB, dir, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = gitEnv(0)
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// gitEnv is an environment in which git's answers depend on nothing but the
// repository; at is the clock in seconds.
func gitEnv(at int64) []string {
	date := fmt.Sprintf("%d +0100", 1_700_000_000+at)
	return append(os.Environ(),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C", "TZ=UTC",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org",
		"GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date)
}

// history writes one random history as a fast-import stream.
type history struct {
	rnd   *rand.Rand
	out   *bytes.Buffer
	mark  *int
	clock int64
	tips  []int // a mark for each branch; branch 0 is the main line
	line  string
	tags  int

	steps     int
	maxTags   int
	backwards bool  // the clock runs backwards now and then
	jitter    int64 // by how much the committers' clocks differ, in seconds
	freezes   bool  // now and then a clock stands in 1970 for some commits
	frozen    int   // how many of them are to come
	mixed     bool  // tags are named by years first, then by small numbers, and are patches and previews too
}

// version names the nth tag.
func (h *history) version(n int) string {
	if !h.mixed {
		return fmt.Sprintf("v1.%d.0", n)
	}
	first := "1."
	if n < 8 {
		first = "20"
	}
	switch h.rnd.IntN(4) {
	case 0:
		return fmt.Sprintf("v%s%02d.%d", first, h.rnd.IntN(n+1), n) // in years' numbers a minor
	case 1:
		return fmt.Sprintf("v%s%02d.0-rc.%d", first, n+1, n)
	}
	return fmt.Sprintf("v%s%02d.0", first, n)
}

// at is what the clock of the next committer shows.
func (h *history) at() int64 {
	at := 1_700_000_000 + h.clock
	if h.jitter > 0 {
		at -= h.rnd.Int64N(h.jitter)
	}
	if h.freezes && h.frozen == 0 && h.rnd.IntN(30) == 0 {
		h.frozen = 1 + h.rnd.IntN(30)
	}
	if h.frozen > 0 {
		h.frozen--
		at = int64(*h.mark)
	}
	return at
}

func (h *history) commit(message string, parents ...int) int {
	*h.mark++
	switch h.rnd.IntN(10) {
	case 0:
		if h.backwards {
			h.clock -= h.rnd.Int64N(100_000)
		}
	case 1, 2, 3: // equal dates
	default:
		h.clock += h.rnd.Int64N(10_000)
	}
	fmt.Fprintf(h.out, "commit refs/heads/%s\nmark :%d\ncommitter Ada <ada@example.org> %d +0100\ndata %d\n%s\n", h.line, *h.mark, h.at(), len(message), message)
	for i, p := range parents {
		fmt.Fprintf(h.out, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
	}
	if len(parents) == 0 {
		// Without this fast-import takes the ref's last commit as the parent.
		fmt.Fprintf(h.out, "deleteall\n")
	}
	if len(parents) < 2 || h.rnd.IntN(2) == 0 { // else the merge keeps only its first parent's files
		fmt.Fprintf(h.out, "M 100644 inline f%d\ndata %d\n%d\n", h.rnd.IntN(5), len(fmt.Sprint(*h.mark)), *h.mark)
	}
	fmt.Fprintln(h.out)
	return *h.mark
}

// message gives a merge the words of a forge, of git, or of nobody.
func (h *history) message(from, to int) string {
	n := *h.mark
	return []string{
		fmt.Sprintf("Merge pull request #%d from org/topic-%d\n\nfeat: thing %d", n, from, n),
		fmt.Sprintf("Merge branch 'topic-%d'", from),
		fmt.Sprintf("Merge branch 'main' into topic-%d", to),
		fmt.Sprintf("Merge branch 'topic-%d' into 'main'\n\nThing %d\n\nSee merge request org/p!%d", from, n, n),
		fmt.Sprintf("Merge branch 'topic-%d' into 'topic-%d'\n\nThing %d\n\nRelease-Note: yes\n\nSee merge request org/p!%d", from, to, n, n),
		fmt.Sprintf("Merge remote-tracking branch 'origin/main' into topic-%d", to),
		"Merge branch 'develop'",
		"took over",
	}[h.rnd.IntN(8)]
}

func (h *history) step() {
	r := h.rnd
	b := r.IntN(len(h.tips))
	switch op := r.IntN(20); {
	case op < 7:
		msg := fmt.Sprintf("fix: thing %d", *h.mark)
		switch r.IntN(6) {
		case 0:
			msg = fmt.Sprintf("Revert \"fix: thing %d\"", *h.mark-r.IntN(8))
		case 1:
			msg = fmt.Sprintf("feat: thing (#%d)", *h.mark/3)
		}
		h.tips[b] = h.commit(msg, h.tips[b])
	case op < 10 && len(h.tips) < 6: // a new branch
		h.tips = append(h.tips, h.commit("feat: start", h.tips[b]))
	case op < 15 && len(h.tips) > 1: // a merge, of either direction
		o := r.IntN(len(h.tips))
		if h.tips[o] != h.tips[b] {
			h.tips[b] = h.commit(h.message(o, b), h.tips[b], h.tips[o])
		}
	case op == 15 && len(h.tips) > 2: // an octopus
		ps := slices.Clone(h.tips)
		r.Shuffle(len(ps), func(i, j int) { ps[i], ps[j] = ps[j], ps[i] })
		ps = slices.Compact(ps[:3])
		h.tips[b] = h.commit("Merge branches 'a', 'b' and 'c'", ps...)
	case op == 16 && len(h.tips) > 1: // criss-cross
		o := r.IntN(len(h.tips))
		if x, y := h.tips[b], h.tips[o]; x != y {
			h.tips[b] = h.commit(h.message(o, b), x, y)
			h.tips[o] = h.commit(h.message(b, o), y, x)
		}
	case op == 17: // foxtrot: the topic becomes the main line
		o := r.IntN(len(h.tips))
		if h.tips[o] != h.tips[0] {
			h.tips[0] = h.commit(fmt.Sprintf("Merge branch 'main' into topic-%d", o), h.tips[o], h.tips[0])
		}
	case op == 18 && r.IntN(4) == 0: // an unrelated root
		h.tips = append(h.tips, h.commit("Initial commit"))
	default:
		h.tag(h.tips[b])
	}
}

func (h *history) tag(mark int) {
	if h.tags >= h.maxTags {
		return
	}
	h.tags++
	fmt.Fprintf(h.out, "tag %s/%s\nfrom :%d\ntagger Ada <ada@example.org> %d +0100\ndata 1\nx\n", h.line, h.version(h.tags), mark, 1_700_000_000+h.clock)
}

// randomRepository makes a repository of several histories that have nothing to
// do with each other, each a product line with its own tags.
func randomRepository(t testing.TB, seed uint64, histories int, shape ...func(*history)) string {
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", ".")
	var out bytes.Buffer
	mark := 0
	rnd := rand.New(rand.NewPCG(seed, 1))
	for n := range histories {
		h := &history{rnd: rnd, out: &out, mark: &mark, line: fmt.Sprintf("h%02d", n), maxTags: 6, backwards: seed%2 == 1}
		for _, f := range shape {
			f(h)
		}
		h.tips = []int{h.commit("Initial commit")}
		if h.steps == 0 {
			h.steps = 10 + rnd.IntN(30)
		}
		for range h.steps {
			h.step()
		}
		for h.tags < 3 {
			h.tag(h.tips[rnd.IntN(len(h.tips))])
		}
		h.tag(h.tips[0])
	}
	runGit(t, dir, out.String(), "fast-import", "--quiet", "--force")
	runGit(t, dir, "", "symbolic-ref", "HEAD", "refs/heads/h00")
	return dir
}

// commitsOf lists every commit that a release accounts for.
func commitsOf(rel *model.Release) []string {
	var out []string
	for i := range rel.Changes {
		for _, c := range rel.Changes[i].Commits() {
			out = append(out, string(c.Hash))
		}
	}
	for _, s := range rel.Skipped {
		out = append(out, string(s.Commit.Hash))
	}
	slices.Sort(out)
	return out
}

// writeGenerations gives a repository a file of generations: 0 none, 1 git's, 2 two
// layers of git's that know a part of the history, 3 our own, 4 our own of a part.
func writeGenerations(t testing.TB, dir string, kind int, o *Options) {
	t.Helper()
	older := func(back string) string {
		var out strings.Builder
		for h := range strings.FieldsSeq(runGit(t, dir, "", "for-each-ref", "--format=%(refname)", "refs/heads")) {
			out.WriteString(runGit(t, dir, "", "rev-list", "-1", "--skip="+back, h))
		}
		return out.String()
	}
	switch kind {
	case 1:
		runGit(t, dir, "", "commit-graph", "write", "--reachable")
	case 2:
		runGit(t, dir, older("14"), "commit-graph", "write", "--split=no-merge", "--stdin-commits")
		runGit(t, dir, older("5"), "commit-graph", "write", "--split=no-merge", "--stdin-commits")
	case 3, 4:
		o.Cache = t.TempDir()
		first := *o
		if kind == 4 {
			first.Tags = []string{"*/v1.1.0", "*/v1.2.0"}
		}
		r, err := Open(dir, first)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := r.prepare(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLawOfHistory compares every pair of tags of 520 random histories with
// `git rev-list A..B`. Histories of one repository are disjoint, so one run of
// rev-list answers for one pair of each.
//
// Where clocks run backwards plain rev-list itself is wrong: it walks by date
// and stops five commits after the last one that it takes for new (SLOP in
// git's revision.c), and so lists commits that A holds. With a commit-graph and
// --topo-order it goes by generation and is exact: that is the oracle there.
//
// What we read ourselves is in turn a repository without a file of generations, where
// we go by clocks (the margins are larger than these histories), with git's, with one that has become old, with our own and with an old one of our
// own; each range anew.
func TestLawOfHistory(t *testing.T) {
	const repositories, histories, tags = 26, 20, 6
	for seed := range uint64(repositories) {
		dir := randomRepository(t, seed, histories)
		oracle := []string{"rev-list"}
		var o Options
		runGit(t, dir, "", "clone", "-q", "--bare", "--no-local", dir, dir+"/oracle")
		if seed%2 == 1 {
			runGit(t, dir+"/oracle", "", "commit-graph", "write", "--reachable")
			oracle = append(oracle, "--topo-order")
		}
		writeGenerations(t, dir, int(seed%5), &o)
		r, err := Open(dir, o)
		if err != nil {
			t.Fatal(err)
		}
		r.clocks.least = 0
		parts := 0
		ctx := context.Background()
		names := strings.Fields(runGit(t, dir, "", "tag", "-l"))
		for a := range tags + 1 {
			for b := range tags {
				var args, want, got []string
				for n := range histories {
					from, to := fmt.Sprintf("h%02d/v1.%d.0", n, a), fmt.Sprintf("h%02d/v1.%d.0", n, b+1)
					if a == b+1 || !slices.Contains(names, to) || a > 0 && !slices.Contains(names, from) {
						continue
					}
					args = append(args, to)
					if a > 0 {
						args = append(args, "^"+from)
					} else {
						from = ""
					}
					if from != "" && r.part == nil {
						r.tags, r.graph = nil, nil // the whole history was read for a range from the root
						r.forget()
					}
					rel, _, err := r.rangeOf(ctx, from, to)
					if err != nil {
						t.Fatalf("seed %d: %s..%s: %v", seed, from, to, err)
					}
					if r.part != nil {
						parts++
						if err := r.dropPart(); err != nil {
							t.Fatal(err)
						}
					}
					got = append(got, commitsOf(&rel)...)
				}
				if len(args) == 0 {
					continue
				}
				want = strings.Fields(runGit(t, dir+"/oracle", "", append(oracle, args...)...))
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("seed %d, %s: %d commits, git has %d", seed, strings.Join(args, " "), len(got), len(want))
				}
			}
		}
		if parts == 0 {
			t.Errorf("seed %d: no range was read in part", seed)
		}
		releases, _, err := r.Releases(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for i := range releases {
			rel := &releases[i]
			args := append(slices.Clone(oracle), string(rel.Commit))
			if rel.Previous != "" {
				args = append(args, "^"+rel.Previous)
			}
			if seed >= 4 {
				continue // all pairs are checked above; this adds the choice of the pair
			}
			want := strings.Fields(runGit(t, dir+"/oracle", "", args...))
			slices.Sort(want)
			if got := commitsOf(rel); !slices.Equal(got, want) {
				t.Errorf("seed %d, release %s: %d commits, git has %d", seed, rel.Slug(), len(got), len(want))
			}
		}
		r.Close()
		if err := os.RemoveAll(filepath.Join(dir, "objects")); err != nil {
			t.Fatal(err)
		}
	}
}
