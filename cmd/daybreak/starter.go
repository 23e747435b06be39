package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/gitsource"
	"daybreak/internal/model"
)

// starter is what the template of a new daybreak.yaml is filled with. The zero
// value gives the file for a workspace whose repository isn't known yet.
type starter struct {
	Name     string
	Language model.Lang
	Timezone string

	Path   string // of the repository, relative to the workspace, with slashes; "" for none
	Tags   []string
	Newest string // newest release tag, "" for none
	Main   string
	Forge  string
	URL    string

	Titles       model.Lang
	Tickets      []string
	Unclassified string
	Counted      bool // Conventional is known
	Conventional int  // percent of titles

	Areas  []proposedArea
	People []config.Person
}

// proposedArea is a folder that may be a part of the product.
type proposedArea struct {
	ID, Name string
	Paths    []string
}

// First is the id of the first person of the examples.
func (s starter) First() string {
	if len(s.People) == 0 {
		return "mk"
	}
	return quoteYAML(s.People[0].ID)
}

// After is the version of the newest tag: what comes after it waits to be
// published. "" where there is none.
func (s starter) After() string {
	v, _ := model.ParseVersion(s.Newest)
	return v.String()
}

// Second is the id of somebody else, "" where the repository has one author.
func (s starter) Second() string {
	switch len(s.People) {
	case 0:
		return "tb"
	case 1:
		return ""
	}
	return quoteYAML(s.People[1].ID)
}

// render makes daybreak.yaml. A text that daybreak itself couldn't read is an
// error and never reaches the disk.
func (s starter) render(shipped fs.FS) ([]byte, error) {
	name := fmt.Sprintf("starter/daybreak.%s.yaml.tmpl", s.Language)
	t, err := template.New(path.Base(name)).Funcs(template.FuncMap{
		"yaml": quoteYAML,
		"list": func(list []string) string {
			quoted := make([]string, len(list))
			for i, v := range list {
				quoted[i] = quoteAlways(v)
			}
			return "[" + strings.Join(quoted, ", ") + "]"
		},
	}).ParseFS(shipped, name)
	if err != nil {
		return nil, fmt.Errorf("starter: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, s); err != nil {
		return nil, fmt.Errorf("starter: %w", err)
	}
	if _, list := config.Parse(config.Name, b.Bytes()); len(list) > 0 {
		return nil, fmt.Errorf("the starter configuration doesn't hold: %w", &diag.ListError{List: list})
	}
	return b.Bytes(), nil
}

// plainYAML is text that stands for itself in YAML, inside brackets and braces too.
var plainYAML = regexp.MustCompile(`^\.{0,2}[\p{L}/][\p{L}\p{N}_/.-]*( [\p{L}][\p{L}\p{N}_/.-]*)*$`)

var plainAddress = regexp.MustCompile(`^https?://[A-Za-z0-9][A-Za-z0-9./_-]*$`)

// quoteYAML writes a text as a YAML scalar, in quotes where it needs them.
func quoteYAML(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return quoteAlways(s)
	case ".", "..":
		return s
	}
	if (plainYAML.MatchString(s) || plainAddress.MatchString(s)) && len(s) < 80 {
		return s
	}
	return quoteAlways(s)
}

// quoteAlways writes a text in double quotes: JSON's are YAML's.
func quoteAlways(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // no string fails to encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// oneLine makes text from a repository fit to stand in a file of ours: no
// control or direction characters, at most 80 characters.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffd || r == 0x2028 || r == 0x2029 || diag.IsBidiControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > 80 {
		s = strings.TrimSpace(string(r[:80]))
	}
	return s
}

// notAreas are folders that no customer knows the content of.
var notAreas = strings.Fields(`
	assets bench benches bin build changelogs checkstyle ci cmake cmd common config configs contrib debug deploy dist doc
	docker dockerfiles docs documentation examples example fixtures fuzz gradle hack hacking icon icons include internal
	lib libs license licenses logo logos man misc nix node_modules packaging pkg po release releases resources samples
	script scripts shared spec src static target templates test testdata testing tests third_party tmp tool tools util
	utils vendor version www`)

// areasOf proposes areas from a repository's folders.
func areasOf(folders []string) []proposedArea {
	var areas []proposedArea
	ids := map[string]bool{}
	for _, folder := range folders {
		base := path.Base(folder)
		id := idOf(base)
		if id == "" || ids[id] || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || slices.Contains(notAreas, strings.ToLower(base)) {
			continue
		}
		if strings.ContainsAny(folder, `*?[]{}\`) || oneLine(folder) != folder {
			continue // can't be written as a glob that means itself
		}
		ids[id] = true
		name := []rune(strings.NewReplacer("-", " ", "_", " ").Replace(base))
		areas = append(areas, proposedArea{
			ID: id, Name: strings.ToUpper(string(name[:1])) + string(name[1:]), Paths: []string{folder + "/**"},
		})
		if len(areas) == 12 {
			break
		}
	}
	return areas
}

// peopleOf proposes people from a repository's authors: at most eight, without robots.
func peopleOf(authors []gitsource.Author) []config.Person {
	var people []config.Person
	ids := map[string]bool{}
	taken := map[string]bool{}
	for _, a := range authors {
		name := oneLine(a.Name)
		if name == "" || robot.MatchString(name) || slices.ContainsFunc(a.Mails, robot.MatchString) {
			continue
		}
		p := config.Person{ID: initialsOf(name), Name: name}
		for n := 2; ids[p.ID]; n++ {
			p.ID = fmt.Sprintf("%s%d", initialsOf(name), n)
		}
		for _, m := range a.Mails {
			m = strings.ToLower(m)
			if !taken[m] && len(m) < 80 && len(p.Mails) < 3 && mailAddress.MatchString(m) {
				taken[m] = true
				p.Mails = append(p.Mails, m)
			}
		}
		if len(a.Mails) > 0 && len(p.Mails) == 0 && slices.ContainsFunc(a.Mails, func(m string) bool { return taken[strings.ToLower(m)] }) {
			continue // another name of somebody above
		}
		ids[p.ID] = true
		people = append(people, p)
		if len(people) == 8 {
			break
		}
	}
	return people
}

var (
	robot       = regexp.MustCompile(`(?i)\[bot\]|\brobot\b|^(dependabot|renovate|github|gitlab|jenkins|root|ci|bot)\b|\bbot$`)
	mailAddress = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$`)
	notInID     = regexp.MustCompile(`[^\p{L}\p{N}_-]+`)
)

// idOf makes a short id out of a name, "" where nothing is left.
func idOf(name string) string {
	id := strings.Trim(notInID.ReplaceAllString(strings.ToLower(oneLine(name)), "-"), "-_")
	return string([]rune(id)[:min(40, len([]rune(id)))])
}

// initialsOf gives an id for a person: the first letters of the names, at most three.
func initialsOf(name string) string {
	var out []rune
	for part := range strings.SplitSeq(idOf(name), "-") {
		if r := []rune(part); len(r) > 0 && len(out) < 3 {
			out = append(out, r[0])
		}
	}
	if len(out) == 0 {
		return "p"
	}
	return string(out)
}
