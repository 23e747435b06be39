package message

import (
	"strings"

	"daybreak/internal/model"
)

// maxTrailers bounds the memory that a hostile message can claim. The longest
// block known in public histories has some hundreds.
const maxTrailers = 1 << 16

// cutMark is the line below which `git commit --verbose` shows the patch.
const cutMark = "# ------------------------ >8 ------------------------"

// gitTrailers are the starts of the lines that git itself writes. One of them
// lets a paragraph be a trailer block although some of its lines are prose.
var gitTrailers = [...]string{"Signed-off-by: ", "(cherry picked from commit "}

// separatorAt gives the place of the colon in a line of the shape
// "token[ space]:", or -1. A token is ASCII letters, digits and hyphens.
func separatorAt(line string) int {
	i := 0
	for i < len(line) && (alnum(line[i]) || line[i] == '-') {
		i++
	}
	if i > 0 {
		for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
			i++
		}
	}
	if i < len(line) && line[i] == ':' {
		return i
	}
	return -1
}

// dividerAt gives the start of the first line that is a divider, or the length.
func dividerAt(text string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], "---")
		if i < 0 {
			return len(text)
		}
		i += from
		if (i == 0 || text[i-1] == '\n') && i+3 < len(text) && space(text[i+3]) {
			return i
		}
		from = i + 1
	}
}

// cutAt gives the start of the cut line, or the length.
func cutAt(text string) int {
	if !strings.Contains(text, " >8 ") {
		return len(text)
	}
	if strings.HasPrefix(text, cutMark+"\n") {
		return 0
	}
	if i := strings.Index(text, "\n"+cutMark+"\n"); i >= 0 {
		return i + 1
	}
	return len(text)
}

// tailAt gives the end of what the author wrote: in front of trailing comments,
// empty lines and git's old "Conflicts:" block.
func tailAt(text string) int {
	end := cutAt(text)
	if !strings.Contains(text, "Conflicts:\n") {
		for end > 0 {
			at := strings.LastIndexByte(text[:end-1], '\n') + 1
			if text[at] != '#' && text[at] != '\n' {
				break
			}
			end = at
		}
		return end
	}
	tail, conflicts := -1, false
	for at := 0; at < end; {
		line, _ := cutLine(text[at:end])
		switch {
		case line[0] == '#' || line[0] == '\n':
			if tail < 0 {
				tail = at
			}
		case line == "Conflicts:\n":
			conflicts = true
			if tail < 0 {
				tail = at
			}
		case conflicts && line[0] == '\t':
			// a path of the conflicts block
		default:
			tail, conflicts = -1, false
		}
		at += len(line)
	}
	if tail >= 0 {
		return tail
	}
	return end
}

// trailerBlock gives the part of the text that is the trailer block; start is
// end where there is none. The text holds no NUL.
func trailerBlock(text string) (start, end int) {
	if strings.IndexByte(text, ':') < 0 {
		return len(text), len(text)
	}
	return blockOf(text[:dividerAt(text)])
}

// blockOf is trailerBlock without regard to a divider, as git log has it.
func blockOf(text string) (start, end int) {
	end = tailAt(text)
	return blockStart(text[:end]), end
}

// titleEnd gives the start of the line that ends the first paragraph. Comment
// lines are passed over.
func titleEnd(text string) int {
	at := 0
	for at < len(text) {
		line, _ := cutLine(text[at:])
		if line[0] != '#' && blank(line) {
			return at
		}
		at += len(line)
	}
	return at
}

// blockStart looks from the end for the paragraph that is the trailer block:
// not the first one, and either all of it trailers, or at least one line of
// git's own in it and at least a quarter of its lines trailers.
func blockStart(text string) int {
	title := titleEnd(text)
	var trailers, others int
	// Indented lines continue the trailer in front of them, if it is one:
	// reading backwards that shows only later.
	var indented int
	var ours, seen bool
	for end := len(text); end > 0; {
		at := strings.LastIndexByte(text[:end-1], '\n') + 1
		if at < title {
			break
		}
		line := text[at:end]
		end = at
		switch {
		case line[0] == '#':
			others += indented
			indented = 0
		case blank(line):
			if !seen {
				continue
			}
			others += indented
			if ours && trailers*3 >= others || trailers > 0 && others == 0 {
				return at + len(line)
			}
			return len(text)
		case strings.HasPrefix(line, gitTrailers[0]), strings.HasPrefix(line, gitTrailers[1]):
			ours, seen = true, true
			trailers++
			indented = 0
		case separatorAt(line) > 0:
			seen = true
			trailers++
			indented = 0
		case space(line[0]):
			seen = true
			indented++
		default:
			seen = true
			others += 1 + indented
			indented = 0
		}
	}
	return len(text)
}

// trailersOf reads the trailers of a trailer block. Lines of a block that are
// no trailers, and their continuations, are left out.
func trailersOf(block string) []model.Trailer {
	var out []model.Trailer
	for block != "" && len(out) < maxTrailers {
		line, rest := cutLine(block)
		colon := separatorAt(line)
		if colon < 1 {
			block = rest
			continue
		}
		end := len(line)
		for rest != "" && space(rest[0]) {
			var more string
			more, rest = cutLine(rest)
			end += len(more)
		}
		out = append(out, model.Trailer{
			Key:   strings.Trim(line[:colon], spaces),
			Value: unfold(strings.Trim(block[colon+1:end], spaces)),
		})
		block = rest
	}
	return out
}

// unfold joins continuation lines: a line feed and the white space behind it
// become one space.
func unfold(value string) string {
	if strings.IndexByte(value, '\n') < 0 {
		return value
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(value, '\n')
		if i < 0 {
			b.WriteString(value)
			return strings.Trim(b.String(), spaces)
		}
		b.WriteString(value[:i])
		b.WriteByte(' ')
		value = strings.TrimLeft(value[i:], spaces)
	}
}
