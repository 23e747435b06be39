package compose

import (
	"time"

	"daybreak/internal/model"
)

// SharedSheets gives the releases that need no sheets of their own, newest first:
// those that only put another number on a build which an earlier release has
// already. What is new stands on the sheets of that one; with ten
// thousand tags on a commit there would else be as many empty runbooks.
//
// The newest release of a line keeps its own, for its day may be to come: the
// newest final one, and the newest candidate of the next. So does every release
// that something was written of.
func SharedSheets(releases []model.Release, written func(slug string) bool) []model.SharedSheets {
	slugs := map[string]string{}
	for i := range releases {
		if r := &releases[i]; !r.Unreleased {
			slugs[r.Version.String()] = r.Slug()
		}
	}
	var out []model.SharedSheets
	seen := map[string]bool{}  // lines of which a newer release was seen
	final := map[string]bool{} // and those of which that was a final one
	for i := range releases {
		r := &releases[i]
		if r.Unreleased {
			continue
		}
		line := r.Version.Line
		newest := !final[line] && !(r.Prerelease && seen[line])
		seen[line], final[line] = true, final[line] || !r.Prerelease
		if to, ok := slugs[r.SameBuild]; ok && !newest && !written(r.Slug()) {
			out = append(out, model.SharedSheets{Version: r.Version.String(), Slug: r.Slug(), Of: to})
		}
	}
	return out
}

// How many of the newest releases have their day's sheets, and for how long after the
// newest one any has them: two trains. Older days are over.
const (
	sheetsKept = 24
	sheetsFor  = 6 * 7 * 24 * time.Hour
)

// WithSheets gives by slug the releases that have sheets of a day: nobody rolls out
// again what was rolled out years ago, and a history has thousands of these. Of all
// others the ledger says what was in them. Releases come newest first. The newest of
// each line keeps its sheets, as does every one that something was written of.
func WithSheets(releases []model.Release, written func(slug string) bool) map[string]bool {
	var newest time.Time
	for i := range releases {
		if r := &releases[i]; r.Date.After(newest) {
			newest = r.Date
		}
	}
	out, lines := map[string]bool{}, map[string]bool{}
	for i := range releases {
		r := &releases[i]
		first := !r.Prerelease && !lines[r.Version.Line]
		lines[r.Version.Line] = lines[r.Version.Line] || first
		if r.Unreleased || i < sheetsKept || first || newest.Sub(r.Date) <= sheetsFor || written(r.Slug()) {
			out[r.Slug()] = true
		}
	}
	return out
}
