package gitsource

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// tagged is a commit that release tags of one version mark.
type tagged struct {
	name      string
	others    []string // further tags of the same version on the same commit
	version   model.Version
	object    plumbing.Hash
	commit    plumbing.Hash
	date      time.Time
	annotated bool // date is the tagger's: when the release was made, not only its commit

	at     int32 // position in the graph, -1 where a part doesn't hold it
	gen    int64 // corrected date
	late   int64 // by how much it can be later, see clocks
	former bool  // the numbers of its line began anew since, see markFormer
	index  int   // place in tagSet.list, -1 for a range's end that is no release
	past   bool  // it is no release, but a commit that no branch ends at
	set    *tagSet
	folder string   // the part of the tree that its line is of, "" for all of it, see parts.go
	reach  []uint64 // which tags of the set it reaches, itself too; nil where each is looked for

	// What follows holds once the tag is settled.
	settled  bool
	previous *tagged
	start    rangeStart

	traced   bool // whether hotfixOf is known, see mended
	hotfixOf *tagged
}

// unreleased reports whether this is the main line's tip and not a tag.
func (t *tagged) unreleased() bool { return t.name == "" }

// label is how reasons and diagnostics name it.
func (t *tagged) label() string {
	if t.unreleased() {
		return "the main line's tip"
	}
	return t.name
}

// readTags makes releases out of the tags.
func (r *Repository) readTags() ([]*tagged, diag.List, error) {
	var list []*tagged
	var diags diag.List
	names := make([]string, 0, len(r.refs))
	for name := range r.refs {
		if short, ok := strings.CutPrefix(name, "refs/tags/"); ok {
			names = append(names, short)
		}
	}
	slices.Sort(names)
	var others []string
	for _, name := range names {
		version, ok := model.ParseVersion(name)
		if len(r.o.Tags) > 0 {
			if !r.tagWanted(name) {
				continue
			}
		}
		if !ok {
			others = append(others, name)
			continue
		}
		t, err := r.readTag(name, version)
		var bad *notCommitError
		if errors.As(err, &bad) {
			diags.Add(diag.New(diag.Note, "tag-of-no-commit", diag.Position{}, diag.Say("tag %q marks a %s, not a commit: it is no release", name, bad.typ),
				diag.Phrase{}))
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read tag %q: %w", name, err)
		}
		list = append(list, t)
	}
	switch {
	case len(others) == 0:
	case len(r.o.Tags) == 0:
		diags.Add(otherTags(others))
	default:
		diags.Add(wantedTags(others))
	}
	for _, name := range r.noRefs {
		short, ok := strings.CutPrefix(name, "refs/tags/")
		if _, named := model.ParseVersion(short); !ok || !named || len(r.o.Tags) > 0 && !r.tagWanted(short) {
			continue
		}
		diags.Add(diag.New(diag.Warning, "broken-tag", diag.Position{}, diag.Say("tag %q leads to no object: its release is missing, and the next one tells its changes", short),
			diag.Say("Remove the file %s, then fetch the tag again with `git fetch --tags`.", filepath.Join(r.dir, "refs", "tags", filepath.FromSlash(short)))))
	}
	partDates(list)
	markFormer(list)
	list, more := joinTags(list)
	return list, append(diags, more...), nil
}

// otherTags tells which tags mark no release. A tag with a slip in its version
// would else be missing without a word.
func otherTags(names []string) diag.Diagnostic {
	return diag.New(diag.Note, "other-tags", diag.Position{}, diag.Say("these tags name no version and mark no release: %s", someTags(names)),
		diag.Say("Nothing is to do where they are no releases; a release needs a version such as v2.4.0."))
}

// wantedTags tells which tags the configured globs ask for that mark no release:
// moving ones such as 2.0.x, all of them in one line.
func wantedTags(names []string) diag.Diagnostic {
	message := diag.Say("tag %s matches the configured globs but names no version", someTags(names))
	if n := len(names); n > 1 {
		message = diag.Say("%d tags match the configured globs but name no version: %s", n, someTags(names))
	}
	return diag.New(diag.Warning, "tag-without-version", diag.Position{}, message,
		diag.Say("Narrow the globs, or give a tag that is a release a version such as 2.4.0."))
}

// someTags quotes up to five names and counts the rest.
func someTags(names []string) diag.Phrase {
	const shown = 5
	quoted := make([]string, min(shown, len(names)))
	for i := range quoted {
		name := []rune(names[i])
		if len(name) > 40 {
			name = append(name[:39], '…')
		}
		quoted[i] = strconv.Quote(string(name))
	}
	text := strings.Join(quoted, ", ")
	if len(names) > shown {
		return diag.Say("%s and %d more", text, len(names)-shown)
	}
	return diag.Say("%s", text)
}

func (r *Repository) tagWanted(name string) bool { return matchesTag(r.o.Tags, name) }

func matchesTag(globs []string, name string) bool {
	for _, glob := range globs {
		// A glob without "/" is meant for whole names, slashes and all.
		if ok, _ := doublestar.Match(glob, name); ok {
			return true
		}
		if !strings.Contains(glob, "/") && strings.Contains(name, "/") {
			if ok, _ := doublestar.Match(glob, strings.ReplaceAll(name, "/", "-")); ok {
				return true
			}
		}
	}
	return false
}

// readTag peels one tag. A release's date is its tagger's, else its commit's.
func (r *Repository) readTag(name string, version model.Version) (*tagged, error) {
	t := &tagged{name: name, version: version, object: r.refs["refs/tags/"+name]}
	typ, b, err := r.objects.read(t.object)
	if err != nil {
		return nil, err
	}
	t.commit = t.object
	if typ == plumbing.TagObject {
		if line, ok := headerLine(b, "tagger "); ok {
			_, _, t.date = signature(line)
			t.annotated = true
		}
		if next, ok := headerHash(b, "object "); ok {
			t.commit = next
		}
	}
	if t.commit, err = r.peel(t.commit); err != nil {
		return nil, err
	}
	if !t.annotated {
		c, err := r.readCommit(t.commit)
		if err != nil {
			return nil, err
		}
		_, _, t.date = signature(c.committer)
	}
	return t, nil
}

// headerLine gives the rest of the first header line with the key.
func headerLine(b []byte, key string) ([]byte, bool) {
	for len(b) > 0 && b[0] != '\n' {
		line, rest, _ := cutLine(b)
		if len(line) >= len(key) && string(line[:len(key)]) == key {
			return line[len(key):], true
		}
		b = rest
	}
	return nil, false
}

func cutLine(b []byte) (line, rest []byte, ok bool) {
	for i, c := range b {
		if c == '\n' {
			return b[:i], b[i+1:], true
		}
	}
	return b, nil, false
}

// joinTags makes one release of the tags that mark the same version on the
// same commit, and settles which counts where one version marks two commits.
func joinTags(list []*tagged) ([]*tagged, diag.List) {
	var diags diag.List
	slices.SortStableFunc(list, func(a, b *tagged) int {
		return cmp.Or(a.compare(b), plainness(a)-plainness(b), cmp.Compare(a.name, b.name))
	})
	var out []*tagged
	for _, t := range list {
		if len(out) > 0 && out[len(out)-1].version.Slug() == t.version.Slug() {
			keep := out[len(out)-1]
			if keep.commit == t.commit {
				keep.others = append(keep.others, t.name)
				continue
			}
			diags.Add(diag.New(diag.Warning, "tag-twice", diag.Position{}, diag.Say("tags %q and %q name the same version but mark different commits; %q counts", keep.name, t.name, keep.name),
				diag.Say("Delete the wrong one, or let `tags` in daybreak.yaml match only one of them.")))
			continue
		}
		out = append(out, t)
	}
	return out, diags
}

// plainness ranks tags of one version: v1.2.0 before 1.2.0 before release-1.2.0.
func plainness(t *tagged) int {
	switch {
	case len(t.name) > 1 && t.name[0] == 'v' && digit(t.name[1]):
		return 0
	case t.name != "" && digit(t.name[0]):
		return 1
	}
	return 2
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
