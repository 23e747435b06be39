package delivery

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"daybreak/internal/diag"
)

// A full disk under a folder to deliver to is told with what mends it there: the
// folder stands in the configuration, not on the command line.
func TestFolderFull(t *testing.T) {
	top := t.TempDir()
	if err := syscall.Mount("tmpfs", top, "tmpfs", 0, "size=256k"); err != nil {
		t.Skip("no right to mount a small tmpfs: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(top, 0); err != nil {
			t.Error(err)
		}
	})
	f := &Folder{Path: filepath.Join(top, "changelog"), Keep: 2}
	deliverTo(t, f, 1, true)
	large := generation(2)
	large["assets/large.00000002.png"] = strings.Repeat("x", 512<<10)
	_, err := f.Deliver(publicOf(t, buildTree(t, large)))
	var p *diag.Problem
	if !errors.As(err, &p) || p.Code != "disk-full" || strings.Contains(p.Hint, "--out") || !strings.Contains(p.Hint, "under deliver") {
		t.Errorf("%v %+v", err, p)
	}
	shows(t, f, 1)
	deliverTo(t, f, 2, true)
}
