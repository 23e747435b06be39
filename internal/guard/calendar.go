package guard

import (
	"regexp"
	"strings"
)

var propertyLine = regexp.MustCompile(`^[A-Za-z][A-Za-z-]+[;:]`)

// calendar takes a calendar apart (RFC 5545): folded lines put together, every
// property a field of its own, escapes decoded. Who is invited and who invites is
// its purpose, and an event's id only looks like a mail address.
func calendar(data []byte, depth int) []segment {
	text := strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "").Replace(string(data))
	var out []segment
	var fields, addresses strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if !propertyLine.MatchString(line) { // broken: it goes on
			fields.WriteString("\n" + line)
			continue
		}
		name, value := property(line)
		upper := strings.ToUpper(name)
		key, params, _ := strings.Cut(upper, ";")
		switch {
		case key == "UID" || key == "ORGANIZER" || key == "ATTENDEE":
			// The names that stand with the addresses are read.
			fields.WriteString(string(separator) + parameter(name, "CN"))
			if key == "UID" {
				id, _, _ := strings.Cut(value, "@")
				fields.WriteString(id)
			}
		case strings.Contains(params, "FMTTYPE=TEXT/HTML") || key == "X-ALT-DESC":
			out = append(out, parts(".html", []byte(unescapeValue(value)), depth+1)...)
		case key == "URL" || key == "ATTACH":
			addresses.WriteString(value + string(separator))
		default:
			fields.WriteString(string(separator) + name + string(separator) + unescapeValue(value))
		}
	}
	return append(out, segment{zoneText, fields.String()}, segment{zoneLink, addresses.String()})
}

// property parts a content line at the first colon outside of quotes.
func property(line string) (name, value string) {
	quoted := false
	for i := range len(line) {
		switch line[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				return line[:i], line[i+1:]
			}
		}
	}
	return line, ""
}

// parameter gives the value of a property's parameter, "" for none.
func parameter(name, key string) string {
	for part := range strings.SplitSeq(name, ";") {
		if k, v, ok := strings.Cut(part, "="); ok && strings.EqualFold(k, key) {
			return strings.Trim(v, `"`)
		}
	}
	return ""
}

var valueEscapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";")

func unescapeValue(s string) string { return valueEscapes.Replace(s) }
