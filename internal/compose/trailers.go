package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// KnownTrailer reports whether a key is one of daybreak's trailers in this
// workspace: by its own name or a configured one, alone or for a language.
func KnownTrailer(c *config.Config, key string) bool {
	return slices.ContainsFunc(trailerKeys(c), func(k string) bool { return strings.EqualFold(k, key) })
}

// trailerKeys lists every name under which a trailer of the workspace is read.
func trailerKeys(c *config.Config) []string {
	var out []string
	add := func(name string) { out = append(append(out, name), aliases(c, name)...) }
	for _, name := range model.TrailerNames() {
		add(name)
		for _, l := range c.Languages {
			if local := name + "-" + string(l); isLocal(local) {
				add(local)
			}
		}
	}
	return out
}

func isLocal(key string) bool {
	_, _, ok := model.LocalTrailer(key)
	return ok
}

// foreignTrailers are near to one of daybreak's names and mean something else.
var foreignTrailers = []string{"tested-by", "verified-by", "verified", "released", "release", "exported"}

// MisspelledTrailers diagnoses the trailers of a change that are no trailer of
// daybreak's and nearly one, and those in a language that the workspace hasn't:
// nobody would read them.
func MisspelledTrailers(c *config.Config, ch *model.Change) diag.List {
	var list diag.List
	keys := trailerKeys(c)
	seen := map[string]bool{}
	for _, t := range ch.Trailers {
		low := strings.ToLower(t.Key)
		if seen[low] || KnownTrailer(c, t.Key) || slices.Contains(foreignTrailers, low) {
			continue
		}
		seen[low] = true
		add := func(message, hint diag.Phrase) {
			list.Add(diag.New(diag.Warning, "unknown-trailer", diag.Position{Commit: string(ch.Merge), Part: fmt.Sprintf("trailer %q", t.Key)}, message, hint))
		}
		if name, l, ok := model.LocalTrailer(t.Key); ok {
			add(diag.Say("the workspace has no language %q, so nobody reads the trailer %q", l, t.Key),
				diag.Say("write %s for one of %s, or add the language to `languages`.", name, languageNames(c)))
			continue
		}
		for _, k := range keys {
			if near := distance(low, strings.ToLower(k)); near == 1 && len(low) > 3 || near == 2 && len(k) >= 10 {
				add(diag.Say("nobody reads the trailer %q", t.Key), diag.Say("did you mean %s?", k))
				break
			}
		}
	}
	return list
}

// UnreadTexts diagnoses what a change's note file and its release-note blocks say in a
// language that the workspace hasn't: nobody would read it.
func UnreadTexts(c *config.Config, ch *model.Change) diag.List {
	var list diag.List
	read := wordingLanguages(c)
	add := func(at diag.Position, l model.Lang, text string) {
		if text = oneLine(text); text != "" && !slices.Contains(read, l) {
			list.Add(diag.New(diag.Warning, "unread-language", at,
				diag.Say("the workspace has no language %q, so nobody reads %q", l, excerpt(text)),
				diag.Say("add the language to `languages`, or write the text in one of %s.", languageNames(c))))
		}
	}
	if f := ch.Fragment; f != nil {
		for _, l := range slices.Sorted(maps.Keys(f.Text)) {
			add(diag.Position{File: f.Path}, l, f.Text[l])
		}
	}
	for _, b := range ch.Blocks {
		add(diag.Position{Commit: string(ch.Merge), Part: fmt.Sprintf("block %q", b.Kind)}, blockLang(c, b), b.Text)
	}
	return list
}

// excerpt is the beginning of a text.
func excerpt(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func languageNames(c *config.Config) string {
	out := make([]string, len(c.Languages))
	for i, l := range c.Languages {
		out[i] = string(l)
	}
	return strings.Join(out, ", ")
}

// Voice is a text for one of the team's readers.
type Voice struct {
	Text   string
	Lang   model.Lang // the language that it is in
	Source string     // `trailer "Verify-en"`, `fragment ".daybreak/notes/12.md"`
}

// Voices gives what a change's trailers of the given names say in a language,
// where they say nothing in it in the first other one that they speak, and where
// each text comes from.
func Voices(c *config.Config, ch *model.Change, want model.Lang, keys ...string) []Voice {
	var out []Voice
	for _, key := range keys {
		texts, l := localizedTexts(c, ch, key, want, func(v string) bool { return !isNone(v) })
		for _, text := range texts {
			out = append(out, Voice{text, l, sourceOf(c, ch, key, l, text)})
		}
	}
	return out
}

// sourceOf finds the trailer that says a text.
func sourceOf(c *config.Config, ch *model.Change, key string, l model.Lang, text string) string {
	for _, name := range trailerKeys(c) {
		if !slices.ContainsFunc(ch.Trailer(name), func(v string) bool { return strings.TrimSpace(v) == text }) || !meansTrailer(c, name, key, l) {
			continue
		}
		if len(ch.Fragment.Trailer(name)) > 0 {
			return fmt.Sprintf("fragment %q", ch.Fragment.Path)
		}
		return fmt.Sprintf("trailer %q", name)
	}
	return fmt.Sprintf("trailer %q", key)
}

// meansTrailer reports whether a name stands for a trailer in a language.
func meansTrailer(c *config.Config, name, key string, l model.Lang) bool {
	for _, k := range localKeys(c, key, l) {
		if strings.EqualFold(k, name) || slices.ContainsFunc(aliases(c, k), func(a string) bool { return strings.EqualFold(a, name) }) {
			return true
		}
	}
	return false
}

// aliases are the configured further names of a trailer; those of "Release-Note"
// carry a language like itself ("Kundentext-en").
func aliases(c *config.Config, key string) []string {
	out := slices.Clone(c.History.Trailers[key])
	if name, l, ok := model.LocalTrailer(key); ok {
		for _, a := range c.History.Trailers[name] {
			out = append(out, a+"-"+string(l))
		}
	}
	return out
}

// trailer gives the values of one of daybreak's trailers under its own name
// and the configured further names.
func trailer(c *config.Config, ch *model.Change, key string) []string {
	out := ch.Trailer(key)
	for _, alias := range aliases(c, key) {
		out = append(out, ch.Trailer(alias)...)
	}
	return out
}

func trailerProblem(ch *model.Change, key string, message, hint diag.Phrase) diag.Diagnostic {
	at := diag.Position{Commit: string(ch.Merge), Part: fmt.Sprintf("trailer %q", key)}
	if len(ch.Fragment.Trailer(key)) > 0 {
		at = diag.Position{File: ch.Fragment.Path}
	}
	return diag.New(diag.Warning, "unknown-value", at, message, hint)
}

// splitList splits "K1, K2; K3" into its parts, without empty ones.
func splitList(s string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// unique drops repetitions and keeps the order.
func unique[T comparable](in []T) []T {
	var out []T
	for _, s := range in {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
