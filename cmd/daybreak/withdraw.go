package main

import (
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
				return wrongUse(diag.Say("--reason says why, for those who ask later"))
			}
			m := messagesOf(cmd)
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
	addPublishingFlags(c, &o, "take it from these `systems` alone")
	return c
}

func (w *workspace) runWithdraw(cmd *cobra.Command, m messages, o publishing, reason string) error {
	d, err := w.decide(cmd.Context(), m, o.version, o.date, !o.dry)
	if err != nil {
		return err
	}
	defer d.done()
	c := &d.on
	c.Only = o.systems
	if err := withdrawable(*c, d.release); err != nil {
		return err
	}
	if err := refuseClock(m, c.Clock()); err != nil {
		return err
	}
	next := c.Withdraw(reason)
	if o.dry {
		return w.dryRun(cmd, m, d.shelf, d.release, next, nil, o.json)
	}
	said := diag.Say("withdrew %s from everybody", c.Version)
	if len(c.Only) > 0 {
		said = diag.Say("withdrew %s from %s", c.Version, strings.Join(c.Only, ", "))
	}
	return w.carryOut(cmd.Context(), m, o, d, next, said)
}

// withdrawable refuses to take back what nobody was shown.
func withdrawable(c publication.Case, r *model.Release) error {
	for _, id := range c.Only {
		if _, shown := c.Publication.Systems[id]; !shown {
			return diag.Refuse("not-published", diag.Say("%s is not published for %q", c.Version, id),
				diag.Say("`daybreak status %s%s` shows for whom it is.", c.Version, c.Flags))
		}
	}
	if r.Publication != nil && r.Publication.Words == nil {
		return diag.Refuse("not-published", diag.Say("%s is not published", c.Version),
			diag.Say("there is nothing to take back."))
	}
	return nil
}
