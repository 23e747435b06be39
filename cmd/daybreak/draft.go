package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// draftJSON is what became of a release's drafts, for scripts.
type draftJSON struct {
	Version string          `json:"version"` // or "unreleased"
	Files   []draftFileJSON `json:"files"`
	Moved   []draftJSON     `json:"moved,omitempty"` // releases that took their words out of the unreleased drafts
}

type draftFileJSON struct {
	Path     string     `json:"path"` // relative to the workspace
	Language model.Lang `json:"language"`
	Created  bool       `json:"created"`
	Changed  bool       `json:"changed"`
	Added    []string   `json:"added"`
	Updated  []string   `json:"updated"`
	Kept     []string   `json:"kept"`
	Drifted  []string   `json:"drifted"`
	Removed  []string   `json:"removed"`
	SetAside []string   `json:"setAside"`
	Restored []string   `json:"restored"`
	LeftOut  []string   `json:"leftOut"`
	Alarms   diag.List  `json:"alarms"`
}

// newDraft builds `daybreak draft`.
func newDraft() *cobra.Command {
	var at place
	var asJSON, check bool
	c := &cobra.Command{
		Use:   "draft [VERSION]",
		Short: "Write or refresh the editable words of a release",
		Long: `Write content/releases/<version>/notes.<lang>.md for every language of the
workspace, or refresh it: plain markdown with one heading for each change, to be
edited at will. Without a version it is the unreleased one, or the newest.

A refresh brings in what was merged since, marked as new. Words that somebody
edited stay, moved notes stay where they are, deleted ones stay out. Where the
facts changed under edited words an alarm names both; where the change itself is
gone, the words go to the part of the file that is set aside, and come back from
there when it is told again.

--check writes nothing and exits 3 where a refresh would change a file.`,
		Example: "  daybreak draft\n  daybreak draft 2026.14.0\n  daybreak draft --check --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			version := ""
			if len(args) > 0 {
				version = args[0]
			}
			m := messagesOf(cmd)
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if w.dir == "" {
				return diag.Refuse("no-workspace", diag.Say("drafts lie in a workspace, and there is none here"),
					diag.Say("make one with `daybreak init`, or name it with --workspace."))
			}
			if err := w.found.Err(); err != nil {
				return err
			}
			progress, wipe := m.progress()
			list, _, err := w.facts(cmd.Context(), "", w.needsPaths(), progress)
			wipe()
			if err != nil {
				return err
			}
			plans, err := w.planDrafts(list, version)
			if err != nil {
				return err
			}
			if !check {
				for _, plan := range plans {
					if err := plan.write(w.dir); err != nil {
						return err
					}
				}
			}
			if err := showPlans(plans, cmd.OutOrStdout(), m, asJSON, check); err != nil {
				return err
			}
			if check && slices.ContainsFunc(plans, (*draftPlan).changes) {
				return errProblems
			}
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&check, "check", false, "write nothing; exit 3 where a refresh would change something")
	return c
}

func (p *draftPlan) changes() bool {
	for _, f := range p.files {
		if f.changed {
			return true
		}
	}
	return false
}

// showPlans prints what became of each file.
func showPlans(plans []*draftPlan, out io.Writer, m messages, asJSON, check bool) error {
	var report draftJSON
	for i, p := range plans {
		one, err := p.show(out, m, asJSON, check)
		if err != nil {
			return err
		}
		if i == len(plans)-1 {
			one.Moved = report.Moved
			report = one
		} else {
			report.Moved = append(report.Moved, one)
		}
	}
	if asJSON {
		return printJSON(out, report)
	}
	return nil
}

func (p *draftPlan) show(out io.Writer, m messages, asJSON, check bool) (draftJSON, error) {
	report := draftJSON{Version: p.version, Files: []draftFileJSON{}}
	for _, f := range p.files {
		r := f.result
		if asJSON {
			alarms := append(diag.List{}, r.Alarms...)
			alarms.Sort()
			report.Files = append(report.Files, draftFileJSON{
				Path: f.draft.path, Language: f.lang, Created: f.created, Changed: f.changed,
				Added: some(r.Added), Updated: some(r.Updated), Kept: some(r.Kept), Drifted: some(r.Drifted),
				Removed: some(r.Removed), SetAside: some(r.SetAside), Restored: some(r.Restored), LeftOut: some(r.LeftOut), Alarms: alarms,
			})
			continue
		}
		m.diagnostics(r.Alarms)
		if _, err := fmt.Fprintln(out, f.draft.path+": "+f.summary(m.in, check)); err != nil {
			return report, err
		}
	}
	return report, nil
}

func some(ids []string) []string { return append([]string{}, ids...) }

// summary says in one line what became of a file.
func (f *plannedDraft) summary(in *tongue, check bool) string {
	r := f.result
	state := diag.Say("unchanged")
	switch {
	case f.created && check:
		state = diag.Say("would be written")
	case f.created:
		state = diag.Say("written")
	case f.changed && check:
		state = diag.Say("would be refreshed")
	case f.changed:
		state = diag.Say("refreshed")
	}
	parts := []diag.Phrase{state}
	add := func(ids []string, what diag.Phrase, named bool) {
		switch shown := strings.Join(ids[:min(len(ids), 8)], ", "); {
		case len(ids) == 0:
		case named && len(ids) > 8:
			parts = append(parts, diag.Say("%d %s (%s, …)", len(ids), what, diag.Printable(shown)))
		case named:
			parts = append(parts, diag.Say("%d %s (%s)", len(ids), what, diag.Printable(shown)))
		default:
			parts = append(parts, diag.Say("%d %s", len(ids), what))
		}
	}
	add(r.Added, diag.Say("added"), !f.created)
	add(r.Updated, diag.Say("updated"), true)
	add(r.Kept, diag.Say("kept as edited"), false)
	add(r.Drifted, diag.Say("of them drifted"), true)
	add(r.Removed, diag.Say("removed"), true)
	add(r.SetAside, diag.Say("set aside"), true)
	add(r.Restored, diag.Say("back from what was set aside"), true)
	add(r.LeftOut, diag.Say("left out"), false)
	return in.say(joined(in, ", ", parts...))
}
