package gitsource

import (
	"encoding/binary"
	"hash/adler32"
	"math/bits"
)

// inflater takes objects out of zlib streams (RFC 1950, RFC 1951) whose length
// is known beforehand, as it is in packs. It writes straight into the object,
// allocates nothing, and can stop early: of most commits only the headers are
// wanted. compress/zlib takes twice the time for the small objects that history
// consists of, three times where the headers do; it is the oracle of the tests.
type inflater struct {
	src  []byte
	at   int    // of the next byte in src
	bits uint64 // taken from src and not used yet, the next one lowest
	n    uint   // how many of them count

	lengths   [320]uint8 // of the codes of one block
	literals  prefixCode
	distances prefixCode
	byLiteral [1 << literalBits]uint16
	byDist    [1 << distanceBits]uint16
}

// Codes of at most so many bits are looked up, longer ones are searched.
const (
	literalBits  = 9
	distanceBits = 7
)

// prefixCode is a Huffman code: the number of codes of each length, and what
// they stand for in the order of the codes.
type prefixCode struct {
	count  [16]uint16
	symbol [288]uint16
	occur  [288]uint16 // the symbols that have a code, by their own order
}

// set makes the code of the lengths of its symbols, and the table of its short
// codes: symbol<<4 | length, zero where the code is longer. It refuses what is
// no full code, but for a code of one symbol.
func (c *prefixCode) set(lengths []uint8, table []uint16, width uint8) bool {
	c.count = [16]uint16{}
	used := 0
	for symbol, l := range lengths { // most are zero: few symbols occur in a small object
		if l > 0 {
			c.count[l&15]++
			c.occur[used] = uint16(symbol)
			used++
		}
	}
	var place, code [17]uint16 // the next of each length
	for l, left := 1, 1; l < 16; l++ {
		left = left<<1 - int(c.count[l])
		if left < 0 || l == 15 && left > 0 && used > 1 {
			return false
		}
		place[l+1] = place[l] + c.count[l]
		code[l+1] = (code[l] + c.count[l]) << 1
	}
	clear(table)
	for _, symbol := range c.occur[:used] {
		l := lengths[symbol] & 15
		c.symbol[place[l]] = symbol
		place[l]++
		if l <= width {
			for i := int(bits.Reverse16(code[l]) >> (16 - l)); i < len(table); i += 1 << l {
				table[i] = symbol<<4 | uint16(l)
			}
		}
		code[l]++
	}
	return true
}

// fill takes bits until there are more than any one symbol needs, or no more.
func (z *inflater) fill() {
	if z.at+8 <= len(z.src) {
		// Bits beyond n may be set already: to what they will be set to again.
		z.bits |= binary.LittleEndian.Uint64(z.src[z.at:]) << z.n
		z.at += int((63 - z.n) >> 3)
		z.n |= 56
		return
	}
	for z.n <= 56 && z.at < len(z.src) {
		z.bits |= uint64(z.src[z.at]) << z.n
		z.at++
		z.n += 8
	}
}

// take gives the next n bits as a number; false where the stream ends before.
func (z *inflater) take(n uint) (int, bool) {
	if z.n < n {
		if z.fill(); z.n < n {
			return 0, false
		}
	}
	v := int(z.bits & (1<<n - 1))
	z.bits >>= n
	z.n -= n
	return v, true
}

// next reads one symbol. -1: the stream is bad or at its end.
func (z *inflater) next(c *prefixCode, table []uint16) int {
	e := table[z.bits&uint64(len(table)-1)]
	if l := uint(e & 15); l > 0 {
		if l > z.n {
			return -1
		}
		z.bits >>= l
		z.n -= l
		return int(e >> 4)
	}
	code, first, index := 0, 0, 0
	b := z.bits
	for l := uint(1); l < 16 && l <= z.n; l++ {
		code |= int(b & 1)
		b >>= 1
		count := int(c.count[l])
		if code-first < count {
			z.bits >>= l
			z.n -= l
			return int(c.symbol[index+code-first])
		}
		index += count
		first = (first + count) << 1
		code <<= 1
	}
	return -1
}

// What lengths and distances stand for, RFC 1951, 3.2.5; and the order in which
// 3.2.7 gives the lengths of the code of lengths.
var (
	lengthBase    = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra   = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distanceBase  = [30]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distanceExtra = [30]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
	lengthOrder   = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

// inflate fills dst with the start of what a zlib stream holds. With whole the
// stream must hold exactly that much, under the right sum. It reports whether
// dst was filled; nothing in it is to be trusted where it wasn't.
func (z *inflater) inflate(dst, src []byte, whole bool) bool {
	if len(src) < 2 || src[0]&15 != 8 || src[1]&0x20 != 0 || binary.BigEndian.Uint16(src)%31 != 0 {
		return false
	}
	z.src, z.at, z.bits, z.n = src, 2, 0, 0
	defer func() { z.src = nil }()
	n, last := 0, 0
	for last == 0 {
		head, ok := z.take(3)
		if !ok {
			return false
		}
		last = head & 1
		ended := false
		switch head >> 1 {
		case 0:
			n, ended, ok = z.stored(dst, n)
		case 1:
			z.fixed()
			n, ended, ok = z.block(dst, n)
		case 2:
			if ok = z.dynamic(); ok {
				n, ended, ok = z.block(dst, n)
			}
		default:
			ok = false
		}
		if !ok {
			return false
		}
		if !ended { // dst is full, and there is more
			return !whole
		}
		if !whole && n == len(dst) {
			return true
		}
	}
	z.at -= int(z.n / 8)
	return n == len(dst) && (!whole || len(src)-z.at >= 4 && binary.BigEndian.Uint32(src[z.at:]) == adler32.Checksum(dst))
}

// stored copies a block that isn't packed. ended is false where dst has no room
// for all of it.
func (z *inflater) stored(dst []byte, n int) (to int, ended, ok bool) {
	z.at -= int(z.n / 8)
	z.bits, z.n = 0, 0
	if len(z.src)-z.at < 4 {
		return n, false, false
	}
	length := int(binary.LittleEndian.Uint16(z.src[z.at:]))
	other := int(binary.LittleEndian.Uint16(z.src[z.at+2:]))
	if z.at += 4; length^other != 0xffff || len(z.src)-z.at < min(length, len(dst)-n) {
		return n, false, false
	}
	copied := copy(dst[n:], z.src[z.at:min(len(z.src), z.at+length)])
	z.at += copied
	return n + copied, copied == length, true
}

// fixed sets the codes of RFC 1951, 3.2.6.
func (z *inflater) fixed() {
	for i := range 288 {
		switch {
		case i < 144 || i >= 280:
			z.lengths[i] = 8
		case i < 256:
			z.lengths[i] = 9
		default:
			z.lengths[i] = 7
		}
	}
	z.literals.set(z.lengths[:288], z.byLiteral[:], literalBits)
	for i := range 32 {
		z.lengths[i] = 5
	}
	z.distances.set(z.lengths[:32], z.byDist[:], distanceBits)
}

// dynamic reads the codes of a block.
func (z *inflater) dynamic() bool {
	literals, _ := z.take(5)
	distances, _ := z.take(5)
	count, ok := z.take(4)
	if !ok || literals > 29 || distances > 29 {
		return false
	}
	literals, distances = literals+257, distances+1
	var own [19]uint8
	for _, place := range lengthOrder[:count+4] {
		l, ok := z.take(3)
		if !ok {
			return false
		}
		own[place] = uint8(l)
	}
	// The code of the code lengths has no code of more than seven bits.
	if !z.distances.set(own[:], z.byDist[:], distanceBits) {
		return false
	}
	for i := 0; i < literals+distances; {
		if z.n < 16 {
			z.fill()
		}
		symbol := z.next(&z.distances, z.byDist[:])
		if symbol < 16 {
			if symbol < 0 {
				return false
			}
			z.lengths[i] = uint8(symbol)
			i++
			continue
		}
		length, times, extra := uint8(0), 3, uint(3)
		switch symbol {
		case 16:
			if i == 0 {
				return false
			}
			length, extra = z.lengths[i-1], 2
		case 18:
			times, extra = 11, 7
		}
		more, ok := z.take(extra)
		if times += more; !ok || i+times > literals+distances {
			return false
		}
		for range times {
			z.lengths[i] = length
			i++
		}
	}
	return z.lengths[256] > 0 &&
		z.literals.set(z.lengths[:literals], z.byLiteral[:], literalBits) &&
		z.distances.set(z.lengths[literals:literals+distances], z.byDist[:], distanceBits)
}

// run unpacks the bytes up to the next symbol that is something else, or has a
// long code. Behind it there are bits for any one length and distance.
func (z *inflater) run(dst []byte, n int) int {
	const literal = 256 << 4
	for {
		if z.n < 48 {
			z.fill()
		}
		b, have := z.bits, z.n
		for n < len(dst) {
			e := z.byLiteral[b&(1<<literalBits-1)]
			l := uint(e & 15)
			if e >= literal || l == 0 || l > have {
				break
			}
			dst[n] = byte(e >> 4)
			n++
			b >>= l
			have -= l
		}
		z.bits, z.n = b, have
		if have >= literalBits || n == len(dst) || z.at == len(z.src) {
			if z.n < 48 {
				z.fill()
			}
			return n
		}
	}
}

// block unpacks one block to dst[n:]. ended is false where dst is full before
// its end.
func (z *inflater) block(dst []byte, n int) (to int, ended, ok bool) {
	for {
		n = z.run(dst, n)
		s := z.next(&z.literals, z.byLiteral[:])
		if s < 256 {
			if s < 0 {
				return n, false, false
			}
			if n == len(dst) {
				return n, false, true
			}
			dst[n] = byte(s)
			n++
			continue
		}
		if s == 256 {
			return n, true, true
		}
		if s -= 257; s >= len(lengthBase) {
			return n, false, false
		}
		more, ok := z.take(uint(lengthExtra[s]))
		length := int(lengthBase[s]) + more
		if s = z.next(&z.distances, z.byDist[:]); !ok || s < 0 || s >= len(distanceBase) {
			return n, false, false
		}
		more, ok = z.take(uint(distanceExtra[s]))
		back := int(distanceBase[s]) + more
		if !ok || back > n {
			return n, false, false
		}
		room := min(length, len(dst)-n)
		if back >= room {
			copy(dst[n:n+room], dst[n-back:])
		} else {
			for i := n; i < n+room; i++ {
				dst[i] = dst[i-back]
			}
		}
		if n += room; room < length {
			return n, false, true
		}
	}
}
