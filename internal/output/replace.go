package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace writes one file, with the folders above it, so that at any moment the
// old one or the new one is there whole. It is for files that people keep, like
// drafts; what daybreak builds goes through a Tree. A link is written through
// to the file that it names, and a file keeps its permissions.
func Replace(path string, data []byte) (err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	beside, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", path, errors.Join(err, os.Remove(beside.Name())))
		}
	}()
	if _, err := beside.Write(data); err != nil {
		return errors.Join(err, beside.Close())
	}
	if err := errors.Join(beside.Chmod(mode), beside.Sync(), beside.Close()); err != nil {
		return err
	}
	return os.Rename(beside.Name(), path)
}

// Remove deletes one file, and the folder that held it where it was the last.
// No such file is no error.
func Remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// A folder that still holds something stays, and that is what is wanted.
	_ = os.Remove(filepath.Dir(path))
	return nil
}
