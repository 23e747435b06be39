package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/gitsource"
	"daybreak/internal/message"
	"daybreak/internal/model"
)

// newCommitCheck builds `daybreak commit-check`.
func newCommitCheck() *cobra.Command {
	var at place
	var asJSON, strict bool
	var title string
	c := &cobra.Command{
		Use:   "commit-check [RANGE | FILE | -]",
		Short: "Tell what the notes will say of commits, and what is missing",
		Long: `Tell what customers, the one who rolls out and the one who checks will read of
commits that are not merged yet, and what is missing in them.

RANGE is two revisions, from..to. FILE is a file with one commit message, as git
gives it to a commit-msg hook; - reads it from standard input. Without any, what
is merged and not released is looked at.

A line that was meant as a trailer and that git doesn't read as one is an error:
its words would be lost.

--title makes one change of the whole range, under the title of the merge
request, as merging or squashing it will. Exits 3 on errors, with --strict on
warnings too.`,
		Example: "  daybreak commit-check origin/main..HEAD --title \"$CI_MERGE_REQUEST_TITLE\" --strict\n  daybreak commit-check .git/COMMIT_EDITMSG",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if err := w.found.Err(); err != nil {
				return err
			}
			r, found, err := w.proposed(cmd, append(args, "")[0], title)
			if err != nil {
				return err
			}
			out := foretell(w.config, r, found)
			if asJSON {
				err = printJSON(cmd.OutOrStdout(), out)
			} else {
				err = out.print(cmd.OutOrStdout())
			}
			if err != nil {
				return err
			}
			if worst := out.worst(); worst == diag.Error || strict && worst == diag.Warning {
				return errProblems
			}
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&strict, "strict", false, "exit 3 on warnings too")
	c.Flags().StringVar(&title, "title", "", "make one change of the range, under this `title`")
	return c
}

// proposed reads what commit-check is asked about, as a release of its own.
func (w *workspace) proposed(cmd *cobra.Command, what, title string) (*model.Release, diag.List, error) {
	from, to, isRange := strings.Cut(what, "..")
	to = cmp.Or(strings.TrimPrefix(to, "."), "HEAD")
	switch {
	case what == "-":
		raw, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxMessage))
		if err != nil {
			return nil, nil, fmt.Errorf("reading the message: %w", err)
		}
		return w.message(raw)
	case what != "" && !isRange:
		raw, err := os.ReadFile(what)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, wrongUse(diag.Say("%q is neither a range (from..to) nor a file", what))
		}
		if err != nil {
			return nil, nil, fmt.Errorf("reading the message: %w", err)
		}
		return w.message(raw)
	}
	repos := w.repositories()
	if len(repos) == 0 {
		return nil, nil, wrongUse(diag.Say("the workspace names no repository: give --repo"))
	}
	repo, err := gitsource.Open(repos[0].Path, w.options(repos[0], true, nil))
	if err != nil {
		return nil, nil, err
	}
	defer repo.Close()
	return w.proposedRange(cmd.Context(), repo, repos[0], from, to, title, isRange)
}

// maxMessage is the most bytes of a message that are read.
const maxMessage = 16 << 20

func (w *workspace) proposedRange(ctx context.Context, repo *gitsource.Repository, of config.Repository, from, to, title string, isRange bool) (*model.Release, diag.List, error) {
	var r model.Release
	var found diag.List
	var err error
	if isRange {
		r, _, err = repo.Range(ctx, from, to)
	} else if r, _, err = repo.Release(ctx, "unreleased"); err != nil {
		var p *diag.Problem
		if errors.As(err, &p) && p.Code == "unknown-release" {
			return &model.Release{}, nil, nil // the newest commit is released
		}
	}
	if err != nil {
		return nil, nil, err
	}
	if title != "" {
		w.asOne(&r, title)
	}
	if found, err = w.attachNotes(ctx, repo, of, &r); err != nil {
		return nil, found, err
	}
	found = append(found, compose.Classify(w.config, &r)...)
	for i := range r.Changes {
		if r.Changes[i].Bucket == "" {
			found = append(found, w.unread(&r.Changes[i], diag.Error)...)
		}
	}
	return &r, found, nil
}

// asOne makes one change of all that a range holds, the way of a merge.
func (w *workspace) asOne(r *model.Release, title string) {
	m := message.Parse(title, message.Options{Tickets: w.tickets()})
	one := model.Change{ID: "request", Title: m.Title, Header: m.Header, Refs: m.Refs, Request: m.Request}
	for i := len(r.Changes) - 1; i >= 0; i-- {
		ch := &r.Changes[i]
		if ch.Bucket != "" {
			continue
		}
		one.Tip, one.Merge = ch.Tip, ch.Merge
		one.Inner = append(one.Inner, slices.Clone(ch.Commits())...)
		one.Trailers = append(one.Trailers, ch.Trailers...)
		one.Blocks = append(one.Blocks, ch.Blocks...)
		one.Paths = append(one.Paths, ch.Paths...)
		one.Refs = append(one.Refs, ch.Refs...)
		one.Reverts = append(one.Reverts, ch.Reverts...)
	}
	if len(one.Inner) == 0 {
		return
	}
	one.Inner = slices.DeleteFunc(one.Inner, func(c model.Commit) bool { return c.Hash == one.Tip.Hash })
	r.Changes = []model.Change{one}
}

// tickets gives the patterns of ticket ids.
func (w *workspace) tickets() []*regexp.Regexp {
	return w.options(config.Repository{}, false, nil).Tickets
}

// message makes a change of one commit message.
func (w *workspace) message(raw []byte) (*model.Release, diag.List, error) {
	text, _ := message.Decode(raw[:min(len(raw), maxMessage)], "")
	m := message.Parse(editorLines(text), message.Options{Tickets: w.tickets()})
	if m.Title == "" || isSquashed(m.Subject) {
		return &model.Release{}, nil, nil // git itself refuses an empty message, and lets the other go
	}
	ch := model.Change{ID: "message", Title: m.Title, Header: m.Header, Refs: m.Refs, Trailers: m.Trailers, Blocks: m.Blocks, Request: m.Request}
	for _, hash := range m.Reverts {
		if m.Revert {
			ch.Reverts = append(ch.Reverts, model.Hash(hash))
		}
	}
	ch.Tip = model.Commit{Subject: m.Subject, Body: m.Body, Header: m.Header, Trailers: m.Trailers}
	r := &model.Release{Changes: []model.Change{ch}, Commits: 1}
	found := compose.Classify(w.config, r)
	return r, append(found, w.unread(&r.Changes[0], diag.Error)...), nil
}

// isSquashed reports whether a commit becomes a part of another one before it is
// merged (git-rebase(1), --autosquash).
func isSquashed(subject string) bool {
	for _, mark := range []string{"fixup! ", "squash! ", "amend! "} {
		if strings.HasPrefix(subject, mark) {
			return true
		}
	}
	return false
}

// scissors is the line under which `git commit -v` shows the differences.
const scissors = "# ------------------------ >8 ------------------------"

// editorLines takes out what git puts into the editor for the author: comment
// lines, and all behind the scissors (git-commit(1), --cleanup).
func editorLines(text string) string {
	text, _, _ = strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), scissors)
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}
