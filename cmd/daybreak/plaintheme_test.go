package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"daybreak/internal/browser"
)

// accessibleInPlain builds the demo in the second theme and lets axe look at a page of
// each sort in both colour schemes, once wide and once on a small phone.
func accessibleInPlain(t *testing.T, dir string) {
	axe, err := os.ReadFile(filepath.Join(webTools, "axe-core", "axe.min.js"))
	b, opening := browser.Open(context.Background())
	if err != nil || opening != nil {
		if os.Getenv("DAYBREAK_REQUIRE_BROWSER") != "" {
			t.Fatalf("run `make web`: %v, %v", err, opening)
		}
		t.Skipf("run `make web`: %v, %v", err, opening)
	}
	defer b.Close()
	settings := filepath.Join(dir, "workspace", "daybreak.yaml")
	text, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, append([]byte("theme: plain\n"), text...), 0o644); err != nil {
		t.Fatal(err)
	}
	site := filepath.Join(dir, "plain")
	succeeds(t, "build", "--workspace", filepath.Dir(settings), "--out", site)
	for _, page := range []string{
		"public/index.html", "public/releases/2026.15.0/index.html", "public/en/releases/unreleased/index.html", "public/since/2026.12.0/index.html",
		"public/en/changes/index.html", "public/feeds/index.html", "public/archive/2026/index.html", "public/404.html", "systems/K4/index.html",
		"team/index.html", "team/systems/index.html", "team/en/find/index.html", "team/2026.15.0/runbook/index.html", "team/en/2026.15.0/checklist/index.html",
		"team/2026.15.0/protocol/index.html", "team/2026.15.0/ledger/index.html", "team/2026.15.0/phone/index.html", "team/en/2026.15.0/poster/index.html",
	} {
		for _, view := range []browser.View{{}, {Dark: true, Width: 320, Height: 640}} {
			t.Run(fmt.Sprintf("%s dark %v", page, view.Dark), func(t *testing.T) {
				p, err := b.Page(browser.FileAddress(filepath.Join(site, filepath.FromSlash(page))), view)
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close()
				if problems, err := p.Problems(); err != nil || len(problems) > 0 {
					t.Errorf("%q, %v", problems, err)
				}
				if width, err := browser.Eval[int](p, `document.documentElement.scrollWidth - innerWidth`); err != nil || width > 0 {
					t.Errorf("scrolls %d px sideways, %v", width, err)
				}
				if _, err := browser.Eval[bool](p, string(axe)+"; true"); err != nil {
					t.Fatal(err)
				}
				violations, err := browser.Eval[[]string](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.slice(0, 3).map(n => v.id + ": " + n.target.join(" ") + ": " + n.failureSummary.replace(/\s+/g, " "))))`)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range violations {
					t.Error(v)
				}
			})
		}
	}
}
