package site

import (
	"os"
	"path/filepath"
	"testing"
)

// TestPreview writes the fixture's site to the folder in DAYBREAK_PREVIEW, for
// eyes; without it the test only shows that the site is written at all.
func TestPreview(t *testing.T) {
	dir := os.Getenv("DAYBREAK_PREVIEW")
	if dir == "" {
		dir = t.TempDir()
	}
	for path, data := range build(t, realistic()) {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
