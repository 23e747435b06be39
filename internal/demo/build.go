package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// node is a commit that the builder made.
type node struct {
	hash  plumbing.Hash
	tree  files
	at    int // working minute
	title string
}

// merged is what is known of a request once it is on main.
type merged struct {
	tip    node // the merge, squash or plain commit
	first  node // main before it
	single node // the one commit with its content: the last inner commit, or tip
	log    []done
	merge  bool
	form   Form
}

// builder tells the story into an object store.
type builder struct {
	story *Story
	clock clock
	store *store
	main  []node // main's first-parent line
	byID  map[string]merged
	tags  map[string]node // by version
	refs  map[plumbing.ReferenceName]plumbing.Hash
}

// build writes every object and gives the references.
func build(s *Story, st *store) (map[plumbing.ReferenceName]plumbing.Hash, error) {
	b := &builder{
		story: s, store: st,
		clock: clock{start: s.Start.Date.Time, clocks: s.Clocks},
		byID:  map[string]merged{},
		tags:  map[string]node{},
		refs:  map[plumbing.ReferenceName]plumbing.Hash{},
	}
	b.commitStart()
	from := 1
	for i := range s.Releases {
		r := &s.Releases[i]
		if r.Hotfix != nil {
			continue
		}
		b.release(r, from)
		from = b.clock.minute(r.Date.Time) + 60
	}
	// Hotfixes take over commits that main had got in the meantime, so they come
	// last; the clock of their commits says where they belong.
	for i := range s.Releases {
		if r := &s.Releases[i]; r.Hotfix != nil {
			b.hotfix(r)
		}
	}
	b.refs[plumbing.NewBranchReferenceName("main")] = b.tip().hash
	return b.refs, st.err
}

func (b *builder) tip() node { return b.main[len(b.main)-1] }

func (b *builder) commitStart() {
	s := b.story
	when := b.clock.at(0, "start")
	tree := files(s.Tree)
	hash := b.commit(tree, s.Start.Message+"\n", s.Start.By, when, s.Start.By, when)
	b.main = append(b.main, node{hash: hash, tree: tree, title: firstLine(s.Start.Message)})
}

// release merges the requests evenly over the working time between the tag
// before and the evening before its own.
func (b *builder) release(r *Release, from int) {
	to := b.clock.minute(r.Date.Time) - 30
	for i := range r.Requests {
		q := r.Requests[i]
		span := float64(to-from) / float64(len(r.Requests))
		shake := float64(number(q.ID+q.Title)%100) / 100 * 0.7
		at := from + int(span*(float64(i)+0.1+shake))
		b.request(r, &q, from, at)
		if r.Candidate != nil && r.Candidate.After == q.ID {
			when := b.clock.at(at+20, r.Candidate.Version)
			b.tag("v"+r.Candidate.Version, b.tip(), r.Candidate.Message, r.By, when)
		}
	}
	if r.Version != "" {
		b.tag(r.Tag(), b.tip(), r.Message, r.By, b.tagTime(r))
		b.tags[r.Version] = b.tip()
	}
}

// tagTime is the clock time that the story gives for a release.
func (b *builder) tagTime(r *Release) time.Time {
	at, _ := time.Parse("15:04", r.Clock) // validated
	return b.clock.on(r.Date.Time, at.Hour()*60+at.Minute(), int(number(r.Version)%60))
}

func (b *builder) request(r *Release, q *Request, from, at int) {
	form := r.form(q)
	first := b.tip()
	m := merged{first: first, form: form}
	var undoing *merged
	if q.Revert != nil {
		of := b.byID[q.Revert.Of]
		undoing = &of
		b.revertTexts(form, q, undoing)
	}
	if form.merges() {
		m.merge = true
		m.single, m.log = b.topic(q, from, at, undoing)
		tree := b.mergeTree(first.tree, q, undoing)
		merger := q.By
		if q.Merger != "" {
			merger = q.Merger
		}
		when := b.clock.at(at, q.ID)
		text := b.story.mergeMessage(form, q)
		hash := b.commit(tree, text, merger, when, merger, when, first.hash, m.single.hash)
		m.tip = node{hash: hash, tree: tree, at: at, title: firstLine(text)}
	} else {
		var tree files
		if undoing != nil {
			tree, m.log = undo(first.tree, undoing.log)
		} else {
			tree, m.log = apply(first.tree, q.Files, q.Title)
		}
		text := b.story.mergeMessage(form, q)
		written := b.clock.at(max(first.at, at-90), q.ID)
		committer := q.By
		if q.Merger != "" {
			committer = q.Merger
		}
		hash := b.commit(tree, text, q.By, written, committer, b.clock.at(at, q.ID), first.hash)
		m.tip = node{hash: hash, tree: tree, at: at, title: firstLine(text)}
		m.single = m.tip
	}
	b.main = append(b.main, m.tip)
	b.byID[q.ID] = m
}

// revertTexts gives a revert its title and body: of the merge commit where the
// request had one, as people do it.
func (b *builder) revertTexts(form Form, q *Request, of *merged) {
	title, body := revertMessage(b.story, form, q, of.tip.title, of.tip.hash, of.first.hash, of.merge)
	if q.Title == "" {
		q.Title = title
	}
	if q.Branch == "" {
		q.Branch = "revert-" + of.tip.hash.String()[:8]
	}
	q.Commits = []string{title}
	if form.merges() && q.Revert.Form == "commit" {
		// git revert wrote the inner commit's message; the merge has the forge's.
		q.Commits = []string{title + "\n\n" + body}
		return
	}
	q.Body = strings.TrimSpace(body + "\n\n" + q.Body)
}

// topic makes the topic branch's commits and gives the last one. Work on it
// begins when it is branched off; on a request that starts at main's tip, not
// before the release at minute from.
func (b *builder) topic(q *Request, from, at int, undoing *merged) (node, []done) {
	fork := q.Fork
	switch {
	case undoing != nil:
		fork = 1 // what is not there can't be taken back
	case fork == 0:
		fork = 1 + int(number(q.ID)%4)
	}
	base := b.main[max(0, len(b.main)-fork)]
	if fork == 1 {
		base.at = min(max(base.at, from), at-2)
	}
	subjects := q.innerSubjects()
	now := base
	var all []done
	for j, subject := range subjects {
		minute := base.at + (at-base.at)*(j+1)/(len(subjects)+1)
		if q.Update && j == len(subjects)-1 {
			now = b.update(q, now, minute-5)
		}
		var log []done
		tree := now.tree
		if undoing != nil {
			tree, log = undo(tree, undoing.log)
		} else {
			tree, log = apply(tree, editsOf(q, j), firstLine(subject))
		}
		all = append(all, log...)
		text := subject
		if j == len(subjects)-1 && q.Inner {
			text = join(subject, wrap(q.Body), b.story.trailers(q))
		}
		when := b.clock.at(minute, subject)
		by := q.By
		if j > 0 && len(q.With) > 0 && j%2 == 1 {
			by = q.With[0]
		}
		now = node{hash: b.commit(tree, text, by, when, by, when, now.hash), tree: tree, at: minute}
	}
	return now, all
}

// update merges main, as it was at the time, into the topic.
func (b *builder) update(q *Request, topic node, minute int) node {
	var line node
	for _, n := range b.main {
		if n.at <= minute {
			line = n
		}
	}
	tree := line.tree
	for j := range q.innerSubjects()[:len(q.Commits)-1] {
		tree, _ = apply(tree, editsOf(q, j), firstLine(q.Commits[j]))
	}
	when := b.clock.at(minute, q.ID+"update")
	text := fmt.Sprintf("Merge branch 'main' into %s\n", q.branch())
	return node{hash: b.commit(tree, text, q.By, when, q.By, when, topic.hash, line.hash), tree: tree, at: minute}
}

// mergeTree is main's tree with the whole request in it: all edits only add or
// replace lines, so carrying them out again on main is the merge.
func (b *builder) mergeTree(tree files, q *Request, undoing *merged) files {
	if undoing != nil {
		tree, _ = undo(tree, undoing.log)
		return tree
	}
	for j, subject := range q.innerSubjects() {
		tree, _ = apply(tree, editsOf(q, j), firstLine(subject))
	}
	return tree
}

// editsOf deals the request's files out to its commits. A commit too many
// goes over an earlier file again.
func editsOf(q *Request, j int) []Edit {
	n := len(q.innerSubjects())
	var out []Edit
	for i, e := range q.Files {
		if i%n == j {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		out = append(out, Edit{Path: q.Files[j%len(q.Files)].Path})
	}
	return out
}

// hotfix makes a branch at an old release and cherry-picks onto it, as
// `git cherry-pick -x` does: the author stays, the committer is new.
func (b *builder) hotfix(r *Release) {
	now := b.tags[r.Hotfix.Of]
	tagged := b.tagTime(r)
	for i, id := range r.Hotfix.Picks {
		m := b.byID[id]
		q := b.find(id)
		tree := now.tree
		for j, subject := range q.innerSubjects() {
			tree, _ = apply(tree, editsOf(q, j), firstLine(subject))
		}
		source := b.store.commits[m.single.hash]
		text := strings.TrimRight(source.Message, "\n")
		// git puts the mark into the last paragraph where that is made of trailers.
		if lastIsTrailers(text) {
			text += "\n"
		} else {
			text += "\n\n"
		}
		text += fmt.Sprintf("(cherry picked from commit %s)\n", m.single.hash)
		when := tagged.Add(time.Duration(i-len(r.Hotfix.Picks)) * 12 * time.Minute)
		hash := b.store.commit(tree, text, source.Author, b.signature(r.By, when), now.hash)
		now = node{hash: hash, tree: tree}
	}
	b.tag(r.Tag(), now, r.Message, r.By, tagged)
	b.tags[r.Version] = now
	b.refs[plumbing.NewBranchReferenceName(r.Hotfix.Branch)] = now.hash
}

// lastIsTrailers reports whether the message's last paragraph is made of
// trailers, as trailers gives them.
func lastIsTrailers(text string) bool {
	i := strings.LastIndex(text, "\n\n")
	if i < 0 {
		return false
	}
	key, _, ok := strings.Cut(firstLine(text[i+2:]), ": ")
	return ok && !strings.Contains(key, " ")
}

func (b *builder) find(id string) *Request {
	for i := range b.story.Releases {
		for j := range b.story.Releases[i].Requests {
			if q := &b.story.Releases[i].Requests[j]; q.ID == id {
				return q
			}
		}
	}
	return nil // validated: there is one
}

func (b *builder) signature(id string, when time.Time) object.Signature {
	p := b.story.People[id]
	return object.Signature{Name: p.Name, Email: p.Mail, When: when}
}

func (b *builder) commit(tree files, text, author string, written time.Time, committer string, when time.Time, parents ...plumbing.Hash) plumbing.Hash {
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return b.store.commit(tree, text, b.signature(author, written), b.signature(committer, when), parents...)
}

func (b *builder) tag(name string, on node, text, by string, when time.Time) {
	b.refs[plumbing.NewTagReferenceName(name)] = b.store.tag(name, on.hash, strings.TrimSpace(text)+"\n", b.signature(by, when))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
