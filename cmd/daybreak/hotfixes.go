package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// hotfixes says what the tags know of the hotfixes that a journal names.
func (w *workspace) hotfixes(list []model.Release, text string) []journal.PlanHotfix {
	return compose.Hotfixes(slices.Concat(list, w.beside), journal.HotfixVersions(text+"\n"+w.typed))
}

// readBeside reads the releases that the day of a single one speaks of: the
// hotfixes that its journal names and, for a hotfix, the release that it mends.
// What has no tag yet is no error: a hotfix is written down before, too.
func (w *workspace) readBeside(ctx context.Context, r *model.Release) error {
	text, _, err := w.journalText(r.Slug())
	if err != nil {
		return err
	}
	names := journal.HotfixVersions(text + "\n" + w.typed)
	if before := cmp.Or(r.HotfixOf, r.Previous); before != "" {
		names = append(names, before)
	}
	if len(names) > 0 && len(w.repositories()) > 1 {
		names = []string{""} // a hotfix may be a release of one of them alone
	}
	w.beside = nil
	for _, name := range names {
		if name == r.Version.String() {
			continue
		}
		list, _, err := w.releases(ctx, name, w.needsPaths(), nil)
		var p *diag.Problem
		if errors.As(err, &p) && p.Code == "unknown-release" {
			continue
		}
		if err != nil {
			return err
		}
		w.beside = append(w.beside, list...)
	}
	return nil
}

// checkAgain puts on a hotfix's checklist what must be checked again of the
// release that it mends, as that one's journal has it.
func (w *workspace) checkAgain(checks *model.Checklist, day compose.DayContent, list []model.Release, r *model.Release, l model.Lang) error {
	if r.Unreleased {
		return nil
	}
	all := list
	if len(w.beside) > 0 {
		all = slices.Concat(list, w.beside)
	}
	mended, text, err := w.mended(all, r)
	if err != nil || mended == nil {
		return err
	}
	h := w.header(mended, l)
	book, _ := compose.Runbook(w.config, mended, day, h)
	of, _ := compose.Checklist(w.config, mended, day, h)
	plan := w.plan(&book, &of)
	plan.Hotfixes = w.hotfixes(all, text)
	events, _ := journal.Parse(journalName(mended.Slug()), text, plan)
	state, _ := journal.Derive(journalName(mended.Slug()), events, plan)
	compose.CheckAgain(checks, &of, plan, state)
	return nil
}

// mended finds the release whose journal names another one as its hotfix, and
// that journal; nil where none does.
func (w *workspace) mended(all []model.Release, hotfix *model.Release) (*model.Release, string, error) {
	if w.mends == nil {
		w.mends = map[string]string{}
		files, err := fs.Glob(w.content, "journal/*.log")
		if err != nil {
			return nil, "", fmt.Errorf("looking for journals: %w", err)
		}
		for _, file := range files {
			slug := strings.TrimSuffix(path.Base(file), ".log")
			text, _, err := w.journalText(slug)
			if err != nil {
				return nil, "", err
			}
			for _, v := range journal.HotfixVersions(text) {
				w.mends[v] = slug
			}
		}
	}
	slug, ok := w.mends[hotfix.Version.String()]
	if !ok || slug == hotfix.Slug() {
		return nil, "", nil // most releases are no hotfix
	}
	i := slices.IndexFunc(all, func(r model.Release) bool { return r.Slug() == slug })
	if i < 0 {
		return nil, "", nil
	}
	text, _, err := w.journalText(slug)
	return &all[i], text, err
}
