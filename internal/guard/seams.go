package guard

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// joint says how the pieces of a view were put together that stood in blocks of
// their own: points of a list, cells, paragraphs, fields.
type joint int

const (
	// noJoint: the view is the text as it stands, or lines of one block.
	noJoint joint = iota
	// tied pieces are those of which one ends or begins like the half of something:
	// "KURS-" in front of "998". Every shape is looked for.
	tied
	// flush pieces say nothing of each other. Only what is known to the letter is
	// looked for: "Version" in front of "2026" is nothing.
	flush
)

// block is what stands between two borders, with its first and last word.
type block struct {
	text        string
	first, last word
	whole       bool // it is one word
}

// word is a run without blanks, and where it stands.
type word struct {
	text string
	at   int
}

// listMark begins a line of markdown that is a point, a quotation or a heading.
var listMark = regexp.MustCompile(`^(?:(?:[-*+•>]|#{1,6}|[0-9]{1,3}[.)]) +)+`)

// blocks parts a text at everything that ends a line, a block, a field or a cell.
func blocks(loose string) iter.Seq[block] {
	return func(yield func(block) bool) {
		for from := 0; from < len(loose); {
			n := strings.IndexAny(loose[from:], "\n\x1d\x1e")
			to := from + n
			if n < 0 {
				to = len(loose)
			}
			row := strings.HasPrefix(strings.TrimLeft(loose[from:min(to, from+8)], " "), "|") // of a table in markdown
			for cell := from; cell <= to; {
				end := to
				if i := strings.IndexByte(loose[cell:to], '|'); row && i >= 0 {
					end = cell + i
				}
				if b, is := blockAt(loose, cell, end); is && !yield(b) {
					return
				}
				cell = end + 1
			}
			from = to + 1
		}
	}
}

// blockAt gives what a part of a text says without the marks around it, false where
// that is nothing.
func blockAt(loose string, from, to int) (block, bool) {
	const marks = " *`~"
	text := strings.TrimLeft(strings.TrimRight(loose[from:to], marks), marks)
	if text != "" && (!isAlnum(text[0]) || text[0] <= '9') {
		text = strings.TrimLeft(text[len(listMark.FindString(text)):], marks)
	}
	if text == "" || len(text) > 2 && strings.Trim(text, "-:=") == "" { // a rule
		return block{}, false
	}
	from += strings.Index(loose[from:to], text)
	first, _, more := strings.Cut(text, " ")
	b := block{text: text, first: word{first, from}, whole: !more}
	b.last = b.first
	if i := strings.LastIndexByte(text, ' '); i >= 0 {
		b.last = word{text[i+1:], from + i + 1}
	}
	return b, true
}

// seams gives the words that meet at the borders of a text's blocks, put together:
// the last one of a block, all blocks of one word behind it, and the first word
// of the next. nil where nothing meets.
func seams(loose string) []*view {
	near, all := &view{joint: tied}, &view{joint: flush}
	var inNear, inAll strings.Builder
	var a block
	for b := range blocks(loose) {
		if a.text == "" { // b is the first
			a = b
			continue
		}
		if tells(a.last.text) || tells(b.first.text) {
			all.meet(&inAll, a, b, parted(a, b))
		}
		if ties(a, b) {
			near.meet(&inNear, a, b, "")
		}
		a = b
	}
	var out []*view
	for _, v := range []struct {
		v *view
		b *strings.Builder
	}{{near, &inNear}, {all, &inAll}} {
		if len(v.v.cut) > 0 {
			v.v.loose = v.b.String()
			v.v.lower = lower(v.v.loose)
			v.v.under = strings.ReplaceAll(loose, string(border), "\n")
			out = append(out, v.v)
		}
	}
	return out
}

// meet puts the first word of b behind the last one of a, which stands there
// already where the two blocks before them met in it.
func (v *view) meet(text *strings.Builder, a, b block, between string) {
	n := len(v.pieces)
	if n == 0 || v.pieces[n-1].under != a.last.at {
		text.WriteByte(separator)
		v.pieces = append(v.pieces, piece{text.Len(), a.last.at})
		text.WriteString(a.last.text)
	}
	text.WriteString(between)
	v.cut = append(v.cut, text.Len())
	v.pieces = append(v.pieces, piece{text.Len(), b.first.at})
	text.WriteString(b.first.text)
}

// tells reports whether a word can be a part of what is looked for.
func tells(word string) bool {
	return strings.ContainsAny(word, "0123456789-_@./\\:=!#")
}

// ties reports whether a block ends, or the next begins, like the half of something.
// A sentence ends with a dot and a label with a colon, so that these count only
// where the blocks hold nothing else, or where the halves say what they are of.
func ties(a, b block) bool {
	end, begin := a.last.text[len(a.last.text)-1], b.first.text[0]
	if a.whole && b.whole && strings.Contains(a.last.text, "@") || firstHalf.MatchString(a.last.text+" "+b.first.text) {
		return true
	}
	switch end {
	case '@':
		return true
	case '-', '_':
		return isAlnum(begin)
	case '.':
		return a.whole
	case '/', '\\', ':', '=':
		label := lower(a.last.text[:len(a.last.text)-1])
		return b.whole && (a.whole || slices.Contains(assigned, label) || slices.Contains(branchFolders[:teamFolders], label+"/")) || strings.HasPrefix(b.first.text, "//")
	}
	return a.whole && b.whole && strings.IndexByte("@./\\:=", begin) >= 0
}

// firstHalf begins an address whose last part can't be the number at the end of a
// sentence: "10.20." and "30.41", "192." and "168.0.1", but not "Windows 10." and "5.2.1".
var firstHalf = regexp.MustCompile(`^(?:[0-9]{1,3}\.[0-9.]+\. [0-9]|192\.168\.[0-9.]+ [0-9]|192\. 168\.|172\. (?:1[6-9]|2[0-9]|3[01])\.|169\. 254\.|0[0-7]{1,3}\. 0)`)

// parted gives the hyphen that two cells took the place of: "KURS" and "998".
func parted(a, b block) string {
	if a.whole && b.whole && len(a.last.text) > 1 && strings.Trim(a.last.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && strings.Trim(b.first.text, "0123456789") == "" {
		return "-"
	}
	return ""
}

// piece is a word of a view of seams: where it begins there and in the text under it.
type piece struct{ at, under int }

// place gives where a stretch of a view of seams stands in the text under it.
func (v *view) place(from, to int) (int, int) {
	under := func(at int) int {
		i, found := slices.BinarySearchFunc(v.pieces, at, func(p piece, at int) int { return p.at - at })
		if !found {
			i--
		}
		return v.pieces[max(0, i)].under + at - v.pieces[max(0, i)].at
	}
	return under(from), under(to-1) + 1
}

// mostSeams is over how many borders a key may go; more is a list of words that
// happen to begin like one.
const mostSeams = 3

// certain reports whether what was found across flush seams is a finding all the same.
func (v *view) certain(l *literal, from, to int) bool {
	if v.joint != flush {
		return true
	}
	return l.exact && (l.class != Secret || len(v.cutsIn(from, to)) <= mostSeams)
}

// cutsIn gives the cuts strictly inside of a stretch.
func (v *view) cutsIn(from, to int) []int {
	i, _ := slices.BinarySearch(v.cut, from+1)
	j, _ := slices.BinarySearch(v.cut, to)
	return v.cut[i:max(i, j)]
}

// digitsMeet reports whether digits meet digits at a cut inside of a stretch: two
// numbers in a row of cells.
func (v *view) digitsMeet(from, to int) bool {
	digit := func(r rune) bool { return unicode.IsDigit(r) }
	return slices.ContainsFunc(v.cutsIn(from, to), func(at int) bool {
		before, _ := utf8.DecodeLastRuneInString(v.loose[:at])
		after, _ := utf8.DecodeRuneInString(v.loose[at:])
		return digit(before) && digit(after)
	})
}
