package message

import (
	"regexp"
	"strings"

	"daybreak/internal/model"
)

// usualTypes are the types that a title can lose: they say what kind of change
// it is. Any other word in front of a colon ("x86: …", "Booking: …") says what
// the change is about, and stays.
var usualTypes = map[string]bool{
	"feat": true, "feature": true, "fix": true, "bugfix": true, "hotfix": true,
	"docs": true, "doc": true, "style": true, "refactor": true, "perf": true,
	"test": true, "tests": true, "build": true, "ci": true, "chore": true,
	"security": true, "deps": true, "improvement": true,
	"deprecate": true, "remove": true, "breaking": true, "release": true,
	"wip": true, "change": true, "changed": true, "add": true, "added": true,
	"fixed": true, "removed": true, "deprecated": true, "i18n": true,
}

// readHeader sets Header from the title, and reports whether the title can do
// without type and scope.
func (p *parser) readHeader(title string) bool {
	if strings.IndexByte(title, ':') < 0 && !strings.Contains(title, "：") {
		return false
	}
	text := title
	for _, t := range p.options.Tickets {
		// "ABC-12 feat: x", "[ABC-12] feat: x"
		open := strings.TrimLeft(text, "[(")
		if at := t.FindStringIndex(open); at != nil && at[0] == 0 {
			text = strings.TrimLeft(open[at[1]:], "])-: ")
			break
		}
	}
	h, ok := headerOf(text)
	if !ok {
		return false
	}
	p.Header = h
	// Without its type the title of a revert would tell of what is gone.
	return h.Type != "revert" && (usualTypes[h.Type] || h.Scope != "" || h.Breaking)
}

// headerOf reads "type(scope)!: text", the header of
// https://www.conventionalcommits.org/en/v1.0.0/ with any word as type, and
// before it what people put there: an emoji or its short code.
func headerOf(s string) (h model.Header, ok bool) {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r > 0x7f })
	if code, ok := strings.CutPrefix(s, ":"); ok {
		if i := strings.IndexByte(code, ':'); i > 0 && strings.IndexByte(code[:i], ' ') < 0 {
			s = code[i+1:]
		}
	}
	s = strings.TrimLeft(s, " ")
	i := 0
	for i < len(s) && (alnum(s[i]) || i > 0 && (s[i] == '-' || s[i] == '_')) {
		i++
	}
	if i == 0 || digit(s[0]) {
		return h, false
	}
	h.Type = strings.ToLower(s[:i])
	s = s[i:]
	if scope, ok := strings.CutPrefix(s, "("); ok {
		end := strings.IndexAny(scope, "()")
		if end < 0 || scope[end] == '(' {
			return h, false
		}
		h.Scope = strings.TrimSpace(scope[:end])
		s = scope[end+1:]
	}
	s, h.Breaking = strings.CutPrefix(s, "!")
	text, ok := strings.CutPrefix(s, ":")
	if !ok {
		if text, ok = strings.CutPrefix(s, "："); !ok {
			return h, false
		}
	}
	h.Text = strings.TrimSpace(text)
	if h.Text == "" || strings.HasPrefix(text, "//") || text[0] == ':' {
		return h, false // "https://…", "std::x"
	}
	return h, true
}

var (
	breakingLine = regexp.MustCompile(`(?m)^[ \t]*(?:[*#>-]+[ \t]*)?BREAKING[ -]CHANGES?(?:\*\*)?(?:[ \t]*(?::|：)(?:\*\*)?|[ \t]*$)[ \t]*`)
	footerLine   = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9-]*(?:: | #)|See merge request |[*]{2}|#{1,6} |-{3,}\s*$|[ \t]*(?:[*#>-]+[ \t]*)?BREAKING[ -]CHANGE)`)
	noneText     = regexp.MustCompile(`^(?i)[\s\pP\pS]*(?:none|no|nope|nil|n/?a|not applicable|not required|not needed)?[\s\pP\pS]*$`)
)

// readBreaking finds the BREAKING CHANGE footer. Its text goes on, over empty
// lines too, to the next footer or the end.
func (p *parser) readBreaking() {
	if !strings.Contains(p.Body, "BREAKING") {
		return
	}
	prose := p.prose[len(p.text)-len(p.Body):]
	var notes []string
	for _, at := range breakingLine.FindAllStringIndex(prose, -1) {
		end := at[1]
		line, rest := cutLine(prose[end:])
		end += len(line)
		for rest != "" {
			line, next := cutLine(rest)
			if footerLine.MatchString(line) {
				break
			}
			end += len(line)
			rest = next
		}
		note := paragraphs(p.Body[at[1]:end])
		if noneText.MatchString(note) {
			continue
		}
		notes = append(notes, note)
	}
	if len(notes) > 0 {
		p.Header.Breaking = true
		p.Header.Note = strings.Join(notes, "\n\n")
	}
}
