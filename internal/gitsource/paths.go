package gitsource

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/model"
)

// The kinds of tree entries, the high bits of their mode (gitformat-index(5)).
const (
	modeKind      = 0o170000
	modeTree      = 0o040000
	modeSubmodule = 0o160000
)

// maxTouched is the most paths that one change may touch. A tree can be built
// that names more files than there are atoms.
const maxTouched = 1 << 20

// treeReader reads trees and compares them.
type treeReader struct {
	objects *objects
	sums    map[plumbing.Hash]uint64      // by blob, see patchid.go
	patches map[[2]plumbing.Hash][16]byte // by two blobs, see patchid.go
	// Trees that were read last, and those before: a commit's trees are also the
	// ones that its children are compared with.
	young, old map[plumbing.Hash][]byte
	bytes      int // in young
}

// maxTrees bounds what is kept of trees, in bytes, twice.
const maxTrees = 4 << 20

// read gives the bytes of a tree; nothing may write to them.
func (t *treeReader) read(h plumbing.Hash) ([]byte, error) {
	if b, ok := t.young[h]; ok {
		return b, nil
	}
	b, ok := t.old[h]
	if !ok {
		typ, read, err := t.objects.read(h)
		if err != nil {
			return nil, err
		}
		if typ != plumbing.TreeObject {
			return nil, objectError(h, fmt.Errorf("it is a %s where a tree should be", typ))
		}
		b = read
	}
	if len(b) > maxTrees/8 {
		return b, nil
	}
	if t.bytes += len(b); t.young == nil || t.bytes > maxTrees {
		t.young, t.old, t.bytes = map[plumbing.Hash][]byte{}, t.young, len(b)
	}
	t.young[h] = b
	return b, nil
}

func newTreeReader(o *objects) *treeReader {
	return &treeReader{objects: o, sums: map[plumbing.Hash]uint64{}, patches: map[[2]plumbing.Hash][16]byte{}}
}

// leaf is one file, link or submodule.
type leaf struct {
	mode uint32
	id   plumbing.Hash
}

// touched is one difference between two trees: from or to is zero where the
// path was added or removed.
type touched struct {
	path     string
	old      string // only for a rename
	from, to leaf
}

func (t *touched) status() byte {
	switch {
	case t.old != "":
		return 'R'
	case t.from.mode == 0:
		return 'A'
	case t.to.mode == 0:
		return 'D'
	case t.from.mode&modeKind != t.to.mode&modeKind:
		return 'T'
	}
	return 'M'
}

// treeEntry is one line of a tree object.
type treeEntry struct {
	name []byte
	leaf
}

func (e *treeEntry) isTree() bool { return e.mode&modeKind == modeTree }

// order is git's order of tree entries: a folder sorts as if its name ended in "/".
func (e *treeEntry) order(o *treeEntry) int {
	n := min(len(e.name), len(o.name))
	if c := bytes.Compare(e.name[:n], o.name[:n]); c != 0 {
		return c
	}
	next := func(t *treeEntry) byte {
		switch {
		case len(t.name) > n:
			return t.name[n]
		case t.isTree():
			return '/'
		}
		return 0
	}
	return cmp.Compare(next(e), next(o))
}

var errBadTree = errors.New("it is no well-formed tree")

// treeCursor goes through a tree object without taking it apart first: trees
// are compared by the ten thousand, and most of what stands in them is equal.
type treeCursor struct {
	id    plumbing.Hash
	rest  []byte // behind entry
	entry treeEntry
	done  bool
}

// open reads a tree object and stands on its first entry. The zero hash is the
// empty tree.
func (t *treeReader) open(h plumbing.Hash) (treeCursor, error) {
	c := treeCursor{id: h}
	if !h.IsZero() {
		b, err := t.read(h)
		if err != nil {
			return c, err
		}
		c.rest = b
	}
	return c, c.next()
}

// next goes to the following entry.
func (c *treeCursor) next() error {
	b := c.rest
	if len(b) == 0 {
		c.done = true
		return nil
	}
	mode, i := uint32(0), 0
	for ; i < len(b) && b[i] >= '0' && b[i] <= '7'; i++ {
		mode = mode<<3 | uint32(b[i]-'0')
	}
	end := bytes.IndexByte(b, 0)
	if i == 0 || i >= len(b) || b[i] != ' ' || end < i || len(b) < end+21 {
		return objectError(c.id, errBadTree)
	}
	c.entry.mode, c.entry.name = mode, b[i+1:end]
	copy(c.entry.id[:], b[end+1:])
	c.rest = b[end+21:]
	return nil
}

// skipEqual takes both cursors past the entries that follow alike in both.
func skipEqual(a, b *treeCursor) {
	for {
		n := bytes.IndexByte(a.rest, 0) + 21
		if n < 21 || n > len(a.rest) || n > len(b.rest) || !bytes.Equal(a.rest[:n], b.rest[:n]) {
			return
		}
		a.rest, b.rest = a.rest[n:], b.rest[n:]
	}
}

// entries lists a whole tree.
func (t *treeReader) entries(h plumbing.Hash) ([]treeEntry, error) {
	var out []treeEntry
	c, err := t.open(h)
	for ; err == nil && !c.done; err = c.next() {
		out = append(out, c.entry)
	}
	return out, err
}

// diff lists what differs between two trees, in the order of paths. Equal
// folders are skipped by their ids, unread.
func (t *treeReader) diff(a, b plumbing.Hash) ([]touched, error) {
	var out []touched
	if err := t.walk(a, b, "", &out); err != nil {
		return nil, err
	}
	return out, nil
}

func (t *treeReader) walk(a, b plumbing.Hash, prefix string, out *[]touched) error {
	if a == b {
		return nil
	}
	from, err := t.open(a)
	if err != nil {
		return err
	}
	to, err := t.open(b)
	if err != nil {
		return err
	}
	for !from.done || !to.done {
		side := 0
		switch {
		case from.done:
			side = 1
		case to.done:
			side = -1
		default:
			side = from.entry.order(&to.entry)
		}
		var x, y *treeEntry
		if side <= 0 {
			x = &from.entry
		}
		if side >= 0 {
			y = &to.entry
		}
		if err := t.pair(x, y, prefix, out); err != nil {
			return err
		}
		if side == 0 {
			skipEqual(&from, &to)
		}
		if side <= 0 {
			if err := from.next(); err != nil {
				return err
			}
		}
		if side >= 0 {
			if err := to.next(); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair compares two entries of one name; x or y is nil where a side lacks it.
func (t *treeReader) pair(x, y *treeEntry, prefix string, out *[]touched) error {
	if x != nil && y != nil && x.leaf == y.leaf {
		return nil
	}
	var d touched
	var below [2]plumbing.Hash
	folder := false
	if x != nil {
		d.path = prefix + string(x.name)
		if x.isTree() {
			folder, below[0] = true, x.id
		} else {
			d.from = x.leaf
		}
	}
	if y != nil {
		d.path = prefix + string(y.name)
		if y.isTree() {
			folder, below[1] = true, y.id
		} else {
			d.to = y.leaf
		}
	}
	if folder {
		return t.walk(below[0], below[1], d.path+"/", out)
	}
	if len(*out) >= maxTouched {
		return fmt.Errorf("more than %d paths differ", maxTouched)
	}
	*out = append(*out, d)
	return nil
}

// blobAt finds what lies at a path of a tree, the zero leaf where nothing does.
func (t *treeReader) blobAt(tree plumbing.Hash, path string) (leaf, error) {
	rest := []byte(path)
	for {
		name, below, deeper := bytes.Cut(rest, []byte{'/'})
		c, err := t.open(tree)
		for ; err == nil && !c.done && !bytes.Equal(c.entry.name, name); err = c.next() {
		}
		switch {
		case err != nil:
			return leaf{}, err
		case c.done, deeper && !c.entry.isTree():
			return leaf{}, nil
		case !deeper:
			return c.entry.leaf, nil
		}
		tree, rest = c.entry.id, below
	}
}

// touchedBy lists what a commit changes against its first parent, renames found.
func (r *Repository) touchedBy(i int32) ([]touched, error) {
	f, err := r.at(i)
	if err != nil {
		return nil, err
	}
	base, err := r.baseTree(i)
	if err != nil {
		return nil, err
	}
	return r.trees.diff(base, f.tree)
}

// baseTree is the tree of the first parent, the zero hash for a root.
func (r *Repository) baseTree(i int32) (plumbing.Hash, error) {
	parents := r.graph.parents(i)
	if len(parents) == 0 {
		return plumbing.ZeroHash, nil
	}
	p, err := r.at(parents[0])
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return p.tree, nil
}

// together adds to a commit's differences those of the commits that belong to
// it although they stand beside it, each path once.
func (r *Repository) together(u *unit, diff []touched) ([]touched, error) {
	have := map[string]bool{}
	for _, d := range diff {
		have[d.path] = true
	}
	for _, i := range u.inner {
		if len(r.graph.parents(i)) > 1 {
			continue
		}
		more, err := r.touchedBy(i)
		if err != nil {
			return nil, err
		}
		for _, d := range more {
			if !have[d.path] {
				have[d.path] = true
				diff = append(diff, d)
			}
		}
	}
	slices.SortStableFunc(diff, func(a, b touched) int { return cmp.Compare(a.path, b.path) })
	return diff, nil
}

// treesOf gives the trees before and after a change. A side of an octopus counts
// from where it left the line.
func (r *Repository) treesOf(u *unit) (base, tip plumbing.Hash, err error) {
	f, err := r.at(u.tip)
	if err != nil {
		return base, tip, err
	}
	from := u.tip
	if u.tip != u.merge && len(u.inner) > 0 {
		from = u.inner[0]
	}
	base, err = r.baseTree(from)
	return base, f.tree, err
}

// fillPaths sets the change's touched paths and submodule bumps.
func (r *Repository) fillPaths(u *unit) error {
	base, tip, err := r.treesOf(u)
	if err != nil {
		return err
	}
	diff, err := r.trees.diff(base, tip)
	if err != nil {
		return err
	}
	if u.apart {
		if diff, err = r.together(u, diff); err != nil {
			return err
		}
	}
	for _, d := range r.trees.renames(diff) {
		u.change.Paths = append(u.change.Paths, model.PathChange{Status: d.status(), Path: d.path, Old: d.old})
		if d.from.mode&modeKind == modeSubmodule || d.to.mode&modeKind == modeSubmodule {
			var old, new plumbing.Hash
			if d.from.mode&modeKind == modeSubmodule {
				old = d.from.id
			}
			if d.to.mode&modeKind == modeSubmodule {
				new = d.to.id
			}
			u.change.Submodules = append(u.change.Submodules, bump(d.path, old, new))
		}
	}
	return nil
}
