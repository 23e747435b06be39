package message

import (
	"bytes"
	"regexp"
	"strings"

	"daybreak/internal/model"
)

// fence is a fenced block: offsets into the text.
type fence struct {
	info       string
	start, end int  // of the content
	headed     bool // the line in front of it speaks of a release note
}

// What a hostile message can claim is bounded: fenced blocks, and the backticks
// of a code span's mark, each length of which can cost a walk over its line.
const (
	maxFences = 1000
	maxTicks  = 16
)

// readProse blanks what is not prose: template comments, fenced blocks, code
// spans. Offsets stay those of the text, so that what is found in the prose can
// be cut out of the text.
func (p *parser) readProse() {
	p.prose = p.text
	comments := strings.Contains(p.text, "<!--")
	if !comments && !strings.Contains(p.text, "`") && !strings.Contains(p.text, "~~~") {
		return
	}
	prose := []byte(p.text)
	var open fence
	var mark string // the fence's own run of ` or ~
	inComment := false
	for at := 0; at < len(prose); {
		line, _ := cutLine(p.text[at:])
		next := at + len(line)
		run := fenceRun(line)
		switch {
		case mark != "":
			if len(run) >= len(mark) && run[0] == mark[0] && strings.Trim(line, spaces) == run {
				open.end = at
				p.fences = append(p.fences, open)
				mark = ""
			}
			wipe(prose[at:next])
		case inComment:
			end := closeComment(prose[at:next])
			inComment = end < 0 || wipeInline(prose[at+end:next])
		case len(run) >= 3 && len(p.fences) < maxFences && !strings.Contains(strings.TrimLeft(line, spaces)[len(run):], "`"):
			mark = run
			open = fence{info: strings.Trim(strings.TrimLeft(line, spaces)[len(run):], spaces), start: next, headed: headed(prose[:at])}
			wipe(prose[at:next])
		default:
			inComment = wipeInline(prose[at:next])
		}
		at = next
	}
	if mark != "" {
		// A fence that is never closed ends where the trailers begin.
		open.end = max(open.start, len(p.text)-len(p.Body)+len(p.body))
		p.fences = append(p.fences, open)
	}
	p.prose = string(prose)
}

// headed reports whether the last line that isn't empty speaks of a release
// note.
func headed(before []byte) bool {
	before = bytes.TrimRight(before[max(0, len(before)-1000):], spaces)
	return releaseNoteHead.Match(before[bytes.LastIndexByte(before, '\n')+1:])
}

// fenceRun gives the run of backticks or tildes at the start of a line, which
// may be indented.
func fenceRun(s string) string {
	s = strings.TrimLeft(s, spaces)
	if s == "" || s[0] != '`' && s[0] != '~' {
		return ""
	}
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return s[:n]
}

// wipe makes a line empty and leaves its line feed.
func wipe(b []byte) {
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
}

// closeComment wipes up to the end of a comment and gives the place behind it,
// or -1 where it doesn't end in this line.
func closeComment(line []byte) int {
	end := bytes.Index(line, []byte("-->"))
	if end < 0 {
		wipe(line)
		return -1
	}
	wipe(line[:end+3])
	return end + 3
}

// wipeInline wipes the comments and code spans of a line, and reports whether a
// comment goes on in the next line. A code span ends in its own line: one that
// does not is a lone backtick.
func wipeInline(line []byte) (open bool) {
	tick, comment := -1, -1 // the next of each, kept while they lie ahead
	for at := 0; ; {
		if tick < at {
			tick = index(line, "`", at)
		}
		if comment < at {
			comment = index(line, "<!--", at)
		}
		if comment < tick {
			end := closeComment(line[comment:])
			if end < 0 {
				return true
			}
			at = comment + end
			continue
		}
		if tick == len(line) {
			return false
		}
		n := 1
		for tick+n < len(line) && line[tick+n] == '`' {
			n++
		}
		at = tick + n
		if n > maxTicks {
			continue
		}
		if end := closingRun(line[at:], n); end >= 0 {
			wipe(line[tick : at+end])
			at += end
		}
	}
}

// index gives the place of what from a place on, or the length.
func index(line []byte, what string, from int) int {
	if i := bytes.Index(line[from:], []byte(what)); i >= 0 {
		return from + i
	}
	return len(line)
}

// closingRun gives the end of the first run of exactly n backticks, or -1.
func closingRun(line []byte, n int) int {
	for i := 0; i < len(line); {
		j := bytes.IndexByte(line[i:], '`')
		if j < 0 {
			return -1
		}
		i += j
		run := 1
		for i+run < len(line) && line[i+run] == '`' {
			run++
		}
		i += run
		if run == n {
			return i
		}
	}
	return -1
}

var (
	releaseNoteHead = regexp.MustCompile(`(?i)release[ -]notes?\b`)
	// gardenerNote is the form of https://github.com/gardener/cc-utils: category
	// and target group.
	gardenerNote = regexp.MustCompile(`^(?:breaking|noteworthy|feature|bugfix|doc|docs|improvement|action|other) (?:user|operator|developer|dependency)\b`)
	// localNote is a release note in a language of its own: "release-note-de".
	localNote   = regexp.MustCompile(`^release[-_]?notes?-[a-z]{2}$`)
	htmlComment = regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`)
)

// noteKind gives the kind of note block that a fence's info string names, ""
// where it names none.
func noteKind(f fence) string {
	info := strings.ToLower(f.info)
	word, _, _ := strings.Cut(info, " ")
	switch {
	case gardenerNote.MatchString(info):
		return gardenerNote.FindString(info)
	case strings.HasPrefix(info, "release note"), word == "release-notes", word == "releasenote", word == "release_note":
		return "release-note"
	case localNote.MatchString(word):
		return "release-note" + word[len(word)-3:]
	case strings.HasSuffix(word, "-note"), strings.HasSuffix(word, "-notes"), word == "changelog":
		return word
	case strings.HasSuffix(info, " changelog"): // "markdown changelog": the language, then what it is
		return "changelog"
	case info == "" && f.headed:
		return "release-note"
	}
	return ""
}

// readBlocks reads the note blocks. An empty one is a template that nobody
// filled in, and is no block.
func (p *parser) readBlocks() {
	for _, f := range p.fences {
		kind := noteKind(f)
		if kind == "" {
			continue
		}
		text := p.text[f.start:f.end]
		if strings.Contains(text, "<!--") {
			text = htmlComment.ReplaceAllString(text, "")
		}
		text = paragraphs(text)
		if text == "" {
			continue
		}
		p.Blocks = append(p.Blocks, model.NoteBlock{Kind: kind, Text: text, None: noneText.MatchString(text)})
	}
}
