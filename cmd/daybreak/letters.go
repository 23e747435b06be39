package main

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/mail"
	"daybreak/internal/model"
	"daybreak/internal/site"
	"daybreak/internal/theme"
)

// freshReleases is of how many of the newest releases a build writes the mails of
// each system: what is in preparation, what is being rolled out, and the one
// before, which may still get a hotfix. `daybreak mail` writes those of others.
const freshReleases = 3

// writeMails writes the six outcomes of each release, of the newest ones as
// drafts, too; for one system where it is given, which gets those of the newest
// releases alone: nobody writes again of what was told a year ago. It gives the
// newest ones.
func (w *workspace) writeMails(look *theme.Theme, notes []model.Notes, s *config.System, tree site.Sink) ([]model.Mail, diag.List, error) {
	var fresh []model.Mail
	var found diag.List
	for i, n := range notes {
		if s != nil && i >= freshReleases {
			break
		}
		facts := w.mailFacts(n, s)
		if hotfix := compose.HotfixNotes(notes, n); hotfix != nil {
			facts.Hotfix = compose.HotfixFacts(w.config, s, *hotfix)
		}
		for _, o := range model.Outcomes() {
			m, more, err := mail.Compose(w.content, facts, o, mailWords(look, n.Lang))
			if err != nil {
				return fresh, found, err
			}
			if i == 0 && s == nil || more.Worst() == diag.Error {
				found = append(found, more...)
			}
			if more.Worst() == diag.Error {
				return fresh, found, errContent
			}
			if err := tree.Put(mail.Name(m)+".md", mail.Markdown(m, look.T(n.Lang, "mail.subject"))); err != nil {
				return fresh, found, err
			}
			if i >= freshReleases {
				continue
			}
			fresh = append(fresh, m)
			draft, err := w.eml(look, m, facts, mail.Envelope{To: w.addressees(s, n.Lang)})
			if err != nil {
				return fresh, found, err
			}
			if err := tree.Put(mail.Name(m)+".eml", draft); err != nil {
				return fresh, found, err
			}
		}
	}
	return fresh, found, nil
}

// mailFacts are those of a system, or of every customer where it is nil.
func (w *workspace) mailFacts(n model.Notes, s *config.System) model.MailFacts {
	if s == nil {
		return compose.MailFacts(w.config, n)
	}
	return compose.SystemMailFacts(w.config, s, n)
}

// addressees are those of a system's people who read a language.
func (w *workspace) addressees(s *config.System, l model.Lang) []mail.Address {
	if s == nil {
		return nil
	}
	first := compose.SystemLanguages(w.config, s)[0]
	var out []mail.Address
	for _, r := range s.Addressees() {
		if r.Lang == l || r.Lang == "" && l == first {
			out = append(out, mail.Address{Name: r.Name, Mail: r.Mail})
		}
	}
	return out
}

// eml writes a mail as a file; the envelope's sender, alternative and calendar
// are put in here.
func (w *workspace) eml(look *theme.Theme, m model.Mail, f model.MailFacts, e mail.Envelope) ([]byte, error) {
	c := w.config
	e.From = mail.Address{Name: c.Mail.Name, Mail: c.Mail.From}
	e.ReplyTo = mail.Address{Name: c.Mail.Name, Mail: c.Mail.ReplyTo}
	var page bytes.Buffer
	if err := look.Execute(&page, "mail/letter.html", m.Lang, mail.Letter{
		Lang: m.Lang, Subject: m.Subject, Product: f.Product.Name, Accent: c.Product.Accent, Blocks: mail.Blocks(m.Body),
	}); err != nil {
		return nil, err
	}
	e.HTML = page.Bytes()
	if day, ok := w.trainDay(m.Lang, f.Day); ok && m.Outcome == model.OutcomeAnnounce {
		name := look.T(m.Lang, "mail.dateFile") + ".ics"
		data := site.CustomerCalendar(f.Product.Name, m.Version, m.For, day, m.Lang, look)
		e.Files = append(e.Files, mail.File{Name: name, Type: "text/calendar", Method: "PUBLISH", Data: data})
	}
	data, err := mail.EML(m, e)
	if err != nil {
		return nil, &diag.Problem{
			Code: "mail-address", Message: fmt.Sprintf("mail %s of %s: %v", m.Outcome, strings.TrimSpace(m.Version+" "+m.For), err),
			Hint: "mend the address in " + configFile + ".",
		}
	}
	return data, nil
}

// trainDay finds the day of the train that takes place on a day.
func (w *workspace) trainDay(l model.Lang, day time.Time) (model.TrainDay, bool) {
	if day.IsZero() {
		return model.TrainDay{}, false
	}
	days := compose.TrainDays(w.config, l, day, 1)
	for _, d := range days {
		if !d.Off && d.Day.Format(time.DateOnly) == day.Format(time.DateOnly) {
			return d, true
		}
	}
	return model.TrainDay{}, false
}

func mailWords(look *theme.Theme, l model.Lang) mail.Words {
	return mail.Words{
		Day:        func(t time.Time) string { return look.Date(l, t) },
		Time:       look.T(l, "mail.time"),
		Date:       look.T(l, "mail.date"),
		Unreleased: look.T(l, "mail.version"),
	}
}
