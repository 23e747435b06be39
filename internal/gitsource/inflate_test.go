package gitsource

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"io"
	"strings"
	"testing"
)

// FuzzInflate holds the inflater against compress/zlib: whatever it takes,
// zlib takes and reads alike, whole and from the start; and what zlib's writer
// makes at any level it takes.
func FuzzInflate(f *testing.F) {
	pack := func(level int, text []byte) []byte {
		var b bytes.Buffer
		w, err := zlib.NewWriterLevel(&b, level)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			f.Fatal(err)
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
		return b.Bytes()
	}
	levels := []int{flate.NoCompression, flate.BestSpeed, flate.BestCompression, flate.HuffmanOnly}
	texts := []string{"", "a", strings.Repeat("a", 1000), "tree 0123456789abcdef\nparent 89abcdef\n\nfix: thing\n", strings.Repeat("line that comes again\n", 4000)}
	for _, text := range texts {
		for _, level := range levels {
			f.Add(pack(level, []byte(text)), uint16(7))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, at uint16) {
		var z inflater
		var want []byte
		r, err := zlib.NewReader(bytes.NewReader(b))
		if err == nil {
			want, err = io.ReadAll(io.LimitReader(r, 1<<20))
		}
		got := make([]byte, len(want))
		if z.inflate(got, b, true) && (err != nil || !bytes.Equal(got, want)) {
			t.Fatalf("takes %d bytes that zlib refuses or reads otherwise: %v", len(got), err)
		}
		start := make([]byte, min(int(at), len(want)))
		if z.inflate(start, b, false) && !bytes.Equal(start, want[:len(start)]) {
			t.Fatalf("the first %d bytes differ", len(start))
		}
		for _, level := range levels {
			packed := pack(level, b)
			got := make([]byte, len(b))
			if !z.inflate(got, packed, true) || !bytes.Equal(got, b) {
				t.Fatalf("level %d: %d bytes of zlib's are refused or differ", level, len(packed))
			}
			if z.inflate(make([]byte, len(b)+1), packed, true) || len(b) > 0 && z.inflate(got[1:], packed, true) {
				t.Fatal("takes a stream of another length")
			}
			if z.inflate(got, packed[:len(packed)-1], true) {
				t.Fatal("takes a stream without its end")
			}
		}
	})
}
