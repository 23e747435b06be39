package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Release is one release as the index names it.
type Release struct {
	Label    string // "Version 2026.14.0"
	Version  string
	Date     string // YYYY-MM-DD, "" while it isn't rolled out
	Page     string // relative to the language's root
	Headline string
	Text     string // further words that it is found by
	Kind     string // "hotfix", "coming" for what isn't rolled out, or ""
}

// Note is one change.
type Note struct {
	Release  int    // index among the releases
	Kind     string // id
	Area     string // id, "" for none
	AreaName string
	Title    string
	Text     string // further words that it is found by
	Page     string // that holds it, relative to the language's root
	Anchor   string
	Act      bool     // asks the reader to act
	Lang     string   // of the title, "" where it is the index's
	Also     []string // anchors of further notes that read the same
}

// fileLimit is how many bytes of titles and texts one file of the index takes:
// some 250 KB, and a third of that when it is sent.
const fileLimit = 400_000

// file is one file of the index. Its short names are part of the contract with
// themes/default/search.js.
type file struct {
	Part     int        `json:"part"`     // from 0
	Parts    int        `json:"parts"`    // how many there are
	Releases [][]string `json:"releases"` // label, date, page, headline, version, kind
	Notes    [][]any    `json:"notes"`    // release, kind, area, title, page, anchor, act, language; further anchors, where it has some
	Areas    [][]string `json:"areas"`    // id, name
	Terms    string     `json:"terms"`    // sorted, one blank between them
	// Found says for each term where it stands: for each note and release, in
	// ascending order, the distance from the one before, twice, and one more
	// where the word stands in its title. Releases count on after the notes.
	Found [][]int `json:"found"`
}

// Files builds the index: scripts, each of which calls `daybreakIndex` with its
// data. A script and no JSON, because a page that was opened from a disk may load
// the one and not the other. Both lists are newest first, and so are the files:
// a reader sees the newest hits before the rest is loaded. Only the first holds
// the releases.
func Files(releases []Release, notes []Note) ([][]byte, error) {
	shares := [][]Note{nil}
	size := 0
	for _, n := range notes {
		length := len(n.Title) + len(n.Text)
		if last := len(shares) - 1; size > 0 && size+length > fileLimit {
			shares, size = append(shares, []Note{n}), length
		} else {
			shares[last], size = append(shares[last], n), size+length
		}
	}
	areas := areasOf(notes)
	var out [][]byte
	for i, share := range shares {
		f := file{Part: i, Parts: len(shares), Releases: [][]string{}, Areas: areas, Notes: [][]any{}}
		words := index{}
		for n, note := range share {
			act := 0
			if note.Act {
				act = 1
			}
			area := slices.IndexFunc(areas, func(a []string) bool { return a[0] == note.Area })
			row := []any{note.Release, note.Kind, area, note.Title, note.Page, note.Anchor, act, note.Lang}
			if len(note.Also) > 0 {
				row = append(row, note.Also)
			}
			f.Notes = append(f.Notes, row)
			words.add(n, note.Title, note.AreaName+" "+note.Text)
		}
		if i == 0 {
			for n, r := range releases {
				f.Releases = append(f.Releases, []string{r.Label, r.Date, r.Page, r.Headline, r.Version, r.Kind})
				words.add(len(share)+n, r.Headline+" "+r.Version, r.Text)
			}
		} else {
			f.Areas = [][]string{}
		}
		f.Terms, f.Found = words.sorted()
		data, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("making the search index: %w", err)
		}
		out = append(out, slices.Concat([]byte("daybreakIndex("), bytes.TrimSpace(data), []byte(");\n")))
	}
	return out, nil
}

func areasOf(notes []Note) [][]string {
	out := [][]string{}
	seen := map[string]bool{"": true}
	for _, n := range notes {
		if !seen[n.Area] {
			seen[n.Area] = true
			out = append(out, []string{n.Area, n.AreaName})
		}
	}
	slices.SortStableFunc(out, func(a, b []string) int { return strings.Compare(Fold(a[1]), Fold(b[1])) })
	return out
}

// index says for each term where it stands: twice the number, and one more for
// a title, in ascending order.
type index map[string][]int

func (x index) add(number int, title, text string) {
	seen := map[string]bool{}
	put := func(words []string, more int) {
		for _, w := range words {
			if !seen[w] && len(w) < 60 {
				seen[w] = true
				x[w] = append(x[w], 2*number+more)
			}
		}
	}
	put(Words(title), 1)
	put(Words(text), 0)
}

func (x index) sorted() (string, [][]int) {
	terms := make([]string, 0, len(x))
	for w := range x {
		terms = append(terms, w)
	}
	slices.Sort(terms)
	found := make([][]int, len(terms))
	for i, w := range terms {
		before := 0
		for _, at := range x[w] {
			found[i] = append(found[i], at-before)
			before = at &^ 1
		}
	}
	return strings.Join(terms, " "), found
}
