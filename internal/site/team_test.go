package site

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var writeTo = flag.String("write", "", "folder to write the team's pages of the fixtures to, for looking at them")

var houses = []house{{0, 3, false}, {1, 3, false}, {6, 30, false}, {7, 30, false}, {14, 120, false}, {6, 12, true}}

func TestTeamPagesHoldWhatEveryPageHolds(t *testing.T) {
	for _, h := range houses {
		files := h.pages(t)
		for name, data := range files {
			for _, problem := range pageProblems(files, name, data) {
				t.Errorf("%s %s: %s", h, name, problem)
			}
		}
	}
}

func TestTeamPagesInABrowser(t *testing.T) {
	dir := onDisk(t, ordinary.pages(t))
	audit(t, dir, []string{"team/index.html", "team/2026.9.0/runbook/index.html", "team/en/2026.9.0/checklist/index.html", "team/2026.9.0/ledger/index.html"}, twoViews)
}

func TestTeamPagesAreValid(t *testing.T) {
	for _, h := range []house{ordinary, {systems: 0, changes: 3}, {systems: 14, changes: 20}} {
		files := h.pages(t)
		validate(t, onDisk(t, files), htmlPages(files))
	}
}

func TestTeamPagesAreWritten(t *testing.T) {
	for _, h := range houses {
		t.Run(h.String(), func(t *testing.T) {
			pages := h.pages(t)
			for _, want := range []string{
				"team/index.html", "team/2026.9.0/runbook/index.html", "team/2026.9.0/checklist/index.html", "team/2026.9.0/ledger/index.html",
				"team/en/index.html", "team/en/2026.9.0/runbook/index.html", "team/en/2026.9.0/checklist/index.html", "team/en/2026.9.0/ledger/index.html",
			} {
				if len(pages[want]) == 0 {
					t.Errorf("no page %s", want)
				}
			}
			for path, data := range pages {
				if !strings.HasPrefix(path, "team/") {
					t.Errorf("page %s lies outside team/", path)
				}
				if !strings.Contains(string(data), `content="noindex`) {
					t.Errorf("%s may be indexed", path)
				}
				if *writeTo != "" {
					file := filepath.Join(*writeTo, h.String(), filepath.FromSlash(path))
					if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, data, 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}
