package gitsource

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// fixture is a repository that the real git makes, step by step, with a clock
// of its own: a minute for each step.
type fixture struct {
	t     testing.TB
	dir   string
	clock int64
}

func newFixture(t testing.TB) *fixture {
	f := &fixture{t: t, dir: t.TempDir()}
	f.git("init -q -b main .")
	f.commit("chore: start", "base", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")
	return f
}

// run runs git with exactly these arguments.
func (f *fixture) run(args ...string) string {
	f.t.Helper()
	return f.feed("", args...)
}

// feed runs git with something on its standard input.
func (f *fixture) feed(stdin string, args ...string) string {
	f.t.Helper()
	f.clock += 60
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = f.dir, gitEnv(f.clock)
	cmd.Stdin = strings.NewReader(stdin)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		f.t.Fatalf("git %q: %v\n%s", args, err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// git runs git with arguments that hold no spaces.
func (f *fixture) git(line string) string { f.t.Helper(); return f.run(strings.Fields(line)...) }

// commit writes files (path, content, path, content …) and commits them; without
// files one is made up. It gives the hash.
func (f *fixture) commit(message string, files ...string) string {
	f.t.Helper()
	if len(files) == 0 {
		files = []string{fmt.Sprintf("file%d", f.clock), message}
	}
	for i := 0; i < len(files); i += 2 {
		f.write(files[i], files[i+1])
	}
	f.git("add -A")
	f.run("commit", "-q", "-m", message)
	return f.git("rev-parse HEAD")
}

func (f *fixture) write(path, content string) {
	f.t.Helper()
	full := filepath.Join(f.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o666); err != nil {
		f.t.Fatal(err)
	}
}

// merge merges a branch with a message and gives the merge's hash.
func (f *fixture) merge(branch, message string, options ...string) string {
	f.t.Helper()
	f.run(append(append([]string{"merge", "-q", "--no-ff", "-m", message}, options...), strings.Fields(branch)...)...)
	return f.git("rev-parse HEAD")
}

// topic makes a branch off HEAD with one commit and goes back.
func (f *fixture) topic(branch, message string, files ...string) string {
	f.t.Helper()
	back := f.git("rev-parse --abbrev-ref HEAD")
	f.git("checkout -q -b " + branch)
	h := f.commit(message, files...)
	f.git("checkout -q " + back)
	return h
}

// tag makes an annotated tag at HEAD.
func (f *fixture) tag(name string) { f.t.Helper(); f.run("tag", "-a", "-m", name, name) }

func (f *fixture) open(o Options) *Repository {
	f.t.Helper()
	r, err := Open(f.dir, o)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { r.Close() })
	return r
}

// release reads one release and holds it to the law.
func (f *fixture) release(version string) (model.Release, diag.List) {
	f.t.Helper()
	rel, diags, err := f.open(Options{}).Release(context.Background(), version)
	if err != nil {
		f.t.Fatal(err)
	}
	f.law(&rel)
	// Reading one release and reading all of them must say the same.
	all, _, err := f.open(Options{}).Releases(context.Background())
	if err != nil {
		f.t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r model.Release) bool { return r.Tag == rel.Tag })
	if i < 0 {
		f.t.Fatalf("%s is not among all releases", rel.Slug())
	}
	if d := cmp.Diff(all[i], rel); d != "" {
		f.t.Errorf("%s read alone differs from all:\n%s", rel.Slug(), d)
	}
	return rel, diags
}

// law compares a release with git's rev-list, and with the whole run's answer.
func (f *fixture) law(rel *model.Release) {
	f.t.Helper()
	args := []string{"rev-list", string(rel.Commit)}
	if rel.Previous != "" {
		args = append(args, "^"+rel.Previous)
	}
	want := strings.Fields(f.run(args...))
	slices.Sort(want)
	if got := commitsOf(rel); !slices.Equal(got, want) {
		f.t.Errorf("%s: %d commits, git has %d", rel.Slug(), len(got), len(want))
	}
}

// want compares what a release says, a line each, with what it should:
//
//	from v1.0
//	told fix: x (2)
//	withdrawn feat: y (1)
//	delivered fix: z (1) in 1.0.1
//	skipped Merge branch 'main'
//	alarm null-back-merge 1.0.1 fix: x
//	warning maybe-delivered
func (f *fixture) want(version, lines string) model.Release {
	f.t.Helper()
	rel, diags := f.release(version)
	var b strings.Builder
	fmt.Fprintf(&b, "from %s\n", rel.Previous)
	for i := range rel.Changes {
		c := &rel.Changes[i]
		bucket := string(c.Bucket)
		if bucket == "" {
			bucket = "told"
		}
		head := ""
		if c.Header.Type != "" {
			head = c.Header.Type + ": "
		}
		fmt.Fprintf(&b, "%s %s%s (%d)", bucket, head, strings.TrimPrefix(c.Title, head), 1+len(c.Inner))
		if c.In != "" {
			b.WriteString(" in " + c.In)
		}
		b.WriteString("\n")
		if (c.Bucket != "") != !c.Reason.IsZero() {
			f.t.Errorf("%s: bucket %q with reason %q", c.Title, c.Bucket, c.Reason)
		}
		if !c.Reason.IsZero() && !slices.Contains(model.ReasonCodes(), c.Reason.Code) {
			f.t.Errorf("%s: the reason %q has no words", c.Title, c.Reason.Code)
		}
	}
	for _, s := range rel.Skipped {
		fmt.Fprintf(&b, "skipped %s\n", s.Commit.Subject)
		if !slices.Contains(model.ReasonCodes(), s.Reason.Code) {
			f.t.Errorf("%s: the reason %q has no words", s.Commit.Subject, s.Reason.Code)
		}
	}
	for _, a := range rel.Alarms {
		fmt.Fprintf(&b, "alarm %s %s %s\n", a.Code, a.In, a.Subject)
	}
	for _, d := range diags {
		if d.Severity > diag.Note {
			fmt.Fprintf(&b, "%s %s\n", d.Severity, d.Code)
		}
	}
	norm := func(s string) string {
		var out []string
		for l := range strings.Lines(s) {
			if l = strings.TrimSpace(l); l != "" {
				out = append(out, l)
			}
		}
		return strings.Join(out, "\n")
	}
	if got := norm(b.String()); got != norm(lines) {
		f.t.Errorf("release %s\ngot:\n%s\n\nwant:\n%s", version, got, norm(lines))
	}
	return rel
}

// problem opens the repository at dir and wants to be refused with a code.
func problem(t *testing.T, dir, code string) *diag.Problem {
	t.Helper()
	r, err := Open(dir, Options{})
	if err == nil {
		_, _, err = r.Releases(context.Background())
		r.Close()
	}
	var p *diag.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want problem %s", err, code)
	}
	if p.Code != code {
		t.Fatalf("got problem %s (%v), want %s", p.Code, p, code)
	}
	return p
}
