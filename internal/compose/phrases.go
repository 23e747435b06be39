package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// LoadPhrases reads diagnostics.<lang>.yaml of a content folder: what diagnostics
// say in a language, by the English sentence. It is empty where there is no file.
func LoadPhrases(fsys fs.FS, l model.Lang) (map[string]string, diag.List) {
	out, _, list := loadPhrases(fsys, l)
	return out, list
}

// StrayPhrases names the sentences of a catalog that daybreak never says; said holds
// all that it says.
func StrayPhrases(fsys fs.FS, l model.Lang, said map[string]string) diag.List {
	_, keys, _ := loadPhrases(fsys, l) // what else is wrong with it is said where it is used
	var list diag.List
	s := &strict{file: "content/" + phrasesFile(l), list: &list}
	known := slices.Sorted(maps.Keys(said))
	for _, key := range keys {
		if _, ok := said[key.Value]; ok {
			continue
		}
		hint := diag.Say("Copy the sentence as `daybreak check --lang en` says it, with %s for what changes.", "%s")
		if near := diag.Closest(key.Value, known); near != "" {
			hint = diag.Say("Did you mean %q?", near)
		}
		list.Add(diag.New(diag.Warning, "unknown-sentence", s.position(key), diag.Say("daybreak says no sentence %q", key.Value), hint))
	}
	return list
}

func phrasesFile(l model.Lang) string { return fmt.Sprintf("diagnostics.%s.yaml", l) }

// loadPhrases gives the sentences with the nodes of their keys, in the file's order.
func loadPhrases(fsys fs.FS, l model.Lang) (map[string]string, []*yaml.Node, diag.List) {
	name := phrasesFile(l)
	var list diag.List
	s := &strict{file: "content/" + name, list: &list}
	data, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		s.fail(nil, "unreadable", diag.Say("Make the file readable."), "cannot read: %v", err)
		return nil, nil, list
	}
	root := s.root(data)
	if root == nil {
		return nil, nil, list
	}
	if root.Kind != yaml.MappingNode {
		s.fail(root, "wrong-type", diag.Say("Write `key: value` lines here."), "%s needs keys and values", name)
		return nil, nil, list
	}
	out, keys := map[string]string{}, []*yaml.Node(nil)
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, text := root.Content[i].Value, ""
		keys = append(keys, root.Content[i])
		value := root.Content[i+1]
		if s.text(&text, key)(value); text != "" {
			out[key] = strings.TrimRight(value.Value, "\n") // with the tabs of tables and the lines of commands
		}
	}
	return out, keys, list
}
