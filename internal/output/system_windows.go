package output

import (
	"errors"

	"golang.org/x/sys/windows"
)

// An open file can't be removed there.
const removeNeedsUnlock = true

func isDiskFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

func isReadOnly(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }

func isNotDir(err error) bool { return errors.Is(err, windows.ERROR_DIRECTORY) }

func isBusy(err error) bool { return errors.Is(err, windows.ERROR_NOT_SAME_DEVICE) }

// access: permissions there are lists of rules; the first write tells.
func access(string) error { return nil }

func syncDir(string) {}
