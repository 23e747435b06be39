package fragment

import (
	"errors"
	"path"
	"slices"
	"sort"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Tree is one revision of a repository, as far as the place of note files is
// concerned. Paths have slashes and no slash in front.
type Tree interface {
	File(path string) (data []byte, ok bool, err error)
	Files(globs ...string) ([]string, error)
}

// defaultFolder is where our own notes lie. The hidden folder of our own name
// can't be somebody's prose that is taken for notes.
const defaultFolder = ".daybreak/notes"

// Detect finds the places of note files in a revision: those of the settings,
// or without any, what the revision's own files say. lang is the language of
// notes that don't name theirs. Only a revision that can't be read is an error.
func Detect(tree Tree, settings []Setting, lang model.Lang) ([]Source, diag.List, error) {
	auto := len(settings) == 0
	if auto {
		for _, f := range []string{Daybreak, Changie, Towncrier, Reno, Scriv} {
			settings = append(settings, Setting{Format: f})
		}
	}
	var out []Source
	var list diag.List
	for _, set := range settings {
		s := Source{Format: set.Format, lang: lang, kinds: map[string]string{}, types: map[string]kindOf{}, sections: map[string]string{}}
		if set.Lang != "" {
			s.lang = set.Lang
		}
		for k, v := range set.Kinds {
			s.kinds[strings.ToLower(k)] = v
		}
		ok, file, err := s.find(tree, set, auto)
		var bad *badConfig
		if s.unsure != "" {
			list.Add(problem(s.unsure, 0, 0, "missing-contents", diag.Say("the clone lacks the contents of this file, so nobody can tell whether it names note files"), diag.Say("Fetch them with `git fetch --refetch --no-filter`, or set `fragments` for the repository in daybreak.yaml.")))
		}
		switch {
		case err == nil && ok:
			out = append(out, s)
		case err == nil:
		case errors.As(err, &bad):
			list.Add(problem(file, 0, 0, "note-settings", diag.Say("the settings of %s can't be read: %v", set.Format, bad.err), diag.Say("Its notes are left out until that is mended.")))
		default:
			return nil, list, err
		}
	}
	return out, list, nil
}

// badConfig is a tool's configuration that can't be read.
type badConfig struct{ err error }

func (b *badConfig) Error() string { return b.err.Error() }

// find fills the source; false where the revision doesn't use the format.
func (s *Source) find(tree Tree, set Setting, auto bool) (ok bool, file string, err error) {
	folder := clean(set.Path)
	switch s.Format {
	case Daybreak:
		if folder == "" {
			folder = defaultFolder
		}
		s.Folders, s.Globs, s.Except = []string{folder}, []string{glob(folder) + "/**/*.md"}, []string{glob(folder) + "/**/README.md"}
		return true, "", nil
	case Changie:
		return s.config(tree, []string{".changie.yaml", ".changie.yml"}, !auto, func(_ string, data []byte) (bool, error) {
			return true, s.changieSource(data, folder)
		})
	case Towncrier:
		ok, file, err = s.config(tree, []string{"towncrier.toml", "pyproject.toml"}, false, func(_ string, data []byte) (bool, error) {
			return s.townSource(data, folder)
		})
		if !ok && err == nil && !auto && folder != "" {
			return s.config(tree, nil, true, func(string, []byte) (bool, error) {
				return s.townSource([]byte("[tool.towncrier]\n"), folder)
			})
		}
		return ok, file, err
	case Reno:
		if auto {
			found, err := tree.Files("releasenotes/notes/*.yaml", "releasenotes/config.yaml", "reno.yaml")
			if err != nil || len(found) == 0 {
				return false, "", err
			}
		}
		return s.config(tree, []string{"releasenotes/config.yaml", "reno.yaml"}, true, func(_ string, data []byte) (bool, error) {
			return true, s.renoSource(data, folder)
		})
	case Scriv:
		ok, file, err = s.config(tree, []string{"changelog.d/scriv.ini", "setup.cfg", "tox.ini", "pyproject.toml"}, false, func(name string, data []byte) (bool, error) {
			return s.scrivSource(name, data, folder)
		})
		if !ok && err == nil && !auto {
			if folder == "" {
				folder = "changelog.d"
			}
			s.scriv(folder)
			return true, "", nil
		}
		return ok, file, err
	}
	return false, "", nil
}

// config reads the first of the files that speaks of the tool; with always, an
// absent one counts as empty.
func (s *Source) config(tree Tree, files []string, always bool, read func(string, []byte) (bool, error)) (bool, string, error) {
	for _, name := range files {
		data, there, err := tree.File(name)
		if shared := name == "pyproject.toml" || name == "setup.cfg" || name == "tox.ini"; shared && err != nil && lacksContents(err) {
			s.unsure = name // it may well say nothing of notes
			continue
		}
		if err != nil {
			return false, name, err
		}
		if !there {
			continue
		}
		ok, err := read(name, data)
		if err != nil {
			return false, name, &badConfig{err}
		}
		if ok {
			return true, name, nil
		}
	}
	if !always {
		return false, "", nil
	}
	ok, err := read("", nil)
	return ok, "", err
}

// lacksContents reports a partial clone's missing file.
func lacksContents(err error) bool {
	var p *diag.Problem
	return errors.As(err, &p) && p.Code == "missing-contents"
}

// clean makes a path as git has it; what leaves the repository becomes "".
func clean(p string) string {
	p = path.Clean(strings.ReplaceAll(strings.TrimSpace(p), `\`, "/"))
	if p == "." || p == ".." || strings.HasPrefix(p, "../") {
		return ""
	}
	return strings.TrimPrefix(p, "/")
}

// glob makes a path a glob that matches only itself.
func glob(p string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`).Replace(p)
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return slices.Compact(out)
}
