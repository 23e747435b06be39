package guard

import (
	"regexp"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// exception is one entry of guard.allow, ready to be asked.
type exception struct {
	text  string // tight
	re    *regexp.Regexp
	where string
}

func (g *Guard) exceptions() {
	for _, e := range g.config.Guard.Allow {
		x := exception{text: fold(e.Text), where: e.Where}
		if e.Pattern != "" {
			// Findings are made without case, and a search index holds its words in
			// lower case: what may leave as "RP-77" may leave as "rp-77".
			re, err := regexp.Compile("(?i)" + e.Pattern)
			if err != nil { // the configuration's diagnostic
				continue
			}
			x.re = re
		}
		g.allow = append(g.allow, x)
	}
}

// allowed reports whether the text at loose[from:to] may leave: an exception's
// text or pattern covers it where it stands.
func (g *Guard) allowed(file, loose string, from, to int) bool {
	for _, x := range g.allow {
		if x.where != "" {
			if ok, _ := doublestar.Match(x.where, file); !ok { // a bad glob is the configuration's diagnostic
				continue
			}
		}
		if x.re != nil {
			start := max(0, from-200)
			for _, m := range x.re.FindAllStringIndex(loose[start:min(len(loose), to+200)], -1) {
				if start+m[0] <= from && start+m[1] >= to {
					return true
				}
			}
			continue
		}
		found := fold(loose[from:to])
		if x.text == "" || found == "" || !strings.Contains(x.text, found) {
			continue
		}
		reach := 2*len(x.text) + 16
		if strings.Contains(fold(clip(loose, from-reach, to+reach)), x.text) {
			return true
		}
	}
	return false
}

// clip cuts a text at character boundaries.
func clip(s string, from, to int) string {
	from, to = max(0, from), min(len(s), to)
	return strings.ToValidUTF8(s[from:to], "")
}
