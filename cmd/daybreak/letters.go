package main

import (
	"bytes"
	"context"
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

// freshMails writes the six outcomes of each of the newest releases: for every
// customer, and for each system alone.
func (e *edition) freshMails() (freshMails, error) {
	var out freshMails
	for _, l := range e.w.config.Languages {
		if err := e.addFresh(&out, nil, l); err != nil {
			return out, err
		}
	}
	for i := range e.w.config.Systems {
		s := &e.w.config.Systems[i]
		if s.Test {
			continue
		}
		for _, l := range compose.SystemLanguages(e.w.config, s) {
			if err := e.addFresh(&out, s, l); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

func (e *edition) addFresh(out *freshMails, s *config.System, l model.Lang) error {
	notes := e.mailNotes(s, l, freshReleases) // a hotfix is newer than what it mends
	for i, n := range notes {
		facts := e.factsOf(notes, n, s)
		for _, o := range model.Outcomes() {
			m, found, err := mail.Compose(e.w.content, facts, o, mailWords(e.look, l))
			if err != nil {
				return err
			}
			if i == 0 && s == nil || found.Worst() == diag.Error {
				out.found = append(out.found, found...)
			}
			if found.Worst() == diag.Error {
				return errContent
			}
			out.letters = append(out.letters, letter{Mail: m, facts: facts, to: e.w.addressees(s, l)})
		}
	}
	return nil
}

// factsOf are those of a release, with its hotfix where there is one.
func (e *edition) factsOf(all []model.Notes, n model.Notes, s *config.System) model.MailFacts {
	facts := e.w.mailFacts(n, s)
	if hotfix := compose.HotfixNotes(all, n); hotfix != nil {
		facts.Hotfix = compose.HotfixFacts(e.w.config, s, *hotfix)
	}
	return facts
}

// mailNotes are what mails tell. Those of what isn't published yet are written
// the day before; without a workspace nothing waits to be published.
func (e *edition) mailNotes(s *config.System, l model.Lang, most int) []model.Notes {
	if e.w.dir != "" {
		return compose.AllNotes(e.w.config, e.list, s, l, most)
	}
	notes, _ := e.notes(s, l) // the public site says what is withheld
	if most > 0 {
		notes = notes[:min(most, len(notes))]
	}
	return notes
}

// writeMails writes the mails of the newest releases, also as drafts, and the
// six outcomes of each older one for every customer: nobody writes to a single
// system again of what was told a year ago, nor to anybody of a number that was
// put on a build that has another.
func (e *edition) writeMails(_ context.Context, tree site.Sink) (diag.List, error) {
	fresh, err := e.fresh()
	if err != nil {
		return fresh.found, err
	}
	for _, l := range fresh.letters {
		if err := tree.Put(mail.Name(l.Mail)+".md", mail.Markdown(l.Mail, e.look.T(l.Lang, "mail.subject"))); err != nil {
			return fresh.found, err
		}
		err := site.Later(tree, mail.Name(l.Mail)+".eml", func() ([]byte, error) {
			return e.w.eml(e.look, l.Mail, l.facts, mail.Envelope{To: l.to})
		})
		if err != nil {
			return fresh.found, err
		}
	}
	for _, l := range e.w.config.Languages {
		notes := e.mailNotes(nil, l, 0)
		for _, n := range notes[min(freshReleases, len(notes)):] {
			if n.SameBuild != "" && !e.w.wroteOf(n.Slug) {
				continue
			}
			facts := e.factsOf(notes, n, nil)
			for _, o := range model.Outcomes() {
				name := mail.Name(model.Mail{Slug: facts.Slug, Outcome: o, Lang: facts.Lang})
				if err := site.Later(tree, name+".md", func() ([]byte, error) { return e.oldMail(facts, o) }); err != nil {
					return fresh.found, err
				}
			}
		}
	}
	return fresh.found, nil
}

func (e *edition) oldMail(facts model.MailFacts, o model.Outcome) ([]byte, error) {
	m, found, err := mail.Compose(e.w.content, facts, o, mailWords(e.look, facts.Lang))
	if err == nil {
		err = found.Err()
	}
	if err != nil {
		return nil, err
	}
	return mail.Markdown(m, e.look.T(facts.Lang, "mail.subject")), nil
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
		return nil, diag.Refuse("mail-address", diag.Say("mail %s of %s: %v", m.Outcome, strings.TrimSpace(m.Version+" "+m.For), err),
			diag.Say("mend the address in %s.", configFile))
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
