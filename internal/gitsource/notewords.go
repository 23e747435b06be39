package gitsource

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/model"
)

// maxNote is the most bytes of a note file that are read.
const maxNote = 1 << 20

// told walks over a range, parents first, and gives the notes that its release
// tells, with the words at the tag, and those of them that live there by their paths.
func (w *noteWalk) told(ctx context.Context, span []int32) (told []*noteState, alive map[string]*noteState, err error) {
	for _, i := range span {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if err := w.step(i); err != nil {
			return nil, nil, err
		}
	}
	present, err := w.filesAt(w.tip)
	if err != nil {
		return nil, nil, err
	}
	alive = map[string]*noteState{}
	for path, s := range w.live {
		// The tree at the tag is the truth: parallel branches can leave another
		// picture in the order of the walk.
		if l, ok := present[path]; ok {
			s.leaf = l
			alive[path] = s
			told = append(told, s)
		} else if s.told, err = w.written(s); err != nil {
			return nil, nil, err
		} else if s.told {
			told = append(told, s)
		}
	}
	for _, s := range w.done {
		if !s.told && !w.which.Kept {
			if s.told, err = w.written(s); err != nil {
				return nil, nil, err
			}
		}
		if other := alive[s.path]; s.told && (other == nil || other.leaf != s.leaf) {
			told = append(told, s)
		}
	}
	return told, alive, nil
}

// toldBeside marks the notes that a release beside the range told already: who
// comes from there has read them. A backport often has neither the patch of the
// original nor a mark in its message, but the same note file.
func (w *noteWalk) toldBeside(ctx context.Context, rel *model.Release, notes []*noteState) error {
	t := w.r.tagged(rel)
	if t == nil || len(notes) == 0 {
		return nil
	}
	in := map[string]*tagged{}
	key := func(s *noteState) string { return s.path + "\x00" + s.leaf.id.String() }
	w.r.tags.settle(t)
	beyond := []int32{t.place()}
	for _, c := range w.r.tags.sideReleases(t) {
		if t.contains(c) {
			continue // its notes were merged back, and are none of this range
		}
		side := &noteWalk{r: w.r, which: w.which, tip: c.place(), release: c.version.Text, live: map[string]*noteState{}, folders: w.folders}
		told, _, err := side.told(ctx, w.r.graph.between(beyond, []int32{c.place()}))
		if err != nil {
			return err
		}
		for _, s := range told {
			if in[key(s)] == nil {
				in[key(s)] = c
			}
		}
		beyond = append(beyond, c.place())
	}
	for _, s := range notes {
		if c := in[key(s)]; c != nil {
			s.in = c.version.String()
		}
	}
	return nil
}

// tagged finds the tag of a release, nil for a range that is none.
func (r *Repository) tagged(rel *model.Release) *tagged {
	for _, t := range r.tags.list {
		if t.unreleased() == rel.Unreleased && t.name == rel.Tag && t.commit.String() == string(rel.Commit) {
			return t
		}
	}
	return nil
}

// read gives the notes with their words.
func (w *noteWalk) read(told []*noteState) ([]NoteFile, error) {
	var out []NoteFile
	for _, s := range told {
		if s.leaf.mode == 0 || s.leaf.mode&modeKind != 0o100000 {
			continue
		}
		_, data, err := w.r.objects.read(s.leaf.id)
		if err != nil {
			return nil, err
		}
		out = append(out, NoteFile{Path: s.path, Data: data[:min(len(data), maxNote)], Added: model.Hash(w.r.graph.ids[s.added].String()), Later: s.later, In: s.in})
	}
	slices.SortFunc(out, func(a, b NoteFile) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Added, b.Added))
	})
	return out, nil
}

// filesAt gives the note files of a commit's tree.
func (w *noteWalk) filesAt(i int32) (map[string]leaf, error) {
	ids, err := w.noteTrees(i)
	if err != nil {
		return nil, err
	}
	var list []touched
	for k, id := range ids {
		if err := w.r.trees.walk(plumbing.ZeroHash, id, under(w.folders[k]), &list); err != nil {
			return nil, err
		}
	}
	out := map[string]leaf{}
	for _, d := range list {
		if w.isNote(d.path) {
			out[d.path] = d.to
		}
	}
	return out, nil
}

// correct gives the notes that live at the tag the words that they have later.
func (w *noteWalk) correct(ctx context.Context, alive map[string]*noteState) error {
	if len(alive) == 0 {
		return nil
	}
	last := w.r.newestWith(w.tip)
	if w.r.lacking() {
		return errLacking
	}
	if last == w.tip {
		return nil
	}
	now, err := w.filesAt(last)
	if err != nil {
		return err
	}
	byKey := map[string]string{}
	for path := range now {
		if w.which.Key != nil {
			byKey[w.which.Key(path)] = path
		}
	}
	follow := map[string]*noteState{}
	for path, s := range alive {
		switch {
		case w.which.Kept && w.which.Key != nil:
			s.path = byKey[w.which.Key(path)] // the last of the name counts
			s.later = s.leaf != now[s.path]
			s.leaf = now[s.path] // zero, and so left out, where it was taken back
		case now[path] == s.leaf: // nobody touched it
		case w.which.Kept && now[path].mode == 0:
			s.leaf = leaf{}
		default:
			follow[path] = s
		}
	}
	return w.follow(ctx, last, follow)
}

// follow walks from the tag to last, as long as one of the notes lives.
func (w *noteWalk) follow(ctx context.Context, last int32, notes map[string]*noteState) error {
	if len(notes) == 0 {
		return nil
	}
	for _, i := range w.r.graph.between([]int32{w.tip}, []int32{last}) {
		if len(notes) == 0 {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		diff, err := w.changes(i)
		if err != nil {
			return err
		}
		for _, d := range diff {
			from := cmp.Or(d.old, d.path)
			s := notes[from]
			if s == nil || d.status() == 'A' {
				continue
			}
			delete(notes, from)
			if d.status() != 'D' {
				s.leaf, s.later = d.to, true
				notes[d.path] = s
			}
		}
	}
	return nil
}

// newestWith is the newest commit that holds i: the main line's tip, else the
// highest release with it.
func (r *Repository) newestWith(i int32) int32 {
	if r.tags.hasMain {
		tip, ok := r.graph.pos[r.mainTip]
		if !ok {
			tip = r.part.want(r.mainTip)
		}
		if r.graph.reaches(tip, i) {
			return tip
		}
	}
	best := i
	for _, t := range r.tags.list {
		if !r.graph.settled(best) || t.tooOld(r.graph.gens[best]) {
			continue
		}
		if at := t.place(); r.graph.settled(at) && at > best && r.graph.reaches(at, i) {
			best = at
		}
	}
	return best
}

// written reports whether the changelog at the tag holds the words of a note
// that is gone.
func (w *noteWalk) written(s *noteState) (bool, error) {
	lines, err := w.lines(s.leaf.id)
	if err != nil || len(lines) == 0 {
		return false, err
	}
	tree, err := w.r.treeOf(w.tip)
	if err != nil {
		return false, err
	}
	for _, path := range append([]string{"CHANGELOG.md", "NEWS.rst"}, w.which.Changelog...) {
		if strings.ContainsAny(path, "*?[{") {
			continue
		}
		l, err := w.r.trees.blobAt(tree, path)
		if err != nil {
			return false, err
		}
		if l.mode&modeKind != 0o100000 {
			continue
		}
		_, b, err := w.r.objects.read(l.id)
		if err != nil {
			return false, err
		}
		whole := letters(string(b))
		if slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(whole, line) }) {
			return true, nil
		}
	}
	return false, nil
}

// lines gives the lines of a note that are long enough to be told apart.
func (w *noteWalk) lines(id plumbing.Hash) ([]string, error) {
	_, b, err := w.r.objects.read(id)
	if err != nil {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(string(b[:min(len(b), maxNote)])) {
		// A YAML note's lines begin with their key, which no changelog has.
		if key, text, ok := strings.Cut(line, ": "); ok && !strings.Contains(strings.TrimSpace(key), " ") {
			line = text
		}
		if l := letters(line); len(l) >= 24 {
			out = append(out, l)
		}
	}
	return out, nil
}

// letters keeps letters and digits, so that wrapping and marks make no difference.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// FileAt gives the content of a file in a commit's tree; ok is false where it
// isn't there, or is no plain file.
func (r *Repository) FileAt(ctx context.Context, commit model.Hash, path string) (data []byte, ok bool, err error) {
	tree, err := r.treeAt(commit)
	if err != nil {
		return nil, false, err
	}
	l, err := r.trees.blobAt(tree, path)
	if err != nil || l.mode&modeKind != 0o100000 {
		return nil, false, err
	}
	_, data, err = r.objects.read(l.id)
	if errors.Is(err, errMissing) {
		err = noteProblem(err)
	}
	return data, err == nil, err
}

// FilesAt lists the paths of a commit's tree that match one of the globs.
// Only the folders that the globs begin with are read.
func (r *Repository) FilesAt(ctx context.Context, commit model.Hash, globs ...string) ([]string, error) {
	tree, err := r.treeAt(commit)
	if err != nil {
		return nil, err
	}
	var list []touched
	for _, folder := range noteFolders(globs) {
		id := tree
		if folder != "" {
			l, err := r.trees.blobAt(tree, folder)
			if err != nil {
				return nil, err
			}
			if l.mode&modeKind != modeTree {
				continue
			}
			id = l.id
		}
		if err := r.trees.walk(plumbing.ZeroHash, id, under(folder), &list); err != nil {
			return nil, err
		}
	}
	var out []string
	for _, d := range list {
		if slices.ContainsFunc(globs, func(g string) bool { ok, _ := doublestar.Match(g, d.path); return ok }) {
			out = append(out, d.path)
		}
	}
	slices.Sort(out)
	return out, nil
}

func (r *Repository) treeAt(commit model.Hash) (plumbing.Hash, error) {
	c, err := r.readCommit(plumbing.NewHash(string(commit)))
	return c.tree, err
}
