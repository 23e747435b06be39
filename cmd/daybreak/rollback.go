package main

import (
	"fmt"
	"io"
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
	var list, asJSON bool
	c := &cobra.Command{
		Use:   "rollback",
		Short: "Let a folder show an earlier version of the site again",
		Long: `Let the folder of a delivery show the version before the current one, or the one
of the number that is given. It takes a moment and changes nothing else: the next
deliver or publish brings the site as it was built last.

It is about the site alone. To take a release back, use withdraw.`,
		Example: "  daybreak rollback --list\n  daybreak rollback\n  daybreak rollback --of web --to 12",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := openSound(at)
			if err != nil {
				return err
			}
			d, err := w.rollbackTarget(name)
			if err != nil {
				return err
			}
			f := w.folder(d)
			if list || asJSON {
				versions, err := f.Versions()
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(cmd.OutOrStdout(), append([]delivery.Version{}, versions...))
				}
				return printVersions(cmd.OutOrStdout(), versions, w.config.Location())
			}
			release, err := w.lockPublishing()
			if err != nil {
				return err
			}
			defer release()
			v, err := f.Rollback(number)
			if err != nil {
				return err
			}
			messages{cmd.ErrOrStderr()}.say("%s shows version %d again; its newest release is %s", d.Folder, v.Number, orDash(v.Release))
			return w.noteDelivered(d.Name, rolledBackNote)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&name, "of", "", "`name` of the delivery, where several go to folders")
	c.Flags().IntVar(&number, "to", 0, "`number` of the version (default: the one before)")
	c.Flags().BoolVar(&list, "list", false, "list the versions, and change nothing")
	c.Flags().BoolVar(&asJSON, "json", false, "list them as JSON")
	return c
}

func printVersions(out io.Writer, versions []delivery.Version, zone *time.Location) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "VERSION\tBROUGHT\tNEWEST RELEASE\t")
	for _, v := range versions {
		now := ""
		if v.Current {
			now = "shown now"
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\n", v.Number, v.Brought.In(zone).Format("2006-01-02 15:04"), orDash(diag.Printable(v.Release)), now)
	}
	return t.Flush()
}

// rollbackTarget finds the delivery to a folder that is meant.
func (w *workspace) rollbackTarget(name string) (config.Delivery, error) {
	var folders []config.Delivery
	var names []string
	for _, d := range w.config.Deliver {
		switch {
		case d.Folder == "" && d.Name == name:
			return d, &diag.Problem{
				Code: "no-versions", Message: fmt.Sprintf("%q goes to a bucket, beside which no earlier versions lie", name),
				Hint: "check out the workspace as it was, build and deliver it; or go back with the bucket's own versioning.",
			}
		case d.Folder == "":
			continue
		case name == "" || d.Name == name:
			folders = append(folders, d)
		}
		names = append(names, d.Name)
	}
	switch {
	case len(folders) == 1:
		return folders[0], nil
	case len(folders) > 1:
		return config.Delivery{}, usageError{fmt.Errorf("several deliveries go to folders: say with --of which one: %s", strings.Join(names, ", "))}
	case name != "":
		return config.Delivery{}, usageError{fmt.Errorf("no delivery is called %q; to folders go: %s", name, orDash(strings.Join(names, ", ")))}
	}
	return config.Delivery{}, &diag.Problem{Code: "nowhere", Message: "no delivery of the workspace goes to a folder", Hint: "rollback is for folders; a release is taken back with `daybreak withdraw`."}
}
