package gitsource

import (
	"slices"

	"daybreak/internal/model"
)

// foldTwins joins changes that one range holds twice: the same work merged to
// two branches that both lead here. The younger becomes a commit of the older.
func (r *Repository) foldTwins(units []*unit) []*unit {
	byCommit := map[model.Hash]*unit{}
	byKey := map[string]*unit{}
	gone := map[*unit]bool{}
	for k := len(units) - 1; k >= 0; k-- {
		u := units[k]
		if u.change.Bucket != "" || saysRevert(&r.held[u.tip].message) {
			continue
		}
		var twin *unit
		for _, h := range u.change.PickedFrom {
			if t := byCommit[h]; t != nil {
				twin = t
			}
		}
		id := u.key + "\x00" + titleKey(u.change.Title)
		if t := byKey[id]; u.key != "" && t != nil && titleKey(u.change.Title) != "" {
			twin = t
		}
		if twin == nil {
			byCommit[u.change.Tip.Hash], byCommit[u.change.Merge] = u, u
			byKey[id] = u
			continue
		}
		gone[u] = true
		twin.inner = append(append(twin.inner, u.inner...), u.tip)
		twin.change.Inner = append(append(twin.change.Inner, u.change.Inner...), u.change.Tip)
		for _, t := range u.change.Trailers {
			if !slices.Contains(twin.change.Trailers, t) {
				twin.change.Trailers = append(twin.change.Trailers, t)
			}
		}
	}
	return slices.DeleteFunc(units, func(u *unit) bool { return gone[u] })
}
