package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/post"
)

// mailLog is the log of the mails of one release, beside its journal.
type mailLog struct {
	path  string // of the file
	name  string // as diagnostics show it
	lines []post.Line
}

// mailLogName names the log beside a journal.
func mailLogName(journal string) string { return strings.TrimSuffix(journal, ".log") + ".mails.log" }

func openMailLog(w *workspace, b *book) (mailLog, error) {
	name := mailLogName(b.name)
	l := mailLog{path: filepath.Join(w.dir, filepath.FromSlash(name)), name: name}
	return l, l.read()
}

// read reads the file; a line that can't be read may be the one that says that
// a mail went out, so that it is an error.
func (l *mailLog) read() error {
	text, err := os.ReadFile(l.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the log of sent mails: %w", err)
	}
	lines, wrong := post.Parse(l.name, string(text))
	if len(wrong) > 0 {
		return &diag.ListError{List: wrong}
	}
	l.lines = lines
	return nil
}

// note adds a line so that it survives a crash.
func (l *mailLog) note(line post.Line) error {
	if err := output.Append(l.path, []byte(line.String())); err != nil {
		return err
	}
	l.lines = append(l.lines, line)
	return mergeable(filepath.Dir(l.path))
}

// hold keeps every other run from sending.
func (l *mailLog) hold() (func(), error) {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o777); err != nil {
		return nil, fmt.Errorf("making the journal's folder: %w", err)
	}
	release, err := output.Hold(strings.TrimSuffix(l.path, ".log") + ".sending")
	if errors.Is(err, output.ErrHeld) {
		return nil, diag.Refuse("mail-busy", diag.Say("another daybreak is sending mails of this release right now"),
			diag.Say("wait until it is done; what it sent is not sent again."))
	}
	if err != nil {
		return nil, fmt.Errorf("locking the log of sent mails: %w", err)
	}
	return release, nil
}

// sortedKeys gives the mails of the log in an order that depends on nothing else.
func sortedKeys(m map[post.Key]post.Status) []post.Key {
	return slices.SortedFunc(maps.Keys(m), func(a, b post.Key) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Hotfix, b.Hotfix), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.To, b.To))
	})
}

// intoJournal writes every mail that went out into the day's journal, once: the
// step of the mails for A and B, a note for the others. It also makes up for a
// run that was killed before it could.
func (d *desk) intoJournal() error {
	step := ""
	for _, s := range d.book.plan.Steps {
		if s.Kind == model.StepMail && step == "" {
			step = s.Code
		}
	}
	told := map[string]bool{}
	for _, s := range d.morning.State.Systems {
		told[s.ID] = s.Told
	}
	statuses := post.Statuses(d.log.lines)
	type about struct{ system, outcome string }
	first := map[about]string{}
	var order []about
	for _, key := range sortedKeys(statuses) {
		st := statuses[key]
		a := about{key.System, strings.TrimSuffix(string(key.Outcome)+":"+key.Hotfix, ":")}
		if !st.Sent || key.System == "" {
			continue
		}
		at := st.At.In(d.w.config.Location()).Format("1504")
		if have, ok := first[a]; !ok {
			order = append(order, a)
			first[a] = at
		} else if at < have {
			first[a] = at
		}
	}
	var lines []string
	for _, a := range order {
		done := a.outcome == string(model.OutcomeDone) || a.outcome == string(model.OutcomeLate)
		switch {
		case done && step != "" && told[a.system]:
		case done && step != "":
			lines = append(lines, fmt.Sprintf("%s %s %s", step, a.system, first[a]))
		default:
			lines = append(lines, fmt.Sprintf("%s note | mail %s to %s", first[a], strings.Replace(a.outcome, ":", " about ", 1), a.system))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if _, err := d.book.add("", strings.Join(lines, "\n")); err != nil {
		return fmt.Errorf("noting the mails in the journal: %w", err)
	}
	return d.readState()
}
