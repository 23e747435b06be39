package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// WithoutMetadata gives a picture without what it says beside its pixels: where and
// when it was taken, with which device and by whom, its preview, and whatever hangs
// behind its end. Pixels stay as they are, to the byte, with what they are shown by:
// colours, transparency, animation, and which side is up. A file of a format that
// isn't known, and one whose parts don't fit together, is given back as it is.
func WithoutMetadata(data []byte) []byte {
	f := Parse(data)
	if !f.Whole {
		return data
	}
	out := append(make([]byte, 0, len(data)), f.Head...)
	for _, p := range f.Parts {
		switch {
		case f.shown(p):
			out = append(out, p.Raw...)
		case f.Format == PNG && p.Name == "eXIf":
			if upright := turnedOnly(p.Body); upright != nil {
				out = appendChunk(out, p.Name, upright)
			}
		case f.Format == JPEG && p.Name == "\xe1" && bytes.HasPrefix(p.Body, []byte(exifStart)):
			if upright := turnedOnly(p.Body[len(exifStart):]); upright != nil {
				out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xe1), uint16(2+len(exifStart)+len(upright)))
				out = append(append(out, exifStart...), upright...)
			}
		case f.Format == WebP && p.Name == "EXIF" && f.has("VP8X"):
			if upright := turnedOnly(bytes.TrimPrefix(p.Body, []byte(exifStart))); upright != nil {
				out = append(binary.LittleEndian.AppendUint32(append(out, p.Name...), uint32(len(upright))), upright...)
			}
		}
	}
	if f.Format == WebP {
		announce(out)
	}
	return out
}

// has reports whether a part of a name says something.
func (f *File) has(name string) bool {
	return slices.ContainsFunc(f.Parts, func(p Part) bool { return p.Name == name && len(p.Body) > 0 })
}

// announce makes the head of a WebP say what the file holds: its length, and
// whether EXIF is among it (RFC 9649, 2.7.1).
func announce(webp []byte) {
	const exif, xmp = 0x08, 0x04 // flags in VP8X
	binary.LittleEndian.PutUint32(webp[4:], uint32(len(webp)-8))
	f := Parse(webp)
	for _, p := range f.Parts {
		if p.Name == "VP8X" && len(p.Body) > 0 {
			p.Body[0] &^= exif | xmp
			if f.has("EXIF") {
				p.Body[0] |= exif
			}
		}
	}
}

const exifStart = "Exif\x00\x00"

// pngShown are the chunks that pixels are shown by
// (https://www.w3.org/TR/png-3/#4Concepts.FormatTypes).
var pngShown = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true, "sRGB": true, "cICP": true, "mDCV": true, "cLLI": true,
	"bKGD": true, "pHYs": true, "acTL": true, "fcTL": true, "fdAT": true,
}

// shown reports whether a part is kept as it is. Of a JPEG's application segments
// these are those that decoders need: the JFIF header, the colour profile and
// Adobe's transform; of a GIF's how often it is played, and its colour profile.
func (f *File) shown(p Part) bool {
	begins := func(with ...string) bool {
		return slices.ContainsFunc(with, func(s string) bool { return bytes.HasPrefix(p.Body, []byte(s)) })
	}
	switch f.Format {
	case PNG:
		return pngShown[p.Name]
	case WebP:
		return f.Pixels(p) || p.Name == "ANIM" || p.Name == "ICCP"
	case GIF:
		return f.Pixels(p) || p.Name == "!\xff" && begins("NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012")
	}
	switch p.Name {
	case "\xe0":
		return begins("JFIF\x00")
	case "\xe2":
		return begins("ICC_PROFILE\x00")
	case "\xee":
		return begins("Adobe")
	}
	return f.Pixels(p)
}

func appendChunk(out []byte, kind string, body []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	from := len(out)
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}

// turnedOnly gives, for what EXIF says of a picture, an EXIF that says no more than
// which side is up (TIFF 6.0, tag Orientation); nil where it is as the pixels lie, or
// nothing can be read.
func turnedOnly(tiff []byte) []byte {
	const orientation, short = 0x0112, 3
	if len(tiff) < 26 { // one field
		return nil
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	} else if string(tiff[:2]) != "MM" {
		return nil
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return nil
	}
	for n := range uint64(order.Uint16(tiff[at:])) {
		field := at + 2 + 12*n
		if field+12 > uint64(len(tiff)) {
			return nil
		}
		f := tiff[field:]
		side := order.Uint16(f[8:])
		if order.Uint16(f) != orientation || order.Uint16(f[2:]) != short || side < 2 || side > 8 {
			continue
		}
		out := []byte("MM\x00*\x00\x00\x00\x08\x00\x01")
		for _, v := range []uint16{orientation, short, 0, 1, side, 0, 0, 0} {
			out = binary.BigEndian.AppendUint16(out, v)
		}
		return out
	}
	return nil
}
