package output

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFileReplacesWholeOrNotAtAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	path := filepath.Join(dir, "runbook.pdf")
	for _, text := range []string{"first", "second"} {
		if err := File(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	// A folder stands where the file should: nothing is lost, nothing is left.
	if err := os.MkdirAll(filepath.Join(dir, "taken", "inside"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := File(filepath.Join(dir, "taken"), nil); err == nil {
		t.Error("a folder was replaced by a file")
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 2 {
		t.Errorf("left beside: %v", names)
	}
}
