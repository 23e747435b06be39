package delivery

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/output"
)

// Shelf keeps the sites that were brought to a bucket, on the machine that brought
// them: in the bucket anybody could read what was withdrawn. A file that several
// versions have in common is kept once:
//
//	0007.list          sum and path of each file, as sha256sum writes them
//	state.json         which version the bucket shows
//	files/3f/3f2a91…   the files, by the SHA-256 of what they hold
type Shelf struct {
	Dir  string
	Keep int // earlier versions that stay
}

// state says what a bucket shows. Between the first change and the last one it holds
// parts of two versions.
type state struct {
	Shown int  `json:"shown"`          // the version that was there whole, 0 for none
	To    int  `json:"to,omitempty"`   // the one that is being brought, 0 for none
	Back  bool `json:"back,omitempty"` // by a rollback
}

const listExt = ".list"

func (s *Shelf) stateFile() string { return filepath.Join(s.Dir, "state.json") }

// state reads what the bucket shows. Where it can't be read nothing is known.
func (s *Shelf) state() state {
	var st state
	if data, err := os.ReadFile(s.stateFile()); err != nil || json.Unmarshal(data, &st) != nil {
		return state{}
	}
	return st
}

func (s *Shelf) note(st state) error {
	data, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return output.Replace(s.stateFile(), append(data, '\n'))
}

// blob is the file that holds what has a sum, inside the shelf.
func blob(sum string) string { return filepath.Join("files", sum[:2], sum) }

// put keeps a site as the newest version; one that is the same as the newest is not
// kept twice.
func (s *Shelf) put(site *Site) (int, error) {
	versions, err := s.versions()
	if err != nil {
		return 0, err
	}
	next := 1
	if len(versions) > 0 {
		if digest(versions[0].sums) == site.Digest() && s.whole(versions[0]) == nil {
			return versions[0].Number, nil
		}
		next = versions[0].Number + 1
	}
	// All of it is this machine's business, whatever git is told of the workspace.
	if err := s.write(".gitignore", []byte("*\n")); err != nil {
		return 0, err
	}
	var list strings.Builder
	for _, p := range sorted(site.sums) {
		data, err := site.read(p)
		if err != nil {
			return 0, err
		}
		if err := s.write(blob(site.sums[p]), data); err != nil {
			return 0, err
		}
		fmt.Fprintf(&list, "%s  %s\n", site.sums[p], p)
	}
	return next, output.Replace(filepath.Join(s.Dir, fmt.Sprintf("%04d%s", next, listExt)), []byte(list.String()))
}

// write keeps a file that is written once and never changed. It isn't waited for
// until it is on the disk: who goes back looks at every file before.
func (s *Shelf) write(name string, data []byte) error {
	path := filepath.Join(s.Dir, name)
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(data)) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = beside.Write(data)
	if err = errors.Join(err, beside.Close()); err == nil {
		err = os.Rename(beside.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(beside.Name()))
	}
	return nil
}

// versions reads what is kept, newest first.
func (s *Shelf) versions() ([]Version, error) {
	dir, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for earlier versions: %w", err)
	}
	shown := s.state().Shown
	var out []Version
	for _, d := range dir {
		name, ok := strings.CutSuffix(d.Name(), listExt)
		n, err := strconv.Atoi(name)
		if !ok || err != nil || n < 1 {
			continue
		}
		data, err := os.ReadFile(filepath.Join(s.Dir, d.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading version %d: %w", n, err)
		}
		v := Version{Number: n, Current: n == shown, sums: map[string]string{}}
		for line := range strings.Lines(string(data)) {
			sum, p, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
			if ok && len(sum) == 64 && output.CheckPath(p) == nil {
				v.sums[p] = sum
			}
		}
		if info, err := d.Info(); err == nil {
			v.Brought = info.ModTime()
		}
		v.tell(func(p string) ([]byte, error) {
			sum, ok := v.sums[p]
			if !ok {
				return nil, fs.ErrNotExist
			}
			return os.ReadFile(filepath.Join(s.Dir, blob(sum)))
		})
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b Version) int { return b.Number - a.Number })
	return out, nil
}

// open gives a version as the site that it was.
func (s *Shelf) open(v Version) (*Site, error) {
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		return nil, fmt.Errorf("opening version %d: %w", v.Number, err)
	}
	return &Site{name: fmt.Sprint("version ", v.Number), root: root, sums: v.sums, at: func(p string) string { return blob(v.sums[p]) }}, nil
}

// whole is nil where every file of a version is there as it was brought.
func (s *Shelf) whole(v Version) error {
	if len(v.sums) == 0 {
		return errors.New("its list is empty")
	}
	site, err := s.open(v)
	if err != nil {
		return err
	}
	defer site.Close()
	for _, p := range sorted(v.sums) {
		if _, err := site.read(p); err != nil {
			return err
		}
	}
	return nil
}

// prune deletes versions that are older than those to keep, and the files that no
// version has any more.
func (s *Shelf) prune(current int) error {
	versions, err := s.versions()
	if err != nil {
		return err
	}
	wanted, kept := map[string]bool{}, 0
	for _, v := range versions {
		if v.Number != current {
			if kept++; kept > s.Keep {
				if err := os.Remove(filepath.Join(s.Dir, fmt.Sprintf("%04d%s", v.Number, listExt))); err != nil {
					return fmt.Errorf("removing version %d: %w", v.Number, err)
				}
				continue
			}
		}
		for _, sum := range v.sums {
			wanted[sum] = true
		}
	}
	return filepath.WalkDir(filepath.Join(s.Dir, "files"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || wanted[d.Name()] {
			return err
		}
		return os.Remove(path)
	})
}
