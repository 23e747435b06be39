package gitsource

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"daybreak/internal/model"
)

// rangeStart says how a release's range came about.
type rangeStart int

const (
	startRoot     rangeStart = iota // no earlier release: all of history
	startAncestor                   // the version-nearest ancestor
	startSame                       // the version before marks the same commit
	startBase                       // the version before lies on a side line: where the two parted
	startOther                      // the first of its line, which goes on with another line's numbers
	startHigher                     // only higher versions are ancestors: the one that leaves the least
	startAnew                       // what isn't released: numbers began anew after the highest version
)

// publishedBefore reports whether s can have been out before t was made. The
// numbers say what comes before what; a clock only contradicts them where it
// compares like with like: with t's tagger, or the commits of two lightweight
// tags. Such a tag may be any time younger than its commit, so against a
// tagger's clock it proves nothing. A commit that no release marks was once the last
// one: what was out then counts.
func publishedBefore(s, t *tagged) bool {
	if t.past {
		return !s.date.After(t.date)
	}
	return t.unreleased() || !t.annotated && s.annotated || !s.date.After(t.date)
}

// below reports whether s is a candidate for t's predecessor by its version: of
// the same product line, lower, and final where t is final.
func below(s, t *tagged) bool {
	switch {
	case s.index == t.index || s.unreleased():
		return false
	case t.unreleased():
		return !s.version.IsPrerelease()
	}
	return s.version.Line == t.version.Line && s.compare(t) < 0 &&
		(t.version.IsPrerelease() || !s.version.IsPrerelease())
}

// mayMend reports whether a version can be a patch of another, by its own number.
func mayMend(v model.Version) bool { return v.Len >= 3 && v.Numbers[v.Len-1] != 0 }

// patchOf reports whether v is a patch of p: the same numbers but for the last.
func patchOf(v, p model.Version) bool {
	if !mayMend(v) || v.Line != p.Line {
		return false
	}
	for i := range v.Len - 1 {
		if v.Numbers[i] != p.Numbers[i] {
			return false
		}
	}
	return v.Numbers[v.Len-1] > p.Numbers[v.Len-1]
}

// patchBeside reports whether c only mends an ancestor of t, as t does not.
func patchBeside(c, ancestor, t *tagged) bool {
	return patchOf(c.version, ancestor.version) && !patchOf(t.version, ancestor.version)
}

// settlePrevious finds where t's range starts.
//
// The version-nearest ancestor is it, whatever the clocks say. Where a lower
// release that is no ancestor, and no patch of that ancestor, left t's line
// later than the ancestor did, that release is it: so it goes with projects that
// tag on release branches. Nothing changes for the law of history: the range is
// reach(t) − reach(previous) in every case, which is the same as starting from
// all merge bases of the two.
func (s *tagSet) settlePrevious(g *graph, t *tagged) {
	line := s.lineOf(t)
	ancestor, beside := s.nearestBelow(t, line)
	highest := ancestor
	if t.unreleased() && ancestor != nil {
		ancestor = s.begunAnew(t, ancestor)
	}
	if ancestor != nil {
		beside = s.sideStart(t, ancestor, line)
	}
	switch {
	case beside != nil:
		t.previous, t.start = beside, startBase
	case ancestor != highest:
		t.previous, t.start = ancestor, startAnew
	case ancestor != nil && ancestor.commit == t.commit:
		t.previous, t.start = ancestor, startSame
	case ancestor != nil:
		t.previous, t.start = ancestor, startAncestor
	default:
		if t.previous = s.nearestHigher(g, t, line); t.previous != nil {
			t.start = startHigher
		} else if t.previous = s.otherLine(t); t.previous != nil {
			t.start = startOther
		}
	}
}

// nearestBelow gives the version-nearest ancestor of t, as far as that one can be
// where the range starts; else the release beside t where it starts for sure.
//
// Of the highest release beside t a commit is known that it shares with t. What is
// older than that commit doesn't hold it: whether t has such a release makes no
// difference, since t goes further with the one beside it. So no question leads
// further down than to where the two parted, but where that one counts for nothing.
func (s *tagSet) nearestBelow(t *tagged, line string) (ancestor, start *tagged) {
	var beside *tagged
	var old []*tagged // what wasn't asked for
	parted := int64(0)
	for c := range s.downFrom(t) {
		if !below(c, t) || c.version.Line != line {
			continue
		}
		if beside != nil && !patchBeside(beside, c, t) && c.tooOld(parted) {
			old = append(old, c)
			continue
		}
		if t.contains(c) {
			if len(old) > 0 && (patchBeside(beside, c, t) || !s.shareBeyond(beside, t, c)) {
				if k := slices.IndexFunc(old, t.contains); k >= 0 {
					return old[k], nil
				}
			}
			return c, nil
		}
		if beside != nil || !publishedBefore(c, t) {
			continue
		}
		if c.contains(t) {
			// Tagged on a commit beyond the main line's tip: all of that is released.
			if t.unreleased() && !t.past {
				return nil, c
			}
			continue
		}
		if date, related := s.shared(c, t); related {
			beside, parted = c, date
		}
	}
	if beside != nil {
		return nil, s.seriesStart(t, beside)
	}
	if t.unreleased() {
		// A project that has had nothing but pre-releases so far.
		for c := range s.downFrom(t) {
			if !c.unreleased() && c.version.Line == line && t.contains(c) {
				return c, nil
			}
		}
	}
	return nil, nil
}

// begunAnew gives the release that follows the highest one in the history of
// what isn't released, although its version is lower: 33.0.0 where 2015.1.0 came
// long before it. Where there is none, the highest one it is.
func (s *tagSet) begunAnew(t, highest *tagged) *tagged {
	for c := range s.downFrom(t) {
		if below(c, t) && c.version.Line == highest.version.Line && c.compare(highest) < 0 &&
			c.commit != highest.commit && c.contains(highest) && t.contains(c) {
			return c
		}
	}
	return highest
}

// otherLine is where the first release of a line starts that goes on with the
// numbers of another one: a product that got another name, or candidates tagged
// in a way of their own. It is the version-nearest lower one among the ancestors
// of all lines. Lines of a folder are products of their own, and go on with the
// repository's numbers only where the first two are the same: @org/cli@7.23.2 after
// v7.23.1.
func (s *tagSet) otherLine(t *tagged) *tagged {
	if t.unreleased() || t.version.Dated() {
		return nil
	}
	bare := func(c *tagged) model.Version {
		v := c.version
		v.Line = ""
		return v
	}
	own := bare(t)
	var lower []*tagged
	for _, c := range s.list {
		v := bare(c)
		if c.unreleased() || c.folder != "" || c.version.Line == t.version.Line || v.Dated() || v.IsPrerelease() ||
			v.Compare(own) >= 0 || c.commit == t.commit || t.folder != "" && !slices.Equal(v.Numbers[:2], own.Numbers[:2]) {
			continue
		}
		lower = append(lower, c)
	}
	slices.SortStableFunc(lower, func(a, b *tagged) int { return bare(b).Compare(bare(a)) })
	for _, c := range lower {
		if t.contains(c) {
			return c
		}
	}
	return nil
}

// lineOf is the product line of t; for what isn't released yet, that of the
// release nearest below it.
func (s *tagSet) lineOf(t *tagged) string {
	if !t.unreleased() {
		return t.version.Line
	}
	if s.hasPlainLine() {
		return ""
	}
	var known []*tagged
	for _, c := range s.list {
		if !c.unreleased() {
			known = append(known, c)
		}
	}
	slices.SortStableFunc(known, func(a, b *tagged) int {
		return cmp.Or(cmp.Compare(b.gen+b.late, a.gen+a.late), compareHash(b.commit, a.commit))
	})
	var best *tagged
	for _, c := range known {
		if best != nil && c.gen+c.late < best.gen {
			break
		}
		if t.contains(c) && (best == nil || c.younger(best)) {
			best = c
		}
	}
	if best == nil {
		return ""
	}
	return best.version.Line
}

// hasPlainLine reports whether the product has versions of its own, with nothing in
// front. Where several parts of a repository have been released for years since the last
// of these, it was left behind.
func (s *tagSet) hasPlainLine() bool {
	var last time.Time
	for _, c := range s.list {
		if !c.unreleased() && c.version.Line == "" && c.date.After(last) {
			last = c.date
		}
	}
	const years, several = 2, 3
	since := map[string]bool{}
	for _, c := range s.list {
		if c.folder != "" && c.date.After(last.AddDate(years, 0, 0)) {
			since[c.version.Line] = true
		}
	}
	return !last.IsZero() && len(since) < several
}

// sideStart finds the highest lower release beside t's line that shares more
// history with t than the ancestor does.
func (s *tagSet) sideStart(t, ancestor *tagged, line string) *tagged {
	for c := range s.downFrom(t) {
		if c == ancestor {
			break
		}
		if !below(c, t) || c.version.Line != line || !publishedBefore(c, t) || t.contains(c) {
			continue
		}
		if c.contains(t) {
			// Tagged on a commit beyond the main line's tip: all of that is released.
			if t.unreleased() && !t.past && ancestor.commit != t.commit {
				return c
			}
			continue
		}
		if patchBeside(c, ancestor, t) {
			continue
		}
		if s.shareBeyond(c, t, ancestor) {
			return s.seriesStart(t, c)
		}
	}
	return nil
}

// seriesStart gives the release that c, beside t, is a patch of: 3.6.0 for
// 3.6.8, where t is 3.7.0. A patch is attached to what it mends, as in a history
// where the tags are ancestors, and what it delivered is taken off by name. It
// stands for its series only as long as it left t's line where the series did:
// a project that cuts every patch from the main line has come further with c.
func (s *tagSet) seriesStart(t, c *tagged) *tagged {
	root := c
	for p := range s.downFrom(c) {
		if p.version.Line != c.version.Line || !patchOf(c.version, p.version) && p.compare(c) != 0 && !p.version.IsPrerelease() {
			break
		}
		if patchOf(c.version, p.version) && !p.version.IsPrerelease() && !t.contains(p) && !p.contains(t) {
			root = p
		}
	}
	if root == c || patchOf(t.version, root.version) {
		return c
	}
	if s.shareBeyond(c, t, root) {
		return c
	}
	return root
}

// nearestHigher serves projects whose numbers start anew: of the ancestors,
// all of higher versions, the one that leaves the fewest commits.
func (s *tagSet) nearestHigher(g *graph, t *tagged, line string) *tagged {
	var best *tagged
	fewest := 0
	for _, c := range s.list {
		if c.index == t.index || c.unreleased() || c.version.Line != line || c.commit == t.commit {
			continue
		}
		if c.version.IsPrerelease() && !t.version.IsPrerelease() || !t.contains(c) {
			continue
		}
		if n := len(g.between([]int32{c.place()}, []int32{t.place()})); best == nil || n < fewest {
			best, fewest = c, n
		}
	}
	return best
}

// mends reports whether a release is a hotfix: a patch number and a place off the main
// line's own chain of first parents make one.
func (s *tagSet) mends(t *tagged) bool {
	if t.unreleased() || !mayMend(t.version) || !s.hasMain {
		return false
	}
	s.settle(t)
	p := t.previous
	return p != nil && t.start != startSame && patchOf(t.version, p.version) && !t.isOnMain()
}

// mended gives the release that a hotfix mends, nil where t is none. Where t follows
// another hotfix, both mend the same release.
func (s *tagSet) mended(t *tagged) *tagged {
	if !t.traced {
		t.traced = true
		if s.mends(t) {
			if t.hotfixOf = s.mended(t.previous); t.hotfixOf == nil {
				t.hotfixOf = t.previous
			}
		}
	}
	return t.hotfixOf
}

// downFrom gives the releases before t in the list: those of its line come by
// falling version, and before all others. What is unreleased stands last, so it
// sees them all; so does what is no release.
func (s *tagSet) downFrom(t *tagged) iter.Seq[*tagged] {
	return func(yield func(*tagged) bool) {
		i := t.index
		if i < 0 {
			i = len(s.list)
		}
		for i--; i >= 0; i-- {
			if !yield(s.list[i]) {
				return
			}
		}
	}
}
