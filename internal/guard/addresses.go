package guard

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"daybreak/internal/config"
	"daybreak/internal/model"
)

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
			// Of two lines that were put together the second one often begins with a
			// decorator: "import click", "@click.command". And "@" between blanks is "at".
			doubtful := (v.cut != nil || v.spelled) && (!realDomain(domain) || local == "http" || local == "https")
			if !doubtful && !s.guard.mails[low] && !s.ownMail(low) && !(local == "git" && slices.Contains(publicForges, lower(domain))) {
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

// houseDomains are what no public server has and houses use all the same
// (RFC 2606, RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).
var houseDomains = []string{"example", "test", "invalid", "local", "internal", "intern", "corp", "lan", "intranet", "localdomain", "arpa", "priv", "home", "private", "cluster"}

// realDomain reports whether a domain ends like one that mail is sent to.
func realDomain(domain string) bool {
	domain = lower(strings.TrimRight(domain, "."))
	suffix, icann := publicsuffix.PublicSuffix(domain)
	return icann || strings.Contains(suffix, ".") || slices.Contains(houseDomains, suffix)
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

// longestRun is more than an address or a hash is long: an index of numbers, put
// together, is one run of them.
const longestRun = 100

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
		for j < len(text) && j-i < longestRun && (isHex(text[j]) || text[j] == ':' || text[j] == '.') {
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
	if known && !uuid(v.loose, from, to) || (n == 40 || n == 64) && strings.ContainsAny(h, "abcdef") && strings.ContainsAny(h, "0123456789") && !s.elsewhere(v, from) {
		hit(Hash, "", from, to)
	}
}

// elsewhere reports whether what stands at a place is part of an address on a
// public forge that is none of the workspace's repositories: what is shown there
// is somebody else's, and public.
func (s *scan) elsewhere(v *view, at int) bool {
	start := strings.LastIndexAny(v.lower[:at], " \n\x1e\"'<>()[]`") + 1
	_, address, ok := strings.Cut(v.lower[start:at], "://")
	host, path, _ := strings.Cut(address, "/")
	if !ok || !slices.Contains(publicForges, host) {
		return false
	}
	for _, r := range s.guard.config.Repositories {
		if u, err := url.Parse(lower(r.URL)); err == nil && u.Host != "" && strings.HasPrefix(path, strings.TrimSuffix(strings.Trim(u.Path, "/"), ".git")) {
			return false
		}
	}
	return true
}

// uuid reports whether digits are a group of a UUID (8-4-4-4-12).
func uuid(s string, from, to int) bool {
	return to-from == 8 && to+5 < len(s) && s[to] == '-' && hexRun(s[to+1:], 4) == 4 && s[to+5] == '-' ||
		to-from == 12 && from > 5 && s[from-1] == '-' && s[from-6] == '-' && hexRun(s[from-5:], 4) == 4
}

// privateRanges are those that standards and factories set for everybody (RFC 1918,
// RFC 3927).
var privateRanges = []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "192.168.0.0/24", "192.168.1.0/24", "169.254.0.0/16"}

// privateNets are the addresses of those ranges themselves.
var privateNets = []string{"10.0.0.0", "172.16.0.0", "192.168.0.0", "192.168.1.0"}

// versioned are words behind which four numbers are a version: "Bump x from 2.4.10.6".
// Machines of a house are numbered from the private ranges.
var versioned = regexp.MustCompile(`(?:^|[^a-z])(?:bump(?:s|ed)?|up(?:date|grade)[sd]?|pin(?:ned)?|requires?|aktualisiert)\s[^\n\x1e]*$`)

// address knows IP addresses but those that say nothing: loopback, unspecified,
// masks, and versions of the product that look like one.
func (s *scan) address(v *view, from, to int, hit func(Class, string, int, int)) bool {
	text := strings.TrimRight(v.loose[from:to], ".:")
	to = from + len(text)
	if i := strings.IndexByte(text, ':'); i > 0 && strings.Count(text, ":") == 1 { // a port
		text, to = text[:i], from+i
	}
	a, err := netip.ParseAddr(text)
	if slices.Contains(privateNets, text) || slices.Contains(privateRanges, text+v.loose[to:min(len(v.loose), to+3)]) || slices.Contains(privateRanges, text+v.loose[to:min(len(v.loose), to+2)]) {
		return false
	}
	switch {
	case err != nil || v.after(to) || s.guard.version[text]:
		return false
	case a.Is4() && !a.IsPrivate() && s.guard.version[text[:max(0, strings.LastIndexByte(text, '.'))]]:
		return false // our own version, and a number behind it
	case a.Is4() && !a.IsPrivate() && versioned.MatchString(v.lower[max(0, from-60):from]):
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
