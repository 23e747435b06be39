package diag

import (
	"encoding/gob"
	"fmt"
	"reflect"
	"strings"
)

// Phrase is a sentence with its arguments kept apart, so that it can be said in
// other languages. Format is the English sentence in the form of fmt.Sprintf,
// and its key in a catalog; an argument that is a Phrase is translated as well.
type Phrase struct {
	Format string
	Args   []any
}

// Say makes a phrase. Its arguments become plain values, so that it can be kept in
// files and compared.
func Say(format string, args ...any) Phrase {
	for i, a := range args {
		switch a := a.(type) {
		case Phrase, string, int, float64, bool:
			continue
		case error, fmt.Stringer:
			args[i] = fmt.Sprint(a)
			continue
		}
		switch v := reflect.ValueOf(args[i]); {
		case v.Kind() == reflect.String:
			args[i] = v.String()
		case v.CanInt():
			args[i] = int(v.Int())
		case v.CanUint():
			args[i] = int(v.Uint())
		default:
			args[i] = fmt.Sprint(args[i])
		}
	}
	return Phrase{format, args}
}

func init() { gob.Register(Phrase{}) } // an argument of another one, in what is kept of a history

// String gives the English sentence.
func (p Phrase) String() string {
	if len(p.Args) == 0 {
		return strings.ReplaceAll(p.Format, "%%", "%")
	}
	return fmt.Sprintf(p.Format, p.Args...)
}

// In gives the sentence through a catalog, which may be nil; a format that the catalog lacks or
// doesn't fit the arguments stays English.
func (p Phrase) In(catalog map[string]string) string {
	args := make([]any, len(p.Args))
	for i, a := range p.Args {
		args[i] = a
		if inner, ok := a.(Phrase); ok {
			args[i] = inner.In(catalog)
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

// Refuse makes a problem that can be told in other languages.
func Refuse(code string, message, hint Phrase) *Problem {
	return &Problem{Code: code, Message: message.String(), Hint: hint.String(), Phrases: &Phrases{message, hint}}
}

// Because gives the problem its cause.
func (p *Problem) Because(err error) *Problem {
	p.Err = err
	return p
}

// Reword gives the problem another message, which knows more of the case at hand.
func (p *Problem) Reword(message Phrase) {
	p.Message, p.Phrases = message.String(), &Phrases{message, p.phrases().Hint}
}

// Advise gives the problem another hint.
func (p *Problem) Advise(hint Phrase) {
	p.Hint, p.Phrases = hint.String(), &Phrases{p.phrases().Message, hint}
}

// phrases are what the problem says now, in one language where it knows no other.
func (p *Problem) phrases() Phrases {
	if p.Phrases != nil {
		return *p.Phrases
	}
	return Phrases{Say("%s", p.Message), Say("%s", p.Hint)}
}

// In gives the problem in the language of a catalog.
func (p *Problem) In(catalog map[string]string) *Problem {
	out := *p
	if p.Phrases != nil {
		out.Message, out.Hint = p.Phrases.told(p.Message, p.Hint, catalog)
	}
	return &out
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
		d.Message, d.Hint = d.Phrases.told(d.Message, d.Hint, catalog)
	}
	return d
}

// told gives message and hint in the language of a catalog. One that was put together
// anew since the phrases were made stays as it is.
func (p *Phrases) told(message, hint string, catalog map[string]string) (string, string) {
	if p.Message.String() == message {
		message = p.Message.In(catalog)
	}
	if p.Hint.String() == hint {
		hint = p.Hint.In(catalog)
	}
	return message, hint
}
