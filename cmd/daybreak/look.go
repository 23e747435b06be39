package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/gitsource"
	"daybreak/internal/model"
)

// look fits a starter to the repository. Without a path it is the one in the
// current folder; where there is none, the starter knows nothing.
func look(ctx context.Context, repo, workspace string) (starter, error) {
	s := starter{Name: "Product", Titles: model.English, Unclassified: "withhold"}
	path := repo
	if path == "" {
		path = "."
	}
	r, err := gitsource.Open(path, gitsource.Options{})
	var problem *diag.Problem
	if repo == "" && errors.As(err, &problem) && problem.Code == "not-a-repository" {
		s.settle(model.English)
		return s, nil
	}
	if err != nil {
		return s, err
	}
	defer r.Close()
	info, err := r.Info(ctx)
	if err != nil {
		return s, fmt.Errorf("looking at the repository %q: %w", path, err)
	}
	if s.Path, err = relative(workspace, path); err != nil {
		return s, err
	}
	s.fit(info)
	return s, nil
}

// fit takes over what holds in a file that people read; all of it is untrusted.
func (s *starter) fit(info gitsource.Info) {
	if name := oneLine(info.Name); name != "" {
		s.Name = name
	}
	s.Newest = oneLine(info.Newest)
	s.Main = oneLine(info.Main)
	s.Forge = info.Forge
	s.URL = oneLine(info.RemoteURL)
	const someGlobs = 4 // with more product lines the default, every version, reads better
	if len(info.Tags) <= someGlobs {
		s.Tags = info.Tags
	}
	if info.Language != "" {
		s.Titles = info.Language
	}
	s.Tickets = info.Tickets
	s.Areas = areasOf(info.Folders)
	s.People = peopleOf(info.Authors)
	if info.Commits > 0 {
		s.Counted = true
		s.Conventional = int(info.Conventional*100 + 0.5)
	}
	// Where few titles say what they are, withholding the others would leave the
	// notes empty.
	if s.Counted && s.Conventional < 50 {
		s.Unclassified = "tell"
	}
	s.dropUnreadable()
	s.settle(s.Titles)
}

// dropUnreadable leaves out what daybreak.yaml would refuse: it has no
// business in a file that is to hold from the first line on.
func (s *starter) dropUnreadable() {
	holds := func(key, value string) bool {
		_, list := config.Parse(config.Name, []byte("repositories: [{path: x, "+key+": "+value+"}]"))
		return len(list) == 0
	}
	if !holds("main", quoteAlways(s.Main)) {
		s.Main = ""
	}
	if !holds("url", quoteAlways(s.URL)) {
		s.URL = ""
	}
	if !holds("forge", quoteAlways(s.Forge)) {
		s.Forge = ""
	}
	for _, glob := range s.Tags {
		if oneLine(glob) != glob || !holds("tags", "["+quoteAlways(glob)+"]") {
			s.Tags = nil
			break
		}
	}
}

// settle chooses the documents' primary language, and a time zone for it.
func (s *starter) settle(l model.Lang) {
	s.Language, s.Timezone = l, "UTC"
	if l == model.German {
		s.Timezone = "Europe/Berlin"
	}
}

// relative gives the repository's path as seen from the workspace, with
// slashes; absolute where there is no way between them (another drive).
func relative(workspace, repo string) (string, error) {
	from, err := realPath(workspace)
	if err != nil {
		return "", err
	}
	to, err := realPath(repo)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(from, to)
	if err != nil {
		rel = to
	}
	return filepath.ToSlash(rel), nil
}

// realPath follows the links of the part of a path that exists: ".." counts
// from where a link leads.
func realPath(p string) (string, error) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return "", fmt.Errorf("finding %q: %w", p, err)
	}
	for rest := ""; ; {
		if real, err := filepath.EvalSymlinks(abs); err == nil {
			return filepath.Join(real, rest), nil
		} else if !errors.Is(err, os.ErrNotExist) || filepath.Dir(abs) == abs {
			return "", fmt.Errorf("finding %q: %w", strings.TrimSpace(p), err)
		}
		rest = filepath.Join(filepath.Base(abs), rest)
		abs = filepath.Dir(abs)
	}
}
