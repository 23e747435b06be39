package site

import (
	"context"
	"os"
	"runtime/debug"
	"sync"
	"testing"

	"daybreak/internal/browser"
)

// chromium is the one browser that all tests here look through: starting one takes
// as long as looking at a page.
var chromium struct {
	sync.Mutex
	*browser.Browser
}

func TestMain(m *testing.M) {
	debug.SetGCPercent(300) // time is dearer here than memory
	code := m.Run()
	if chromium.Browser != nil {
		chromium.Close()
	}
	os.Exit(code)
}

// openBrowser gives a test a memory of its own in the browser.
func openBrowser(t *testing.T) *browser.Browser {
	t.Helper()
	chromium.Lock()
	defer chromium.Unlock()
	if chromium.Browser != nil {
		if b, err := chromium.Apart(); err == nil {
			t.Cleanup(b.Close)
			return b
		}
		chromium.Close() // what took it down is told by the test in which it went
		chromium.Browser = nil
	}
	b, err := browser.Open(context.Background())
	if err != nil {
		lacking(t, err.Error())
	}
	chromium.Browser = b
	apart, err := b.Apart()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(apart.Close)
	return apart
}
