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
	sums    map[plumbing.Hash]uint64 // by blob, see patchid.go
}

func newTreeReader(o *objects) *treeReader {
	return &treeReader{objects: o, sums: map[plumbing.Hash]uint64{}}
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

// entries reads a tree object. The zero hash is the empty tree.
func (t *treeReader) entries(h plumbing.Hash) ([]treeEntry, error) {
	if h.IsZero() {
		return nil, nil
	}
	typ, b, err := t.objects.read(h)
	if err != nil {
		return nil, err
	}
	if typ != plumbing.TreeObject {
		return nil, objectError(h, fmt.Errorf("it is a %s where a tree should be", typ))
	}
	out := make([]treeEntry, 0, len(b)/35)
	for len(b) > 0 {
		var e treeEntry
		i := 0
		for ; i < len(b) && b[i] >= '0' && b[i] <= '7'; i++ {
			e.mode = e.mode<<3 | uint32(b[i]-'0')
		}
		end := bytes.IndexByte(b, 0)
		if i == 0 || i >= len(b) || b[i] != ' ' || end < i || len(b) < end+21 {
			return nil, objectError(h, errBadTree)
		}
		e.name = b[i+1 : end]
		copy(e.id[:], b[end+1:])
		b = b[end+21:]
		out = append(out, e)
	}
	return out, nil
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
	from, err := t.entries(a)
	if err != nil {
		return err
	}
	to, err := t.entries(b)
	if err != nil {
		return err
	}
	for len(from) > 0 || len(to) > 0 {
		side := 0
		switch {
		case len(from) == 0:
			side = 1
		case len(to) == 0:
			side = -1
		default:
			side = from[0].order(&to[0])
		}
		var x, y *treeEntry
		if side <= 0 {
			x, from = &from[0], from[1:]
		}
		if side >= 0 {
			y, to = &to[0], to[1:]
		}
		if err := t.pair(x, y, prefix, out); err != nil {
			return err
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
		entries, err := t.entries(tree)
		if err != nil {
			return leaf{}, err
		}
		name, below, deeper := bytes.Cut(rest, []byte{'/'})
		i := slices.IndexFunc(entries, func(e treeEntry) bool { return bytes.Equal(e.name, name) })
		if i < 0 {
			return leaf{}, nil
		}
		if !deeper {
			return entries[i].leaf, nil
		}
		if !entries[i].isTree() {
			return leaf{}, nil
		}
		tree, rest = entries[i].id, below
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

// fillPaths sets the change's touched paths and submodule bumps. A side of an
// octopus counts from where it left the line.
func (r *Repository) fillPaths(u *unit) error {
	f, err := r.at(u.tip)
	if err != nil {
		return err
	}
	base, err := r.baseTree(u.tip)
	if err != nil {
		return err
	}
	if u.tip != u.merge && len(u.inner) > 0 {
		if base, err = r.baseTree(u.inner[0]); err != nil {
			return err
		}
	}
	diff, err := r.trees.diff(base, f.tree)
	if err != nil {
		return err
	}
	for _, d := range r.trees.renames(diff) {
		u.change.Paths = append(u.change.Paths, model.PathChange{Status: d.status(), Path: d.path, Old: d.old})
		if d.from.mode&modeKind == modeSubmodule || d.to.mode&modeKind == modeSubmodule {
			bump := model.SubmoduleBump{Path: d.path}
			if d.from.mode&modeKind == modeSubmodule {
				bump.Old = model.Hash(d.from.id.String())
			}
			if d.to.mode&modeKind == modeSubmodule {
				bump.New = model.Hash(d.to.id.String())
			}
			u.change.Submodules = append(u.change.Submodules, bump)
		}
	}
	return nil
}
