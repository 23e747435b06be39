package main

import (
	"strings"

	"daybreak/internal/compose"
	"daybreak/internal/model"
	"daybreak/internal/publication"
)

// stages says how far each release is, by slug, for the team's list. It is empty
// where the workspace doesn't publish: then every tag is shown, and to say so of
// each would be noise. What `daybreak check` finds beyond a release's own texts
// and sheets would take a second build; `daybreak status` knows it.
func (w *workspace) stages(list []model.Release) (map[string]string, error) {
	ruled := false
	for i := range list {
		ruled = ruled || list[i].Publication != nil
	}
	if w.dir == "" || !ruled && w.config.Publish.After == "" {
		return nil, nil
	}
	out := map[string]string{}
	for i := range list {
		r := &list[i]
		switch {
		case r.Unreleased:
			continue
		case r.Publication == nil:
			if !r.Prerelease {
				out[r.Slug()] = stageWord(publication.Published) // by its tag's date
			}
			continue
		}
		c := publication.Case{Version: r.Version.String(), Publication: r.Publication, Words: map[model.Lang]*model.ReleaseWords{}, Approvals: w.config.Publish.Approvals}
		if c.Publication.Withdrawn.IsZero() && !c.Publication.Public() {
			if err := w.waiting(&c, list, r); err != nil {
				return nil, err
			}
		}
		out[r.Slug()] = stageWord(c.Standing())
	}
	return out, nil
}

// stageWord is the stage as the strings' keys have it.
func stageWord(s publication.Stage) string { return strings.ReplaceAll(string(s), " ", "") }

// waiting reads what decides over the stage of a release that isn't published.
func (w *workspace) waiting(c *publication.Case, list []model.Release, r *model.Release) error {
	var err error
	if c.Rollout, _, _, err = w.rollout(list, r); err != nil {
		return err
	}
	c.Problems = append(compose.Unclassified(w.config, r), compose.Wordless(w.config, r)...)
	for _, l := range w.config.Languages {
		c.Words[l] = compose.Words(w.config, r, l)
		c.Problems = append(c.Problems, compose.LintTexts(w.config, r, l)...)
		day, found := compose.LoadDay(w.content, l)
		s := w.sheetsOf(r, day, l)
		c.Problems = append(append(append(c.Problems, found...), s.inBook...), s.inChecks...)
	}
	return nil
}
