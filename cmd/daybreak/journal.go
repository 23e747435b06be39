package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
	"daybreak/internal/output"
)

// newJournal builds `daybreak journal` and what it can do.
func newJournal() *cobra.Command {
	c := &cobra.Command{
		Use:   "journal",
		Short: "Write down and show what happened on the day",
		Long: `Keep the journal of a deployment day, content/journal/<version>.log in the
workspace: one line an event, as it can be typed from the paper.

  S06 0635-0702            a step, from when to when
  G1 go MK/TS              a gate: go, no-go or go-with, and who signed
  C07 K3 ok                a row of the checklist on a system
  C07 K3 x2 price wrong    deviation 2 was found there
  H1 2026.14.1 core-1501   a hotfix
  K3 rolled back 0810      a system runs the old version again
  note quiet so far        anything else

Lines are only ever added; a later one corrects an earlier one. Files of two
people merge under git.`,
		Example: "  daybreak journal add --now 2026.14.0 G1 go MK/TS\n  daybreak journal show 2026.14.0",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(newJournalAdd(), newJournalShow(), newJournalSystems(), newJournalCheck(), newJournalImport())
	for _, sub := range c.Commands() {
		wrapArgs(sub)
	}
	return c
}

// book is one release's journal and what it speaks of.
type book struct {
	path string // of the file
	name string // as diagnostics show it, inside the workspace
	text []byte // empty where the file isn't there
	plan journal.Plan
	head string // lines that a new journal begins with, "" for none
}

// openBook reads the journal of a release.
func (w *workspace) openBook(ctx context.Context, m messages, version string) (*book, error) {
	b, _, err := w.openDay(ctx, m, version)
	return b, err
}

// openDay is openBook, with the release that the journal is about.
func (w *workspace) openDay(ctx context.Context, m messages, version string) (*book, []model.Release, error) {
	if w.dir == "" {
		return nil, nil, diag.Refuse("no-workspace", diag.Say("a journal lies in a workspace, and there is none here"),
			diag.Say("go to one, name it with --workspace, or make one with `daybreak init`."))
	}
	l := w.config.Primary()
	team, list, _, err := w.dayOf(ctx, m, version, l)
	if err != nil {
		return nil, nil, err
	}
	runbook := &team.Runbooks[l][0]
	b := &book{plan: w.plan(runbook, &team.Checklists[l][0]), name: journalName(runbook.Slug), head: w.offList()}
	b.path = filepath.Join(w.dir, filepath.FromSlash(b.name))
	if b.text, err = os.ReadFile(b.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("reading the journal: %w", err)
	}
	b.plan.Hotfixes = w.hotfixes(list, string(b.text))
	return b, list, nil
}

// state derives how the day stands; the list holds lines that can't be read,
// and what contradicts itself.
func (b *book) state() (journal.State, diag.List) {
	events, found := journal.Parse(b.name, string(b.text), b.plan)
	state, more := journal.Derive(b.name, events, b.plan)
	found = append(found, more...)
	found.Sort()
	return state, found
}

// add appends lines, after which the journal is still to be read by people:
// nothing is written where one of them can't be meant. It gives what the new
// lines contradict.
func (b *book) add(from, lines string) (diag.List, error) {
	if _, wrong := journal.Parse(from, lines, b.plan); len(wrong) > 0 {
		return nil, &diag.ListError{List: wrong}
	}
	_, before := b.state()
	fresh := b.fresh(lines)
	if fresh == "" {
		return nil, nil
	}
	if len(b.text) == 0 {
		fresh = b.head + fresh
	}
	if err := output.Append(b.path, []byte(fresh)); err != nil {
		return nil, err
	}
	if err := mergeable(filepath.Dir(b.path)); err != nil {
		return nil, err
	}
	b.text = append(bytes.TrimRight(b.text, "\n"), []byte("\n"+fresh)...)
	_, after := b.state()
	var found diag.List
	for _, d := range after {
		if !contains(before, d) {
			found = append(found, d)
		}
	}
	return found, nil
}

// mergeable makes git join both sides' lines of a folder's journals instead of
// asking: they are only ever added.
func mergeable(dir string) error {
	attributes := filepath.Join(dir, ".gitattributes")
	if _, err := os.Stat(attributes); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return output.File(attributes, []byte("*.log text eol=lf merge=union\n"))
}

// contains looks for the same problem, wherever it stands by now.
func contains(list diag.List, d diag.Diagnostic) bool {
	for _, o := range list {
		if o.Code == d.Code && o.Message == d.Message {
			return true
		}
	}
	return false
}

// fresh gives the lines that the journal doesn't have yet, each below its day.
func (b *book) fresh(lines string) string {
	have, day := map[string]bool{}, ""
	for _, line := range strings.Split(string(b.text), "\n") {
		line = strings.TrimSpace(line)
		have[line] = true
		if d, ok := journal.DayOf(line); ok {
			day = d
		}
	}
	var out strings.Builder
	of := day
	for _, line := range strings.Split(lines, "\n") {
		line = strings.TrimSpace(line)
		if d, ok := journal.DayOf(line); ok {
			of = d
			continue
		}
		if line == "" || have[line] {
			continue
		}
		have[line] = true
		if of != day {
			day = of
			out.WriteString(journal.DayLine(day) + "\n")
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

func newJournalAdd() *cobra.Command {
	var at place
	var now bool
	c := &cobra.Command{
		Use:     "add VERSION LINE…",
		Short:   "Add a line; with - as the line, those of standard input",
		Long:    "Add a line to the journal, as it would stand on paper: a step with its times, a\ngate's decision, a check's result. What is odd about it is said at once; the line\nis kept in any case. With --now the journal also keeps the day.",
		Example: "  daybreak journal add 2026.14.0 S06 0635-0702\n  daybreak journal add --now 2026.14.0 G1 go MK/TS\n  daybreak journal add 2026.14.0 - < typed.txt",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messagesOf(cmd)
			if strings.HasPrefix(args[1], "--") {
				return usageError{fmt.Errorf("%q stands behind the version, where the line begins: it is `daybreak journal add %s %s …`", args[1], args[1], args[0])}
			}
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			lines, from := strings.Join(args[1:], " "), ""
			if lines == "-" {
				from = "<stdin>"
				data, err := io.ReadAll(cmd.InOrStdin())
				if err != nil {
					return fmt.Errorf("reading standard input: %w", err)
				}
				lines = string(data)
			}
			if now {
				lines = time.Now().In(w.config.Location()).Format("1504") + " " + lines
			}
			return w.addLines(cmd, m, args[0], from, lines, now)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&now, "now", false, "put the clock's time before the line")
	c.Flags().SetInterspersed(false) // what follows the version is the line, whatever it looks like
	return c
}

// addLines appends to the journal of a version and tells what is odd about it.
// What happens now has a day, which stands above it where it is another one than
// that of the line before.
func (w *workspace) addLines(cmd *cobra.Command, m messages, version, from, lines string, now bool) error {
	w.typed = lines
	b, list, err := w.openDay(cmd.Context(), m, version)
	if err != nil {
		return err
	}
	if now {
		day, err := w.todayFor(m, b, &list[0])
		if err != nil {
			return err
		}
		lines = day + lines
	}
	found, err := b.add(from, lines)
	if err != nil {
		return err
	}
	m.diagnostics(found)
	state, _ := b.state()
	_, err = fmt.Fprintln(cmd.OutOrStdout(), m.in.say(summary(state)))
	return err
}

// summary is one line about the day, never a lone percentage.
func summary(s journal.State) diag.Phrase {
	out := diag.Say("%s: %d of %d checked, %d %s, %d blocked", phaseWord[s.Phase], s.Checked, s.Total, s.Deviating, plural(s.Deviating, "deviation"), s.Blocked)
	if s.Retest > 0 {
		return diag.Say("%s, %d to check again", out, s.Retest)
	}
	return out
}

// phaseWord calls the phases of a day.
var phaseWord = map[journal.Phase]diag.Phrase{
	journal.Planned: diag.Say("planned"), journal.Running: diag.Say("running"), journal.Held: diag.Say("held"),
	journal.Deployed: diag.Say("deployed"), journal.Closed: diag.Say("closed"),
}

func newJournalImport() *cobra.Command {
	var at place
	c := &cobra.Command{
		Use:   "import VERSION FILE",
		Short: "Add the lines of another journal that this one doesn't have",
		Long: `Bring in the journal that somebody kept on another machine, or that a page of
the day exported. Lines that are there already are not added again.`,
		Example: "  daybreak journal import 2026.14.0 ~/Downloads/2026.14.0.log",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messagesOf(cmd)
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(args[1])
			if errors.Is(err, fs.ErrNotExist) {
				return diag.Refuse("no-file", diag.Say("there is no file %q", args[1]), diag.Say("give the path of the file that was saved; the page of the day saves it as VERSION.log into the browser's downloads."))
			}
			if err != nil {
				return fmt.Errorf("reading the journal: %w", err)
			}
			return w.addLines(cmd, m, args[0], args[1], string(data), false)
		},
	}
	addPlaceFlags(c, &at)
	return c
}

func newJournalCheck() *cobra.Command {
	var at place
	var asJSON bool
	var lang string
	c := &cobra.Command{
		Use:   "check VERSION",
		Short: "Look for lines that can't be read or contradict each other",
		Long: `Read the journal and name every line that can't be understood or that
contradicts another, with its number. Exits 3 where it finds errors.`,
		Example: "  daybreak journal check 2026.14.0\n  daybreak journal check 2026.14.0 --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			b, err := w.openBook(cmd.Context(), messagesOf(cmd), args[0])
			if err != nil {
				return err
			}
			phrases, inPhrases, err := w.phrases(model.Lang(cmp.Or(lang, string(tongueOf(cmd).lang))))
			if err != nil {
				return err
			}
			_, found := b.state()
			found = append(found, inPhrases...)
			if err := printDiagnostics(cmd.OutOrStdout(), found, asJSON, phrases); err != nil {
				return err
			}
			if found.Worst() == diag.Error {
				return errProblems
			}
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().StringVar(&lang, "lang", "", "`language` to say it in (default: messages in daybreak.yaml, else en)")
	return c
}
