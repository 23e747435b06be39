package guard

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// pictureKind tells a picture by its first bytes, "" for anything else.
func pictureKind(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return "png"
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return "jpeg"
	case bytes.HasPrefix(data, []byte("GIF8")):
		return "gif"
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return "webp"
	}
	return ""
}

// picture gives what a picture says beside its pixels: texts of PNG chunks
// (https://www.w3.org/TR/png-3/#11textinfo), EXIF, XMP and comments of JPEG
// (ITU T.81 B.2.4) and WebP, and whatever hangs behind the picture's end.
func picture(kind string, data []byte) []segment {
	var meta [][]byte
	switch kind {
	case "png":
		meta = pngMeta(data)
	case "jpeg":
		meta = jpegMeta(data)
	case "webp":
		meta = webpMeta(data)
	default:
		meta = [][]byte{data}
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

func pngMeta(data []byte) [][]byte {
	var out [][]byte
	for p := 8; p+8 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[p:]))
		kind := string(data[p+4 : p+8])
		if size < 0 || p+12+size > len(data) {
			return append(out, data[p:])
		}
		body := data[p+8 : p+8+size]
		p += 12 + size
		switch kind {
		case "IDAT", "PLTE", "IHDR":
		case "zTXt", "iTXt", "iCCP":
			out = append(out, body)
			// Where compressed, the stream begins with a zlib header (RFC 1950).
			for i := range min(len(body), 300) {
				if body[i] == 0x78 {
					if text, err := inflate(body[i:]); err == nil {
						out = append(out, text)
						break
					}
				}
			}
		case "IEND":
			return append(out, data[p:])
		default:
			out = append(out, body)
		}
	}
	return out
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

func jpegMeta(data []byte) [][]byte {
	var out [][]byte
	for p := 2; p+4 <= len(data) && data[p] == 0xff; {
		marker := data[p+1]
		if marker == 0xda { // the pixels follow, up to the end marker
			if end := bytes.LastIndex(data, []byte{0xff, 0xd9}); end > p {
				out = append(out, data[end+2:])
			}
			return out
		}
		size := int(binary.BigEndian.Uint16(data[p+2:]))
		if size < 2 || p+2+size > len(data) {
			return append(out, data[p:])
		}
		if marker == 0xfe || marker >= 0xe0 && marker <= 0xef {
			out = append(out, data[p+4:p+2+size])
		}
		p += 2 + size
	}
	return out
}

func webpMeta(data []byte) [][]byte {
	var out [][]byte
	p := 12
	for p+8 <= len(data) {
		size := int(binary.LittleEndian.Uint32(data[p+4:]))
		if size < 0 || p+8+size > len(data) {
			break
		}
		switch string(data[p : p+4]) {
		case "VP8 ", "VP8L", "ALPH", "ANMF", "VP8X":
		default:
			out = append(out, data[p+8:p+8+size])
		}
		p += 8 + size + size%2
	}
	return append(out, data[min(p, len(data)):])
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
