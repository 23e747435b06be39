package gitsource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// NoteSelection says which files of a repository are notes, and how they end.
type NoteSelection struct {
	Globs     []string // the note files, against the whole path
	Except    []string // files among them that are none
	Changelog []string // what notes are assembled into, beside the usual names
	// Kept: notes are never assembled, so that removing one takes it back
	// whenever it happens, even after its release.
	Kept bool
	// Key says what makes a note the same under another name; nil: nothing.
	Key func(path string) string
}

// NoteFile is a note file that belongs to a release.
type NoteFile struct {
	Path  string
	Data  []byte
	Added model.Hash // the commit of the range that added it
	// Later is true where the words are of a commit after the release.
	Later bool
	// In is the version of a release beside the range, which its readers may come
	// from, that told the same words under the same path; "" mostly.
	In string
}

// usualChangelogs are the files that notes are assembled into.
const usualChangelogs = "**/{CHANGELOG,Changelog,changelog,CHANGES,Changes,changes,NEWS,News,news,HISTORY,History,RELEASES,RELEASE_NOTES}{,.*,-*}"

// NoteFiles gives the note files of a release, ordered by path.
//
// A note belongs to the release whose range holds the commit that added it. Its
// words are those at the release's tag; a later edit corrects them while the
// file lives. A note that was removed before the tag is gone, unless removing
// it was assembling it: the same commit wrote a changelog or moved the file
// away, or is the tagged one and names the version in its subject, or the
// changelog at the tag holds the note's words.
//
// A clone that lacks the files' contents is refused with a *diag.Problem of
// code missing-contents.
func (r *Repository) NoteFiles(ctx context.Context, rel *model.Release, which NoteSelection) ([]NoteFile, error) {
	if len(which.Globs) == 0 || rel.Commit == "" {
		return nil, nil
	}
	if _, err := r.releaseTags(); err != nil {
		return nil, err
	}
	var files []NoteFile
	err := r.inPart(ctx, rel.Previous, string(rel.Commit), func() (err error) {
		files, err = r.noteFiles(ctx, rel, which)
		return err
	})
	return files, err
}

func (r *Repository) noteFiles(ctx context.Context, rel *model.Release, which NoteSelection) ([]NoteFile, error) {
	// A range that came out of the cache may end on a branch not read yet.
	tip, err := r.revision(ctx, string(rel.Commit))
	if err != nil {
		return nil, err
	}
	span := r.spanOf(rel)
	if r.lacking() {
		return nil, errLacking
	}
	w := &noteWalk{r: r, which: which, tip: tip, release: rel.Version.Text, live: map[string]*noteState{}, folders: noteFolders(which.Globs)}
	told, alive, err := w.told(ctx, span)
	if err != nil {
		return nil, noteProblem(err)
	}
	if err := w.toldBeside(ctx, rel, told); err != nil {
		return nil, noteProblem(err)
	}
	if err := w.correct(ctx, alive); err != nil {
		return nil, noteProblem(err)
	}
	files, err := w.read(told)
	return files, noteProblem(err)
}

// spanOf gives the positions of all commits of a release, parents first.
func (r *Repository) spanOf(rel *model.Release) []int32 {
	var span []int32
	add := func(h model.Hash) {
		if i, ok := r.graph.pos[plumbing.NewHash(string(h))]; ok {
			span = append(span, i)
		} else if r.part != nil {
			r.part.want(plumbing.NewHash(string(h)))
		}
	}
	for k := range rel.Changes {
		for _, c := range rel.Changes[k].Commits() {
			add(c.Hash)
		}
	}
	for _, s := range rel.Skipped {
		add(s.Commit.Hash)
	}
	slices.Sort(span)
	return r.graph.inOrder(span)
}

// noteProblem makes a missing object of the walk a problem that says what to do.
func noteProblem(err error) error {
	if !errors.Is(err, errMissing) {
		return err
	}
	return diag.Refuse("missing-contents", diag.Say("the clone lacks the contents of files, so its note files can't be read"),
		diag.Say("Fetch them with `git fetch --refetch --no-filter`, or set `fragments: [{format: none}]` for the repository in daybreak.yaml to do without.")).Because(err)
}

// noteFolders gives the folders in which globs can match, without those that
// lie in another one.
func noteFolders(globs []string) []string {
	var out []string
	for _, g := range globs {
		base, _ := doublestar.SplitPattern(g)
		if base == "." {
			base = ""
		}
		out = append(out, base)
	}
	slices.Sort(out)
	var kept []string
	for _, f := range slices.Compact(out) {
		if !slices.ContainsFunc(kept, func(k string) bool { return k == "" || strings.HasPrefix(f, k+"/") }) {
			kept = append(kept, f)
		}
	}
	return kept
}

// noteState is one note while the walk goes on.
type noteState struct {
	path  string
	leaf  leaf
	added int32
	ended bool // it was removed; told says whether by assembling
	told  bool
	later bool
	in    string // see NoteFile.In
}

// noteWalk follows the note files through the commits of a range.
type noteWalk struct {
	r       *Repository
	which   NoteSelection
	folders []string
	tip     int32
	release string                // the version, "" where there is none
	live    map[string]*noteState // by path
	done    []*noteState          // removed ones
}

// isNote reports whether a path is a note file.
func (w *noteWalk) isNote(path string) bool {
	return path != "" && matchesOne(w.which.Globs, path) && !matchesOne(w.which.Except, path)
}

func matchesOne(globs []string, path string) bool {
	return slices.ContainsFunc(globs, func(g string) bool {
		ok, _ := doublestar.Match(g, path) // a bad glob is the configuration's diagnostic
		return ok
	})
}

// step applies what one commit does to the notes.
func (w *noteWalk) step(i int32) error {
	diff, err := w.changes(i)
	if err != nil || len(diff) == 0 {
		return err
	}
	for _, d := range diff {
		from := cmp.Or(d.old, d.path)
		s := w.live[from]
		switch {
		case d.status() == 'A':
			if s == nil {
				w.live[d.path] = &noteState{path: d.path, leaf: d.to, added: i}
			}
		case s == nil: // an older release's note
		case d.status() == 'D':
			if s.told, err = w.assembles(i, s); err != nil {
				return err
			}
			s.ended = true
			w.done = append(w.done, s)
			delete(w.live, from)
		default:
			delete(w.live, from)
			s.path, s.leaf = d.path, d.to
			w.live[d.path] = s
		}
	}
	return nil
}

// changes lists what a commit itself does to note files: for a merge, what
// differs from every parent.
func (w *noteWalk) changes(i int32) ([]touched, error) {
	parents := w.r.graph.parents(i)
	own, err := w.noteTrees(i)
	if err != nil {
		return nil, err
	}
	var out []touched
	for k := 0; k < max(1, len(parents)); k++ {
		before := make([]plumbing.Hash, len(w.folders))
		if len(parents) > 0 {
			if before, err = w.noteTrees(parents[k]); err != nil {
				return nil, err
			}
		}
		if slices.Equal(own, before) {
			return nil, nil
		}
		var diff []touched
		for f, folder := range w.folders {
			if err := w.r.trees.walk(before[f], own[f], under(folder), &diff); err != nil {
				return nil, err
			}
		}
		diff = slices.DeleteFunc(diff, func(d touched) bool { return !w.isNote(d.path) })
		if k == 0 {
			out = diff
			continue
		}
		out = slices.DeleteFunc(out, func(d touched) bool {
			return !slices.ContainsFunc(diff, func(o touched) bool { return o.path == d.path && o.status() == d.status() })
		})
	}
	return w.moved(out), nil
}

// moved joins a removed and an added path that are one note under a new name.
func (w *noteWalk) moved(diff []touched) []touched {
	if w.which.Key != nil {
		for i := range diff {
			if diff[i].status() != 'A' {
				continue
			}
			j := slices.IndexFunc(diff, func(d touched) bool {
				return d.status() == 'D' && w.which.Key(d.path) == w.which.Key(diff[i].path)
			})
			if j >= 0 {
				diff[i].old, diff[i].from = diff[j].path, diff[j].from
				diff[j].from, diff[j].path = leaf{}, ""
			}
		}
		diff = slices.DeleteFunc(diff, func(d touched) bool { return d.path == "" })
	}
	return w.r.trees.renames(diff)
}

func under(folder string) string {
	if folder == "" {
		return ""
	}
	return folder + "/"
}

// noteTrees gives the ids of the note folders in a commit's tree, zero for one
// that isn't there.
func (w *noteWalk) noteTrees(i int32) ([]plumbing.Hash, error) {
	key := strings.Join(w.folders, "\x00")
	if w.r.noteTrees == nil {
		w.r.noteTrees = map[string]map[int32][]plumbing.Hash{}
	}
	known := w.r.noteTrees[key]
	if known == nil {
		known = map[int32][]plumbing.Hash{}
		w.r.noteTrees[key] = known
	}
	if ids, ok := known[i]; ok {
		return ids, nil
	}
	tree, err := w.r.treeOf(i)
	if err != nil {
		return nil, err
	}
	ids := make([]plumbing.Hash, len(w.folders))
	for k, folder := range w.folders {
		if folder == "" {
			ids[k] = tree
			continue
		}
		l, err := w.r.trees.blobAt(tree, folder)
		if err != nil {
			return nil, err
		}
		if l.mode&modeKind == modeTree {
			ids[k] = l.id
		}
	}
	known[i] = ids
	return ids, nil
}

// treeOf gives a commit's tree without keeping its other facts.
func (r *Repository) treeOf(i int32) (plumbing.Hash, error) {
	f := r.facts.at[i].Load()
	if f == nil && r.part != nil {
		f = r.part.facts[r.graph.ids[i]]
	}
	if f != nil {
		return f.tree, nil
	}
	c, err := r.readCommit(r.graph.ids[i])
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("read history: %w", err)
	}
	return c.tree, nil
}

// assembles reports whether a commit that removes a note put it into a
// changelog, or moved it to where the told ones lie.
func (w *noteWalk) assembles(i int32, s *noteState) (bool, error) {
	if w.which.Kept {
		return false, nil
	}
	if i == w.tip && w.release != "" {
		f, err := w.r.at(i)
		if err != nil || strings.Contains(f.commit.Subject, w.release) {
			return err == nil, err
		}
	}
	tree, err := w.r.treeOf(i)
	if err != nil {
		return false, err
	}
	var base plumbing.Hash
	if parents := w.r.graph.parents(i); len(parents) > 0 {
		if base, err = w.r.treeOf(parents[0]); err != nil {
			return false, err
		}
	}
	diff, err := w.r.trees.diff(base, tree)
	if err != nil {
		return false, err
	}
	globs := append([]string{usualChangelogs}, w.which.Changelog...)
	return slices.ContainsFunc(diff, func(d touched) bool {
		if d.status() == 'D' || w.isNote(d.path) {
			return false
		}
		return d.to.id == s.leaf.id || matchesOne(globs, d.path)
	}), nil
}
