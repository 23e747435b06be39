package editorial

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
)

// frontMatter reads the YAML between two lines of three hyphens at the file's
// beginning. It may be missing.
func (p *parser) frontMatter() {
	if len(p.lines) == 0 || bare(p.lines[0]) != "---" {
		return
	}
	end := 1
	for end < len(p.lines) && bare(p.lines[end]) != "---" {
		end++
	}
	if end == len(p.lines) {
		p.problem(diag.Error, 1, "front-matter", diag.Say("the front matter that opens here is never closed"), diag.Say("close it with a line of three hyphens."))
		p.next = end
		return
	}
	d := p.draft
	d.front.lines = p.lines[: end+1 : end+1]
	p.next = end + 1
	for p.next < len(p.lines) && bare(p.lines[p.next]) == "" {
		d.front.gap = append(d.front.gap, p.lines[p.next])
		p.next++
	}
	p.frontKeys(strings.Join(p.lines[1:end], ""))
}

// frontKeys reads the keys: title and aliases. All else has its place in the
// text, where people see it.
func (p *parser) frontKeys(text string) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		line, message := yamlMistake(err)
		p.problem(diag.Error, line+1, "front-matter", diag.Say("the front matter is no YAML: %s", message),
			diag.Say(`write title: "…" with the text in quotes, or delete the front matter.`))
		return
	}
	if line := diag.SecondDocument(text); line > 0 {
		p.problem(diag.Error, line+1, "front-matter", diag.Say("the front matter ends above this line, at three dots"), diag.Say("delete the line of dots, or this one."))
	}
	if len(doc.Content) == 0 {
		return
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		p.problem(diag.Error, root.Line+1, "front-matter", diag.Say("the front matter holds no keys"), diag.Say(`write title: "…".`))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		switch {
		case seen[key.Value]:
			p.problem(diag.Error, key.Line+1, "front-matter", diag.Say("the key %q stands here twice", short(key.Value)), diag.Say("keep one."))
		case key.Value == "title":
			p.frontTitle(value)
		case key.Value == "aliases":
			p.frontAliases(value)
		default:
			p.problem(diag.Error, key.Line+1, "unknown-key", diag.Say("the front matter has no key %q", short(key.Value)),
				diag.Say("the keys are title and aliases; the introduction stands under the # heading."))
		}
		seen[key.Value] = true
	}
}

func (p *parser) frontTitle(value *yaml.Node) {
	switch {
	case value.Kind != yaml.ScalarNode:
		p.problem(diag.Error, value.Line+1, "front-matter", diag.Say("the title is no text"), diag.Say(`write title: "…" with the text in quotes.`))
	case value.Tag != "!!null":
		p.draft.Title = strings.Join(strings.Fields(value.Value), " ")
	}
}

// aliasPath is what an alias may be: a version or a path of the site, in the
// characters that every server and disk takes.
var aliasPath = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*/?$`)

// ownPages are the first parts of addresses that the site gives to pages of its own.
var ownPages = []string{"archive", "assets", "changes", "feeds", "search", "since", "index.html", "404.html", "feed.xml", "feed.json", "releases.json", "latest.json", "widget.js", "card.png", "CHANGELOG.md", "robots.txt", "sitemap.xml", "releases"}

func (p *parser) frontAliases(value *yaml.Node) {
	list := value.Content
	if value.Kind == yaml.ScalarNode && value.Tag != "!!null" {
		list = []*yaml.Node{value}
	} else if value.Kind != yaml.SequenceNode && value.Tag != "!!null" {
		p.problem(diag.Error, value.Line+1, "alias", diag.Say("the aliases are no list"), diag.Say(`write aliases: ["2026.15", "news/spring.html"].`))
		return
	}
	for _, one := range list {
		// A whole address is taken for its path: that is what people copy.
		path := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(one.Value), "/"), "index.html")
		first, rest, deep := strings.Cut(path, "/")
		own := slices.Contains(ownPages, first) && (first != "releases" || !deep || rest == "")
		switch {
		case one.Kind != yaml.ScalarNode || !aliasPath.MatchString(path) || len(path) > 200:
			p.problem(diag.Error, one.Line+1, "alias", diag.Say("%q is no address of this site", short(one.Value)),
				diag.Say("write a version (2026.15) or a path below the site's root (news/spring.html), of letters, digits and . _ + -"))
		case own:
			p.problem(diag.Error, one.Line+1, "alias", diag.Say("%q is the address of a page of its own", short(one.Value)), diag.Say("name another address, or take the alias away."))
		default:
			p.draft.Aliases = append(p.draft.Aliases, Alias{Path: strings.TrimSuffix(path, "/"), Line: one.Line + 1})
		}
	}
}

// yamlMistake takes line and words out of the library's message.
func yamlMistake(err error) (int, string) {
	message := strings.TrimPrefix(strings.Join(strings.Fields(err.Error()), " "), "yaml: ")
	var line int
	if i := strings.Index(message, "line "); i >= 0 {
		fmt.Sscanf(message[i:], "line %d", &line)                                 // 0 where the library names none
		message = strings.Replace(message, fmt.Sprintf("line %d: ", line), "", 1) // it counts from below the dashes
	}
	return line, message
}
