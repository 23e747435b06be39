package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/site"
	"daybreak/internal/theme"
)

// newBuild builds `daybreak build`.
func newBuild() *cobra.Command {
	var at place
	var out, only string
	c := &cobra.Command{
		Use:   "build",
		Short: "Write the changelog site, the team's pages and the mails",
		Long: `Write everything that daybreak makes:

  public/   the changelog site for customers, with feeds
  systems/  the same for each customer system: its areas, its languages
  team/     runbook, verification checklist and ledger of each release
  mail/     mail-ready markdown for each release, outcome and language; for the
            newest ones also for each customer system, and as .eml drafts

With --repo alone it works on any tagged repository, without a workspace. The
new tree takes the old one's place at once when it is whole; a build that fails
leaves the old one untouched.`,
		Example: "  daybreak build --repo . --out /tmp/site\n  daybreak build --workspace . --release 2026.14.0",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messagesOf(cmd)
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(w.dir, "site")
			}
			b, err := build(cmd.Context(), w, m, out, only)
			if err != nil {
				return err
			}
			m.say("built %s in %s", b.phrase(), out)
			b.tellWaiting(m, at)
			fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(out, "public", "index.html"))
			return nil
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&out, "out", "", "`folder` to write (default: site in the workspace)")
	c.Flags().StringVar(&only, "release", "", "only this `version`; the tree then holds nothing else")
	_ = c.MarkFlagDirname("out")
	return c
}

// built counts what a build wrote.
type built struct {
	releases, changes, coming, languages int

	waiting []string // versions that customers don't read before they are published, newest first
}

// tellWaiting says which releases a reader of the site will look for in vain.
func (b built) tellWaiting(m messages, at place) {
	switch n := len(b.waiting) - 1; {
	case n == 0:
		m.say("%s waits to be published, so customers don't read it yet; `daybreak status%s` says what comes next", b.waiting[0], at.flags())
	case n > 0:
		m.say("%s and %d older %s wait to be published, so customers don't read them yet; `daybreak status%s` says what comes next", b.waiting[0], n, plural(n, "release"), at.flags())
	}
}

func (b built) phrase() diag.Phrase {
	releases, changes, languages := plural(b.releases, "release"), plural(b.changes, "change"), plural(b.languages, "language")
	if b.coming > 0 {
		return diag.Say("%d %s with %d %s and %d not released yet in %d %s", b.releases, releases, b.changes, changes, b.coming, b.languages, languages)
	}
	return diag.Say("%d %s with %d %s in %d %s", b.releases, releases, b.changes, changes, b.languages, languages)
}

func plural(n int, word string) diag.Phrase {
	if n == 1 {
		return diag.Say(word)
	}
	return diag.Say(word + "s")
}

// build reads, composes and writes everything. It is the one pipeline: demo
// and build both run it.
func build(ctx context.Context, w *workspace, m messages, out, only string) (built, error) {
	if err := w.found.Err(); err != nil {
		return built{}, err
	}
	m.diagnostics(w.found)
	look, err := w.theme()
	if err != nil {
		return built{}, fmt.Errorf("loading the theme: %w", err)
	}
	// The folder is looked at first: who gave a wrong one should not wait for
	// a whole history to be read.
	tree, err := output.Open(out)
	if err != nil {
		return built{}, err
	}
	defer func() { tree.Abort() }()
	progress, wipe := m.progress()
	defer wipe()
	list, found, err := w.releases(ctx, only, w.needsPaths(), progress)
	wipe()
	if err == nil {
		var shown diag.List
		shown, err = w.publish(list, only == "")
		found = append(found, shown...)
	}
	if err == nil {
		err = found.Err()
	}
	if err != nil {
		if list := (*diag.ListError)(nil); !errors.As(err, &list) { // else it is told as the error
			m.brief(found, w.place)
		}
		return built{}, err
	}
	tree, more, err := w.tellAnew(ctx, look, list, tree, out, m)
	m.brief(append(found, more...), w.place)
	if err != nil {
		return built{}, err
	}
	if err := ctx.Err(); err != nil {
		return built{}, err
	}
	if err := tree.Commit(); err != nil {
		return built{}, err
	}
	return count(w, list), nil
}

// count sums up what a build wrote. Candidates repeat what their final release
// holds, and what isn't tagged is no release.
func count(w *workspace, list []model.Release) built {
	b := built{languages: len(w.config.Languages)}
	coming := compose.Coming(w.config, list)
	for _, r := range list {
		if !r.Unreleased && coming[r.Slug()] && r.Publication.Withdrawn.IsZero() && r.Publication.Day.IsZero() {
			b.waiting = append(b.waiting, r.Version.String())
		}
	}
	for _, r := range compose.Published(w.config, list) {
		if r.Unreleased {
			b.coming = len(r.Live())
			continue
		}
		b.releases++
		b.changes += len(r.Live())
	}
	return b
}

// write composes every document and puts it into the tree.
func write(ctx context.Context, w *workspace, look *theme.Theme, list []model.Release, into site.Sink) (diag.List, error) {
	if w.progress != nil {
		into = &telling{Sink: into, progress: w.progress}
	}
	watch := w.guard(list)
	tree := watch.Over(until{ctx, into})
	e, found, err := w.edition(look, list)
	if err != nil {
		return found, err
	}
	e.withhold = watch.Withhold
	found = append(found, w.titlesWithheld(list)...)
	for _, p := range e.parts() {
		if err := ctx.Err(); err != nil {
			return found, err
		}
		more, err := p.write(ctx, tree)
		found = append(found, more...)
		if err != nil {
			return found, err
		}
	}
	leaks := tree.Report()
	w.leaks = tree.Findings()
	if found = append(found, leaks...); leaks.Worst() == diag.Error {
		return found, errLeaks
	}
	return found, nil
}

// tell is write that shows how far it is.
func (w *workspace) tell(ctx context.Context, look *theme.Theme, list []model.Release, into site.Sink, m messages) (diag.List, error) {
	progress, wipe := m.progress()
	defer wipe()
	w.progress = progress
	defer func() { w.progress = nil }()
	return write(ctx, w, look, list, into)
}

// tellAnew is tell into a tree of the folder out, in a tree of its own again as long as
// more is to be withheld. It gives the tree that was written last, which is the caller's
// to commit or to abort.
func (w *workspace) tellAnew(ctx context.Context, look *theme.Theme, list []model.Release, tree *output.Tree, out string, m messages) (*output.Tree, diag.List, error) {
	for {
		found, err := w.tell(ctx, look, list, tree, m)
		if !errors.Is(err, errLeaks) || !w.withholdMore(list) {
			return tree, found, err
		}
		tree.Abort()
		next, err := output.Open(out)
		if err != nil {
			return tree, nil, err
		}
		tree = next
	}
}

// until is a sink that takes no more once the run is to end: a part of a long history
// has a hundred thousand files.
type until struct {
	ctx context.Context
	site.Sink
}

func (u until) Put(path string, data []byte) error {
	if err := u.ctx.Err(); err != nil {
		return err
	}
	return u.Sink.Put(path, data)
}

// telling is a sink that says how many files it got: a long history's pages take
// longer to make than to read.
type telling struct {
	site.Sink
	progress func(what string, done, total int)
	files    int
}

func (t *telling) Put(path string, data []byte) error {
	t.files++
	t.progress("making pages", t.files, 0)
	return t.Sink.Put(path, data)
}

// spokenOf is of how many releases, newest first, problems are told: older ones
// can't be mended any more.
const spokenOf = 2

// teamDocuments composes what the team gets in one language. Releases that days doesn't
// name by their slugs get their ledger alone; nil stands for all.
func teamDocuments(w *workspace, list []model.Release, l model.Lang, days map[string]bool, team *site.TeamSite) (diag.List, error) {
	day, found := compose.LoadDay(w.content, l)
	if found.Worst() == diag.Error {
		return found, errContent
	}
	if team.Protocols == nil {
		team.Protocols = map[model.Lang][]model.Protocol{}
		team.Changed = map[model.Lang][]model.Changed{}
		team.Posters, team.Strips = map[model.Lang][]model.Poster{}, map[model.Lang][]model.PhoneStrip{}
	}
	shared := map[string]bool{}
	for _, s := range team.Shared {
		shared[s.Slug] = true
	}
	for i := range list {
		r := &list[i]
		if shared[r.Slug()] {
			continue
		}
		if days != nil && !days[r.Slug()] {
			team.Ledgers[l] = append(team.Ledgers[l], compose.Ledger(w.config, r, w.header(r, l), l))
			continue
		}
		s := w.sheetsOf(r, day, l)
		book, inBook := s.book, s.inBook
		book.Recurring = w.recurring(list, day, r.Version)
		if i < spokenOf && inBook.Worst() == diag.Error { // no wrong time gets on paper
			return append(found, inBook...), errContent
		}
		protocol, inJournal, err := w.protocol(&book, s.plan, list)
		if err != nil {
			return found, err
		}
		if protocol != nil {
			team.Protocols[l] = append(team.Protocols[l], *protocol)
		}
		team.Posters[l] = append(team.Posters[l], compose.Poster(w.config, r, book.DayHeader))
		team.Strips[l] = append(team.Strips[l], compose.PhoneStrip(w.config, r, &book, protocol))
		checks := s.checks
		if err := w.checkAgain(&checks, day, list, r, l); err != nil {
			return found, err
		}
		changed, inPrints, err := w.changedSince(&book, &checks, &team.Posters[l][len(team.Posters[l])-1], &team.Strips[l][len(team.Strips[l])-1])
		if err != nil {
			return found, err
		}
		if changed != nil {
			team.Changed[l] = append(team.Changed[l], *changed)
		}
		if i < spokenOf && l == w.config.Primary() {
			found = append(append(append(found, inBook...), w.asked(s.inChecks)...), append(inJournal, inPrints...)...)
		}
		team.Runbooks[l] = append(team.Runbooks[l], book)
		team.Checklists[l] = append(team.Checklists[l], checks)
		team.Ledgers[l] = append(team.Ledgers[l], s.ledger)
	}
	return found, nil
}

// asked leaves out what nobody can have written without a workspace: how each change is
// checked.
func (w *workspace) asked(list diag.List) diag.List {
	if w.dir != "" {
		return list
	}
	return list.Of(func(d diag.Diagnostic) bool { return d.Code != "no-check" })
}

// errContent stops a build whose diagnostics say what is wrong.
var errContent = diag.Refuse("content", diag.Say("the workspace's content has errors; nothing was written"),
	diag.Say("mend them and build again; `daybreak check` lists them all."))

// logoName is where the logo lies in the built tree, "" for none.
func logoName(path string) string {
	if path == "" {
		return ""
	}
	return "assets/logo" + filepath.Ext(path)
}

// brandAssets reads the logo.
func brandAssets(w *workspace) (map[string][]byte, diag.List, error) {
	assets := map[string][]byte{}
	logo := w.config.Product.Logo
	if logo == "" {
		return assets, nil, nil
	}
	// os.Root keeps a path like ../../etc inside the workspace, links included.
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the workspace: %w", err)
	}
	defer root.Close()
	data, err := root.ReadFile(filepath.FromSlash(logo))
	if errors.Is(err, fs.ErrNotExist) {
		missing := w.config.Absent(func(path string) bool { return path != w.within(logo) })
		w.config.Product.Logo = ""
		return assets, missing, nil
	}
	if err != nil {
		w.config.Product.Logo = ""
		return assets, diag.List{{
			Severity: diag.Warning, Code: "logo", Position: diag.Position{File: w.config.File, Part: `key "product.logo"`},
			Message: fmt.Sprintf("the logo %q can't be read: %v", logo, err),
			Hint:    "give the path of a picture inside the workspace; the pages are built without it.",
		}}, nil
	}
	assets[logoName(logo)] = data
	return assets, nil, nil
}
