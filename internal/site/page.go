package site

import (
	"html"
	"strings"
	"unicode/utf8"

	"daybreak/internal/model"
)

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
