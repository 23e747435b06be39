package site

import (
	"fmt"
	"html"
	"strings"
	"time"

	"daybreak/internal/theme"
)

// stamp is a moment as RFC 3339 writes it. A release without a date, which only
// a broken tag can have, gets the year one, which sorts last.
func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// releaseHTML is a release's full text for readers of feeds: plain HTML, no
// classes, no relative link where the site's address is known.
func (b *publicBuild) releaseHTML(s *shelf, r *Release) string {
	var w strings.Builder
	prose := func(text string) string {
		if s.brand.URL == "" { // a feed is read far from its site: no address, no pictures
			return string(b.theme.Markdown(s.lang, text))
		}
		return string(b.theme.Markdown(s.lang, text, s.brand.URL))
	}
	tag := func(name, text string) { fmt.Fprintf(&w, "<%s>%s</%s>\n", name, html.EscapeString(text), name) }
	if !r.Corrected.IsZero() {
		tag("p", b.theme.T(s.lang, "release.corrected", "Date", b.theme.Date(s.lang, r.Corrected)))
	}
	foreign := func(lang, text string) {
		if lang != "" && text != "" {
			fmt.Fprintf(&w, "<div%s>%s</div>\n", inLang(lang), prose(text))
			return
		}
		w.WriteString(prose(text))
	}
	foreign(r.IntroLang, r.Intro)
	if r.SameBuild != "" {
		tag("p", b.theme.T(s.lang, "release.samebuild", "Version", r.SameBuild))
	} else if r.Empty() {
		tag("p", b.theme.T(s.lang, r.Nothing()))
	}
	if len(r.MustAct) > 0 {
		tag("h2", b.theme.T(s.lang, "kind.breaking"))
		w.WriteString("<ul>\n")
		for _, n := range r.MustAct {
			fmt.Fprintf(&w, "<li><strong%s>%s</strong><div%s>%s</div></li>\n", inLang(n.Lang), theme.Title(n.Title), inLang(n.ActLang), prose(n.BreakingNote))
		}
		w.WriteString("</ul>\n")
	}
	for _, sec := range r.Sections {
		tag("h2", b.theme.T(s.lang, "kind."+string(sec.Kind)))
		w.WriteString("<ul>\n")
		for _, n := range sec.Notes {
			area := ""
			if n.Area != "" {
				area = " (" + html.EscapeString(n.Area) + ")"
			}
			fmt.Fprintf(&w, "<li%s><strong>%s</strong>%s%s</li>\n", inLang(n.Lang), theme.Title(n.Title), area, prose(n.Body))
		}
		w.WriteString("</ul>\n")
	}
	if r.Known != "" {
		tag("h2", b.theme.T(s.lang, "release.known"))
		foreign(r.KnownLang, r.Known)
	}
	for _, d := range r.Delivered {
		tag("p", b.theme.T(s.lang, "release.delivered_one", "Title", d.Title, "Version", d.Version))
	}
	return strings.TrimSpace(w.String())
}

// inLang is the attribute of a text that is not in the feed's language.
func inLang(lang string) string {
	if lang == "" {
		return ""
	}
	return fmt.Sprintf(` lang="%s"`, html.EscapeString(lang))
}
