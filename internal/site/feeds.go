package site

import (
	"bytes"
	"crypto/sha1"
	"encoding/xml"
	"fmt"
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

// channel is one feed: of everything, of one kind, of what readers must do, or
// of one area.
type channel struct {
	name  string // its files below the language's root, without their ends
	title string
	what  string // the kind's or area's name, "" for everything
	keep  func(model.Kind, *Note) bool
}

// all reports whether the feed tells everything.
func (c *channel) all() bool { return c.keep == nil }

// up leads from the feed to the language's root.
func (c *channel) up() string { return strings.Repeat("../", strings.Count(c.name, "/")) }

// channels are the feeds of a language, that of everything first.
func (b *publicBuild) channels(s *shelf) []channel {
	t := func(id string, args ...any) string { return b.theme.T(s.lang, id, args...) }
	out := []channel{{name: "feed", title: t("site.title", "Product", s.brand.Name)}}
	add := func(name, what string, keep func(model.Kind, *Note) bool) {
		out = append(out, channel{name: "feeds/" + name, what: what, keep: keep, title: t("feeds.some", "Product", s.brand.Name, "What", what)})
	}
	f := s.extent
	if f.act {
		add("must-act", t("kind.breaking"), func(_ model.Kind, n *Note) bool { return n.Breaking })
	}
	for _, k := range f.kinds {
		add("kind-"+string(k), t("kind."+string(k)), func(kind model.Kind, _ *Note) bool { return kind == k })
	}
	for _, a := range f.areas {
		add("area-"+a.AreaID, a.Area, func(_ model.Kind, n *Note) bool { return n.AreaID == a.AreaID })
	}
	return out
}

// of gives the releases that a feed tells, each with only what the feed is of:
// what is not rolled out yet is none, and what has nothing for it is left out.
func (c *channel) of(s *shelf) []*Release {
	var out []*Release
	for _, r := range s.released {
		if len(out) == feedEntries {
			break
		}
		if !c.all() {
			r = r.only(c.keep)
		}
		if c.all() || !r.Empty() {
			out = append(out, r)
		}
	}
	return out
}

// only gives a release with some of its notes.
func (r *Release) only(keep func(model.Kind, *Note) bool) *Release {
	part := *r
	part.Intro, part.Known, part.Sections, part.MustAct, part.Counts, part.Delivered = "", "", nil, nil, nil, nil
	for _, sec := range r.Sections {
		of := Section{Kind: sec.Kind}
		for i := range sec.Notes {
			if keep(sec.Kind, &sec.Notes[i]) {
				of.Notes = append(of.Notes, sec.Notes[i])
				if sec.Notes[i].Breaking {
					part.MustAct = append(part.MustAct, sec.Notes[i])
				}
			}
		}
		if of.Total = len(of.Notes); of.Total > 0 {
			part.Sections = append(part.Sections, of)
			part.Counts = append(part.Counts, Count{Kind: sec.Kind, N: of.Total})
		}
	}
	part.Acts = len(part.MustAct)
	return &part
}

// link gives the address of a file: absolute where the site's address is known,
// else relative to the language's root.
func (s *shelf) link(path string) string {
	if s.brand.URL != "" {
		return s.brand.URL + address(s.dir+path)
	}
	return path
}

// linkFrom is link for a file that lies deeper; up leads to the language's root.
func (s *shelf) linkFrom(up, path string) string {
	if s.brand.URL != "" {
		up = ""
	}
	return up + s.link(path)
}

// feeds writes all feeds of a language.
func (b *publicBuild) feeds(s *shelf) error {
	for _, c := range s.channels {
		releases := c.of(s)
		if err := b.later(s.dir+c.name+".xml", func() ([]byte, error) { return b.atom(s, c, releases) }); err != nil {
			return err
		}
		if err := b.later(s.dir+c.name+".json", func() ([]byte, error) { return b.jsonFeed(s, c, releases) }); err != nil {
			return err
		}
	}
	return b.feedsPage(s)
}

// FeedsPage tells which feeds there are, and how to use them.
type FeedsPage struct {
	Page
	All   Feed
	Kinds []Feed // and what readers must do, first
	Areas []Feed
}

// Feed is one feed on that page.
type Feed struct {
	Name  string // "Fixed", "Booking", "" for everything
	Title string // for readers' programs
	Atom  string // relative to the page
	JSON  string
}

func (b *publicBuild) feedsPage(s *shelf) error {
	const path = "feeds/index.html"
	page := FeedsPage{Page: b.newPage(s, path, b.theme.T(s.lang, "feeds.title", "Product", s.brand.Name), everywhere)}
	page.Description = b.theme.T(s.lang, "feeds.summary", "Product", s.brand.Name)
	page.Meta = s.plainMeta(&page.Page)
	for _, c := range s.channels {
		f := Feed{Name: c.what, Title: c.title, Atom: page.Root + c.name + ".xml", JSON: page.Root + c.name + ".json"}
		switch {
		case c.all():
			page.All = f
			continue
		case strings.HasPrefix(c.name, "feeds/area-"):
			page.Areas = append(page.Areas, f)
		default:
			page.Kinds = append(page.Kinds, f)
		}
		page.Feeds = append(page.Feeds, f)
	}
	b.written = append(b.written, s.dir+path)
	return b.page(s.dir+path, "public/feeds.html", s.lang, page)
}

// updated is when a feed last changed: the newest release's day, or that of a
// later correction.
func (b *publicBuild) updated(releases []*Release) time.Time {
	latest := time.Time{}
	for _, r := range releases {
		if r.Changed().After(latest) {
			latest = r.Changed()
		}
	}
	if latest.IsZero() {
		return b.site.Updated
	}
	return latest
}

// id names the feed, or an entry of it. Those of the feed of everything have
// never had its name.
func (b *publicBuild) id(c channel, parts ...string) string {
	if !c.all() {
		parts = append(parts, c.name)
	}
	return b.urn(parts...)
}

func (b *publicBuild) atom(s *shelf, c channel, releases []*Release) ([]byte, error) {
	feed := atomFeed{
		Lang:     string(s.lang),
		ID:       b.id(c, "feed", string(s.lang)),
		Title:    c.title,
		Subtitle: s.brand.Tagline,
		Updated:  stamp(b.updated(releases)),
		Author:   atomAuthor{Name: b.primaryName(), URI: webAddress(s.brand.Home)},
		Links:    []atomLink{{"alternate", "text/html", s.linkFrom(c.up(), "index.html")}},
	}
	if s.brand.URL != "" {
		feed.Links = append(feed.Links, atomLink{"self", "application/atom+xml", s.link(c.name + ".xml")})
	}
	for _, r := range releases {
		e := atomEntry{
			ID: b.id(c, "release", string(s.lang), r.Slug), Title: r.heading(),
			Updated: stamp(r.Changed()), Published: stamp(r.Date),
			Links:   []atomLink{{"alternate", "text/html", s.linkFrom(c.up(), r.Href)}},
			Content: atomContent{"html", b.releaseHTML(s, r)},
		}
		for _, n := range r.Counts {
			e.Categories = append(e.Categories, atomCategory{string(n.Kind), b.theme.T(s.lang, "kind."+string(n.Kind))})
		}
		feed.Entries = append(feed.Entries, e)
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	enc := xml.NewEncoder(&out)
	enc.Indent("", "  ")
	if err := enc.Encode(feed); err != nil {
		return nil, fmt.Errorf("making the feed: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
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

// kindsOfChangelog is the order of https://keepachangelog.com/en/1.1.0/.
var kindsOfChangelog = []model.Kind{model.KindAdded, model.KindChanged, model.KindDeprecated, model.KindRemoved, model.KindFixed, model.KindSecurity}
