package site

import (
	"slices"
	"strings"

	"daybreak/internal/model"
)

// Choice is what the reader of a page can choose from: kinds and areas that
// occur on it, in the order of the documents.
type Choice struct {
	Kinds []model.Kind
	Areas []Note
}

// indexChoice offers what the releases on the index tell of. Below three
// releases, or with nothing to tell apart, the eye is quicker than a button.
func indexChoice(newest *Release, years []Year) *Choice {
	var c Choice
	releases := 0
	seen := map[string]bool{"": true}
	kinds := map[model.Kind]bool{}
	add := func(r *Release) {
		releases++
		for _, n := range r.Counts {
			kinds[n.Kind] = true
		}
		for _, a := range r.Areas() {
			if !seen[a.AreaID] {
				seen[a.AreaID] = true
				c.Areas = append(c.Areas, a)
			}
		}
	}
	if newest != nil {
		add(newest)
	}
	for _, y := range years {
		for _, row := range y.Rows {
			for _, r := range append([]*Release{row.Release}, row.Hotfixes...) {
				add(r)
			}
		}
	}
	for _, k := range model.Kinds() {
		if kinds[k] {
			c.Kinds = append(c.Kinds, k)
		}
	}
	slices.SortStableFunc(c.Areas, func(a, b Note) int { return strings.Compare(a.Area, b.Area) })
	if releases < 3 || len(c.Areas) < 2 && len(c.Kinds) < 2 {
		return nil
	}
	c.Areas = c.Areas[:min(len(c.Areas), 16)]
	return &c
}

// Has lists which kinds of notes the release has in which areas, "fixed:booking",
// for the script of the filter.
func (r *Release) Has() string { return strings.Join(r.has(nil), " ") }

func (r *Release) has(into []string) []string {
	for _, s := range r.Sections {
		for _, n := range s.Notes {
			if pair := string(s.Kind) + ":" + n.AreaID; !slices.Contains(into, pair) {
				into = append(into, pair)
			}
		}
	}
	return into
}

// Has is what the row's release and its hotfixes have together.
func (r Row) Has() string {
	out := r.has(nil)
	for _, h := range r.Hotfixes {
		out = h.has(out)
	}
	return strings.Join(out, " ")
}
