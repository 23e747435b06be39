// Package output puts a tree of files on the disk, whole or not at all.
//
// Open prepares a folder beside the wanted one, Put fills it, Commit swaps the
// two. Until Commit returns, readers of the folder see the old tree and
// nothing else; a run that fails or is killed at any point leaves the old tree
// byte by byte as it was. The swap is one system call where the filesystem can
// exchange two folders (renameat2 with RENAME_EXCHANGE on Linux, RENAME_SWAP
// on macOS). Elsewhere it is two renames, and a run killed between them is
// mended by the next Open, which moves the old tree back.
//
// # What belongs to daybreak
//
// Every tree holds a file [Marker]: a manifest in the format of sha256sum(1)
// with a line for each file that daybreak wrote. A folder is replaced only
// where it is empty, or where everything in it is listed and unchanged. A file
// that is not listed, or was edited since, is never deleted: Open refuses and
// names it. What desktops drop into folders by themselves (.DS_Store,
// Thumbs.db, desktop.ini) and folders without a file don't count.
//
// Beside an output folder "site", a run keeps ".site.daybreak-new" (the tree
// being written, and after the swap the old one until it is deleted),
// ".site.daybreak-old" (only where two renames are needed) and
// ".site.daybreak-lock". They are gone after Commit and Abort. What a killed
// run left there is removed by the next Open, by the same rule: only with our
// marker in it.
//
// # Durability
//
// No file is synced by itself: thousands of fsync calls would cost more than
// the build. On Linux one syncfs before the swap and one fsync of the parent
// folder after it make the new tree durable before the old one is deleted.
// Elsewhere a power cut right after a build can leave damaged files; the
// manifest tells, and the next build says so.
package output

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"

	"daybreak/internal/diag"
)

// Tree is a tree of files being written. Put may be called from several
// goroutines; Commit and Abort may not overlap with it.
type Tree struct {
	dir   string // absolute, without symbolic links
	stage string // ".<name>.daybreak-new" beside dir
	aside string // ".<name>.daybreak-old" beside dir
	named string // dir as the caller wrote it, for messages

	exists   bool     // dir is there: empty or ours
	made     []string // parents that Open created, outermost first
	lock     *lock
	root     *os.Root // of stage; no path, however odd, leads out of it
	dirMode  fs.FileMode
	fileMode fs.FileMode
	chmod    bool // the umask hides new files from ourselves

	mu    sync.Mutex
	names names
	sums  map[string]string // path → SHA-256 in hex
	err   error             // first failure of a Put: such a tree can't be committed
	done  bool

	exchange func(a, b string) error // swaps two folders; errors.ErrUnsupported where it can't
	flush    func(dir string) error  // makes what was written durable
}

// Dir gives the folder's absolute path with symbolic links resolved.
func (t *Tree) Dir() string { return t.dir }

// Put writes one file. The path is slash-separated and relative to the folder;
// its rules are those of [CheckPath], and no two paths may be the same on a
// filesystem that ignores case. After an error the tree can only be aborted.
func (t *Tree) Put(name string, data []byte) error {
	err := t.put(name, data)
	if err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.err == nil {
			t.err = err
		}
	}
	return err
}

func (t *Tree) put(name string, data []byte) error {
	sum := sha256.Sum256(data)
	t.mu.Lock()
	if t.done {
		t.mu.Unlock()
		return errors.New("the output tree is closed")
	}
	newDir, err := t.names.add(name)
	if err == nil {
		t.sums[name] = hex.EncodeToString(sum[:])
		if newDir {
			err = t.makeDir(path.Dir(name))
		}
	}
	t.mu.Unlock()
	if err != nil {
		return err
	}
	return t.explain(t.write(filepath.FromSlash(name), data), "writing "+fmt.Sprintf("%q", name))
}

func (t *Tree) makeDir(dir string) error {
	if err := t.root.MkdirAll(filepath.FromSlash(dir), t.dirMode); err != nil {
		return t.explain(err, fmt.Sprintf("making folder %q", dir))
	}
	if !t.chmod {
		return nil
	}
	for d := dir; d != "."; d = path.Dir(d) {
		if err := t.root.Chmod(filepath.FromSlash(d), t.dirMode); err != nil {
			return t.explain(err, fmt.Sprintf("making folder %q", dir))
		}
	}
	return nil
}

func (t *Tree) write(name string, data []byte) error {
	f, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, t.fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil && t.chmod {
		err = f.Chmod(t.fileMode)
	}
	return errors.Join(err, f.Close())
}

// Commit makes the tree the folder's content. On an error before the swap the
// old tree stands and the new one is removed. An error with the code
// "old-tree-kept" means that the new tree stands but the old one, beside it,
// could not be removed.
func (t *Tree) Commit() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done {
		return errors.New("the output tree is closed")
	}
	if err := t.prepare(); err != nil {
		return errors.Join(err, t.close())
	}
	if err := t.swap(); err != nil {
		return errors.Join(err, t.close())
	}
	t.made = nil // they hold the new tree
	syncDir(filepath.Dir(t.dir))
	return t.close()
}

// prepare does all that can fail before the swap.
func (t *Tree) prepare() error {
	if t.err != nil {
		return fmt.Errorf("the tree is incomplete: %w", t.err)
	}
	// The marker that says "unfinished" is replaced in one step, so that there is
	// no moment at which the folder isn't provably ours.
	const next = Marker + ".next"
	if err := t.write(next, manifest(t.sums)); err != nil {
		return t.explain(err, "writing the manifest")
	}
	if err := t.root.Rename(next, Marker); err != nil {
		return t.explain(err, "writing the manifest")
	}
	// Windows moves no folder that is open.
	if err := t.root.Close(); err != nil {
		return t.explain(err, "closing the folder")
	}
	t.root = nil
	if err := t.flush(t.stage); err != nil {
		return t.explain(err, "writing to the disk")
	}
	if t.exists { // somebody may have put a file there while we were writing
		return refuseForeign(t.dir, t.named)
	}
	return nil
}

// swap puts stage at dir. Afterwards the old tree, where there was one, lies at
// stage or aside.
func (t *Tree) swap() error {
	if !t.exists {
		return t.explain(os.Rename(t.stage, t.dir), "moving the new tree into place")
	}
	err := t.exchange(t.stage, t.dir)
	if !errors.Is(err, errors.ErrUnsupported) {
		return t.explain(err, "swapping the trees")
	}
	if err := os.Rename(t.dir, t.aside); err != nil {
		return t.explain(err, "moving the old tree aside")
	}
	if err := os.Rename(t.stage, t.dir); err != nil {
		return errors.Join(t.explain(err, "moving the new tree into place"), os.Rename(t.aside, t.dir))
	}
	return nil
}

// Abort removes all that was written and leaves the folder as it was. After
// Commit it does nothing, so that it can be deferred.
func (t *Tree) Abort() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done {
		return nil
	}
	return t.close()
}

func (t *Tree) close() error {
	t.done = true
	var errs []error
	if t.root != nil {
		errs = append(errs, t.root.Close())
		t.root = nil
	}
	for _, left := range []string{t.stage, t.aside} {
		if err := removeOurs(left); err != nil {
			errs = append(errs, diag.Refuse("old-tree-kept", diag.Say("%q could not be removed", left),
				diag.Say("Look into it, keep what you need, and delete it before the next build.")).Because(err))
		}
	}
	errs = append(errs, t.lock.release())
	t.removeParents()
	return errors.Join(errs...)
}

// explain turns what the system says into what a person can act on.
func (t *Tree) explain(err error, doing string) error {
	return explain(err, doing, t.named)
}

func explain(err error, doing, named string) error {
	switch {
	case err == nil:
		return nil
	case isDiskFull(err):
		return diag.Refuse("disk-full", diag.Say("no space left for the output folder %q: %s", named, doing),
			diag.Say("Free some space there or name another folder with --out; the old site is untouched.")).Because(err)
	case isBusy(err):
		return mountProblem(named, err)
	case errors.Is(err, fs.ErrPermission) || isReadOnly(err):
		return diag.Refuse("output-not-writable", diag.Say("the output folder %q can't be written: %s", named, doing),
			diag.Say("daybreak writes beside the folder and swaps: it needs leave to write in the folder and in the one above it.")).Because(err)
	}
	return fmt.Errorf("output folder %q: %s: %w", named, doing, err)
}

func mountProblem(named string, err error) error {
	return diag.Refuse("output-is-mount", diag.Say("the output folder %q can't be swapped as a whole: it is a mount point or belongs to a container's image", named),
		diag.Say("Name a folder inside it: --out %s.", filepath.Join(named, "site"))).Because(err)
}
