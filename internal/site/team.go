package site

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/theme"
)

// TeamSite is all that the team reads: for each language the documents of all
// releases, newest first. The three lists may differ in length; they meet by
// the release's slug.
type TeamSite struct {
	Languages  []model.Lang // the first is the primary one, at the root of the tree
	Product    string
	Accent     string // "#rrggbb", "" for the theme's
	Runbooks   map[model.Lang][]model.Runbook
	Checklists map[model.Lang][]model.Checklist
	Ledgers    map[model.Lang][]model.Ledger
	Findings   []model.Finding                 // every change there is, for "is my fix in?"; the same in all languages
	Protocols  map[model.Lang][]model.Protocol // of the days that have a journal
	Changed    map[model.Lang][]model.Changed  // of those whose printed sheets say something else
	Posters    map[model.Lang][]model.Poster
	Strips     map[model.Lang][]model.PhoneStrip
	Shared     []model.SharedSheets            // releases without documents of their own, newest first; the same in all languages
	Stages     map[string]string               // how far each release is, by slug: draft, ready, rolledout, published, withdrawn; nil where nothing is published by hand
	Standings  []model.Standing                // which version each system runs now; the same in all languages
	Days       map[model.Lang][]model.TrainDay // of the train, in order; may be empty
	Paper      bool                            // the pages are for the printer alone: without the day mode
	Hotfixes   map[string][]model.HotfixAreas  // of each version those that mend it, for the day mode; may be nil
	Mails      []model.Mail                    // of all releases and languages, for the day mode; may be empty
}

// Team writes the team's pages under team/: for every language, the primary one
// at the root and the others under `<lang>/`, an index of all releases and for
// each its runbook, checklist and ledger, where it has a journal its protocol, the
// poster for the kitchen and the strips for the phone desk; and the train's days
// as calendar files. Nothing outside links here.
func Team(ts TeamSite, t *theme.Theme, s Sink) error {
	if len(ts.Languages) == 0 {
		return fmt.Errorf("a team site needs a language")
	}
	b := &teamBuild{site: ts, theme: t, sink: s}
	for _, l := range ts.Languages {
		if err := b.language(l); err != nil {
			return err
		}
		if err := b.find(l); err != nil {
			return err
		}
	}
	return b.findData()
}

// teamBuild is one run of Team.
type teamBuild struct {
	site  TeamSite
	theme *theme.Theme
	sink  Sink

	present map[string]bool // documents, by document, language and slug; nil until asked for
}

// TeamPage is what every page of the team knows of itself. Addresses are
// relative to the page.
type TeamPage struct {
	Lang    model.Lang
	Product string
	Accent  string
	Title   string
	Label   string     // the release as people call it, "" on the index
	Root    string     // to the language's root inside team/, with trailing slash, or ""
	Tabs    []TeamLink // the documents of the same release
	Switch  []TeamLink // the same page in the other languages
	Same    *TeamLink  // the release that is the very same build, nil mostly
	Find    string     // the first page of all changes, "" where there is none
	Reads   bool       // has the script that looks through all changes
	Day     *DayMode   // what can be filled in on the screen, nil where nothing can
}

// TeamLink leads to another page of the team.
type TeamLink struct {
	Name    string // "runbook", or a language
	Href    string
	Current bool
}

// LedgerPage is one release's ledger.
type LedgerPage struct {
	TeamPage
	Head    model.DayHeader
	Ledger  *model.Ledger
	Changes int
	Groups  []LedgerGroup
}

// Changed gives the buckets that hold changes; their numbers add up to Changes.
func (p LedgerPage) Changed() []model.LedgerSum {
	return slices.DeleteFunc(slices.Clone(p.Ledger.Sums), func(s model.LedgerSum) bool { return s.Changes == 0 })
}

// LedgerGroup is one bucket with its rows.
type LedgerGroup struct {
	model.LedgerSum
	Rows []model.LedgerRow
}

// teamDocuments are the documents of a release, in the order of the tabs.
var teamDocuments = []string{"runbook", "checklist", "ledger", "protocol", "changed", "phone", "poster"}

func (b *teamBuild) language(l model.Lang) error {
	for i := range b.site.Runbooks[l] {
		book := &b.site.Runbooks[l][i]
		err := b.pageOf(l, book.Slug+"/runbook/index.html", "team/runbook.html", func() any {
			page := RunbookPage{TeamPage: b.document(l, book.DayHeader, "runbook"), Head: book.DayHeader, Book: book}
			page.Day = b.dayMode(l, book.DayHeader, "runbook")
			return page
		})
		if err != nil {
			return err
		}
	}
	for i := range b.site.Checklists[l] {
		list := &b.site.Checklists[l][i]
		err := b.pageOf(l, list.Slug+"/checklist/index.html", "team/checklist.html", func() any {
			page := ChecklistPage{TeamPage: b.document(l, list.DayHeader, "checklist"), Head: list.DayHeader, List: list, Checks: list.Rows - list.Missing - list.Uncheckable}
			page.Day = b.dayMode(l, list.DayHeader, "checklist")
			return page
		})
		if err != nil {
			return err
		}
	}
	for i := range b.site.Ledgers[l] {
		ledger := &b.site.Ledgers[l][i]
		err := b.pageOf(l, ledger.Slug+"/ledger/index.html", "team/ledger.html", func() any {
			page := LedgerPage{TeamPage: b.document(l, ledger.DayHeader, "ledger"), Head: ledger.DayHeader, Ledger: ledger, Groups: groups(ledger)}
			for _, g := range page.Groups {
				page.Changes += g.Changes
			}
			return page
		})
		if err != nil {
			return err
		}
	}
	if err := b.protocols(l); err != nil {
		return err
	}
	if err := b.kitchenAndPhone(l); err != nil {
		return err
	}
	if err := b.standings(l); err != nil {
		return err
	}
	return b.index(l)
}

// dir is the language's folder inside team/: "" for the primary one, "de/" for
// another.
func (b *teamBuild) dir(l model.Lang) string {
	if l == b.site.Languages[0] {
		return ""
	}
	return string(l) + "/"
}

// page executes a template into a file of the language. Control characters and
// marks that turn the direction of a line are dropped here, wherever they came
// from: a commit must not be able to make a sheet read as something else.
func (b *teamBuild) page(l model.Lang, path, template string, data any) error {
	return b.pageOf(l, path, template, func() any { return data })
}

// pageOf is page for data that are gathered when the page is made.
func (b *teamBuild) pageOf(l model.Lang, path, template string, data func() any) error {
	path = "team/" + b.dir(l) + path
	return Later(b.sink, path, func() ([]byte, error) {
		var out bytes.Buffer
		if err := b.theme.Execute(&out, template, l, data()); err != nil {
			return nil, fmt.Errorf("making %s: %w", path, err)
		}
		return bytes.Map(visible, out.Bytes()), nil
	})
}

// visible keeps what can be seen, for bytes.Map.
func visible(r rune) rune {
	if diag.IsBidiControl(r) || unicode.IsControl(r) && r != '\n' {
		return -1
	}
	return r
}

// document fills the chrome of one of a release's pages.
func (b *teamBuild) document(l model.Lang, h model.DayHeader, name string) TeamPage {
	label := b.label(l, h)
	title := b.theme.T(l, "team."+name) + " " + label + " – " + b.site.Product
	p := b.chrome(l, h.Slug+"/"+name+"/index.html", title, func(o model.Lang) bool { return b.has(o, h.Slug, name) })
	p.Label = label
	p.Same = b.same(l, h, name)
	for _, d := range teamDocuments {
		if b.has(l, h.Slug, d) {
			p.Tabs = append(p.Tabs, TeamLink{Name: d, Href: "../" + d + "/index.html", Current: d == name})
		}
	}
	return p
}

// same leads to the document of the release that is the same build as h's.
func (b *teamBuild) same(l model.Lang, h model.DayHeader, name string) *TeamLink {
	if h.SameBuild == "" {
		return nil
	}
	for i := range b.site.Runbooks[l] {
		if of := &b.site.Runbooks[l][i]; of.Version == h.SameBuild && b.has(l, of.Slug, name) {
			return &TeamLink{Name: of.Version, Href: "../../" + of.Slug + "/" + name + "/index.html"}
		}
	}
	return &TeamLink{Name: h.SameBuild}
}

// chrome fills what every page has. path lies below the language's folder;
// has says which languages have the page.
func (b *teamBuild) chrome(l model.Lang, path, title string, has func(model.Lang) bool) TeamPage {
	root := strings.Repeat("../", strings.Count(path, "/"))
	p := TeamPage{Lang: l, Product: b.site.Product, Accent: b.site.Accent, Title: title, Root: root}
	if len(b.site.Findings) > 0 {
		p.Find = root + "find/index.html"
	}
	top := root
	if b.dir(l) != "" {
		top += "../"
	}
	for _, o := range b.site.Languages {
		if o != l {
			target := path
			if !has(o) {
				target = "index.html"
			}
			p.Switch = append(p.Switch, TeamLink{Name: string(o), Href: top + b.dir(o) + target})
		}
	}
	return p
}

// label names a release: its version, or the word for what isn't tagged yet.
func (b *teamBuild) label(l model.Lang, h model.DayHeader) string {
	if h.Unreleased || h.Version == "" {
		return b.theme.T(l, "team.coming")
	}
	return h.Version
}

func (b *teamBuild) has(l model.Lang, slug, document string) bool {
	if b.present == nil {
		b.present = map[string]bool{}
		note(b.present, "runbook", b.site.Runbooks, func(r *model.Runbook) string { return r.Slug })
		note(b.present, "checklist", b.site.Checklists, func(c *model.Checklist) string { return c.Slug })
		note(b.present, "ledger", b.site.Ledgers, func(g *model.Ledger) string { return g.Slug })
		note(b.present, "protocol", b.site.Protocols, func(p *model.Protocol) string { return p.Slug })
		note(b.present, "changed", b.site.Changed, func(c *model.Changed) string { return c.Slug })
		note(b.present, "poster", b.site.Posters, func(p *model.Poster) string { return p.Slug })
		note(b.present, "phone", b.site.Strips, func(p *model.PhoneStrip) string { return p.Slug })
	}
	return b.present[presence(document, l, slug)]
}

func presence(document string, l model.Lang, slug string) string {
	return document + " " + string(l) + " " + slug
}

// note takes down of which releases there is a document.
func note[T any](in map[string]bool, document string, all map[model.Lang][]T, slug func(*T) string) {
	for l, list := range all {
		for i := range list {
			in[presence(document, l, slug(&list[i]))] = true
		}
	}
}

// find gives the document of a release, nil where there is none.
func find[T any](in []T, slug string, of func(*T) string) *T {
	for i := range in {
		if of(&in[i]) == slug {
			return &in[i]
		}
	}
	return nil
}

// groups puts the rows of a ledger under their bucket, in the order of the sums.
func groups(l *model.Ledger) []LedgerGroup {
	var out []LedgerGroup
	for _, sum := range l.Sums {
		g := LedgerGroup{LedgerSum: sum}
		for _, r := range l.Rows {
			if r.Bucket == sum.Bucket {
				g.Rows = append(g.Rows, r)
			}
		}
		out = append(out, g)
	}
	return out
}
