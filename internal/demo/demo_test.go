package demo

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/content"
	"io/fs"
)

func load(t *testing.T) *Story {
	t.Helper()
	sub, err := fs.Sub(content.FS, "demo")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Load(sub)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func gitIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// Same story, same object ids, whatever the time zone of the machine.
func TestMakeIsDeterministic(t *testing.T) {
	var refs [2]map[plumbing.ReferenceName]plumbing.Hash
	for i, zone := range []string{"Pacific/Kiritimati", "America/Los_Angeles"} {
		t.Setenv("TZ", zone)
		var err error
		if refs[i], err = build(load(t), newStore()); err != nil {
			t.Fatal(err)
		}
	}
	if !maps.Equal(refs[0], refs[1]) {
		t.Errorf("two builds differ:\n%v\n%v", refs[0], refs[1])
	}
}

// git itself finds nothing to say about the repository.
func TestRepositoryIsSound(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	if err := Make(dir, nil); err != nil {
		t.Fatal(err)
	}
	product := filepath.Join(dir, "product")
	if out := gitIn(t, product, "fsck", "--strict", "--no-progress"); out != "" {
		t.Errorf("git fsck says:\n%s", out)
	}
	if out := gitIn(t, product, "status", "--porcelain"); out != "" {
		t.Errorf("the work tree isn't clean:\n%s", out)
	}
	if branch := gitIn(t, product, "rev-parse", "--abbrev-ref", "HEAD"); branch != "main" {
		t.Errorf("HEAD is %q, want main", branch)
	}
}
