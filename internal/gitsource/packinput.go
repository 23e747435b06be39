package gitsource

import (
	"cmp"
	"io"
	"os"
)

// packInput reads a pack page by page, and keeps the pages that were needed last:
// commits and trees are small, and neighbours are read one after the other. The
// pack isn't mapped into memory, because the pages of a large one would all
// count as this program's.
type packInput struct {
	pages [packPages]packPage
	buf   []byte // for what reaches beyond a page
}

// packPage is a page of a pack; b is nil until it is read.
type packPage struct {
	number int64
	b      []byte
}

const (
	packPageSize = 16 << 10
	packPages    = 64
)

// window gives n bytes from an offset on, less where the file ends. They are
// good until the next call.
func (in *packInput) window(file *os.File, at int64, n int) ([]byte, error) {
	number, from := at/packPageSize, int(at%packPageSize)
	if from+n > packPageSize {
		if cap(in.buf) < n || cap(in.buf) > 64*packPageSize && n < cap(in.buf)/8 {
			in.buf = make([]byte, n)
		}
		read, err := file.ReadAt(in.buf[:n], at)
		if read > 0 {
			err = nil
		}
		return in.buf[:read], err
	}
	page := &in.pages[number%packPages]
	if page.number != number || page.b == nil {
		b := page.b[:cap(page.b)]
		if b == nil {
			b = make([]byte, packPageSize)
		}
		page.b = nil
		read, err := file.ReadAt(b, number*packPageSize)
		if read <= from {
			return nil, cmp.Or(err, io.ErrUnexpectedEOF)
		}
		*page = packPage{number, b[:read]}
	}
	if from >= len(page.b) {
		return nil, io.ErrUnexpectedEOF
	}
	return page.b[from:], nil
}
