package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// File writes one file outside any tree, its folder too where it isn't there.
// An older file of the name is replaced when the new one is whole; a run that
// is killed leaves the old one.
func File(path string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("making the folder of %q: %w", path, err)
	}
	beside, err := os.CreateTemp(filepath.Dir(path), ".daybreak-*")
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("writing %q: %w", path, err), os.Remove(beside.Name()))
		}
	}()
	if _, err := beside.Write(data); err != nil {
		return errors.Join(err, beside.Close())
	}
	// CreateTemp gives 0600; what people print and pass on is for everybody.
	if err := errors.Join(beside.Chmod(0o644), beside.Close()); err != nil {
		return err
	}
	return os.Rename(beside.Name(), path)
}
