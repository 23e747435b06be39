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
// same run, as ratios of the best of three interleaved rounds; an absolute time
// would only tell about the machine. The history is a generated one of 10,000
// commits and 100 tags, or the repository that DAYBREAK_REPO names.
func BenchmarkBesideGit(b *testing.B) {
	dir := b.TempDir()
	bin := filepath.Join(dir, "daybreak")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	repo := os.Getenv("DAYBREAK_REPO")
	if repo == "" {
		repo = filepath.Join(dir, "product")
		generate(b, repo, 10_000, 100)
	}
	git := func(args ...string) []string { return append([]string{"git", "-C", repo}, args...) }
	cache := "DAYBREAK_CACHE=" + filepath.Join(dir, "cache")
	version, from, to := middle(b, bin, repo, cache)
	span := to
	if from != "" {
		span = from + ".." + to
	}
	rows := []struct {
		name      string
		beside    []string
		ours      []string
		buildSize bool
	}{
		{"all releases, cold / git log of all tags", git("log", "--tags", "--format=%H%n%B"), []string{bin, "releases", "--no-cache", "--json", "--repo", repo}, false},
		{"all releases, warm / git log of all tags", git("log", "--tags", "--format=%H%n%B"), []string{bin, "releases", "--json", "--repo", repo}, false},
		{"one release with paths, cold / git log --name-status", git("log", "--name-status", span), []string{bin, "changes", "--no-cache", "--json", "--repo", repo, "--from", from, "--to", to}, false},
		{"whole site of one release, cold / git log --name-status", git("log", "--name-status", span), []string{bin, "build", "--no-cache", "--repo", repo, "--release", version, "--out", filepath.Join(dir, "one")}, false},
		{"whole site, warm / git log of all tags", git("log", "--tags", "--format=%H%n%B"), []string{bin, "build", "--repo", repo, "--out", filepath.Join(dir, "site")}, true},
	}
	fmt.Fprintf(os.Stderr, "\n%s, one release: %s\n", filepath.Base(repo), span)
	for b.Loop() {
		for i, row := range rows {
			if row.buildSize && os.Getenv("DAYBREAK_REPO") != "" {
				continue // pages of every release of a large product are no part of the walk
			}
			var best [2]time.Duration
			var peak int64
			for range 3 {
				t, _ := timed(b, row.beside, cache)
				best[0] = least(best[0], t)
				t, mem := timed(b, row.ours, cache)
				best[1] = least(best[1], t)
				peak = max(peak, mem)
			}
			ratio := float64(best[1]) / float64(best[0])
			fmt.Fprintf(os.Stderr, "%-56s %6.2f ×   peak %4d MB\n", row.name, ratio, peak>>20)
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

// timed runs a command with its output thrown away and gives its time and its
// greatest resident size in bytes.
func timed(b *testing.B, args []string, env string) (time.Duration, int64) {
	b.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	took := time.Since(start)
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if runtime.GOOS == "darwin" {
		return took, usage.Maxrss
	}
	return took, usage.Maxrss << 10
}

func least(a, b time.Duration) time.Duration {
	if a == 0 || b < a {
		return b
	}
	return a
}

// generate makes a repository of merged requests with git fast-import: topics
// of three commits, a merge each, a tag now and then.
func generate(b *testing.B, dir string, commits, tags int) {
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
		if mark*tags/commits > (mark-4)*tags/commits {
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
