package site

import (
	"fmt"
	"strings"

	"daybreak/internal/search"
)

// Of how many releases a page can leave out some: so many letters have the style
// sheets of the pages since a version, and of the list of all changes.
const (
	sinceMost   = 24
	betweenMost = 16

	sinceSheet   = "since.css"
	betweenSheet = "between.css"
)

// stepLetter stands for a release of a page that can be narrowed, from 0, the newest.
func stepLetter(i int) string { return string(rune('a' + i)) }

// Narrow is one way to leave out releases of a page: by the address's fragment,
// or by the choice of an option.
type Narrow struct {
	*Release
	ID    string // the fragment
	Step  int    // which release of the page it is, from 0
	Newer string // letters: what is left out where the releases after it are
	Older string // likewise where it and those before it are
}

// narrowings gives for each release of a page, newest first, what a page leaves out
// that tells of it as the last or of what came after it alone. A repetition of a
// hotfix is a capital: it is left out where the hotfix is told of.
func narrowings(releases []*Release, prefix string) []Narrow {
	var letters strings.Builder
	for i := range releases {
		letters.WriteString(stepLetter(i))
	}
	all := letters.String()
	out := make([]Narrow, 0, len(releases))
	taken := map[string]int{}
	for i := range releases {
		out = append(out, Narrow{Release: releases[i], Step: i, Newer: all[:i], Older: all[i:] + strings.ToUpper(all[:i])})
	}
	for i := len(out) - 1; i >= 0; i-- { // from the oldest on, so that an id stays when a release comes
		id := prefix + "-" + fitForID(releases[i].Slug)
		if taken[id]++; taken[id] > 1 {
			id = fmt.Sprintf("%s--%d", id, taken[id])
		}
		out[i].ID = id
	}
	return out
}

// place is where a note stands among releases: which release, which of its
// sections, which note of it; all from 0.
type place struct{ release, section, note int }

// twins gives for each note that an older one of the releases has told already
// which release that was. A hotfix is merged again into the release after it,
// mostly as the same change, sometimes under another number; the readers have it
// since the hotfix. What only sounds alike in two ordinary releases is none.
func twins(releases []*Release) map[place]int {
	type told struct {
		release int
		hotfix  bool // and not repeated yet
	}
	out := map[place]int{}
	same, alike := map[string]int{}, map[string]told{}
	for i := len(releases) - 1; i >= 0; i-- {
		hotfix := releases[i].HotfixOf != ""
		for k, sec := range releases[i].Sections {
			for m, n := range sec.Notes {
				change, words := n.Anchor+" "+n.Title, search.Fold(n.Title)+" "+n.AreaID
				before, sounds := alike[words]
				switch first, ok := same[change]; {
				case ok:
					out[place{i, k, m}] = first
					alike[words] = told{before.release, before.hotfix && hotfix}
				case sounds && (hotfix || before.hotfix) && before.release != i:
					out[place{i, k, m}] = before.release
					alike[words] = told{before.release, before.hotfix && hotfix}
				default:
					alike[words] = told{i, hotfix}
					same[change] = i
				}
			}
		}
	}
	return out
}
