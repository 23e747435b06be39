package output

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// Late is a sink that has files made when they are first asked for, and keeps
// what was asked for. It takes and refuses the same paths as a [Tree]. The zero
// value is empty and ready.
type Late struct {
	mu    sync.Mutex
	names names
	files map[string]*lateFile

	// making keeps two files from being made at once: makers share what they
	// were made from, and it is not for several goroutines.
	making sync.Mutex
}

type lateFile struct {
	make func() ([]byte, error) // nil where data is there
	data []byte
}

// Put keeps a copy of data.
func (l *Late) Put(name string, data []byte) error {
	return l.add(name, &lateFile{data: bytes.Clone(data)})
}

// Later keeps how to make a file.
func (l *Late) Later(name string, make func() ([]byte, error)) error {
	return l.add(name, &lateFile{make: make})
}

func (l *Late) add(name string, f *lateFile) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.names.add(name); err != nil {
		return err
	}
	if l.files == nil {
		l.files = map[string]*lateFile{}
	}
	l.files[name] = f
	return nil
}

// File gives the content of one file, which must not be changed: an error that
// is fs.ErrNotExist where there is none, else that of its maker.
func (l *Late) File(name string) ([]byte, error) {
	return l.file(name, true)
}

func (l *Late) file(name string, keep bool) ([]byte, error) {
	l.mu.Lock()
	f := l.files[name]
	l.mu.Unlock()
	if f == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	l.making.Lock()
	defer l.making.Unlock()
	if f.make == nil {
		return f.data, nil
	}
	data, err := f.make()
	if err != nil {
		return nil, err
	}
	if keep {
		f.data, f.make = data, nil
	}
	return data, nil
}

// Paths lists the files in order.
func (l *Late) Paths() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.files))
}

// Each makes every file, in the order of their paths, without keeping what
// nobody asked for. It ends at the first error of each, and with the context's.
func (l *Late) Each(ctx context.Context, each func(name string, data []byte, err error) error) error {
	for _, name := range l.Paths() {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := l.file(name, false)
		if err := each(name, data, err); err != nil {
			return err
		}
	}
	return nil
}
