package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// schemaFile is where the first line of a starter daybreak.yaml points editors.
const schemaFile = ".daybreak/schema.json"

// newInit builds `daybreak init`.
func newInit() *cobra.Command {
	var o struct {
		workspace, repo, language string
		json                      bool
	}
	c := &cobra.Command{
		Use:   "init [--workspace DIR] [--repo PATH]",
		Short: "Make a workspace that fits a repository",
		Long: `init writes a workspace: daybreak.yaml, filled with what the repository shows
(tags, forge, language, folders, authors) and commented throughout; the starter
runbook, standing checks and mails, in German and English, under content/; and
the schema from which editors take completion.

A file that is already there stays as it is.`,
		Example: "  daybreak init\n  daybreak init --workspace release --repo ~/src/product",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			language := model.Lang(o.language)
			if language != "" && language != model.German && language != model.English {
				return wrongUse(diag.Say("unknown language %q: daybreak speaks de and en", o.language))
			}
			s, err := look(cmd.Context(), o.repo, o.workspace)
			if err != nil {
				return err
			}
			if language != "" {
				s.settle(language)
			}
			done, err := writeWorkspace(o.workspace, s)
			if err != nil {
				return err
			}
			if o.json {
				return printJSON(cmd.OutOrStdout(), done)
			}
			for _, name := range done.Written {
				fmt.Fprintln(cmd.OutOrStdout(), diag.Printable(name))
			}
			messages{w: cmd.ErrOrStderr()}.welcome(done, s)
			return nil
		},
	}
	c.Flags().StringVar(&o.workspace, "workspace", ".", "`folder` of the workspace; it need not exist")
	c.Flags().StringVar(&o.repo, "repo", "", "git repository to fit it to (default: the one here, if any)")
	c.Flags().StringVar(&o.language, "language", "", "primary `language` of the documents, de or en (default: that of the commits)")
	c.Flags().BoolVar(&o.json, "json", false, "print what was written as JSON")
	_ = c.MarkFlagDirname("workspace") // only completion suffers where it can't be marked
	_ = c.MarkFlagDirname("repo")
	return c
}

// initialised says what init did. Paths are relative to the workspace, with slashes.
type initialised struct {
	Workspace string   `json:"workspace"`
	Written   []string `json:"written"`
	Kept      []string `json:"kept"`
}

// writeWorkspace writes every file that isn't there yet.
func writeWorkspace(dir string, s starter) (initialised, error) {
	done := initialised{Workspace: dir, Written: []string{}, Kept: []string{}}
	files, err := workspaceFiles(s)
	if err != nil {
		return done, err
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return done, diag.Refuse("workspace-not-folder", diag.Say("the workspace %q is a file", dir),
			diag.Say("Name a folder with --workspace; it need not exist yet."))
	}
	for _, f := range files {
		written, err := writeNew(filepath.Join(dir, filepath.FromSlash(f.name)), f.data)
		if err != nil {
			return done, fmt.Errorf("making the workspace %q: %w", dir, err)
		}
		if written {
			done.Written = append(done.Written, f.name)
		} else {
			done.Kept = append(done.Kept, f.name)
		}
	}
	return done, nil
}

type newFile struct {
	name string
	data []byte
}

// workspaceFiles gives what a workspace begins with, daybreak.yaml first.
func workspaceFiles(s starter) ([]newFile, error) {
	settings, err := s.render(content.FS)
	if err != nil {
		return nil, err
	}
	schema, err := config.Schema()
	if err != nil {
		return nil, err
	}
	files := []newFile{{config.Name, settings}, {schemaFile, schema}}
	var names []string
	for _, glob := range []string{"runbook.*.yaml", "checks.*.yaml", "mails/*/*.md"} {
		found, err := fs.Glob(content.FS, glob)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	for _, name := range names {
		data, err := fs.ReadFile(content.FS, name)
		if err != nil {
			return nil, err
		}
		files = append(files, newFile{path.Join("content", name), data})
	}
	return files, nil
}

// writeNew writes a file unless something of that name is there, whatever it is.
func writeNew(name string, data []byte) (bool, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return false, err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := f.Write(data); err != nil {
		// Half a file would be kept by the next init as if somebody had written it.
		return false, errors.Join(err, f.Close(), os.Remove(name))
	}
	return true, f.Close()
}

// welcome tells what was found and what to do next.
func (m messages) welcome(done initialised, s starter) {
	for _, name := range done.Kept {
		m.say("kept %s, which was there already", name)
	}
	switch {
	case len(done.Written) == 0:
		m.say("nothing to do: every file is there")
	case s.Path == "":
		m.say("made a workspace; there is no git repository here: name yours under repositories in %s", config.Name)
	default:
		m.say("made a workspace for %s%s", s.Name, s.found())
	}
	flag := ""
	if filepath.Clean(done.Workspace) != "." {
		flag = " --workspace " + shellQuote(done.Workspace)
	}
	m.say("next:")
	for _, line := range []string{
		"look through " + filepath.Join(done.Workspace, config.Name) + ": name, areas, systems, people",
		"daybreak check" + flag,
		"daybreak build" + flag,
	} {
		fmt.Fprintln(m.w, "  "+diag.Printable(line))
	}
}

// found says in a few words what the repository showed.
func (s starter) found() string {
	var parts []string
	if s.Newest != "" {
		parts = append(parts, "newest release "+s.Newest)
	} else {
		parts = append(parts, "no release tag yet")
	}
	if s.Forge != "" {
		parts = append(parts, "requests on "+s.Forge)
	}
	if s.Counted {
		parts = append(parts, fmt.Sprintf("%d %% conventional titles", s.Conventional))
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// shellQuote writes a path so that it can be pasted into a shell.
func shellQuote(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:@,", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
