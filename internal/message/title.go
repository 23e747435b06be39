package message

import (
	"regexp"
	"strconv"
	"strings"

	"daybreak/internal/model"
)

// boilerplate are the lines of merge messages that forges and bots put in front
// of the title.
var boilerplate = regexp.MustCompile(`^(?:Automatic merge from submit-queue|Automatically merged by |If you want to cherry-pick this change|See merge request |查看合并请求 |Reviewed-on: |Approved-by: |Merge in \S+ from |Merge pull request |# |\*\*|<)`)

var (
	borsTitle = regexp.MustCompile(`^(\d+): (.*?)(?: r=\S+)?(?: a=\S+)?$`)
	// trueTrailer tells trailers from a title with a conventional header, which
	// is a trailer too for git where it is all of the last paragraph.
	trueTrailer = regexp.MustCompile(`^(?:(?i:[a-z-]+-(?:by|on|to|id|from|with|for|link|url|bug|issue|note)) ?:|(?:Audience|Area|Changelog|Kind|Verify|C[Cc]|See|Refs?|References|Link|Part-of|Depends) ?:|(?i:fix(?:es|ed)?|clos(?:e|es|ed)|resolv(?:e|es|ed)|related|refs?|see|bug|issues?|ticket|backport) ?: ?(?:(?:[\w-]+/[\w./-]+)?[#!]\d|\d+$|[A-Z]+-\d|https?://)|\(cherry picked)`)
	serverEntry = regexp.MustCompile(`^\* commit '[0-9a-f]+':$`)
)

// A pattern costs many times what a look at a byte does, and Parse is called for
// every commit of a history: so each is asked only where it can fit.

func isBoilerplate(line string) bool {
	return line != "" && strings.IndexByte("AISRM#*<\xe6", line[0]) >= 0 && boilerplate.MatchString(line)
}

func isTrueTrailer(line string) bool {
	return (strings.IndexByte(line, ':') >= 0 || strings.HasPrefix(line, "(cherry picked")) && trueTrailer.MatchString(line)
}

// bodyTitle gives the request's title out of a merge message's body, "" where
// there is none.
func (p *parser) bodyTitle() string {
	at := len(p.text) - len(p.Body)
	rest := p.prose[at:]
	trailers := at + len(p.body)
	for range 40 {
		if rest == "" {
			return ""
		}
		line, next := cutLine(rest)
		raw := strings.TrimSpace(p.text[at : at+len(line)])
		inTrailers := at >= trailers
		at += len(line)
		rest = next
		line = strings.TrimSpace(line)
		if line == "" && strings.HasPrefix(raw, "`") && len(fenceRun(raw)) < 3 {
			line = raw // the whole title is a code span
		}
		switch {
		case line == "" || isBoilerplate(line):
			continue
		case serverEntry.MatchString(line):
			return soleEntry(rest)
		case inTrailers && isTrueTrailer(line):
			return ""
		}
		if m := borsTitle.FindStringSubmatch(raw); m != nil && p.Request != nil && m[1] == p.Request.Number {
			raw = m[2]
		}
		return rejoin(raw, rest)
	}
	return ""
}

// soleEntry gives the subject in Bitbucket Server's list of a merge's commits
// where the list names only one.
func soleEntry(rest string) string {
	found := ""
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "  ") {
			break
		}
		if found != "" {
			return ""
		}
		found = strings.TrimSpace(line)
	}
	return found
}

// rejoin mends a title that GitHub cut: it ends in "…", and the text goes on
// with "…" in the next line.
func rejoin(title, rest string) string {
	head, ok := strings.CutSuffix(title, "…")
	if !ok {
		return title
	}
	line, _ := cutLine(strings.TrimLeft(rest[:min(len(rest), 1000)], spaces))
	if tail, ok := strings.CutPrefix(strings.TrimRight(line, spaces), "…"); ok {
		return head + tail
	}
	return title
}

// firstSentence matches a sentence that another one follows.
var firstSentence = regexp.MustCompile(`^(.{20,}?[^.\s]{2}[.!])\s+\p{Lu}`)

// sentenceEnds reports whether there is a place where firstSentence can end.
func sentenceEnds(text string) bool {
	for i := 20; i+1 < len(text); i++ {
		if c := text[i]; (c == '.' || c == '!') && strings.IndexByte(" \t\n\f\r", text[i+1]) >= 0 {
			return true
		}
	}
	return false
}

// readSummary reads the paragraph that the one who merged a branch wrote about
// it. What git itself puts there is none: lists of subjects and conflicts.
func (p *parser) readSummary() {
	if p.Request != nil || p.Revert || p.Merge != MergeBranch && p.Merge != MergeRemote && p.Merge != MergePull {
		return
	}
	start := len(p.text) - len(p.Body)
	text := ""
	for line := range strings.Lines(p.prose[start:]) {
		plain := strings.TrimSpace(line)
		switch {
		case plain == "" && text == "":
		case plain == "":
			p.Summary = text
		case text == "" && (strings.HasPrefix(line, "#") || isBoilerplate(plain)):
		case text == "" && (strings.HasPrefix(plain, "* ") || strings.HasPrefix(plain, "Conflicts:") || line[0] == '\t' || isTrueTrailer(plain)):
			return
		default:
			text = strings.TrimSpace(text + " " + plain)
		}
		if p.Summary != "" {
			break
		}
	}
	if sentenceEnds(text) {
		if m := firstSentence.FindStringSubmatch(text); m != nil {
			text = m[1]
		}
	}
	p.Summary = oneLine(strings.TrimSuffix(text, "."))
}

// branchMark is what robots and people put in front of a backport's title: the
// branch that it is for, and as patchback has it the request and commit it is of.
var branchMark = regexp.MustCompile(`^\[(?:PR #([1-9]\d{0,9})/([0-9a-f]{7,40}) backport|(?i:backport(?:ed)?)(?:[ :][^\]]{0,40})?|(?:release|stable|maint)[-/_ ]?v?\d[\w./-]*|v?\d{1,4}(?:\.(?:\d{1,4}|x)){1,3}|v?\d{1,4}(?:[.-](?:\d{1,4}|x)){0,3}[-_.](?:stable|release|maint|branch))\][ :-]*`)

// cutBranch takes those marks off the title, and keeps what they say.
func (p *parser) cutBranch(title string) string {
	for strings.HasPrefix(title, "[") {
		m := branchMark.FindStringSubmatch(title)
		if m == nil || len(m[0]) == len(title) {
			break
		}
		title = title[len(m[0]):]
		if m[1] != "" {
			p.PickedRequests = append(p.PickedRequests, model.Ref{Sign: "#", ID: m[1]})
			p.Picked = addHash(p.Picked, m[2])
		}
	}
	return title
}

// readTitle sets Title and Header.
func (p *parser) readTitle() {
	title := p.title
	if p.readSummary(); p.Summary != "" {
		title = p.Summary
	}
	if p.Request != nil && p.Request.Title != "" {
		if p.Merge == MergeNone {
			p.Request.Title = oneLine(rejoin(p.Request.Title, p.Body))
		}
		title = p.Request.Title
	}
	title, _, _ = cutNumber(title)
	title = p.cutBranch(title)
	if rest := strings.TrimSpace(strings.TrimPrefix(title, "* ")); rest != "" { // the first point of a squashed list
		title = rest
	}
	usual := p.readHeader(title)
	if usual && p.Header.Text != "" {
		p.Header.Text = p.cutBranch(p.Header.Text) // "fix: [release-2.1] sums"
		title = p.Header.Text
	}
	if title == "" && withoutSignOff(p.Subject) != "" {
		// Nothing that can be seen: its characters as escapes are still a title.
		title = oneLine(strings.Trim(strconv.QuoteToASCII(p.Subject[:min(len(p.Subject), maxTitle)]), `"`))
	}
	p.Title = title
}
