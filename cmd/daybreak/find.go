package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
)

// foundJSON is one place for scripts.
type foundJSON struct {
	Version string `json:"version"` // "unreleased" where no tag has it
	Tag     string `json:"tag"`
	Date    string `json:"date"`
	Change  string `json:"change"`
	Title   string `json:"title"`
	Hash    string `json:"hash"`
	Bucket  string `json:"bucket"`
	Reason  string `json:"reason,omitempty"`
	How     string `json:"how"`
}

// newFind builds `daybreak find`.
func newFind() *cobra.Command {
	var at place
	var asJSON bool
	c := &cobra.Command{
		Use:   "find TICKET|!N|#N|HASH",
		Short: "Say which release has a fix first",
		Long: `Look for a ticket, a request or a commit in all releases: the first line names
the first release that has it, further lines the others, backports included.
Exits 1 where nothing has it.`,
		Example: "  daybreak find RW-1204\n  daybreak find '!412'\n  daybreak find 1a2b3c4",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messagesOf(cmd)
			w, err := openSound(at)
			if err != nil {
				return err
			}
			progress, wipe := m.progress()
			list, _, err := w.releases(cmd.Context(), "", false, progress)
			wipe()
			if err != nil {
				return err
			}
			rows := []foundJSON{}
			for _, f := range compose.Find(list, args[0]) {
				row := foundJSON{Version: f.Release.Slug(), Tag: f.Release.Tag, Hash: string(f.Commit.Hash), Title: f.Commit.Subject, How: f.How}
				if !f.Release.Unreleased {
					row.Version, row.Date = f.Release.Version.String(), compose.Day(w.config, f.Release.Date).Format(time.DateOnly)
				}
				if f.Change != nil {
					bucket, reason := compose.BucketOf(w.config, f.Change)
					row.Change, row.Title, row.Bucket, row.Reason = f.Change.ID, f.Change.Title, string(bucket), reason.String()
				}
				rows = append(rows, row)
			}
			if asJSON {
				if err := printJSON(cmd.OutOrStdout(), rows); err != nil {
					return err
				}
			}
			if len(rows) == 0 {
				return diag.Refuse("not-found", diag.Say("no release and nothing merged has %q", args[0]),
					diag.Say("give a ticket as `history.tickets` describes them, a request (!12, #12) or at least 7 digits of a hash."))
			}
			if asJSON {
				return nil
			}
			for _, r := range rows {
				note := ""
				if r.Bucket == "withdrawn" || r.Bucket == "delivered" {
					note = " (" + r.Reason + ")"
				}
				if r.How == "lost" {
					note = " (not in it: a merge threw it away)"
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%-12s %-10s %-10s %s%s\n", r.Version, r.Date, diag.Printable(r.Change), diag.Printable(r.Title), diag.Printable(note))
			}
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}
