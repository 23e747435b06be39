package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"daybreak/internal/diag"
)

// Open prepares a new tree for the folder, which need not exist. Symbolic links
// in dir are followed: it is the folder behind them that is replaced.
//
// It refuses, with a *diag.Problem, what must not be replaced: a file, a folder
// with anything in it that daybreak didn't write, the root, the home folder, a
// mount point, anything inside a git repository's own files; and a folder that
// can't be written or into which another daybreak is writing right now.
func Open(dir string) (*Tree, error) {
	real, err := resolve(dir)
	if err != nil {
		return nil, err
	}
	if err := refusePlace(real, dir); err != nil {
		return nil, err
	}
	parent, name := filepath.Split(real)
	t := &Tree{
		dir: real, named: dir,
		stage:    filepath.Join(parent, "."+name+".daybreak-new"),
		aside:    filepath.Join(parent, "."+name+".daybreak-old"),
		sums:     map[string]string{},
		exchange: exchange, flush: syncTree,
	}
	if t.made, err = makeParents(filepath.Clean(parent)); err != nil {
		t.removeParents()
		return nil, explain(err, "making the folder above it", dir)
	}
	if t.lock, err = acquire(filepath.Join(parent, "."+name+".daybreak-lock"), dir); err != nil {
		t.removeParents()
		return nil, err
	}
	if err := t.begin(); err != nil {
		err = errors.Join(err, t.lock.release())
		t.removeParents()
		return nil, err
	}
	return t, nil
}

// begin runs under the lock.
func (t *Tree) begin() error {
	if err := t.repair(); err != nil {
		return err
	}
	if err := t.inspect(); err != nil {
		return err
	}
	if err := os.Mkdir(t.stage, 0o777); err != nil {
		return t.explain(err, "making a folder beside it")
	}
	err := t.modes()
	if err == nil {
		t.root, err = os.OpenRoot(t.stage)
	}
	if err == nil {
		err = t.write(Marker, []byte(unfinished))
	}
	if err != nil {
		if t.root != nil {
			_ = t.root.Close()
		}
		_ = os.RemoveAll(t.stage) // ours: made above, under the lock
		return t.explain(err, "making a folder beside it")
	}
	return nil
}

// repair mends what a killed run left: it moves the old tree back where it was
// caught between two renames, and removes the rest.
func (t *Tree) repair() error {
	if _, err := os.Lstat(t.dir); errors.Is(err, fs.ErrNotExist) {
		if ours, err := isOurs(t.aside); err == nil && ours {
			if err := os.Rename(t.aside, t.dir); err != nil {
				return t.explain(err, "moving the old tree back")
			}
		}
	}
	for _, left := range []string{t.stage, t.aside} {
		if err := removeOurs(left); err != nil {
			return diag.Refuse("output-leftover", diag.Say("%q is in the way and isn't wholly daybreak's", left),
				diag.Say("Look into it, keep what you need, delete it, and build again.")).Because(err)
		}
	}
	return nil
}

// inspect decides whether the folder may be replaced.
func (t *Tree) inspect() error {
	info, err := os.Lstat(t.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return t.explain(err, "looking at it")
	}
	if !info.IsDir() {
		return notFolder(t.named)
	}
	t.exists = true
	if isMount(t.dir) {
		return mountProblem(t.named, nil)
	}
	if err := access(t.dir); err != nil {
		return t.explain(err, "looking at it")
	}
	return refuseForeign(t.dir, t.named)
}

// modes takes the permissions from the folder that is replaced, else from the
// umask as it showed itself on the new folder. The owner can always read and
// write, files are never executable.
func (t *Tree) modes() error {
	info, err := os.Stat(t.stage)
	if err != nil {
		return err
	}
	made := info.Mode().Perm()
	t.chmod = made&0o700 != 0o700
	t.dirMode = made | 0o700
	t.fileMode = t.dirMode &^ 0o111
	top := t.dirMode
	if t.exists {
		old, err := os.Stat(t.dir)
		if err != nil {
			return err
		}
		top = old.Mode().Perm() | 0o700
	}
	if top != made {
		return os.Chmod(t.stage, top)
	}
	return nil
}

// resolve gives the absolute path with all links of the existing part followed.
func resolve(dir string) (string, error) {
	if dir == "" {
		return "", diag.Refuse("output-name", diag.Say("the output folder has no name"),
			diag.Say("Name one with --out."))
	}
	if strings.ContainsRune(dir, 0) {
		return "", diag.Refuse("output-name", diag.Say("the output folder %q holds a NUL character", dir),
			diag.Say("Name another one with --out."))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("output folder %q: %w", dir, err)
	}
	rest := ""
	for existing := abs; ; {
		info, err := os.Lstat(existing)
		if errors.Is(err, fs.ErrNotExist) && filepath.Dir(existing) != existing {
			rest = filepath.Join(filepath.Base(existing), rest)
			existing = filepath.Dir(existing)
			continue
		}
		if err != nil {
			return "", explainLook(err, dir)
		}
		real, err := filepath.EvalSymlinks(existing)
		if err != nil && info.Mode()&fs.ModeSymlink != 0 {
			return "", diag.Refuse("output-dangling-link", diag.Say("the output folder %q goes through the link %q, which leads nowhere", dir, existing),
				diag.Say("Make the folder behind the link, or name another one with --out.")).Because(err)
		}
		if err != nil {
			return "", explainLook(err, dir)
		}
		if info, err := os.Stat(real); err != nil || !info.IsDir() {
			return "", notFolder(dir) // a file, or a file in the place of a folder above
		}
		return filepath.Join(real, rest), nil
	}
}

// explainLook tells "a file stands in the middle of the path" from the rest.
func explainLook(err error, dir string) error {
	if isNotDir(err) {
		return notFolder(dir)
	}
	return explain(err, "looking at it", dir)
}

func notFolder(named string) error {
	return diag.Refuse("output-not-folder", diag.Say("the output folder %q is, or lies under, something that is no folder", named),
		diag.Say("Name a folder with --out; it need not exist yet."))
}

// refusePlace names the places that are never an output folder, whatever is in them.
func refusePlace(real, named string) error {
	refuse := func(what, hint diag.Phrase) error {
		return diag.Refuse("output-place", diag.Say("the output folder %q is %s", named, what), hint)
	}
	if filepath.Dir(real) == real {
		return refuse(diag.Say("the root of the filesystem"), diag.Say("Name a folder of its own with --out, for example site."))
	}
	if home, err := os.UserHomeDir(); err == nil {
		if resolved, err := filepath.EvalSymlinks(home); err == nil {
			home = resolved
		}
		if real == filepath.Clean(home) {
			return refuse(diag.Say("your home folder"), diag.Say("Name a folder of its own with --out, for example site."))
		}
	}
	for p := real; filepath.Dir(p) != p; p = filepath.Dir(p) {
		if strings.EqualFold(filepath.Base(p), ".git") || isGitDir(p) {
			return refuse(diag.Say("inside a git repository's own files"), diag.Say("Name a folder outside of it with --out."))
		}
	}
	return nil
}

// isGitDir knows a bare repository by what git itself asks for: HEAD, objects, refs.
func isGitDir(dir string) bool {
	return !slices.ContainsFunc([]string{"HEAD", "objects", "refs"}, func(name string) bool {
		_, err := os.Lstat(filepath.Join(dir, name))
		return err != nil
	})
}

// removeParents takes back what makeParents made, as far as it is still empty.
func (t *Tree) removeParents() {
	for _, made := range slices.Backward(t.made) {
		_ = os.Remove(made) // fails, and should, where somebody else has put something there
	}
}

// makeParents is os.MkdirAll that tells what it made, outermost first.
func makeParents(dir string) ([]string, error) {
	var missing []string
	for p := dir; ; p = filepath.Dir(p) {
		if _, err := os.Stat(p); err == nil {
			break
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		missing = append(missing, p)
	}
	slices.Reverse(missing)
	for i, p := range missing {
		if err := os.Mkdir(p, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return missing[:i], err
		}
	}
	return missing, nil
}
