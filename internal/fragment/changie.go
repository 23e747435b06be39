package fragment

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// changieNote is the file of `changie new` (changie's core.Change).
type changieNote struct {
	Project   string            `yaml:"project"`
	Component string            `yaml:"component"`
	Kind      string            `yaml:"kind"`
	Body      string            `yaml:"body"`
	Custom    map[string]string `yaml:"custom"`
}

// changieConfig is what of .changie.yaml says how notes are read.
type changieConfig struct {
	ChangesDir    string      `yaml:"changesDir"`
	UnreleasedDir string      `yaml:"unreleasedDir"`
	ChangelogPath string      `yaml:"changelogPath"`
	VersionExt    string      `yaml:"versionExt"`
	Kinds         []yaml.Node `yaml:"kinds"` // mappings; before changie 1.0 texts
	Projects      []struct {
		Key       string `yaml:"key"`
		Changelog string `yaml:"changelog"`
	} `yaml:"projects"`
}

// requestFields are names of changie's custom fields that hold a request's or
// ticket's number, in lower case.
var requestFields = []string{"pr", "mr", "pullrequest", "pull_request", "mergerequest", "request", "issue", "ticket", "jira", "number"}

func (p *parser) changie(text string) {
	var n changieNote
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		p.warn(0, 0, "yaml-syntax", diag.Say("the note file is no changie note: %s", firstLine(err)), diag.Say("Make it anew with `changie new`."))
		return
	}
	p.secondDocument(text, 0)
	f := p.note("")
	p.kind(f, n.Kind)
	if n.Component != "" {
		f.Trailers = append(f.Trailers, model.Trailer{Key: "Area", Value: n.Component})
	}
	keys := make([]string, 0, len(n.Custom))
	for k := range n.Custom {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, want := range requestFields {
		for _, k := range keys {
			if strings.ToLower(strings.ReplaceAll(k, " ", "")) == want {
				_, refs := nameRefs(strings.TrimLeft(n.Custom[k], "#!"))
				f.Refs = append(f.Refs, refs...)
			}
		}
	}
	if body := strings.TrimSpace(n.Body); body != "" {
		f.Text[p.s.lang] = body
	} else {
		f.Silent = true // kinds with skipBody are for the tool's own lists
	}
}

func (s *Source) changieSource(data []byte, folder string) error {
	c := changieConfig{ChangesDir: ".changes", UnreleasedDir: "unreleased", ChangelogPath: "CHANGELOG.md", VersionExt: "md"}
	if err := yaml.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("it is no YAML: %s", firstLine(err))
	}
	dir := clean(c.ChangesDir)
	notes := clean(dir + "/" + c.UnreleasedDir)
	if folder != "" {
		notes = folder
	}
	s.Folders = []string{notes}
	s.Globs = []string{glob(notes) + "/*.{yaml,yml}"}
	s.Changelog = []string{clean(c.ChangelogPath), glob(dir) + "/*." + c.VersionExt, glob(dir) + "/*/*." + c.VersionExt}
	for _, project := range c.Projects {
		s.Changelog = append(s.Changelog, clean(project.Changelog))
		s.Globs = append(s.Globs, glob(notes)+"/"+glob(project.Key)+"/*.{yaml,yml}")
	}
	s.Changelog = slices.DeleteFunc(s.Changelog, func(p string) bool { return p == "" })
	for _, n := range c.Kinds {
		var k struct {
			Key   string `yaml:"key"`
			Label string `yaml:"label"`
		}
		if n.Kind == yaml.MappingNode && n.Decode(&k) == nil {
			s.types[k.Key], s.types[k.Label] = kindOf{label: k.Label}, kindOf{label: k.Key}
		}
	}
	return nil
}
