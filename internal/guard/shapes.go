package guard

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

// names looks for names in the tight form.
func (s *scan) names(v *view) {
	g := s.guard
	whole := 0 // where the last full name ends
	g.names.each(v.tight, func(l *literal, i int) {
		if l.owner != "" && l.owner == s.owner {
			return
		}
		j := i + len(l.text)
		from, last := int(v.at[i]), int(v.at[j-1])
		_, size := utf8.DecodeRuneInString(v.loose[last:])
		to := last + size
		if !s.isName(v, l, from, to) {
			return
		}
		// A short form inside of the full name says nothing more.
		switch {
		case l.whole && to <= whole:
			return
		case !l.whole:
			whole = max(whole, to)
		}
		s.add(l.class, l.what, v, from, to, shorten(v.loose[from:to]))
	})
}

// isName reports whether the letters at a place are a word of their own.
func (s *scan) isName(v *view, l *literal, from, to int) bool {
	loose := v.loose
	span := loose[from:to]
	if l.upper {
		if r, _ := utf8.DecodeRuneInString(span); !unicode.IsUpper(r) {
			return false
		}
	}
	if i := strings.IndexFunc(span, func(r rune) bool { return r < 0x80 && !isAlnum(byte(r)) }); i < 0 && len(l.text) >= 7 && !l.whole && !l.turned {
		return true // a long name is one inside of a compound, too
	}
	if v.before(from) || l.class == Ticket && sentenceEnd.MatchString(span) {
		return false
	}
	if v.after(to) {
		// Genitive and plural.
		if len(l.text) < 4 || loose[to]|0x20 != 's' || v.after(to+1) {
			return false
		}
	}
	if l.dense {
		// "a page" is no A. Page.
		return !strings.Contains(span, " ") || strings.Contains(span, ".")
	}
	// A short word must not come together out of two others.
	return len(l.text) >= 6 || !strings.ContainsAny(span, " ") || spelled(span)
}

// sentenceEnd stands between two sentences: "Der Kurs. 1204 Plätze".
var sentenceEnd = regexp.MustCompile(`[.,:;!?]\s`)

// spelled reports whether every letter stands alone: "A c m e".
func spelled(span string) bool {
	for i := 0; i+1 < len(span); i++ {
		if isAlnum(span[i]) && isAlnum(span[i+1]) {
			return false
		}
	}
	return true
}

// shapes looks for what is known by its form.
func (s *scan) shapes(v *view) {
	g := s.guard
	hit := func(class Class, what string, from, to int) {
		// What was found without the joining needn't be found with its neighbours.
		if v.spans(from, to) && !s.holds(v, class, v.loose[from:to]) {
			s.add(class, what, v, from, to, shorten(v.loose[from:to]))
		}
	}
	g.marks.each(v.lower, func(l *literal, at int) {
		if l.owner != "" && l.owner == s.owner {
			return
		}
		if from, to, ok := l.check(v, at, at+len(l.text)); ok && v.certain(l, from, to) {
			hit(l.class, l.what, from, to)
		}
	})
	if g.bare {
		return
	}
	s.patterns(v, hit)
	if v.joint != flush {
		s.mails(v, hit)
	}
	s.numbers(v, hit)
	if v.joint != flush && v.zone != zoneStyle {
		s.oddAddresses(v, hit)
	}
	s.slashes(v, hit)
}

// standards look like tickets of a general pattern ([A-Z]+-[0-9]+).
var standards = regexp.MustCompile(`(?i)^(?:utf|ucs|iso|iec|ieee|din|en|sha|md|rfc|cve|cwe|ghsa|tls|ssl|https?|dns|alpn|ipv|covid|aes|rsa|pkcs|x|ascii|cp|windows|ean|gs|usb|mp|h|a|b|c|level|top)[-_ ]?\d`)

// holds reports whether a place of a joined view is a finding, or an exception, that
// is known already, with what the joining hung on it.
func (s *scan) holds(v *view, class Class, text string) bool {
	return v.cut != nil && slices.ContainsFunc(slices.Concat(s.found, s.passed), func(f Finding) bool { return f.Class == class && strings.Contains(text, f.raw) })
}

// patterns looks for tickets and configured patterns.
func (s *scan) patterns(v *view, hit func(Class, string, int, int)) {
	upper := ""
	for _, t := range s.guard.tickets {
		if v.joint == flush && !t.upper {
			continue // letters and digits of any kind meet everywhere
		}
		text := v.loose
		if t.upper {
			if upper == "" {
				upper = asciiUpper(v.loose)
			}
			text = upper
		}
		for _, m := range t.re.FindAllStringIndex(text, -1) {
			if !v.before(m[0]) && !standards.MatchString(v.loose[m[0]:m[1]]) && v.zone != zoneStyle {
				hit(Ticket, "", m[0], m[1])
			}
		}
		if t.wide == nil || v.zone == zoneStyle {
			continue
		}
		for _, m := range t.wide.FindAllStringIndex(v.loose, -1) {
			if strings.Contains(v.loose[m[0]:m[1]], " ") && !v.before(m[0]) {
				hit(Ticket, "", m[0], m[1])
			}
		}
	}
	for _, re := range s.guard.private {
		for _, m := range re.FindAllStringIndex(v.loose, -1) {
			if v.joint != flush || !v.digitsMeet(m[0], m[1]) {
				hit(Private, "", m[0], m[1])
			}
		}
	}
	if v.joint != flush && len(s.guard.refs) > 0 && v.zone != zoneStyle {
		for i := strings.IndexAny(v.loose, "#!"); i >= 0 && i < len(v.loose); {
			j := i + 1
			for j < len(v.loose) && v.loose[j] >= '0' && v.loose[j] <= '9' {
				j++
			}
			// Scripts write false as !1.
			if j > i+1 && !v.after(j) && s.guard.refs[v.loose[i:j]] && (v.zone != zoneScript || j > i+3) {
				hit(Ticket, "", i, j)
			}
			next := strings.IndexAny(v.loose[j:], "#!")
			if next < 0 {
				break
			}
			i = j + next
		}
	}
}

func asciiUpper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - ('a' - 'A')
		}
	}
	return string(b)
}

// notDomains end what looks like an address and is a file or a unit.
var notDomains = []string{"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "json", "html", "service", "timer", "socket", "md", "txt", "zip", "gz"}

// mails looks for mail addresses around "@".
func (s *scan) mails(v *view, hit func(Class, string, int, int)) {
	text := v.loose
	for i := strings.IndexByte(text, '@'); i >= 0; {
		from, to := i, i+1
		for from > 0 && (isAlnum(text[from-1]) || text[from-1] >= 0x80 || strings.IndexByte("._%+-'", text[from-1]) >= 0) {
			from--
		}
		for to < len(text) && (isAlnum(text[to]) || text[to] >= 0x80 || text[to] == '.' || text[to] == '-') {
			to++
		}
		address := strings.TrimRight(text[from:to], ".-")
		from += len(address) - len(strings.TrimLeft(address, ".'-"))
		address = strings.TrimLeft(address, ".'-")
		local, domain, _ := strings.Cut(address, "@")
		dot := strings.LastIndexByte(domain, '.')
		if local != "" && dot > 0 && len(domain)-dot > 2 && !strings.ContainsAny(domain[dot+1:], "0123456789") && !slices.Contains(notDomains, lower(domain[dot+1:])) {
			low := lower(address)
			if (s.guard.mails[low] || s.ownMail(low)) && v.cut == nil {
				s.passed = append(s.passed, Finding{Class: Mail, raw: address})
			}
			if !s.guard.mails[low] && !s.ownMail(low) && !(local == "git" && slices.Contains(publicForges, lower(domain))) {
				hit(Mail, "", from, from+len(address))
			}
		}
		next := strings.IndexByte(text[i+1:], '@')
		if next < 0 {
			return
		}
		i += 1 + next
	}
}

// ownMail reports whether an address is that of the system that the file is for.
func (s *scan) ownMail(address string) bool {
	for i := range s.guard.config.Systems {
		sys := &s.guard.config.Systems[i]
		if s.owner == "" || lower(sys.ID) != s.owner {
			continue
		}
		return slices.ContainsFunc(sys.Addressees(), func(r config.Recipient) bool { return lower(r.Mail) == address })
	}
	return false
}

// numbers looks for IP addresses and hashes, which both are runs of digits.
func (s *scan) numbers(v *view, hit func(Class, string, int, int)) {
	text, read := v.loose, 0
	for i := 0; i < len(text); {
		if !isHex(text[i]) && text[i] != ':' || i > 0 && (isAlnum(text[i-1]) || text[i-1] == '_') && !v.isCut(i) {
			i++
			continue
		}
		hex, colons, dots := i, 0, 0
		j := i
		for j < len(text) && (isHex(text[j]) || text[j] == ':' || text[j] == '.') {
			switch text[j] {
			case ':':
				colons++
			case '.':
				dots++
			}
			j++
			if colons+dots == 0 {
				hex = j
			}
		}
		if hex > i {
			for _, end := range v.ends(i, hex) {
				if !v.after(end) {
					s.hash(v, i, end, hit)
				}
			}
		}
		if (colons >= 2 || dots >= 3) && v.joint != flush && v.zone != zoneStyle && i >= read {
			for _, end := range v.ends(i, j) {
				if s.address(v, i, end, hit) {
					read = j
				}
			}
		}
		next := max(hex, i+1)
		if k, _ := slices.BinarySearch(v.cut, i+1); k < len(v.cut) {
			next = min(next, v.cut[k])
		}
		i = next
	}
}

// hash knows the hashes of history by seven digits and more, and anything of
// 40 or 64 digits.
func (s *scan) hash(v *view, from, to int, hit func(Class, string, int, int)) {
	n := to - from
	least := 7
	if v.zone == zoneStyle {
		least = 12 // colours have up to eight digits
	}
	if v.joint != noJoint {
		least = max(least, 9) // numbers meet numbers
	}
	if n < least || n > 64 || to < len(v.loose) && v.loose[to] == '_' {
		return
	}
	h := lower(v.loose[from:to])
	// Our own anchors and the ids of feeds are hashes of something else.
	if n == 8 && from >= 2 && v.loose[from-2:from] == "n-" {
		return
	}
	known := slices.ContainsFunc(s.guard.hashes[h[:7]], func(k model.Hash) bool { return strings.HasPrefix(string(k), h) })
	if known && !uuid(v.loose, from, to) || (n == 40 || n == 64) && strings.ContainsAny(h, "abcdef") && strings.ContainsAny(h, "0123456789") {
		hit(Hash, "", from, to)
	}
}

// uuid reports whether digits are a group of a UUID (8-4-4-4-12).
func uuid(s string, from, to int) bool {
	return to-from == 8 && to+5 < len(s) && s[to] == '-' && hexRun(s[to+1:], 4) == 4 && s[to+5] == '-' ||
		to-from == 12 && from > 5 && s[from-1] == '-' && s[from-6] == '-' && hexRun(s[from-5:], 4) == 4
}

// address knows IP addresses but those that say nothing: loopback, unspecified,
// masks, and versions of the product that look like one.
func (s *scan) address(v *view, from, to int, hit func(Class, string, int, int)) bool {
	text := strings.TrimRight(v.loose[from:to], ".:")
	to = from + len(text)
	if i := strings.IndexByte(text, ':'); i > 0 && strings.Count(text, ":") == 1 { // a port
		text, to = text[:i], from+i
	}
	a, err := netip.ParseAddr(text)
	switch {
	case err != nil || v.after(to) || s.guard.version[text]:
		return false
	case a.Is4():
		before := strings.TrimSpace(v.lower[max(0, from-9):from])
		if from > 0 && v.loose[from-1] == '.' || a.IsLoopback() || a.IsUnspecified() || strings.HasPrefix(text, "255.") || strings.HasSuffix(before, "version") {
			return false
		}
	case !a.IsPrivate() && !a.IsLinkLocalUnicast() && (a.As16()[0]&0xe0 != 0x20 || strings.Count(text, ":") < 3):
		return false
	}
	hit(Address, "", from, to)
	return true
}

// roots begin paths of machines.
var roots = []string{"/home/", "/users/", "/root/", "/var/", "/etc/", "/opt/", "/srv/", "/usr/", "/mnt/", "/tmp/", "/proc/", "/builds/", "/workspace/", "/workspaces/", "/private/", "/volumes/", "/app/", "~/"}

// sourceEndings are those of files that only developers see.
var sourceEndings = func() map[string]bool {
	m := map[string]bool{}
	for e := range strings.FieldsSeq(`go py rb php java kt kts cs cpp cxx cc hpp hh h c rs swift m mm ts tsx jsx vue scala sql sh bash ps1 bat pl pm lua ex exs erl hs clj tf proto
		gradle sln csproj dart r jl ipynb yml yaml toml ini cfg conf env properties lock bak orig log twig erb pem key`) {
		m["."+e] = true
	}
	return m
}()

// isSource reports whether a name in small letters is that of a source file.
func isSource(name string) bool {
	i := strings.LastIndexByte(name, '.')
	return i >= 0 && sourceEndings[name[i:]]
}

// slashes looks for paths and branches.
func (s *scan) slashes(v *view, hit func(Class, string, int, int)) {
	text := v.loose
	for i := strings.IndexAny(text, `/\`); i >= 0 && i < len(text); {
		from, to := i, i
		for from > 0 && pathRune(text[from-1]) {
			from--
		}
		for to < len(text) && pathRune(text[to]) {
			to++
		}
		s.slash(v, from, to, hit)
		for _, start := range v.ends(from, to)[1:] {
			s.slash(v, start, to, hit)
		}
		next := strings.IndexAny(text[max(to, i+1):], `/\`)
		if next < 0 {
			return
		}
		i = max(to, i+1) + next
	}
}

func pathRune(c byte) bool {
	return isAlnum(c) || c >= 0x80 || strings.IndexByte("/\\._-+~@$%", c) >= 0
}

func (s *scan) slash(v *view, from, to int, hit func(Class, string, int, int)) {
	quotes := func(r rune) bool { return r >= 0x80 && !unicode.IsLetter(r) }
	token := strings.TrimLeftFunc(v.loose[from:to], quotes)
	from = to - len(token)
	token = strings.TrimRight(strings.TrimRightFunc(token, quotes), ".,/\\-")
	to = from + len(token)
	low := v.lower[from:to]
	colon := from > 0 && v.loose[from-1] == ':'
	switch {
	case colon && strings.HasPrefix(token, "//"):
		if strings.HasSuffix(v.lower[:from], "file:") {
			hit(Path, "", from, to)
		}
		return // an address on the net
	case colon && strings.HasPrefix(token, `\`) && from > 1 && isAlnum(v.loose[from-2]) && !v.before(from-2) && len(token) > 2:
		hit(Path, "", from-2, to)
		return
	case strings.HasPrefix(token, `\\`) && strings.Count(token, `\`) >= 3 && len(token) > 3 && isAlnum(token[2]) && isAlnum(token[3]) && v.zone != zoneScript && v.zone != zoneStyle:
		hit(Path, "", from, to)
		return
	}
	for _, r := range roots {
		if v.joint == flush {
			break
		}
		// "~/.netrc" is the reader's own file.
		if strings.HasPrefix(low, r) && len(low) > len(r) && !strings.HasPrefix(low, "~/.") {
			hit(Path, "", from, to)
			return
		}
	}
	if strings.HasPrefix(token, "./") || strings.HasPrefix(token, "../") {
		low = strings.TrimLeft(low, "./")
	}
	trimmed := strings.TrimLeft(low, "/")
	if v.joint != noJoint {
		// "can/" in front of "server.py", and "lib/" of "core", are two points of a list.
		if s.guard.paths[trimmed] && (strings.Count(trimmed, "/") > 1 || isSource(low)) {
			hit(Path, "", from, to)
		}
		return
	}
	if s.guard.paths[trimmed] && (v.zone != zoneLink || isSource(low)) && strings.Count(trimmed, "/") > 0 ||
		isSource(low) && folders(trimmed) {
		hit(Path, "", from, to)
	}
}

// folders reports whether a name lies in a folder; a lone backslash before a
// sign is markdown's.
func folders(name string) bool {
	for i := 1; i+1 < len(name); i++ {
		if (name[i] == '/' || name[i] == '\\') && isAlnum(name[i-1]) && isAlnum(name[i+1]) {
			return true
		}
	}
	return false
}
