package fragment

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// The format of our own is markdown behind YAML front matter:
//
//	---
//	kind: fixed            # added, changed, fixed, security, deprecated, removed, internal
//	area: [booking]        # one, or a list
//	audience: public       # public, internal
//	systems: [K1, K3]      # only these
//	breaking: Log in anew. # yes, or what customers must do; also per language
//	change: "!412"         # the request, ticket or commit; else the file's name says it
//	lang: en               # language of the text; default: the history's
//	deploy: …              # for the one who rolls out; each also per language
//	rollback: …
//	verify: …              # for the one who checks
//	expect: …
//	tested: K-Test, 12.05.
//	risk: high
//	owner: mk
//	---
//	The text for customers.
//
//	# de
//	Ein Abschnitt je Sprache, wo es mehrere gibt.
//
// Nothing in it is required but some text. An unknown key is diagnosed.

// fields are the keys of the front matter that are trailers by another name.
// The second half may be given per language.
var fields = []struct {
	key, trailer string
	local        bool
}{
	{"kind", "Changelog", false}, {"area", "Area", false}, {"audience", "Audience", false}, {"systems", "Systems", false},
	{"tested", "Tested-On", false}, {"risk", "Risk", false}, {"owner", "Owner", false},
	{"breaking", "Breaking", true}, {"deploy", "Deploy-Note", true}, {"rollback", "Rollback-Note", true},
	{"verify", "Verify", true}, {"expect", "Expect", true},
}

func fieldNames() []string {
	names := []string{"change", "lang"}
	for _, f := range fields {
		names = append(names, f.key)
	}
	slices.Sort(names)
	return names
}

// langTag is a language as a key or a heading names it.
var langTag = regexp.MustCompile(`^[a-z]{2}$`)

func (p *parser) daybreak(text string) {
	f := p.note("")
	f.Change, f.Refs = nameRefs(p.stem)
	lang := p.s.lang
	front, body, opened, closed := frontMatter(text)
	switch {
	case opened && !closed:
		p.warn(1, 1, "front-matter", diag.Say("the front matter has no end"), diag.Say("Put a line of three dashes below its last key."))
		p.out = nil
		return
	case opened && !p.front(f, front, &lang):
		p.out = nil
		return
	}
	text = body
	p.sections(f, text, lang)
	if len(f.Text) == 0 && len(f.Trailers) == 0 {
		p.warn(0, 0, "empty-note", diag.Say("the note file says nothing"), diag.Say("Write a sentence for customers, or delete the file."))
		p.out = nil
	}
}

// frontMatter parts a text at the lines of three dashes around its front matter.
// Where the first line is one, the file has opened it, and it must be closed by
// another: else keys for the team would be read as words for customers.
func frontMatter(text string) (front, body string, opened, closed bool) {
	start, at := 0, 0 // of the front matter, of the line
	for line := range strings.Lines(text) {
		dashes := strings.TrimRight(line, " \t\n") == "---"
		switch {
		case !opened && !dashes:
			return "", text, false, false
		case !opened:
			opened, start = true, len(line)
		case dashes:
			return text[start:at], text[at+len(line):], true, true
		}
		at += len(line)
	}
	return "", "", opened, false
}

// front reads the front matter; false where it is no YAML.
func (p *parser) front(f *model.Fragment, front string, lang *model.Lang) bool {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(front), &doc); err != nil {
		line, words := yamlMistake(err)
		p.warn(line+1, 1, "yaml-syntax", diag.Say("the front matter is not YAML: %s", words), diag.Say("Put texts with a colon or # into quotes."))
		return false
	}
	p.secondDocument(front, 1)
	if doc.Kind == 0 || len(doc.Content) == 0 {
		return true
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		p.warn(2, 1, "wrong-type", diag.Say("the front matter must be lines of `key: value`"), diag.Say("See the page about note files for the keys."))
		return false
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		p.field(f, top.Content[i], top.Content[i+1], lang)
	}
	return true
}

// secondDocument names where a YAML text goes on, which nothing reads; above is the
// number of lines above the text.
func (p *parser) secondDocument(text string, above int) {
	if line := diag.SecondDocument(text); line > 0 {
		p.warn(line+above, 1, "several-documents", diag.Say("a second document begins here, which nobody reads"), diag.Say("Make it a file of its own, or delete the line with --- or ... above."))
	}
}

// field reads one key. Its line counts from the file's start, behind the dashes.
func (p *parser) field(f *model.Fragment, key, value *yaml.Node, lang *model.Lang) {
	line := key.Line + 1
	switch key.Value {
	case "change":
		if value.Kind != yaml.ScalarNode {
			p.warn(line, value.Column, "wrong-type", diag.Say("a text belongs here"), diag.Say("Write the request, ticket or commit: \"!412\"."))
		}
		change, refs := nameRefs(value.Value)
		f.Change, f.Refs = change, append(refs, f.Refs...)
		if change == "" && len(refs) == 0 {
			f.Change = strings.TrimSpace(value.Value)
		}
		return
	case "lang":
		*lang = model.Lang(strings.TrimSpace(value.Value))
		if !langTag.MatchString(string(*lang)) {
			p.warn(line, value.Column, "unknown-language", diag.Say("%q is no language", value.Value), diag.Say("Write de or en."))
		}
		return
	}
	for _, known := range fields {
		if known.key != key.Value {
			continue
		}
		f.Trailers = append(f.Trailers, p.values(value, known.trailer, known.local)...)
		return
	}
	p.warn(line, key.Column, "unknown-key", diag.Say("unknown key %q", key.Value), diag.Say("Keys are %s.", strings.Join(fieldNames(), ", ")))
}

// values makes trailers of a value: a text, a list of texts, or, where local,
// a text for each language.
func (p *parser) values(n *yaml.Node, key string, local bool) []model.Trailer {
	switch {
	case n.Kind == yaml.ScalarNode:
		v := strings.TrimSpace(n.Value)
		if v == "" || n.Tag == "!!null" || key == "Breaking" && n.Tag == "!!bool" && !strings.EqualFold(v, "true") {
			return nil
		}
		return []model.Trailer{{Key: key, Value: v}}
	case n.Kind == yaml.SequenceNode:
		var out []model.Trailer
		for _, c := range n.Content {
			if c.Kind != yaml.ScalarNode {
				p.warn(c.Line+1, c.Column, "wrong-type", diag.Say("a text or a list of texts belongs here"), diag.Phrase{})
				continue
			}
			out = append(out, p.values(c, key, false)...)
		}
		return out
	case n.Kind == yaml.MappingNode && local:
		var out []model.Trailer
		for i := 0; i+1 < len(n.Content); i += 2 {
			if l := n.Content[i].Value; langTag.MatchString(l) {
				out = append(out, p.values(n.Content[i+1], key+"-"+l, false)...)
				continue
			}
			p.warn(n.Content[i].Line+1, n.Content[i].Column, "unknown-language", diag.Say("%q is no language", n.Content[i].Value), diag.Say("Write de or en."))
		}
		return out
	}
	p.warn(n.Line+1, n.Column, "wrong-type", diag.Say("a text or a list of texts belongs here"), diag.Phrase{})
	return nil
}

// sections splits the text at headings that name a language.
func (p *parser) sections(f *model.Fragment, text string, lang model.Lang) {
	add := func(l model.Lang, text string) {
		if text = strings.TrimSpace(text); text != "" {
			f.Text[l] = strings.TrimSpace(f.Text[l] + "\n\n" + text)
		}
	}
	var part strings.Builder
	fence := false
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		if strings.HasPrefix(bare, "```") || strings.HasPrefix(bare, "~~~") {
			fence = !fence
		}
		if tag, ok := strings.CutPrefix(bare, "# "); ok && !fence && langTag.MatchString(strings.TrimSpace(tag)) {
			add(lang, part.String())
			part.Reset()
			lang = model.Lang(strings.TrimSpace(tag))
			continue
		}
		part.WriteString(line)
	}
	add(lang, part.String())
}

// requestName finds what a file is named after: "412", "!412", "#412", "RW-100",
// with anything behind a dash, dot or underscore.
var requestName = regexp.MustCompile(`^(?:([#!])?(\d{1,9})|([A-Z][A-Z0-9]+-\d+))(?:[-._ ].*)?$`)

// nameRefs reads a file's name, or the value of `change`. A sign makes it the
// change's id; a bare number can be a request or a ticket.
func nameRefs(name string) (change string, refs []model.Ref) {
	m := requestName.FindStringSubmatch(strings.TrimSpace(name))
	switch {
	case m == nil:
		return "", nil
	case m[1] != "":
		return m[1] + m[2], []model.Ref{{Sign: m[1], ID: m[2]}}
	case m[2] != "":
		return "", []model.Ref{{Sign: "#", ID: strings.TrimLeft(m[2], "0")}}
	}
	return "", []model.Ref{{ID: m[3]}}
}

// yamlMistake takes the line, 1 where none is named, out of the library's words:
// it counts from the front matter's start, and people count from the file's.
func yamlMistake(err error) (line int, words string) {
	words = firstLine(err)
	number, rest, ok := strings.Cut(strings.TrimPrefix(words, "line "), ": ")
	if n, err := strconv.Atoi(number); ok && err == nil {
		return n, rest
	}
	return 1, words
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimPrefix(line, "yaml: ")
}
