package site

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/browser"
)

// web is where `make web` installs axe-core and html-validate.
const web = "../../.ci/web"

// lacking skips a test that needs what this machine doesn't have. In CI, which
// sets DAYBREAK_REQUIRE_BROWSER, that is a failure: nothing may pass unseen.
func lacking(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("DAYBREAK_REQUIRE_BROWSER") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// onDisk writes a tree, because file:// is how many people will open it first.
func onDisk(t *testing.T, files memory) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// allViews are both colour schemes, wide and at 320 px; twoViews see each
// width and each scheme once.
var (
	allViews = []browser.View{{Width: 1280}, {Width: 1280, Dark: true}, {Width: 320, Height: 640}, {Width: 320, Height: 640, Dark: true}}
	twoViews = []browser.View{{Width: 1280, Dark: true}, {Width: 320, Height: 640}}
)

// audit opens pages in the views and lets axe look at them; nothing may be
// requested from outside, violate the page's policy, or scroll sideways.
func audit(t *testing.T, dir string, pages []string, views []browser.View) {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join(web, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		lacking(t, "axe-core is not installed: run `make web`")
	}
	b := openBrowser(t)
	for _, page := range pages {
		for _, view := range views {
			t.Run(fmt.Sprintf("%s at %d dark %v", page, view.Width, view.Dark), func(t *testing.T) {
				auditPage(t, b, filepath.Join(dir, filepath.FromSlash(page)), dir, view, string(axe))
			})
		}
	}
}

// axeRun asks for WCAG 2.2 A and AA and the best practices.
const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v =>
	v.id + " (" + v.impact + "): " + v.help + "\n" + v.nodes.slice(0, 3).map(n => "    " + n.target.join(" ") + " – " + n.failureSummary.replace(/\s+/g, " ")).join("\n")))`

func auditPage(t *testing.T, b *browser.Browser, file, dir string, view browser.View, axe string) {
	p, err := b.Page(browser.FileAddress(file), view)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	width, err := browser.Eval[int](p, `document.documentElement.scrollWidth`)
	if err != nil {
		t.Fatal(err)
	}
	if width > view.Width {
		culprits, err := browser.Eval[[]string](p, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(-3).map(e => e.outerHTML.slice(0, 120))`)
		t.Errorf("scrolls sideways: %d px wide; %q %v", width, culprits, err)
	}
	for _, request := range p.Requests() {
		if !strings.HasPrefix(request, browser.FileAddress(dir)) && !strings.HasPrefix(request, "data:") {
			t.Errorf("requests %s", request)
		}
	}
	// axe itself is loaded by the test; what the page complains about is read before.
	problems, err := p.Problems()
	if err != nil || len(problems) > 0 {
		t.Errorf("problems %q, %v", problems, err)
	}
	if _, err := browser.Eval[bool](p, axe+"; true"); err != nil {
		t.Fatal(err)
	}
	violations, err := browser.Eval[[]string](p, axeRun)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Error(v)
	}
}

// validate lets html-validate read pages.
func validate(t *testing.T, dir string, pages []string) {
	t.Helper()
	program := filepath.Join(web, "node_modules", "html-validate", "bin", "html-validate.mjs")
	if _, err := os.Stat(program); err != nil {
		lacking(t, "html-validate is not installed: run `make web`")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		lacking(t, "html-validate needs Node")
	}
	config, err := filepath.Abs(filepath.Join(web, "htmlvalidate.json"))
	if err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(t.TempDir(), "report.json") // through a pipe it loses its end
	args := []string{program, "--config", config, "--formatter", "json=" + report}
	for _, page := range pages {
		args = append(args, filepath.Join(dir, filepath.FromSlash(page)))
	}
	said, runErr := exec.Command(node, args...).CombinedOutput()
	out, err := os.ReadFile(report)
	if err != nil {
		t.Fatalf("html-validate made no report: %v, %v, %s", err, runErr, said)
	}
	var reports []struct {
		FilePath string
		Messages []struct {
			RuleID, Message, Selector string
			Line, Column              int
		}
	}
	if err := json.Unmarshal(out, &reports); err != nil {
		t.Fatalf("html-validate's report: %v", err)
	}
	for _, r := range reports {
		name, _ := filepath.Rel(dir, r.FilePath)
		for _, m := range r.Messages {
			t.Errorf("%s:%d:%d: %s: %s (%s)", name, m.Line, m.Column, m.RuleID, m.Message, m.Selector)
		}
	}
	if runErr != nil && len(reports) == 0 {
		t.Fatalf("html-validate failed: %v, %s", runErr, said)
	}
}

// htmlPages lists a tree's pages, sorted.
func htmlPages(files memory) []string {
	var out []string
	for name := range files {
		if strings.HasSuffix(name, ".html") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
