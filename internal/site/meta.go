package site

import (
	"cmp"
	"fmt"
	"image/color"
	"sync"
	"time"
)

// cardMost is how many of a language's newest releases have a card of their own:
// five years of a three-weekly train. Older ones show the site's.
const cardMost = 90

// drawn keeps cards for a program that builds again and again: drawing is pure,
// and takes a tenth of a small site's build.
var drawn sync.Map // of []byte, by Card

// Meta is what a page tells the sites and search engines that link to it; "" and
// nil where the site's address is unknown.
type Meta struct {
	Type      string // of https://ogp.me: "website" or "article"
	Published string // YYYY-MM-DD, "" for none
	Picture   string // absolute address of its card
	Data      any    // https://schema.org, as JSON-LD
}

// linked reports whether other sites can show pages of this one: that needs
// absolute addresses, and a site for one reader is shown nowhere.
func (b *publicBuild) linked(s *shelf) bool { return s.brand.URL != "" && b.site.Reader == "" }

// cards writes the pictures of a language: one for its site, one for each of its
// newest releases.
func (b *publicBuild) cards(s *shelf) error {
	if !b.linked(s) {
		return nil
	}
	what := b.theme.T(s.lang, "index.heading")
	if err := b.card(s, cardPath(""), Card{What: what, Headline: cmp.Or(s.brand.Tagline, s.brand.Name)}); err != nil {
		return err
	}
	for _, r := range s.releases {
		if r.card == "" {
			continue
		}
		c := Card{What: what, Headline: r.Title, Label: r.Label, About: b.theme.T(s.lang, "release.count", r.Total())}
		if !r.Date.IsZero() {
			c.About = b.theme.Day(s.lang, r.Date) + " · " + c.About
		}
		if c.Headline == "" {
			c.Headline = r.summary()
		}
		if err := b.card(s, r.card, c); err != nil {
			return err
		}
	}
	return nil
}

// cardPath is where a card lies, relative to the language's root.
func cardPath(slug string) string {
	if slug == "" {
		return "card.png"
	}
	return "releases/" + slug + "/card.png"
}

func (b *publicBuild) card(s *shelf, path string, c Card) error {
	c.Product = s.brand.Name
	colours, err := b.theme.Light(s.brand.Accent)
	if err != nil {
		return fmt.Errorf("drawing a card: %w", err)
	}
	c.Accent, c.OnAccent = rgb(colours["accent"]), rgb(colours["on-accent"])
	return b.later(s.dir+path, func() ([]byte, error) { return b.draw(c) })
}

func (b *publicBuild) draw(c Card) (data []byte, err error) {
	if have, ok := drawn.Load(c); ok {
		return have.([]byte), nil
	}
	if b.pen == nil {
		if b.pen, err = newCardPen(); err != nil {
			return nil, err
		}
	}
	if data, err = b.pen.draw(c); err != nil {
		return nil, err
	}
	drawn.Store(c, data)
	return data, nil
}

// rgb reads "#rrggbb", as the theme writes it.
func rgb(s string) color.RGBA {
	c := color.RGBA{A: 0xff}
	fmt.Sscanf(s, "#%02x%02x%02x", &c.R, &c.G, &c.B) // the theme has checked it
	return c
}

// thing is one of https://schema.org, in the fields that these pages need.
type thing struct {
	Context       string  `json:"@context,omitempty"`
	Type          string  `json:"@type"`
	ID            string  `json:"@id,omitempty"`
	Name          string  `json:"name,omitempty"`
	URL           string  `json:"url,omitempty"`
	Headline      string  `json:"headline,omitempty"`
	Description   string  `json:"description,omitempty"`
	DatePublished string  `json:"datePublished,omitempty"`
	DateModified  string  `json:"dateModified,omitempty"`
	InLanguage    string  `json:"inLanguage,omitempty"`
	Image         string  `json:"image,omitempty"`
	Author        *thing  `json:"author,omitempty"`
	Publisher     *thing  `json:"publisher,omitempty"`
	About         *thing  `json:"about,omitempty"`
	IsPartOf      *thing  `json:"isPartOf,omitempty"`
	MainEntity    *thing  `json:"mainEntity,omitempty"`
	Version       string  `json:"softwareVersion,omitempty"`
	Category      string  `json:"applicationCategory,omitempty"`
	ReleaseNotes  string  `json:"releaseNotes,omitempty"`
	Position      int     `json:"position,omitempty"`
	Elements      []thing `json:"itemListElement,omitempty"`
}

// house is who publishes.
func (s *shelf) house() *thing {
	return &thing{Type: "Organization", Name: s.brand.Name, URL: cmp.Or(webAddress(s.brand.Home), s.brand.URL)}
}

// plainMeta is that of a page which is about no single release.
func (s *shelf) plainMeta(p *Page) Meta {
	m := Meta{Type: "website"}
	if p.Canonical == "" || p.Reader != "" {
		return m
	}
	m.Picture = s.brand.URL + s.dir + cardPath("")
	page := thing{
		Context: "https://schema.org", Type: "CollectionPage", ID: p.Canonical, URL: p.Canonical, Name: p.Title, Description: p.Description, InLanguage: string(s.lang),
		Publisher: s.house(), About: &thing{Type: "SoftwareApplication", Name: s.brand.Name, Category: "BusinessApplication"},
	}
	if p.Index {
		list := &thing{Type: "ItemList"}
		for i, r := range s.released {
			if i == 10 {
				break
			}
			list.Elements = append(list.Elements, thing{Type: "ListItem", Position: i + 1, Name: r.Label, URL: s.link(r.Href)})
		}
		if len(list.Elements) > 0 {
			page.MainEntity = list
		}
	}
	m.Data = page
	return m
}

// releaseMeta is that of a page of a release.
func (s *shelf) releaseMeta(p *Page, r *Release) Meta {
	m := Meta{Type: "article"}
	if !r.Date.IsZero() {
		m.Published = r.Date.Format(time.DateOnly)
	}
	if p.Canonical == "" || p.Reader != "" {
		return m
	}
	modified := m.Published
	if changed := r.Changed(); !changed.IsZero() {
		modified = changed.Format(time.DateOnly)
	}
	m.Picture = s.brand.URL + s.dir + cmp.Or(r.card, cardPath(""))
	m.Data = thing{
		Context: "https://schema.org", Type: "TechArticle", ID: p.Canonical, URL: p.Canonical, Headline: shorten(r.heading(), 110), Description: p.Description,
		DatePublished: m.Published, DateModified: modified, InLanguage: string(s.lang), Image: m.Picture, Author: s.house(), Publisher: s.house(),
		About:    &thing{Type: "SoftwareApplication", Name: s.brand.Name, Version: r.Version, Category: "BusinessApplication", ReleaseNotes: s.link(r.Href)},
		IsPartOf: &thing{Type: "CollectionPage", ID: s.link("index.html"), URL: s.link("index.html")},
	}
	return m
}
