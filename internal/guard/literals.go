package guard

// literal is one text to look for.
type literal struct {
	text  string // in the form of the index
	class Class
	what  string
	owner string // id of the system whose own it is, lower case
	// dense forbids gaps of blanks alone: "M. Kestner" and "mkestner" are a
	// name, "a page" isn't.
	dense  bool
	whole  bool // it must be a word of its own, however long it is
	turned bool // it is written in ROT13
	// upper wants a capital letter at its beginning: history's family names are
	// words in small letters too often.
	upper bool
	exact bool                                         // of marks: what it finds is known to the letter, or by a form of its issuer's
	check func(v *view, from, to int) (int, int, bool) // of marks: where the whole shape begins and ends
}

// index finds many literals in one pass over a text. It is a filter on the
// first three bytes with a list behind each: on our texts an Aho-Corasick
// automaton is no quicker, and the libraries for it take either 2 KB a state or
// a microsecond a character (see the decisions page).
type index struct {
	filter  [1 << 13]uint64 // bit set of 19-bit hashes of three bytes
	by      map[[3]byte][]int
	entries []literal
	known   map[string]bool
}

func newIndex() *index {
	return &index{by: map[[3]byte][]int{}, known: map[string]bool{}}
}

func hash3(a, b, c byte) uint32 {
	h := (uint32(a)<<16 | uint32(b)<<8 | uint32(c)) * 2654435761
	return h >> 13
}

// add takes a literal in; shorter than three bytes it would match everywhere
// and is left out.
func (x *index) add(l literal) {
	if len(l.text) < 3 {
		return
	}
	key := l.text + "\x00" + l.owner + "\x00" + string(l.class) + l.what
	if x.known[key] {
		return
	}
	x.known[key] = true
	k := [3]byte{l.text[0], l.text[1], l.text[2]}
	h := hash3(k[0], k[1], k[2])
	x.filter[h>>6] |= 1 << (h & 63)
	x.by[k] = append(x.by[k], len(x.entries))
	x.entries = append(x.entries, l)
}

// each calls do for every literal in text, with the byte where it begins.
func (x *index) each(text string, do func(l *literal, at int)) {
	for i := 0; i+2 < len(text); i++ {
		h := hash3(text[i], text[i+1], text[i+2])
		if x.filter[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, e := range x.by[[3]byte{text[i], text[i+1], text[i+2]}] {
			l := &x.entries[e]
			if len(text)-i >= len(l.text) && text[i:i+len(l.text)] == l.text {
				do(l, i)
			}
		}
	}
}
