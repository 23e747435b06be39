package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// webTools is where `make web` installs what pages are checked with.
const webTools = "../../.ci/web/node_modules"

// node gives a command that runs a program of webTools. Without Node or the program
// the test is skipped; in CI, which sets DAYBREAK_REQUIRE_BROWSER, it fails.
func node(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("node")
	program, abs := filepath.Abs(webTools)
	if abs != nil {
		t.Fatal(abs)
	}
	for i, arg := range args {
		if rest, is := strings.CutPrefix(arg, webTools+"/"); is {
			args[i] = filepath.Join(program, filepath.FromSlash(rest))
			if _, missing := os.Stat(args[i]); missing != nil {
				err = missing
			}
		}
	}
	if err != nil {
		if os.Getenv("DAYBREAK_REQUIRE_BROWSER") != "" {
			t.Fatalf("run `make web`: %v", err)
		}
		t.Skipf("run `make web`: %v", err)
	}
	return bounded(t, path, args...)
}

// TestDemoPages holds every page that the demo builds for customers and the team
// against programs and rules that are not ours, so that a page which the fixtures of
// internal/site leave out is looked at too.
func TestDemoPages(t *testing.T) {
	dir := demoIn(t)
	site := filepath.Join(dir, "site")
	t.Run("HTML", func(t *testing.T) { validHTML(t, site) })
	t.Run("schema.org", func(t *testing.T) { validStructuredData(t, filepath.Join(site, "public")) })
	t.Run("heads", func(t *testing.T) { headsLeadSomewhere(t, filepath.Join(site, "public")) })
	t.Run("plain theme", func(t *testing.T) { accessibleInPlain(t, dir) })
	t.Run("mails", func(t *testing.T) { draftsOpenInMutt(t, filepath.Join(site, "mail", "2026.15.0")) })
	t.Run("heads of a system", func(t *testing.T) { headsStayAtHome(t, filepath.Join(site, "systems", "K4")) })
}

// demoIn makes the demo and gives its folder.
func demoIn(t *testing.T) string {
	t.Helper()
	t.Setenv("DAYBREAK_CACHE", t.TempDir())
	dir := t.TempDir()
	succeeds(t, "demo", "--out", dir)
	return dir
}

// succeeds runs a command that must succeed.
func succeeds(t *testing.T, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, strings.NewReader(""), &stdout, &stderr); code != exitDone {
		t.Fatalf("%s: exit %d\n%s", args, code, stderr.String())
	}
}

// pagesUnder lists the HTML files of a tree.
func pagesUnder(t *testing.T, dir string) (pages []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".html" {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// validHTML lets html-validate read the pages. The systems' sites are the public
// one's templates: one of them is enough.
func validHTML(t *testing.T, site string) {
	var pages []string
	for _, part := range []string{"public", "team", "systems/K4"} {
		pages = append(pages, pagesUnder(t, filepath.Join(site, filepath.FromSlash(part)))...)
	}
	if len(pages) < 200 {
		t.Fatalf("only %d pages", len(pages))
	}
	report := filepath.Join(t.TempDir(), "report.txt") // through a pipe it loses its end
	args := []string{webTools + "/html-validate/bin/html-validate.mjs", "--config", filepath.Join(webTools, "..", "htmlvalidate.json"), "--formatter", "text=" + report}
	if said, err := node(t, append(args, pages...)...).CombinedOutput(); err != nil {
		found, _ := os.ReadFile(report)
		t.Errorf("html-validate: %v\n%s%s", err, said, found)
	}
}
