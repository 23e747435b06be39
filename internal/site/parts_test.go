package site

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/model"

	"golang.org/x/net/html"
)

// large is a release with many notes of all sorts, some of which must be acted on.
func large(count int) PublicSite {
	p := realistic()
	for i, l := range p.Languages {
		n := &p.Notes[l][0]
		n.Sections, n.MustAct, n.Delivered = nil, nil, nil
		for k, kind := range model.Kinds()[:3] {
			sec := model.NotesSection{Kind: kind}
			for j := range count / 3 {
				note := model.Note{Anchor: fmt.Sprintf("n-%d-%04d", k, j), Kind: kind, Title: fmt.Sprintf("Änderung %d-%04d: \"Angebote\" & <Preise> ohne `Umweg` in %s", k, j, strings.Repeat("Listen ", j%30)), Lang: l, Area: "Buchung", AreaID: fmt.Sprintf("a%d", j%5)}
				if j%7 == i { // the languages differ in length, and in their number of parts
					note.Body = strings.Repeat("Ein Satz mit *Betonung*.\n\n- eins\n- zwei\n\n", 1+j%20)
				}
				if j%500 == 50 {
					note.Body = "```go\n" + strings.Repeat("if a := f(x); a != nil { return a.b[1] }\n", 300) + "```"
				}
				if j%20 == 0 {
					note.Breaking, note.BreakingNote = true, strings.Repeat("Bitte stellen Sie um. ", 30)
					n.MustAct = append(n.MustAct, note)
				}
				sec.Notes = append(sec.Notes, note)
			}
			n.Sections = append(n.Sections, sec)
		}
		for j := range count / 10 {
			n.Delivered = append(n.Delivered, model.DeliveredNote{Title: fmt.Sprintf("Schon geliefert %d", j), Version: "2026.13.1", Slug: "2026.13.1", Lang: l})
		}
	}
	return p
}

// partsOf gives the pages of a release, in their order.
func partsOf(files memory, dir string) []string {
	var out []string
	for n := 1; ; n++ {
		name := dir + "index.html"
		if n > 1 {
			name = fmt.Sprintf("%s%d/index.html", dir, n)
		}
		if _, ok := files[name]; !ok {
			return out
		}
		out = append(out, name)
	}
}

func TestLargeReleaseIsDividedIntoParts(t *testing.T) {
	files := build(t, large(3000))
	checkPages(t, files) // no page over its limit, no link that leads nowhere
	checkFeeds(t, files)
	for _, dir := range []string{"public/releases/2026.14.0/", "public/en/releases/2026.14.0/"} {
		parts := partsOf(files, dir)
		if len(parts) < 10 {
			t.Fatalf("%s has %d parts", dir, len(parts))
		}
		var all strings.Builder
		small := 0
		for _, name := range parts {
			all.Write(files[name])
			if len(files[name]) < maxPage/2 {
				small++
			}
		}
		if small > len(parts)/4 {
			t.Errorf("%d of %d parts of %s are half empty", small, len(parts), dir)
		}
		ids := map[string]int{}
		for _, m := range noteID.FindAllString(all.String(), -1) {
			ids[m]++
		}
		for id, n := range ids {
			if n != 1 {
				t.Errorf("%s stands %d times", id, n)
			}
		}
		if len(ids) != 3000 {
			t.Errorf("%d notes", len(ids))
		}
		if !strings.Contains(all.String(), `<span class="again">`) {
			t.Error("a section that goes on does not say so")
		}
		if n := strings.Count(all.String(), "Schon geliefert "); n != 300 {
			t.Errorf("%d of 300 delivered changes", n)
		}
	}
	text := words(t, files, "releases/2026.14.0/3/index.html")
	for _, want := range []string{"Teil 3 von ", "Voriger Teil Nächster Teil", "Teil 1 Teil 2 Teil 3 Teil 4"} {
		if !strings.Contains(text, want) {
			t.Errorf("part 3 lacks %q: %.400s", want, text)
		}
	}
}

var noteID = regexp.MustCompile(`id="n-[^"]+"`)

// Everything that names a note from elsewhere leads to the part that holds it.
func TestPermalinksFindTheirPart(t *testing.T) {
	files := build(t, large(900))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, "release.json") || !strings.Contains(name, "2026.14.0") {
			continue
		}
		var r listed
		decode(t, files[name], &r)
		for _, n := range r.Notes {
			file, anchor, _ := strings.Cut(strings.TrimPrefix(n.URL, "https://neues.meridian.example/"), "#")
			if page := string(files["public/"+file+"index.html"]); anchor != n.ID || !strings.Contains(page, `id="`+anchor+`"`) {
				t.Fatalf("%s: %s leads nowhere", name, n.URL)
			}
		}
	}
	doc, err := html.Parse(strings.NewReader(string(files["public/releases/2026.14.0/index.html"])))
	if err != nil {
		t.Fatal(err)
	}
	away := 0
	for n := range doc.Descendants() { // what must be acted on stands first, the notes parts later
		if href := attr(n, "href"); n.Data == "a" && strings.HasPrefix(href, "../../releases/2026.14.0/") && strings.Contains(href, "#n-") {
			away++
		}
	}
	if away == 0 {
		t.Error("no link of the first part leads to a note of a later one")
	}
}

func TestListsOfReleasesStaySmall(t *testing.T) {
	p := realistic()
	for _, l := range p.Languages {
		long := p.Notes[l][2]
		for k := range long.Sections {
			for i := range long.Sections[k].Notes {
				long.Sections[k].Notes[i].Title = strings.Repeat("Ausgesprochen ausführlicher Titel ", 8)
			}
		}
		for i := range 200 {
			n := long
			n.Version, n.Slug, n.HotfixOf = fmt.Sprintf("1.%d", 300-i), fmt.Sprintf("1.%d", 300-i), ""
			if i > 100 && i < 160 {
				n.HotfixOf = "1.140"
			}
			p.Notes[l] = append(p.Notes[l], n)
		}
	}
	files := build(t, p)
	checkPages(t, files)
	var all strings.Builder
	for name, data := range files {
		if strings.HasPrefix(name, "public/archive/") {
			all.Write(data)
		}
	}
	for i := range 200 {
		if !strings.Contains(all.String(), fmt.Sprintf(`releases/1.%d/index.html`, 300-i)) {
			t.Errorf("1.%d is in no archive", 300-i)
		}
	}
}

func decode(t *testing.T, data []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}
