package browser

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// rowIDs are the ids of a page's rows: "r-S06".
var rowIDs = regexp.MustCompile(`\sid="(r-[A-Za-z0-9-]+)"`)

// Findable makes the PDF of a page say on which sheet each element with an id
// "r-…" stands: Chromium notes the place of what is linked to, seen or not.
func Findable(html []byte) []byte {
	var links bytes.Buffer
	links.WriteString("<nav hidden>")
	for _, m := range rowIDs.FindAllSubmatch(html, -1) {
		fmt.Fprintf(&links, `<a href="#%s"></a>`, m[1])
	}
	links.WriteString("</nav></body>")
	return bytes.Replace(html, []byte("</body>"), links.Bytes(), 1)
}

// Chromium's PDF writer (Skia) leaves the table of objects readable: pages in the
// order of their tree, ISO 32000-1 7.7.3, and named destinations, 12.3.2.3.
var (
	pageTree     = regexp.MustCompile(`/Type /Pages\b[^>]*?/Kids \[([^\]]*)\]|/Kids \[([^\]]*)\][^>]*?/Type /Pages\b`)
	references   = regexp.MustCompile(`(\d+) 0 R`)
	pageObjects  = regexp.MustCompile(`(?m)^(\d+) 0 obj\s*<</Type /Page\s`)
	destinations = regexp.MustCompile(`/(r-[A-Za-z0-9-]+) \[(\d+) 0 R /XYZ`)
)

// Places reads how many sheets a PDF of Chromium has, and on which of them, from
// 1, each named element stands.
func Places(pdf []byte) (sheets int, on map[string]int) {
	pages := map[string]bool{}
	for _, m := range pageObjects.FindAllSubmatch(pdf, -1) {
		pages[string(m[1])] = true
	}
	// A tree of many pages has inner nodes, whose children are in order as well.
	var order []string
	for _, tree := range pageTree.FindAllSubmatch(pdf, -1) {
		for _, m := range references.FindAllSubmatch(append(tree[1], tree[2]...), -1) {
			if id := string(m[1]); pages[id] && !slices.Contains(order, id) {
				order = append(order, id)
			}
		}
	}
	on = map[string]int{}
	for _, m := range destinations.FindAllSubmatch(pdf, -1) {
		on[string(m[1])] = slices.Index(order, string(m[2])) + 1
	}
	return len(order), on
}

// ranges writes sheets as a browser's print dialog takes them: "1,3".
func ranges(sheets []int) string {
	var out []byte
	for i, n := range sheets {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, int64(n), 10)
	}
	return string(out)
}
