package guard

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"io"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// leastWrapped is how many characters of base64 are looked at: six bytes.
const leastWrapped = 8

// wrapped decodes what is base64 or base32 of a text (RFC 4648), or its bytes in
// hexadecimal.
func wrapped(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && wraps(s[j]) {
			j++
		}
		if j-i >= leastWrapped || strings.HasSuffix(s[:i], "base64,") {
			out = append(out, unwrap(s[i:j])...)
			if all, end := lines(s, i, j); end > j {
				out = append(out, unwrap(all)...)
				j = end
			}
		}
		i = max(j, i+1)
	}
	return out
}

func wraps(c byte) bool { return isAlnum(c) || c == '+' || c == '/' || c == '-' || c == '_' }

// lines puts a run of base64 together that goes on in the next lines, as mail
// programs and key files break it: every line but the last a multiple of four.
func lines(s string, i, j int) (string, int) {
	const least = 16 // a word at the end of a line is shorter
	all := s[i:j]
	for start := i; j-start >= least && (j-start)%4 == 0; {
		next := j + len(s[j:]) - len(strings.TrimLeft(s[j:], "\r\n "))
		end := next
		for end < len(s) && wraps(s[end]) {
			end++
		}
		if end == next || !strings.Contains(s[j:next], "\n") {
			break
		}
		all += s[next:end]
		start, j = next, end
	}
	return all, j
}

// unwrap gives the texts that a run of letters and digits decodes to.
func unwrap(run string) []string {
	var out []string
	if text, ok := unbase64(run); ok {
		out = append(out, text)
	}
	if data, err := hex.DecodeString(run); err == nil && readable(data) {
		out = append(out, string(data))
	}
	if data, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(run); err == nil && readable(data) {
		out = append(out, string(data))
	}
	return out
}

func unbase64(s string) (string, bool) {
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(s, "-_") {
		encoding = base64.RawURLEncoding
	}
	if len(s)%4 == 1 {
		s = s[:len(s)-1]
	}
	data, err := encoding.DecodeString(s)
	if err != nil || !readable(data) {
		return "", false
	}
	return string(data), true
}

// readable reports whether bytes are a text.
func readable(data []byte) bool {
	return utf8.Valid(data) && strings.IndexFunc(string(data), func(r rune) bool {
		return r != '\n' && r != '\r' && r != '\t' && !unicode.IsPrint(r)
	}) < 0
}

// quotedByte is a byte of quoted-printable (RFC 2045, 6.7), softBreak its way to
// break a line, quotedWord the word of a mail's head that it is used in (RFC 2047).
var (
	quotedByte = regexp.MustCompile(`=[2-9A-F][0-9A-F]`)
	softBreak  = regexp.MustCompile(`=[ \t]*\r?\n`)
	quotedWord = regexp.MustCompile(`(?i)=\?[a-z0-9-]+\?q\?([^?\s]+)\?=`)
)

// quoted decodes quoted-printable that stands in a text, itself where it holds none.
func quoted(s string) string {
	s = quotedWord.ReplaceAllStringFunc(s, func(m string) string {
		return strings.ReplaceAll(quotedWord.FindStringSubmatch(m)[1], "_", " ")
	})
	if !quotedByte.MatchString(s) && !softBreak.MatchString(s) {
		return s
	}
	s = softBreak.ReplaceAllString(s, "")
	var out strings.Builder
	at := 0
	for _, m := range quotedByte.FindAllStringIndex(s, -1) {
		data, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(s[m[0]:m[1]])))
		if err != nil || queryKey.MatchString(s[at:m[0]]) {
			continue
		}
		out.WriteString(s[at:m[0]])
		out.Write(data)
		at = m[1]
	}
	return out.String() + s[at:]
}

// queryKey stands in front of a value in an address: "?since" of "?since=2021.11.10.1".
var queryKey = regexp.MustCompile(`[?&;][A-Za-z_-]{1,40}$`)

// dataAddress is a file inside of an address (RFC 2397).
var dataAddress = regexp.MustCompile(`(?i)data:([a-z]+/[a-z0-9.+-]+)?(?:;[a-z0-9=."_-]+)*;base64,([A-Za-z0-9+/_=\s-]+)`)

// carried gives the segments of the pictures and other files that addresses in a
// text carry along; texts are read with the segment itself.
func carried(text string) []segment {
	if !strings.Contains(text, "base64,") {
		return nil
	}
	var out []segment
	for _, m := range dataAddress.FindAllStringSubmatch(text, -1) {
		plain := strings.Map(func(r rune) rune {
			if r == '=' || unicode.IsSpace(r) {
				return -1
			}
			return r
		}, m[2])
		encoding := base64.RawStdEncoding
		if strings.ContainsAny(plain, "-_") {
			encoding = base64.RawURLEncoding
		}
		data, err := encoding.DecodeString(plain)
		if err != nil || readable(data) {
			continue
		}
		out = append(out, parts(ending(m[1]), data, 1)...)
	}
	return out
}

// ending gives the ending of files of a media type; pictures are known by their bytes.
func ending(media string) string {
	_, kind, _ := strings.Cut(strings.ToLower(media), "/")
	kind, _, _ = strings.Cut(kind, "+")
	return "." + kind
}
