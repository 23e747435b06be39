package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// mailFlags are the command line of `daybreak mail`.
type mailFlags struct {
	outcome, lang, clock, day, date, hotfix, out string
	systems, set, again, wasSent                 []string
	send, yes, asJSON                            bool
}

// newMail builds `daybreak mail`.
func newMail() *cobra.Command {
	var at place
	var f mailFlags
	c := &cobra.Command{
		Use:   "mail VERSION",
		Short: "Fill in the customers' mails and send them",
		Long: `Without --outcome show, for each customer system, which mails are right as the
journal has it, and what was sent.

With --outcome write the ready mail of each system for which it is right:

  A  done                    its checks are in order and the gate is given
  B  done late               the same, later than planned
  C  rolled back             the journal says so
  D  postponed               a gate said no, or it isn't on today's list
  E  hotfix                  a hotfix runs there
  F  announcement            before the day

A system that is named with --system and for which the mail is wrong, or a text
with a [PLACEHOLDER] left, is refused. The time comes from the journal, or from
--time; other placeholders are filled in with --set.

--send hands the mails to the server under mail.smtp in ` + configFile + `: first it
only lists them and, on a terminal, asks once; --yes sends without asking. The
password is taken from DAYBREAK_SMTP_PASSWORD, or from the file under
mail.smtp.password_file. Each mail is noted in content/journal/<version>.mails.log
before and after, so that no later run sends it twice. What became of one whose
connection broke at the very end nobody can know: it is named, and not sent
before --was-sent or --again says how it was.`,
		Example: `  daybreak mail 2026.14.0
  daybreak mail 2026.14.0 --outcome A --system K1 --time 07:21
  daybreak mail 2026.14.0 --outcome D --set "GRUND=eine Prüfung ist noch offen" --set "NEUER TERMIN=Mittwoch, 13. Mai"
  daybreak mail 2026.14.0 --outcome A --send --yes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			w, err := openSound(at)
			if err != nil {
				return err
			}
			d, err := w.openDesk(cmd.Context(), messagesOf(cmd), args[0], f)
			if err != nil {
				return err
			}
			switch {
			case f.outcome == "":
				return d.overview(cmd.OutOrStdout())
			case f.send:
				return d.sendAll(cmd)
			}
			return d.writeAll(cmd.OutOrStdout())
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&f.outcome, "outcome", "", "which `mail`: A, B, C, D, E or F")
	c.Flags().StringSliceVar(&f.systems, "system", nil, "only these `systems` (default: all for which the mail is right)")
	c.Flags().StringVar(&f.lang, "lang", "", "only this `language`")
	c.Flags().StringVar(&f.clock, "time", "", "clock `time` since when it is so, HH:MM (default: what the journal says)")
	c.Flags().StringVar(&f.day, "day", "", "`day` of the rollout, YYYY-MM-DD (default: the journal's, else that of the sheets)")
	c.Flags().StringVar(&f.date, "date", "", "the `day` it is, where the clock is wrong: 2026-11-24")
	c.Flags().StringVar(&f.hotfix, "hotfix", "", "`version` of the hotfix that mail E is about (default: the system's last one)")
	c.Flags().StringArrayVar(&f.set, "set", nil, "fill in a placeholder, `NAME=TEXT`")
	c.Flags().StringVar(&f.out, "out", "", "`folder` for .md and .eml files (default: print)")
	c.Flags().BoolVar(&f.send, "send", false, "send them: lists them and asks")
	c.Flags().BoolVar(&f.yes, "yes", false, "with --send, don't ask")
	c.Flags().StringSliceVar(&f.wasSent, "was-sent", nil, "note that the unclear mails of these `systems` went out")
	c.Flags().StringSliceVar(&f.again, "again", nil, "note that the mails of these `systems` didn't go out, or should go out again")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print as JSON")
	c.MarkFlagsMutuallyExclusive("send", "out")
	_ = c.MarkFlagDirname("out") // only completion suffers where it can't be marked
	return c
}

// check refuses what can't be meant, before anything is read.
func (f *mailFlags) check() error {
	f.outcome = strings.ToUpper(f.outcome)
	if f.outcome != "" && !slices.Contains(model.Outcomes(), model.Outcome(f.outcome)) {
		return wrongUse(diag.Say("--outcome must be one of A to F, not %q", f.outcome))
	}
	if f.outcome == "" && (f.send || f.out != "" || len(f.again)+len(f.wasSent) > 0) {
		return wrongUse(diag.Say("--outcome is missing: which mail, A to F?"))
	}
	if f.yes && !f.send {
		return wrongUse(diag.Say("--yes goes with --send"))
	}
	if f.clock != "" {
		at, err := time.Parse("15:04", f.clock)
		if err != nil {
			at, err = time.Parse("1504", f.clock)
		}
		if err != nil {
			return wrongUse(diag.Say("--time must be a clock time like 07:21, not %q", f.clock))
		}
		f.clock = at.Format("15:04")
	}
	if _, err := time.Parse(time.DateOnly, f.day); f.day != "" && err != nil {
		return wrongUse(diag.Say("--day must be a day like 2026-11-03, not %q", f.day))
	}
	if _, ok := model.ParseVersion(f.hotfix); f.hotfix != "" && !ok {
		return wrongUse(diag.Say("--hotfix must be a version like 2026.14.1, not %q", f.hotfix))
	}
	for _, s := range f.set {
		if name, text, ok := strings.Cut(s, "="); !ok || strings.TrimSpace(name) == "" || strings.TrimSpace(text) == "" {
			return wrongUse(diag.Say("--set must be NAME=TEXT, not %q", s))
		}
	}
	return nil
}
