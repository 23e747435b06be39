package gitsource

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/message"
	"daybreak/internal/model"
)

// unitIndex finds changes of a range by hash, number and subject.
type unitIndex struct {
	r         *Repository
	byCommit  map[int32]*unit
	byRequest map[string][]*unit
	bySubject map[string][]*unit
}

func (r *Repository) indexUnits(units []*unit) (*unitIndex, error) {
	x := &unitIndex{r: r, byCommit: map[int32]*unit{}, byRequest: map[string][]*unit{}, bySubject: map[string][]*unit{}}
	for _, u := range units {
		x.byCommit[u.tip], x.byCommit[u.merge] = u, u
		for _, i := range u.inner {
			x.byCommit[i] = u
		}
		if u.change.Request != nil {
			x.byRequest[u.change.Request.Number] = append(x.byRequest[u.change.Request.Number], u)
		}
		for _, s := range r.subjects(u) {
			x.bySubject[s] = append(x.bySubject[s], u)
		}
	}
	// An octopus merge's own hash stands for all its sides; none of them alone.
	for _, u := range units {
		if u.merge != u.tip {
			delete(x.byCommit, u.merge)
		}
	}
	return x, nil
}

var requestSuffix = regexp.MustCompile(`\s*\((?:[#!]\d+|pull request #\d+)\)$`)

// plainSubject is a subject without what forges put behind it.
func plainSubject(s string) string {
	if s = strings.TrimSpace(s); strings.HasSuffix(s, ")") {
		s = requestSuffix.ReplaceAllString(s, "")
	}
	return s
}

// subjects are the lines by which a revert's quote can mean the change.
func (r *Repository) subjects(u *unit) []string {
	out := []string{plainSubject(u.change.Tip.Subject)}
	if q := u.change.Request; q != nil && q.Title != "" {
		out = append(out, plainSubject(q.Title))
	}
	if len(u.inner) == 1 {
		out = append(out, plainSubject(r.held[u.inner[0]].message.Subject))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// targets fills u.reverts from its tip's message, else from its inner commits.
func (x *unitIndex) targets(u *unit, diags *diag.List) error {
	tip, err := x.r.at(u.tip)
	if err != nil {
		return err
	}
	if saysRevert(&tip.message) {
		x.fromMessage(u, tip, diags)
	}
	for _, i := range u.inner {
		if f := x.r.held[i]; len(f.message.Reverts) > 0 || !saysRevert(&tip.message) && saysRevert(&f.message) {
			x.fromMessage(u, f, diags)
		}
	}
	return nil
}

func (u *unit) addTarget(t revertTarget) {
	for _, have := range u.reverts {
		if have.unit == t.unit && have.hash == t.hash {
			return
		}
	}
	u.reverts = append(u.reverts, t)
}

// fromMessage reads what one message takes back.
func (x *unitIndex) fromMessage(u *unit, f *facts, diags *diag.List) {
	m := &f.message
	known := false
	for _, written := range m.Reverts {
		at := x.r.position(written)
		if at < 0 {
			continue // a commit of the request's branch, squashed since
		}
		known = true
		x.addHash(u, at)
	}
	if known {
		return
	}
	for _, ref := range m.RevertsRequests {
		found := older(x.byRequest[ref.ID], u)
		if len(found) == 1 && ref.Repo != "" && m.RevertsSubject != "" && !slices.Contains(x.r.subjects(found[0]), plainSubject(m.RevertsSubject)) {
			continue // the number is another repository's: the quoted subject says so
		}
		if len(found) == 1 {
			u.addTarget(revertTarget{unit: found[0], hash: found[0].change.Tip.Hash, at: found[0].tip, whole: true})
			return
		} else if len(found) > 1 {
			x.ambiguous(f, fmt.Sprintf("request %s", ref), found, diags)
			return
		}
		if x.fromReleased(u, ref.ID, func(m *message.Message) bool { return m.Request != nil && m.Request.Number == ref.ID }) {
			return
		}
	}
	if m.RevertsSubject == "" {
		return
	}
	quoted := plainSubject(m.RevertsSubject)
	if m.Reapply {
		quoted = fmt.Sprintf("Revert %q", quoted)
	}
	switch found := older(x.bySubject[quoted], u); len(found) {
	case 0:
		if x.fromReleased(u, quoted, func(m *message.Message) bool {
			return strings.HasPrefix(m.Subject, quoted) && plainSubject(m.Subject) == quoted ||
				m.Request != nil && strings.HasPrefix(m.Request.Title, quoted) && plainSubject(m.Request.Title) == quoted
		}) {
			return
		}
		diags.Add(diag.New(diag.Warning, "revert-unknown", diag.Position{Commit: string(f.commit.Hash)}, diag.Say("it takes back %q, which is not found; it stands as a change of its own", m.RevertsSubject),
			diag.Say(`Name the commit in the message: "This reverts commit <hash>."`)))
		u.addTarget(revertTarget{at: -1})
	case 1:
		u.addTarget(revertTarget{unit: found[0], hash: found[0].change.Tip.Hash, at: found[0].tip, whole: true})
	default:
		x.ambiguous(f, fmt.Sprintf("the subject %q", m.RevertsSubject), found, diags)
	}
}

// maxReleasedSearch is how many ancestors of a revert are looked at for what it
// takes back, where it names no hash.
const maxReleasedSearch = 5000

// fromReleased finds what u takes back among the commits before the range: the
// youngest that fits. The name is what fits goes by: a request's number, or a
// subject as plainSubject gives it.
func (x *unitIndex) fromReleased(u *unit, name string, fits func(*message.Message) bool) bool {
	hashed := said(name)
	for i := range x.r.graph.ancestors(u.tip, maxReleasedSearch) {
		if x.byCommit[i] != nil || !x.r.mayBe(i, hashed) {
			continue
		}
		f, err := x.r.at(i)
		if err != nil {
			return false
		}
		if fits(&f.message) {
			u.addTarget(revertTarget{hash: f.commit.Hash, at: i})
			return true
		}
	}
	return false
}

// older keeps the changes that u can take back: those it can have known.
func older(found []*unit, u *unit) []*unit {
	var out []*unit
	for _, f := range found {
		if f != u && f.order < u.order {
			out = append(out, f)
		}
	}
	return out
}

func (x *unitIndex) ambiguous(f *facts, by string, found []*unit, diags *diag.List) {
	var ids []string
	for _, u := range found {
		id := u.change.ID
		if u.change.Request != nil { // one request can be merged twice
			id += " (" + u.change.Tip.Hash.Short() + ")"
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	diags.Add(diag.New(diag.Warning, "revert-ambiguous", diag.Position{Commit: string(f.commit.Hash)}, diag.Say("it takes something back by %s, which fits %s; neither is withdrawn", by, strings.Join(ids, " and ")),
		diag.Say(`Delete the headings of what was taken back, and of this, in the draft; a revert that says "This reverts commit <hash>." is never in doubt.`)))
}

// addHash records that u takes back the commit at a position.
func (x *unitIndex) addHash(u *unit, at int32) {
	hash := model.Hash(x.r.graph.ids[at].String())
	t := x.byCommit[at]
	switch {
	case t == u:
		// A branch that mends itself on the way: a detail of the change.
	case t == nil:
		u.addTarget(revertTarget{hash: hash, at: at})
	case at == t.tip || at == t.merge:
		u.addTarget(revertTarget{unit: t, hash: hash, at: at, whole: true})
	default:
		u.addTarget(revertTarget{unit: t, hash: hash, at: at, whole: x.soleWork(t, at)})
	}
}

// soleWork reports whether the commit is all that the change consists of, but
// for merges.
func (x *unitIndex) soleWork(u *unit, at int32) bool {
	for _, i := range u.inner {
		if i != at && len(x.r.graph.parents(i)) < 2 {
			return false
		}
	}
	return len(x.r.graph.parents(u.tip)) > 1
}
