package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/invopop/jsonschema"

	"daybreak/internal/model"
)

// Schema gives the JSON Schema (draft 2020-12) of daybreak.yaml, made from the
// types and tags that Parse reads too; it ends with a line feed and is always
// the same. It refuses nothing that Parse takes.
func Schema() ([]byte, error) {
	r := &jsonschema.Reflector{
		Anonymous:    true, // no $id: daybreak has no address of its own yet
		FieldNameTag: "yaml",
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			switch t {
			case reflect.TypeFor[model.Lang]():
				return &jsonschema.Schema{Type: "string", Enum: languageNames()}
			case reflect.TypeFor[model.Text]():
				return textSchema()
			}
			return nil
		},
	}
	s := r.Reflect(&Config{})
	s.Title = "daybreak.yaml"
	s.Description = "The configuration of a daybreak workspace."
	described := map[reflect.Type]bool{}
	if err := describe(s.Definitions, reflect.TypeFor[Config](), described); err != nil {
		return nil, err
	}
	// An empty file is a good one.
	s.AnyOf = []*jsonschema.Schema{{Ref: s.Ref}, {Type: "null"}}
	s.Ref = ""
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return append(data, '\n'), nil
}

func languageNames() []any {
	var out []any
	for _, l := range shipped {
		out = append(out, string(l))
	}
	return out
}

// textSchema is one text, or one per language.
func textSchema() *jsonschema.Schema {
	perLanguage := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, l := range shipped {
		perLanguage.Properties.Set(string(l), orNull(&jsonschema.Schema{Type: "string"}))
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, perLanguage}}
}

// orNull allows a key without a value, which is a key left out.
func orNull(s *jsonschema.Schema) *jsonschema.Schema {
	text := s.Description
	s.Description = ""
	return &jsonschema.Schema{Description: text, AnyOf: []*jsonschema.Schema{s, {Type: "null"}}}
}

// describe puts the tags of a type and of those inside it into its definition.
func describe(defs jsonschema.Definitions, t reflect.Type, done map[reflect.Type]bool) error {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || done[t] {
		return nil
	}
	done[t] = true
	def, ok := defs[t.Name()]
	if !ok {
		return fmt.Errorf("schema: no definition of %s", t.Name())
	}
	for f := range t.Fields() {
		name := key(f)
		if name == "" {
			continue
		}
		p, ok := def.Properties.Get(name)
		if !ok {
			return fmt.Errorf("schema: no property %s.%s", t.Name(), name)
		}
		rules := rulesOf(f)
		constrain(p, f.Type, rules)
		p.Description = f.Tag.Get("doc")
		if rules.required {
			if f.Type == reflect.TypeFor[model.Text]() {
				p.AnyOf[0].MinLength = one()
				p.AnyOf[1].MinProperties = one()
			}
		} else {
			def.Properties.Set(name, orNull(p))
		}
		if err := describe(defs, f.Type, done); err != nil {
			return err
		}
	}
	return nil
}

// constrain writes the rules where the value's texts and numbers stand.
func constrain(p *jsonschema.Schema, t reflect.Type, r rules) {
	switch {
	case t == reflect.TypeFor[model.Lang]() || t == reflect.TypeFor[model.Text]():
	case t.Kind() == reflect.Slice:
		if t.Elem().Kind() == reflect.String {
			r.required = true // no empty text in a list
		}
		constrain(p.Items, t.Elem(), r)
	case t.Kind() == reflect.Map:
		element := p.AdditionalProperties
		if r.keys != nil {
			p.PropertyNames = &jsonschema.Schema{Pattern: r.keys.String()}
			r.keys = nil
		}
		r.required = false
		constrain(element, t.Elem(), r)
	case t.Kind() == reflect.String:
		for _, v := range r.enum {
			p.Enum = append(p.Enum, v)
		}
		if r.pattern != nil {
			p.Pattern = r.pattern.String()
		}
		if r.required {
			p.MinLength = one()
		}
	case t.Kind() == reflect.Int:
		p.Minimum = json.Number(strconv.Itoa(r.min))
		p.Maximum = json.Number(strconv.Itoa(r.max))
	}
}

func one() *uint64 {
	n := uint64(1)
	return &n
}
