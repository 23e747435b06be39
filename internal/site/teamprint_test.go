package site

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"daybreak/internal/browser"
)

// Paper is measured in the browser's own layout. A4 with the margins of
// print.css leaves this many CSS pixels (96 to the inch) for the content.
const (
	pxPerMM        = 96 / 25.4
	portraitWidth  = (210 - 20 - 10) * pxPerMM
	landscapeWidth = (297 - 12 - 10) * pxPerMM
)

// ordinary is the day that everything is made for.
var ordinary = house{systems: 6, changes: 30}

// sheet is what a page measures when it is laid out for paper.
type sheet struct {
	Width, Scroll float64  // of the page, px
	Small         []string // texts below the smallest size
	Steps, Clocks []string // steps and clock times below theirs
	Boxes         []string // boxes to write in that are too small
	Wide          []string // elements that stick out to the right
	Filled        []string // elements with a ground of their own
	Overlaps      []string // texts of one row that lie over each other
	Narrow        []string // columns of text that a neighbour squeezed
	Torn          []string // words of heads that stand on two lines
}

const measure = `(() => {
  const out = {Width: document.documentElement.clientWidth, Scroll: document.documentElement.scrollWidth, Small: [], Steps: [], Clocks: [], Boxes: [], Wide: [], Filled: [], Overlaps: [], Narrow: [], Torn: []};
  const pt = e => parseFloat(getComputedStyle(e).fontSize) * 0.75;
  const mm = px => px / 96 * 25.4;
  const say = e => e.tagName.toLowerCase() + "." + e.className + " " + e.textContent.trim().slice(0, 40);
  const shown = e => e.getClientRects().length > 0;
  for (const e of document.querySelectorAll("main *")) {
    if (!shown(e)) continue;
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim());
    if (own && pt(e) < 9.49) out.Small.push(say(e) + " " + pt(e));
    const r = e.getBoundingClientRect();
    if (r.right > document.documentElement.clientWidth + 1) out.Wide.push(say(e) + " " + Math.round(r.right));
    const g = getComputedStyle(e);
    if (g.backgroundColor !== "rgba(0, 0, 0, 0)" || g.backgroundImage !== "none") out.Filled.push(say(e));
    if (g.color !== "rgb(0, 0, 0)") out.Filled.push("colour " + say(e));
  }
  for (const e of document.querySelectorAll(".step .do, .question")) if (pt(e) < 11.99) out.Steps.push(say(e) + " " + pt(e));
  for (const e of document.querySelectorAll(".steps td.clock time, .at time, .ladder th time")) {
    const g = getComputedStyle(e);
    if (pt(e) < 12.99 || (+g.fontWeight < 700 && !e.closest(".is-break")) || !g.fontVariantNumeric.includes("tabular-nums")) out.Clocks.push(say(e) + " " + pt(e) + " " + g.fontWeight);
  }
  for (const e of document.querySelectorAll(".box")) {
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    if (shown(e) && (mm(r.width) < 16 || mm(r.height) < 9 || s.borderTopStyle !== "solid")) out.Boxes.push(say(e) + " " + mm(r.width).toFixed(1) + "x" + mm(r.height).toFixed(1));
  }
  for (const e of document.querySelectorAll("td.what, td.owner, td.evidence, td.text, .special tbody td:nth-child(2)")) {
    const r = e.getBoundingClientRect();
    if (shown(e) && mm(r.width) < (e.matches(".owner, .evidence") ? 24 : 60)) out.Narrow.push(say(e) + " " + mm(r.width).toFixed(1));
  }
  for (const row of document.querySelectorAll("tr, .frame, .lists, .roll li, .rolls li")) {
    const parts = [...row.children].filter(shown).map(e => {const r = document.createRange(); r.selectNodeContents(e); return [e, r.getBoundingClientRect()];});
    for (let i = 0; i < parts.length; i++) for (let j = i + 1; j < parts.length; j++) {
      const [a, x] = parts[i], [b, y] = parts[j];
      if (x.width && y.width && x.right > y.left + 1 && y.right > x.left + 1 && x.bottom > y.top + 1 && y.bottom > x.top + 1) out.Overlaps.push(say(a) + " / " + say(b));
    }
  }
  for (const e of document.querySelectorAll("thead th")) {
    for (const n of [...e.childNodes].filter(n => n.nodeType === 3 && shown(e))) for (const m of n.nodeValue.matchAll(/\S+/g)) {
      const r = document.createRange();
      r.setStart(n, m.index); r.setEnd(n, m.index + m[0].length);
      if (new Set([...r.getClientRects()].map(b => Math.round(b.top))).size > 1) out.Torn.push(m[0]);
    }
  }
  return out;
})()`

// save writes a page where a browser can open it.
func save(t *testing.T, html []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, html, 0o666); err != nil {
		t.Fatal(err)
	}
	return browser.FileAddress(file)
}

// forPaper makes the print rules hold on a screen, so that the layout can be
// measured by script at the width of the sheet.
func forPaper(html []byte) []byte {
	s := strings.ReplaceAll(string(html), "@media print{", "@media all{")
	return []byte(regexp.MustCompile(`@media screen[^{]*\{`).ReplaceAllString(s, "@media not all{"))
}

// paperCases are the sheets that are measured: everything of the ordinary day,
// and of the other houses what their size could break.
func paperCases() []struct {
	house          house
	lang, document string
} {
	type one = struct {
		house          house
		lang, document string
	}
	var out []one
	for _, h := range houses {
		for _, document := range []string{"runbook", "checklist", "ledger", "poster", "phone", "changed"} {
			hung := document == "poster" || document == "phone" || document == "changed"
			if h == ordinary || document != "ledger" && h.systems > 0 && !(hung && !h.wild && h.changes == 30) {
				out = append(out, one{h, "", document})
			}
			if h == ordinary {
				out = append(out, one{h, "en/", document})
			}
		}
	}
	return out
}

func TestPaperIsMeasured(t *testing.T) {
	b := openBrowser(t)
	for _, c := range paperCases() {
		t.Run(fmt.Sprintf("%s %s%s", c.house, c.lang, c.document), func(t *testing.T) {
			width := portraitWidth
			if c.document == "checklist" {
				width = landscapeWidth
			}
			html := c.house.pages(t)["team/"+c.lang+"2026.9.0/"+c.document+"/index.html"]
			p, err := b.Page(save(t, forPaper(html)), browser.View{Width: int(width)})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			got, err := browser.Eval[sheet](p, measure)
			if err != nil {
				t.Fatal(err)
			}
			if got.Scroll > got.Width {
				t.Errorf("the content is %.0f px wide, the sheet %.0f: the printer would shrink it", got.Scroll, got.Width)
			}
			for what, list := range map[string][]string{
				"text below 9.5 pt":                    got.Small,
				"step below 12 pt":                     got.Steps,
				"clock time below 13 pt bold, tabular": got.Clocks,
				"box below 16 x 9 mm":                  got.Boxes,
				"element over the edge of the sheet":   got.Wide,
				"fill or colour":                       got.Filled,
				"texts over each other":                got.Overlaps,
				"squeezed column":                      got.Narrow,
				"torn head":                            got.Torn,
			} {
				if len(list) > 0 {
					t.Errorf("%d × %s, first: %s", len(list), what, list[0])
				}
			}
		})
	}
}

// printed prints a page and gives the text of its sheets, lines as they stand,
// and the size of the first in points.
func printed(t *testing.T, b *browser.Browser, html []byte) (sheets []string, size string) {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("DAYBREAK_REQUIRE_BROWSER") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	if done, ok := prints[string(html)]; ok {
		return done.sheets, done.size
	}
	p, err := b.Page(save(t, html), browser.View{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	pdf, err := p.PDF()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "sheets.pdf")
	if err := os.WriteFile(file, pdf, 0o666); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command(tool, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	box := regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`).FindSubmatch(pdf)
	if box == nil {
		t.Fatal("the PDF names no size")
	}
	wide, _ := strconv.ParseFloat(string(box[1]), 64)
	high, _ := strconv.ParseFloat(string(box[2]), 64)
	done := print{strings.Split(strings.TrimSuffix(string(text), "\f"), "\f"), fmt.Sprintf("%.0f x %.0f", wide, high)}
	prints[string(html)] = done
	return done.sheets, done.size
}

// prints keeps what was printed once: printing is what takes the time here.
var prints = map[string]print{}

type print struct {
	sheets []string
	size   string
}

// folded folds white space, which -layout uses for columns.
func folded(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestEverySheetSaysWhatItIs(t *testing.T) {
	b := openBrowser(t)
	for _, c := range paperCases() {
		t.Run(fmt.Sprintf("%s %s%s", c.house, c.lang, c.document), func(t *testing.T) {
			html := c.house.pages(t)["team/"+c.lang+"2026.9.0/"+c.document+"/index.html"]
			sheets, size := printed(t, b, html)
			if want := map[bool]string{false: "595 x 842", true: "842 x 595"}[c.document == "checklist"]; size != want {
				t.Errorf("a sheet measures %s pt, want A4, %s", size, want)
			}
			wants := []string{"Kurswagen · 2026.9.0", "Dienstag, 30. Juni 2026", "Stand 1 · ", "intern", "Seite %d von %d"}
			if c.lang != "" {
				wants = []string{"Kurswagen · 2026.9.0", "Tuesday, 30 June 2026", "Revision 1 · ", "internal", "Page %d of %d"}
			}
			fingerprint := regexp.MustCompile(`(?:Stand|Revision) 1 · ([0-9a-f]{8})\b`)
			first := fingerprint.FindString(folded(sheets[0]))
			for i, text := range sheets {
				text = folded(text)
				for _, want := range wants {
					if strings.Contains(want, "%d") {
						want = fmt.Sprintf(want, i+1, len(sheets))
					}
					if !strings.Contains(text, want) {
						t.Errorf("sheet %d doesn't say %q", i+1, want)
					}
				}
				if got := fingerprint.FindString(text); got == "" || got != first {
					t.Errorf("sheet %d says fingerprint %q, the first one %q", i+1, got, first)
				}
			}
		})
	}
}

// A phase starts a sheet and, on the ordinary day, ends on it; its table's head
// stands on every further one.
func TestEachPhaseStartsASheet(t *testing.T) {
	b := openBrowser(t)
	for _, lang := range []string{"", "en/"} {
		sheets, _ := printed(t, b, ordinary.pages(t)["team/"+lang+"2026.9.0/runbook/index.html"])
		if len(sheets) != 4 {
			t.Errorf("%q: the ordinary day takes %d sheets, want 4", lang, len(sheets))
		}
	}
	phases := []string{"1 Vorbereiten und freigeben", "2 Ausrollen", "3 Beobachten und prüfen", "4 Abschließen"}
	for _, h := range houses[2:] {
		sheets, _ := printed(t, b, h.pages(t)["team/2026.9.0/runbook/index.html"])
		phase := 0
		for i, text := range sheets {
			text = folded(text)
			for phase+1 < len(phases) && strings.Contains(text, "Ablaufplan · "+phases[phase+1]) {
				phase++
			}
			for j, name := range phases {
				if said := strings.Contains(text, "Ablaufplan · "+name); said != (j == phase) {
					t.Errorf("%s: sheet %d of phase %d: says %q: %v", h, i+1, phase+1, name, said)
				}
			}
			if strings.Contains(text, "HALT") && !strings.Contains(text, "Plan Nr. Schritt") {
				t.Errorf("%s: sheet %d has rows without a head", h, i+1)
			}
		}
		if phase != len(phases)-1 {
			t.Errorf("%s: only %d phases are printed", h, phase+1)
		}
	}
}

// Who hung up the poster needs one sheet, with 3 names and with 120; and the
// three strips are cut from one.
func TestPosterAndStripsAreOneSheet(t *testing.T) {
	b := openBrowser(t)
	for _, c := range paperCases() {
		if c.document != "poster" && c.document != "phone" || c.house.wild {
			continue
		}
		sheets, _ := printed(t, b, c.house.pages(t)["team/"+c.lang+"2026.9.0/"+c.document+"/index.html"])
		if len(sheets) != 1 {
			t.Errorf("%s %s%s takes %d sheets", c.house, c.lang, c.document, len(sheets))
		}
	}
}

// What belongs to one row of the matrix stands on one sheet.
func TestNoRowIsSplit(t *testing.T) {
	b := openBrowser(t)
	html := house{systems: 7, changes: 30}.pages(t)["team/2026.9.0/checklist/index.html"]
	sheets, _ := printed(t, b, html)
	rows := 0
	for i, text := range sheets {
		text = folded(text)
		for _, title := range titles {
			if title[2] == "" {
				continue
			}
			heads, ends := strings.Count(text, title[0]), strings.Count(text, "Erwartet: "+title[2])
			// One row in thirty has no way to check and one none to expect.
			if ends > heads || heads-ends > 2 {
				t.Errorf("sheet %d: %q begins %d times and ends %d times", i+1, title[0], heads, ends)
			}
			rows += heads
		}
		if regexp.MustCompile(`\bC\d\d\b`).MatchString(text) && i > 0 && !strings.Contains(text, "Änderung Auf Test geprüft") {
			t.Errorf("sheet %d has rows without a head", i+1)
		}
	}
	if rows == 0 {
		t.Error("no row was found")
	}
}

// tornNames lists the words of people's names that stand on two lines.
const tornNames = `(() => {
  const torn = [];
  for (const e of document.querySelectorAll(".people td")) {
    for (const n of [...e.childNodes].filter(n => n.nodeType === 3)) {
      for (const m of n.nodeValue.matchAll(/\S+/g)) {
        const r = document.createRange();
        r.setStart(n, m.index); r.setEnd(n, m.index + m[0].length);
        if (new Set([...r.getClientRects()].map(b => Math.round(b.top))).size > 1) torn.push(m[0]);
      }
    }
  }
  return torn;
})()`

func TestPhoneScrollsOnlyDown(t *testing.T) {
	b := openBrowser(t)
	for _, h := range []house{ordinary, {systems: 6, changes: 12, long: true}, {systems: 7, changes: 12, wild: true}} {
		pages := h.pages(t)
		maps.Copy(pages, everyBucket(t))
		for path, html := range pages {
			p, err := b.Page(save(t, html), browser.View{Width: 320})
			if err != nil {
				t.Fatal(err)
			}
			width, err := browser.Eval[int](p, `document.documentElement.scrollWidth`)
			if err != nil {
				t.Fatal(err)
			}
			if width > 320 {
				wide, err := browser.Eval[json.RawMessage](p, `[...document.querySelectorAll("main *, nav *")].filter(e => e.getBoundingClientRect().right > 321).slice(0, 3).map(e => e.outerHTML.slice(0, 120))`)
				t.Errorf("%s %s: %d px wide on a phone of 320: %s %v", h, path, width, wide, err)
			}
			if torn, err := browser.Eval[[]string](p, tornNames); err != nil || len(torn) > 0 && !h.wild {
				t.Errorf("%s %s: names torn apart: %q %v", h, path, torn, err)
			}
			if problems, err := p.Problems(); err != nil || len(problems) > 0 {
				t.Errorf("%s %s: %q %v", h, path, problems, err)
			}
			p.Close()
		}
	}
}
