package main

import (
	"cmp"
	"maps"
	"slices"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/guard"
	"daybreak/internal/model"
	"daybreak/internal/site"
)

// changeKey names a change of a release.
type changeKey struct{ slug, repository, id string }

// introduction stands in the place of a change's id for what note files say of a
// release as a whole.
const introduction = "(introduction)"

func keyOf(r *model.Release, ch *model.Change) changeKey {
	return changeKey{r.Slug(), cmp.Or(ch.Repository, r.Repository), ch.ID}
}

// leakyWords finds the changes whose words in history hold what must not leave and
// can't be mended: titles that nobody worded for customers, and of releases that were
// out before the house began with daybreak also what commits and note files say. Years
// of them are full of it. What is worded since then is for somebody to mend. It wants
// releases as history gives them, before any draft. Without a workspace the guard
// looks at the notes themselves.
func (w *workspace) leakyWords(list []model.Release) map[changeKey]guard.Title {
	if w.dir == "" {
		return nil
	}
	g := guard.New(guard.Options{Config: w.config, Releases: list, Known: shippedTexts()})
	past := compose.Past(w.config, list)
	out := map[changeKey]guard.Title{}
	for i := range list {
		r := &list[i]
		if past[r.Slug()] {
			if found := findings(g, r, &model.Change{}, slices.Sorted(maps.Values(r.Intro))); len(found) > 0 {
				out[changeKey{r.Slug(), r.Repository, introduction}] = guard.Title{Version: versionOf(r), Change: introduction, Worded: true, Findings: found}
			}
		}
		for j := range r.Changes {
			ch := &r.Changes[j]
			texts, worded := compose.HistoryWords(w.config, ch)
			if worded && !past[r.Slug()] {
				continue
			}
			found := findings(g, r, ch, texts)
			if len(found) == 0 {
				continue
			}
			out[keyOf(r, ch)] = titleOf(r, ch, worded, found)
		}
	}
	return out
}

func titleOf(r *model.Release, ch *model.Change, worded bool, found []guard.Finding) guard.Title {
	return guard.Title{
		Version: cmp.Or(versionOf(r), "unreleased"), Change: ch.ID, Position: diag.Position{Commit: string(ch.Merge)}, Worded: worded, Findings: found,
	}
}

func versionOf(r *model.Release) string {
	if r.Unreleased {
		return ""
	}
	return r.Version.String()
}

// findings are what the guard has against the words of a change in any place where
// they would be read: what is meant for systems alone may name them. Markdown has
// signs of its own before some.
func findings(g *guard.Guard, r *model.Release, ch *model.Change, texts []string) []guard.Finding {
	places := []string{"public/releases/" + r.Slug() + "/index.html", "mail/" + r.Slug() + "/A.md"}
	if ch.Audience.Scope == model.AudienceSystems {
		places = nil
		for _, id := range ch.Audience.Systems {
			places = append(places, "systems/"+id+"/releases/"+r.Slug()+"/index.html", "mail/"+r.Slug()+"/"+id+"/A.md")
		}
	}
	var out []guard.Finding
	seen := map[string]bool{}
	for _, place := range places {
		for _, text := range texts {
			for _, form := range slices.Compact([]string{text, site.Escaped(text)}) {
				for _, f := range g.Text(place, form) {
					if !seen[f.Text] {
						seen[f.Text] = true
						out = append(out, f)
					}
				}
			}
		}
	}
	return out
}

// withhold keeps from customers what leakyWords found and no draft has worded. It
// wants releases on which the drafts have worked.
func (w *workspace) withhold(list []model.Release, leaky map[changeKey]guard.Title) {
	w.withheld = nil
	if len(leaky) == 0 {
		return
	}
	for i := range list {
		r := &list[i]
		if title, ok := leaky[changeKey{r.Slug(), r.Repository, introduction}]; ok {
			r.Intro = nil
			w.withheld = append(w.withheld, withheldTitle{r.Slug(), title})
		}
		for j := range r.Changes {
			ch := &r.Changes[j]
			title, ok := leaky[keyOf(r, ch)]
			if !ok || len(ch.Edited) > 0 {
				continue
			}
			ch.Guarded = title.Reason()
			if bucket, _ := compose.BucketOf(w.config, ch); bucket == model.BucketWithheld {
				w.withheld = append(w.withheld, withheldTitle{r.Slug(), title})
			}
		}
	}
}

// withholdMore looks at what was found in the files that were written last, and keeps
// what it comes from where that is history that nobody can mend: two titles may mean
// together what neither means alone. It reports whether it found some; then all is to
// be written anew. What people can mend stays, and stops the build.
func (w *workspace) withholdMore(list []model.Release) bool {
	titles, more := w.meeting(list)
	for i := range list {
		for j := range list[i].Changes {
			ch := &list[i].Changes[j]
			title, ok := titles[keyOf(&list[i], ch)]
			if !ok {
				continue
			}
			if before, _ := compose.BucketOf(w.config, ch); before == model.BucketTold {
				w.withheld = append(w.withheld, withheldTitle{list[i].Slug(), title})
			}
			ch.Guarded = title.Reason()
		}
	}
	return more
}

// meeting finds the changes that withholdMore keeps, and whether that changes what
// customers read. It changes nothing.
func (w *workspace) meeting(list []model.Release) (titles map[changeKey]guard.Title, more bool) {
	if w.dir == "" || len(w.leaks) == 0 {
		return nil, false
	}
	titles = map[changeKey]guard.Title{}
	past := compose.Past(w.config, list)
	for i := range list {
		r := &list[i]
		for j := range r.Changes {
			ch := &r.Changes[j]
			texts, worded := compose.HistoryWords(w.config, ch)
			if ch.Guarded != "" || len(ch.Edited) > 0 || worded && !past[r.Slug()] {
				continue
			}
			found := slices.DeleteFunc(slices.Clone(w.leaks), func(f guard.Finding) bool { return !slices.ContainsFunc(texts, f.Bears) })
			if len(found) == 0 {
				continue
			}
			titles[keyOf(r, ch)] = titleOf(r, ch, worded, found[:1])
			before, _ := compose.BucketOf(w.config, ch)
			more = more || before == model.BucketTold || before == model.BucketDelivered
		}
	}
	return titles, more
}

// withholdAlso keeps from customers what was withheld of another reading of the
// same release.
func (w *workspace) withholdAlso(r *model.Release, of []withheldTitle) {
	for i := range r.Changes {
		ch := &r.Changes[i]
		at := slices.IndexFunc(of, func(t withheldTitle) bool {
			return t.slug == r.Slug() && t.Title.Change == ch.ID && t.Title.Position.Commit == string(ch.Merge)
		})
		if at >= 0 && ch.Guarded == "" {
			ch.Guarded = of[at].Title.Reason()
			w.withheld = append(w.withheld, of[at])
		}
	}
}

// withheldTitle is a title that customers would read were it not for the guard.
type withheldTitle struct {
	slug string
	guard.Title
}

// distinct gives the withheld titles of the releases that customers read or will,
// each change once: candidates and other lines repeat what a release holds.
func (w *workspace) distinct(list []model.Release) []withheldTitle {
	shown := compose.Told(w.config, list)
	seen := map[string]bool{}
	var out []withheldTitle
	for _, t := range w.withheld {
		if key := t.Position.Commit + " " + t.Change; shown[t.slug] && !seen[key] {
			seen[key] = true
			out = append(out, t)
		}
	}
	return out
}

// titlesWithheld says in one line what is kept from customers.
func (w *workspace) titlesWithheld(list []model.Release) diag.List {
	var titles []guard.Title
	for _, t := range w.distinct(list) {
		titles = append(titles, t.Title)
	}
	if len(titles) == 0 {
		return nil
	}
	return diag.List{guard.Withheld(titles, w.place.flags())}
}

// checkTitles tells of each title that is kept from customers. Where they have yet to
// read of the release, somebody must word it first.
func (w *workspace) checkTitles(list []model.Release) diag.List {
	coming := compose.Coming(w.config, list)
	var found diag.List
	for _, t := range w.distinct(list) {
		if coming[t.slug] {
			found = append(found, t.Coming()...)
		} else {
			found.Add(t.Past())
		}
	}
	return found
}
