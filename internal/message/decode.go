package message

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// Decode makes text of a raw message whose commit has the `encoding` header
// given, "" for none. Damaged says that bytes were invalid in that encoding, or
// in UTF-8 where there is no header or an unknown one: they became U+FFFD. A
// NUL, behind which git shows nothing, is damage too.
func Decode(raw []byte, name string) (text string, damaged bool) {
	text = string(raw)
	nul := strings.IndexByte(text, 0) >= 0
	if e := encodingOf(name); e != nil {
		if decoded, err := e.NewDecoder().String(text); err == nil {
			return decoded, nul || strings.ContainsRune(decoded, utf8.RuneError)
		}
	}
	if utf8.ValidString(text) {
		return text, nul
	}
	var b strings.Builder
	for _, r := range text {
		b.WriteRune(r)
	}
	return b.String(), true
}

// encodingOf finds the encoding by the names that iconv knows, nil for UTF-8
// and for unknown ones.
func encodingOf(name string) encoding.Encoding {
	name = strings.ToLower(strings.TrimSpace(name))
	switch name {
	case "", "utf-8", "utf8", "ascii", "us-ascii":
		return nil
	case "latin-1":
		name = "latin1"
	}
	if rest, ok := strings.CutPrefix(name, "cp125"); ok {
		name = "windows-125" + rest
	} else if rest, ok := strings.CutPrefix(name, "iso8859-"); ok {
		name = "iso-8859-" + rest
	}
	if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil {
		return e
	}
	if e, err := htmlindex.Get(name); err == nil {
		return e
	}
	return nil
}
