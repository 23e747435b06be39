package editorial

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// MaxSize is the largest draft that is read, in bytes: 5,000 changes with a
// paragraph each are some 2 MB.
const MaxSize = 16 << 20

var (
	headingLine = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*$`)
	markerAtEnd = regexp.MustCompile(`[ \t]*<!--[ \t]*([^>]*?)[ \t]*-->[ \t]*$`)
	leftOutLine = regexp.MustCompile(`^ {0,3}<!--[ \t]*left-out:(.*?)-->[ \t]*$`)
	fenceLine   = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})(.*)$")
	conflict    = regexp.MustCompile(`^(?:<{7}|\|{7}|>{7})(?:[ \t]|$)`)
)

// conflictMiddle parts the two sides of a conflict. Where the other lines of it are
// deleted and it stands alone, markdown takes it for the line below a heading, and
// both sides may still be there.
const conflictMiddle = "======="

// asideMarker marks the section of what is set aside.
const asideMarker = "set-aside"

// knownMarker marks the section of what is known not to work yet.
const knownMarker = "known"

// Parse reads a draft. The draft is never nil; where the list holds an error it
// must be neither shown nor refreshed, because a heading may have been
// misunderstood.
func Parse(file string, l model.Lang, data []byte, names Names) (*Draft, diag.List) {
	p := &parser{draft: &Draft{File: file, Lang: l, eol: "\n"}, names: names, seen: map[string]int{}}
	switch {
	case len(data) > MaxSize:
		p.problem(diag.Error, 0, "draft-size", diag.Say("the draft is larger than %d MB", MaxSize>>20), diag.Say("a text got in here that doesn't belong into release notes."))
		return p.draft, p.list
	case !utf8.Valid(data):
		p.problem(diag.Error, invalidLine(data), "draft-encoding", diag.Say("the line is not UTF-8"), diag.Say("save the file as UTF-8."))
		return p.draft, p.list
	}
	text := string(data)
	text, p.draft.bom = strings.CutPrefix(text, bom)
	for line := range strings.Lines(text) {
		p.lines = append(p.lines, line)
	}
	p.ends()
	if p.conflicts() {
		return p.draft, p.list
	}
	p.frontMatter()
	p.body()
	p.draft.finish()
	if p.fence == "" && p.comment == 0 {
		p.looseComments()
	}
	return p.draft, p.list
}

// parser walks over the lines once.
type parser struct {
	draft *Draft
	names Names
	lines []string
	next  int // index of the line to read
	list  diag.List
	seen  map[string]int // line of each id

	beyond  bool // behind the line of what is left out, which goes to the file's end
	section *Section
	current *block // where lines go

	fence     string // the open fence's marks, "" outside
	fenceFrom int
	comment   int // line where the open comment began, 0 outside
}

// ends finds out the line ends, and lends the last line one where it has none.
func (p *parser) ends() {
	if len(p.lines) == 0 {
		return
	}
	if strings.HasSuffix(p.lines[0], "\r\n") {
		p.draft.eol = "\r\n"
	}
	if last := &p.lines[len(p.lines)-1]; !strings.HasSuffix(*last, "\n") {
		*last += p.draft.eol
		p.draft.open = true
	}
}

// conflicts names every line of an unfinished merge. Guessing at one would
// show customers both sides of it.
func (p *parser) conflicts() bool {
	found := slices.ContainsFunc(p.lines, func(line string) bool { return conflict.MatchString(bare(line)) })
	for i, line := range p.lines {
		if found && (conflict.MatchString(bare(line)) || bare(line) == conflictMiddle) {
			p.problem(diag.Error, i+1, "merge-conflict", diag.Say("a merge conflict is still open: %q", short(bare(line))),
				diag.Say("keep the words that are right, delete the lines of <, = and >, and run again."))
		}
	}
	return found
}

// body reads what follows the front matter.
func (p *parser) body() {
	d := p.draft
	p.current = &d.head
	for ; p.next < len(p.lines); p.next++ {
		line := bare(p.lines[p.next])
		if p.inside(line) {
			p.keep()
			continue
		}
		if line == conflictMiddle {
			p.problem(diag.Error, p.next+1, "merge-conflict", diag.Say("a line of a merge conflict was left over: %q", line),
				diag.Say("keep the words above or below it that are right, and delete the line; a heading inside a note begins with ####."))
		}
		if m := leftOutLine.FindStringSubmatch(line); m != nil {
			for _, id := range strings.Fields(m[1]) {
				d.LeftOut = append(d.LeftOut, unescapeID(id))
			}
			d.foot, d.footLine = d.newBlock(line), p.next+1
			d.foot.gap = nil
			continue
		}
		if line == "" && len(d.foot.lines) > 0 && !p.beyond {
			d.foot.gap = append(d.foot.gap, p.lines[p.next])
			continue
		}
		p.beyond = p.beyond || len(d.foot.lines) > 0
		m := headingLine.FindStringSubmatch(line)
		switch {
		case m == nil || len(m[1]) > 3 || len(m[1]) == 1:
			if m != nil && len(m[1]) == 1 && p.section == nil && d.Heading == "" {
				d.Heading = strings.TrimSpace(markerAtEnd.ReplaceAllString(m[2], ""))
			}
			p.keep()
		case len(m[1]) == 2:
			p.startSection(m[2])
		default:
			p.startNote(m[2])
		}
	}
	switch {
	case p.fence != "":
		p.problem(diag.Error, p.fenceFrom, "open-fence", diag.Say("the code block that opens here is never closed"), diag.Say("close it with a line of %s.", p.fence))
	case p.comment > 0:
		p.problem(diag.Error, p.comment, "open-comment", diag.Say("the comment that opens here is never closed"), diag.Say("close it with -->."))
	}
	d.Known = knownOf(d)
	d.Intro, d.introLine = introOf(d, p.introStart())
}

// inside follows code blocks and comments of several lines, in which a heading
// is no heading.
func (p *parser) inside(line string) bool {
	if p.comment > 0 {
		if strings.Contains(line, "-->") {
			p.comment = 0
		}
		return true
	}
	if m := fenceLine.FindStringSubmatch(line); m != nil {
		switch {
		case p.fence == "":
			if m[1][0] != '`' || !strings.Contains(m[2], "`") {
				p.fence, p.fenceFrom = m[1], p.next+1
				return true
			}
		case m[1][0] == p.fence[0] && len(m[1]) >= len(p.fence) && strings.TrimSpace(m[2]) == "":
			p.fence = ""
			return true
		}
	}
	if p.fence != "" {
		return true
	}
	if t := strings.TrimLeft(line, " "); len(line)-len(t) <= 3 && strings.HasPrefix(t, "<!--") && !strings.Contains(t[4:], "-->") {
		p.comment = p.next + 1
		return true
	}
	return false
}

func (p *parser) keep() { p.current.lines = append(p.current.lines, p.lines[p.next]) }

func (p *parser) startSection(heading string) {
	s := &Section{Line: p.next + 1}
	title, marker := cutMarker(heading)
	word := strings.ToLower(title)
	switch {
	case marker == asideMarker:
		s.Aside = true
	case marker == knownMarker, marker == "" && p.names[word] == knownMarker:
		s.Known = true
	case slices.Contains(model.Kinds(), model.Kind(marker)) && marker != "":
		s.Kind = model.Kind(marker)
	case marker == "" && p.names[word] != "":
		s.Kind = p.names[word]
	default:
		p.problem(diag.Error, s.Line, "unknown-section", diag.Say("%q is the heading of no kind", short(heading)),
			diag.Say("write %s as a comment behind the heading: ## %s <!-- changed -->; headings inside a note begin with ####.", kindList(), title))
	}
	p.draft.Sections = append(p.draft.Sections, s)
	p.section, p.current = s, &s.block
	p.keep()
}

func (p *parser) startNote(heading string) {
	n := &Note{Line: p.next + 1}
	title, marker := cutMarker(heading)
	n.Title = strings.Join(strings.Fields(title), " ")
	if fields := strings.Fields(marker); len(fields) > 0 {
		n.ID, n.Marks = unescapeID(fields[0]), fields[1:]
	}
	if p.section == nil {
		p.problem(diag.Error, n.Line, "no-section", diag.Say("the note %q stands under no section", short(n.Title)),
			diag.Say("put a heading of a kind above it: ## <!-- changed -->."))
		p.section = &Section{Line: n.Line}
		p.draft.Sections = append(p.draft.Sections, p.section)
	}
	if !p.section.Aside && !p.section.Known {
		p.checkNote(n)
	}
	p.section.Notes = append(p.section.Notes, n)
	p.current = &n.block
	p.keep()
}

func (p *parser) checkNote(n *Note) {
	if n.Title == "" {
		p.problem(diag.Error, n.Line, "empty-title", diag.Say("the note has no title"), diag.Say("write one line between ### and the comment; or delete the heading and its text to leave the change out."))
	}
	for _, m := range n.Marks {
		if m != MarkNew && m != MarkUnreviewed && m != MarkDrift && !isLang(m) && !strings.HasPrefix(m, onlyMark) {
			p.problem(diag.Warning, n.Line, "unknown-mark", diag.Say("%q is no mark", m), diag.Say("marks are new, unreviewed, drift and languages; a text for colleagues goes into a comment on a line of its own."))
		}
	}
	if n.ID == "" {
		return
	}
	if first, ok := p.seen[n.ID]; ok {
		p.problem(diag.Error, n.Line, "doubled-id", diag.Say("the change %q stands in line %d already", n.ID, first),
			diag.Say("keep one of the two, with the words of both."))
		return
	}
	p.seen[n.ID] = n.Line
}

func (p *parser) problem(s diag.Severity, line int, code string, message, hint diag.Phrase) {
	p.list.Add(diag.New(s, code, diag.Position{File: p.draft.File, Line: line},
		message,
		hint))
}

// introStart is the number of the head's first line.
func (p *parser) introStart() int { return len(p.draft.front.lines) + len(p.draft.front.gap) + 1 }

// finish parts lines from the empty ones behind them and reads the notes' texts.
func (d *Draft) finish() {
	last := &d.front
	visit := func(b *block) {
		b.part(d.eol)
		if len(b.lines) > 0 {
			last = b
		}
	}
	visit(&d.head)
	for _, s := range d.Sections {
		visit(&s.block)
		for _, n := range s.Notes {
			visit(&n.block)
			n.Body, n.Act = bodyOf(n.lines[1:])
		}
	}
	if len(d.foot.lines) > 0 {
		last = &d.foot
	}
	d.tail, last.gap = last.gap, []string{d.eol}
}

// part splits off the trailing empty lines.
func (b *block) part(eol string) {
	k := len(b.lines)
	for k > 0 && bare(b.lines[k-1]) == "" {
		k--
	}
	if k == 0 && len(b.lines) > 0 {
		return // nothing but empty lines: they stay lines
	}
	b.lines, b.gap = b.lines[:k:k], b.lines[k:]
}

// cutMarker parts a heading from the comment at its end.
func cutMarker(heading string) (title, marker string) {
	m := markerAtEnd.FindStringSubmatchIndex(heading)
	if m == nil {
		return strings.TrimSpace(heading), ""
	}
	return strings.TrimSpace(heading[:m[0]]), heading[m[2]:m[3]]
}

// bare is a line without its end and the blanks before it.
func bare(line string) string { return strings.TrimRight(line, " \t\r\n") }

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func kindList() string {
	var names []string
	for _, k := range model.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		data = data[n:]
	}
	return 0
}

// escapeID makes an id fit for a comment: what would end the comment or the
// word is written as %xx.
func escapeID(id string) string {
	var b strings.Builder
	for i := range len(id) {
		if c := id[i]; c <= ' ' || c == '>' || c == '<' || c == '%' || c >= 0x7f || c == '-' && i > 0 && id[i-1] == '-' {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

var escaped = regexp.MustCompile(`%[0-9a-f]{2}`)

func unescapeID(s string) string {
	return escaped.ReplaceAllStringFunc(s, func(x string) string {
		var c byte
		fmt.Sscanf(x, "%%%02x", &c) // two hex digits by the pattern
		return string([]byte{c})
	})
}
