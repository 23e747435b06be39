package gitsource

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// byClocks opens a repository that goes by clocks whatever its size.
func byClocks(t *testing.T, dir string, c clocks) *Repository {
	t.Helper()
	r, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	r.clocks = c
	return r
}

// long makes a history of so many steps, a tag after about every tenth.
func long(steps int) func(*history) {
	return func(h *history) { h.steps, h.maxTags, h.backwards = steps, steps, false }
}

// tagPairs gives pairs of tags of each history: neighbours, and some that lie further
// apart, in both directions.
func tagPairs(t *testing.T, dir string) [][2]string {
	t.Helper()
	lines := map[string][]string{}
	for name := range strings.FieldsSeq(runGit(t, dir, "", "tag", "-l", "--sort=v:refname")) {
		line, _, _ := strings.Cut(name, "/")
		lines[line] = append(lines[line], name)
	}
	var out [][2]string
	for _, names := range lines {
		for k := range names {
			for _, other := range []int{k + 1, k + 3, k - 1} {
				if other >= 0 && other < len(names) {
					out = append(out, [2]string{names[k], names[other]})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return out
}

// otherPairs gives pairs of which an end is a branch, or a commit that nothing marks, by
// its hash in full or cut short.
func otherPairs(t *testing.T, dir string) [][2]string {
	t.Helper()
	var out [][2]string
	for branch := range strings.FieldsSeq(runGit(t, dir, "", "for-each-ref", "--format=%(refname:short)", "refs/heads")) {
		names := strings.Fields(runGit(t, dir, "", "tag", "-l", "--sort=v:refname", branch+"/*"))
		commits := strings.Fields(runGit(t, dir, "", "rev-list", "--date-order", branch))
		n := len(commits)
		out = append(out, [2]string{names[len(names)-2], branch}, [2]string{names[0], commits[n/3]}, [2]string{names[0], commits[n/2][:9]},
			[2]string{commits[n/2], commits[n/4]}, [2]string{commits[n/5][:10], branch}, [2]string{commits[n/2], names[len(names)-1]})
	}
	return append(out, [2]string{out[0][0], "HEAD"})
}

// TestClocksGiveTheWhole: where no commit's corrected date lies further behind its
// clock than is taken for possible, an answer by clocks is the whole history's to the
// byte, however little is read: with no margin at all, too.
func TestClocksGiveTheWhole(t *testing.T) {
	ctx := context.Background()
	reads, sizes := 0, 0
	for seed := range uint64(6) {
		dir := randomRepository(t, 300+seed, 3, long(250), func(h *history) { h.jitter, h.mixed = 3000, seed%2 == 1 })
		whole := byClocks(t, dir, usualClocks)
		releases, _, err := whole.Releases(ctx)
		if err != nil {
			t.Fatal(err)
		}
		r := byClocks(t, dir, clocks{drift: 3600, margin: 20 * int(seed%2), depth: 4})
		read := func() {
			if r.part == nil || r.part.clocks == nil {
				t.Fatalf("seed %d: it wasn't read by clocks", seed)
			}
			reads, sizes = reads+len(r.part.nodes), sizes+whole.graph.size()/3
			if err := r.dropPart(); err != nil {
				t.Fatal(err)
			}
		}
		for _, pair := range append(tagPairs(t, dir), otherPairs(t, dir)...) {
			want, _, err := whole.rangeOf(ctx, pair[0], pair[1])
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := r.rangeOf(ctx, pair[0], pair[1])
			if err != nil {
				t.Fatal(err)
			}
			if a, b := jsonOf(t, got), jsonOf(t, want); a != b {
				t.Errorf("seed %d, %s..%s:\n%s\nout of the whole:\n%s", seed, pair[0], pair[1], a, b)
			}
			read()
		}
		for i := range releases {
			want := jsonOf(t, releases[i])
			name := releases[i].Tag
			if releases[i].Unreleased {
				name = "unreleased"
			}
			got, _, err := r.Release(ctx, name)
			if err != nil {
				t.Fatal(err)
			}
			if a := jsonOf(t, got); a != want {
				t.Errorf("seed %d, %s:\n%s\nout of the whole:\n%s", seed, name, a, want)
			}
			read()
		}
	}
	t.Logf("%d of %d commits were read", reads, sizes)
	if 3*reads > 2*sizes {
		t.Errorf("%d of %d commits were read: too many to show anything", reads, sizes)
	}
}

// walked gives a range as what limit reads shows it: an answer asks for more of the
// history, and mostly finds out more.
func walked(t *testing.T, r *Repository, from, to string) []string {
	t.Helper()
	if _, err := r.releaseTags(); err != nil {
		t.Fatal(err)
	}
	p := r.openPart(false)
	if err := p.begin(from, to); err != nil {
		t.Fatal(err)
	}
	for {
		if err := p.known(); err != nil {
			t.Fatal(err)
		}
		g, order := p.graph()
		span := g.between([]int32{g.pos[r.named(from)]}, []int32{g.pos[r.named(to)]})
		if len(g.asked) == 0 {
			out := make([]string, len(span))
			for k, i := range span {
				out[k] = g.ids[i].String()
			}
			slices.Sort(out)
			return out
		}
		var more []int32
		for _, i := range g.asked {
			more = append(more, order[i])
		}
		if err := p.grow(more); err != nil {
			t.Fatal(err)
		}
	}
}

// TestClocksBetweenTruthAndGit: whatever clocks say, a range by clocks holds every
// commit that it should, and none that git leaves out where it goes by clocks itself.
// What should be in it says git with a commit-graph, by generations.
func TestClocksBetweenTruthAndGit(t *testing.T) {
	ctx := context.Background()
	pairs, ours, walks, gits := 0, 0, 0, 0 // those that aren't the truth
	for seed := range uint64(6) {
		dir := randomRepository(t, 400+seed, 1, long(1000), func(h *history) {
			h.freezes, h.backwards = seed%3 > 0, seed%2 == 0
		})
		runGit(t, dir, "", "clone", "-q", "--bare", "--no-local", dir, dir+"/oracle")
		runGit(t, dir+"/oracle", "", "commit-graph", "write", "--reachable")
		r := byClocks(t, dir, clocks{drift: 60, margin: 4 * int(seed%2)})
		for k, pair := range tagPairs(t, dir) {
			if k%3 != int(seed)%3 {
				continue
			}
			walk := walked(t, r, pair[0], pair[1])
			rel, _, err := r.rangeOf(ctx, pair[0], pair[1])
			if err != nil {
				t.Fatal(err)
			}
			if r.part == nil {
				t.Fatalf("seed %d: it wasn't read by clocks", seed)
			}
			if err := r.dropPart(); err != nil {
				t.Fatal(err)
			}
			list := func(dir string, args ...string) []string {
				out := strings.Fields(runGit(t, dir, "", append(args, pair[0]+".."+pair[1])...))
				slices.Sort(out)
				return out
			}
			truth, git := list(dir+"/oracle", "rev-list", "--topo-order"), list(dir, "-c", "core.commitGraph=false", "rev-list")
			pairs++
			for wrong, got := range map[*int][]string{&gits: git, &walks: walk, &ours: commitsOf(&rel)} {
				if !slices.Equal(got, truth) {
					*wrong++
				}
				if !within(truth, got) || !within(got, git) {
					t.Errorf("seed %d, %s..%s: %d commits are right, %d are ours, %d git's", seed, pair[0], pair[1], len(truth), len(got), len(git))
				}
			}
		}
	}
	t.Logf("of %d ranges our answer is wrong in %d, our walk in %d, git in %d", pairs, ours, walks, gits)
	if walks == 0 || gits <= walks {
		t.Errorf("of %d ranges our walk is wrong in %d, git in %d: too few to show anything", pairs, walks, gits)
	}
}

// within reports whether b has all of a, both sorted.
func within(a, b []string) bool {
	return !slices.ContainsFunc(a, func(h string) bool { _, is := slices.BinarySearch(b, h); return !is })
}

// frozenRepository makes a line of n commits, and a topic from its end. The first
// release, A, merges the topic's first ten commits by way of a branch of so many
// commits whose clock stood in 1970. The second one, B, merges the topic itself, ten
// commits later. So these and the merge are all that is new in it.
//
//	o───o──────────A
//	     ╲        ╱ ╲
//	      ╲   1970   ╲
//	       ╲  ╱       ╲
//	        ten──ten───B
func frozenRepository(t *testing.T, n, frozen int) string {
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main", ".")
	var out bytes.Buffer
	mark := 0
	commit := func(when int64, parents ...int) int {
		mark++
		fmt.Fprintf(&out, "commit refs/heads/main\nmark :%d\ncommitter Ada <ada@example.org> %d +0100\ndata 3\nfix\n", mark, when)
		for i, p := range parents {
			fmt.Fprintf(&out, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
		}
		if len(parents) == 0 {
			fmt.Fprintf(&out, "deleteall\n")
		}
		fmt.Fprintln(&out)
		return mark
	}
	const day = 86400
	at := int64(1_700_000_000)
	last := commit(at)
	for range n {
		at += day
		last = commit(at, last)
	}
	topic := last
	for range 10 { // what B seems to bring
		at += day
		topic = commit(at, topic)
	}
	branch := topic
	for k := range frozen {
		branch = commit(int64(1000+k), branch)
	}
	at += day
	last = commit(at, last, branch)
	fmt.Fprintf(&out, "reset refs/tags/v1.1.0\nfrom :%d\n\n", last)
	for range 10 {
		at += day
		topic = commit(at, topic)
	}
	fmt.Fprintf(&out, "reset refs/tags/v1.2.0\nfrom :%d\n\n", commit(at+day, last, topic))
	runGit(t, dir, out.String(), "fast-import", "--quiet", "--force")
	return dir
}

// TestFrozenClock: a clock that stood in 1970 for as many commits as are looked at is
// seen through, where git lists what it hides. Of one that stood for longer git's
// answer is given.
func TestFrozenClock(t *testing.T) {
	for _, frozen := range []int{2, 6, 40, usualClocks.depth - 1, usualClocks.depth + 1, 500} {
		dir := frozenRepository(t, 1500, frozen)
		r := byClocks(t, dir, clocks{drift: usualClocks.drift, margin: usualClocks.margin, depth: usualClocks.depth})
		rel, _, err := r.rangeOf(context.Background(), "v1.1.0", "v1.2.0")
		if err != nil {
			t.Fatal(err)
		}
		git := len(strings.Fields(runGit(t, dir, "", "-c", "core.commitGraph=false", "rev-list", "v1.1.0..v1.2.0")))
		want := 11
		if frozen > usualClocks.depth {
			want = 21
		}
		if git != 21 || rel.Commits != want {
			t.Errorf("%d commits in 1970: %d commits, git has %d, want %d", frozen, rel.Commits, git, want)
		}
		if r.part == nil || len(r.part.nodes) > 900 {
			t.Errorf("%d commits in 1970: it wasn't read in part", frozen)
		}
	}
}

// TestFrozenClockFoundLate: a release is hidden behind more commits of 1970 than are
// looked at. The question for another one, which is of 1970 itself, shows it after all:
// what was answered before is thrown away.
//
//	     1.1.2 of 1970
//	    ╱             ╲
//	1.1.0──1.1.1───────1970──…──1970
//	    ╲                           ╲
//	     ────────────────────────────1.2.0
func TestFrozenClockFoundLate(t *testing.T) {
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main", ".")
	var out bytes.Buffer
	mark := 0
	commit := func(when int64, tag string, parents ...int) int {
		mark++
		fmt.Fprintf(&out, "commit refs/heads/main\nmark :%d\ncommitter Ada <ada@example.org> %d +0100\ndata 3\nfix\n", mark, when)
		for i, p := range parents {
			fmt.Fprintf(&out, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
		}
		if fmt.Fprintln(&out); tag != "" {
			fmt.Fprintf(&out, "reset refs/tags/%s\nfrom :%d\n\n", tag, mark)
		}
		return mark
	}
	const day, at = 86400, 1_700_000_000
	start := commit(at, "v1.1.0", commit(at-day, ""))
	side := commit(at+10*day, "v1.1.1", commit(at+9*day, "", start))
	side = commit(1000, "", side, commit(999, "v1.1.2", start))
	for k := range usualClocks.depth + 10 {
		side = commit(int64(1001+k), "", side)
	}
	commit(at+21*day, "v1.2.0", commit(at+20*day, "", start), side)
	runGit(t, dir, out.String(), "fast-import", "--quiet", "--force")

	want, _ := rangeAt(t, dir, Options{}, "v1.1.0", "v1.2.0")
	r := byClocks(t, dir, usualClocks)
	r.clocks.least = 0
	rel, _, err := r.rangeOf(context.Background(), "v1.1.0", "v1.2.0")
	if err != nil {
		t.Fatal(err)
	}
	if got := jsonOf(t, rel); got != want || r.part == nil {
		t.Errorf("in part: %v\n%s\nas a whole:\n%s", r.part != nil, got, want)
	}
}

// TestManyReleasesBeside: more releases lie beside an old topic than there are rounds.
// All of them are asked for in the same ones.
func TestManyReleasesBeside(t *testing.T) {
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main", ".")
	a := &aged{}
	a.work(1500)
	a.tag("v1.0.0", a.main)
	topic := a.commit("topic", "fix: topic", a.main)
	for k := range maxRounds + 10 {
		a.work(4)
		a.tag(fmt.Sprintf("v1.%d.0", k+1), a.main)
	}
	fmt.Fprintf(&a.out, "reset refs/heads/main\nfrom :%d\n\nreset refs/heads/topic\nfrom :%d\n\n", a.main, topic)
	runGit(t, dir, a.out.String(), "fast-import", "--quiet", "--force")
	want, _ := rangeAt(t, dir, Options{}, "v1.0.0", "topic")
	r := byClocks(t, dir, clocks{drift: 3600, margin: 50, depth: 8})
	rel, _, err := r.rangeOf(context.Background(), "v1.0.0", "topic")
	if err != nil {
		t.Fatal(err)
	}
	if r.part == nil || r.part.rounds > 20 {
		t.Error("it wasn't read in part, or in too many rounds")
	}
	if got := jsonOf(t, rel); got != want {
		t.Errorf("by clocks:\n%s\nas a whole:\n%s", got, want)
	}
}

// line makes a history of commits with these clocks, in seconds, each the child of the
// one before it. Tags are set at some of them.
func line(t *testing.T, clocks []int64, tags map[int]string) string {
	t.Helper()
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main", ".")
	var out bytes.Buffer
	for k, when := range clocks {
		message := fmt.Sprintf("fix: thing %d", k)
		fmt.Fprintf(&out, "commit refs/heads/main\nmark :%d\ncommitter Ada <ada@example.org> %d +0100\ndata %d\n%s\n", k+1, when, len(message), message)
		if k > 0 {
			fmt.Fprintf(&out, "from :%d\n", k)
		}
		fmt.Fprintf(&out, "M 100644 inline f%d\ndata 1\nx\n\n", k%50)
		if name := tags[k]; name != "" {
			fmt.Fprintf(&out, "reset refs/tags/%s\nfrom :%d\n\n", name, k+1)
		}
	}
	runGit(t, dir, out.String(), "fast-import", "--quiet", "--force")
	return dir
}

// TestLongHeaders: a merge whose headers are longer than what is unpacked of a commit
// first is read by clocks all the same.
func TestLongHeaders(t *testing.T) {
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main", ".")
	var out bytes.Buffer
	commit := func(mark int, name string, parents ...int) {
		fmt.Fprintf(&out, "commit refs/heads/main\nmark :%d\ncommitter %s <ada@example.org> %d +0100\ndata 3\nfix\n", mark, name, 1_700_000_000+60*mark)
		for i, p := range parents {
			fmt.Fprintf(&out, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
		}
		fmt.Fprintln(&out)
	}
	commit(1, "Ada")
	commit(2, "Ada", 1)
	fmt.Fprintf(&out, "reset refs/tags/v1.1.0\nfrom :2\n\n")
	commit(3, "Ada", 1)
	commit(4, strings.Repeat("Ada ", 100)+"Ada", 2, 3)
	commit(5, "Ada", 4)
	fmt.Fprintf(&out, "reset refs/tags/v1.2.0\nfrom :5\n\n")
	runGit(t, dir, out.String(), "fast-import", "--quiet", "--force")
	runGit(t, dir, "", "repack", "-q", "-a", "-d")
	r := byClocks(t, dir, clocks{drift: 60, depth: 4})
	rel, _, err := r.rangeOf(context.Background(), "v1.1.0", "v1.2.0")
	if err != nil {
		t.Fatal(err)
	}
	if r.part == nil || rel.Commits != 3 {
		t.Errorf("in part: %v, %d commits", r.part != nil, rel.Commits)
	}
}

// TestGrowKeepsParents: what is read on from a commit whose parent was read already
// leaves that commit's parents as they are.
func TestGrowKeepsParents(t *testing.T) {
	dir := line(t, []int64{1_700_000_000, 1_700_000_060, 1_700_000_120, 1_700_000_180, 1_700_000_240}, map[int]string{4: "v1.0.0"})
	p := byClocks(t, dir, clocks{drift: 3600}).openPart(true)
	add := func(revision string) int32 {
		i, err := p.add(plumbing.NewHash(strings.TrimSpace(runGit(t, dir, "", "rev-parse", revision))))
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	parent, child := add("main~1"), add("main")
	if _, err := p.read(parent); err != nil {
		t.Fatal(err)
	}
	for i := range p.nodes {
		p.bind(int32(i))
	}
	if n := p.nodes[parent]; n.low == n.high {
		t.Fatal("the parent's date is known, although nothing below it is")
	}
	if err := p.grow([]int32{child}); err != nil {
		t.Fatal(err)
	}
	for i := range p.nodes {
		n := &p.nodes[i]
		for k, at := range n.at {
			if p.nodes[at].id != n.parents[k] {
				t.Errorf("%s has the parent %s, want %s", n.id, p.nodes[at].id, n.parents[k])
			}
		}
	}
}

// TestStaleFile: git's file knows nothing of the youngest commits, and there are too
// many of them to read all: clocks are gone by among them.
func TestStaleFile(t *testing.T) {
	var clocks []int64
	for k := range int64(maxAbove + 2000) {
		clocks = append(clocks, 1_700_000_000+600*k)
	}
	last := len(clocks) - 1
	dir := line(t, clocks, map[int]string{100: "begin", last - 50: "v1.1.0", last - 10: "v1.2.0"})
	runGit(t, dir, runGit(t, dir, "", "rev-parse", "begin"), "commit-graph", "write", "--stdin-commits")
	want, inPart := rangeAt(t, dir, Options{}, "v1.1.0", "v1.2.0")
	if inPart {
		t.Error("so small a history was read in part")
	}
	r := byClocks(t, dir, usualClocks)
	r.clocks.least = 0
	rel, _, err := r.rangeOf(context.Background(), "v1.1.0", "v1.2.0")
	if err != nil {
		t.Fatal(err)
	}
	if r.part == nil || r.part.clocks == nil || len(r.part.sources) != 1 || len(r.part.nodes) > 1000 {
		t.Errorf("it wasn't read by clocks, or not beside the file: %d commits", len(r.part.nodes))
	}
	if got := jsonOf(t, rel); got != want {
		t.Errorf("by clocks:\n%s\nas a whole:\n%s", got, want)
	}
}

// TestClockAhead: one clock went years ahead, long before a range. All corrected dates
// since then count up from it, so that they say nothing any more of what came first.
// The range is told in the order of its own clocks, whether that commit was read
// or not.
func TestClockAhead(t *testing.T) {
	dir := t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main", ".")
	var out bytes.Buffer
	mark := 0
	commit := func(when int64, parents ...int) int {
		mark++
		message := fmt.Sprintf("fix: thing %d", mark)
		if len(parents) > 1 {
			message = "Merge branch 'develop'"
		}
		fmt.Fprintf(&out, "commit refs/heads/main\nmark :%d\ncommitter Ada <ada@example.org> %d +0100\ndata %d\n%s\n", mark, when, len(message), message)
		for i, p := range parents {
			fmt.Fprintf(&out, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
		}
		fmt.Fprintln(&out)
		return mark
	}
	const day = 86400
	at := int64(1_700_000_000)
	last := commit(at + 3000*day)
	for range 600 {
		at += day
		last = commit(at, last)
	}
	fmt.Fprintf(&out, "reset refs/tags/v1.1.0\nfrom :%d\n\n", last)
	// One long topic of many days, one short one of its last day.
	long, short := commit(at+day, last), last
	for k := range int64(10) {
		long = commit(at+(2+k)*day, long)
	}
	short = commit(at+5*day+1, short)
	last = commit(at+20*day, last, long)
	last = commit(at+21*day, last, short)
	fmt.Fprintf(&out, "reset refs/tags/v1.2.0\nfrom :%d\n\n", last)
	runGit(t, dir, out.String(), "fast-import", "--quiet", "--force")

	want, _ := rangeAt(t, dir, Options{}, "v1.1.0", "v1.2.0")
	r := byClocks(t, dir, clocks{drift: day, margin: 50, depth: 8})
	rel, _, err := r.rangeOf(context.Background(), "v1.1.0", "v1.2.0")
	if err != nil {
		t.Fatal(err)
	}
	if r.part == nil || len(r.part.nodes) > 300 {
		t.Error("it wasn't read in part")
	}
	if got := jsonOf(t, rel); got != want {
		t.Errorf("by clocks:\n%s\nas a whole:\n%s", got, want)
	}
}
