package compose

import (
	"slices"
	"strings"

	"daybreak/internal/model"
)

// Found is one place where a change is in a release.
type Found struct {
	Release *model.Release
	Change  *model.Change // nil where only a structural commit matched
	Commit  model.Commit  // the commit that matched, or the change's tip
	How     string        // "hash", "request", "ticket"
}

// Find looks for a ticket, a request ("!12", "#12", "12") or the beginning of
// a hash (7 digits at least) in all releases, and gives the places oldest
// release first: the first one whose change isn't withdrawn is the answer to
// "is my fix in?". A backport is found by what it was picked from.
func Find(releases []model.Release, query string) []Found {
	query = strings.TrimSpace(query)
	var out []Found
	for i := len(releases) - 1; i >= 0; i-- {
		r := &releases[i]
		for k := range r.Changes {
			ch := &r.Changes[k]
			if how, commit := matches(ch, query); how != "" {
				out = append(out, Found{r, ch, commit, how})
			}
		}
		for _, s := range r.Skipped {
			if isHash(query, s.Commit.Hash) {
				out = append(out, Found{r, nil, s.Commit, "hash"})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Found) int { return byVersion(a.Release, b.Release) })
	return out
}

// matches says how a change fits the query, "" where it doesn't.
func matches(ch *model.Change, query string) (string, model.Commit) {
	for _, c := range ch.Commits() {
		if isHash(query, c.Hash) {
			return "hash", c
		}
	}
	for _, h := range ch.PickedFrom {
		if isHash(query, h) {
			return "hash", ch.Tip
		}
	}
	bare := strings.TrimLeft(query, "#!")
	if q := ch.Request; q != nil && strings.EqualFold(q.Number, bare) && (bare == query || q.Sign == "" || strings.HasPrefix(query, q.Sign)) {
		return "request", ch.Tip
	}
	if strings.EqualFold(ch.ID, query) {
		return "request", ch.Tip
	}
	for _, ref := range ch.Refs {
		if strings.EqualFold(ref.String(), query) || strings.EqualFold(ref.Sign+ref.ID, query) || ref.Sign == "" && strings.EqualFold(ref.ID, query) {
			return "ticket", ch.Tip
		}
	}
	return "", model.Commit{}
}

// isHash reports whether the query is the beginning of the hash, 7 digits at
// least, as git abbreviates.
func isHash(query string, h model.Hash) bool {
	return len(query) >= 7 && strings.HasPrefix(string(h), strings.ToLower(query))
}
