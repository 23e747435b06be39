package gitsource

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// packs reads objects straight out of the packs of one object folder
// (gitformat-pack(5)). It serves the common case fast: an object in a pack with
// an index of version 2. Everything else, and everything that looks odd, is left
// to go-git, which then says what is wrong.
type packs struct {
	folder string
	list   []*pack
	last   *pack // where the last object was: its neighbours mostly follow
	odd    bool  // there are packs that the list lacks
}

// pack is one pack with its index.
type pack struct {
	file  *os.File
	size  int64
	index []byte // the whole .idx file, mapped where the system can
	unmap func() error
	count int
	bases baseCache

	input    packInput
	inflater inflater
	deltas   []byte // scratch
	rooms    [2][]byte
	chain    []link
}

// errOdd sends an object to go-git.
var errOdd = errors.New("the pack is of no plain form")

// maxChain is the longest chain of deltas that is followed; git itself writes 50
// at most, 4095 when forced to.
const maxChain = 4096

// openPacks opens every pack of an object folder that has an index.
func openPacks(folder string) *packs {
	names, err := filepath.Glob(filepath.Join(folder, "pack", "pack-*.idx"))
	if err != nil {
		return &packs{folder: folder, odd: true}
	}
	slices.Sort(names)
	p := &packs{folder: folder}
	for _, name := range names {
		one, err := openPack(name)
		if err != nil {
			p.odd = true
			continue
		}
		p.list = append(p.list, one)
	}
	// The largest first: most objects are there.
	slices.SortStableFunc(p.list, func(a, b *pack) int { return cmp.Compare(b.size, a.size) })
	return p
}

func openPack(index string) (*pack, error) {
	b, unmap, err := mapFile(index)
	if err != nil {
		return nil, err
	}
	p := &pack{index: b, unmap: unmap}
	if len(b) < 8+1024+40 || string(b[:8]) != "\xfftOc\x00\x00\x00\x02" {
		return nil, errors.Join(errOdd, unmap())
	}
	p.count = int(binary.BigEndian.Uint32(b[8+255*4:]))
	if int64(len(b)) < 8+1024+int64(p.count)*28+40 {
		return nil, errors.Join(errOdd, unmap())
	}
	if p.file, err = os.Open(index[:len(index)-len("idx")] + "pack"); err != nil {
		return nil, errors.Join(err, unmap())
	}
	info, err := p.file.Stat()
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.size = info.Size()
	return p, nil
}

// Objects is how many objects the repository's packs hold: about how large it is.
func (r *Repository) Objects() int {
	n := 0
	for _, packs := range r.objects.packs {
		for _, p := range packs.list {
			n += p.count
		}
	}
	return n
}

func (p *pack) close() error { return errors.Join(p.file.Close(), p.unmap()) }

func (p *packs) close() error {
	var errs []error
	for _, one := range p.list {
		errs = append(errs, one.close())
	}
	return errors.Join(errs...)
}

// read gives an object; found is false where no pack holds it.
func (p *packs) read(h plumbing.Hash) (typ plumbing.ObjectType, b []byte, found bool, err error) {
	if p.last != nil {
		if at := p.last.find(h); at >= 0 {
			typ, b, err = p.last.object(at)
			return typ, b, true, err
		}
	}
	for _, one := range p.list {
		if one == p.last {
			continue
		}
		if at := one.find(h); at >= 0 {
			p.last = one
			typ, b, err = one.object(at)
			return typ, b, true, err
		}
	}
	return 0, nil, false, nil
}

// commit gives the start of a commit, see pack.commit; nil where no pack holds it
// in one piece.
func (p *packs) commit(h plumbing.Hash, n int) []byte {
	if p.last != nil {
		if at := p.last.find(h); at >= 0 {
			return p.last.commit(at, n)
		}
	}
	for _, one := range p.list {
		if at := one.find(h); at >= 0 {
			p.last = one
			return one.commit(at, n)
		}
	}
	return nil
}

// find gives the offset of an object in the pack, -1 where it isn't there.
func (p *pack) find(h plumbing.Hash) int64 {
	from, to := 0, int(binary.BigEndian.Uint32(p.index[8+4*int(h[0]):]))
	if h[0] > 0 {
		from = int(binary.BigEndian.Uint32(p.index[8+4*(int(h[0])-1):]))
	}
	if from > to || to > p.count {
		return -1
	}
	// Names are spread evenly: where one of them should be, it nearly is.
	names := p.index[8+1024:]
	share := uint64(binary.BigEndian.Uint32(h[1:5]))
	mid := from + int(uint64(to-from)*share>>32)
	for step := 8; from < to; step *= 2 {
		switch c := bytes.Compare(names[20*mid:20*mid+20], h[:]); {
		case c == 0:
			return p.offset(mid)
		case c < 0:
			from = mid + 1
			mid = min(from+step, (from+to)/2)
		default:
			to = mid
			mid = max(to-step, (from+to)/2)
		}
	}
	return -1
}

// starting gives the objects whose ids start so, in the packs and beside them. The
// prefix is an id filled up with zeros, of which n digits count.
func (p *packs) starting(prefix plumbing.Hash, n int) ([]plumbing.Hash, error) {
	if p.odd {
		return nil, errOdd
	}
	var out []plumbing.Hash
	for _, one := range p.list {
		names := one.index[8+1024:]
		from := sort.Search(one.count, func(i int) bool { return bytes.Compare(names[20*i:][:20], prefix[:]) >= 0 })
		for i := from; i < one.count && samePrefix(names[20*i:][:20], prefix, n); i++ {
			out = append(out, plumbing.Hash(names[20*i:][:20]))
		}
	}
	first := prefix.String()[:2]
	files, err := os.ReadDir(filepath.Join(p.folder, first))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, f := range files {
		if id := first + f.Name(); plumbing.IsHash(id) && strings.HasPrefix(id, prefix.String()[:n]) {
			out = append(out, plumbing.NewHash(id))
		}
	}
	return out, nil
}

// offset looks the nth object's place up; packs beyond 2 GB have a second table.
func (p *pack) offset(n int) int64 {
	table := 8 + 1024 + 24*p.count
	at := binary.BigEndian.Uint32(p.index[table+4*n:])
	if at&(1<<31) == 0 {
		return int64(at)
	}
	far := table + 4*p.count + 8*int(at&^(1<<31))
	if far+8 > len(p.index)-40 {
		return -1
	}
	return int64(binary.BigEndian.Uint64(p.index[far:]))
}

// object reads what lies at an offset, deltas resolved. Nothing may write to
// the answer: the cache of bases can hold it.
func (p *pack) object(at int64) (plumbing.ObjectType, []byte, error) {
	if p.deltas, p.chain = p.deltas[:0], p.chain[:0]; cap(p.deltas) > 64*packPageSize {
		p.deltas = nil
	}
	if cap(p.rooms[0])+cap(p.rooms[1]) > 128*packPageSize {
		p.rooms = [2][]byte{}
	}
	var typ plumbing.ObjectType
	var b []byte
	for {
		var ok bool
		if typ, b, ok = p.bases.get(at); ok {
			break
		}
		o, err := p.start(at, maxObject)
		if err != nil {
			return 0, nil, err
		}
		if !o.typ.IsDelta() {
			typ, b = o.typ, make([]byte, o.size)
			if !p.inflater.inflate(b, o.packed, true) {
				return 0, nil, errOdd
			}
			break
		}
		from := len(p.deltas)
		if len(p.chain) == maxChain || from+o.size > maxObject {
			return 0, nil, errOdd
		}
		p.deltas = slices.Grow(p.deltas, o.size)[:from+o.size]
		if !p.inflater.inflate(p.deltas[from:], o.packed, true) {
			return 0, nil, errOdd
		}
		p.chain = append(p.chain, link{from, o.base})
		at = o.base
	}
	end, lasting := len(p.deltas), true
	for n, l := range slices.Backward(p.chain) {
		if lasting {
			p.bases.put(l.base, typ, b)
		}
		// What lies between two large versions of a file is needed for a moment: its
		// room is used again. The last base stays, for the neighbours.
		var room []byte
		if lasting = n < 2 || len(b) < largeBase; !lasting {
			room = p.rooms[n%2]
		}
		var err error
		if b, err = patchDelta(b, p.deltas[l.from:end], room); err != nil {
			return 0, nil, err
		}
		if !lasting {
			p.rooms[n%2] = b
		}
		end = l.from
	}
	return typ, b, nil
}

// largeBase is the size from which on not every version of a file is kept.
const largeBase = 32 << 10

// link is one delta of a chain: where it lies in pack.deltas, and what it is to
// be laid on.
type link struct {
	from int
	base int64
}

// packed is an object as it lies in a pack.
type packed struct {
	typ    plumbing.ObjectType
	size   int    // unpacked; of a delta: its own
	base   int64  // of a delta
	packed []byte // the zlib stream and whatever follows; good until the next read
}

// start reads an object's header and finds its stream, see "Pack entries" in
// gitformat-pack(5). At most n bytes of the object will be asked for.
func (p *pack) start(at int64, n int) (packed, error) {
	const longestHeader = 40
	if at < 12 || at >= p.size {
		return packed{}, errOdd
	}
	b, err := p.input.window(p.file, at, longestHeader)
	if err != nil {
		return packed{}, err
	}
	c := b[0]
	o := packed{typ: plumbing.ObjectType(c >> 4 & 7)}
	size, used := uint64(c&15), 1
	for shift := 4; c&0x80 != 0; shift += 7 {
		if used == len(b) || shift > 32 {
			return o, errOdd
		}
		c = b[used]
		used++
		size |= uint64(c&0x7f) << shift
	}
	if size > maxObject {
		return o, errOdd
	}
	o.size = int(size)
	switch o.typ {
	case plumbing.CommitObject, plumbing.TreeObject, plumbing.BlobObject, plumbing.TagObject:
	case plumbing.OFSDeltaObject:
		back, length := distance(b[used:])
		used += length
		if o.base = at - back; length == 0 || back <= 0 || o.base < 12 {
			return o, errOdd
		}
	case plumbing.REFDeltaObject:
		var h plumbing.Hash
		if copy(h[:], b[used:]) < len(h) {
			return o, errOdd
		}
		used += len(h)
		if o.base = p.find(h); o.base < 0 {
			return o, errOdd
		}
	default:
		return o, errOdd
	}
	// No packer makes streams longer than zlib's own bound, and no code is longer
	// than 15 bits.
	o.packed, err = p.input.window(p.file, at+int64(used), min(o.size+o.size>>10+32, 2*n+1024))
	return o, err
}

// commit gives the start of a commit, at most n bytes of it, good until the
// next read; nil where that takes reading anything else.
func (p *pack) commit(at int64, n int) []byte {
	o, err := p.start(at, n)
	if err != nil || o.typ != plumbing.CommitObject || n > o.size && o.size > 64*packPageSize {
		return nil
	}
	n = min(n, o.size)
	p.deltas = slices.Grow(p.deltas[:0], n)[:n]
	if !p.inflater.inflate(p.deltas, o.packed, n == o.size) {
		return nil
	}
	return p.deltas
}
