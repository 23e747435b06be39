package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

func (d *decoder) string(n *yaml.Node, v reflect.Value, path string, r rules) {
	// YAML 1.2, which editors follow, reads a bare day as text.
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!timestamp" {
		hint := ""
		if n.Kind == yaml.ScalarNode {
			hint = fmt.Sprintf("Put it in quotes: %q.", n.Value)
		}
		d.wrong(n, path, "a text", hint)
		return
	}
	s := strings.TrimRight(n.Value, "\n") // of a block text
	at := place{n.Line, n.Column}
	if i := strings.IndexFunc(s, func(c rune) bool { return c < 0x20 || c >= 0x7f && c < 0xa0 || diag.IsBidiControl(c) }); i >= 0 {
		what, hint := "a control character", "Delete it."
		if s[i] == '\n' {
			what, hint = "a line break", "Write it on one line."
		}
		d.add(at, path, "bad-value", fmt.Sprintf("key %q holds %s", path, what), hint)
		return
	}
	switch {
	case s == "" && (r.enum != nil || r.pattern != nil):
		d.add(at, path, "missing-value", fmt.Sprintf("key %q is empty", path), "Fill it in, or delete it.")
		return
	case v.Type() == reflect.TypeFor[model.Lang]() && !slices.Contains(shipped, model.Lang(s)):
		d.language(at, path, s)
		return
	case r.enum != nil && !slices.Contains(r.enum, s):
		hint := "Possible: " + strings.Join(r.enum, ", ") + "."
		if best := closest(s, r.enum); best != "" {
			hint = fmt.Sprintf("Did you mean %q? %s", best, hint)
		}
		d.add(at, path, "bad-value", fmt.Sprintf("key %q can't be %q", path, s), hint)
		return
	case r.pattern != nil && !r.pattern.MatchString(s):
		d.add(at, path, "bad-value", fmt.Sprintf("key %q must be %s, not %q", path, r.form, s), "")
		return
	}
	v.SetString(s)
}

func (d *decoder) bool(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" {
		v.SetBool(strings.EqualFold(n.Value, "true"))
		return
	}
	hint := ""
	switch strings.ToLower(n.Value) {
	case "true", "yes", "y", "on", "1", "ja":
		hint = "Write true, without quotes."
	case "false", "no", "n", "off", "0", "nein":
		hint = "Write false, without quotes."
	}
	d.wrong(n, path, "true or false", hint)
}

func (d *decoder) int(n *yaml.Node, v reflect.Value, path string, r rules) {
	var number int
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || n.Load(&number) != nil {
		d.wrong(n, path, "a whole number", "Write only digits, without quotes or unit.")
		return
	}
	if number < r.min || number > r.max {
		d.add(place{n.Line, n.Column}, path, "bad-value", fmt.Sprintf("key %q must be from %d to %d, not %d", path, r.min, r.max, number), "")
		return
	}
	v.SetInt(int64(number))
}

func (d *decoder) wrong(n *yaml.Node, path, want, hint string) {
	d.add(place{n.Line, n.Column}, path, "wrong-type", fmt.Sprintf("key %q must be %s, not %s", path, want, kindOf(n)), hint)
}

// kindOf names what a node is, in words for people.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case "!!int", "!!float":
		return "the number " + n.Value
	case "!!bool":
		return n.Value
	case "!!null":
		return "nothing"
	case "!!str":
		return fmt.Sprintf("the text %q", n.Value)
	case "!!timestamp":
		return "the day " + n.Value
	}
	return fmt.Sprintf("something tagged %q", strings.TrimLeft(n.Tag, "!"))
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }
