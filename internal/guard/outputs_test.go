package guard

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime"
	"mime/quotedprintable"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"daybreak/internal/picture"
)

// outputs put a text into each place from which it could leave.
var outputs = map[string]func(t testing.TB, s string) (string, []byte){
	"page text": func(t testing.TB, s string) (string, []byte) {
		return "public/a.html", page("<p>" + esc(s) + "</p>")
	},
	"page across tags": func(t testing.TB, s string) (string, []byte) {
		r := []rune(s)
		if strings.ContainsAny(s, "&%\\") || len(r) > 200 { // an escape would be cut in two
			return "public/a.html", page("<p>" + esc(s) + "</p>")
		}
		return "public/a.html", page("<p>" + esc(string(r[:2])) + "<span class=x>" + esc(string(r[2:3])) + "</span><wbr>" + esc(string(r[3:])) + "</p>")
	},
	"alternative text": func(t testing.TB, s string) (string, []byte) {
		return "public/a.html", page(`<img src="x.png" alt="` + esc(s) + `">`)
	},
	"title": func(t testing.TB, s string) (string, []byte) {
		return "public/a.html", page(`<p title='` + esc(s) + `'>x</p>`)
	},
	"data": func(t testing.TB, s string) (string, []byte) {
		return "public/a.html", page(`<p data-x="` + esc(s) + `">x</p>`)
	},
	"meta": func(t testing.TB, s string) (string, []byte) {
		return "public/a.html", page(`<meta name="description" content="` + esc(s) + `">`)
	},
	"comment": func(t testing.TB, s string) (string, []byte) { return "public/a.html", page(`<!-- ` + esc(s) + ` -->`) },
	"script": func(t testing.TB, s string) (string, []byte) {
		return "public/a.html", page(`<script>let a = "` + strings.ReplaceAll(s, "\n", " ") + `"</script>`)
	},
	"json data": func(t testing.TB, s string) (string, []byte) {
		return "public/search.json", asJSON(t, map[string]any{"docs": []any{map[string]string{"t": s}}})
	},
	"search index": func(t testing.TB, s string) (string, []byte) {
		return "public/search/1.js", fmt.Appendf(nil, "daybreakIndex(%s);\n", asJSON(t, map[string]any{"notes": [][]any{{0, "fixed", s}}}))
	},
	"json feed": func(t testing.TB, s string) (string, []byte) {
		return "public/feed.json", asJSON(t, map[string]string{"content_html": "<p>" + esc(s) + "</p>"})
	},
	"atom feed": func(t testing.TB, s string) (string, []byte) {
		var b bytes.Buffer
		if err := xml.EscapeText(&b, []byte("<p>"+esc(s)+"</p>")); err != nil {
			t.Fatal(err)
		}
		return "public/feed.xml", []byte(`<?xml version="1.0"?><feed><entry><title>x</title><content type="html">` + b.String() + `</content></entry></feed>`)
	},
	"atom title": func(t testing.TB, s string) (string, []byte) {
		return "public/feed.xml", []byte(`<feed><entry><title>` + esc(s) + `</title></entry></feed>`)
	},
	"changelog": func(t testing.TB, s string) (string, []byte) {
		return "public/CHANGELOG.md", []byte("# Changes\n\n- " + s + "\n")
	},
	"mail": func(t testing.TB, s string) (string, []byte) {
		return "mail/1.2.0/A.de.md", []byte("Betreff: Neu\n\nGuten Morgen,\n\n" + s + "\n")
	},
	"eml": func(t testing.TB, s string) (string, []byte) { return "mail/1.2.0/A.de.eml", eml(t, s, "base64") },
	"eml quoted": func(t testing.TB, s string) (string, []byte) {
		return "mail/1.2.0/A.de.eml", eml(t, s, "quoted-printable")
	},
	"drawing": func(t testing.TB, s string) (string, []byte) {
		return "public/logo.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><desc>` + esc(s) + `</desc></svg>`)
	},
	"png text": func(t testing.TB, s string) (string, []byte) {
		return "public/a.png", pngWith(t, "tEXt", append([]byte("Comment\x00"), s...))
	},
	"png compressed": func(t testing.TB, s string) (string, []byte) {
		return "public/a.png", pngWith(t, "zTXt", append([]byte("Comment\x00\x00"), deflate(t, s)...))
	},
	"png behind": func(t testing.TB, s string) (string, []byte) {
		return "public/a.png", append(pngWith(t, "tIME", make([]byte, 7)), s...)
	},
	"jpeg exif": func(t testing.TB, s string) (string, []byte) {
		return "public/a.jpg", jpegWith(t, 0xe1, append([]byte("Exif\x00\x00MM\x00*"), s...))
	},
	"jpeg wide": func(t testing.TB, s string) (string, []byte) {
		return "public/a.jpg", jpegWith(t, 0xe1, append([]byte("Exif\x00\x00II*\x00"), wide(s)...))
	},
	"jpeg xmp": func(t testing.TB, s string) (string, []byte) {
		return "public/a.jpg", jpegWith(t, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta><dc:creator>"+esc(s)+"</dc:creator></x:xmpmeta>"))
	},
	"gif comment": func(t testing.TB, s string) (string, []byte) {
		return "public/a.gif", gifWith(t, 0xfe, s)
	},
	"gif text": func(t testing.TB, s string) (string, []byte) {
		return "public/a.gif", gifWith(t, 0x01, s)
	},
	"gif behind": func(t testing.TB, s string) (string, []byte) {
		return "public/a.gif", append(gifWith(t, 0xfe, "x"), s...)
	},
	"calendar": func(t testing.TB, s string) (string, []byte) {
		return "public/train.ics", []byte("BEGIN:VCALENDAR\nSUMMARY:" + s + "\n")
	},
	"calendar folded": func(t testing.TB, s string) (string, []byte) {
		var b strings.Builder
		b.WriteString("BEGIN:VCALENDAR\r\nDESCRIPTION:")
		for i, r := range []rune(strings.NewReplacer("\n", `\n`, ",", `\,`, ";", `\;`).Replace(s)) {
			if i > 0 && i%3 == 0 {
				b.WriteString("\r\n ")
			}
			b.WriteRune(r)
		}
		return "mail/1.2.0/A.de.ics", []byte(b.String() + "\r\nEND:VCALENDAR\r\n")
	},
	"eml subject": func(t testing.TB, s string) (string, []byte) {
		return "mail/1.2.0/A.de.eml", []byte("From: support@kurswagen.example\r\nSubject: " + mime.BEncoding.Encode("utf-8", "Neu: "+s) + "\r\n\r\nText\r\n")
	},
	"eml file name": func(t testing.TB, s string) (string, []byte) {
		kind := mime.FormatMediaType("attachment", map[string]string{"filename": s})
		return "mail/1.2.0/A.de.eml", []byte("From: support@kurswagen.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=bnd\r\n\r\n--bnd\r\nContent-Type: application/pdf\r\nContent-Disposition: " + kind + "\r\n\r\nx\r\n--bnd--\r\n")
	},
	"eml calendar": func(t testing.TB, s string) (string, []byte) {
		return "mail/1.2.0/A.de.eml", []byte("From: support@kurswagen.example\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte("BEGIN:VCALENDAR\r\nSUMMARY:"+s+"\r\n")) + "\r\n")
	},
	"other system": func(t testing.TB, s string) (string, []byte) {
		return "systems/K9/index.html", page("<p>" + esc(s) + "</p>")
	},
}

// halved are outputs that put the two halves of a text into blocks of their own.
var halved = map[string]func(a, b string) (string, []byte){
	"points": func(a, b string) (string, []byte) {
		return "public/a.html", page("<ul>\n<li>Zuerst: " + esc(a) + "</li>\n<li>" + esc(b) + "</li>\n</ul>")
	},
	"points alone": func(a, b string) (string, []byte) {
		return "public/a.html", page("<ul><li>Eins</li><li>" + esc(a) + "</li><li>" + esc(b) + "</li><li>Drei</li></ul>")
	},
	"cells": func(a, b string) (string, []byte) {
		return "public/a.html", page("<table>\n<tr>\n<td>" + esc(a) + "</td>\n<td>" + esc(b) + "</td>\n</tr>\n</table>")
	},
	"rows": func(a, b string) (string, []byte) {
		return "public/a.html", page("<table><tr><th>" + esc(a) + "</th></tr><tr><td>" + esc(b) + "</td></tr></table>")
	},
	"term": func(a, b string) (string, []byte) {
		return "public/a.html", page("<dl><dt><strong>" + esc(a) + "</strong></dt><dd><p>" + esc(b) + "</p></dd></dl>")
	},
	"heading": func(a, b string) (string, []byte) {
		return "public/a.html", page("<h2>" + esc(a) + "</h2><div><div><p>" + esc(b) + "</p></div></div>")
	},
	"markdown points": func(a, b string) (string, []byte) {
		return "public/CHANGELOG.md", []byte("# Neu\n\n- " + a + "\n- " + b + "\n")
	},
	"markdown cells": func(a, b string) (string, []byte) {
		return "public/CHANGELOG.md", []byte("| x | y |\n|---|---|\n| " + a + " | " + b + " |\n")
	},
	"mail paragraphs": func(a, b string) (string, []byte) {
		return "mail/1.2.0/A.de.md", []byte("Guten Morgen,\n\n" + a + "\n\n" + b + "\n")
	},
	"mail quoted": func(a, b string) (string, []byte) {
		return "mail/1.2.0/A.de.md", []byte("Guten Morgen,\n\n> " + a + "\n> " + b + "\n")
	},
	"attributes": func(a, b string) (string, []byte) {
		return "public/a.html", page(`<img alt="` + esc(a) + `" title="` + esc(b) + `">`)
	},
	"strings": func(a, b string) (string, []byte) {
		return "public/search.json", []byte(`["Neu", "` + strings.ReplaceAll(a, `\`, `\\`) + `", "` + strings.ReplaceAll(b, `\`, `\\`) + `"]`)
	},
	"feed": func(a, b string) (string, []byte) {
		return "public/feed.xml", []byte("<feed><entry><title>" + esc(a) + "</title><summary>" + esc(b) + "</summary></entry></feed>")
	},
}

// esc escapes what would be markup, and leaves entities that a disguise made.
func esc(s string) string {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(s)
}

func page(body string) []byte {
	return []byte("<!doctype html><html><head><title>x</title><style>p{color:#0b5f5a}</style></head><body><main>" + body + "</main></body></html>")
}

func asJSON(t testing.TB, v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func eml(t testing.TB, s, transfer string) []byte {
	var b bytes.Buffer
	b.WriteString("From: support@kurswagen.example\r\nSubject: Neu\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=bnd\r\n\r\n--bnd\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " + transfer + "\r\n\r\n")
	if transfer == "base64" {
		b.WriteString(base64.StdEncoding.EncodeToString([]byte("Guten Morgen,\n\n" + s)))
	} else {
		w := quotedprintable.NewWriter(&b)
		if _, err := w.Write([]byte("Guten Morgen, heute früh um halb sieben ist die neue Version da, und zwar mit " + s)); err != nil {
			t.Fatal(err)
		}
		w.Close()
	}
	b.WriteString("\r\n--bnd--\r\n")
	return b.Bytes()
}

func deflate(t testing.TB, s string) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.Bytes()
}

func wide(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

func pngWith(t testing.TB, kind string, body []byte) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(append(chunk, kind...), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return append(append(append([]byte{}, plain[:33]...), chunk...), plain[33:]...)
}

func jpegWith(t testing.TB, marker byte, body []byte) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2)), nil); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	seg := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return append(append(append(append([]byte{}, plain[:2]...), seg...), body...), plain[2:]...)
}

// gifWith puts an extension in front of a picture's pixels, in blocks of 255 bytes.
func gifWith(t testing.TB, label byte, text string) []byte {
	var b bytes.Buffer
	if err := gif.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2)), nil); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	head := len(picture.Parse(plain).Head)
	out := append(append([]byte{}, plain[:head]...), '!', label)
	for block := range slices.Chunk([]byte(text), 255) {
		out = append(append(out, byte(len(block))), block...)
	}
	return append(append(out, 0), plain[head:]...)
}
