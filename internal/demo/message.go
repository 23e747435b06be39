package demo

import (
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// trailers gives the request's trailers as lines, long ones folded as
// git-interpret-trailers(1) allows: continuation lines start with a space.
func (s *Story) trailers(q *Request) string {
	var b strings.Builder
	put := func(key, value string) {
		if value != "" {
			b.WriteString(fold(key + ": " + value))
		}
	}
	text := func(key string, t Text) {
		for _, v := range t["de"] {
			put(key, v)
		}
		for _, v := range t["en"] {
			put(key+"-en", v)
		}
	}
	text("Release-Note", q.Note)
	put("Kind", q.Kind)
	put("Area", q.Area)
	put("Audience", q.Audience)
	put("Systems", q.Systems)
	text("Breaking", q.Breaking)
	text("Deploy-Note", q.Deploy)
	text("Rollback-Note", q.Rollback)
	text("Verify", q.Verify)
	text("Expect", q.Expect)
	put("Tested-On", q.Tested)
	text("Risk", q.Risk)
	if p, ok := s.People[q.Owner]; ok {
		put("Owner", p.Name)
	}
	put(s.Ticket, q.Ticket)
	for _, id := range q.With {
		put("Co-authored-by", s.signature(id))
	}
	return b.String()
}

// signature is a person as git writes it.
func (s *Story) signature(id string) string {
	return fmt.Sprintf("%s <%s>", s.People[id].Name, s.People[id].Mail)
}

// fold breaks a trailer into lines of at most 76 characters where it can.
func fold(line string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(line) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case i > 1 && width+1+n > 76: // the value's first word stays beside its key
			b.WriteString("\n ")
			width = 1
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	b.WriteByte('\n')
	return b.String()
}

// wrap breaks prose into lines of at most 72 characters.
func wrap(text string) string {
	var paragraphs []string
	for _, p := range strings.Split(strings.TrimSpace(text), "\n\n") {
		var b strings.Builder
		width := 0
		for i, word := range strings.Fields(p) {
			n := len([]rune(word))
			if i > 0 && width+1+n > 72 {
				b.WriteByte('\n')
				width = 0
			} else if i > 0 {
				b.WriteByte(' ')
				width++
			}
			b.WriteString(word)
			width += n
		}
		paragraphs = append(paragraphs, b.String())
	}
	return strings.Join(paragraphs, "\n\n")
}

// join puts the parts of a message together: a blank line between, none
// doubled, one line feed at the end.
func join(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n") + "\n"
}

// merges reports whether the form makes a merge commit over inner commits.
func (f Form) merges() bool {
	switch f {
	case GitHubMerge, GitLabMerge, GiteaMerge, Bitbucket:
		return true
	}
	return false
}

// mergeMessage is the message of the commit that brings a request to main, as
// its forge writes it.
func (s *Story) mergeMessage(form Form, q *Request) string {
	title, body, trailers, branch := q.Title, wrap(q.Body), s.trailers(q), q.branch()
	if q.Inner && form.merges() {
		body, trailers = "", ""
	}
	owner := strings.Split(s.Slug, "/")[0]
	see := fmt.Sprintf("See merge request %s!%s", s.Slug, q.ID)
	switch form {
	case GitHubMerge:
		return join(fmt.Sprintf("Merge pull request #%s from %s/%s", q.ID, owner, branch), title, body, trailers)
	case GitHubSquash:
		return join(fmt.Sprintf("%s (#%s)", title, q.ID), bullets(q.Commits), body, trailers)
	case GitLabMerge:
		return join(fmt.Sprintf("Merge branch '%s' into 'main'", branch), title, body, closes(q), see, trailers)
	case GitLabSquash:
		return join(title, body, see, trailers)
	case GiteaMerge:
		return join(fmt.Sprintf("Merge pull request '%s' (#%s) from %s into main", title, q.ID, branch),
			fmt.Sprintf("Reviewed-on: %s/%s/pulls/%s\n", s.Forges["gitea"], s.Slug, q.ID), body, trailers)
	case Bitbucket:
		return join(fmt.Sprintf("Merged in %s (pull request #%s)", branch, q.ID), title, body, trailers)
	case Azure:
		return join(fmt.Sprintf("Merged PR %s: %s", q.ID, title), body, trailers)
	default:
		return join(title, body, trailers)
	}
}

func closes(q *Request) string {
	if q.Ticket == "" {
		return ""
	}
	return "Closes " + q.Ticket
}

func bullets(subjects []string) string {
	if len(subjects) < 2 {
		return ""
	}
	return "* " + strings.Join(subjects, "\n\n* ")
}

// innerSubjects are the subjects of a topic's commits.
func (q *Request) innerSubjects() []string {
	if len(q.Commits) > 0 {
		return q.Commits
	}
	return []string{q.Title}
}

// revertMessage is what git revert, or the forge's button, writes. A merge is
// taken back against its first parent; the fold after "reversing" is git's own.
func revertMessage(s *Story, form Form, q *Request, subject string, hash, parent plumbing.Hash, merge bool) (title, body string) {
	title = fmt.Sprintf("Revert %q", subject)
	if inner, ok := strings.CutPrefix(subject, `Revert "`); ok {
		title = `Reapply "` + inner
	}
	switch {
	case q.Revert.Form == "web" && (form == GitHubMerge || form == GitHubSquash):
		body = fmt.Sprintf("Reverts %s#%s", s.Slug, q.Revert.Of)
	case q.Revert.Form == "web":
		body = fmt.Sprintf("This reverts merge request !%s", q.Revert.Of)
	case merge:
		body = fmt.Sprintf("This reverts commit %s, reversing\nchanges made to %s.", hash, parent)
	default:
		body = fmt.Sprintf("This reverts commit %s.", hash)
	}
	return title, body
}
