package gitsource

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
)

// tagSet is all releases of a repository, by line and version, lowest first.
// The unreleased one is last where there is one.
type tagSet struct {
	list    []*tagged
	byName  map[string]*tagged
	graph   *graph
	part    *part // nil where the graph is whole
	hasMain bool
	main    []bool              // by position: on the main line's first-parent chain; of a whole graph
	brought map[int32][]*tagged // by merge, see alarms.go; of a whole graph
	at      map[int32][]*tagged // the releases at a position; of a part
}

// prepare reads tags and the whole graph and settles what comes before what.
func (r *Repository) prepare(ctx context.Context) (diag.List, error) {
	if r.tags != nil && r.part == nil {
		return slices.Clone(r.tagDiags), nil
	}
	diags, err := r.releaseTags()
	if err != nil {
		return nil, err
	}
	if err := r.dropPart(); err != nil {
		return nil, err
	}
	var tips []plumbing.Hash
	r.tips(&tips)
	if r.graph, err = r.loadGraph(ctx, tips); err != nil {
		return nil, err
	}
	r.facts = newFactStore(r.graph.size())
	set := r.newTagSet()
	r.tags = set
	if set.hasMain {
		set.main = make([]bool, r.graph.size())
		for i := r.graph.pos[r.mainTip]; ; {
			set.main[i] = true
			parents := r.graph.parents(i)
			if len(parents) == 0 {
				break
			}
			i = parents[0]
		}
	}
	at := make([]int32, len(set.list))
	for i, t := range set.list {
		t.at = r.graph.pos[t.commit]
		t.gen, t.late = r.graph.gens[t.at], 0
		at[i] = t.at
	}
	for i, reach := range r.graph.reachability(at) {
		set.list[i].reach = reach
	}
	for _, t := range set.list {
		set.settle(t)
		set.mended(t)
	}
	return slices.Clone(diags), nil
}

// releaseTags reads the tags once, and what is at the main line's tip.
func (r *Repository) releaseTags() (diag.List, error) {
	if r.released != nil {
		return slices.Clone(r.tagDiags), nil
	}
	list, diags, err := r.readTags()
	if err != nil {
		return nil, err
	}
	r.readMailmap()
	if len(list) == 0 {
		diags.Add(diag.New(diag.Warning, "no-releases", diag.Position{}, diag.Say("the repository has no release tags: all of it is shown as unreleased"),
			diag.Say("Tag a release, for example `git tag -a v1.0.0`, or set `tags` in daybreak.yaml; a clone without its tags gets them with `git fetch --tags`.")))
	}
	if !r.mainTip.IsZero() && !slices.ContainsFunc(list, func(t *tagged) bool { return t.commit == r.mainTip }) {
		c, err := r.readCommit(r.mainTip)
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		_, _, when := signature(c.committer)
		list = append(list, &tagged{commit: r.mainTip, date: when})
	}
	if err := r.findFolders(list); err != nil {
		return nil, err
	}
	r.released, r.tagDiags = list, slices.Clone(diags)
	return diags, nil
}

// tips adds the commits that the history is everything below of.
func (r *Repository) tips(tips *[]plumbing.Hash) {
	for _, t := range r.released {
		*tips = append(*tips, t.commit)
	}
	if !r.mainTip.IsZero() {
		*tips = append(*tips, r.mainTip)
	}
	*tips = append(*tips, r.extra...)
}

// newTagSet makes a set of the releases in which nothing is settled yet.
func (r *Repository) newTagSet() *tagSet {
	set := &tagSet{list: make([]*tagged, len(r.released)), byName: make(map[string]*tagged, len(r.released)), graph: r.graph, part: r.part, hasMain: !r.mainTip.IsZero()}
	for i, t := range r.released {
		own := *t
		own.index, own.set = i, set
		set.list[i] = &own
		set.byName[t.name] = &own
		for _, other := range t.others {
			set.byName[other] = &own
		}
	}
	return set
}

// settle finds out what t follows. It and mended are done for every release of a whole
// history, so that workers find nothing to write.
func (s *tagSet) settle(t *tagged) {
	if !t.settled {
		t.settled = true
		s.settlePrevious(s.graph, t)
	}
}

// place gives a release's position in the graph.
func (t *tagged) place() int32 {
	if t.at < 0 {
		return t.set.part.want(t.commit)
	}
	return t.at
}

// onMain reports whether a commit is on the main line's chain of first parents.
func (s *tagSet) onMain(i int32) bool {
	if s.part != nil {
		h := s.graph.ids[i]
		return s.part.onMain(h, s.part.since(h))
	}
	return s.main != nil && s.main[i]
}

// isOnMain is onMain for a release.
func (t *tagged) isOnMain() bool {
	if t.set.part != nil {
		return t.set.part.onMain(t.commit, t.set.part.since(t.commit))
	}
	return t.set.onMain(t.at)
}

// younger reports whether t stands behind o in the order of the graph.
func (t *tagged) younger(o *tagged) bool {
	return t.gen > o.gen || t.gen == o.gen && compareHash(t.commit, o.commit) > 0
}

// tooOld reports whether t's date shows that nothing as young as gen is in its
// history. Where that is a clock's, the tagger's has to say the same, or what lies
// below.
func (t *tagged) tooOld(gen int64) bool {
	return t.gen+t.late < gen && (t.late == 0 || t.annotated && t.date.Unix()+t.late < gen || !t.set.part.wrongClock(t.commit))
}

// contains reports whether t's history holds the other release's commit.
func (t *tagged) contains(o *tagged) bool {
	switch {
	case t.reach != nil && o.index >= 0:
		return t.reach[o.index/64]&(1<<(o.index%64)) != 0
	case t.commit == o.commit:
		return true
	case t.late == 0 && o.late == 0 && !t.younger(o):
		return false
	case t.tooOld(o.gen):
		return t.set.part != nil && t.set.part.answered(t.commit, o.commit, false)
	}
	if t.set.part != nil {
		return t.set.part.reaches(t.commit, o.commit)
	}
	return t.set.graph.reaches(t.at, o.at)
}

// shared gives the date of a commit that two releases' histories share, one of the
// youngest; false where there is none. Of a part it is the earliest that it can be.
func (s *tagSet) shared(a, b *tagged) (int64, bool) {
	if s.part == nil {
		i := s.graph.shared(a.at, b.at)
		if i < 0 {
			return 0, false
		}
		return s.graph.gens[i], true
	}
	found, err := s.part.shared(a.commit, b.commit)
	if err != nil {
		s.part.want(plumbing.ZeroHash)
	}
	if found.IsZero() {
		return 0, false
	}
	return s.part.since(found), true
}

// shareBeyond reports whether two releases share anything that a third one doesn't
// hold.
func (s *tagSet) shareBeyond(a, b, root *tagged) bool {
	if s.part == nil {
		return slices.ContainsFunc(s.graph.mergeBases(a.at, b.at), func(i int32) bool { return !s.graph.reaches(root.at, i) })
	}
	if s.part.reaches(root.commit, a.commit) {
		return false
	}
	share, err := s.part.shareBeyond(a.commit, b.commit, root.commit)
	if err != nil {
		s.part.want(plumbing.ZeroHash)
	}
	return share
}

// find gives the release of a version, tag (also by its ref's full name) or
// "unreleased".
func (s *tagSet) find(name string) *tagged {
	if short, ok := strings.CutPrefix(name, "refs/tags/"); ok {
		return s.byName[short]
	}
	if strings.EqualFold(name, "unreleased") {
		name = ""
	}
	if t, ok := s.byName[name]; ok {
		return t
	}
	return findVersion(s.list, name)
}

// findTag is tagSet.find for a list.
func findTag(list []*tagged, name string) *tagged {
	short, full := strings.CutPrefix(name, "refs/tags/")
	if strings.EqualFold(name, "unreleased") {
		short = ""
	}
	for _, t := range list {
		if t.name == short || slices.Contains(t.others, short) {
			return t
		}
	}
	if full {
		return nil
	}
	return findVersion(list, short)
}

func findVersion(list []*tagged, name string) *tagged {
	for _, t := range list {
		if !t.unreleased() && (strings.EqualFold(t.version.String(), name) || strings.EqualFold(t.version.Text, name) || t.version.Slug() == name || strings.EqualFold("v"+t.version.Text, name)) {
			return t
		}
	}
	return nil
}
