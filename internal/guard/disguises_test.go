package guard

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"mime"
	"net/url"
	"slices"
	"strings"
)

// disguises hide a text from a naive search and not from a reader, a browser
// or a program. The result is text; wrap puts it into a format.
var disguises = map[string]func(string) string{
	"plain":           func(s string) string { return s },
	"soft hyphens":    func(s string) string { return between(s, "\u00ad") },
	"zero width":      func(s string) string { return between(s, "\u200b") },
	"word joiners":    func(s string) string { return between(s, "\u2060") },
	"bidi marks":      func(s string) string { return "\u202a" + between(s, "\u200e") + "\u202c" },
	"variation marks": func(s string) string { return between(s, "\ufe0f") },
	"fullwidth": func(s string) string {
		return mapRunes(s, func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r + 0xfee0
			}
			return r
		})
	},
	"lookalikes": func(s string) string {
		return strings.NewReplacer("a", "а", "e", "е", "o", "о", "p", "р", "c", "с", "x", "х", "K", "К", "S", "Ѕ", "M", "М", "A", "А", "B", "В", "-", "‑").Replace(s)
	},
	"percent":        func(s string) string { return percentEvery(s) },
	"percent twice":  func(s string) string { return url.QueryEscape(percentEvery(s)) },
	"numeric entity": func(s string) string { return eachRune(s, func(r rune) string { return fmt.Sprintf("&#x%x;", r) }) },
	"entities twice": func(s string) string {
		return html.EscapeString(eachRune(s, func(r rune) string { return fmt.Sprintf("&#%d;", r) }))
	},
	"script escapes": func(s string) string { return eachRune(s, func(r rune) string { return fmt.Sprintf(`\u%04x`, r) }) },
	"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte("Notiz: " + s)) },
	"emphasis":       func(s string) string { return after(s, "**") },
	"escaped tags":   func(s string) string { return after(s, "&lt;b&gt;") + "&lt;/b&gt;" },
	"line break":     func(s string) string { return middle(s, "\n") },
	"non-breaking":   func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
	"decomposed":     func(s string) string { return strings.NewReplacer("ö", "o\u0308", "ş", "s\u0327").Replace(s) },
	"strike through": func(s string) string { return between(s, "\u0336") },
	"in a sentence":  func(s string) string { return "Behoben für „" + s + "“, seit gestern." },
	"turned around":  func(s string) string { return "\u202e" + backwards(s) + "\u202c" },
	"turned in part": func(s string) string {
		r := []rune(s)
		return string(r[:2]) + "\u202e" + backwards(string(r[2:])) + "\u202c"
	},
	"turned markup": func(s string) string { return "&lt;bdo dir=rtl&gt;" + backwards(s) + "&lt;/bdo&gt;" },
	"tag characters": func(s string) string {
		return "Neu " + mapRunes(s, func(r rune) rune {
			if r < 0x20 || r > 0x7e {
				return r
			}
			return r + 0xe0000
		})
	},
	"between tags":    func(s string) string { return s },
	"inside of words": func(s string) string { return "(" + s + ")" },
}

// caseless are the classes in which case says nothing.
var caseless = []Class{Private, Customer, Ticket, Mail, Host, Branch, Hash, Person}

func init() {
	disguises["small capitals"] = func(s string) string {
		return styledAs(strings.ToLower(s), "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ")
	}
	disguises["negative squares"] = func(s string) string {
		return styledAs(strings.ToLower(s), "🅰🅱🅲🅳🅴🅵🅶🅷🅸🅹🅺🅻🅼🅽🅾🅿🆀🆁🆂🆃🆄🆅🆆🆇🆈🆉")
	}
	disguises["bold script"] = func(s string) string {
		return styledAs(strings.ToLower(s), "𝓪𝓫𝓬𝓭𝓮𝓯𝓰𝓱𝓲𝓳𝓴𝓵𝓶𝓷𝓸𝓹𝓺𝓻𝓼𝓽𝓾𝓿𝔀𝔁𝔂𝔃")
	}
	disguises["digits of another script"] = func(s string) string {
		return mapRunes(s, func(r rune) rune {
			if r >= '1' && r <= '9' { // a zero among Latin letters passes for a dot
				return r - '0' + '\u0966'
			}
			return r
		})
	}
	disguises["hexadecimal"] = func(s string) string { return hex.EncodeToString([]byte("Notiz: " + s)) }
	disguises["hexadecimal alone"] = func(s string) string { return hex.EncodeToString([]byte(s)) }
	disguises["base64 alone"] = func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	disguises["base64 of addresses"] = func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("Über: " + s)) }
	disguises["base64 in lines"] = func(s string) string {
		text := base64.StdEncoding.EncodeToString([]byte("Eine Notiz, die länger ist als eine Zeile und die Namen nennt: " + s))
		return text[:76] + "\n" + text[76:]
	}
	disguises["base64 twice"] = func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(s))))
	}
	disguises["base32"] = func(s string) string { return base32.StdEncoding.EncodeToString([]byte(s)) }
	disguises["quoted printable"] = func(s string) string {
		var b strings.Builder
		for i, c := range []byte(s) {
			if i == 3 && s[i] < 0x80 {
				b.WriteString("=\n")
			}
			fmt.Fprintf(&b, "=%02X", c)
		}
		return b.String()
	}
	disguises["encoded word"] = func(s string) string { return mime.BEncoding.Encode("utf-8", "Grüße: "+s) }
	disguises["quoted word"] = func(s string) string { return mime.QEncoding.Encode("utf-8", "Grüße: "+s) }
	disguises["script escapes twice"] = func(s string) string {
		return eachRune(s, func(r rune) string { return fmt.Sprintf(`\\u%04x`, r) })
	}
	disguises["octal escapes"] = func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			fmt.Fprintf(&b, `\%03o`, c)
		}
		return b.String()
	}
	disguises["entities without end"] = func(s string) string { return eachRune(s, func(r rune) string { return fmt.Sprintf("&#%d", r) }) }
	disguises["entities with noughts"] = func(s string) string { return eachRune(s, func(r rune) string { return fmt.Sprintf("&#x0000%X;", r) }) }
	disguises["old percent"] = func(s string) string { return eachRune(s, func(r rune) string { return fmt.Sprintf("%%u%04x", r) }) }
	disguises["isolates"] = func(s string) string { return "\u2067" + between(s, "\u2069\u2066") + "\u2069" }
	disguises["ROT13"] = rot13
	disguises["upper case"] = strings.ToUpper
	disguises["lower case"] = strings.ToLower
}

// restyled are the disguises that leave nothing of upper and lower case.
var restyled = []string{"upper case", "lower case", "small capitals", "negative squares", "bold script"}

func styledAs(s, alphabet string) string {
	letters := []rune(alphabet)
	return mapRunes(s, func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return letters[r-'a']
		}
		return r
	})
}

func backwards(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

func between(s, mark string) string {
	return strings.Join(strings.Split(s, ""), mark)
}

// after puts a mark behind the second letter.
func after(s, mark string) string {
	r := []rune(s)
	return string(r[:2]) + mark + string(r[2:])
}

// middle breaks a text in two.
func middle(s, mark string) string {
	r := []rune(s)
	return string(r[:len(r)/2]) + mark + string(r[len(r)/2:])
}

func mapRunes(s string, f func(rune) rune) string { return strings.Map(f, s) }

func eachRune(s string, f func(rune) string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(f(r))
	}
	return b.String()
}

func percentEvery(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
