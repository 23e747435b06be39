package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"daybreak/content"
	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/theme"
)

// tongueVar is the language in which daybreak talks to one person, whatever the
// workspace says.
const tongueVar = "DAYBREAK_LANG"

// tongue is the language in which a run talks to people: that of the person, else of
// the workspace once it is read, else English. What scripts read is English.
type tongue struct {
	lang  model.Lang
	words map[string]string // by the English sentence; nil for English
}

type tongueKey struct{}

// withTongue gives a run its tongue.
func withTongue(ctx context.Context) context.Context {
	t := &tongue{lang: model.English}
	if l := model.Lang(os.Getenv(tongueVar)); l != "" {
		t.lang = l
		t.words, _ = compose.LoadPhrases(content.FS, l) // there may be a workspace that has more
	}
	return context.WithValue(ctx, tongueKey{}, t)
}

// tongueOf finds a run's tongue, English where it has none.
func tongueOf(cmd *cobra.Command) *tongue {
	if cmd != nil && cmd.Context() != nil {
		if t, ok := cmd.Context().Value(tongueKey{}).(*tongue); ok {
			return t
		}
	}
	return &tongue{lang: model.English}
}

// say gives a sentence.
func (t *tongue) say(p diag.Phrase) string { return p.In(t.catalog()) }

// catalog is what diag asks for other languages, nil for English.
func (t *tongue) catalog() map[string]string {
	if t == nil {
		return nil
	}
	return t.words
}

// overhear makes a run that ended before it opened a workspace speak the language of the
// one that it stands in or names, as far as that can be read.
func overhear(cmd *cobra.Command) {
	dir := "."
	if f := cmd.Flag("workspace"); f != nil && f.Changed {
		dir = f.Value.String()
	}
	if c, _, err := config.Load(dir); err == nil {
		w := &workspace{dir: dir, config: c, content: theme.Overlay(os.DirFS(filepath.Join(dir, "content")), content.FS)}
		w.listen(tongueOf(cmd)) // what is wrong with the language is told by commands that work
	}
}

// listen makes a run speak the workspace's language, with its own sentences. A
// language of which nobody knows a sentence means English.
func (w *workspace) listen(t *tongue) diag.List {
	if os.Getenv(tongueVar) == "" && w.config.Messages != "" {
		t.lang = model.Lang(w.config.Messages)
	}
	words, _, err := w.phrases(t.lang) // what is wrong in the catalog is told by check
	if err == nil {
		t.words = words
		return nil
	}
	unknown := t.lang
	t.lang, t.words = model.English, nil
	return diag.List{diag.New(diag.Warning, "unknown-language", w.config.At("messages"), diag.Say("there are no sentences in %q", unknown),
		diag.Say("English is spoken. Write de or en, or add content/diagnostics.%s.yaml.", unknown))}
}
