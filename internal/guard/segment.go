package guard

import (
	"bytes"
	"encoding/json"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"daybreak/internal/picture"
)

// zone says what a segment is in its file; a few shapes mean something else
// there.
type zone int

const (
	zoneText zone = iota
	zoneAttr
	zoneLink   // addresses: href, src
	zoneStyle  // CSS, drawings: colours look like hashes, numbers like addresses
	zoneScript // JavaScript
	zoneComment
	zoneMeta // metadata of pictures
	zoneName // the file's own path
	zoneList // words in the order of the alphabet: none says anything of the next
)

// segment is a piece of a file that is read as one text.
type segment struct {
	zone zone
	text string
}

// apart stands between fields that would mean something only by chance if they were
// put together. Its letters begin and end no word.
const apart = string(separator) + "qzx" + string(separator)

// ownLink is a page's address or a note's anchor in the search index: what stands there
// behind a title that ends in "passwd:" is no password.
var ownLink = regexp.MustCompile(`^(?:(?:[A-Za-z0-9.+-]+/)*index\.html|n-[0-9a-f]{8}x*)$`)

// dataCall is a script that does nothing but hand over data, as the search index
// does: what it holds is texts.
var dataCall = regexp.MustCompile(`^\s*[A-Za-z_$][A-Za-z0-9_$]*\((?s:(.*))\);?\s*$`)

// maxDepth bounds formats within formats: a page in a feed in a mail.
const maxDepth = 6

// segments takes a file apart by its name and content.
func segments(name string, data []byte) []segment { return parts(path.Ext(name), data, 0) }

func parts(ext string, data []byte, depth int) []segment {
	if depth > maxDepth {
		return []segment{{zoneText, string(data)}}
	}
	switch strings.ToLower(ext) {
	case ".html", ".htm", ".xhtml":
		return markup(data, false, depth)
	case ".svg", ".xml", ".atom", ".rss", ".xsl":
		return markup(data, true, depth)
	case ".json", ".webmanifest", ".map":
		if out, ok := jsonParts(data, depth); ok {
			return out
		}
	case ".css":
		return []segment{{zoneStyle, string(data)}}
	case ".js", ".mjs":
		if call := dataCall.FindSubmatch(data); call != nil {
			if out, ok := jsonParts(call[1], depth); ok {
				return out
			}
		}
		return []segment{{zoneScript, string(data)}}
	case ".eml", ".mht":
		return letter(data, depth)
	case ".ics", ".ifb":
		return calendar(data, depth)
	case ".md", ".markdown":
		text := string(data)
		return append(remarks(text), segment{zoneText, text})
	}
	if f := picture.Parse(data); f.Format != "" {
		return beside(f)
	}
	if utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 {
		return []segment{{zoneText, string(data)}}
	}
	// What can't be read still holds words.
	return []segment{{zoneMeta, strings.Join(printable(data), string(separator))}}
}

// remarks finds HTML comments in markdown; an escaped "\<!--" and one in a code
// span are text.
func remarks(text string) []segment {
	var out []segment
	for line := range strings.SplitSeq(text, "\n\n") {
		rest := line
		for {
			i := strings.Index(rest, "<!--")
			if i < 0 {
				break
			}
			if (i == 0 || rest[i-1] != '\\') && strings.Count(rest[:i], "`")%2 == 0 {
				inside, _, _ := strings.Cut(rest[i+4:], "-->")
				out = append(out, segment{zoneComment, inside})
			}
			rest = rest[i+4:]
		}
	}
	return out
}

// inline elements don't interrupt a word.
var inline = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "b": true, "bdi": true, "bdo": true, "big": true, "cite": true, "code": true, "data": true, "del": true,
	"dfn": true, "em": true, "font": true, "i": true, "ins": true, "kbd": true, "label": true, "mark": true, "q": true, "rb": true, "ruby": true,
	"s": true, "samp": true, "small": true, "span": true, "strike": true, "strong": true, "sub": true, "sup": true, "time": true, "tspan": true, "tt": true, "u": true, "var": true, "wbr": true,
}

// links are the attributes that hold addresses; drawn those that hold numbers.
var (
	links = map[string]bool{"href": true, "src": true, "srcset": true, "action": true, "poster": true, "xlink:href": true, "data-href": true, "formaction": true, "cite": true}
	drawn = map[string]bool{"d": true, "points": true, "transform": true, "viewbox": true, "style": true, "class": true, "id": true, "for": true, "aria-labelledby": true, "aria-describedby": true}
)

// markup takes HTML or XML apart. The text of a page is one segment, so that a
// name is found across tags; in XML every element is a field of its own.
func markup(data []byte, isXML bool, depth int) []segment {
	z := html.NewTokenizer(bytes.NewReader(data))
	z.AllowCDATA(isXML)
	var out []segment
	var text, attrs, hrefs, styles strings.Builder
	var field strings.Builder // text of an XML element that holds markup itself
	inField, overriding := "", ""
	broken := false // a line's break came last
	raw := zoneText
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF { // the tokenizer's buffer has no bound here; nothing else fails
				out = append(out, segment{zoneText, string(data)})
			}
			for _, s := range []struct {
				z zone
				b *strings.Builder
			}{{zoneText, &text}, {zoneAttr, &attrs}, {zoneLink, &hrefs}, {zoneStyle, &styles}} {
				if s.b.Len() > 0 {
					out = append(out, segment{s.z, s.b.String()})
				}
			}
			return out
		case html.TextToken:
			t := string(z.Text())
			switch {
			case inField != "":
				field.WriteString(t)
			case raw != zoneText:
				out = append(out, segment{raw, t})
			default:
				if broken { // a break and the line's end behind it are one
					t = strings.TrimLeft(t, " \t\r\n")
				}
				text.WriteString(t)
			}
			broken = broken && t == ""
		case html.CommentToken:
			if c := string(z.Text()); !strings.HasPrefix(c, "?") {
				out = append(out, segment{zoneComment, c})
			}
		case html.DoctypeToken:
		case html.EndTagToken:
			name, _ := z.TagName()
			raw = zoneText
			if inField != "" && string(name) == inField {
				out = append(out, parts(".html", []byte(field.String()), depth+1)...)
				field.Reset()
				inField = ""
			}
			text.WriteString(gap(string(name), isXML))
			if string(name) == overriding {
				text.WriteRune(pdf)
				overriding = ""
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			b, more := z.TagName()
			name := string(b)
			text.WriteString(gap(name, isXML))
			broken = name == "br" || broken && inline[name]
			if strings.Contains(name, "-") {
				attrs.WriteString(name + string(separator))
			}
			kind := ""
			for more {
				var k, v []byte
				k, v, more = z.TagAttr()
				key := string(k)
				to := &attrs
				if (name == "bdo" && key == "dir" || key == "style" && strings.Contains(string(v), "bidi-override")) && strings.Contains(strings.ToLower(string(v)), "rtl") {
					text.WriteRune(rlo) // the markup's form of the control
					overriding = name
				}
				switch {
				case key == "type":
					kind = string(v)
				case links[key]:
					to = &hrefs
				case drawn[key]:
					to = &styles
				case strings.HasPrefix(key, "data-"):
					attrs.WriteString(key + string(separator))
				}
				to.Write(v)
				to.WriteByte(separator)
			}
			switch name {
			case "style":
				raw = zoneStyle
			case "script":
				raw = zoneScript
			case "content", "summary", "description":
				if isXML && (kind == "html" || kind == "xhtml" || name == "description") && inField == "" {
					inField = name
				}
			}
		}
	}
}

// gap is what a tag puts between two letters.
func gap(name string, isXML bool) string {
	switch {
	case inline[name]:
		return ""
	case isXML:
		return string(separator)
	}
	if name == "br" { // the eye goes on
		return "\n"
	}
	return string(border)
}

// jsonParts gives the strings and keys of JSON; under a key that names HTML they
// are pages. Every string is a field of its own.
func jsonParts(data []byte, depth int) ([]segment, bool) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var out []segment
	var text, hrefs strings.Builder
	number, sentence := false, false // came last
	var walk func(key string) error
	walk = func(key string) error {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		ended, after := sentence, number || sentence
		_, number = t.(json.Number)
		sentence = false
		switch t := t.(type) {
		case json.Delim:
			number = after
			for dec.More() {
				inner := key
				if t == '{' {
					k, err := dec.Token()
					if err != nil {
						return err
					}
					inner, _ = k.(string)
					text.WriteString(inner + string(separator))
					number = false
				}
				if err := walk(inner); err != nil {
					return err
				}
			}
			_, err = dec.Token()
			return err
		case string:
			switch {
			case strings.Contains(strings.ToLower(key), "html"):
				out = append(out, parts(".html", []byte(t), depth+1)...)
			case strings.HasSuffix(strings.ToLower(key), "url"), ownLink.MatchString(t):
				hrefs.WriteString(t + string(separator))
				sentence = ended // what is read goes on behind it
			case key == "terms" && isWordList(t):
				out = append(out, segment{zoneList, strings.ReplaceAll(t, " ", apart)})
			default:
				text.WriteString(t + string(separator))
				sentence = strings.HasSuffix(strings.TrimRight(t, "`*_)\"'”“ "), ".")
			}
		case json.Number:
			if after { // the numbers of a table, or behind a sentence
				text.WriteString(apart)
			}
			text.WriteString(t.String() + string(separator))
		}
		return nil
	}
	for {
		if err := walk(""); err == io.EOF {
			break
		} else if err != nil {
			return nil, false
		}
	}
	return append(out, segment{zoneText, text.String()}, segment{zoneLink, hrefs.String()}), true
}

// isWordList reports whether a text is the words of a search index: each once, in the
// order of their bytes, one blank between them. A sentence is none.
func isWordList(text string) bool {
	before, words := "", 0
	for word := range strings.SplitSeq(text, " ") {
		if word <= before {
			return false
		}
		before, words = word, words+1
	}
	return words > 1
}
