package gitsource

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"daybreak/internal/diag"
)

// objects gives the bytes of objects by id, out of the repository and the
// object folders that it borrows from.
type objects struct {
	stores   []*filesystem.Storage
	packs    []*packs                          // of the same folders, asked first
	graphs   []*commitGraph                    // of those folders that have one
	replaced map[plumbing.Hash]plumbing.Hash   // refs/replace/<id>, gitreplace(1)
	grafts   map[plumbing.Hash][]plumbing.Hash // info/grafts: other parents
	promised bool                              // a partial clone: what it lacks lies at its remote
}

// maxObject is the most bytes that one object may have; what is larger is
// refused, so that a hostile repository can't fill the memory.
const maxObject = 1 << 28

func openObjects(dir string, refs map[string]plumbing.Hash) (*objects, error) {
	o := &objects{replaced: map[plumbing.Hash]plumbing.Hash{}, grafts: map[plumbing.Hash][]plumbing.Hash{}}
	folders, err := objectFolders(filepath.Join(dir, "objects"), nil)
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		if filepath.Base(folder) != "objects" {
			return nil, diag.Refuse("unsupported-repository", diag.Say("the repository borrows objects from %q, a folder that isn't called objects", folder),
				diag.Say("Run `git repack -a -d` to copy the borrowed objects."))
		}
		o.packs = append(o.packs, openPacks(folder))
		promises, _ := filepath.Glob(filepath.Join(folder, "pack", "*.promisor"))
		o.promised = o.promised || len(promises) > 0
		if g := openCommitGraph(folder); g != nil {
			o.graphs = append(o.graphs, g)
		}
		o.stores = append(o.stores, filesystem.NewStorageWithOptions(
			withoutAlternates{osfs.New(filepath.Dir(folder))},
			cache.NewObjectLRU(32*cache.MiByte),
			filesystem.Options{KeepDescriptors: true, ExclusiveAccess: false, LargeObjectThreshold: 1 << 20},
		))
	}
	for name, h := range refs {
		if id, ok := strings.CutPrefix(name, "refs/replace/"); ok && plumbing.IsHash(id) {
			o.replaced[plumbing.NewHash(id)] = h
		}
	}
	return o, o.readGrafts(filepath.Join(dir, "info", "grafts"))
}

// withoutAlternates hides objects/info/alternates from go-git, which opens all
// borrowed packs anew for every object that it looks for there.
type withoutAlternates struct{ billy.Filesystem }

func (w withoutAlternates) Open(name string) (billy.File, error) {
	if strings.HasSuffix(filepath.ToSlash(name), "objects/info/alternates") {
		return nil, fs.ErrNotExist
	}
	return w.Filesystem.Open(name)
}

// objectFolders lists the object folder and those that it borrows from,
// however deep (gitrepository-layout(5), objects/info/alternates).
func objectFolders(folder string, seen []string) ([]string, error) {
	folder = filepath.Clean(folder)
	for _, s := range seen {
		if s == folder {
			return seen, nil
		}
	}
	if _, err := os.Stat(folder); err != nil {
		return nil, diag.Refuse("missing-objects", diag.Say("the repository borrows objects from %q, which can't be opened", folder),
			diag.Say("Bring the folder back, or clone again.")).Because(err)
	}
	seen = append(seen, folder)
	b, err := os.ReadFile(filepath.Join(folder, "info", "alternates"))
	if err != nil {
		return seen, nil
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !filepath.IsAbs(line) {
			line = filepath.Join(folder, line)
		}
		if seen, err = objectFolders(line, seen); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// readGrafts reads lines of a commit and its parents, the old way of gitreplace(1).
func (o *objects) readGrafts(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var ids []plumbing.Hash
		for _, word := range strings.Fields(lines.Text()) {
			if !plumbing.IsHash(word) {
				ids = nil
				break
			}
			ids = append(ids, plumbing.NewHash(word))
		}
		if len(ids) > 0 {
			o.grafts[ids[0]] = ids[1:]
		}
	}
	return nil
}

// errMissing says that an object is in no store.
var errMissing = errors.New("no pack and no file holds it")

// objectError names the object that can't be read.
func objectError(h plumbing.Hash, err error) error {
	p := diag.Refuse("broken-object", diag.Say("object %s can't be read", h),
		diag.Say("Run `git fsck --full`; a fresh clone usually mends it.")).Because(err)
	if errors.Is(err, errMissing) {
		p.Code, p.Message, p.Err = "missing-object", fmt.Sprintf("object %s is missing", h), errMissing
		p.Advise(diag.Say("Run `git fetch --refetch`, or clone again; `git fsck --full` lists everything that is missing."))
	}
	return p
}

// read gives type and content of an object. Errors are *diag.Problem and name it.
func (o *objects) read(h plumbing.Hash) (plumbing.ObjectType, []byte, error) {
	id := h
	for range 5 {
		next, ok := o.replaced[id]
		if !ok {
			break
		}
		id = next
	}
	typ, b, err := o.readStored(id)
	if errors.Is(err, errMissing) && o.promised {
		return typ, nil, diag.Refuse("partial-clone", diag.Say("the partial clone lacks an object that is needed, %s", h),
			diag.Say("Fetch it with `git fetch --refetch --no-filter`. Commits and trees have to be at hand, as `git clone --filter=blob:none` leaves them.")).Because(err)
	}
	if err != nil {
		return typ, nil, objectError(h, err)
	}
	return typ, b, nil
}

func (o *objects) readStored(h plumbing.Hash) (typ plumbing.ObjectType, b []byte, err error) {
	// go-git's packfile code panics on some damaged deltas.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	for _, p := range o.packs {
		if typ, b, found, err := p.read(h); found && err == nil {
			return typ, b, nil
		}
	}
	found := errMissing
	for _, s := range o.stores {
		obj, err := s.EncodedObject(plumbing.AnyObject, h)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			continue
		}
		if err != nil {
			found = err
			continue
		}
		if obj.Size() > maxObject {
			return obj.Type(), nil, fmt.Errorf("it has %d bytes, more than %d", obj.Size(), maxObject)
		}
		r, err := obj.Reader()
		if err != nil {
			return obj.Type(), nil, err
		}
		defer r.Close()
		b := make([]byte, obj.Size())
		if _, err := io.ReadFull(r, b); err != nil {
			return obj.Type(), nil, err
		}
		return obj.Type(), b, nil
	}
	return plumbing.InvalidObject, nil, found
}

func (o *objects) close() error {
	var errs []error
	for _, g := range o.graphs {
		errs = append(errs, g.close())
	}
	for _, p := range o.packs {
		errs = append(errs, p.close())
	}
	for _, s := range o.stores {
		errs = append(errs, s.ObjectStorage.Close())
	}
	return errors.Join(errs...)
}

// peel follows tags of tags to a commit.
func (r *Repository) peel(h plumbing.Hash) (plumbing.Hash, error) {
	for range 20 {
		if r.objects.isCommit(h) {
			return h, nil
		}
		typ, b, err := r.objects.read(h)
		if err != nil {
			return h, err
		}
		switch typ {
		case plumbing.CommitObject:
			return h, nil
		case plumbing.TagObject:
			next, ok := headerHash(b, "object ")
			if !ok {
				return h, objectError(h, errors.New("the tag names no object"))
			}
			h = next
		default:
			return h, &notCommitError{typ: typ.String(), id: h}
		}
	}
	return h, objectError(h, errors.New("tags of tags without end"))
}

// notCommitError says that a ref leads to a tree or a blob.
type notCommitError struct {
	typ string
	id  plumbing.Hash
}

func (e *notCommitError) Error() string { return fmt.Sprintf("%s is a %s, not a commit", e.id, e.typ) }
