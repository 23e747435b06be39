// Package printed holds what a release's sheets said when they were printed, so
// that the ones in hand can be told from the facts of now.
//
// # The file
//
// `daybreak print` writes content/releases/<version>/printed/<fingerprint>.<lang>.yaml
// in the workspace, one for each state of the facts that got on paper; two people
// who print never write the same file with different facts, so git has nothing to
// merge:
//
//	version: 2026.15.0
//	fingerprint: 3642a192
//	lang: de
//	at: 2026-11-23 16:40:07
//	documents:
//	    - name: runbook
//	      sheets: 4
//	      rows:
//	        - {key: step S05, code: S05, text: 06:35 · Klicken: …, sheets: [2]}
package printed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Folder is the folder of the files in a release's folder.
const Folder = "printed"

// MaxSize is the largest file that is read, in bytes.
const MaxSize = 4 << 20

// Print is one state of a release's facts that was printed, in one language.
type Print struct {
	Version     string     `yaml:"version"`
	Fingerprint string     `yaml:"fingerprint"`
	Lang        model.Lang `yaml:"lang"`
	At          string     `yaml:"at"` // the last time, as Moment, by the clock of the one who printed
	Documents   []Document `yaml:"documents"`
}

// Moment is the layout of Print.At, see package time.
const Moment = "2006-01-02 15:04:05"

// Minute is At for people: "2026-11-23 16:40".
func (p *Print) Minute() string { return p.At[:min(len(p.At), len("2006-01-02 15:04"))] }

// Document is one printed document.
type Document struct {
	Name   string `yaml:"name"`
	Sheets int    `yaml:"sheets"`
	Rows   []Row  `yaml:"rows"`
}

// Name is the print's file, inside Folder.
func (p *Print) Name() string { return p.Fingerprint + "." + string(p.Lang) + ".yaml" }

// Document gives a document by name, nil where it wasn't printed.
func (p *Print) Document(name string) *Document {
	for i := range p.Documents {
		if p.Documents[i].Name == name {
			return &p.Documents[i]
		}
	}
	return nil
}

const preamble = "# daybreak wrote this: what the printed sheets say. Keep it in git as long as the paper lies about.\n"

// Bytes writes the file.
func (p *Print) Bytes() ([]byte, error) {
	data, err := yaml.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("writing what was printed: %w", err)
	}
	return append([]byte(preamble), data...), nil
}

// Parse reads the file. What can't be read is told and left out: it says what
// lies on a table, nothing is made of it.
func Parse(name string, data []byte) (*Print, diag.List) {
	var p Print
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&p); err != nil && !errors.Is(err, io.EOF) {
		return nil, wrong(name, strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if p.Fingerprint == "" || p.Lang == "" || !strings.HasSuffix(name, "/"+p.Name()) {
		return nil, wrong(name, fmt.Sprintf("it speaks of fingerprint %q in %q, its name of another", p.Fingerprint, p.Lang))
	}
	return &p, nil
}

func wrong(name, why string) diag.List {
	return diag.List{{
		Severity: diag.Warning, Code: "printed", Position: diag.Position{File: name},
		Message: "what was printed can't be read: " + why,
		Hint:    "take the file back from git, or delete it and print again; only what changed since that print isn't told.",
	}}
}

// Changes compares what was printed with the rows of now: what says something
// else or has another code, what is gone, then what is new.
func Changes(was *Document, now []Row) []model.ChangedRow {
	current := map[string]Row{}
	for _, r := range now {
		current[r.Key] = r
	}
	var out []model.ChangedRow
	for _, old := range was.Rows {
		r, ok := current[old.Key]
		delete(current, old.Key)
		switch {
		case !ok:
			out = append(out, changed(old, old.Text, ""))
		case r.Text != old.Text:
			out = append(out, changed(old, old.Text, r.Text))
		case r.Code != old.Code: // the journal knows it by its code
			out = append(out, changed(old, old.Code+" "+old.Text, r.Code+" "+r.Text))
		}
	}
	for _, r := range now {
		if _, ok := current[r.Key]; ok {
			r.Sheets = nil
			out = append(out, changed(r, "", r.Text))
		}
	}
	return out
}

func changed(r Row, was, now string) model.ChangedRow {
	c := model.ChangedRow{Label: r.Code, Was: was, Now: now, Sheets: r.Sheets}
	if c.Label == "" {
		c.Label, c.Fact = r.Key, true
	}
	return c
}

// Sheets lists the sheets of the new print that say something else than the
// printed ones of the same number. All do where the count of sheets has changed,
// for each says "page n of m", and where a row stands nobody knows where.
func Sheets(was, now *Document) []int {
	var out []int
	for n := 1; n <= now.Sheets; n++ {
		if was.Sheets != now.Sheets || !slices.Equal(on(was, n), on(now, n)) {
			out = append(out, n)
		}
	}
	return out
}

// on gives what the rows of a sheet say, in their order.
func on(d *Document, n int) []string {
	var out []string
	for _, r := range d.Rows {
		if len(r.Sheets) == 0 || slices.Contains(r.Sheets, n) {
			out = append(out, r.Key+"\x00"+r.Code+"\x00"+r.Text)
		}
	}
	return out
}
