package main

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"daybreak/internal/diag"
	"daybreak/internal/mail"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/post"
)

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
	if len(d.flags.again)+len(d.flags.wasSent) > 0 {
		if err := d.refuseClock(); err != nil {
			return err
		}
	}
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
		d.m.diagnostics(diag.List{diag.New(diag.Warning, p.Code, diag.Position{}, p.Phrases.Message, diag.Say("--day says another one."))})
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

// mailRowJSON is how a system stands, for scripts.
type mailRowJSON struct {
	System string          `json:"system"`
	Fits   []model.Outcome `json:"fits"`
	Waits  string          `json:"waits,omitempty"` // why mail A isn't right, where none is
	Told   bool            `json:"told"`
	To     []string        `json:"to"`
	Log    []string        `json:"log"`
}

// word says a sentence to people in their language, to scripts in English.
func (d *desk) word(p diag.Phrase) string {
	if d.flags.asJSON {
		return p.String()
	}
	return d.m.in.say(p)
}

// overview shows which mails are right for each system, and what was sent.
func (d *desk) overview(out io.Writer) error {
	rows := []mailRowJSON{}
	for _, s := range d.customers() {
		row := mailRowJSON{System: s.ID, Fits: append([]model.Outcome{}, d.morning.Fitting(s.ID)...), To: []string{}, Log: []string{}}
		if len(row.Fits) == 0 {
			row.Waits = d.word(d.morning.Unfit(s.ID, model.OutcomeDone).Phrases.Message)
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
				row.Log = append(row.Log, fmt.Sprintf("%s %s %s", k.Outcome, k.To, d.word(statuses[k].Describe())))
			}
		}
		rows = append(rows, row)
	}
	if d.flags.asJSON {
		return printJSON(out, rows)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, d.m.in.say(diag.Say("SYSTEM\tRIGHT NOW\tTOLD\tTO\tLOG\tWAITS FOR")))
	for _, r := range rows {
		var fits []string
		for _, o := range r.Fits {
			fits = append(fits, string(o))
		}
		told := map[bool]string{true: d.m.in.say(diag.Say("yes")), false: "-"}[r.Told]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.System, orDash(strings.Join(fits, " ")), told, orDash(strings.Join(r.To, ", ")), orDash(diag.Printable(strings.Join(r.Log, "; "))), orDash(r.Waits))
	}
	return t.Flush()
}
