package guard

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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
	if v.before(from) || l.class == Ticket && (sentenceEnd.MatchString(span) || dotted.MatchString(span) || s.guard.isProduct(span)) {
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
	if v.zone == zoneName && len(l.text) < 6 && strings.ContainsAny(span, "./") {
		return false // mail B in English is nobody called Ben
	}
	// A short word must not come together out of two others.
	return len(l.text) >= 6 || !strings.ContainsAny(span, " ") || spelled(span)
}

// dotted are the numbers of a version: "Kafka 3.5.1" is no KAFKA-351.
var dotted = regexp.MustCompile(`[0-9]\.[0-9]`)

// isProduct reports whether a place reads as the product's name with a number behind it,
// where tickets are called by the same name: "Kafka 3".
func (g *Guard) isProduct(span string) bool {
	name := strings.TrimRight(span, "0123456789")
	last, _ := utf8.DecodeLastRuneInString(name)
	return !unicode.IsLetter(last) && !strings.ContainsFunc(name, func(r rune) bool { return r == '_' || r == '#' || unicode.Is(unicode.Dash, r) }) && fold(name) == fold(g.config.Product.Name)
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
		if v.zone == zoneList && slices.Contains(contextual, class) {
			return
		}
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

// contextual classes are told by the words around, which the note's own text has and a
// list of its words has not: "2.12.6.1" may be a version, and "enable-v2" a switch.
var contextual = []Class{Address, Branch, Hash, Path}

// standards look like tickets of a general pattern ([A-Z]+-[0-9]+).
var standards = regexp.MustCompile(`(?i)^(?:utf|ucs|iso|iec|ieee|din|en|sha|md|rfc|cve|cwe|ghsa|tls|ssl|https?|dns|alpn|ipv|covid|aes|rsa|pkcs|x|ascii|cp|windows|ean|gs|usb|mp|h|a|b|c|level|top)[-_ ]?\d`)

// holds reports whether a place of a joined view is a finding, or an exception, that
// is known already, with what the joining hung on it.
func (s *scan) holds(v *view, class Class, text string) bool {
	return (v.cut != nil || v.spelled) && slices.ContainsFunc(slices.Concat(s.found, s.passed), func(f Finding) bool { return f.Class == class && strings.Contains(text, f.raw) })
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

// roots begin paths of machines.
var roots = []string{"/home/", "/users/", "/root/", "/var/", "/etc/", "/opt/", "/srv/", "/usr/", "/mnt/", "/tmp/", "/proc/", "/builds/", "/workspace/", "/workspaces/", "/private/", "/volumes/", "/app/", "~/"}

// everybodys are files and folders that each machine has.
var everybodys = []string{"/etc/hosts", "/etc/passwd", "/etc/ssh", "/etc/ssl", "/etc/ssl/certs", "/etc/localtime", "/etc/resolv.conf", "/etc/mime.types", "/etc/fstab", "/usr/bin/env", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/share", "/var/log", "/var/run", "/var/lib", "/var/tmp", "/proc/self", "/proc/cpuinfo", "/proc/meminfo"}

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

// longestPath bounds how far a path is followed over the borders of blocks.
const longestPath = 200

// slashes looks for paths and branches.
func (s *scan) slashes(v *view, hit func(Class, string, int, int)) {
	text := v.loose
	for i := strings.IndexAny(text, `/\`); i >= 0 && i < len(text); {
		from, to := i, i
		reach := len(text)
		if v.joint != noJoint {
			reach = longestPath
		}
		for from > 0 && i-from < reach && pathRune(text[from-1]) {
			from--
		}
		for to < len(text) && to-i < reach && pathRune(text[to]) {
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
	if strings.Contains(low, "path/to/") || strings.Contains(low, `path\to\`) || slices.Contains(everybodys, strings.TrimRight(low, "/")) || strings.HasPrefix(low, "/api/") {
		return
	}
	colon := from > 0 && v.loose[from-1] == ':'
	switch {
	case colon && strings.HasPrefix(token, "//"):
		// "with git+file://" in front of "Fixed" are two points of a list.
		if strings.HasSuffix(v.lower[:from], "file:") && v.joint == noJoint {
			hit(Path, "", from, to)
		}
		return // an address on the net
	case colon && strings.HasPrefix(token, `\`) && from > 1 && isAlnum(v.loose[from-2]) && !v.before(from-2) && len(token) > 2:
		hit(Path, "", from-2, to)
		return
	case v.joint == noJoint && strings.HasPrefix(token, `\\`) && strings.Count(token, `\`) >= 3 && len(token) > 3 && isAlnum(token[2]) && isAlnum(token[3]) && v.zone != zoneScript && v.zone != zoneStyle:
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
	// Our own "public/index.html" is called like a file of many a product.
	if s.guard.paths[trimmed] && (v.zone != zoneLink && v.zone != zoneName || isSource(low)) && strings.Count(trimmed, "/") > 0 ||
		isSource(low) && folders(trimmed) && !alternatives(trimmed) {
		hit(Path, "", from, to)
	}
}

// alternatives reports whether a name is a choice of files: "tox.ini/setup.cfg",
// "Pipfile/Pipfile.lock".
func alternatives(name string) bool {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		if !isSource(p) && (i+1 >= len(parts) || !strings.HasPrefix(parts[i+1], p+".")) {
			return false
		}
	}
	return true
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
