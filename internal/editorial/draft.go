// Package editorial reads, writes and merges drafts: the files in which people
// word what customers read. A draft is plain markdown, one file a release and
// language, at content/releases/<slug>/notes.<lang>.md in the workspace:
//
//	---
//	title: "Rebooking without a call"
//	---
//
//	# Kurswagen 2026.15.0
//
//	An introduction, as long as it must be.
//
//	## New <!-- added -->
//
//	### Travellers rebook themselves <!-- !83 -->
//
//	You decide until when and at what fee.
//
//	> [!IMPORTANT]
//	> What the reader must do, where the change demands it.
//
//	<!-- left-out: !85 -->
//
// A `##` heading opens the section of a kind, a `###` heading one change. What
// ties a heading to its kind or its change is the comment at the line's end, so
// that retitling keeps it, moving the heading moves it, deleting the heading
// deletes it, and no preview shows it. Behind the id may stand marks, which a
// person takes away when they are dealt with:
//
//	new         it came in with a refresh
//	unreviewed  the words are a developer's title
//	drift       the facts changed under words that a person wrote
//	de, en, …   the words are in this language, not in the file's
//	only:K1,K2  it is told to these systems alone; daybreak keeps this one
//
// A `##` heading marked `<!-- known -->` opens what is known not to work yet;
// everything under it is one text. The front matter may also hold `aliases`, a
// list of addresses under which the release was found before.
//
// A `###` heading without an id is a note of its own. The section marked
// `<!-- set-aside -->` keeps words whose change is gone; nothing in it is
// shown. `left-out` lists the changes whose headings somebody deleted: they
// are withheld, and come back where their id is deleted from that line.
//
// The law of words: what a person wrote is never overwritten or dropped. A
// refresh (Merge) therefore works on the file's own lines and needs what
// daybreak generated the last time, the base, to know a person's words from its
// own. The base lies under .daybreak/drafts/, in the same form.
package editorial

import (
	"slices"
	"strconv"
	"strings"

	"daybreak/internal/model"
)

// Draft is one file, as lines that know what they are. Bytes gives it back
// byte for byte as it was read.
type Draft struct {
	File     string // as diagnostics name it
	Lang     model.Lang
	Title    string // of the release, from the front matter
	Heading  string // text of the `#` heading
	Intro    string // markdown under it, without comments
	Known    string // markdown: what is known not to work yet
	Aliases  []Alias
	Sections []*Section
	LeftOut  []string // ids of changes whose headings were deleted

	// Pictures are the files beside the draft that it shows, by their path in
	// the site; set by Load.
	Pictures map[string][]byte

	byID      map[string]*Note
	introLine int
	footLine  int
	bom       bool
	eol       string // "\n" or "\r\n": that of the first line
	front     block  // with its fences
	head      block
	foot      block    // the left-out line
	tail      []string // empty lines at the file's end
	open      bool     // its last line has no line feed
}

// Alias is an address under which the release was found before: a version, or a
// path of the site.
type Alias struct {
	Path string
	Line int
}

// Section is what stands under one `##` heading.
type Section struct {
	Kind  model.Kind
	Aside bool // the part that is kept but not shown
	Known bool // what is known not to work yet, one text with all headings under it
	Notes []*Note
	Line  int

	block // heading, and lines before the first note
}

// raw gives the section's lines as they stand in the file, its notes' included.
func (s *Section) raw() []string {
	lines := slices.Concat(s.lines, s.gap)
	for _, n := range s.Notes {
		lines = slices.Concat(lines, n.lines, n.gap)
	}
	return lines
}

// Note is one `###` heading and its text.
type Note struct {
	ID    string // "" for a note that belongs to no change
	Title string
	Body  string // markdown with line feeds, comments and what must be done taken out
	Act   string // markdown: what the reader must do
	Marks []string
	Line  int

	block
}

// block is a run of raw lines, their ends included, and the empty lines after it.
type block struct {
	lines []string
	gap   []string
	apart bool // put here by a refresh: an empty line must stand before it
}

// Marks of a note.
const (
	MarkNew        = "new"
	MarkUnreviewed = "unreviewed"
	MarkDrift      = "drift"
	onlyMark       = "only:"
)

// Has reports whether the note bears the mark.
func (n *Note) Has(mark string) bool { return slices.Contains(n.Marks, mark) }

// language is the mark that names the text's language, "" where it is the file's.
func (n *Note) language() model.Lang {
	for _, m := range n.Marks {
		if isLang(m) {
			return model.Lang(m)
		}
	}
	return ""
}

// isLang reports whether a mark is a language's tag: two letters.
func isLang(mark string) bool {
	return len(mark) == 2 && strings.Trim(mark, "abcdefghijklmnopqrstuvwxyz") == ""
}

// Text is what is compared to know whether somebody changed the note.
func (n *Note) Text() string { return normal(n.Title, n.lines[1:]) }

// Shown gives the notes that the draft tells, each with its section, in the
// file's order.
func (d *Draft) Shown(yield func(*Section, *Note) bool) {
	if d == nil {
		return
	}
	for _, s := range d.Sections {
		if s.Aside || s.Known {
			continue
		}
		for _, n := range s.Notes {
			if !yield(s, n) {
				return
			}
		}
	}
}

// notes indexes the shown notes by id; hand-written ones are not in it.
func (d *Draft) notes() map[string]*Note {
	m := map[string]*Note{}
	if d != nil {
		for _, n := range d.Shown {
			if n.ID != "" {
				m[n.ID] = n
			}
		}
	}
	return m
}

// Note finds a shown note, nil for none; on a nil draft too. It is for drafts
// that are read and not changed.
func (d *Draft) Note(id string) *Note {
	if d == nil || id == "" {
		return nil
	}
	if d.byID == nil {
		d.byID = d.notes()
	}
	return d.byID[id]
}

// Tells reports whether the draft has a heading of one of the changes.
func (d *Draft) Tells(ids map[string]bool) bool {
	for _, n := range d.Shown {
		if ids[n.ID] {
			return true
		}
	}
	return false
}

// Headline is the release's title: that of the front matter, else the `#`
// heading where a person wrote there something else than the label.
func (d *Draft) Headline(base *Draft, label string) string {
	if d.Title != "" || d.Heading == label || base == nil || d.Heading == base.Heading {
		return d.Title
	}
	return d.Heading
}

// HeadingLine is the number of the `#` heading's line, of a draft that has one.
func (d *Draft) HeadingLine() int { return d.introLine - 1 }

// At is a place in the draft for messages: "content/…/notes.de.md:12".
func (d *Draft) At(n *Note) string {
	if n.Line == 0 {
		return d.File
	}
	return d.File + ":" + strconv.Itoa(n.Line)
}

// kinds says in which section each change stands.
func (d *Draft) kinds() map[string]model.Kind {
	m := map[string]model.Kind{}
	if d != nil {
		for s, n := range d.Shown {
			if n.ID != "" {
				m[n.ID] = s.Kind
			}
		}
	}
	return m
}

// Bytes gives the file.
func (d *Draft) Bytes() []byte {
	var lines []string
	last := -1 // where the gap of the last block begins: the file's own end takes its place
	add := func(b block) {
		if len(b.lines) == 0 {
			return
		}
		if k := len(lines); b.apart && k > 0 && bare(lines[k-1]) != "" {
			lines = append(lines, d.eol)
		}
		lines = append(lines, b.lines...)
		last = len(lines)
		lines = append(lines, b.gap...)
	}
	add(d.front)
	add(d.head)
	for _, s := range d.Sections {
		add(s.block)
		for _, n := range s.Notes {
			add(n.block)
		}
	}
	add(d.foot)
	if last >= 0 {
		lines = append(lines[:last], d.tail...)
	}
	text := strings.Join(lines, "")
	if d.open {
		text = strings.TrimSuffix(text, d.eol)
	}
	if d.bom {
		text = bom + text
	}
	return []byte(text)
}

const bom = "\ufeff"

// newBlock makes a block out of text, with the draft's line ends and one empty
// line after it.
func (d *Draft) newBlock(text string) block {
	b := block{apart: true}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.lines = append(b.lines, line+d.eol)
	}
	b.gap = []string{d.eol}
	return b
}

// Words is what a draft says in its own language.
type Words struct {
	Kinds map[model.Kind]string // headings of the sections
	Aside string                // heading of what is set aside
	Known string                // heading of what is known not to work yet
	Help  string                // the comment at the top, for whoever opens the file first
}

// Names knows the sections by what people call them, for headings that have
// lost their comment.
type Names map[string]model.Kind

// NamesOf collects the names out of the words of all languages, and the kinds'
// own ids.
func NamesOf(words ...Words) Names {
	names := Names{}
	for _, k := range model.Kinds() {
		names[string(k)] = k
		for _, w := range words {
			if name := strings.ToLower(w.Kinds[k]); name != "" {
				names[name] = k
			}
		}
	}
	for _, w := range words {
		if w.Known != "" {
			names[strings.ToLower(w.Known)] = knownMarker
		}
	}
	return names
}

// Folder is where drafts lie in a workspace, BaseFolder where daybreak
// remembers what it generated. Both hold <slug>/notes.<lang>.md.
const (
	Folder     = "content/releases"
	BaseFolder = ".daybreak/drafts"
)

// Name is a draft's path below its folder.
func Name(slug string, l model.Lang) string { return slug + "/notes." + string(l) + ".md" }
