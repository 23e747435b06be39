package mail

import (
	"strings"
	"unicode/utf8"
)

// Widths of lines in characters. Programs show flowed text at any width; 72
// leaves room for the "> " of answers in those that show it as it is.
const (
	wrapAt   = 72
	flowedAt = 78 // RFC 3676, 4.2: a line SHOULD NOT be longer
)

// maxWord is the longest word in bytes that stays whole: a line of a mail may
// not be longer than 998 (RFC 5322, 2.1.1).
const maxWord = 900

// Flow writes a mail-ready body as format=flowed (RFC 3676, without DelSp): a
// line that is longer than a mail's lines should be goes on in the next one,
// which the blank at its end says. Lines end with a line feed.
func Flow(body string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
		if line == "-- " {
			b.WriteString("-- \n") // the signature's mark keeps its blank and is no flowed line
			continue
		}
		// A blank at the end of a line would make it flow into the next one.
		flowLine(&b, strings.TrimRight(line, " "))
	}
	return b.String()
}

// flowLine writes one paragraph.
func flowLine(b *strings.Builder, line string) {
	words := strings.Split(line, " ")
	for len(words) > 0 {
		piece := words[0]
		words = words[1:]
		if len(piece) > maxWord {
			at := runeBefore(piece, maxWord)
			piece, words = piece[:at], append([]string{piece[at:]}, words...)
		}
		width := utf8.RuneCountInString(piece) + stuffing(piece)
		for len(words) > 0 {
			next := utf8.RuneCountInString(words[0])
			// A lone "--" before a soft break would read as the signature's mark, and
			// nothing at all as an empty line.
			if width+1+next > wrapAt && piece != "--" && strings.Trim(piece, " ") != "" || len(piece)+1+len(words[0]) > maxWord {
				break
			}
			piece, words, width = piece+" "+words[0], words[1:], width+1+next
		}
		if stuffing(piece) > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(piece)
		if len(words) > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
}

// runeBefore is the last place up to limit where a character begins.
func runeBefore(s string, limit int) int {
	for limit > 1 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}

// stuffing is 1 where a line needs a blank in front (RFC 3676, 4.4), because it
// would be taken for a quotation, or be changed by programs on its way.
func stuffing(line string) int {
	if strings.HasPrefix(line, " ") || strings.HasPrefix(line, ">") || strings.HasPrefix(line, "From ") {
		return 1
	}
	return 0
}
