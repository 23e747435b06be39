package site

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"daybreak/internal/markdown"
	"daybreak/internal/model"
)

// listed is a release in releases.json; latest.json and each release's own
// release.json hold the notes too.
type listed struct {
	Version    string             `json:"version"`
	Slug       string             `json:"slug"`
	Date       string             `json:"date"`                // YYYY-MM-DD, "" while not rolled out
	Corrected  string             `json:"corrected,omitempty"` // likewise: when its text was mended last
	Title      string             `json:"title,omitempty"`
	URL        string             `json:"url"` // absolute where the site's address is known, else relative to this file
	Language   string             `json:"language"`
	Unreleased bool               `json:"unreleased,omitempty"`
	Prerelease bool               `json:"prerelease,omitempty"`
	HotfixOf   string             `json:"hotfix_of,omitempty"`
	SameBuild  string             `json:"same_build_as,omitempty"`
	MustAct    int                `json:"must_act"` // how many notes ask the reader to act
	Counts     map[model.Kind]int `json:"counts"`
	Intro      string             `json:"intro,omitempty"`        // markdown
	Known      string             `json:"known_issues,omitempty"` // markdown
	Notes      []listedNote       `json:"notes,omitempty"`
	Since      map[string]int     `json:"since,omitempty"` // latest.json only: how many changes came after each of the versions before, by slug
}

// listedNote is a note for machines: what an application shows under "What's new".
type listedNote struct {
	ID           string     `json:"id"` // stable: the anchor on the release's page
	Kind         model.Kind `json:"kind"`
	Title        string     `json:"title"`
	Body         string     `json:"body,omitempty"` // markdown, untrusted
	Area         string     `json:"area,omitempty"`
	Breaking     bool       `json:"breaking,omitempty"`
	BreakingNote string     `json:"breaking_note,omitempty"`
	Language     string     `json:"language"`
	ActLanguage  string     `json:"breaking_language,omitempty"` // where it isn't the file's
	URL          string     `json:"url"`                         // of the note itself, as the release's
	Also         []string   `json:"also,omitempty"`              // ids of further changes that read the same
}

func (s *shelf) list(r *Release, up string, full bool) listed {
	out := listed{
		Version: r.Version, Slug: r.Slug, Title: r.Title, Language: string(s.lang),
		Unreleased: r.Unreleased, Prerelease: r.Prerelease, HotfixOf: r.HotfixOf, SameBuild: r.SameBuild,
		MustAct: len(r.MustAct), Counts: map[model.Kind]int{},
	}
	if s.brand.URL != "" {
		up = ""
	}
	out.URL = up + s.link(r.Href)
	if !r.Date.IsZero() {
		out.Date = r.Date.Format(time.DateOnly)
	}
	if !r.Corrected.IsZero() {
		out.Corrected = r.Corrected.Format(time.DateOnly)
	}
	for _, c := range r.Counts {
		out.Counts[c.Kind] = c.N
	}
	if !full {
		return out
	}
	out.Intro, out.Known = r.Intro, r.Known
	for _, sec := range r.Sections {
		for _, n := range sec.Notes {
			note := listedNote{
				ID: n.Anchor, Kind: sec.Kind, Title: n.Title, Body: n.Body, Area: n.Area,
				Breaking: n.Breaking, BreakingNote: n.BreakingNote, Language: string(s.lang), ActLanguage: n.ActLang,
				URL: up + s.link(n.Page) + "#" + n.Anchor, Also: n.Also,
			}
			if n.Lang != "" {
				note.Language = n.Lang
			}
			out.Notes = append(out.Notes, note)
		}
	}
	return out
}

// Widget is what the script for other pages is made from.
type Widget struct{ Product string }

// machine writes releases.json (all releases, newest first, without notes),
// latest.json (the newest that is rolled out, with notes; null where there is
// none) and each release's release.json.
func (b *publicBuild) machine(s *shelf) error {
	all := make([]listed, 0, len(s.releases))
	for _, r := range s.releases {
		all = append(all, s.list(r, "", false))
		if err := b.putJSON(s.dir+"releases/"+r.Slug+"/release.json", s.list(r, "../../", true)); err != nil {
			return err
		}
	}
	if err := b.putJSON(s.dir+"releases.json", all); err != nil {
		return err
	}
	if err := b.putJSON(s.dir+"latest.json", s.latest()); err != nil {
		return err
	}
	return b.page(s.dir+"widget.js", "public/widget.js", s.lang, Widget{Product: s.brand.Name})
}

// latest gives the newest release with its notes, and how much is new since each of
// the last versions before it; nil where none is out. Pre-releases count where there
// is nothing else.
func (s *shelf) latest() *listed {
	out := slices.DeleteFunc(slices.Clone(s.released), func(r *Release) bool { return r.Prerelease })
	if len(out) == 0 {
		out = s.released
	}
	if len(out) == 0 {
		return nil
	}
	newest := s.list(out[0], "", true)
	for i := 1; i < len(out) && i <= jumpMost; i++ {
		fresh := -len(twins(out[:i]))
		for _, r := range out[:i] {
			fresh += r.Total()
		}
		if newest.Since == nil {
			newest.Since = map[string]int{}
		}
		newest.Since[out[i].Slug] = fresh
	}
	return &newest
}

// changelog writes CHANGELOG.md in the form of https://keepachangelog.com/en/1.1.0/.
func (b *publicBuild) changelog(s *shelf) error {
	return b.later(s.dir+"CHANGELOG.md", func() ([]byte, error) { return b.changelogText(s), nil })
}

func (b *publicBuild) changelogText(s *shelf) []byte {
	var w bytes.Buffer
	t := func(id string, args ...any) string { return b.theme.T(s.lang, id, args...) }
	fmt.Fprintf(&w, "# %s\n\n%s\n", t("changelog.title"), t("changelog.intro", "Product", escape(s.brand.Name)))
	for _, r := range s.releases {
		blankLine(&w)
		if r.Unreleased {
			fmt.Fprintf(&w, "## [%s]\n", t("changelog.unreleased"))
		} else {
			fmt.Fprintf(&w, "## [%s]", escape(r.Version))
			if !r.Date.IsZero() {
				w.WriteString(" - " + r.Date.Format(time.DateOnly))
			}
			w.WriteByte('\n')
		}
		if r.Title != "" {
			fmt.Fprintf(&w, "\n%s\n", escape(r.Title))
		}
		if r.HotfixOf != "" {
			fmt.Fprintf(&w, "\n%s\n", t("release.hotfixof", "Version", escape(r.HotfixOf)))
		}
		switch {
		case r.SameBuild != "":
			fmt.Fprintf(&w, "\n%s\n", t("release.samebuild", "Version", escape(r.SameBuild)))
		case r.Empty():
			fmt.Fprintf(&w, "\n%s\n", t(r.Nothing()))
		}
		for _, k := range kindsOfChangelog {
			for _, sec := range r.Sections {
				if sec.Kind != k {
					continue
				}
				blankLine(&w)
				fmt.Fprintf(&w, "### %s\n\n", t("changelog."+string(k)))
				for _, n := range sec.Notes {
					b.changelogNote(&w, s, n)
				}
			}
		}
		if r.Known != "" {
			blankLine(&w)
			fmt.Fprintf(&w, "### %s\n\n%s\n", t("release.known"), escapeLines(b.markdown.Plain(r.Known)))
		}
		if len(r.Delivered) > 0 {
			blankLine(&w)
			fmt.Fprintf(&w, "%s\n\n", t("release.delivered"))
			for _, d := range r.Delivered {
				fmt.Fprintf(&w, "- %s (%s)\n", escape(d.Title), escape(d.Version))
			}
		}
	}
	blankLine(&w)
	for _, r := range s.releases {
		name := r.Version
		if r.Unreleased {
			name = t("changelog.unreleased")
		}
		fmt.Fprintf(&w, "[%s]: %s\n", escape(name), s.link(r.Href))
	}
	return w.Bytes()
}

func (b *publicBuild) changelogNote(w *bytes.Buffer, s *shelf, n Note) {
	w.WriteString("- ")
	if n.Area != "" {
		w.WriteString("**" + escape(n.Area) + ":** ")
	}
	w.WriteString(escapeTitle(n.Title))
	if n.Lang != "" {
		w.WriteString(" [" + escape(n.Lang) + "]")
	}
	w.WriteByte('\n')
	md := b.markdown
	if n.Breaking {
		text := md.Plain(n.BreakingNote)
		mark := ""
		if n.ActLang != "" && n.Lang == "" {
			mark = " [" + escape(n.ActLang) + "]"
		}
		indent(w, "**"+b.theme.T(s.lang, "kind.breaking")+".** "+strings.TrimSpace(escapeLines(text))+mark)
	}
	if n.Body != "" {
		indent(w, escapeLines(md.Plain(n.Body)))
	}
}

// blankLine parts what follows from what stands there by one blank line.
func blankLine(w *bytes.Buffer) {
	if !bytes.HasSuffix(w.Bytes(), []byte("\n\n")) {
		w.WriteByte('\n')
	}
}

// indent puts a text under a list's point, as a paragraph of it.
func indent(w *bytes.Buffer, text string) {
	blankLine(w)
	for line := range strings.Lines(strings.TrimSpace(text) + "\n") {
		if strings.TrimSpace(line) != "" {
			w.WriteString("  ")
		}
		w.WriteString(line)
	}
	w.WriteByte('\n')
}

// escapeLines escapes every line and leaves the points of lists points.
func escapeLines(text string) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		body := strings.TrimLeft(line, " ")
		lead := line[:len(line)-len(body)]
		if rest, ok := strings.CutPrefix(body, "- "); ok {
			out = append(out, lead+"- "+escape(rest))
		} else {
			out = append(out, escape(body))
		}
	}
	return strings.Join(out, "\n")
}

// Escaped gives a text of several lines as CHANGELOG.md has it.
func Escaped(text string) string { return escapeLines(text) }

// escape makes text stand for itself in markdown: no links, no HTML, no
// headings or lists at the start of a line.
func escape(s string) string { return escapeLine(markdown.Line(s)) }

func escapeLine(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_[]<>|", r), r == '&' && isEntity(s[i:]):
			b.WriteByte('\\')
		case i == 0 && strings.ContainsRune("#+-=~", r):
			b.WriteByte('\\')
		case (r == '.' || r == ')') && i > 0 && i < 10 && strings.Trim(s[:i], "0123456789") == "" && i+1 < len(s) && s[i+1] == ' ':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// escapeTitle is escape, but for what people write as code between backticks in a
// title, as pages have it.
func escapeTitle(s string) string {
	parts := strings.Split(markdown.Line(s), "`")
	if len(parts)%2 == 0 { // one of them stands alone
		return escape(s)
	}
	var b strings.Builder
	for i, part := range parts {
		switch {
		case i%2 == 0:
			b.WriteString(escapeLine(part))
		case strings.TrimSpace(part) == "":
			b.WriteString("\\`" + part + "\\`")
		default:
			b.WriteString("`" + part + "`")
		}
	}
	return b.String()
}

// isEntity reports whether s starts like "&amp;" or "&#38;".
func isEntity(s string) bool {
	end := strings.IndexByte(s, ';')
	return end > 1 && end < 34 && !strings.ContainsAny(s[:end], " \t")
}

// sitemap is https://www.sitemaps.org/protocol.html with Google's alternates.
type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// robots writes robots.txt, and sitemap.xml where the site's address is known:
// the protocol allows absolute addresses only. A site for one reader has none.
func (b *publicBuild) robots() error {
	base := b.shelves[0].brand.URL
	if b.site.Reader != "" {
		return b.put("robots.txt", []byte("User-agent: *\nDisallow: /\n"))
	}
	if base == "" {
		return b.put("robots.txt", []byte("User-agent: *\nAllow: /\n"))
	}
	dates := map[string]string{}
	for _, s := range b.shelves {
		for _, r := range s.releases {
			if !r.Date.IsZero() {
				for n := range r.parts {
					dates[s.dir+partPath(r.dir, n+1)] = r.Changed().Format(time.DateOnly)
				}
			}
		}
		if released := s.released; len(released) > 0 {
			dates[s.dir+"index.html"] = b.updated(released).Format(time.DateOnly)
		}
	}
	var m sitemap
	for _, path := range b.written {
		m.URLs = append(m.URLs, sitemapURL{Loc: base + address(path), LastMod: dates[path]})
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	enc := xml.NewEncoder(&out)
	enc.Indent("", "  ")
	if err := enc.Encode(m); err != nil {
		return fmt.Errorf("making the sitemap: %w", err)
	}
	out.WriteByte('\n')
	if err := b.put("sitemap.xml", out.Bytes()); err != nil {
		return err
	}
	return b.put("robots.txt", []byte("User-agent: *\nAllow: /\nSitemap: "+base+"sitemap.xml\n"))
}
