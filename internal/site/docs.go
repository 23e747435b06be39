package site

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"daybreak/internal/markdown"
	"daybreak/internal/model"
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
	Body          template.HTML
	Before, After *DocsLink
}

// DocsList is a section's title and its pages.
type DocsList struct {
	Title string
	Pages []DocsLink
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
	for _, section := range s.Sections {
		for _, text := range section.Texts {
			page := DocsPage{DocsLink: order[at], Name: s.Name, Version: s.Version, Sections: lists, Body: linked(renderer.HTML(text.Source))}
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
	return nil
}

var toSource = regexp.MustCompile(`(<a href="[\w-]+)\.md((?:#[^"]*)?")`)

// linked leads links between sources to the pages made of them.
func linked(html template.HTML) template.HTML {
	return template.HTML(toSource.ReplaceAllString(string(html), "$1.html$2"))
}
