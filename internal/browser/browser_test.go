package browser_test

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daybreak/internal/browser"
)

// open starts a browser, or skips; where DAYBREAK_REQUIRE_BROWSER is set, as in
// CI, a missing browser is a failure.
func open(t *testing.T) *browser.Browser {
	t.Helper()
	b, err := browser.Open(context.Background())
	if err != nil {
		if os.Getenv("DAYBREAK_REQUIRE_BROWSER") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(b.Close)
	return b
}

func write(t *testing.T, html string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a page #1.html")
	if err := os.WriteFile(file, []byte(html), 0o644); err != nil {
		t.Fatal(err)
	}
	return browser.FileAddress(file)
}

func TestPage(t *testing.T) {
	b := open(t)
	p, err := b.Page(write(t, `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>A</title><style>p{color:red}</style><p>text</p><img src="http://outside.invalid/x.png" alt="">`), browser.View{Width: 360, Dark: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got, err := browser.Eval[int](p, `new Promise(done => done(innerWidth))`); err != nil || got != 360 {
		t.Errorf("width %d, %v", got, err)
	}
	if got, err := browser.Eval[bool](p, `matchMedia("(prefers-color-scheme: dark)").matches`); err != nil || !got {
		t.Errorf("dark %v, %v", got, err)
	}
	problems, err := p.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"style-src", "img-src"} {
		if !strings.Contains(strings.Join(problems, "\n"), want) {
			t.Errorf("no violation of %s told: %q", want, problems)
		}
	}
	shot, err := p.Screenshot()
	if err != nil {
		t.Fatal(err)
	}
	if c, err := png.DecodeConfig(bytes.NewReader(shot)); err != nil || c.Width != 360 {
		t.Errorf("picture %+v, %v", c, err)
	}
	pdf, err := p.PDF()
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("%d bytes of PDF, %v", len(pdf), err)
	}
}

func TestRequestsAreHeard(t *testing.T) {
	b := open(t)
	p, err := b.Page(write(t, `<!doctype html><title>A</title><img src="http://127.0.0.1:1/x.png" alt="">`), browser.View{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got := p.Requests(); len(got) != 2 || got[1] != "http://127.0.0.1:1/x.png" {
		t.Errorf("requests %q", got)
	}
}

func TestScriptsCanBeOff(t *testing.T) {
	b := open(t)
	p, err := b.Page(write(t, `<!doctype html><title>before</title><script>document.title = "after"</script>`), browser.View{NoScript: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got, err := browser.Eval[string](p, `document.title`); err != nil || got != "before" {
		t.Errorf("title %q, %v", got, err)
	}
}

// What a page keeps is found by the pages of the same memory alone.
func TestApart(t *testing.T) {
	b := open(t)
	file := write(t, `<!doctype html><title>A</title>`)
	kept := func(b *browser.Browser, script string) string {
		t.Helper()
		p, err := b.Page(file, browser.View{})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		got, err := browser.Eval[string](p, script+`String(localStorage.getItem("day"))`)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	one, err := b.Apart()
	if err != nil {
		t.Fatal(err)
	}
	kept(one, `localStorage.setItem("day", "S01");`)
	if got := kept(one, ""); got != "S01" {
		t.Errorf("the next page of the same memory finds %s", got)
	}
	one.Close()
	other, err := b.Apart()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if got := kept(other, ""); got != "null" {
		t.Errorf("another memory finds %s", got)
	}
}
