// Package search makes the index that the customers' pages are searched with,
// and brings words into the form in which they are compared.
//
// The index is built here and looked up by a script in the reader's browser, so
// the folding exists twice: Fold, Narrow and Words here, the functions of the
// same names in themes/default/fold.js there. A test runs both over the same
// texts. They depend on no table that differs between versions of Unicode.
package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// special are letters that fall into no base letter and marks, or are spelled
// as two where a keyboard lacks them.
var special = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "oe", 'Ø': "oe",
	'ł': "l", 'Ł': "l", 'đ': "d", 'Đ': "d", 'þ': "th", 'Þ': "th", 'ı': "i", 'ς': "σ",
}

// folds reports whether Fold touches a character: those of the alphabets whose
// lower case and marks have been the same in all versions of Unicode since 2010.
func folds(r rune) bool { return r < 0x0530 || r >= 0x1e00 && r < 0x2000 }

// silent are characters that nobody sees: soft hyphen, zero width, byte order mark.
func silent(r rune) bool { return r == 0xad || r >= 0x200b && r <= 0x200d || r == 0xfeff }

// Fold gives a text in lower case, with umlauts spelled out (ä as ae, ß as ss)
// and without accents.
func Fold(s string) string {
	var b strings.Builder
	last := byte(0) // where the character before was a, o or u
	for _, r := range s {
		switch to, ok := special[r]; {
		case ok:
			b.WriteString(to)
			last = 0
			continue
		case silent(r):
			continue
		case !folds(r):
			b.WriteRune(r)
			last = 0
			continue
		}
		for _, part := range norm.NFD.String(string(unicode.ToLower(r))) {
			if part == 0x0308 && last != 0 {
				b.WriteByte('e')
			}
			if part >= 0x0300 && part <= 0x036f {
				last = 0
				continue
			}
			b.WriteRune(part)
			last = 0
			if part == 'a' || part == 'o' || part == 'u' {
				last = byte(part)
			}
		}
	}
	return b.String()
}

// Narrow brings together what people type for an umlaut: ae, oe and ue become a,
// o and u, and ss becomes s, as in Lucene's German normalisation. The ue of
// "neue", "Steuer" and "Quelle" stays. Its argument is folded.
func Narrow(s string) string {
	const (
		other = iota
		open  // a letter that an e may belong to
		vowel // one that it doesn't
	)
	var b strings.Builder
	state, before := other, rune(0)
	for _, r := range s {
		drop := false
		switch r {
		case 'a', 'o':
			state = open
		case 'u':
			if state == other {
				state = open
			} else {
				state = vowel
			}
		case 'e':
			drop = state == open
			state = vowel
		case 'i', 'q', 'y':
			state = vowel
		default:
			drop = r == 's' && before == 's'
			state = other
		}
		before = r
		if !drop {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isWord reports whether a folded character belongs to a word.
func isWord(r rune) bool {
	switch {
	case r < 0x80:
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	case r < 0xc0, r == 0xd7, r == 0xf7, r >= 0x2000 && r < 0x2c00, r >= 0x3000 && r < 0x3040, r >= 0xfe00 && r < 0xfe10:
		return false
	}
	return true
}

// joins reports whether a character holds the parts of one name together.
func joins(r rune) bool { return r == '.' || r == '-' || r == '_' }

// Words gives the folded words of a text, in its order. What is joined by a
// point, a hyphen or an underline and holds a digit, such as a version's number,
// is a word as a whole, and so are its parts.
func Words(s string) []string {
	var out []string
	for run := range strings.FieldsFuncSeq(Fold(s), func(r rune) bool { return !isWord(r) && !joins(r) }) {
		run = strings.TrimFunc(run, joins)
		parts := strings.FieldsFunc(run, joins)
		if len(parts) > 1 && strings.ContainsAny(run, "0123456789") {
			out = append(out, run)
		}
		out = append(out, parts...)
	}
	return out
}
