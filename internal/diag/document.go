package diag

import "strings"

// SecondDocument gives the line in which a YAML text goes on behind the end of its first
// document, 0 where it doesn't: readers of one document never see what stands there. A
// line of three hyphens or dots parts documents wherever it stands, in texts of several
// lines too (https://yaml.org/spec/1.2.2/#rule-c-forbidden).
func SecondDocument(text string) int {
	begun, ended := false, false
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, " \t\r\n")
		rest, parts := strings.CutPrefix(line, "---")
		switch {
		case line == "...":
			ended = ended || begun
			continue
		case parts && (rest == "" || rest[0] == ' ' || rest[0] == '\t'):
			ended, begun = ended || begun, true
			if line = strings.TrimSpace(rest); line == "" {
				continue
			}
		}
		if t := strings.TrimSpace(line); t == "" || t[0] == '#' || !begun && t[0] == '%' {
			continue
		}
		if ended {
			return number
		}
		begun = true
	}
	return 0
}
