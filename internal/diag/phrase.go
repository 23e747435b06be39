package diag

import (
	"fmt"
	"strings"
)

// Phrase is a sentence with its arguments kept apart, so that it can be said in
// other languages. Format is the English sentence in the form of fmt.Sprintf,
// and its key in a catalog; an argument that is a Phrase is translated as well.
type Phrase struct {
	Format string
	Args   []any
}

// Say makes a phrase.
func Say(format string, args ...any) Phrase { return Phrase{format, args} }

// String gives the English sentence.
func (p Phrase) String() string {
	if len(p.Args) == 0 {
		return strings.ReplaceAll(p.Format, "%%", "%")
	}
	return fmt.Sprintf(p.Format, p.Args...)
}

// in gives the sentence through a catalog; a format that the catalog lacks or
// doesn't fit the arguments stays English.
func (p Phrase) in(catalog map[string]string) string {
	args := make([]any, len(p.Args))
	for i, a := range p.Args {
		args[i] = a
		if inner, ok := a.(Phrase); ok {
			args[i] = inner.in(catalog)
		}
	}
	format, ok := catalog[p.Format]
	if !ok {
		return Phrase{p.Format, args}.String()
	}
	if text := (Phrase{format, args}).String(); len(args) == 0 || !strings.Contains(text, "%!") {
		return text
	}
	return Phrase{p.Format, args}.String()
}

// Phrases are the two sentences of a diagnostic.
type Phrases struct{ Message, Hint Phrase }

// New makes a diagnostic that can be told in other languages.
func New(severity Severity, code string, at Position, message, hint Phrase) Diagnostic {
	return Diagnostic{
		Severity: severity, Code: code, Position: at, Message: message.String(), Hint: hint.String(),
		Phrases: &Phrases{message, hint},
	}
}

// WithoutHint leaves the hint out, in every language.
func (d Diagnostic) WithoutHint() Diagnostic {
	d.Hint = ""
	if d.Phrases != nil {
		d.Phrases = &Phrases{Message: d.Phrases.Message}
	}
	return d
}

// In gives the diagnostic in the language of a catalog, which holds the
// translated formats by the English ones. Code and position are the same in
// every language.
func (d Diagnostic) In(catalog map[string]string) Diagnostic {
	if d.Phrases != nil {
		d.Message, d.Hint = d.Phrases.Message.in(catalog), d.Phrases.Hint.in(catalog)
	}
	return d
}
