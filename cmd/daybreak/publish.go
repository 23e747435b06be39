package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/publication"
)

// newPublish builds `daybreak publish`.
func newPublish() *cobra.Command {
	var at place
	var o publishing
	c := &cobra.Command{
		Use:   "publish VERSION",
		Short: "Show customers a release that was rolled out",
		Long: `Publish a release: from now on the public site, the feeds and the sites of the
systems that run it show its notes. They are frozen as they are now; what is
edited later is shown once you publish again, as corrected on that day.

It refuses, with all reasons at once, while the journal's gate before the
customers' mail isn't given, a system of the day doesn't run the version, the
checks find errors, or words have changed since somebody approved them. Then it
builds everything, and delivers it to the places under deliver in daybreak.yaml.

A run that was killed can be run again.`,
		Example: "  daybreak publish 2026.15.0 --dry-run\n  daybreak publish 2026.15.0\n  daybreak publish 2026.15.0 --system K5",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messages{cmd.ErrOrStderr()}
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if o.out == "" {
				o.out = filepath.Join(w.dir, "site")
			}
			o.version = args[0]
			return w.runPublish(cmd, m, o)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringSliceVar(&o.systems, "system", nil, "publish for these `systems` alone")
	c.Flags().BoolVar(&o.dry, "dry-run", false, "show what customers would see differently, and change nothing")
	c.Flags().StringVar(&o.date, "date", "", "the `day` it is, where the clock is wrong: 2026-11-24")
	c.Flags().StringVar(&o.out, "out", "", "`folder` to build (default: site in the workspace)")
	c.Flags().BoolVar(&o.keepHere, "no-deliver", false, "build, but deliver nowhere")
	c.Flags().BoolVar(&o.json, "json", false, "with --dry-run: print as JSON")
	_ = c.MarkFlagDirname("out")
	return c
}

// publishing is what the command line of publish says.
type publishing struct {
	version, date, out  string
	systems             []string
	dry, json, keepHere bool
}

func (w *workspace) runPublish(cmd *cobra.Command, m messages, o publishing) error {
	if w.dir != "" && !o.dry {
		release, err := w.lockPublishing()
		if err != nil {
			return err
		}
		defer release()
	}
	shelf, err := w.gather(cmd.Context(), m)
	if err != nil {
		return err
	}
	r, err := findRelease(shelf.list, o.version)
	if err != nil {
		return err
	}
	c, err := w.caseOf(shelf, r, o.date)
	if err != nil {
		return err
	}
	c.Only = o.systems
	if c.Problems, err = w.problems(cmd, m, r); err != nil {
		return err
	}
	obstacles := c.Obstacles()
	next := c.Publish(r.Tag, r.TagObject)
	if o.dry {
		return w.dryRun(cmd, m, shelf, r, next, obstacles, o.json)
	}
	m.diagnostics(append(shelf.found.Of(func(d diag.Diagnostic) bool { return d.Code == "tag-moved" }), obstacles.Of(func(d diag.Diagnostic) bool { return d.Severity < diag.Error })...))
	if n := obstacles.Count(diag.Error); n > 0 {
		m.say("%s is not published, for %d %s:", c.Version, n, plural(n, "reason"))
		return obstacles.Err()
	}
	if err := w.keep(&shelf, r, next); err != nil {
		return err
	}
	if err := w.rebuild(cmd.Context(), m, shelf.list, o.out); err != nil {
		return err
	}
	m.say("%s", published(c, next))
	if o.keepHere {
		return nil
	}
	return w.deliver(cmd.Context(), m, o.out, nil)
}

// problems are what the checks find in one release.
func (w *workspace) problems(cmd *cobra.Command, m messages, r *model.Release) (diag.List, error) {
	progress, wipe := m.progress()
	defer wipe()
	pictures := w.pictures // those of all releases, and of what was published
	defer func() { w.pictures = pictures }()
	only := r.Tag
	if len(w.repositories()) > 1 {
		only = "" // a train's version need not have a tag in each of them
	}
	return w.check(cmd, only, false, progress)
}

// rebuild writes everything that the releases give, through the steps of build.
func (w *workspace) rebuild(ctx context.Context, m messages, list []model.Release, out string) error {
	look, err := w.theme()
	if err != nil {
		return fmt.Errorf("loading the theme: %w", err)
	}
	tree, err := output.Open(out)
	if err != nil {
		return err
	}
	defer tree.Abort()
	found, err := write(ctx, w, look, list, tree)
	m.brief(found, w.place)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return halfway(ctx, err)
	}
	return tree.Commit()
}

// halfway explains an interruption after the publication was written down.
func halfway(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return &diag.Problem{
		Code: "interrupted", Message: "interrupted: what was decided is written down, but customers don't see all of it yet",
		Hint: "run the same command again; it ends what was begun.",
	}
}

// published says in one line what customers see from now on.
func published(c publication.Case, p *model.Publication) string {
	var who []string
	for id := range p.Systems {
		who = append(who, id)
	}
	slices.Sort(who)
	on := ""
	if len(who) > 0 {
		on = " (" + strings.Join(who, ", ") + ")"
	}
	switch {
	case len(c.Only) > 0:
		return fmt.Sprintf("published %s for %s", c.Version, strings.Join(c.Only, ", "))
	case len(p.Corrected) > len(c.Publication.Corrected):
		return fmt.Sprintf("published %s again, shown as corrected on %s%s", c.Version, c.Today.Format(time.DateOnly), on)
	case c.Publication.Public():
		return fmt.Sprintf("%s was published on %s already, and its words are the same%s", c.Version, p.Day.Format(time.DateOnly), on)
	}
	return fmt.Sprintf("published %s%s", c.Version, on)
}

// newWithdraw builds `daybreak withdraw`.
func newWithdraw() *cobra.Command {
	var at place
	var o publishing
	var reason string
	c := &cobra.Command{
		Use:   "withdraw VERSION --reason TEXT",
		Short: "Take a published release back from the customers",
		Long: `Take a release back: the public site and the sites of the systems show it no
longer. With --system it is taken from those systems' sites alone, for example
because they were rolled back. What was published stays written down; publishing
again brings it back. The reason is for the team.`,
		Example: "  daybreak withdraw 2026.15.0 --reason \"prices are wrong\"\n  daybreak withdraw 2026.15.0 --system K3 --reason \"rolled back\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return usageError{fmt.Errorf("--reason says why, for those who ask later")}
			}
			m := messages{cmd.ErrOrStderr()}
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if o.out == "" {
				o.out = filepath.Join(w.dir, "site")
			}
			o.version = args[0]
			return w.runWithdraw(cmd, m, o, oneLine(reason))
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&reason, "reason", "", "why, in a `sentence`")
	c.Flags().StringSliceVar(&o.systems, "system", nil, "take it from these `systems` alone")
	c.Flags().BoolVar(&o.dry, "dry-run", false, "show what customers would see differently, and change nothing")
	c.Flags().StringVar(&o.date, "date", "", "the `day` it is, where the clock is wrong: 2026-11-24")
	c.Flags().StringVar(&o.out, "out", "", "`folder` to build (default: site in the workspace)")
	c.Flags().BoolVar(&o.keepHere, "no-deliver", false, "build, but deliver nowhere")
	c.Flags().BoolVar(&o.json, "json", false, "with --dry-run: print as JSON")
	_ = c.MarkFlagDirname("out")
	return c
}

func (w *workspace) runWithdraw(cmd *cobra.Command, m messages, o publishing, reason string) error {
	if w.dir != "" && !o.dry {
		release, err := w.lockPublishing()
		if err != nil {
			return err
		}
		defer release()
	}
	shelf, err := w.gather(cmd.Context(), m)
	if err != nil {
		return err
	}
	r, err := findRelease(shelf.list, o.version)
	if err != nil {
		return err
	}
	c, err := w.caseOf(shelf, r, o.date)
	if err != nil {
		return err
	}
	c.Only = o.systems
	if err := withdrawable(c, r); err != nil {
		return err
	}
	next := c.Withdraw(reason)
	if o.dry {
		return w.dryRun(cmd, m, shelf, r, next, nil, o.json)
	}
	if err := w.keep(&shelf, r, next); err != nil {
		return err
	}
	if err := w.rebuild(cmd.Context(), m, shelf.list, o.out); err != nil {
		return err
	}
	from := "everybody"
	if len(c.Only) > 0 {
		from = strings.Join(c.Only, ", ")
	}
	m.say("withdrew %s from %s", c.Version, from)
	if o.keepHere {
		return nil
	}
	return w.deliver(cmd.Context(), m, o.out, nil)
}

// withdrawable refuses to take back what nobody was shown.
func withdrawable(c publication.Case, r *model.Release) error {
	for _, id := range c.Only {
		if _, shown := c.Publication.Systems[id]; !shown {
			return &diag.Problem{Code: "not-published", Message: fmt.Sprintf("%s is not published for %q", c.Version, id), Hint: "`daybreak status " + c.Version + c.Flags + "` shows for whom it is."}
		}
	}
	if r.Publication != nil && r.Publication.Words == nil {
		return &diag.Problem{Code: "not-published", Message: c.Version + " is not published", Hint: "there is nothing to take back."}
	}
	return nil
}

// newApprove builds `daybreak approve`.
func newApprove() *cobra.Command {
	var at place
	var by, date string
	c := &cobra.Command{
		Use:   "approve VERSION --by INITIALS",
		Short: "Say yes to the words of a release",
		Long: `Write down that somebody has read the notes of a release and agrees. A text that
changes afterwards makes publish refuse until it is read again. How many
approvals a release needs stands under publish.approvals in daybreak.yaml.`,
		Example: "  daybreak approve 2026.15.0 --by SA",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messages{cmd.ErrOrStderr()}
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if by == "" {
				return usageError{fmt.Errorf("--by says who approves: initials of somebody under people")}
			}
			return w.runApprove(cmd, m, args[0], by, date)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&by, "by", "", "who approves, by `initials`")
	c.Flags().StringVar(&date, "date", "", "the `day` it is, where the clock is wrong: 2026-11-24")
	return c
}

func (w *workspace) runApprove(cmd *cobra.Command, m messages, version, by, date string) error {
	who, err := w.person(by)
	if err != nil {
		return err
	}
	if w.dir != "" {
		release, err := w.lockPublishing()
		if err != nil {
			return err
		}
		defer release()
	}
	shelf, err := w.gather(cmd.Context(), m)
	if err != nil {
		return err
	}
	r, err := findRelease(shelf.list, version)
	if err != nil {
		return err
	}
	c, err := w.caseOf(shelf, r, date)
	if err != nil {
		return err
	}
	next := c.Approve(who)
	if err := w.keep(&shelf, r, next); err != nil {
		return err
	}
	c.Publication = next
	fmt.Fprintf(cmd.OutOrStdout(), "%s: approved by %s\n", c.Version, approvers(c))
	return nil
}

// approvers names those whose approval stands.
func approvers(c publication.Case) string {
	var who []string
	for _, a := range c.Publication.Approvals {
		if len(publication.Changed(a.Sums, publication.Sums(c.Words))) == 0 {
			who = append(who, a.By)
		}
	}
	return orDash(strings.Join(who, ", "))
}

// printRefusal shows obstacles as they would be told, without ending the run.
func printRefusal(out io.Writer, version string, list diag.List) {
	n := list.Count(diag.Error)
	fmt.Fprintf(out, "It would be refused, for %d %s:\n", n, plural(n, "reason"))
	for _, d := range list {
		fmt.Fprintln(out, "- "+strings.ReplaceAll(strings.TrimPrefix(d.String(), "error: "), "\n", "\n  "))
	}
}
