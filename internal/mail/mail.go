// Package mail makes mail-ready markdown, and mails as files (.eml): text that reads well when it is
// pasted raw into any mail program. One paragraph is one line; headings are
// underlined; there are no tables, HTML, pictures or nested lists; a link
// stands alone on its line; the whole has at most 25 lines.
//
// The texts are templates (text/template) in content/mails/<lang>/<outcome>.md.
// Their first line is "Subject: …", then a blank line, then the body. Parts in
// capitals and square brackets, like [UHRZEIT], are placeholders that a person
// fills in on the day; Mail.Open lists the ones that are still there.
package mail

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"daybreak/internal/diag"
	"daybreak/internal/markdown"
	"daybreak/internal/model"
)

// maxLines is how long a mail may be, its empty lines counted.
const maxLines = 25

// Data is what a mail's template gets. All texts are plain, without line
// feeds and control characters.
type Data struct {
	Product string
	Version string
	Date    string // the rollout's day, written out: "Dienstag, 12. Mai 2026"; a placeholder while unknown
	Time    string // "07:21", a placeholder until known
	Start   string
	Opening string
	MustAct []Act
	Top     []string
	More    int
	Known   []string
	Link    string
	Contact model.Contact
	Next    string // the next day, written out; "" where unknown
	Hotfix  *Hotfix
}

// Hotfix is what a mail says of a hotfix; nil where nothing is known of it yet.
type Hotfix struct {
	Version string
	Fixed   []Act  // at least one; without a full stop at a title's end
	From    string // clock time since when the mistake could be met, "" where unknown
}

// Act is one thing that the customer must do.
type Act struct {
	Title string
	Text  string
}

// Words are the few texts that the package itself puts into a mail: it takes
// them from the theme's strings so that they live in one place.
type Words struct {
	Day        func(time.Time) string // writes a day out
	Time       string                 // placeholder of the clock time: "[UHRZEIT]"
	Date       string                 // placeholder of the day: "[DATUM]"
	Unreleased string                 // what to call an untagged version: "[VERSION]"
}

// Path is where the text of an outcome lies among the contents.
func Path(l model.Lang, o model.Outcome) string {
	return "mails/" + string(l) + "/" + string(o) + ".md"
}

// placeholder is a part that a person fills in.
var placeholder = regexp.MustCompile(`\[[A-ZÄÖÜ][A-ZÄÖÜ :.-]+\]`)

// Compose writes one mail. Where the text is longer than a mail may be, fewer
// of the top changes are named; what can't be shortened so is a diagnostic.
func Compose(content fs.FS, f model.MailFacts, o model.Outcome, w Words) (model.Mail, diag.List, error) {
	file := Path(f.Lang, o)
	source, err := fs.ReadFile(content, file)
	if err != nil {
		return model.Mail{}, nil, fmt.Errorf("reading the mail text: %w", err)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(source), "\ufeff"), "\r\n", "\n")
	var list diag.List
	problem := func(line int, code string, message, hint diag.Phrase) {
		list.Add(diag.New(diag.Error, code, diag.Position{File: "content/" + file, Line: line},
			message,
			hint))
	}
	t, err := template.New(file).Option("missingkey=error").Parse(text)
	if err != nil {
		problem(0, "mail-template", diag.Say("%s", err.Error()), diag.Say("mend the template; `daybreak init` in an empty folder shows the one that ships."))
		return model.Mail{}, list, nil
	}
	if at := strings.Index(text, "<!--"); at >= 0 {
		list.Add(diag.New(diag.Warning, "mail-comment", diag.Position{File: "content/" + file, Line: 1 + strings.Count(text[:at], "\n")},
			diag.Say("a comment of HTML goes out as it stands: a mail is plain text"), diag.Say("write it as {{/* … */}}, which nobody gets.")))
	}
	data := fill(f, w)
	if f.Hotfix != nil && o == model.OutcomeHotfix {
		data.hotfix(f.Hotfix)
	}
	m := model.Mail{Outcome: o, Lang: f.Lang, Version: f.Version, Slug: f.Slug, For: f.For}
	for {
		var out bytes.Buffer
		if err := t.Execute(&out, data); err != nil {
			problem(0, "mail-template", diag.Say("%s", err.Error()), diag.Say("a mail's template knows the fields of the mails page of the documentation."))
			return model.Mail{}, list, nil
		}
		subject, body, ok := split(out.String())
		if !ok {
			problem(1, "mail-subject", diag.Say(`the first line isn't "Subject: …"`), diag.Say("begin the file with `Subject: `, the mail's subject and a blank line."))
			return model.Mail{}, list, nil
		}
		m.Subject, m.Body = subject, body
		if h := data.Hotfix; h != nil && len(h.Fixed) > 1 && strings.Count(body, "\n") > maxLines {
			h.Fixed = h.Fixed[:len(h.Fixed)-1]
			continue
		}
		if strings.Count(body, "\n") <= maxLines || len(data.Top) == 0 {
			break
		}
		data.Top = data.Top[:len(data.Top)-1]
		data.More++
	}
	if n := strings.Count(m.Body, "\n"); n > maxLines {
		list.Add(diag.New(diag.Warning, "mail-length", diag.Position{File: "content/" + file},
			diag.Say("the mail about %s has %d lines, more than %d", cmp.Or(f.Version, "the next release"), n, maxLines),
			diag.Say("shorten the text, or what customers must do.")))
	}
	m.Open = open(text, data, m)
	return m, list, nil
}

// prose turns markdown into text. Making a renderer costs more than a mail, and
// a build writes a dozen mails for each release.
var prose = sync.OnceValue(func() *markdown.Renderer { return markdown.New() })

// fill makes the template's data; what isn't known yet becomes a placeholder.
func fill(f model.MailFacts, w Words) Data {
	d := Data{
		Product: plain(f.Product.Name),
		Version: cmp.Or(plain(f.Version), w.Unreleased),
		Date:    w.Date,
		Time:    cmp.Or(f.Time, w.Time),
		Start:   f.Start,
		Opening: f.Opening,
		More:    f.More,
		Link:    plain(f.Link),
		Contact: model.Contact{
			Name: plain(f.Product.Contact.Name), Mail: plain(f.Product.Contact.Mail),
			Phone: plain(f.Product.Contact.Phone), Hours: plain(f.Product.Contact.Hours),
		},
	}
	if !f.Day.IsZero() {
		d.Date = w.Day(f.Day)
	}
	if !f.Next.IsZero() {
		d.Next = w.Day(f.Next)
	}
	for _, n := range f.MustAct {
		d.MustAct = append(d.MustAct, Act{Title: plain(n.Title), Text: plain(prose().Plain(n.BreakingNote))})
	}
	for _, t := range f.Top {
		d.Top = append(d.Top, plain(t))
	}
	for _, k := range f.Known {
		d.Known = append(d.Known, plain(k))
	}
	return d
}

// hotfix takes over what the notes of a hotfix say: what must be done because of
// it, and its page, stand in the place of the release's.
func (d *Data) hotfix(h *model.HotfixFacts) {
	d.Hotfix = &Hotfix{Version: plain(h.Version), From: h.From}
	for _, n := range h.Fixed {
		d.Hotfix.Fixed = append(d.Hotfix.Fixed, Act{Title: strings.TrimSuffix(plain(n.Title), "."), Text: plain(prose().Plain(n.Body))})
	}
	d.MustAct = nil
	for _, n := range h.MustAct {
		d.MustAct = append(d.MustAct, Act{Title: plain(n.Title), Text: plain(prose().Plain(n.BreakingNote))})
	}
	d.Link = cmp.Or(plain(h.Link), d.Link)
}

// plain makes untrusted text one line without control or direction characters,
// so that no title can end a header or open a line of its own.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < 0x20, r == 0x7f, r >= 0x80 && r < 0xa0, r == 0x2028, r == 0x2029:
			return ' '
		case diag.IsBidiControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Join(strings.Fields(s), " ")
	// A mail names things, it doesn't tell them in full.
	if r := []rune(s); len(r) > 300 {
		s = string(r[:299]) + "…"
	}
	return s
}

// split takes the subject line off and tidies the body: no blank at a line's
// ends, never two empty lines, one line feed at the end. The "-- " before a
// signature keeps its blank (RFC 3676, 4.3).
func split(text string) (subject, body string, ok bool) {
	head, rest, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	subject, ok = strings.CutPrefix(head, "Subject:")
	if !ok {
		return "", "", false
	}
	var lines []string
	for _, line := range strings.Split(rest, "\n") {
		line = strings.TrimSpace(line)
		if line == "--" {
			line = "-- "
		}
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return plain(subject), strings.Join(lines, "\n") + "\n", true
}

// open lists the placeholders that are left, in the order of the text. Only
// those that the template or the data put there count: a change's title may
// well hold capitals in brackets.
func open(source string, d Data, m model.Mail) []string {
	known := append(placeholder.FindAllString(source, -1), d.Date, d.Time, d.Version)
	var out []string
	for _, p := range placeholder.FindAllString(m.Subject+"\n"+m.Body, -1) {
		if slices.Contains(known, p) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// Fill puts a text where a placeholder is open; name is that of the placeholder,
// with or without its brackets, in any case. It reports whether it was open.
func Fill(m model.Mail, name, text string) (model.Mail, bool) {
	name = "[" + strings.ToUpper(strings.Trim(strings.TrimSpace(name), "[]")) + "]"
	i := slices.Index(m.Open, name)
	if i < 0 {
		return m, false
	}
	// A placeholder that is typed in would go out, because it counts as filled in.
	text = strings.NewReplacer("[", "(", "]", ")").Replace(plain(text))
	m.Subject, m.Body = strings.ReplaceAll(m.Subject, name, text), strings.ReplaceAll(m.Body, name, text)
	m.Open = slices.Delete(slices.Clone(m.Open), i, i+1)
	return m, true
}

// Name is where a mail lies in a built tree, without its extension:
// mail/<slug>/<outcome>.<lang>, with the system as a folder where it is for one.
func Name(m model.Mail) string {
	return path.Join("mail", m.Slug, m.For, string(m.Outcome)+"."+string(m.Lang))
}

// Markdown gives a mail as a file: the subject on the first line, a blank line,
// the body.
func Markdown(m model.Mail, subjectWord string) []byte {
	return []byte(subjectWord + ": " + m.Subject + "\n\n" + m.Body)
}
