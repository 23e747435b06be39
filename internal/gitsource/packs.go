package gitsource

import (
	"bufio"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/format/objfile"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

// go-git's own object storage hashes every object that it reads, keeps a second
// index from offsets to ids, and can't be read from two goroutines. For a walk
// over a whole history that is half of the time and most of the memory, so the
// way from an id to its bytes is here; indexes, loose objects and deltas are
// still go-git's to decode.

// folder is one object folder: packs and loose objects.
type folder struct {
	dir   string
	packs []*pack
}

// pack is one packfile with its index, see gitformat-pack(5).
type pack struct {
	file  *os.File
	size  int64
	index *idxfile.MemoryIndex
	bases baseCache
	in    *bufio.Reader
	zlib  io.ReadCloser
}

// maxDeltaChain is the longest chain of deltas that is followed. git itself
// makes none of more than 4095.
const maxDeltaChain = 5000

func openFolder(dir string) (*folder, error) {
	f := &folder{dir: dir}
	names, err := filepath.Glob(filepath.Join(dir, "pack", "pack-*.idx"))
	if err != nil {
		return nil, fmt.Errorf("list packs: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		p, err := openPack(name)
		if err != nil {
			f.close()
			return nil, err
		}
		if p != nil {
			f.packs = append(f.packs, p)
		}
	}
	return f, nil
}

// openPack opens an index and its pack; nil where the pack is gone.
func openPack(name string) (*pack, error) {
	file, err := os.Open(strings.TrimSuffix(name, ".idx") + ".pack")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open pack: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("open pack: %w", err)
	}
	p := &pack{file: file, size: info.Size(), index: idxfile.NewMemoryIndex(), in: bufio.NewReaderSize(nil, 4096)}
	idx, err := os.Open(name)
	if err == nil {
		err = idxfile.NewDecoder(bufio.NewReaderSize(idx, 1<<20)).Decode(p.index)
		idx.Close()
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("read pack index %q: %w", filepath.Base(name), err)
	}
	return p, nil
}

func (f *folder) close() error {
	var errs []error
	for _, p := range f.packs {
		errs = append(errs, p.file.Close())
	}
	return errors.Join(errs...)
}

// read gives type and content of an object, errMissing where the folder hasn't got it.
func (f *folder) read(h plumbing.Hash, other func(plumbing.Hash) (plumbing.ObjectType, []byte, error)) (plumbing.ObjectType, []byte, error) {
	for _, p := range f.packs {
		offset, err := p.index.FindOffset(h)
		if err == nil {
			return p.object(offset, other)
		}
	}
	return f.readLoose(h)
}

func (f *folder) readLoose(h plumbing.Hash) (plumbing.ObjectType, []byte, error) {
	id := h.String()
	file, err := os.Open(filepath.Join(f.dir, id[:2], id[2:]))
	if errors.Is(err, fs.ErrNotExist) {
		return plumbing.InvalidObject, nil, errMissing
	}
	if err != nil {
		return plumbing.InvalidObject, nil, err
	}
	defer file.Close()
	r, err := objfile.NewReader(bufio.NewReader(file))
	if err != nil {
		return plumbing.InvalidObject, nil, err
	}
	defer r.Close()
	typ, size, err := r.Header()
	if err != nil {
		return typ, nil, err
	}
	if size > maxObject {
		return typ, nil, tooLarge(size)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(r, b); err != nil {
		return typ, nil, err
	}
	return typ, b, nil
}

func tooLarge(size int64) error {
	return fmt.Errorf("it has %d bytes, more than %d", size, maxObject)
}

// packed is an object as it stands in a pack: whole, or a delta on another.
type packed struct {
	typ    plumbing.ObjectType
	size   int64
	data   int64 // where the compressed bytes start
	base   int64 // offset of the base, for OFSDeltaObject
	baseID plumbing.Hash
}

// header reads what stands in front of an object's bytes.
func (p *pack) header(offset int64) (packed, error) {
	var buf [32]byte
	n, err := p.file.ReadAt(buf[:], offset)
	if n < 21 && err != nil {
		return packed{}, fmt.Errorf("pack ends at %d: %w", p.size, io.ErrUnexpectedEOF)
	}
	b := buf[:n]
	c := b[0]
	o := packed{typ: plumbing.ObjectType(c >> 4 & 7), size: int64(c & 15)}
	i := 1
	for shift := 4; c&0x80 != 0; shift += 7 {
		if i >= len(b) || shift > 60 {
			return o, errors.New("damaged object header")
		}
		c = b[i]
		o.size |= int64(c&0x7f) << shift
		i++
	}
	switch o.typ {
	case plumbing.CommitObject, plumbing.TreeObject, plumbing.BlobObject, plumbing.TagObject:
	case plumbing.OFSDeltaObject:
		var back int64
		for first := true; ; first = false {
			if i >= len(b) || back > p.size {
				return o, errors.New("damaged delta header")
			}
			c = b[i]
			i++
			if !first {
				back++
			}
			back = back<<7 | int64(c&0x7f)
			if c&0x80 == 0 {
				break
			}
		}
		if o.base = offset - back; back <= 0 || o.base <= 0 {
			return o, errors.New("damaged delta header")
		}
	case plumbing.REFDeltaObject:
		if i+20 > len(b) {
			return o, errors.New("damaged delta header")
		}
		copy(o.baseID[:], b[i:])
		i += 20
	default:
		return o, fmt.Errorf("unknown object type %d", o.typ)
	}
	if o.size > maxObject {
		return o, tooLarge(o.size)
	}
	o.data = offset + int64(i)
	return o, nil
}

// inflate reads compressed bytes of a known length, checksum and all.
func (p *pack) inflate(at, size int64) ([]byte, error) {
	p.in.Reset(io.NewSectionReader(p.file, at, p.size-at))
	if p.zlib == nil {
		z, err := zlib.NewReader(p.in)
		if err != nil {
			return nil, err
		}
		p.zlib = z
	} else if err := p.zlib.(zlib.Resetter).Reset(p.in, nil); err != nil {
		return nil, err
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(p.zlib, b); err != nil {
		return nil, err
	}
	var end [1]byte
	if n, err := p.zlib.Read(end[:]); n != 0 || err != io.EOF {
		return nil, errors.New("its length is not what the pack says")
	}
	return b, nil
}

// object reads the object at an offset, through its chain of deltas.
func (p *pack) object(offset int64, other func(plumbing.Hash) (plumbing.ObjectType, []byte, error)) (plumbing.ObjectType, []byte, error) {
	var deltas []packed
	var offsets []int64
	var typ plumbing.ObjectType
	var b []byte
	for b == nil {
		if base, ok := p.bases.get(offset); ok {
			typ, b = base.typ, base.content
			break
		}
		o, err := p.header(offset)
		if err != nil {
			return plumbing.InvalidObject, nil, err
		}
		switch o.typ {
		case plumbing.OFSDeltaObject, plumbing.REFDeltaObject:
			if len(deltas) > maxDeltaChain {
				return plumbing.InvalidObject, nil, errors.New("its chain of deltas has no end")
			}
			deltas, offsets = append(deltas, o), append(offsets, offset)
			if o.typ == plumbing.OFSDeltaObject {
				offset = o.base
				continue
			}
			if at, err := p.index.FindOffset(o.baseID); err == nil {
				offset = at
			} else if typ, b, err = other(o.baseID); err != nil {
				return typ, nil, fmt.Errorf("its base %s: %w", o.baseID, err)
			}
			continue
		}
		typ = o.typ
		if b, err = p.inflate(o.data, o.size); err != nil {
			return typ, nil, err
		}
		if len(deltas) > 0 {
			p.bases.put(offset, typ, b)
		}
		break
	}
	for i := len(deltas) - 1; i >= 0; i-- {
		delta, err := p.inflate(deltas[i].data, deltas[i].size)
		if err != nil {
			return typ, nil, err
		}
		if size := deltaSize(delta); size > maxObject {
			return typ, nil, tooLarge(size)
		}
		if b, err = packfile.PatchDelta(b, delta); err != nil {
			return typ, nil, fmt.Errorf("its delta: %w", err)
		}
		p.bases.put(offsets[i], typ, b)
	}
	return typ, b, nil
}

// deltaSize is the length of what a delta makes: its second number.
func deltaSize(delta []byte) int64 {
	var size int64
	for range 2 {
		size = 0
		for shift := 0; len(delta) > 0 && shift < 60; shift += 7 {
			c := delta[0]
			delta = delta[1:]
			size |= int64(c&0x7f) << shift
			if c&0x80 == 0 {
				break
			}
		}
	}
	return size
}

// baseCache keeps what deltas were built on. It has two halves: what is asked
// for moves to the young one; when that is full, the old one goes.
type baseCache struct {
	young, old map[int64]base
	bytes      int
}

type base struct {
	typ     plumbing.ObjectType
	content []byte
}

// maxBases is how many bytes one half holds.
const maxBases = 12 << 20

func (c *baseCache) get(offset int64) (base, bool) {
	if b, ok := c.young[offset]; ok {
		return b, true
	}
	b, ok := c.old[offset]
	if ok {
		c.put(offset, b.typ, b.content)
	}
	return b, ok
}

func (c *baseCache) put(offset int64, typ plumbing.ObjectType, content []byte) {
	if len(content) > maxBases/4 {
		return
	}
	if c.young == nil || c.bytes+len(content) > maxBases {
		c.young, c.old, c.bytes = map[int64]base{}, c.young, 0
	}
	c.young[offset] = base{typ, content}
	c.bytes += len(content)
}
