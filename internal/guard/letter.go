package guard

import (
	"bytes"
	"encoding/base64"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"path"
	"slices"
	"strings"
)

// letter takes a mail (RFC 5322, MIME) apart: header fields decoded, every part
// by its own format. What isn't a mail is read as text.
func letter(data []byte, depth int) []segment {
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return []segment{{zoneText, string(data)}}
	}
	body, err := io.ReadAll(m.Body)
	out := []segment{{zoneText, fields(m.Header)}}
	if err != nil {
		return append(out, segment{zoneText, string(data)})
	}
	return append(out, mimePart(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", body, depth)...)
}

// fields gives the decoded header fields of a mail or a part of it.
func fields(h mail.Header) string {
	var head strings.Builder
	decoder := new(mime.WordDecoder)
	for _, k := range sortedKeys(h) {
		// Whom a mail goes to and comes from is its purpose; the guard of the
		// texts has no say in it.
		if k == "To" || k == "From" || k == "Reply-To" || k == "Cc" || k == "Message-Id" || k == "Content-Id" || k == "Sender" || k == "Return-Path" {
			continue
		}
		for _, v := range h[k] {
			if text, err := decoder.DecodeHeader(v); err == nil {
				v = text
			}
			head.WriteString(k + string(separator) + v + string(separator))
		}
	}
	return head.String()
}

// outside gives what stands before the first and behind the last part.
func outside(body []byte, delimiter string) string {
	first, last := bytes.Index(body, []byte(delimiter)), bytes.LastIndex(body, []byte(delimiter))
	if first < 0 {
		return string(body)
	}
	return string(body[:first]) + string(separator) + string(body[last+len(delimiter):])
}

func mimePart(kind, transfer, name string, body []byte, depth int) []segment {
	switch strings.ToLower(strings.TrimSpace(transfer)) {
	case "quoted-printable":
		if plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body))); err == nil {
			body = plain
		}
	case "base64":
		if plain, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(body))); err == nil {
			body = plain
		}
	}
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		media = "text/plain"
	}
	switch {
	case strings.HasPrefix(media, "multipart/") && params["boundary"] != "" && depth < maxDepth:
		var out []segment
		r := multipart.NewReader(bytes.NewReader(body), params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				// What stands outside of the parts is text, too.
				return append(out, segment{zoneText, outside(body, "--"+params["boundary"])})
			}
			if err != nil {
				return append(out, segment{zoneText, string(body)})
			}
			inner, err := io.ReadAll(p)
			if err != nil {
				return append(out, segment{zoneText, string(body)})
			}
			out = append(out, segment{zoneText, partHead(p.Header)})
			out = append(out, mimePart(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.FileName(), inner, depth+1)...)
		}
	case media == "message/rfc822":
		return letter(body, depth+1)
	case media == "text/html":
		return parts(".html", body, depth+1)
	case media == "text/calendar":
		return parts(".ics", body, depth+1)
	case media == "text/plain":
		return []segment{{zoneText, string(body)}}
	}
	return parts(path.Ext(name), body, depth+1)
}

// partHead gives what a part's head says: its fields, and the parameters of them
// as they are meant: a file's name with its folders, however it is encoded.
func partHead(head map[string][]string) string {
	var b strings.Builder
	b.WriteString(fields(head))
	for _, k := range sortedKeys(head) {
		for _, v := range head[k] {
			_, params, err := mime.ParseMediaType(v)
			for _, name := range slices.Sorted(maps.Keys(params)) {
				if err == nil && name != "boundary" {
					b.WriteString(params[name] + string(separator))
				}
			}
		}
	}
	return b.String()
}

func sortedKeys(h map[string][]string) []string { return slices.Sorted(maps.Keys(h)) }
