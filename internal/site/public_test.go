package site

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"daybreak/internal/markdown"
	"daybreak/internal/model"

	"golang.org/x/net/html"
)

func TestInvariants(t *testing.T) {
	files := build(t, realistic())
	checkPages(t, files)
	checkFeeds(t, files)
}

func TestSameInputSameBytes(t *testing.T) {
	a, b := build(t, realistic()), build(t, realistic())
	if len(a) != len(b) {
		t.Fatalf("%d and %d files", len(a), len(b))
	}
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestFiles(t *testing.T) {
	files := build(t, realistic())
	for _, name := range []string{
		"index.html", "en/index.html", "releases/2026.14.0/index.html", "en/releases/2026.14.0/index.html", "feed.xml", "feed.json",
		"releases.json", "latest.json", "CHANGELOG.md", "en/CHANGELOG.md", "sitemap.xml", "robots.txt", "404.html", "assets/logo.svg",
	} {
		if _, ok := files["public/"+name]; !ok {
			t.Errorf("no %s", name)
		}
	}
}

// words gives a page's text without its head.
func words(t *testing.T, files memory, name string) string {
	t.Helper()
	data, ok := files["public/"+name]
	if !ok {
		t.Fatalf("no %s", name)
	}
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" && n.Parent.Data != "title" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestWhatPagesSay(t *testing.T) {
	files := build(t, realistic())
	for name, wants := range map[string][]string{
		"index.html": {"Neueste Version", "Gruppen buchen, ohne Listen abzutippen", "12. Mai 2026", "Bitte handeln", "Hotfix 2026.13.1 23. April",
			"Nächste Version Dienstag, 2. Juni 2026", "In dieser Version ändert sich für Sie nichts Sichtbares", "Dies ist dieselbe Software wie Version 2026.8.2", "2025", "English"},
		"en/index.html":                    {"Latest version", "Group bookings without retyping lists", "12 May 2026", "You must act", "Next version Tuesday, 2 June 2026", "Deutsch"},
		"releases/2026.14.0/index.html":    {"Dienstag, 12. Mai 2026", "Bitte hinterlegen Sie bis 1. Juni einen Schlüssel", "Doppelte Mahnung bei Teilzahlung seit 2026.13.1", "Läuft aus 1", "Die nächste Version"},
		"releases/2026.13.1/index.html":    {"Hotfix 2026.13.1", "Korrigiert Version 2026.13.0", "Älter Version 2026.13.0", "Neuer Version 2026.14.0"},
		"en/releases/2026.14.0/index.html": {"Kunden können ihre Anzahlung im Portal per Karte leisten de"},
		"404.html":                         {"Unter dieser Adresse gibt es nichts"},
	} {
		text := words(t, files, name)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q in:\n%s", name, want, text)
			}
		}
	}
	if text := words(t, files, "releases/2026.13.0/index.html"); strings.Contains(text, "nächste Version") {
		t.Error("an old release tells a next date")
	}
}

func TestFallbackIsMarkedInCode(t *testing.T) {
	page := string(build(t, realistic())["public/en/releases/2026.14.0/index.html"])
	if !strings.Contains(page, `data-area="a5" lang="de"`) || !strings.Contains(page, `title="Available in German only"`) {
		t.Error("a German note on an English page does not say so")
	}
}

func TestHotfixesStandUnderTheirParent(t *testing.T) {
	note := func(version, of, date string) model.Notes {
		return model.Notes{Version: version, Slug: version, HotfixOf: of, Date: day(date)}
	}
	for _, c := range []struct {
		name string
		in   []model.Notes
		want string
	}{
		{"beside its parent", []model.Notes{note("3", "", "2026-03-01"), note("2.1", "2", "2026-02-02"), note("2", "", "2026-02-01"), note("1", "", "2026-01-01")}, "2026: 2[2.1] 1[]"},
		{"two, one mending the other", []model.Notes{note("3", "", "2026-03-01"), note("2.2", "2.1", "2026-02-03"), note("2.1", "2", "2026-02-02"), note("2", "", "2026-02-01")}, "2026: 2[2.2 2.1]"},
		{"the newest is a hotfix and stands on top", []model.Notes{note("2.1", "2", "2026-02-02"), note("2", "", "2026-02-01"), note("1", "", "2025-01-01")}, "2026: 2[] 2025: 1[]"},
		{"an old line's late hotfix keeps its place", []model.Notes{note("3", "", "2026-03-01"), note("1.1", "1", "2026-02-02"), note("2", "", "2026-02-01"), note("1", "", "2026-01-01")}, "2026: 1.1[] 2[] 1[]"},
		{"its parent has no page", []model.Notes{note("3", "", "2026-03-01"), note("1.1", "1", "2026-02-02"), note("2", "", "2026-02-01")}, "2026: 1.1[] 2[]"},
		{"nothing but a lone hotfix", []model.Notes{note("1.1", "1", "2026-02-02")}, ""},
		{"hotfixes that name each other", []model.Notes{note("3", "", "2026-03-01"), note("a", "b", "2026-02-02"), note("b", "a", "2026-02-01")}, "2026: a[] b[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &publicBuild{theme: loadTheme(t), markdown: markdown.New(), site: PublicSite{Languages: []model.Lang{"en"}, Notes: map[model.Lang][]model.Notes{"en": c.in}}}
			var parts []string
			for _, y := range b.shelve("en").years {
				parts = append(parts, y.Name+":")
				for _, r := range y.Rows {
					var hot []string
					for _, h := range r.Hotfixes {
						hot = append(hot, h.Version)
					}
					parts = append(parts, fmt.Sprintf("%s%v", r.Version, hot))
				}
			}
			if got := strings.Join(parts, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The page of a release names the hotfixes that mended it, and what mended those.
func TestReleasePageNamesItsHotfixes(t *testing.T) {
	p := realistic()
	notes := p.Notes[model.German]
	i := slices.IndexFunc(notes, func(n model.Notes) bool { return n.HotfixOf != "" })
	fix := notes[i]
	again := fix
	again.Version, again.Slug, again.HotfixOf, again.Sections = fix.Version+"0", fix.Slug+"0", fix.Version, nil
	for _, l := range p.Languages {
		p.Notes[l] = slices.Insert(slices.Clone(p.Notes[l]), i, again)
	}
	files := build(t, p)
	page := string(files["public/releases/"+fix.HotfixOf+"/index.html"])
	first, second := strings.Index(page, `">Hotfix `+again.Version+`</a> <time`), strings.Index(page, `">Hotfix `+fix.Version+`</a> <time`)
	if first < 0 || second < first {
		t.Errorf("its hotfixes stand at %d and %d of %s", first, second, page)
	}
	if strings.Contains(string(files["public/releases/"+fix.Slug+"/index.html"]), `class="hotfixes"`) {
		t.Error("a hotfix names hotfixes as its own")
	}
}

// many makes a product with a release every other day.
func many(n int) PublicSite {
	p := realistic()
	template := p.Notes[model.German][2]
	p.Notes = map[model.Lang][]model.Notes{}
	for _, l := range p.Languages {
		for i := range n {
			notes := template
			notes.Version = fmt.Sprintf("1.%d.0", n-i)
			notes.Slug = notes.Version
			notes.Date = day("2026-05-12").AddDate(0, 0, -2*i)
			p.Notes[l] = append(p.Notes[l], notes)
		}
	}
	return p
}

func TestAThousandReleases(t *testing.T) {
	files := build(t, many(1000))
	checkPages(t, files)
	// Every release can be reached from the index by links alone.
	reached := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		if reached[name] || !strings.HasSuffix(name, ".html") {
			return
		}
		reached[name] = true
		if strings.Contains(name, "/releases/") {
			return // its neighbours would reach everything
		}
		for _, target := range links(t, files, name) {
			follow(target)
		}
	}
	follow("public/index.html")
	for i := 1; i <= 1000; i++ {
		if name := fmt.Sprintf("public/releases/1.%d.0/index.html", i); !reached[name] {
			t.Errorf("%s cannot be reached through index and archive", name)
		}
	}
}

// links gives the files that a page links to.
func links(t *testing.T, files memory, name string) []string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(files[name]))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" {
			if href := attr(n, "href"); !strings.Contains(href, ":") && !strings.HasPrefix(href, "#") {
				file, _, _ := strings.Cut(href, "#")
				out = append(out, path.Join(path.Dir(name), file))
			}
		}
	}
	return out
}

func TestIndexStaysSmallWhateverTheNewestTells(t *testing.T) {
	p := realistic()
	for _, l := range p.Languages {
		notes := p.Notes[l][0].Sections[0].Notes
		for i := range 200 {
			n := notes[i%3]
			n.Body = strings.Repeat("Ein langer Satz über eine Neuerung. ", 60)
			notes = append(notes, n)
		}
		p.Notes[l][0].Sections[0].Notes = notes
	}
	files := build(t, p)
	if n := len(files["public/index.html"]); n > maxPage {
		t.Errorf("%d bytes", n)
	}
	if text := words(t, files, "index.html"); !strings.Contains(text, "weitere Änderungen in dieser Version") || !strings.Contains(text, "Neu 203") {
		t.Errorf("the index does not say that there is more: %s", text)
	}
	sentences := 0
	for _, name := range partsOf(files, "public/releases/2026.14.0/") {
		sentences += strings.Count(words(t, files, strings.TrimPrefix(name, "public/")), "Ein langer Satz")
	}
	if sentences != 200*60 {
		t.Error("the release's own pages lack notes")
	}
}

func TestEmptySite(t *testing.T) {
	p := realistic()
	p.Notes = nil
	files := build(t, p)
	checkPages(t, files)
	checkFeeds(t, files)
	if text := words(t, files, "index.html"); !strings.Contains(text, "Noch ist keine Version erschienen") {
		t.Errorf("the index says nothing: %s", text)
	}
	if got := strings.TrimSpace(string(files["public/latest.json"])); got != "null" {
		t.Errorf("latest.json is %s", got)
	}
}

func TestWithoutAddressAndBrand(t *testing.T) {
	p := realistic()
	p.Brand = map[model.Lang]model.Brand{model.German: {Name: "x"}, model.English: {Name: "x"}}
	p.Assets = nil
	files := build(t, p)
	checkPages(t, files)
	checkFeeds(t, files)
	if _, ok := files["public/sitemap.xml"]; ok {
		t.Error("a sitemap without absolute addresses is none")
	}
	var feed atomFeed
	if err := xml.Unmarshal(files["public/feed.xml"], &feed); err != nil {
		t.Fatal(err)
	}
	if got := feed.Entries[0].Links[0].Href; got != "releases/2026.14.0/index.html" {
		t.Errorf("entry links to %q", got)
	}
}

func TestFeedIDsStayWhenTheSiteMoves(t *testing.T) {
	ids := func(p PublicSite) []string {
		var feed atomFeed
		if err := xml.Unmarshal(build(t, p)["public/feed.xml"], &feed); err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, e := range feed.Entries {
			out = append(out, e.ID)
		}
		return out
	}
	moved := realistic()
	for l, b := range moved.Brand {
		b.URL = "https://elsewhere.example/changes"
		moved.Brand[l] = b
	}
	a, b := ids(realistic()), ids(moved)
	if !slices.Equal(a, b) || !strings.HasPrefix(a[0], "urn:uuid:") {
		t.Errorf("got %v and %v", a, b)
	}
}

func TestFeed(t *testing.T) {
	var feed atomFeed
	if err := xml.Unmarshal(build(t, realistic())["public/en/feed.xml"], &feed); err != nil {
		t.Fatal(err)
	}
	self := slices.IndexFunc(feed.Links, func(l atomLink) bool { return l.Rel == "self" })
	if self < 0 || feed.Links[self].Href != "https://neues.meridian.example/en/feed.xml" {
		t.Errorf("links %v", feed.Links)
	}
	e := feed.Entries[0]
	if e.Updated != "2026-05-12T00:00:00Z" || e.Title != "Version 2026.14.0: Group bookings without retyping lists" || e.Links[0].Href != "https://neues.meridian.example/en/releases/2026.14.0/" {
		t.Errorf("entry %q %q %v", e.Updated, e.Title, e.Links)
	}
	for _, want := range []string{"<li>up to 500 passengers a group</li>", "You must act", "1 June"} {
		if !strings.Contains(e.Content.Text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
}

// Search engines are told of a mended text, and readers of a release without a
// headline read its number once.
func TestCorrectedAndNamedOnce(t *testing.T) {
	p := realistic()
	for _, l := range p.Languages {
		p.Notes[l][0].Title = ""
		p.Notes[l][0].Corrected = day("2026-05-14")
	}
	files := build(t, p)
	if page := string(files["public/releases/2026.14.0/index.html"]); !strings.Contains(page, `"datePublished":"2026-05-12","dateModified":"2026-05-14"`) {
		t.Error("the structured data doesn't say that the text was mended")
	}
	if page := string(files["public/releases/2026.13.0/index.html"]); !strings.Contains(page, `"dateModified":"2026-04-21"`) {
		t.Error("a text that wasn't mended has another date than its release")
	}
	if !strings.Contains(string(files["public/index.html"]), `class="side-version twice"`) || strings.Contains(string(build(t, realistic())["public/index.html"]), `side-version twice`) {
		t.Error("the number beside a heading that says it isn't marked, or one beside a headline is")
	}
}

func TestJSONLists(t *testing.T) {
	files := build(t, realistic())
	var all []listed
	if err := json.Unmarshal(files["public/releases.json"], &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != len(story) || all[0].Version != "2026.14.0" || all[0].Counts["added"] != 3 || all[0].MustAct != 1 || all[1].HotfixOf != "2026.13.0" {
		t.Errorf("got %+v", all[:2])
	}
	var latest listed
	if err := json.Unmarshal(files["public/latest.json"], &latest); err != nil {
		t.Fatal(err)
	}
	if latest.Version != "2026.14.0" || len(latest.Notes) != 11 || latest.Date != "2026-05-12" {
		t.Errorf("got %+v", latest)
	}
	var feed jsonFeedFile
	if err := json.Unmarshal(files["public/feed.json"], &feed); err != nil {
		t.Fatal(err)
	}
	if feed.Version != "https://jsonfeed.org/version/1.1" || feed.FeedURL != "https://neues.meridian.example/feed.json" || len(feed.Items) != len(story) {
		t.Errorf("feed %q %q %d", feed.Version, feed.FeedURL, len(feed.Items))
	}
}

func TestUnreleasedIsNoNews(t *testing.T) {
	p := realistic()
	for _, l := range p.Languages {
		coming := model.Notes{Lang: l, Slug: "unreleased", Unreleased: true, Sections: p.Notes[l][1].Sections}
		p.Notes[l] = append([]model.Notes{coming}, p.Notes[l]...)
	}
	files := build(t, p)
	checkPages(t, files)
	var feed atomFeed
	if err := xml.Unmarshal(files["public/feed.xml"], &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entries) != len(story) {
		t.Errorf("%d entries", len(feed.Entries))
	}
	var latest listed
	if err := json.Unmarshal(files["public/latest.json"], &latest); err != nil || latest.Version != "2026.14.0" {
		t.Errorf("latest is %q, %v", latest.Version, err)
	}
	if text := words(t, files, "index.html"); !strings.Contains(text, "Demnächst: 1 Änderung") || !strings.Contains(text, "Neueste Version 2026.14.0") {
		t.Errorf("the index lacks what is coming, or takes it for the newest release: %s", text)
	}
	for _, l := range p.Languages {
		p.Notes[l] = p.Notes[l][:1]
	}
	alone := build(t, p)
	checkPages(t, alone)
	if text := words(t, alone, "index.html"); !strings.Contains(text, "Demnächst Diese Änderungen sind fertig") || strings.Contains(text, "Neueste Version") {
		t.Errorf("the index of what has no release yet: %s", text)
	}
	if md := string(files["public/CHANGELOG.md"]); !strings.Contains(md, "\n## [Unveröffentlicht]\n\n### Behoben\n") {
		t.Errorf("changelog:\n%.600s", md)
	}
}

func TestChangelog(t *testing.T) {
	p := realistic()
	p.Notes[model.English] = p.Notes[model.English][:2]
	got := string(build(t, p)["public/en/CHANGELOG.md"])
	if strings.Contains(got, "\n\n\n") {
		t.Errorf("two blank lines in a row:\n%s", got)
	}
	want := `# Changelog

All notable changes to Meridian. The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).

## [2026.14.0] - 2026-05-12

Group bookings without retyping lists

### Added

- **Booking:** Import passenger lists from Excel and CSV

  Columns are recognised and can be mapped before the import. Missing dates of birth or passport numbers are marked before anything is saved.

  - up to 500 passengers a group
  - templates for each operator
  - duplicate names are reported, never overwritten

- **Allotments:** See free seats for each departure day at a glance
`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s", got[:min(len(got), len(want)+200)])
	}
	for _, want := range []string{"\n## [2026.13.1] - 2026-04-23\n\nCorrects version 2026.13.0\n", "\n[2026.13.1]: https://neues.meridian.example/en/releases/2026.13.1/\n", "\n  **You must act.** Please add a key under Settings → Interfaces by 1 June."} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
}

// hostile is what an enemy with a commit right could put into notes.
func hostile() PublicSite {
	evil := []string{
		`</title></style></script><script>alert(1)</script><img src=x onerror=alert(1)>`,
		`[click](javascript:alert(1)) <javascript:alert(1)> ![x](http://evil.example/pixel.png)`,
		`{{.Secret}} {{template "x"}} ${jndi} <% %>`,
		"\u202egnp.exe\u202c \u2066isolate \x00\x07\x1b[31mred \ufffe\uffff \xff\xfe",
		strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitän", 40),
		`"' onmouseover='alert(1)' "><h1>second</h1>`,
		"## [9.9.9] - 2030-01-01\n### Added\n- forged\n\n[9.9.9]: javascript:x\n]]> <!-- & <",
		"```\n" + strings.Repeat("x ", 5<<20/2),
	}
	p := PublicSite{Languages: []model.Lang{model.German, model.English}, Notes: map[model.Lang][]model.Notes{}, Brand: map[model.Lang]model.Brand{}}
	for _, l := range p.Languages {
		p.Brand[l] = model.Brand{Name: evil[0], Tagline: evil[5], Accent: "#ffff00", Home: "javascript:alert(1)", Contact: model.Contact{Name: evil[0], Mail: `x@y"><b>`, Phone: evil[0], Hours: evil[3]}}
		var notes []model.Note
		for i, s := range evil {
			notes = append(notes, model.Note{Anchor: evil[i%3], Kind: model.KindAdded, Title: s, Body: s, Area: s, AreaID: s, Breaking: true, BreakingNote: s, Lang: "en", Fallback: l != "en",
				Details: []model.Detail{{Name: "author", Text: s, URL: "javascript:alert(1)"}}})
		}
		for i, s := range evil {
			n := model.Notes{Version: s, Slug: fmt.Sprintf("v%d", i), Title: s, Intro: s, Date: time.Date(2026, 1, 30-i, 0, 0, 0, 0, time.UTC), HotfixOf: s, SameBuild: s, MustAct: notes[:1],
				Sections: []model.NotesSection{{Kind: model.KindAdded, Notes: notes}}, Delivered: []model.DeliveredNote{{Title: s, Version: s, Slug: "../../etc"}}}
			p.Notes[l] = append(p.Notes[l], n)
		}
	}
	return p
}

func TestHostileNotesBreakNothing(t *testing.T) {
	files := build(t, hostile())
	for name, data := range files {
		if strings.HasSuffix(name, ".html") {
			for _, problem := range pageProblems(files, name, data) {
				t.Errorf("%s: %s", name, problem)
			}
		}
		if len(data) > 1<<20 {
			t.Errorf("%s: %d bytes", name, len(data))
		}
		for _, r := range string(data) {
			if r < 0x20 && r != '\n' && r != '\t' || r == 0x202e || r == 0x2066 || r == 0xfffe {
				t.Errorf("%s holds %U", name, r)
				break
			}
		}
		if strings.Contains(name, "..") {
			t.Errorf("path %s", name)
		}
	}
	checkFeeds(t, files)
	md := string(files["public/CHANGELOG.md"])
	for line := range strings.Lines(md) {
		if strings.HasPrefix(strings.TrimSpace(line), "## [9.9.9]") || strings.Contains(line, "<script") && !strings.Contains(line, `\<script`) {
			t.Errorf("CHANGELOG.md: %q", line)
		}
	}
}

func TestEntitiesInTitlesStandForThemselves(t *testing.T) {
	p := realistic()
	p.Notes[model.German][0].Sections[0].Notes[0].Title = "Feld &lt;Name&gt; & Co. zeigt <b>"
	if text := words(t, build(t, p), "releases/2026.14.0/index.html"); !strings.Contains(text, "Feld &lt;Name&gt; & Co. zeigt <b>") {
		t.Errorf("got %s", text)
	}
}

// What people write between backticks in a title is code wherever the title is read.
func TestCodeInTitles(t *testing.T) {
	p := realistic()
	p.Notes[model.German][0].Sections[0].Notes[0].Title = "Feld `a_b <c>` und *d* zeigt"
	p.Notes[model.German][0].Sections[0].Notes[1].Title = "Ein ` allein, _so_"
	files := build(t, p)
	var feed atomFeed
	if err := xml.Unmarshal(files["public/feed.xml"], &feed); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string][]string{
		feed.Entries[0].Content.Text:                          {"<strong>Feld <code>a_b &lt;c&gt;</code> und *d* zeigt</strong>", "<strong>Ein ` allein, _so_</strong>"},
		string(files["public/CHANGELOG.md"]):                  {"Feld `a_b <c>` und \\*d\\* zeigt\n", "Ein \\` allein, \\_so\\_\n"},
		string(files["public/releases/2026.14.0/index.html"]): {"Feld <code>a_b &lt;c&gt;</code> und *d* zeigt"},
	} {
		for _, w := range want {
			if !strings.Contains(file, w) {
				t.Errorf("no %q in\n%s", w, file)
			}
		}
	}
}

// A text that stands in for one in the page's language says in a feed, too, which it is.
func TestForeignIntroductionInFeeds(t *testing.T) {
	p := realistic()
	n := &p.Notes[model.German][0]
	n.Intro, n.IntroLang, n.Known, n.KnownLang = "Read *this*.", model.English, "None.", model.English
	if got := string(build(t, p)["public/feed.xml"]); !strings.Contains(got, `&lt;div lang=&#34;en&#34;&gt;&lt;p&gt;Read &lt;em&gt;this`) || !strings.Contains(got, `&lt;div lang=&#34;en&#34;&gt;&lt;p&gt;None.`) {
		t.Errorf("got %s", got)
	}
}

func TestSlugsThatCollideOrLeave(t *testing.T) {
	for _, slug := range []string{"", "..", "a/b", "."} {
		p := PublicSite{Languages: []model.Lang{"en"}, Notes: map[model.Lang][]model.Notes{"en": {{Version: "1", Slug: slug, Date: day("2026-01-01")}}}}
		if err := Public(p, loadTheme(t), memory{}); err == nil || !strings.Contains(err.Error(), "slug") {
			t.Errorf("slug %q: %v", slug, err)
		}
	}
	p := PublicSite{Languages: []model.Lang{"en"}, Notes: map[model.Lang][]model.Notes{"en": {
		{Version: "1.0", Slug: "1.0", Date: day("2026-01-02")}, {Version: "v1.0", Slug: "1.0", Date: day("2026-01-01")},
	}}}
	if err := Public(p, loadTheme(t), memory{}); err == nil || !strings.Contains(err.Error(), `two releases have the slug "1.0"`) {
		t.Errorf("colliding slugs: %v", err)
	}
}

// Everything that concerns a reader can be subscribed to, and nothing else.
func TestFeedsByKindAndArea(t *testing.T) {
	files := build(t, realistic())
	read := func(name string) (atomFeed, string) {
		var f atomFeed
		if err := xml.Unmarshal(files["public/"+name], &f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var all strings.Builder
		for _, e := range f.Entries {
			all.WriteString(e.Content.Text)
		}
		return f, all.String()
	}
	whole, _ := read("feed.xml")
	for name, c := range map[string]struct {
		entries   int
		has, lack string
	}{
		"feeds/kind-fixed.xml":  {7, "Umlaute in Hotelnamen fehlten", "Teilnehmerlisten"},
		"feeds/must-act.xml":    {2, "Bitte hinterlegen Sie bis", "Hotelnamen"},
		"feeds/area-a5.xml":     {3, "Anzahlung im Portal", "Hotelnamen"},
		"en/feeds/area-a3.xml":  {5, "One invoice for several bookings", "departure day"},
		"en/feeds/must-act.xml": {2, "Please add a key under", "Umlauts"},
	} {
		f, text := read(name)
		if len(f.Entries) != c.entries || !strings.Contains(text, c.has) || strings.Contains(text, c.lack) {
			t.Errorf("%s: %d entries, want %d, with %q and without %q: %.300s", name, len(f.Entries), c.entries, c.has, c.lack, text)
		}
		if f.ID == whole.ID || f.Entries[0].ID == whole.Entries[0].ID {
			t.Errorf("%s has the ids of the feed of everything", name)
		}
		var j jsonFeedFile
		decode(t, files["public/"+strings.TrimSuffix(name, ".xml")+".json"], &j)
		if len(j.Items) != c.entries || j.FeedURL != "https://neues.meridian.example/"+strings.TrimSuffix(name, ".xml")+".json" {
			t.Errorf("%s as JSON: %d items, %s", name, len(j.Items), j.FeedURL)
		}
		page := string(files["public/"+name[:len(name)-len(path.Base(name))]+"index.html"])
		if !strings.Contains(page, `type="application/atom+xml" href="../feeds/`+path.Base(name)) {
			t.Errorf("the page of feeds does not name %s in its head", name)
		}
	}
	if _, ok := files["public/feeds/kind-added.xml"]; !ok {
		t.Error("no feed of what is new")
	}
	p := realistic()
	// Whatever is sent on has a picture, but for the page of addresses that there aren't.
	for name, data := range files {
		if strings.HasSuffix(name, ".html") && bytes.Contains(data, []byte(`"og:title"`)) && !bytes.Contains(data, []byte(`"og:image"`)) != strings.HasSuffix(name, "404.html") {
			t.Errorf("%s: an og:image is missing, or there for nothing", name)
		}
	}
	for l, brand := range p.Brand {
		brand.URL = ""
		p.Brand[l] = brand
	}
	files = build(t, p)
	if f, _ := read("feeds/area-a5.xml"); f.Entries[0].Links[0].Href != "../releases/2026.14.0/index.html" {
		t.Errorf("without an address it links to %s", f.Entries[0].Links[0].Href)
	}
}

// What search engines and other sites read is complete where the address is
// known, and absent where it isn't.
func TestMetaData(t *testing.T) {
	p := realistic()
	files := build(t, p)
	again := build(t, realistic())
	for page, want := range map[string]struct{ kind, card, name string }{
		"index.html":                       {"CollectionPage", "card.png", "Meridian: Neuerungen"},
		"en/releases/2026.14.0/index.html": {"TechArticle", "en/releases/2026.14.0/card.png", "Version 2026.14.0: Group bookings without retyping lists"},
		"changes/index.html":               {"CollectionPage", "card.png", "Meridian: alle Änderungen"},
	} {
		doc, err := html.Parse(bytes.NewReader(files["public/"+page]))
		if err != nil {
			t.Fatal(err)
		}
		picture, data := "", thing{}
		for n := range doc.Descendants() {
			switch {
			case n.Data == "meta" && attr(n, "property") == "og:image":
				picture = attr(n, "content")
			case n.Data == "script" && attr(n, "type") == "application/ld+json":
				d := json.NewDecoder(strings.NewReader(n.FirstChild.Data))
				d.DisallowUnknownFields()
				if err := d.Decode(&data); err != nil {
					t.Errorf("%s: %v", page, err)
				}
			}
		}
		if picture != "https://neues.meridian.example/"+want.card {
			t.Errorf("%s shows %q", page, picture)
		}
		card := "public/" + want.card
		if len(files[card]) < 4000 || len(files[card]) > 60_000 || !bytes.Equal(files[card], again[card]) {
			t.Errorf("%s has %d bytes, or others the second time", card, len(files[card]))
		}
		if data.Context != "https://schema.org" || data.Type != want.kind || data.Name+data.Headline != want.name || data.URL == "" || data.InLanguage == "" || data.Publisher == nil || data.About == nil {
			t.Errorf("%s: %+v", page, data)
		}
		if want.kind == "TechArticle" && (data.DatePublished != "2026-05-12" || data.Image != picture || data.About.Version != "2026.14.0" || data.Author.Name != "Meridian") {
			t.Errorf("%s: %+v", page, data)
		}
		if page == "index.html" && (data.MainEntity == nil || len(data.MainEntity.Elements) != 10 || data.MainEntity.Elements[0].URL != "https://neues.meridian.example/releases/2026.14.0/") {
			t.Errorf("%s: %+v", page, data.MainEntity)
		}
	}
	for l, brand := range p.Brand {
		brand.URL = ""
		p.Brand[l] = brand
	}
	for name, data := range build(t, p) {
		if strings.HasSuffix(name, "card.png") || bytes.Contains(data, []byte("og:image")) || bytes.Contains(data, []byte("ld+json")) {
			t.Errorf("%s without an address", name)
		}
	}
}
