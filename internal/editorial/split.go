package editorial

import "slices"

// Split parts a draft in two when some of its changes turn out to belong to a
// later release: mine keeps everything else, headline and introduction
// included; rest is nil where nothing is later.
func (d *Draft) Split(base *Draft, later func(id string) bool) (mine, rest *Draft) {
	mine, rest = d.clone(), d.clone()
	rest.Title, rest.front, rest.head, rest.Sections = "", rest.newBlock("---\ntitle: \"\"\n---"), block{}, nil
	if base != nil {
		rest.head = base.head.clone()
	}
	for _, s := range mine.Sections {
		if s.Known {
			continue // it belongs to no change
		}
		part := &Section{Kind: s.Kind, Aside: s.Aside, block: s.newHeading()}
		s.Notes = slices.DeleteFunc(s.Notes, func(n *Note) bool {
			if n.ID == "" || !later(n.ID) {
				return false
			}
			n.apart = true
			part.Notes = append(part.Notes, n)
			return true
		})
		if len(part.Notes) > 0 {
			rest.Sections = append(rest.Sections, part)
		}
	}
	rest.LeftOut = nil
	for _, id := range leftOutOf(base, d) {
		if later(id) {
			rest.LeftOut = append(rest.LeftOut, id)
		}
	}
	if len(rest.Sections) == 0 && len(rest.LeftOut) == 0 {
		return mine, nil
	}
	rest.setLeftOut(rest.LeftOut)
	return mine, rest
}

// leftOutOf lists what a person left out of a draft: the ids of its line, and the
// headings that are gone since base was written.
func leftOutOf(base, d *Draft) []string {
	ids := slices.Clone(d.LeftOut)
	for _, n := range base.Shown {
		if n.ID != "" && d.Note(n.ID) == nil && !slices.Contains(ids, n.ID) && LeftOut(base, d, n.ID) {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// newHeading is the section's heading alone, without what a person wrote under it.
func (s *Section) newHeading() block {
	b := s.block.clone()
	b.lines, b.apart = b.lines[:1], true
	return b
}
