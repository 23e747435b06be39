package message

import (
	"cmp"
	"iter"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"daybreak/internal/model"
)

// maxMarks bounds how many hashes of one sort a message can name.
const maxMarks = 1000

const (
	// toHash is what stands between "reverts" and the first hash.
	toHash = `[ \t\r]*:?\n?[ \t]*(?:the[ \t]+)?(?:following[ \t]+)?(?:merge[ \t]+)?(commits?|changesets?|revisions?)?[ \t\r]*:?[ \t\r]*\n?[ \t\r]*\n?[ \t]*(?:[-*][ \t]+)?`
	// request is a request by sign or address: repo, sign, or repo and kind of
	// the address; then the number.
	request = `(?:([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+)?([#!])|https?://[^\s/]+/([A-Za-z0-9_.~/-]+?)/(?:-/)?(pull|pulls|merge_requests|pull-requests)/)([1-9]\d{0,9})\b`
)

var (
	// revertsCommit is git's own line and what people and forges make of it. It
	// must be the message that speaks of itself: "we reverted commit x, now mend
	// it" is history told, and would withdraw a change that is alive. Between the
	// words and the hash a mail program can have broken the line.
	revertsCommit = regexp.MustCompile(`(?im)(?:\bthis[ \t]+(?:(?:patch|change|commit|PR|MR)[ \t]+)?reverts|^[ \t]*reverts)` + toHash)
	// revertedCommit is for messages whose title is that of a revert.
	revertedCommit = regexp.MustCompile(`(?im)(?:\bthis[ \t]+(?:(?:patch|change|commit|PR|MR)[ \t]+)?reverts|^[ \t]*revert(?:s|ed|ing)?)` + toHash)
	hashStart      = regexp.MustCompile(`^['"<(\[]*(?:https?://\S+/commits?/|[\w.-]+/[\w.-]+@)?([0-9a-fA-F]{7,64})\b`)
	// hashJoint is what stands between the hashes of a list: a subject in
	// brackets, then a comma or "and", or a new line.
	hashJoint = regexp.MustCompile(`^['">)\]]*(?:[ \t]*\((?:["“'][^\n]*["”']|[^()\n]{0,200})\))?(?:[ \t\r]*(?:,[ \t\r\n]*and\b|,|;|&|\band\b)[ \t\r]*\n?[ \t]*(?:commit[ \t]+)?|[ \t\r]*\n[ \t]*(?:[-*][ \t]+)?(?:commit[ \t]+)?)`)
	inPart    = regexp.MustCompile(`^[^\w\n]*(?i:partial|in part\b)`)

	pickedFrom = regexp.MustCompile(`(?im)(?:\bcherry[ -]picked[ \t\r\n]+from[ \t\r\n]+(?:upstream[ \t]+)?commit[ \t\r\n]+|^backport[ \t]+(?:of[ \t]+)?(?:commit[ \t]+)?)([0-9a-f]{7,64})\b`)
	// upstream is how the stable kernel branches name what they picked.
	upstream = regexp.MustCompile(`(?m)^(?:commit ([0-9a-f]{40}) upstream\.?|\[ Upstream commit ([0-9a-f]{40}) \])[ \t\r]*$`)

	pickedRequest  = regexp.MustCompile(`(?im)^[ \t(\[*]*(?:this[ \t]+(?:PR|MR)?[ \t]*(?:is[ \t]+an?[ \t]+)?(?:automatic[ \t]+|automated[ \t]+)?|(?:automatic|automated)[ \t]+)?(?:backports?|cherry[ -]?picks?(?:ed)?)(?:[ \t]+(?:of|from|PR|MR|pull request|merge request|[0-9a-f]{7,40}[ \t]+from))*:?[ \t]+` + request)
	revertsRequest = regexp.MustCompile(`(?im)(?:\bthis[ \t]+(?:(?:patch|change|commit|PR|MR)[ \t]+)?reverts|^[ \t]*reverts?)[ \t\r]*:?\n?[ \t]*(?:(?:the[ \t]+)?(?:pull|merge)[ \t]+requests?[ \t]+|PRs?[ \t]+|MRs?[ \t]+)?` + request)
	// revertBranch is the branch that GitHub's and GitLab's "revert" buttons make.
	revertBranch = regexp.MustCompile(`(?:^|/)revert-(?:([1-9]\d{0,9})-|([0-9a-f]{8})$)`)

	// revertDiff is Phabricator's way: "Revert D123: title".
	revertDiff  = regexp.MustCompile(`^(?:Revert|Back out) (D[1-9]\d{0,9})(?:: (\S.*))?$`)
	revertDiffs = regexp.MustCompile(`(?m)^(?:(?:Summary: ?)?Reverts?|Original Phabricator Diff:|Summary: ?This reverts|This reverts) (D[1-9]\d{0,9})\b`)
	revertColon = regexp.MustCompile(`^(?i:revert)(?:\([^()]*\))?!?: +(\S.*)$`)

	changeIDLine     = regexp.MustCompile(`(?m)^Change-Id: (I[0-9a-f]{8,40})[ \t\r]*$`)
	differentialLine = regexp.MustCompile(`(?m)^Differential[ -]Revision:[ \t]*(\S+)[ \t\r]*$`)
	differentialID   = regexp.MustCompile(`^(?:https?://\S+/)?(D[1-9]\d{0,9})$`)
	changeID         = regexp.MustCompile(`^I[0-9a-f]{8,40}$`)
)

func isChangeID(s string) bool { return changeID.MatchString(s) }

func differential(s string) string {
	if m := differentialID.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// readLoose reads the marks that are no trailers for git, because they have a
// space in the key or stand in a paragraph with prose.
func (p *parser) readLoose() {
	if p.ChangeID == "" && strings.Contains(p.Body, "Change-Id: I") {
		if all := changeIDLine.FindAllStringSubmatch(p.Body, maxMarks); all != nil {
			p.ChangeID = all[len(all)-1][1]
		}
	}
	if p.Differential == "" && strings.Contains(p.Body, "Differential") {
		if m := differentialLine.FindStringSubmatch(p.Body); m != nil {
			p.Differential = differential(m[1])
		}
	}
	for _, anchor := range []string{"uthored-", "UTHORED-"} {
		p.readCoAuthors(p.prose[len(p.text)-len(p.Body):], anchor)
	}
}

// readCoAuthors reads the lines "Co-authored-by: Name <mail>" wherever they
// stand: a squash joins the messages of its commits, each with trailers of its
// own.
func (p *parser) readCoAuthors(prose, anchor string) {
	for at := 0; len(p.CoAuthors) < maxMarks; {
		i := strings.Index(prose[at:], anchor)
		if i < 0 {
			return
		}
		start := strings.LastIndexByte(prose[at:at+i], '\n') + 1 + at
		line, _ := cutLine(prose[start:])
		at = start + len(line)
		key, value, _ := strings.Cut(strings.TrimLeft(line, " \t"), ":")
		if !strings.EqualFold(key, "Co-authored-by") {
			continue
		}
		who, ok := person(value)
		if ok && !slices.ContainsFunc(p.CoAuthors, func(c model.Person) bool {
			return strings.EqualFold(cmp.Or(c.Mail, c.Name), cmp.Or(who.Mail, who.Name))
		}) {
			p.CoAuthors = append(p.CoAuthors, who)
		}
	}
}

// person reads "Name <mail>", with or without either.
func person(s string) (model.Person, bool) {
	s = oneLine(s)
	if s == "" || noneText.MatchString(s) {
		return model.Person{}, false
	}
	name, rest, ok := strings.Cut(s, "<")
	if !ok {
		if a, err := mail.ParseAddress(s); err == nil {
			return model.Person{Name: a.Name, Mail: a.Address}, true
		}
		return model.Person{Name: s}, true
	}
	address, _, _ := strings.Cut(rest, ">")
	who := model.Person{Name: strings.Trim(strings.TrimSpace(name), `"`), Mail: strings.TrimSpace(address)}
	return who, who != model.Person{}
}

// around gives the places in the text where an anchor stands, each as a window:
// from the start of its line to some 600 bytes behind. Patterns look at windows,
// because a pattern costs many times what finding an anchor costs, and most
// messages have none. An anchor is looked for by its rarest letter.
func around(text, anchor string, rarest byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		before := strings.IndexByte(anchor, rarest)
		n := 0
		for at := 0; n < maxMarks; {
			i := strings.IndexByte(text[min(len(text), at+before):], rarest)
			if i < 0 {
				return
			}
			i += at
			if !strings.HasPrefix(text[i:], anchor) {
				at = i + 1
				continue
			}
			n++
			start := strings.LastIndexByte(text[max(at, i-200):i], '\n') + 1 + max(at, i-200)
			end := min(len(text), i+600)
			if !yield(start, end) {
				return
			}
			at = i + len(anchor)
		}
	}
}

// readReverts reads the marks of reverts and cherry-picks.
func (p *parser) readReverts() {
	p.readRevertSubject()
	p.readRevertBody()
	if p.Revert && p.Reverts == nil && p.RevertsRequests == nil {
		p.readRevertBranch()
		// A squash title carries its request's number: Revert "x (#10)".
		if _, sign, number := cutNumber(p.RevertsSubject); number != "" && p.RevertsRequests == nil {
			p.RevertsRequests = []model.Ref{{Sign: sign, ID: number}}
		}
	}
	p.readPicks()
}

// revertTitles are the starts of titles that quote what they take back.
var revertTitles = []string{`Revert "`, `Back out "`, `Backed out "`, `Backout "`, `Reapply "`, `Revert “`, `Revert '`, `revert "`, `Revert: "`}

func (p *parser) readRevertSubject() {
	subject, _, _ := cutNumber(p.title)
	if p.Request != nil && p.Request.Title != "" {
		subject, _, _ = cutNumber(p.Request.Title)
	}
	if p.isRevert(subject) || !strings.Contains(subject, "evert") && !strings.Contains(subject, "ack") {
		return
	}
	// "[release-2.4] Revert …", "BOOK-12: Revert …", "booking: revert …"
	for strings.HasPrefix(subject, "[") {
		end := strings.IndexByte(subject, ']')
		if end < 0 {
			break
		}
		subject = strings.TrimLeft(subject[end+1:], " :-")
	}
	if h, ok := headerOf(subject); ok && h.Type != "revert" {
		subject = h.Text
	}
	p.isRevert(subject)
}

// isRevert reports whether the title is that of a revert, and reads it.
func (p *parser) isRevert(subject string) bool {
	for _, word := range revertTitles {
		rest, ok := strings.CutPrefix(subject, word)
		if !ok {
			continue
		}
		p.Revert = true
		p.Reapply = strings.HasPrefix(word, "Reapply")
		// The last quote closes; a subject cut short by a forge has none.
		if i := strings.LastIndexByte(rest, word[len(word)-1]); i > 0 && word[len(word)-1] < 0x80 {
			rest = rest[:i]
		}
		p.RevertsSubject = strings.TrimSuffix(rest, "”")
		return true
	}
	if m := revertDiff.FindStringSubmatch(subject); m != nil {
		p.Revert = true
		p.RevertsSubject = m[2]
		p.RevertsRequests = []model.Ref{{ID: m[1]}}
		return true
	}
	if strings.HasPrefix(subject, "This reverts commit") {
		p.Revert = true
		return true
	}
	if len(subject) < 6 || !strings.EqualFold(strings.TrimPrefix(subject, "[")[:5], "rever") {
		return false
	}
	if m := revertColon.FindStringSubmatch(subject); m != nil {
		p.Revert = true
		p.RevertsSubject = strings.Trim(m[1], `"`)
		return true
	}
	word, _, _ := strings.Cut(subject, " ")
	switch strings.ToLower(strings.TrimRight(word, ":]")) {
	case "revert", "reverts", "reverted", "reverting", "[revert":
		p.Revert = true
	}
	return p.Revert
}

func (p *parser) readRevertBody() {
	pattern, anchor := revertsCommit, "everts"
	if p.Revert {
		pattern, anchor = revertedCommit, "evert"
	}
	for start, end := range around(p.prose, anchor, 'v') {
		window := p.prose[start:end]
		if at := pattern.FindStringSubmatchIndex(window); at != nil && !p.quoted(window, at[0]) {
			p.readHashes(p.prose[start+at[1]:], at[2] >= 0)
		}
		p.RevertsRequests = p.requestIn(window, revertsRequest, p.RevertsRequests)
	}
	if p.Revert && p.Differential != "" {
		for _, m := range revertDiffs.FindAllStringSubmatch(p.prose, maxMarks) {
			if ref := (model.Ref{ID: m[1]}); !slices.Contains(p.RevertsRequests, ref) {
				p.RevertsRequests = append(p.RevertsRequests, ref)
			}
		}
	}
	// The conventional way: https://www.conventionalcommits.org/en/v1.0.0/#how-does-conventional-commits-handle-revert-commits
	for _, t := range p.Trailers {
		if p.Revert && strings.EqualFold(t.Key, "Refs") {
			for _, word := range strings.FieldsFunc(t.Value, func(r rune) bool { return r == ',' || r == ' ' }) {
				if m := hashStart.FindStringSubmatch(word); m != nil && m[1] == word && surelyHash(word) {
					p.Reverts = addHash(p.Reverts, word)
				}
			}
		}
	}
}

// squashList is the start of what `git merge --squash` writes: the messages of
// the squashed commits, indented as in git log.
const squashList = "Squashed commit of the following:"

// quoted reports whether the line around a place of the prose is somebody else's
// words: behind ">" as in mail, in quotation marks, or indented as git log and
// markdown show what they quote. Indented lines are the message's own where its title is that of a
// revert, and where git joined the messages of squashed commits.
func (p *parser) quoted(prose string, at int) bool {
	line, _ := cutLine(prose[strings.LastIndexByte(prose[:at], '\n')+1:])
	words := strings.TrimLeft(line, " \t")
	before, _ := utf8.DecodeLastRuneInString(prose[:at])
	if strings.HasPrefix(words, ">") || strings.ContainsRune("\"'`“„‘‚«»", before) {
		return true
	}
	indent := line[:len(line)-len(words)]
	return (len(indent) >= 4 || strings.Contains(indent, "\t")) && !p.Revert && !strings.Contains(p.text, squashList)
}

// readHashes reads the list of hashes behind "reverts". Sure says that "commit"
// stands in front.
func (p *parser) readHashes(rest string, sure bool) {
	for len(p.Reverts) < maxMarks {
		m := hashStart.FindStringSubmatchIndex(rest[:min(len(rest), 300)])
		if m == nil || !sure && !surelyHash(rest[m[2]:m[3]]) || inPart.MatchString(rest[m[1]:min(len(rest), m[1]+40)]) {
			return
		}
		p.Reverts = addHash(p.Reverts, rest[m[2]:m[3]])
		rest = rest[m[1]:]
		joint := hashJoint.FindString(rest[:min(len(rest), 600)])
		if joint == "" {
			return
		}
		rest = rest[len(joint):]
	}
}

// surelyHash tells a hash without the word "commit" in front from a number and
// from a word.
func surelyHash(s string) bool {
	return strings.ContainsAny(s, "0123456789") && (strings.ContainsAny(s, "abcdefABCDEF") || len(s) >= 12)
}

// requestIn adds the request that a pattern with the groups of request finds.
func (p *parser) requestIn(window string, pattern *regexp.Regexp, refs []model.Ref) []model.Ref {
	at := pattern.FindStringIndex(window)
	if at == nil || p.quoted(window, at[0]) {
		return refs
	}
	m := pattern.FindStringSubmatch(window)
	m = m[len(m)-5:]
	sign := m[1]
	if m[3] == "merge_requests" {
		sign = "!"
	} else if sign == "" {
		sign = "#"
	}
	if ref := (model.Ref{Sign: sign, ID: m[4], Repo: m[0] + m[2]}); !slices.Contains(refs, ref) {
		refs = append(refs, ref)
	}
	return refs
}

func (p *parser) readRevertBranch() {
	m := revertBranch.FindStringSubmatch(p.Source)
	if m == nil || p.Request == nil {
		return
	}
	if m[1] != "" {
		p.RevertsRequests = []model.Ref{{Sign: p.Request.Sign, ID: m[1]}}
	} else {
		p.Reverts = []string{m[2]}
	}
}

func (p *parser) readPicks() {
	prose := p.prose
	picks := func(start, end int) {
		window := prose[start:end]
		line, _ := cutLine(window)
		if strings.Contains(window, "commit") || strings.Contains(line, "from") {
			if m := pickedFrom.FindStringSubmatchIndex(window); m != nil && !p.quoted(window, m[0]) {
				p.Picked = addHash(p.Picked, window[m[2]:m[3]])
			}
		}
		if strings.ContainsAny(line, "#!") || strings.Contains(line, "://") {
			p.PickedRequests = p.requestIn(line, pickedRequest, p.PickedRequests)
		}
	}
	for start, end := range around(prose, "pick", 'k') {
		picks(start, end)
	}
	for start, end := range around(prose, "ackport", 'k') {
		picks(start, end)
	}
	for start, end := range around(prose, "pstream", 'p') {
		if window := prose[start:end]; !strings.Contains(window, "commit ") {
			continue
		} else if m := upstream.FindStringSubmatch(window); m != nil {
			p.Picked = addHash(p.Picked, m[1]+m[2])
		}
	}
	if m := twoNumbers.FindStringSubmatch(p.title); m != nil {
		if ref := (model.Ref{Sign: m[1], ID: m[2]}); !slices.Contains(p.PickedRequests, ref) {
			p.PickedRequests = append(p.PickedRequests, ref)
		}
	}
}

// twoNumbers is the squash title of a request that carries a squashed one.
var twoNumbers = regexp.MustCompile(`\(([#!])([1-9]\d{0,9})\) \([#!][1-9]\d{0,9}\)$`)

func addHash(hashes []string, hash string) []string {
	hash = strings.ToLower(hash)
	if slices.Contains(hashes, hash) {
		return hashes
	}
	return append(hashes, hash)
}
