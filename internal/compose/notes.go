package compose

import (
	"cmp"
	"slices"
	"time"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// Notes makes the customers' notes of every published release in one language,
// newest first. Only what BucketOf calls told is in them; what is meant for
// named systems alone is not in the public notes.
func Notes(c *config.Config, releases []model.Release, l model.Lang) []model.Notes {
	return notesFor(c, releases, l, everybody(c), 0)
}

// AllNotes is Notes, or SystemNotes where a system is given, without regard to
// what is published: mails are written the day before. most bounds how many
// releases, newest first, there are notes of; 0 is all.
func AllNotes(c *config.Config, releases []model.Release, s *config.System, l model.Lang, most int) []model.Notes {
	to := everybody(c)
	if s != nil {
		to = one(c, s)
	}
	return notesFor(c, releases, l, to.early(c), most)
}

// notesFor makes the notes of what a reader may see and is concerned with.
func notesFor(c *config.Config, releases []model.Release, l model.Lang, to reader, most int) []model.Notes {
	shown := visible(c, releases, to)
	out := make([]model.Notes, 0, len(shown))
	for i := range shown {
		if most > 0 && i == most {
			break
		}
		r := &shown[i]
		n := releaseNotes(c, r, l, to)
		if i == 0 || i == 1 && shown[0].Unreleased {
			n.NextDate = notBefore(c, releases, r, n.NextDate)
		}
		if i+1 < len(shown) && !r.Unreleased {
			n.Previous = shown[i+1].Version.String()
		}
		out = append(out, n)
	}
	return out
}

// stillMerging is how long after everything else merges are believed to be a sign of
// how late it is: a commit can be dated in any year.
const stillMerging = 400 * 24 * time.Hour

// notBefore moves the next day behind what is known to have happened since the newest
// release that a reader sees: no customer is told of a day that has passed while
// another one got a later release, or while one is tagged or being merged.
func notBefore(c *config.Config, releases []model.Release, newest *model.Release, next time.Time) time.Time {
	if next.IsZero() {
		return next
	}
	late := newest.Date
	after := func(day time.Time) {
		if on := nextTrain(c, day); on.After(next) {
			next = on
		}
		if day.After(late) {
			late = day
		}
	}
	var merged time.Time
	for i := range releases {
		r := &releases[i]
		switch {
		case r.Slug() == newest.Slug():
			if !merged.IsZero() && merged.Sub(late) < stillMerging {
				after(merged.AddDate(0, 0, -1)) // what is merged in the morning may come that day
			}
			return next
		case r.Unreleased:
			merged = r.Date.In(c.Location())
		case r.Publication != nil && (r.Publication.Public() || len(r.Publication.Systems) > 0):
			after(r.Publication.Day)
			for _, got := range r.Publication.Systems {
				after(got.Day)
			}
		default:
			after(r.Date.In(c.Location()).AddDate(0, 0, -1))
		}
	}
	return next
}

// paged gives the releases that may have public pages: all of them where a
// product has nothing but pre-releases, else the final ones.
func paged(c *config.Config, releases []model.Release) []model.Release {
	onlyPre := !slices.ContainsFunc(releases, func(r model.Release) bool { return !r.Prerelease && !r.Unreleased })
	var out []model.Release
	for _, r := range releases {
		if r.Unreleased || !r.Prerelease || c.Notes.Prereleases || onlyPre {
			out = append(out, r)
		}
	}
	return out
}

func releaseNotes(c *config.Config, r *model.Release, l model.Lang, to reader) model.Notes {
	n := model.Notes{
		Lang:       l,
		Version:    versionText(r),
		Slug:       r.Slug(),
		Unreleased: r.Unreleased,
		Prerelease: r.Prerelease,
		HotfixOf:   r.HotfixOf,
		SameBuild:  r.SameBuild,
	}
	if !r.Unreleased {
		n.Date, _ = to.since(r)
	}
	// For what isn't tagged yet the next day is its own.
	since := r.Date.In(c.Location())
	if n.Date.After(since) { // published on a later day than it was tagged
		since = n.Date
	}
	n.NextDate = nextTrain(c, since)
	n.Untold = untold(c, r)
	w := wordsOf(c, r, l)
	n.Title, n.TitleLang, n.Intro, n.IntroLang = w.Title, w.TitleLang, w.Intro, w.IntroLang
	n.Known, n.KnownLang, n.Aliases = w.Known, w.KnownLang, addresses(c, r)
	for _, d := range w.Delivered {
		if to.concerned(d.Concern) && !slices.Contains(n.Delivered, d.Note) {
			n.Delivered = append(n.Delivered, d.Note)
		}
	}
	for _, note := range readOnce(c, w.Notes, to, l) {
		if k := len(n.Sections) - 1; k >= 0 && n.Sections[k].Kind == note.Kind {
			n.Sections[k].Notes = append(n.Sections[k].Notes, note)
		} else {
			n.Sections = append(n.Sections, model.NotesSection{Kind: note.Kind, Notes: []model.Note{note}})
		}
		if note.Breaking {
			n.MustAct = append(n.MustAct, note)
		}
	}
	if r.Publication != nil {
		n.Corrected = r.Publication.LastCorrected(l, to.concerned)
	}
	return n
}

// untold reports whether a release has changes of which nobody knows whether customers
// would notice them.
func untold(c *config.Config, r *model.Release) bool {
	return slices.ContainsFunc(r.Changes, func(ch model.Change) bool {
		bucket, _ := BucketOf(c, &ch)
		return bucket == model.BucketUnclassified || bucket == model.BucketWithheld
	})
}

// Words gives all that any customer is told of a release in one language, from
// its changes and drafts as they are now. Notes that were published before keep the
// anchors that they had then.
func Words(c *config.Config, r *model.Release, l model.Lang) *model.ReleaseWords {
	w := &model.ReleaseWords{}
	w.Title, w.TitleLang = editedText(c, r, l, func(e *model.Edited) string { return e.Title })
	w.Intro, w.IntroLang = editedText(c, r, l, func(e *model.Edited) string { return e.Intro })
	w.Known, w.KnownLang = editedText(c, r, l, func(e *model.Edited) string { return e.Known })
	if w.Intro == "" {
		if w.Intro, w.IntroLang = r.Intro.In(l, c.Languages...); w.IntroLang == l {
			w.IntroLang = ""
		}
	}
	told := map[string]model.Note{}
	changes := map[string]*model.Change{}
	var order []string
	anchors := map[string]bool{}
	for i := range r.Changes {
		ch := &r.Changes[i]
		bucket, _ := BucketOf(c, ch)
		if bucket == model.BucketDelivered && customerVisible(c, ch) {
			words := WordingOf(c, ch, l)
			w.Delivered = append(w.Delivered, model.DeliveredWords{
				ID: ch.ID, Concern: concernOf(c, ch),
				Note: model.DeliveredNote{Title: words.Title, Version: ch.In, Slug: slugOf(ch.In), Lang: words.Lang, Fallback: words.Lang != l},
			})
		}
		if bucket != model.BucketTold {
			continue
		}
		note := noteOf(c, ch, l)
		for anchors[note.Anchor] {
			note.Anchor += "x"
		}
		anchors[note.Anchor] = true
		told[ch.ID], changes[ch.ID], order = note, ch, append(order, ch.ID)
	}
	ids := map[string]string{} // by anchor
	for _, id := range order {
		ids[told[id].Anchor] = id
	}
	all := sections(c, r.Edited[l], told, order, l)
	if note, ok := dependencyNote(c, r, l); ok {
		all = withLast(all, note)
	}
	for _, s := range all {
		for _, note := range s.Notes {
			note.Kind = s.Kind
			words := model.NoteWords{Note: note, Concern: model.Concern{Audience: model.Audience{Scope: model.AudiencePublic}}}
			if ch := changes[ids[note.Anchor]]; ch != nil {
				words.ID, words.Concern = ch.ID, concernOf(c, ch)
			}
			w.Notes = append(w.Notes, words)
		}
	}
	if p := r.Publication; p != nil && p.Words[l] != nil {
		keepAnchors(p.Words[l], w)
	}
	return w
}

// sections puts notes under their kinds: in the order of the draft where there
// is one, with what it doesn't know yet at the end of its section, else sorted.
func sections(c *config.Config, e *model.Edited, told map[string]model.Note, order []string, l model.Lang) []model.NotesSection {
	kinds, byKind := model.Kinds(), map[model.Kind][]model.Note{}
	placed := map[string]bool{}
	if e != nil {
		kinds = nil
		titles := map[string]int{}
		for _, d := range e.Notes {
			note, ok := told[d.ID]
			switch {
			case d.ID == "":
				note = ownNote(d, titles[d.Words.Title], l)
				titles[d.Words.Title]++
			case !ok:
				continue
			}
			note.Kind, placed[d.ID] = d.Kind, true
			kinds = append(kinds, d.Kind)
			byKind[d.Kind] = append(byKind[d.Kind], note)
		}
		kinds = unique(append(kinds, model.Kinds()...))
	}
	rest := map[model.Kind][]model.Note{}
	for _, id := range order {
		if !placed[id] {
			rest[told[id].Kind] = append(rest[told[id].Kind], told[id])
		}
	}
	var out []model.NotesSection
	for _, k := range kinds {
		sortNotes(c, rest[k])
		if notes := append(byKind[k], rest[k]...); len(notes) > 0 {
			out = append(out, model.NotesSection{Kind: k, Notes: notes})
		}
	}
	return out
}

// withLast puts a note at the end of its kind's section.
func withLast(sections []model.NotesSection, note model.Note) []model.NotesSection {
	kinds := model.Kinds()
	at := len(sections)
	for i := range sections {
		if sections[i].Kind == note.Kind {
			sections[i].Notes = append(sections[i].Notes, note)
			return sections
		}
		if at == len(sections) && slices.Index(kinds, sections[i].Kind) > slices.Index(kinds, note.Kind) {
			at = i
		}
	}
	return slices.Insert(sections, at, model.NotesSection{Kind: note.Kind, Notes: []model.Note{note}})
}

// sortNotes puts what readers must act on first, then goes by area in the
// configuration's order; inside an area history's order stays.
func sortNotes(c *config.Config, notes []model.Note) {
	rank := map[string]int{}
	for i, a := range c.Areas {
		rank[a.ID] = i
	}
	at := func(n model.Note) int {
		if i, ok := rank[n.AreaID]; ok {
			return i
		}
		return len(rank)
	}
	slices.SortStableFunc(notes, func(a, b model.Note) int {
		if a.Breaking != b.Breaking {
			if a.Breaking {
				return -1
			}
			return 1
		}
		return cmp.Compare(at(a), at(b))
	})
}

// versionText is the version as people see it.
func versionText(r *model.Release) string {
	if r.Unreleased {
		return ""
	}
	return r.Version.String()
}

// slugOf makes the path segment out of a version's text.
func slugOf(version string) string {
	if v, ok := model.ParseVersion(version); ok {
		return v.Slug()
	}
	return ""
}

// Day cuts an instant down to the day it falls on in the configured zone.
func Day(c *config.Config, t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	y, m, d := t.In(c.Location()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, c.Location())
}

// Brand gives how the product shows itself in a language.
func Brand(c *config.Config, l model.Lang) model.Brand {
	tagline, _ := c.Product.Tagline.In(l, c.Languages...)
	hours, _ := c.Product.Contact.Hours.In(l, c.Languages...)
	return model.Brand{
		Name:    c.Product.Name,
		Tagline: tagline,
		Accent:  c.Product.Accent,
		URL:     c.Product.URL,
		Home:    c.Product.Home,
		Contact: model.Contact{Name: c.Product.Contact.Name, Mail: c.Product.Contact.Mail, Phone: c.Product.Contact.Phone, Hours: hours},
	}
}
