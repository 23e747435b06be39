package theme

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Overlay lays file systems over each other: a file is taken from the first
// that has it, a folder lists the files of all. A nil layer is skipped. Strings
// are merged message by message instead, see Load.
func Overlay(layers ...fs.FS) fs.FS {
	var present overlay
	for _, l := range layers {
		if l != nil {
			present = append(present, l)
		}
	}
	return present
}

type overlay []fs.FS

// Open is fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	for _, layer := range o {
		f, err := layer.Open(name)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir is fs.ReadDirFS; entries are sorted by name.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	var all []fs.DirEntry
	found := false
	for _, layer := range o {
		entries, err := fs.ReadDir(layer, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = true
		for _, e := range entries {
			if !slices.ContainsFunc(all, func(have fs.DirEntry) bool { return have.Name() == e.Name() }) {
				all = append(all, e)
			}
		}
	}
	if !found {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, nil
}

// layers gives the file systems that an overlay is made of, lowest first.
func layers(fsys fs.FS) []fs.FS {
	o, ok := fsys.(overlay)
	if !ok {
		return []fs.FS{fsys}
	}
	var out []fs.FS
	for _, l := range slices.Backward(o) {
		out = append(out, layers(l)...)
	}
	return out
}
