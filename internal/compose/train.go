package compose

import (
	"cmp"
	"slices"
	"strings"

	"daybreak/internal/model"
)

// Join makes one list of releases out of those of several repositories of one
// train, each newest first: releases of the same version become one release
// with the changes of all. A version that only some repositories have is a
// release of those. With one repository the list is given back as it is.
func Join(all [][]model.Release) []model.Release {
	if len(all) == 1 {
		return all[0]
	}
	var out []model.Release
	index := map[string]int{}
	for _, list := range all {
		for _, r := range list {
			qualify(&r)
			key := strings.ToLower(r.Version.Text)
			if i, ok := index[key]; ok {
				merge(&out[i], r)
				continue
			}
			r.Version.Line = "" // the train's version belongs to no single product line
			r.Parts = []model.Part{partOf(r)}
			index[key] = len(out)
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b model.Release) int {
		if a.Unreleased != b.Unreleased {
			if a.Unreleased {
				return -1
			}
			return 1
		}
		return b.Version.Compare(a.Version)
	})
	return out
}

// qualify makes the ids of changes unique among the repositories.
func qualify(r *model.Release) {
	if r.Repository == "" {
		return
	}
	r.Skipped = slices.Clone(r.Skipped)
	for i := range r.Skipped {
		r.Skipped[i].Repository = r.Repository
	}
	r.Changes = slices.Clone(r.Changes)
	for i := range r.Changes {
		r.Changes[i].ID = r.Repository + r.Changes[i].ID
		r.Changes[i].Repository = r.Repository
		if r.Changes[i].NoteOf != "" {
			r.Changes[i].NoteOf = r.Repository + r.Changes[i].NoteOf
		}
	}
}

func partOf(r model.Release) model.Part {
	return model.Part{Repository: r.Repository, Tag: r.Tag, Previous: r.Previous, Commit: r.Commit, Commits: r.Commits, Explain: r.Explain}
}

// merge adds another repository's part. The day of the train is its latest tag's.
func merge(into *model.Release, r model.Release) {
	into.Parts = append(into.Parts, partOf(r))
	into.Changes = append(slices.Clone(into.Changes), r.Changes...)
	into.Skipped = append(slices.Clone(into.Skipped), r.Skipped...)
	into.Alarms = append(slices.Clone(into.Alarms), r.Alarms...)
	into.Commits += r.Commits
	into.HotfixOf = cmp.Or(into.HotfixOf, r.HotfixOf)
	if into.SameBuild != r.SameBuild { // one of them brings something new
		into.SameBuild = ""
	}
	intro := model.Text{}
	for _, t := range []model.Text{into.Intro, r.Intro} {
		for l, text := range t {
			intro[l] = strings.TrimSpace(intro[l] + "\n\n" + text)
		}
	}
	into.Intro = intro
	if r.Date.After(into.Date) {
		into.Date = r.Date
	}
}
