package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/guard"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/publication"
	"daybreak/internal/theme"
)

// differenceJSON is what a publication would change, for scripts.
type differenceJSON struct {
	Version string       `json:"version"`
	Refused diag.List    `json:"refused"` // why it would not be done
	Notes   []notesDelta `json:"notes"`
	Files   filesDelta   `json:"files"`
}

// notesDelta is how one release reads differently on one site.
type notesDelta struct {
	Site     string     `json:"site"` // "public", or a system's id
	Language model.Lang `json:"language"`
	Version  string     `json:"version"` // "" for what is to come
	Change   string     `json:"change"`  // "appears", "disappears", "reads differently"
	Lines    []string   `json:"lines"`   // begun by "+", "-" or a blank
}

// filesDelta is which of the files that leave the house differ.
type filesDelta struct {
	New     []string `json:"new"`
	Changed []string `json:"changed"`
	Gone    []string `json:"gone"`
}

// dryRun shows what customers would see differently.
func (w *workspace) dryRun(cmd *cobra.Command, m messages, before shelfOf, r *model.Release, next *model.Publication, obstacles diag.List, asJSON bool) error {
	after := before
	was, err := w.inMemory(cmd.Context(), before.list)
	if err != nil {
		return err
	}
	catalog := m.in.catalog()
	if asJSON {
		catalog = nil
	}
	notesBefore := w.readable(before.list, catalog)
	after.with(w, r, next)
	is, err := w.inMemory(cmd.Context(), after.list)
	if err != nil {
		return err
	}
	d := differenceJSON{
		Version: r.Version.String(), Refused: append(diag.List{}, obstacles.Of(func(d diag.Diagnostic) bool { return d.Severity == diag.Error })...),
		Notes: deltas(notesBefore, w.readable(after.list, catalog)), Files: filesBetween(was, is),
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), d)
	}
	printDifference(cmd.OutOrStdout(), m.in, d)
	return nil
}

// inMemory builds everything without a disk.
func (w *workspace) inMemory(ctx context.Context, list []model.Release) (*output.Memory, error) {
	look, err := w.theme()
	if err != nil {
		return nil, fmt.Errorf("loading the theme: %w", err)
	}
	files, found, err := w.writeInMemory(ctx, look, list)
	if err != nil {
		return nil, fmt.Errorf("%w\n%w", err, &diag.ListError{List: found.Of(func(d diag.Diagnostic) bool { return d.Severity == diag.Error })})
	}
	return files, nil
}

// writeInMemory is write without a disk; like build, it writes anew what more is to be withheld.
func (w *workspace) writeInMemory(ctx context.Context, look *theme.Theme, list []model.Release) (files *output.Memory, found diag.List, err error) {
	for {
		files = &output.Memory{}
		found, err = write(ctx, w, look, list, files)
		if !errors.Is(err, errLeaks) || !w.withholdMore(list) {
			return files, found, err
		}
	}
}

// page is one release on one site in one language.
type page struct {
	site    string
	lang    model.Lang
	version string
}

// readable gives all that customers read, as plain text, and in which order.
func (w *workspace) readable(list []model.Release, catalog map[string]string) (pages []readablePage) {
	add := func(site string, notes []model.Notes) {
		for i := range notes {
			pages = append(pages, readablePage{page{site, notes[i].Lang, notes[i].Version}, publication.Text(&notes[i], catalog)})
		}
	}
	for _, l := range w.config.Languages {
		add("public", compose.Notes(w.config, list, l))
	}
	for i := range w.config.Systems {
		s := &w.config.Systems[i]
		for _, l := range compose.SystemLanguages(w.config, s) {
			if !s.Test {
				add(s.ID, compose.SystemNotes(w.config, list, s, l))
			}
		}
	}
	return pages
}

type readablePage struct {
	page
	text string
}

func deltas(before, after []readablePage) []notesDelta {
	out := []notesDelta{}
	texts := map[page]string{}
	there := map[page]bool{}
	for _, p := range before {
		texts[p.page] = p.text
	}
	for _, p := range after {
		there[p.page] = true
		was, had := texts[p.page]
		switch {
		case !had:
			out = append(out, delta(p.page, "appears", "", p.text))
		case was != p.text:
			out = append(out, delta(p.page, "reads differently", was, p.text))
		}
	}
	for _, p := range before {
		if !there[p.page] {
			out = append(out, delta(p.page, "disappears", p.text, ""))
		}
	}
	slices.SortStableFunc(out, func(a, b notesDelta) int {
		return cmp.Or(cmp.Compare(b2i(a.Site != "public"), b2i(b.Site != "public")), cmp.Compare(a.Site, b.Site), cmp.Compare(a.Language, b.Language))
	})
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// delta compares two texts line by line.
func delta(p page, change, was, is string) notesDelta {
	d := notesDelta{Site: p.site, Language: p.lang, Version: p.version, Change: change, Lines: []string{}}
	lines := strings.Split(strings.TrimRight(string(diff.Diff("before", []byte(was), "after", []byte(is))), "\n"), "\n")
	for _, line := range lines[min(3, len(lines)):] { // the two names
		if !strings.HasPrefix(line, "@@") && !strings.HasPrefix(line, `\`) {
			d.Lines = append(d.Lines, line)
		}
	}
	return d
}

func filesBetween(was, is *output.Memory) filesDelta {
	d := filesDelta{New: []string{}, Changed: []string{}, Gone: []string{}}
	for _, path := range is.Paths() {
		if !guard.Leaves(path) {
			continue
		}
		now, _ := is.File(path)
		before, had := was.File(path)
		switch {
		case !had:
			d.New = append(d.New, path)
		case !bytes.Equal(now, before):
			d.Changed = append(d.Changed, path)
		}
	}
	for _, path := range was.Paths() {
		if _, still := is.File(path); !still && guard.Leaves(path) {
			d.Gone = append(d.Gone, path)
		}
	}
	return d
}

// deltaWord calls what becomes of notes.
var deltaWord = map[string]diag.Phrase{
	"appears": diag.Say("appears"), "disappears": diag.Say("disappears"), "reads differently": diag.Say("reads differently"),
}

// printDifference shows the public site line by line; the systems' sites, which
// mostly change alike, where they differ from it.
func printDifference(out io.Writer, in *tongue, d differenceJSON) {
	if len(d.Refused) > 0 {
		printRefusal(out, in, d.Refused)
		fmt.Fprintln(out)
	}
	if len(d.Notes) == 0 && len(d.Files.New)+len(d.Files.Changed)+len(d.Files.Gone) == 0 {
		fmt.Fprintln(out, in.say(diag.Say("Customers would see no difference.")))
		return
	}
	type shown struct {
		version, change string
		lang            model.Lang
		lines           string
	}
	var order []shown
	sites := map[shown][]string{}
	for _, n := range d.Notes {
		k := shown{n.Version, n.Change, n.Language, strings.Join(n.Lines, "\n")}
		if sites[k] == nil {
			order = append(order, k)
		}
		sites[k] = append(sites[k], n.Site)
	}
	for _, k := range order {
		version := k.version
		if version == "" {
			version = in.say(diag.Say("what is not yet rolled out"))
		}
		fmt.Fprintf(out, "%s %s (%s; %s)\n", version, in.say(deltaWord[k.change]), strings.Join(sites[k], ", "), k.lang)
		for _, line := range strings.Split(k.lines, "\n") {
			fmt.Fprintln(out, "  "+diag.Printable(line))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, in.say(diag.Say("%d %s new, %d changed, %d gone; nothing was written.", len(d.Files.New), plural(len(d.Files.New), "file"), len(d.Files.Changed), len(d.Files.Gone))))
}

// printRefusal shows obstacles as they would be told, without ending the run.
func printRefusal(out io.Writer, in *tongue, list diag.List) {
	n := list.Count(diag.Error)
	fmt.Fprintln(out, in.say(diag.Say("It would be refused, for %d %s:", n, plural(n, "reason"))))
	for _, d := range list {
		fmt.Fprintln(out, "- "+strings.ReplaceAll(strings.TrimPrefix(d.Tell(in.catalog()), in.say(diag.Say("error"))+": "), "\n", "\n  "))
	}
}
