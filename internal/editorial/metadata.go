package editorial

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// WithoutMetadata gives a picture without what it says beside its pixels: where and
// when it was taken, with which device and by whom, its preview, and whatever hangs
// behind its end. Pixels stay as they are, to the byte, with what they are shown by:
// colours, transparency, animation, and which side is up. A file of another format
// than PNG, JPEG and WebP, and one whose parts don't fit together, is given back as
// it is.
func WithoutMetadata(data []byte) []byte {
	var out []byte
	switch {
	case bytes.HasPrefix(data, []byte(pngStart)):
		out = barePNG(data)
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		out = bareJPEG(data)
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		out = bareWebP(data)
	}
	if out == nil {
		return data
	}
	return out
}

const pngStart = "\x89PNG\r\n\x1a\n"

// pngShown are the chunks that pixels are shown by
// (https://www.w3.org/TR/png-3/#4Concepts.FormatTypes).
var pngShown = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true, "sRGB": true, "cICP": true, "mDCV": true, "cLLI": true,
	"bKGD": true, "pHYs": true, "acTL": true, "fcTL": true, "fdAT": true,
}

func barePNG(data []byte) []byte {
	out := append(make([]byte, 0, len(data)), pngStart...)
	for p := len(pngStart); p+12 <= len(data); {
		size := uint64(binary.BigEndian.Uint32(data[p:]))
		end := uint64(p) + 12 + size
		if end > uint64(len(data)) {
			return nil
		}
		kind, body, chunk := string(data[p+4:p+8]), data[p+8:end-4], data[p:end]
		switch {
		case pngShown[kind]:
			out = append(out, chunk...)
		case kind == "eXIf":
			if upright := turnedOnly(body); upright != nil {
				out = appendChunk(out, kind, upright)
			}
		}
		if kind == "IEND" {
			return out
		}
		p = int(end)
	}
	return nil
}

func appendChunk(out []byte, kind string, body []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	from := len(out)
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}

const exifStart = "Exif\x00\x00"

// bareJPEG walks the segments of ITU T.81 B.1. Of the application's own ones it keeps
// those that decoders need: the JFIF header, the colour profile and Adobe's transform.
func bareJPEG(data []byte) []byte {
	out := append(make([]byte, 0, len(data)), data[:2]...)
	for p := 2; p+2 <= len(data); {
		if data[p] != 0xff {
			return nil
		}
		marker := data[p+1]
		switch {
		case marker == 0xff: // a fill byte
			p++
			continue
		case marker == 0xd9: // the end; what follows is no part of the picture
			return append(out, data[p:p+2]...)
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd7: // without a length
			out = append(out, data[p:p+2]...)
			p += 2
			continue
		}
		if p+4 > len(data) {
			return nil
		}
		size := int(binary.BigEndian.Uint16(data[p+2:]))
		end := p + 2 + size
		if size < 2 || end > len(data) {
			return nil
		}
		body := data[p+4 : end]
		if marker == 0xda {
			end += scanLength(data[end:])
		}
		switch {
		case marker == 0xe1 && bytes.HasPrefix(body, []byte(exifStart)):
			if upright := turnedOnly(body[len(exifStart):]); upright != nil {
				out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xe1), uint16(2+len(exifStart)+len(upright)))
				out = append(append(out, exifStart...), upright...)
			}
		case jpegShown(marker, body):
			out = append(out, data[p:end]...)
		}
		p = end
	}
	return nil
}

func jpegShown(marker byte, body []byte) bool {
	switch {
	case marker == 0xfe:
		return false
	case marker == 0xe0:
		return bytes.HasPrefix(body, []byte("JFIF\x00"))
	case marker == 0xe2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case marker == 0xee:
		return bytes.HasPrefix(body, []byte("Adobe"))
	}
	return marker < 0xe0 || marker > 0xef
}

// scanLength is how many bytes of pixels stand in front of the next marker.
func scanLength(data []byte) int {
	for i := 0; i+1 < len(data); i++ {
		if next := data[i+1]; data[i] == 0xff && next != 0 && (next < 0xd0 || next > 0xd7) {
			return i
		}
	}
	return len(data)
}

// bareWebP walks the chunks of RFC 9649.
func bareWebP(data []byte) []byte {
	const exif, xmp = 0x08, 0x04 // flags in VP8X
	whole := 8 + uint64(binary.LittleEndian.Uint32(data[4:]))
	if whole > uint64(len(data)) || whole < 12 {
		return nil
	}
	out := append(make([]byte, 0, whole), data[:12]...)
	flags, turned := -1, false
	for p := uint64(12); p < whole; {
		if p+8 > whole {
			return nil
		}
		size := uint64(binary.LittleEndian.Uint32(data[p+4:]))
		body, end := p+8, p+8+size+size%2
		if body+size > whole {
			return nil
		}
		end = min(end, whole)
		switch string(data[p : p+4]) {
		case "VP8X":
			if size > 0 {
				flags = len(out) + 8
			}
			fallthrough
		case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP":
			out = append(out, data[p:end]...)
		case "EXIF":
			if upright := turnedOnly(bytes.TrimPrefix(data[body:body+size], []byte(exifStart))); upright != nil && flags >= 0 {
				out = append(binary.LittleEndian.AppendUint32(append(out, "EXIF"...), uint32(len(upright))), upright...)
				turned = true
			}
		}
		p = end
	}
	if flags >= 0 {
		out[flags] &^= exif | xmp
		if turned {
			out[flags] |= exif
		}
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
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
