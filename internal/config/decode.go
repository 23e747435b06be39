package config

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// place is a line and a column in characters, both from 1.
type place struct{ line, column int }

// maxNodes bounds the work: a file of a megabyte could otherwise ask, with
// aliases, for lists of billions.
const maxNodes = 200_000

// decoder reads YAML nodes into the configuration's types. The YAML library
// could do that, but its messages speak of Go types, and it forgets the places
// that the checks across keys need.
type decoder struct {
	file  string
	lines [][]byte
	list  diag.List
	at    map[string]place // key path ("systems[2].id") → where its value stands
	nodes int
}

// add reports an error. key is the path of the key, "" for the file.
func (d *decoder) add(at place, key, code string, message, hint diag.Phrase) {
	p := diag.Position{File: d.file, Line: at.line, Column: at.column}
	if key != "" {
		p.Part = fmt.Sprintf("key %q", key)
	}
	d.list.Add(diag.New(diag.Error, code, p, message, hint))
}

// rules are what a field's tags say about its value.
type rules struct {
	required bool
	enum     []string
	pattern  *regexp.Regexp
	form     string
	keys     *regexp.Regexp
	min, max int
}

// key gives a field's name in the file, "" for a field that isn't in it.
func key(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" {
		return ""
	}
	return name
}

// rulesOf reads the tags; they are part of the program, so that a wrong one may panic.
func rulesOf(f reflect.StructField) rules {
	r := rules{required: !strings.Contains(f.Tag.Get("yaml"), ",omitempty"), form: f.Tag.Get("form")}
	if s := f.Tag.Get("enum"); s != "" {
		r.enum = strings.Split(s, ",")
	}
	if s := f.Tag.Get("pattern"); s != "" {
		r.pattern = regexp.MustCompile(s)
	}
	if s := f.Tag.Get("keys"); s != "" {
		r.keys = regexp.MustCompile(s)
	}
	if s := f.Tag.Get("max"); s != "" {
		r.max, _ = strconv.Atoi(s)
		r.min, _ = strconv.Atoi(f.Tag.Get("min"))
	}
	return r
}

const (
	aMapping = "a mapping (lines of `key: value`)"
	below    = "Write its keys on the lines below it, two blanks further in."
)

func (d *decoder) root(n *yaml.Node, c *Config) {
	if n = d.deref(n); isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.add(place{n.Line, n.Column}, "", "wrong-type", diag.Say("the file must be %s, not %s", diag.Say(aMapping), kindOf(n)), diag.Say("Begin with `product:`; daybreak init writes a whole file with comments."))
		return
	}
	d.mapping(n, reflect.ValueOf(c).Elem(), "")
}

// deref follows an alias and counts the node.
func (d *decoder) deref(n *yaml.Node) *yaml.Node {
	d.nodes++
	if d.nodes == maxNodes {
		d.add(place{n.Line, n.Column}, "", "file-too-big", diag.Say("the file unfolds to more than %d values", maxNodes), diag.Say("Does an alias (*name) repeat a long list? Write out what you need."))
	}
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// value reads a node into v; what doesn't fit leaves v as it is.
func (d *decoder) value(n *yaml.Node, v reflect.Value, path string, r rules) {
	n = d.deref(n)
	if d.nodes >= maxNodes {
		return
	}
	d.at[path] = place{n.Line, n.Column}
	if v.Type() == reflect.TypeFor[model.Text]() {
		d.text(n, v, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if n.Kind != yaml.MappingNode {
			d.wrong(n, path, diag.Say(aMapping), diag.Say(below))
			return
		}
		if t, ok := v.Interface().(*Train); ok && t == nil {
			t := DefaultTrain()
			v.Set(reflect.ValueOf(&t))
		}
		if s, ok := v.Interface().(*SMTP); ok && s == nil {
			s := defaultSMTP()
			v.Set(reflect.ValueOf(&s))
		}
		d.mapping(n, v.Elem(), path)
	case reflect.Struct:
		if n.Kind != yaml.MappingNode {
			d.wrong(n, path, diag.Say(aMapping), diag.Say(below))
			return
		}
		d.mapping(n, v, path)
	case reflect.Slice:
		d.sequence(n, v, path, r)
	case reflect.Map:
		d.dictionary(n, v, path, r)
	case reflect.String:
		d.string(n, v, path, r)
	case reflect.Bool:
		d.bool(n, v, path)
	case reflect.Int:
		d.int(n, v, path, r)
	default:
		panic("config: no way to read a " + v.Type().String())
	}
}

// each calls do for every key of a mapping that is plain text, named once and has a value.
func (d *decoder) each(n *yaml.Node, path string, do func(k, v *yaml.Node)) {
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := d.deref(n.Content[i]), n.Content[i+1]
		at := place{n.Content[i].Line, n.Content[i].Column}
		if k.Kind != yaml.ScalarNode || k.Tag == "!!null" {
			d.add(at, path, "wrong-type", diag.Say("a key must be a plain word"), diag.Phrase{})
			continue
		}
		if k.Tag == "!!merge" {
			d.add(at, path, "unknown-key", diag.Say("merge keys (<<) are not read"), diag.Say("Write the keys out."))
			continue
		}
		if line, double := first[k.Value]; double {
			d.add(at, join(path, k.Value), "duplicate-key", diag.Say("key %q is there already, in line %d", join(path, k.Value), line), diag.Say("Keep one of them."))
			continue
		}
		first[k.Value] = at.line
		do(n.Content[i], v)
	}
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, path string) {
	d.at[path] = place{n.Line, n.Column}
	fields := map[string]reflect.StructField{}
	var known []string
	for f := range v.Type().Fields() {
		if k := key(f); k != "" {
			fields[k] = f
			known = append(known, k)
		}
	}
	seen := map[string]bool{}
	d.each(n, path, func(kn, vn *yaml.Node) {
		k := d.deref(kn).Value
		f, ok := fields[k]
		if !ok {
			d.unknown(kn, k, path, known)
			return
		}
		r := rulesOf(f)
		if isNull(d.deref(vn)) {
			d.swallowed(vn, join(path, k))
			return
		}
		seen[k] = true
		before := len(d.list)
		d.value(vn, v.FieldByIndex(f.Index), join(path, k), r)
		if r.required && len(d.list) == before && v.FieldByIndex(f.Index).IsZero() {
			d.add(d.at[join(path, k)], join(path, k), "missing-value", diag.Say("key %q is empty", join(path, k)), diag.Say("Fill it in: it is needed."))
		}
	})
	for _, k := range known {
		if rulesOf(fields[k]).required && !seen[k] {
			d.add(place{n.Line, n.Column}, join(path, k), "missing-key", diag.Say("key %q is missing", join(path, k)), fieldDoc(fields[k]))
		}
	}
}

func fieldDoc(f reflect.StructField) diag.Phrase {
	return diag.Say("It is needed. %s", f.Tag.Get("doc"))
}

// unknown reports a key, with the one that may be meant.
func (d *decoder) unknown(n *yaml.Node, k, path string, known []string) {
	hint := diag.Say("Known keys here: %s.", strings.Join(known, ", "))
	if best := closest(k, known); best != "" {
		hint = diag.Say("Did you mean %q?", best)
	} else if elsewhere := placesOf(k); len(elsewhere) > 0 {
		hint = diag.Say("There is a key of that name elsewhere: %s.", strings.Join(elsewhere, ", "))
	}
	d.add(place{n.Line, n.Column}, join(path, k), "unknown-key", diag.Say("unknown key %q", join(path, k)), hint)
}

// swallowed catches `accent: #1f6feb`, where YAML reads the value as a comment.
func (d *decoder) swallowed(n *yaml.Node, path string) {
	if n.Line < 1 || n.Line > len(d.lines) || n.Value != "" {
		return
	}
	_, rest, _ := strings.Cut(string(d.lines[n.Line-1]), ":")
	rest = strings.TrimSpace(rest)
	if looksLikeColour.MatchString(rest) {
		value, _, _ := strings.Cut(rest, " ")
		d.add(place{n.Line, n.Column}, path, "wrong-type", diag.Say("%q is read as a comment, so that %q has no value", rest, path), diag.Say("Put it in quotes: %q.", value))
	}
}

var looksLikeColour = regexp.MustCompile(`^#[0-9a-fA-F]{3,8}( |$)`)

func (d *decoder) sequence(n *yaml.Node, v reflect.Value, path string, r rules) {
	if n.Kind != yaml.SequenceNode {
		hint := diag.Say("Write each on a line of its own that begins with `- `.")
		if n.Kind == yaml.ScalarNode {
			hint = diag.Say("Write [%q].", n.Value)
		}
		d.wrong(n, path, diag.Say("a list"), hint)
		return
	}
	out := reflect.MakeSlice(v.Type(), 0, len(n.Content))
	for i, element := range n.Content {
		p := fmt.Sprintf("%s[%d]", path, i)
		if isNull(d.deref(element)) {
			d.add(place{element.Line, element.Column}, p, "missing-value", diag.Say("%q has an empty element", path), diag.Say("Delete the line, or write something behind the `-`."))
		} else if d.nodes < maxNodes {
			e := reflect.New(v.Type().Elem()).Elem()
			before := len(d.list)
			d.value(element, e, p, r)
			if e.Kind() == reflect.String && e.String() == "" && len(d.list) == before {
				d.add(d.at[p], p, "missing-value", diag.Say("key %q is empty", p), diag.Say("Fill it in, or delete it from the list."))
			}
			out = reflect.Append(out, e)
			continue
		}
		// The element stays as an empty one, so that indexes keep naming places.
		out = reflect.Append(out, reflect.Zero(v.Type().Elem()))
	}
	v.Set(out)
}

// dictionary reads a map of text to text or to lists of text.
func (d *decoder) dictionary(n *yaml.Node, v reflect.Value, path string, r rules) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, path, diag.Say(aMapping), diag.Say(below))
		return
	}
	out := reflect.MakeMap(v.Type())
	d.each(n, path, func(kn, vn *yaml.Node) {
		k := d.deref(kn)
		p := join(path, k.Value)
		if r.keys != nil && !r.keys.MatchString(k.Value) {
			d.add(place{kn.Line, kn.Column}, p, "bad-value", diag.Say("%q can't be a key of %q", k.Value, path), diag.Say("A key there looks like this pattern: %s", r.keys.String()))
			return
		}
		if isNull(d.deref(vn)) {
			d.add(place{kn.Line, kn.Column}, p, "missing-value", diag.Say("key %q has no value", p), diag.Say("Fill it in, or delete the line."))
			return
		}
		e := reflect.New(v.Type().Elem()).Elem()
		d.value(vn, e, p, r)
		out.SetMapIndex(reflect.ValueOf(k.Value), e)
	})
	v.Set(out)
}

// text reads one text, in the primary language (stored under ""), or one per language.
func (d *decoder) text(n *yaml.Node, v reflect.Value, path string) {
	out := model.Text{}
	switch n.Kind {
	case yaml.ScalarNode:
		var s string
		d.string(n, reflect.ValueOf(&s).Elem(), path, rules{})
		if s != "" {
			out[""] = s
		}
	case yaml.MappingNode:
		d.each(n, path, func(kn, vn *yaml.Node) {
			k := d.deref(kn).Value
			if !slices.Contains(shipped, model.Lang(k)) {
				d.language(place{kn.Line, kn.Column}, join(path, k), k)
				return
			}
			if isNull(d.deref(vn)) {
				return
			}
			var s string
			d.value(vn, reflect.ValueOf(&s).Elem(), join(path, k), rules{})
			if s != "" {
				out[model.Lang(k)] = s
			}
		})
	default:
		d.wrong(n, path, diag.Say("a text, or one per language"), diag.Say(`Write de: "…" and en: "…" on lines of their own.`))
		return
	}
	if len(out) > 0 {
		v.Set(reflect.ValueOf(out))
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
