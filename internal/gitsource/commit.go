package gitsource

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/message"
	"daybreak/internal/model"
)

// facts is what one commit object says.
type facts struct {
	commit  model.Commit
	message message.Message
	tree    plumbing.Hash
}

// rawCommit is a commit object taken apart, see git-cat-file(1) and
// gitformat-signature(5). The slices point into the object's bytes.
type rawCommit struct {
	tree      plumbing.Hash
	parents   []plumbing.Hash
	author    []byte
	committer []byte
	encoding  string
	message   []byte
}

var errBadCommit = errors.New("it is no well-formed commit")

// splitCommit takes a commit object apart. Headers that it doesn't know
// (gpgsig, mergetag) are passed over with their continuation lines.
func splitCommit(b []byte) (rawCommit, error) {
	var c rawCommit
	var ok bool
	for {
		line, rest, found := bytes.Cut(b, []byte{'\n'})
		if !found {
			return c, errBadCommit // a commit without message still has the empty line
		}
		b = rest
		if len(line) == 0 {
			break
		}
		key, value, _ := bytes.Cut(line, []byte{' '})
		switch string(key) {
		case "tree":
			if c.tree, ok = parseHash(value); !ok {
				return c, errBadCommit
			}
		case "parent":
			h, ok := parseHash(value)
			if !ok {
				return c, errBadCommit
			}
			c.parents = append(c.parents, h)
		case "author":
			c.author = value
		case "committer":
			c.committer = value
		case "encoding":
			c.encoding = string(value)
		}
	}
	c.message = b
	if c.tree.IsZero() {
		return c, errBadCommit
	}
	return c, nil
}

func parseHash(b []byte) (plumbing.Hash, bool) {
	var h plumbing.Hash
	if len(b) != 40 {
		return h, false
	}
	for i := range h {
		hi, lo := unhex(b[2*i]), unhex(b[2*i+1])
		if hi|lo > 15 {
			return h, false
		}
		h[i] = hi<<4 | lo
	}
	return h, true
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// headerHash reads the id of the object's first header line with the key.
func headerHash(b []byte, key string) (plumbing.Hash, bool) {
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte(key)); ok {
			return parseHash(bytes.TrimRight(rest, "\n"))
		}
		if len(line) == 1 {
			break
		}
	}
	return plumbing.ZeroHash, false
}

// signature reads "Name <mail> 1112911993 -0700". Like git it takes what it
// can: the mail goes to the last ">", a broken time is the epoch.
func signature(b []byte) (name, mail []byte, when time.Time) {
	open, end := bytes.IndexByte(b, '<'), bytes.LastIndexByte(b, '>')
	if open < 0 || end < open {
		return bytes.TrimSpace(b), nil, time.Unix(0, 0).UTC()
	}
	return bytes.TrimSpace(b[:open]), b[open+1 : end], signatureTime(b[end+1:])
}

func signatureTime(b []byte) time.Time {
	fields := bytes.Fields(b)
	if len(fields) == 0 {
		return time.Unix(0, 0).UTC()
	}
	seconds, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil || seconds > math.MaxInt32*128 || seconds < -math.MaxInt32*32 {
		return time.Unix(0, 0).UTC() // beyond the year 9999 nothing can print it
	}
	if len(fields) < 2 {
		return time.Unix(seconds, 0).UTC()
	}
	offset, err := strconv.Atoi(string(fields[1]))
	if err != nil || offset == 0 || offset > 2400 || offset < -2400 {
		return time.Unix(seconds, 0).UTC()
	}
	return time.Unix(seconds, 0).In(zone(offset))
}

var zones sync.Map // int → *time.Location

// zone gives the fixed zone of an offset as git writes it: -730 is -07:30.
func zone(offset int) *time.Location {
	if z, ok := zones.Load(offset); ok {
		return z.(*time.Location)
	}
	z, _ := zones.LoadOrStore(offset, time.FixedZone(fmt.Sprintf("%+05d", offset), (offset/100*60+offset%100)*60))
	return z.(*time.Location)
}

// parseCommit makes the facts of a commit out of its parts.
func (r *Repository) parseCommit(h plumbing.Hash, c rawCommit) *facts {
	f := &facts{tree: c.tree}
	raw, behind, leftOut := bounded(c.message)
	text, damaged := message.Decode(raw, c.encoding)
	person := func(b []byte) (model.Person, time.Time) {
		name, mail, when := signature(b)
		n, bad := message.Decode(name, c.encoding)
		m, _ := message.Decode(mail, c.encoding)
		damaged = damaged || bad
		return r.mailmap.Resolve(model.Person{Name: n, Mail: m}), when
	}
	f.commit.Hash = model.Hash(h.String())
	for _, p := range c.parents {
		f.commit.Parents = append(f.commit.Parents, model.Hash(p.String()))
	}
	f.commit.Author, f.commit.Authored = person(c.author)
	f.commit.Committer, f.commit.Committed = person(c.committer)
	f.message = message.Parse(text, message.Options{Tickets: r.o.Tickets})
	f.commit.Subject = f.message.Subject
	f.commit.Header = f.message.Header
	f.commit.Body = f.message.Body
	f.commit.Trailers = f.message.Trailers
	for _, p := range f.message.CoAuthors {
		f.commit.CoAuthors = append(f.commit.CoAuthors, r.mailmap.Resolve(p))
	}
	f.commit.Damaged, f.commit.Behind, f.commit.LeftOut = damaged, behind, leftOut
	return f
}

// maxMessage is the most bytes that are kept of a message, and messageTail how
// many of them are its end, where the trailers stand.
const (
	maxMessage  = 1 << 20
	messageTail = 1 << 18
)

// bounded gives the part of a message that is read: up to its first NUL byte, as
// for every part of git, and of a longer one than maxMessage whole lines of its
// beginning and of its end. It counts the bytes behind the NUL byte and those
// left out.
func bounded(b []byte) (kept []byte, behind, leftOut int) {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b, behind = b[:i], len(b)-i-1
	}
	if len(b) <= maxMessage {
		return b, behind, 0
	}
	head, tail := b[:maxMessage-messageTail], b[len(b)-messageTail:]
	if i := bytes.LastIndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	if i := bytes.IndexByte(tail, '\n'); i >= 0 {
		tail = tail[i+1:]
	}
	return slices.Concat(head, []byte("\n\n"), tail), behind, len(b) - len(head) - len(tail)
}

// readCommit reads one commit with the parents that history really has: those
// of info/grafts where it names the commit. It is good until the next object is
// read.
func (r *Repository) readCommit(h plumbing.Hash) (rawCommit, error) { return r.objects.commit(h) }

func (o *objects) commit(h plumbing.Hash) (rawCommit, error) {
	if len(o.replaced) == 0 && len(o.grafts) == 0 {
		for _, p := range o.packs {
			if b := p.commit(h, maxObject); b != nil {
				if c, err := splitCommit(b); err == nil {
					return c, nil
				}
			}
		}
	}
	typ, b, err := o.read(h)
	if err != nil {
		return rawCommit{}, err
	}
	if typ != plumbing.CommitObject {
		return rawCommit{}, objectError(h, fmt.Errorf("it is a %s where a commit should be", typ))
	}
	c, err := splitCommit(b)
	if err != nil {
		return c, objectError(h, err)
	}
	if parents, ok := o.grafts[h]; ok {
		c.parents = parents
	}
	return c, nil
}

// isCommit reports whether an object is seen at once to be a commit; it may be
// one where that takes reading it.
func (o *objects) isCommit(h plumbing.Hash) bool {
	if len(o.replaced) > 0 {
		return false
	}
	return slices.ContainsFunc(o.graphs, func(g *commitGraph) bool {
		return slices.ContainsFunc(g.layers, func(l *graphLayer) bool { return l.find(h) >= 0 })
	}) || slices.ContainsFunc(o.packs, func(p *packs) bool { return p.commit(h, 48) != nil })
}

// commitsStarting gives the commits at hand whose ids start so, see packs.starting.
func (o *objects) commitsStarting(prefix plumbing.Hash, n int) ([]plumbing.Hash, error) {
	var out []plumbing.Hash
	for _, p := range o.packs {
		found, err := p.starting(prefix, n)
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			if !o.isCommit(h) {
				typ, _, err := o.read(h)
				if err != nil {
					return nil, err
				}
				if typ != plumbing.CommitObject {
					continue
				}
			}
			out = append(out, h)
		}
	}
	return out, nil
}

// headers reads a commit's parents, put behind names, and its committer's time,
// without the rest of it. ok is false where it can't be done so cheaply.
func (o *objects) headers(h plumbing.Hash, names []plumbing.Hash) (parents []plumbing.Hash, when int64, ok bool) {
	if len(o.replaced) > 0 || len(o.grafts) > 0 {
		return names, 0, false
	}
	for _, g := range o.graphs {
		if parents, when, ok = g.headers(h, names); ok {
			return parents, when, true
		}
	}
	for _, p := range o.packs {
		if b := p.commit(h, headerBytes); b != nil {
			return splitHeaders(b, names)
		}
	}
	return names, 0, false
}

// splitHeaders reads the headers of a commit as git writes them, as far as they
// go; false for any other order.
func splitHeaders(b []byte, names []plumbing.Hash) (parents []plumbing.Hash, when int64, ok bool) {
	const tree, parent = len("tree ") + 40 + 1, len("parent ") + 40 + 1
	if len(b) < tree || !bytes.HasPrefix(b, []byte("tree ")) || b[tree-1] != '\n' {
		return names, 0, false
	}
	for b = b[tree:]; bytes.HasPrefix(b, []byte("parent ")); b = b[parent:] {
		if len(b) < parent || b[parent-1] != '\n' {
			return names, 0, false
		}
		h, ok := parseHash(b[parent-41 : parent-1])
		if !ok {
			return names, 0, false
		}
		names = append(names, h)
	}
	author, rest, _ := bytes.Cut(b, []byte{'\n'})
	committer, _, whole := bytes.Cut(rest, []byte{'\n'})
	if !whole || !bytes.HasPrefix(author, []byte("author ")) || !bytes.HasPrefix(committer, []byte("committer ")) {
		return names, 0, false
	}
	return names, committedAt(committer[len("committer "):]), true
}

// committedAt is the time of a signature, in seconds.
func committedAt(b []byte) int64 {
	_, _, when := signature(b)
	return when.Unix()
}
