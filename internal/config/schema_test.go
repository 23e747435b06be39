package config

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML as editors do (YAML 1.2): a bare day is text.
func asJSON(t testing.TB, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.DocumentNode:
		return asJSON(t, n.Content[0])
	case yaml.AliasNode:
		return asJSON(t, n.Alias)
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = asJSON(t, n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, asJSON(t, c))
		}
		return list
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int":
		if i, err := strconv.Atoi(n.Value); err == nil {
			return json.Number(strconv.Itoa(i))
		}
	case "!!float":
		return json.Number(n.Value)
	}
	return n.Value
}

// What one key shows, the schema and Parse must judge alike.
func TestSchemaAgreesWithParse(t *testing.T) {
	schema := compiled(t)
	good := []string{
		"", "{}", "product:", "areas:\n", "product: {name: Rotbuch, tagline: Eins}", "product: {tagline: {de: Eins, en: One}}", "product: {tagline: {de: }}",
		"product: {accent: '#1f6feb', logo: content/logo.SVG, url: 'https://x.example/y', home: 'http://x'}",
		"languages: [de, en]", "timezone: Europe/Berlin", "repositories: [{path: ../p, forge: gitlab, tags: [v*]}]",
		"history: {language: de, tickets: ['[A-Z]+-[0-9]+'], types: {feat: added, chore: internal}, trailers: {Release-Note: [Changelog-Text]}}",
		"notes: {unclassified: tell, titles: withhold, show: [request, author], prereleases: true, unreleased: false}",
		"areas: [{id: booking, name: Buchung}, {id: übersicht, name: {de: Ü}, risky: true}]",
		"systems: [{id: K1, name: One, test: true, languages: [en], not_today: Umzug, mail: a@example.com}]",
		"people: [{id: mk, name: M K, initials: MK, phone: '0711', mails: [mk@example.com]}]",
		"roles: [{id: SUP, name: {de: Support}}]", "migrations: [db/**]",
		"train: {every: 3w, weekday: tuesday, first: 2026-01-13, start: '06:30', opening: '09:00', rollback: 0, holidays: DE-BY}",
		"train: {every: 52w}", "train:",
		"guard:", "guard: {private: [Projekt Amsel], patterns: ['AM-[0-9]+'], allow: [{text: a@example.com, reason: the desk, where: 'public/**'}]}",
		"glossary: [{lang: en, prefer: booking, avoid: [reservation]}]", "systems: [{id: K1, name: One, also: [Uno]}]",
	}
	bad := []string{
		"[]", "text", "prodct: {}", "product: []", "product: {nam: x}", "product: {name: 3}", "product: {tagline: {fr: Un}}", "product: {tagline: [a]}",
		"product: {accent: blue}", "product: {accent: '#fff'}", "product: {accent: ''}", "product: {url: notes.example.com}", "product: {url: 'https://x/?q'}",
		"product: {home: 'javascript:alert(1)'}", "product: {logo: logo.gif}", "product: {contact: {mail: nobody}}",
		"languages: de", "languages: [fr]", "languages: [3]", "timezone: 3", "timezone: true",
		"repositories: [{}]", "repositories: [{path: }]", "repositories: [{path: ''}]", "repositories: [{path: x, forge: svn}]", "repositories: [{path: x, tags: ['']}]",
		"repositories: [{path: x, name: 'a b'}]", "repositories: [null]",
		"history: {types: {Feat: added}}", "history: {types: {feat: new}}", "history: {types: {feat: }}", "history: {trailers: {A: b}}", "history: {trailers: {'a b': [c]}}", "history: {trailers: {A: ['b c']}}",
		"notes: {unclassified: hide}", "notes: {show: [hash]}", "notes: {prereleases: yes}", "notes: {prereleases: 1}",
		"areas: [{id: a}]", "areas: [{name: a}]", "areas: [{id: 'a b', name: x}]", "areas: [{id: a, name: ''}]", "areas: [{id: a, name: {}}]", "areas: [{id: a, name: x, paths: src}]", "areas: [{id: 1, name: x}]",
		"systems: [{id: K1}]", "systems: [{id: K1, name: x, test: 1}]", "systems: [{id: K1, name: x, languages: [xx]}]", "systems: {K1: x}",
		"people: [{id: mk, name: M, initials: ABCDE}]", "people: [{id: mk, name: M, mails: [x]}]", "people: [{id: mk, name: M, phone: 12}]",
		"roles: [{}]", "migrations: db/**", "migrations: [1]",
		"train: {every: 3}", "train: {every: 0w}", "train: {every: 53w}", "train: {weekday: Tuesday}", "train: {first: 13.01.2026}", "train: {start: '6:30'}", "train: {start: '24:00'}",
		"guard: {private: Amsel}", "guard: {privat: [Amsel]}", "guard: {allow: [{text: x}]}", "guard: {allow: [{text: x, reason: ''}]}",
		"glossary: [{lang: en, prefer: booking}]", "glossary: [{lang: xx, prefer: a, avoid: [b]}]", "glossary: [{prefer: a, avoid: [b]}]", "systems: [{id: K1, name: x, also: y}]",
		"train: {rollback: -1}", "train: {buffer: 1441}", "train: {database: '20'}", "train: {rollback: 1.5}", "train: {holidays: Bayern}", "train: []",
	}
	check := func(text string, want bool) {
		_, list := Parse(Name, []byte(text))
		if got := list.Worst() < diag.Error; got != want {
			t.Errorf("Parse takes %q: %v\n%s", text, got, list)
		}
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(text), &n); err != nil {
			t.Fatal(err)
		}
		var value any
		if n.Kind != 0 {
			value = asJSON(t, &n)
		}
		if err := schema.Validate(value); (err == nil) != want {
			t.Errorf("the schema takes %q: %v\n%v", text, err == nil, err)
		}
	}
	for _, text := range good {
		check(text, true)
	}
	for _, text := range bad {
		check(text, false)
	}
}

// The schema may be laxer than Parse, never stricter: an editor must not
// underline what daybreak takes.
func TestSchemaTakesGoodFiles(t *testing.T) {
	schema := compiled(t)
	files, err := filepath.Glob("testdata/good/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data := archive.Files[0].Data
		if _, list := Parse(Name, data); len(list) > 0 {
			t.Errorf("%s:\n%s", file, text(list))
		}
		var n yaml.Node
		if err := yaml.Unmarshal(data, &n); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asJSON(t, &n)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// Every key is described, so that an editor can say what it means; a pattern
// has words for people.
func TestEveryKeyIsDescribed(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		for f := range typ.Fields() {
			if key(f) == "" {
				continue
			}
			if doc := f.Tag.Get("doc"); len(doc) < 8 || !strings.HasSuffix(doc, ".") {
				t.Errorf("%s.%s: doc is %q", typ.Name(), f.Name, doc)
			}
			if f.Tag.Get("pattern") != "" && f.Tag.Get("form") == "" {
				t.Errorf("%s.%s: a pattern without words", typ.Name(), f.Name)
			}
			if f.Tag.Get("json") != f.Tag.Get("yaml") {
				t.Errorf("%s.%s: yaml %q, json %q", typ.Name(), f.Name, f.Tag.Get("yaml"), f.Tag.Get("json"))
			}
			walk(f.Type)
		}
	}
	walk(reflect.TypeFor[Config]())
	if len(seen) < 10 {
		t.Errorf("walked only %d types", len(seen))
	}
	a, _ := Schema()
	b, _ := Schema()
	if !bytes.Equal(a, b) {
		t.Error("the schema differs from call to call")
	}
}
