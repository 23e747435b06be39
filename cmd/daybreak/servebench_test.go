package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"daybreak/internal/output"
	"daybreak/internal/serve"
)

// BenchmarkServe measures, on a site of 1,000 releases, how long it takes from a
// saved draft to the page that the browser loads again, as a share of a whole
// build in memory in the same run. Watching adds the pause in which an editor's
// further steps are waited for, 12 ms.
func BenchmarkServe(b *testing.B) {
	b.Run("one draft", func(b *testing.B) { benchmarkServe(b, 1) })
	b.Run("1,000 drafts", func(b *testing.B) { benchmarkServe(b, 1000) })
}

func benchmarkServe(b *testing.B, drafts int) {
	dir := b.TempDir()
	b.Setenv("DAYBREAK_CACHE", filepath.Join(dir, "cache"))
	work := filepath.Join(dir, "work")
	generate(b, filepath.Join(dir, "product"), 12_000, 1000, 0)
	settings := "product: {name: Probe}\nlanguages: [en]\ntimezone: UTC\nrepositories: [{path: ../product}]\n"
	if err := os.MkdirAll(work, 0o777); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, configFile), []byte(settings), 0o666); err != nil {
		b.Fatal(err)
	}
	var out strings.Builder
	const version = "1.999.0"
	if code := run([]string{"draft", version, "--workspace", work}, strings.NewReader(""), &out, &out); code != exitDone {
		b.Fatal(out.String())
	}
	file := filepath.Join(work, "content", "releases", version, "notes.en.md")
	draft, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	for i := range drafts - 1 { // every release has a headline and an introduction
		other := filepath.Join(work, "content", "releases", fmt.Sprintf("1.%d.0", i), "notes.en.md")
		text := fmt.Sprintf("---\ntitle: \"What train %d brings\"\n---\n\n# Probe 1.%d.0\n\nA word about train %d.\n", i, i, i)
		if err := errors.Join(os.MkdirAll(filepath.Dir(other), 0o777), os.WriteFile(other, []byte(text), 0o666)); err != nil {
			b.Fatal(err)
		}
	}
	p := &preview{at: place{workspace: work}, progress: func(string, int, int) {}}
	if first := p.Make(b.Context(), serve.Changed{History: true}); first.Edition == nil {
		b.Fatal(first.Problems)
	}
	for b.Loop() {
		whole, best := wholeBuild(b, work), map[string]time.Duration{}
		for i := range 6 {
			mark := fmt.Sprintf("edit %d of", i)
			text := strings.Replace(string(draft), "\n### ", "\n### "+mark+" ", 1)
			for name, path := range map[string]string{"a release's page": "public/releases/" + version + "/index.html", "its checklist": "team/" + version + "/checklist/index.html"} {
				if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
					b.Fatal(err)
				}
				start := time.Now()
				made := p.Make(b.Context(), serve.Changed{})
				if made.Edition == nil {
					b.Fatal(made.Problems)
				}
				page, err := made.Edition.File(path)
				if err != nil || !strings.Contains(string(page), mark) && strings.HasPrefix(path, "public/") {
					b.Fatalf("%s doesn't show the edit: %v", path, err)
				}
				if i > 0 { // the first one composes the sheets
					best[name] = least(best[name], time.Since(start))
				}
			}
		}
		releasePage, checklist := best["a release's page"], best["its checklist"]
		fmt.Fprintf(os.Stderr, "\nedit of one of %d drafts → page, 1,000 releases, beside a whole build in memory: %.4f × a release's page, %.4f × its checklist (%d ms and %d ms here)\n",
			drafts, releasePage.Seconds()/whole.Seconds(), checklist.Seconds()/whole.Seconds(), releasePage.Milliseconds(), checklist.Milliseconds())
		b.ReportMetric(releasePage.Seconds()/whole.Seconds(), "page/build")
		b.ReportMetric(checklist.Seconds()/whole.Seconds(), "checklist/build")
	}
}

// wholeBuild is how long everything takes with a warm cache, without the disk.
func wholeBuild(b *testing.B, work string) time.Duration {
	b.Helper()
	start := time.Now()
	w, err := openWorkspace(place{workspace: work})
	if err != nil {
		b.Fatal(err)
	}
	look, err := w.theme()
	if err != nil {
		b.Fatal(err)
	}
	list, _, err := w.releases(b.Context(), "", w.needsPaths(), func(string, int, int) {})
	if err != nil {
		b.Fatal(err)
	}
	if found, err := write(b.Context(), w, look, list, &output.Memory{}); err != nil {
		b.Fatal(err, found)
	}
	return time.Since(start)
}
