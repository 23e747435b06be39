package guard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// separator stands between fields that have nothing to do with each other.
const separator = '\x1e'

// border stands between blocks of a page, two paragraphs or two points of a list:
// a break at which no text goes on. Only newView sees it, where it becomes a line feed.
const border = '\x1d'

// view is one decoded segment in its normal forms.
type view struct {
	zone   zone
	loose  string  // readable, positions are bytes of it
	lower  string  // loose with ASCII letters in lower case, same positions
	tight  string  // letters and digits alone, lower case, without diacritics
	at     []int32 // byte of loose for each byte of tight
	joined *view   // loose without line breaks and markdown's marks; nil where that is the same
	cut    []int   // of a joined view: where something was taken out

	spelled bool    // addresses that were spelled out are put together
	seams   []*view // the words that meet at the borders of blocks
	joint   joint   // of a view of seams: how they meet
	pieces  []piece // of a view of seams: its words, and where they stand …
	under   string  // … in this text
}

func newView(text string, z zone) *view {
	v := &view{zone: z, loose: loosen(text)}
	joined, cut := join(v.loose)
	v.seams = seams(v.loose)
	v.loose = strings.ReplaceAll(v.loose, string(border), "\n")
	v.lower = lower(v.loose)
	v.tight, v.at = tighten(v.loose)
	if len(cut) > 0 {
		v.joined = &view{zone: z, loose: joined, lower: lower(joined), cut: cut}
	}
	return v
}

// spans reports whether a place of a joined view is only there because of the
// joining; the others were seen before.
func (v *view) spans(from, to int) bool {
	if v.cut == nil {
		return true
	}
	i, _ := slices.BinarySearch(v.cut, from+1)
	return i < len(v.cut) && v.cut[i] < to
}

// loosen gives the normal form that people can read: compatibility forms
// (UAX #15, NFKC) and lookalikes as the letters that they look like, invisible
// characters and combining marks gone, any blank a space, any break a line feed.
func loosen(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		c := s[i]
		plain = c < 0x80 && (c >= 0x20 || c == '\n' || c == separator || c == border) && c != 0x7f
	}
	if plain {
		return s
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	var b strings.Builder
	b.Grow(len(s))
	before := ' '
	for _, r := range norm.NFKC.String(s) {
		last := before
		before = r
		switch {
		case r == '\n' && last == '\r': // one break
		case r == '\n' || r == separator || r == border:
			b.WriteRune(r)
		case r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
			b.WriteByte('\n')
		case r == '\t':
			b.WriteByte(' ')
		case r < 0x20 || r == 0x7f || invisible(r):
		case r < 0x80:
			b.WriteByte(byte(r))
		case unicode.Is(unicode.Zs, r) || r == brailleBlank:
			b.WriteByte(' ')
		case (r == '٠' || r == '۰') && last < 0x80: // a zero among its like, a dot among Latin
			b.WriteByte('.')
		case unicode.Is(unicode.Nd, r):
			b.WriteByte(digit(r))
		default:
			b.WriteRune(plainLetter(r))
		}
	}
	return b.String()
}

// brailleBlank is a pattern without a dot, and no space for Unicode.
const brailleBlank = '\u2800'

// digit gives the ASCII digit of the same value: Unicode keeps the ten of a script
// together, in their order, and every first one at the start of its range or ten
// behind the one before.
func digit(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if uint32(r) >= uint32(t.Lo) && uint32(r) <= uint32(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if uint32(r) >= t.Lo && uint32(r) <= t.Hi {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	return '0'
}

// invisible characters are those that Unicode wants ignored where they can't
// be shown (Default_Ignorable_Code_Point), controls, and combining marks.
func invisible(r rune) bool {
	switch {
	case r < 0x80:
		return false
	case r >= 0x80 && r < 0xa0, r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x3164, r == 0xffa0, r == 0xfeff:
		return true
	case r >= 0x180b && r <= 0x180f, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r >= 0xfe00 && r <= 0xfe0f, r >= 0xfff0 && r <= 0xfffb, r >= 0x1d173 && r <= 0x1d17a, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r)
}

// lookalikes are the letters and signs that pass for ASCII in common fonts
// after NFKC: the Latin, Cyrillic, Greek and Armenian part of
// https://www.unicode.org/Public/security/latest/confusables.txt that keyboards reach.
var lookalikes = map[rune]rune{
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ё': 'e', 'һ': 'h', 'н': 'h', 'і': 'i', 'ї': 'i', 'ј': 'j', 'к': 'k', 'м': 'm',
	'о': 'o', 'р': 'p', 'ԛ': 'q', 'г': 'r', 'ѕ': 's', 'т': 't', 'у': 'y', 'ү': 'y', 'ѵ': 'v', 'ԝ': 'w', 'х': 'x', 'ӏ': 'l', 'п': 'n',
	'А': 'A', 'В': 'B', 'С': 'C', 'Е': 'E', 'Ё': 'E', 'Н': 'H', 'І': 'I', 'Ј': 'J', 'К': 'K', 'М': 'M', 'О': 'O', 'Р': 'P', 'Ԛ': 'Q',
	'Ѕ': 'S', 'Т': 'T', 'У': 'Y', 'Ү': 'Y', 'Ԝ': 'W', 'Х': 'X', 'Ѵ': 'V', 'Ӏ': 'I',
	'α': 'a', 'ε': 'e', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'σ': 'o', 'τ': 't', 'υ': 'u', 'χ': 'x', 'γ': 'y', 'η': 'n', 'ω': 'w',
	'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Ζ': 'Z', 'Η': 'H', 'Ι': 'I', 'Κ': 'K', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Ρ': 'P', 'Τ': 'T', 'Υ': 'Y', 'Χ': 'X',
	'օ': 'o', 'ս': 'u', 'ո': 'n', 'հ': 'h', 'ց': 'g', 'զ': 'q', 'Տ': 'S', 'Օ': 'O',
	'ı': 'i', 'ȷ': 'j', 'ɑ': 'a', 'ɡ': 'g', 'ɩ': 'i',
	'ƽ': 's', 'ꓲ': 'I', 'Ꭺ': 'A', 'Ꭼ': 'E', 'Ꮋ': 'H', 'Ꮶ': 'K', 'Ꮇ': 'M', 'Ꮲ': 'P', 'Ꭲ': 'T',
	'‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '―': '-', '−': '-', '⁃': '-', '˗': '-', '➖': '-', 'ー': '-', '─': '-', '━': '-', '⎯': '-',
	'∕': '/', '⁄': '/', '⧸': '/', '╱': '/', '∖': '\\', '⧵': '\\', '∶': ':', '׃': ':', '։': ':', '꞉': ':', 'ː': ':',
	'。': '.', '·': '.', '’': '\'', '‘': '\'', 'ʼ': '\'', '“': '"', '”': '"', 'ⓐ': 'a',
}

func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// tighten keeps letters and digits, lower case, without diacritics.
func tighten(loose string) (string, []int32) {
	out := make([]byte, 0, len(loose))
	at := make([]int32, 0, len(loose))
	for i := 0; i < len(loose); {
		c := loose[i]
		if c < utf8.RuneSelf {
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				out, at = append(out, c), append(at, int32(i))
			case c >= 'A' && c <= 'Z':
				out, at = append(out, c+'a'-'A'), append(at, int32(i))
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(loose[i:])
		for _, c := range []byte(foldRune(r)) {
			out, at = append(out, c), append(at, int32(i))
		}
		i += size
	}
	return string(out), at
}

// foldRune gives a letter or digit in lower case without its diacritics.
func foldRune(r rune) string {
	switch r {
	case 'ß', 'ẞ':
		return "ss"
	case 'ø', 'Ø':
		return "o"
	case 'ł', 'Ł':
		return "l"
	case 'đ', 'Đ', 'ð', 'Ð':
		return "d"
	case 'æ', 'Æ':
		return "ae"
	case 'œ', 'Œ':
		return "oe"
	case 'þ', 'Þ':
		return "th"
	}
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return ""
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(unicode.ToLower(r))) {
		if !unicode.Is(unicode.M, d) {
			b.WriteRune(unicode.ToLower(plainLetter(d)))
		}
	}
	return b.String()
}

// fold gives a text's tight form.
func fold(s string) string {
	t, _ := tighten(loosen(s))
	return t
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "å", "aa", "Å", "Aa")

// folds gives the tight forms under which a name is found: as written, and
// with umlauts written out.
func folds(name string) []string {
	name = norm.NFC.String(name)
	out := []string{fold(name)}
	if long := fold(umlauts.Replace(name)); long != out[0] {
		out = append(out, long)
	}
	return out
}

// join takes line breaks inside of a block or paragraph, with the blanks around them, and the
// marks of markdown's emphasis and code out, and says where.
func join(loose string) (string, []int) {
	if !strings.ContainsAny(loose, "\n*`~\x1d") {
		return loose, nil
	}
	var b strings.Builder
	b.Grow(len(loose))
	var cut []int
	for i := 0; i < len(loose); i++ {
		c := loose[i]
		switch {
		case c == '\n' || c == border:
			ends := c == border
			for i+1 < len(loose) && (loose[i+1] == ' ' || loose[i+1] == '\n' || loose[i+1] == border) {
				i++
				ends = ends || loose[i] != ' ' // a blank line, too
			}
			if ends {
				b.WriteByte('\n')
				continue
			}
		case c == ' ' && i+1 < len(loose) && (loose[i+1] == '\n' || loose[i+1] == border):
			continue
		case c == '*' || c == '`' || c == '~' && i+1 < len(loose) && loose[i+1] == '~' || c == '~' && i > 0 && loose[i-1] == '~':
		default:
			b.WriteByte(c)
			continue
		}
		if n := len(cut); n == 0 || cut[n-1] != b.Len() {
			cut = append(cut, b.Len())
		}
	}
	return b.String(), cut
}

// before reports whether a letter or digit stands right before the byte: what
// begins there is then the rest of a word. Where something was taken out, a
// word may begin or end.
func (v *view) before(at int) bool {
	r, _ := utf8.DecodeLastRuneInString(v.loose[:at])
	return at > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)) && !v.isCut(at)
}

// after reports whether a letter or digit stands at the byte.
func (v *view) after(at int) bool {
	if at >= len(v.loose) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(v.loose[at:])
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !v.isCut(at)
}

func (v *view) isCut(at int) bool {
	_, ok := slices.BinarySearch(v.cut, at)
	return ok
}

// ends gives where a run of characters may end: at its end, and where
// something was taken out of it.
func (v *view) ends(from, to int) []int {
	out := []int{to}
	for i, _ := slices.BinarySearch(v.cut, from+1); i < len(v.cut) && v.cut[i] < to; i++ {
		out = append(out, v.cut[i])
	}
	return out
}
