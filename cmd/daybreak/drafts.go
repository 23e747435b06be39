package main

import (
	"errors"
	"io/fs"
	"os"

	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
	"daybreak/internal/theme"
)

// drafts reads the workspace's drafts. Most workspaces have none for a while:
// they don't pay for it.
func (w *workspace) drafts() (editorial.Shelf, diag.List, error) {
	if w.dir == "" {
		return nil, nil, nil
	}
	workspace := os.DirFS(w.dir)
	if _, err := fs.Stat(workspace, editorial.Folder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	look, err := w.theme()
	if err != nil {
		return nil, nil, err
	}
	return editorial.Load(workspace, w.config.Languages, draftNames(look, w.config.Languages))
}

// draftWords is what a draft says in one language.
func draftWords(look *theme.Theme, l model.Lang) editorial.Words {
	w := editorial.Words{Kinds: map[model.Kind]string{}, Aside: look.T(l, "draft.aside"), Known: look.T(l, "draft.known"), Help: look.T(l, "draft.help")}
	for _, k := range model.Kinds() {
		w.Kinds[k] = look.T(l, "kind."+string(k))
	}
	return w
}

func draftNames(look *theme.Theme, languages []model.Lang) editorial.Names {
	var words []editorial.Words
	for _, l := range languages {
		words = append(words, draftWords(look, l))
	}
	return editorial.NamesOf(words...)
}
