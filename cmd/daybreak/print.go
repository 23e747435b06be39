package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/browser"
	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/printed"
	"daybreak/internal/site"
)

// printable are the documents that can be put on paper.
var printable = []string{"runbook", "checklist", "poster", "phone"}

// paperPatience bounds one document: a browser that hangs must not hold up the
// morning. The longest checklists take some seconds.
const paperPatience = 2 * time.Minute

// newPrint builds `daybreak print`.
func newPrint() *cobra.Command {
	var at place
	var out, lang, personal string
	var what []string
	var changed bool
	c := &cobra.Command{
		Use:   "print VERSION",
		Short: "Make PDFs of the sheets of the day",
		Long: `Make PDFs of the sheets of one release, or of "unreleased": runbook.pdf and
checklist.pdf, ready for the printer; with --what also poster.pdf, which thanks
everybody and hangs in the kitchen, and phone.pdf, three strips a sheet for the
phone desk. An installed Chromium, Chrome or Edge does the work, without a window
and without a network; DAYBREAK_CHROMIUM names another program.

What the sheets say is kept in the workspace, under content/releases/<version>/printed/.
Where facts move later, the next run names the sheets that say something else; with --changed it prints them alone. ` + "`daybreak build`" + ` lists row
by row what changed since each print.

With --personal the runbook is one person's own copy, runbook-<id>.pdf: it begins with
the rows that ` + "`people`" + ` in daybreak.yaml gives them as private, the alarm and the way,
which stand on no other sheet and no page.

The pages of ` + "`daybreak build`" + ` print the same from any browser's own dialog.`,
		Example: "  daybreak print 2026.14.0\n  daybreak print unreleased --what runbook --lang en --out /tmp\n  daybreak print 2026.14.0 --what poster,phone\n  daybreak print 2026.14.0 --personal sabine",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messagesOf(cmd)
			for _, w := range what {
				if !slices.Contains(printable, w) {
					return wrongUse(diag.Say("there is no document %q; possible: %s", w, strings.Join(printable, ", ")))
				}
			}
			switch {
			case personal != "" && changed:
				return wrongUse(diag.Say("a personal copy is printed whole: --personal or --changed, not both"))
			case personal != "" && cmd.Flags().Changed("what") && !slices.Equal(what, printable[:1]):
				return wrongUse(diag.Say("only the runbook has a personal copy"))
			case personal != "":
				what = printable[:1]
			}
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			l := w.config.Primary()
			if lang != "" {
				l = model.Lang(lang)
			}
			if !slices.Contains(w.config.Languages, l) {
				return wrongUse(diag.Say("the workspace has no documents in %q", lang))
			}
			pages, err := w.sheets(cmd.Context(), m, args[0], l, personal)
			if err != nil {
				return err
			}
			run := printRun{paperSheets: pages, out: out, changed: changed, say: m.say}
			if run.whose == "" {
				if run.prints, err = w.earlierPrints(m, pages.head, l); err != nil {
					return err
				}
			}
			err = run.print(cmd.Context(), slices.Compact(what))
			for _, p := range run.paths {
				fmt.Fprintln(cmd.OutOrStdout(), p)
			}
			if err != nil || run.whose != "" { // everybody's sheets are remembered alone
				return err
			}
			now := time.Now().In(w.config.Location()).Format(printed.Moment)
			return w.keepPrint(pages.head.Slug, &printed.Print{
				Version: pages.head.Version, Fingerprint: pages.head.Fingerprint, Lang: l, At: now, Documents: run.done,
			}, run.prints)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringSliceVar(&what, "what", printable[:2], "`documents` to print: "+strings.Join(printable, ", "))
	c.Flags().BoolVar(&changed, "changed", false, "only the sheets that say something else than the printed ones")
	c.Flags().StringVar(&personal, "personal", "", "`person` whose own copy of the runbook is wanted: id, initials or name")
	c.Flags().StringVar(&out, "out", ".", "`folder` to write")
	c.Flags().StringVar(&lang, "lang", "", "`language` of the documents (default: the workspace's first)")
	_ = c.MarkFlagDirname("out") // only completion suffers where it can't be marked
	return c
}

// paperSheets are one release's documents in one language, ready for paper.
type paperSheets struct {
	head  model.DayHeader
	whose string                   // id of the person whose own copy it is, "" for everybody's
	pages map[string][]byte        // HTML by the document's name
	rows  map[string][]printed.Row // of each document
	stamp time.Time                // the deployment day, or the last change's where there is none
}

// sheets composes the team's pages of one release in one language, through the
// same steps as a build. personal names whose own copy the runbook is, "" for
// everybody's.
func (w *workspace) sheets(ctx context.Context, m messages, version string, l model.Lang, personal string) (*paperSheets, error) {
	if err := w.found.Err(); err != nil {
		return nil, err
	}
	look, err := w.theme()
	if err != nil {
		return nil, fmt.Errorf("loading the theme: %w", err)
	}
	team, list, found, err := w.dayOf(ctx, m, version, l)
	m.brief(found, w.place)
	if err != nil {
		return nil, err
	}
	team.Paper = true
	if err := w.personalCopy(&team.Runbooks[l][0], l, personal); err != nil {
		return nil, err
	}
	var pages output.Memory
	if err := site.Team(team, look, &pages); err != nil {
		return nil, err
	}
	book, checks := &team.Runbooks[l][0], &team.Checklists[l][0]
	head := book.DayHeader
	out := &paperSheets{
		head: head, pages: map[string][]byte{}, stamp: head.Date,
		rows: rowsOf(book, checks, &team.Posters[l][0], &team.Strips[l][0]),
	}
	if book.Personal != nil {
		out.whose = book.Personal.ID
	}
	for _, name := range printable {
		page, ok := pages.File("team/" + head.Slug + "/" + name + "/index.html")
		if !ok {
			return nil, fmt.Errorf("the team's pages hold no %s of %s", name, head.Slug)
		}
		out.pages[name] = page
	}
	if out.stamp.IsZero() {
		out.stamp = list[0].Date
	}
	return out, nil
}

// personalCopy puts into a runbook what is one person's alone.
func (w *workspace) personalCopy(b *model.Runbook, l model.Lang, who string) error {
	if who == "" {
		return nil
	}
	if b.Personal = compose.Personal(w.config, who, l); b.Personal != nil {
		return nil
	}
	var ids []string
	for _, p := range w.config.People {
		ids = append(ids, p.ID)
	}
	return wrongUse(diag.Say("nobody is called %q; people: %s", who, strings.Join(ids, ", ")))
}

// dayOf composes what the team gets for one release in one language.
func (w *workspace) dayOf(ctx context.Context, m messages, version string, l model.Lang) (site.TeamSite, []model.Release, diag.List, error) {
	c := w.config
	team := site.TeamSite{
		Languages: []model.Lang{l}, Product: c.Product.Name, Accent: c.Product.Accent,
		Runbooks: map[model.Lang][]model.Runbook{}, Checklists: map[model.Lang][]model.Checklist{}, Ledgers: map[model.Lang][]model.Ledger{},
	}
	if err := w.found.Err(); err != nil {
		return team, nil, nil, err
	}
	progress, wipe := m.progress()
	list, found, err := w.releases(ctx, version, w.needsPaths(), progress)
	wipe()
	if err == nil {
		err = found.Err()
	}
	if err != nil {
		return team, nil, nil, err
	}
	if err := w.readBeside(ctx, &list[0]); err != nil {
		return team, nil, nil, err
	}
	if err := w.readEarlier(ctx, list); err != nil {
		return team, nil, nil, err
	}
	team.Product = c.Product.Name // a product without one has its repository's by now
	found, err = teamDocuments(w, list, l, nil, &team)
	return team, list, found, err
}

// earlierPrints reads what was printed of a release, and tells what can't be read.
func (w *workspace) earlierPrints(m messages, head model.DayHeader, l model.Lang) ([]*printed.Print, error) {
	prints, found, err := w.printsOf(head.Slug, l)
	m.diagnostics(found)
	return prints, err
}

// printRun is one run of the command: what it prints of, and what came of it.
type printRun struct {
	*paperSheets
	out     string
	changed bool             // only the sheets that say something else
	prints  []*printed.Print // earlier ones, newest first
	say     func(format string, args ...any)

	paths []string           // the files written
	done  []printed.Document // what they say
}

// print writes a PDF of each wanted document.
func (r *printRun) print(ctx context.Context, what []string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, paperPatience*time.Duration(max(1, len(what))))
	defer cancel()
	b, err := browser.Open(ctx)
	if err != nil {
		return noBrowser(err)
	}
	defer b.Close()
	dir, err := os.MkdirTemp("", "daybreak-print-")
	if err != nil {
		return fmt.Errorf("making a folder for the pages: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, name := range what {
		page := filepath.Join(dir, name+".html")
		if err := os.WriteFile(page, browser.Findable(r.pages[name]), 0o600); err != nil {
			return err
		}
		pdf, err := r.printPage(b, name, page)
		if err != nil {
			return fmt.Errorf("printing the %s: %w", name, err)
		}
		if pdf == nil {
			continue
		}
		if r.whose != "" {
			name += "-" + r.whose
		}
		path := filepath.Join(r.out, name+".pdf")
		if err := output.File(path, browser.Stamp(pdf, r.stamp)); err != nil {
			return err
		}
		r.paths = append(r.paths, path)
	}
	return nil
}

// printPage gives a document's PDF, nil where nothing of it is wanted.
func (r *printRun) printPage(b *browser.Browser, name, path string) ([]byte, error) {
	// Sheets say everything without a script.
	p, err := b.Page(browser.FileAddress(path), browser.View{NoScript: true})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	pdf, err := p.PDF()
	if err != nil {
		return nil, err
	}
	count, places := browser.Places(pdf)
	doc := printed.Document{Name: name, Sheets: count, Rows: printed.Place(r.rows[name], places)}
	r.done = append(r.done, doc)
	for _, earlier := range r.prints {
		was := earlier.Document(name)
		if was == nil {
			continue
		}
		moved := printed.Sheets(was, &doc)
		r.tell(name, earlier, moved, count)
		switch {
		case !r.changed:
			return pdf, nil
		case len(moved) == 0:
			return nil, nil
		}
		return p.PDF(moved...)
	}
	if r.changed {
		r.say("the %s wasn't printed before: all %d of its sheets are new", name, count)
	}
	return pdf, nil
}

// tell says which sheets say something else than those of the last print.
func (r *printRun) tell(name string, earlier *printed.Print, moved []int, count int) {
	since := diag.Say("since it was printed at %s (%s)", earlier.Minute(), earlier.Fingerprint)
	switch {
	case len(moved) == 0 && r.changed:
		r.say("no sheet of the %s changed %s", name, since)
	case len(moved) == 0:
	case len(moved) == count:
		r.say("every sheet of the %s changed %s", name, since)
	case len(moved) == 1:
		r.say("1 sheet of the %s changed %s: sheet %d of %d", name, since, moved[0], count)
	default:
		r.say("%d sheets of the %s changed %s: sheets %s of %d", len(moved), name, since, numbers(moved), count)
	}
}

// numbers writes "1, 3 and 4".
func numbers(list []int) string {
	var b strings.Builder
	for i, n := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			b.WriteString(" and ")
		default:
			b.WriteString(", ")
		}
		fmt.Fprint(&b, n)
	}
	return b.String()
}

// noBrowser says how to get to paper without a browser that daybreak can drive.
func noBrowser(err error) error {
	const dialog = "`daybreak build` and print team/…/runbook/index.html, or another of its sheets, from any browser's own dialog: A4, scale 100 %, without headers and footers."
	if errors.Is(err, browser.ErrNotFound) {
		return diag.Refuse("no-browser", diag.Say("no Chromium, Chrome or Edge is installed that could make PDFs"),
			diag.Say("install one, or name its program in DAYBREAK_CHROMIUM; or run %s", dialog))
	}
	return diag.Refuse("browser", diag.Say("no PDF: %s", strings.Trim(err.Error(), " :\n")),
		diag.Say("name another browser in DAYBREAK_CHROMIUM; or run %s", dialog))
}
