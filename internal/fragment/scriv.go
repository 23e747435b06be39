package fragment

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// scrivSource reads one of scriv's files: pyproject.toml, or an INI file with a
// section [scriv] or [tool.scriv]. ok is false where that doesn't speak of scriv.
func (s *Source) scrivSource(file string, data []byte, folder string) (ok bool, err error) {
	c := map[string]string{}
	if !strings.Contains(string(data), "scriv") {
		return false, nil // what else is wrong with the file is not ours to say
	}
	if strings.HasSuffix(file, ".toml") {
		var t struct {
			Tool struct {
				Scriv map[string]any `toml:"scriv"`
			} `toml:"tool"`
		}
		if _, err := toml.Decode(string(data), &t); err != nil {
			return false, fmt.Errorf("it is no TOML: %s", firstLine(err))
		}
		if t.Tool.Scriv == nil {
			return false, nil
		}
		for k, v := range t.Tool.Scriv {
			c[k] = fmt.Sprint(v)
		}
	} else if c, ok = ini(string(data), "scriv", "tool.scriv"); !ok {
		return false, nil
	}
	dir := clean(c["fragment_directory"])
	if dir == "" {
		dir = "changelog.d"
	}
	if folder != "" {
		dir = folder
	}
	s.scriv(dir)
	for _, key := range []string{"changelog", "output_file"} {
		if name := clean(c[key]); name != "" && !strings.Contains(name, "${") {
			s.Changelog = append(s.Changelog, name)
		}
	}
	if m := c["start_marker"]; m != "" {
		s.marker = m
	}
	if skip := c["skip_fragments"]; skip != "" {
		s.Except = []string{glob(dir) + "/" + skip}
	}
	return true, nil
}

func (s *Source) scriv(dir string) {
	s.Folders, s.marker = []string{dir}, "scriv-insert-here"
	s.Globs = []string{glob(dir) + "/*.{md,rst}"}
	s.Except = []string{glob(dir) + "/README.*"}
	s.Changelog = []string{"CHANGELOG.rst", "CHANGELOG.md"}
}

// ini gives the keys of the first section that has one of the names, the way of
// Python's configparser: a line that is indented goes on with the one before.
func ini(text string, sections ...string) (map[string]string, bool) {
	out := map[string]string{}
	in, seen, key := false, false, ""
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		switch {
		case bare == "" || bare[0] == '#' || bare[0] == ';':
		case bare[0] == '[':
			in = slices.Contains(sections, strings.Trim(bare, "[]"))
			seen, key = seen || in, ""
		case !in:
		case key != "" && (line[0] == ' ' || line[0] == '\t'):
			out[key] = strings.TrimSpace(out[key] + "\n" + bare)
		default:
			i := strings.IndexAny(bare, "=:")
			if i < 0 {
				continue
			}
			key = strings.ToLower(strings.TrimSpace(bare[:i]))
			out[key] = strings.TrimSpace(bare[i+1:])
		}
	}
	return out, seen
}

// A scriv fragment's headings name the category, its points are notes.
var (
	mdHeading  = regexp.MustCompile(`^(#+) +(.+?) *#*$`)
	mdComment  = regexp.MustCompile(`(?s)<!--.*?-->`)
	mdAnchor   = regexp.MustCompile(`(?m)^<a id=(?:'[-.\w]+'|"[-.\w]+")></a>$`)
	listMarker = regexp.MustCompile(`^(?:[-*+]|\d+[.)]) `)
)

func (p *parser) scriv(text string) {
	if _, after, ok := strings.Cut(text, p.s.marker); ok {
		_, text, _ = strings.Cut(after, "\n")
	}
	if strings.HasSuffix(p.file, ".md") {
		text = mdAnchor.ReplaceAllString(mdComment.ReplaceAllString(text, ""), "")
	} else {
		text = Markdown(text) // headings become those of markdown, comments go
	}
	category, mark, count := "", "", 0
	var part []string
	flush := func() {
		for _, point := range points(strings.Join(part, "")) {
			count++
			f := p.note(strconv.Itoa(count))
			p.kind(f, category)
			f.Text[p.s.lang] = point
		}
		part = nil
	}
	for line := range strings.Lines(text) {
		if m := mdHeading.FindStringSubmatch(strings.TrimRight(line, " \n")); m != nil && (mark == "" || m[1] == mark) {
			flush()
			mark, category = m[1], m[2]
			continue
		}
		part = append(part, line)
	}
	flush()
	if count == 1 {
		p.out[0].Key = p.stem
	}
}

// points splits the points of a list that begins in the first column; text
// before or without a list is one point.
func points(text string) []string {
	var out []string
	var part strings.Builder
	flush := func() {
		if s := strings.TrimSpace(part.String()); s != "" {
			out = append(out, s)
		}
		part.Reset()
	}
	inList := false
	for line := range strings.Lines(text) {
		switch marker := listMarker.FindString(line); {
		case marker != "":
			flush()
			inList = true
			line = line[len(marker):]
		case inList && strings.HasPrefix(line, "  "):
			line = line[2:]
		case inList && strings.TrimSpace(line) != "":
			flush()
			inList = false
		}
		part.WriteString(line)
	}
	flush()
	return out
}
