package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"daybreak/internal/diag"
)

// appendPatience is how long Append waits for another run that writes the same
// file.
const appendPatience = 5 * time.Second

// Append adds lines to a file that only ever grows; file and folder are made
// where they aren't there. Two runs at once write one after the other, and a
// last line without its end gets one first.
func Append(path string, lines []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("making the folder of %q: %w", path, err)
	}
	held, err := acquire(path+".lock", path)
	var busy *diag.Problem
	for start := time.Now(); errors.As(err, &busy) && busy.Code == codeInUse && time.Since(start) < appendPatience; {
		time.Sleep(10 * time.Millisecond)
		held, err = acquire(path+".lock", path)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("reading %q: %w", path, err)
	}
	if end > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, end-1); err != nil {
			return fmt.Errorf("reading %q: %w", path, err)
		}
		if last[0] != '\n' {
			lines = append([]byte{'\n'}, lines...)
		}
	}
	if !bytes.HasSuffix(lines, []byte{'\n'}) {
		lines = append(bytes.Clone(lines), '\n')
	}
	// One call: a run that is killed leaves all the lines or none.
	if _, err := f.Write(lines); err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	return f.Sync()
}
