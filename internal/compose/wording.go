package compose

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// Wording is the customer text of one change in one language.
type Wording struct {
	Title    string     // plain text, one line
	Body     string     // markdown, "" mostly
	Lang     model.Lang // the language it is really in
	Source   string     // "draft content/…/notes.de.md:12", `trailer "Release-Note"`, "release-note block", "title"
	Reviewed bool       // somebody wrote it for customers; false for a bare title
}

// titleLimit is how long, in characters, a customer note may be before its
// first sentence becomes the title and the rest the body.
const titleLimit = 110

// WordingOf picks the customer text, strongest source first: the edited draft
// of the language, the note file in the product's repository, the Release-Note
// trailer, the release-note block, then the same of the other languages, then
// the title as the developer wrote it.
func WordingOf(c *config.Config, ch *model.Change, want model.Lang) Wording {
	order := []model.Lang{want}
	for _, l := range wordingLanguages(c) {
		if l != want {
			order = append(order, l)
		}
	}
	for _, l := range order {
		if e := ch.Edited[l]; e != nil {
			return Wording{Title: e.Title, Body: e.Body, Lang: l, Source: "draft " + e.At, Reviewed: true}
		}
		if w, ok := written(c, ch, l); ok {
			return w
		}
	}
	return Wording{
		Title:  publicTitle(c, ch),
		Lang:   cmp.Or(c.History.Language, model.English),
		Source: "title",
	}
}

// wordingLanguages are those in which a change's words are looked for: the workspace's,
// and the history's, in which its titles are told where there is nothing else.
func wordingLanguages(c *config.Config) []model.Lang {
	if own := cmp.Or(c.History.Language, model.English); !slices.Contains(c.Languages, own) {
		return append(slices.Clone(c.Languages), own)
	}
	return c.Languages
}

// hasCustomerText reports whether somebody wrote for customers, in any language.
func hasCustomerText(c *config.Config, ch *model.Change) bool {
	return WordingOf(c, ch, c.Primary()).Reviewed
}

// written finds a text that was written for customers in exactly the language.
func written(c *config.Config, ch *model.Change, l model.Lang) (Wording, bool) {
	if w, ok := fragmentWording(c, ch, l); ok {
		return w, true
	}
	if texts := textsIn(c, ch, "Release-Note", l, saysSomething); len(texts) > 0 {
		title, body := splitNote(together(texts))
		return Wording{Title: title, Body: body, Lang: l, Source: sourceOf(c, ch, "Release-Note", l, texts[0]), Reviewed: true}, true
	}
	var texts []string
	for _, b := range ch.Blocks {
		if text := strings.TrimSpace(b.Text); !b.None && text != "" && blockLang(c, b) == l {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return Wording{}, false
	}
	title, body := splitNote(together(texts))
	if title == "" { // a list of several points has no sentence of its own
		title = publicTitle(c, ch)
	}
	return Wording{Title: title, Body: body, Lang: l, Source: "release-note block", Reviewed: true}, true
}

// together puts what a change says in several places, mostly in several of its
// commits, one below the other, each text once: none of it may be lost.
func together(texts []string) string {
	var out []string
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return strings.Join(out, "\n\n")
}

func saysSomething(v string) bool { return !isNone(v) }

// blockLang is the language of a fenced block: `release-note-en`, else the
// primary one, or, where the product keeps one language, that of its history.
func blockLang(c *config.Config, b model.NoteBlock) model.Lang {
	if i := strings.LastIndexByte(b.Kind, '-'); i > 0 && len(b.Kind)-i == 3 {
		return model.Lang(b.Kind[i+1:])
	}
	return c.Primary()
}

// localKeys are a trailer's names in a language: "Release-Note-en", and the
// bare "Release-Note" for the primary one.
func localKeys(c *config.Config, key string, l model.Lang) []string {
	keys := []string{key + "-" + string(l)}
	if l == c.Primary() {
		keys = append(keys, key)
	}
	return keys
}

// localizedTexts gives all texts of a trailer that are kept, in the wanted
// language, else in the first other one that has some, and that language.
func localizedTexts(c *config.Config, ch *model.Change, key string, want model.Lang, keep func(string) bool) ([]string, model.Lang) {
	for _, l := range append([]model.Lang{want}, c.Languages...) {
		if out := textsIn(c, ch, key, l, keep); len(out) > 0 {
			return out, l
		}
	}
	return nil, want
}

// textsIn gives all texts of a trailer that are kept, in exactly one language.
func textsIn(c *config.Config, ch *model.Change, key string, l model.Lang, keep func(string) bool) []string {
	var out []string
	for _, k := range localKeys(c, key, l) {
		for _, v := range trailer(c, ch, k) {
			if v = strings.TrimSpace(v); v != "" && keep(v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// foreign is the language of a text where it isn't the document's, else "":
// only then does a sheet mark it.
func foreign(text string, l, document model.Lang) model.Lang {
	if text == "" || l == document {
		return ""
	}
	return l
}

// splitNote makes a title and a body out of a note. A short note is all title.
func splitNote(text string) (title, body string) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if points := strings.Count("\n"+text, "\n- ") + strings.Count("\n"+text, "\n* "); points > 0 {
		if points > 1 || !strings.HasPrefix(text, "- ") && !strings.HasPrefix(text, "* ") {
			first, rest, _ := strings.Cut(text, "\n")
			if strings.HasPrefix(first, "- ") || strings.HasPrefix(first, "* ") {
				return "", text
			}
			return oneLine(first), strings.TrimSpace(rest)
		}
		text = strings.TrimSpace(text[2:])
	}
	first, rest, _ := strings.Cut(text, "\n\n")
	first, rest = oneLine(first), strings.TrimSpace(rest)
	if utf8.RuneCountInString(first) > titleLimit {
		if end := sentenceEnd(first); end > 0 {
			more := strings.TrimSpace(first[end:])
			first = first[:end]
			rest = strings.TrimSpace(more + "\n\n" + rest)
		}
	}
	return strings.TrimSuffix(first, "."), rest
}

// sentenceEnd gives the byte index behind the first sentence, 0 where the text
// is a single one. Abbreviations ("z. B.", "inkl.", "e.g.") end no sentence.
func sentenceEnd(s string) int {
	for i := 0; i+2 < len(s); i++ {
		if !strings.ContainsRune(".!?", rune(s[i])) || s[i+1] != ' ' || i < 20 {
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+2:])
		if !unicode.IsUpper(next) && !unicode.IsDigit(next) && next != '„' && next != '“' && next != '"' {
			continue
		}
		word := s[strings.LastIndexByte(s[:i], ' ')+1 : i]
		if abbreviations[strings.ToLower(word)] || utf8.RuneCountInString(word) < 2 || isDigits(word) {
			continue
		}
		return i + 1
	}
	return 0
}

var abbreviations = map[string]bool{
	"bzw": true, "ca": true, "inkl": true, "exkl": true, "ggf": true, "max": true, "min": true, "nr": true,
	"usw": true, "vgl": true, "zzgl": true, "abs": true, "evtl": true, "etc": true, "e.g": true, "i.e": true,
	"no": true, "vs": true, "approx": true, "incl": true, "dr": true, "mr": true, "mrs": true, "st": true,
}

func isDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// oneLine folds white space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// trailingRefs is what developers hang on titles for their forge: "(#12)",
// "[RW-100]", "fixes #3", "(issue#3795@Github)".
var trailingRefs = regexp.MustCompile(`(?i)\s*(?:[(（](?:issue|pr)[\s:]*[#!]\w+(?:@\w+)?[)）]|[(\[](?:(?:fix(?:es)?|close[sd]?|resolve[sd]?|refs?|see|part of|gh)[:\s-]*)*(?:[\w./-]*[#!]\d+|[A-Z][A-Z0-9]+-\d+)(?:[,\s]+(?:and\s+)?(?:[\w./-]*[#!]\d+|[A-Z][A-Z0-9]+-\d+))*[)\]]|(?:fix(?:es)?|close[sd]?|resolve[sd]?|refs?)[:\s]+#\d+)\s*$`)

// leadingRefs is a ticket or request in front: "RW-100: ", "[RW-100] ", "[ISSUE #12] ",
// "PR/775: ", "Bug 31: ".
var leadingRefs = regexp.MustCompile(`^(?:(?:\[[A-Z][A-Z0-9]+-\d+\]|[A-Z][A-Z0-9]+-\d+)(?:[:\s-]+|$)|\[(?i:(?:issue|bug|pr|gh)[\s:/-]*)?[#!]\d+\][:\s-]*|[#!]\d+[:\s-]+|(?i:issue|bug|pr|gh)[\s/#-]*\d+\s*(?:[:-]\s+))`)

// forRobots is what tells a build server to rest, wherever it stands.
var forRobots = regexp.MustCompile(`(?i)\s*(?:[(\[](?:skip[ -](?:ci|actions)|(?:ci|actions)[ -]skip|no[ -]ci)[)\]]|\*{3}NO_CI\*{3})`)

// leadingPlace is what can be a place in the code in front: "raft/raftpb: ".
var leadingPlace = regexp.MustCompile(`^([\w.-]+(?:/[\w.-]+)+)/?:\s+`)

// withoutPlace takes off a place in the code that the change is at. It says nothing to
// customers, and which files there are is nobody's; "Excel/CSV: " is no such place.
func withoutPlace(ch *model.Change, t string) string {
	m := leadingPlace.FindStringSubmatch(t)
	if m == nil || !slices.ContainsFunc(ch.Paths, func(p model.PathChange) bool {
		return strings.HasPrefix(p.Path, m[1]+"/") || strings.HasPrefix(p.Path, m[1]+".") || strings.Contains(p.Path, "/"+m[1]+"/")
	}) {
		return t
	}
	return t[len(m[0]):]
}

// publicTitle is the developer's title made fit to be seen: without the references of
// forge and tracker, places in the code and words for robots, opening with a capital.
func publicTitle(c *config.Config, ch *model.Change) string {
	t := withoutEmoji(oneLine(ch.Title))
	for {
		short := strings.TrimSpace(forRobots.ReplaceAllString(t, ""))
		short = withoutPlace(ch, leadingRefs.ReplaceAllString(trailingRefs.ReplaceAllString(short, ""), ""))
		if short == t || short == "" {
			break
		}
		t = short
	}
	t = withoutStress(strings.TrimSuffix(t, "."))
	word, _, _ := strings.Cut(t, " ")
	// Code words keep their case: "npm", "iOS", "get_price()".
	if strings.ContainsAny(word, "_()./:`=<>") || strings.ToLower(word) != word || codeWords[word] {
		return t
	}
	r, n := utf8.DecodeRuneInString(t)
	if n == 0 {
		return ch.ID
	}
	return string(unicode.ToUpper(r)) + t[n:]
}

// stressed are words between stars, as markdown has them; the stars of globs, of
// pointers and of products stand otherwise.
var stressed = regexp.MustCompile(`(^|[\s("'„“»])(?:\*\*(\pL[^*]*[\pL\pN])\*\*|\*(\pL[^*]*[\pL\pN])\*)($|[\s.,;:!?)"'“”«])`)

// withoutStress takes the stars off words that somebody stressed in a title. Titles
// are plain text but for code, in which stars are code.
func withoutStress(title string) string {
	if !strings.Contains(title, "*") {
		return title
	}
	parts := strings.Split(title, "`")
	for i := range parts {
		if i%2 == 1 && i < len(parts)-1 {
			continue // between two backticks
		}
		// Two that follow each other share the blank between them.
		for range 2 {
			parts[i] = stressed.ReplaceAllString(parts[i], "$1$2$3$4")
		}
	}
	return strings.Join(parts, "`")
}

var codeWords = map[string]bool{"npm": true, "git": true, "curl": true, "systemd": true, "nginx": true, "kubectl": true, "docker": true}
