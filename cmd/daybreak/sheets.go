package main

import (
	"io/fs"
	"reflect"
	"strings"
	"sync"

	"daybreak/internal/compose"
	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/journal"
	"daybreak/internal/model"
)

// sheets are what the team gets of one release in one language, and what its
// journal can speak of.
type sheets struct {
	book             model.Runbook
	checks           model.Checklist
	ledger           model.Ledger
	plan             journal.Plan
	inBook, inChecks diag.List
}

// sheetStore keeps the sheets of earlier editions: the workspace's settings and
// content are the same as long as it is, so that they follow from their release.
type sheetStore struct {
	mu   sync.Mutex // an edition may be written while the next one is
	kept map[sheetKey]storedSheets
}

func (s *sheetStore) get(k sheetKey, r *model.Release) (sheets, bool) {
	if s == nil {
		return sheets{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	have, ok := s.kept[k]
	// Deep equality is cheap here: what an edit leaves alone is mostly the same memory.
	return have.sheets, ok && reflect.DeepEqual(have.of, *r)
}

func (s *sheetStore) put(k sheetKey, r *model.Release, of sheets) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[sheetKey]storedSheets{}
	}
	s.kept[k] = storedSheets{*r, of}
}

type sheetKey struct {
	slug string
	lang model.Lang
}

type storedSheets struct {
	of model.Release
	sheets
}

// wroteOf reports whether the workspace holds anything of a release by name: a
// draft, a publication, printed sheets or a journal.
func (w *workspace) wroteOf(slug string) bool {
	if w.dir == "" {
		return false
	}
	for _, file := range []string{journalName(slug), editorial.Folder + "/" + slug} {
		if _, err := fs.Stat(w.content, strings.TrimPrefix(file, "content/")); err == nil {
			return true
		}
	}
	return false
}

// sheetsOf composes the sheets of a release, or takes those that the same
// release had before.
func (w *workspace) sheetsOf(r *model.Release, day compose.DayContent, l model.Lang) sheets {
	key := sheetKey{r.Slug(), l}
	s, ok := w.kept.get(key, r)
	if ok {
		return s
	}
	h := w.header(r, l)
	s = sheets{}
	s.book, s.inBook = compose.Runbook(w.config, r, day, h)
	s.checks, s.inChecks = compose.Checklist(w.config, r, day, h)
	s.plan = w.plan(&s.book, &s.checks)
	s.inBook = append(s.inBook, compose.AddPastRuns(w.config, &s.book, w.pastRuns(s.plan, r.Version))...)
	s.book.Learned = w.learned(s.plan, r.Version)
	s.ledger = compose.Ledger(w.config, r, h, l)
	w.kept.put(key, r, s)
	return s
}
