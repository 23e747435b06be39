package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/mail"
	"daybreak/internal/model"
	"daybreak/internal/post"
)

// sendRounds is how often a mail is tried that the server puts off.
const sendRounds = 3

// outgoing is a mail for one of its recipients, and what the log knows of it.
type outgoing struct {
	letter
	key    post.Key
	status post.Status
}

// recipients takes the letters apart: each recipient has a handing-over of its
// own, so that one that is refused holds up nobody else.
func (d *desk) recipients(letters []letter) []outgoing {
	statuses := post.Statuses(d.log.lines)
	var out []outgoing
	for _, l := range letters {
		for _, a := range l.to {
			key := post.Key{Outcome: l.Outcome, Hotfix: l.hotfix, System: l.For, Lang: l.Lang, To: strings.ToLower(a.Mail)}
			out = append(out, outgoing{l, key, statuses[key]})
		}
	}
	return out
}

// sendAll lists the mails, asks, and sends those that didn't go out yet.
func (d *desk) sendAll(cmd *cobra.Command) (err error) {
	if err := d.refuseClock(); err != nil {
		return err
	}
	if err := d.decide(); err != nil {
		return err
	}
	if d.list[0].Unreleased {
		return diag.Refuse("mail-release", diag.Say("what is sent is remembered by its version, and this has none yet"),
			diag.Say("set the tag first; --out writes the mails for your own program."))
	}
	if p := d.otherDay(); p != nil {
		return p
	}
	letters, err := d.letters()
	if err != nil {
		return err
	}
	for _, l := range letters {
		if len(l.to) == 0 {
			return diag.Refuse("mail-recipient", diag.Say("nobody is named to whom the mails of %s go", orDash(l.For)),
				diag.Say("write systems.mail or systems.recipients in %s, or leave the system out with --system.", configFile))
		}
	}
	all := d.recipients(letters)
	// A script gets one list: what is planned, or what became of it.
	if script := d.flags.asJSON && d.flags.yes; !script {
		if err := d.listMails(cmd.OutOrStdout(), all); err != nil {
			return err
		}
	} else {
		defer func() { err = errors.Join(err, d.listMails(cmd.OutOrStdout(), d.recipients(letters))) }()
	}
	open := 0
	for _, o := range all {
		if !o.status.Sent && !o.status.Unclear {
			open++
		}
	}
	switch {
	case open == 0:
		d.m.say("nothing is left to send")
		return d.tellUnclear(all)
	case !d.flags.yes && (d.flags.asJSON || !terminal(cmd.InOrStdin())):
		d.m.say("nothing was sent: this is the list; --yes sends %s", countMails(open))
		return d.tellUnclear(all)
	}
	server, err := d.server()
	if err != nil {
		return err
	}
	if !d.flags.yes {
		ok, err := ask(cmd.InOrStdin(), cmd.ErrOrStderr(), d.m.in.say(diag.Say("daybreak: send %s now? Type yes: ", countMails(open))))
		if err != nil || !ok {
			d.m.say("nothing was sent")
			return err
		}
	}
	err = d.send(cmd.Context(), cmd.OutOrStdout(), server, letters)
	return d.withUnclear(err, d.tellUnclear(d.recipients(letters)))
}

// withUnclear tells what failed and what is unclear.
func (d *desk) withUnclear(failed, unclear error) error {
	var first, second *diag.ListError
	switch {
	case unclear == nil:
		return failed
	case failed == nil || !errors.As(unclear, &second):
		return unclear
	case errors.As(failed, &first):
		return &diag.ListError{List: append(first.List, second.List...)}
	}
	d.m.diagnostics(second.List)
	return failed
}

func countMails(n int) diag.Phrase { return diag.Say("%d %s", n, plural(n, "mail")) }

// ask waits for a yes. Anything else, and the end of the input, is a no.
func ask(in io.Reader, out io.Writer, question string) (bool, error) {
	if _, err := fmt.Fprint(out, question); err != nil {
		return false, err
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("reading the answer: %w", err)
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "yes", "y", "ja", "j":
		return true, nil
	}
	return false, nil
}

// sendJSON is a mail of the list for scripts.
type sendJSON struct {
	System   string        `json:"system"`
	Outcome  model.Outcome `json:"outcome"`
	Language model.Lang    `json:"language"`
	To       string        `json:"to"`
	Subject  string        `json:"subject"`
	Status   string        `json:"status"`
}

func (d *desk) listMails(out io.Writer, all []outgoing) error {
	if d.flags.asJSON {
		rows := make([]sendJSON, len(all))
		for i, o := range all {
			rows[i] = sendJSON{o.For, o.Outcome, o.Lang, o.key.To, o.Subject, o.status.Describe().String()}
		}
		return printJSON(out, rows)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, d.m.in.say(diag.Say("SYSTEM\tMAIL\tTO\tSUBJECT\tLOG")))
	for _, o := range all {
		fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\t%s\n", o.For, o.Outcome, o.Lang, o.key.To, diag.Printable(o.Subject), diag.Printable(d.m.in.say(o.status.Describe())))
	}
	return t.Flush()
}

// tellUnclear names the mails of which nobody knows what became of them.
func (d *desk) tellUnclear(all []outgoing) error {
	var list diag.List
	for _, o := range all {
		if o.status.Unclear {
			list.Add(diag.New(diag.Error, "mail-unclear", diag.Position{File: d.log.name}, diag.Say("nobody knows whether mail %s reached %s (%s): it was begun at %s and no end is noted", o.Outcome, o.key.To, o.For, o.status.At.Format("15:04")),
				diag.Say("Ask them, or look at the server for Message-ID <%s>; then --was-sent %s, or --again %s to send it once more.", d.messageID(o.letter), o.For, o.For)))
		}
	}
	if len(list) > 0 {
		return &diag.ListError{List: list}
	}
	return nil
}

// decide notes what a person found out about mails that are unclear.
func (d *desk) decide() error {
	if len(d.flags.again)+len(d.flags.wasSent) == 0 {
		return nil
	}
	release, err := d.log.hold()
	if err != nil {
		return err
	}
	defer release()
	if err := d.log.read(); err != nil {
		return err
	}
	statuses := post.Statuses(d.log.lines)
	for _, said := range []struct {
		systems []string
		event   post.Event
	}{{d.flags.wasSent, post.WasSent}, {d.flags.again, post.Again}} {
		for _, id := range said.systems {
			s, err := d.system(id)
			if err != nil {
				return err
			}
			n := 0
			for _, key := range sortedKeys(statuses) {
				st := statuses[key]
				if key.System != s.ID || string(key.Outcome) != d.flags.outcome || !st.Unclear && (said.event == post.WasSent || !st.Sent) {
					continue
				}
				n++
				if err := d.log.note(post.Line{At: d.now(), Key: key, Attempt: "-", Event: said.event}); err != nil {
					return err
				}
			}
			if n == 0 {
				return diag.Refuse("mail-log", diag.Say("mail %s of %s is not unclear", d.flags.outcome, s.ID),
					diag.Say("`daybreak mail %s` shows what the log knows.", d.list[0].Slug()))
			}
		}
	}
	return d.intoJournal()
}

// now is the moment in the workspace's zone, on the day that was given by hand where
// one was.
func (d *desk) now() time.Time {
	now := time.Now().In(d.w.config.Location())
	if day, given, err := d.w.day(d.flags.date); given && err == nil {
		return time.Date(day.Year(), day.Month(), day.Day(), now.Hour(), now.Minute(), now.Second(), now.Nanosecond(), now.Location())
	}
	return now
}

// refuseClock keeps mails and their log from getting a day that can't be right.
func (d *desk) refuseClock() error {
	c, err := d.w.clockOf(d.book, &d.list[0], d.flags.date)
	if err != nil {
		return err
	}
	return refuseClock(d.m, c.Clock())
}

// server gives the server with its password.
func (d *desk) server() (post.Server, error) {
	c := d.w.config.Mail
	if c.SMTP == nil {
		return post.Server{}, diag.Refuse("mail-server", diag.Say("no server is named that mails could be handed to"),
			diag.Say("write mail.smtp in %s: `mail: {smtp: {host: smtp.example.com, user: …}}`, or write the mails with --out and send them with your own program.", configFile))
	}
	if c.From == "" {
		return post.Server{}, diag.Refuse("mail-server", diag.Say("no address is named that mails come from"),
			diag.Say("write mail.from or product.contact.mail in %s.", configFile))
	}
	_, domain, _ := strings.Cut(c.From, "@")
	s := post.Server{Host: c.SMTP.Host, Port: c.SMTP.Port, Security: c.SMTP.Security, User: c.SMTP.User, Hello: domain, Timeout: time.Duration(c.SMTP.Timeout) * time.Second}
	if s.User == "" {
		return s, nil
	}
	var err error
	s.Password, err = d.password()
	return s, err
}

// password takes it from the environment, else from the file. It stands in no
// message.
func (d *desk) password() (string, error) {
	if p := os.Getenv("DAYBREAK_SMTP_PASSWORD"); p != "" {
		return p, nil
	}
	name := d.w.config.Mail.SMTP.PasswordFile
	if name == "" {
		return "", diag.Refuse("mail-password", diag.Say("there is no password for the mail server"),
			diag.Say("put it into the environment as DAYBREAK_SMTP_PASSWORD, or name a file that holds it: mail.smtp.password_file."))
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(d.w.dir, filepath.FromSlash(name))
	}
	info, err := os.Stat(name)
	if err != nil {
		return "", fmt.Errorf("reading the mail server's password: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", diag.Refuse("mail-password", diag.Say("%q, which holds the mail server's password, can be read by others", name),
			diag.Say("chmod 600 %s", name))
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("reading the mail server's password: %w", err)
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}

// messageID is the same whenever the same mail is sent again, so that programs
// and servers know a double.
func (d *desk) messageID(l letter) string {
	c := d.w.config
	sum := sha256.Sum256([]byte(strings.Join([]string{c.Product.Name, l.Version, string(l.Outcome), l.hotfix, l.For, string(l.Lang)}, "\x00")))
	_, domain, _ := strings.Cut(c.Mail.From, "@")
	return fmt.Sprintf("%x@%s", sum[:12], domain)
}

// send hands over what isn't sent and not unclear, while no other run can.
func (d *desk) send(ctx context.Context, out io.Writer, server post.Server, letters []letter) error {
	release, err := d.log.hold()
	if err != nil {
		return err
	}
	defer release()
	// Another run may have sent some while the list was being read.
	if err := d.log.read(); err != nil {
		return err
	}
	if err := d.intoJournal(); err != nil {
		return err
	}
	var mails []post.Mail
	for _, o := range d.recipients(letters) {
		if o.status.Sent || o.status.Unclear {
			continue
		}
		data, err := d.w.eml(d.look, o.Mail, o.facts, mail.Envelope{To: o.to, Date: d.now().Truncate(time.Second), ID: d.messageID(o.letter)})
		if err != nil {
			return err
		}
		mails = append(mails, post.Mail{Key: o.key, From: d.w.config.Mail.From, Data: data})
	}
	smtp := d.w.config.Mail.SMTP
	run := post.Run{
		Dial: server.Dial, Now: d.now, Rounds: sendRounds,
		Pause: time.Duration(smtp.Pause) * time.Second, Retry: time.Duration(smtp.Retry) * time.Second,
		Note: func(l post.Line) error {
			if err := d.log.note(l); err != nil || l.Event != post.Sent {
				return err
			}
			return d.intoJournal()
		},
		Tell: func(m post.Mail, f post.Fate) {
			if !d.flags.asJSON {
				fmt.Fprintf(out, "%s %s: %s: %s\n", m.System, m.To, f.Event, diag.Printable(f.Words))
			}
		},
		Wait: func(ctx context.Context, t time.Duration) error {
			if t > 5*time.Second {
				d.m.say("the server put some mails off; they are tried again in %s", t)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(t):
				return nil
			}
		},
	}
	results, err := run.Send(ctx, mails)
	sent := 0
	for _, r := range results {
		if r.Event == post.Sent {
			sent++
		}
	}
	d.m.say("%d of %s sent", sent, countMails(len(mails)))
	switch {
	case errors.Is(err, context.Canceled):
		return diag.Refuse("mail-stopped", diag.Say("interrupted between two mails"),
			diag.Say("run it again: what was sent is not sent again."))
	case err != nil:
		return diag.Refuse("mail-server", diag.Say("%s", err.Error()), diag.Say("run it again when that is mended: what was sent is not sent again."))
	}
	return d.tellFailed(results)
}

// tellFailed names the mails that certainly didn't go out.
func (d *desk) tellFailed(results []post.Result) error {
	hints := map[post.Event]diag.Phrase{
		post.Refused: diag.Say("Mend the address in %s, or call them; run it again for the rest.", configFile),
		post.PutOff:  diag.Say("Run it again in some minutes: the server wants to be asked again."),
		post.Broken:  diag.Say("Run it again: nothing of this mail went out."),
	}
	var list diag.List
	for _, r := range results {
		if hint, failed := hints[r.Event]; failed {
			list.Add(diag.New(diag.Error, "mail-"+string(r.Event), diag.Position{File: d.log.name}, diag.Say("mail %s did not reach %s (%s): %s", r.Outcome, r.To, r.System, r.Words), hint))
		}
	}
	if len(list) > 0 {
		return &diag.ListError{List: list}
	}
	return nil
}
