package demo

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A second run brings nothing new and keeps what a person wrote.
func TestRefreshKeepsWhatPeopleWrote(t *testing.T) {
	dir := made(t)
	report, err := Refresh(dir, nil)
	if err != nil || len(report.Kept) > 0 {
		t.Fatalf("a second run: %v, kept %v", err, report.Kept)
	}
	yaml := filepath.Join(dir, "workspace", "daybreak.yaml")
	mine := []byte("product: {name: Mine}\n")
	if err := os.WriteFile(yaml, mine, 0o666); err != nil {
		t.Fatal(err)
	}
	logo := filepath.Join(dir, "workspace", "brand", "logo.svg")
	if err := os.Remove(logo); err != nil {
		t.Fatal(err)
	}
	gitIn(t, dir, "commit", "--allow-empty", "-m", "feat: mine")
	tip := gitIn(t, dir, "rev-parse", "HEAD")
	for range 2 { // what was kept once is kept again
		report, err = Refresh(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"product", "workspace/daybreak.yaml"}; !slices.Equal(report.Kept, want) {
			t.Errorf("kept %v, want %v", report.Kept, want)
		}
	}
	if got, _ := os.ReadFile(yaml); string(got) != string(mine) {
		t.Errorf("the edited file was overwritten with %.40q", got)
	}
	if _, err := os.Stat(logo); err != nil {
		t.Error("a deleted file didn't come back:", err)
	}
	if got := gitIn(t, dir, "rev-parse", "HEAD"); got != tip {
		t.Error("a commit of the user's was lost")
	}
}

// An untracked or changed file in the product's work tree is a person's, too.
func TestRefreshKeepsAnEditedWorkTree(t *testing.T) {
	dir := made(t)
	file := filepath.Join(dir, "product", "README.md")
	if err := os.WriteFile(file, []byte("mine\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	report, err := Refresh(dir, nil)
	if err != nil || !slices.Equal(report.Kept, []string{"product"}) {
		t.Errorf("%v, kept %v", err, report.Kept)
	}
	if got, _ := os.ReadFile(file); string(got) != "mine\n" {
		t.Errorf("README.md is %q", got)
	}
}

// older is a demo made from a shorter story, as an earlier daybreak had it.
func older(t *testing.T) (dir string, w written) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "demo")
	old := story(t)
	old.Releases = old.Releases[:2]
	st := newStore()
	refs, err := build(old, st)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := refreshProduct(old, st, refs, filepath.Join(dir, "product"), written{}); err != nil {
		t.Fatal(err)
	}
	return dir, written{Refs: names(refs)}
}

// A product of an older story is brought up to date where nobody touched it.
func TestRefreshBringsAnOldProductUpToDate(t *testing.T) {
	dir, w := older(t)
	if err := writeMarker(dir, w); err != nil {
		t.Fatal(err)
	}
	report, err := Refresh(dir, nil)
	if err != nil || len(report.Kept) > 0 {
		t.Fatalf("%v, kept %v", err, report.Kept)
	}
	gitIn(t, dir, "rev-parse", "v2026.15.0")
}

// A run that was killed at any point is made good by the next one, and takes
// none of its own leavings for a person's work.
func TestRefreshAfterAKilledRun(t *testing.T) {
	full, err := readMarker(shared(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, prepare := range map[string]func(dir string, w *written){
		"before the old product is replaced": func(string, *written) {},
		"while the new one is written": func(dir string, _ *written) {
			if err := os.MkdirAll(filepath.Join(dir, "product.new", ".git"), 0o777); err != nil {
				t.Fatal(err)
			}
		},
		"when the old one is gone": func(dir string, _ *written) {
			if err := os.RemoveAll(filepath.Join(dir, "product")); err != nil {
				t.Fatal(err)
			}
		},
		"when the new one is in place": func(dir string, w *written) {
			w.Refs, w.Planned = nil, w.Refs
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, w := older(t)
			w.Planned = full.Refs
			prepare(dir, &w)
			if err := writeMarker(dir, w); err != nil {
				t.Fatal(err)
			}
			report, err := Refresh(dir, nil)
			if err != nil || len(report.Kept) > 0 {
				t.Fatalf("%v, kept %v", err, report.Kept)
			}
			gitIn(t, dir, "rev-parse", "v2026.15.0")
			if left, _ := filepath.Glob(filepath.Join(dir, "*.new")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestMakeRefusesAForeignFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("years of work"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Make(dir, nil); !errors.Is(err, ErrForeign) {
		t.Errorf("got %v", err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("something was written: %v", list)
	}
}
