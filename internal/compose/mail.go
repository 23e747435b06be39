package compose

import (
	"slices"
	"strings"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// topChanges is how many titles a mail names before it points to the page.
const topChanges = 5

// MailFacts gathers what the mails about one release say, from its public
// notes: a mail can't hold more than the notes do. Lang and clock texts are
// put in by the mail package, which knows how a language writes a day.
func MailFacts(c *config.Config, n model.Notes) model.MailFacts {
	f := model.MailFacts{
		Lang:    n.Lang,
		Product: Brand(c, n.Lang),
		Version: n.Version,
		Slug:    n.Slug,
		Day:     n.Date,
		Next:    nextTrain(c, n.Date),
		MustAct: n.MustAct,
		Start:   "06:30",
		Opening: "09:00",
	}
	if n.Unreleased {
		f.Day, f.Next = n.NextDate, nextTrain(c, n.NextDate)
	}
	if c.Train != nil {
		f.Start, f.Opening = c.Train.Start, c.Train.Opening
	}
	if n.KnownLang == "" { // another language would look like a slip, as below
		f.Known = points(n.Known)
	}
	for _, s := range n.Sections {
		for _, note := range s.Notes {
			switch {
			case note.Breaking: // stands in its own part above
			case note.Folded > 0: // nobody's news
			case note.Fallback || len(f.Top) == topChanges:
				// A title in another language would look like a slip here, where
				// nothing can mark it.
				f.More++
			default:
				f.Top = append(f.Top, note.Title)
			}
		}
	}
	f.Link = linkTo(c.Product.URL, c.Languages, n)
	return f
}

// SystemMailFacts is MailFacts for one customer, from the notes of its system.
func SystemMailFacts(c *config.Config, s *config.System, n model.Notes) model.MailFacts {
	f := MailFacts(c, n)
	f.For = s.ID
	if s.Notes != "" {
		f.Link = linkTo(s.Notes, SystemLanguages(c, s), n)
	}
	return f
}

// HotfixFacts gathers what mail E says of a hotfix, from its notes for the mail's
// reader: for one customer system where s is given. It is nil where they hold
// nothing that the reader can be told in the mail's language.
func HotfixFacts(c *config.Config, s *config.System, n model.Notes) *model.HotfixFacts {
	site, languages := c.Product.URL, c.Languages
	if s != nil && s.Notes != "" {
		site, languages = s.Notes, SystemLanguages(c, s)
	}
	f := &model.HotfixFacts{Version: n.Version, MustAct: n.MustAct, Link: linkTo(site, languages, n)}
	for _, section := range n.Sections {
		for _, note := range section.Notes {
			if !note.Fallback && note.Folded == 0 && len(f.Fixed) < topChanges {
				f.Fixed = append(f.Fixed, note)
			}
		}
	}
	if len(f.Fixed) == 0 {
		return nil
	}
	return f
}

// HotfixNotes finds, in the notes of all releases, those that mail E of one of
// them is about: its own where it is a hotfix, else its newest hotfix's; nil for none.
func HotfixNotes(all []model.Notes, of model.Notes) *model.Notes {
	for i := range all {
		n := &all[i]
		if !n.Unreleased && n.HotfixOf != "" && (n.Slug == of.Slug || sameVersion(n.HotfixOf, of.Version)) {
			return n
		}
	}
	return nil
}

func sameVersion(a, b string) bool {
	x, ok1 := model.ParseVersion(a)
	y, ok2 := model.ParseVersion(b)
	return ok1 && ok2 && x.Compare(y) == 0
}

// linkTo gives the address of a release's notes on a site, "" where the site's
// isn't known.
func linkTo(site string, languages []model.Lang, n model.Notes) string {
	if site == "" {
		return ""
	}
	if i := slices.Index(languages, n.Lang); i > 0 {
		site += string(n.Lang) + "/"
	}
	return site + "releases/" + n.Slug + "/"
}

// points takes a text of several points or paragraphs apart, one line each, for a
// mail; headings only part them.
func points(text string) []string {
	var out []string
	fresh := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		rest, isPoint := strings.CutPrefix(line, "- ")
		if !isPoint {
			rest, isPoint = strings.CutPrefix(line, "* ")
		}
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			fresh = true
		case isPoint || fresh:
			out, fresh = append(out, rest), false
		default:
			out[len(out)-1] += " " + line
		}
	}
	return out
}
