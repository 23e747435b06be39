package output

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestDiskFull(t *testing.T) {
	top := t.TempDir()
	if err := syscall.Mount("tmpfs", top, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("no right to mount a small tmpfs: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(top, 0); err != nil {
			t.Error(err)
		}
	})
	dir := filepath.Join(top, "site")
	built(t, dir, map[string]string{"public/index.html": "old"})
	failingChild(t, "exchange", dir, "disk-full", "no space left", "site")
	alone(t, top, "site")

	_, err := Open(top)
	refused(t, err, "output-is-mount", filepath.Base(top))
}
