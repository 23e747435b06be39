package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/publication"
)

// newPublish builds `daybreak publish`.
func newPublish() *cobra.Command {
	var at place
	var o publishing
	c := &cobra.Command{
		Use:   "publish VERSION",
		Short: "Show customers a release that was rolled out",
		Long: `Publish a release: from now on the public site, the feeds and the sites of the
systems that run it show its notes. They are frozen as they are now; what is
edited later is shown once you publish again, as corrected on that day.

It refuses, with all reasons at once, while the journal's gate before the
customers' mail isn't given, a system of the day doesn't run the version, the
checks find errors, or words have changed since somebody approved them. Then it
builds everything, and delivers it to the places under deliver in daybreak.yaml.

A run that was killed can be run again.`,
		Example: "  daybreak publish 2026.15.0 --dry-run\n  daybreak publish 2026.15.0\n  daybreak publish 2026.15.0 --system K5",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messagesOf(cmd)
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			if o.out == "" {
				o.out = filepath.Join(w.dir, "site")
			}
			o.version = args[0]
			return w.runPublish(cmd, m, o)
		},
	}
	addPlaceFlags(c, &at)
	addPublishingFlags(c, &o, "publish for these `systems` alone")
	return c
}

// publishing is what the command line of publish says.
type publishing struct {
	version, date, out  string
	systems             []string
	dry, json, keepHere bool
}

// addPublishingFlags gives a command the flags of publishing; systems is what
// --system does there.
func addPublishingFlags(c *cobra.Command, o *publishing, systems string) {
	c.Flags().StringSliceVar(&o.systems, "system", nil, systems)
	c.Flags().BoolVar(&o.dry, "dry-run", false, "show what customers would see differently, and change nothing")
	c.Flags().StringVar(&o.date, "date", "", "the `day` it is, where the clock is wrong: 2026-11-24")
	c.Flags().StringVar(&o.out, "out", "", "`folder` to build (default: site in the workspace)")
	c.Flags().BoolVar(&o.keepHere, "no-deliver", false, "build, but deliver nowhere")
	c.Flags().BoolVar(&o.json, "json", false, "with --dry-run: print as JSON")
	_ = c.MarkFlagDirname("out")
}

func (w *workspace) runPublish(cmd *cobra.Command, m messages, o publishing) error {
	d, err := w.decide(cmd.Context(), m, o.version, o.date, !o.dry)
	if err != nil {
		return err
	}
	defer d.done()
	problems, err := w.problems(cmd, m, d.release)
	if err != nil {
		return err
	}
	// The checks may have withheld what the words to be frozen still hold.
	if d.on, _, err = w.caseOf(d.shelf, d.release, o.date); err != nil {
		return err
	}
	c := &d.on
	c.Only, c.Problems = o.systems, problems
	obstacles := c.Obstacles()
	if d.release.Publication == nil && !c.Dating.Today.Equal(c.Tagged) {
		obstacles.Add(diag.New(diag.Warning, "shown-already", diag.Position{}, diag.Say("customers read %s since %s, its tag's day; published, it gets the day %s", c.Version, c.Tagged.Format(time.DateOnly), c.Dating.Today.Format(time.DateOnly)),
			diag.Say("to mend its text alone, say that day: `--date %s`.", c.Tagged.Format(time.DateOnly))))
	}
	next := c.Publish(d.release.Tag, d.release.TagObject)
	m.diagnostics(append(d.shelf.found.Of(func(d diag.Diagnostic) bool { return d.Code == "tag-moved" }), obstacles.Of(func(d diag.Diagnostic) bool { return d.Severity < diag.Error })...))
	if o.dry {
		return w.dryRun(cmd, m, d.shelf, d.release, next, obstacles, o.json)
	}
	if n := obstacles.Count(diag.Error); n > 0 {
		m.say("%s is not published, for %d %s:", c.Version, n, plural(n, "reason"))
		return obstacles.Of(func(d diag.Diagnostic) bool { return d.Severity == diag.Error }).Err()
	}
	return w.carryOut(cmd.Context(), m, o, d, next, published(*c, next))
}

// carryOut writes a decision down, builds everything anew, says what was done
// and delivers it.
func (w *workspace) carryOut(ctx context.Context, m messages, o publishing, d *decision, next *model.Publication, said diag.Phrase) error {
	if err := w.keep(&d.shelf, d.release, next); err != nil {
		return err
	}
	if err := w.rebuild(ctx, m, d.shelf.list, o.out); err != nil {
		return err
	}
	m.tell(said)
	if o.keepHere {
		return nil
	}
	_, err := w.deliver(ctx, m, o.out, nil)
	return err
}

// problems are what the checks find in one release. What they withhold of it that
// nobody could withhold before, is withheld from then on.
func (w *workspace) problems(cmd *cobra.Command, m messages, r *model.Release) (diag.List, error) {
	progress, wipe := m.progress()
	defer wipe()
	pictures, withheld := w.pictures, w.withheld // those of all releases, and of what was published
	only := r.Tag
	if len(w.repositories()) > 1 {
		only = "" // a train's version need not have a tag in each of them
	}
	found, err := w.check(cmd, only, false, progress)
	checked := w.withheld
	w.pictures, w.withheld = pictures, withheld
	w.withholdAlso(r, checked)
	return found, err
}

// rebuild writes everything that the releases give, through the steps of build.
func (w *workspace) rebuild(ctx context.Context, m messages, list []model.Release, out string) error {
	look, err := w.theme()
	if err != nil {
		return fmt.Errorf("loading the theme: %w", err)
	}
	tree, err := output.Open(out)
	if err != nil {
		return err
	}
	defer func() { tree.Abort() }()
	tree, found, err := w.tellAnew(ctx, look, list, tree, out, m)
	m.brief(found, w.place)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return halfway(ctx, err)
	}
	return tree.Commit()
}

// halfway explains an interruption after the publication was written down.
func halfway(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return diag.Refuse("interrupted", diag.Say("interrupted: what was decided is written down, but customers don't see all of it yet"),
		diag.Say("run the same command again; it ends what was begun."))
}

// published says in one line what customers see from now on.
func published(c publication.Case, p *model.Publication) diag.Phrase {
	var who []string
	for id := range p.Systems {
		who = append(who, id)
	}
	slices.Sort(who)
	on := ""
	if len(who) > 0 {
		on = " (" + strings.Join(who, ", ") + ")"
	}
	switch {
	case len(c.Only) > 0:
		return diag.Say("published %s for %s", c.Version, strings.Join(c.Only, ", "))
	case len(p.Corrected) > len(c.Publication.Corrected):
		return diag.Say("published %s again, shown as corrected on %s%s", c.Version, c.Today.Format(time.DateOnly), on)
	case c.Publication.Public():
		return diag.Say("%s was published on %s already, and its words are the same%s", c.Version, p.Day.Format(time.DateOnly), on)
	}
	return diag.Say("published %s%s", c.Version, on)
}
