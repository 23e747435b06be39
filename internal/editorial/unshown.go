package editorial

import (
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/markdown"
)

// unshown names the words of a draft that stand where no page shows them. base is what
// daybreak generated the last time, nil where that is lost: a heading that it wrote
// itself is nobody's word.
func (d *Draft) unshown(base *Draft, names Names) diag.List {
	u := &hidden{draft: d}
	from := len(d.front.lines) + len(d.front.gap) + 1
	u.aboveHeading(from)
	u.text(d.Intro, d.head.lines, from)
	known := false
	for _, s := range d.Sections {
		if s.Aside {
			continue
		}
		u.heading(s, base, names)
		if s.Known {
			if !known {
				u.text(d.Known, s.raw(), s.Line) // one text, however many sections it was written in
			}
			known = true
			continue
		}
		u.betweenHeadings(s)
		for _, n := range s.Notes {
			u.text(n.Body, n.lines, n.Line)
			u.text(n.Act, n.lines, n.Line)
		}
	}
	return u.list
}

type hidden struct {
	draft *Draft
	list  diag.List
}

func (u *hidden) add(line int, message, hint diag.Phrase) {
	u.list.Add(diag.New(diag.Warning, "unshown-words", diag.Position{File: u.draft.File, Line: line}, message, hint))
}

// aboveHeading looks at what stands above the `#` heading, where there is one.
func (u *hidden) aboveHeading(from int) {
	for i, l := range u.draft.head.lines {
		if m := headingLine.FindStringSubmatch(bare(l)); m == nil || len(m[1]) != 1 {
			continue
		}
		if at, words := firstWords(u.draft.head.lines[:i]); words != "" {
			u.add(from+at, diag.Say("these words stand above the # heading, where no page shows them: %q", short(words)),
				diag.Say("move them below it: there stands the introduction; or, for colleagues, into a comment, <!-- … -->."))
		}
		return
	}
}

// betweenHeadings looks at what stands between a section's heading and its first note.
func (u *hidden) betweenHeadings(s *Section) {
	if len(s.lines) == 0 {
		return // the section of notes that stand in none, which is a problem of its own
	}
	if at, words := firstWords(s.lines[1:]); words != "" {
		u.add(s.Line+1+at, diag.Say("these words stand under the heading of a section and in no note, where no page shows them: %q", short(words)),
			diag.Say("write a ### heading above them, or move them below the # heading: there stands the introduction; or, for colleagues, into a comment, <!-- … -->."))
	}
}

// firstWords gives the first line that isn't empty and no comment, with its index.
func firstWords(lines []string) (int, string) {
	kept, at, _ := uncommented(lines)
	for i, l := range kept {
		if words := strings.TrimSpace(l); words != "" {
			return at[i], words
		}
	}
	return 0, ""
}

// heading looks at the words of a section's heading: pages take the kind's name.
func (u *hidden) heading(s *Section, base *Draft, names Names) {
	if len(s.lines) == 0 {
		return
	}
	kind := s.Kind
	if s.Known {
		kind = knownMarker
	}
	title, marker := cutMarker(headingLine.FindStringSubmatch(bare(s.lines[0]))[2])
	if title == "" || marker == "" || names[strings.ToLower(title)] == kind || base.headed(s.lines[0]) {
		return
	}
	u.add(s.Line, diag.Say("no page shows this heading, %q: a section is called by its kind", short(title)),
		diag.Say("to call the kind so in every release, write it into content/strings/%s.yaml; what is meant for this release alone goes into a note or the introduction.", u.draft.Lang))
}

// headed reports whether a draft has a section with just this heading.
func (d *Draft) headed(line string) bool {
	if d == nil {
		return false
	}
	for _, s := range d.Sections {
		if len(s.lines) > 0 && bare(s.lines[0]) == bare(line) {
			return true
		}
	}
	return false
}

// text looks at one text; from is the number of the first of the raw lines in which it
// stands.
func (u *hidden) text(text string, lines []string, from int) {
	if !mayHide(text) {
		return
	}
	for _, part := range prose.Unshown(text) {
		message, hint := sayUnshown(part)
		u.add(from+lineWith(lines, part.Source), message, hint)
	}
}

// mayHide reports whether a text has one of the marks that can hide words: most have
// none, and a workspace has thousands.
func mayHide(text string) bool {
	return len(text) > markdown.MaxSource || strings.ContainsAny(text, "<|") || strings.Contains(text, "](") || strings.Contains(text, "]:") ||
		strings.Contains(text, "```") || strings.Contains(text, "~~~")
}

// lineWith is the index of the line that holds a text, 0 where none does as it stands.
func lineWith(lines []string, text string) int {
	for i, l := range lines {
		if strings.Contains(strings.ToLower(l), strings.ToLower(text)) { // labels have lost their case
			return i
		}
	}
	return 0
}

func sayUnshown(part markdown.Unshown) (message, hint diag.Phrase) {
	words := short(part.Words)
	switch part.Why {
	case markdown.LinkTitle:
		return diag.Say("the words in quotes behind an address are shown nowhere: %q", words), diag.Say("write them into the text.")
	case markdown.Definition:
		return diag.Say("this line gives a link its address, but no link asks for it, so nothing of it is shown: %q", words),
			diag.Say("write the link where it belongs, [words](address); where the brackets are meant, write \\[ for the first.")
	case markdown.ExtraCell:
		return diag.Say("the row has more cells than the table's head, and these are shown nowhere: %q", words),
			diag.Say("give the head as many cells; a bar inside a cell is written \\|.")
	case markdown.FenceWords:
		return diag.Say("behind the line that opens code only its language counts, the other words are shown nowhere: %q", words),
			diag.Say("write them above the code, or into it.")
	case markdown.TooLong:
		return diag.Say("the text is longer than %d KB, and from here on it is not shown: %q", markdown.MaxSource>>10, words),
			diag.Say("divide it into several notes.")
	}
	return diag.Say("HTML is left out, and words are lost with it: %q", words),
		diag.Say("write it as markdown; where the brackets are meant, write \\< for the first, or put it between two backticks.")
}

// looseComments names the headings and lines whose comments would be shown or hide what
// stands behind them.
func (p *parser) looseComments() {
	d := p.draft
	p.looseComment(d.head.lines, p.introStart())
	for _, s := range d.Sections {
		p.looseComment(s.lines, s.Line)
		for _, n := range s.Notes {
			if strings.Contains(n.Title, "<!--") && !s.Aside {
				p.problem(diag.Error, n.Line, "comment-in-heading", diag.Say("a comment stands inside the heading %q, where it would be shown", short(n.Title)),
					diag.Say("leave one comment, the change's id, and at the heading's very end; a word for colleagues goes on a line of its own."))
			}
			p.looseComment(n.lines[1:], n.Line+1)
		}
	}
}

func (p *parser) looseComment(lines []string, from int) {
	if _, _, open := uncommented(lines); open >= 0 {
		p.problem(diag.Error, from+open, "open-comment", diag.Say("the comment that opens here is never closed"), diag.Say("close it with -->."))
	}
}

// HeadingLost gives the words of the `#` heading where a person wrote there something
// that no page shows, because the front matter has a title too, or because nobody knows
// what daybreak wrote there. product is what its own heading begins with.
func (d *Draft) HeadingLost(base *Draft, label, product string) string {
	switch {
	case d.Heading == "" || d.Heading == label:
		return ""
	case base == nil && (d.Title != "" || product == "" || !strings.HasPrefix(d.Heading, product)):
		return d.Heading
	case base != nil && d.Title != "" && d.Heading != base.Heading && d.Heading != d.Title:
		return d.Heading
	}
	return ""
}
