package main

import (
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
			m := messagesOf(cmd)
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
			return s.print(cmd.OutOrStdout(), tongueOf(cmd))
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

	why diag.Phrase // Why, for people
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
		return status{}, diag.Refuse("no-release", diag.Say("nothing is tagged yet"),
			diag.Say("`daybreak changes%s` shows what is merged; a tag like v1.0.0 makes it a release.", w.place.flags()))
	}
	problems, err := w.problems(cmd, m, r)
	if err != nil {
		return status{}, err
	}
	c, morning, err := w.caseOf(shelf, r, date) // without what the checks have withheld
	if err != nil {
		return status{}, err
	}
	c.Problems = problems
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
		after := w.config.Publish.After
		switch {
		case len(s.Waiting) > 0:
			s.next(upNext{line: "daybreak deliver" + w.place.flags(), why: diag.Say("the site as it was built last isn't at %s", strings.Join(s.Waiting, ", "))})
		case after != "":
			s.next(upNext{why: diag.Say("customers read it since it was tagged, as all do up to publish.after, %s", after)})
		default:
			s.next(upNext{why: diag.Say("customers read it since it was tagged, as every release here; `publish.after` in %s makes the next ones wait for `daybreak publish`", configFile)})
		}
		return s, nil
	}
	s.next(w.upNext(r, &c, morning, s))
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
	s.Approved = append(s.Approved, c.ApprovedBy()...)
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

// next notes what comes next.
func (s *status) next(u upNext) {
	s.Next, s.Why, s.Then, s.why = u.line, u.why.String(), u.then, u.why
}

// stageTold calls the stages.
var stageTold = map[publication.Stage]diag.Phrase{
	publication.Draft: diag.Say("DRAFT"), publication.Ready: diag.Say("READY"), publication.RolledOut: diag.Say("ROLLED OUT"),
	publication.Published: diag.Say("PUBLISHED"), publication.Withdrawn: diag.Say("WITHDRAWN"),
}

// decisionWord calls what was decided at a gate.
var decisionWord = map[string]diag.Phrase{
	"": diag.Say("open"), string(journal.Go): diag.Say("go"), string(journal.NoGo): diag.Say("no-go"), string(journal.GoWith): diag.Say("go-with"),
	"in part": diag.Say("in part"),
}

// print shows the status on one screen, what comes next at its end.
func (s status) print(out io.Writer, in *tongue) error {
	head := s.Version
	if s.Title != "" {
		head += "  " + s.Title
	}
	fmt.Fprintln(out, diag.Printable(head))
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(p diag.Phrase) { fmt.Fprint(t, "\n"+diag.Printable(in.say(p))) }
	line(diag.Say("stage\t%s", stageTold[s.Stage]))
	line(diag.Say("words\t%s", s.words(in)))
	if len(s.Systems) > 0 {
		line(diag.Say("systems\t%s", s.systems(in)))
	}
	if s.Gate.Code != "" {
		line(diag.Say("gate %s\t%s", s.Gate.Code, decisionWord[s.Gate.Decision]))
	}
	line(diag.Say("published\t%s", s.published(in)))
	line(diag.Say("checks\t%d %s, %d %s", s.Problems.Errors, plural(s.Problems.Errors, "error"), s.Problems.Warnings, plural(s.Problems.Warnings, "warning")))
	fmt.Fprintln(t)
	if err := t.Flush(); err != nil {
		return err
	}
	say := func(p diag.Phrase) string { return diag.Printable(in.say(p)) }
	if errors := s.Obstacles.Of(func(d diag.Diagnostic) bool { return d.Severity == diag.Error }); len(errors) > 0 {
		fmt.Fprintln(out, "\n"+say(diag.Say("In the way of publishing:")))
		for _, d := range errors {
			fmt.Fprintln(out, "  - "+diag.Printable(d.In(in.words).Message))
		}
	}
	if len(s.Missing) > 0 {
		fmt.Fprintln(out, "\nWords still missing:")
		for _, d := range s.Missing {
			fmt.Fprintf(out, "  - %s: %s\n", d.Position, diag.Printable(d.Message))
		}
	}
	if s.Next == "" {
		_, err := fmt.Fprintln(out, "\n"+say(diag.Say("Nothing to do: %s.", s.why)))
		return err
	}
	fmt.Fprintf(out, "\n%s\n\n  %s\n", say(diag.Say("Next: %s", s.why)), diag.Printable(s.Next))
	if s.Then != "" {
		fmt.Fprintf(out, "\n%s\n\n  %s\n", say(diag.Say("Then, when the day begins:")), diag.Printable(s.Then))
	}
	return nil
}

// joined puts sentences together that were said already.
func joined(in *tongue, between string, parts ...diag.Phrase) diag.Phrase {
	var said []string
	for _, p := range parts {
		if text := in.say(p); text != "" {
			said = append(said, text)
		}
	}
	return diag.Phrase{Format: "%s", Args: []any{strings.Join(said, between)}}
}

func (s status) words(in *tongue) diag.Phrase {
	var parts []diag.Phrase
	for _, l := range slices.Sorted(maps.Keys(s.Notes)) {
		if s.Notes[l] == 1 {
			parts = append(parts, diag.Say("%s 1 note", l))
		} else {
			parts = append(parts, diag.Say("%s %d notes", l, s.Notes[l]))
		}
	}
	if s.Unread {
		parts = append(parts, diag.Say("not all of them read by somebody"))
	}
	text, who := joined(in, ", ", parts...), orDash(strings.Join(s.Approved, ", "))
	switch {
	case s.Approvals >= max(len(s.Approved), 1): // more than are asked for need no count
		return joined(in, "; ", text, diag.Say("approved by %s (%d of %d)", who, len(s.Approved), s.Approvals))
	case len(s.Approved) > 0:
		return joined(in, "; ", text, diag.Say("approved by %s", who))
	}
	return text
}

// systems says "4 of 5 run it: K1 07:02, K2 07:05 … · not yet: K3 · not today: K5".
func (s status) systems(in *tongue) diag.Phrase {
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
	parts := []diag.Phrase{diag.Say("%d of %d run it", len(runs), len(runs)+len(missing))}
	switch {
	case len(runs) == 0 && s.Journal == "" && s.Stage == publication.Published:
		return diag.Say("no journal says which run it") // it is shown since its tag, whoever had a day for it
	case len(runs)+len(missing) == 0:
		return diag.Say("the journal of %s says of none that it got it", s.Day)
	case len(runs) > 0:
		parts[0] = diag.Say("%d of %d run it: %s", len(runs), len(runs)+len(missing), strings.Join(runs, ", "))
	}
	if len(missing) > 0 {
		parts = append(parts, diag.Say("not yet %s", strings.Join(missing, ", ")))
	}
	if len(out) > 0 {
		parts = append(parts, diag.Say("not today %s", strings.Join(out, ", ")))
	}
	if s.Day != s.Version {
		parts = append(parts, diag.Say("on the day of %s", s.Day))
	}
	return joined(in, "; ", parts...)
}

func (s status) published(in *tongue) diag.Phrase {
	if s.Withdrawn != "" {
		if s.Reason == "" {
			return diag.Say("withdrawn on %s", s.Withdrawn)
		}
		return diag.Say("withdrawn on %s: %s", s.Withdrawn, s.Reason)
	}
	text := diag.Say("not yet")
	if s.Published != "" {
		text = diag.Say("for everybody since %s", s.Published)
	}
	var only []string
	for _, sys := range s.Systems {
		if sys.Published != "" {
			only = append(only, sys.ID)
		}
	}
	if s.Published == "" && len(only) > 0 {
		text = diag.Say("only for %s", strings.Join(only, ", "))
	}
	parts := []diag.Phrase{text}
	if s.Published != "" && len(s.Waiting) > 0 {
		parts = append(parts, diag.Say("but not yet delivered to %s", strings.Join(s.Waiting, ", ")))
	}
	if n := len(s.Corrected); n > 0 {
		parts = append(parts, diag.Say("corrected on %s", s.Corrected[n-1]))
	}
	return joined(in, ", ", parts...)
}
