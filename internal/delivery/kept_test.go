package delivery

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// keep brings a generation to the bucket and keeps it.
func (s *store) keep(k *Kept, n int) {
	s.t.Helper()
	s.know()
	if _, unkept, err := k.Deliver(context.Background(), publicOf(s.t, buildTree(s.t, generation(n)))); err != nil || unkept != nil {
		s.t.Fatalf("generation %d: %v, %v", n, err, unkept)
	}
	s.holds(n)
}

// back goes back and says to which version.
func (s *store) back(k *Kept, number int) (Version, error) {
	s.t.Helper()
	s.know()
	v, _, err := k.Rollback(context.Background(), number, anyVersion)
	return v, err
}

func (s *store) mustBack(k *Kept, number, version, n int) {
	s.t.Helper()
	v, err := s.back(k, number)
	if err != nil || v.Number != version {
		s.t.Fatalf("version %d, %v; want %d", v.Number, err, version)
	}
	s.holds(n)
}

// A bucket goes back step by step, as far as versions are kept, and forward again; a
// file that several versions have is kept once, and none that no version has.
func TestKept(t *testing.T) {
	s := newStore(t)
	k := keptOn(s.server.URL, t.TempDir())
	for n := 1; n <= 4; n++ {
		s.keep(k, n)
	}
	s.keep(k, 4) // the same again is no version of its own
	versions, err := k.Versions()
	if err != nil || len(versions) != 3 || versions[0].Number != 4 || !versions[0].Current || versions[1].Release != "1.3.0" {
		t.Fatalf("%+v, %v", versions, err)
	}
	kept, wanted := 0, map[string]bool{}
	for _, v := range versions {
		for _, sum := range v.sums {
			wanted[sum] = true
		}
	}
	if err := filepath.WalkDir(filepath.Join(k.Shelf.Dir, "files"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			kept++
		}
		return err
	}); err != nil || kept != len(wanted) {
		t.Errorf("%d files for %d contents, %v", kept, len(wanted), err)
	}
	s.mustBack(k, 0, 3, 3)
	s.mustBack(k, 0, 2, 2)
	_, err = s.back(k, 0)
	problem(t, err, "no-version", "no earlier version")
	s.holds(2)
	_, err = s.back(k, 9)
	problem(t, err, "no-version", "no version 9")
	s.mustBack(k, 4, 4, 4)
	s.keep(k, 5)
	s.mustBack(k, 0, 4, 4)
}

// What isn't whole any more, and what may not be shown, changes nothing.
func TestKeptRefuses(t *testing.T) {
	s := newStore(t)
	k := keptOn(s.server.URL, t.TempDir())
	_, err := s.back(k, 0)
	problem(t, err, "no-version", "this machine keeps no earlier version")
	s.keep(k, 1)
	s.keep(k, 2)
	asked := s.asked()
	refusal := func(v Version) error { return os.ErrPermission }
	if _, _, err := k.Rollback(context.Background(), 1, refusal); err != os.ErrPermission {
		t.Errorf("%v", err)
	}
	versions, err := k.Versions()
	if err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(k.Shelf.Dir, blob(versions[1].sums["index.html"]))
	if err := os.WriteFile(page, []byte("half"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err = s.back(k, 0)
	problem(t, err, "version-damaged", "index.html")
	if s.asked() != asked {
		t.Error("the store was asked")
	}
	s.holds(2)
	s.keep(k, 1) // delivering what is damaged mends it
	s.keep(k, 2)
	s.mustBack(k, 0, 3, 1)
}

// Nobody guesses what came before a version that another machine brought.
func TestKeptElsewhere(t *testing.T) {
	s := newStore(t)
	here, there := keptOn(s.server.URL, t.TempDir()), keptOn(s.server.URL, t.TempDir())
	s.keep(here, 1)
	s.keep(here, 2)
	s.keep(there, 3)
	_, err := s.back(here, 0)
	problem(t, err, "other-machine", "another machine")
	s.holds(3)
	_, err = s.back(there, 0)
	problem(t, err, "no-version", "keeps no earlier version")
	s.mustBack(here, 1, 1, 1)
	s.keep(here, 3)
	s.mustBack(here, 0, 2, 2)
}

// killed runs the test's binary and kills it at a request of the store's, 0 for
// none. It gives how many requests there were.
func (s *store) killed(at int, mode string, args ...string) int {
	s.t.Helper()
	self, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	s.know()
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), childVar+"="+mode)
	n, out, err := s.run(cmd, at)
	if at == 0 && err != nil {
		s.t.Fatalf("%v: %s", err, out)
	}
	return n
}

// A rollback that is killed at any of its requests leaves no reader with a broken
// page (the store looks after each change), and the same command ends it: at the
// same version, not at the one before.
func TestKeptKilled(t *testing.T) {
	total := 0
	for at := 0; at == 0 || at <= total; at += 4 {
		s := newStore(t)
		k := keptOn(s.server.URL, t.TempDir())
		for _, n := range []int{1, 2, 5} {
			s.keep(k, n)
		}
		n := s.killed(at, "rollback", "-", s.server.URL, k.Shelf.Dir)
		if at == 0 {
			total = n
			s.holds(2)
			continue
		}
		if k.Shelf.state().To == 0 { // nothing had begun, or all was done
			continue
		}
		s.mustBack(k, 0, 2, 2)
		s.mustBack(k, 0, 1, 1)
	}
	if total < 8 {
		t.Fatalf("only %d requests", total)
	}
	t.Logf("killed at every fourth of %d requests", total)
}

// After a delivery that was killed, the version before is the one that was whole.
func TestKeptDeliveryKilled(t *testing.T) {
	s := newStore(t)
	k := keptOn(s.server.URL, t.TempDir())
	s.keep(k, 1)
	s.keep(k, 2)
	tree := buildTree(t, generation(5))
	s.killed(9, "kept", tree, s.server.URL, k.Shelf.Dir)
	if st := k.Shelf.state(); st.To != 3 || st.Shown != 2 {
		t.Fatalf("%+v", st)
	}
	s.mustBack(k, 0, 2, 2)
	s.keep(k, 5)
	s.mustBack(k, 0, 2, 2)
}

// A store that lies is found out in a rollback, too, and the hint says to go back
// again, not to deliver.
func TestKeptLies(t *testing.T) {
	for name, lie := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"takes a page and doesn't keep it": func(_ http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodPut && strings.Contains(r.URL.Path, "releases/1.1.0")
		},
		"deletes nothing": func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodDelete {
				w.WriteHeader(http.StatusNoContent)
			}
			return r.Method == http.MethodDelete
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			k := keptOn(s.server.URL, t.TempDir())
			s.keep(k, 1)
			s.keep(k, 4)
			s.answer(func(w http.ResponseWriter, r *http.Request, _ []byte) bool { return lie(w, r) })
			_, err := s.back(k, 0)
			problem(t, err, "store-lies", "the store says")
			if !strings.Contains(hintOf(err), "run the rollback again") {
				t.Errorf("hint %q", hintOf(err))
			}
			s.answer(nil)
			s.mustBack(k, 0, 1, 1)
		})
	}
}
