package guard

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The ways in which people write "@" and "." of an address so that machines
// don't find it, and in which reports defuse addresses ("10[.]1[.]2[.]3").
var (
	bracketAt  = regexp.MustCompile(`(?i)([a-z0-9])\s*[\[({<]\s*(?:at|ät|@)\s*[\])}>]\s*([a-z0-9])`)
	bracketDot = regexp.MustCompile(`(?i)([a-z0-9])\s*[\[({<]\s*(?:dot|punkt|\.)\s*[\])}>]\s*([a-z0-9])`)
	// Words alone are an address only together: "look at the dot".
	wordAddress = regexp.MustCompile(`(?i)([a-z0-9._%+-]+)(\s+(?:at|ät)\s+|[-_](?:at)[-_])([a-z0-9-]+?(?:(?:\s+(?:dot|punkt)\s+|[-_](?:dot|punkt)[-_])[a-z0-9]+)+)`)
	wordDot     = regexp.MustCompile(`(?i)(?:\s+|[-_])(?:dot|punkt)(?:\s+|[-_])`)
	dottedWords = regexp.MustCompile(`(?i)\b[0-9]{1,3}(?:\s+(?:dot|punkt)\s+[0-9]{1,3}){3}\b`)
	wideAt      = regexp.MustCompile(`([A-Za-z0-9])\s+@\s+([A-Za-z0-9])`)
	// A dot between blanks is a separator of parts mostly.
	wideAddress = regexp.MustCompile(`[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?: \. [A-Za-z0-9-]+)+`)
	wideNumbers = regexp.MustCompile(`\b[0-9]{1,3}(?: \. [0-9]{1,3}){3}\b`)
)

// articles begin what is no host: "at the dot com office".
var articles = []string{"the", "a", "an", "this", "that", "our", "your", "der", "die", "das", "dem", "den", "diesem", "jedem"}

// unspell gives a text with its spelled-out addresses put together, itself where
// it holds none.
func unspell(s string) string {
	low := lower(s)
	if !spellsOut(low) {
		return s
	}
	if bracketed(low) {
		s = twice(bracketAt, s, "$1@$2")
		s = twice(bracketDot, s, "$1.$2")
	}
	if strings.Contains(low, "dot") || strings.Contains(low, "punkt") {
		s = wordAddress.ReplaceAllStringFunc(s, func(m string) string {
			p := wordAddress.FindStringSubmatch(m)
			if first, _, _ := strings.Cut(lower(p[3]), " "); slices.Contains(articles, first) {
				return m
			}
			return p[1] + "@" + wordDot.ReplaceAllString(p[3], ".")
		})
		s = dottedWords.ReplaceAllStringFunc(s, func(m string) string { return wordDot.ReplaceAllString(m, ".") })
	}
	if strings.Contains(s, "@ ") {
		s = wideAt.ReplaceAllString(s, "$1@$2")
	}
	if strings.Contains(s, " . ") {
		tight := func(m string) string { return strings.ReplaceAll(m, " . ", ".") }
		s = wideNumbers.ReplaceAllStringFunc(wideAddress.ReplaceAllStringFunc(s, tight), tight)
	}
	return s
}

// spelled looks for addresses that are spelled out, across line breaks too.
func (s *scan) spelled(v *view) {
	look := func(text string) {
		plain := newView(text, v.zone)
		plain.spelled = true
		s.shapes(plain)
	}
	if plain := unspell(v.loose); plain != v.loose {
		look(plain)
	}
	if !spellsOut(v.lower) && (v.joined == nil || !spellsOut(v.joined.lower)) {
		return
	}
	// What is put together without being spelled out is looked at elsewhere.
	var out []string
	for text := range strings.SplitSeq(pairs(v.loose), string(separator)) {
		if plain := unspell(text); plain != text {
			out = append(out, plain)
		}
	}
	if len(out) > 0 {
		look(strings.Join(out, string(separator)))
	}
}

var unmarked = strings.NewReplacer("*", "", "`", "", "~~", "")

// pairs gives every block and line without the marks of markdown, alone and behind
// the one before it: what is broken in two is whole in one of the pairs, and a
// pair hangs on nothing else.
func pairs(loose string) string {
	var b strings.Builder
	before := ""
	for part := range blocks(unmarked.Replace(loose)) {
		b.WriteString(part.text + string(separator))
		if before != "" {
			b.WriteString(before + part.text + string(separator) + before + " " + part.text + string(separator))
		}
		before = part.text
	}
	return b.String()
}

// spellsOut reports whether a text holds anything of a spelled-out address.
func spellsOut(low string) bool {
	for _, w := range []string{"dot", "punkt", "@ ", " . "} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return bracketed(low)
}

// bracketed reports whether a bracket holds what may be read as "@" or "."; most
// brackets hold something else.
func bracketed(low string) bool {
	for i := strings.IndexAny(low, "[({<"); i >= 0; {
		inside := strings.TrimLeft(low[i+1:min(len(low), i+16)], " \n")
		for _, w := range []string{"at", "ät", "@", "dot", "punkt", "."} {
			if strings.HasPrefix(inside, w) {
				return true
			}
		}
		next := strings.IndexAny(low[i+1:], "[({<")
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return false
}

// twice replaces matches that may share a character: "a . b . c".
func twice(re *regexp.Regexp, s, by string) string {
	if !re.MatchString(s) {
		return s
	}
	return re.ReplaceAllString(re.ReplaceAllString(s, by), by)
}

// oddAddresses looks for IPv4 addresses in the forms that browsers and programs
// read besides four decimals (https://url.spec.whatwg.org/#concept-ipv4-parser):
// one number, or four parts in decimal, octal or hexadecimal. A number alone is
// too often only a number: it counts where it is the host of an address on the
// net, or lies in the ranges from which houses number their own machines.
func (s *scan) oddAddresses(v *view, hit func(Class, string, int, int)) {
	const shortest = 7 // characters
	text := v.loose
	for from := 0; from < len(text); {
		if text[from] < '0' || text[from] > '9' {
			from++
			continue
		}
		to := from
		for to < len(text) && (isHex(text[to]) || text[to]|0x20 == 'x' || text[to] == '.') {
			to++
		}
		word := strings.TrimRight(text[from:to], ".")
		end := from + len(word)
		if len(word) >= shortest && !v.before(from) && !v.after(end) && (from == 0 || strings.IndexByte(".-_#", text[from-1]) < 0) {
			s.oddAddress(v, from, end, hit)
		}
		from = max(to, from+1)
	}
}

func (s *scan) oddAddress(v *view, from, to int, hit func(Class, string, int, int)) {
	word := v.loose[from:to]
	inLink := strings.HasSuffix(v.loose[:from], "//") || strings.HasSuffix(v.loose[:from], "@")
	for _, a := range readAddress(word) {
		if a.IsLoopback() || a.IsUnspecified() {
			continue
		}
		if inLink || a.IsPrivate() && (strings.ContainsAny(word, ".xX") || a.As4()[0] != 10 || namesAddress(v.lower[max(0, from-16):from])) {
			hit(Address, "", from, to)
			return
		}
	}
}

// namesAddress reports whether the words before a number speak of a machine.
func namesAddress(before string) bool {
	for _, w := range []string{"ip", "host", "server", "adresse", "address"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	return false
}

// readAddress reads the odd notations; four plain decimals are no odd one. With
// leading zeros it may be octal for a program and decimal for a reader.
func readAddress(word string) []netip.Addr {
	parts := strings.Split(word, ".")
	odd := len(parts) == 1
	for _, p := range parts {
		odd = odd || len(p) > 1 && p[0] == '0'
	}
	if !odd || len(parts) == 2 || len(parts) == 3 {
		return nil
	}
	var out []netip.Addr
	for _, octal := range []bool{true, false} {
		if a, ok := parseAddress(parts, octal); ok {
			out = append(out, a)
		}
	}
	return out
}

func parseAddress(parts []string, octal bool) (netip.Addr, bool) {
	var value uint64
	for _, p := range parts {
		base, digits := 10, p
		switch {
		case len(p) > 2 && (p[1] == 'x' || p[1] == 'X'):
			base, digits = 16, p[2:]
		case octal && len(p) > 1 && p[0] == '0':
			base, digits = 8, p[1:]
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || len(parts) > 1 && n > 255 {
			return netip.Addr{}, false
		}
		value = value<<8 | n
		if len(parts) == 1 {
			value = n
		}
	}
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)}), true
}
