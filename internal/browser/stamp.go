package browser

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// stamps are the two dates that Chromium's PDF writer (Skia) puts into the
// document information: when it was printed. ISO 32000-1, 7.9.4.
var stamps = regexp.MustCompile(`/(CreationDate|ModDate) ?\(D:\d{14}[+-]\d\d'\d\d'\)`)

// nodes are the names of the parts of a tagged PDF. Chromium takes the numbers
// from a counter that all pages of a process share.
var nodes = regexp.MustCompile(`\(node\d{8}\)`)

// Stamp makes the same page give the same bytes: it puts another moment in the
// place of the clock's, and numbers the parts from 1 in the order that they
// have. Every length stays, and with it every offset of the file's table of
// objects.
func Stamp(pdf []byte, t time.Time) []byte {
	text := []byte(t.UTC().Format("20060102150405") + "+00'00'")
	pdf = stamps.ReplaceAllFunc(pdf, func(old []byte) []byte {
		out := bytes.Clone(old)
		copy(out[bytes.IndexByte(out, ':')+1:], text)
		return out
	})
	// The file looks names up by their order, so ranks take their place.
	names := nodes.FindAll(pdf, -1)
	slices.SortFunc(names, bytes.Compare)
	names = slices.CompactFunc(names, bytes.Equal)
	return nodes.ReplaceAllFunc(pdf, func(old []byte) []byte {
		rank, _ := slices.BinarySearchFunc(names, old, bytes.Compare)
		return fmt.Appendf(nil, "(node%08d)", rank+1)
	})
}
