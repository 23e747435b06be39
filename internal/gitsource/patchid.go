package gitsource

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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

// patchOf names what a commit changes, in the sense of git-patch-id(1): paths
// and hunks with three lines around them, without line numbers and white space.
// Two commits with the same name did the same. It is "" where nothing changed,
// or where blobs aren't at hand.
func (r *Repository) patchOf(i int32) (string, error) {
	if p, ok := r.patches[i]; ok {
		return p, nil
	}
	list, err := r.touchedBy(i)
	if err != nil {
		return "", err
	}
	p := r.trees.patch(list)
	r.patches[i] = p
	return p, nil
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

// effectOf sums up what lines a commit adds and takes away, file by file,
// without finding out where: what all lines of the new file add up to, less
// those of the old. Equal patches have equal effects, and most others differ, so
// hardly any files need be compared.
func (r *Repository) effectOf(i int32) (string, error) {
	if e, ok := r.effects[i]; ok {
		return e, nil
	}
	list, err := r.touchedBy(i)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, d := range list {
		from, okFrom := r.trees.lineSum(d.from)
		to, okTo := r.trees.lineSum(d.to)
		if okFrom && okTo {
			fmt.Fprintf(h, "%s\x00%x\n", d.path, to-from)
		} else {
			fmt.Fprintf(h, "%s\x00%s %s\n", d.path, d.from.id, d.to.id)
		}
	}
	r.effects[i] = string(h.Sum(nil)[:16])
	return r.effects[i], nil
}

// lineSum adds up the hashes (FNV-1a) of a file's lines without white space.
func (t *treeReader) lineSum(l leaf) (uint64, bool) {
	if sum, ok := t.sums[l.id]; ok && l.mode&modeKind != modeSubmodule {
		return sum, true
	}
	text, ok := t.lines(l)
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
	if text != "" && text[len(text)-1] != '\n' {
		sum += line
	}
	t.sums[l.id] = sum
	return sum, true
}

// patch hashes a list of differences.
func (t *treeReader) patch(list []touched) string {
	if len(list) == 0 {
		return ""
	}
	h := sha256.New()
	for _, d := range list {
		fmt.Fprintf(h, "%s\x00%o %o\n", d.path, d.from.mode, d.to.mode)
		from, okFrom := t.lines(d.from)
		to, okTo := t.lines(d.to)
		if !okFrom || !okTo {
			fmt.Fprintf(h, "%s %s\n", d.from.id, d.to.id)
			continue
		}
		hashHunks(h, from, to)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// lines reads a text file; false for what has no lines to compare.
func (t *treeReader) lines(l leaf) (string, bool) {
	if l.mode == 0 {
		return "", true
	}
	if l.mode&modeKind == modeSubmodule {
		return "", false
	}
	typ, b, err := t.objects.read(l.id)
	if err != nil || typ != plumbing.BlobObject || len(b) > maxPatchBlob || bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
		return "", false
	}
	return string(b), true
}

// hashHunks writes the changed lines and three lines of context around them.
func hashHunks(h io.Writer, from, to string) {
	const context = 3
	parts := diff.Do(from, to)
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
	for _, p := range diff.Do(from, to) {
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
