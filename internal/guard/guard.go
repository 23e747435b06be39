// Package guard looks, over the rendered bytes of everything that leaves the
// house, for what must not leave: private words, other customers' names,
// tickets and requests, mail addresses, internal hosts and IP addresses,
// branches, commit hashes, secrets, developers' names, comments and file paths.
//
// The types of the public documents can't hold internal facts; the guard is
// for what people write into texts, for templates of a workspace's own, and
// for files that are only copied. So it trusts no stage before it and reads the
// files as a reader's machine would:
//
//  1. A file is taken apart into segments by its format (segment.go): the text
//     of a page as it is shown, attributes, styles, scripts, comments, the
//     strings of JSON, the parts of a mail, the metadata of a picture.
//  2. Each segment is decoded until nothing changes: entities,
//     percent and backslash escapes, tags in texts, punycode (decode.go), base64 and
//     its like (wrapped.go).
//  3. Each of these views is brought into a normal form (fold.go, letters.go): no
//     invisible characters, compatibility forms, small capitals and lookalikes as
//     what they look like, what is turned around by bidi controls as it is shown.
//     Spelled-out addresses ("name [at] host [dot] de") are put together.
//     A second form keeps letters and digits alone, so that no blank, tag or
//     hyphen between two letters hides a name. The words that meet at the borders of
//     blocks are put together where they can be halves of one (seams.go).
//  4. Names are looked up in an index (literals.go), shapes are read around the
//     characters that give them away (shapes.go, secrets.go).
//
// # Without a workspace
//
// A repository that nobody set up has no customers and no private words, and
// its history is mostly public anyhow. There only secrets of exact shapes count:
// Withhold takes the notes that hold one out of the documents, with a warning,
// and the build goes on.
package guard

import (
	"hash/maphash"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Class is a kind of what must not leave.
type Class string

// The classes. Their values are the ends of diagnostic codes: "leak-ticket".
const (
	Secret   Class = "secret"
	Private  Class = "private"
	Customer Class = "customer"
	Ticket   Class = "ticket"
	Mail     Class = "mail"
	Host     Class = "host"
	Address  Class = "address"
	Branch   Class = "branch"
	Hash     Class = "hash"
	Person   Class = "person"
	Comment  Class = "comment"
	Path     Class = "path"
)

// Classes lists the classes, the gravest first.
func Classes() []Class {
	return []Class{Secret, Customer, Private, Person, Mail, Ticket, Host, Address, Branch, Hash, Path, Comment}
}

// words say what was found.
var words = map[Class]diag.Phrase{
	Secret: diag.Say("a secret"), Private: diag.Say("a private word"), Customer: diag.Say("a customer's name"), Ticket: diag.Say("a ticket or request"),
	Mail: diag.Say("a mail address"), Host: diag.Say("an internal host"), Address: diag.Say("an IP address"), Branch: diag.Say("a branch"),
	Hash: diag.Say("a commit's hash"), Person: diag.Say("a developer's name"), Comment: diag.Say("a comment in the markup"), Path: diag.Say("a file's path"),
}

// Finding is one thing that must not leave.
type Finding struct {
	Class  Class
	What   string // "GitHub token", the customer's id, "in ROT13"; "" mostly
	File   string // the built file
	Text   string // what was found, in its normal form
	Around string // with the text around it, for people: "Export für »SHS Nord« mit"

	raw string // Text, unmasked
}

// Source is a text that documents are made from, and where it stands.
type Source struct {
	Release  string // slug, "" for texts of all releases
	Change   string // id of the change, "" for none
	Text     string
	Position diag.Position
}

// Options say what to look for.
type Options struct {
	Config   *config.Config
	Releases []model.Release // classified; for the names, branches, hashes and tickets of history
	Bare     bool            // there is no workspace: look for exact secrets alone
	Sources  []Source        // texts outside of history: drafts, mail texts; asked first
	Known    []string        // texts that name nobody: what ships with the program

	// Copied says of files that are copied into a tree where they lie in the
	// workspace, by their path in the tree.
	Copied map[string]string
}

// Guard knows what must not leave. It may be used from several goroutines.
type Guard struct {
	config  *config.Config
	bare    bool
	show    map[string]bool // fields that notes.show opted in
	owners  []string        // ids of the systems, lower case
	names   *index          // over the tight form
	marks   *index          // over the lower-case loose form
	tickets []ticketPattern
	private []*regexp.Regexp
	allow   []exception
	hashes  map[string][]model.Hash // by their first 7 digits
	refs    map[string]bool         // "!12", "#123"
	paths   map[string]bool         // files and folders of the repositories
	mails   map[string]bool         // addresses that may leave
	version map[string]bool         // versions that look like addresses
	common  common                  // words that name nobody

	copied map[string]string // Options.Copied

	sources func() []folded
	seed    maphash.Seed
	clean   sync.Map // maphash of styles and scripts without a finding
}

// New gathers what to look for.
func New(o Options) *Guard {
	g := &Guard{
		config: o.Config, bare: o.Bare, copied: o.Copied, show: map[string]bool{}, names: newIndex(), marks: newIndex(),
		hashes: map[string][]model.Hash{}, refs: map[string]bool{}, paths: map[string]bool{}, mails: map[string]bool{}, version: map[string]bool{},
		seed: maphash.MakeSeed(),
	}
	for _, s := range o.Config.Notes.Show {
		g.show[s] = true
	}
	for _, s := range o.Config.Systems {
		g.owners = append(g.owners, strings.ToLower(s.ID))
	}
	g.secrets()
	g.exceptions()
	if !o.Bare {
		g.common = commonWords(o.Config, o.Known)
		g.settings()
		g.common.learn(o.Releases)
		for i := range o.Releases {
			g.release(&o.Releases[i])
		}
	}
	g.sources = sync.OnceValue(func() []folded { return foldSources(o) })
	return g
}

// Leaves reports whether a built file leaves the house. What isn't known does.
func Leaves(path string) bool { return !strings.HasPrefix(path, "team/") }

// Scan reads one built file and gives what must not leave with it, each text
// once, in a fixed order.
func (g *Guard) Scan(path string, data []byte) []Finding {
	s := &scan{guard: g, file: path, owner: g.owner(path), seen: map[string]bool{}}
	s.segment(segment{zone: zoneName, text: path})
	for _, seg := range segments(path, data) {
		s.segment(seg)
	}
	s.maskAll()
	slices.SortFunc(s.found, byRank)
	return s.found
}

func rank(c Class) int { return slices.Index(Classes(), c) }

// owner is the system for which a file is made, "" for all: systems/<id>/…, and
// mails in whose path a part is a system's id (mail/2026.14.0/K1/A.de.md,
// mail/2026.14.0/K1-A.de.eml).
func (g *Guard) owner(path string) string {
	parts := strings.Split(strings.ToLower(path), "/")
	switch parts[0] {
	case "systems":
		if len(parts) > 2 {
			return parts[1]
		}
	case "mail":
		for _, part := range parts[1:] {
			for _, id := range g.owners {
				if rest, ok := strings.CutPrefix(part, id); ok && (rest == "" || strings.ContainsAny(rest[:1], ".-_")) {
					return id
				}
			}
		}
	}
	return ""
}

// scan is the reading of one file.
type scan struct {
	guard  *Guard
	file   string
	owner  string
	found  []Finding
	passed []Finding // by an exception
	seen   map[string]bool
}

// segment reads one segment in all its views.
func (s *scan) segment(seg segment) {
	if seg.zone == zoneComment && !s.guard.bare {
		// What a build tool or an editor needs is no leak by itself.
		if text := strings.TrimSpace(seg.text); text != "" {
			s.add(Comment, "", &view{loose: text}, 0, len(text), shorten(text))
		}
	}
	cached := seg.zone == zoneStyle || seg.zone == zoneScript
	var key uint64
	if cached {
		key = maphash.String(s.guard.seed, seg.text)
		if _, ok := s.guard.clean.Load(key); ok {
			return
		}
	}
	for _, inner := range carried(seg.text) {
		s.segment(inner)
	}
	before := len(s.found)
	for _, view := range expand(seg) {
		v := newView(view, seg.zone)
		s.names(v)
		s.shapes(v)
		if v.joined != nil {
			s.shapes(v.joined)
		}
		for _, seam := range v.seams {
			s.shapes(seam)
		}
		if !s.guard.bare && seg.zone != zoneStyle {
			s.spelled(v)
		}
	}
	if cached && len(s.found) == before && s.owner == "" {
		s.guard.clean.Store(key, true)
	}
}

// add notes a finding at v.loose[from:to], unless it may leave.
func (s *scan) add(class Class, what string, v *view, from, to int, text string) {
	key := string(class) + "\x00" + text
	if s.seen[key] || s.guard.bare && class != Secret {
		return
	}
	if s.guard.allowed(s.file, v.loose, from, to) {
		s.passed = append(s.passed, Finding{Class: class, raw: text})
		return
	}
	s.seen[key] = true
	f := Finding{Class: class, What: what, File: s.file, Text: text, raw: text}
	if v.joint == noJoint {
		f.Around = around(v.loose, from, to)
	} else {
		from, to = v.place(from, to)
		f.Around = around(v.under, from, to)
	}
	if class == Secret {
		f.Text = mask(text)
	}
	s.found = append(s.found, f)
}

// maskAll takes secrets, whole or cut, out of the texts around all findings.
func (s *scan) maskAll() {
	const telling = 6 // bytes of a secret that say nothing yet
	for _, f := range s.found {
		if f.Class != Secret {
			continue
		}
		secret := strings.Join(strings.Fields(f.raw), " ")
		for i := range s.found {
			a := &s.found[i].Around
			*a = strings.ReplaceAll(*a, secret, f.Text)
			for n := len(secret) - 1; n > telling; n-- {
				if strings.HasSuffix(*a, secret[:n]) {
					*a = strings.TrimSuffix(*a, secret[:n]) + f.Text
				}
				if tail := secret[len(secret)-n:]; strings.HasPrefix(*a, tail) {
					*a = "…" + strings.TrimPrefix(*a, tail)
				}
			}
		}
	}
}

// mask keeps so much of a secret that its owner knows it again; reports end in
// logs that others read.
func mask(secret string) string {
	runes := []rune(secret)
	return string(runes[:min(6, len(runes)/3)]) + "…"
}

// around cuts the text around a place, on one line.
func around(loose string, from, to int) string {
	const reach = 40
	left, right := max(0, from-reach), min(len(loose), to+reach)
	for left > 0 && loose[left]&0xc0 == 0x80 {
		left--
	}
	for right < len(loose) && loose[right]&0xc0 == 0x80 {
		right++
	}
	// The next field has nothing to do with it.
	if i := strings.LastIndexByte(loose[left:from], separator); i >= 0 {
		left += i + 1
	}
	if i := strings.IndexByte(loose[to:right], separator); i >= 0 {
		right = to + i
	}
	return oneLine(loose[left:from] + "»" + strings.Trim(loose[from:to], "\n") + "«" + loose[to:right])
}

// oneLine gives a text with a blank for every break.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == separator || unicode.IsSpace(r) }), " ")
}

func shorten(s string) string {
	s = oneLine(s)
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
