package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/publication"
)

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
			m := messagesOf(cmd)
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if by == "" {
				return wrongUse(diag.Say("--by says who approves: initials of somebody under people"))
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
	d, err := w.decide(cmd.Context(), m, version, date, true)
	if err != nil {
		return err
	}
	defer d.done()
	c := d.on
	if err := refuseClock(m, c.Clock()); err != nil {
		return err
	}
	next := c.Approve(who)
	if err := w.keep(&d.shelf, d.release, next); err != nil {
		return err
	}
	c.Publication = next
	fmt.Fprintln(cmd.OutOrStdout(), tongueOf(cmd).say(diag.Say("%s: approved by %s", c.Version, approvers(c))))
	return nil
}

// approvers names those whose approval stands.
func approvers(c publication.Case) string { return orDash(strings.Join(c.ApprovedBy(), ", ")) }
