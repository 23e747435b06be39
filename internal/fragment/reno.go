package fragment

import (
	"fmt"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
)

// renoSections are reno's own, in the order of its reports.
var renoSections = [][2]string{
	{"features", "New Features"}, {"issues", "Known Issues"}, {"upgrade", "Upgrade Notes"}, {"deprecations", "Deprecation Notes"},
	{"critical", "Critical Issues"}, {"security", "Security Issues"}, {"fixes", "Bug Fixes"}, {"other", "Other Notes"},
}

// uid is the part of a reno note's name that stays when it is renamed: the last
// 16 characters, or, in old files, the first (reno's _get_unique_id).
func uid(file string) string {
	name := stem(file)
	id := name[max(0, len(name)-16):]
	if strings.Contains(id, "-") {
		id = name[:min(16, len(name))]
	}
	return id
}

func (p *parser) reno(text string) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		p.warn(0, 0, "yaml-syntax", diag.Say("the note file is no reno note: %s", firstLine(err)), diag.Say("`reno lint` names the line."))
		return
	}
	p.secondDocument(text, 0)
	if len(doc.Content) == 0 {
		return
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		p.warn(top.Line, top.Column, "wrong-type", diag.Say("the note file has no sections"), diag.Say("A reno note begins with a section's name, like `fixes:`."))
		return
	}
	found := map[string]*yaml.Node{}
	var names []string
	for i := 0; i+1 < len(top.Content); i += 2 {
		name := top.Content[i].Value
		if found[name] == nil {
			names = append(names, name)
		}
		found[name] = top.Content[i+1]
	}
	order := append([]string{p.s.prelude}, p.s.order...)
	for _, name := range names {
		if _, known := p.s.types[name]; !known && name != p.s.prelude {
			p.warn(found[name].Line, 0, "unknown-section", diag.Say("reno knows no section %q", name), diag.Say("Sections are %s.", strings.Join(p.s.order, ", ")))
			order = append(order, name)
		}
	}
	for _, name := range order {
		if n := found[name]; n != nil {
			p.renoSection(name, n)
		}
	}
}

// renoSection makes a note of every point of a section.
func (p *parser) renoSection(name string, n *yaml.Node) {
	points := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		points = n.Content
	}
	for i, point := range points {
		text := strings.TrimSpace(point.Value)
		if point.Kind != yaml.ScalarNode {
			p.warn(point.Line, point.Column, "wrong-type", diag.Say("a point of section %q is no text", name), diag.Say("Put it into quotes, or write it behind `- |`."))
			continue
		}
		if text == "" {
			continue
		}
		f := p.note(name + "-" + strconv.Itoa(i+1))
		f.Text[p.s.lang] = Markdown(text)
		if f.Prelude = name == p.s.prelude; !f.Prelude {
			p.kind(f, name)
		}
	}
}

func (s *Source) renoSource(data []byte, folder string) error {
	c := struct {
		NotesDir string   `yaml:"notesdir"`
		Sections [][]any  `yaml:"sections"`
		Prelude  string   `yaml:"prelude_section_name"`
		Ignore   []string `yaml:"ignore_notes"`
		Sub      bool     `yaml:"allow_subdirectories"`
	}{NotesDir: "notes", Prelude: "prelude"}
	if err := yaml.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("it is no YAML: %s", firstLine(err))
	}
	dir := clean("releasenotes/" + c.NotesDir)
	if folder != "" {
		dir = folder
	}
	s.Folders, s.Kept, s.prelude = []string{dir}, true, c.Prelude
	s.Globs = []string{glob(dir) + "/*.yaml"}
	if c.Sub {
		s.Globs = []string{glob(dir) + "/**/*.yaml"}
	}
	for _, name := range c.Ignore {
		s.Except = append(s.Except, glob(dir)+"/**/*"+glob(uid(name))+"*")
	}
	for _, section := range c.Sections {
		if len(section) >= 2 {
			name := fmt.Sprint(section[0])
			s.types[name] = kindOf{label: fmt.Sprint(section[1])}
			s.order = append(s.order, name)
		}
	}
	if len(s.order) == 0 {
		for _, section := range renoSections {
			s.types[section[0]] = kindOf{label: section[1]}
			s.order = append(s.order, section[0])
		}
	}
	return nil
}
