package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
	"daybreak/internal/output"
)

// draftJSON is what became of a release's drafts, for scripts.
type draftJSON struct {
	Version string          `json:"version"` // or "unreleased"
	Files   []draftFileJSON `json:"files"`
}

type draftFileJSON struct {
	Path     string     `json:"path"` // relative to the workspace
	Language model.Lang `json:"language"`
	Created  bool       `json:"created"`
	Changed  bool       `json:"changed"`
	Added    []string   `json:"added"`
	Updated  []string   `json:"updated"`
	Kept     []string   `json:"kept"`
	Drifted  []string   `json:"drifted"`
	Removed  []string   `json:"removed"`
	SetAside []string   `json:"setAside"`
	LeftOut  []string   `json:"leftOut"`
	Alarms   diag.List  `json:"alarms"`
}

// newDraft builds `daybreak draft`.
func newDraft() *cobra.Command {
	var at place
	var asJSON, check bool
	c := &cobra.Command{
		Use:   "draft [VERSION]",
		Short: "Write or refresh the editable words of a release",
		Long: `Write content/releases/<version>/notes.<lang>.md for every language of the
workspace, or refresh it: plain markdown with one heading for each change, to be
edited at will. Without a version it is the unreleased one, or the newest.

A refresh brings in what was merged since, marked as new. Words that somebody
edited stay, moved notes stay where they are, deleted ones stay out. Where the
facts changed under edited words an alarm names both; where the change itself is
gone, the words go to the part of the file that is set aside.

--check writes nothing and exits 3 where a refresh would change a file.`,
		Example: "  daybreak draft\n  daybreak draft 2026.14.0\n  daybreak draft --check --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			version := ""
			if len(args) > 0 {
				version = args[0]
			}
			m := messages{cmd.ErrOrStderr()}
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if w.dir == "" {
				return &diag.Problem{Code: "no-workspace", Message: "drafts lie in a workspace, and there is none here",
					Hint: "make one with `daybreak init`, or name it with --workspace."}
			}
			if err := w.found.Err(); err != nil {
				return err
			}
			progress, wipe := m.progress()
			list, _, err := w.facts(cmd.Context(), "", w.needsPaths(), progress)
			wipe()
			if err != nil {
				return err
			}
			plan, err := w.planDrafts(list, version)
			if err != nil {
				return err
			}
			if !check {
				if err := plan.write(w.dir); err != nil {
					return err
				}
			}
			if err := plan.show(cmd.OutOrStdout(), m, asJSON, check); err != nil {
				return err
			}
			if check && plan.changes() {
				return errProblems
			}
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&check, "check", false, "write nothing; exit 3 where a refresh would change something")
	return c
}

// draftPlan is what a refresh would write.
type draftPlan struct {
	version string
	files   []plannedDraft
	beside  []plannedFile // pictures that move along
	more    []plannedFile // what the move out of the unreleased leaves behind
}

type plannedDraft struct {
	lang    model.Lang
	created bool
	changed bool
	result  editorial.Result
	draft   plannedFile
	base    plannedFile
}

// plannedFile is a file to write, or to remove where data is nil.
type plannedFile struct {
	path string // relative to the workspace, with slashes
	data []byte
}

// planDrafts merges the drafts of one release with its facts.
func (w *workspace) planDrafts(list []model.Release, version string) (*draftPlan, error) {
	r, err := pickRelease(list, version)
	if err != nil {
		return nil, err
	}
	look, err := w.theme()
	if err != nil {
		return nil, fmt.Errorf("loading the theme: %w", err)
	}
	shelf, found, err := w.drafts()
	if err != nil {
		return nil, err
	}
	if r.Unreleased {
		for i := range list {
			if theirs, _ := compose.Inherit(shelf, &list[i], list); theirs != nil {
				return nil, &diag.Problem{Code: "draft-moves", Message: fmt.Sprintf("the drafts of the unreleased hold words of %s, which has been tagged since", list[i].Slug()),
					Hint: "run `daybreak draft " + list[i].Slug() + "` first: it takes them along."}
			}
		}
	}
	plan := &draftPlan{version: r.Slug()}
	pairs := shelf[r.Slug()]
	// The words written while a release was unreleased go with it when it is tagged.
	moved, rest := compose.Inherit(shelf, r, list)
	if moved != nil {
		pairs = moved
	}
	read := []string{editorial.Folder + "/" + r.Slug() + "/"}
	if moved != nil || rest != nil {
		read = append(read, editorial.Folder+"/unreleased/")
	}
	var wrong diag.List
	for _, d := range found {
		for _, folder := range read {
			if d.Severity == diag.Error && strings.HasPrefix(d.Position.File, folder) {
				wrong.Add(d)
			}
		}
	}
	for _, l := range w.config.Languages {
		if wrong.Worst() == diag.Error {
			break
		}
		facts := compose.DraftFacts(w.config, r, l, draftWords(look, l))
		p := planOne(r.Slug(), l, pairs[l], facts)
		if moved != nil && pairs[l].Draft != nil {
			p.changed = true
			plan.more = append(plan.more, leftBehind(l, rest[l])...)
		}
		for _, a := range p.result.Alarms {
			if a.Severity == diag.Error {
				wrong.Add(a)
			}
		}
		plan.files = append(plan.files, p)
	}
	if moved != nil {
		if err := plan.bringPictures(w.dir, rest); err != nil {
			return nil, err
		}
	}
	return plan, wrong.Err()
}

func planOne(slug string, l model.Lang, pair editorial.Pair, f editorial.Facts) plannedDraft {
	p := plannedDraft{lang: l}
	file := editorial.Folder + "/" + editorial.Name(slug, l)
	var before []byte
	if pair.Draft == nil {
		fresh := editorial.Generate(f)
		p.created, p.result = true, editorial.Result{Draft: fresh, Base: fresh}
		for _, change := range f.Changes {
			p.result.Added = append(p.result.Added, change.ID)
		}
	} else {
		before = pair.Draft.Bytes()
		p.result = editorial.Merge(pair.Base, pair.Draft, f)
	}
	p.draft = plannedFile{file, p.result.Draft.Bytes()}
	p.base = plannedFile{editorial.BaseFolder + "/" + editorial.Name(slug, l), p.result.Base.Bytes()}
	p.changed = p.created || !bytes.Equal(before, p.draft.data)
	return p
}

// bringPictures copies what lies beside the unreleased drafts to the release's
// own, and takes it away there where no draft stays behind.
func (p *draftPlan) bringPictures(dir string, rest map[model.Lang]*editorial.Draft) error {
	stays := false
	for _, d := range rest {
		stays = stays || d != nil
	}
	root := filepath.Join(dir, filepath.FromSlash(editorial.Folder), "unreleased")
	var gone []plannedFile
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || strings.HasPrefix(name, "notes.") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("reading what lies beside the drafts: %w", err)
		}
		name = filepath.ToSlash(name)
		p.beside = append(p.beside, plannedFile{editorial.Folder + "/" + p.version + "/" + name, data})
		gone = append(gone, plannedFile{path: editorial.Folder + "/unreleased/" + name})
		return nil
	})
	if !stays {
		p.more = append(gone, p.more...)
	}
	return err
}

// leftBehind is what stays in the unreleased drafts when a release has taken
// its own words: nothing, mostly.
func leftBehind(l model.Lang, rest *editorial.Draft) []plannedFile {
	draft := plannedFile{path: editorial.Folder + "/" + editorial.Name("unreleased", l)}
	if rest != nil {
		draft.data = rest.Bytes()
		return []plannedFile{draft}
	}
	return []plannedFile{draft, {path: editorial.BaseFolder + "/" + editorial.Name("unreleased", l)}}
}

// pickRelease finds the release that is meant: by version, tag or slug; "" is
// the unreleased one where something is merged, else the newest.
func pickRelease(list []model.Release, version string) (*model.Release, error) {
	for i := range list {
		r := &list[i]
		if version == "" && (!r.Unreleased || len(r.Live()) > 0) {
			return r, nil
		}
		if version != "" && (version == r.Slug() || version == r.Tag || !r.Unreleased && strings.EqualFold(version, r.Version.String())) {
			return r, nil
		}
	}
	return nil, &diag.Problem{Code: "no-release", Message: fmt.Sprintf("there is no release %q", version),
		Hint: "`daybreak releases` lists them; what is merged and not tagged is called unreleased."}
}

// write puts every file into place, each whole or not at all: first the words,
// then what daybreak remembers of them, at last what has moved away.
func (p *draftPlan) write(dir string) error {
	files := p.beside
	for _, f := range p.files {
		if f.changed {
			files = append(files, f.draft)
		}
	}
	for _, f := range p.files {
		files = append(files, f.base)
	}
	for _, f := range append(files, p.more...) {
		path := filepath.Join(dir, filepath.FromSlash(f.path))
		var err error
		if f.data == nil {
			err = output.Remove(path)
		} else {
			err = output.Replace(path, f.data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *draftPlan) changes() bool {
	for _, f := range p.files {
		if f.changed {
			return true
		}
	}
	return false
}

// show prints what became of each file.
func (p *draftPlan) show(out io.Writer, m messages, asJSON, check bool) error {
	report := draftJSON{Version: p.version, Files: []draftFileJSON{}}
	for _, f := range p.files {
		r := f.result
		if asJSON {
			alarms := append(diag.List{}, r.Alarms...)
			alarms.Sort()
			report.Files = append(report.Files, draftFileJSON{
				Path: f.draft.path, Language: f.lang, Created: f.created, Changed: f.changed,
				Added: some(r.Added), Updated: some(r.Updated), Kept: some(r.Kept), Drifted: some(r.Drifted),
				Removed: some(r.Removed), SetAside: some(r.SetAside), LeftOut: some(r.LeftOut), Alarms: alarms,
			})
			continue
		}
		m.diagnostics(r.Alarms)
		if _, err := fmt.Fprintln(out, f.draft.path+": "+f.summary(check)); err != nil {
			return err
		}
	}
	if asJSON {
		return printJSON(out, report)
	}
	return nil
}

func some(ids []string) []string { return append([]string{}, ids...) }

// summary says in one line what became of a file.
func (f *plannedDraft) summary(check bool) string {
	r := f.result
	var parts []string
	add := func(ids []string, what string, named bool) {
		if len(ids) == 0 {
			return
		}
		part := fmt.Sprintf("%d %s", len(ids), what)
		if named {
			part += " (" + diag.Printable(strings.Join(ids[:min(len(ids), 8)], ", "))
			if len(ids) > 8 {
				part += ", …"
			}
			part += ")"
		}
		parts = append(parts, part)
	}
	add(r.Added, "added", !f.created)
	add(r.Updated, "updated", true)
	add(r.Kept, "kept as edited", false)
	add(r.Drifted, "of them drifted", true)
	add(r.Removed, "removed", true)
	add(r.SetAside, "set aside", true)
	add(r.LeftOut, "left out", false)
	state := "unchanged"
	switch {
	case f.created && check:
		state = "would be written"
	case f.created:
		state = "written"
	case f.changed && check:
		state = "would be refreshed"
	case f.changed:
		state = "refreshed"
	}
	return strings.Join(append([]string{state}, parts...), ", ")
}
