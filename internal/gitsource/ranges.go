package gitsource

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

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
	return r.single(ctx, file, func() (rel model.Release, diags diag.List, err error) {
		if diags, err = r.releaseTags(); err != nil {
			return rel, nil, err
		}
		var more diag.List
		err = r.inPart(ctx, "", version, func() error {
			t := r.tags.find(version)
			if t == nil {
				return r.unknownRelease(version)
			}
			r.tags.settle(t)
			if !t.opened() {
				return errLacking
			}
			rel, more, err = r.release(t, r.tags.explain(r.graph, t))
			return err
		})
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
		if r.part == nil || r.part.clocks == nil { // what is kept is sure
			keep := file.answers()
			keep.put(answer{Release: rel})
			keep.keep(diags)
		}
	}
	r.expandSubmodules(ctx, &rel)
	return rel, r.watchTags(diags), nil
}

func (r *Repository) unknownRelease(version string) error {
	p := diag.Refuse("unknown-release", diag.Say("there is no release %q", version),
		diag.Phrase{})
	if strings.EqualFold(version, "unreleased") {
		p.Reword(diag.Say("nothing is unreleased: the main line's tip is tagged"))
	}
	var names []string
	for _, t := range newestFirst(r.tags.list) {
		if !t.unreleased() && len(names) < 3 {
			names = append(names, t.name)
		}
	}
	if len(names) > 0 {
		p.Advise(diag.Say("The newest are %s; `daybreak releases` lists all.", strings.Join(names, ", ")))
	} else {
		p.Advise(diag.Say("The repository has no release tags; \"unreleased\" is all there is."))
	}
	return p
}

// newestFirst orders releases for Releases. Where a repository's parts are tagged one
// after another on a day, the product's newest own version of that day stands before
// theirs: seconds say nothing about which of them is the newest.
func newestFirst(list []*tagged) []*tagged {
	byLine := map[string][]*tagged{}
	var led time.Time // the day that the product's own version leads already
	var out []*tagged
	for _, t := range list {
		if t.unreleased() {
			out = append(out, t)
		} else {
			line := t.version.Line
			if t.former {
				line += "\x00" // a queue of its own: they may be patched for years beside those of now
			}
			byLine[line] = append(byLine[line], t)
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
		if own := byLine[""]; len(own) > 0 && sameDay(own[len(own)-1].date, top.date) && !sameDay(led, top.date) {
			best, top = "", own[len(own)-1]
			led = top.date
		}
		byLine[best] = byLine[best][:len(byLine[best])-1]
		out = append(out, top)
	}
	return out
}

func sameDay(a, b time.Time) bool {
	return a.UTC().Truncate(24 * time.Hour).Equal(b.UTC().Truncate(24 * time.Hour))
}

// Range gives what lies between two revisions (tags, branches, hashes; "" for
// from is the root), told as a release of its own.
func (r *Repository) Range(ctx context.Context, from, to string) (model.Release, diag.List, error) {
	// The ends may be branches: those count with where they point. Of an end that is
	// none, it counts whether a branch ends there, see Repository.end.
	var ends strings.Builder
	fmt.Fprintf(&ends, "%q %q", from, to)
	for _, name := range slices.Sorted(maps.Keys(r.refs)) {
		if !strings.HasPrefix(name, "refs/tags/") {
			fmt.Fprintf(&ends, " %s %s", r.refs[name], name)
		}
	}
	key := r.state()
	if key != "" {
		key += ends.String()
	}
	file := r.cached("range", fmt.Sprintf("%s %q %q", r.place(), from, to), key)
	return r.single(ctx, file, func() (model.Release, diag.List, error) { return r.rangeOf(ctx, from, to) })
}

func (r *Repository) rangeOf(ctx context.Context, from, to string) (rel model.Release, diags diag.List, err error) {
	if diags, err = r.releaseTags(); err != nil {
		return rel, nil, err
	}
	var more diag.List
	answer := func() error {
		t, err := r.asked(ctx, from, to)
		if err != nil {
			return err
		}
		why := model.Reasons{model.Because("asked", from, to)}
		if from == "" {
			why = model.Reasons{model.Because("asked-root", to)}
		}
		rel, more, err = r.release(t, why)
		return err
	}
	if from == "" { // all of history
		if _, err = r.prepare(ctx); err == nil {
			err = answer()
		}
	} else {
		err = r.inPart(ctx, from, to, answer)
	}
	if err != nil {
		return model.Release{}, nil, err
	}
	return rel, append(diags, more...), nil
}

// asked makes a release of two revisions.
func (r *Repository) asked(ctx context.Context, from, to string) (*tagged, error) {
	end, err := r.revision(ctx, to)
	if err != nil {
		return nil, err
	}
	var start int32
	if from != "" {
		if start, err = r.revision(ctx, from); err != nil {
			return nil, err
		}
		if end, err = r.revision(ctx, to); err != nil { // it may stand elsewhere now
			return nil, err
		}
	}
	t := r.end(end)
	if known := r.releaseNamed(to); known != nil {
		*t = *known
	}
	t.settled, t.traced, t.hotfixOf = true, true, nil // a range begins where it was asked to, and mends nothing
	if t.previous, t.start = nil, startRoot; from != "" {
		p := r.releaseNamed(from)
		if p == nil {
			p = r.end(start)
			p.name = from
			if below := r.releaseAt(p); below != nil {
				r.tags.settle(below)
				p.version, p.former, p.previous = below.version, below.former, below.previous
			}
		}
		t.previous, t.start = p, startAncestor
	}
	return t, nil
}

// end makes a range's end of a commit that no release marks.
func (r *Repository) end(at int32) *tagged {
	h := r.graph.ids[at]
	t := &tagged{at: at, commit: h, gen: r.graph.gens[at], date: time.Unix(r.graph.times[at], 0), index: -1, set: r.tags, settled: true}
	if r.part != nil {
		known, err := r.part.header(h)
		if err != nil {
			r.part.want(plumbing.ZeroHash)
		}
		t.gen, t.late = known.gen, known.late
	}
	t.past = h != r.mainTip
	for name, tip := range r.refs {
		t.past = t.past && (tip != h || strings.HasPrefix(name, "refs/tags/"))
	}
	return t
}

// releaseAt is the release that a commit follows which no release marks; nil where
// there is none. It is the one that the commit's range would start at if it had been
// released when it was made.
func (r *Repository) releaseAt(p *tagged) *tagged {
	t := *p
	t.name, t.past = "", true
	r.tags.settlePrevious(r.graph, &t)
	return t.previous
}
