package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/editorial"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/printed"
)

// printsOf reads what was printed of a release in one language, newest first.
func (w *workspace) printsOf(slug string, l model.Lang) ([]*printed.Print, diag.List, error) {
	if w.dir == "" {
		return nil, nil, nil
	}
	folder := path.Join(strings.TrimPrefix(editorial.Folder, "content/"), slug, printed.Folder)
	files, err := fs.ReadDir(w.content, folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading what was printed: %w", err)
	}
	var out []*printed.Print
	var found diag.List
	for _, f := range files {
		if f.IsDir() || !strings.HasSuffix(f.Name(), "."+string(l)+".yaml") {
			continue
		}
		data, err := fs.ReadFile(w.content, path.Join(folder, f.Name()))
		if err != nil {
			return nil, found, fmt.Errorf("reading what was printed: %w", err)
		}
		p, more := printed.Parse(path.Join("content", folder, f.Name()), data)
		if found = append(found, more...); p != nil {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *printed.Print) int { return strings.Compare(b.At+b.Fingerprint, a.At+a.Fingerprint) })
	return out, found, nil
}

// changedSince compares what was printed of a release with the documents of now,
// nil where the sheets in hand say the same.
func (w *workspace) changedSince(b *model.Runbook, c *model.Checklist, poster *model.Poster, strip *model.PhoneStrip) (*model.Changed, diag.List, error) {
	prints, found, err := w.printsOf(b.Slug, b.Lang)
	if err != nil || len(prints) == 0 {
		return nil, found, err
	}
	out := model.Changed{DayHeader: b.DayHeader}
	now := rowsOf(b, c, poster, strip)
	for _, p := range prints { // those of today's facts too: the strips follow the journal
		for i := range p.Documents {
			d := &p.Documents[i]
			if rows := printed.Changes(d, now[d.Name]); now[d.Name] != nil && len(rows) > 0 {
				out.Prints = append(out.Prints, model.ChangedPrint{Document: d.Name, At: p.Minute(), Fingerprint: p.Fingerprint, Rows: rows})
			}
		}
	}
	if len(out.Prints) == 0 {
		return nil, found, nil
	}
	return &out, found, nil
}

// rowsOf gives what each document says, row by row.
func rowsOf(b *model.Runbook, c *model.Checklist, poster *model.Poster, strip *model.PhoneStrip) map[string][]printed.Row {
	return map[string][]printed.Row{"runbook": printed.Runbook(b), "checklist": printed.Checklist(c), "poster": printed.Poster(poster), "phone": printed.PhoneStrip(strip)}
}

// keepPrint writes down what was printed; what else was printed of the same facts
// before stays.
func (w *workspace) keepPrint(slug string, p *printed.Print, prints []*printed.Print) error {
	if w.dir == "" || len(p.Documents) == 0 {
		return nil
	}
	for _, earlier := range prints {
		if earlier.Fingerprint != p.Fingerprint {
			continue
		}
		for _, d := range earlier.Documents {
			if p.Document(d.Name) == nil {
				p.Documents = append(p.Documents, d)
			}
		}
	}
	slices.SortFunc(p.Documents, func(a, b printed.Document) int { return strings.Compare(b.Name, a.Name) })
	data, err := p.Bytes()
	if err != nil {
		return err
	}
	return output.File(filepath.Join(w.dir, filepath.FromSlash(editorial.Folder), slug, printed.Folder, p.Name()), data)
}
