package compose

import (
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/model"
)

// Found is one place where a change is in a release.
type Found struct {
	Release *model.Release
	Change  *model.Change // nil where only a structural commit matched
	Commit  model.Commit  // the commit that matched, or the change's tip
	How     string        // "hash", "request", "ticket"; "message" names it; "delivered": there first; "lost": a merge threw it away there
}

// Find looks for a ticket, a request ("!12", "#12", "12") or the beginning of
// a hash (7 digits at least) in all releases, and gives the places oldest
// release first: the first one whose change isn't withdrawn is the answer to
// "is my fix in?". A backport is found by what it was picked from, and wherever
// history says that a change was delivered earlier, that place is given too.
//
// A ticket that no setting makes a reference is looked for in the messages.
func Find(releases []model.Release, query string) []Found {
	query = strings.TrimSpace(query)
	out := found(releases, func(ch *model.Change) (string, model.Commit) { return matches(ch, query) })
	for i := range releases {
		for _, s := range releases[i].Skipped {
			if isHash(query, s.Commit.Hash) {
				out = append(out, Found{&releases[i], nil, s.Commit, "hash"})
			}
		}
	}
	if len(out) == 0 && ticketLike.MatchString(query) {
		word := regexp.MustCompile(`(?i)(?:^|[^\pL\pN_-])` + regexp.QuoteMeta(query) + `(?:[^\pL\pN_]|$)`)
		out = found(releases, func(ch *model.Change) (string, model.Commit) { return mentions(ch, word) })
	}
	out = append(out, deliveredEarlier(releases, out)...)
	out = append(out, lostIn(releases, out)...)
	slices.SortStableFunc(out, func(a, b Found) int { return byVersion(a.Release, b.Release) })
	return out
}

// ticketLike is the form of nearly all trackers' ids.
var ticketLike = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*-[0-9]+$`)

// found gives the changes of all releases that fit, oldest release first.
func found(releases []model.Release, fits func(*model.Change) (string, model.Commit)) []Found {
	var out []Found
	for i := len(releases) - 1; i >= 0; i-- {
		r := &releases[i]
		for k := range r.Changes {
			ch := &r.Changes[k]
			if how, commit := fits(ch); how != "" {
				out = append(out, Found{r, ch, commit, how})
			}
		}
	}
	return out
}

// mentions says which commit's message names the word.
func mentions(ch *model.Change, word *regexp.Regexp) (string, model.Commit) {
	for _, c := range ch.Commits() {
		if word.MatchString(c.Subject) || word.MatchString(c.Body) {
			return "message", c
		}
	}
	return "", model.Commit{}
}

// lostIn gives the releases that hold a change by their commits alone: a merge on
// the way to them threw its work away.
func lostIn(releases []model.Release, have []Found) []Found {
	var out []Found
	for i := range releases {
		r := &releases[i]
		for _, a := range r.Alarms {
			if slices.ContainsFunc(have, func(f Found) bool { return f.Release != r && f.Commit.Hash == a.Commit }) {
				out = append(out, Found{r, nil, model.Commit{Hash: a.Commit, Subject: a.Subject}, "lost"})
			}
		}
	}
	return out
}

// deliveredEarlier gives the places where the changes found were delivered
// first, where those aren't among them.
func deliveredEarlier(releases []model.Release, have []Found) []Found {
	as := map[model.Hash]bool{}
	for _, f := range have {
		if f.Change != nil && f.Change.InAs != "" {
			as[f.Change.InAs] = true
		}
	}
	if len(as) == 0 {
		return nil
	}
	return found(releases, func(ch *model.Change) (string, model.Commit) {
		if !as[ch.Tip.Hash] || slices.ContainsFunc(have, func(f Found) bool { return f.Change == ch }) {
			return "", model.Commit{}
		}
		return "delivered", ch.Tip
	})
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
