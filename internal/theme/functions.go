package theme

import (
	"fmt"
	htmltemplate "html/template"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"daybreak/internal/markdown"
	"daybreak/internal/model"
)

// functions is what templates can call, bound to a language:
//
//	T id [count] [name value]…   a UI string
//	lang                         the language's tag
//	reason r                     a reason in words; sentence r… of several
//	date, day, shortday t        "Dienstag, 12. Mai 2026", "12. Mai 2026", "12. Mai"
//	iso t, year t                "2026-05-12", "2026"
//	markdown s [base]            text that people wrote, as blocks; base leads to the
//	                             tree's root, and with it the site's own pictures show
//	inline, plain s              the same as one line, and as words
//	line s                       one line without control characters
//	title s                      a plain title, its `code` set as such
//	style accent file…           <style> with the palette and the theme's files
//	script file…                 a <script> for each of the theme's files; "day/" is all of a folder
//	policy accent file…          content attribute of a Content-Security-Policy for exactly these
//	reading accent file…         the same, for a page whose script reads data of its own site
//	loading accent file…         the same, for a page whose scripts load further ones
//	filling file…                the same, for a page with styles of its own that a script fills in
//	svg file                     a drawing of the theme, inlined
//	favicon accent name          a picture of the name's first letter, as data: address
//	ink accent                   the accent as .Light and .Dark, to be read on any such ground
//	endonym lang                 a language's name in that language
//	locale lang                  "de_DE", as https://ogp.me asks for it
//	phone number                 address to call it
//	unbroken s                   s that no line break parts: numbers of all sorts
//	dict name value…, list v…    values for a partial
//	join sep list, add a b       small change
func (t *Theme) functions(l model.Lang) htmltemplate.FuncMap {
	return htmltemplate.FuncMap{
		"T":        func(id string, args ...any) (string, error) { return t.strings.text(l, id, args...) },
		"reason":   func(r model.Reason) (string, error) { return t.Reason(l, r) },
		"sentence": func(rs model.Reasons) (string, error) { return t.Sentence(l, rs) },
		"lang":     func() string { return string(l) },
		"date":     func(d time.Time) string { return t.Date(l, d) },
		"day":      func(d time.Time) string { return t.dateString(l, "date.day", d) },
		"shortday": func(d time.Time) string { return t.dateString(l, "date.short", d) },
		"iso":      func(d time.Time) string { return d.Format(time.DateOnly) },
		"year":     func(d time.Time) string { return strconv.Itoa(d.Year()) },
		"markdown": func(s string, base ...string) htmltemplate.HTML { return t.Markdown(l, s, base...) },
		"inline":   t.markdown.Inline,
		"plain":    t.markdown.Plain,
		"line":     markdown.Line,
		"title":    Title,
		"style":    t.looks.style,
		"script":   t.looks.script,
		"policy":   t.looks.policy,
		"reading":  t.looks.reading,
		"filling":  t.looks.filling,
		"loading":  t.looks.loading,
		"svg":      t.looks.svg,
		"favicon":  t.looks.favicon,
		"ink":      t.looks.ink,
		"endonym":  t.endonym,
		"locale":   locale,
		"phone":    phone,
		"unbroken": strings.NewReplacer(" ", "\u00a0", "-", "\u2011").Replace,
		"dict":     dict,
		"list":     func(values ...any) []any { return values },
		"join":     func(sep string, values []string) string { return strings.Join(values, sep) },
		"add":      func(a, b int) int { return a + b },
	}
}

// Reason says a reason in a language, through the string of its code; its gaps
// are called A, B and C there.
func (t *Theme) Reason(l model.Lang, r model.Reason) (string, error) {
	if r.IsZero() {
		return "", nil
	}
	var args []any
	for i, name := range []string{"A", "B", "C"} {
		value := ""
		if i < len(r.Args) {
			if value = r.Args[i]; value == "" {
				value = t.T(l, "reason.tip")
			}
		}
		args = append(args, name, strings.ReplaceAll(value, "\n", " "+t.T(l, "reason.and")+" "))
	}
	if !t.strings.ids["reason."+r.Code] {
		return r.String(), nil
	}
	return t.strings.text(l, "reason."+r.Code, args...)
}

// Sentence says several reasons as one sentence.
func (t *Theme) Sentence(l model.Lang, rs model.Reasons) (string, error) {
	var parts []string
	for _, r := range rs {
		s, err := t.Reason(l, r)
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		return "", nil
	}
	return strings.Join(parts, "; ") + ".", nil
}

// Markdown renders text that people wrote, with alerts in the language's words.
// The site's own pictures show only where base says how to reach its root.
func (t *Theme) Markdown(l model.Lang, src string, base ...string) htmltemplate.HTML {
	page := markdown.Page{Words: func(alert string) string { return t.T(l, "callout."+alert) }}
	if len(base) > 0 {
		page.Pictures, page.Base = true, base[0]
	}
	return t.markdown.On(page, src)
}

// Date gives a long day: "Dienstag, 12. Mai 2026", "Tuesday, 12 May 2026".
func (t *Theme) Date(l model.Lang, d time.Time) string { return t.dateString(l, "date.long", d) }

// Day is Date without the day of the week.
func (t *Theme) Day(l model.Lang, d time.Time) string { return t.dateString(l, "date.day", d) }

// dateString fills one of the date patterns; the names of days and months are
// strings too, so that a language is complete with its strings file.
func (t *Theme) dateString(l model.Lang, pattern string, d time.Time) string {
	return t.T(l, pattern,
		"Weekday", t.T(l, "date.weekday."+strings.ToLower(d.Weekday().String())),
		"Day", d.Day(),
		"Month", t.T(l, "date.month."+strings.ToLower(d.Month().String())),
		"Year", d.Year())
}

// Title sets what stands between backticks as code, and takes all else as it
// is: titles out of commit messages are no markdown, but this much people write.
func Title(s string) htmltemplate.HTML {
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 { // one of them stands alone
		return htmltemplate.HTML(htmltemplate.HTMLEscapeString(s))
	}
	var b strings.Builder
	for i, part := range parts {
		part = htmltemplate.HTMLEscapeString(part)
		if i%2 == 1 && part != "" {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return htmltemplate.HTML(b.String())
}

// endonym falls back to the tag for a language that strings do not name.
func (t *Theme) endonym(l model.Lang) string {
	if name, err := t.strings.text(l, "language."+string(l)); err == nil {
		return name
	}
	return string(l)
}

// locale adds to a language that names no territory the one where most people
// speak it.
func locale(l model.Lang) string {
	tag := language.Make(string(l))
	base, _ := tag.Base()
	region, _ := tag.Region()
	return base.String() + "_" + region.String()
}

// phone keeps of a telephone number what RFC 3966 allows: digits and a leading
// plus. The result is an address, so html/template lets its scheme through.
func phone(number string) htmltemplate.URL {
	var b strings.Builder
	for i, r := range strings.ReplaceAll(strings.TrimSpace(number), "(0)", "") {
		if r >= '0' && r <= '9' || r == '+' && i == 0 {
			b.WriteRune(r)
		}
	}
	return htmltemplate.URL("tel:" + b.String())
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants pairs, got %d values", len(pairs))
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict wants a name, got %T", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}
