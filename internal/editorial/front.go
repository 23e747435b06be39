package editorial

import (
	"fmt"
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
		p.problem(diag.Error, 1, "front-matter", "the front matter that opens here is never closed", "close it with a line of three hyphens.")
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

// frontKeys reads the keys. The only one is title: all else has its place in
// the text, where people see it.
func (p *parser) frontKeys(text string) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		line, message := yamlMistake(err)
		p.problem(diag.Error, line+1, "front-matter", "the front matter is no YAML: "+message,
			`write title: "…" with the text in quotes, or delete the front matter.`)
		return
	}
	if len(doc.Content) == 0 {
		return
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		p.problem(diag.Error, root.Line+1, "front-matter", "the front matter holds no keys", `write title: "…".`)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		switch {
		case key.Value != "title":
			p.problem(diag.Error, key.Line+1, "unknown-key", fmt.Sprintf("the front matter has no key %q", short(key.Value)),
				"the only key is title; the introduction stands under the # heading.")
		case seen[key.Value]:
			p.problem(diag.Error, key.Line+1, "front-matter", "the title stands here twice", "keep one.")
		case value.Kind != yaml.ScalarNode:
			p.problem(diag.Error, value.Line+1, "front-matter", "the title is no text", `write title: "…" with the text in quotes.`)
		case value.Tag != "!!null":
			p.draft.Title = strings.Join(strings.Fields(value.Value), " ")
		}
		seen[key.Value] = true
	}
}

// yamlMistake takes line and words out of the library's message.
func yamlMistake(err error) (int, string) {
	message := strings.TrimPrefix(strings.Join(strings.Fields(err.Error()), " "), "yaml: ")
	var line int
	if i := strings.Index(message, "line "); i >= 0 {
		fmt.Sscanf(message[i:], "line %d", &line) // 0 where the library names none
	}
	return line, message
}
