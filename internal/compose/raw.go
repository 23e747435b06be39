package compose

import (
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// HistoryWords gives what customers would read of a change where no draft says
// otherwise, and whether somebody worded it for them, in a commit or a note file; else
// it is the title as its developer wrote it, and what footers say that readers must
// do. It is nil where the change was taken back.
func HistoryWords(c *config.Config, ch *model.Change) (texts []string, worded bool) {
	if ch.Bucket == model.BucketWithdrawn || ch.Bucket == model.BucketStructure {
		return nil, false
	}
	for _, l := range wordingLanguages(c) {
		w, ok := written(c, ch, l)
		if worded = worded || ok; ok {
			texts = append(texts, w.Title, w.Body)
		}
	}
	if !worded {
		texts = append(texts, publicTitle(c, ch))
	}
	if ch.Breaking {
		for _, l := range c.Languages {
			texts = append(texts, strings.TrimSpace(breakingNote(c, ch, l)))
		}
	}
	return slices.DeleteFunc(unique(texts), func(s string) bool { return s == "" }), worded
}

// Past says which releases, by slug, were out before the house began with daybreak:
// those up to publish.after, and of other product lines those that are no younger.
// What their commits and note files say can't be mended any more.
func Past(c *config.Config, releases []model.Release) map[string]bool {
	out := map[string]bool{}
	after, set := model.ParseVersion(c.Publish.After)
	if !set {
		return out
	}
	begun := dayOf(releases, after)
	for i := range releases {
		switch r := &releases[i]; {
		case r.Unreleased:
		case r.Version.Line == after.Line:
			out[r.Slug()] = !later(r, after, begun)
		case !begun.IsZero():
			out[r.Slug()] = !r.Date.After(begun)
		}
	}
	return out
}

// Told says of which releases, by slug, customers read or will: all that have pages,
// and what isn't tagged where the workspace shows it.
func Told(c *config.Config, releases []model.Release) map[string]bool {
	out := map[string]bool{}
	for _, r := range paged(c, releases) {
		if !r.Unreleased || c.Notes.Unreleased {
			out[r.Slug()] = true
		}
	}
	return out
}

// Coming says of which releases that are Told customers have yet to read: those that
// wait to be published, and what isn't tagged. It wants releases on which Publish
// has worked. Where nothing was ever tagged, years of work may be what isn't: no release
// waits for anybody to word its titles.
func Coming(c *config.Config, releases []model.Release) map[string]bool {
	out := Told(c, releases)
	for _, r := range releases {
		if p := r.Publication; !r.Unreleased && (p == nil || p.Words != nil) || r.Unreleased && r.Previous == "" {
			delete(out, r.Slug())
		}
	}
	return out
}
