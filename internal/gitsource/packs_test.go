package gitsource

import (
	"bytes"
	"crypto/sha1"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

// packedFixture is a repository with one pack that holds long chains of deltas
// of all kinds of objects.
func packedFixture(t *testing.T, repack ...string) *fixture {
	f := newFixture(t)
	text := strings.Repeat("a line that comes again and again\n", 400)
	for n := range 40 {
		text += fmt.Sprintf("line %d\n", n)
		f.commit(fmt.Sprintf("fix: thing %d\n\n%s", n, strings.Repeat("The same words each time.\n", 40)), "a/b/long", text, fmt.Sprintf("a/f%d", n), "x")
	}
	f.tag("v1.0.0")
	f.run(append([]string{"-c", "core.compression=1", "-c", "repack.useDeltaBaseOffset=" + map[bool]string{true: "false", false: "true"}[len(repack) > 0], "repack", "-q", "-a", "-d", "-f", "--depth=50"}, repack...)...)
	return f
}

// objectNames lists the ids of all objects.
func (f *fixture) objectNames() []string {
	var out []string
	for line := range strings.Lines(f.run("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")) {
		out = append(out, strings.TrimSpace(line))
	}
	return out
}

// readsAs reports whether bytes are what an id names.
func readsAs(h plumbing.Hash, typ plumbing.ObjectType, b []byte) bool {
	sum := sha1.New()
	fmt.Fprintf(sum, "%s %d\x00", typ, len(b))
	sum.Write(b)
	return bytes.Equal(sum.Sum(nil), h[:])
}

// TestPacks reads every object of a pack, whichever way its deltas name their
// bases, and holds it against its id.
func TestPacks(t *testing.T) {
	for _, repack := range [][]string{nil, {"--window=100"}} {
		f := packedFixture(t, repack...)
		p := openPacks(filepath.Join(f.dir, ".git", "objects"))
		if len(p.list) != 1 {
			t.Fatalf("%d packs", len(p.list))
		}
		commits := 0
		names := f.objectNames()
		if len(names) < 100 {
			t.Fatalf("only %d objects", len(names))
		}
		for _, name := range names {
			h := plumbing.NewHash(name)
			typ, b, found, err := p.read(h)
			if err != nil || !found || !readsAs(h, typ, b) {
				t.Errorf("%s: found %v, %v", name, found, err)
			}
			whole := bytes.Clone(p.commit(h, maxObject))
			if whole != nil && !readsAs(h, plumbing.CommitObject, whole) {
				t.Errorf("%s reads as another commit", name)
			}
			if start := p.commit(h, 100); (start != nil) != (whole != nil) || whole != nil && !bytes.Equal(start, whole[:100]) {
				t.Errorf("%s starts with %q", name, start)
			}
			if whole != nil {
				commits++
			}
		}
		if commits == 0 || commits == 41 {
			t.Errorf("%d commits lie there in one piece; of 41 some should, and some be deltas", commits)
		}
		if _, _, found, _ := p.read(plumbing.NewHash("00000000000000000000000000000000000000aa")); found {
			t.Error("found what isn't there")
		}
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}
}

// TestPacksDamaged changes one byte after the other: what is read then is either
// right or refused.
func TestPacksDamaged(t *testing.T) {
	f := packedFixture(t)
	folder := filepath.Join(f.dir, ".git", "objects")
	names := f.objectNames()
	for _, kind := range []string{"*.pack", "*.idx"} {
		files, err := filepath.Glob(filepath.Join(folder, "pack", kind))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		whole, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(files[0], 0o600); err != nil {
			t.Fatal(err)
		}
		refused := 0
		for n := range 60 {
			b := bytes.Clone(whole)
			if n%6 == 5 {
				b = b[:len(b)*n/60]
			} else {
				b[len(b)*n/60] ^= 0x55
			}
			if err := os.WriteFile(files[0], b, 0o600); err != nil {
				t.Fatal(err)
			}
			p := openPacks(folder)
			for _, name := range names {
				h := plumbing.NewHash(name)
				typ, b, found, err := p.read(h)
				switch {
				case err != nil || !found:
					refused++
				case kind == "*.pack" && !readsAs(h, typ, b):
					// A damaged copy instruction inside a delta keeps zlib's sum only if
					// the sum was hit too, which one byte can't do.
					t.Errorf("byte %d: %s reads as something else", len(whole)*n/60, name)
				}
				if b := p.commit(h, maxObject); kind == "*.pack" && b != nil && !readsAs(h, plumbing.CommitObject, b) {
					t.Errorf("byte %d: commit %s reads as something else", len(whole)*n/60, name)
				}
			}
			if err := p.close(); err != nil {
				t.Error(err)
			}
		}
		if refused == 0 {
			t.Errorf("%s: no damage was noticed", kind)
		}
		if err := os.WriteFile(files[0], whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
