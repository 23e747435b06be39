package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
)

// DraftFacts gives what a draft of the release is made from in one language:
// every change that customers are told of, those of single systems included.
// It wants releases on which Edit has not worked.
func DraftFacts(c *config.Config, r *model.Release, l model.Lang, w editorial.Words) editorial.Facts {
	f := editorial.Facts{
		Lang: l, Label: strings.TrimSpace(c.Product.Name + " " + versionText(r)), Words: w,
		Gone: map[string]string{}, Quiet: map[string]string{},
	}
	told := map[string]*model.Change{}
	var notes []model.Note
	for i := range r.Changes {
		ch := &r.Changes[i]
		switch bucket, reason := BucketOf(c, ch); {
		case bucket == model.BucketTold:
			n := noteOf(c, ch, l)
			n.Anchor = ch.ID
			notes, told[ch.ID] = append(notes, n), ch
		case ch.Bucket != "":
			f.Gone[ch.ID] = reason.String()
		default:
			f.Quiet[ch.ID] = reason.String()
		}
	}
	sortNotes(c, notes)
	for _, n := range notes {
		w := WordingOf(c, told[n.Anchor], l)
		f.Changes = append(f.Changes, editorial.Fact{
			ID: n.Anchor, Kind: n.Kind, Title: n.Title, Body: n.Body, Act: n.BreakingNote,
			Lang: w.Lang, Reviewed: w.Reviewed, Only: told[n.Anchor].Audience.Systems,
		})
	}
	return f
}

// Edit brings the drafts of the workspace into the releases: words, kinds and
// order of the notes, what is left out, headlines and introductions. A release
// without drafts of its own takes those that were written while it was
// unreleased. all says that releases holds every release, so that a draft of no
// release can be named.
func Edit(c *config.Config, releases []model.Release, shelf editorial.Shelf, all bool) diag.List {
	var list diag.List
	used := map[string]bool{unreleasedSlug: true}
	for i := range releases {
		r := &releases[i]
		used[r.Slug()] = true
		e := editing{config: c, release: r, list: &list}
		e.run(draftsOf(shelf, r))
	}
	list = append(list, takenAliases(releases, shelf)...)
	for _, slug := range slices.Sorted(maps.Keys(shelf)) {
		if all && !used[slug] {
			list.Add(diag.New(diag.Warning, "draft-of-no-release", diag.Position{File: editorial.Folder + "/" + slug},
				diag.Say("no release is called %q, so its drafts are not shown", slug),
				diag.Say("folders of drafts are called as the release's page: %s.", slugHint(releases))))
		}
	}
	return list
}

const unreleasedSlug = "unreleased"

func slugHint(releases []model.Release) string {
	var slugs []string
	for i := range releases {
		if len(slugs) < 3 {
			slugs = append(slugs, releases[i].Slug())
		}
	}
	return strings.Join(slugs, ", ")
}

// draftsOf finds the drafts of a release.
func draftsOf(shelf editorial.Shelf, r *model.Release) map[model.Lang]editorial.Pair {
	if own := shelf[r.Slug()]; len(own) > 0 || r.Unreleased {
		return own
	}
	ids := changeIDs(r)
	for _, p := range shelf[unreleasedSlug] {
		if p.Draft.Tells(ids) {
			return shelf[unreleasedSlug]
		}
	}
	return nil
}

func changeIDs(r *model.Release) map[string]bool {
	ids := map[string]bool{}
	for i := range r.Changes {
		ids[r.Changes[i].ID] = true
	}
	return ids
}

// editing brings the drafts of one release in.
type editing struct {
	config  *config.Config
	release *model.Release
	list    *diag.List
	changes map[string]*model.Change
	left    map[string][]model.Lang  // which drafts leave a change out
	held    map[*editorial.Note]bool // notes that would tell too many
}

func (e *editing) run(drafts map[model.Lang]editorial.Pair) {
	if len(drafts) == 0 {
		return
	}
	r := e.release
	e.changes, e.left = map[string]*model.Change{}, map[string][]model.Lang{}
	for i := range r.Changes {
		e.changes[r.Changes[i].ID] = &r.Changes[i]
	}
	// All facts are taken before the first draft changes any of them.
	facts := map[model.Lang]editorial.Facts{}
	for _, l := range e.config.Languages {
		if drafts[l].Draft != nil {
			facts[l] = DraftFacts(e.config, r, l, editorial.Words{})
		}
	}
	found, held := strays(e.config, r, drafts)
	*e.list, e.held = append(*e.list, found...), held
	r.Edited = map[model.Lang]*model.Edited{}
	for _, l := range e.config.Languages {
		if p := drafts[l]; p.Draft != nil {
			r.Edited[l] = e.language(l, p, facts[l])
		}
	}
	for i := range r.Changes {
		e.leftOut(&r.Changes[i], drafts)
	}
}

// leftOut withholds a change in every language where one draft leaves it out:
// whoever deletes it from one file rarely means to tell it in the other.
func (e *editing) leftOut(ch *model.Change, drafts map[model.Lang]editorial.Pair) {
	in := e.left[ch.ID]
	ch.LeftOut = len(in) > 0
	for _, l := range e.config.Languages {
		d := drafts[l].Draft
		if !ch.LeftOut || slices.Contains(in, l) || d.Note(ch.ID) == nil {
			continue
		}
		e.warn(d.File, d.Note(ch.ID).Line, "left-out-in-part",
			diag.Say("%s is withheld in every language, because %s leaves it out", ch.ID, drafts[in[0]].Draft.File),
			diag.Say("delete it here too, or bring it back there: take its id out of the line `left-out` and run `daybreak draft`."))
	}
}

// language reads one draft into the release.
func (e *editing) language(l model.Lang, p editorial.Pair, f editorial.Facts) *model.Edited {
	d := p.Draft
	out := &model.Edited{File: d.File, Title: d.Headline(p.Base, f.Label), Intro: d.Intro, Known: d.Known}
	for _, a := range d.Aliases {
		out.Aliases = append(out.Aliases, a.Path)
	}
	if lost := d.HeadingLost(p.Base, f.Label, e.config.Product.Name); lost != "" {
		e.warn(d.File, d.HeadingLine(), "unshown-words", diag.Say("no page shows this heading: %q", lost),
			diag.Say("write the release's headline behind `title:` at the file's top."))
	}
	e.strayIDs(d, f)
	now := editorial.Generate(f)
	told := map[string]bool{}
	for s, n := range d.Shown {
		note := model.EditedNote{ID: n.ID, Kind: s.Kind}
		was, is := p.Base.Note(n.ID), now.Note(n.ID)
		switch {
		case n.ID == "" && e.held[n]:
			continue
		case n.ID == "":
			note.Words = words(d, n)
			e.note(d.File, n.Line, "own-note", diag.Say("%q has no id: it is told as a note of its own", n.Title), lostID(p, n, s.Kind))
		case is == nil && !e.untold(p, d, n, was, f):
			continue
		case editorial.Edited(was, n, is) && !e.held[n]:
			note.Words = words(d, n)
			e.drift(d, n, was, is)
		}
		if note.Words != nil && n.ID != "" {
			ch := e.changes[n.ID]
			if ch.Edited == nil {
				ch.Edited = map[model.Lang]*model.EditedWords{}
			}
			ch.Edited[l] = note.Words
			if note.Words.Act != "" && !ch.Breaking {
				// Who writes what the reader must do makes it something to be done.
				ch.Breaking, ch.ActByDraft = true, true
			}
		}
		told[n.ID] = true
		out.Notes = append(out.Notes, note)
	}
	e.missing(l, p, f, told)
	return out
}

// strayIDs names what the line of what is left out has and the release hasn't: a slip in
// an id would leave its change told.
func (e *editing) strayIDs(d *editorial.Draft, f editorial.Facts) {
	if e.release.Unreleased || strings.HasPrefix(d.File, editorial.Folder+"/"+unreleasedSlug+"/") {
		return // it may speak of what has been tagged since
	}
	for _, id := range d.LeftOut {
		if e.changes[id] == nil {
			e.list.Add(editorial.UnknownLeftOut(d, id, f))
		}
	}
}

// untold decides over a heading whose change the facts don't tell; true where
// a person put it there to be told.
func (e *editing) untold(p editorial.Pair, d *editorial.Draft, n, was *editorial.Note, f editorial.Facts) bool {
	ch := e.changes[n.ID]
	if ch != nil && editorial.ByHand(p.Base, n, f) {
		ch.Audience, ch.NoNote, ch.Classified, ch.KindFrom = model.Audience{Scope: model.AudiencePublic}, false, true, model.Because("draft", d.At(n))
		return true
	}
	switch {
	case ch != nil:
		if editorial.Edited(was, n, nil) {
			_, reason := BucketOf(e.config, ch)
			e.list.Add(editorial.Withdrawn(d, n, was, reason.String()))
		}
	case was == nil && (e.release.Unreleased || strings.HasPrefix(d.File, editorial.Folder+"/"+unreleasedSlug+"/")):
		// A draft of the unreleased may speak of what has been tagged since.
	case was == nil:
		e.list.Add(editorial.Unknown(d, n, f))
	}
	return false
}

// drift tells that the facts have changed under a person's words, now or at a
// refresh whose mark still stands.
func (e *editing) drift(d *editorial.Draft, n, was, is *editorial.Note) {
	if is == nil || n.Text() == is.Text() {
		return
	}
	if n.Has(editorial.MarkDrift) || was != nil && was.Text() != is.Text() {
		e.list.Add(editorial.Drift(d, n, was, is))
	}
}

// missing decides over the changes that a draft has no heading of.
func (e *editing) missing(l model.Lang, p editorial.Pair, f editorial.Facts, told map[string]bool) {
	var behind []string
	for _, fact := range f.Changes {
		if told[fact.ID] {
			continue
		}
		switch {
		case editorial.LeftOut(p.Base, p.Draft, fact.ID):
			e.left[fact.ID] = append(e.left[fact.ID], l)
		case p.Base == nil:
			// Nobody can know whether it was deleted. To withhold is the side to err on.
			e.left[fact.ID] = append(e.left[fact.ID], l)
			behind = append(behind, fact.ID)
		default:
			behind = append(behind, fact.ID)
		}
		if n := p.Draft.AsideNote(fact.ID); n != nil && !slices.Contains(e.left[fact.ID], l) {
			e.list.Add(editorial.Waiting(p.Draft, n))
		}
	}
	if len(behind) == 0 {
		return
	}
	message := diag.Say("the draft lacks %s; until then they are told in the words of their commits", listed(behind))
	if p.Base == nil {
		message = diag.Say("the draft lacks %s; until then they are withheld, because %s doesn't say whether somebody deleted them", listed(behind), editorial.BaseFolder)
	}
	e.warn(p.Draft.File, 0, "draft-behind", message,
		diag.Say("run `daybreak draft %s`.", e.release.Slug()))
}

func (e *editing) warn(file string, line int, code string, message, hint diag.Phrase) {
	e.list.Add(diag.New(diag.Warning, code, diag.Position{File: file, Line: line},
		message,
		hint))
}

func (e *editing) note(file string, line int, code string, message, hint diag.Phrase) {
	e.list.Add(diag.New(diag.Note, code, diag.Position{File: file, Line: line},
		message,
		hint))
}

func words(d *editorial.Draft, n *editorial.Note) *model.EditedWords {
	return &model.EditedWords{Title: n.Title, Body: n.Body, Act: n.Act, At: d.At(n)}
}

// lostID names the change whose heading vanished from the section in which a
// heading without an id stands.
func lostID(p editorial.Pair, n *editorial.Note, k model.Kind) diag.Phrase {
	for s, was := range p.Base.Shown {
		if s.Kind == k && p.Draft.Note(was.ID) == nil && !slices.Contains(p.Draft.LeftOut, was.ID) {
			return diag.Say("if it is %s, write <!-- %s --> behind the heading.", was.ID, was.ID)
		}
	}
	return diag.Phrase{}
}

// ownNote is a note that stands in a draft and belongs to no change. Its anchor
// stays where the note is moved, and with keepAnchors where it was published and is
// reworded; before is how many with the same title stand above it.
func ownNote(d model.EditedNote, before int, l model.Lang) model.Note {
	sum := sha256.Sum256(fmt.Appendf(nil, "own note %d %s", before, d.Words.Title))
	return model.Note{
		Anchor: "n-" + hex.EncodeToString(sum[:4]), Title: d.Words.Title, Body: d.Words.Body,
		Breaking: d.Words.Act != "", BreakingNote: d.Words.Act, Lang: l,
	}
}

// editedText gives a text of a release's drafts in the wanted language, else in
// another; the language is "" where it is the wanted one.
func editedText(c *config.Config, r *model.Release, want model.Lang, of func(*model.Edited) string) (string, model.Lang) {
	for _, l := range append([]model.Lang{want}, c.Languages...) {
		if e := r.Edited[l]; e != nil && of(e) != "" {
			if l == want {
				l = ""
			}
			return of(e), l
		}
	}
	return "", ""
}

// Inherit gives the drafts that a tagged release takes over from the time when
// it was unreleased, and by language what of them belongs to later changes; nil
// where it has drafts of its own or none of those speak of it.
func Inherit(shelf editorial.Shelf, r *model.Release, releases []model.Release) (map[model.Lang]editorial.Pair, map[model.Lang]*editorial.Draft) {
	if r.Unreleased || len(shelf[r.Slug()]) > 0 || draftsOf(shelf, r) == nil {
		return nil, nil
	}
	later := map[string]bool{}
	for i := range releases {
		if releases[i].Slug() == r.Slug() {
			break // newest first: what follows is older
		}
		maps.Copy(later, changeIDs(&releases[i]))
	}
	moved, rest := map[model.Lang]editorial.Pair{}, map[model.Lang]*editorial.Draft{}
	for l, p := range shelf[unreleasedSlug] {
		mine, others := p.Draft.Split(p.Base, func(id string) bool { return later[id] })
		mine.File = editorial.Folder + "/" + editorial.Name(r.Slug(), l)
		moved[l], rest[l] = editorial.Pair{Draft: mine, Base: p.Base}, others
	}
	return moved, rest
}
