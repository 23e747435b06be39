package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// LoadPhrases reads diagnostics.<lang>.yaml of a content folder: what diagnostics
// say in a language, by the English sentence. It is empty where there is no file.
func LoadPhrases(fsys fs.FS, l model.Lang) (map[string]string, diag.List) {
	name := fmt.Sprintf("diagnostics.%s.yaml", l)
	var list diag.List
	s := &strict{file: "content/" + name, list: &list}
	data, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		s.fail(nil, "unreadable", diag.Say("Make the file readable."), "cannot read: %v", err)
		return nil, list
	}
	root := s.root(data)
	if root == nil {
		return nil, list
	}
	if root.Kind != yaml.MappingNode {
		s.fail(root, "wrong-type", diag.Say("Write `key: value` lines here."), "%s needs keys and values", name)
		return nil, list
	}
	out := map[string]string{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, text := root.Content[i].Value, ""
		value := root.Content[i+1]
		if s.text(&text, key)(value); text != "" {
			out[key] = strings.TrimRight(value.Value, "\n") // with the tabs of tables and the lines of commands
		}
	}
	return out, list
}
