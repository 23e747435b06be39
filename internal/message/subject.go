package message

import (
	"regexp"
	"strings"

	"daybreak/internal/model"
)

// maxSubject is how much of a subject the formats are looked for in.
const maxSubject = 2000

// requestForm is one forge's subject for a merged or squashed request. The
// named groups are number, sign, source, target and title.
type requestForm struct {
	forge   string
	starts  string // the pattern is tried only on subjects that start so
	merge   bool   // the form of a merge commit
	pattern *regexp.Regexp
}

// requestForms holds the forms, special ones before general ones of the same
// start. Where a forge lets teams edit the text these are its defaults.
var requestForms = []requestForm{
	// Gitea and Forgejo: models/… default merge message; "!" with an external tracker.
	{"gitea", "Merge pull request '", true, regexp.MustCompile(`^Merge pull request '(?P<title>.*)' \((?P<sign>[#!])(?P<number>\d+)\)(?: from (?P<source>\S+))?(?: into (?P<target>\S+))?$`)},
	// Bitbucket Server and Data Center.
	{"bitbucket", "Merge pull request #", true, regexp.MustCompile(`^Merge pull request (?P<sign>#)(?P<number>\d+) in (?P<repo>\S+) from (?P<source>.+?) to (?P<target>\S+)$`)},
	{"bitbucket", "Pull request #", true, regexp.MustCompile(`^Pull request (?P<sign>#)(?P<number>\d+): (?P<title>.+)$`)},
	{"bitbucket", "Merged in ", true, regexp.MustCompile(`^Merged in (?P<source>.+?) \(pull request (?P<sign>#)(?P<number>\d+)\)$`)},
	// GitHub; the merge button, its API and the older command line agree.
	{"github", "Merge pull request #", true, regexp.MustCompile(`^Merge (?:pull request|PR) (?P<sign>#)(?P<number>\d+)(?: from (?P<source>\S+))?(?: into (?P<target>\S+))?(?:[ :-]+(?P<title>\S.*))?$`)},
	{"", "Merge PR #", true, regexp.MustCompile(`^Merge PR (?P<sign>#)(?P<number>\d+)(?: from (?P<source>\S+))?(?: into (?P<target>\S+?))?(?:\s*[:,-]\s+(?P<title>\S.*))?$`)},
	// Azure DevOps: merge and squash share "Merged PR".
	{"azure", "Merged PR ", false, regexp.MustCompile(`^Merged PR (?P<number>\d+)(?:: (?P<title>.+))?$`)},
	{"azure", "Merge pull request ", true, regexp.MustCompile(`^Merge pull request (?P<number>\d+)(?: from (?P<source>\S+))?(?: into (?P<target>\S+))?$`)},
	// Gitee: only the first line; the second, for git a part of the subject, says
	// "Merge pull request !12 from …", or with openEuler's robot "From: @ada".
	{"gitee", "!", true, regexp.MustCompile(`^(?P<sign>!)(?P<number>\d+)\s+(?P<title>\S.*?)\s*$`)},
	// homu and bors, bors-ng: the title is in the body.
	{"github", "Auto merge of #", true, regexp.MustCompile(`^Auto merge of (?P<sign>#)(?P<number>\d+) - (?P<source>\S+?), r=\S+$`)},
	{"github", "auto merge of #", true, regexp.MustCompile(`^auto merge of (?P<sign>#)(?P<number>\d+) : (?P<source>\S+?), r=\S+$`)},
	{"github", "Rollup merge of #", true, regexp.MustCompile(`^Rollup merge of (?P<sign>#)(?P<number>\d+) - (?P<source>\S+?), r=\S+$`)},
	{"github", "Merge #", true, regexp.MustCompile(`^Merge (?P<sign>#)(?P<number>\d+)(?:(?: #\d+)*|(?: from (?P<source>\S+))|: (?P<title>\S.*))$`)},
}

// gerritForms are the subjects of merges that Gerrit and Zuul make. They name
// no number.
var (
	// fromFork is GitHub's merge of a security advisory's private fork.
	fromFork    = regexp.MustCompile(`^Merge (?:pull request from (GHSA(?:-[0-9a-z]{4}){3})|commit from fork)$`)
	gerritOne   = regexp.MustCompile(`^Merge "(.*)"(?: into (\S+))?$`)
	gerritTopic = regexp.MustCompile(`^Merge (?:changes from )?topics? ["'](.+?)["'](?: into (\S+))?$`)
	gerritMany  = regexp.MustCompile(`^Merge changes? (I[0-9a-f]{8,40}(?:,\s?I[0-9a-f]{8,40})*(?:, \.\.\.)?)(?: into (\S+))?$`)
)

// seeRequest is GitLab's last line of a merge message, in English and as its
// Chinese edition writes it.
var seeRequest = regexp.MustCompile(`^(?:See merge request|查看合并请求) (?:(https?://\S+?/merge_requests/(\d+))|([\w./-]*)[!#](\d+))\s*$`)

var (
	// giteaPull is the address in the "Reviewed-on" trailer of Gitea and Forgejo.
	giteaPull   = regexp.MustCompile(`^https?://[^/\s]+/\S+/pulls/(\d+)$`)
	giteeSecond = regexp.MustCompile(`(?m)\n[ \t\r]*\n?(?:Merge pull request !\d+ from (\S+)|From: @\S+)\s*$`)
	// apacheCloses is what the merge script of Apache's projects writes.
	apacheCloses = regexp.MustCompile(`(?m)^Closes #(\d+) from (\S+?/\S+?)(?: and squashes the following commits:)?[ \t\r]*$`)
	serverBody   = regexp.MustCompile(`(?m)^Merge in (\S+) from (\S+) to (\S+)\s*$`)
)

// signOff is the first line of trailers below a title that no blank line parts
// from them: git takes them for the first paragraph's end.
var signOff = regexp.MustCompile(`(?:^|\s)(?i:signed-off-by|co-authored-by|reviewed-by|acked-by|tested-by|change-id): \S`)

// mayBeSigned reports whether a key ends as those of signOff do.
func mayBeSigned(subject string) bool {
	for at := 0; ; at++ {
		i := strings.Index(subject[at:], ": ")
		if i < 0 {
			return false
		}
		if at += i; at >= 3 && (strings.EqualFold(subject[at-3:at], "-by") || strings.EqualFold(subject[at-3:at], "-id")) {
			return true
		}
	}
}

// withoutSignOff takes who signed off a title's end: people and their addresses
// are nobody's news. A subject of nothing else is no title.
func withoutSignOff(subject string) string {
	if !mayBeSigned(subject) {
		return subject
	}
	if at := signOff.FindStringIndex(subject); at != nil {
		return subject[:at[0]]
	}
	return subject
}

// readSubject recognises the formats of merges and squashes.
func (p *parser) readSubject() {
	subject := p.Subject
	if len(subject) > maxSubject {
		subject = strings.ToValidUTF8(subject[:maxSubject], "")
	}
	if p.title = oneLine(withoutSignOff(subject)); p.title == "" && subject != "" {
		p.title = oneLine(p.bodyTitle())
	}
	switch {
	case p.readRequest(subject):
	case p.readUnnumbered(subject):
	default:
		p.readMerge(subject)
		p.readSquash(subject)
	}
	p.readBodyRequest()
}

func (p *parser) readRequest(subject string) bool {
	switch subject[0] {
	case 'M', 'P', 'A', 'R', 'a', '!':
	default:
		return false
	}
	for i := range requestForms {
		f := &requestForms[i]
		if !strings.HasPrefix(subject, f.starts) {
			continue
		}
		if f.forge == "gitee" {
			if !giteeSecond.MatchString(p.text) {
				continue
			}
			subject, _ = cutLine(strings.TrimLeft(p.text, spaces))
		}
		m := f.pattern.FindStringSubmatch(subject)
		if m == nil {
			continue
		}
		r := &model.Request{Forge: f.forge}
		for j, name := range f.pattern.SubexpNames() {
			switch name {
			case "number":
				r.Number = m[j]
			case "sign":
				r.Sign = m[j]
			case "source":
				r.Source = oneLine(m[j])
			case "target":
				r.Target = oneLine(m[j])
			case "title":
				r.Title = oneLine(m[j])
			}
		}
		p.Request = r
		if f.merge {
			p.Merge = MergeRequest
		}
		if b := serverBody.FindStringSubmatch(p.body); b != nil && f.forge == "bitbucket" && r.Source == "" {
			r.Source, r.Target = oneLine(b[2]), oneLine(b[3])
		}
		if b := giteeSecond.FindStringSubmatch(p.text); f.forge == "gitee" {
			r.Source = oneLine(b[1])
		}
		if m := bareNumber.FindStringSubmatch(r.Title); m != nil {
			// A squashed backport: the merge's subject, then its own number.
			p.PickedRequests = append(p.PickedRequests, model.Ref{Sign: r.Sign, ID: r.Number})
			r.Sign, r.Number, r.Title = m[1], m[2], ""
		}
		if r.Title == "" {
			r.Title = oneLine(p.bodyTitle())
		} else {
			r.Title, _, _ = cutNumber(r.Title)
		}
		p.Source, p.Target = r.Source, r.Target
		return true
	}
	return false
}

var bareNumber = regexp.MustCompile(`^\(([#!])([1-9]\d{0,9})\)$`)

// readUnnumbered reads the merges that a Gerrit server makes, and GitHub's of
// security advisories. There is no number, so there is no Request.
func (p *parser) readUnnumbered(subject string) bool {
	if !strings.HasPrefix(subject, "Merge ") {
		return false
	}
	if m := fromFork.FindStringSubmatch(subject); m != nil {
		p.Merge, p.Source = MergeRequest, m[1]
		if title := oneLine(p.bodyTitle()); title != "" {
			p.title = title
		}
		return true
	}
	if m := gerritOne.FindStringSubmatch(subject); m != nil && !strings.Contains(m[1], `", "`) && !strings.Contains(m[1], `" and "`) {
		p.Merge, p.title, p.Target = MergeRequest, oneLine(m[1]), oneLine(m[2])
		return true
	}
	for _, form := range []*regexp.Regexp{gerritTopic, gerritMany} {
		if m := form.FindStringSubmatch(subject); m != nil {
			p.Merge, p.Target = MergeRequest, oneLine(m[2])
			return true
		}
	}
	return false
}

// cutNumber takes "(#12)" off the end of a title, all of several: a backport's
// squash title names the first request and its own. The last is the request's.
// GitHub, Gitea and Forgejo write so; with words, Bitbucket; with "!", templates
// of GitLab.
func cutNumber(title string) (cut, sign, number string) {
	cut = strings.TrimRight(title, spaces)
	for strings.HasSuffix(cut, ")") {
		open := strings.LastIndexByte(cut, '(')
		if open < 1 {
			break
		}
		inner := cut[open+1 : len(cut)-1]
		i := strings.IndexAny(inner, "#!")
		if i < 0 || !requestWords[strings.TrimRight(strings.ToLower(inner[:i]), " ")] {
			break
		}
		digits := inner[i+1:]
		if digits == "" || len(digits) > 10 || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
			break
		}
		head := strings.TrimRight(cut[:open], spaces)
		if head == "" {
			break
		}
		cut = head
		if number == "" {
			sign, number = inner[i:i+1], digits
		}
	}
	if number == "" {
		return title, "", ""
	}
	return cut, sign, number
}

// requestWords are what can stand in front of the sign in "(pull request #12)".
var requestWords = map[string]bool{"": true, "pr": true, "mr": true, "pull request": true, "merge request": true}

func (p *parser) readSquash(subject string) {
	title, sign, number := cutNumber(subject)
	if number == "" {
		return
	}
	forge := ""
	if sign == "!" {
		forge = "gitlab"
	}
	p.Request = &model.Request{Forge: forge, Number: number, Sign: sign, Title: oneLine(title), Source: p.Source, Target: p.Target}
}

// readBodyRequest finds the request that only the body or a trailer names.
func (p *parser) readBodyRequest() {
	// The last one is GitLab's own: a description can quote others.
	if at := max(lastIndex(p.Body, "See merge request "), lastIndex(p.Body, "查看合并请求 ")); at >= 0 {
		line, _ := cutLine(p.Body[at:])
		if m := seeRequest.FindStringSubmatch(line); m != nil {
			r := &model.Request{Forge: "gitlab", Sign: "!", Number: m[2] + m[4], URL: m[1], Source: p.Source, Target: p.Target}
			if p.Merge != MergeNone {
				p.Merge = MergeRequest
				r.Title = oneLine(p.bodyTitle())
			} else {
				r.Title, _, _ = cutNumber(p.title)
			}
			p.Request = r
		}
	}
	if p.Request == nil && p.Merge == MergeNone && strings.Contains(p.Body, "loses #") {
		if m := apacheCloses.FindStringSubmatch(p.Body); m != nil {
			p.Source = oneLine(m[2])
			p.Request = &model.Request{Forge: "github", Number: m[1], Sign: "#", Title: p.title, Source: p.Source}
		}
	}
	for _, t := range p.Trailers {
		if !strings.EqualFold(t.Key, "Reviewed-on") || !isURL(t.Value) {
			continue
		}
		if m := giteaPull.FindStringSubmatch(t.Value); m != nil {
			if p.Request == nil {
				p.Request = &model.Request{Number: m[1], Sign: "#", Title: p.title, Source: p.Source, Target: p.Target}
			}
			if p.Request.Number == m[1] {
				p.Request.Forge, p.Request.URL = "gitea", t.Value
			}
		} else if p.Request == nil && p.ChangeID != "" {
			p.Request = &model.Request{Forge: "gerrit", Number: p.ChangeID, URL: t.Value}
		}
	}
	if p.Request == nil && p.ChangeID != "" {
		p.Request = &model.Request{Forge: "gerrit", Number: p.ChangeID}
	}
	if p.Request == nil && p.Differential != "" {
		p.Request = &model.Request{Forge: "phabricator", Number: p.Differential}
		if m := differentialLine.FindStringSubmatch(p.Body); m != nil && isURL(m[1]) {
			p.Request.URL = m[1]
		}
	}
	if r := p.Request; r != nil && r.Title == "" && p.Merge == MergeNone {
		r.Title = p.title
	}
}

func isURL(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) &&
		strings.IndexFunc(s, func(r rune) bool { return r <= 0x20 || unseen(r) || r == '"' || r == '<' || r == '>' }) < 0
}
