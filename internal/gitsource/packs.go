package gitsource

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// packs reads objects straight out of the packs of one object folder
// (gitformat-pack(5)). It serves the common case fast: an object in a pack with
// an index of version 2. Everything else, and everything that looks odd, is left
// to go-git, which then says what is wrong.
type packs struct {
	list []*pack
	last *pack // where the last object was: its neighbours mostly follow
}

// pack is one pack with its index.
type pack struct {
	file  *os.File
	size  int64
	index []byte // the whole .idx file, mapped where the system can
	unmap func() error
	count int
	bases baseCache
	input packInput
	zlib  io.ReadCloser
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
		return &packs{}
	}
	slices.Sort(names)
	p := &packs{}
	for _, name := range names {
		if one, err := openPack(name); err == nil {
			p.list = append(p.list, one)
		}
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
	p.input.pack = p
	return p, nil
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
			typ, b, err = p.last.object(at, 0)
			return typ, b, true, err
		}
	}
	for _, one := range p.list {
		if one == p.last {
			continue
		}
		if at := one.find(h); at >= 0 {
			p.last = one
			typ, b, err = one.object(at, 0)
			return typ, b, true, err
		}
	}
	return 0, nil, false, nil
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
	names := p.index[8+1024:]
	for from < to {
		mid := int(uint(from+to) >> 1)
		switch c := bytes.Compare(names[20*mid:20*mid+20], h[:]); {
		case c == 0:
			return p.offset(mid)
		case c < 0:
			from = mid + 1
		default:
			to = mid
		}
	}
	return -1
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

// object reads what lies at an offset, deltas resolved. The answer belongs to
// the caller, except for what the cache of bases holds: nothing may write to it.
func (p *pack) object(at int64, depth int) (plumbing.ObjectType, []byte, error) {
	if typ, b, ok := p.bases.get(at); ok {
		return typ, b, nil
	}
	if at < 12 || at >= p.size || depth > maxChain {
		return 0, nil, errOdd
	}
	in := &p.input
	if err := in.seek(at); err != nil {
		return 0, nil, err
	}
	c, err := in.ReadByte()
	if err != nil {
		return 0, nil, err
	}
	typ := plumbing.ObjectType(c >> 4 & 7)
	size := uint64(c & 15)
	for shift := 4; c&0x80 != 0; shift += 7 {
		if c, err = in.ReadByte(); err != nil || shift > 32 {
			return 0, nil, cmp.Or(err, errOdd)
		}
		size |= uint64(c&0x7f) << shift
	}
	if size > maxObject {
		return 0, nil, errOdd
	}
	base := int64(0)
	switch typ {
	case plumbing.CommitObject, plumbing.TreeObject, plumbing.BlobObject, plumbing.TagObject:
	case plumbing.OFSDeltaObject:
		back, err := in.distance()
		if err != nil {
			return 0, nil, err
		}
		base = at - back
	case plumbing.REFDeltaObject:
		var h plumbing.Hash
		for i := range h {
			if h[i], err = in.ReadByte(); err != nil {
				return 0, nil, err
			}
		}
		base = p.find(h)
	default:
		return 0, nil, errOdd
	}
	b, err := p.inflate(int(size))
	if err != nil || !typ.IsDelta() {
		return typ, b, err
	}
	if base >= at && typ == plumbing.OFSDeltaObject {
		return 0, nil, errOdd
	}
	kind, from, err := p.object(base, depth+1)
	if err != nil {
		return 0, nil, err
	}
	p.bases.put(base, kind, from)
	b, err = patchDelta(from, b)
	return kind, b, err
}

// inflate reads exactly size bytes of a zlib stream and checks its sum.
func (p *pack) inflate(size int) ([]byte, error) {
	var err error
	if p.zlib == nil {
		p.zlib, err = zlib.NewReader(&p.input)
	} else {
		err = p.zlib.(zlib.Resetter).Reset(&p.input, nil)
	}
	if err != nil {
		p.zlib = nil
		return nil, err
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(p.zlib, b); err != nil {
		return nil, err
	}
	var more [1]byte
	if n, err := p.zlib.Read(more[:]); n != 0 || err != io.EOF {
		return nil, errOdd
	}
	return b, nil
}

// packInput reads a pack from some offset on, a few kilobytes at a time:
// commits and trees are small.
type packInput struct {
	pack  *pack
	buf   [4096]byte
	r, w  int
	start int64 // offset of buf[0]
}

func (in *packInput) seek(at int64) error {
	if at >= in.start && at < in.start+int64(in.w) {
		in.r = int(at - in.start)
		return nil
	}
	in.start, in.r, in.w = at, 0, 0
	return in.fill()
}

func (in *packInput) fill() error {
	in.start += int64(in.w)
	n, err := in.pack.file.ReadAt(in.buf[:], in.start)
	in.r, in.w = 0, n
	if n > 0 {
		return nil
	}
	return cmp.Or(err, io.ErrUnexpectedEOF)
}

// ReadByte gives one byte; with it the inflater reads no byte too many.
func (in *packInput) ReadByte() (byte, error) {
	if in.r == in.w {
		if err := in.fill(); err != nil {
			return 0, err
		}
	}
	c := in.buf[in.r]
	in.r++
	return c, nil
}

func (in *packInput) Read(b []byte) (int, error) {
	if in.r == in.w {
		if err := in.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(b, in.buf[in.r:in.w])
	in.r += n
	return n, nil
}

// distance reads how far back a delta's base lies.
func (in *packInput) distance() (int64, error) {
	c, err := in.ReadByte()
	if err != nil {
		return 0, err
	}
	n := int64(c & 0x7f)
	for c&0x80 != 0 {
		if c, err = in.ReadByte(); err != nil {
			return 0, err
		}
		if n > 1<<50 {
			return 0, errOdd
		}
		n = (n+1)<<7 | int64(c&0x7f)
	}
	return n, nil
}

// patchDelta makes an object of its base and a delta, see "Deltified
// representation" in gitformat-pack(5).
func patchDelta(base, delta []byte) ([]byte, error) {
	from, n := binary.Uvarint(delta)
	if n <= 0 || from != uint64(len(base)) {
		return nil, errOdd
	}
	delta = delta[n:]
	to, n := binary.Uvarint(delta)
	if n <= 0 || to > maxObject {
		return nil, errOdd
	}
	delta = delta[n:]
	out := make([]byte, 0, to)
	for len(delta) > 0 {
		op := delta[0]
		delta = delta[1:]
		if op&0x80 == 0 {
			if op == 0 || int(op) > len(delta) {
				return nil, errOdd
			}
			out = append(out, delta[:op]...)
			delta = delta[op:]
			continue
		}
		var v [7]byte
		for i := range v {
			if op&(1<<i) != 0 {
				if len(delta) == 0 {
					return nil, errOdd
				}
				v[i], delta = delta[0], delta[1:]
			}
		}
		at := uint64(binary.LittleEndian.Uint32(v[:4]))
		length := uint64(v[4]) | uint64(v[5])<<8 | uint64(v[6])<<16
		if length == 0 {
			length = 0x10000
		}
		if at+length > uint64(len(base)) || uint64(len(out))+length > to {
			return nil, errOdd
		}
		out = append(out, base[at:at+length]...)
	}
	if uint64(len(out)) != to {
		return nil, fmt.Errorf("%w: a delta makes %d bytes instead of %d", errOdd, len(out), to)
	}
	return out, nil
}

// baseCache keeps the bases of deltas, the oldest thrown out first.
type baseCache struct {
	byOffset map[int64]baseObject
	order    []int64
	bytes    int
}

type baseObject struct {
	typ plumbing.ObjectType
	b   []byte
}

// maxBases bounds a pack's cache, in bytes.
const maxBases = 24 << 20

func (c *baseCache) get(at int64) (plumbing.ObjectType, []byte, bool) {
	o, ok := c.byOffset[at]
	return o.typ, o.b, ok
}

func (c *baseCache) put(at int64, typ plumbing.ObjectType, b []byte) {
	if _, ok := c.byOffset[at]; ok || len(b) > maxBases/4 {
		return
	}
	if c.byOffset == nil {
		c.byOffset = map[int64]baseObject{}
	}
	c.byOffset[at] = baseObject{typ, b}
	c.order = append(c.order, at)
	for c.bytes += len(b); c.bytes > maxBases; {
		oldest := c.order[0]
		c.order = c.order[1:]
		c.bytes -= len(c.byOffset[oldest].b)
		delete(c.byOffset, oldest)
	}
}
