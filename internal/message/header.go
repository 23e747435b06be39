package message

import (
	"regexp"
	"strings"

	"daybreak/internal/model"
)

// headerForm is the header of https://www.conventionalcommits.org/en/v1.0.0/,
// any type, with what people put in front of it: an emoji or its short code.
var headerForm = regexp.MustCompile(`^(?::[a-z0-9_+-]+: ?|[^\x00-\x7F]+ ?)?([A-Za-z][A-Za-z0-9_-]*)(\([^()\r\n]*\))?(!)?(?:: +|:|：)(\S.*)$`)

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
	m := headerForm.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	if strings.HasPrefix(m[4], "//") || m[4][0] == ':' {
		return false // "https://…", "std::x"
	}
	p.Header = model.Header{
		Type:     strings.ToLower(m[1]),
		Scope:    strings.Trim(m[2], "() "),
		Breaking: m[3] != "",
		Text:     strings.TrimSpace(m[4]),
	}
	// Without its type the title of a revert would tell of what is gone.
	return p.Header.Type != "revert" && (usualTypes[p.Header.Type] || m[2] != "" || m[3] != "")
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
