package site

import (
	"io/fs"
	"os"
	"path"
	"testing"
)

// TestGivenSite holds the invariants over a site built elsewhere, named by
// DAYBREAK_SITE: so a real repository's pages can be judged like the fixture's.
// A title that itself says "&gt;" is told as a double escape; look at it.
func TestGivenSite(t *testing.T) {
	dir := os.Getenv("DAYBREAK_SITE")
	if dir == "" {
		t.Skip("DAYBREAK_SITE names no site")
	}
	files := memory{}
	fsys := os.DirFS(dir)
	err := fs.WalkDir(fsys, "public", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		files[name] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	large := 0
	for name, data := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, problem := range pageProblems(files, name, data) {
			t.Errorf("%s: %s", name, problem)
		}
		if len(data) > maxPage {
			large++
		}
	}
	checkFeeds(t, files)
	t.Logf("%d files, %d pages over %d bytes", len(files), large, maxPage)
}
