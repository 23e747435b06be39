package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/gitsource"
	"daybreak/internal/model"
)

// rangeJSON is a range for scripts. The commits in changes and skipped are
// together exactly `git rev-list from..to`, each once.
type rangeJSON struct {
	From    string        `json:"from"`
	To      string        `json:"to"`
	Changes []changeJSON  `json:"changes"`
	Skipped []skippedJSON `json:"skipped"`
}

type changeJSON struct {
	ID         string       `json:"id"`
	Title      string       `json:"title"`
	Kind       string       `json:"kind"`
	Breaking   bool         `json:"breaking"`
	Area       *string      `json:"area"`
	Audience   string       `json:"audience"`
	Merge      *string      `json:"merge"`   // the merge commit, null for a plain or squashed commit
	Commits    []commitJSON `json:"commits"` // the merge commit first
	Refs       []string     `json:"refs"`
	Paths      []string     `json:"paths"`
	Reverts    []string     `json:"reverts"`
	PickedFrom []string     `json:"pickedFrom"`
	Areas      []string     `json:"areas"`
	Systems    []string     `json:"systems,omitempty"`
	Bucket     string       `json:"bucket"`
	KindFrom   string       `json:"kindFrom"`
	Fragment   string       `json:"fragment,omitempty"` // the note file that tells of it
	NoteOf     string       `json:"noteOf,omitempty"`   // the change that it is a further note of; it has no commits
	Request    *requestJSON `json:"request,omitempty"`
}

type requestJSON struct {
	Forge  string `json:"forge,omitempty"`
	Number string `json:"number"`
	Source string `json:"source,omitempty"`
	Target string `json:"target,omitempty"`
	URL    string `json:"url,omitempty"`
}

type commitJSON struct {
	Hash     string      `json:"hash"`
	Subject  string      `json:"subject"`
	Trailers [][2]string `json:"trailers"`
}

type skippedJSON struct {
	Hash    string `json:"hash"`
	Subject string `json:"subject"`
	Reason  string `json:"reason"`
	Bucket  string `json:"bucket"`
}

// newChanges builds `daybreak changes`.
func newChanges() *cobra.Command {
	var at place
	var from, to string
	var asJSON bool
	c := &cobra.Command{
		Use:   "changes",
		Short: "List what was merged between two revisions",
		Long: `List the changes merged between two revisions (tags, branches, hashes), and the
commits that are left out, each with its reason. Together they are exactly the
commits of ` + "`git rev-list from..to`" + `, each once.`,
		Example: "  daybreak changes --repo . --from v1.0 --to v1.1\n  daybreak changes --from v1.1 --to main --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messages{cmd.ErrOrStderr()}
			w, err := openSound(at)
			if err != nil {
				return err
			}
			progress, done := m.progress()
			r, found, err := w.between(cmd, from, to, progress)
			done()
			m.diagnostics(found)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rangeOut(w.config, r, from, to))
			}
			return printChanges(cmd.OutOrStdout(), w.config, r)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&from, "from", "", "where the range starts, itself excluded (default: the root)")
	c.Flags().StringVar(&to, "to", "HEAD", "where the range ends, itself included")
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

// between reads and classifies one range of the first repository.
func (w *workspace) between(cmd *cobra.Command, from, to string, progress func(string, int, int)) (*model.Release, diag.List, error) {
	repos := w.repositories()
	if len(repos) == 0 {
		return nil, nil, usageError{fmt.Errorf("the workspace names no repository: give --repo")}
	}
	repo, err := gitsource.Open(repos[0].Path, w.options(repos[0], true, progress))
	if err != nil {
		return nil, nil, err
	}
	defer repo.Close()
	r, found, err := repo.Range(cmd.Context(), from, to)
	if err != nil {
		return nil, found, err
	}
	more, err := w.attachNotes(cmd.Context(), repo, repos[0], &r)
	if found = append(found, more...); err != nil {
		return nil, found, err
	}
	found = append(found, compose.Classify(w.config, &r)...)
	return &r, found, compose.LawOfHistory(&r)
}

// rangeOut makes the JSON form. A change that doesn't count (withdrawn,
// delivered) gives its commits to skipped, with the reason.
func rangeOut(c *config.Config, r *model.Release, from, to string) rangeJSON {
	out := rangeJSON{From: from, To: to, Changes: []changeJSON{}, Skipped: []skippedJSON{}}
	for i := range r.Changes {
		ch := &r.Changes[i]
		if ch.Bucket != "" {
			for _, co := range ch.Commits() {
				out.Skipped = append(out.Skipped, skippedJSON{string(co.Hash), co.Subject, ch.Reason, string(ch.Bucket)})
			}
			continue
		}
		out.Changes = append(out.Changes, changeOut(c, ch))
	}
	for _, s := range r.Skipped {
		out.Skipped = append(out.Skipped, skippedJSON{string(s.Commit.Hash), s.Commit.Subject, s.Reason, string(s.Bucket)})
	}
	return out
}

func changeOut(c *config.Config, ch *model.Change) changeJSON {
	bucket, _ := compose.BucketOf(c, ch)
	j := changeJSON{
		ID: ch.ID, Title: ch.Title, Kind: string(ch.Kind), Breaking: ch.Breaking, Audience: string(ch.Audience.Scope),
		Refs: []string{}, Paths: []string{}, Reverts: hashes(ch.Reverts), PickedFrom: hashes(ch.PickedFrom),
		Areas: append([]string{}, ch.Areas...), Systems: ch.Audience.Systems, Bucket: string(bucket), KindFrom: ch.KindFrom,
	}
	if len(ch.Areas) > 0 {
		j.Area = &ch.Areas[0]
	}
	if ch.Fragment != nil {
		j.Fragment = strings.ToValidUTF8(ch.Fragment.Path, "\ufffd")
	}
	if j.NoteOf = ch.NoteOf; j.NoteOf != "" {
		j.Commits = []commitJSON{}
	}
	if len(ch.Tip.Parents) > 1 && ch.NoteOf == "" {
		merge := string(ch.Merge)
		j.Merge = &merge
	}
	for _, co := range ch.Commits() {
		cj := commitJSON{Hash: string(co.Hash), Subject: co.Subject, Trailers: [][2]string{}}
		for _, t := range co.Trailers {
			cj.Trailers = append(cj.Trailers, [2]string{t.Key, t.Value})
		}
		j.Commits = append(j.Commits, cj)
	}
	for _, r := range ch.Refs {
		j.Refs = append(j.Refs, r.String())
	}
	for _, p := range ch.Paths {
		j.Paths = append(j.Paths, strings.ToValidUTF8(p.Path, "\ufffd"))
	}
	if q := ch.Request; q != nil {
		j.Request = &requestJSON{q.Forge, q.Number, q.Source, q.Target, q.URL}
	}
	return j
}

func hashes(in []model.Hash) []string {
	out := make([]string, len(in))
	for i, h := range in {
		out[i] = string(h)
	}
	return out
}

func printChanges(out io.Writer, c *config.Config, r *model.Release) error {
	live := r.Live()
	for i := range live {
		ch := &live[i]
		bucket, _ := compose.BucketOf(c, ch)
		kind := string(ch.Kind)
		if bucket != model.BucketTold {
			kind = string(bucket)
		}
		mark := " "
		if ch.Breaking {
			mark = "!"
		}
		if _, err := fmt.Fprintf(out, "%-12s %s %-14s %s\n", diag.Printable(ch.ID), mark, kind, diag.Printable(ch.Title)); err != nil {
			return err
		}
	}
	left := len(r.Skipped)
	for _, ch := range r.Changes {
		if ch.Bucket != "" {
			left += len(ch.Commits())
		}
	}
	_, err := fmt.Fprintf(out, "%d changes, %d of %d commits left out (--json gives the reasons)\n", len(live), left, r.Commits)
	return err
}
