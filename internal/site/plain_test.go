package site

import (
	"strings"
	"testing"

	"daybreak/internal/browser"
)

// plainPages are the public and the team's pages in the second theme.
func plainPages(t *testing.T, p PublicSite) memory {
	t.Helper()
	look, err := openTheme("plain")
	if err != nil {
		t.Fatal(err)
	}
	files := memory{}
	if err := Public(p, look, files); err != nil {
		t.Fatal(err)
	}
	r := ordinary.release()
	if err := Team(documentsOf(t, ordinary.config(), &r), look, files); err != nil {
		t.Fatal(err)
	}
	return files
}

func longPlainPages(t *testing.T) memory {
	t.Helper()
	return keep("long, plain", func() memory { return plainPages(t, long()) })
}

func TestPlainPagesHoldWhatEveryPageHolds(t *testing.T) {
	for _, p := range []PublicSite{realistic(), hostile()} {
		files := plainPages(t, p)
		for _, name := range htmlPages(files) {
			data := files[name]
			for _, problem := range pageProblems(files, name, data) {
				t.Errorf("%s: %s", name, problem)
			}
			if !strings.Contains(string(data), "Verdana") {
				t.Errorf("%s has another look", name)
			}
		}
	}
}

// A theme changes the look and nothing else: both build the same files. How many
// pages a long list has depends on their size, and so on the style sheet's.
func TestThemesBuildTheSameFiles(t *testing.T) {
	files := plainPages(t, realistic())
	other := build(t, realistic())
	for name := range other {
		if _, ok := files[name]; !ok && !strings.HasSuffix(name, "changes/2/index.html") {
			t.Errorf("the plain theme lacks %s", name)
		}
	}
}

func TestPlainPagesInABrowser(t *testing.T) {
	dir := onDisk(t, longPlainPages(t))
	audit(t, dir, []string{"public/index.html", "public/releases/2026.14.0/index.html", "public/changes/index.html"}, allViews)
	audit(t, dir, []string{
		"public/en/since/2026.10.0/index.html", "public/en/feeds/index.html", "public/404.html",
		"team/index.html", "team/2026.9.0/runbook/index.html", "team/en/2026.9.0/checklist/index.html", "team/2026.9.0/ledger/index.html",
	}, twoViews)
}

func TestPlainHostilePagesInABrowser(t *testing.T) {
	audit(t, onDisk(t, plainPages(t, hostile())), []string{"public/index.html", "public/releases/v4/index.html"}, twoViews)
}

// On the page of a jump an area and its version are never on two lines.
func TestPlainAreaAndVersionStayTogether(t *testing.T) {
	b, served, _ := shelfOf(t, longPlainPages(t))
	for _, width := range []int{320, 360, 768, 1280} {
		p := opened(t, b, served("since/2026.10.0/index.html"), browser.View{Width: width})
		got := eval[[]int](t, p, `(() => {
			const pairs = [...document.querySelectorAll(".area + .area")];
			return [pairs.length, pairs.filter(e => Math.abs([...e.previousElementSibling.getClientRects()].at(-1).top - e.getClientRects()[0].top) > 2).length];
		})()`)
		if got[0] < 10 || got[1] > 0 {
			t.Errorf("%d px: %d of %d pairs are parted", width, got[1], got[0])
		}
	}
}
