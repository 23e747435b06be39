package guard

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// folded is a source with its normal forms.
type folded struct {
	Source
	lower, tight string
}

// foldSources makes the list of texts that findings are traced to: those given
// first, then what the changes say.
func foldSources(o Options) []folded {
	var out []folded
	add := func(s Source) {
		if s.Text != "" {
			f := folded{Source: s}
			for _, view := range expand(segment{zoneText, s.Text}) {
				loose := loosen(view)
				for _, l := range slices.Compact([]string{loose, unspell(loose)}) {
					tight, _ := tighten(l)
					f.lower, f.tight = f.lower+lower(l)+"\x00", f.tight+tight+"\x00"
				}
			}
			out = append(out, f)
		}
	}
	for _, s := range o.Sources {
		add(s)
	}
	for i := range o.Releases {
		r := &o.Releases[i]
		for _, l := range slices.Sorted(maps.Keys(r.Edited)) {
			e := r.Edited[l]
			add(Source{r.Slug(), "", e.Title, diag.Position{File: e.File}})
			add(Source{r.Slug(), "", e.Intro, diag.Position{File: e.File}})
			for _, n := range e.Notes {
				edited(add, r.Slug(), n.ID, n.Words)
			}
		}
		for j := range r.Changes {
			ch := &r.Changes[j]
			for _, l := range slices.Sorted(maps.Keys(ch.Edited)) {
				edited(add, r.Slug(), ch.ID, ch.Edited[l])
			}
			fragment(add, r.Slug(), ch)
			at := func(part, text string) {
				add(Source{r.Slug(), ch.ID, text, diag.Position{Commit: string(ch.Merge), Part: part}})
			}
			for _, t := range ch.Trailers {
				at(fmt.Sprintf("trailer %q", t.Key), t.Value)
			}
			for _, b := range ch.Blocks {
				at(fmt.Sprintf("block %q", b.Kind), b.Text)
			}
			at("title", ch.Title)
			at("breaking note", ch.Header.Note)
			for _, in := range ch.Inner {
				at("breaking note", in.Header.Note)
			}
		}
	}
	return out
}

// edited adds a person's words in a draft.
func edited(add func(Source), slug, id string, w *model.EditedWords) {
	if w == nil {
		return
	}
	at := diag.Position{File: w.At}
	if i := strings.LastIndexByte(w.At, ':'); i > 0 {
		if line, err := strconv.Atoi(w.At[i+1:]); err == nil {
			at = diag.Position{File: w.At[:i], Line: line}
		}
	}
	for _, text := range []string{w.Title, w.Body, w.Act} {
		add(Source{slug, id, text, at})
	}
}

// fragment adds the texts of a note file in the product's repository.
func fragment(add func(Source), slug string, ch *model.Change) {
	f := ch.Fragment
	if f == nil {
		return
	}
	at := diag.Position{Commit: string(f.Commit), Part: fmt.Sprintf("note file %q", f.Path)}
	for _, l := range slices.Sorted(maps.Keys(f.Text)) {
		add(Source{slug, ch.ID, f.Text[l], at})
	}
	for _, t := range f.Trailers {
		add(Source{slug, ch.ID, t.Value, at})
	}
}

// copiedFrom names the file of the workspace that a built one is a copy of, "" for
// none. Each site has its own copy: "public/assets/…", "systems/K1/assets/…".
func (g *Guard) copiedFrom(file string) string {
	for rest, more := file, true; more; {
		if own, ok := g.copied[rest]; ok {
			return own
		}
		_, rest, more = strings.Cut(rest, "/")
	}
	return ""
}

// origin finds the text that a finding comes from: in the release of the file
// where its path names one, else in any.
func (g *Guard) origin(f Finding) (Source, bool) {
	want, plain := fold(f.raw), lower(f.raw)
	var other *Source
	sources := g.sources()
	for i := range sources {
		s := &sources[i]
		// Few letters are in every text.
		if !strings.Contains(s.lower, plain) && (len(want) < 5 || !strings.Contains(s.tight, want)) {
			continue
		}
		if s.Release == "" || strings.Contains(f.File, "/"+s.Release+"/") {
			return s.Source, true
		}
		if other == nil {
			other = &s.Source
		}
	}
	if other == nil {
		return Source{}, false
	}
	return *other, true
}

// Withhold takes the notes that hold an exact secret out, for repositories
// without a workspace, and says which.
func (g *Guard) Withhold(notes []model.Notes) diag.List {
	var list diag.List
	holds := func(version string, texts ...string) bool {
		s := &scan{guard: g, seen: map[string]bool{}}
		for _, t := range texts {
			s.segment(segment{zoneText, t})
		}
		s.maskAll()
		for _, f := range s.found {
			// Whoever builds must see it, not only whoever checks: so it stands for
			// the run and not for a line.
			message := diag.Say("a note of %s is withheld: it holds a secret (%s) %q", version, f.What, f.Text)
			if from, ok := g.origin(f); ok {
				message = diag.Say("%s, from %s", message, from.Position)
			}
			list.Add(diag.New(diag.Warning, "withheld", diag.Position{}, message, diag.Say("take the secret back where it was issued: the repository's history shows it to everybody who can read it.")))
		}
		return len(s.found) > 0
	}
	for i := range notes {
		n := &notes[i]
		version := n.Version
		if n.Unreleased {
			version = "what is coming"
		}
		keep := func(in []model.Note) []model.Note {
			var out []model.Note
			for _, note := range in {
				if !holds(version, note.Title, note.Body, note.BreakingNote) {
					out = append(out, note)
				}
			}
			return out
		}
		n.MustAct = keep(n.MustAct)
		var sections []model.NotesSection
		for _, s := range n.Sections {
			if s.Notes = keep(s.Notes); len(s.Notes) > 0 {
				sections = append(sections, s)
			}
		}
		n.Sections = sections
		var delivered []model.DeliveredNote
		for _, d := range n.Delivered {
			if !holds(version, d.Title) {
				delivered = append(delivered, d)
			}
		}
		n.Delivered = delivered
	}
	list.Sort()
	return list
}
