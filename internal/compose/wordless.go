package compose

import (
	"fmt"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
)

// Wordless diagnoses what the notes of a release lack in each language, one
// line a language: changes without a text in it, and texts that are titles as
// developers wrote them.
func Wordless(c *config.Config, r *model.Release) diag.List {
	var list diag.List
	for _, l := range c.Languages {
		var foreign, bare []string
		for i := range r.Changes {
			ch := &r.Changes[i]
			if bucket, _ := BucketOf(c, ch); bucket != model.BucketTold {
				continue
			}
			w, act := WordingOf(c, ch, l), Act(c, ch, l)
			switch {
			case !w.Reviewed:
				bare = append(bare, ch.ID)
			case w.Lang != l || ch.Breaking && act.Text != "" && act.Lang != l:
				foreign = append(foreign, ch.ID)
			}
		}
		position := diag.Position{File: editorial.Folder + "/" + editorial.Name(r.Slug(), l)}
		if e := r.Edited[l]; e != nil {
			position.File = e.File
		}
		if len(foreign) > 0 {
			list.Add(diag.New(diag.Warning, "untranslated", position,
				counted(len(foreign), diag.Say("1 note of %s has no text in %q: %s", r.Slug(), l, listed(foreign)), diag.Say("%d notes of %s have no text in %q: %s", len(foreign), r.Slug(), l, listed(foreign))),
				diag.Say("write the text in the draft of that language (`daybreak draft %s` writes the file); for the next release a trailer Release-Note-%s does it.", r.Slug(), l)))
		}
		if len(bare) > 0 {
			list.Add(diag.New(diag.Warning, "unreviewed", position,
				counted(len(bare), diag.Say("1 note of %s still reads as a developer wrote it, in %q: %s", r.Slug(), l, listed(bare)), diag.Say("%d notes of %s still read as a developer wrote them, in %q: %s", len(bare), r.Slug(), l, listed(bare))),
				diag.Say("reword it in the draft (`daybreak draft %s` writes the file), or take the mark “unreviewed” away where the title will do.", r.Slug())))
		}
	}
	return list
}

// counted chooses the sentence for one or for many.
func counted(n int, one, many diag.Phrase) diag.Phrase {
	if n == 1 {
		return one
	}
	return many
}

// listed names up to eight ids and counts the rest.
func listed(ids []string) string {
	if len(ids) > 8 {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:8], ", "), len(ids)-8)
	}
	return strings.Join(ids, ", ")
}
