// Package site makes files out of documents: the pages of the public site and
// of the team, feeds and indexes. It decides which pages there are, how they
// are called and how they link; what stands on them is decided by the templates.
//
// Every link inside a site is relative and names a file, so that a tree works
// from a server's root, from any folder below it, and from a disk without any
// server.
package site

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"daybreak/internal/markdown"
	"daybreak/internal/model"
	"daybreak/internal/theme"
)

// Sink takes finished files.
type Sink interface {
	// Put stores one file; path is slash-separated and relative to the out folder.
	Put(path string, data []byte) error
}

// LateSink is a sink that has its files made when somebody wants them: a preview
// makes the page that is looked at, and not the thousands that are not. The
// calls of make may come at any time after, one at a time.
type LateSink interface {
	Sink
	Later(path string, make func() ([]byte, error)) error
}

// Later has a file made at once, or when the sink wants it.
func Later(s Sink, path string, make func() ([]byte, error)) error {
	if late, ok := s.(LateSink); ok {
		return late.Later(path, make)
	}
	data, err := make()
	if err != nil {
		return err
	}
	return s.Put(path, data)
}

// PublicSite is all that customers can read.
type PublicSite struct {
	Brand     map[model.Lang]model.Brand
	Languages []model.Lang                 // the first is the primary one, at the root of the tree
	Notes     map[model.Lang][]model.Notes // newest first
	Assets    map[string][]byte            // pictures, by path inside public/; of those of notes only what is shown is written
	Updated   time.Time                    // of the feeds where no release has a date; never the clock

	// Dir is the folder of the built tree, "public" where empty. The site of one
	// customer system lies under "systems/<id>".
	Dir string
	// Reader is the customer for whom alone the site is, "" for everybody. Such
	// a site asks search engines to stay away, and its feeds are its own.
	Reader string
	// Runs is what the reader's system runs; nil where that isn't known.
	Runs *Running
	// Gone are releases that were taken back: their addresses say so.
	Gone []Gone
}

// Gone is a release that was published and taken back.
type Gone struct {
	Version string
	Slug    string
	Day     time.Time // on which it was taken back
}

// Running is the version that a customer's system runs.
type Running struct {
	Version string
	Day     time.Time
	At      string // "07:02", "" where nobody wrote it down
}

// Public writes a site for customers under public/, or under Dir: for every language, the primary
// one at the root and the others under `<lang>/`, an index of all releases, a
// page for each, archive pages by year where there are many, feeds, and lists
// for machines. sitemap.xml needs absolute addresses, so there is one only where
// Brand.URL is known.
func Public(p PublicSite, t *theme.Theme, s Sink) error {
	if len(p.Languages) == 0 {
		return fmt.Errorf("a public site needs a language")
	}
	p.withoutStrays()
	b := &publicBuild{site: p, dir: cmp.Or(p.Dir, "public") + "/", theme: t, sink: s, markdown: markdown.New(), taken: map[string]bool{}}
	for _, path := range slices.Sorted(maps.Keys(p.Assets)) {
		if err := b.put(path, p.Assets[path]); err != nil {
			return err
		}
	}
	for _, l := range p.Languages {
		if err := checkSlugs(p.Notes[l]); err != nil {
			return err
		}
		b.shelves = append(b.shelves, b.shelve(l))
	}
	for _, shelf := range b.shelves {
		if err := b.divide(shelf); err != nil {
			return err
		}
	}
	for _, shelf := range b.shelves {
		if err := b.language(shelf); err != nil {
			return err
		}
	}
	for _, shelf := range b.shelves {
		if err := b.gone(shelf); err != nil {
			return err
		}
		if err := b.moved(shelf); err != nil {
			return err
		}
	}
	return b.robots()
}

// checkSlugs refuses what could write outside of releases/ or over another page.
func checkSlugs(notes []model.Notes) error {
	versions := map[string]string{}
	for i := range notes {
		slug := notes[i].Slug
		if slug == "" || strings.Trim(slug, ".") == "" || strings.ContainsAny(slug, "/\\") {
			return fmt.Errorf("release %q has the slug %q, which is no path segment", notes[i].Version, slug)
		}
		if other, ok := versions[slug]; ok {
			return fmt.Errorf("two releases have the slug %q: %q and %q", slug, other, notes[i].Version)
		}
		versions[slug] = notes[i].Version
	}
	return nil
}

// publicBuild is one run of Public.
type publicBuild struct {
	site     PublicSite
	dir      string // of the built tree, with trailing slash
	theme    *theme.Theme
	sink     Sink
	markdown *markdown.Renderer
	shelves  []*shelf
	written  []string        // paths of pages for the sitemap, inside public/
	taken    map[string]bool // files written so far, inside public/
	pen      *cardPen        // nil until the first card is drawn
}

// shelf is one language's releases, ready to be shown.
type shelf struct {
	lang     model.Lang
	brand    model.Brand
	dir      string // "" or "de/"
	releases []*Release
	space    int     // bytes that a page of a release has for what it tells
	jumps    []*Jump // pages of what is new since a version, from the newest one
	parts    [][]ChangesGroup
	channels []channel
	released []*Release // those that are out, newest first
	extent   extent
	coming   *Release // the unreleased one, where there are releases too
	newest   *Release // stands in full on the index
	years    []Year   // all but coming and newest
	old      []Year   // of them those that the index does not show whole; nil until asked for
	oldParts map[string][][]Row
}

func (b *publicBuild) put(path string, data []byte) error {
	b.taken[path] = true
	return b.sink.Put(b.dir+path, data)
}

func (b *publicBuild) later(path string, make func() ([]byte, error)) error {
	b.taken[path] = true
	return Later(b.sink, b.dir+path, make)
}

// page executes a template into a file.
func (b *publicBuild) page(path, template string, l model.Lang, data any) error {
	return b.later(path, func() ([]byte, error) {
		var out bytes.Buffer
		if err := b.theme.Execute(&out, template, l, data); err != nil {
			return nil, fmt.Errorf("making %s: %w", path, err)
		}
		return out.Bytes(), nil
	})
}

func (b *publicBuild) language(s *shelf) error {
	steps := []func(*shelf) error{b.cards, b.index, b.releasePages, b.archive, b.changes, b.sincePages, b.searchIndex, b.notFound, b.feeds, b.machine, b.changelog}
	for _, step := range steps {
		if err := step(s); err != nil {
			return err
		}
	}
	return nil
}

// IndexPage is the language's first page.
type IndexPage struct {
	Page
	Coming *Release // what is merged but not rolled out, where the workspace shows it beside releases
	Newest *Release // nil where nothing was released
	Cut    int      // notes of Newest that only its own page shows
	Years  []Year   // the releases after it, up to indexRows rows
	More   []Year   // years that stand on archive pages of their own
	Next   time.Time
	Finder *Finder // nil where there is little to look through
	Runs   *Running
}

func (b *publicBuild) index(s *shelf) error {
	page := IndexPage{Page: b.newPage(s, "index.html", b.theme.T(s.lang, "site.title", "Product", s.brand.Name), everywhere)}
	page.Description = b.theme.T(s.lang, "site.summary", "Product", s.brand.Name)
	page.Coming, page.Runs = s.coming, b.site.Runs
	if s.newest != nil {
		page.Newest, page.Cut = s.newest.beginning(min(indexText, s.space-s.indexSize()))
		page.Next = s.newest.NextDate
	}
	if s.coming != nil && page.Next.IsZero() {
		page.Next = s.coming.NextDate
	}
	rows := s.indexRows()
	for _, year := range s.years {
		fit := min(rows, len(year.Rows))
		rows -= fit
		if fit > 0 {
			page.Years = append(page.Years, Year{Name: year.Name, Href: year.Href, Rows: year.Rows[:fit]})
		}
		if fit < len(year.Rows) {
			page.More = append(page.More, year)
		}
	}
	page.Finder = s.finder("", false)
	page.Meta = s.plainMeta(&page.Page)
	page.Searches = page.Finder != nil
	b.written = append(b.written, s.dir+"index.html")
	return b.page(s.dir+"index.html", "public/index.html", s.lang, page)
}

// NotFoundPage is what a server shows for an address that leads nowhere. It is
// shown at any depth, so its links are absolute where the site's address is known.
type NotFoundPage struct {
	Page
	Home string
}

func (b *publicBuild) notFound(s *shelf) error {
	page := NotFoundPage{Page: b.newPage(s, "404.html", b.theme.T(s.lang, "notfound.title", "Product", s.brand.Name), everywhere)}
	page.Canonical, page.Alternates, page.Brand.Logo, page.Meta = "", nil, "", Meta{}
	if s.brand.URL != "" {
		for i := range page.Switch {
			page.Switch[i].Href = s.brand.URL + strings.TrimPrefix(page.Switch[i].Href, page.Base)
		}
		page.Base, page.Root = s.brand.URL, s.brand.URL+s.dir
	}
	page.Home = page.Root + "index.html"
	return b.page(s.dir+"404.html", "public/404.html", s.lang, page)
}

// shelve prepares one language.
func (b *publicBuild) shelve(l model.Lang) *shelf {
	s := &shelf{lang: l, brand: cleanBrand(b.site.Brand[l])}
	if l != b.site.Languages[0] {
		s.dir = string(l) + "/"
	}
	for i := range b.site.Notes[l] {
		r := b.newRelease(l, &b.site.Notes[l][i])
		if b.linked(s) && i < cardMost {
			r.card = cardPath(r.Slug)
		}
		s.releases = append(s.releases, r)
	}
	released := s.releases
	if len(released) > 1 && released[0].Unreleased {
		s.coming, released = released[0], released[1:]
	}
	if len(released) > 0 {
		s.newest = released[0]
	}
	s.years = years(released)
	s.released = slices.DeleteFunc(slices.Clone(s.releases), func(r *Release) bool { return r.Unreleased })
	s.extent = extentOf(s.releases)
	s.channels = b.channels(s)
	return s
}

// cleanBrand makes a brand fit for pages: it may come out of a repository too.
func cleanBrand(b model.Brand) model.Brand {
	b.Name, b.Tagline = line(b.Name, 80), line(b.Tagline, 200)
	b.Contact = model.Contact{Name: line(b.Contact.Name, 80), Mail: line(b.Contact.Mail, 200), Phone: line(b.Contact.Phone, 40), Hours: line(b.Contact.Hours, 120)}
	b.Home, b.URL = webAddress(b.Home), webAddress(b.URL)
	if b.URL != "" && !strings.HasSuffix(b.URL, "/") {
		b.URL += "/"
	}
	return b
}

// primaryName is the product's name where nothing depends on the language.
func (b *publicBuild) primaryName() string {
	return cmp.Or(b.shelves[0].brand.Name, "changelog")
}
