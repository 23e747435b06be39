package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"daybreak/internal/diag"
)

// Marker is the file in an output folder that says that the folder is
// daybreak's, and which files daybreak wrote. `sha256sum -c .daybreak-output`
// checks it.
const Marker = ".daybreak-output"

// The first line of a marker. Whatever begins otherwise isn't ours.
const magic = "# daybreak output 1\n"

const unfinished = magic + "# unfinished: this folder may be deleted\n"

const preamble = magic + "# daybreak replaces this folder as a whole; it deletes only files listed here\n"

// manifest writes a marker, in sorted order.
func manifest(sums map[string]string) []byte {
	var b bytes.Buffer
	b.WriteString(preamble)
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&b, "%s  %s\n", sums[name], name)
	}
	return b.Bytes()
}

var errNotOurs = errors.New("no marker of daybreak in it")

// readManifest gives the sums by slash path. The second result tells that the
// folder is the unfinished work of a run: all of it is ours.
func readManifest(dir string) (sums map[string]string, whole bool, err error) {
	data, err := os.ReadFile(filepath.Join(dir, Marker))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, errNotOurs
	}
	if err != nil {
		return nil, false, err
	}
	text := string(data)
	if !strings.HasPrefix(text, magic) {
		return nil, false, errNotOurs
	}
	sums = map[string]string{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok && CheckPath(name) == nil {
			sums[name] = sum
		}
	}
	return sums, text == unfinished, nil
}

// isOurs reports whether the folder exists and is empty or carries a marker.
func isOurs(dir string) (bool, error) {
	names, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	if len(names) == 0 {
		return true, nil
	}
	_, _, err = readManifest(dir)
	return err == nil, nil
}

// isDropping knows files that desktops put into any folder they show.
func isDropping(name string) bool {
	switch name {
	case ".DS_Store", "Thumbs.db", "desktop.ini":
		return true
	}
	return false
}

// refuseForeign is nil where the folder holds nothing but what daybreak wrote,
// as daybreak wrote it.
func refuseForeign(dir, named string) error {
	sums, whole, err := readManifest(dir)
	if errors.Is(err, errNotOurs) {
		sums, err = map[string]string{}, nil
	}
	if err != nil {
		return explain(err, "reading its manifest", named)
	}
	if whole {
		return nil
	}
	foreign, err := foreignFiles(dir, sums)
	if err != nil {
		return explain(err, "looking at its files", named)
	}
	switch {
	case len(foreign) == 0:
		return nil
	case len(sums) == 0:
		return diag.Refuse("output-not-ours", diag.Say("the output folder %q is not empty and was not written by daybreak: it holds %s", named, someOf(foreign)),
			diag.Say("Name an empty or new folder with --out; daybreak never deletes what it didn't write."))
	}
	return diag.Refuse("output-foreign-file", diag.Say("the output folder %q holds what daybreak didn't write or somebody has changed: %s", named, someOf(foreign)),
		diag.Say("Move it out of the folder, or delete the whole folder if nothing in it is worth keeping."))
}

// someOf names the first few.
func someOf(names []string) string {
	const show = 5
	quoted := make([]string, 0, show)
	for _, n := range names[:min(show, len(names))] {
		quoted = append(quoted, fmt.Sprintf("%q", n))
	}
	text := strings.Join(quoted, ", ")
	if more := len(names) - show; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// foreignFiles lists, sorted, what isn't in sums or differs from it.
func foreignFiles(dir string, sums map[string]string) ([]string, error) {
	var foreign []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return nil
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		want, listed := sums[name]
		switch {
		case isDropping(d.Name()), name == Marker && len(sums) > 0:
			return nil
		case name == Marker:
			// A marker that lists nothing: ours if it begins like one.
			if _, _, err := readManifest(dir); err == nil {
				return nil
			}
		case listed && d.Type().IsRegular():
			sum, err := sumFile(p)
			if err != nil || sum == want {
				return err
			}
		}
		foreign = append(foreign, name)
		return nil
	})
	return foreign, err
}

func sumFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// onlyBegun reports whether a folder holds nothing but a marker whose writing
// was cut off.
func onlyBegun(dir string) bool {
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 || names[0].Name() != Marker {
		return false
	}
	data, err := os.ReadFile(filepath.Join(dir, Marker))
	return err == nil && strings.HasPrefix(unfinished, string(data))
}

// removeOurs deletes a folder that an earlier step or a killed run left: all of
// it where it is unfinished work, otherwise the files that its manifest lists.
// The marker goes last, so that a removal that is itself killed can be taken up
// again. Whatever else is in there stays, and is an error.
func removeOurs(dir string) error {
	switch info, err := os.Lstat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return errNotOurs
	}
	if os.Remove(dir) == nil { // empty: killed before the marker was written
		return nil
	}
	sums, whole, err := readManifest(dir)
	if errors.Is(err, errNotOurs) && onlyBegun(dir) {
		sums, whole, err = nil, true, nil
	}
	if err != nil {
		return err
	}
	var dirs []string
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			dirs = append(dirs, p)
			return nil
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil || rel == Marker {
			return err
		}
		if _, listed := sums[filepath.ToSlash(rel)]; whole || listed || isDropping(d.Name()) {
			return os.Remove(p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(dirs[1:]) {
		_ = os.Remove(d) // a folder that still holds something stays, and is found below
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(left) > 1 {
		return fmt.Errorf("%q was not written by daybreak", left[len(left)-1].Name())
	}
	if err := os.Remove(filepath.Join(dir, Marker)); err != nil {
		return err
	}
	return os.Remove(dir)
}

// Sums gives the SHA-256 of each file of a finished tree, in hex, by path. A
// folder that daybreak didn't finish is an error.
func Sums(dir string) (map[string]string, error) {
	sums, unfinished, err := readManifest(dir)
	if err == nil && unfinished {
		err = errors.New("it was never finished")
	}
	return sums, err
}

// Verify is nil where a finished tree holds just the files that it was written
// with.
func Verify(dir string) error {
	sums, err := Sums(dir)
	if err != nil {
		return err
	}
	foreign, err := foreignFiles(dir, sums)
	if err != nil {
		return err
	}
	if len(foreign) > 0 {
		return fmt.Errorf("changed or strange: %s", someOf(foreign))
	}
	for name := range sums {
		if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// Ours reports whether a folder is empty or a tree of daybreak's.
func Ours(dir string) (bool, error) { return isOurs(dir) }

// Discard deletes a tree of daybreak's and nothing else: a folder with other
// files in it stays, and is an error.
func Discard(dir string) error { return removeOurs(dir) }
