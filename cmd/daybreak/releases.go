package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/gitsource"
	"daybreak/internal/model"
)

// releaseJSON is one release for scripts. Fields may be added, none renamed.
type releaseJSON struct {
	Version     string   `json:"version"`
	Tag         string   `json:"tag"`
	Previous    *string  `json:"previous"` // the tag where the range starts, null for the first
	Date        string   `json:"date"`     // day in the configured time zone
	Commits     int      `json:"commits"`
	Changes     int      `json:"changes"` // live ones: neither withdrawn nor delivered earlier
	Instant     string   `json:"instant"` // RFC 3339
	Commit      string   `json:"commit"`
	OtherTags   []string `json:"otherTags,omitempty"`
	Prerelease  bool     `json:"prerelease,omitempty"`
	Unreleased  bool     `json:"unreleased,omitempty"`
	HotfixOf    string   `json:"hotfixOf,omitempty"`
	SameBuildAs string   `json:"sameBuildAs,omitempty"`
	Explain     string   `json:"explain,omitempty"`

	Parts []partJSON `json:"parts,omitempty"` // the repositories of a train; tag and previous above are the first one's
}

// partJSON is what one repository of a train brings to a release.
type partJSON struct {
	Repository string  `json:"repository"`
	Tag        string  `json:"tag"`
	Previous   *string `json:"previous"`
	Commit     string  `json:"commit"`
	Commits    int     `json:"commits"`
	Explain    string  `json:"explain,omitempty"`
}

// newReleases builds `daybreak releases`.
func newReleases() *cobra.Command {
	var at place
	var asJSON, explain, unreleased bool
	c := &cobra.Command{
		Use:   "releases",
		Short: "List the releases, newest first",
		Long: `List the releases that the tags mark, newest first: version, tag, the tag where
its range starts, day, number of commits and of changes.

--explain says of each range why it is what it is.`,
		Example: "  daybreak releases --repo .\n  daybreak releases --json | jq -r '.[0].version'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messagesOf(cmd)
			w, err := openSound(at)
			if err != nil {
				return err
			}
			progress, done := m.progress()
			list, found, err := w.summaries(cmd.Context(), progress)
			done()
			if !explain {
				// What concerns single commits is counted; the rest is told.
				m.brief(found.Of(func(d diag.Diagnostic) bool { return d.Position.Commit != "" }), w.place)
				found = found.Of(func(d diag.Diagnostic) bool { return d.Position.Commit == "" })
			}
			m.diagnostics(found)
			if err != nil {
				return err
			}
			rows := make([]releaseJSON, 0, len(list))
			for i := range list {
				if list[i].Unreleased && !unreleased {
					continue
				}
				rows = append(rows, releaseRow(w.config, list[i], explain))
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rows)
			}
			return printReleases(cmd.OutOrStdout(), rows)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&explain, "explain", false, "say why each range is what it is")
	c.Flags().BoolVar(&unreleased, "unreleased", false, "also list what is merged but not tagged")
	return c
}

// summaries lists the releases without what they are made of, which is far
// quicker to read again. Several repositories have to be joined change by change.
func (w *workspace) summaries(ctx context.Context, progress func(string, int, int)) ([]gitsource.Summary, diag.List, error) {
	repos := w.repositories()
	if len(repos) == 1 {
		repo, err := gitsource.Open(repos[0].Path, w.options(repos[0], false, progress))
		if err != nil {
			return nil, nil, err
		}
		defer repo.Close()
		defer boundMemory(repo.Objects())()
		list, found, err := repo.Summaries(ctx)
		bare := make([]model.Release, len(list))
		for i := range list {
			bare[i] = list[i].Release
		}
		return list, current(found, bare), err
	}
	list, found, err := w.releases(ctx, "", false, progress)
	out := make([]gitsource.Summary, len(list))
	for i := range list {
		out[i] = gitsource.Summary{Release: list[i], Live: len(list[i].Live())}
	}
	return out, found, err
}

// boundMemory makes the collector work harder before the program takes more than
// 300 MB, and gives what ends that. A walk through all releases holds a third of it
// at any time and leaves ten times as much behind, so what it takes is up to the
// collector. A bound below what is held would cost more than it saves: so a
// repository of millions of objects has a higher one. GOMEMLIMIT counts instead
// where it is set.
func boundMemory(objects int) (end func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	before := debug.SetMemoryLimit(max(300<<20, 200*int64(objects)))
	return func() { debug.SetMemoryLimit(before) }
}

func releaseRow(c *config.Config, r gitsource.Summary, explain bool) releaseJSON {
	row := releaseJSON{
		Version: cmp.Or(r.Version.String(), "unreleased"), Tag: r.Tag, Commits: r.Commits, Changes: r.Live,
		Date:    compose.Day(c, r.Date).Format(time.DateOnly),
		Instant: r.Date.In(c.Location()).Format(time.RFC3339),
		Commit:  string(r.Commit), OtherTags: r.OtherTags, Prerelease: r.Prerelease, Unreleased: r.Unreleased,
		HotfixOf: r.HotfixOf, SameBuildAs: r.SameBuild,
	}
	if r.Previous != "" {
		row.Previous = &r.Previous
	}
	for _, p := range r.Parts {
		part := partJSON{Repository: p.Repository, Tag: p.Tag, Commit: string(p.Commit), Commits: p.Commits}
		if p.Previous != "" {
			part.Previous = &p.Previous
		}
		if explain {
			part.Explain = p.Explain.String()
		}
		row.Parts = append(row.Parts, part)
	}
	if explain && len(r.Parts) == 0 {
		row.Explain = r.Explain.String()
	}
	return row
}

func printReleases(out io.Writer, rows []releaseJSON) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "VERSION\tTAG\tSINCE\tDATE\tCOMMITS\tCHANGES\t")
	for _, r := range rows {
		since := "the beginning"
		if r.Previous != nil {
			since = *r.Previous
		}
		note := ""
		switch {
		case r.SameBuildAs != "":
			note = "same build as " + r.SameBuildAs
		case r.HotfixOf != "":
			note = "hotfix of " + r.HotfixOf
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", diag.Printable(r.Version), cmp.Or(diag.Printable(r.Tag), "-"),
			diag.Printable(since), r.Date, r.Commits, r.Changes, diag.Printable(note))
		var lines []string
		if r.Explain != "" {
			lines = append(lines, r.Explain)
		}
		for _, p := range r.Parts {
			if p.Explain != "" {
				lines = append(lines, p.Repository+": "+p.Explain)
			}
		}
		if len(lines) > 0 {
			// Flushing keeps the explanations out of the columns.
			if err := t.Flush(); err != nil {
				return err
			}
		}
		for _, line := range lines {
			fmt.Fprintln(out, "  "+diag.Printable(line))
		}
	}
	return t.Flush()
}
