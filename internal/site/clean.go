package site

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"daybreak/internal/markdown"
)

// Limits of one note, in characters. What a person writes for customers is far
// below; what a robot pours into a commit message is not.
const (
	maxTitle = 300
	maxBody  = 6000
	maxHTML  = 20_000 // bytes of a body on the page
)

var unfitForID = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

func fitForID(s string) string {
	return strings.Trim(unfitForID.ReplaceAllString(head(s, 60), "-"), "-")
}

// line makes untrusted text one clean line of at most limit characters.
func line(s string, limit int) string {
	return shorten(markdown.Line(head(s, 8*limit)), limit)
}

// head is the first bytes of s, at a character's boundary: what is cut anyhow
// need not be cleaned before.
func head(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// unique gives an id that no other note of the page has.
func unique(taken map[string]bool, id string) string {
	if id == "" {
		id = "note"
	}
	out := id
	for i := 2; taken[out]; i++ {
		out = id + "-" + strconv.Itoa(i)
	}
	taken[out] = true
	return out
}

// webAddress lets only web addresses through.
func webAddress(url string) string {
	if strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
		return url
	}
	return ""
}

// shorten cuts at a word where it can, and marks the cut.
func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	short := string([]rune(s)[:limit])
	if i := strings.LastIndexByte(short, ' '); i > limit/2 {
		short = short[:i]
	}
	return strings.TrimRight(short, " ,;:–-·") + "…"
}

// cutBody cleans a text of several lines and keeps whole lines up to maxBody
// characters, and fewer of a text that grows far in HTML: highlighted code can
// become twenty times as long. size is how many bytes it takes as HTML.
func (b *publicBuild) cutBody(s string) (text string, size int, cut bool) {
	if s == "" {
		return "", 0, false
	}
	clean := b.ownPictures(markdown.Clean(head(s, 8*maxBody)))
	cut = len(s) > 8*maxBody
	for limit := maxBody; ; limit /= 2 {
		if utf8.RuneCountInString(clean) > limit {
			clean, cut = string([]rune(clean)[:limit]), true
			if i := strings.LastIndexByte(clean, '\n'); i > limit/2 {
				clean = clean[:i]
			}
		}
		if size = len(b.markdown.HTML(clean)); size <= maxHTML || limit == 0 {
			return clean, size, cut
		}
	}
}
