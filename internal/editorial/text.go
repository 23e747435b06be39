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
		var words []string
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
	var out []string
	fence, inside := "", false
	for _, raw := range lines {
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
			without := commentInLine.ReplaceAllString(l, "")
			if t := strings.TrimLeft(without, " "); strings.HasPrefix(t, "<!--") {
				without, inside = "", true
			}
			if strings.TrimSpace(without) == "" {
				continue
			}
			l = without
		}
		out = append(out, l)
	}
	return out
}

var commentInLine = regexp.MustCompile(`<!--.*?-->`)

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
