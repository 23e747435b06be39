package site

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"daybreak/internal/model"
)

// Release is one release as the public templates see it.
type Release struct {
	Version    string // "" where Unreleased
	Slug       string
	Href       string // its page, relative to the language's root
	Label      string // "Version 2026.14.0", "Hotfix 2026.13.1", "Not yet rolled out"
	Title      string // headline, "" where nobody wrote one
	TitleLang  string // "" where Title is in the page's language
	Intro      string // markdown
	IntroLang  string // likewise
	Date       time.Time
	Corrected  time.Time // zero where its text is the first
	Unreleased bool
	Prerelease bool
	Known      string // markdown: what is known not to work yet
	KnownLang  string // "" where Known is in the page's language
	HotfixOf   string // version, "" for a release of the main line
	HotfixHref string // its page, "" where it has none
	SameBuild  string
	Spoken     string // Version without the product's name in front
	Untold     bool   // see model.Notes
	SameHref   string
	MustAct    []Note
	Acts       int // how many of them there are, where only the first are shown
	Sections   []Section
	Delivered  []Delivered
	Counts     []Count
	NextDate   time.Time
	Teaser     string // how Intro begins, as plain text

	card      string     // its picture, relative to the language's root, "" for none of its own
	dir       string     // folder of its pages, relative to the language's root
	aliases   []string   // files that lead here, relative to the language's root
	introSize int        // bytes of Intro as HTML
	knownSize int        // likewise
	parts     []*Release // what each of its pages tells; one where it fits
}

// Section is all notes of one kind.
type Section struct {
	Kind  model.Kind
	Total int // how many there are, where only the first are shown
	Notes []Note
	Again bool // the section began on the part before
}

// Letter is that of the oldest release of which the section tells, on a page that
// tells of several: whoever leaves that out leaves out the section.
func (s *Section) Letter() string { return oldestLetter(s.Notes) }

// ActLetter is the same of what readers must do.
func (r *Release) ActLetter() string { return oldestLetter(r.MustAct) }

func oldestLetter(notes []Note) string {
	if len(notes) == 0 || notes[len(notes)-1].Came == nil {
		return ""
	}
	return notes[len(notes)-1].Came.Letter
}

// Count is how many notes are of a kind.
type Count struct {
	Kind model.Kind
	N    int
	Page string // where its section begins, relative to the language's root
}

// Note is one change as the public templates see it.
type Note struct {
	Anchor       string // unique in the release
	Page         string // the page of its release that holds it, relative to the language's root
	ID           string // unique on the page: Anchor, but where a page tells of several releases
	At           string // the page on which it stands here, relative to the language's root
	Came         *Came  // in which release, nil on that release's own pages
	ActPage      string // the page that says what to do, where Breaking
	Title        string
	Body         string // markdown
	Cut          bool   // the body was longer than a page bears
	Area         string
	AreaID       string // fit for an attribute
	Breaking     bool
	BreakingNote string // markdown
	Lang         string // "" where the text is in the page's language
	ActLang      string // likewise, of BreakingNote
	Details      []model.Detail
	Also         []string // anchors of further notes that read the same: links to them lead here

	bodySize, actSize int // bytes of Body and BreakingNote as HTML
}

// Delivered is a change that readers have had since an earlier release.
type Delivered struct {
	Title   string
	Version string
	Href    string // "" where that release has no page
	Lang    string // "" where the title is in the page's language
}

// Empty reports whether there is nothing that customers would notice.
func (r *Release) Empty() bool { return len(r.Counts) == 0 }

// Nothing is the string that stands in the place of notes where there are none: that
// there is nothing new may be said only where everything is known.
func (r *Release) Nothing() string {
	if r.Untold {
		return "release.untold"
	}
	return "release.empty"
}

// Changed is when the text last changed: the correction's day, else the release's.
func (r *Release) Changed() time.Time {
	if r.Corrected.After(r.Date) {
		return r.Corrected
	}
	return r.Date
}

// Top gives up to three titles that say what the release is about: what readers
// must act on first, then in the order of the kinds.
func (r *Release) Top() []Note {
	const most = 3
	top := slices.Clone(r.MustAct[:min(most, len(r.MustAct))])
	for _, s := range r.Sections {
		for _, n := range s.Notes {
			if len(top) == most {
				break
			}
			if !n.Breaking {
				top = append(top, n)
			}
		}
	}
	for i := range top {
		top[i].Title = shorten(top[i].Title, 140)
	}
	return top
}

// Total is how many notes there are.
func (r *Release) Total() int {
	total := 0
	for _, c := range r.Counts {
		total += c.N
	}
	return total
}

// Areas gives the areas of the notes, each once, in the order of the notes.
func (r *Release) Areas() []Note {
	var out []Note
	seen := map[string]bool{"": true}
	for _, s := range r.Sections {
		for _, n := range s.Notes {
			if !seen[n.AreaID] {
				seen[n.AreaID] = true
				out = append(out, Note{Area: n.Area, AreaID: n.AreaID})
			}
		}
	}
	return out
}

// worthFiltering: below a dozen notes the eye is quicker than a button.
func (r *Release) worthFiltering() bool { return r.Total() >= 12 && len(r.Areas()) >= 2 }

// summary is one plain sentence or two for search engines and previews.
func (r *Release) summary() string {
	if r.Title != "" {
		return r.Title
	}
	var titles []string
	for _, n := range r.Top() {
		titles = append(titles, n.Title)
	}
	return shorten(strings.Join(titles, " · "), 200)
}

// newRelease makes untrusted notes fit for pages: clean text, bounded lengths,
// unique anchors.
func (b *publicBuild) newRelease(l model.Lang, n *model.Notes) *Release {
	r := &Release{
		Version: versionText(n.Version), Slug: n.Slug, Href: releasePath(n.Slug), dir: "releases/" + n.Slug,
		Title: line(n.Title, maxTitle), TitleLang: string(n.TitleLang), IntroLang: string(n.IntroLang),
		Date: n.Date, Corrected: n.Corrected, Unreleased: n.Unreleased, Prerelease: n.Prerelease, NextDate: n.NextDate,
		HotfixOf: versionText(n.HotfixOf), SameBuild: versionText(n.SameBuild), Untold: n.Untold,
	}
	r.Intro, r.introSize, _ = b.cutBody(n.Intro)
	r.Known, r.knownSize, _ = b.cutBody(n.Known)
	r.KnownLang = string(n.KnownLang)
	for _, a := range n.Aliases {
		r.aliases = append(r.aliases, aliasFile(a))
	}
	first, _, _ := strings.Cut(b.markdown.Plain(r.Intro), "\n")
	r.Teaser = shorten(first, 180)
	r.Spoken = model.Spoken(r.Version, b.site.Brand[l].Name)
	switch {
	case n.Unreleased:
		r.Label = b.theme.T(l, "release.unreleased")
	case n.HotfixOf != "":
		r.Label = b.theme.T(l, "release.hotfix", "Version", r.Spoken)
	default:
		r.Label = b.theme.T(l, "release.version", "Version", r.Spoken)
	}
	r.HotfixHref = b.hrefOf(l, n.HotfixOf)
	r.SameHref = b.hrefOf(l, n.SameBuild)
	anchors := map[string]string{}
	taken := map[string]bool{}
	for _, s := range n.Sections {
		sec := Section{Kind: s.Kind, Total: len(s.Notes)}
		if len(s.Notes) == 0 {
			continue
		}
		for i := range s.Notes {
			note := b.newNote(&s.Notes[i])
			note.Anchor = unique(taken, note.Anchor)
			note.ID = note.Anchor
			for k := range note.Also {
				note.Also[k] = unique(taken, note.Also[k])
			}
			anchors[s.Notes[i].Anchor] = note.Anchor
			sec.Notes = append(sec.Notes, note)
		}
		r.Sections = append(r.Sections, sec)
		r.Counts = append(r.Counts, Count{Kind: s.Kind, N: len(s.Notes)})
	}
	r.Acts = len(n.MustAct)
	for i := range n.MustAct {
		note := b.newNote(&n.MustAct[i])
		note.Anchor = anchors[n.MustAct[i].Anchor] // "" where it stands in no section
		note.ID = note.Anchor
		r.MustAct = append(r.MustAct, note)
	}
	for _, d := range n.Delivered {
		lang := ""
		if d.Fallback {
			lang = string(d.Lang)
		}
		r.Delivered = append(r.Delivered, Delivered{Lang: lang, Title: line(d.Title, maxTitle), Version: versionText(d.Version), Href: b.hrefOf(l, d.Version)})
	}
	return r
}

// versionText bounds a version's name; tags may be as long as git allows.
func versionText(s string) string { return line(s, 80) }

func (b *publicBuild) newNote(n *model.Note) Note {
	note := Note{
		Anchor: fitForID(n.Anchor), Title: line(n.Title, maxTitle),
		Area: line(n.Area, 60), AreaID: fitForID(n.AreaID),
		Breaking: n.Breaking,
	}
	note.Body, note.bodySize, note.Cut = b.cutBody(n.Body)
	note.BreakingNote, note.actSize, _ = b.cutBody(n.BreakingNote)
	if n.Area != "" && note.AreaID == "" {
		note.AreaID = "area"
	}
	if n.Fallback && n.Lang != "" {
		note.Lang = string(n.Lang)
	}
	note.ActLang = string(n.ActLang)
	for _, a := range n.Also {
		note.Also = append(note.Also, fitForID(a))
	}
	for _, d := range n.Details {
		note.Details = append(note.Details, model.Detail{Name: d.Name, Text: line(d.Text, 80), URL: webAddress(d.URL)})
	}
	return note
}

// hrefOf finds the page of a version, "" where it has none.
func (b *publicBuild) hrefOf(l model.Lang, version string) string {
	if version == "" {
		return ""
	}
	for i := range b.site.Notes[l] {
		if n := &b.site.Notes[l][i]; n.Version == version && !n.Unreleased {
			return releasePath(n.Slug)
		}
	}
	return ""
}

func releasePath(slug string) string { return "releases/" + slug + "/index.html" }

// String helps tests.
func (r *Release) String() string { return fmt.Sprintf("%s (%s)", r.Label, r.Slug) }
