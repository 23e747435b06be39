package site

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"daybreak/internal/markdown"
	"daybreak/internal/model"
	"daybreak/internal/search"
	"daybreak/internal/theme"
)

// DocsSite is the documentation: markdown that ships, in an order.
type DocsSite struct {
	Name     string // of the program
	Version  string // "" for none
	Lang     model.Lang
	Sections []DocsSection
}

// DocsSection is a part of the list of pages.
type DocsSection struct {
	Title string
	Texts []DocsText
}

// DocsText is the source of one page.
type DocsText struct {
	Name   string // "first-steps": the page is first-steps.html, links to first-steps.md lead there
	Source string // markdown that begins with its title as "# …"
}

// DocsPage is what the template of a page gets.
type DocsPage struct {
	DocsLink
	Name, Version string
	Sections      []DocsList
	Chapters      []DocsLink // of this page
	Finder        *Finder
	Body          template.HTML
	Before, After *DocsLink
}

// DocsList is a section's title and its pages.
type DocsList struct {
	Title string
	Pages []DocsLink
	Here  bool // holds the page that is shown
}

// DocsLink is a page in the list.
type DocsLink struct{ Path, Title string }

// Docs writes the documentation's pages.
func Docs(s DocsSite, look *theme.Theme, tree Sink) error {
	var lists []DocsList
	var order []DocsLink
	for _, section := range s.Sections {
		list := DocsList{Title: section.Title}
		for _, text := range section.Texts {
			title, _, _ := strings.Cut(text.Source, "\n")
			title, ok := strings.CutPrefix(title, "# ")
			if !ok {
				return fmt.Errorf("the page %q doesn't begin with a title", text.Name)
			}
			list.Pages = append(list.Pages, DocsLink{text.Name + ".html", strings.ReplaceAll(title, "`", "")})
		}
		order = append(order, list.Pages...)
		lists = append(lists, list)
	}
	renderer := markdown.New(markdown.Trusted())
	at := 0
	var index docsIndex
	for i, section := range s.Sections {
		for _, text := range section.Texts {
			page := DocsPage{DocsLink: order[at], Name: s.Name, Version: s.Version, Sections: slices.Clone(lists), Body: linked(renderer.HTML(text.Source))}
			page.Sections[i].Here = true
			page.Finder = &Finder{Index: "search/", Manual: true}
			chapters := headingsOf(string(page.Body))
			for _, c := range chapters {
				if c.rank == 2 {
					page.Chapters = append(page.Chapters, DocsLink{"#" + c.id, c.title})
				}
			}
			index.add(page.DocsLink, chapters)
			if at > 0 {
				page.Before = &order[at-1]
			}
			if at++; at < len(order) {
				page.After = &order[at]
			}
			var b bytes.Buffer
			if err := look.Execute(&b, "docs/page.html", s.Lang, page); err != nil {
				return err
			}
			if err := tree.Put(page.Path, b.Bytes()); err != nil {
				return err
			}
		}
	}
	return index.put(tree)
}

// docsIndex is what the customers' search looks through in the documentation: a page
// takes the place of a release, a chapter that of a change.
type docsIndex struct {
	pages    []search.Release
	chapters []search.Note
}

func (x *docsIndex) add(page DocsLink, chapters []heading) {
	for _, c := range chapters {
		if c.rank == 1 {
			x.pages = append(x.pages, search.Release{Label: page.Title, Version: page.Title, Page: page.Path, Text: c.text})
			continue
		}
		x.chapters = append(x.chapters, search.Note{Release: len(x.pages) - 1, Title: c.title, Text: c.text, Page: page.Path, Anchor: c.id})
	}
}

func (x *docsIndex) put(tree Sink) error {
	files, err := search.Files(x.pages, x.chapters)
	if err != nil {
		return err
	}
	for i, data := range files {
		if err := tree.Put(fmt.Sprintf("search/%d.js", i+1), data); err != nil {
			return err
		}
	}
	return nil
}

// heading is one of a page, and all text up to the next one.
type heading struct {
	rank            int // 1 for the page itself
	id, title, text string
}

// headingsOf takes a page apart. It begins with its title.
func headingsOf(page string) []heading {
	var out []heading
	tokens := html.NewTokenizer(strings.NewReader(page))
	inside := false // a heading
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken: // the end: a text has no other
			return out
		case html.StartTagToken, html.EndTagToken:
			token := tokens.Token()
			if len(token.Data) != 2 || token.Data[0] != 'h' || token.Data[1] < '1' || token.Data[1] > '6' {
				continue
			}
			if inside = kind == html.StartTagToken; !inside {
				continue
			}
			c := heading{rank: int(token.Data[1] - '0')}
			for _, a := range token.Attr {
				if a.Key == "id" {
					c.id = a.Val
				}
			}
			out = append(out, c)
		case html.TextToken:
			if len(out) == 0 {
				continue
			}
			if c := &out[len(out)-1]; inside {
				c.title += tokens.Token().Data
			} else {
				c.text += tokens.Token().Data + " "
			}
		}
	}
}

var toSource = regexp.MustCompile(`(<a href="[\w-]+)\.md((?:#[^"]*)?")`)

// linked leads links between sources to the pages made of them.
func linked(page template.HTML) template.HTML {
	return template.HTML(toSource.ReplaceAllString(string(page), "$1.html$2"))
}
