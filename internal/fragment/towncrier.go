package fragment

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// townConfig is what of [tool.towncrier] says how notes are read.
type townConfig struct {
	Package    string   `toml:"package"`
	PackageDir string   `toml:"package_dir"`
	Directory  *string  `toml:"directory"`
	Filename   string   `toml:"filename"`
	Orphan     *string  `toml:"orphan_prefix"`
	Ignore     []string `toml:"ignore"`
	Template   string   `toml:"template"`
	Section    []struct {
		Name string `toml:"name"`
		Path string `toml:"path"`
	} `toml:"section"`
	Type []struct {
		Name        string `toml:"name"`
		Directory   string `toml:"directory"`
		ShowContent bool   `toml:"showcontent"`
	} `toml:"type"`
	Fragment map[string]struct {
		Name        string `toml:"name"`
		ShowContent *bool  `toml:"showcontent"`
	} `toml:"fragment"`
}

// townDefaults are towncrier's types where the configuration names none.
var townDefaults = map[string]kindOf{
	"feature": {label: "Features"}, "bugfix": {label: "Bugfixes"}, "doc": {label: "Improved Documentation"},
	"removal": {label: "Deprecations and Removals"}, "misc": {label: "Misc", silent: true},
}

// townIgnored are files of the folder that towncrier passes over, in any case.
var townIgnored = []string{".gitignore", ".gitkeep", ".keep", "readme", "readme.md", "readme.rst"}

// townSource reads towncrier.toml or pyproject.toml; ok is false where that
// doesn't speak of towncrier.
func (s *Source) townSource(data []byte, folder string) (ok bool, err error) {
	if !strings.Contains(string(data), "towncrier") {
		return false, nil // what else is wrong with the file is not ours to say
	}
	var file struct {
		Tool struct {
			Towncrier *townConfig `toml:"towncrier"`
		} `toml:"tool"`
	}
	if _, err := toml.Decode(string(data), &file); err != nil {
		return false, fmt.Errorf("it is no TOML: %s", firstLine(err))
	}
	c := file.Tool.Towncrier
	if c == nil {
		return false, nil
	}
	base, tail := clean(path.Join(c.PackageDir, c.Package)), "newsfragments"
	if c.Directory != nil {
		base, tail = clean(*c.Directory), ""
	}
	if folder != "" {
		base, tail = folder, ""
	}
	sections := c.Section
	if len(sections) == 0 {
		sections = append(sections, struct {
			Name string `toml:"name"`
			Path string `toml:"path"`
		}{})
	}
	for _, sec := range sections {
		dir := clean(path.Join(base, sec.Path, tail))
		s.Folders = append(s.Folders, dir)
		s.Globs = append(s.Globs, glob(dir)+"/*.*")
		s.sections[dir] = sec.Name
		for _, name := range append(slices.Clone(townIgnored), c.Ignore...) {
			s.Except = append(s.Except, glob(dir)+"/"+name)
		}
		if c.Template != "" {
			s.Except = append(s.Except, glob(dir)+"/"+glob(path.Base(c.Template)))
		}
	}
	name := c.Filename
	if name == "" {
		name = "NEWS.rst"
	}
	s.Changelog = []string{clean(name)}
	s.orphan = "+"
	if c.Orphan != nil {
		s.orphan = *c.Orphan
	}
	for k, v := range c.Fragment {
		s.types[k] = kindOf{label: v.Name, silent: v.ShowContent != nil && !*v.ShowContent}
	}
	for _, t := range c.Type {
		if len(c.Fragment) == 0 {
			s.types[t.Directory] = kindOf{label: t.Name, silent: !t.ShowContent}
		}
	}
	if len(s.types) == 0 {
		s.types = townDefaults
	}
	return true, nil
}

// townName takes a file's name apart as towncrier's parse_newfragment_basename:
// the last part that is a type, what is before it, and the counter behind it.
func (s *Source) townName(base string) (issue, kind string, ok bool) {
	parts := strings.Split(base, ".")
	for i := len(parts) - 1; i > 0; i-- {
		if _, known := s.types[parts[i]]; !known {
			continue
		}
		issue = strings.TrimSpace(strings.Join(parts[:i], "."))
		if n, err := strconv.Atoi(issue); err == nil {
			issue = strconv.Itoa(n)
		}
		return issue, parts[i], true
	}
	return "", "", false
}

func (p *parser) towncrier(text string) {
	base := path.Base(p.file)
	issue, kind, ok := p.s.townName(base)
	if !ok {
		if slices.Contains(townIgnored, strings.ToLower(base)) {
			return
		}
		p.warn(0, 0, "unknown-note", diag.Say("the name %q says no type of note, so towncrier and daybreak pass over it", base), diag.Say("Name it <number>.<type>.rst; types are %s.", strings.Join(sortedKeys(p.s.types), ", ")))
		return
	}
	p.stem = strings.TrimSuffix(strings.TrimSuffix(base, ".rst"), ".md")
	f := p.note("")
	if p.s.orphan == "" || !strings.HasPrefix(issue, p.s.orphan) {
		_, f.Refs = nameRefs(issue)
	}
	p.kind(f, kind)
	if section := p.s.sections[clean(path.Dir(p.file))]; section != "" {
		f.Trailers = append(f.Trailers, model.Trailer{Key: "Area", Value: section})
	}
	if !strings.HasSuffix(base, ".md") {
		text = Markdown(text)
	}
	if text = strings.TrimSpace(text); text == "" {
		f.Silent = true
	}
	if !f.Silent {
		f.Text[p.s.lang] = text
	}
}
