package model

// Lang is a BCP 47 language tag of a language that daybreak's own strings
// exist in: "de" or "en".
type Lang string

// The languages that daybreak ships strings for.
const (
	German  Lang = "de"
	English Lang = "en"
)

// Text is one text in one or more languages.
type Text map[Lang]string

// In gives the text in the wanted language, else in the first of the others
// that has it, and the language that it is really in. An empty Text gives "", want.
func (t Text) In(want Lang, others ...Lang) (string, Lang) {
	if s := t[want]; s != "" {
		return s, want
	}
	for _, l := range others {
		if s := t[l]; s != "" {
			return s, l
		}
	}
	for _, l := range []Lang{German, English} {
		if s := t[l]; s != "" {
			return s, l
		}
	}
	return "", want
}
