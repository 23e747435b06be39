// Package picture knows what the files of pictures are made of: which parts hold
// pixels, and which say something beside them. It walks parts and never decodes
// one, so its cost is that of the file's length.
package picture

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Format is a kind of file.
type Format string

// The formats that are known.
const (
	PNG  Format = "png"
	JPEG Format = "jpeg"
	GIF  Format = "gif"
	WebP Format = "webp"
)

// File is a picture's file taken apart. Head, the parts' bytes and Rest are
// together the file, but for the fill bytes of a JPEG.
type File struct {
	Format Format
	Head   []byte // what stands in front of the parts
	Parts  []Part
	// Rest is what stands behind the picture's end or, where the file isn't whole,
	// behind the last part that could be read.
	Rest  []byte
	Whole bool // the parts fit together, up to the picture's end
}

// Part is a piece of a file that says its own length.
type Part struct {
	// Name is the four letters of a chunk in PNG and WebP, the marker of a segment in
	// JPEG, and in GIF "," for pixels, ";" for the end, "!" and a label for the rest.
	Name string
	Body []byte // what it says, without its name, length and sum
	Raw  []byte // all of it, with the pixels behind a JPEG's "\xda"
}

const pngStart = "\x89PNG\r\n\x1a\n"

// FormatOf tells a picture by its first bytes, "" for anything else.
func FormatOf(data []byte) Format {
	switch {
	case bytes.HasPrefix(data, []byte(pngStart)):
		return PNG
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(data, []byte("GIF8")):
		return GIF
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return WebP
	}
	return ""
}

// Parse takes a file apart as far as its parts fit together. What is no picture has
// no format and nothing but a rest.
func Parse(data []byte) File {
	f := File{Format: FormatOf(data)}
	switch f.Format {
	case PNG:
		f.png(data)
	case JPEG:
		f.jpeg(data)
	case GIF:
		f.gif(data)
	case WebP:
		f.webp(data)
	default:
		f.Rest = data
	}
	return f
}

// png walks the chunks of https://www.w3.org/TR/png-3/#5Chunk-layout.
func (f *File) png(data []byte) {
	f.Head, f.Rest = data[:len(pngStart)], data[len(pngStart):]
	for len(f.Rest) >= 12 && !f.Whole {
		end := 12 + uint64(binary.BigEndian.Uint32(f.Rest))
		if end > uint64(len(f.Rest)) {
			return
		}
		f.take(string(f.Rest[4:8]), f.Rest[8:end-4], int(end))
		f.Whole = f.last() == "IEND"
	}
}

// jpeg walks the segments of ITU T.81 B.1.
func (f *File) jpeg(data []byte) {
	f.Head, f.Rest = data[:2], data[2:]
	for len(f.Rest) >= 2 && f.Rest[0] == 0xff && !f.Whole {
		marker := f.Rest[1]
		switch {
		case marker == 0xff: // a fill byte
			f.Rest = f.Rest[1:]
			continue
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd9: // without a length
			f.take(string(f.Rest[1:2]), nil, 2)
			f.Whole = marker == 0xd9
			continue
		}
		if len(f.Rest) < 4 {
			return
		}
		end := 2 + int(binary.BigEndian.Uint16(f.Rest[2:]))
		if end < 4 || end > len(f.Rest) {
			return
		}
		body := f.Rest[4:end]
		if marker == 0xda {
			end += scanLength(f.Rest[end:])
		}
		f.take(string(f.Rest[1:2]), body, end)
	}
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

// gif walks the blocks of https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
func (f *File) gif(data []byte) {
	const screen = 13
	f.Rest = data
	if len(data) < screen {
		return
	}
	head := screen + tableLength(data[10])
	if head > len(data) {
		return
	}
	f.Head, f.Rest = data[:head], data[head:]
	for len(f.Rest) > 0 && !f.Whole {
		switch name := f.Rest[0]; name {
		case ';':
			f.take(";", nil, 1)
			f.Whole = true
		case ',':
			const descriptor = 10
			if len(f.Rest) < descriptor {
				return
			}
			from := descriptor + tableLength(f.Rest[9]) + 1 // the last is the codes' size
			body, end := blocks(f.Rest, from)
			if end < 0 {
				return
			}
			f.take(",", body, end)
		case '!':
			if len(f.Rest) < 2 {
				return
			}
			body, end := blocks(f.Rest, 2)
			if end < 0 {
				return
			}
			if bytes.HasPrefix(body, []byte("XMP Data")) { // its text is no blocks, see the XMP specification, part 3
				body = f.Rest[3:end]
			}
			f.take(string(f.Rest[:2]), body, end)
		default:
			return
		}
	}
}

// tableLength is how many bytes of colours the flags announce.
func tableLength(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// blocks joins the data blocks from a place on, and gives where they end, -1 where
// they don't.
func blocks(data []byte, at int) (joined []byte, end int) {
	for at < len(data) {
		size := int(data[at])
		if size == 0 {
			return joined, at + 1
		}
		if at+1+size > len(data) {
			return nil, -1
		}
		joined = append(joined, data[at+1:at+1+size]...)
		at += 1 + size
	}
	return nil, -1
}

// webp walks the chunks of RFC 9649.
func (f *File) webp(data []byte) {
	const head = 12
	f.Head, f.Rest = data[:head], data[head:]
	whole := 8 + uint64(binary.LittleEndian.Uint32(data[4:]))
	if whole > uint64(len(data)) || whole < head {
		whole = uint64(len(data))
	} else {
		f.Whole = true
	}
	for left := whole - head; left > 0; {
		size := uint64(0)
		if left >= 8 {
			size = uint64(binary.LittleEndian.Uint32(f.Rest[4:]))
		}
		if left < 8+size {
			f.Whole = false
			return
		}
		end := min(8+size+size%2, left)
		f.take(string(f.Rest[:4]), f.Rest[8:8+size], int(end))
		left -= end
	}
}

// take makes a part of the next bytes.
func (f *File) take(name string, body []byte, length int) {
	f.Parts = append(f.Parts, Part{strings.Clone(name), body, f.Rest[:length]})
	f.Rest = f.Rest[length:]
}

func (f *File) last() string { return f.Parts[len(f.Parts)-1].Name }

// Pixels reports whether a part holds nothing but pixels, their sizes and colours.
func (f *File) Pixels(p Part) bool {
	switch f.Format {
	case PNG:
		return p.Name == "IDAT" || p.Name == "PLTE" || p.Name == "IHDR" || p.Name == "fdAT" || p.Name == "IEND"
	case JPEG:
		marker := p.Name[0]
		return marker != 0xfe && (marker < 0xe0 || marker > 0xef)
	case GIF:
		return p.Name[0] != '!' || p.Name == "!\xf9"
	case WebP:
		return p.Name == "VP8 " || p.Name == "VP8L" || p.Name == "ALPH" || p.Name == "ANMF" || p.Name == "VP8X"
	}
	return false
}
