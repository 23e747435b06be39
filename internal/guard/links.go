package guard

import (
	"bytes"
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"daybreak/internal/diag"
)

// Files is a built tree.
type Files interface {
	Paths() []string
	File(path string) ([]byte, bool)
}

// Links finds the links of all pages that lead nowhere inside their site: to a
// file that isn't there, to a place that the page doesn't have, or out of the
// site's own tree. Addresses below product.url are the public site.
func (g *Guard) Links(files Files) diag.List {
	b := &linkCheck{guard: g, files: files, ids: map[string][]string{}, dead: map[deadLink][]string{}, whys: map[string]diag.Phrase{}}
	for _, name := range files.Paths() {
		if path.Ext(name) == ".html" {
			b.page(name)
		}
	}
	var list diag.List
	for d, pages := range b.dead {
		list.Add(b.diagnostic(d, pages))
	}
	list.Sort()
	return list
}

// linkCheck is one run of Links.
type linkCheck struct {
	guard *Guard
	files Files
	ids   map[string][]string   // of the pages that were asked for a place
	dead  map[deadLink][]string // the pages that have it
	whys  map[string]diag.Phrase
}

// deadLink is a link and why it leads nowhere.
type deadLink struct{ link, why string }

func (b *linkCheck) page(name string) {
	data, _ := b.files.File(name) // it was listed
	seen := map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				if (a.Key != "href" && a.Key != "src") || a.Val == "" || seen[a.Val] {
					continue
				}
				seen[a.Val] = true
				if why, dead := b.check(name, a.Val); dead {
					key := deadLink{a.Val, why.String()}
					b.whys[key.why] = why
					b.dead[key] = append(b.dead[key], name)
				}
			}
		}
	}
}

// diagnostic tells of a dead link once, however many pages have it. The
// release's own page shows best where it stands.
func (b *linkCheck) diagnostic(d deadLink, pages []string) diag.Diagnostic {
	slices.SortStableFunc(pages, func(a, b string) int { return cmp.Compare(strings.Count(b, "/"), strings.Count(a, "/")) })
	on := diag.Say("%s", pages[0])
	switch n := len(pages) - 1; {
	case n == 1:
		on = diag.Say("%s and 1 more page", pages[0])
	case n > 1:
		on = diag.Say("%s and %d more pages", pages[0], n)
	}
	at := diag.Position{File: pages[0]}
	if s, ok := b.guard.origin(Finding{File: pages[0], raw: d.link}); ok {
		at = s.Position
	}
	return diag.New(diag.Error, "dead-link", at, diag.Say("the link %q on %s leads nowhere: %s", d.link, on, b.whys[d.why]), diag.Say("mend the address in the text, or put the file there."))
}

// check says why a link leads nowhere, and whether it does; one that leads elsewhere
// is fine.
func (b *linkCheck) check(from, link string) (diag.Phrase, bool) {
	root := siteRoot(from)
	base := b.guard.config.Product.URL
	rest, own := strings.CutPrefix(link, base)
	u, err := url.Parse(link)
	target := ""
	switch {
	case err != nil:
		return diag.Say("it is no address"), true
	case base != "" && own:
		if u, err = url.Parse(rest); err != nil {
			return diag.Say("it is no address"), true
		}
		root, target = "public", path.Join("public", u.Path)
	case u.Scheme != "" || u.Host != "":
		return diag.Phrase{}, false
	case u.Path == "":
		target = from
	case strings.HasPrefix(u.Path, "/"):
		target = path.Join(root, u.Path)
	default:
		target = path.Join(path.Dir(from), u.Path)
	}
	if target != root && !strings.HasPrefix(target, root+"/") {
		return diag.Say("it leads out of %s/", root), true
	}
	if _, ok := b.files.File(target); !ok {
		index := path.Join(target, "index.html")
		if _, ok := b.files.File(index); !ok {
			return diag.Say("there is no %s", target), true
		}
		target = index
	}
	if u.Fragment != "" && path.Ext(target) == ".html" && !slices.Contains(b.places(target), u.Fragment) {
		return diag.Say("%s has no place %q", target, u.Fragment), true
	}
	return diag.Phrase{}, false
}

// siteRoot is the tree that a page belongs to: "public", "systems/K1", "team".
func siteRoot(name string) string {
	first, rest, _ := strings.Cut(name, "/")
	if first == "systems" {
		id, _, _ := strings.Cut(rest, "/")
		return first + "/" + id
	}
	return first
}

// places gives the ids of a page.
func (b *linkCheck) places(name string) []string {
	if ids, ok := b.ids[name]; ok {
		return ids
	}
	var ids []string
	data, _ := b.files.File(name)
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		switch z.Next() {
		case html.ErrorToken:
			b.ids[name] = ids
			return ids
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				if a.Key == "id" {
					ids = append(ids, a.Val)
				}
			}
		}
	}
}
