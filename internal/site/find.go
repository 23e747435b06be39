package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"daybreak/internal/model"
)

// findRows is how many changes a page of the list holds: a browser searches and
// lays them out at once (some 400 KB), and a house of 30,000 changes has 15 pages.
const findRows = 2000

// FindPage is one page of the list of all changes.
type FindPage struct {
	TeamPage
	Part   int // from 1
	Parts  []TeamLink
	Groups []FindGroup
	Total  int    // changes on all pages
	Data   string // the list of all for the script, "" where this page is the list
	Up     string // to the primary language's root inside team/
}

// FindGroup is what is first in one release.
type FindGroup struct {
	In    *model.FoundIn // nil for what was taken back before it came out
	Again bool           // began on the page before
	Href  string         // the release's ledger, "" where there is none
	Rows  []FindRow
}

// FindRow is one change.
type FindRow struct {
	model.Finding
	Also string // the further releases that contain it
}

func findPath(part int) string {
	if part == 1 {
		return "find/index.html"
	}
	return fmt.Sprintf("find/%d/index.html", part)
}

// find writes the list of all changes in one language.
func (b *teamBuild) find(l model.Lang) error {
	parts := slices.Collect(slices.Chunk(b.site.Findings, findRows))
	last := ""
	for n, rows := range parts {
		path := findPath(n + 1)
		page := FindPage{
			TeamPage: b.chrome(l, path, b.theme.T(l, "team.find.title")+" – "+b.site.Product, func(model.Lang) bool { return true }),
			Part:     n + 1, Total: len(b.site.Findings),
		}
		page.Reads = true
		page.Up = page.Root
		if b.dir(l) != "" {
			page.Up += "../"
		}
		if len(parts) > 1 {
			page.Data = page.Up + "find/changes.json"
			for i := range parts {
				page.Parts = append(page.Parts, TeamLink{Name: fmt.Sprint(i + 1), Href: page.Root + findPath(i+1), Current: i == n})
			}
		}
		page.Groups, last = b.findGroups(l, page.Root, rows, last)
		if err := b.page(l, path, "team/find.html", page); err != nil {
			return err
		}
	}
	return nil
}

// findGroups puts rows under their first release. last is the release of the
// row before, "" for none.
func (b *teamBuild) findGroups(l model.Lang, root string, rows []model.Finding, last string) ([]FindGroup, string) {
	var out []FindGroup
	for _, f := range rows {
		in, slug := f.First(), ""
		if in != nil {
			slug = "/" + in.Slug
		} else {
			slug = "withdrawn"
		}
		if len(out) == 0 || slug != last {
			g := FindGroup{In: in, Again: slug == last}
			if in != nil && b.has(l, in.Slug, "ledger") {
				g.Href = root + in.Slug + "/ledger/index.html"
			}
			out = append(out, g)
		}
		last = slug
		g := &out[len(out)-1]
		g.Rows = append(g.Rows, FindRow{Finding: f, Also: b.also(l, &f)})
	}
	return out, last
}

// also names the releases of a finding beyond the first, or where there is no
// first one those that took it back.
func (b *teamBuild) also(l model.Lang, f *model.Finding) string {
	var names []string
	first := f.First()
	for i := range f.In {
		in := &f.In[i]
		if in == first {
			continue
		}
		name := in.Version
		if name == "" {
			name = b.theme.T(l, "team.unreleased")
		}
		switch {
		case in.Lost:
			name += " (" + b.theme.T(l, "team.find.lost") + ")"
		case in.Withdrawn:
			name += " (" + b.theme.T(l, "team.find.gone") + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// findData writes the list for the script, once for all languages, where it is
// longer than a page: the releases' versions ("" for what isn't tagged), and for
// each change id, title, what else it is known by, the index of its first release
// (-1 for none), and those of the others.
func (b *teamBuild) findData() error {
	if len(b.site.Findings) <= findRows {
		return nil
	}
	type list struct {
		Releases []string `json:"releases"`
		Changes  [][]any  `json:"changes"`
	}
	var out list
	at := map[string]int{}
	release := func(in *model.FoundIn) int {
		i, ok := at[in.Slug]
		if !ok {
			i = len(out.Releases)
			at[in.Slug] = i
			out.Releases = append(out.Releases, line(in.Version, 80))
		}
		return i
	}
	for _, f := range b.site.Findings {
		first, others := -1, []int{}
		for i := range f.In {
			switch in := &f.In[i]; {
			case in == f.First():
				first = release(in)
			case !in.Withdrawn:
				others = append(others, release(in))
			}
		}
		keys := strings.Join(slices.Concat(f.Keys, f.Hashes), " ")
		out.Changes = append(out.Changes, []any{line(f.ID, 80), line(f.Title, maxTitle), line(keys, 4000), first, others})
	}
	var data bytes.Buffer
	enc := json.NewEncoder(&data)
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("making the list of changes: %w", err)
	}
	return b.sink.Put("team/find/changes.json", data.Bytes())
}
