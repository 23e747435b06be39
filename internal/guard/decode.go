package guard

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxRounds bounds how often a text that was encoded again and again is decoded.
const maxRounds = 5

// expand gives a segment's text and everything that it decodes to, each once.
func expand(seg segment) []string {
	views := []string{seg.text}
	add := func(s string) {
		for _, v := range views {
			if v == s {
				return
			}
		}
		views = append(views, s)
	}
	text := seg.text
	for range maxRounds {
		next := percent(html.UnescapeString(escapes(text, seg.zone == zoneStyle)))
		if next != text {
			add(next)
		}
		bare := untag(next)
		if bare == text {
			break
		}
		add(bare)
		text = bare
	}
	if strings.Contains(text, `\`) {
		add(unbackslash(text))
	}
	if strings.Contains(lower(text), "xn--") {
		add(punycode(text))
	}
	for _, v := range views {
		if h := hidden(v); h != "" {
			add(h)
		}
	}
	if strings.IndexByte(text, '=') >= 0 {
		add(quoted(text))
	}
	// A text that was wrapped in base64 is a segment of its own.
	for _, inner := range wrapped(text) {
		for _, v := range expand(segment{zoneText, inner}) {
			add(v)
		}
	}
	return views
}

// escapes decodes the backslash escapes of JavaScript, JSON and C (\u0041,
// \u{41}, \x41, \101) and, in styles, of CSS (\41 ).
func escapes(s string, css bool) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			i++
			continue
		}
		j := i // an escape that was escaped again has several backslashes
		for j < len(s) && s[j] == '\\' {
			j++
		}
		if n, size := octal(s[j:]); size > 0 && !css {
			b.WriteByte(n)
			i = j + size
			continue
		}
		if r, size := escape(s[j:], css); size > 0 {
			b.WriteRune(r)
			i = j + size
			continue
		}
		b.WriteString(s[i:j])
		i = j
	}
	return b.String()
}

// escape reads one escape behind its backslash and gives how long it is, 0 for none.
func escape(s string, css bool) (rune, int) {
	char := func(digits string) rune {
		n, err := strconv.ParseUint(digits, 16, 32)
		if err != nil || n == 0 || n > unicode.MaxRune {
			return utf8.RuneError
		}
		return rune(n)
	}
	switch {
	case s == "":
	case strings.HasPrefix(s, "u{"):
		if end := strings.IndexByte(s[:min(len(s), 10)], '}'); end > 2 {
			return char(s[2:end]), end + 1
		}
	case s[0] == 'u' && len(s) >= 5 && hexRun(s[1:], 4) == 4:
		r := char(s[1:5])
		if r >= 0xd800 && r < 0xdc00 && len(s) >= 11 && s[5] == '\\' && s[6] == 'u' && hexRun(s[7:], 4) == 4 {
			low := char(s[7:11])
			return (r-0xd800)<<10 | (low - 0xdc00) + 0x10000, 11
		}
		return r, 5
	case s[0] == 'x' && hexRun(s[1:], 2) == 2:
		return char(s[1:3]), 3
	case css:
		if n := hexRun(s, 6); n > 0 {
			end := n
			if end < len(s) && (s[end] == ' ' || s[end] == '\n' || s[end] == '\t') {
				end++
			}
			return char(s[:n]), end
		}
	}
	return 0, 0
}

// octal reads a byte in three digits.
func octal(s string) (byte, int) {
	if len(s) < 3 {
		return 0, 0
	}
	n, err := strconv.ParseUint(s[:3], 8, 8)
	if err != nil || n < ' ' {
		return 0, 0
	}
	return byte(n), 3
}

// hexRun counts the hexadecimal digits at the start, at most limit.
func hexRun(s string, limit int) int {
	n := 0
	for n < len(s) && n < limit && isHex(s[n]) {
		n++
	}
	return n
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// percent decodes %41, and %u0041 of old scripts, wherever it stands.
func percent(s string) string {
	if strings.Contains(s, "%u") {
		s = escapes(strings.ReplaceAll(s, "%u", `\u`), false)
	}
	for i := strings.IndexByte(s, '%'); i >= 0 && i+2 < len(s); {
		if isHex(s[i+1]) && isHex(s[i+2]) {
			return percentAll(s)
		}
		next := strings.IndexByte(s[i+1:], '%')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return s
}

func percentAll(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && hexRun(s[i+1:], 2) == 2 {
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8) // two digits can't fail
			b.WriteByte(byte(n))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// untag takes markup that is written out as text apart; what its attributes
// hold comes behind the text.
func untag(s string) string {
	i := strings.IndexByte(s, '<')
	if i < 0 || i+1 >= len(s) {
		return s
	}
	segs := markup([]byte(s), false, 0)
	var out []string
	for _, seg := range segs {
		out = append(out, seg.text)
	}
	// What was only a sign ("a < b") comes back as it was.
	return strings.Join(out, string(separator))
}

// unbackslash takes the backslashes of markdown, JSON and shells away.
func unbackslash(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] < 0x80 && !isAlnum(s[i+1]) && s[i+1] > ' ' {
			continue
		}
		if s[i] == '\\' && i+1 < len(s) && s[i+1] == '\n' {
			i++ // a line that goes on
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// punycode gives the host names of a text as people read them (RFC 3492).
func punycode(s string) string {
	var out []string
	for _, host := range strings.FieldsFunc(s, func(r rune) bool {
		return r >= 0x80 || !isAlnum(byte(r)) && r != '-' && r != '.'
	}) {
		if strings.Contains(lower(host), "xn--") {
			if u, err := idna.Punycode.ToUnicode(lower(host)); err == nil {
				out = append(out, u)
			}
		}
	}
	return strings.Join(out, string(separator))
}
