package compose

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// noteLimit is how long, in characters, the body of a note may be before
// nobody reads it to the end: about a screen of a phone.
const noteLimit = 1000

// LintTexts looks at what customers are told of a release in one language:
// texts that are too long for a note, and words that the glossary avoids.
func LintTexts(c *config.Config, r *model.Release, l model.Lang) diag.List {
	var list diag.List
	glossary := NewGlossary(c, l)
	for i := range r.Changes {
		ch := &r.Changes[i]
		if b, _ := BucketOf(c, ch); b != model.BucketTold {
			continue
		}
		w := WordingOf(c, ch, l)
		if w.Lang != l { // the language it is in speaks for it
			continue
		}
		at := textPosition(ch, w)
		long := func(message diag.Phrase) {
			list.Add(diag.New(diag.Warning, "too-long", at,
				message,
				diag.Say("say in one sentence what the reader can do now; the rest belongs into the help.")))
		}
		if n := utf8.RuneCountInString(w.Title); n > titleLimit {
			long(diag.Say("the note's title of %s has %d characters, more than %d", ch.ID, n, titleLimit))
		}
		if n := utf8.RuneCountInString(w.Body); n > noteLimit {
			long(diag.Say("the note's text of %s has %d characters, more than %d", ch.ID, n, noteLimit))
		}
		for _, text := range []string{w.Title, w.Body, breakingText(c, ch, l)} {
			for _, use := range glossary.Uses(text) {
				list.Add(use.Diagnostic(at))
			}
		}
	}
	list.Sort()
	return list
}

func breakingText(c *config.Config, ch *model.Change, l model.Lang) string {
	if !ch.Breaking {
		return ""
	}
	return breakingNote(c, ch, l)
}

// textPosition is where a customer text stands: a line of the draft, or the
// commit's trailer.
func textPosition(ch *model.Change, w Wording) diag.Position {
	if at, ok := strings.CutPrefix(w.Source, "draft "); ok {
		if i := strings.LastIndexByte(at, ':'); i > 0 {
			if line, err := strconv.Atoi(at[i+1:]); err == nil {
				return diag.Position{File: at[:i], Line: line}
			}
		}
		return diag.Position{File: at}
	}
	return diag.Position{Commit: string(ch.Merge), Part: w.Source}
}

// Glossary finds avoided words of one language in texts.
type Glossary struct{ terms []term }

// term is one entry, ready to be looked for.
type term struct {
	prefer string
	avoid  *regexp.Regexp // group 1 is the word
}

// NewGlossary takes the terms of one language. Case makes no difference, but
// where it is the only difference ("e-mail" for "E-Mail").
func NewGlossary(c *config.Config, l model.Lang) *Glossary {
	g := &Glossary{}
	for _, t := range c.Glossary {
		if t.Lang != l {
			continue
		}
		for _, a := range t.Avoid {
			if a == "" {
				continue
			}
			fold := "(?i)"
			if strings.EqualFold(a, t.Prefer) {
				fold = ""
			}
			g.terms = append(g.terms, term{prefer: t.Prefer, avoid: regexp.MustCompile(fold + `(?:^|[^\pL\pN])(` + regexp.QuoteMeta(a) + `)(?:$|[^\pL\pN])`)})
		}
	}
	return g
}

// Use is an avoided word in a text.
type Use struct {
	Offset int // byte of the text
	Word   string
	Prefer string
}

// Uses finds every avoided word, but where it is a part of the preferred one.
func (g *Glossary) Uses(text string) []Use {
	var out []Use
	for _, t := range g.terms {
		for from := 0; from < len(text); {
			m := t.avoid.FindStringSubmatchIndex(text[from:])
			if m == nil {
				break
			}
			a, b := from+m[2], from+m[3]
			if !insidePreferred(text, a, b, t.prefer) {
				out = append(out, Use{a, text[a:b], t.prefer})
			}
			from = b // the sign behind it may be the one before the next
		}
	}
	return out
}

// insidePreferred reports whether text[a:b] is a part of the preferred word.
func insidePreferred(text string, a, b int, prefer string) bool {
	start := max(0, a-len(prefer))
	window := text[start:min(len(text), b+len(prefer))]
	for at := 0; ; at++ {
		i := strings.Index(window[at:], prefer)
		if i < 0 {
			return false
		}
		at += i
		if start+at <= a && start+at+len(prefer) >= b {
			return true
		}
	}
}

// Diagnostic tells of the use.
func (u Use) Diagnostic(at diag.Position) diag.Diagnostic {
	return diag.New(diag.Warning, "glossary", at,
		diag.Say("%q is avoided in texts for customers", u.Word),
		diag.Say("write %q.", u.Prefer))
}
