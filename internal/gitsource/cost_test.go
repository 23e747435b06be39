package gitsource

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
)

// aged is a history that is written in one go: old releases that lie far apart, and
// young ones near to each other. A commit is made every hour.
type aged struct {
	out  bytes.Buffer
	mark int
	main int // the main line's last commit
}

func (a *aged) commit(branch, message string, parents ...int) int {
	a.mark++
	fmt.Fprintf(&a.out, "commit refs/heads/%s\nmark :%d\ncommitter Ada <ada@example.org> %d +0100\ndata %d\n%s\n", branch, a.mark, 1_500_000_000+3600*a.mark, len(message), message)
	for i, p := range parents {
		if p > 0 {
			fmt.Fprintf(&a.out, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
		}
	}
	fmt.Fprintf(&a.out, "M 100644 inline f%d\ndata 1\nx\n\n", a.mark%50)
	return a.mark
}

// work goes on with the main line for n commits, every tenth a merged topic.
func (a *aged) work(n int) {
	for k := range n {
		if k%10 == 9 {
			topic := a.commit("topic", fmt.Sprintf("fix: topic %d", a.mark), a.main)
			a.main = a.commit("main", fmt.Sprintf("Merge branch 'topic-%d'", a.mark), a.main, topic)
		} else {
			a.main = a.commit("main", fmt.Sprintf("fix: thing %d", a.mark), a.main)
		}
	}
}

func (a *aged) tag(name string, at int) {
	fmt.Fprintf(&a.out, "tag %s\nfrom :%d\ntagger Ada <ada@example.org> %d +0100\ndata 1\nx\n", name, at, 1_500_000_000+3600*a.mark+60)
}

// beside tags a release and its first patches on a branch of their own.
func (a *aged) beside(name string, patches int) {
	branch := "release-" + name
	at := a.commit(branch, "chore: version "+name, a.main)
	a.tag(name+".0", at)
	for k := range patches {
		at = a.commit(branch, fmt.Sprintf("fix: patch %s.%d", name, k), at)
		a.tag(fmt.Sprintf("%s.%d", name, k+1), at)
	}
}

// agedShapes are ways to release: the nth of the old releases, and the young ones.
var agedShapes = map[string]struct {
	old, young func(a *aged, n int)
	ranges     []string // "" for from is the release itself; c1, c2 are commits of the young part
}{
	"on the main line": {
		func(a *aged, n int) { a.tag(fmt.Sprintf("v1.%d.0", n), a.main) },
		func(a *aged, n int) { a.tag(fmt.Sprintf("v2.%d.0", n), a.main) },
		[]string{"v2.1.0..v2.2.0", "..v2.2.0", "..unreleased", "v2.2.0..HEAD", "v2.1.0..c2", "c1..c2", "c1..v2.3.0", "c1..HEAD"},
	},
	"beside the main line": {
		func(a *aged, n int) { a.beside(fmt.Sprintf("v1.%d", n), 3) },
		func(a *aged, n int) { a.beside(fmt.Sprintf("v2.%d", n), 2) },
		[]string{"v2.1.0..v2.2.0", "..v2.2.0", "..v2.2.2", "v2.2.1..v2.2.2", "..unreleased", "v2.3.0..HEAD", "v2.1.2..c2", "c1..c2", "c1..v2.3.0", "c1..HEAD"},
	},
	"numbers begun anew": {
		func(a *aged, n int) {
			if n == 0 {
				a.tag("0.9.0", a.main)
			}
			a.beside(fmt.Sprintf("%d.1", 2000+n), 2)
		},
		func(a *aged, n int) {
			a.tag(fmt.Sprintf("%d.0.0", n+1), a.main)
			a.beside(fmt.Sprintf("%d.1", n+1), 1)
		},
		[]string{"2.0.0..3.0.0", "..3.0.0", "..unreleased", "4.0.0..HEAD", "c1..HEAD"},
	},
	"parts of their own": {
		func(a *aged, n int) { a.tag(fmt.Sprintf("%s/v1.%d.0", []string{"api", "web"}[n%2], n), a.main) },
		func(a *aged, n int) {
			a.tag(fmt.Sprintf("api/v2.%d.0", n), a.main)
			a.work(3)
			a.tag(fmt.Sprintf("web/v2.%d.0", n), a.main)
		},
		[]string{"api/v2.1.0..api/v2.2.0", "..web/v2.2.0", "..unreleased", "web/v2.3.0..HEAD", "c1..c2"},
	},
}

// agedRepository makes a history of one of the shapes: 30 old releases over n commits,
// four young ones 60 commits apart, and 20 commits that nobody has released.
func agedRepository(t *testing.T, shape string, n int) (dir string, commits map[string]string) {
	t.Helper()
	dir = t.TempDir()
	runGit(t, dir, "", "init", "-q", "--bare", "-b", "main", ".")
	a := &aged{}
	for k := range 30 {
		a.work(n / 30)
		agedShapes[shape].old(a, k)
	}
	marks := map[string]int{}
	a.work(100)
	for k := range 4 {
		a.work(30)
		marks[fmt.Sprintf("c%d", k)] = a.main
		a.work(30)
		agedShapes[shape].young(a, k)
	}
	a.work(20)
	fmt.Fprintf(&a.out, "reset refs/heads/main\nfrom :%d\n\n", a.main)
	for name, mark := range marks {
		fmt.Fprintf(&a.out, "reset refs/marks/%s\nfrom :%d\n\n", name, mark)
	}
	runGit(t, dir, a.out.String(), "fast-import", "--quiet", "--force")
	commits = map[string]string{}
	for name := range marks {
		commits[name] = strings.TrimSpace(runGit(t, dir, "", "rev-parse", "refs/marks/"+name))
		runGit(t, dir, "", "update-ref", "-d", "refs/marks/"+name)
	}
	return dir, commits
}

// TestFreshCloneCostsTheRange counts the headers that are read for a range in a fresh
// clone, which has no file of corrected dates: they are as many where the releases
// before lie over 20,000 commits as where they lie over 1,500, however a project
// releases, and however the range's ends are called. The answer is the whole
// history's.
func TestFreshCloneCostsTheRange(t *testing.T) {
	ctx := context.Background()
	for shape, s := range agedShapes {
		headers := map[string][2]int{}
		for age, n := range []int{1500, 20_000} {
			dir, commits := agedRepository(t, shape, n)
			whole, err := Open(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer whole.Close()
			for _, asked := range s.ranges {
				from, to, _ := strings.Cut(asked, "..")
				if hash, is := commits[from]; is {
					from = hash
				}
				if hash, is := commits[to]; is {
					to = hash[:12]
				}
				read := func(r *Repository) string {
					if from == "" {
						rel, _, err := r.Release(ctx, to)
						if err != nil {
							t.Fatalf("%s, %s: %v", shape, asked, err)
						}
						return jsonOf(t, rel)
					}
					rel, _, err := r.rangeOf(ctx, from, to)
					if err != nil {
						t.Fatalf("%s, %s: %v", shape, asked, err)
					}
					return jsonOf(t, rel)
				}
				r := byClocks(t, dir, usualClocks)
				r.clocks.least = 0
				got := read(r)
				if r.part == nil {
					t.Errorf("%s, %s: all %d commits were read", shape, asked, r.graph.size())
					continue
				}
				both := headers[asked]
				both[age] = len(r.part.above)
				headers[asked] = both
				if want := read(whole); got != want {
					t.Errorf("%s, %s:\n%s\nout of the whole:\n%s", shape, asked, got, want)
				}
			}
		}
		for asked, n := range headers {
			t.Logf("%s, %s: %d and %d headers", shape, asked, n[0], n[1])
			if n[1] > n[0]+n[0]/20 {
				t.Errorf("%s, %s: %d headers where the releases before lie near, %d where they lie far", shape, asked, n[0], n[1])
			}
		}
	}
}
