package compose

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
)

// maxContent bounds a content file in bytes; a runbook of 200 steps has 60 kB.
const maxContent = 1 << 20

// strict reads one YAML file of the content folder node by node, so that every
// problem has its line and column and all of them come at once.
type strict struct {
	file string
	list *diag.List
}

func (s *strict) position(n *yaml.Node) diag.Position {
	if n == nil {
		return diag.Position{File: s.file}
	}
	return diag.Position{File: s.file, Line: n.Line, Column: n.Column}
}

func (s *strict) fail(n *yaml.Node, code string, hint diag.Phrase, format string, args ...any) {
	s.list.Add(diag.New(diag.Error, code, s.position(n), diag.Say(format, args...), hint))
}

// root parses the file and gives its one mapping, nil where there is none.
func (s *strict) root(data []byte) *yaml.Node {
	if len(data) > maxContent {
		s.fail(nil, "too-large", diag.Say("Split the file or remove what isn't a plan."), "the file has %d bytes, more than %d", len(data), maxContent)
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		at, why := diag.Position{File: s.file}, err.Error()
		var load *yaml.LoadError
		if errors.As(err, &load) {
			at.Line, at.Column, why = load.Mark.Line, load.Mark.Column, load.Message
		}
		s.list.Add(diag.New(diag.Error, "yaml", at, diag.Say("not YAML: %s", why), diag.Say("Mostly a quote or the indentation is missing on this line or the one above.")))
		return nil
	}
	if line := diag.SecondDocument(string(data)); line > 0 {
		s.list.Add(diag.New(diag.Error, "several-documents", diag.Position{File: s.file, Line: line},
			diag.Say("a second document begins here"), diag.Say("The file is one document: delete the line with --- or ... above, or what follows it.")))
	}
	if len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

// fields calls, for each key of the mapping n, the function of that name.
// Unknown keys, keys given twice and everything that isn't a mapping are problems.
func (s *strict) fields(n *yaml.Node, what string, known map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		s.fail(n, "wrong-type", diag.Say("Write `key: value` lines here."), "%s needs keys and values", diag.Say(what))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		switch {
		case !ok:
			names := slices.Sorted(maps.Keys(known))
			s.fail(key, "unknown-key", meant(key.Value, names), "unknown key %q in %s", key.Value, diag.Say(what))
		case seen[key.Value]:
			s.fail(key, "duplicate-key", diag.Say("Keep one of the two."), "key %q is given twice in %s", key.Value, diag.Say(what))
		case value.Kind == yaml.AliasNode:
			s.fail(value, "alias", diag.Say("Write the value out."), "anchors and aliases are not read here")
		case value.Kind == yaml.ScalarNode && value.ShortTag() == "!!null":
			// An empty value is an absent one.
		default:
			read(value)
		}
		seen[key.Value] = true
	}
}

// each calls read for every node of a sequence.
func (s *strict) each(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		s.fail(n, "wrong-type", diag.Say("Write each on a line of its own, after a hyphen."), "%s needs a list", diag.Say(what))
		return
	}
	for _, c := range n.Content {
		if c.Kind == yaml.AliasNode {
			s.fail(c, "alias", diag.Say("Write the value out."), "anchors and aliases are not read here")
			continue
		}
		read(c)
	}
}

// text reads a scalar into p.
func (s *strict) text(p *string, what string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			s.fail(n, "wrong-type", diag.Say("Write one line of text; quote it where it holds a colon."), "%s needs a text", what)
			return
		}
		*p = oneLine(n.Value)
	}
}

// texts reads a list of texts, or one text that is split as splitSteps does.
func (s *strict) texts(p *[]string, what string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			*p = splitSteps(n.Value)
			return
		}
		s.each(n, what, func(c *yaml.Node) {
			var one string
			s.text(&one, what)(c)
			if one != "" {
				*p = append(*p, one)
			}
		})
	}
}

// dayMinutes is how many minutes a day has.
const dayMinutes = 24 * 60

// number reads a whole number from 1 to most.
func (s *strict) number(p *int, what string, most int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || v < 1 || v > most {
			s.fail(n, "wrong-type", diag.Say("Write a whole number from 1 to %d.", most), "%s is %q, not a number that fits", what, n.Value)
			return
		}
		*p = v
	}
}

// truth reads true or false.
func (s *strict) truth(p *bool, what string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.ParseBool(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil {
			s.fail(n, "wrong-type", diag.Say("Write true or false."), "%s is %q, neither true nor false", what, n.Value)
			return
		}
		*p = v
	}
}

// meant gives the hint for a name that isn't known.
func meant(got string, known []string) diag.Phrase {
	best, bestDistance := "", 1+len(got)/3
	for _, k := range known {
		if d := distance(strings.ToLower(got), strings.ToLower(k)); d <= bestDistance && (best == "" || d < bestDistance) {
			best, bestDistance = k, d
		}
	}
	if best != "" {
		return diag.Say("Did you mean %q?", best)
	}
	return diag.Say("Known are: %s.", strings.Join(known, ", "))
}

// distance is the edit distance with swapped neighbours counting once
// (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return 64
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
