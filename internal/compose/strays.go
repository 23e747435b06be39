package compose

import (
	"slices"
	"strings"
	"unicode/utf8"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
)

// Strays finds notes of a release's drafts that would tell more readers than may
// know of it what is meant for some systems alone. What ties a note to those
// systems is the id behind its heading; where that is deleted or belongs to
// another change, the words would be everybody's. Every finding is an error: no
// draft is refreshed and nothing is built before a person has said what is meant.
//
// It wants releases on which Edit has not worked.
func Strays(c *config.Config, r *model.Release, shelf editorial.Shelf) diag.List {
	list, _ := strays(c, r, draftsOf(shelf, r))
	return list
}

// reserved is what only some systems may read.
type reserved struct {
	change  *model.Change
	systems []string
	titles  map[string]bool // normal forms
	lines   []string        // normal forms of what is long enough to be known again
}

// tellingLine is how long, in characters, a line of a text must be to be known
// again inside of another text.
const tellingLine = 24

// strays gives the findings, and the notes that must not be shown.
func strays(c *config.Config, r *model.Release, drafts map[model.Lang]editorial.Pair) (diag.List, map[*editorial.Note]bool) {
	var list diag.List
	held := map[*editorial.Note]bool{}
	all := reservedOf(c, r, drafts)
	if len(all) == 0 {
		return nil, held
	}
	changes := map[string]*model.Change{}
	for i := range r.Changes {
		changes[r.Changes[i].ID] = &r.Changes[i]
	}
	for _, l := range c.Languages {
		p := drafts[l]
		lost := lostHeadings(c, p, all)
		now := editorial.Generate(DraftFacts(c, r, l, editorial.Words{}))
		for _, n := range p.Draft.Shown {
			var readers []string // nil is everybody
			if ch := changes[n.ID]; ch != nil && ch.Audience.Scope == model.AudienceSystems {
				readers = append([]string{}, systemsOf(c, ch)...)
			}
			if says(n, p.Base.Note(n.ID)) || says(n, now.Note(n.ID)) {
				continue // its change's own words
			}
			if i := slices.IndexFunc(all, func(x reserved) bool {
				return x.change.ID != n.ID && !x.mayRead(readers) && x.within(n)
			}); i >= 0 {
				held[n] = true
				list.Add(all[i].repeated(p.Draft, n))
			} else if other := exchanged(n, readers, p.Base, now); other != nil {
				held[n] = true
				list.Add(wrongID(p.Draft, n, other))
			} else if n.ID == "" && len(lost) > 0 {
				held[n] = true
				list.Add(nameless(p.Draft, n, lost))
			}
		}
	}
	return list, held
}

// reservedOf gathers the changes for some systems alone, in all words that are
// known of them: the facts', those generated before, and people's.
func reservedOf(c *config.Config, r *model.Release, drafts map[model.Lang]editorial.Pair) []reserved {
	var out []reserved
	for i := range r.Changes {
		ch := &r.Changes[i]
		if ch.Audience.Scope != model.AudienceSystems {
			continue
		}
		x := reserved{change: ch, systems: systemsOf(c, ch), titles: map[string]bool{}}
		for _, l := range c.Languages {
			w := WordingOf(c, ch, l)
			x.add(w.Title, w.Body)
			p := drafts[l]
			for _, n := range []*editorial.Note{p.Base.Note(ch.ID), p.Draft.Note(ch.ID), p.Draft.AsideNote(ch.ID)} {
				if n != nil {
					x.add(n.Title, n.Body+"\n"+n.Act)
				}
			}
		}
		out = append(out, x)
	}
	return out
}

func (x *reserved) add(title, body string) {
	x.titles[normalWords(title)] = true
	for _, line := range append(strings.Split(body, "\n"), title) {
		if line = normalWords(line); utf8.RuneCountInString(line) >= tellingLine && !slices.Contains(x.lines, line) {
			x.lines = append(x.lines, line)
		}
	}
}

// mayRead reports whether every one of the readers is one of those for whom it is.
func (x *reserved) mayRead(readers []string) bool {
	return len(readers) > 0 && !slices.ContainsFunc(readers, func(id string) bool { return !slices.Contains(x.systems, id) })
}

// within reports whether a note says what is reserved.
func (x *reserved) within(n *editorial.Note) bool {
	text := normalWords(n.Title + "\n" + n.Body + "\n" + n.Act)
	return x.titles[normalWords(n.Title)] || slices.ContainsFunc(x.lines, func(line string) bool { return strings.Contains(text, line) })
}

// normalWords is a text as it is compared: one line, without case.
func normalWords(s string) string { return strings.ToLower(oneLine(s)) }

// lostHeadings are the reserved changes whose heading is gone from a draft
// without a word; what was cut into the part that is set aside is not. Where nobody knows what daybreak wrote, each that is missing
// counts; one that came in since the last refresh was never there.
func lostHeadings(c *config.Config, p editorial.Pair, all []reserved) []reserved {
	var out []reserved
	for _, x := range all {
		bucket, _ := BucketOf(c, x.change)
		id := x.change.ID
		if bucket == model.BucketTold && p.Draft != nil && p.Draft.Note(id) == nil && p.Draft.AsideNote(id) == nil && !slices.Contains(p.Draft.LeftOut, id) && (p.Base == nil || p.Base.Note(id) != nil) {
			out = append(out, x)
		}
	}
	return out
}

// says reports whether a note says what was generated for its change.
func says(n, generated *editorial.Note) bool {
	return generated != nil && n.Text() == generated.Text()
}

// exchanged finds the other change whose own words stand under a reserved one's
// id: then the reserved words stand somewhere else.
func exchanged(n *editorial.Note, readers []string, drafts ...*editorial.Draft) *editorial.Note {
	if readers == nil {
		return nil
	}
	for _, d := range drafts {
		for _, other := range d.Shown {
			if other.ID != n.ID && other.Text() == n.Text() {
				return other
			}
		}
	}
	return nil
}

// whose names the systems for people.
func (x *reserved) whose() diag.Phrase {
	if len(x.systems) == 0 {
		return diag.Say("no system")
	}
	return diag.Say("%s alone", strings.Join(x.systems, ", "))
}

func (x *reserved) repeated(d *editorial.Draft, n *editorial.Note) diag.Diagnostic {
	id := x.change.ID
	return diag.New(diag.Error, "reserved-words", diag.Position{File: d.File, Line: n.Line},
		diag.Say("%q says what %s says, which is for %s, and would tell others", n.Title, id, x.whose()),
		diag.Say("if it is that note, write <!-- %s --> behind its heading; if not, say it in other words.", id))
}

func wrongID(d *editorial.Draft, n, other *editorial.Note) diag.Diagnostic {
	return diag.New(diag.Error, "reserved-words", diag.Position{File: d.File, Line: n.Line},
		diag.Say("%q has the id %s, which only some systems may read, but says what %s says: the ids may be exchanged", n.Title, n.ID, other.ID),
		diag.Say("write <!-- %s --> behind this heading, and <!-- %s --> behind its own; or say it in other words.", other.ID, n.ID))
}

func nameless(d *editorial.Draft, n *editorial.Note, lost []reserved) diag.Diagnostic {
	var ids []string
	var whose diag.Phrase
	for i := range lost {
		ids = append(ids, lost[i].change.ID)
		one := diag.Say("%s is for %s", lost[i].change.ID, lost[i].whose())
		if i == 0 {
			whose = one
		} else {
			whose = diag.Say("%s; %s", whose, one)
		}
	}
	return diag.New(diag.Error, "lost-id", diag.Position{File: d.File, Line: n.Line},
		diag.Say("%q has no id and would be told to everybody, while a heading that only some may read is missing: %s", n.Title, whose),
		diag.Say("if it is that note, write <!-- %s --> behind its heading; if that note was deleted on purpose, write <!-- left-out: %s --> as the file's last line.", ids[0], strings.Join(ids, " ")))
}
