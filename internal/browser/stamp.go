package browser

import (
	"bytes"
	"regexp"
	"time"
)

// stamps are the two dates that Chromium's PDF writer (Skia) puts into the
// document information: when it was printed. ISO 32000-1, 7.9.4.
var stamps = regexp.MustCompile(`/(CreationDate|ModDate) ?\(D:\d{14}[+-]\d\d'\d\d'\)`)

// Stamp puts another moment in the place of the clock's, so that the same page
// gives the same bytes. The length stays, and with it every offset of the
// file's table of objects.
func Stamp(pdf []byte, t time.Time) []byte {
	text := []byte(t.UTC().Format("20060102150405") + "+00'00'")
	return stamps.ReplaceAllFunc(pdf, func(old []byte) []byte {
		out := bytes.Clone(old)
		copy(out[bytes.IndexByte(out, ':')+1:], text)
		return out
	})
}
