package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestRefusedPlaces(t *testing.T) {
	top := t.TempDir()
	home := filepath.Join(top, "home")
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	if err := os.Mkdir(home, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(top, "file"), "x")
	write(t, filepath.Join(top, "full/letter.txt"), "dear")
	write(t, filepath.Join(top, "work/.git/HEAD"), "ref: refs/heads/main")
	write(t, filepath.Join(top, "bare.git/HEAD"), "ref: refs/heads/main")
	write(t, filepath.Join(top, "bare.git/objects/x"), "")
	write(t, filepath.Join(top, "bare.git/refs/x"), "")
	before := tree(t, top)

	cases := []struct {
		dir, code string
		words     []string
	}{
		{"", "output-name", nil},
		{"/", "output-place", []string{"root"}},
		{home, "output-place", []string{"home"}},
		{top + "/file", "output-not-folder", []string{"file"}},
		{top + "/file/below", "output-not-folder", []string{"below"}},
		{top + "/full", "output-not-ours", []string{"full", "letter.txt"}},
		{top + "/work/.git", "output-place", []string{"git repository"}},
		{top + "/work/.git/site", "output-place", []string{"git repository"}},
		{top + "/bare.git/some/site", "output-place", []string{"git repository"}},
		{top + "/x\x00y", "output-name", []string{"NUL"}},
	}
	for _, c := range cases {
		t.Run(strings.TrimPrefix(c.dir, top), func(t *testing.T) {
			_, err := Open(c.dir)
			refused(t, err, c.code, c.words...)
		})
	}
	same(t, top, before)
	alone(t, top, "bare.git", "file", "full", "home", "work")
}

// A marker of somebody else doesn't make a folder ours.
func TestForgedMarker(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	write(t, filepath.Join(dir, Marker), "hello")
	_, err := Open(dir)
	refused(t, err, "output-not-ours", Marker)
}

func TestForeignFilesAreKept(t *testing.T) {
	cases := map[string]struct {
		change func(t *testing.T, dir string)
		name   string
	}{
		"added":         {func(t *testing.T, dir string) { write(t, dir+"/public/mine.txt", "mine") }, "public/mine.txt"},
		"edited":        {func(t *testing.T, dir string) { write(t, dir+"/team/x.html", "edited") }, "team/x.html"},
		"git directory": {func(t *testing.T, dir string) { write(t, dir+"/public/.git/HEAD", "ref") }, "public/.git/HEAD"},
		"link": {func(t *testing.T, dir string) {
			if err := os.Symlink("x.html", dir+"/team/link"); err != nil {
				t.Skip(err)
			}
		}, "team/link"},
	}
	for what, c := range cases {
		t.Run(what+" before Open", func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "site")
			built(t, dir, first)
			c.change(t, dir)
			before := tree(t, dir)
			_, err := Open(dir)
			refused(t, err, "output-foreign-file", fmt.Sprintf("%q", c.name))
			same(t, dir, before)
			alone(t, filepath.Dir(dir), "site")
		})
		t.Run(what+" before Commit", func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "site")
			built(t, dir, first)
			out, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			put(t, out, second)
			c.change(t, dir)
			before := tree(t, dir)
			refused(t, out.Commit(), "output-foreign-file", fmt.Sprintf("%q", c.name))
			same(t, dir, before)
			alone(t, filepath.Dir(dir), "site")
		})
		t.Run(what+" during the swap", func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "site")
			built(t, dir, first)
			out, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			put(t, out, second)
			swap := out.exchange
			out.exchange = func(a, b string) error {
				c.change(t, dir)
				return swap(a, b)
			}
			err = out.Commit()
			if what == "edited" {
				return // a listed file: in that instant nothing tells an edit from our own bytes
			}
			refused(t, err, "old-tree-kept", "daybreak-")
			left := tree(t, out.stage)
			if left == nil {
				left = tree(t, out.aside)
			}
			if _, ok := left[c.name]; !ok {
				t.Errorf("the foreign file is gone; left: %v", left)
			}
			_, err = Open(dir)
			refused(t, err, "output-leftover")
		})
	}
}

// What desktops put into folders stops no build.
func TestDroppingsGo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	built(t, dir, first)
	write(t, dir+"/public/.DS_Store", "x")
	if err := os.MkdirAll(dir+"/public/empty/deeper", 0o777); err != nil {
		t.Fatal(err)
	}
	built(t, dir, second)
	alone(t, filepath.Dir(dir), "site")
}

// Something of somebody else's under our working names is never deleted.
func TestForeignLeftover(t *testing.T) {
	for _, name := range []string{".site.daybreak-new", ".site.daybreak-old"} {
		top := t.TempDir()
		write(t, filepath.Join(top, name, "diary.txt"), "dear diary")
		before := tree(t, top)
		_, err := Open(filepath.Join(top, "site"))
		refused(t, err, "output-leftover", name)
		same(t, top, before)

		top = t.TempDir()
		write(t, filepath.Join(top, name), "a file")
		_, err = Open(filepath.Join(top, "site"))
		refused(t, err, "output-leftover", name)
		same(t, top, map[string]string{name: "a file"})
	}
}

// Two renames, killed between them: the next Open brings the old tree back.
func TestRecoveryBetweenRenames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	old := built(t, dir, first)
	out, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, out, second)
	if err := out.prepare(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Rename(out.dir, out.aside), out.lock.file.Close()); err != nil { // as if killed here
		t.Fatal(err)
	}
	again, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	same(t, dir, old)
	if err := again.Abort(); err != nil {
		t.Fatal(err)
	}
	same(t, dir, old)
	alone(t, filepath.Dir(dir), "site")
}

func TestCheckPath(t *testing.T) {
	good := []string{"a", "a/b.html", "releases/2026.14.0-rc.1+b/index.html", ".well-known/x", "ä/ö.html", "console/index.html", "com10", "nulls.txt", "a b/c"}
	for _, p := range good {
		if err := CheckPath(p); err != nil {
			t.Error(err)
		}
	}
	bad := []string{"", ".", "/", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", `a\b`, "a\x00b", "a\nb", "a\x7fb", "a\u202eb", "a\xffb",
		"c:/x", "a?b", "a*b", "a|b", `a"b`, "a<b", "a.", "a /b", "a/b.", "nul", "NUL.txt", "a/con/b", "Com1.html", "lpt9", "COM¹", "aux .txt", "CONIN$",
		strings.Repeat("x", 256), Marker, Marker + ".next"}
	for _, p := range bad {
		if err := CheckPath(p); err == nil {
			t.Errorf("%q was taken", p)
		}
	}
}

func TestDoubles(t *testing.T) {
	cases := [][]string{
		{"a/b", "a/b"},
		{"a/b", "a/B"},
		{"a/b", "A/c"},
		{"straße", "STRASSE"},
		{"a/\u00fc", "a/u\u0308"},
		{"a", "a/b"},
		{"a/b", "a"},
	}
	for _, c := range cases {
		var n names
		if _, err := n.add(c[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := n.add(c[1]); err == nil {
			t.Errorf("%q was taken after %q", c[1], c[0])
		}
	}
}

func FuzzCheckPath(f *testing.F) {
	for _, s := range []string{"a/b", "../x", "NUL", "a\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if CheckPath(p) == nil && (!filepath.IsLocal(p) || strings.ContainsAny(p, "\\\x00\n")) {
			t.Errorf("%q was taken", p)
		}
	})
}
