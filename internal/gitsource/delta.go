package gitsource

import (
	"encoding/binary"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
)

// distance reads how far back a delta's base lies, and how many bytes say so; 0
// for none.
func distance(b []byte) (back int64, used int) {
	for i, c := range b {
		back |= int64(c & 0x7f)
		if c&0x80 == 0 {
			return back, i + 1
		}
		if i > 7 {
			break
		}
		back = (back + 1) << 7
	}
	return 0, 0
}

// patchDelta makes an object of its base and a delta, see "Deltified
// representation" in gitformat-pack(5). It writes to the room given where that is
// enough.
func patchDelta(base, delta, room []byte) ([]byte, error) {
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
	out := room[:0]
	if uint64(cap(out)) < to {
		out = make([]byte, 0, to)
	}
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
const maxBases = 10 << 20

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
