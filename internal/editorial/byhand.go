package editorial

import "slices"

// AsideNote finds the words of a change that were set aside last, nil for none;
// on a nil draft too.
func (d *Draft) AsideNote(id string) *Note {
	var last *Note
	if d == nil || id == "" {
		return nil
	}
	for _, s := range d.Sections {
		for _, n := range s.Notes {
			if s.Aside && n.ID == id {
				last = n
			}
		}
	}
	return last
}

// LeftOut reports whether a person left a change out of a draft that has no
// note of it: its id stands in the left-out line, or its heading, which was
// there when base was written, is gone. An id that was taken out of the line
// asks for the change to come back; a line that is gone altogether does not,
// because people tidy up comments that they don't understand.
func LeftOut(base, cur *Draft, id string) bool {
	if slices.Contains(cur.LeftOut, id) {
		return true
	}
	if base == nil || base.Note(id) == nil {
		return false
	}
	return !slices.Contains(base.LeftOut, id) || len(cur.foot.lines) == 0
}

// Edited reports whether a person changed the note: its words, or by taking
// away the mark that they are unreviewed or foreign. base and gen are what
// daybreak generated the last time and would now, nil where there is none.
func Edited(base, n, gen *Note) bool {
	for _, ours := range []*Note{base, gen} {
		if ours != nil && n.Text() == ours.Text() && !accepted(ours, n) {
			return false
		}
	}
	return true
}

// ByHand reports whether a person put a change into the draft that daybreak
// wouldn't tell: such a note is published, because somebody wrote it for that.
// Where base is lost nobody can know, and it is not.
func ByHand(base *Draft, n *Note, f Facts) bool {
	_, quiet := f.Quiet[n.ID]
	return quiet && base != nil && base.Note(n.ID) == nil && !slices.Contains(base.LeftOut, n.ID)
}

func accepted(ours, n *Note) bool {
	return ours.Has(MarkUnreviewed) && !n.Has(MarkUnreviewed) || ours.language() != "" && n.language() == ""
}
