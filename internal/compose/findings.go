package compose

import (
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// Findings lists every change of all releases with the releases that contain
// it, lowest version first and what isn't tagged last. What history says to be
// the same, by a request's number, by a cherry-pick's mark or as already delivered, is one
// finding.
// Those whose first release is the newest come first.
func Findings(c *config.Config, releases []model.Release) []model.Finding {
	order := make([]*model.Release, len(releases))
	for i := range releases {
		order[i] = &releases[i]
	}
	slices.SortStableFunc(order, byVersion)
	g := gathered{of: map[string]*gathering{}}
	for rank, r := range order {
		in := model.FoundIn{Slug: r.Slug()}
		if !r.Unreleased {
			in.Version, in.Date = r.Version.String(), Day(c, r.Date)
		}
		for i := range r.Changes {
			ch := &r.Changes[i]
			in.Withdrawn = ch.Bucket == model.BucketWithdrawn
			g.add(ch, in, rank)
		}
		for _, a := range r.Alarms {
			in.Withdrawn, in.Lost = true, true
			if f := g.of[string(a.Commit)]; f != nil && f.In[len(f.In)-1].Slug != in.Slug {
				f.In = append(f.In, in)
			}
		}
	}
	slices.SortStableFunc(g.list, func(a, b *gathering) int { return b.rank - a.rank })
	out := make([]model.Finding, len(g.list))
	for i, f := range g.list {
		out[i] = f.Finding
	}
	return out
}

// byVersion orders releases from the lowest version up, the untagged one last.
func byVersion(a, b *model.Release) int {
	if a.Unreleased != b.Unreleased {
		if a.Unreleased {
			return 1
		}
		return -1
	}
	return a.Version.Compare(b.Version)
}

// gathering is a finding while it is put together.
type gathering struct {
	model.Finding
	rank  int  // of its first release, counted from the lowest
	stays bool // one that did not take it back has been seen
}

// gathered is all findings, and to which of them a hash or request belongs.
type gathered struct {
	list []*gathering
	of   map[string]*gathering
}

// add puts a change to the finding that has one of its keys, or makes a new one.
// Releases come in ascending order, so the first that keeps a change is the answer.
func (g *gathered) add(ch *model.Change, in model.FoundIn, rank int) {
	keys := joinKeys(ch)
	var f *gathering
	for _, k := range keys {
		if f = g.of[k]; f != nil {
			break
		}
	}
	if f == nil {
		f = &gathering{Finding: model.Finding{ID: ch.ID, Title: ch.Title}, rank: rank}
		g.list = append(g.list, f)
	}
	for _, k := range keys {
		if g.of[k] == nil {
			g.of[k] = f
		}
	}
	if !f.stays && !in.Withdrawn {
		f.rank, f.stays, f.Title = rank, true, ch.Title
	}
	if n := len(f.In); n > 0 && f.In[n-1].Slug == in.Slug {
		f.In[n-1].Withdrawn = f.In[n-1].Withdrawn && in.Withdrawn
	} else {
		f.In = append(f.In, in)
	}
	for _, k := range shownKeys(ch) {
		if k != f.ID && !slices.Contains(f.Keys, k) {
			f.Keys = append(f.Keys, k)
		}
	}
	for _, h := range hashesOf(ch) {
		if !slices.Contains(f.Hashes, h.Short()) {
			f.Hashes = append(f.Hashes, h.Short())
		}
	}
}

// joinKeys is by what two changes are known to be the same.
func joinKeys(ch *model.Change) []string {
	var out []string
	for _, h := range hashesOf(ch) {
		out = append(out, string(h))
	}
	if ch.Request != nil {
		out = append(out, "request "+ch.ID)
	}
	if ch.InAs != "" {
		out = append(out, string(ch.InAs))
	}
	return out
}

func hashesOf(ch *model.Change) []model.Hash {
	out := []model.Hash{ch.Merge}
	for _, c := range ch.Commits() {
		if c.Hash != ch.Merge {
			out = append(out, c.Hash)
		}
	}
	return append(out, ch.PickedFrom...)
}

// shownKeys is what people know a change by: request and tickets.
func shownKeys(ch *model.Change) []string {
	out := []string{}
	if strings.ContainsAny(ch.ID, "#!") {
		out = append(out, ch.ID)
	}
	for _, ref := range ch.Refs {
		out = append(out, ref.String())
	}
	return unique(out)
}
