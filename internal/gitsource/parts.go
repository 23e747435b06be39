package gitsource

import (
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/model"
)

// dateLine is the line of tags that name a day in a repository whose releases
// have numbers.
const dateLine = "date"

// partDates gives tags that name a day a line of their own where the newest
// release of their line has a number: 2017-05-23 would else come after 1.157.
// Where the newest is dated, the project has gone over to days.
func partDates(list []*tagged) {
	newest := map[string]time.Time{}
	dated, numbered := map[string]bool{}, map[string]bool{}
	for _, t := range list {
		line := t.version.Line
		dated[line] = dated[line] || t.version.Dated()
		numbered[line] = numbered[line] || !t.version.Dated()
		if t.date.After(newest[line]) && !t.version.Dated() {
			newest[line] = t.date
		}
	}
	last := map[string]time.Time{}
	for _, t := range list {
		if t.version.Dated() && t.date.After(last[t.version.Line]) {
			last[t.version.Line] = t.date
		}
	}
	for _, t := range list {
		line := t.version.Line
		if t.version.Dated() && dated[line] && numbered[line] && newest[line].After(last[line]) {
			t.version.Line = strings.TrimPrefix(line+"-"+dateLine, "-")
			t.version.LineText = ""
		}
	}
}

// markFormer finds the releases of lines whose numbers began anew after them: called by
// years first, and by small numbers since, as 2015.1.4 before 33.0.0. A small number
// that carries on one from before the years, as 9.0.1 does 9.0.0, is no new beginning.
func markFormer(list []*tagged) {
	years := map[string]time.Time{} // when a line was first called by a year
	for _, t := range list {
		if line := t.version.Line; t.version.Yearly() && (years[line].IsZero() || t.date.Before(years[line])) {
			years[line] = t.date
		}
	}
	highest := map[string]int{} // the first number that the line had come to before
	small := func(t *tagged) bool { return !t.version.Yearly() && !years[t.version.Line].IsZero() }
	for _, t := range list {
		if line := t.version.Line; small(t) && !t.date.After(years[line]) {
			highest[line] = max(highest[line], t.version.Numbers[0]+1)
		}
	}
	isNew := func(t *tagged) bool { return small(t) && t.version.Numbers[0] >= highest[t.version.Line] }
	anew := map[string]bool{}
	for _, t := range list {
		if isNew(t) {
			anew[t.version.Line] = true
		}
	}
	for _, t := range list {
		t.former = anew[t.version.Line] && !isNew(t)
	}
}

// compare orders releases by line and version; those from before numbers began anew
// stand below the others.
func (t *tagged) compare(o *tagged) int {
	if t.former != o.former && t.version.Line == o.version.Line {
		if t.former {
			return -1
		}
		return 1
	}
	return t.version.Compare(o.version)
}

// restrictTo leaves out the changes that do nothing to a folder.
func (r *Repository) restrictTo(folder string, units []*unit, skipped []model.Skipped) ([]*unit, []model.Skipped, error) {
	var kept []*unit
	for _, u := range units {
		touches, err := r.touches(u, folder)
		if err != nil {
			return nil, nil, err
		}
		if touches {
			kept = append(kept, u)
			continue
		}
		for _, c := range u.change.Commits() {
			skipped = append(skipped, model.Skipped{Commit: c, Bucket: model.BucketStructure, Reason: model.Because("elsewhere", folder)})
		}
	}
	return kept, skipped, nil
}

// touches reports whether a change leaves something else at a path than there
// was: folders are compared by their ids.
func (r *Repository) touches(u *unit, path string) (bool, error) {
	differ := func(base, tip plumbing.Hash) (bool, error) {
		if base == tip {
			return false, nil
		}
		var now, before leaf
		var err error
		if !base.IsZero() {
			if before, err = r.trees.blobAt(base, path); err != nil {
				return false, err
			}
		}
		now, err = r.trees.blobAt(tip, path)
		return now != before, err
	}
	base, tip, err := r.treesOf(u)
	if err != nil {
		return false, err
	}
	if is, err := differ(base, tip); is || err != nil || !u.apart {
		return is, err
	}
	for _, i := range u.inner {
		f, err := r.at(i)
		if err != nil {
			return false, err
		}
		if base, err = r.baseTree(i); err != nil {
			return false, err
		}
		if is, err := differ(base, f.tree); is || err != nil {
			return is, err
		}
	}
	return false, nil
}
