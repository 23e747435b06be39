package delivery

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daybreak/internal/diag"
)

// What is the team's, and one customer's for another, can't be delivered.
func TestOnlySitesCanBeDelivered(t *testing.T) {
	tree := buildTree(t, generation(1))
	for _, id := range []string{"", "..", ".", "../team", "team", "../public", "K1/..", "K2", `..\team`, "K1/../../team"} {
		if s, err := System(tree, id); err == nil {
			t.Errorf("%q opens a site with %d files", id, len(s.sums))
		}
	}
	public := publicOf(t, tree)
	k1, err := System(tree, "K1")
	if err != nil {
		t.Fatal(err)
	}
	defer k1.Close()
	for p := range public.sums {
		data, err := public.read(p)
		if err != nil || strings.Contains(string(data), "alone") {
			t.Errorf("%s: %q, %v", p, data, err)
		}
	}
	if _, there := public.sums["team/index.html"]; there || len(public.sums) != len(generation(1)) || len(k1.sums) != 1 {
		t.Errorf("public has %d files, K1 %d", len(public.sums), len(k1.sums))
	}
	// Not even through a link that somebody put there.
	if err := errors.Join(os.Remove(filepath.Join(tree, "public", "robots.txt")), os.Symlink("../team/index.html", filepath.Join(tree, "public", "robots.txt"))); err != nil {
		t.Fatal(err)
	}
	if data, err := public.read("robots.txt"); err == nil {
		t.Errorf("read %q", data)
	}
}

func TestChangedSiteIsRefused(t *testing.T) {
	tree := buildTree(t, generation(1))
	s := publicOf(t, tree)
	if err := os.WriteFile(filepath.Join(tree, "public", "index.html"), []byte("by hand"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := (&Folder{Path: filepath.Join(t.TempDir(), "www")}).Deliver(s)
	problem(t, err, "site-changed", "index.html")
	_, err = Public(t.TempDir())
	problem(t, err, "not-built", "")
}

func problem(t *testing.T, err error, code, holds string) {
	t.Helper()
	var p *diag.Problem
	if !errors.As(err, &p) || p.Code != code || !strings.Contains(err.Error(), holds) || p.Hint == "" {
		t.Errorf("got %v, want the problem %s with %q", err, code, holds)
	}
}

func hintOf(err error) string {
	if p := (*diag.Problem)(nil); errors.As(err, &p) {
		return p.Hint
	}
	return ""
}

func TestSteps(t *testing.T) {
	for p, want := range map[string]step{
		"assets/releases/1.0.0/list.png": assets, "search.3f2a91c0.json": assets, "releases/1.0.0/release.json": assets, "og/1.0.0.png": assets,
		"releases/1.0.0/index.html": pages, "404.html": pages, "en/releases/1.0.0/2/index.html": pages,
		"search/1.js": indexes, "en/search/12.js": indexes, "widget.js": assets, "releases/1.0.0/card.png": assets,
		"changes/index.html": lists, "changes/2/index.html": lists, "since/1.0.0/index.html": lists, "feeds/index.html": lists,
		"feeds/kind-added.json": feeds, "en/feeds/area-offers.xml": feeds,
		"index.html": lists, "en/index.html": lists, "archive/2026/index.html": lists,
		"feed.xml": feeds, "en/feeds/added/feed.json": feeds, "sitemap.xml": feeds, "latest.json": feeds, "CHANGELOG.md": feeds, "train.ics": feeds, "robots.txt": feeds,
	} {
		if got := stepOf(p); got != want {
			t.Errorf("%s comes with the %s, want the %s", p, got, want)
		}
	}
	s := publicOf(t, buildTree(t, generation(2)))
	for p, want := range map[string]bool{"index.html": true, "en/index.html": true, "changes/index.html": false, "feeds/index.html": false, "en/feeds/index.html": false, "releases/1.0.0/index.html": false} {
		if isFront(p) != want {
			t.Errorf("%s is a first page: %v", p, !want)
		}
	}
	order := s.ordered(lists)
	if order[len(order)-1] != "index.html" {
		t.Errorf("the first page doesn't come last: %v", order)
	}
}

func TestHeaders(t *testing.T) {
	for p, want := range map[string][2]string{
		"index.html":            {"text/html; charset=utf-8", "public, max-age=60"},
		"feed.xml":              {"application/atom+xml; charset=utf-8", "public, max-age=60"},
		"en/feed.json":          {"application/feed+json", "public, max-age=60"},
		"latest.json":           {"application/json", "public, max-age=60"},
		"sitemap.xml":           {"application/xml", "public, max-age=60"},
		"assets/logo.SVG":       {"image/svg+xml", "public, max-age=3600"},
		"search.3f2a91c0.json":  {"application/json", "public, max-age=31536000, immutable"},
		"og-0123456789abcd.png": {"image/png", "public, max-age=31536000, immutable"},
		"feeds/kind-added.json": {"application/feed+json", "public, max-age=60"},
		"en/feeds/area-a.xml":   {"application/atom+xml; charset=utf-8", "public, max-age=60"},
		"search/1.js":           {"text/javascript; charset=utf-8", "public, max-age=60"},
		"what.ever":             {"application/octet-stream", "public, max-age=3600"},
	} {
		if got := [2]string{kindOf(p), cacheOf(p)}; got != want {
			t.Errorf("%s: %v, want %v", p, got, want)
		}
	}
}
