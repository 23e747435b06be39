package site

import (
	"slices"
	"strconv"
	"strings"
)

// Year is a year's releases.
type Year struct {
	Name string // "2026"; "" for what has no date
	Href string // its archive page, relative to the language's root
	Rows []Row
}

// Row is one release in a list, with the hotfixes that mended it.
type Row struct {
	*Release
	Hotfixes []*Release // newest first
}

// Told gives what the list says of one of the row's hotfixes: of a line with
// many of them only their names.
func (r Row) Told(hotfix *Release) []Note {
	if len(r.Hotfixes) > 6 {
		return nil
	}
	return hotfix.Top()
}

// years groups all releases but the newest. A hotfix stands under the release
// that it mends where no other release lies between them in time; an old line's
// late hotfix keeps its own place, because nobody would look for it further down.
func years(releases []*Release) []Year {
	var out []Year
	var pending []*Release
	add := func(row Row) {
		name := ""
		if !row.Date.IsZero() {
			name = strconv.Itoa(row.Date.Year())
		}
		at := slices.IndexFunc(out, func(y Year) bool { return y.Name == name })
		if at < 0 {
			at = len(out)
			out = append(out, Year{Name: name, Href: archivePath(name, 1)})
		}
		out[at].Rows = append(out[at].Rows, row)
	}
	flush := func() {
		for _, p := range pending {
			if p != releases[0] { // it stands on top of the page already
				add(Row{Release: p})
			}
		}
		pending = nil
	}
	for i, r := range releases {
		if len(pending) > 0 && parent(releases, pending[0]) == r && r.HotfixOf == "" {
			hot := pending
			pending = nil
			if hot[0] == releases[0] {
				hot = hot[1:]
			}
			if i > 0 {
				add(Row{Release: r, Hotfixes: hot})
			}
			continue
		}
		if r.HotfixOf != "" && (len(pending) == 0 || parent(releases, pending[0]) == parent(releases, r)) {
			pending = append(pending, r)
			continue
		}
		flush()
		if r.HotfixOf != "" {
			pending = append(pending, r)
		} else if i > 0 {
			add(Row{Release: r})
		}
	}
	flush()
	// Versions are newest first, their dates need not be.
	slices.SortStableFunc(out, func(a, b Year) int { return strings.Compare(b.Name, a.Name) })
	return out
}

// parent follows hotfixes of hotfixes to the release of the main line.
func parent(releases []*Release, r *Release) *Release {
	for range len(releases) {
		if r == nil || r.HotfixOf == "" {
			return r
		}
		var next *Release
		for _, c := range releases {
			if c.Version == r.HotfixOf && c != r {
				next = c
				break
			}
		}
		r = next
	}
	return nil
}
