package message

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"daybreak/internal/diag"
)

// maxTitle is the length of a title in characters. A subject can be megabytes
// long; a title goes into pages, feeds and mail headers.
const maxTitle = 300

// space is git's isspace: its own table of ASCII, no locale, no \v and \f.
func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

const spaces = " \t\n\r"

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// blank reports whether the line is empty for git: nothing but space.
func blank(line string) bool {
	for i := range len(line) {
		if !space(line[i]) {
			return false
		}
	}
	return true
}

// cutLine gives the first line with its line feed, and what follows.
func cutLine(s string) (line, rest string) {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return s[:i+1], s[i+1:]
	}
	return s, ""
}

// lastIndex is strings.LastIndex for what hardly any text holds: looking from
// the front for it is several times as fast.
func lastIndex(s, what string) int {
	if !strings.Contains(s, what) {
		return -1
	}
	return strings.LastIndex(s, what)
}

// valid ends the text at its first NUL, as git does, and makes every invalid
// byte U+FFFD.
func valid(text string) string {
	if i := strings.IndexByte(text, 0); i >= 0 {
		text = text[:i]
	}
	if utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 16)
	for _, r := range text { // gives U+FFFD for each invalid byte
		b.WriteRune(r)
	}
	return b.String()
}

// split cuts a message into what git log calls %s and %b.
func split(text string) (subject, body string) {
	line, rest := cutLine(text)
	for line != "" && blank(line) {
		line, rest = cutLine(rest)
	}
	subject = strings.TrimRight(line, spaces)
	var more []string
	for {
		line, next := cutLine(rest)
		if blank(line) {
			break
		}
		more = append(more, strings.TrimRight(line, spaces))
		rest = next
	}
	if more != nil {
		subject += " " + strings.Join(more, " ")
	}
	for rest != "" {
		line, next := cutLine(rest)
		if !blank(line) {
			break
		}
		rest = next
	}
	return subject, rest
}

// unseen reports the characters that have no place in a title: controls, bidi
// controls, the byte order mark and other invisible format characters, but for
// the joiners that emoji and several scripts need.
func unseen(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 0x20 || r == 0x7f
	}
	return r < 0xa0 || diag.IsBidiControl(r) || r == 0x2028 || r == 0x2029 ||
		unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d && r != 0xad
}

// oneLine makes text fit for one line of a page: no unseen characters, runs of
// white space as one space, at most maxTitle characters.
func oneLine(s string) string {
	plain := len(s) <= maxTitle
	for i := 0; plain && i < len(s); i++ {
		c := s[i]
		plain = c > 0x20 && c < 0x7f || c == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' '
	}
	if plain {
		return s
	}
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = n > 0
			continue
		case unseen(r):
			continue
		}
		if n >= maxTitle-1 {
			return b.String() + "…"
		}
		if gap {
			b.WriteByte(' ')
			n++
			gap = false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// paragraphs takes the unseen characters out of text of several lines, and the
// white space around it and at the ends of lines.
func paragraphs(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		b.WriteString(strings.Map(func(r rune) rune {
			if unseen(r) && r != '\t' {
				return -1
			}
			return r
		}, line))
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}
