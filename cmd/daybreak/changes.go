package main

import (
	"context"
	"errors"
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

// newChanges builds `daybreak changes`.
func newChanges() *cobra.Command {
	var at place
	var from, to string
	var asJSON, explain bool
	c := &cobra.Command{
		Use:   "changes",
		Short: "List what was merged between two revisions",
		Long: `List the changes merged between two revisions (tags, branches, hashes), and the
commits that are left out, each with its reason. Together they are exactly the
commits of ` + "`git rev-list from..to`" + `, each once.

What build keeps from customers because of its words, a title with a ticket say, is
withheld here too, as far as the range shows it: what two titles mean only together, or
what people elsewhere in history are called, build and check alone find out.

--explain says of each change where its kind, its area and its audience come from,
and the words for customers, for the one who rolls out and for the one who checks; and it names
what lies between the commits of a submodule where its repository is at hand.`,
		Example: "  daybreak changes --repo . --from v1.0 --to v1.1\n  daybreak changes --from v1.1 --to main --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messagesOf(cmd)
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
			return printChanges(cmd.OutOrStdout(), w.config, r, explain)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&from, "from", "", "where the range starts, itself excluded (default: the root)")
	c.Flags().StringVar(&to, "to", "HEAD", "where the range ends, itself included")
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&explain, "explain", false, "say where each kind and each text comes from")
	return c
}

// between reads and classifies one range. In a train of several repositories it
// is the range of each that has the revision where it ends; one that lacks a
// version where it starts was last released with an earlier one.
func (w *workspace) between(cmd *cobra.Command, from, to string, progress func(string, int, int)) (*model.Release, diag.List, error) {
	repos := w.repositories()
	if len(repos) == 0 {
		return nil, nil, wrongUse(diag.Say("the workspace names no repository: give --repo"))
	}
	var all [][]model.Release
	var found diag.List
	var unknown error
	for _, repo := range repos {
		r, more, err := w.rangeOf(cmd.Context(), repo, len(repos) > 1, from, to, progress)
		found = append(found, more...)
		var p *diag.Problem
		if len(repos) > 1 && errors.As(err, &p) && p.Code == "unknown-revision" {
			unknown = err
			continue
		}
		if err != nil {
			return nil, found, err
		}
		all = append(all, []model.Release{*r})
	}
	if len(all) == 0 {
		return nil, found, unknown
	}
	for i := range all { // the ends of one range may be called differently
		all[i][0].Version, all[i][0].Unreleased = all[0][0].Version, all[0][0].Unreleased
	}
	if len(repos) > 1 {
		all = append(all, nil) // joined, even where only one repository has the range
	}
	r := compose.Join(all)[0]
	found = append(found, compose.Classify(w.config, &r)...)
	shelf, _, err := w.drafts()
	if err != nil {
		return nil, found, err
	}
	// The drafts are those of the release where the range ends. It may hold more
	// or less than the range, so what they lack or know beyond is no problem here.
	ends := r
	v, tagged := model.ParseVersion(to)
	ends.Version, ends.Unreleased = v, !tagged
	list := []model.Release{ends} // whose changes are r's
	leaky := w.leakyWords(list)
	compose.Edit(w.config, list, shelf, false)
	w.withhold(list, leaky)
	return &r, found, compose.LawOfHistory(&r)
}

// rangeOf reads the range of one repository.
func (w *workspace) rangeOf(ctx context.Context, c config.Repository, several bool, from, to string, progress func(string, int, int)) (*model.Release, diag.List, error) {
	repo, err := gitsource.Open(c.Path, w.options(c, true, progress))
	if err != nil {
		return nil, nil, err
	}
	defer repo.Close()
	if several && from != "" {
		if from, err = repo.Nearest(from); err != nil {
			return nil, nil, err
		}
	}
	r, found, err := repo.Range(ctx, from, to)
	if err != nil {
		return nil, found, err
	}
	if several {
		r.Repository = c.Name
	}
	more, err := w.attachNotes(ctx, repo, c, &r)
	return &r, append(found, more...), err
}

func printChanges(out io.Writer, c *config.Config, r *model.Release, explain bool) error {
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
		if explain {
			if err := explainChange(out, c, ch); err != nil {
				return err
			}
		}
	}
	left := len(r.Skipped)
	for _, ch := range r.Changes {
		if ch.Bucket != "" {
			left += len(ch.Commits())
		}
	}
	_, err := fmt.Fprintf(out, "%d %s, %d of %d commits left out (--json gives the reasons)\n", len(live), plural(len(live), "change"), left, r.Commits)
	return err
}

// explainChange says where a change's kind and the words of its three voices
// come from.
func explainChange(out io.Writer, c *config.Config, ch *model.Change) error {
	bucket, reason := compose.BucketOf(c, ch)
	lines := []string{"kind: " + ch.KindFrom.String()}
	if from := compose.AreasFrom(c, ch); from != "" {
		lines = append(lines, "area: "+from+": "+strings.Join(ch.Areas, ", "))
	}
	if from := compose.AudienceFrom(c, ch); from != "" {
		to := strings.Join(ch.Audience.Systems, ", ")
		if ch.Audience.Scope != model.AudienceSystems {
			to = string(ch.Audience.Scope)
		} else if to == "" {
			to = "no system"
		}
		lines = append(lines, "audience: "+from+": "+to)
	}
	if bucket != model.BucketTold {
		lines = append(lines, string(bucket)+": "+reason.String())
	} else {
		for _, l := range c.Languages {
			w := compose.WordingOf(c, ch, l)
			line := "customers " + string(l) + ": " + w.Source
			if !w.Reviewed {
				line += ", unreviewed"
			}
			if w.Lang != l {
				line += ", in " + string(w.Lang)
			}
			lines = append(lines, line+": "+w.Title)
			if act := compose.Act(c, ch, l); ch.Breaking && act.Text != "" {
				line := "must do " + string(l) + ": " + act.Source
				if act.Lang != l {
					line += ", in " + string(act.Lang)
				}
				lines = append(lines, line+": "+strings.Join(strings.Fields(act.Text), " "))
			}
		}
	}
	for _, reader := range []struct {
		name string
		keys []string
	}{{"rollout", rolloutKeys}, {"check", checkKeys}} {
		for _, l := range c.Languages {
			for _, v := range compose.Voices(c, ch, l, reader.keys...) {
				if v.Lang == l {
					lines = append(lines, reader.name+" "+string(l)+": "+v.Source+": "+v.Text)
				}
			}
		}
	}
	for _, b := range ch.Submodules {
		lines = append(lines, "submodule "+b.String())
		for _, title := range b.Titles {
			lines = append(lines, "  "+title)
		}
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, "    "+diag.Printable(line)); err != nil {
			return err
		}
	}
	return nil
}

// What the one who rolls out reads, and the one who checks.
var (
	rolloutKeys = []string{"Deploy-Note", "Rollback-Note"}
	checkKeys   = []string{"Verify", "Expect", "Tested-On"}
)
