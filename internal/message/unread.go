package message

import (
	"strings"
)

// Unread is a line that its author meant as a trailer and git doesn't read as one.
type Unread struct {
	Key   string
	Value string // the rest of its line
	Why   Misplaced
	Line  string // with MixedParagraph: the first line that makes prose of the paragraph
}

// Misplaced says why a line is no trailer for git (git-interpret-trailers(1)).
type Misplaced int

// The reasons.
const (
	MixedParagraph Misplaced = iota // its paragraph is the last one and holds lines that are no trailers
	NotLast                         // other text follows its paragraph
	InTitle                         // no empty line parts it from the title
	UnderDivider                    // it stands below a line of three hyphens
)

// UnreadTrailers finds the lines of a message, given as its subject and body
// (%s, %b), that read like trailers of known keys and aren't. A key of one word
// ("Area: …") is a sentence's beginning too: it counts in a paragraph that holds
// nothing but lines like it, and in the last one.
func UnreadTrailers(subject, body string, known func(key string) bool) []Unread {
	if !strings.Contains(subject, ":") && !strings.Contains(body, ":") {
		return nil
	}
	out := unreadInTitle(subject, known)
	const head = "x\n\n" // a title, so that the body's first paragraph can hold trailers
	text := head + valid(body)
	m := Message{Body: text[len(head):]}
	p := parser{Message: &m, text: text, body: m.Body}
	p.readProse()
	start, end := trailerBlock(text)
	divider := dividerAt(text)
	last := lastParagraph(text[:tailAt(text[:divider])])
	for at := len(head); at < len(text); {
		para, size := paragraphAt(p.prose[at:])
		mixed := proseLine(para)
		for from := at; from < at+len(para); {
			line, _ := cutLine(p.prose[from:])
			here := from
			from += len(line)
			colon := separatorAt(line)
			if colon < 1 || here >= start && here < end {
				continue
			}
			key := strings.Trim(line[:colon], spaces)
			value := strings.Trim(line[colon+1:], spaces)
			if !known(key) || value == "" || mixed != "" && here < last && !strings.Contains(key, "-") {
				continue
			}
			u := Unread{Key: key, Value: value}
			switch {
			case here >= divider:
				u.Why = UnderDivider
			case here < last:
				u.Why = NotLast
			default:
				u.Line = mixed
			}
			out = append(out, u)
		}
		at += size
	}
	return out
}

// unreadInTitle finds trailers that git took into the title, because no empty
// line follows the first one: only keys of several words, which no title has.
func unreadInTitle(subject string, known func(string) bool) []Unread {
	var out []Unread
	words := strings.Fields(subject)
	for i, w := range words {
		key, ok := strings.CutSuffix(w, ":")
		if ok && i > 0 && i+1 < len(words) && strings.Contains(key, "-") && known(key) {
			out = append(out, Unread{Key: key, Value: strings.Join(words[i+1:], " "), Why: InTitle})
		}
	}
	return out
}

// paragraphAt gives the lines up to the next empty one, and how many bytes they
// take with the empty lines behind them.
func paragraphAt(text string) (para string, size int) {
	inside := 0
	for size < len(text) {
		line, _ := cutLine(text[size:])
		if blank(line) {
			size += len(line)
			for size < len(text) {
				line, _ = cutLine(text[size:])
				if !blank(line) {
					break
				}
				size += len(line)
			}
			break
		}
		size += len(line)
		inside = size
	}
	return text[:inside], size
}

// lastParagraph gives where the last paragraph of a text begins.
func lastParagraph(text string) int {
	for at := 0; ; {
		_, size := paragraphAt(text[at:])
		if at+size >= len(text) {
			return at
		}
		at += size
	}
}

// proseLine gives the first line of a paragraph that is neither a trailer nor
// the continuation of one, "" for none.
func proseLine(para string) string {
	first := true
	for rest := para; rest != ""; {
		var line string
		line, rest = cutLine(rest)
		if line[0] != '#' && separatorAt(line) < 1 && (first || !space(line[0])) && !strings.HasPrefix(line, gitTrailers[1]) {
			return strings.Trim(line, spaces)
		}
		first = false
	}
	return ""
}
