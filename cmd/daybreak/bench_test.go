package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkBesideGit measures daybreak beside git on the same history in the
// same run, as ratios of the best of five interleaved rounds; an absolute time
// would only tell about the machine. Beside the ratio of times stands that of
// processor time, which says more where others use the machine: git works with
// one thread here, daybreak with all. The history is a generated one of 10,000
// commits and 100 tags, or the repository that DAYBREAK_REPO names, for which
// the aims hold.
func BenchmarkBesideGit(b *testing.B) {
	dir := b.TempDir()
	bin := filepath.Join(dir, "daybreak")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	repo := os.Getenv("DAYBREAK_REPO")
	if repo == "" {
		repo = filepath.Join(dir, "product")
		generate(b, repo, 10_000, 100, 0)
	}
	git := func(args ...string) []string { return append([]string{"git", "-C", repo}, args...) }
	cache := "DAYBREAK_CACHE=" + filepath.Join(dir, "cache")
	version, from, to := middle(b, bin, repo, cache)
	span := to
	if from != "" {
		span = from + ".." + to
	}
	log, status := git("log", "--tags", "--format=%H%n%B"), git("log", "--name-status", span)
	rows := []struct {
		name      string
		beside    []string
		ours      []string
		aim       float64 // the ratio of times to keep, 0 for none
		buildSize bool
	}{
		{"all releases, cold / git log of all tags", log, []string{bin, "releases", "--no-cache", "--json", "--repo", repo}, 4, false},
		{"all releases, warm / git log of all tags", log, []string{bin, "releases", "--json", "--repo", repo}, 0.3, false},
		{"one release with paths, cold / git log --name-status", status, []string{bin, "changes", "--no-cache", "--json", "--repo", repo, "--from", from, "--to", to}, 5, false},
		{"whole site of one release, cold / git log --name-status", status, []string{bin, "build", "--no-cache", "--repo", repo, "--release", version, "--out", filepath.Join(dir, "one")}, 0, false},
		{"whole site, warm / git log of all tags", log, []string{bin, "build", "--repo", repo, "--out", filepath.Join(dir, "site")}, 0, true},
	}
	fmt.Fprintf(os.Stderr, "\n%s, one release: %s\n%-56s %8s %8s %14s %9s\n", filepath.Base(repo), span, "", "aim", "time", "processor time", "peak")
	for b.Loop() {
		for i, row := range rows {
			if row.buildSize && os.Getenv("DAYBREAK_REPO") != "" {
				continue // pages of every release of a large product are no part of the walk
			}
			var best, work [2]time.Duration
			var peak int64
			for range 5 {
				for k, args := range [][]string{row.beside, row.ours} {
					u := timed(b, args, cache)
					best[k], work[k] = least(best[k], u.took), least(work[k], u.work)
					if k == 1 {
						peak = max(peak, u.peak)
					}
				}
			}
			ratio := float64(best[1]) / float64(best[0])
			aim := ""
			if row.aim > 0 {
				aim = fmt.Sprintf("≤ %.3g ×", row.aim)
			}
			fmt.Fprintf(os.Stderr, "%-56s %8s %6.2f × %12.2f × %6d MB\n", row.name, aim, ratio, float64(work[1])/float64(work[0]), peak>>20)
			b.ReportMetric(ratio, fmt.Sprintf("ratio%d", i+1))
		}
	}
	fmt.Fprintf(os.Stderr, "The peak of the first is to stay under 400 MB.\n")
}

// BenchmarkAge measures one range of 320 commits at the young end of a history of
// 10,000 commits and of one of 80,000, as a ratio: with git's commit-graph, with
// the graph that an earlier run left in the cache, and with neither, by clocks. Both
// histories have the same tags. Beside it stand git's own ratios.
func BenchmarkAge(b *testing.B) {
	dir := b.TempDir()
	bin := filepath.Join(dir, "daybreak")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	ages := [2]int{10_000, 80_000}
	var plain, withGraph [2]string
	var span [2][2]string
	for k, commits := range ages {
		plain[k], withGraph[k] = filepath.Join(dir, fmt.Sprint(commits)), filepath.Join(dir, fmt.Sprint(commits, "-graph"))
		generate(b, plain[k], commits, commits/320, commits-3_200)
		last := commits / 320
		span[k] = [2]string{fmt.Sprintf("v1.%d.0", last-2), fmt.Sprintf("v1.%d.0", last-1)}
		for _, args := range [][]string{{"clone", "-q", "--bare", plain[k], withGraph[k]}, {"-C", withGraph[k], "commit-graph", "write", "--reachable"}} {
			if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
				b.Fatalf("git %v: %v\n%s", args, err, out)
			}
		}
	}
	cacheDir := filepath.Join(dir, "cache")
	cache := "DAYBREAK_CACHE=" + cacheDir
	changes := func(repo [2]string, k int, more ...string) []string {
		return append([]string{bin, "changes", "--json", "--repo", repo[k], "--from", span[k][0], "--to", span[k][1]}, more...)
	}
	rows := []struct {
		name string
		args func(k int) []string
	}{
		{"range, commit-graph", func(k int) []string { return changes(withGraph, k, "--no-cache") }},
		{"range, graph in the cache", func(k int) []string { return changes(plain, k) }},
		{"range, neither: by clocks", func(k int) []string { return changes(plain, k, "--no-cache") }},
		{"git log --name-status of the range, commit-graph", func(k int) []string {
			return []string{"git", "-C", withGraph[k], "log", "--name-status", span[k][0] + ".." + span[k][1]}
		}},
		{"git rev-list --count --all", func(k int) []string { return []string{"git", "-C", plain[k], "rev-list", "--count", "--all"} }},
	}
	for k := range ages {
		timed(b, changes(plain, k), cache) // leaves the graph
	}
	fmt.Fprintf(os.Stderr, "\n%-56s %8s %14s\n", "80,000 commits below / 10,000", "time", "processor time")
	for b.Loop() {
		for i, row := range rows {
			var best, work [2]time.Duration
			for range 7 {
				for k := range ages {
					answers, _ := filepath.Glob(filepath.Join(cacheDir, "range-*"))
					for _, name := range answers {
						if err := os.Remove(name); err != nil {
							b.Fatal(err)
						}
					}
					u := timed(b, row.args(k), cache)
					best[k], work[k] = least(best[k], u.took), least(work[k], u.work)
				}
			}
			ratio := float64(best[1]) / float64(best[0])
			fmt.Fprintf(os.Stderr, "%-56s %6.2f × %12.2f ×\n", row.name, ratio, float64(work[1])/float64(work[0]))
			b.ReportMetric(ratio, fmt.Sprintf("ratio%d", i+1))
		}
	}
}

// middle picks one release of a size worth measuring: the newest one of 100 to
// 1000 commits, else the newest.
func middle(b *testing.B, bin, repo, cache string) (version, from, to string) {
	b.Helper()
	cmd := exec.Command(bin, "releases", "--json", "--repo", repo)
	cmd.Env = append(os.Environ(), cache)
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var list []releaseJSON
	if err := json.Unmarshal(out, &list); err != nil || len(list) == 0 {
		b.Fatal("no releases", err)
	}
	pick := list[0]
	for _, r := range list {
		if r.Commits >= 100 && r.Commits <= 1000 && r.Previous != nil {
			pick = r
			break
		}
	}
	if pick.Previous != nil {
		from = *pick.Previous
	}
	return pick.Version, from, pick.Tag
}

// usage is what a command took.
type usage struct {
	took time.Duration
	work time.Duration // processor time of all threads
	peak int64         // greatest resident size in bytes
}

// timed runs a command with its output thrown away.
func timed(b *testing.B, args []string, env string) usage {
	b.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	u := usage{took: time.Since(start), work: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	u.peak = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS != "darwin" {
		u.peak <<= 10
	}
	return u
}

func least(a, b time.Duration) time.Duration {
	if a == 0 || b < a {
		return b
	}
	return a
}

// generate makes a repository of merged requests with git fast-import: topics
// of three commits, a merge each, a tag now and then behind the first commits.
func generate(b *testing.B, dir string, commits, tags, first int) {
	b.Helper()
	var s bytes.Buffer
	mark, at := 0, int64(1_700_000_000)
	blob := func(branch, message, from, merge, path string) {
		mark++
		at += 600
		fmt.Fprintf(&s, "commit refs/heads/%s\nmark :%d\nauthor Mira Kern <mira@example.org> %d +0100\ncommitter Mira Kern <mira@example.org> %d +0100\ndata %d\n%s\n", branch, mark, at, at, len(message), message)
		if from != "" {
			fmt.Fprintf(&s, "from %s\n", from)
		}
		if merge != "" {
			fmt.Fprintf(&s, "merge %s\n", merge)
		}
		if path != "" {
			text := fmt.Sprintf("line %d\n", mark)
			fmt.Fprintf(&s, "M 100644 inline %s\ndata %d\n%s\n", path, len(text), text)
		}
		s.WriteByte('\n')
	}
	blob("main", "feat: start", "", "", "README")
	last := ":1"
	for n := 1; mark < commits; n++ {
		base := last
		topic := base
		for k := range 3 {
			blob("topic", fmt.Sprintf("work %d of %d\n\nsome words about it", k, n), topic, "", fmt.Sprintf("src/part%d/file%d.go", n%40, n%900))
			topic = fmt.Sprintf(":%d", mark)
		}
		blob("main", fmt.Sprintf("Merge branch 'topic-%d' into 'main'\n\nfeat(part%d): thing %d\n\nSee merge request group/product!%d", n, n%40, n, n), base, topic, "")
		last = fmt.Sprintf(":%d", mark)
		if mark > first && mark*tags/commits > (mark-4)*tags/commits {
			fmt.Fprintf(&s, "reset refs/tags/v1.%d.0\nfrom %s\n\n", mark*tags/commits, last)
		}
	}
	for _, args := range [][]string{{"init", "-q", "-b", "main", dir}, {"-C", dir, "fast-import", "--quiet"}} {
		cmd := exec.Command("git", args...)
		cmd.Stdin = bytes.NewReader(s.Bytes())
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}
