//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// In a workspace that can be read and not written nothing is decided, and whoever
// tries is told so; how a release stands can be asked.
func TestReadOnlyWorkspace(t *testing.T) {
	top := t.TempDir()
	work := filepath.Join(top, "work")
	makeProduct(t, filepath.Join(top, "product"))
	if err := os.MkdirAll(filepath.Join(work, ".daybreak"), 0o755); err != nil {
		t.Fatal(err)
	}
	settings := "product: {name: Probe}\nlanguages: [en]\nrepositories: [{path: ../product}]\npublish: {after: 1.2.0}\ndeliver: [{name: web, folder: ../www}]\n"
	if err := os.WriteFile(filepath.Join(work, configFile), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(top, "daybreak")
	binary, err := os.ReadFile(testBinary(t)) // where it lies nobody else may look
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{work, filepath.Join(work, ".daybreak")} {
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
	}
	run := func(args ...string) string {
		args = append([]string{program}, append(args, "--workspace", work)...)
		root := os.Getuid() == 0 // for whom nothing is read only
		if setpriv, err := exec.LookPath("setpriv"); root && err == nil {
			args, root = append([]string{setpriv, "--inh-caps=-all", "--bounding-set=-all"}, args...), false
		}
		cmd := bounded(t, args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "DAYBREAK_CACHE="+filepath.Join(top, "cache"))
		if root {
			for dir := top; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
				_ = os.Chmod(dir, 0o755)
			}
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		text, _ := cmd.CombinedOutput()
		return string(text)
	}
	for _, args := range [][]string{{"approve", "1.3.0", "--by", "SA"}, {"publish", "1.3.0"}, {"withdraw", "1.2.0", "--reason", "prices"}, {"deliver"}, {"rollback"}} {
		if said := run(args...); !strings.Contains(said, "can't be written, and decisions are written down in it; nothing has changed") || !strings.Contains(said, "hint: get leave to write there") {
			t.Errorf("%v says:\n%s", args, said)
		}
	}
	if said := run("status", "1.3.0"); !strings.Contains(said, "DRAFT") && !strings.Contains(said, "READY") {
		t.Errorf("status says:\n%s", said)
	}
}
