package guard

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"daybreak/internal/model"
)

// ticketPattern is one of history.tickets.
type ticketPattern struct {
	re *regexp.Regexp
	// upper: the pattern begins with capitals, so that "kurs-12" is the same ticket.
	upper bool
	// wide finds it with blanks around the hyphen or between the letters, in
	// capitals alone; nil where the pattern doesn't begin with letters and a hyphen.
	wide *regexp.Regexp
}

// wideTicket makes the pattern of a ticket that is written with blanks, from what
// every ticket begins with: "K U R S - 1 2", "KURS - 12".
func wideTicket(prefix string) *regexp.Regexp {
	letters, hyphen := strings.CutSuffix(prefix, "-")
	if !hyphen || len(letters) < 2 || strings.Trim(letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return nil
	}
	return regexp.MustCompile(strings.Join(strings.Split(letters, ""), " ?") + " ?- ?[0-9](?: ?[0-9])*")
}

// publicForges are hosts that everybody knows.
var publicForges = []string{"github.com", "www.github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "dev.azure.com", "sourceforge.net", "git.sr.ht"}

// mailHosts are where people have addresses without being the house.
var mailHosts = []string{"gmail.com", "googlemail.com", "outlook.com", "outlook.de", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "posteo.de", "proton.me", "users.noreply.github.com", "example.com", "example.org", "example.net"}

// settings takes what the workspace says.
func (g *Guard) settings() {
	c := g.config
	for _, w := range c.Guard.Private {
		g.name(literal{class: Private}, w)
	}
	for _, p := range c.Guard.Patterns {
		if re, err := regexp.Compile("(?i:" + p + ")"); err == nil { // a bad one is the configuration's diagnostic
			g.private = append(g.private, re)
		}
	}
	for _, t := range c.History.Tickets {
		if re, err := regexp.Compile(t); err == nil && !g.show["ticket"] {
			prefix, _ := re.LiteralPrefix()
			letters := strings.TrimRight(prefix, "-_#0123456789")
			if strings.TrimRight(prefix, "-_#") == letters && len(letters) >= 3 {
				g.marks.add(literal{text: lower(rot13(prefix)), class: Ticket, what: "in ROT13", exact: true, check: func(v *view, from, to int) (int, int, bool) {
					end := to
					for end < len(v.loose) && v.loose[end] >= '0' && v.loose[end] <= '9' {
						end++
					}
					return from, end, end > to && !v.before(from) && !v.after(end) && !standards.MatchString(v.loose[from:end])
				}})
			}
			g.tickets = append(g.tickets, ticketPattern{re, len(letters) >= 2 && strings.ToUpper(letters) == letters, wideTicket(prefix)})
		}
	}
	g.mails[lower(c.Product.Contact.Mail)] = true
	own := g.ownHosts()
	for i := range c.Systems {
		g.system(i, own)
	}
	for _, r := range c.Repositories {
		g.host(hostOf(r.URL), Host, "", own)
	}
	for _, p := range c.People {
		g.person(p.Name, true)
		for _, m := range p.Mails {
			delete(g.mails, lower(m))
		}
	}
	g.mails[lower(c.Product.Contact.Mail)] = true
}

// ownHosts are the hosts that readers are meant to know.
func (g *Guard) ownHosts() map[string]bool {
	p := g.config.Product
	_, domain, _ := strings.Cut(p.Contact.Mail, "@")
	return map[string]bool{"": true, hostOf(p.URL): true, hostOf(p.Home): true, lower(domain): true}
}

// system takes a customer's names and hosts, or a test system's host.
func (g *Guard) system(i int, own map[string]bool) {
	s := &g.config.Systems[i]
	id := lower(s.ID)
	if s.Test {
		g.host(hostOf(s.URL), Host, "", own)
		return
	}
	hosts := []string{hostOf(s.URL), hostOf(s.Notes)}
	for _, r := range s.Addressees() {
		_, domain, _ := strings.Cut(r.Mail, "@")
		if low := lower(domain); !slices.Contains(mailHosts, low) && !slices.Contains(hosts, low) {
			hosts = append(hosts, low)
		}
	}
	l := literal{class: Customer, what: s.ID, owner: id}
	g.name(l, s.Name)
	for _, n := range s.Also {
		g.name(l, n)
	}
	l.whole = true
	for _, w := range g.shortForms(i, g.common) {
		g.name(l, w)
	}
	l.whole = false
	for _, h := range hosts {
		g.host(h, Customer, id, own)
		// What a customer calls itself on the net is how developers call it.
		for _, word := range strings.FieldsFunc(s.Name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if business[fold(word)] || g.shared(i, fold(word)) {
				continue
			}
			for _, f := range folds(word) {
				if len(f) >= 5 && slices.ContainsFunc(strings.Split(h, "."), func(label string) bool { return fold(label) == f }) {
					g.name(l, word)
				}
			}
		}
	}
}

// name takes a name in all forms in which it is found.
func (g *Guard) name(l literal, name string) {
	for _, f := range folds(name) {
		l.text = f
		g.names.add(l)
	}
	// ROT13 hides a word from a search and from nobody who wants to read it. So
	// little is written in it that what is known to the letter alone is looked for.
	if l.class != Private && l.class != Customer && l.class != Ticket {
		return
	}
	l.turned, l.what = true, strings.TrimLeft(l.what+", in ROT13", ", ")
	name = norm.NFC.String(name)
	for _, form := range []string{name, fold(name), umlauts.Replace(name)} {
		if l.text = fold(rot13(form)); len(l.text) >= 6 {
			g.names.add(l)
		}
	}
}

// rot13 takes each letter for the one 13 places on.
func rot13(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, s)
}

// host takes a host's name, unless readers are meant to know it.
func (g *Guard) host(h string, class Class, owner string, own map[string]bool) {
	if own[h] || slices.Contains(publicForges, h) || !strings.Contains(h, ".") {
		return
	}
	what := ""
	if class == Customer {
		what = strings.ToUpper(owner)
	}
	g.marks.add(literal{text: h, class: class, what: what, owner: owner, exact: true, check: func(v *view, from, to int) (int, int, bool) {
		return from, to, (v.isCut(from) || !hostByte(v.loose, from-1)) && (v.isCut(to) || !hostByte(v.loose, to))
	}})
}

// hostByte reports whether the byte at i goes on a label of a host's name; a
// label before it (www.) is no reason not to know the host again.
func hostByte(s string, i int) bool {
	return i >= 0 && i < len(s) && (isAlnum(s[i]) || s[i] == '-')
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return lower(u.Hostname())
}

// robots are words in the names of accounts that are nobody's.
var robots = []string{"bot", "ci", "build", "builder", "release", "releases", "robot", "roboter", "system", "admin", "team", "support", "service", "deploy", "jenkins", "actions", "renovate", "root", "user", "automation", "merge", "queue", "web", "admins", "github", "gitlab"}

// person takes a developer's name; configured says that the workspace names it,
// not only history. Names of one word are too often a word, so that history's
// are left out.
func (g *Guard) person(name string, configured bool) {
	name = strings.TrimSpace(name)
	if fold(name) == fold(g.config.Product.Contact.Name) || g.show["author"] {
		return
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
	// "E. Jun" would be found in every June.
	if len(parts) == 0 || !configured && (len(parts) < 2 || len(fold(parts[0])) < 2 || len(fold(parts[len(parts)-1])) < 2 || len(fold(name)) < 6) {
		return
	}
	for _, p := range parts {
		if slices.Contains(robots, strings.Trim(lower(p), "[]()-")) && !configured {
			return
		}
	}
	l := literal{class: Person}
	g.name(l, name)
	if len(parts) < 2 {
		return
	}
	last := parts[len(parts)-1]
	g.name(l, last+" "+strings.Join(parts[:len(parts)-1], " "))
	// The family name alone, where it is no word besides.
	if f := fold(last); len(f) >= leastShort && !g.common.has(f) && (configured || len(f) > leastShort && isName(last)) {
		alone := l
		alone.whole, alone.upper = true, !configured
		g.name(alone, last)
	}
	// Logins and signatures: "mkestner", "M. Kestner".
	if first := []rune(parts[0]); configured && len([]rune(last)) >= 5 {
		l.dense = true
		g.name(l, string(first[:1])+last)
	}
}

// isName reports whether a word of history's names is written like a family
// name; accounts are called "ghost-writer42" as well.
func isName(word string) bool {
	for i, r := range []rune(word) {
		if i == 0 && !unicode.IsUpper(r) || !unicode.IsLetter(r) && r != '-' && r != '\'' && r != '’' {
			return false
		}
	}
	return strings.ToUpper(word) != word
}

// release takes what history says.
func (g *Guard) release(r *model.Release) {
	if _, err := netip.ParseAddr(r.Version.Text); err == nil {
		g.version[r.Version.Text] = true
	}
	if parts := strings.SplitN(r.Version.Text, ".", 4); len(parts) == 4 {
		g.version[strings.Join(parts[:3], ".")] = true
	}
	for i := range r.Changes {
		ch := &r.Changes[i]
		if q := ch.Request; q != nil {
			source := q.Source
			if owner, name, ok := strings.Cut(source, "/"); ok && q.Forge == "github" && owner != "" {
				source = name // GitHub's merges say "from owner/branch"
			}
			g.branch(source)
			g.branch(q.Target)
			g.ref(q.Sign + q.Number)
		}
		for _, ref := range ch.Refs {
			if ref.Sign == "" && !g.show["ticket"] && !standards.MatchString(ref.ID) {
				g.name(literal{class: Ticket}, ref.ID)
			}
		}
		for _, p := range ch.Paths {
			g.path(p.Path)
			g.path(p.Old)
		}
		for _, c := range ch.Commits() {
			g.commit(c)
		}
	}
	for _, s := range r.Skipped {
		g.commit(s.Commit)
	}
}

func (g *Guard) commit(c model.Commit) {
	if len(c.Hash) < 7 {
		return
	}
	key := string(c.Hash[:7])
	g.hashes[key] = append(g.hashes[key], c.Hash)
	g.person(c.Author.Name, false)
	g.person(c.Committer.Name, false)
	for _, p := range c.CoAuthors {
		g.person(p.Name, false)
	}
}

// ref takes a request's number. "#7" is too often a seat or a step.
func (g *Guard) ref(id string) {
	if !g.show["request"] && (strings.HasPrefix(id, "!") && len(id) > 1 || strings.HasPrefix(id, "#") && len(id) > 3) {
		g.refs[id] = true
	}
}

// path takes a file's path and its folders.
func (g *Guard) path(p string) {
	for p = lower(p); strings.Count(p, "/") > 0 && !g.paths[p]; p = p[:strings.LastIndexByte(p, '/')] {
		g.paths[p] = true
	}
}

// branch takes a branch's name where it can't be an ordinary word: with a
// slash, a digit, or several hyphens.
func (g *Guard) branch(name string) {
	if i := strings.IndexByte(name, ':'); i > 0 { // "owner:branch"
		name = name[i+1:]
	}
	marks := strings.Count(name, "-") + strings.Count(name, "_")
	digits, slash := strings.ContainsAny(name, "0123456789"), strings.Contains(name, "/")
	if len(name) < 5 || !slash && marks < 2 && !(marks == 1 && digits) {
		return
	}
	if !slash && !digits && !strings.Contains(name, "-") {
		return // "register_error_handler" is named after what it is about
	}
	if release.MatchString(name) || standards.MatchString(name) { // "CVE-2021-28363" is what it mends
		return
	}
	g.marks.add(literal{text: lower(name), class: Branch, exact: true, check: func(v *view, from, to int) (int, int, bool) {
		// A branch is often called like the switch that it brings.
		ok := v.zone != zoneStyle && (slash || digits || !switched(v.loose, from, to))
		return from, to, ok && (v.isCut(from) || !pathByte(v.loose, from-1)) && (v.isCut(to) || !pathByte(v.loose, to))
	}})
}

// switched reports whether the words around a name call it a switch: "--force-new-cluster",
// "the force-new-cluster flag".
func switched(text string, from, to int) bool {
	return strings.HasSuffix(text[:from], "--") || switchWord.MatchString(text[to:min(len(text), to+16)])
}

var switchWord = regexp.MustCompile("(?i)^[`'\"»“]*[ \n](?:flag|option|switch|setting|parameter|argument|feature|schalter|einstellung)")

// release is a branch that is named after a version: everybody writes "pytest-2.7".
var release = regexp.MustCompile(`^[A-Za-z]+[-_/]v?[0-9]+(?:\.(?:[0-9]+|x))+$`)

func pathByte(s string, i int) bool {
	return i >= 0 && i < len(s) && (isAlnum(s[i]) || s[i] == '-' || s[i] == '_')
}
