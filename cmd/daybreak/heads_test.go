package main

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	_ "image/png"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// head is what a page's head tells other programs.
type head struct {
	lang       string
	meta       map[string]string // by property or name; twice is an error
	links      []*html.Node
	ids        map[string]bool
	canonical  string
	alternates map[string]string // address by language
}

// shelfOfHeads is a built site at its address.
type shelfOfHeads struct {
	dir, base string
	heads     map[string]head // by path inside dir, with slashes
}

func readHeads(t *testing.T, dir string) *shelfOfHeads {
	t.Helper()
	s := &shelfOfHeads{dir: dir, heads: map[string]head{}}
	for _, page := range pagesUnder(t, dir) {
		rel, _ := filepath.Rel(dir, page)
		name := filepath.ToSlash(rel)
		h := head{meta: map[string]string{}, ids: map[string]bool{}, alternates: map[string]string{}}
		for n := range parsedPage(t, page).Descendants() {
			if id := attribute(n, "id"); id != "" {
				h.ids[id] = true
			}
			switch n.Data {
			case "html":
				h.lang = attribute(n, "lang")
			case "meta":
				key := cmp.Or(attribute(n, "property"), attribute(n, "name"))
				if _, twice := h.meta[key]; twice && key != "" {
					t.Errorf("%s: %s twice", name, key)
				}
				h.meta[key] = attribute(n, "content")
			case "link":
				h.links = append(h.links, n)
				if language := attribute(n, "hreflang"); language != "" {
					h.alternates[language] = attribute(n, "href")
				}
				if attribute(n, "rel") == "canonical" {
					h.canonical = attribute(n, "href")
				}
			}
		}
		s.heads[name] = h
	}
	s.base = s.heads["index.html"].canonical
	return s
}

// file gives the file that the server sends for an address, "" for one elsewhere.
func (s *shelfOfHeads) file(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.Fragment = ""
	path, inside := strings.CutPrefix(u.String(), s.base)
	if !inside || s.base == "" {
		return ""
	}
	if path == "" || strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	return path
}

// from resolves an address that stands on a page.
func (s *shelfOfHeads) from(page, href string) string {
	base, err1 := url.Parse(s.base + page)
	ref, err2 := url.Parse(href)
	if err1 != nil || err2 != nil {
		return ""
	}
	return base.ResolveReference(ref).String()
}

// read gives the file behind an address.
func (s *shelfOfHeads) read(t *testing.T, where, address string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(cmp.Or(s.file(address), "nothing"))))
	if err != nil {
		t.Errorf("%s leads to %q: %v", where, address, err)
	}
	return data
}

// page wants an address to be that of a page, and of a place on it if it names one.
func (s *shelfOfHeads) page(t *testing.T, where, address string) (head, bool) {
	t.Helper()
	h, ok := s.heads[s.file(address)]
	if _, id, named := strings.Cut(address, "#"); !ok || named && !h.ids[id] {
		t.Errorf("%s leads to %q, which is no page, or has no such place", where, address)
	}
	return h, ok
}

// headsLeadSomewhere follows every link that a public site makes for other programs:
// in the heads of its pages, the site map, robots.txt, the feeds and latest.json.
func headsLeadSomewhere(t *testing.T, dir string) {
	s := readHeads(t, dir)
	if u, err := url.Parse(s.base); err != nil || u.Scheme != "https" || u.Path != "/" {
		t.Fatalf("the start page's address is %q", s.base)
	}
	feeds := map[string]bool{}
	for name, h := range s.heads {
		s.canonicalIsTheirOwn(t, name, h)
		s.alternatesPointBack(t, name, h)
		s.pictureIsThere(t, name, h)
		for _, link := range h.links {
			if kind := attribute(link, "type"); attribute(link, "rel") == "alternate" && kind != "" {
				address := s.from(name, attribute(link, "href"))
				if want := map[string]string{".xml": "application/atom+xml", ".json": "application/feed+json"}[filepath.Ext(address)]; kind != want || attribute(link, "title") == "" {
					t.Errorf("%s: a feed of type %q with title %q at %s", name, kind, attribute(link, "title"), address)
				}
				feeds[address] = true
				if german := !strings.HasPrefix(s.file(address), "en/"); german != (h.lang == "de") {
					t.Errorf("%s: a feed in the other language, %s", name, address)
				}
			}
		}
	}
	if len(s.heads) < 80 || len(feeds) < 30 {
		t.Errorf("only %d pages, %d feeds", len(s.heads), len(feeds))
	}
	for address := range feeds {
		s.feedIsWhole(t, address)
	}
	s.mapIsWhole(t)
	for _, root := range []string{"", "en/"} {
		s.latestIsNewest(t, root)
	}
}

func (s *shelfOfHeads) canonicalIsTheirOwn(t *testing.T, name string, h head) {
	t.Helper()
	if name == "404.html" || name == "en/404.html" { // shown at any address
		if h.canonical != "" || h.meta["og:url"] != "" {
			t.Errorf("%s names an address: %q", name, h.canonical)
		}
		return
	}
	if s.file(h.canonical) != name || h.meta["og:url"] != h.canonical {
		t.Errorf("%s says that it is %q and %q", name, h.canonical, h.meta["og:url"])
	}
}

func (s *shelfOfHeads) alternatesPointBack(t *testing.T, name string, h head) {
	t.Helper()
	if h.canonical == "" {
		return
	}
	if h.alternates[h.lang] != h.canonical || h.alternates["x-default"] != h.alternates["de"] || len(h.alternates) != 3 {
		t.Errorf("%s, in %q at %s, names the alternates %v", name, h.lang, h.canonical, h.alternates)
	}
	for language, address := range h.alternates {
		other, ok := s.page(t, name, address)
		if ok && (!maps.Equal(other.alternates, h.alternates) || other.lang != language && language != "x-default") {
			t.Errorf("%s names %s as %q: that one is in %q and names %v", name, address, language, other.lang, other.alternates)
		}
	}
	if want := map[string]string{"de": "de_DE", "en": "en_US"}[h.lang]; h.meta["og:locale"] != want {
		t.Errorf("%s: its locale is %q", name, h.meta["og:locale"])
	}
}

func (s *shelfOfHeads) pictureIsThere(t *testing.T, name string, h head) {
	t.Helper()
	for _, wanted := range []string{"og:title", "og:type", "og:site_name", "description"} {
		if strings.TrimSpace(h.meta[wanted]) == "" && h.canonical != "" {
			t.Errorf("%s lacks %s", name, wanted)
		}
	}
	if day, is := h.meta["article:published_time"]; is {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	address, has := h.meta["og:image"]
	if has != (h.canonical != "") {
		t.Errorf("%s: picture %q", name, address)
	}
	if !has {
		return
	}
	f, err := os.Open(filepath.Join(s.dir, filepath.FromSlash(s.file(address))))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	defer f.Close()
	size, format, err := image.DecodeConfig(f)
	if err != nil || format != "png" || fmt.Sprintf("%d × %d", size.Width, size.Height) != h.meta["og:image:width"]+" × "+h.meta["og:image:height"] || h.meta["og:image:alt"] == "" {
		t.Errorf("%s: %s is %s, %d × %d, %v; the page says %s × %s and %q", name, address, format, size.Width, size.Height, err, h.meta["og:image:width"], h.meta["og:image:height"], h.meta["og:image:alt"])
	}
}

func (s *shelfOfHeads) feedIsWhole(t *testing.T, address string) {
	t.Helper()
	data := s.read(t, "a page", address)
	if strings.HasSuffix(address, ".json") {
		var feed struct {
			Version string
			Home    string `json:"home_page_url"`
			Self    string `json:"feed_url"`
			Items   []struct {
				ID, URL string
				HTML    string `json:"content_html"`
			}
		}
		if err := json.Unmarshal(data, &feed); err != nil || feed.Version != "https://jsonfeed.org/version/1.1" || feed.Self != address {
			t.Errorf("%s: %v, %q, it is %q", address, err, feed.Version, feed.Self)
		}
		s.page(t, address, feed.Home)
		for _, item := range feed.Items {
			s.page(t, address, item.URL)
			if item.ID == "" || item.HTML == "" {
				t.Errorf("%s: %q, %q", address, item.ID, item.HTML)
			}
		}
		return
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Links   []link   `xml:"link"`
		Entries []struct {
			ID      string `xml:"id"`
			Updated string `xml:"updated"`
			Content string `xml:"content"`
			Links   []link `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(data, &feed); err != nil {
		t.Errorf("%s: %v", address, err)
	}
	for _, l := range feed.Links {
		switch l.Rel {
		case "self":
			if l.Href != address {
				t.Errorf("%s says that it is %s", address, l.Href)
			}
		case "alternate":
			s.page(t, address, l.Href)
		default:
			t.Errorf("%s has a link %q", address, l.Rel)
		}
	}
	for _, e := range feed.Entries {
		if _, err := time.Parse(time.RFC3339, e.Updated); err != nil || e.ID == "" || e.Content == "" || len(e.Links) == 0 {
			t.Errorf("%s: an entry %q, %v, %d links", address, e.ID, err, len(e.Links))
		}
		for _, l := range e.Links {
			s.page(t, address, l.Href)
		}
	}
}

// mapIsWhole wants the site map to name exactly the pages that search engines may show.
func (s *shelfOfHeads) mapIsWhole(t *testing.T) {
	t.Helper()
	robots := string(s.read(t, "robots", s.base+"robots.txt"))
	sitemap := regexp.MustCompile(`(?m)^Sitemap: (\S+)$`).FindStringSubmatch(robots)
	if sitemap == nil || strings.Contains(robots, "Disallow: /") {
		t.Fatalf("robots.txt: %s", robots)
	}
	var list struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Loc     string `xml:"loc"`
			Lastmod string `xml:"lastmod"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(s.read(t, "robots.txt", sitemap[1]), &list); err != nil {
		t.Fatal(err)
	}
	var named, wanted []string
	for _, u := range list.URLs {
		named = append(named, u.Loc)
		if _, err := time.Parse(time.DateOnly, u.Lastmod); err != nil && u.Lastmod != "" {
			t.Errorf("the site map: %s: %v", u.Loc, err)
		}
	}
	for _, h := range s.heads {
		if h.canonical != "" && !strings.Contains(h.meta["robots"], "noindex") {
			wanted = append(wanted, h.canonical)
		}
	}
	slices.Sort(named)
	slices.Sort(wanted)
	if !slices.Equal(named, wanted) {
		t.Errorf("the site map names\n%s\nwant\n%s", strings.Join(named, "\n"), strings.Join(wanted, "\n"))
	}
}

// latestIsNewest holds latest.json against releases.json and the pages.
func (s *shelfOfHeads) latestIsNewest(t *testing.T, root string) {
	t.Helper()
	type release struct {
		Version, Slug, Date, URL, Language string
		Notes                              []struct{ URL string }
		Since                              map[string]int
		Unreleased, Prerelease             bool
	}
	var latest release
	var all []release
	if err := json.Unmarshal(s.read(t, root, s.base+root+"latest.json"), &latest); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(s.read(t, root, s.base+root+"releases.json"), &all); err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(r release) bool {
		s.page(t, "releases.json", r.URL)
		return r.Unreleased || r.Prerelease
	})
	if latest.Version != all[0].Version || latest.URL != all[0].URL || latest.Date != all[0].Date || len(latest.Notes) == 0 || len(latest.Since) != len(all)-1 {
		t.Errorf("%slatest.json tells of %s with %d notes, since %v; the newest is %s", root, latest.Version, len(latest.Notes), latest.Since, all[0].Version)
	}
	if h, ok := s.page(t, "latest.json", latest.URL); ok && h.lang != latest.Language {
		t.Errorf("%slatest.json in %q leads to a page in %q", root, latest.Language, h.lang)
	}
	for _, n := range latest.Notes {
		s.page(t, "latest.json", n.URL)
	}
}

// headsStayAtHome wants a customer's own site to tell search engines and other sites
// nothing: no address, no picture, no data, and every page says so.
func headsStayAtHome(t *testing.T, dir string) {
	s := readHeads(t, dir)
	if len(s.heads) < 30 {
		t.Errorf("only %d pages", len(s.heads))
	}
	for name, h := range s.heads {
		if h.canonical != "" || h.meta["og:url"] != "" || h.meta["og:image"] != "" || len(scripts(t, filepath.Join(dir, filepath.FromSlash(name)), "application/ld+json")) > 0 {
			t.Errorf("%s tells other sites of itself", name)
		}
		if h.meta["robots"] != "noindex, nofollow" {
			t.Errorf("%s: robots %q", name, h.meta["robots"])
		}
	}
	if robots, err := os.ReadFile(filepath.Join(dir, "robots.txt")); err != nil || !strings.Contains(string(robots), "Disallow: /\n") {
		t.Errorf("robots.txt: %s, %v", robots, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "sitemap.xml")); err == nil {
		t.Error("there is a site map")
	}
}
