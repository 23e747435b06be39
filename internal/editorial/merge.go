package editorial

import (
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Result is a refreshed draft and what became of each change, by id in the
// order of the file. Base is what to remember for the next refresh.
type Result struct {
	Draft *Draft
	Base  *Draft

	Added    []string // came in, marked as new
	Updated  []string // nobody had edited it, and its facts changed
	Kept     []string // somebody's words
	Drifted  []string // somebody's words, whose facts changed now
	Removed  []string // nobody had edited it, and it is told no more
	SetAside []string // somebody's words, whose change is told no more
	Restored []string // words that had been set aside and whose change is told again
	LeftOut  []string // its heading was deleted, now or earlier

	// Alarms name both texts where facts and edited words part. An Error (an id
	// that no change has) means that the draft must not be written.
	Alarms diag.List
}

// Merge refreshes a draft with new facts. base is what was generated the last
// time, nil where that is lost: then all words that differ from the facts count
// as a person's, and what the file lacks counts as new. cur must have been
// parsed without errors.
func Merge(base, cur *Draft, f Facts) Result {
	m := &merger{
		facts: f, base: base, gen: Generate(f),
		out: Result{Draft: cur.clone()},
	}
	m.baseNotes, m.baseKinds = base.notes(), base.kinds()
	m.genNotes, m.genKinds = m.gen.notes(), m.gen.kinds()
	m.had, m.rank = cur.notes(), map[string]int{}
	for i, fact := range f.Changes {
		m.rank[fact.ID] = i
	}
	if base != nil && len(cur.LeftOut) == 0 && cur.untouched(base) {
		m.regenerate(cur)
	} else {
		m.head()
		m.existing()
		m.missing()
		m.tidy()
	}
	m.out.Draft.setLeftOut(m.out.LeftOut)
	m.out.Base = m.gen
	m.out.Base.setLeftOut(m.out.LeftOut)
	return m.out
}

type merger struct {
	facts     Facts
	base      *Draft // nil where lost
	gen       *Draft
	baseNotes map[string]*Note
	genNotes  map[string]*Note
	baseKinds map[string]model.Kind
	genKinds  map[string]model.Kind
	had       map[string]*Note // what the file told before
	rank      map[string]int   // of each told change on a generated page
	moving    []*Note          // unmoved notes whose kind changed
	out       Result
}

// untouched reports whether the file is what daybreak wrote, but for marks of
// what is new and for an editor's line ends.
func (d *Draft) untouched(base *Draft) bool {
	plain := d.clone()
	for _, n := range plain.Shown {
		if n.Has(MarkNew) {
			n.mark(without(n.Marks, MarkNew))
		}
	}
	return normal("", lines(plain.Bytes())) == normal("", lines(base.Bytes()))
}

func lines(data []byte) []string {
	return strings.Split(strings.TrimPrefix(string(data), bom), "\n")
}

// regenerate takes the generated draft for one that nobody has touched.
func (m *merger) regenerate(cur *Draft) {
	had := cur.notes()
	next := Generate(m.facts)
	next.File, next.eol, next.bom, next.tail, next.open = cur.File, cur.eol, cur.bom, cur.tail, cur.open
	next.lineEnds()
	for _, n := range next.Shown {
		old, known := had[n.ID]
		switch {
		case !known:
			m.out.Added = append(m.out.Added, n.ID)
		case old.Text() != n.Text():
			m.out.Updated = append(m.out.Updated, n.ID)
		}
		if !known || old.Has(MarkNew) {
			n.mark(append([]string{MarkNew}, n.Marks...))
		}
	}
	for _, n := range cur.Shown {
		if m.genNotes[n.ID] == nil {
			m.out.Removed = append(m.out.Removed, n.ID)
		}
	}
	m.out.Draft = next
}

// lineEnds gives every line the draft's own line end.
func (d *Draft) lineEnds() {
	fix := func(b *block) {
		for i, l := range b.lines {
			b.lines[i] = strings.TrimRight(l, "\r\n") + d.eol
		}
		for i := range b.gap {
			b.gap[i] = d.eol
		}
	}
	fix(&d.front)
	fix(&d.head)
	for _, s := range d.Sections {
		fix(&s.block)
		for _, n := range s.Notes {
			fix(&n.block)
		}
	}
}

// head follows a changed label, as far as nobody has written there.
func (m *merger) head() {
	d := m.out.Draft
	if m.base == nil {
		return
	}
	if normal("", d.head.lines) == normal("", m.base.head.lines) {
		d.head.lines = d.newBlock(strings.TrimRight(strings.Join(m.gen.head.lines, ""), "\n")).lines
		return
	}
	for i, l := range d.head.lines {
		if bare(l) == "# "+m.base.Heading {
			d.head.lines[i] = "# " + m.gen.Heading + d.eol
			return
		}
	}
}

// existing decides over each note that the file has.
func (m *merger) existing() {
	var aside []*Note
	for _, s := range m.out.Draft.Sections {
		if s.Aside || s.Known {
			continue
		}
		s.Notes = slices.DeleteFunc(s.Notes, func(n *Note) bool {
			if n.ID == "" {
				return false
			}
			if m.genNotes[n.ID] != nil {
				return m.told(s, n)
			}
			gone, keep := m.gone(n)
			if gone && keep {
				aside = append(aside, n)
			}
			return gone
		})
	}
	for _, n := range m.moving {
		m.place(n, m.genKinds[n.ID])
	}
	for _, n := range aside {
		m.setAside(n)
	}
}

// told decides over a note whose change is told; true where it leaves its section.
func (m *merger) told(s *Section, n *Note) bool {
	g, b := m.genNotes[n.ID], m.baseNotes[n.ID]
	edited := Edited(b, n, g)
	marks := without(n.Marks, MarkUnreviewed, string(n.language()))
	marks = slices.DeleteFunc(marks, func(mark string) bool { return strings.HasPrefix(mark, onlyMark) })
	if edited {
		m.out.Kept = append(m.out.Kept, n.ID)
		if b != nil && b.Text() != g.Text() && n.Text() != g.Text() {
			m.out.Drifted = append(m.out.Drifted, n.ID)
			m.out.Alarms.Add(Drift(m.out.Draft, n, b, g))
			if !slices.Contains(marks, MarkDrift) {
				marks = append(marks, MarkDrift)
			}
		}
		for _, mark := range g.Marks {
			if strings.HasPrefix(mark, onlyMark) {
				marks = append(marks, mark)
			}
		}
	} else {
		if n.Text() != g.Text() {
			m.out.Updated = append(m.out.Updated, n.ID)
			text := strings.TrimRight(strings.Join(g.lines, ""), "\n")
			n.lines = m.out.Draft.newBlock(text).lines
			n.Title, n.Body, n.Act = g.Title, g.Body, g.Act
		}
		marks = append(marks, g.Marks...)
	}
	if !slices.Equal(marks, n.Marks) {
		n.mark(marks)
	}
	unmoved := m.baseNotes[n.ID] != nil && m.baseKinds[n.ID] == s.Kind
	if !unmoved || m.genKinds[n.ID] == s.Kind {
		return false
	}
	if edited {
		m.out.Alarms.Add(diag.New(diag.Warning, "drift", diag.Position{File: m.out.Draft.File, Line: n.Line},
			diag.Say("%s: it is %q now and no longer %q, and %q was written before", n.ID, m.genKinds[n.ID], s.Kind, short(n.Title)),
			diag.Say("read the words once more; the note has moved to its new section.")))
	}
	m.moving = append(m.moving, n)
	return true
}

// gone decides over a note whose change is not told (any more): whether it
// leaves, and whether its words are kept aside.
func (m *merger) gone(n *Note) (leaves, keep bool) {
	b := m.baseNotes[n.ID]
	if ByHand(m.base, n, m.facts) {
		m.out.Kept = append(m.out.Kept, n.ID)
		return false, false
	}
	reason, known := m.facts.untold(n.ID)
	switch {
	case !known && b == nil:
		m.out.Alarms.Add(Unknown(m.out.Draft, n, m.facts))
		return false, false
	case !known:
		reason = "the release has no such change any more"
	}
	if !Edited(b, n, nil) {
		m.out.Removed = append(m.out.Removed, n.ID)
		return true, false
	}
	m.out.SetAside = append(m.out.SetAside, n.ID)
	m.out.Alarms.Add(Withdrawn(m.out.Draft, n, b, reason))
	n.mark(strings.Fields(strings.NewReplacer("<", "", ">", "", "--", "-").Replace(reason)))
	return true, true
}

func (m *merger) setAside(n *Note) {
	d := m.out.Draft
	i := slices.IndexFunc(d.Sections, func(s *Section) bool { return s.Aside })
	if i < 0 {
		i = len(d.Sections)
		d.Sections = append(d.Sections, d.newAside(m.facts.Words))
	}
	n.apart = true
	d.Sections[i].Notes = append(d.Sections[i].Notes, n)
}

// missing decides over each change that the file has no note of.
func (m *merger) missing() {
	d := m.out.Draft
	have := d.notes()
	for _, fact := range m.facts.Changes {
		id := fact.ID
		switch {
		case have[id] != nil:
		case LeftOut(m.base, d, id):
			m.out.LeftOut = append(m.out.LeftOut, id)
		case m.restored(id):
		default:
			m.out.Added = append(m.out.Added, id)
			m.place(d.newNote(m.facts, fact, true), fact.Kind)
		}
	}
	// What was left out and is withdrawn for the moment stays left out.
	ids := slices.Clone(d.LeftOut)
	if m.base != nil {
		for _, n := range m.base.Shown {
			ids = append(ids, n.ID)
		}
	}
	told := set(m.out.LeftOut)
	for _, id := range ids {
		if _, known := m.facts.untold(id); known && m.had[id] == nil && !told[id] && LeftOut(m.base, d, id) {
			m.out.LeftOut, told[id] = append(m.out.LeftOut, id), true
		}
	}
}

// restored brings back the words that were set aside when their change went, now
// that it is told again: reverted and applied anew, say. Of several the last
// that was set aside comes back.
func (m *merger) restored(id string) bool {
	n := m.out.Draft.AsideNote(id)
	if n == nil {
		return false
	}
	for _, s := range m.out.Draft.Sections {
		s.Notes = slices.DeleteFunc(s.Notes, func(other *Note) bool { return other == n })
	}
	g := m.genNotes[id]
	n.mark(append([]string{MarkNew}, without(g.Marks, MarkUnreviewed, string(g.language()))...))
	m.out.Restored = append(m.out.Restored, id)
	m.out.Alarms.Add(Restored(m.out.Draft, n, g))
	m.place(n, m.genKinds[id])
	return true
}

// place puts a note into its kind's section, behind the nearest change that
// stands before it on a generated page.
func (m *merger) place(n *Note, k model.Kind) {
	s := m.sectionOf(k)
	at, nearest := 0, -1
	for i, other := range s.Notes {
		if rank, ok := m.rank[other.ID]; ok && rank < m.rank[n.ID] && rank > nearest {
			at, nearest = i+1, rank
		}
	}
	n.apart = true
	s.Notes = slices.Insert(s.Notes, at, n)
}

// sectionOf finds the section of a kind, or makes it where it belongs.
func (m *merger) sectionOf(k model.Kind) *Section {
	d := m.out.Draft
	at := len(d.Sections)
	for i, s := range d.Sections {
		switch {
		case s.Kind == k && !s.Aside:
			return s
		case at == len(d.Sections) && (s.Aside || s.Known || slices.Index(model.Kinds(), s.Kind) > slices.Index(model.Kinds(), k)):
			at = i
		}
	}
	s := d.newSection(m.facts.Words, k)
	d.Sections = slices.Insert(d.Sections, at, s)
	return s
}

// tidy drops sections that have become empty and hold no word of a person's.
func (m *merger) tidy() {
	d := m.out.Draft
	d.Sections = slices.DeleteFunc(d.Sections, func(s *Section) bool {
		own := d.newSection(m.facts.Words, s.Kind)
		if s.Aside {
			own = d.newAside(m.facts.Words)
		}
		return len(s.Notes) == 0 && normal("", s.lines) == normal("", own.lines)
	})
}

// untold says why a change of the release isn't told; false for no such change.
func (f *Facts) untold(id string) (string, bool) {
	if reason, ok := f.Gone[id]; ok {
		return reason, true
	}
	reason, ok := f.Quiet[id]
	return reason, ok
}

func (d *Draft) clone() *Draft {
	c := *d
	c.byID = nil
	c.Sections = nil
	c.head = d.head.clone()
	for _, s := range d.Sections {
		copied := *s
		copied.block, copied.Notes = s.block.clone(), nil
		for _, n := range s.Notes {
			note := *n
			note.block = n.block.clone()
			copied.Notes = append(copied.Notes, &note)
		}
		c.Sections = append(c.Sections, &copied)
	}
	return &c
}

func (b block) clone() block { return block{slices.Clone(b.lines), slices.Clone(b.gap), b.apart} }

func without(list []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(gone, s) })
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[s] = true
	}
	return m
}
