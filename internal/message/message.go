// Package message reads one commit message: subject and body, trailers, the
// conventional header, references, note blocks, and the marks that merges,
// squashes, reverts and cherry-picks leave. It is pure and knows nothing of
// repositories: whether a commit that says "Merge branch 'x'" really has two
// parents is for its caller to know.
//
// # What is exactly git's
//
// Subject and Body are `git log --format=%s` and `%b`; Trailers are what
// `git interpret-trailers --parse` prints, value for value (git 2.39, default
// configuration: the separator is ":", the comment character "#"). Both hold
// for the message after two steps that git leaves to the terminal:
//
//   - The message ends at its first NUL byte, as for every part of git.
//   - Invalid UTF-8 becomes U+FFFD, one for each byte. Nothing that structures
//     a trailer is outside ASCII, so this changes values and nothing else.
//
// `git interpret-trailers` stops reading at a divider, a line that starts with
// "---" and a space, tab or line end: what follows is a patch. `%(trailers)` of
// `git log` does not. Parse honours the divider, and so differs from
// `%(trailers)` in messages with such a line, and in no others but those that
// start with an empty line, which `git log` skips first. (On a cut line behind a
// divider git 2.39 itself runs for ever; Parse stops at the divider.)
//
// # What is bounded
//
// A message can be hostile. Reading is linear, and a message yields at most 65536
// trailers, 4096 references, 1000 fenced blocks and 1000 hashes of a sort.
//
// Trailers and Body are raw: control and bidi characters are in them. Title,
// Header, Blocks, Source and Target are made for people: control and bidi
// characters are taken out.
package message

import (
	"regexp"
	"strings"

	"daybreak/internal/model"
)

// Options says what of a message depends on the workspace.
type Options struct {
	// Tickets are the patterns of ticket ids. The first group of a pattern is
	// the id where it has one, else the whole match.
	Tickets []*regexp.Regexp
}

// MergeForm is what kind of merge the subject tells of.
type MergeForm string

// The forms of merge messages.
const (
	MergeNone    MergeForm = ""
	MergeRequest MergeForm = "request"       // a forge merged a request
	MergeBranch  MergeForm = "branch"        // git merge of local branches, or a forge's "update branch"
	MergeRemote  MergeForm = "remote-branch" // git merge of remote-tracking branches
	MergeTag     MergeForm = "tag"
	MergeCommit  MergeForm = "commit" // a detached commit, named by its hash
	MergePull    MergeForm = "pull"   // git pull: a branch "of" a URL
)

// Message is what one commit message says. The zero Message is that of an
// empty message.
type Message struct {
	Subject string // the first paragraph on one line: %s
	Body    string // all behind the first paragraph, trailers included: %b

	// Title is the best title for people, one line of at most 300 characters:
	// the request's title of a merge message, a squash title without "(#12)",
	// without the type and scope of a conventional header where that is a usual
	// type. Empty only where the message says nothing but who signed it off.
	Title string

	Trailers  []model.Trailer
	Header    model.Header // of the title; of any type, usual or not
	Refs      []model.Ref  // each once, in the order of the text; the request's own number too
	Blocks    []model.NoteBlock
	CoAuthors []model.Person

	// Request is set where the message has the merge or squash format of a
	// forge and names a number. Its Forge is "" for "title (#12)", which several
	// forges write.
	Request *model.Request
	Merge   MergeForm
	// Summary is what the body of a plain merge says that it brings, its first
	// sentence; "" where nobody wrote a body. It is the Title then.
	Summary string
	Source  string // branch, tag or commit merged; those of an octopus are separated by a space
	Target  string // branch it was merged into, "" where the message doesn't say

	Reverts         []string    // hashes as written, in lower case, at least 7 digits
	RevertsRequests []model.Ref // "Reverts owner/repo#10", "This reverts merge request !10"
	RevertsSubject  string      // x of `Revert "x"` and `Reapply "x"`
	Reapply         bool        // the subject is `Reapply "…"`
	// Revert says that the title itself is that of a revert. Where it is false
	// and Reverts isn't empty, the message tells of a revert among other work: a
	// squashed request of which one commit took something back.
	Revert bool

	Picked         []string    // hashes of "(cherry picked from commit …)" and the like, in lower case
	PickedRequests []model.Ref // "Backport of #12", "Automated cherry pick of #12", #12 of "title (#12) (#14)"

	ChangeID     string // Gerrit's Change-Id
	Differential string // Phabricator's revision: "D123"
}

// Parse reads a message. It takes any text, in time and memory linear in its
// length, and fails never.
func Parse(text string, o Options) Message {
	text = valid(text)
	var m Message
	m.Subject, m.Body = split(text)
	if m.Subject == "" {
		return m
	}
	start, end := trailerBlock(text)
	m.Trailers = trailersOf(text[start:end])
	p := parser{Message: &m, text: text, options: o}
	p.body = m.Body
	if start < end {
		// Body is a suffix of the text: what of it lies in front of the trailers?
		p.body = m.Body[:max(0, min(len(m.Body), start-(len(text)-len(m.Body))))]
	}
	p.readProse()
	p.readTrailers()
	p.readSubject()
	p.readReverts()
	p.readTitle()
	p.readBreaking()
	p.readBlocks()
	p.readRefs()
	return m
}

// parser is a message in the making.
type parser struct {
	*Message
	text    string // the whole message, valid
	body    string // Body without the trailer block
	prose   string // text with comments, code and fenced blocks blanked; same offsets
	fences  []fence
	title   string // the title before its header is taken off, cleaned
	options Options
}

// readTrailers takes the facts out of trailers and trailer-like lines.
func (p *parser) readTrailers() {
	for _, t := range p.Trailers {
		switch {
		case strings.EqualFold(t.Key, "Change-Id"):
			if isChangeID(t.Value) {
				p.ChangeID = t.Value
			}
		case strings.EqualFold(t.Key, "Differential Revision"), strings.EqualFold(t.Key, "Differential-Revision"):
			p.Differential = differential(t.Value)
		}
	}
	p.readLoose()
}
