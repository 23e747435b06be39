package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/publication"
)

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
	c, _, err := w.caseOf(shelf, r, o.date)
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
