package message

import (
	"net/mail"
	"regexp"
	"strings"

	"daybreak/internal/model"
)

// maxMarks bounds how many hashes of one sort a message can name.
const maxMarks = 1000

const hexDigits = `[0-9a-fA-F]{7,64}`

var (
	// revertsCommit is git's own line and what people and forges make of it.
	// Between the words and the hash a mail program can have broken the line.
	revertsCommit = regexp.MustCompile(`(?i)\b(?:this[ \t]+(?:patch[ \t]+|change[ \t]+|commit[ \t]+)?)?revert(?:s|ed|ing)[ \t\r]*\n?[ \t]*(?:the[ \t]+)?(?:following[ \t]+)?(?:merge[ \t]+)?(?:commits?|changesets?|revisions?)[ \t\r]*:?[ \t\r]*\n?[ \t]*`)
	// moreHashes is the rest of a list: "a, b and c", or one hash a line.
	hashStart  = regexp.MustCompile(`^['"<(\[]*(` + hexDigits + `)\b`)
	hashJoint  = regexp.MustCompile(`^['">)\]]*(?:[ \t]*\((?:["“'][^\n]*["”']|[^()\n]{0,200})\))?(?:[ \t\r]*(?:,|;|&|\band\b|,[ \t]*and\b)[ \t\r]*\n?[ \t]*(?:and[ \t]+|commit[ \t]+)?|[ \t\r]*\n[ \t]*(?:[-*][ \t]+)?(?:commit[ \t]+)?)`)
	hexWord    = regexp.MustCompile(`[0-9]`)
	pickedFrom = regexp.MustCompile(`(?i)\(?(?:cherry[ -]picked|backported|picked)[ \t\r\n]+from[ \t\r\n]+(?:upstream[ \t]+)?commits?[ \t\r\n]+(` + hexDigits + `)\b`)

	revertsRequest = regexp.MustCompile(`(?i)\b(?:this[ \t]+)?revert(?:s|ed|ing)[ \t\r]*\n?[ \t]*(?:(?:pull|merge)[ \t]+requests?[ \t]+|PRs?[ \t]+|MRs?[ \t]+)?(?:([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+)?([#!])|https?://[^\s/]+/([A-Za-z0-9_.~/-]+?)/(?:-/)?(pull|pulls|merge_requests|pull-requests)/)([1-9]\d{0,9})\b`)

	revertColon = regexp.MustCompile(`^(?i:revert)(?:\([^()]*\))?!?: +(\S.*)$`)

	coAuthorLine     = regexp.MustCompile(`(?im)^[ \t]*Co-authored-by:[ \t]*([^\n]*)$`)
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
	if !containsFold(p.Body, "co-authored-by") {
		return
	}
	seen := map[string]bool{}
	for _, m := range coAuthorLine.FindAllStringSubmatch(p.prose[len(p.text)-len(p.Body):], maxMarks) {
		who, ok := person(m[1])
		key := strings.ToLower(who.Mail + "\x00" + who.Name)
		if who.Mail != "" {
			key = strings.ToLower(who.Mail)
		}
		if ok && !seen[key] {
			seen[key] = true
			p.CoAuthors = append(p.CoAuthors, who)
		}
	}
}

// containsFold looks for a lower-case ASCII word that starts with "co" in any case.
func containsFold(s, word string) bool {
	for {
		i := strings.IndexAny(s, "Cc")
		if i < 0 || len(s)-i < len(word) {
			return false
		}
		if strings.EqualFold(s[i:i+len(word)], word) {
			return true
		}
		s = s[i+1:]
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

// readReverts reads the marks of reverts and cherry-picks.
func (p *parser) readReverts() {
	p.readRevertSubject()
	prose := p.prose
	if strings.Contains(prose, "evert") || strings.Contains(prose, "EVERT") {
		p.readRevertBody(prose)
	}
	if strings.Contains(prose, "icked") || strings.Contains(prose, "ackported") {
		for _, m := range pickedFrom.FindAllStringSubmatch(prose, maxMarks) {
			p.Picked = addHash(p.Picked, m[1])
		}
	}
}

func (p *parser) readRevertSubject() {
	subject, _, _ := cutNumber(p.title)
	if p.Request != nil && p.Request.Title != "" {
		subject = p.Request.Title
	}
	for _, word := range []string{`Revert "`, `Reapply "`, `Revert “`, `revert "`, `Revert: "`} {
		rest, ok := strings.CutPrefix(subject, word)
		if !ok {
			continue
		}
		p.Reapply = strings.HasPrefix(word, "Reapply")
		// The last quote closes; a subject cut short by a forge has none.
		if i := strings.LastIndexAny(rest, `"”`); i > 0 {
			rest = strings.TrimRight(rest[:i], "\u201d")
		}
		p.RevertsSubject = strings.ToValidUTF8(rest, "")
		return
	}
	if m := revertColon.FindStringSubmatch(subject); m != nil {
		p.RevertsSubject = strings.Trim(m[1], `"`)
	}
}

func (p *parser) readRevertBody(prose string) {
	for _, at := range revertsCommit.FindAllStringIndex(prose, maxMarks) {
		rest := prose[at[1]:]
		for range maxMarks {
			m := hashStart.FindStringSubmatchIndex(rest[:min(len(rest), 100)])
			if m == nil || !hexWord.MatchString(rest[m[2]:m[3]]) {
				break
			}
			p.Reverts = addHash(p.Reverts, rest[m[2]:m[3]])
			rest = rest[m[1]:]
			joint := hashJoint.FindString(rest[:min(len(rest), 600)])
			if joint == "" {
				break
			}
			rest = rest[len(joint):]
		}
	}
	for _, m := range revertsRequest.FindAllStringSubmatch(prose, maxMarks) {
		sign := m[2]
		if m[4] == "merge_requests" {
			sign = "!"
		} else if sign == "" {
			sign = "#"
		}
		ref := model.Ref{Sign: sign, ID: m[5], Repo: m[1] + m[3]}
		if !hasRef(p.RevertsRequests, ref) {
			p.RevertsRequests = append(p.RevertsRequests, ref)
		}
	}
}

func hasRef(refs []model.Ref, ref model.Ref) bool {
	for _, r := range refs {
		if r == ref {
			return true
		}
	}
	return false
}

func addHash(hashes []string, hash string) []string {
	hash = strings.ToLower(hash)
	for _, h := range hashes {
		if h == hash {
			return hashes
		}
	}
	return append(hashes, hash)
}
