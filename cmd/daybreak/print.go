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
	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/output"
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
	var out, lang string
	var what []string
	c := &cobra.Command{
		Use:   "print VERSION",
		Short: "Make PDFs of the sheets of the day",
		Long: `Make PDFs of the sheets of one release, or of "unreleased": runbook.pdf and
checklist.pdf, ready for the printer; with --what also poster.pdf, which thanks
everybody and hangs in the kitchen, and phone.pdf, three strips a sheet for the
phone desk. An installed Chromium, Chrome or Edge does the work, without a window
and without a network; DAYBREAK_CHROMIUM names another program.

The pages of ` + "`daybreak build`" + ` print the same from any browser's own dialog.`,
		Example: "  daybreak print 2026.14.0\n  daybreak print unreleased --what runbook --lang en --out /tmp\n  daybreak print 2026.14.0 --what poster,phone",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messages{cmd.ErrOrStderr()}
			for _, w := range what {
				if !slices.Contains(printable, w) {
					return usageError{fmt.Errorf("there is no document %q; possible: %s", w, strings.Join(printable, ", "))}
				}
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
				return usageError{fmt.Errorf("the workspace has no documents in %q", lang)}
			}
			sheets, stamp, err := w.sheets(cmd.Context(), m, args[0], l)
			if err != nil {
				return err
			}
			paths, err := printSheets(cmd.Context(), sheets, stamp, slices.Compact(what), out)
			for _, p := range paths {
				fmt.Fprintln(cmd.OutOrStdout(), p)
			}
			return err
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringSliceVar(&what, "what", printable[:2], "`documents` to print: "+strings.Join(printable, ", "))
	c.Flags().StringVar(&out, "out", ".", "`folder` to write")
	c.Flags().StringVar(&lang, "lang", "", "`language` of the documents (default: the workspace's first)")
	_ = c.MarkFlagDirname("out") // only completion suffers where it can't be marked
	return c
}

// sheets composes the team's pages of one release in one language, through the
// same steps as a build: by the document's name, as HTML. The moment is the
// deployment day, or the last change's where there is none.
func (w *workspace) sheets(ctx context.Context, m messages, version string, l model.Lang) (map[string][]byte, time.Time, error) {
	if err := w.found.Err(); err != nil {
		return nil, time.Time{}, err
	}
	look, err := w.theme()
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("loading the theme: %w", err)
	}
	team, list, found, err := w.dayOf(ctx, m, version, l)
	m.brief(found, w.place)
	if err != nil {
		return nil, time.Time{}, err
	}
	team.Paper = true
	var pages output.Memory
	if err := site.Team(team, look, &pages); err != nil {
		return nil, time.Time{}, err
	}
	out := map[string][]byte{}
	head := team.Runbooks[l][0].DayHeader
	for _, name := range printable {
		page, ok := pages.File("team/" + head.Slug + "/" + name + "/index.html")
		if !ok {
			return nil, time.Time{}, fmt.Errorf("the team's pages hold no %s of %s", name, head.Slug)
		}
		out[name] = page
	}
	stamp := head.Date
	if stamp.IsZero() {
		stamp = list[0].Date
	}
	return out, stamp, nil
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
	team.Product = c.Product.Name // a product without one has its repository's by now
	found, err = teamDocuments(w, list, l, &team)
	return team, list, found, err
}

// printSheets writes a PDF of each wanted document and gives their paths.
func printSheets(ctx context.Context, sheets map[string][]byte, stamp time.Time, what []string, out string) (paths []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, paperPatience*time.Duration(max(1, len(what))))
	defer cancel()
	b, err := browser.Open(ctx)
	if err != nil {
		return nil, noBrowser(err)
	}
	defer b.Close()
	dir, err := os.MkdirTemp("", "daybreak-print-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the pages: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, name := range what {
		page := filepath.Join(dir, name+".html")
		if err := os.WriteFile(page, sheets[name], 0o600); err != nil {
			return paths, err
		}
		pdf, err := printPage(b, page)
		if err != nil {
			return paths, fmt.Errorf("printing the %s: %w", name, err)
		}
		path := filepath.Join(out, name+".pdf")
		if err := output.File(path, browser.Stamp(pdf, stamp)); err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

func printPage(b *browser.Browser, path string) ([]byte, error) {
	// Sheets say everything without a script.
	p, err := b.Page(browser.FileAddress(path), browser.View{NoScript: true})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	return p.PDF()
}

// noBrowser says how to get to paper without a browser that daybreak can drive.
func noBrowser(err error) error {
	const dialog = "`daybreak build` and print team/…/runbook/index.html, or another of its sheets, from any browser's own dialog: A4, scale 100 %, without headers and footers."
	if errors.Is(err, browser.ErrNotFound) {
		return &diag.Problem{
			Code: "no-browser", Message: "no Chromium, Chrome or Edge is installed that could make PDFs",
			Hint: "install one, or name its program in DAYBREAK_CHROMIUM; or run " + dialog,
		}
	}
	return &diag.Problem{
		Code: "browser", Message: "no PDF: " + strings.Trim(err.Error(), " :\n"),
		Hint: "name another browser in DAYBREAK_CHROMIUM; or run " + dialog,
	}
}
