package site

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
	"time"

	"daybreak/internal/model"
)

// feedEntries is how many releases a feed holds: more than a year of a
// three-weekly train.
const feedEntries = 30

// atomFeed is an Atom feed (RFC 4287).
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   atomAuthor  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// feedReleases are the releases that a feed tells: what is not rolled out yet
// is none.
func (s *shelf) feedReleases() []*Release {
	var out []*Release
	for _, r := range s.releases {
		if !r.Unreleased && len(out) < feedEntries {
			out = append(out, r)
		}
	}
	return out
}

// link gives the address of a page: absolute where the site's address is known,
// else relative to the feed, which lies in the language's root.
func (s *shelf) link(path string) string {
	if s.brand.URL != "" {
		return s.brand.URL + address(s.dir+path)
	}
	return path
}

// updated is when a feed last changed: the newest release's day.
func (b *publicBuild) updated(releases []*Release) time.Time {
	latest := time.Time{}
	for _, r := range releases {
		if r.Date.After(latest) {
			latest = r.Date
		}
	}
	if latest.IsZero() {
		return b.site.Updated
	}
	return latest
}

func (b *publicBuild) atom(s *shelf) error {
	releases := s.feedReleases()
	feed := atomFeed{
		Lang:     string(s.lang),
		ID:       b.urn("feed", string(s.lang)),
		Title:    b.theme.T(s.lang, "site.title", "Product", s.brand.Name),
		Subtitle: s.brand.Tagline,
		Updated:  stamp(b.updated(releases)),
		Author:   atomAuthor{Name: b.primaryName(), URI: webAddress(s.brand.Home)},
		Links:    []atomLink{{"alternate", "text/html", s.link("index.html")}},
	}
	if s.brand.URL != "" {
		feed.Links = append(feed.Links, atomLink{"self", "application/atom+xml", s.link("feed.xml")})
	}
	for _, r := range releases {
		e := atomEntry{
			ID: b.urn("release", string(s.lang), r.Slug), Title: r.heading(),
			Updated: stamp(r.Date), Published: stamp(r.Date),
			Links:   []atomLink{{"alternate", "text/html", s.link(r.Href)}},
			Content: atomContent{"html", b.releaseHTML(s, r)},
		}
		for _, c := range r.Counts {
			e.Categories = append(e.Categories, atomCategory{string(c.Kind), b.theme.T(s.lang, "kind."+string(c.Kind))})
		}
		feed.Entries = append(feed.Entries, e)
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	enc := xml.NewEncoder(&out)
	enc.Indent("", "  ")
	if err := enc.Encode(feed); err != nil {
		return fmt.Errorf("making the feed: %w", err)
	}
	out.WriteByte('\n')
	return b.put(s.dir+"feed.xml", out.Bytes())
}

// jsonFeedFile is a JSON Feed (https://www.jsonfeed.org/version/1.1/).
type jsonFeedFile struct {
	Version     string          `json:"version"`
	Title       string          `json:"title"`
	HomePageURL string          `json:"home_page_url,omitempty"`
	FeedURL     string          `json:"feed_url,omitempty"`
	Description string          `json:"description,omitempty"`
	Language    string          `json:"language"`
	Authors     []jsonAuthor    `json:"authors"`
	Items       []jsonFeedEntry `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonFeedEntry struct {
	ID            string   `json:"id"`
	URL           string   `json:"url,omitempty"`
	Title         string   `json:"title"`
	ContentHTML   string   `json:"content_html"`
	Summary       string   `json:"summary,omitempty"`
	DatePublished string   `json:"date_published"`
	Language      string   `json:"language"`
	Tags          []string `json:"tags,omitempty"`
}

func (b *publicBuild) jsonFeed(s *shelf) error {
	feed := jsonFeedFile{
		Version:     "https://jsonfeed.org/version/1.1",
		Title:       b.theme.T(s.lang, "site.title", "Product", s.brand.Name),
		Description: s.brand.Tagline,
		Language:    string(s.lang),
		Authors:     []jsonAuthor{{Name: b.primaryName(), URL: webAddress(s.brand.Home)}},
		Items:       []jsonFeedEntry{},
	}
	if s.brand.URL != "" { // the format wants absolute addresses
		feed.HomePageURL, feed.FeedURL = s.link("index.html"), s.link("feed.json")
	}
	for _, r := range s.feedReleases() {
		e := jsonFeedEntry{
			ID: b.urn("release", string(s.lang), r.Slug), Title: r.heading(), ContentHTML: b.releaseHTML(s, r),
			Summary: r.summary(), DatePublished: stamp(r.Date), Language: string(s.lang),
		}
		if s.brand.URL != "" {
			e.URL = s.link(r.Href)
		}
		for _, c := range r.Counts {
			e.Tags = append(e.Tags, string(c.Kind))
		}
		feed.Items = append(feed.Items, e)
	}
	return b.putJSON(s.dir+"feed.json", feed)
}

func (b *publicBuild) putJSON(path string, v any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("making %s: %w", path, err)
	}
	return b.put(path, out.Bytes())
}

// heading is a release's title in a list of news.
func (r *Release) heading() string {
	if r.Title == "" {
		return r.Label
	}
	return r.Label + ": " + r.Title
}

// urn gives an id that stays when the site moves to another address: a UUID of
// version 5 (RFC 9562) over the product's name and the parts.
func (b *publicBuild) urn(parts ...string) string {
	h := sha1.New()
	h.Write([]byte("\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8")) // the RFC's namespace for URLs
	if b.site.Reader != "" {
		parts = append(parts, b.dir) // the same release reads differently there
	}
	fmt.Fprintf(h, "daybreak:%q:%q", b.primaryName(), parts)
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// stamp is a moment as RFC 3339 writes it. A release without a date, which only
// a broken tag can have, gets the year one, which sorts last.
func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// releaseHTML is a release's full text for readers of feeds: plain HTML, no
// classes, no relative link where the site's address is known.
func (b *publicBuild) releaseHTML(s *shelf, r *Release) string {
	var w strings.Builder
	prose := func(text string) string {
		if s.brand.URL == "" { // a feed is read far from its site: no address, no pictures
			return string(b.theme.Markdown(s.lang, text))
		}
		return string(b.theme.Markdown(s.lang, text, s.brand.URL))
	}
	tag := func(name, text string) { fmt.Fprintf(&w, "<%s>%s</%s>\n", name, html.EscapeString(text), name) }
	w.WriteString(prose(r.Intro))
	if r.SameBuild != "" {
		tag("p", b.theme.T(s.lang, "release.samebuild", "Version", r.SameBuild))
	} else if r.Empty() {
		tag("p", b.theme.T(s.lang, "release.empty"))
	}
	if len(r.MustAct) > 0 {
		tag("h2", b.theme.T(s.lang, "kind.breaking"))
		w.WriteString("<ul>\n")
		for _, n := range r.MustAct {
			fmt.Fprintf(&w, "<li><strong>%s</strong>%s</li>\n", html.EscapeString(n.Title), prose(n.BreakingNote))
		}
		w.WriteString("</ul>\n")
	}
	for _, sec := range r.Sections {
		tag("h2", b.theme.T(s.lang, "kind."+string(sec.Kind)))
		w.WriteString("<ul>\n")
		for _, n := range sec.Notes {
			lang := ""
			if n.Lang != "" {
				lang = fmt.Sprintf(` lang="%s"`, html.EscapeString(n.Lang))
			}
			area := ""
			if n.Area != "" {
				area = " (" + html.EscapeString(n.Area) + ")"
			}
			fmt.Fprintf(&w, "<li%s><strong>%s</strong>%s%s</li>\n", lang, html.EscapeString(n.Title), area, prose(n.Body))
		}
		w.WriteString("</ul>\n")
	}
	for _, d := range r.Delivered {
		tag("p", b.theme.T(s.lang, "release.delivered_one", "Title", d.Title, "Version", d.Version))
	}
	return strings.TrimSpace(w.String())
}

// kindsOfChangelog is the order of https://keepachangelog.com/en/1.1.0/.
var kindsOfChangelog = []model.Kind{model.KindAdded, model.KindChanged, model.KindDeprecated, model.KindRemoved, model.KindFixed, model.KindSecurity}
