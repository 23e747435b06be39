package compose

import (
	"maps"
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
)

// addresses are those of all the release's drafts: an old address holds in every
// language.
func addresses(c *config.Config, r *model.Release) []string {
	var all []string
	for _, l := range c.Languages {
		if e := r.Edited[l]; e != nil {
			all = append(all, e.Aliases...)
		}
	}
	return unique(all)
}

// takenAliases names each alias that is another release's address or alias: the
// page stays that of the other.
func takenAliases(releases []model.Release, shelf editorial.Shelf) diag.List {
	var list diag.List
	owner := map[string]string{}
	for i := range releases {
		owner[releases[i].Slug()] = releases[i].Slug()
	}
	for _, slug := range slices.Sorted(maps.Keys(shelf)) {
		for _, l := range slices.Sorted(maps.Keys(shelf[slug])) {
			d := shelf[slug][l].Draft
			for _, a := range d.Aliases {
				name := strings.TrimPrefix(a.Path, "releases/")
				if of, ok := owner[name]; ok && of != slug {
					list.Add(diag.New(diag.Warning, "alias-taken", diag.Position{File: d.File, Line: a.Line},
						diag.Say("%q is an address of release %q already", a.Path, of),
						diag.Say("take the alias away from one of the two; until then it leads to the other.")))
				} else {
					owner[name] = slug
				}
			}
		}
	}
	return list
}
