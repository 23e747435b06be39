// Package fragment reads note files: hand-written notes that lie in the
// product's repository beside the change that they tell of. It is pure: bytes
// in, values out. Which files belong to a release is gitsource's to say, which
// change a note tells of is compose's.
//
// Five formats are read, each as the tool that made it documents it:
//
//   - daybreak: .daybreak/notes/*.md, markdown with YAML front matter, see
//     daybreak.go
//   - changie: .changes/unreleased/*.yaml, https://changie.dev/config/
//   - towncrier: newsfragments/123.feature.rst,
//     https://towncrier.readthedocs.io/en/stable/configuration.html
//   - reno: releasenotes/notes/*-<16 hex digits>.yaml,
//     https://docs.openstack.org/reno/latest/user/usage.html
//   - scriv: changelog.d/*.md and *.rst,
//     https://scriv.readthedocs.io/en/latest/configuration.html
package fragment

import (
	"path"
	"strings"
	"unicode/utf8"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// The formats. None turns note files off.
const (
	Daybreak  = "daybreak"
	Changie   = "changie"
	Towncrier = "towncrier"
	Reno      = "reno"
	Scriv     = "scriv"
	None      = "none"
)

// Setting is what a workspace says of one place of note files.
type Setting struct {
	Format string
	Path   string            // folder, "" for what the tool's own configuration or default says
	Kinds  map[string]string // a tool's word for a kind → a kind, or internal
	Lang   model.Lang        // language of the notes, "" for the history's
}

// Source is one place of note files in one revision of a repository.
type Source struct {
	Format    string
	Folders   []string // where its files lie
	Globs     []string // its files
	Except    []string // files there that are no notes
	Changelog []string // what its tool assembles them into
	Kept      bool     // its files are never assembled

	lang     model.Lang
	kinds    map[string]string
	types    map[string]kindOf // towncrier's types, changie's kinds, reno's sections
	sections map[string]string // towncrier: folder → section
	order    []string          // reno: sections as configured
	orphan   string            // towncrier: prefix of notes without a number
	prelude  string            // reno: name of the prelude
	marker   string            // scriv: start marker
	unsure   string            // a file that may name notes and can't be read
}

// kindOf is what a tool's configuration says of one of its kinds.
type kindOf struct {
	label  string
	silent bool // its text is not shown
}

// Key says what makes a note the same under another name, nil where nothing does.
func (s *Source) Key() func(string) string {
	if s.Format == Reno {
		return uid
	}
	return nil
}

// Parse reads one note file. A file that can't be read gives a warning with its
// place, and no note.
func (s *Source) Parse(file string, data []byte) ([]model.Fragment, diag.List) {
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	var list diag.List
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\ufffd")
		list.Add(problem(file, 0, 0, "damaged-text", diag.Say("the note file is not UTF-8; what can't be read is shown as �"), diag.Say("Save it as UTF-8.")))
	}
	p := &parser{s: s, file: file, stem: stem(file), list: &list}
	if line := conflict(text); line > 0 {
		list.Add(problem(file, line, 1, "merge-conflict", diag.Say("the note file holds a merge conflict"), diag.Say("Settle it: keep one side and delete the lines of <, = and >.")))
		list[len(list)-1].Severity = diag.Error
		return nil, list
	}
	switch s.Format {
	case Daybreak:
		p.daybreak(text)
	case Changie:
		p.changie(text)
	case Towncrier:
		p.towncrier(text)
	case Reno:
		p.reno(text)
	case Scriv:
		p.scriv(text)
	}
	return p.out, list
}

// parser reads one file.
type parser struct {
	s    *Source
	file string
	stem string
	out  []model.Fragment
	list *diag.List
}

// note begins a fragment of the file. part tells several of one file apart.
func (p *parser) note(part string) *model.Fragment {
	key := p.stem
	if part != "" {
		key += "/" + part
	}
	p.out = append(p.out, model.Fragment{Key: key, Path: p.file, Format: p.s.Format, Text: model.Text{}})
	return &p.out[len(p.out)-1]
}

func (p *parser) warn(line, column int, code string, message, hint diag.Phrase) {
	p.list.Add(problem(p.file, line, column, code, message, hint))
}

func problem(file string, line, column int, code string, message, hint diag.Phrase) diag.Diagnostic {
	return diag.New(diag.Warning, code, diag.Position{File: file, Line: line, Column: column},
		message,
		hint)
}

// kind puts a tool's word for a kind on a note.
func (p *parser) kind(f *model.Fragment, word string) {
	of := p.s.types[word]
	if of.silent {
		f.Silent = true
	}
	k, breaking := p.s.kindWord(word, of.label)
	if k != "" {
		f.Trailers = append(f.Trailers, model.Trailer{Key: "Changelog", Value: k})
	}
	if breaking {
		f.Trailers = append(f.Trailers, model.Trailer{Key: "Breaking", Value: "yes"})
	}
}

// stem is a file's name without folders and its last extension.
func stem(file string) string {
	base := path.Base(file)
	return strings.TrimSuffix(base, path.Ext(base))
}

// conflict gives the line, from 1, at which git left a conflict; 0 for none.
func conflict(text string) int {
	n, ours := 0, 0
	for line := range strings.Lines(text) {
		n++
		switch {
		case strings.HasPrefix(line, "<<<<<<< "):
			ours = n
		case strings.HasPrefix(line, ">>>>>>> ") && ours > 0:
			return ours
		}
	}
	return 0
}
