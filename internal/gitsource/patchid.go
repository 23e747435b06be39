package gitsource

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/utils/diff"
	"github.com/sergi/go-diff/diffmatchpatch"
)

// maxPatchBlob is the largest file whose lines are compared; larger ones count
// by their ids, like binary files.
const maxPatchBlob = 1 << 20

// samePatchAs reports whether two commits did the same in the sense of
// git-patch-id(1): paths and hunks with three lines around them, without line
// numbers and white space. Commits that did nothing did nothing alike.
//
// It goes by touched paths, then file by file: by ids, of which a backport
// mostly keeps some; where they differ by their effect, and only where that
// agrees everywhere by their hunks.
func (r *Repository) samePatchAs(i, j int32) (bool, error) {
	a, err := r.pathsOf(i)
	if err != nil || a == "" {
		return false, err
	}
	b, err := r.pathsOf(j)
	if err != nil || a != b {
		return false, err
	}
	x, err := r.touchedBy(i)
	if err != nil {
		return false, err
	}
	y, err := r.touchedBy(j)
	if err != nil {
		return false, err
	}
	var open []int
	for k := range x {
		if x[k].from.id == y[k].from.id && x[k].to.id == y[k].to.id {
			continue
		}
		if !r.trees.sameEffect(&x[k], &y[k]) {
			return false, nil
		}
		open = append(open, k)
	}
	for _, k := range open {
		if r.trees.hunks(&x[k]) != r.trees.hunks(&y[k]) {
			return false, nil
		}
	}
	return true, nil
}

// pathsOf is a cheap name of which paths a commit touches: commits that differ
// in it have no patch in common.
func (r *Repository) pathsOf(i int32) (string, error) {
	if p, ok := r.pathSets[i]; ok {
		return p, nil
	}
	list, err := r.touchedBy(i)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, t := range list {
		fmt.Fprintf(h, "%s\x00%o %o\n", t.path, t.from.mode, t.to.mode)
	}
	p := ""
	if len(list) > 0 {
		p = string(h.Sum(nil)[:16])
	}
	r.pathSets[i] = p
	return p, nil
}

// sameEffect compares what lines two differences add and take away, without
// finding out where: what all lines of the new file add up to, less those of the
// old. Equal hunks have equal effects, and most others differ, so hardly any
// files need be compared. Without lines to compare nothing is the same.
func (t *treeReader) sameEffect(x, y *touched) bool {
	var sums [4]uint64
	for k, l := range []leaf{x.from, x.to, y.from, y.to} {
		var ok bool
		if sums[k], ok = t.lineSum(l); !ok {
			return false
		}
	}
	return sums[1]-sums[0] == sums[3]-sums[2]
}

// hunks names the lines that a difference of two text files changes, and three
// lines around them.
func (t *treeReader) hunks(d *touched) [16]byte {
	key := [2]plumbing.Hash{d.from.id, d.to.id}
	name, ok := t.patches[key]
	if !ok {
		from, _ := t.lines(d.from)
		to, _ := t.lines(d.to)
		h := sha256.New()
		hashHunks(h, from, to)
		name = [16]byte(h.Sum(nil))
		t.patches[key] = name
	}
	return name
}

// maxSums bounds how many files' sums are kept.
const maxSums = 1 << 17

// lineSum adds up the hashes (FNV-1a) of a file's lines without white space.
func (t *treeReader) lineSum(l leaf) (uint64, bool) {
	if sum, ok := t.sums[l.id]; ok && l.mode&modeKind != modeSubmodule {
		return sum, true
	}
	text, ok := t.text(l)
	if !ok {
		return 0, false
	}
	const offset, prime = 14695981039346656037, 1099511628211
	var sum uint64
	line := uint64(offset)
	for i := range len(text) {
		switch c := text[i]; c {
		case '\n':
			sum += line
			line = offset
		case ' ', '\t', '\r', '\v', '\f':
		default:
			line = (line ^ uint64(c)) * prime
		}
	}
	if len(text) > 0 && text[len(text)-1] != '\n' {
		sum += line
	}
	if len(t.sums) >= maxSums {
		clear(t.sums)
	}
	t.sums[l.id] = sum
	return sum, true
}

// lines reads a text file; false for what has no lines to compare.
func (t *treeReader) lines(l leaf) (string, bool) {
	b, ok := t.text(l)
	return string(b), ok
}

func (t *treeReader) text(l leaf) ([]byte, bool) {
	if l.mode == 0 {
		return nil, true
	}
	if l.mode&modeKind == modeSubmodule {
		return nil, false
	}
	typ, b, err := t.objects.read(l.id)
	if err != nil || typ != plumbing.BlobObject || len(b) > maxPatchBlob || bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
		return nil, false
	}
	return b, true
}

// lineDiff compares two texts line by line. What they begin and end with alike
// isn't given to the library, which takes whole files apart.
func lineDiff(from, to string) []diffmatchpatch.Diff {
	n, same := min(len(from), len(to)), 0
	for same < n && from[same] == to[same] {
		same++
	}
	head := strings.LastIndexByte(from[:same], '\n') + 1
	equal := func(text string) []diffmatchpatch.Diff {
		if text == "" {
			return nil
		}
		return []diffmatchpatch.Diff{{Type: diffmatchpatch.DiffEqual, Text: text}}
	}
	if same == len(from) && same == len(to) {
		return equal(from)
	}
	a, b := from[head:], to[head:]
	n, same = min(len(a), len(b)), 0
	for same < n && a[len(a)-1-same] == b[len(b)-1-same] {
		same++
	}
	// The tail starts behind a line's end in both, or is all of one of them.
	tail := same
	if whole := func(s string) bool { return tail == len(s) || s[len(s)-1-tail] == '\n' }; !whole(a) || !whole(b) {
		cut := strings.IndexByte(a[len(a)-same:], '\n')
		tail = max(0, same-cut-1)
		if cut < 0 {
			tail = 0
		}
	}
	parts := append(equal(from[:head]), diff.Do(a[:len(a)-tail], b[:len(b)-tail])...)
	return append(parts, equal(a[len(a)-tail:])...)
}

// hashHunks writes the changed lines and three lines of context around them.
func hashHunks(h io.Writer, from, to string) {
	const context = 3
	parts := lineDiff(from, to)
	write := func(sign byte, lines []string) {
		for _, l := range lines {
			h.Write([]byte{sign})
			io.WriteString(h, strings.Join(strings.Fields(l), ""))
			h.Write([]byte{'\n'})
		}
	}
	for i, p := range parts {
		lines := strings.SplitAfter(p.Text, "\n")
		if lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		switch p.Type {
		case diffmatchpatch.DiffDelete:
			write('-', lines)
		case diffmatchpatch.DiffInsert:
			write('+', lines)
		default:
			after, before := min(context, len(lines)), min(context, len(lines))
			if i == 0 {
				after = 0
			}
			if i == len(parts)-1 {
				before = 0
			}
			if after+before >= len(lines) {
				write(' ', lines)
				continue
			}
			write(' ', lines[:after])
			h.Write([]byte("@\n"))
			write(' ', lines[len(lines)-before:])
		}
	}
}

// holds reports whether a file already has all the lines that a change added
// and none that it removed: the same work under another patch.
func (t *treeReader) holds(now leaf, d touched) bool {
	if now.mode == 0 || d.to.mode == 0 {
		return now.mode == 0 && d.to.mode == 0
	}
	have, ok := t.lines(now)
	from, okFrom := t.lines(d.from)
	to, okTo := t.lines(d.to)
	if !ok || !okFrom || !okTo {
		return false
	}
	lines := map[string]bool{}
	for l := range strings.Lines(have) {
		lines[strings.TrimSpace(l)] = true
	}
	said := false
	for _, p := range lineDiff(from, to) {
		if p.Type == diffmatchpatch.DiffEqual {
			continue
		}
		for l := range strings.Lines(p.Text) {
			if l = strings.TrimSpace(l); len(l) < 3 {
				continue
			}
			said = true
			if lines[l] != (p.Type == diffmatchpatch.DiffInsert) {
				return false
			}
		}
	}
	return said
}
