package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/site"
)

// trainDayJSON is one day of the train for scripts.
type trainDayJSON struct {
	Day       string `json:"day"`     // where it takes place; "" where cancelled
	Regular   string `json:"regular"` // the day of the rhythm
	Start     string `json:"start,omitempty"`
	Opening   string `json:"opening,omitempty"` // both RFC 3339, with the zone's offset of that day
	Moved     bool   `json:"moved"`
	Cancelled bool   `json:"cancelled"`
	Reason    string `json:"reason,omitempty"`
	Sequence  int    `json:"sequence"`
}

// newNext builds `daybreak next`.
func newNext() *cobra.Command {
	var at place
	var from string
	var count int
	var asJSON, asCalendar bool
	c := &cobra.Command{
		Use:   "next",
		Short: "List the next days of the train",
		Long: `List the next rollout days, with the time of the green light. A day that is a
holiday (train.holidays) or lies in a season without rollouts (train.blocked)
moves to the next workday, or as train.move says; train.changed holds what people
decided. Exits 3 where a day has a problem: a start in the hour that a clock
change leaves out.`,
		Example: "  daybreak next\n  daybreak next --from 2026-12-01 --count 6\n  daybreak next --ics > dates.ics",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if err := w.found.Err(); err != nil {
				return err
			}
			day := time.Now().In(w.config.Location())
			if from != "" {
				if day, err = time.ParseInLocation(time.DateOnly, from, w.config.Location()); err != nil {
					return wrongUse(diag.Say("--from must be a day like 2026-12-01, not %q", from))
				}
			}
			if count < 1 || count > maxNext {
				return wrongUse(diag.Say("--count must be from 1 to %d, not %d", maxNext, count))
			}
			l := w.config.Primary()
			days := compose.TrainDays(w.config, l, day, count)
			found := compose.LintTrain(w.config, days)
			if len(days) == 0 && len(found) == 0 {
				return diag.Refuse("no-train", diag.Say("the workspace has no rhythm of rollouts"),
					diag.Say("add `train: {every: 3w, first: 2026-01-13}` to %s.", configFile))
			}
			messagesOf(cmd).diagnostics(found)
			if err := w.showDays(cmd.OutOrStdout(), tongueOf(cmd), days, l, asJSON, asCalendar); err != nil {
				return err
			}
			if found.Worst() == diag.Error {
				return errProblems
			}
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&from, "from", "", "first `day` to look at, YYYY-MM-DD (default: today)")
	c.Flags().IntVar(&count, "count", 4, "how many days that take place")
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&asCalendar, "ics", false, "print as a calendar file")
	c.MarkFlagsMutuallyExclusive("json", "ics")
	return c
}

// maxNext bounds --count: three years of a weekly train.
const maxNext = 150

// weekdays calls the days of the week, as package time counts them.
var weekdays = [...]diag.Phrase{diag.Say("Sun"), diag.Say("Mon"), diag.Say("Tue"), diag.Say("Wed"), diag.Say("Thu"), diag.Say("Fri"), diag.Say("Sat")}

func (w *workspace) showDays(out io.Writer, in *tongue, days []model.TrainDay, l model.Lang, asJSON, asCalendar bool) error {
	switch {
	case asCalendar:
		look, err := w.theme()
		if err != nil {
			return fmt.Errorf("loading the theme: %w", err)
		}
		_, err = out.Write(site.Calendar(w.config.Product.Name, days, l, look))
		return err
	case asJSON:
		rows := make([]trainDayJSON, len(days))
		for i, d := range days {
			rows[i] = trainDayJSON{Regular: d.Regular.Format(time.DateOnly), Moved: d.Moved(), Cancelled: d.Off, Reason: d.Why, Sequence: d.Sequence}
			if !d.Off {
				rows[i].Day, rows[i].Start, rows[i].Opening = d.Day.Format(time.DateOnly), d.Start.Format(time.RFC3339), d.Opening.Format(time.RFC3339)
			}
		}
		return printJSON(out, rows)
	}
	for _, d := range days {
		day := func(t time.Time) string { return t.Format(time.DateOnly) + " " + in.say(weekdays[t.Weekday()]) }
		line := day(d.Regular) + "  -            " + in.say(diag.Say("cancelled"))
		if !d.Off {
			line = day(d.Start) + d.Start.Format("  15:04 MST")
		}
		if d.Moved() {
			line += "  " + in.say(diag.Say("instead of %s", day(d.Regular)))
		}
		if d.Why != "" {
			line += ": " + diag.Printable(d.Why)
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}
