//go:build unix

package output

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

const removeNeedsUnlock = false

func isDiskFull(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

func isReadOnly(err error) bool { return errors.Is(err, unix.EROFS) }

func isNotDir(err error) bool { return errors.Is(err, unix.ENOTDIR) }

// isBusy: EBUSY is how a mount point answers rename, EXDEV how some overlays do.
func isBusy(err error) bool { return errors.Is(err, unix.EBUSY) || errors.Is(err, unix.EXDEV) }

// access asks whether we may list and empty the folder.
func access(dir string) error {
	if err := unix.Access(dir, unix.R_OK|unix.W_OK|unix.X_OK); err != nil {
		return &os.PathError{Op: "access", Path: dir, Err: err}
	}
	return nil
}

// syncDir makes a rename in the folder durable, as far as the filesystem can.
func syncDir(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}
