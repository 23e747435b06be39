package gitsource

import (
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/message"
	"daybreak/internal/model"
)

// weights order commits of a branch by how much the kind that their header names says
// to readers, the most telling first. Types that name none stand with commits without a
// header, which may be anything.
var weights = map[string]int{
	string(model.KindAdded): 1, string(model.KindSecurity): 2, string(model.KindRemoved): 3, string(model.KindDeprecated): 3,
	string(model.KindFixed): 4, string(model.KindChanged): 5, model.Internal: 8,
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
	if w, ok := weights[model.TypeKind(m.Header.Type)]; ok {
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
