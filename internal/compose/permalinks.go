package compose

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"daybreak/internal/model"
)

// keepAnchors gives the notes of now the anchors under which readers know them
// already, because links to them were sent. A change's anchor stays by itself;
// that of a note which somebody wrote by hand is made from its title, so its
// place in the published words says which one it is when the title is mended.
//
// A note of now is the published one with the same id, else with the same title
// or text, else with most of its words, else the only one that stands between
// the same neighbours. No two notes get one anchor.
func keepAnchors(published, now *model.ReleaseWords) {
	k := kinship{was: published.Notes, is: now.Notes, of: make([]int, len(now.Notes)), taken: make([]bool, len(published.Notes))}
	for i := range k.of {
		k.of[i] = none
	}
	k.same(func(n model.NoteWords) string { return cmp.Or(n.ID, foldedID(n)) })
	k.same(func(n model.NoteWords) string { return handwritten(n, n.Note.Title+"\n"+bodyText(n)) })
	k.same(func(n model.NoteWords) string { return handwritten(n, n.Note.Title) })
	k.same(bodyText)
	k.same(func(n model.NoteWords) string { return n.Note.Title })
	k.alike()
	k.between()
	k.rename()
}

// none says that a note of now is no published one.
const none = -1

// kinship says which note of now is which published one.
type kinship struct {
	was, is []model.NoteWords
	of      []int  // by index of is: an index of was, or none
	taken   []bool // by index of was
}

func (k *kinship) pair(i, j int) { k.of[i], k.taken[j] = j, true }

// same pairs what has the same key, the first with the first; an empty key is
// nobody's.
func (k *kinship) same(key func(model.NoteWords) string) {
	free := map[string][]int{}
	for j, n := range k.was {
		if id := key(n); id != "" && !k.taken[j] {
			free[id] = append(free[id], j)
		}
	}
	for i, n := range k.is {
		if js := free[key(n)]; k.of[i] == none && len(js) > 0 {
			k.pair(i, js[0])
			free[key(n)] = js[1:]
		}
	}
}

// alike pairs notes written by hand that share at least half of their words,
// those that share most first.
func (k *kinship) alike() {
	type likeness struct {
		i, j   int
		shared float64
	}
	was := map[int]map[string]bool{}
	for j, n := range k.was {
		if !k.taken[j] && n.Note.Folded == 0 {
			was[j] = vocabulary(n)
		}
	}
	var found []likeness
	for i, n := range k.is {
		if k.of[i] != none || !byHand(n) {
			continue
		}
		mine := vocabulary(n)
		for _, j := range slices.Sorted(maps.Keys(was)) {
			both := 0
			for w := range mine {
				if was[j][w] {
					both++
				}
			}
			if all := len(mine) + len(was[j]); both > 0 && 4*both >= all {
				found = append(found, likeness{i, j, float64(2*both) / float64(all)})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b likeness) int { return cmp.Compare(b.shared, a.shared) })
	for _, l := range found {
		if k.of[l.i] == none && !k.taken[l.j] {
			k.pair(l.i, l.j)
		}
	}
}

// between pairs a note written by hand with the published one that stood between
// the same neighbours, where there is but one on either side.
func (k *kinship) between() {
	type gap struct {
		before, after int // published neighbours that are still there
		kind          model.Kind
	}
	was, is := map[gap][]int{}, map[gap][]int{}
	for j, n := range k.was {
		if k.taken[j] || !byHand(n) {
			continue
		}
		g := gap{j - 1, j + 1, n.Note.Kind}
		for g.before >= 0 && !k.taken[g.before] {
			g.before--
		}
		for g.after < len(k.was) && !k.taken[g.after] {
			g.after++
		}
		was[g] = append(was[g], j)
	}
	for i, n := range k.is {
		if k.of[i] != none || !byHand(n) {
			continue
		}
		g := gap{none, len(k.was), n.Note.Kind}
		for b := i - 1; b >= 0; b-- {
			if k.of[b] != none {
				g.before = k.of[b]
				break
			}
		}
		for a := i + 1; a < len(k.is); a++ {
			if k.of[a] != none {
				g.after = k.of[a]
				break
			}
		}
		is[g] = append(is[g], i)
	}
	for g, js := range was {
		if len(js) == 1 && len(is[g]) == 1 {
			k.pair(is[g][0], js[0])
		}
	}
}

// rename hands the anchors over. A note that is new gives way where its own one
// has become another's: its title was that one's before.
func (k *kinship) rename() {
	used := map[string]bool{}
	for i, j := range k.of {
		if j != none {
			k.is[i].Note.Anchor = k.was[j].Note.Anchor
			used[k.is[i].Note.Anchor] = true
		}
	}
	for i, j := range k.of {
		if j != none {
			continue
		}
		for used[k.is[i].Note.Anchor] {
			k.is[i].Note.Anchor += "x"
		}
		used[k.is[i].Note.Anchor] = true
	}
}

// byHand reports whether a note belongs to no change.
func byHand(n model.NoteWords) bool { return n.ID == "" && n.Note.Folded == 0 }

func handwritten(n model.NoteWords, key string) string {
	if !byHand(n) {
		return ""
	}
	return key
}

// foldedID stands for the id of the note that sums up dependency updates, of
// which there is one.
func foldedID(n model.NoteWords) string {
	if n.Note.Folded > 0 {
		return "dependencies"
	}
	return ""
}

// bodyText is all of a note but its title.
func bodyText(n model.NoteWords) string {
	return strings.TrimSpace(n.Note.Body + "\n" + n.Note.BreakingNote)
}

// vocabulary is the words of a note.
func vocabulary(n model.NoteWords) map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(n.Note.Title+" "+bodyText(n)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		words[w] = true
	}
	return words
}
