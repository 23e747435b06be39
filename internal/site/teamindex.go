package site

import (
	"time"

	"daybreak/internal/model"
)

// TeamIndexPage lists the releases, newest first, and before them the one that
// the next morning is about.
type TeamIndexPage struct {
	TeamPage
	Next     *TeamRow // nil where every release is through
	Rows     []TeamRow
	Older    bool             // some have no sheets any more, since their day is long over
	Systems  string           // the page of what each system runs, "" where nothing is known
	Calendar string           // name of the calendar file, "" without a train
	Days     []model.TrainDay // the next ones after the newest release
}

// DayFile is the calendar file of one day of the train, from the index.
func (p TeamIndexPage) DayFile(d model.TrainDay) string {
	return "dates/" + d.Regular.Format(time.DateOnly) + ".ics"
}

// TeamRow is one release with the documents that there are.
type TeamRow struct {
	Head    model.DayHeader
	Today   int // systems that get it
	Special int // special notes of its runbook
	Alarms  int
	Checks  int
	Stage   string   // "draft" … "withdrawn", "" where nobody publishes by hand
	Same    []string // versions of the very same build that share the documents, newest first
	Links   []TeamLink
}

// index writes the list of releases in the order of the ledgers, then those
// that only have other documents.
func (b *teamBuild) index(l model.Lang) error {
	page := TeamIndexPage{TeamPage: b.chrome(l, "index.html", b.theme.T(l, "team.title")+" – "+b.site.Product, func(model.Lang) bool { return true })}
	same := map[string][]string{}
	for _, s := range b.site.Shared {
		same[s.Of] = append(same[s.Of], s.Version)
	}
	seen := map[string]bool{}
	add := func(h model.DayHeader) {
		if seen[h.Slug] {
			return
		}
		seen[h.Slug] = true
		row := TeamRow{Head: h, Today: h.Today(), Stage: b.site.Stages[h.Slug], Same: same[h.Slug]}
		if r := find(b.site.Runbooks[l], h.Slug, func(r *model.Runbook) string { return r.Slug }); r != nil {
			row.Head, row.Special = r.DayHeader, len(r.Special)
			for _, n := range r.Special {
				if n.Alarm {
					row.Alarms++
				}
			}
		}
		if c := find(b.site.Checklists[l], h.Slug, func(c *model.Checklist) string { return c.Slug }); c != nil {
			row.Checks = c.Rows
		}
		for _, d := range teamDocuments {
			if b.has(l, h.Slug, d) {
				row.Links = append(row.Links, TeamLink{Name: d, Href: h.Slug + "/" + d + "/index.html"})
			}
		}
		page.Rows = append(page.Rows, row)
	}
	for _, g := range b.site.Ledgers[l] {
		add(g.DayHeader)
		page.Older = page.Older || !b.has(l, g.Slug, "runbook")
	}
	for _, r := range b.site.Runbooks[l] {
		add(r.DayHeader)
	}
	for _, c := range b.site.Checklists[l] {
		add(c.DayHeader)
	}
	if b.standing() {
		page.Systems = "systems/index.html"
	}
	page.Next = b.next(l, page.Rows)
	if err := b.calendars(l, &page); err != nil {
		return err
	}
	return b.page(l, "index.html", "team/index.html", page)
}

// next picks the release of the next morning: the newest one that is tagged for
// everybody and whose day isn't closed, else what is merged and not tagged yet.
// A page knows no clock; what was written down on the day is what can be known, and of
// a day of which nothing was, whether customers read of it.
func (b *teamBuild) next(l model.Lang, rows []TeamRow) *TeamRow {
	var coming *TeamRow
	for i := range rows {
		h := rows[i].Head
		switch {
		case h.Unreleased || h.Version == "":
			coming = &rows[i]
		case h.Prerelease || h.Hotfix:
			continue // rehearsed on the test system, or a part of its parent's day
		default:
			p := find(b.site.Protocols[l], h.Slug, func(p *model.Protocol) string { return p.Slug })
			told := rows[i].Stage == "published" || rows[i].Stage == "withdrawn"
			if p == nil && told || p != nil && p.Phase == "closed" {
				return coming
			}
			return &rows[i]
		}
	}
	return coming
}
