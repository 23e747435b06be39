package gitsource

import (
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/message"
	"daybreak/internal/model"
)

// weights order commits of a branch by how much their header says to readers,
// the most telling first. Types that aren't here stand with commits without a
// header, which may be anything.
var weights = map[string]int{
	"feat": 1, "feature": 1, "add": 1, "added": 1, "new": 1, "security": 2, "sec": 2,
	"remove": 3, "removed": 3, "deprecate": 3, "deprecated": 3, "fix": 4, "fixed": 4, "bugfix": 4, "hotfix": 4, "bug": 4,
	"perf": 5, "change": 5, "changed": 5, "improve": 5, "improvement": 5, "enhance": 5, "enhancement": 5, "ui": 5, "ux": 5,
	"chore": 8, "ci": 8, "test": 8, "tests": 8, "build": 8, "style": 8, "refactor": 8, "doc": 8, "docs": 8, "deps": 8,
	"release": 8, "wip": 8, "internal": 8, "lint": 8, "tooling": 8, "dev": 8, "cleanup": 8, "meta": 8, "infra": 8,
}

const (
	weightTelling = 5 // up to here a header speaks of work of its own
	weightUnsaid  = 6
	weightMending = 9 // it mends or takes back another commit of its branch
)

// weight is a commit's place in that order.
func weight(m *message.Message) int {
	switch {
	case strings.HasPrefix(m.Subject, "fixup!"), strings.HasPrefix(m.Subject, "squash!"), strings.HasPrefix(m.Subject, "amend!"), saysRevert(m):
		return weightMending
	case hasOwnNote(m), m.Header.Breaking && m.Header.Type != "":
		return 0
	}
	if w, ok := weights[m.Header.Type]; ok {
		return w
	}
	return weightUnsaid
}

// spokesman finds the commit of a branch that says best what the branch is for,
// where its merge doesn't: the most telling one, of equal ones the oldest.
func (r *Repository) spokesman(u *unit, tip *facts) *facts {
	best := tip
	least := weightMending + 1
	if len(r.graph.parents(u.tip)) < 2 {
		least = weight(&tip.message)
	}
	for _, i := range slices.Backward(u.inner) {
		if len(r.graph.parents(i)) > 1 {
			continue
		}
		f := r.held[i]
		if w := weight(&f.message); w <= least {
			best, least = f, w
		}
	}
	return best
}

// apart divides what a plain merge, or a side of an octopus, brought: where its
// commits have headers or notes of their own that speak of several things, each
// of these is a change, as if it had been made on the line. The commits between
// belong to the one before them. It gives nil where the branch is one change: it
// is a request, whoever merged it said what it is, or its commits speak of one
// thing.
func (w *walk) apart(u *unit) []*unit {
	g := w.r.graph
	tip := w.facts(u.tip)
	if tip == nil || u.foreign || u.tip == u.merge && (hasRealTitle(tip) || tip.message.Request != nil || tip.message.ChangeID != "") {
		return nil
	}
	commits := slices.Clone(u.inner)
	if u.tip != u.merge {
		commits = append(commits, u.tip)
	}
	var heads []int32
	said := map[string]bool{}
	for _, i := range commits {
		f := w.facts(i)
		if f == nil {
			return nil
		}
		if len(g.parents(i)) > 1 {
			if f.message.Request != nil {
				return nil // requests in a branch are nested, see nest
			}
			continue
		}
		title := strings.ToLower(f.message.Title)
		if weight(&f.message) <= weightTelling && !said[title] {
			said[title] = true
			heads = append(heads, i)
		}
	}
	if len(heads) < 2 {
		return nil
	}
	parts := make([]*unit, len(heads))
	for k, i := range heads {
		parts[k] = &unit{merge: i, tip: i, apart: true}
	}
	at := 0
	for _, i := range commits {
		if at+1 < len(heads) && w.compare(i, heads[at+1]) >= 0 {
			at++
		}
		if i != heads[at] {
			parts[at].inner = append(parts[at].inner, i)
		}
	}
	if u.tip == u.merge {
		w.skip(u.tip, model.Because("told-apart", tip.message.Source, strconv.Itoa(len(heads))))
	}
	return parts
}
