package compose

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// Attach gives the notes of note files to the changes of a release: to the one
// that a note names, else the one that its number or ticket means, else the one
// whose commits added the file. The first note of a change becomes its wording;
// each further one, and each that no change is there for, becomes a note of its
// own behind it, unless its commit belongs to another part of the repository. What introduces the release becomes its introduction.
//
// The notes come ordered by path, which settles what is first; one that another
// release told already comes behind them, and one that says nothing to customers is
// last.
func Attach(r *model.Release, notes []model.Fragment) {
	notes = slices.Clone(notes)
	slices.SortStableFunc(notes, func(a, b model.Fragment) int { return cmp.Compare(rank(&a), rank(&b)) })
	byCommit := map[model.Hash]int{}
	for i := range r.Changes {
		for _, c := range r.Changes[i].Commits() {
			byCommit[c.Hash] = i
		}
	}
	elsewhere := PartsOfOthers(r)
	beside := map[int][]model.Change{}
	var loose []model.Change
	for k := range notes {
		f := &notes[k]
		if f.Prelude {
			introduce(r, f)
			continue
		}
		i := changeOf(r, f, byCommit)
		switch {
		case i >= 0 && r.Changes[i].Fragment == nil:
			r.Changes[i].Fragment = f
			deliver(&r.Changes[i], f)
		case f.Silent || i < 0 && elsewhere[f.Commit]: // there is nothing to add
		case i >= 0:
			beside[i] = append(beside[i], noteBeside(f, &r.Changes[i]))
		default:
			loose = append(loose, noteBeside(f, nil))
		}
	}
	if len(beside)+len(loose) == 0 {
		return
	}
	var out []model.Change
	for i := range r.Changes {
		out = append(append(out, r.Changes[i]), beside[i]...)
	}
	r.Changes = append(out, loose...)
	uniqueNotes(r.Changes)
}

// PartsOfOthers gives the commits that were left out because they belong to other
// parts of the repository. A note that such a commit brought, and that no change of
// this part is meant by, tells of that other part.
func PartsOfOthers(r *model.Release) map[model.Hash]bool {
	out := map[model.Hash]bool{}
	for _, s := range r.Skipped {
		if s.Reason.Code == "elsewhere" || s.Reason.Code == "folder-line" {
			out[s.Commit.Hash] = true
		}
	}
	return out
}

func rank(f *model.Fragment) int {
	if f.Silent {
		return 2
	}
	if f.In != "" {
		return 1
	}
	return 0
}

// deliver takes a change out of the release where the release beside it told its
// note already.
func deliver(ch *model.Change, f *model.Fragment) {
	if f.In != "" && ch.Bucket == "" {
		ch.Bucket, ch.In, ch.Reason = model.BucketDelivered, f.In, model.Because("delivered-note", f.In, f.Path)
	}
}

func introduce(r *model.Release, f *model.Fragment) {
	if r.Intro == nil {
		r.Intro = model.Text{}
	}
	for l, text := range f.Text {
		r.Intro[l] = strings.TrimSpace(r.Intro[l] + "\n\n" + text)
	}
}

// changeOf finds the change that a note tells of, -1 for none.
func changeOf(r *model.Release, f *model.Fragment, byCommit map[model.Hash]int) int {
	if f.Change != "" {
		for i := range r.Changes {
			if named(&r.Changes[i], f.Change) {
				return i
			}
		}
	}
	added, ok := byCommit[f.Commit]
	if !ok {
		added = -1
	}
	best, quality := added, 0
	for _, ref := range f.Refs {
		for i := range r.Changes {
			// A request of that number is better than a ticket, and of several
			// changes of a ticket the one that brought the note is meant.
			q := refers(&r.Changes[i], ref)
			if q > 0 && i == added {
				return i
			}
			if q > quality {
				best, quality = i, q
			}
		}
	}
	return best
}

// named reports whether a note's `change` is this one: its id, its request with
// or without the sign, or a hash of one of its commits, at least 7 digits.
func named(ch *model.Change, id string) bool {
	if strings.EqualFold(ch.ID, id) || ch.Request != nil && ch.Request.Number != "" && (id == ch.Request.Number || id == ch.Request.Sign+ch.Request.Number) {
		return true
	}
	return len(id) >= 7 && slices.ContainsFunc(ch.Commits(), func(c model.Commit) bool {
		return strings.HasPrefix(string(c.Hash), strings.ToLower(id))
	})
}

// refers says how well a number or ticket means a change: 2 its request, 1 a
// reference of its messages. A bare number is no GitLab request: those count
// apart from tickets, and are named with their sign.
func refers(ch *model.Change, ref model.Ref) int {
	if q := ch.Request; q != nil && ref.Sign != "" && ref.Sign == cmp.Or(q.Sign, "#") && q.Number == ref.ID {
		return 2
	}
	if slices.ContainsFunc(ch.Refs, func(r model.Ref) bool { return r.Repo == "" && r.Sign == ref.Sign && r.ID == ref.ID }) {
		return 1
	}
	return 0
}

// noteBeside makes a change that is only a note. It has no commits and no paths:
// the work is accounted for where it lies.
func noteBeside(f *model.Fragment, of *model.Change) model.Change {
	n := model.Change{ID: "note:" + f.Key, NoteOf: f.Path, Merge: f.Commit, Refs: f.Refs, Fragment: f}
	for _, l := range []model.Lang{model.English, model.German} {
		if text := f.Text[l]; text != "" && n.Title == "" {
			n.Title, _ = splitNote(text)
		}
	}
	n.Title = cmp.Or(n.Title, f.Key)
	n.Tip.Hash = f.Commit
	if of != nil {
		n.NoteOf, n.Merge = of.ID, of.Merge
		n.Bucket, n.Reason, n.In = of.Bucket, of.Reason, of.In
		n.Tip = of.Tip
		if len(of.Inner) > 0 {
			n.Tip.Author = of.Inner[0].Author
		}
	}
	deliver(&n, f)
	return n
}

// uniqueNotes tells notes of the same name apart.
func uniqueNotes(changes []model.Change) {
	seen := map[string]bool{}
	for i := range changes {
		for changes[i].NoteOf != "" && seen[changes[i].ID] {
			changes[i].ID += "+"
		}
		seen[changes[i].ID] = true
	}
}

// applyFragment lets what the note file says take the place of the trailers of
// the same name: it is the stronger source.
func applyFragment(c *config.Config, ch *model.Change) {
	if ch.Fragment == nil || len(ch.Fragment.Trailers) == 0 {
		return
	}
	said := map[string]bool{}
	for _, t := range ch.Fragment.Trailers {
		said[strings.ToLower(t.Key)] = true
		for _, alias := range aliases(c, t.Key) {
			said[strings.ToLower(alias)] = true
		}
		if t.Key == "Changelog" {
			said["kind"] = true
		}
	}
	kept := slices.DeleteFunc(slices.Clone(ch.Trailers), func(t model.Trailer) bool { return said[strings.ToLower(t.Key)] })
	ch.Trailers = append(slices.Clone(ch.Fragment.Trailers), kept...)
}

// saidBy names the source of a trailer for people.
func saidBy(ch *model.Change, key string) model.Reason {
	if len(ch.Fragment.Trailer(key)) > 0 {
		return model.Because("fragment", ch.Fragment.Path)
	}
	return model.Because("trailer", key)
}

// A title is plain text: what a link or strong words say is kept.
var (
	inlineLink = regexp.MustCompile(`\[([^\]\n]*)\]\([^)\s]*\)`)
	strong     = regexp.MustCompile(`\*\*([^*` + "`" + `]+)\*\*`)
)

// fragmentWording is what the note file says in exactly the language.
func fragmentWording(c *config.Config, ch *model.Change, l model.Lang) (Wording, bool) {
	if ch.Fragment == nil || strings.TrimSpace(ch.Fragment.Text[l]) == "" {
		return Wording{}, false
	}
	title, body := splitNote(ch.Fragment.Text[l])
	// A heading on top is the note's title, not a part of its page.
	title = strings.TrimSpace(strings.TrimLeft(strong.ReplaceAllString(inlineLink.ReplaceAllString(title, "$1"), "$1"), "#"))
	if title == "" {
		title = publicTitle(c, ch)
	}
	return Wording{Title: title, Body: body, Lang: l, Source: "fragment \"" + ch.Fragment.Path + "\"", Reviewed: true}, true
}

// Migration gives the first path of a change that is a database migration, ""
// for none.
func Migration(c *config.Config, ch *model.Change) string {
	if paths := touched(ch, c.Migrations); len(paths) > 0 {
		return paths[0]
	}
	return ""
}
