package config

import (
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
		hint := diag.Phrase{}
		if n.Kind == yaml.ScalarNode {
			hint = diag.Say("Put it in quotes: %q.", n.Value)
		}
		d.wrong(n, path, diag.Say("a text"), hint)
		return
	}
	s := strings.TrimRight(n.Value, "\n") // of a block text
	at := place{n.Line, n.Column}
	if i := strings.IndexFunc(s, func(c rune) bool { return c < 0x20 || c >= 0x7f && c < 0xa0 || diag.IsBidiControl(c) }); i >= 0 {
		what, hint := diag.Say("a control character"), diag.Say("Delete it.")
		if s[i] == '\n' {
			what, hint = diag.Say("a line break"), diag.Say("Write it on one line.")
		}
		d.add(at, path, "bad-value", diag.Say("key %q holds %s", path, what), hint)
		return
	}
	switch {
	case s == "" && (r.enum != nil || r.pattern != nil):
		d.add(at, path, "missing-value", diag.Say("key %q is empty", path), diag.Say("Fill it in, or delete it."))
		return
	case v.Type() == reflect.TypeFor[model.Lang]() && !slices.Contains(shipped, model.Lang(s)):
		d.language(at, path, s)
		return
	case r.enum != nil && !slices.Contains(r.enum, s):
		hint := diag.Say("Possible: %s.", strings.Join(r.enum, ", "))
		if best := closest(s, r.enum); best != "" {
			hint = diag.Say("Did you mean %q? %s", best, hint)
		}
		d.add(at, path, "bad-value", diag.Say("key %q can't be %q", path, s), hint)
		return
	case r.pattern != nil && !r.pattern.MatchString(s):
		d.add(at, path, "bad-value", diag.Say("key %q must be %s, not %q", path, diag.Say(r.form), s), diag.Phrase{})
		return
	}
	v.SetString(s)
}

func (d *decoder) bool(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" {
		v.SetBool(strings.EqualFold(n.Value, "true"))
		return
	}
	hint := diag.Phrase{}
	switch strings.ToLower(n.Value) {
	case "true", "yes", "y", "on", "1", "ja":
		hint = diag.Say("Write true, without quotes.")
	case "false", "no", "n", "off", "0", "nein":
		hint = diag.Say("Write false, without quotes.")
	}
	d.wrong(n, path, diag.Say("true or false"), hint)
}

func (d *decoder) int(n *yaml.Node, v reflect.Value, path string, r rules) {
	var number int
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || n.Load(&number) != nil {
		d.wrong(n, path, diag.Say("a whole number"), diag.Say("Write only digits, without quotes or unit."))
		return
	}
	if number < r.min || number > r.max {
		d.add(place{n.Line, n.Column}, path, "bad-value", diag.Say("key %q must be from %d to %d, not %d", path, r.min, r.max, number), diag.Phrase{})
		return
	}
	v.SetInt(int64(number))
}

func (d *decoder) wrong(n *yaml.Node, path string, want, hint diag.Phrase) {
	d.add(place{n.Line, n.Column}, path, "wrong-type", diag.Say("key %q must be %s, not %s", path, want, kindOf(n)), hint)
}

// kindOf names what a node is, in words for people.
func kindOf(n *yaml.Node) diag.Phrase {
	switch n.Kind {
	case yaml.MappingNode:
		return diag.Say("a mapping")
	case yaml.SequenceNode:
		return diag.Say("a list")
	}
	switch n.Tag {
	case "!!int", "!!float":
		return diag.Say("the number %s", n.Value)
	case "!!bool":
		return diag.Say("%s", n.Value)
	case "!!null":
		return diag.Say("nothing")
	case "!!str":
		return diag.Say("the text %q", n.Value)
	case "!!timestamp":
		return diag.Say("the day %s", n.Value)
	}
	return diag.Say("something tagged %q", strings.TrimLeft(n.Tag, "!"))
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }
