package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// classifyAreas takes the Area trailer, else the scope, else the paths.
func classifyAreas(c *config.Config, ch *model.Change, list *diag.List) {
	counts := map[string]int{}
	for _, p := range ch.Paths {
		for _, a := range c.Areas {
			if matchesAny(a.Paths, p.Path) || (p.Old != "" && matchesAny(a.Paths, p.Old)) {
				counts[a.ID]++
			}
		}
	}
	ch.Areas, ch.AreaUnknown = nil, false
	for _, v := range trailer(c, ch, "Area") {
		for _, name := range splitList(v) {
			if id := areaID(c, name); id != "" {
				ch.Areas = append(ch.Areas, id)
			} else if len(c.Areas) > 0 {
				ch.AreaUnknown = true
				list.Add(unknownArea(c, ch, name))
			}
		}
	}
	// Its author named a part that nobody knows: what the scope or the paths say
	// is good enough for a label, and only a guess at who has it.
	ch.AreaUnknown = ch.AreaUnknown && len(ch.Areas) == 0
	if len(ch.Areas) == 0 && ch.Header.Scope != "" {
		for _, scope := range splitList(ch.Header.Scope) {
			if id := areaID(c, scope); id != "" {
				ch.Areas = append(ch.Areas, id)
			}
		}
	}
	if len(ch.Areas) == 0 {
		for _, a := range c.Areas {
			if counts[a.ID] > 0 {
				ch.Areas = append(ch.Areas, a.ID)
			}
		}
		slices.SortStableFunc(ch.Areas, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	}
	ch.Areas = unique(ch.Areas)
	ch.Touched = nil
	for _, a := range c.Areas {
		if counts[a.ID] > 0 || slices.Contains(ch.Areas, a.ID) {
			ch.Touched = append(ch.Touched, a.ID)
		}
	}
}

// AreasFrom says where a change's areas come from, as classifyAreas asks; "" where it
// has none.
func AreasFrom(c *config.Config, ch *model.Change) string {
	if len(ch.Areas) == 0 {
		return ""
	}
	known := func(text string) bool {
		return slices.ContainsFunc(splitList(text), func(name string) bool { return areaID(c, name) != "" })
	}
	switch {
	case slices.ContainsFunc(trailer(c, ch, "Area"), known):
		return saidBy(ch, "Area").String()
	case known(ch.Header.Scope):
		return fmt.Sprintf("scope %q", ch.Header.Scope)
	}
	return "paths"
}

func unknownArea(c *config.Config, ch *model.Change, name string) diag.Diagnostic {
	what := diag.Say("%q is no area", name)
	if slices.ContainsFunc(c.Systems, func(s config.System) bool { return len(s.Areas) > 0 }) {
		what = diag.Say("%s: systems that have only some areas are not told of it", what)
	}
	return trailerProblem(ch, "Area", what,
		diag.Say("areas are %s; add it to `areas` in daybreak.yaml, as an area or among the `scopes` of one.", strings.Join(areaIDs(c), ", ")))
}

// areaID finds an area by id, scope or name in any language.
func areaID(c *config.Config, name string) string {
	name = strings.TrimSpace(name)
	for _, a := range c.Areas {
		if strings.EqualFold(a.ID, name) || slices.ContainsFunc(a.Scopes, func(s string) bool { return strings.EqualFold(s, name) }) {
			return a.ID
		}
		for _, n := range a.Name {
			if strings.EqualFold(n, name) {
				return a.ID
			}
		}
	}
	return ""
}

func areaIDs(c *config.Config) []string {
	ids := make([]string, len(c.Areas))
	for i, a := range c.Areas {
		ids[i] = a.ID
	}
	return ids
}

// areaName is an area's name in the language, its id where it has none.
func areaName(c *config.Config, id string, l model.Lang) string {
	for _, a := range c.Areas {
		if a.ID == id {
			name, _ := a.Name.In(l, c.Languages...)
			return cmp.Or(name, id)
		}
	}
	return id
}

func matchesAny(globs []string, path string) bool {
	for _, g := range globs {
		if ok, _ := doublestar.Match(g, path); ok { // a bad glob is the configuration's diagnostic
			return true
		}
	}
	return false
}
