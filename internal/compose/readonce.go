package compose

import (
	"slices"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// readOnce gives the notes that concern a reader, of those that read the same the first:
// two requests called "Fix a typo" are one line to whoever doesn't know them. It keeps the
// others' addresses and details. The ledger, and the words that are published and
// approved, have each of them.
func readOnce(c *config.Config, words []model.NoteWords, to reader, l model.Lang) []model.Note {
	var out []model.Note
	type reading struct { // all that readers see, but for details
		kind                    model.Kind
		title, body, area, must string
		breaking, fallback      bool
		lang, mustLang          model.Lang
		folded                  int
	}
	first := map[reading]int{}
	for _, told := range words {
		if !to.concerned(told.Concern) {
			continue
		}
		note := shownNote(c, told, l)
		seen := reading{note.Kind, note.Title, note.Body, note.AreaID, note.BreakingNote, note.Breaking, note.Fallback, note.Lang, note.ActLang, note.Folded}
		if at, again := first[seen]; again && len(out[at].Also) < manyAlike {
			out[at].Also = append(out[at].Also, note.Anchor)
			for _, d := range note.Details {
				if !slices.Contains(out[at].Details, d) {
					out[at].Details = append(out[at].Details, d)
				}
			}
			continue
		}
		first[seen] = len(out)
		out = append(out, note)
	}
	return out
}

// manyAlike is how many notes stand for one at most: each has an address on its page.
const manyAlike = 100
