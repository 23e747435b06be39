package output

import (
	"context"
	"errors"
	"io/fs"
	"testing"
)

// A file is made when it is asked for, once, and an error is told each time.
func TestLate(t *testing.T) {
	var l Late
	made, broken := 0, errors.New("no such field")
	if err := l.Later("public/index.html", func() ([]byte, error) { made++; return []byte("page"), nil }); err != nil {
		t.Fatal(err)
	}
	if err := l.Later("public/bad.html", func() ([]byte, error) { return nil, broken }); err != nil {
		t.Fatal(err)
	}
	if err := l.Put("team/a.css", []byte("a{}")); err != nil {
		t.Fatal(err)
	}
	if made != 0 {
		t.Fatal("made before anybody asked")
	}
	for range 2 {
		if data, err := l.File("public/index.html"); err != nil || string(data) != "page" || made != 1 {
			t.Errorf("%q, %v, made %d times", data, err, made)
		}
		if _, err := l.File("public/bad.html"); !errors.Is(err, broken) {
			t.Errorf("a broken page: %v", err)
		}
	}
	if _, err := l.File("../secret"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that isn't there: %v", err)
	}
	for _, twice := range []string{"public/index.html", "Public/x", "team/a.css/b"} {
		if l.Later(twice, nil) == nil {
			t.Errorf("%q is taken twice", twice)
		}
	}
	seen, failed := 0, 0
	ctx, cancel := context.WithCancel(t.Context())
	each := func(_ string, _ []byte, err error) error {
		if seen++; err != nil {
			failed++
		}
		return nil
	}
	if err := l.Each(ctx, each); err != nil || seen != 3 || failed != 1 {
		t.Errorf("Each gave %d files, %d broken, %v", seen, failed, err)
	}
	cancel()
	if err := l.Each(ctx, each); !errors.Is(err, context.Canceled) {
		t.Errorf("Each after the end: %v", err)
	}
}
