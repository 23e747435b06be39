package compose

import (
	"maps"
	"slices"
	"time"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
)

// reader is for whom notes are made.
type reader struct {
	concerned func(model.Concern) bool
	since     func(*model.Release) (day time.Time, ok bool) // since when a release is there for it
}

// everybody reads the public site.
func everybody(c *config.Config) reader {
	return reader{
		concerned: func(of model.Concern) bool { return of.Audience.Scope == model.AudiencePublic },
		since: func(r *model.Release) (time.Time, bool) {
			if p := r.Publication; p != nil {
				return p.Day, p.Public()
			}
			return Day(c, r.Date), true
		},
	}
}

// early is the reader who sees every release, whether it is published or not.
func (to reader) early(c *config.Config) reader {
	published := to.since
	to.since = func(r *model.Release) (time.Time, bool) {
		if day, ok := published(r); ok {
			return day, true
		}
		return Day(c, r.Date), true
	}
	return to
}

// one reads the site of a single system.
func one(c *config.Config, s *config.System) reader {
	return reader{
		concerned: func(of model.Concern) bool {
			// Of what nobody can say where it belongs, the team's checklist asks
			// everywhere; customers are told nowhere that isn't sure.
			return apart(c, of, s.ID) == "" && !(of.AreaUnknown && len(s.Areas) > 0)
		},
		since: func(r *model.Release) (time.Time, bool) {
			if p := r.Publication; p != nil {
				got, ok := p.Systems[s.ID]
				return got.Day, ok
			}
			return Day(c, r.Date), true
		},
	}
}

// Published gives the releases that have public pages, newest first.
func Published(c *config.Config, releases []model.Release) []model.Release {
	return visible(c, releases, everybody(c))
}

// visible gives the releases that a reader may see, newest first. What is to
// come stands first, where the workspace shows it: what isn't tagged, and with
// it the tagged releases that still wait to be published.
func visible(c *config.Config, releases []model.Release, to reader) []model.Release {
	var out, waiting []model.Release
	var merged *model.Release
	for _, r := range paged(c, releases) {
		if r.Unreleased {
			merged = &r
			continue
		}
		switch _, ok := to.since(&r); {
		case ok:
			out = append(out, r)
		case len(out) == 0 && r.Publication.Withdrawn.IsZero():
			waiting = append(waiting, r)
		}
	}
	if c.Notes.Unreleased {
		if coming := toCome(merged, waiting); coming != nil {
			out = slices.Insert(out, 0, *coming)
		}
	}
	return out
}

// toCome joins what isn't tagged with the releases that wait, nil for nothing.
func toCome(merged *model.Release, waiting []model.Release) *model.Release {
	if len(waiting) == 0 {
		if merged == nil || merged.Commits == 0 {
			return nil
		}
		return merged
	}
	coming := model.Release{Unreleased: true, Date: waiting[0].Date, Repository: waiting[0].Repository}
	if merged != nil {
		coming = *merged
	}
	coming.Changes = slices.Clone(coming.Changes)
	coming.Edited = maps.Clone(coming.Edited)
	if coming.Edited == nil {
		coming.Edited = map[model.Lang]*model.Edited{}
	}
	for _, r := range waiting {
		coming.Changes = append(coming.Changes, r.Changes...)
		coming.Commits += r.Commits
		for l, e := range r.Edited {
			joined := model.Edited{File: e.File}
			if before := coming.Edited[l]; before != nil {
				joined = *before
			}
			joined.Notes = slices.Concat(joined.Notes, e.Notes)
			coming.Edited[l] = &joined
		}
	}
	return &coming
}

// wordsOf gives a release's words in one language: those that were published,
// whatever became of its drafts since, else those of now.
func wordsOf(c *config.Config, r *model.Release, l model.Lang) *model.ReleaseWords {
	if p := r.Publication; p != nil && p.Words[l] != nil {
		return p.Words[l]
	}
	return Words(c, r, l)
}

// shownNote is a note as its language's readers see it: names of areas and the
// internal details follow the settings of now, not those of the publication.
func shownNote(c *config.Config, w model.NoteWords, l model.Lang) model.Note {
	n := w.Note
	n.AreaID, n.Area = "", ""
	if len(w.Areas) > 0 {
		n.AreaID, n.Area = w.Areas[0], areaName(c, w.Areas[0], l)
	}
	n.Details = nil
	for _, d := range w.Note.Details {
		if slices.Contains(c.Notes.Show, d.Name) {
			n.Details = append(n.Details, d)
		}
	}
	return n
}

// PublicationFile is where a release's publication lies in the workspace.
func PublicationFile(slug string) string { return editorial.Folder + "/" + slug + "/publication.yaml" }

// Publish brings what is known of publications, by slug, into the releases. A
// release counts as published on its tag's date where it isn't after
// publish.after, or is older than the first one that was published. all says
// that releases holds every release.
func Publish(c *config.Config, releases []model.Release, known map[string]*model.Publication, all bool) diag.List {
	var list diag.List
	ruled := mustBePublished(c, known, releases)
	slugs := map[string]bool{}
	for i := range releases {
		r := &releases[i]
		slugs[r.Slug()], r.Publication = true, nil
		if r.Unreleased {
			continue
		}
		p := known[r.Slug()]
		switch {
		case ruled(r):
			if p == nil {
				p = &model.Publication{Version: r.Version.String()}
			}
			r.Publication = p
		case p != nil && p.Words != nil:
			r.Publication = p
		}
		if p != nil && p.TagObject != "" && r.TagObject != "" && p.TagObject != r.TagObject {
			list.Add(diag.New(diag.Warning, "tag-moved", diag.Position{},
				diag.Say("the tag %q has moved since %s was published: it named %.12s then, and names %.12s now", r.Tag, r.Version, p.TagObject, r.TagObject),
				diag.Say("customers still read what was published; look at `daybreak publish %s --dry-run`, then publish again or move the tag back.", r.Version)))
		}
	}
	for _, slug := range slices.Sorted(maps.Keys(known)) {
		if all && !slugs[slug] {
			list.Add(diag.New(diag.Warning, "publication-of-no-release", diag.Position{File: PublicationFile(slug)},
				diag.Say("%s was published, but no tag is called so any more", known[slug].Version),
				diag.Say("bring the tag back (`git fetch --tags` in the product), or withdraw the release and delete the file.")))
		}
	}
	return list
}

// mustBePublished tells of which releases customers see nothing before they are
// published. Each product line stands for itself.
func mustBePublished(c *config.Config, known map[string]*model.Publication, releases []model.Release) func(*model.Release) bool {
	first := map[string]model.Version{}
	for _, p := range known {
		v, ok := model.ParseVersion(p.Version)
		// One without a tag was only ever withdrawn.
		if f, there := first[v.Line]; ok && p.Words != nil && p.Tag != "" && (!there || v.Compare(f) < 0) {
			first[v.Line] = v
		}
	}
	after, set := model.ParseVersion(c.Publish.After)
	begun := dayOf(releases, after)
	return func(r *model.Release) bool {
		if v := r.Version; set && v.Line == after.Line {
			return later(r, after, begun)
		}
		f, there := first[r.Version.Line]
		return there && r.Version.Compare(f) >= 0
	}
}

// dayOf gives the instant of a version's tag, zero where it isn't among the releases.
func dayOf(releases []model.Release, v model.Version) time.Time {
	for i := range releases {
		if r := &releases[i]; !r.Unreleased && r.Version.Line == v.Line && r.Version.Compare(v) == 0 {
			return r.Date
		}
	}
	return time.Time{}
}

// later reports whether a release comes after a version of its line, which was tagged
// at an instant. Where years were given up for small numbers, 2015.1.4 comes before 8.0.0.
func later(r *model.Release, v model.Version, at time.Time) bool {
	if r.Version.Yearly() != v.Yearly() && !at.IsZero() {
		return r.Date.After(at)
	}
	return r.Version.Compare(v) > 0
}
