package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

func newJournalSystems() *cobra.Command {
	var at place
	var asJSON bool
	c := &cobra.Command{
		Use:   "systems",
		Short: "Show which version each customer system runs now",
		Long: `Show, for each customer system, which version it runs now and since when: what
the last journal that speaks of it says, over all days.`,
		Example: "  daybreak journal systems\n  daybreak journal systems --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messagesOf(cmd)
			w, err := openSound(at)
			if err != nil {
				return err
			}
			shelf, err := w.gather(cmd.Context(), m)
			if err != nil {
				return err
			}
			list, err := w.standings(cmd.Context(), shelf.list)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), standingsJSON(list))
			}
			return printStandings(cmd.OutOrStdout(), list)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

// standings reads every journal there is for what each system runs now.
func (w *workspace) standings(ctx context.Context, list []model.Release) ([]model.Standing, error) {
	day, found := compose.LoadDay(w.content, w.config.Primary())
	if found.Worst() == diag.Error {
		return nil, errContent
	}
	var days []compose.JournalDay
	for i := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := &list[i]
		if r.Unreleased || !w.hasJournal(r) {
			continue
		}
		text, _, err := w.journalText(r.Slug())
		if err != nil {
			return nil, err
		}
		plan := w.dayPlan(r, day)
		events, _ := journal.Parse(journalName(r.Slug()), text, plan)
		state, _ := journal.Derive(journalName(r.Slug()), events, plan)
		h := w.header(r, w.config.Primary())
		days = append(days, compose.JournalDay{Release: r, Day: h.Date, Plan: plan, State: state})
	}
	return compose.Standings(w.config, list, days), nil
}

func printStandings(out io.Writer, list []model.Standing) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SYSTEM\tNAME\tRUNS\tSINCE\tBY\tBEHIND\tOPEN")
	for _, s := range list {
		since := "-"
		if !s.Day.IsZero() {
			since = s.Day.Format(time.DateOnly)
			if s.At != "" {
				since += " " + s.At
			}
		}
		behind := "-"
		if n := len(s.Behind); n > 0 {
			behind = fmt.Sprintf("%d %s", n, plural(n, "release"))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%d\n", s.ID, diag.Printable(s.Name), orDash(s.Version), since, orDash(string(s.How)), behind, s.Open)
	}
	return t.Flush()
}

// standingJSON is what a system runs, for scripts.
type standingJSON struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Version string            `json:"version"` // "" where nobody wrote it down
	Day     string            `json:"day,omitempty"`
	At      string            `json:"at,omitempty"`
	By      model.StandingHow `json:"by,omitempty"`
	Journal string            `json:"journal,omitempty"` // of the day that says so
	Open    int               `json:"openDeviations"`
	Behind  []string          `json:"behind"` // releases that it doesn't have, oldest first
	Before  []ranJSON         `json:"before"` // newest first
}

type ranJSON struct {
	Version string            `json:"version"`
	Day     string            `json:"day,omitempty"`
	At      string            `json:"at,omitempty"`
	By      model.StandingHow `json:"by"`
}

func standingsJSON(list []model.Standing) []standingJSON {
	on := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	out := make([]standingJSON, 0, len(list))
	for _, s := range list {
		row := standingJSON{s.ID, s.Name, s.Version, on(s.Day), s.At, s.How, s.Told, s.Open, append([]string{}, s.Behind...), []ranJSON{}}
		for _, b := range s.Before {
			row.Before = append(row.Before, ranJSON{b.Version, on(b.Day), b.At, b.How})
		}
		out = append(out, row)
	}
	return out
}
