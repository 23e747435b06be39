package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"daybreak/internal/compose"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/journal"
	"daybreak/internal/model"
	"daybreak/internal/theme"
)

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
	if _, _, err := w.day(f.date); err != nil {
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
		return nil, wrongUse(diag.Say("the workspace has no mails in %q", f.lang))
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
	d.morning.Now = d.now()
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
			return nil, diag.Refuse("mail-system", diag.Say("%s is a test system: there is no customer to write to", s.ID),
				diag.Say("leave it out."))
		}
		return s, nil
	}
	var ids []string
	for _, s := range d.customers() {
		ids = append(ids, s.ID)
	}
	return nil, diag.Refuse("mail-system", diag.Say("there is no system %q", id),
		diag.Say("systems: %s.", strings.Join(ids, ", ")))
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
	return diag.Refuse("mail-day", diag.Say("the mails name %s as the day, and today is %s", day.Format(time.DateOnly), today),
		diag.Say("say which one is right: --day %s. Is this machine's clock right?", today))
}
