package site

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"daybreak/internal/browser"
)

var (
	wholeRows = regexp.MustCompile(`(?s)<tbody class="step.*?</tbody>|<tr[ >].*?</tr>`)
	cellEnds  = regexp.MustCompile(`</t[dh]>`)
)

// marked puts an anchor at the end of every cell of every row, so that the PDF
// tells on which sheet each of them stands: "r-12-3" is the third of row 12.
func marked(html []byte) (out []byte, rows int) {
	out = wholeRows.ReplaceAllFunc(html, func(row []byte) []byte {
		rows++
		cell := 0
		return cellEnds.ReplaceAllFunc(row, func(end []byte) []byte {
			cell++
			return fmt.Appendf(nil, `<a id="r-%d-%d"></a>%s`, rows, cell, end)
		})
	})
	return browser.Findable(out), rows
}

// torn lists the rows whose cells stand on more than one sheet.
func torn(t *testing.T, b *browser.Browser, html []byte) (rows []string, measured int) {
	t.Helper()
	page, count := marked(html)
	_, on := browser.Places(pdfOf(t, b, page))
	for n := range count {
		first := 0
		for cell := 1; ; cell++ {
			sheet, ok := on[fmt.Sprintf("r-%d-%d", n+1, cell)]
			if !ok {
				break
			}
			measured++
			if first == 0 {
				first = sheet
			}
			if sheet != first {
				rows = append(rows, fmt.Sprintf("row %d, sheets %d and %d", n+1, first, sheet))
				break
			}
		}
	}
	return rows, measured
}

func pdfOf(t *testing.T, b *browser.Browser, html []byte) []byte {
	t.Helper()
	p, err := b.Page(save(t, html), browser.View{NoScript: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	pdf, err := p.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// Whatever the number of systems and changes, and however long the words are, no
// row of runbook and checklist stands on two sheets: every cell of it is where
// its first one is.
func TestNoRowStandsOnTwoSheets(t *testing.T) {
	b := openBrowser(t)
	for _, h := range houses {
		if h.wild || h.systems == 0 {
			continue
		}
		for _, document := range []string{"runbook", "checklist"} {
			rows, measured := torn(t, b, h.pages(t)["team/2026.9.0/"+document+"/index.html"])
			if len(rows) > 0 || measured < 60 {
				t.Errorf("%s %s: of %d cells: %q", h, document, measured, rows)
			}
		}
	}
	// The measure itself: without its rule the same page does tear.
	loose := bytes.ReplaceAll(ordinary.pages(t)["team/2026.9.0/checklist/index.html"], []byte("break-inside:avoid"), nil)
	if rows, _ := torn(t, b, loose); len(rows) == 0 {
		t.Error("no row is torn where nothing keeps it together: this test measures nothing")
	}
}

// copied is what a black-and-white copier would make of a sheet.
type copied struct {
	coloured, pale, grey int // pixels
}

// copyOf looks at every pixel of a PDF's sheets. coloured has a hue; pale would
// vanish in one bit, with no black beside it; grey is inside a shaded plane.
func copyOf(t *testing.T, pdf []byte) copied {
	t.Helper()
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		lacking(t, "pdftoppm is not installed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in.pdf"), pdf, 0o666); err != nil {
		t.Fatal(err)
	}
	var sum copied
	for _, how := range []struct {
		name string
		args []string
		look func([]byte, int)
	}{
		{"hue", []string{"-r", "50"}, sum.hues},
		{"copy", []string{"-r", "300", "-gray"}, sum.shades},
	} {
		args := append(how.args, filepath.Join(dir, "in.pdf"), filepath.Join(dir, how.name))
		if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		files, err := filepath.Glob(filepath.Join(dir, how.name+"-*"))
		if err != nil || len(files) == 0 {
			t.Fatal("no sheets", err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			// Formats PPM and PGM, netpbm.sourceforge.net/doc/ppm.html.
			var kind, wide, high, most int
			if n, err := fmt.Sscanf(string(data[:min(len(data), 40)]), "P%d\n%d %d\n%d\n", &kind, &wide, &high, &most); n != 4 || err != nil || most != 255 {
				t.Fatalf("no picture: %q", data[:min(len(data), 20)])
			}
			how.look(data[len(data)-map[int]int{5: 1, 6: 3}[kind]*wide*high:], wide)
		}
	}
	return sum
}

func (c *copied) hues(pixels []byte, _ int) {
	for i := 0; i+2 < len(pixels); i += 3 {
		if pixels[i] != pixels[i+1] || pixels[i] != pixels[i+2] {
			c.coloured++
		}
	}
}

func (c *copied) shades(grey []byte, wide int) {
	const paper, ink, black, near = 200, 128, 40, 5
	for y := near; y < len(grey)/wide-near; y++ {
	pixel:
		for x := near; x < wide-near; x++ {
			if at := grey[y*wide+x]; at >= paper || at < black {
				continue
			}
			darkest, brightest := byte(255), byte(0)
			for dy := -near; dy <= near; dy++ {
				for _, v := range grey[(y+dy)*wide+x-near : (y+dy)*wide+x+near+1] {
					if v < black {
						continue pixel // beside black: an edge
					}
					darkest, brightest = min(darkest, v), max(brightest, v)
				}
			}
			if darkest >= ink {
				c.pale++
			}
			if brightest <= paper {
				c.grey++
			}
		}
	}
}

// Sheets survive a black-and-white copier: no pixel has a hue, nothing is said by
// a shade, and nothing is so pale that one bit a pixel would lose it.
func TestSheetsSurviveACopier(t *testing.T) {
	b := openBrowser(t)
	page := func(document string) []byte { return ordinary.pages(t)["team/2026.9.0/"+document+"/index.html"] }
	for _, document := range []string{"runbook", "checklist", "poster", "phone"} {
		if got := copyOf(t, pdfOf(t, b, page(document))); got != (copied{}) {
			t.Errorf("%s: %+v", document, got)
		}
	}
	// The proof itself: one rule each that a sheet must not have.
	for rule, seen := range map[string]func(copied) bool{
		".title h2{color:#b00!important}":                              func(c copied) bool { return c.coloured > 0 },
		".detail{color:#bbb!important;print-color-adjust:exact}":       func(c copied) bool { return c.pale > 0 },
		".box{border-width:5mm!important;border-color:#888!important}": func(c copied) bool { return c.grey > 0 },
	} {
		spoilt := strings.Replace(string(page("runbook")), "</head>", "<style>"+rule+"</style></head>", 1)
		if got := copyOf(t, pdfOf(t, b, []byte(spoilt))); !seen(got) {
			t.Errorf("%s goes unseen: %+v", rule, got)
		}
	}
}
