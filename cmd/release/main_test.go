package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Two runs give the same bytes, and the archive holds what people expect in it.
func TestTwoRunsGiveEqualBytes(t *testing.T) {
	var runs [2]map[string][]byte
	for i := range runs {
		p := plan{version: "1.2.3", out: t.TempDir(), platforms: []string{runtime.GOOS + "/" + runtime.GOARCH}, dirty: true}
		if err := p.run(); err != nil {
			t.Fatal(err)
		}
		runs[i] = map[string][]byte{}
		files, err := os.ReadDir(p.out)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if runs[i][f.Name()], err = os.ReadFile(filepath.Join(p.out, f.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	name := "daybreak-1.2.3-" + runtime.GOOS + "-" + runtime.GOARCH + ".tar.gz"
	if len(runs[0]) != 2 || !strings.Contains(string(runs[0]["SHA256SUMS"]), "  "+name+"\n") {
		t.Fatalf("wrote %d files, sums %s", len(runs[0]), runs[0]["SHA256SUMS"])
	}
	for file, data := range runs[0] {
		if !bytes.Equal(data, runs[1][file]) {
			t.Errorf("%s differs between two runs", file)
		}
	}
	packed, err := gzip.NewReader(bytes.NewReader(runs[0][name]))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int64{}
	for r := tar.NewReader(packed); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimPrefix(h.Name, strings.TrimSuffix(name, ".tar.gz")+"/")] = h.Mode
	}
	for file, mode := range map[string]int64{"daybreak": 0o755, "README.md": 0o644, "man/man1/daybreak-build.1": 0o644, "completions/daybreak.zsh": 0o644} {
		if found[file] != mode {
			t.Errorf("%s has mode %o, want %o; there are %v", file, found[file], mode, found)
		}
	}
}

func TestZipIsTheSameTwice(t *testing.T) {
	var first, second bytes.Buffer
	files := map[string][]byte{"daybreak.exe": []byte("x"), "README.md": []byte("y")}
	when := time.Unix(1_800_000_000, 0).UTC()
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := writeZip(b, "daybreak-1", files, "daybreak.exe", when); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("differs")
	}
	z, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
	if err != nil || len(z.File) != 2 || z.File[1].Name != "daybreak-1/daybreak.exe" {
		t.Errorf("%v, %v", z, err)
	}
}

func TestVersionsAreRefused(t *testing.T) {
	for _, v := range []string{"", "1.2", "v1.2.3", "1.2.3; rm -rf", "1.2.3 -X"} {
		if err := (plan{version: v, out: t.TempDir(), dirty: true}).run(); err == nil {
			t.Errorf("%q passes", v)
		}
	}
}
