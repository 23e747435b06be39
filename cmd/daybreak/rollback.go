package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/config"
	"daybreak/internal/delivery"
	"daybreak/internal/diag"
)

// newRollback builds `daybreak rollback`.
func newRollback() *cobra.Command {
	var at place
	var name string
	var number int
	var list, asJSON, withdrawn bool
	c := &cobra.Command{
		Use:   "rollback",
		Short: "Let a place show an earlier version of the site again",
		Long: `Let the folder or the bucket of a delivery show the version before the current
one, or the one of the number that is given. The next deliver or publish brings the
site as it was built last.

A folder changes in a moment. A bucket gets what differs in the order of a
delivery, so that no reader meets a broken page; a run that was killed can be run
again. Its earlier versions lie where they were delivered from, in the workspace's
.daybreak/versions, and nowhere else.

It is about the site alone. To take a release back, use withdraw. A version that
shows a release which was withdrawn since is refused.`,
		Example: "  daybreak rollback --list\n  daybreak rollback\n  daybreak rollback --of web --to 12",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := openSound(at)
			if err != nil {
				return err
			}
			if (list || asJSON) && name == "" && len(w.config.Deliver) > 1 {
				return w.listPlaces(cmd, asJSON)
			}
			d, err := w.rollbackTarget(name)
			if err != nil {
				return err
			}
			if list || asJSON {
				versions, err := w.versionsOf(d)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(cmd.OutOrStdout(), append([]delivery.Version{}, versions...))
				}
				return printVersions(cmd.OutOrStdout(), tongueOf(cmd), versions, w.config.Location())
			}
			release, err := w.lockPublishing()
			if err != nil {
				return err
			}
			defer release()
			return w.rollBack(cmd.Context(), messagesOf(cmd), d, number, withdrawn)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&name, "of", "", "`name` of the delivery, where there are several")
	c.Flags().IntVar(&number, "to", 0, "`number` of the version (default: the one before)")
	c.Flags().BoolVar(&withdrawn, "even-withdrawn", false, "show releases again that were withdrawn since")
	c.Flags().BoolVar(&list, "list", false, "list the versions, and change nothing")
	c.Flags().BoolVar(&asJSON, "json", false, "list them as JSON")
	return c
}

// versionsOf lists the versions that a place can show again.
func (w *workspace) versionsOf(d config.Delivery) ([]delivery.Version, error) {
	if d.Folder != "" {
		return w.folder(d).Versions()
	}
	return (&delivery.Kept{Shelf: w.shelf(d)}).Versions()
}

// placeVersions is one of several places with what it can show again.
type placeVersions struct {
	Name     string             `json:"name"`
	Versions []delivery.Version `json:"versions"`
}

// listPlaces lists the versions of every place, one place after the other.
func (w *workspace) listPlaces(cmd *cobra.Command, asJSON bool) error {
	var all []placeVersions
	for _, d := range w.config.Deliver {
		versions, err := w.versionsOf(d)
		if err != nil {
			return fmt.Errorf("listing the versions of %s: %w", d.Name, err)
		}
		all = append(all, placeVersions{d.Name, append([]delivery.Version{}, versions...)})
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), all)
	}
	for i, p := range all {
		if i > 0 {
			fmt.Fprintln(cmd.OutOrStdout())
		}
		fmt.Fprintln(cmd.OutOrStdout(), p.Name)
		if len(p.Versions) == 0 {
			fmt.Fprintln(cmd.OutOrStdout(), tongueOf(cmd).say(diag.Say("nothing was brought there from here")))
			continue
		}
		if err := printVersions(cmd.OutOrStdout(), tongueOf(cmd), p.Versions, w.config.Location()); err != nil {
			return err
		}
	}
	return nil
}

// rollBack makes a place show an earlier version.
func (w *workspace) rollBack(ctx context.Context, m messages, d config.Delivery, number int, withdrawn bool) error {
	allow, err := w.notWithdrawn(d, withdrawn)
	if err != nil {
		return err
	}
	if d.Folder != "" {
		v, err := w.folder(d).Rollback(number, allow)
		if err != nil {
			return err
		}
		m.say("%s shows version %d again; its newest release is %s", d.Folder, v.Number, orDash(v.Release))
		return w.noteDelivered(d.Name, rolledBackNote)
	}
	kept, err := w.keptBucket(d)
	if err != nil {
		return err
	}
	v, files, err := kept.Rollback(ctx, number, func(v delivery.Version) error {
		if err := allow(v); err != nil {
			return err
		}
		return w.noteDelivered(d.Name, rollingBackNote)
	})
	if err != nil {
		return err
	}
	m.say("%s shows version %d again; its newest release is %s (%d %s brought, %d the same, %d deleted)",
		d.Name, v.Number, orDash(v.Release), files.Brought, plural(files.Brought, "file"), files.Same, files.Deleted)
	return w.noteDelivered(d.Name, rolledBackNote)
}

// notWithdrawn refuses versions that would show readers again what was taken back from
// them, from everybody or from one system, unless that is wanted.
func (w *workspace) notWithdrawn(d config.Delivery, wanted bool) (func(delivery.Version) error, error) {
	known, found, err := w.publications()
	if err == nil {
		err = found.Err()
	}
	if err != nil {
		return nil, err
	}
	versions, err := w.versionsOf(d)
	if err != nil {
		return nil, err
	}
	return func(v delivery.Version) error {
		for _, slug := range v.Releases {
			why := diag.Phrase{}
			if p := known[slug]; p != nil && !p.Withdrawn.IsZero() {
				why = diag.Say("which was withdrawn on %s", p.Withdrawn.Format(time.DateOnly))
			} else if len(versions) > 0 && !slices.Contains(versions[0].Releases, slug) {
				why = diag.Say("which version %d, the newest, doesn't show any more", versions[0].Number)
			}
			if why.Format != "" && !wanted {
				return diag.Refuse("withdrawn", diag.Say("version %d shows %s, %s", v.Number, slug, why),
					diag.Say("choose another one from `--list` with --to; --even-withdrawn shows it all the same."))
			}
		}
		return nil
	}, nil
}

func printVersions(out io.Writer, in *tongue, versions []delivery.Version, zone *time.Location) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, in.say(diag.Say("VERSION\tBROUGHT\tNEWEST RELEASE\t")))
	for _, v := range versions {
		now := ""
		if v.Current {
			now = in.say(diag.Say("shown now"))
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\n", v.Number, v.Brought.In(zone).Format("2006-01-02 15:04"), orDash(diag.Printable(v.Release)), now)
	}
	return t.Flush()
}

// rollbackTarget finds the delivery that is meant.
func (w *workspace) rollbackTarget(name string) (config.Delivery, error) {
	var names []string
	for _, d := range w.config.Deliver {
		if d.Name == name || name == "" && len(w.config.Deliver) == 1 {
			return d, nil
		}
		names = append(names, d.Name)
	}
	switch {
	case len(names) == 0:
		return config.Delivery{}, diag.Refuse("nowhere", diag.Say("the workspace doesn't say where the sites go"),
			diag.Say("a release is taken back with `daybreak withdraw`."))
	case name != "":
		return config.Delivery{}, wrongUse(diag.Say("no delivery is called %q; there are: %s", name, strings.Join(names, ", ")))
	}
	return config.Delivery{}, wrongUse(diag.Say("there are several deliveries: say with --of which one: %s", strings.Join(names, ", ")))
}
