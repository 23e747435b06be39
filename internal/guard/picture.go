package guard

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"daybreak/internal/picture"
)

// beside gives what a picture says beside its pixels: texts of PNG chunks
// (https://www.w3.org/TR/png-3/#11textinfo), EXIF, XMP and comments of JPEG
// (ITU T.81 B.2.4), GIF and WebP, and whatever hangs behind the picture's end.
func beside(f picture.File) []segment {
	meta := [][]byte{f.Rest}
	for _, p := range f.Parts {
		if f.Pixels(p) {
			continue
		}
		meta = append(meta, p.Body)
		if f.Format == picture.PNG {
			meta = append(meta, unfolded(p.Body))
		}
	}
	var out []segment
	for _, m := range meta {
		if i := bytes.Index(m, []byte("<x:xmpmeta")); i >= 0 {
			out = append(out, markup(m[i:], true, 1)...)
		}
		if found := printable(m); len(found) > 0 {
			out = append(out, segment{zoneMeta, strings.Join(found, string(separator))})
		}
	}
	return out
}

// unfolded finds a compressed text in a PNG chunk: it begins with a zlib header
// (RFC 1950), behind a keyword and languages.
func unfolded(body []byte) []byte {
	for i := range min(len(body), 300) {
		if body[i] == 0x78 {
			if text, err := inflate(body[i:]); err == nil {
				return text
			}
		}
	}
	return nil
}

// inflate is bounded: a few bytes can unfold to gigabytes.
func inflate(data []byte) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, 1<<20))
}

// printable gives the texts in binary data: runs of at least four characters in
// UTF-8, and in UTF-16 of both byte orders, which EXIF's XP fields and user
// comments use.
func printable(data []byte) []string {
	const least = 4
	var out []string
	var run []byte
	flush := func() {
		if utf8.RuneCount(run) >= least {
			out = append(out, string(run))
		}
		run = run[:0]
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if (r >= 0x20 || r == '\n') && r != 0x7f && (r != utf8.RuneError || size > 1) {
			run = append(run, data[i:i+size]...)
		} else {
			flush()
		}
		i += size
	}
	flush()
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for start := range 2 {
			var wide []uint16
			flush := func() {
				if len(wide) >= least {
					out = append(out, string(utf16.Decode(wide)))
				}
				wide = wide[:0]
			}
			for i := start; i+1 < len(data); i += 2 {
				// Latin with its neighbours; any two random bytes are a letter somewhere.
				if u := order.Uint16(data[i:]); (u >= 0x20 || u == '\n') && u < 0x250 && u != 0x7f {
					wide = append(wide, u)
				} else {
					flush()
				}
			}
			flush()
		}
	}
	return out
}
