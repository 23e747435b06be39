package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exif is what a phone says of a photo: which side is up, and a place as text.
func exif(side uint16) []byte {
	out := []byte("II*\x00\x08\x00\x00\x00\x02\x00")
	for _, v := range []uint16{0x0112, 3, 1, 0, side, 0, 0x010e, 2, 12, 0, 38, 0, 0, 0} {
		out = binary.LittleEndian.AppendUint16(out, v)
	}
	return append(out, "48.2082,16.3\x00"...)
}

func drawing() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 24))
	for i := range 40 * 24 {
		img.Set(i%40, i/40, color.NRGBA{byte(i), byte(7 * i), byte(i / 3), 0xff})
	}
	return img
}

func jpegSegment(marker byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(body))), body...)
}

func photo(t testing.TB, side uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, drawing(), nil); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	out := slices.Clone(plain[:2])
	for _, s := range [][]byte{
		jpegSegment(0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")),
		jpegSegment(0xe1, append([]byte(exifStart), exif(side)...)),
		jpegSegment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>48.2082</x:xmpmeta>")),
		jpegSegment(0xe2, []byte("ICC_PROFILE\x00\x01\x01colours")),
		jpegSegment(0xe2, []byte("MPF\x00 48.2082")),
		jpegSegment(0xed, []byte("Photoshop 3.0\x00 48.2082")),
		jpegSegment(0xfe, []byte("by Ada Muster at 48.2082")),
	} {
		out = append(out, s...)
	}
	out = append(out, plain[2:]...)
	return append(out, out...) // phones hang a second picture behind the first
}

func chunked(t testing.TB, side uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, drawing()); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	const head = 8 + 25 // the signature and IHDR
	out := slices.Clone(plain[:head])
	out = appendChunk(out, "eXIf", exif(side))
	out = appendChunk(out, "tEXt", []byte("Comment\x0048.2082"))
	out = appendChunk(out, "iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x0048.2082"))
	out = appendChunk(out, "pHYs", []byte("\x00\x00\x0b\x13\x00\x00\x0b\x13\x01"))
	return append(append(out, plain[head:]...), "48.2082"...)
}

func webpWith(side uint16) []byte {
	chunk := func(kind string, body []byte) []byte {
		out := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body))), body...)
		return append(out, make([]byte, len(body)%2)...)
	}
	out := []byte("RIFF\x00\x00\x00\x00WEBP")
	out = append(out, chunk("VP8X", []byte{0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0})...)
	// One pixel, as libwebp writes it.
	out = append(out, chunk("VP8L", []byte{0x2f, 0, 0, 0, 0, 0x07, 0x50, 0x35, 0x5a, 0xa5, 0xff, 0x81, 0x88, 0xe8, 0x7f, 0x04})...)
	out = append(out, chunk("EXIF", exif(side))...)
	out = append(out, chunk("XMP ", []byte("<x:xmpmeta>48.2082</x:xmpmeta>"))...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return append(out, "48.2082"...)
}

// animated is a GIF of two pictures with a comment, XMP and a text behind its end.
func animated(t testing.TB) []byte {
	t.Helper()
	frame := image.NewPaletted(image.Rect(0, 0, 40, 24), palette.Plan9)
	draw.Draw(frame, frame.Rect, drawing(), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{5, 7}, LoopCount: 3}); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	head := len(Parse(plain).Head)
	out := slices.Clone(plain[:head])
	out = append(out, "!\xfe\x17by Ada Muster at 48.2082\x00"...)
	out = append(out, "!\xff\x0bXMP DataXMP<x:xmpmeta>48.2082</x:xmpmeta>\x01"...)
	for n := 0xff; n >= 0; n-- { // the end that makes a walk by lengths arrive
		out = append(out, byte(n))
	}
	return append(append(append(out, 0), plain[head:]...), "48.2082"...)
}

// A GIF keeps its pictures, how long each is shown and how often.
func TestGIFWithoutMetadata(t *testing.T) {
	was := animated(t)
	got := WithoutMetadata(was)
	for _, gone := range []string{"48.2082", "Ada", "xmp"} {
		if !bytes.Contains(was, []byte(gone)) || bytes.Contains(got, []byte(gone)) {
			t.Errorf("still says %q", gone)
		}
	}
	if again := WithoutMetadata(got); !bytes.Equal(again, got) {
		t.Error("a second time takes more away")
	}
	before, err := gif.DecodeAll(bytes.NewReader(was))
	if err != nil {
		t.Fatal(err)
	}
	after, err := gif.DecodeAll(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}

// What parts say stands in them once: head, parts and rest are the file.
func TestPartsAreTheFile(t *testing.T) {
	for name, data := range map[string][]byte{"jpeg": photo(t, 6), "png": chunked(t, 6), "webp": webpWith(6), "gif": animated(t)} {
		for n := range len(data) + 1 {
			f := Parse(data[:n])
			all := slices.Clone(f.Head)
			for _, p := range f.Parts {
				all = append(all, p.Raw...)
			}
			if !bytes.Equal(append(all, f.Rest...), data[:n]) {
				t.Fatalf("%s, cut at %d: the parts are another file", name, n)
			}
			if n == len(data) && (!f.Whole || f.Format != Format(name)) {
				t.Errorf("%s: format %q, whole: %v", name, f.Format, f.Whole)
			}
		}
	}
}

// Pictures keep their pixels, colours and which side is up, and lose the rest.
func TestPicturesWithoutMetadata(t *testing.T) {
	upright := func(side uint16) []byte {
		return append([]byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), byte(side), 0, 0, 0, 0, 0, 0)
	}
	for name, made := range map[string]func(side uint16) []byte{
		"jpeg": func(s uint16) []byte { return photo(t, s) },
		"png":  func(s uint16) []byte { return chunked(t, s) },
		"webp": webpWith,
	} {
		for _, side := range []uint16{1, 6} {
			was := made(side)
			got := WithoutMetadata(was)
			for _, gone := range []string{"48.2082", "Ada", "xmp", "MPF"} {
				if bytes.Contains(got, []byte(gone)) {
					t.Errorf("%s, side %d: still says %q", name, side, gone)
				}
			}
			if kept := bytes.Count(got, upright(side)); kept != map[uint16]int{1: 0, 6: 1}[side] {
				t.Errorf("%s, side %d: says %d times which side is up", name, side, kept)
			}
			if again := WithoutMetadata(got); !bytes.Equal(again, got) {
				t.Errorf("%s, side %d: a second time takes more away", name, side)
			}
			if name == "webp" {
				if flags := map[uint16]byte{1: 0, 6: 0x08}[side]; got[20] != flags || int(binary.LittleEndian.Uint32(got[4:])) != len(got)-8 {
					t.Errorf("webp, side %d: flags %#x, %d bytes of %d", side, got[20], binary.LittleEndian.Uint32(got[4:]), len(got))
				}
				continue
			}
			before, _, err := image.Decode(bytes.NewReader(was))
			if err != nil {
				t.Fatal(err)
			}
			after, _, err := image.Decode(bytes.NewReader(got))
			if err != nil {
				t.Fatalf("%s, side %d: %v", name, side, err)
			}
			for i := range 40 * 24 {
				if before.At(i%40, i/40) != after.At(i%40, i/40) {
					t.Fatalf("%s, side %d: pixel %d differs", name, side, i)
				}
			}
		}
	}
	if got := WithoutMetadata(photo(t, 1)); !bytes.Contains(got, []byte("ICC_PROFILE")) || !bytes.Contains(got, []byte("JFIF")) {
		t.Error("the colours' profile is gone")
	}
}

// What isn't a whole picture comes back as it is, and nothing makes it fail.
func FuzzWithoutMetadata(f *testing.F) {
	for _, side := range []uint16{1, 6} {
		f.Add(photo(f, side))
		f.Add(chunked(f, side))
		f.Add(webpWith(side))
		f.Add(photo(f, side)[:100])
		f.Add(chunked(f, side)[:60])
		f.Add(webpWith(side)[:50])
	}
	f.Add(animated(f))
	f.Add(animated(f)[:1000])
	f.Add([]byte("GIF89a 48.2082"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got := WithoutMetadata(data)
		if len(got) > len(data) {
			t.Errorf("%d bytes became %d", len(data), len(got))
		}
		if again := WithoutMetadata(got); !bytes.Equal(again, got) {
			t.Errorf("a second time changes %q to %q", got, again)
		}
	})
}
