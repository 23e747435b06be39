package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/gitsource"
	"daybreak/internal/model"
)

// rangeJSON is a range for scripts. The commits in changes and skipped are
// together exactly `git rev-list from..to`, each once.
type rangeJSON struct {
	From    string        `json:"from"`
	To      string        `json:"to"`
	Changes []changeJSON  `json:"changes"`
	Skipped []skippedJSON `json:"skipped"`
}

type changeJSON struct {
	ID           string       `json:"id"`
	Repository   string       `json:"repository,omitempty"` // of a train of several
	Title        string       `json:"title"`
	Kind         string       `json:"kind"`
	Breaking     bool         `json:"breaking"`
	Area         *string      `json:"area"`
	Audience     string       `json:"audience"`
	Merge        *string      `json:"merge"`   // the merge commit, null for a plain or squashed commit
	Commits      []commitJSON `json:"commits"` // the merge commit first
	Refs         []string     `json:"refs"`
	Paths        []string     `json:"paths"`
	Reverts      []string     `json:"reverts"`
	PickedFrom   []string     `json:"pickedFrom"`
	Areas        []string     `json:"areas"`
	Systems      []string     `json:"systems,omitempty"`
	Bucket       string       `json:"bucket"`
	KindFrom     string       `json:"kindFrom"`
	AreasFrom    string       `json:"areasFrom,omitempty"`
	AudienceFrom string       `json:"audienceFrom,omitempty"` // what names the audience and the systems; else the kind decides
	Fragment     string       `json:"fragment,omitempty"`     // the note file that tells of it
	NoteOf       string       `json:"noteOf,omitempty"`       // the change that it is a further note of; it has no commits
	Request      *requestJSON `json:"request,omitempty"`
	Submodules   []bumpJSON   `json:"submodules,omitempty"`

	Dependencies []dependencyJSON `json:"dependencies,omitempty"` // of a change that does nothing but update them

	Words    map[model.Lang]wordsJSON `json:"words"`    // what customers read, by language of the page
	Operator []voiceJSON              `json:"operator"` // what the one who rolls out reads
	Verifier []voiceJSON              `json:"verifier"` // what the one who checks reads
}

// bumpJSON is a submodule that a change took to another commit.
type bumpJSON struct {
	Path   string   `json:"path"`
	Old    *string  `json:"old"`              // null where it was added
	New    *string  `json:"new"`              // null where it was removed
	Back   bool     `json:"back,omitempty"`   // new is older than old
	Titles []string `json:"titles,omitempty"` // of the changes between, newest first, where the sub-repository is at hand
}

// dependencyJSON is one dependency taken to another version; "" is not said.
type dependencyJSON struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// wordsJSON is a change's text for customers and where it comes from.
type wordsJSON struct {
	Title    string     `json:"title"`
	Body     string     `json:"body,omitempty"`
	Language model.Lang `json:"language"` // the one it is really in
	Source   string     `json:"source"`
	Reviewed bool       `json:"reviewed"`
}

type requestJSON struct {
	Forge  string `json:"forge,omitempty"`
	Number string `json:"number"`
	Source string `json:"source,omitempty"`
	Target string `json:"target,omitempty"`
	URL    string `json:"url,omitempty"`
}

type commitJSON struct {
	Hash     string      `json:"hash"`
	Subject  string      `json:"subject"`
	Trailers [][2]string `json:"trailers"`
}

type skippedJSON struct {
	Hash    string `json:"hash"`
	Subject string `json:"subject"`
	Reason  string `json:"reason"`
	Bucket  string `json:"bucket"`
}

// newChanges builds `daybreak changes`.
func newChanges() *cobra.Command {
	var at place
	var from, to string
	var asJSON, explain bool
	c := &cobra.Command{
		Use:   "changes",
		Short: "List what was merged between two revisions",
		Long: `List the changes merged between two revisions (tags, branches, hashes), and the
commits that are left out, each with its reason. Together they are exactly the
commits of ` + "`git rev-list from..to`" + `, each once.

--explain says of each change where its kind, its area and its audience come from,
and the words for customers, for the one who rolls out and for the one who checks; and it names
what lies between the commits of a submodule where its repository is at hand.`,
		Example: "  daybreak changes --repo . --from v1.0 --to v1.1\n  daybreak changes --from v1.1 --to main --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messages{cmd.ErrOrStderr()}
			w, err := openSound(at)
			if err != nil {
				return err
			}
			progress, done := m.progress()
			r, found, err := w.between(cmd, from, to, progress)
			done()
			m.diagnostics(found)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rangeOut(w.config, r, from, to))
			}
			return printChanges(cmd.OutOrStdout(), w.config, r, explain)
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&from, "from", "", "where the range starts, itself excluded (default: the root)")
	c.Flags().StringVar(&to, "to", "HEAD", "where the range ends, itself included")
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	c.Flags().BoolVar(&explain, "explain", false, "say where each kind and each text comes from")
	return c
}

// between reads and classifies one range. In a train of several repositories it
// is the range of each that has the revision where it ends; one that lacks a
// version where it starts was last released with an earlier one.
func (w *workspace) between(cmd *cobra.Command, from, to string, progress func(string, int, int)) (*model.Release, diag.List, error) {
	repos := w.repositories()
	if len(repos) == 0 {
		return nil, nil, usageError{fmt.Errorf("the workspace names no repository: give --repo")}
	}
	var all [][]model.Release
	var found diag.List
	var unknown error
	for _, repo := range repos {
		r, more, err := w.rangeOf(cmd.Context(), repo, len(repos) > 1, from, to, progress)
		found = append(found, more...)
		var p *diag.Problem
		if len(repos) > 1 && errors.As(err, &p) && p.Code == "unknown-revision" {
			unknown = err
			continue
		}
		if err != nil {
			return nil, found, err
		}
		all = append(all, []model.Release{*r})
	}
	if len(all) == 0 {
		return nil, found, unknown
	}
	for i := range all { // the ends of one range may be called differently
		all[i][0].Version, all[i][0].Unreleased = all[0][0].Version, all[0][0].Unreleased
	}
	if len(repos) > 1 {
		all = append(all, nil) // joined, even where only one repository has the range
	}
	r := compose.Join(all)[0]
	found = append(found, compose.Classify(w.config, &r)...)
	shelf, _, err := w.drafts()
	if err != nil {
		return nil, found, err
	}
	// The drafts are those of the release where the range ends. It may hold more
	// or less than the range, so what they lack or know beyond is no problem here.
	ends := r
	v, tagged := model.ParseVersion(to)
	ends.Version, ends.Unreleased = v, !tagged
	compose.Edit(w.config, []model.Release{ends}, shelf, false)
	return &r, found, compose.LawOfHistory(&r)
}

// rangeOf reads the range of one repository.
func (w *workspace) rangeOf(ctx context.Context, c config.Repository, several bool, from, to string, progress func(string, int, int)) (*model.Release, diag.List, error) {
	repo, err := gitsource.Open(c.Path, w.options(c, true, progress))
	if err != nil {
		return nil, nil, err
	}
	defer repo.Close()
	if several && from != "" {
		if from, err = repo.Nearest(ctx, from); err != nil {
			return nil, nil, err
		}
	}
	r, found, err := repo.Range(ctx, from, to)
	if err != nil {
		return nil, found, err
	}
	if several {
		r.Repository = c.Name
	}
	more, err := w.attachNotes(ctx, repo, c, &r)
	return &r, append(found, more...), err
}

// rangeOut makes the JSON form. A change that doesn't count (withdrawn,
// delivered) gives its commits to skipped, with the reason.
func rangeOut(c *config.Config, r *model.Release, from, to string) rangeJSON {
	out := rangeJSON{From: from, To: to, Changes: []changeJSON{}, Skipped: []skippedJSON{}}
	for i := range r.Changes {
		ch := &r.Changes[i]
		if ch.Bucket != "" {
			for _, co := range ch.Commits() {
				out.Skipped = append(out.Skipped, skippedJSON{string(co.Hash), co.Subject, ch.Reason.String(), string(ch.Bucket)})
			}
			continue
		}
		out.Changes = append(out.Changes, changeOut(c, ch))
	}
	for _, s := range r.Skipped {
		out.Skipped = append(out.Skipped, skippedJSON{string(s.Commit.Hash), s.Commit.Subject, s.Reason.String(), string(s.Bucket)})
	}
	return out
}

func changeOut(c *config.Config, ch *model.Change) changeJSON {
	bucket, _ := compose.BucketOf(c, ch)
	j := changeJSON{
		ID: ch.ID, Repository: ch.Repository, Title: ch.Title, Kind: string(ch.Kind), Breaking: ch.Breaking, Audience: string(ch.Audience.Scope),
		Refs: []string{}, Paths: []string{}, Reverts: hashes(ch.Reverts), PickedFrom: hashes(ch.PickedFrom),
		Areas: append([]string{}, ch.Areas...), Systems: ch.Audience.Systems, Bucket: string(bucket), KindFrom: ch.KindFrom.String(),
		AreasFrom: compose.AreasFrom(c, ch), AudienceFrom: compose.AudienceFrom(c, ch),
		Operator: []voiceJSON{}, Verifier: []voiceJSON{},
	}
	if len(ch.Areas) > 0 {
		j.Area = &ch.Areas[0]
	}
	if ch.Fragment != nil {
		j.Fragment = strings.ToValidUTF8(ch.Fragment.Path, "\ufffd")
	}
	if j.NoteOf = ch.NoteOf; j.NoteOf != "" {
		j.Commits = []commitJSON{}
	}
	if len(ch.Tip.Parents) > 1 && ch.NoteOf == "" {
		merge := string(ch.Merge)
		j.Merge = &merge
	}
	for _, co := range ch.Commits() {
		cj := commitJSON{Hash: string(co.Hash), Subject: co.Subject, Trailers: [][2]string{}}
		for _, t := range co.Trailers {
			cj.Trailers = append(cj.Trailers, [2]string{t.Key, t.Value})
		}
		j.Commits = append(j.Commits, cj)
	}
	for _, r := range ch.Refs {
		j.Refs = append(j.Refs, r.String())
	}
	for _, p := range ch.Paths {
		j.Paths = append(j.Paths, strings.ToValidUTF8(p.Path, "\ufffd"))
	}
	for _, b := range ch.Submodules {
		j.Submodules = append(j.Submodules, bumpOut(b))
	}
	for _, d := range ch.Dependencies {
		j.Dependencies = append(j.Dependencies, dependencyJSON(d))
	}
	j.Words = map[model.Lang]wordsJSON{}
	for _, l := range c.Languages {
		w := compose.WordingOf(c, ch, l)
		j.Words[l] = wordsJSON{w.Title, w.Body, w.Lang, w.Source, w.Reviewed}
		j.Operator = append(j.Operator, said(c, ch, l, rolloutKeys...)...)
		j.Verifier = append(j.Verifier, said(c, ch, l, checkKeys...)...)
	}
	if q := ch.Request; q != nil {
		j.Request = &requestJSON{q.Forge, q.Number, q.Source, q.Target, q.URL}
	}
	return j
}

func bumpOut(b model.SubmoduleBump) bumpJSON {
	j := bumpJSON{Path: strings.ToValidUTF8(b.Path, "\ufffd"), Back: b.Back, Titles: b.Titles}
	if b.Old != "" {
		old := string(b.Old)
		j.Old = &old
	}
	if b.New != "" {
		new := string(b.New)
		j.New = &new
	}
	return j
}

func hashes(in []model.Hash) []string {
	out := make([]string, len(in))
	for i, h := range in {
		out[i] = string(h)
	}
	return out
}

func printChanges(out io.Writer, c *config.Config, r *model.Release, explain bool) error {
	live := r.Live()
	for i := range live {
		ch := &live[i]
		bucket, _ := compose.BucketOf(c, ch)
		kind := string(ch.Kind)
		if bucket != model.BucketTold {
			kind = string(bucket)
		}
		mark := " "
		if ch.Breaking {
			mark = "!"
		}
		if _, err := fmt.Fprintf(out, "%-12s %s %-14s %s\n", diag.Printable(ch.ID), mark, kind, diag.Printable(ch.Title)); err != nil {
			return err
		}
		if explain {
			if err := explainChange(out, c, ch); err != nil {
				return err
			}
		}
	}
	left := len(r.Skipped)
	for _, ch := range r.Changes {
		if ch.Bucket != "" {
			left += len(ch.Commits())
		}
	}
	_, err := fmt.Fprintf(out, "%d %s, %d of %d commits left out (--json gives the reasons)\n", len(live), plural(len(live), "change"), left, r.Commits)
	return err
}

// explainChange says where a change's kind and the words of its three voices
// come from.
func explainChange(out io.Writer, c *config.Config, ch *model.Change) error {
	bucket, reason := compose.BucketOf(c, ch)
	lines := []string{"kind: " + ch.KindFrom.String()}
	if from := compose.AreasFrom(c, ch); from != "" {
		lines = append(lines, "area: "+from+": "+strings.Join(ch.Areas, ", "))
	}
	if from := compose.AudienceFrom(c, ch); from != "" {
		to := strings.Join(ch.Audience.Systems, ", ")
		if ch.Audience.Scope != model.AudienceSystems {
			to = string(ch.Audience.Scope)
		} else if to == "" {
			to = "no system"
		}
		lines = append(lines, "audience: "+from+": "+to)
	}
	if bucket != model.BucketTold {
		lines = append(lines, string(bucket)+": "+reason.String())
	} else {
		for _, l := range c.Languages {
			w := compose.WordingOf(c, ch, l)
			line := "customers " + string(l) + ": " + w.Source
			if !w.Reviewed {
				line += ", unreviewed"
			}
			if w.Lang != l {
				line += ", in " + string(w.Lang)
			}
			lines = append(lines, line+": "+w.Title)
			if act := compose.Act(c, ch, l); ch.Breaking && act.Text != "" {
				line := "must do " + string(l) + ": " + act.Source
				if act.Lang != l {
					line += ", in " + string(act.Lang)
				}
				lines = append(lines, line+": "+strings.Join(strings.Fields(act.Text), " "))
			}
		}
	}
	for _, reader := range []struct {
		name string
		keys []string
	}{{"rollout", rolloutKeys}, {"check", checkKeys}} {
		for _, l := range c.Languages {
			for _, v := range compose.Voices(c, ch, l, reader.keys...) {
				if v.Lang == l {
					lines = append(lines, reader.name+" "+string(l)+": "+v.Source+": "+v.Text)
				}
			}
		}
	}
	for _, b := range ch.Submodules {
		lines = append(lines, "submodule "+b.String())
		for _, title := range b.Titles {
			lines = append(lines, "  "+title)
		}
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, "    "+diag.Printable(line)); err != nil {
			return err
		}
	}
	return nil
}

// What the one who rolls out reads, and the one who checks.
var (
	rolloutKeys = []string{"Deploy-Note", "Rollback-Note"}
	checkKeys   = []string{"Verify", "Expect", "Tested-On"}
)
