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

// TestDemoPagesAreValid lets html-validate read every page that the demo builds
// for customers and the team, so that a page which the fixtures of internal/site
// leave out is looked at too. The systems' sites are the public one's templates:
// one of them is enough.
func TestDemoPagesAreValid(t *testing.T) {
	const web = "../../.ci/web"
	program := filepath.Join(web, "node_modules", "html-validate", "bin", "html-validate.mjs")
	node, err := exec.LookPath("node")
	if _, installed := os.Stat(program); err != nil || installed != nil {
		if os.Getenv("DAYBREAK_REQUIRE_BROWSER") != "" {
			t.Fatal("html-validate or Node is not installed: run `make web`")
		}
		t.Skip("html-validate or Node is not installed: run `make web`")
	}
	t.Setenv("DAYBREAK_CACHE", t.TempDir())
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	if code := run([]string{"demo", "--out", dir}, strings.NewReader(""), &stdout, &stderr); code != exitDone {
		t.Fatalf("exit %d\n%s", code, stderr.String())
	}
	var pages []string
	for _, part := range []string{"public", "team", "systems/K4"} {
		err := filepath.WalkDir(filepath.Join(dir, "site", filepath.FromSlash(part)), func(path string, d fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".html" {
				pages = append(pages, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(pages) < 200 {
		t.Fatalf("only %d pages", len(pages))
	}
	report := filepath.Join(t.TempDir(), "report.txt") // through a pipe it loses its end
	args := append([]string{program, "--config", filepath.Join(web, "htmlvalidate.json"), "--formatter", "text=" + report}, pages...)
	if said, err := exec.Command(node, args...).CombinedOutput(); err != nil {
		found, _ := os.ReadFile(report)
		t.Errorf("html-validate: %v\n%s%s", err, said, found)
	}
}
