package browser_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daybreak/internal/browser"
)

func TestPlacesOfRowsOnSheets(t *testing.T) {
	b := open(t)
	var html strings.Builder
	html.WriteString("<!doctype html><title>rows</title><style>p{break-after:page}</style><body>")
	want := map[string]int{}
	for i := range 12 {
		fmt.Fprintf(&html, `<p id="r-S%02d">row <b id="elsewhere%d">%d</b></p>`, i, i, i)
		want[fmt.Sprintf("r-S%02d", i)] = i + 1
	}
	html.WriteString(`<div id="r-2-C01">last</div></body>`)
	want["r-2-C01"] = 13
	file := filepath.Join(t.TempDir(), "rows.html")
	if err := os.WriteFile(file, browser.Findable([]byte(html.String())), 0o666); err != nil {
		t.Fatal(err)
	}
	p, err := b.Page(browser.FileAddress(file), browser.View{NoScript: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	pdf, err := p.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if sheets, on := browser.Places(pdf); sheets != 13 || !maps.Equal(on, want) {
		t.Errorf("%d sheets with %v, want 13 with %v", sheets, on, want)
	}
	if pdf, err = p.PDF(2, 13); err != nil {
		t.Fatal(err)
	}
	if sheets, _ := browser.Places(pdf); sheets != 2 {
		t.Errorf("two sheets were asked for, %d printed", sheets)
	}
}
