package editorial

import (
	"regexp"
	"strings"

	"daybreak/internal/markdown"
)

// actMark opens the part of a note that says what the reader must do. It is
// GitHub's form of an alert, which previews show as one.
const actMark = "[!IMPORTANT]"

// normal is a text as it is compared: without line ends, blanks at the ends of
// lines and empty lines around, so that neither an editor's habits nor a
// change of line ends count as an edit.
func normal(title string, body []string) string {
	lines := make([]string, len(body))
	for i, l := range body {
		lines[i] = bare(l)
	}
	return strings.Join(strings.Fields(title), " ") + "\n" + strings.Trim(strings.Join(lines, "\n"), "\n")
}

// bodyOf gives what is shown of a note's lines: without comments, and with what
// the reader must do taken out.
func bodyOf(lines []string) (body, act string) {
	kept := withoutComments(lines)
	for i, l := range kept {
		if !strings.HasPrefix(strings.ToUpper(strings.TrimLeft(strings.TrimPrefix(l, ">"), " ")), actMark) || !strings.HasPrefix(l, ">") {
			continue
		}
		end := i + 1
		// Words beside the mark are meant for the same reader.
		words := []string{strings.TrimSpace(strings.TrimLeft(l[1:], " ")[len(actMark):])}
		for ; end < len(kept) && strings.HasPrefix(kept[end], ">"); end++ {
			words = append(words, strings.TrimPrefix(kept[end][1:], " "))
		}
		act = strings.TrimSpace(strings.Join(words, "\n"))
		kept = append(append([]string{}, kept[:i]...), kept[end:]...)
		break
	}
	return strings.TrimSpace(strings.Join(kept, "\n")), act
}

// introOf gives the text under the `#` heading and the number of its first line.
func introOf(d *Draft, from int) (string, int) {
	lines := d.head.lines
	for i, l := range lines {
		if m := headingLine.FindStringSubmatch(bare(l)); m != nil && len(m[1]) == 1 {
			lines, from = lines[i+1:], from+i+1
			break
		}
	}
	return strings.TrimSpace(strings.Join(withoutComments(lines), "\n")), from
}

// knownOf gives the text of the sections of what is known not to work yet.
func knownOf(d *Draft) string {
	var lines []string
	for _, s := range d.Sections {
		if s.Known {
			lines = append(lines, s.raw()[1:]...)
		}
	}
	return strings.TrimSpace(strings.Join(withoutComments(lines), "\n"))
}

// withoutComments takes comments out of lines, except in code: they are for
// colleagues. A line that held nothing else goes with its comment.
func withoutComments(lines []string) []string {
	out, _, _ := uncommented(lines)
	return out
}

// uncommented is withoutComments with the index that each line had, and that of the
// first line in which a comment begins that nobody closes; -1 for none. CommonMark lets
// a comment that begins a line go on past empty lines, one inside a line as far as its
// paragraph does.
func uncommented(lines []string) (out []string, at []int, open int) {
	fence, inside := "", false
	open = -1
	for i, raw := range lines {
		l := bare(raw)
		if inside {
			_, rest, closed := strings.Cut(l, "-->")
			if inside = !closed; inside || strings.TrimSpace(rest) == "" {
				continue
			}
			l = rest
		}
		if m := fenceLine.FindStringSubmatch(l); m != nil {
			switch {
			case fence == "" && (m[1][0] != '`' || !strings.Contains(m[2], "`")):
				fence = m[1]
			case fence != "" && m[1][0] == fence[0] && len(m[1]) >= len(fence) && strings.TrimSpace(m[2]) == "":
				fence = ""
			}
		} else if fence == "" && strings.Contains(l, "<!--") {
			without, begun := cutComments(l)
			if begun >= 0 {
				switch before := without[:begun]; {
				case strings.TrimSpace(before) == "" || closedBelow(lines[i+1:]):
					without, inside = strings.TrimRight(before, " \t"), true
				case open < 0:
					open = i
				}
			}
			if strings.TrimSpace(without) == "" {
				continue
			}
			l = without
		}
		out, at = append(out, l), append(at, i)
	}
	return out, at, open
}

// cutComments takes the whole comments out of a line, but for those in code, and says
// where in what is left one begins that ends in no part of the line; -1 for none.
func cutComments(line string) (string, int) {
	var b strings.Builder
	for i := 0; i < len(line); {
		switch rest := line[i:]; {
		case strings.HasPrefix(rest, "`"):
			run := rest[:len(rest)-len(strings.TrimLeft(rest, "`"))]
			end := len(run)
			for _, m := range backticks.FindAllStringIndex(rest[end:], -1) {
				if m[1]-m[0] == len(run) { // a code span ends at as many backticks
					end += m[1]
					break
				}
			}
			b.WriteString(rest[:end])
			i += end
		case strings.HasPrefix(rest, "<!--"):
			end := strings.Index(rest[4:], "-->")
			if end < 0 {
				at := b.Len()
				b.WriteString(rest)
				return b.String(), at
			}
			i += 4 + end + 3
		default:
			b.WriteByte(line[i])
			i++
		}
	}
	return b.String(), -1
}

var backticks = regexp.MustCompile("`+")

// closedBelow reports whether a comment that began inside a line ends before its
// paragraph does.
func closedBelow(lines []string) bool {
	for _, raw := range lines {
		switch l := bare(raw); {
		case l == "" || fenceLine.MatchString(l) || headingLine.MatchString(l):
			return false
		case strings.Contains(l, "-->"):
			return true
		}
	}
	return false
}

// safeTitle makes a title out of a commit message fit for a heading: one line
// that holds no comment of its own.
func safeTitle(title string) string {
	return strings.NewReplacer("<!--", "<!‐‐", "-->", "‐‐>").Replace(markdown.Line(title))
}

// safeBody makes text out of a commit message fit to stand in a draft: its
// headings open no section, its code blocks and comments close, nothing in it
// looks like a merge conflict.
func safeBody(text string) string {
	var out []string
	fence := ""
	for l := range strings.SplitSeq(strings.Trim(markdown.Clean(text), "\n"), "\n") {
		l = strings.TrimRight(l, " \t")
		if m := fenceLine.FindStringSubmatch(l); m != nil {
			switch {
			case fence == "" && (m[1][0] != '`' || !strings.Contains(m[2], "`")):
				fence = m[1]
			case fence != "" && m[1][0] == fence[0] && len(m[1]) >= len(fence) && strings.TrimSpace(m[2]) == "":
				fence = ""
			}
		} else if fence == "" {
			l = strings.ReplaceAll(l, "<!--", "&lt;!--")
			if m := headingLine.FindStringSubmatch(l); m != nil && len(m[1]) < 4 {
				l = strings.Repeat("#", 4-len(m[1])) + strings.TrimLeft(l, " ")
			}
		}
		if conflict.MatchString(l) || bare(l) == conflictMiddle {
			l = " " + l
		}
		out = append(out, l)
	}
	if fence != "" {
		out = append(out, fence)
	}
	return strings.Join(out, "\n")
}
