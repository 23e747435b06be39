package delivery

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/output"
)

// Folder is a folder that a web server shows. The versions lie beside it, in
// "<folder>.versions/0001" and so on; the folder itself is a link to the site in
// one of them. Where the file system takes no links, or the folder is one that
// daybreak wrote as a whole before, it is replaced as a whole instead.
type Folder struct {
	Path string
	Keep int // earlier versions that stay

	link func(target, name string) error // symlink; tests take it away
}

// Version is one of the versions of a place: those beside a folder, or those that are
// kept of a bucket.
type Version struct {
	Number   int       `json:"number"`
	Current  bool      `json:"current"`
	Release  string    `json:"release"` // the newest that it shows, "" for none
	Brought  time.Time `json:"brought"`
	Releases []string  `json:"-"` // all that it shows, by their path segments

	dir  string
	sums map[string]string // of the site, by path inside it
}

const inside = "site" // the site's folder in a version, beside daybreak's marker

// Deliver makes the folder show the site. It reports whether it showed something
// else before.
func (f *Folder) Deliver(s *Site) (changed bool, err error) {
	done, err := f.begin()
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(f.roomFor(err), done()) }()
	versions, err := f.versions()
	if err != nil {
		return false, err
	}
	next := 1
	for _, v := range versions {
		next = max(next, v.Number+1)
		// The newest one may have been brought by a run that was killed before it
		// was shown.
		if maps.Equal(v.sums, s.sums) && (v.Current || v.Number == versions[0].Number) && v.whole() == nil {
			if !v.Current {
				err = f.show(v)
			}
			return !v.Current, errors.Join(err, f.prune(v.Number))
		}
	}
	v := Version{Number: next, dir: filepath.Join(f.beside(), fmt.Sprintf("%04d", next))}
	tree, err := output.Open(v.dir)
	if err != nil {
		return false, err
	}
	defer tree.Abort()
	for _, p := range sorted(s.sums) {
		data, err := s.read(p)
		if err != nil {
			return false, err
		}
		if err := tree.Put(inside+"/"+p, data); err != nil {
			return false, err
		}
	}
	if err := tree.Commit(); err != nil {
		return false, err
	}
	if err := f.show(v); err != nil {
		return false, err
	}
	return true, f.prune(next)
}

// Rollback makes the folder show an earlier version again: the one before the
// current, or the one of that number. allow may refuse it before anything changes.
func (f *Folder) Rollback(number int, allow func(Version) error) (v Version, err error) {
	done, err := f.begin()
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(f.roomFor(err), done()) }()
	versions, err := f.versions()
	if err != nil {
		return v, err
	}
	i := slices.IndexFunc(versions, func(v Version) bool { return v.Number == number })
	if number == 0 {
		now := slices.IndexFunc(versions, func(v Version) bool { return v.Current })
		if i = now + 1; now < 0 || i >= len(versions) {
			i = -1
		}
	}
	if i < 0 {
		var have []string
		for _, v := range versions {
			have = append(have, strconv.Itoa(v.Number))
		}
		p := diag.Refuse("no-version", diag.Say("beside %q lies no earlier version", f.Path),
			diag.Say("there is only what is shown now; deliver the right one instead."))
		if number > 0 {
			p.Reword(diag.Say("beside %q lies no version %d", f.Path, number))
		}
		if len(have) > 0 {
			p.Advise(diag.Say("there are %s.", strings.Join(have, ", ")))
		}
		return v, p
	}
	v = versions[i]
	if err := v.whole(); err != nil {
		return v, diag.Refuse("version-damaged", diag.Say("version %d beside %q is damaged: %v", v.Number, f.Path, err),
			diag.Say("go back to another one, or deliver the right one anew."))
	}
	if err := allow(v); err != nil {
		return v, err
	}
	return v, f.show(v)
}

// Versions lists what lies beside the folder, newest first.
func (f *Folder) Versions() ([]Version, error) { return f.versions() }

func (f *Folder) beside() string { return filepath.Clean(f.Path) + ".versions" }

// begin keeps a second delivery away.
func (f *Folder) begin() (func() error, error) {
	if err := f.inspect(); err != nil {
		return nil, err
	}
	unlock, err := output.Lock(filepath.Join(f.beside(), ".lock"), diag.Refuse("delivering", diag.Say("somebody else is delivering to %q right now; this run has changed nothing", f.Path),
		diag.Say("wait until it is done, and run this again if it is still needed.")))
	return unlock, f.roomFor(err)
}

// roomFor says what mends a full disk here, where no command line names the
// folder: the configuration does.
func (f *Folder) roomFor(err error) error {
	if p := (*diag.Problem)(nil); errors.As(err, &p) && p.Code == "disk-full" {
		full := *p
		full.Advise(diag.Say("free some space there, keep fewer versions of %q or name another folder for it in daybreak.yaml, under deliver; readers still see what they saw.", f.Path))
		return &full
	}
	return err
}

// inspect refuses to replace what daybreak didn't bring.
func (f *Folder) inspect() error {
	info, err := os.Lstat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("looking at the folder %q: %w", f.Path, err)
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(f.Path)
		if err != nil {
			return fmt.Errorf("looking at the folder %q: %w", f.Path, err)
		}
		if f.numberOf(target) == 0 {
			return diag.Refuse("target-not-ours", diag.Say("%q is a link to %q, which daybreak didn't make", f.Path, target),
				diag.Say("name the folder behind it, or remove the link."))
		}
		return nil
	case !info.IsDir():
		return diag.Refuse("target-not-ours", diag.Say("%q is a file", f.Path),
			diag.Say("name a folder; it need not exist yet."))
	}
	ours, err := output.Ours(f.Path)
	if err == nil && !ours {
		return diag.Refuse("target-not-ours", diag.Say("the folder %q holds what daybreak didn't bring", f.Path),
			diag.Say("name a new or empty folder, or move what is in it away; daybreak would replace all of it."))
	}
	return err
}

// numberOf takes the number out of a link's target, 0 where it isn't ours.
func (f *Folder) numberOf(target string) int {
	rest, ok := strings.CutPrefix(filepath.ToSlash(target), filepath.Base(f.beside())+"/")
	number, site, _ := strings.Cut(rest, "/")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || site != inside {
		return 0
	}
	return n
}

// versions reads what lies beside the folder, newest first, and finds out which
// one is shown. A folder that isn't whole is no version.
func (f *Folder) versions() ([]Version, error) {
	list, err := os.ReadDir(f.beside())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for versions of %q: %w", f.Path, err)
	}
	current := 0
	if target, err := os.Readlink(f.Path); err == nil {
		current = f.numberOf(target)
	}
	plain, _ := output.Sums(f.Path) // where it is no link: what was written there
	var out []Version
	for _, d := range list {
		n, err := strconv.Atoi(d.Name())
		if err != nil || n < 1 || !d.IsDir() {
			continue
		}
		v := Version{Number: n, dir: filepath.Join(f.beside(), d.Name()), sums: map[string]string{}}
		sums, err := output.Sums(v.dir)
		if err != nil {
			continue
		}
		for p, sum := range sums {
			v.sums[strings.TrimPrefix(p, inside+"/")] = sum
		}
		if info, err := d.Info(); err == nil {
			v.Brought = info.ModTime()
		}
		v.tell(func(p string) ([]byte, error) { return os.ReadFile(filepath.Join(v.dir, inside, p)) })
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b Version) int { return b.Number - a.Number })
	for i := range out {
		if current == 0 && len(plain) > 0 && maps.Equal(out[i].sums, plain) {
			current = out[i].Number
		}
		out[i].Current = out[i].Number == current
	}
	return out, nil
}

// tell reads which releases a version shows.
func (v *Version) tell(read func(p string) ([]byte, error)) {
	var latest struct {
		Version string `json:"version"`
	}
	if data, err := read("latest.json"); err == nil && json.Unmarshal(data, &latest) == nil {
		v.Release = latest.Version
	}
	var all []struct {
		Slug       string `json:"slug"`
		Unreleased bool   `json:"unreleased"`
	}
	if data, err := read("releases.json"); err == nil && json.Unmarshal(data, &all) == nil {
		for _, r := range all {
			if !r.Unreleased {
				v.Releases = append(v.Releases, r.Slug)
			}
		}
	}
}

// whole is nil where every file is there as it was brought.
func (v Version) whole() error { return output.Verify(v.dir) }

// show makes the folder show a version.
func (f *Folder) show(v Version) error {
	info, err := os.Lstat(f.Path)
	isDir := err == nil && info.IsDir()
	if isDir && os.Remove(f.Path) == nil { // it was empty
		isDir = false
	}
	if !isDir {
		link := f.link
		if link == nil {
			link = symlink
		}
		next := filepath.Join(f.beside(), ".link")
		if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delivering to %q: %w", f.Path, err)
		}
		// A relative link, so that the folder and its versions can be moved together.
		if err := link(filepath.Join(filepath.Base(f.beside()), filepath.Base(v.dir), inside), next); err == nil {
			// The link is made elsewhere and moved: what its target is counted from
			// changes nothing, because nobody follows it there.
			if err := os.Rename(next, f.Path); err != nil {
				return fmt.Errorf("delivering to %q: %w", f.Path, err)
			}
			return nil
		}
	}
	return f.replace(v)
}

// symlink makes a link where one can be moved over another in a single step. Windows
// can't: it asks for a privilege, wants to know at once whether a folder is behind
// the link, which here it can't see, and moves no folder over another.
func symlink(target, name string) error {
	if runtime.GOOS == "windows" {
		return errors.ErrUnsupported
	}
	return os.Symlink(target, name)
}

// replace writes a version into the folder itself.
func (f *Folder) replace(v Version) error {
	tree, err := output.Open(f.Path)
	if err != nil {
		return err
	}
	defer tree.Abort()
	for p := range v.files() {
		data, err := os.ReadFile(filepath.Join(v.dir, inside, filepath.FromSlash(p)))
		if err != nil {
			return fmt.Errorf("reading version %d: %w", v.Number, err)
		}
		if err := tree.Put(p, data); err != nil {
			return err
		}
	}
	return tree.Commit()
}

func (v Version) files() map[string]string {
	if v.sums != nil {
		return v.sums
	}
	out := map[string]string{}
	sums, err := output.Sums(v.dir)
	if err != nil {
		return nil
	}
	for p, sum := range sums {
		out[strings.TrimPrefix(p, inside+"/")] = sum
	}
	return out
}

// prune deletes versions that are older than those to keep.
func (f *Folder) prune(current int) error {
	versions, err := f.versions()
	if err != nil {
		return err
	}
	kept := 0
	for _, v := range versions {
		if v.Number == current {
			continue
		}
		if kept++; kept <= f.Keep {
			continue
		}
		if err := output.Discard(v.dir); err != nil {
			return fmt.Errorf("removing version %d of %q: %w", v.Number, f.Path, err)
		}
	}
	return nil
}
