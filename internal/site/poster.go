package site

import (
	"fmt"
	"unicode/utf8"

	"daybreak/internal/model"
)

// PosterPage is the sheet that thanks everybody.
type PosterPage struct {
	TeamPage
	Head    model.DayHeader
	Poster  *model.Poster
	Columns int
	Size    string // of the names, in points: "24"
}

// The room for the names on an A4 sheet, in points; and how wide a letter is on
// the whole and how high a line, as parts of the size.
const (
	posterWidth   = 510.0
	posterHeight  = 380.0
	crowdedHeight = 520.0 // where the sun makes room
	posterGap     = 18.0
	letterWidth   = 0.55
	lineHeight    = 1.32

	crowd      = 40 // names from which on they need the room
	nameLength = 20 // letters; a longer name takes two lines
)

// posterSizes are tried from the largest on. The smallest is the smallest that
// paper may have; what doesn't fit then goes on to a second sheet.
var posterSizes = []float64{34, 28, 24, 21, 18, 16, 14, 12.5, 11, 10, 9.5}

// posterLayout gives the largest size in which all names fit, and the columns.
func posterLayout(names []string) (columns int, size string) {
	longest, room := 0, posterHeight
	if len(names) > crowd {
		room = crowdedHeight
	}
	for _, n := range names {
		longest = max(longest, min(utf8.RuneCountInString(n), nameLength))
	}
	for _, pt := range posterSizes {
		column := float64(longest)*letterWidth*pt + posterGap
		columns = max(1, min(int((posterWidth+posterGap)/column), 5, (len(names)+4)/5))
		lines := 0
		for _, n := range names {
			lines += 1 + (utf8.RuneCountInString(n)-1)/nameLength
		}
		size = fmt.Sprint(pt)
		if high := float64((lines+columns-1)/columns) * lineHeight * pt; high <= room && column <= posterWidth+posterGap {
			break
		}
	}
	return columns, size
}

// Crowded reports whether the names need most of the sheet.
func (p PosterPage) Crowded() bool { return len(p.Poster.Names) > crowd }

// PhonePage is the sheet of strips for the phone desk.
type PhonePage struct {
	TeamPage
	Head   model.DayHeader
	Strip  *model.PhoneStrip
	Copies []bool // a strip each; true for those that only paper has
}

// ChangedPage says what moved since sheets were printed.
type ChangedPage struct {
	TeamPage
	Head    model.DayHeader
	Changed *model.Changed
}

// kitchenAndPhone writes the sheets that hang and lie about, and what has changed
// on those that do.
func (b *teamBuild) kitchenAndPhone(l model.Lang) error {
	for i := range b.site.Posters[l] {
		p := &b.site.Posters[l][i]
		page := PosterPage{TeamPage: b.document(l, p.DayHeader, "poster"), Head: p.DayHeader, Poster: p}
		page.Columns, page.Size = posterLayout(p.Names)
		if err := b.page(l, p.Slug+"/poster/index.html", "team/poster.html", page); err != nil {
			return err
		}
	}
	for i := range b.site.Changed[l] {
		c := &b.site.Changed[l][i]
		page := ChangedPage{TeamPage: b.document(l, c.DayHeader, "changed"), Head: c.DayHeader, Changed: c}
		if err := b.page(l, c.Slug+"/changed/index.html", "team/changed.html", page); err != nil {
			return err
		}
	}
	for i := range b.site.Strips[l] {
		s := &b.site.Strips[l][i]
		page := PhonePage{TeamPage: b.document(l, s.DayHeader, "phone"), Head: s.DayHeader, Strip: s, Copies: []bool{false, true, true}}
		if err := b.page(l, s.Slug+"/phone/index.html", "team/phone.html", page); err != nil {
			return err
		}
	}
	return nil
}
