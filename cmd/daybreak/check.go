package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/mail"
	"daybreak/internal/model"
)

// newCheck builds `daybreak check`.
func newCheck() *cobra.Command {
	var at place
	var asJSON, strict, all bool
	var only string
	c := &cobra.Command{
		Use:   "check",
		Short: "Look for problems in configuration, content and changes",
		Long: `Look for everything that would make a document wrong or poor: in daybreak.yaml,
in the workspace's content, and in the changes of the newest release and of what
is merged since. Exits 3 where it finds errors, with --strict also on warnings.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messages{cmd.ErrOrStderr()}
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			progress, wipe := m.progress()
			found, err := w.check(cmd, only, all, progress)
			wipe()
			found.Sort()
			if asJSON {
				if found == nil {
					found = diag.List{}
				}
				if jerr := printJSON(cmd.OutOrStdout(), found); jerr != nil {
					return jerr
				}
			} else {
				for _, d := range found {
					fmt.Fprintln(cmd.OutOrStdout(), d)
				}
			}
			if err != nil {
				return err
			}
			var sums []string
			for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
				n := found.Count(s)
				sums = append(sums, fmt.Sprintf("%d %s", n, plural(n, s.String())))
			}
			m.say("%s", strings.Join(sums, ", "))
			if worst := found.Worst(); worst == diag.Error || strict && worst == diag.Warning {
				return errProblems
			}
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&strict, "strict", false, "exit 3 on warnings too")
	c.Flags().BoolVar(&all, "all", false, "check the changes of every release")
	c.Flags().StringVar(&only, "release", "", "check the changes of this `version`")
	return c
}

// checkedDays is how many of the train's coming days are looked at.
const checkedDays = 18

// check gathers every diagnostic there is. Where the configuration itself is
// broken, what comes after it would only be noise.
func (w *workspace) check(cmd *cobra.Command, only string, all bool, progress func(string, int, int)) (diag.List, error) {
	found := append(diag.List{}, w.found...)
	if found.Worst() == diag.Error {
		return found, nil
	}
	look, err := w.theme()
	if err != nil {
		return found, fmt.Errorf("loading the theme: %w", err)
	}
	days := map[model.Lang]compose.DayContent{}
	for _, l := range w.config.Languages {
		day, more := compose.LoadDay(w.content, l)
		days[l], found = day, append(found, more...)
	}
	if w.dir != "" && w.config.Product.URL == "" {
		found.Add(diag.Diagnostic{
			Severity: diag.Note, Code: "no-address", Position: diag.Position{File: w.config.File, Part: `key "product.url"`},
			Message: "product.url is not set: there is no sitemap, and feeds and mails can't name the page's address",
			Hint:    "give the address at which customers will find the site.",
		})
	}
	_, more, err := brandAssets(w)
	found = append(found, more...)
	if err != nil {
		return found, err
	}
	list, more, err := w.releases(cmd.Context(), only, w.needsPaths(), progress)
	found = append(found, more...)
	if err != nil {
		return found, err
	}
	if len(list) > 0 {
		found = append(found, compose.LintTrain(w.config, compose.TrainDays(w.config, w.config.Primary(), list[0].Date, checkedDays))...)
	}
	newest := 0
	for i := range list {
		if newest > 0 && !all {
			break
		}
		if !list[i].Unreleased {
			newest++
		}
		r := &list[i]
		found = append(append(found, compose.Unclassified(w.config, r)...), compose.Wordless(w.config, r)...)
		for _, l := range w.config.Languages {
			h := compose.Header(w.config, r, l, time.Time{})
			_, inBook := compose.Runbook(w.config, r, days[l], h)
			_, inChecks := compose.Checklist(w.config, r, days[l], h)
			found = append(append(found, inBook...), inChecks...)
		}
	}
	for _, l := range w.config.Languages {
		notes := compose.Notes(w.config, list, l)
		if len(notes) == 0 {
			continue
		}
		facts := compose.MailFacts(w.config, notes[0])
		for _, o := range model.Outcomes() {
			_, more, err := mail.Compose(w.content, facts, o, mailWords(look, l))
			if err != nil {
				return found, err
			}
			found = append(found, more...)
		}
	}
	return found, nil
}
