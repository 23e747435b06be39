package guard

import (
	"strings"
	"unicode/utf8"
)

// styled are letters that only differ in style from ASCII ones and that NFKC
// leaves alone: small capitals and letters with strokes, hooks and tails of
// Latin Extended and the phonetic blocks, as pairs of the letter and what it
// passes for. Turned letters are in it where they are read upright.
const styled = "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ᴆd ᴌl ᴎn ᴙr ᴚr ꟺm " +
	"ħh Ħh ŧt Ŧt ƀb Ƀb ɓb Ɓb ƈc Ƈc ȼc Ȼc ɗd Ɗd ɖd Ɖd ɇe Ɇe ƒf Ƒf ɠg Ɠg ǥg Ǥg ɨi Ɨi ɉj Ɉj ƙk Ƙk ⱪk Ⱪk ƚl Ƚl ⱡl Ⱡl ɫl ɱm ɲn Ɲn ƞn Ƞn ŋn Ŋn " +
	"ɵo Ɵo ƥp Ƥp ᵽp Ᵽp ɋq Ɋq ɍr Ɍr ɽr Ɽr ʂs ȿs Ȿs ƭt Ƭt ʈt Ʈt ⱦt Ⱦt ʉu Ʉu ʋv Ʋv ⱱv ⱳw Ⱳw ƴy Ƴy ɏy Ɏy ƶz Ƶz ȥz Ȥz ⱬz Ⱬz ʐz ɀz Ɀz ⱥa Ⱥa ɐa ǝe ʇt ʌv ɯm ɹr ʎy ɥh ʞk"

var styledLetters = func() map[rune]rune {
	m := map[rune]rune{}
	for pair := range strings.FieldsSeq(styled) {
		r, size := utf8.DecodeRuneInString(pair)
		m[r] = rune(pair[size])
	}
	return m
}()

// plainLetter gives the ASCII letter or sign that a character is read as, itself
// where it is none.
func plainLetter(r rune) rune {
	switch {
	case r >= 0x1f150 && r <= 0x1f169: // negative circled
		return 'A' + r - 0x1f150
	case r >= 0x1f170 && r <= 0x1f189: // negative squared
		return 'A' + r - 0x1f170
	case r >= 0x1f1e6 && r <= 0x1f1ff: // regional indicators: flags, and letters where they make none
		return 'A' + r - 0x1f1e6
	}
	if l, ok := lookalikes[r]; ok {
		return l
	}
	if l, ok := styledLetters[r]; ok {
		return l
	}
	return r
}

// The bidi controls that turn letters around (UAX #9): what stands between an
// override to the right and its end is shown backwards.
const (
	rlo = '\u202e'
	pdf = '\u202c'
	pdi = '\u2069'
)

// hidden gives what a text shows or holds behind its characters: turned around
// where an override turns it, and what is written in tag characters, which nobody
// sees (U+E0020…). "" for neither.
func hidden(s string) string {
	var out []string
	if strings.ContainsRune(s, rlo) {
		out = append(out, turned(s))
	}
	if strings.Contains(s, "\xf3\xa0") {
		// Alone, and among the letters that have no tag of their own.
		var alone, among strings.Builder
		for _, r := range s {
			if r >= 0xe0020 && r <= 0xe007e {
				r -= 0xe0000
				alone.WriteRune(r)
			}
			among.WriteRune(r)
		}
		out = append(out, alone.String(), among.String())
	}
	return strings.Join(out, string(separator))
}

// turned gives the text as it is shown: every run behind an override backwards,
// up to its end, the line's or the text's.
func turned(s string) string {
	out := make([]rune, 0, len(s))
	start, depth := -1, 0
	flush := func() {
		for i, j := start, len(out)-1; start >= 0 && i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
		start, depth = -1, 0
	}
	for _, r := range s {
		switch {
		case r == rlo && start < 0:
			start = len(out)
		case r >= 0x202a && r <= 0x202e && r != pdf || r >= 0x2066 && r <= 0x2068:
			if start >= 0 {
				depth++
			}
		case r == pdf || r == pdi:
			if depth--; depth < 0 {
				flush()
			}
		case r == '\n' || r == separator || r == border || r == 0x2029:
			flush()
			out = append(out, r)
		default:
			out = append(out, r)
		}
	}
	flush()
	return string(out)
}
