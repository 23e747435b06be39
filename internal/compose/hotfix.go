package compose

import (
	"slices"
	"strings"

	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// Hotfixes says what the tags know of the versions that a journal names as
// hotfixes; those without a tag are left out.
func Hotfixes(releases []model.Release, versions []string) []journal.PlanHotfix {
	named := map[string]bool{} // the team's pages name all, of which there may be thousands
	for _, v := range versions {
		named[v] = true
	}
	var out []journal.PlanHotfix
	for i := range releases {
		r := &releases[i]
		if r.Unreleased || !named[r.Version.String()] {
			continue
		}
		h := journal.PlanHotfix{Version: r.Version.String(), Of: r.HotfixOf}
		if before, ok := model.ParseVersion(r.Previous); ok && h.Of == "" {
			h.Of = before.String()
		}
		for _, ch := range r.Live() {
			h.Areas = append(h.Areas, slices.Concat(ch.Areas, ch.Touched)...)
		}
		h.Areas = unique(h.Areas)
		out = append(out, h)
	}
	return out
}

// furtherHotfixes is how many tagged versions on, of those that follow one, a day's
// journal may name as its hotfixes: more no morning has.
const furtherHotfixes = 12

// HotfixesByMended gives for each version the tagged ones that mend it or follow
// it, and the areas that they touch: what is named on a day that is still to come.
func HotfixesByMended(releases []model.Release) map[string][]model.HotfixAreas {
	var versions []string
	for i := range releases {
		versions = append(versions, releases[i].Version.String())
	}
	all := Hotfixes(releases, versions)
	of := map[string]string{}
	for _, h := range all {
		of[h.Version] = h.Of
	}
	out := map[string][]model.HotfixAreas{}
	for _, h := range all {
		mended := h.Of
		for range furtherHotfixes {
			if mended == "" {
				break
			}
			out[mended] = append(out[mended], model.HotfixAreas{Version: h.Version, Areas: h.Areas})
			mended = of[mended]
		}
	}
	return out
}

// CheckAgain puts on a hotfix's checklist what must be checked again of the
// release that it mends: of is that one's checklist, p and s what its journal says.
func CheckAgain(c *model.Checklist, of *model.Checklist, p journal.Plan, s journal.State) {
	var rows []model.Recheck
	concerned := map[string]bool{}
	for _, r := range Rechecks(s, p) {
		if r.Hotfix != c.Version {
			continue
		}
		if check := checkOf(of, r.Row); check != nil {
			r.How, r.HowLang, r.Expect, r.ExpectLang = check.How, check.HowLang, check.Expect, check.ExpectLang
		}
		for _, cell := range r.Systems {
			concerned[cell.System] = true
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return
	}
	systems := slices.DeleteFunc(slices.Clone(of.Systems), func(s model.DaySystem) bool { return !concerned[s.ID] })
	c.Mends = of.Version
	for part := range slices.Chunk(systems, systemsPerPage) {
		block := model.RecheckBlock{Systems: part}
		for _, r := range rows {
			if slices.ContainsFunc(part, func(s model.DaySystem) bool { return r.On(s.ID) != nil }) {
				block.Rows = append(block.Rows, r)
			}
		}
		c.Again = append(c.Again, block)
	}
}

// checkOf finds a row of a checklist by its code.
func checkOf(c *model.Checklist, code string) *model.Check {
	var lists [][]model.Check
	for _, block := range c.Matrix {
		lists = append(lists, block.Checks)
	}
	for _, list := range append(lists, c.Interactions, c.Smoke) {
		if i := slices.IndexFunc(list, func(k model.Check) bool { return k.Code == code }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// hotfixSlug names the pages of a hotfix, "" where it has no tag.
func hotfixSlug(p journal.Plan, version string) string {
	if v, ok := model.ParseVersion(strings.TrimPrefix(version, "v")); ok && p.Tagged(version) {
		return v.Slug()
	}
	return ""
}

// Rechecks gathers what hotfixes want checked again, a row a line.
func Rechecks(s journal.State, p journal.Plan) []model.Recheck {
	var out []model.Recheck
	for _, r := range s.Rechecks {
		one := model.RecheckCell{System: r.System, Result: string(r.Result)}
		if k := len(out) - 1; k >= 0 && out[k].Hotfix == r.Hotfix && out[k].Row == r.Row {
			out[k].Systems = append(out[k].Systems, one)
			continue
		}
		line := model.Recheck{Hotfix: r.Hotfix, Row: r.Row, Deviation: r.Deviation, Systems: []model.RecheckCell{one}}
		if i := slices.IndexFunc(p.Rows, func(row journal.PlanRow) bool { return row.Code == r.Row }); i >= 0 {
			line.Title, line.Owner = p.Rows[i].Title, p.Rows[i].Owner
		}
		out = append(out, line)
	}
	return out
}
