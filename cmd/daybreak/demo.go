package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"daybreak/internal/demo"
	"daybreak/internal/diag"
)

// newDemo builds `daybreak demo`.
func newDemo() *cobra.Command {
	var out string
	var asJSON bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Make a sample product and its workspace, and build them",
		Long: `Make everything there is to see, without a network and without a set-up:

  product/     the git repository of an invented reservation system
  workspace/   its daybreak.yaml, to play with
  site/        what daybreak makes of them

Run it again to bring all three up to date. What you changed yourself, in the
workspace or in the repository, is left alone and named.`,
		Example: "  daybreak demo\n  daybreak demo --out /tmp/kurswagen",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messagesOf(cmd)
			report, err := makeDemo(out, m)
			if err != nil {
				return err
			}
			for _, kept := range report.Kept {
				m.say("kept %s as it is: you changed it", filepath.Join(out, filepath.FromSlash(kept)))
			}
			w, err := openWorkspace(place{workspace: report.Workspace})
			if err != nil {
				return err
			}
			site := filepath.Join(out, "site")
			b, err := build(cmd.Context(), w, m, site, "")
			if err != nil {
				return err
			}
			m.say("built %s in %s", b.phrase(), site)
			return showDemo(cmd.OutOrStdout(), sights(report, site), asJSON)
		},
	}
	c.Flags().StringVar(&out, "out", "daybreak-demo", "`folder` to write; a new one, or an earlier demo")
	c.Flags().BoolVar(&asJSON, "json", false, "print what to open as JSON")
	_ = c.MarkFlagDirname("out") // only completion suffers where it can't be marked
	return c
}

// makeDemo writes repository and workspace.
func makeDemo(out string, m messages) (demo.Report, error) {
	progress, wipe := m.progress()
	defer wipe()
	report, err := demo.Refresh(out, func(what string) { progress(what, 0, 0) })
	if errors.Is(err, demo.ErrForeign) {
		return report, &diag.Problem{
			Code:    "foreign-folder",
			Message: err.Error(),
			Hint:    "name a new folder with --out, or empty this one yourself.",
		}
	}
	return report, err
}

// sight is one thing to open.
type sight struct {
	What string `json:"what"`
	Path string `json:"path"`
}

// sights lists what a newcomer should look at, in the order of the day.
func sights(r demo.Report, site string) []sight {
	at := func(path string) string { return filepath.Join(site, filepath.FromSlash(path)) }
	return []sight{
		{"what customers read", at("public/index.html")},
		{"the same in English", at("public/en/index.html")},
		{"the runbook of the day", at("team/" + r.Latest + "/runbook/index.html")},
		{"the checklist", at("team/" + r.Latest + "/checklist/index.html")},
		{"how that day went", at("team/" + r.Latest + "/protocol/index.html")},
		{"a mail, ready to send", at("mail/" + r.Latest + "/A.de.md")},
		{"the settings, to play with", filepath.Join(r.Workspace, configFile)},
	}
}

func showDemo(w io.Writer, list []sight, asJSON bool) error {
	if asJSON {
		return printJSON(w, list)
	}
	width := 0
	for _, s := range list {
		width = max(width, utf8.RuneCountInString(s.What))
	}
	for _, s := range list {
		if _, err := fmt.Fprintf(w, "%-*s  %s\n", width, s.What, s.Path); err != nil {
			return err
		}
	}
	return nil
}
