package gitsource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Releases gives all releases, newest first: by version within a product line,
// lines woven together by date. What is merged but not tagged comes first of
// all. A repository without release tags has that alone.
func (r *Repository) Releases(ctx context.Context) ([]model.Release, diag.List, error) {
	file := r.cached("releases", r.place(), r.state())
	var out []model.Release
	diags, ok := file.eachAnswer(func(a answer) { out = append(out, a.Release) })
	if !ok {
		out = nil
		keep := file.answers()
		var err error
		diags, err = r.each(ctx, false, func(rel *model.Release, live int) {
			out = append(out, *rel)
			keep.put(answer{Release: *rel, Live: live})
		})
		if err != nil {
			keep.drop()
			return nil, nil, err
		}
		keep.keep(diags)
	}
	for i := range out {
		r.expandSubmodules(ctx, &out[i])
	}
	return out, r.watchTags(diags), nil
}

// Summary is a release without what it is made of: Changes and Skipped are empty.
type Summary struct {
	model.Release
	Live int // how many changes it really brings, see model.Release.Live
}

// Summaries gives what a list of releases needs, in the order of Releases. It
// holds no more than a release's changes for each worker.
func (r *Repository) Summaries(ctx context.Context) ([]Summary, diag.List, error) {
	file := r.cached("summaries", r.place(), r.state())
	var out []Summary
	diags, ok := file.eachAnswer(func(a answer) { out = append(out, Summary{a.Release, a.Live}) })
	if !ok {
		out = nil
		keep := file.answers()
		var err error
		diags, err = r.each(ctx, true, func(rel *model.Release, live int) {
			out = append(out, Summary{*rel, live})
			keep.put(answer{Release: *rel, Live: live})
		})
		if err != nil {
			keep.drop()
			return nil, nil, err
		}
		keep.keep(diags)
	}
	return out, r.watchTags(diags), nil
}

// Release gives one release by version, tag, or "unreleased".
func (r *Repository) Release(ctx context.Context, version string) (model.Release, diag.List, error) {
	file := r.cached("release", r.place()+" "+version, r.state())
	return r.single(ctx, file, func() (model.Release, diag.List, error) {
		diags, err := r.prepare(ctx)
		if err != nil {
			return model.Release{}, nil, err
		}
		t := r.tags.find(version)
		if t == nil {
			return model.Release{}, nil, r.unknownRelease(version)
		}
		rel, more, err := r.release(t)
		return rel, append(diags, more...), err
	})
}

// single gives one release out of its file, else makes it and keeps it there.
func (r *Repository) single(ctx context.Context, file cacheFile, make func() (model.Release, diag.List, error)) (model.Release, diag.List, error) {
	var rel model.Release
	diags, ok := file.eachAnswer(func(a answer) { rel = a.Release })
	if !ok {
		var err error
		if rel, diags, err = make(); err != nil {
			return model.Release{}, nil, err
		}
		diags.Sort()
		keep := file.answers()
		keep.put(answer{Release: rel})
		keep.keep(diags)
	}
	r.expandSubmodules(ctx, &rel)
	return rel, r.watchTags(diags), nil
}

func (r *Repository) unknownRelease(version string) error {
	p := &diag.Problem{Code: "unknown-release", Message: fmt.Sprintf("there is no release %q", version)}
	if strings.EqualFold(version, "unreleased") {
		p.Message = "nothing is unreleased: the main line's tip is tagged"
	}
	var names []string
	for _, t := range newestFirst(r.tags.list) {
		if !t.unreleased() && len(names) < 3 {
			names = append(names, t.name)
		}
	}
	if len(names) > 0 {
		p.Hint = "The newest are " + strings.Join(names, ", ") + "; `daybreak releases` lists all."
	} else {
		p.Hint = "The repository has no release tags; \"unreleased\" is all there is."
	}
	return p
}

// newestFirst orders releases for Releases.
func newestFirst(list []*tagged) []*tagged {
	byLine := map[string][]*tagged{}
	var out []*tagged
	for _, t := range list {
		if t.unreleased() {
			out = append(out, t)
		} else {
			byLine[t.version.Line] = append(byLine[t.version.Line], t)
		}
	}
	for left := len(list) - len(out); left > 0; left-- {
		best := ""
		var top *tagged
		for line, l := range byLine {
			if len(l) == 0 {
				continue
			}
			t := l[len(l)-1]
			if top == nil || t.date.After(top.date) || t.date.Equal(top.date) && line < best {
				best, top = line, t
			}
		}
		byLine[best] = byLine[best][:len(byLine[best])-1]
		out = append(out, top)
	}
	return out
}

// Range gives what lies between two revisions (tags, branches, hashes; "" for
// from is the root), told as a release of its own.
func (r *Repository) Range(ctx context.Context, from, to string) (model.Release, diag.List, error) {
	// The ends may be branches: those count with where they point.
	var ends strings.Builder
	for _, end := range []string{from, to} {
		fmt.Fprintf(&ends, "%q", end)
		for _, full := range revisionNames(end) {
			fmt.Fprintf(&ends, " %s", r.refs[full])
		}
	}
	key := r.state()
	if key != "" {
		key += ends.String()
	}
	file := r.cached("range", fmt.Sprintf("%s %q %q", r.place(), from, to), key)
	return r.single(ctx, file, func() (model.Release, diag.List, error) { return r.rangeOf(ctx, from, to) })
}

func (r *Repository) rangeOf(ctx context.Context, from, to string) (model.Release, diag.List, error) {
	diags, err := r.prepare(ctx)
	if err != nil {
		return model.Release{}, nil, err
	}
	end, err := r.revision(ctx, to)
	if err != nil {
		return model.Release{}, nil, err
	}
	t := &tagged{}
	if known := r.tags.find(to); known != nil {
		copied := *known
		t = &copied
	}
	t.at, t.commit = end, r.graph.ids[end]
	if t.previous, t.start = nil, startRoot; from != "" {
		start, err := r.revision(ctx, from)
		if err != nil {
			return model.Release{}, nil, err
		}
		p := &tagged{name: from, at: start, commit: r.graph.ids[start], index: -1}
		if known := r.tags.find(from); known != nil {
			p = known
		} else {
			p.version = r.versionAt(start)
		}
		t.previous, t.start = p, startAncestor
		if !r.graph.reaches(end, start) {
			t.start = startBase
		}
	}
	r.adopt(t)
	rel, more, err := r.release(t)
	if err != nil {
		return model.Release{}, nil, err
	}
	rel.Explain = model.Reasons{model.Because("asked", from, to)}
	if from == "" {
		rel.Explain = model.Reasons{model.Because("asked-root", to)}
	}
	return rel, append(diags, more...), nil
}

// versionAt is the highest version in the history of a commit that is no
// release itself; the zero Version where there is none.
func (r *Repository) versionAt(i int32) model.Version {
	var best model.Version
	for _, c := range r.tags.list {
		if !c.unreleased() && (best.IsZero() || c.version.Compare(best) > 0) && r.graph.reaches(i, c.at) {
			best = c.version
		}
	}
	return best
}

// adopt gives a range's end that is no release what a release knows of others.
func (r *Repository) adopt(t *tagged) {
	if t.reach != nil {
		return
	}
	t.reach = make([]uint64, (len(r.tags.list)+63)/64)
	t.index = -1
	for j, c := range r.tags.list {
		if r.graph.reaches(t.at, c.at) {
			t.reach[j/64] |= 1 << (j % 64)
		}
	}
}

// Nearest gives the revision itself where the repository has it. Else, where it
// is a version, it gives the tag of the highest release below it; "" where there
// is none.
func (r *Repository) Nearest(ctx context.Context, name string) (string, error) {
	if _, err := r.prepare(ctx); err != nil {
		return "", err
	}
	_, err := r.revision(ctx, name)
	var p *diag.Problem
	if err == nil || !errors.As(err, &p) || p.Code != "unknown-revision" {
		return name, err
	}
	want, ok := model.ParseVersion(name)
	if !ok {
		return name, nil
	}
	best := ""
	for _, t := range r.tags.list {
		// A train's version belongs to no line.
		bare := t.version
		bare.Line, want.Line = "", ""
		if !t.unreleased() && !bare.IsPrerelease() && bare.Compare(want) < 0 {
			best = t.name
		}
	}
	return best, nil
}

// revisionNames are the refs that a name can mean, in git's order (gitrevisions(7)).
func revisionNames(name string) []string {
	return []string{name, "refs/" + name, "refs/tags/" + name, "refs/heads/" + name, "refs/remotes/" + name, "refs/remotes/origin/" + name}
}

// revision finds the commit of a tag, branch, version or hash, and brings it
// into the graph.
func (r *Repository) revision(ctx context.Context, name string) (int32, error) {
	if plumbing.IsHash(name) { // whatever a tag is called, as in git
		if i, ok := r.graph.pos[plumbing.NewHash(name)]; ok {
			return i, nil
		}
	}
	if t := r.tags.find(name); t != nil {
		return t.at, nil
	}
	var h plumbing.Hash
	for _, full := range revisionNames(name) {
		if ref, ok := r.refs[full]; ok {
			h = ref
			break
		}
	}
	if h.IsZero() {
		lower := strings.ToLower(name)
		if len(lower) >= 4 && len(lower) <= 40 && strings.Trim(lower, "0123456789abcdef") == "" {
			if i := r.position(lower); i >= 0 {
				return i, nil
			}
			if len(lower) == 40 {
				h = plumbing.NewHash(lower)
			}
		}
	}
	if h.IsZero() {
		return 0, &diag.Problem{Code: "unknown-revision", Message: fmt.Sprintf("there is no tag, branch or commit %q", name), Hint: "Give a tag, a branch, or a full hash."}
	}
	commit, err := r.peel(h)
	if err != nil {
		return 0, err
	}
	if i, ok := r.graph.pos[commit]; ok {
		return i, nil
	}
	if err := r.widen(ctx, commit); err != nil {
		return 0, err
	}
	return r.graph.pos[commit], nil
}

// widen reads the graph anew with one more tip: for a branch that no release
// and not the main line holds.
func (r *Repository) widen(ctx context.Context, tip plumbing.Hash) error {
	r.extra = append(r.extra, tip)
	r.tags, r.graph = nil, nil
	r.forget()
	r.noteTrees = nil
	_, err := r.prepare(ctx)
	return err
}

// release puts one release together.
func (r *Repository) release(t *tagged) (model.Release, diag.List, error) {
	var diags diag.List
	clear(r.held)
	rel := model.Release{
		Version: t.version, Tag: t.name, OtherTags: t.others, Commit: model.Hash(t.commit.String()),
		Date: t.date, Prerelease: t.version.IsPrerelease(), Unreleased: t.unreleased(),
	}
	if !t.unreleased() {
		rel.TagObject = model.Hash(t.object.String())
	}
	var from []int32
	if t.previous != nil {
		from = []int32{t.previous.at}
		rel.Previous = t.previous.name
		if t.start == startSame {
			first := t.previous
			for first.start == startSame {
				first = first.previous
			}
			rel.SameBuild = first.version.String()
		}
	}
	if t.hotfixOf != nil {
		rel.HotfixOf = t.hotfixOf.version.String()
	}
	rel.Explain = r.tags.explain(r.graph, t)
	span := r.graph.between(from, []int32{t.at})
	rel.Commits = len(span)
	units, skipped, err := r.group(span, t.at)
	if err != nil {
		return rel, nil, err
	}
	if err := r.resolveReverts(units, &diags); err != nil {
		return rel, nil, err
	}
	units = r.foldTwins(units)
	if err := r.resolveDelivered(t, units, &diags); err != nil {
		return rel, nil, err
	}
	lost, err := r.lostFixes(t, span)
	if err != nil {
		return rel, nil, err
	}
	if rel.Alarms, err = r.alarms(t, lost); err != nil {
		return rel, nil, err
	}
	r.withdrawLost(units, lost)
	uniqueIDs(units)
	if units, skipped, err = r.restrict(t, units, skipped); err != nil {
		return rel, nil, err
	}
	rel.Skipped = skipped
	slices.SortStableFunc(rel.Skipped, func(a, b model.Skipped) int {
		return cmp.Compare(r.graph.pos[plumbing.NewHash(string(b.Commit.Hash))], r.graph.pos[plumbing.NewHash(string(a.Commit.Hash))])
	})
	for _, u := range units {
		rel.Changes = append(rel.Changes, u.change)
	}
	damagedNotes(&rel, &diags)
	return rel, diags, account(&rel, span)
}

// restrict fills the touched paths where they are asked for, and leaves out the
// changes of other parts of a monorepo.
func (r *Repository) restrict(t *tagged, units []*unit, skipped []model.Skipped) ([]*unit, []model.Skipped, error) {
	if t.folder != "" {
		var err error
		if units, skipped, err = r.restrictTo(t.folder, units, skipped); err != nil {
			return nil, nil, err
		}
	}
	if !r.o.Paths && len(r.o.Include) == 0 {
		paths, err := r.bumpedSubmodules(t)
		for _, u := range units {
			if err == nil && len(paths) > 0 {
				err = r.fillBumps(u, paths)
			}
		}
		return units, skipped, err
	}
	var kept []*unit
	for _, u := range units {
		if err := r.fillPaths(u); err != nil {
			return nil, nil, err
		}
		if len(r.o.Include) == 0 || r.included(u) {
			kept = append(kept, u)
			continue
		}
		for _, c := range u.change.Commits() {
			skipped = append(skipped, model.Skipped{Commit: c, Bucket: model.BucketStructure, Reason: model.Because("elsewhere", strings.Join(r.o.Include, ", "))})
		}
	}
	return kept, skipped, nil
}

func (r *Repository) included(u *unit) bool {
	for _, p := range u.change.Paths {
		for _, glob := range r.o.Include {
			for _, name := range []string{p.Path, p.Old} {
				if ok, _ := doublestar.Match(glob, name); ok && name != "" {
					return true
				}
			}
		}
	}
	return false
}
