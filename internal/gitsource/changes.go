package gitsource

import (
	"fmt"
	"slices"
	"strconv"

	"daybreak/internal/diag"
	"daybreak/internal/message"
	"daybreak/internal/model"
)

// unit is a change while it is being put together: positions, not yet values.
type unit struct {
	merge int32   // what brought it to the line
	tip   int32   // merge, or a side of an octopus
	order int     // the tip's place in the range, see graph.inOrder
	inner []int32 // without tip, parents first
	// foreign: it brought a history that has nothing in common with the line's
	foreign bool
	// apart: a plain merge brought it among others; its inner commits stand
	// beside it on the branch, not below it
	apart bool

	change    model.Change
	key       string // how backports are recognised: "!12", a Change-Id, "" for none
	reverts   []revertTarget
	cancelled bool // a revert that holds takes it back

	takenBackBy *unit
	partly      map[int32]bool // inner commits that were taken back one by one
}

// walk groups the commits of one range. Every commit gets one owner.
type walk struct {
	r       *Repository
	in      map[int32]bool // the range; false once claimed
	order   map[int32]int  // the place of each of its commits
	units   []*unit
	skipped []model.Skipped
	err     error
}

// free reports whether i lies in the range and nothing has claimed it.
func (w *walk) free(i int32) bool { return w.in[i] }

// compare orders commits of the range.
func (w *walk) compare(a, b int32) int { return w.order[a] - w.order[b] }

// group makes changes of a range given parents first. Its answer is sorted
// newest first, and accounts for every commit once.
func (r *Repository) group(span []int32, tip int32) ([]*unit, []model.Skipped, error) {
	w := &walk{r: r, in: make(map[int32]bool, len(span)), order: make(map[int32]int, len(span))}
	for k, i := range span {
		w.in[i], w.order[i] = true, k
	}
	w.line(tip)
	for k := len(span) - 1; k >= 0; k-- {
		w.line(span[k]) // nothing is left for it after line(tip) where tip is the range's only head
	}
	if w.err != nil {
		return nil, nil, w.err
	}
	for _, u := range w.units {
		u.order = w.order[u.tip]
	}
	slices.SortFunc(w.units, func(a, b *unit) int { return b.order - a.order })
	for _, u := range w.units {
		if err := r.fill(u); err != nil {
			return nil, nil, err
		}
	}
	return w.units, w.skipped, nil
}

// line claims a chain of first parents, then everything that its merges
// brought, oldest merge first: so a merge finds claimed what an older one brought.
func (w *walk) line(start int32) {
	g := w.r.graph
	var chain []int32
	for i := start; w.free(i); {
		w.in[i] = false
		chain = append(chain, i)
		parents := g.parents(i)
		if len(parents) == 0 {
			break
		}
		i = parents[0]
	}
	for k := len(chain) - 1; k >= 0 && w.err == nil; k-- {
		i := chain[k]
		if len(g.parents(i)) < 2 {
			w.units = append(w.units, &unit{merge: i, tip: i})
			continue
		}
		w.merge(i)
	}
}

func (w *walk) facts(i int32) *facts {
	f, err := w.r.at(i)
	if err != nil && w.err == nil {
		w.err = err
	}
	return f
}

func (w *walk) skip(i int32, reason model.Reason) {
	if f := w.facts(i); f != nil {
		w.skipped = append(w.skipped, model.Skipped{Commit: f.commit, Bucket: model.BucketStructure, Reason: reason})
	}
}

// merge handles a merge on a line.
func (w *walk) merge(i int32) {
	f := w.facts(i)
	if f == nil {
		return
	}
	sides := w.r.graph.parents(i)[1:]
	role, reason := w.role(i, f)
	switch role {
	case roleSync:
		w.skip(i, reason)
		for _, p := range sides {
			w.line(p)
		}
	case roleOctopus:
		made := 0
		for _, p := range sides {
			if w.free(p) {
				w.topic(i, p, []int32{p})
				made++
			}
		}
		if made == 0 {
			w.units = append(w.units, &unit{merge: i, tip: i})
			return
		}
		w.skip(i, model.Because("octopus", strconv.Itoa(len(sides))))
	default:
		if !w.free(sides[0]) && w.again(i, f) {
			return
		}
		w.topic(i, i, sides)
	}
}

// again finds a request, or a branch, that this range has already merged
// elsewhere: on a release branch, say. It brings nothing that isn't told.
func (w *walk) again(i int32, f *facts) bool {
	side := w.r.graph.parents(i)[1]
	for _, u := range w.units {
		if u.merge == i || len(w.r.graph.parents(u.merge)) < 2 || w.r.graph.parents(u.merge)[1] != side {
			continue
		}
		first := w.facts(u.merge)
		if first != nil {
			w.skip(i, model.Because("merged-again", first.commit.Hash.Short()))
			return true
		}
	}
	return false
}

// topic claims what can be reached from the sides and makes one change of it.
func (w *walk) topic(merge, tip int32, sides []int32) {
	g := w.r.graph
	u := &unit{merge: merge, tip: tip, foreign: !g.related(g.parents(merge)[0], sides[0])}
	mine := map[int32]bool{}
	var nested []int32
	stack := slices.Clone(sides)
	for len(stack) > 0 && w.err == nil {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !w.free(i) {
			continue
		}
		parents := g.parents(i)
		if len(parents) > 1 && !u.foreign {
			f := w.facts(i)
			if f == nil {
				return
			}
			outside := true
			for _, p := range parents[1:] {
				outside = outside && !w.free(p) && !mine[p]
			}
			m := &f.message
			switch {
			case m.Request == nil && i != tip && (outside || m.Merge != message.MergeNone && w.r.isLongLived(m.Source) && !w.r.isLongLived(m.Target)):
				w.in[i] = false
				w.skip(i, model.Because("main-into-topic"))
				for _, p := range parents[1:] {
					w.line(p)
				}
				stack = append(stack, parents[0])
				continue
			case m.Request != nil && i != tip && w.r.isLongLived(m.Target) && !w.r.isLongLived(w.facts(merge).message.Source):
				w.line(i)
				continue
			case i != tip && m.Request != nil:
				nested = append(nested, i)
			}
		}
		w.in[i], mine[i] = false, true
		stack = append(stack, parents...)
	}
	slices.SortFunc(nested, w.compare)
	for _, i := range nested {
		w.nest(i, mine)
	}
	for i := range mine {
		if i != tip {
			u.inner = append(u.inner, i)
		}
	}
	slices.SortFunc(u.inner, w.compare)
	if parts := w.apart(u); parts != nil {
		w.units = append(w.units, parts...)
		return
	}
	w.units = append(w.units, u)
}

// nest takes a request that was merged into another's branch out of mine, where
// it has a note of its own; else it stays a detail of the other.
func (w *walk) nest(i int32, mine map[int32]bool) {
	g := w.r.graph
	u := &unit{merge: i, tip: i}
	own := hasOwnNote(&w.facts(i).message)
	for _, j := range g.between(g.parents(i)[:1], g.parents(i)[1:]) {
		if mine[j] {
			u.inner = append(u.inner, j)
			if f := w.facts(j); f != nil && hasOwnNote(&f.message) {
				own = true
			}
		}
	}
	if !own || w.err != nil {
		return
	}
	delete(mine, i)
	for _, j := range u.inner {
		delete(mine, j)
	}
	w.units = append(w.units, u)
}

// fill makes the change's values out of its commits' facts.
func (r *Repository) fill(u *unit) error {
	f, err := r.at(u.tip)
	if err != nil {
		return err
	}
	c := &u.change
	c.Tip = f.commit
	c.Merge = model.Hash(r.graph.ids[u.merge].String())
	c.Trailers = slices.Clone(f.message.Trailers)
	c.Blocks = slices.Clone(f.message.Blocks)
	c.Refs = slices.Clone(f.message.Refs)
	for _, i := range u.inner {
		inner, err := r.at(i)
		if err != nil {
			return err
		}
		c.Inner = append(c.Inner, inner.commit)
		c.Trailers = append(c.Trailers, inner.message.Trailers...)
		c.Blocks = append(c.Blocks, inner.message.Blocks...)
		for _, ref := range inner.message.Refs {
			if !slices.Contains(c.Refs, ref) {
				c.Refs = append(c.Refs, ref)
			}
		}
	}
	titled := f
	if !u.foreign && !u.apart && (u.tip != u.merge || len(r.graph.parents(u.tip)) > 1 && !hasRealTitle(f)) {
		titled = r.spokesman(u, f)
	}
	c.Title, c.Header = titled.message.Title, titled.message.Header
	if c.Title == "" {
		c.Title = "(no message)"
	}
	if f.message.Request != nil {
		request := *f.message.Request
		if request.Forge == "" {
			request.Forge = r.o.Forge
		}
		c.Request = &request
	}
	r.identify(u, f)
	return nil
}

// hasRealTitle reports whether a merge message says more than which branch it
// merged.
func hasRealTitle(f *facts) bool {
	m := f.message
	if m.Merge == message.MergeNone {
		return true
	}
	return m.Request != nil && m.Request.Title != "" || m.Summary != ""
}

// identify sets the change's id and the key by which a backport is recognised.
func (r *Repository) identify(u *unit, f *facts) {
	c, m := &u.change, f.message
	for _, written := range m.Picked {
		c.PickedFrom = append(c.PickedFrom, r.fullHash(written))
	}
	switch {
	case m.Request != nil && m.Request.Number != "":
		c.ID = m.Request.Sign + m.Request.Number
		u.key = c.ID
	case m.ChangeID != "":
		c.ID, u.key = m.ChangeID, m.ChangeID
	case m.Differential != "":
		c.ID, u.key = m.Differential, m.Differential
	case len(c.PickedFrom) > 0:
		c.ID = string(c.PickedFrom[0][:min(12, len(c.PickedFrom[0]))])
	default:
		c.ID = string(c.Tip.Hash[:12])
	}
}

// uniqueIDs makes the ids of a range's changes differ: two commits may carry
// one request's number. The oldest keeps it.
func uniqueIDs(units []*unit) {
	seen := map[string]bool{}
	for k := len(units) - 1; k >= 0; k-- {
		c := &units[k].change
		if seen[c.ID] {
			c.ID = fmt.Sprintf("%s-%s", c.ID, c.Tip.Hash.Short())
		}
		seen[c.ID] = true
	}
}

// account checks the law of history on a finished range.
func account(rel *model.Release, span []int32) error {
	n := len(rel.Skipped)
	for i := range rel.Changes {
		n += 1 + len(rel.Changes[i].Inner)
	}
	if n != len(span) {
		return fmt.Errorf("release %s: %d commits in its range, %d accounted for: please report this", rel.Slug(), len(span), n)
	}
	return nil
}

// damagedNotes reports messages that weren't read as they are: with bytes that
// are invalid in their encoding, with a NUL byte, or too long to be kept.
func damagedNotes(rel *model.Release, diags *diag.List) {
	note := func(c *model.Commit) {
		add := func(s diag.Severity, code string, message, hint diag.Phrase) {
			diags.Add(diag.New(s, code, diag.Position{Commit: string(c.Hash)}, message, hint))
		}
		if c.Damaged {
			add(diag.Note, "damaged-message", diag.Say("the message holds bytes that are invalid in its encoding; they were replaced"), diag.Phrase{})
		}
		if c.Behind > 0 {
			add(diag.Warning, "nul-in-message", diag.Say("the message ends at a NUL byte, as for git; %d bytes behind it are not read", c.Behind),
				diag.Say("Nothing is to do where they are no text; trailers behind the NUL byte don't count."))
		}
		if c.LeftOut > 0 {
			add(diag.Warning, "long-message", diag.Say("the message is too long to be kept: %d bytes in its middle were left out", c.LeftOut),
				diag.Say("Its first %d KiB and its last %d KiB count, trailers at its end included; what else is to be told belongs into the draft.", (maxMessage-messageTail)>>10, messageTail>>10))
		}
	}
	for i := range rel.Changes {
		c := &rel.Changes[i]
		note(&c.Tip)
		for j := range c.Inner {
			note(&c.Inner[j])
		}
	}
	for i := range rel.Skipped {
		note(&rel.Skipped[i].Commit)
	}
}
