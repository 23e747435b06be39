package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"daybreak/content"
	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/mail"
	"daybreak/internal/model"
	"daybreak/internal/publication"
	"daybreak/internal/theme"
)

// newCheck builds `daybreak check`.
func newCheck() *cobra.Command {
	var at place
	var asJSON, asSARIF, strict, all, full bool
	var only, lang string
	c := &cobra.Command{
		Use:   "check",
		Short: "Look for problems in configuration, content and changes",
		Long: `Look for everything that would make a document wrong or poor: in daybreak.yaml,
in the workspace's content, and in the changes of the newest release and of what
is merged since; and in every page, feed and mail, built in memory, for what must
not leave the house and for links that lead nowhere. Exits 3 where it finds
errors, with --strict also on warnings.

Where it finds many, it tells the first ten of each kind and counts the others;
--full tells each, and so do --json and --sarif.

With --lang de, or messages: de in daybreak.yaml, all of it is said in German; a
workspace adds other languages in content/diagnostics.<lang>.yaml. Codes and places
are the same in every language.`,
		Example: "  daybreak check\n  daybreak check --strict --all\n  daybreak check --lang de",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messagesOf(cmd)
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			progress, wipe := m.progress()
			spoken := cmp.Or(model.Lang(lang), tongueOf(cmd).lang)
			phrases, inPhrases, err := w.phrases(spoken)
			if err != nil {
				return err
			}
			m.in = &tongue{spoken, phrases}
			found, err := w.check(cmd, only, all, progress)
			wipe()
			strayPhrases, serr := w.strayPhrases()
			if err == nil {
				err = serr
			}
			found = append(append(found, inPhrases...), strayPhrases...)
			found.Sort()
			for i := range found {
				found[i] = found[i].In(phrases)
			}
			if asSARIF {
				file := ""
				if w.dir != "" {
					file = configFile
				}
				if jerr := printJSON(cmd.OutOrStdout(), sarif(found, release, file)); jerr != nil {
					return jerr
				}
			} else {
				show := func() error { return printDiagnostics(cmd.OutOrStdout(), found, asJSON, phrases) }
				if len(found) > manyFound && !asJSON && !full {
					show = func() error { return printKinds(cmd.OutOrStdout(), found, phrases) }
				}
				if perr := show(); perr != nil {
					return perr
				}
			}
			if err != nil {
				return err
			}
			errors, warnings, notes := found.Count(diag.Error), found.Count(diag.Warning), found.Count(diag.Note)
			m.say("%d %s, %d %s, %d %s", errors, plural(errors, "error"), warnings, plural(warnings, "warning"), notes, plural(notes, "note"))
			if len(found) > manyFound {
				m.say("that is: %s", kinds(found))
			}
			if worst := found.Worst(); worst == diag.Error || strict && worst == diag.Warning {
				return errProblems
			}
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&asSARIF, "sarif", false, "print as SARIF 2.1.0, for code-review tools")
	c.MarkFlagsMutuallyExclusive("json", "sarif")
	c.Flags().BoolVar(&strict, "strict", false, "exit 3 on warnings too")
	c.Flags().StringVar(&lang, "lang", "", "`language` to say it in (default: messages in daybreak.yaml, else en)")
	c.Flags().BoolVar(&all, "all", false, "check the changes of every release")
	c.Flags().BoolVar(&full, "full", false, "tell every problem, however many there are of a kind")
	c.Flags().StringVar(&only, "release", "", "check the changes of this `version`")
	return c
}

// phrases gives what diagnostics say in a language: daybreak's own sentences, and
// over them the workspace's.
func (w *workspace) phrases(l model.Lang) (map[string]string, diag.List, error) {
	known := []string{string(model.English)}
	for _, fsys := range []fs.FS{content.FS, w.content} {
		files, err := fs.Glob(fsys, "diagnostics.*.yaml")
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			known = append(known, strings.TrimSuffix(strings.TrimPrefix(f, "diagnostics."), ".yaml"))
		}
	}
	slices.Sort(known)
	if known = slices.Compact(known); !slices.Contains(known, string(l)) {
		return nil, nil, wrongUse(diag.Say("there are no sentences in %q; possible: %s", l, strings.Join(known, ", ")))
	}
	phrases, found := compose.LoadPhrases(content.FS, l)
	own, more := compose.LoadPhrases(w.content, l)
	if phrases == nil {
		return own, more, nil
	}
	maps.Copy(phrases, own)
	return phrases, append(found, more...), nil
}

// strayPhrases names the sentences of the workspace's catalogs that daybreak never says.
func (w *workspace) strayPhrases() (diag.List, error) {
	files, err := fs.Glob(w.content, "diagnostics.*.yaml")
	if err != nil || len(files) == 0 {
		return nil, err
	}
	said, found := compose.LoadPhrases(content.FS, model.German)
	for _, f := range files {
		l := model.Lang(strings.TrimSuffix(strings.TrimPrefix(f, "diagnostics."), ".yaml"))
		found = append(found, compose.StrayPhrases(w.content, l, said)...)
	}
	return found, nil
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
	if missing := w.absent(); missing.Worst() == diag.Error {
		return append(found, missing...), nil
	}
	look, err := w.theme()
	if faults := (*diag.ListError)(nil); errors.As(err, &faults) { // of the workspace's own templates and styles
		return append(found, faults.List...), nil
	}
	if err != nil {
		return found, fmt.Errorf("loading the theme: %w", err)
	}
	w.allTold = all
	days := map[model.Lang]compose.DayContent{}
	for _, l := range w.config.Languages {
		day, more := compose.LoadDay(w.content, l)
		days[l], found = day, append(found, more...)
	}
	if w.dir != "" && w.config.Product.URL == "" {
		found.Add(diag.New(diag.Note, "no-address", diag.Position{File: w.config.File, Part: `key "product.url"`},
			diag.Say("product.url is not set: there is no sitemap, and feeds and mails can't name the page's address"),
			diag.Say("give the address at which customers will find the site.")))
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
	if only == "" {
		strays, err := w.strayJournals(list)
		if found = append(found, strays...); err != nil {
			return found, err
		}
	}
	shown := slices.Clone(list) // with what was published
	found = append(found, w.checkPublications(shown, only == "")...)
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
		for j := range r.Changes {
			if w.dir != "" && r.Changes[j].Bucket == "" {
				found = append(found, w.unread(&r.Changes[j], diag.Warning)...)
			}
		}
		for _, l := range w.config.Languages {
			h := w.header(r, l)
			book, inBook := compose.Runbook(w.config, r, days[l], h)
			checks, inChecks := compose.Checklist(w.config, r, days[l], h)
			_, inPrints, err := w.printsOf(r.Slug(), l)
			if err != nil {
				return found, err
			}
			found = append(append(append(append(found, inBook...), w.asked(inChecks)...), inPrints...), compose.LintTexts(w.config, r, l)...)
			if l != w.config.Primary() {
				continue // one journal, whatever the language
			}
			plan := w.plan(&book, &checks)
			found = append(found, compose.AddPastRuns(w.config, &book, w.pastRuns(plan, r.Version))...)
			_, inJournal, err := w.protocol(&book, plan, list)
			if err != nil {
				return found, err
			}
			found = append(found, inJournal...)
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
	found = append(found, w.checkWords()...)
	found, err = w.checkBuilt(cmd.Context(), look, list, found, progress)
	return append(append(found, w.checkTitles(shown)...), w.checkDifferences(shown)...), err
}

// checkPublications looks at what was published, and brings it into releases. What is checked itself is everything as if it were published today:
// a leak must be found the day before.
func (w *workspace) checkPublications(list []model.Release, all bool) diag.List {
	known, found, err := w.publications()
	if err != nil {
		found.Add(diag.New(diag.Error, "publication-file", diag.Position{},
			diag.Say("%s", err.Error()),
			diag.Phrase{}))
		return found
	}
	return append(found, compose.Publish(w.config, list, known, all)...)
}

// checkDifferences names the published releases that read differently by now. It wants
// releases of which everything was built, so that what must not leave is withheld.
func (w *workspace) checkDifferences(list []model.Release) diag.List {
	var found diag.List
	for i := range list {
		p := list[i].Publication
		if p == nil || !p.Public() {
			continue
		}
		now := map[model.Lang]*model.ReleaseWords{}
		for _, l := range w.config.Languages {
			now[l] = compose.Words(w.config, &list[i], l)
		}
		if n := len(publication.Changed(publication.Sums(p.Words), publication.Sums(now))); n > 0 {
			found.Add(diag.New(diag.Note, "differs-from-published", diag.Position{File: compose.PublicationFile(list[i].Slug())},
				differing(n, p.Version),
				diag.Say("`daybreak publish %s --dry-run` shows them; without --dry-run they are shown as corrected.", p.Version)))
		}
	}
	return found
}

func differing(n int, version string) diag.Phrase {
	if n == 1 {
		return diag.Say("1 text of %s differs from what customers read", version)
	}
	return diag.Say("%d texts of %s differ from what customers read", n, version)
}

// checkBuilt builds everything in memory and looks at the files.
func (w *workspace) checkBuilt(ctx context.Context, look *theme.Theme, list []model.Release, found diag.List, progress func(string, int, int)) (diag.List, error) {
	w.progress = progress
	defer func() { w.progress = nil }()
	files, more, err := w.writeInMemory(ctx, look, list)
	if faults := (*diag.ListError)(nil); errors.As(err, &faults) {
		return append(found, faults.List...), nil
	}
	if err != nil && !errors.Is(err, errLeaks) && !errors.Is(err, errContent) { // their diagnostics are in the lists
		return append(found, more...), err
	}
	for _, d := range more {
		if strings.HasPrefix(d.Code, "leak-") || d.Code == "withheld" { // all else was said above
			found = append(found, d)
		}
	}
	return append(found, w.guard(list).Links(files)...), nil
}

// checkWords looks for avoided words in the texts of the workspace that
// customers read.
func (w *workspace) checkWords() diag.List {
	var list diag.List
	for _, l := range w.config.Languages {
		glossary := compose.NewGlossary(w.config, l)
		for _, o := range model.Outcomes() {
			name := mail.Path(l, o)
			data, err := fs.ReadFile(w.content, name)
			if err != nil {
				continue // composing the mail says so
			}
			for i, line := range strings.Split(string(data), "\n") {
				for _, use := range glossary.Uses(line) {
					column := utf8.RuneCountInString(line[:use.Offset]) + 1
					list.Add(use.Diagnostic(diag.Position{File: "content/" + name, Line: i + 1, Column: column}))
				}
			}
		}
		for i, a := range w.config.Areas {
			for _, use := range glossary.Uses(a.Name[l]) {
				list.Add(use.Diagnostic(w.config.At(fmt.Sprintf("areas[%d].name", i))))
			}
		}
		for _, use := range glossary.Uses(w.config.Product.Tagline[l]) {
			list.Add(use.Diagnostic(w.config.At("product.tagline")))
		}
	}
	return list
}

// absent reports what the configuration names and the disk doesn't have. With
// --repo the configured repositories aren't asked for.
func (w *workspace) absent() diag.List {
	return w.config.Absent(func(path string) bool {
		if w.place.repo != "" && slices.ContainsFunc(w.config.Repositories, func(r config.Repository) bool { return path == w.within(r.Path) }) {
			return true
		}
		_, err := os.Stat(path)
		return err == nil
	})
}

// within gives the system's path of one that daybreak.yaml names.
func (w *workspace) within(name string) string {
	if name = filepath.FromSlash(name); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(w.config.Dir, name)
}
