package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/mail"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/post"
	"daybreak/internal/theme"
)

// mailFlags are the command line of `daybreak mail`.
type mailFlags struct {
	outcome, lang, clock, day, hotfix, out string
	systems, set, again, wasSent           []string
	send, yes, asJSON                      bool
}

// newMail builds `daybreak mail`.
func newMail() *cobra.Command {
	var at place
	var f mailFlags
	c := &cobra.Command{
		Use:   "mail VERSION",
		Short: "Fill in the customers' mails and send them",
		Long: `Without --outcome show, for each customer system, which mails are right as the
journal has it, and what was sent.

With --outcome write the ready mail of each system for which it is right:

  A  done                    its checks are in order and the gate is given
  B  done late               the same, later than planned
  C  rolled back             the journal says so
  D  postponed               a gate said no, or it isn't on today's list
  E  hotfix                  a hotfix runs there
  F  announcement            before the day

A system that is named with --system and for which the mail is wrong, or a text
with a [PLACEHOLDER] left, is refused. The time comes from the journal, or from
--time; other placeholders are filled in with --set.

--send hands the mails to the server under mail.smtp in ` + configFile + `: first it
only lists them and, on a terminal, asks once; --yes sends without asking. The
password is taken from DAYBREAK_SMTP_PASSWORD, or from the file under
mail.smtp.password_file. Each mail is noted in content/journal/<version>.mails.log
before and after, so that no later run sends it twice. What became of one whose
connection broke at the very end nobody can know: it is named, and not sent
before --was-sent or --again says how it was.`,
		Example: `  daybreak mail 2026.14.0
  daybreak mail 2026.14.0 --outcome A --system K1 --time 07:21
  daybreak mail 2026.14.0 --outcome D --set "GRUND=eine Prüfung ist noch offen" --set "NEUER TERMIN=Mittwoch, 13. Mai"
  daybreak mail 2026.14.0 --outcome A --send --yes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			w, err := openSound(at)
			if err != nil {
				return err
			}
			d, err := w.openDesk(cmd.Context(), messages{cmd.ErrOrStderr()}, args[0], f)
			if err != nil {
				return err
			}
			switch {
			case f.outcome == "":
				return d.overview(cmd.OutOrStdout())
			case f.send:
				return d.sendAll(cmd)
			}
			return d.writeAll(cmd.OutOrStdout())
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringVar(&f.outcome, "outcome", "", "which `mail`: A, B, C, D, E or F")
	c.Flags().StringSliceVar(&f.systems, "system", nil, "only these `systems` (default: all for which the mail is right)")
	c.Flags().StringVar(&f.lang, "lang", "", "only this `language`")
	c.Flags().StringVar(&f.clock, "time", "", "clock `time` since when it is so, HH:MM (default: what the journal says)")
	c.Flags().StringVar(&f.day, "day", "", "`day` of the rollout, YYYY-MM-DD (default: that of the sheets)")
	c.Flags().StringVar(&f.hotfix, "hotfix", "", "`version` of the hotfix that mail E is about (default: the system's last one)")
	c.Flags().StringArrayVar(&f.set, "set", nil, "fill in a placeholder, `NAME=TEXT`")
	c.Flags().StringVar(&f.out, "out", "", "`folder` for .md and .eml files (default: print)")
	c.Flags().BoolVar(&f.send, "send", false, "send them: lists them and asks")
	c.Flags().BoolVar(&f.yes, "yes", false, "with --send, don't ask")
	c.Flags().StringSliceVar(&f.wasSent, "was-sent", nil, "note that the unclear mails of these `systems` went out")
	c.Flags().StringSliceVar(&f.again, "again", nil, "note that the mails of these `systems` didn't go out, or should go out again")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print as JSON")
	c.MarkFlagsMutuallyExclusive("send", "out")
	_ = c.MarkFlagDirname("out") // only completion suffers where it can't be marked
	return c
}

// check refuses what can't be meant, before anything is read.
func (f *mailFlags) check() error {
	f.outcome = strings.ToUpper(f.outcome)
	if f.outcome != "" && !slices.Contains(model.Outcomes(), model.Outcome(f.outcome)) {
		return usageError{fmt.Errorf("--outcome must be one of A to F, not %q", f.outcome)}
	}
	if f.outcome == "" && (f.send || f.out != "" || len(f.again)+len(f.wasSent) > 0) {
		return usageError{fmt.Errorf("--outcome is missing: which mail, A to F?")}
	}
	if f.yes && !f.send {
		return usageError{fmt.Errorf("--yes goes with --send")}
	}
	if f.clock != "" {
		at, err := time.Parse("15:04", f.clock)
		if err != nil {
			at, err = time.Parse("1504", f.clock)
		}
		if err != nil {
			return usageError{fmt.Errorf("--time must be a clock time like 07:21, not %q", f.clock)}
		}
		f.clock = at.Format("15:04")
	}
	if _, err := time.Parse(time.DateOnly, f.day); f.day != "" && err != nil {
		return usageError{fmt.Errorf("--day must be a day like 2026-11-03, not %q", f.day)}
	}
	if _, ok := model.ParseVersion(f.hotfix); f.hotfix != "" && !ok {
		return usageError{fmt.Errorf("--hotfix must be a version like 2026.14.1, not %q", f.hotfix)}
	}
	for _, s := range f.set {
		if name, text, ok := strings.Cut(s, "="); !ok || strings.TrimSpace(name) == "" || strings.TrimSpace(text) == "" {
			return usageError{fmt.Errorf("--set must be NAME=TEXT, not %q", s)}
		}
	}
	return nil
}

// desk is where the mails of one release are written: its notes, how the day
// stands, and what was sent.
type desk struct {
	w       *workspace
	m       messages
	flags   mailFlags
	list    []model.Release
	book    *book
	morning compose.Morning
	log     mailLog
	look    *theme.Theme
}

// openDesk reads everything that mails depend on.
func (w *workspace) openDesk(ctx context.Context, m messages, version string, f mailFlags) (*desk, error) {
	look, err := w.theme()
	if err != nil {
		return nil, fmt.Errorf("loading the theme: %w", err)
	}
	b, list, err := w.openDay(ctx, m, version)
	if err != nil {
		return nil, err
	}
	if found, err := w.publish(list, false); err != nil {
		return nil, err
	} else if err := found.Err(); err != nil {
		return nil, err
	}
	if _, err := w.publish(w.beside, false); err != nil {
		return nil, err
	}
	d := &desk{w: w, m: m, flags: f, list: list, book: b, look: look}
	if err := d.readState(); err != nil {
		return nil, err
	}
	for _, id := range slices.Concat(f.systems, f.again, f.wasSent) {
		if _, err := d.system(id); err != nil {
			return nil, err
		}
	}
	if f.lang != "" && !slices.Contains(w.config.Languages, model.Lang(f.lang)) {
		return nil, usageError{fmt.Errorf("the workspace has no mails in %q", f.lang)}
	}
	d.log, err = openMailLog(w, b)
	return d, err
}

// readState derives how the day stands. A line that can't be read could be the
// one that says no.
func (d *desk) readState() error {
	if _, wrong := journal.Parse(d.book.name, string(d.book.text), d.book.plan); len(wrong) > 0 {
		return &diag.ListError{List: wrong}
	}
	state, _ := d.book.state()
	c := d.w.config
	header := d.w.header(&d.list[0], c.Primary())
	d.morning = d.w.morning(d.book.plan, state, header.Date)
	if d.flags.day != "" {
		day, err := time.ParseInLocation(time.DateOnly, d.flags.day, c.Location())
		if err != nil {
			return err
		}
		d.morning.Day = day
	}
	return nil
}

// system finds a customer system by its id.
func (d *desk) system(id string) (*config.System, error) {
	for i := range d.w.config.Systems {
		s := &d.w.config.Systems[i]
		if !strings.EqualFold(s.ID, id) {
			continue
		}
		if s.Test {
			return nil, &diag.Problem{Code: "mail-system", Message: fmt.Sprintf("%s is a test system: there is no customer to write to", s.ID), Hint: "leave it out."}
		}
		return s, nil
	}
	var ids []string
	for _, s := range d.customers() {
		ids = append(ids, s.ID)
	}
	return nil, &diag.Problem{Code: "mail-system", Message: fmt.Sprintf("there is no system %q", id), Hint: "systems: " + strings.Join(ids, ", ") + "."}
}

// customers are the systems that get mails.
func (d *desk) customers() []*config.System {
	var out []*config.System
	for i := range d.w.config.Systems {
		if s := &d.w.config.Systems[i]; !s.Test {
			out = append(out, s)
		}
	}
	return out
}

// letter is the mail of a system in one language, with nothing left open.
type letter struct {
	model.Mail
	facts  model.MailFacts
	to     []mail.Address
	hotfix string
}

// letters writes the mails that were asked for. Systems for which the mail is
// wrong are left out, and said so, unless they were named.
func (d *desk) letters() ([]letter, error) {
	o := model.Outcome(d.flags.outcome)
	var systems []*config.System
	for _, s := range d.customers() {
		named := slices.ContainsFunc(d.flags.systems, func(id string) bool { return strings.EqualFold(id, s.ID) })
		if len(d.flags.systems) > 0 && !named {
			continue
		}
		why := d.morning.Unfit(s.ID, o)
		switch {
		case why == nil:
			systems = append(systems, s)
		case named:
			return nil, &diag.Problem{Code: why.Code, Message: fmt.Sprintf("mail %s would be wrong: %s", o, why.Message), Hint: d.journalHint(why.Hint)}
		default:
			d.m.say("mail %s is not for %s: %s", o, s.ID, why.Message)
		}
	}
	if len(d.customers()) > 0 && len(systems) == 0 {
		return nil, &diag.Problem{Code: "mail-outcome", Message: fmt.Sprintf("there is no system for which mail %s is right", o), Hint: "`daybreak mail " + d.list[0].Slug() + d.w.place.flags() + "` shows which ones are."}
	}
	if len(d.customers()) == 0 {
		systems = []*config.System{nil} // a text that fits every customer
	}
	var out []letter
	for _, s := range systems {
		more, err := d.lettersOf(s, o)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, d.ready(out)
}

// journalHint says how a line that a hint shows comes into the journal.
func (d *desk) journalHint(hint string) string {
	if !strings.Contains(hint, "`") {
		return hint
	}
	return hint + " Such a line is added with `daybreak journal add --now" + d.w.place.flags() + " " + d.list[0].Slug() + " LINE`."
}

// lettersOf writes the mail of one system in each of its languages.
func (d *desk) lettersOf(s *config.System, o model.Outcome) ([]letter, error) {
	c := d.w.config
	languages, id := c.Languages, ""
	if s != nil {
		languages, id = compose.SystemLanguages(c, s), s.ID
	}
	var out []letter
	for _, l := range languages {
		if d.flags.lang != "" && string(l) != d.flags.lang {
			continue
		}
		to := d.w.addressees(s, l)
		if len(to) == 0 && s != nil && len(s.Addressees()) > 0 {
			continue // nobody there reads it
		}
		notes := compose.AllNotes(c, d.list, s, l, 1)
		if len(notes) == 0 {
			return nil, &diag.Problem{Code: "mail-release", Message: "customers are not told of this release", Hint: "pre-releases have notes with `notes: {prereleases: true}` alone."}
		}
		facts := d.w.mailFacts(notes[0], s)
		facts.Day, facts.Time = d.morning.Day, d.flags.clock
		if facts.Time == "" {
			facts.Time = d.morning.Since(id, o).String()
		}
		one := letter{to: to}
		if o == model.OutcomeHotfix {
			one.hotfix = cmp.Or(d.flags.hotfix, d.morning.HotfixOf(id))
			facts.Hotfix = d.hotfixFacts(s, l, one.hotfix)
		}
		m, found, err := mail.Compose(d.w.content, facts, o, mailWords(d.look, l))
		if err != nil {
			return nil, err
		}
		if found.Worst() == diag.Error {
			return nil, &diag.ListError{List: found}
		}
		d.m.diagnostics(found)
		one.Mail, one.facts = m, facts
		out = append(out, one)
	}
	return out, nil
}

// hotfixFacts gives what a hotfix's own notes tell a customer, nil where no tag
// of it is known, or where they tell nothing: then people must write it.
func (d *desk) hotfixFacts(s *config.System, l model.Lang, version string) *model.HotfixFacts {
	v, _ := model.ParseVersion(version)
	for _, n := range compose.AllNotes(d.w.config, slices.Concat(d.w.beside, d.list), s, l, 0) {
		if n.Unreleased || n.Slug != v.Slug() {
			continue
		}
		facts := compose.HotfixFacts(d.w.config, s, n)
		if facts != nil && s != nil {
			facts.From = d.morning.Since(s.ID, model.OutcomeDone).String()
		}
		return facts
	}
	return nil
}

// ready fills in the placeholders and refuses what is still open, or what must
// not leave.
func (d *desk) ready(letters []letter) error {
	used := make([]bool, len(d.flags.set))
	for i := range letters {
		for j, set := range d.flags.set {
			name, text, _ := strings.Cut(set, "=")
			filled, ok := mail.Fill(letters[i].Mail, name, text)
			letters[i].Mail, used[j] = filled, used[j] || ok
		}
	}
	if j := slices.Index(used, false); j >= 0 && len(letters) > 0 {
		name, _, _ := strings.Cut(d.flags.set[j], "=")
		hint := "Nothing is left to fill in."
		if open := letters[0].Open; len(open) > 0 {
			hint = "Open: " + strings.Join(open, ", ") + "."
		}
		return &diag.Problem{Code: "mail-placeholder", Message: fmt.Sprintf("mail %s has no placeholder %q", d.flags.outcome, "["+strings.Trim(name, "[]")+"]"), Hint: hint}
	}
	if list := d.stillOpen(letters); len(list) > 0 {
		return &diag.ListError{List: list}
	}
	return d.guarded(letters)
}

// stillOpen tells of placeholders nobody has filled in, each once.
func (d *desk) stillOpen(letters []letter) diag.List {
	var list diag.List
	in := map[string][]string{}
	first := map[string]letter{}
	var order []string
	for _, l := range letters {
		for _, open := range l.Open {
			if _, seen := first[open]; !seen {
				first[open], order = l, append(order, open)
			}
			if l.For != "" && !slices.Contains(in[open], l.For) {
				in[open] = append(in[open], l.For)
			}
		}
	}
	for _, open := range order {
		l, hint, where := first[open], fmt.Sprintf("Fill it in: --set %q.", strings.Trim(open, "[]")+"=…"), ""
		if open == d.look.T(l.Lang, "mail.time") {
			hint = "Say since when: --time 07:21, or write it into the journal."
		}
		if open == d.look.T(l.Lang, "mail.date") {
			hint = "Say which day: --day 2026-11-03."
		}
		if len(in[open]) > 1 {
			where = " in the mails of " + strings.Join(in[open], ", ")
		}
		list.Add(diag.Diagnostic{
			Severity: diag.Error, Code: "mail-placeholder", Position: diag.Position{File: mail.Name(l.Mail) + ".md"},
			Message: open + " is still open" + where, Hint: hint,
		})
	}
	return list
}

// guarded reads the finished mails as a customer's program would: what was
// typed in on the morning may name another customer.
func (d *desk) guarded(letters []letter) error {
	watch := d.w.guard(d.list)
	tree := watch.Over(&output.Memory{})
	for _, l := range letters {
		if err := tree.Put(mail.Name(l.Mail)+".md", mail.Markdown(l.Mail, d.look.T(l.Lang, "mail.subject"))); err != nil {
			return err
		}
	}
	if leaks := tree.Report(); leaks.Worst() == diag.Error {
		return &diag.ListError{List: leaks}
	}
	return nil
}

// letterJSON is a ready mail for scripts.
type letterJSON struct {
	System   string        `json:"system,omitempty"`
	Outcome  model.Outcome `json:"outcome"`
	Language model.Lang    `json:"language"`
	To       []string      `json:"to"`
	Subject  string        `json:"subject"`
	Body     string        `json:"body"`
	Hotfix   string        `json:"hotfix,omitempty"`
}

// writeAll prints the ready mails, or writes them into a folder.
func (d *desk) writeAll(out io.Writer) error {
	if err := d.decide(); err != nil {
		return err
	}
	if len(d.flags.again)+len(d.flags.wasSent) > 0 && d.flags.out == "" {
		return d.overview(out) // to note what became of a mail its text isn't needed
	}
	letters, err := d.letters()
	if err != nil {
		return err
	}
	if p := d.otherDay(); p != nil {
		d.m.say("warning: %s; --day says another one", p.Message)
	}
	if d.flags.out != "" {
		return d.writeFiles(out, letters)
	}
	if d.flags.asJSON {
		rows := make([]letterJSON, len(letters))
		for i, l := range letters {
			rows[i] = letterJSON{l.For, l.Outcome, l.Lang, []string{}, l.Subject, l.Body, l.hotfix}
			for _, a := range l.to {
				rows[i].To = append(rows[i].To, a.Mail)
			}
		}
		return printJSON(out, rows)
	}
	for i, l := range letters {
		if i > 0 {
			fmt.Fprint(out, "\n\n")
		}
		if _, err := out.Write(mail.Markdown(l.Mail, d.look.T(l.Lang, "mail.subject"))); err != nil {
			return err
		}
	}
	return nil
}

// writeFiles puts each mail into its system's folder, as text and as a draft.
func (d *desk) writeFiles(out io.Writer, letters []letter) error {
	for _, l := range letters {
		draft, err := d.w.eml(d.look, l.Mail, l.facts, mail.Envelope{To: l.to})
		if err != nil {
			return err
		}
		name := filepath.Join(d.flags.out, filepath.FromSlash(path.Join(l.For, path.Base(mail.Name(l.Mail)))))
		for ext, data := range map[string][]byte{".md": mail.Markdown(l.Mail, d.look.T(l.Lang, "mail.subject")), ".eml": draft} {
			if err := output.File(name+ext, data); err != nil {
				return err
			}
		}
		fmt.Fprintln(out, name+".md")
		fmt.Fprintln(out, name+".eml")
	}
	return nil
}

// otherDay tells of mails that name a day which isn't today; nil where all is
// well. The sheets have the tag's day, which may have been set the evening before.
func (d *desk) otherDay() *diag.Problem {
	day, o := d.morning.Day, model.Outcome(d.flags.outcome)
	if d.flags.day != "" || day.IsZero() || o == model.OutcomeAnnounce || o == model.OutcomePostponed {
		return nil
	}
	today := d.morning.Now.In(day.Location()).Format(time.DateOnly)
	if today == day.Format(time.DateOnly) {
		return nil
	}
	return &diag.Problem{
		Code: "mail-day", Message: fmt.Sprintf("the mails name %s as the day, and today is %s", day.Format(time.DateOnly), today),
		Hint: "say which one is right: --day " + today + ". Is this machine's clock right?",
	}
}

// mailRowJSON is how a system stands, for scripts.
type mailRowJSON struct {
	System string          `json:"system"`
	Fits   []model.Outcome `json:"fits"`
	Waits  string          `json:"waits,omitempty"` // why mail A isn't right, where none is
	Told   bool            `json:"told"`
	To     []string        `json:"to"`
	Log    []string        `json:"log"`
}

// overview shows which mails are right for each system, and what was sent.
func (d *desk) overview(out io.Writer) error {
	rows := []mailRowJSON{}
	for _, s := range d.customers() {
		row := mailRowJSON{System: s.ID, Fits: append([]model.Outcome{}, d.morning.Fitting(s.ID)...), To: []string{}, Log: []string{}}
		if len(row.Fits) == 0 {
			row.Waits = d.morning.Unfit(s.ID, model.OutcomeDone).Message
		}
		for _, r := range s.Addressees() {
			row.To = append(row.To, r.Mail)
		}
		for _, st := range d.morning.State.Systems {
			row.Told = row.Told || st.ID == s.ID && st.Told
		}
		statuses := post.Statuses(d.log.lines)
		for _, k := range sortedKeys(statuses) {
			if k.System == s.ID {
				row.Log = append(row.Log, fmt.Sprintf("%s %s %s", k.Outcome, k.To, statuses[k].Describe()))
			}
		}
		rows = append(rows, row)
	}
	if d.flags.asJSON {
		return printJSON(out, rows)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SYSTEM\tRIGHT NOW\tTOLD\tTO\tLOG\tWAITS FOR")
	for _, r := range rows {
		var fits []string
		for _, o := range r.Fits {
			fits = append(fits, string(o))
		}
		told := map[bool]string{true: "yes", false: "-"}[r.Told]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.System, orDash(strings.Join(fits, " ")), told, orDash(strings.Join(r.To, ", ")), orDash(diag.Printable(strings.Join(r.Log, "; "))), orDash(r.Waits))
	}
	return t.Flush()
}
