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
