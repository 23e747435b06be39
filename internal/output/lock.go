package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"daybreak/internal/diag"
)

// lock keeps a second run off the same folder. The system drops it with the
// process, so a killed run locks nobody out.
type lock struct{ file *flock.Flock }

// Lock takes a lock file, with the folders above it, for work of which there
// may be one at a time; busy is what is said where another process has it.
func Lock(path string, busy *diag.Problem) (release func() error, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fmt.Errorf("making the folder of %q: %w", path, err)
	}
	l, err := acquire(path, path)
	var problem *diag.Problem
	if errors.As(err, &problem) && problem.Code == codeInUse {
		return nil, busy
	}
	if err != nil {
		return nil, err
	}
	return l.release, nil
}

// codeInUse is the code of the problem that another process holds a lock.
const codeInUse = "output-in-use"

func acquire(path, named string) (*lock, error) {
	for {
		f := flock.New(path, flock.SetPermissions(0o666))
		ok, err := f.TryLock()
		if err != nil {
			return nil, explain(err, "locking it", named)
		}
		if !ok {
			_ = f.Close()
			return nil, diag.Refuse(codeInUse, diag.Say("another daybreak is writing to %q right now; this one has changed nothing", named),
				diag.Say("Wait until it is done and run again, or name another folder with --out."))
		}
		// The run before us removes its lock file when it is done. If that happened
		// between our opening and our locking, we hold a file that nobody else sees.
		held, err1 := f.Stat()
		there, err2 := os.Stat(path)
		if err1 == nil && err2 == nil && os.SameFile(held, there) {
			return &lock{file: f}, nil
		}
		if err := f.Close(); err != nil {
			return nil, explain(err, "locking it", named)
		}
		if err := errors.Join(err1, err2); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, explain(err, "locking it", named)
		}
	}
}

// ErrHeld says that another run has what only one may have at a time.
var ErrHeld = errors.New("held by another run")

// Hold makes a lock file and keeps it until release is called, or the process
// ends; ErrHeld where another run has it.
func Hold(path string) (release func(), err error) {
	held, err := acquire(path, path)
	var busy *diag.Problem
	if errors.As(err, &busy) && busy.Code == "output-in-use" {
		return nil, ErrHeld
	}
	if err != nil {
		return nil, err
	}
	return func() { _ = held.release() }, nil // a lock that stays behind locks nobody out
}

// release removes the file while it is still locked; see acquire.
func (l *lock) release() error {
	err := os.Remove(l.file.Path())
	if errors.Is(err, fs.ErrNotExist) || removeNeedsUnlock {
		err = nil
	}
	err = errors.Join(err, l.file.Close())
	if removeNeedsUnlock {
		_ = os.Remove(l.file.Path())
	}
	return err
}
