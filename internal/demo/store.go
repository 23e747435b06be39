package demo

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/memory"
)

// store collects objects in memory, to be written as one pack. The first error
// sticks and ends up in err.
type store struct {
	objects *memory.Storage
	order   []plumbing.Hash // every object once, in the order in which it was made
	commits map[plumbing.Hash]*object.Commit
	err     error
}

func newStore() *store {
	return &store{objects: memory.NewStorage(), commits: map[plumbing.Hash]*object.Commit{}}
}

type encoder interface {
	Encode(plumbing.EncodedObject) error
}

func (s *store) put(e encoder) plumbing.Hash {
	o := s.objects.NewEncodedObject()
	if err := e.Encode(o); err != nil {
		s.err = cmp.Or(s.err, err)
		return plumbing.ZeroHash
	}
	return s.keep(o)
}

func (s *store) keep(o plumbing.EncodedObject) plumbing.Hash {
	hash := o.Hash()
	if s.objects.HasEncodedObject(hash) == nil {
		return hash
	}
	if _, err := s.objects.SetEncodedObject(o); err != nil {
		s.err = cmp.Or(s.err, err)
	}
	s.order = append(s.order, hash)
	return hash
}

func (s *store) blob(text string) plumbing.Hash {
	o := s.objects.NewEncodedObject()
	o.SetType(plumbing.BlobObject)
	w, err := o.Writer()
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err != nil {
		s.err = cmp.Or(s.err, err)
	}
	return s.keep(o)
}

// tree writes the folder dir ("" or ending in a slash) of the files. Git sorts
// folders as if their names ended in a slash.
func (s *store) tree(all files, dir string) plumbing.Hash {
	names := map[string]bool{}
	for p := range all {
		rest, ok := strings.CutPrefix(p, dir)
		if !ok {
			continue
		}
		name, _, folder := strings.Cut(rest, "/")
		if folder {
			name += "/"
		}
		names[name] = true
	}
	t := &object.Tree{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if folder, ok := strings.CutSuffix(name, "/"); ok {
			t.Entries = append(t.Entries, object.TreeEntry{Name: folder, Mode: filemode.Dir, Hash: s.tree(all, dir+name)})
		} else {
			t.Entries = append(t.Entries, object.TreeEntry{Name: name, Mode: filemode.Regular, Hash: s.blob(all[dir+name])})
		}
	}
	return s.put(t)
}

func (s *store) commit(tree files, text string, author, committer object.Signature, parents ...plumbing.Hash) plumbing.Hash {
	c := &object.Commit{
		Author: author, Committer: committer, Message: text,
		TreeHash: s.tree(tree, ""), ParentHashes: parents,
	}
	hash := s.put(c)
	s.commits[hash] = c
	return hash
}

func (s *store) tag(name string, on plumbing.Hash, text string, tagger object.Signature) plumbing.Hash {
	return s.put(&object.Tag{Name: name, Tagger: tagger, Message: text, Target: on, TargetType: plumbing.CommitObject})
}

// packInto writes all objects as one pack, as a fresh clone would have them.
func (s *store) packInto(into storer.Storer) error {
	var pack bytes.Buffer
	if _, err := packfile.NewEncoder(&pack, s.objects, false).Encode(s.order, 10); err != nil {
		return err
	}
	return packfile.UpdateObjectStorage(into, &pack)
}
