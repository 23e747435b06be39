package output

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Many at once: every line is there, whole and once.
func TestAppendAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal", "day.log")
	var all sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		all.Go(func() { errs[i] = Append(path, fmt.Appendf(nil, "note from %02d\n", i)) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	slices.Sort(lines)
	for i, line := range lines {
		if line != fmt.Sprintf("note from %02d", i) {
			t.Errorf("line %d is %q", i, line)
		}
	}
	if len(lines) != len(errs) {
		t.Errorf("%d lines of %d", len(lines), len(errs))
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.lock")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAppendMendsTheLastLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "day.log")
	if err := os.WriteFile(path, []byte("typed without an end"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Append(path, []byte("next")); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "typed without an end\nnext\n" {
		t.Errorf("%q, %v", data, err)
	}
}
