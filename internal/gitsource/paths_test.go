package gitsource

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/model"
)

// gitPaths is what git says a commit touches against its first parent, sorted.
func gitPaths(t testing.TB, dir string, c *model.Commit) []string {
	t.Helper()
	args := []string{"-C", dir, "diff-tree", "-r", "-M", "-z", "--root", "--name-status", "--no-commit-id", string(c.Hash)}
	if len(c.Parents) > 0 {
		args = append(args[:len(args)-1], string(c.Parents[0]), string(c.Hash))
	}
	cmd := exec.Command("git", args...)
	cmd.Env = gitEnv(0)
	raw, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	fields := strings.Split(strings.TrimSuffix(string(raw), "\x00"), "\x00")
	for i := 0; i+1 < len(fields); {
		if status := fields[i]; status[0] == 'R' {
			out = append(out, fmt.Sprintf("R %s <- %s", fields[i+2], fields[i+1]))
			i += 3
		} else {
			out = append(out, fmt.Sprintf("%c %s", status[0], fields[i+1]))
			i += 2
		}
	}
	slices.Sort(out)
	return out
}

func ourPaths(list []model.PathChange) []string {
	var out []string
	for _, p := range list {
		if p.Status == 'R' {
			out = append(out, fmt.Sprintf("R %s <- %s", p.Path, p.Old))
		} else {
			out = append(out, fmt.Sprintf("%c %s", p.Status, p.Path))
		}
	}
	slices.Sort(out)
	return out
}

// TestPathsAreGits compares touched paths with `git diff-tree -r -M` over
// random commits: files that move, swap, grow, turn into folders, links,
// submodules and executables.
func TestPathsAreGits(t *testing.T) {
	f := newFixture(t)
	f.tag("v1.0")
	rnd := rand.New(rand.NewPCG(7, 7))
	text := func() string {
		var b strings.Builder
		for range 5 + rnd.IntN(40) {
			fmt.Fprintf(&b, "line %d\n", rnd.IntN(60))
		}
		return b.String()
	}
	names := []string{"a", "b", "dir/a", "dir/b", "dir/deep/c", "dir.x", "dir-y/a", "z/a", "z/q"}
	for range 60 {
		for range 1 + rnd.IntN(4) {
			name := names[rnd.IntN(len(names))]
			switch rnd.IntN(8) {
			case 0, 1, 2:
				os.RemoveAll(f.dir + "/" + name)
				if parent, _, ok := strings.Cut(name, "/"); ok {
					if info, err := os.Lstat(f.dir + "/" + parent); err == nil && !info.IsDir() {
						os.Remove(f.dir + "/" + parent)
					}
				}
				f.write(name, text())
			case 3:
				os.RemoveAll(f.dir + "/" + name)
			case 4: // move, mostly with a change
				to := names[rnd.IntN(len(names))]
				if b, err := os.ReadFile(f.dir + "/" + name); err == nil && to != name {
					if info, err := os.Lstat(f.dir + "/" + to); err == nil && info.IsDir() {
						continue
					}
					os.Remove(f.dir + "/" + name)
					f.write(to, string(b)+strings.Repeat("more\n", rnd.IntN(8)))
				}
			case 5:
				os.Chmod(f.dir+"/"+name, 0o755)
			case 6:
				if os.Remove(f.dir+"/"+name) == nil {
					os.Symlink("base", f.dir+"/"+name)
				}
			case 7:
				f.write("bin", "\x00"+text())
			}
		}
		f.git("add -A")
		f.run("commit", "-q", "--allow-empty", "-m", "step")
	}
	f.tag("v1.1")
	rel, _, err := f.open(Options{Paths: true}).Release(context.Background(), "v1.1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rel.Changes {
		c := &rel.Changes[i]
		if got, want := ourPaths(c.Paths), gitPaths(t, f.dir, &c.Tip); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, git has %q", c.Tip.Hash.Short(), got, want)
		}
	}
}

// TestPathsOfRealRepository does the same over the newest releases of the
// repository that DAYBREAK_REPO names.
func TestPathsOfRealRepository(t *testing.T) {
	dir := os.Getenv("DAYBREAK_REPO")
	if dir == "" {
		t.Skip("DAYBREAK_REPO names no repository")
	}
	r, err := Open(dir, Options{Paths: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx := context.Background()
	if _, err := r.prepare(ctx); err != nil {
		t.Fatal(err)
	}
	compared, wrong, renames := 0, 0, 0
	for _, tag := range newestFirst(r.tags.list) {
		if compared > 1500 {
			break
		}
		if tag.previous == nil {
			continue
		}
		rel, _, err := r.release(tag, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rel.Changes {
			c := &rel.Changes[i]
			if c.Merge != c.Tip.Hash {
				continue
			}
			got, want := ourPaths(c.Paths), gitPaths(t, dir, &c.Tip)
			compared++
			for _, p := range c.Paths {
				if p.Status == 'R' {
					renames++
				}
			}
			if !slices.Equal(got, want) {
				wrong++
				t.Errorf("%s: got %q, git has %q", c.Tip.Hash, diffOf(got, want), diffOf(want, got))
			}
		}
	}
	t.Logf("%d changes compared, %d differ, %d renames", compared, wrong, renames)
}

func diffOf(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
