package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/publication"
)

// newStatus builds `daybreak status`.
func newStatus() *cobra.Command {
	var at place
	var asJSON bool
	var date string
	c := &cobra.Command{
		Use:   "status [VERSION]",
		Short: "Say where a release stands and what comes next",
		Long: `Say on one screen where the newest release stands, or the one that is named: its
words, its systems, the gate before the customers' mail, for whom it is published,
what stands in the way, and what to do next.`,
		Example: "  daybreak status\n  daybreak status 2026.15.0 --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m := messages{cmd.ErrOrStderr()}
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			s, err := w.status(cmd, m, args, date)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), s)
			}
			return s.print(cmd.OutOrStdout())
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&date, "date", "", "the `day` it is, where the clock is wrong: 2026-11-24")
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

// status is where a release stands.
type status struct {
	Version   string            `json:"version"`
	Title     string            `json:"title,omitempty"` // in the primary language
	Tagged    string            `json:"tagged"`
	Stage     publication.Stage `json:"stage"`
	Approved  []string          `json:"approved"` // whose approval stands
	Approvals int               `json:"approvalsNeeded"`
	Journal   string            `json:"journal"` // its file, "" while nothing is written
	Day       string            `json:"day"`     // whose day the rollout belongs to: another version for a hotfix
	Gate      gateStatus        `json:"gate"`
	Systems   []systemStatus    `json:"systems"`
	Published string            `json:"published,omitempty"`
	Corrected []string          `json:"corrected,omitempty"`
	Withdrawn string            `json:"withdrawn,omitempty"`
	Reason    string            `json:"reason,omitempty"`
	Notes     map[string]int    `json:"notes"`       // how many customers may read, by language
	Unread    bool              `json:"unread"`      // some of them have words that nobody looked at
	Waiting   []string          `json:"undelivered"` // places that lack the site as it was built last
	Problems  problemCounts     `json:"problems"`
	Obstacles diag.List         `json:"obstacles"`
	Missing   diag.List         `json:"missing"`           // words that nobody has written, by language; where somebody approved without them, none
	Next      string            `json:"next"`              // a command line, "" where nothing is to be done
	Why       string            `json:"nextWhy,omitempty"` // what it is for
	Then      string            `json:"then,omitempty"`    // the command line after it, where nothing shows that Next was done
}

type gateStatus struct {
	Code     string `json:"code"`
	Decision string `json:"decision"` // "" while open, "in part" where it differs by system
}

type systemStatus struct {
	ID        string `json:"id"`
	Today     bool   `json:"today"`
	Runs      bool   `json:"runs"`
	At        string `json:"at,omitempty"`
	Decision  string `json:"decision"`
	Told      bool   `json:"told"` // its customers had the mail
	Published string `json:"published,omitempty"`
}

type problemCounts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
}

func (w *workspace) status(cmd *cobra.Command, m messages, args []string, date string) (status, error) {
	shelf, err := w.gather(cmd.Context(), m)
	if err != nil {
		return status{}, err
	}
	r := newestRelease(shelf.list)
	if len(args) > 0 {
		if r, err = findRelease(shelf.list, args[0]); err != nil {
			return status{}, err
		}
	}
	if r == nil {
		return status{}, &diag.Problem{Code: "no-release", Message: "nothing is tagged yet", Hint: "`daybreak changes" + w.place.flags() + "` shows what is merged; a tag like v1.0.0 makes it a release."}
	}
	c, morning, err := w.caseOf(shelf, r, date)
	if err != nil {
		return status{}, err
	}
	if c.Problems, err = w.problems(cmd, m, r); err != nil {
		return status{}, err
	}
	s := statusOf(c)
	s.Waiting = append([]string{}, w.undelivered(filepath.Join(w.dir, "site"))...)
	l := w.config.Primary()
	s.Title = c.Words[l].Title
	for lang, words := range c.Words {
		s.Notes[string(lang)] = len(words.Notes)
	}
	if r.Publication == nil { // older than publications
		s.Stage, s.Published, s.Obstacles, s.Missing = publication.Published, compose.Day(w.config, r.Date).Format(time.DateOnly), diag.List{}, diag.List{}
		s.Gate = gateStatus{}
		s.Next, s.Why = "", "customers read it since it was tagged"
		if after := w.config.Publish.After; after != "" {
			s.Why += ", as all do up to publish.after, " + after
		} else {
			s.Why += ", as every release here; `publish.after` in " + configFile + " makes the next ones wait for `daybreak publish`"
		}
		if len(s.Waiting) > 0 {
			s.Next, s.Why = "daybreak deliver"+w.place.flags(), "the site as it was built last isn't at "+strings.Join(s.Waiting, ", ")
		}
		return s, nil
	}
	u := w.upNext(r, &c, morning, s)
	s.Next, s.Why, s.Then = u.line, u.why, u.then
	return s, nil
}

// statusOf takes from a case what is shown of it.
func statusOf(c publication.Case) status {
	p := c.Publication
	s := status{
		Version: c.Version, Tagged: c.Tagged.Format(time.DateOnly), Stage: c.Standing(), Approvals: c.Approvals, Day: c.Rollout.Version,
		Gate: gateStatus{Code: c.Rollout.Gate}, Systems: []systemStatus{}, Approved: []string{}, Notes: map[string]int{}, Reason: p.Reason,
		Problems: problemCounts{c.Problems.Count(diag.Error), c.Problems.Count(diag.Warning)}, Obstacles: append(diag.List{}, c.Obstacles()...),
	}
	for _, a := range p.Approvals {
		if len(publication.Changed(a.Sums, publication.Sums(c.Words))) == 0 {
			s.Approved = append(s.Approved, a.By)
		}
	}
	if c.Rollout.Written {
		s.Journal = c.Rollout.File
	}
	if s.Unread, s.Missing = c.Unread(), (diag.List{}); s.Unread && s.Stage != publication.Published && s.Stage != publication.Withdrawn {
		s.Missing = append(s.Missing, unwritten(&c)...)
	}
	decisions := map[journal.Decision]bool{}
	for _, sys := range c.Rollout.Systems {
		row := systemStatus{ID: sys.ID, Today: sys.Today, Runs: sys.Has, At: sys.At, Decision: string(sys.Decision), Told: sys.Told}
		if r, ok := p.Systems[sys.ID]; ok {
			row.Published = r.Day.Format(time.DateOnly)
		}
		if sys.Today || sys.Has {
			decisions[sys.Decision] = true
		}
		s.Systems = append(s.Systems, row)
	}
	for d := range decisions {
		s.Gate.Decision = string(d)
	}
	if len(decisions) > 1 {
		s.Gate.Decision = "in part"
	}
	if !p.Day.IsZero() {
		s.Published = p.Day.Format(time.DateOnly)
	}
	for _, d := range p.Corrected {
		s.Corrected = append(s.Corrected, d.Format(time.DateOnly))
	}
	if !p.Withdrawn.IsZero() {
		s.Withdrawn = p.Withdrawn.Format(time.DateOnly)
	}
	return s
}

// print shows the status on one screen, what comes next at its end.
func (s status) print(out io.Writer) error {
	head := s.Version
	if s.Title != "" {
		head += "  " + s.Title
	}
	fmt.Fprintln(out, diag.Printable(head))
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(what, text string) { fmt.Fprintf(t, "\n%s\t%s", what, diag.Printable(text)) }
	line("stage", strings.ToUpper(string(s.Stage)))
	line("words", s.words())
	if len(s.Systems) > 0 {
		line("systems", s.systems())
	}
	if s.Gate.Code != "" {
		line("gate "+s.Gate.Code, cmp.Or(s.Gate.Decision, "open"))
	}
	line("published", s.published())
	line("checks", fmt.Sprintf("%d %s, %d %s", s.Problems.Errors, plural(s.Problems.Errors, "error"), s.Problems.Warnings, plural(s.Problems.Warnings, "warning")))
	fmt.Fprintln(t)
	if err := t.Flush(); err != nil {
		return err
	}
	if errors := s.Obstacles.Of(func(d diag.Diagnostic) bool { return d.Severity == diag.Error }); len(errors) > 0 {
		fmt.Fprintln(out, "\nIn the way of publishing:")
		for _, d := range errors {
			fmt.Fprintln(out, "  - "+diag.Printable(d.Message))
		}
	}
	if len(s.Missing) > 0 {
		fmt.Fprintln(out, "\nWords still missing:")
		for _, d := range s.Missing {
			fmt.Fprintf(out, "  - %s: %s\n", d.Position, diag.Printable(d.Message))
		}
	}
	if s.Next == "" {
		_, err := fmt.Fprintf(out, "\nNothing to do: %s.\n", diag.Printable(s.Why))
		return err
	}
	fmt.Fprintf(out, "\nNext: %s\n\n  %s\n", diag.Printable(s.Why), diag.Printable(s.Next))
	if s.Then != "" {
		fmt.Fprintf(out, "\nThen, when the day begins:\n\n  %s\n", diag.Printable(s.Then))
	}
	return nil
}

func (s status) words() string {
	var parts []string
	for _, l := range slices.Sorted(maps.Keys(s.Notes)) {
		parts = append(parts, fmt.Sprintf("%s %d %s", l, s.Notes[l], plural(s.Notes[l], "note")))
	}
	text := strings.Join(parts, ", ")
	if s.Unread {
		text += ", not all of them read by somebody"
	}
	if len(s.Approved) > 0 || s.Approvals > 0 {
		text += "; approved by " + orDash(strings.Join(s.Approved, ", "))
		if s.Approvals > 0 {
			text += fmt.Sprintf(" (%d of %d)", len(s.Approved), s.Approvals)
		}
	}
	return text
}

// systems says "4 of 5 run it: K1 07:02, K2 07:05 … · not yet: K3 · not today: K5".
func (s status) systems() string {
	var runs, missing, out []string
	for _, sys := range s.Systems {
		switch {
		case sys.Runs:
			runs = append(runs, strings.TrimSpace(sys.ID+" "+sys.At))
		case sys.Today:
			missing = append(missing, sys.ID)
		default:
			out = append(out, sys.ID)
		}
	}
	text := fmt.Sprintf("%d of %d run it", len(runs), len(runs)+len(missing))
	switch {
	case len(runs) == 0 && s.Journal == "" && s.Stage == publication.Published:
		return "no journal says which run it" // it is shown since its tag, whoever had a day for it
	case len(runs)+len(missing) == 0:
		return "the journal of " + s.Day + " says of none that it got it"
	}
	if len(runs) > 0 {
		text += ": " + strings.Join(runs, ", ")
	}
	if len(missing) > 0 {
		text += "; not yet " + strings.Join(missing, ", ")
	}
	if len(out) > 0 {
		text += "; not today " + strings.Join(out, ", ")
	}
	if s.Day != s.Version {
		text += "; on the day of " + s.Day
	}
	return text
}

func (s status) published() string {
	if s.Withdrawn != "" {
		return strings.TrimSuffix("withdrawn on "+s.Withdrawn+": "+s.Reason, ": ")
	}
	text := "not yet"
	if s.Published != "" {
		text = "for everybody since " + s.Published
	}
	var only []string
	for _, sys := range s.Systems {
		if sys.Published != "" {
			only = append(only, sys.ID)
		}
	}
	if s.Published == "" && len(only) > 0 {
		text = "only for " + strings.Join(only, ", ")
	}
	if s.Published != "" && len(s.Waiting) > 0 {
		text += ", but not yet delivered to " + strings.Join(s.Waiting, ", ")
	}
	if n := len(s.Corrected); n > 0 {
		text += ", corrected on " + s.Corrected[n-1]
	}
	return text
}
