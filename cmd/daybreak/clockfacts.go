package main

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/journal"
	"daybreak/internal/model"
	"daybreak/internal/post"
	"daybreak/internal/publication"
)

// dating is the day that a decision about a release gets, and the facts at hand that
// it is held against. book names the journal of the day on which it was rolled out.
func (w *workspace) dating(r *model.Release, known map[string]*model.Publication, book, date string) (publication.Dating, error) {
	today, given, err := w.day(date)
	if err != nil {
		return publication.Dating{}, err
	}
	t := publication.Dating{Today: today, Given: given, Now: journal.None}
	if !given {
		now := time.Now().In(w.config.Location())
		t.Now = journal.Clock(now.Hour()*60 + now.Minute())
	}
	if newest := newestCommit(r); !newest.IsZero() {
		day := compose.Day(w.config, newest)
		t.Facts = append(t.Facts, publication.Fact{Day: day, What: diag.Say("its newest commit is of %s", day.Format(time.DateOnly))})
	}
	t.Facts = append(t.Facts, publication.Facts(editorial.Folder, known)...)
	if l, name, ok := w.lastMail(book); ok {
		day := compose.Day(w.config, l.At)
		t.Facts = append(t.Facts, publication.Fact{Day: day, What: diag.Say("mail %s to %s is noted on %s", l.Outcome, l.System, day.Format(time.DateOnly)), File: name})
	}
	return t, nil
}

// newestCommit is when the newest commit of a release was made, by the clock of who
// made it; zero where it holds none.
func newestCommit(r *model.Release) time.Time {
	var newest time.Time
	for _, c := range r.Changes {
		for _, one := range append(slices.Clone(c.Inner), c.Tip) {
			if one.Committed.After(newest) {
				newest = one.Committed
			}
		}
	}
	return newest
}

// lastMail is the latest line of the log of mails beside a journal. A log that can't
// be read is told by who sends mails.
func (w *workspace) lastMail(book string) (last post.Line, name string, ok bool) {
	name = mailLogName(book)
	text, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		return last, name, false
	}
	lines, _ := post.Parse(name, string(text))
	for _, l := range lines {
		if l.At.After(last.At) {
			last = l
		}
	}
	return last, name, len(lines) > 0
}

// refuseClock stops a decision whose day can't be today's, and tells what is odd
// about it.
func refuseClock(m messages, found diag.List) error {
	if err := found.Err(); err != nil {
		return err
	}
	m.diagnostics(found)
	return nil
}

// clockOf is what only decides over days: a release, and what its journal says.
func (w *workspace) clockOf(b *book, r *model.Release, date string) (publication.Case, error) {
	known, _, err := w.publications() // what is wrong with them is told by those who show them
	if err != nil {
		return publication.Case{}, err
	}
	t, err := w.dating(r, known, b.name, date)
	if err != nil {
		return publication.Case{}, err
	}
	state, _ := b.state()
	written := &model.Publication{Words: map[model.Lang]*model.ReleaseWords{}} // no first day that customers read
	return publication.Case{
		Tagged: compose.Day(w.config, r.Date), Publication: written, Dating: t,
		Rollout: publication.Rollout{File: b.name, Day: state.Day, Latest: state.Latest},
	}, nil
}

// todayFor is the line that gives the day to what is written down now, "" where the
// clock can't be right: then that is told, and the line is kept without a day.
func (w *workspace) todayFor(m messages, b *book, r *model.Release) (string, error) {
	c, err := w.clockOf(b, r, "")
	if err != nil {
		return "", err
	}
	found := c.Clock()
	wrong := found.Worst() == diag.Error
	for i := range found {
		found[i].Severity = diag.Warning
		found[i].Hint, found[i].Phrases = "set the machine's clock right; what was written down with a wrong time is mended by one more line.", nil
	}
	m.diagnostics(found)
	if wrong {
		return "", nil
	}
	return journal.DayLine(c.Today.Format(time.DateOnly)) + "\n", nil
}
