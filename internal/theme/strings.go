package theme

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

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
	have := map[model.Lang]map[string]bool{}
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

func addStrings(bundle *i18n.Bundle, layer fs.FS, lang model.Lang, name string, have map[model.Lang]map[string]bool) error {
	tag, err := language.Parse(string(lang))
	if err != nil {
		return fmt.Errorf("strings file %q is not named after a language: %w", name, err)
	}
	data, err := fs.ReadFile(layer, name)
	if err != nil {
		return fmt.Errorf("reading the strings: %w", err)
	}
	list, err := bundle.ParseMessageBytes(tag, data, func(b []byte, v any) error { return yaml.Unmarshal(b, v) })
	if err != nil {
		return fmt.Errorf("strings file %q: %w", name, err)
	}
	if have[lang] == nil {
		have[lang] = map[string]bool{}
	}
	for _, msg := range list {
		have[lang][msg.ID] = true
	}
	return nil
}

// complete reports the ids that some language lacks.
func (m *messages) complete(have map[model.Lang]map[string]bool) error {
	var missing []string
	for id := range m.ids {
		for _, l := range m.languages {
			if !have[l][id] {
				missing = append(missing, fmt.Sprintf("%s.yaml lacks %q", l, id))
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return fmt.Errorf("strings are not the same in all languages: %s", strings.Join(missing, ", "))
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
