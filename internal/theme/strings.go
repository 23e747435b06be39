package theme

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	texttemplate "text/template"

	"daybreak/internal/diag"
	"daybreak/internal/model"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
)

// messages are the UI strings of all languages.
type messages struct {
	languages []model.Lang // sorted
	localizer map[model.Lang]*i18n.Localizer
	ids       map[string]bool
}

// loadStrings reads `<lang>.yaml` from the root of fsys, a message file of
// go-i18n (https://github.com/nicksnyder/go-i18n): nested keys make dotted ids,
// a map of CLDR plural categories is one message. The files of an overlay's
// layers are merged message by message, so that a workspace changes one string
// without copying all. Every id must exist in every language.
func loadStrings(fsys fs.FS) (*messages, error) {
	bundle := i18n.NewBundle(language.English)
	have := map[model.Lang]map[string]int{}
	for _, layer := range layers(fsys) {
		entries, err := fs.ReadDir(layer, ".")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the strings: %w", err)
		}
		for _, e := range entries {
			if e.IsDir() || path.Ext(e.Name()) != ".yaml" {
				continue
			}
			lang := model.Lang(strings.TrimSuffix(e.Name(), ".yaml"))
			if err := addStrings(bundle, layer, lang, e.Name(), have); err != nil {
				return nil, err
			}
		}
	}
	m := &messages{localizer: map[model.Lang]*i18n.Localizer{}, ids: map[string]bool{}}
	for lang, ids := range have {
		m.languages = append(m.languages, lang)
		m.localizer[lang] = i18n.NewLocalizer(bundle, string(lang))
		for id := range ids {
			m.ids[id] = true
		}
	}
	slices.Sort(m.languages)
	return m, m.complete(have)
}

func addStrings(bundle *i18n.Bundle, layer fs.FS, lang model.Lang, name string, have map[model.Lang]map[string]int) error {
	tag, err := language.Parse(string(lang))
	file := "content/strings/" + name
	if err != nil {
		return fault(file, spot{}, "strings", "the file is not named after a language", "call it de.yaml or en.yaml.")
	}
	data, err := fs.ReadFile(layer, name)
	if err != nil {
		return fmt.Errorf("reading the strings: %w", err)
	}
	list, err := bundle.ParseMessageBytes(tag, data, func(b []byte, v any) error { return yaml.Unmarshal(b, v) })
	if err != nil {
		return fault(file, yamlPlace(err), "strings", strings.TrimPrefix(err.Error(), "yaml: "), hintLook)
	}
	if line := diag.SecondDocument(string(data)); line > 0 {
		return fault(file, spot{line: line}, "several-documents", "a second document begins here", "the file is one document: delete the line with --- or ... above, or what follows it.")
	}
	if have[lang] == nil {
		have[lang] = map[string]int{}
	}
	lines := linesOf(data)
	for _, msg := range list {
		line := lines[msg.ID]
		for _, form := range []string{msg.Zero, msg.One, msg.Two, msg.Few, msg.Many, msg.Other} {
			if _, err := texttemplate.New("").Parse(form); err != nil {
				return fault(file, spot{line: line}, "strings", fmt.Sprintf("the string %q: %s", msg.ID, strings.TrimPrefix(err.Error(), "template: :1: ")), "a gap is written {{.Name}}, with the names that the shipped string has.")
			}
		}
		have[lang][msg.ID] = line
	}
	return nil
}

// complete reports the ids that some language lacks, at their place in another.
func (m *messages) complete(have map[model.Lang]map[string]int) error {
	var missing diag.List
	for _, id := range slices.Sorted(maps.Keys(m.ids)) {
		var lacking []string
		var at diag.Position
		var known []string // ids that all languages have
		for _, l := range m.languages {
			line, ok := have[l][id]
			if !ok {
				lacking = append(lacking, string(l)+".yaml")
				continue
			}
			at = diag.Position{File: fmt.Sprintf("content/strings/%s.yaml", l), Line: line}
		}
		if len(lacking) == 0 {
			continue
		}
		for other := range m.ids {
			if !slices.ContainsFunc(m.languages, func(l model.Lang) bool { _, ok := have[l][other]; return !ok }) {
				known = append(known, other)
			}
		}
		slices.Sort(known)
		hint := "write it in every language."
		if near := diag.Closest(id, known); near != "" {
			hint = fmt.Sprintf("did you mean %q? A string of your own must be there in every language.", near)
		}
		missing.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "strings", Position: at,
			Message: fmt.Sprintf("%s lacks %q", strings.Join(lacking, " and "), id), Hint: hint,
		})
	}
	return missing.Err()
}

// linesOf says in which line each id of a strings file stands.
func linesOf(data []byte) map[string]int {
	lines := map[string]int{}
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 {
		return lines
	}
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			id := strings.TrimPrefix(path+"."+n.Content[i].Value, ".")
			lines[id] = n.Content[i].Line
			walk(n.Content[i+1], id)
		}
	}
	walk(doc.Content[0], "")
	return lines
}

// yamlPlace is where a YAML text can't be read.
func yamlPlace(err error) spot {
	var e *yaml.LoadError
	if errors.As(err, &e) {
		return spot{e.Mark.Line, e.Mark.Column}
	}
	return spot{}
}

var stringParser = &i18ntemplate.TextParser{Option: "missingkey=error"}

// text gives one string. args may start with an integer, which chooses the
// plural form and is {{.Count}} in the string; then come pairs of name and value.
func (m *messages) text(l model.Lang, id string, args ...any) (string, error) {
	localizer := m.localizer[l]
	if localizer == nil {
		return "", fmt.Errorf("no strings for language %q; there are %v", l, m.languages)
	}
	if !m.ids[id] {
		return "", fmt.Errorf("no string %q", id)
	}
	config := &i18n.LocalizeConfig{MessageID: id, TemplateParser: stringParser}
	data := map[string]any{}
	if len(args)%2 == 1 {
		count := reflect.ValueOf(args[0])
		if !count.CanInt() {
			return "", fmt.Errorf("string %q: want a count before the pairs, got %T", id, args[0])
		}
		config.PluralCount = int(count.Int())
		data["Count"] = count.Int()
		args = args[1:]
	}
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			return "", fmt.Errorf("string %q: want a name, got %T", id, args[i])
		}
		data[name] = args[i+1]
	}
	config.TemplateData = data
	s, err := localizer.Localize(config)
	if err != nil {
		return "", fmt.Errorf("string %q in %s: %w", id, l, err)
	}
	return s, nil
}
