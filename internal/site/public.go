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
	"html"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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

// Page is what every public page knows of itself. All addresses are relative
// to the page unless their comment says otherwise.
type Page struct {
	Lang        model.Lang
	Path        string // its file, relative to the language's root
	Brand       model.Brand
	Base        string // to the tree's root, with trailing slash, or ""
	Root        string // to the language's root, likewise
	Title       string
	Description string
	Canonical   string // absolute, "" where the site's address is unknown
	Alternates  []Alternate
	Switch      []Alternate // the other languages, for people
	Index       bool        // this is the language's first page
	Reader      string      // for whom alone the page is, "" for everybody
	Feeds       []Feed      // that the page's head names, beside that of everything
	Unlisted    bool        // search engines should not show it
	Meta        Meta        // for those who link to it
	Searches    bool        // its scripts may load the search index
	Narrows     string      // style sheet with which it can tell of some of its releases alone, "" where it can't
	Moved       string      // where the page is now, "" for here
}

// Alternate is the same page in a language.
type Alternate struct {
	Lang    model.Lang
	Href    string
	Default bool // the primary language, for readers of no language that there is
}

// newPage fills the chrome of a page. path is the page's file below the
// language's root, the same in all languages; others says which languages have it.
func (b *publicBuild) newPage(s *shelf, path, title string, has func(*shelf) bool) Page {
	p := Page{
		Lang:  s.lang,
		Path:  path,
		Brand: s.brand,
		Base:  strings.Repeat("../", strings.Count(s.dir+path, "/")),
		Root:  strings.Repeat("../", strings.Count(path, "/")),
		Title: tabTitle(title),
		Index: path == "index.html",

		Reader: line(b.site.Reader, 80),
	}
	if s.brand.URL != "" {
		p.Canonical = s.brand.URL + address(s.dir+path)
	}
	if b.linked(s) {
		p.Meta.Picture = s.brand.URL + s.dir + cardPath("") // of a page that has none of its own
	}
	for i, other := range b.shelves {
		target := path
		if !has(other) {
			target = "index.html"
		}
		a := Alternate{Lang: other.lang, Href: p.Base + other.dir + target, Default: i == 0}
		if other != s {
			p.Switch = append(p.Switch, a)
		}
		if has(other) && len(b.shelves) > 1 {
			if s.brand.URL != "" {
				a.Href = s.brand.URL + address(other.dir+path)
			}
			p.Alternates = append(p.Alternates, a)
		}
	}
	return p
}

// tabTitle bounds a title at 70 characters as written in the page, which is
// what search engines show and validators ask for.
func tabTitle(title string) string {
	limit := 69
	for ; limit > 20 && utf8.RuneCountInString(html.EscapeString(shorten(title, limit))) > 70; limit-- {
	}
	return shorten(title, limit)
}

// address is how a file is called from outside: a folder's index is the folder.
func address(path string) string {
	if dir, ok := strings.CutSuffix(path, "index.html"); ok {
		return dir
	}
	return path
}

func everywhere(*shelf) bool { return true }

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

// ReleasePage is the page of one release, or one of several where it is long.
type ReleasePage struct {
	Page
	Release *Release // of a long release only what this part tells
	Parts   Parts
	Newer   *Release // nil at the ends
	Older   *Release
	Next    time.Time // only on the newest
	Filter  bool      // enough notes and areas that choosing helps
}

func (b *publicBuild) releasePages(s *shelf) error {
	for i, r := range s.releases {
		for n, part := range r.parts {
			page := ReleasePage{Release: part, Parts: Parts{Number: n + 1, release: r}, Filter: len(r.parts) == 1 && r.worthFiltering()}
			if i > 0 {
				page.Newer = s.releases[i-1]
			}
			if r == s.newest || r == s.coming {
				page.Next = r.NextDate
			}
			if i+1 < len(s.releases) {
				page.Older = s.releases[i+1]
			}
			path := partPath(r.dir, n+1)
			b.written = append(b.written, s.dir+path)
			if err := b.releasePage(s, page, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// releasePage gives a page its chrome and writes it.
func (b *publicBuild) releasePage(s *shelf, page ReleasePage, path string) error {
	return b.later(s.dir+path, func() ([]byte, error) { return b.executeRelease(s, page, path) })
}

func (b *publicBuild) executeRelease(s *shelf, page ReleasePage, path string) ([]byte, error) {
	r, n := page.Release, page.Parts.Number
	title := r.Label
	if page.Parts.Count() > 1 {
		title += " (" + b.theme.T(s.lang, "release.part", "Number", n, "Of", page.Parts.Count()) + ")"
	}
	page.Page = b.newPage(s, path, title+" – "+s.brand.Name, func(other *shelf) bool { return other.has(r.Slug, n) })
	page.Description = r.summary()
	if page.Description == "" {
		page.Description = b.theme.T(s.lang, "release.summary", "Label", r.Label, "Product", s.brand.Name)
	}
	page.Meta = s.releaseMeta(&page.Page, r)
	page.Searches = true // for a change that has moved to another page
	var out bytes.Buffer
	if err := b.theme.Execute(&out, "public/release.html", s.lang, page); err != nil {
		return nil, fmt.Errorf("making %s: %w", path, err)
	}
	return out.Bytes(), nil
}

// ArchivePage is one page of a year's releases.
type ArchivePage struct {
	Page
	Year  Year
	Part  int // from 1
	Parts []ArchivePart
	Years []Year // all years that have archive pages
}

// ArchivePart is one of the pages of a year.
type ArchivePart struct {
	Number  int
	Href    string // relative to the language's root
	Current bool
}

// archive writes the years that do not fit on the index, each complete.
func (b *publicBuild) archive(s *shelf) error {
	years := s.archived()
	for _, y := range years {
		parts := s.archiveParts(y)
		for i, part := range parts {
			path := archivePath(y.Name, i+1)
			page := ArchivePage{Part: i + 1, Years: years, Year: Year{Name: y.Name, Href: y.Href, Rows: part}}
			page.Page = b.newPage(s, path, b.theme.T(s.lang, "archive.title", "Year", y.Name, "Product", s.brand.Name),
				func(other *shelf) bool { return other.hasArchive(y.Name, i+1) })
			page.Description = page.Title
			for j := range parts {
				page.Parts = append(page.Parts, ArchivePart{Number: j + 1, Href: archivePath(y.Name, j+1), Current: j == i})
			}
			b.written = append(b.written, s.dir+path)
			if err := b.page(s.dir+path, "public/archive.html", s.lang, page); err != nil {
				return err
			}
		}
	}
	return nil
}

func archivePath(year string, part int) string {
	if part == 1 {
		return "archive/" + year + "/index.html"
	}
	return fmt.Sprintf("archive/%s/%d/index.html", year, part)
}

func (s *shelf) hasArchive(year string, part int) bool {
	for _, y := range s.archived() {
		if y.Name == year {
			return part <= len(s.archiveParts(y))
		}
	}
	return false
}

// has reports whether there is this part of a release, from 1.
func (s *shelf) has(slug string, part int) bool {
	return slices.ContainsFunc(s.releases, func(r *Release) bool { return r.Slug == slug && part <= max(1, len(r.parts)) })
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
