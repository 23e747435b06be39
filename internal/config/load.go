package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
)

// Name is the file's name in a workspace.
const Name = "daybreak.yaml"

// MaxSize is the largest daybreak.yaml that is read, in bytes. A workspace with
// fifty systems and three hundred areas needs a tenth of it.
const MaxSize = 1 << 20

// Load reads daybreak.yaml in the folder. The error is for I/O alone, with
// fs.ErrNotExist where there is no such file; what is wrong with the text is in
// the list. The configuration is never nil where the error is.
func Load(dir string) (*Config, diag.List, error) {
	data, err := read(os.DirFS(dir), Name)
	if errors.Is(err, fs.ErrNotExist) {
		p := diag.Refuse("no-workspace", diag.Say("no %s in %q", Name, dir),
			diag.Say("Make a workspace there with daybreak init, or name another one with --workspace.")).Because(fs.ErrNotExist)
		for _, other := range []string{"daybreak.yml", ".daybreak.yaml", ".daybreak.yml"} {
			if _, err := os.Stat(filepath.Join(dir, other)); err == nil {
				p.Advise(diag.Say("There is a %s: rename it to %s.", other, Name))
			}
		}
		return nil, nil, p
	}
	if err != nil {
		return nil, nil, fmt.Errorf("workspace %q: reading %s: %w", dir, Name, err)
	}
	c, list := Parse(Name, data)
	c.Dir = dir
	return c, list, nil
}

// read takes one byte more than is allowed, for Parse to see that it is too much.
// What isn't a regular file is refused before it is opened: a pipe would wait
// for a writer for ever.
func read(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, diag.Refuse("not-a-file", diag.Say("%q is not a regular file", name),
			diag.Say("It must be a text file; `daybreak init` writes one."))
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxSize+1))
}

// Parse reads the text of a daybreak.yaml; file is its name in diagnostics. It
// gives all it could make out, with the defaults of the package comment, and
// every problem, sorted. An empty file is a good one.
func Parse(file string, data []byte) (*Config, diag.List) {
	d := &decoder{file: file, at: map[string]place{}, lines: bytes.Split(data, []byte("\n"))}
	c := &Config{File: file, Places: map[string]diag.Position{}}
	if node := d.document(data); node != nil {
		d.root(node, c)
		d.validate(c)
	}
	c.fill()
	for key, at := range d.at {
		c.Places[key] = diag.Position{File: file, Line: at.line, Column: at.column}
	}
	d.list.Sort()
	return c, d.list
}

// Absent reports the repositories and the logo that are named and not there:
// without a repository there is nothing to build, without the logo there is.
// Parse can't: it reads no disk. exists gets a path of the system, below Dir
// where it is written relative.
func (c *Config) Absent(exists func(path string) bool) diag.List {
	var list diag.List
	look := func(severity diag.Severity, key string, what diag.Phrase, name string, hint diag.Phrase) {
		p := filepath.FromSlash(name)
		if !filepath.IsAbs(p) {
			p = filepath.Join(c.Dir, p)
		}
		if name != "" && !exists(p) {
			list.Add(diag.New(severity, "absent", c.At(key), diag.Say("%s %q is not there", what, name), hint))
		}
	}
	for i, r := range c.Repositories {
		look(diag.Error, fmt.Sprintf("repositories[%d].path", i), diag.Say("repository"), r.Path, diag.Say("The path is meant from the folder of %s on.", Name))
	}
	// Pages without their logo are whole: nobody should be held up by it in the
	// morning of a rollout.
	look(diag.Warning, "product.logo", diag.Say("logo"), c.Product.Logo, diag.Say("Put the picture there, or delete the line; the pages are built without it."))
	return list
}

// document gives the one document's node, nil where there is none.
func (d *decoder) document(data []byte) *yaml.Node {
	if len(data) > MaxSize {
		d.add(place{}, "", "file-too-big", diag.Say("the file is larger than %d bytes", MaxSize), diag.Say("Is it the right one? A daybreak.yaml has some hundred lines."))
		return nil
	}
	if at := invalidUTF8(data); at >= 0 {
		d.add(placeOf(data, at), "", "not-utf-8", diag.Say("the file is not UTF-8 from here on"), diag.Say("Save it as UTF-8 in your editor."))
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		d.syntax(err, data)
		return nil
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		d.syntax(err, data)
		return nil
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		d.syntax(err, data)
	default:
		d.add(place{second.Line, second.Column}, "", "several-documents", diag.Say("a second document begins here"), diag.Say("daybreak.yaml is one document: delete the line with --- or what follows it."))
	}
	if len(first.Content) == 0 {
		return nil
	}
	return first.Content[0]
}

// invalidUTF8 gives the offset of the first byte that isn't UTF-8, -1 for none.
func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// placeOf turns an offset into a line and a column in characters.
func placeOf(data []byte, offset int) place {
	before := data[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return place{bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1}
}

// syntax rewrites an error of the YAML reader for people who have never read
// the YAML specification.
func (d *decoder) syntax(err error, data []byte) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		d.add(place{}, "", "yaml-syntax", diag.Say("the file is not YAML: %s", err.Error()), diag.Phrase{})
		return
	}
	at := place{e.Mark.Line, e.Mark.Column}
	start := place{e.ContextMark.Line, e.ContextMark.Column}
	message, hint := diag.Say("%s", e.Message), diag.Say("Compare the indentation and the colons with the lines around it.")
	char := d.charAt(at)
	switch {
	case strings.HasPrefix(e.Message, "control characters"):
		if i := bytes.IndexFunc(data, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }); i >= 0 {
			at = placeOf(data, i)
		}
		message, hint = diag.Say("a control character"), diag.Say("Delete it; it is invisible in most editors.")
	case strings.Contains(e.Message, "cannot start any token") && char == "\t":
		message, hint = diag.Say("a tab in the indentation"), diag.Say("YAML is indented with blanks only: replace the tab by two blanks.")
	case strings.Contains(e.Message, "cannot start any token"):
		message, hint = diag.Say("a value can't begin with %q", char), diag.Say("Put the whole value in double quotes.")
	case strings.HasPrefix(e.Message, "unknown anchor"):
		_, name, _ := strings.Cut(e.Message, "'")
		name, _, _ = strings.Cut(name, "'")
		message, hint = diag.Say("%q stands for something marked with %q elsewhere, and there is nothing of that name", "*"+name, "&"+name), diag.Say("If it is a glob, put it in quotes: %q.", "*"+name)
	case strings.Contains(e.ContextMsg, "alias"):
		at = start
		message, hint = diag.Say("a value that begins with * must be in quotes"), diag.Say(`Write it as "*".`)
	case strings.Contains(e.Message, "mapping values are not allowed"):
		message, hint = diag.Say("a colon where none can stand"), diag.Say("Either the line before is indented wrongly or lacks its colon, or the value itself holds a colon: then put it in double quotes.")
	case strings.Contains(e.ContextMsg, "quoted scalar") && strings.Contains(e.Message, "end of stream"):
		at = start
		message, hint = diag.Say("a quotation mark that is never closed"), diag.Say("Close it at the end of the value.")
	case strings.Contains(e.Message, "escape character"):
		message, hint = diag.Say("an unknown escape behind a backslash"), diag.Say(`In double quotes a backslash is written \\; in single quotes it stands for itself.`)
	case strings.Contains(e.Message, "',' or ']'"):
		message, hint = diag.Say("the list that begins with [ in line %d is not closed, or lacks a comma", start.line), diag.Say("Close it with ].")
	case strings.Contains(e.Message, "',' or '}'"):
		message, hint = diag.Say("the mapping that begins with { in line %d is not closed, or lacks a comma", start.line), diag.Say("Close it with }.")
	case strings.Contains(e.Message, "expected key"), strings.Contains(e.Message, "expected '-' indicator"), strings.Contains(e.Message, "<document start>"):
		message, hint = diag.Say("this line doesn't fit the indentation of those before"), diag.Say("Lines that belong together begin in the same column.")
	case strings.Contains(e.Message, "incompatible YAML document"):
		message, hint = diag.Say("a YAML version that doesn't exist"), diag.Say("Delete the line that begins with %%YAML.")
	}
	d.add(at, "", "yaml-syntax", message, hint)
}

// charAt gives the character at a place, "" past the end of the line.
func (d *decoder) charAt(p place) string {
	if p.line < 1 || p.line > len(d.lines) {
		return ""
	}
	column := 1
	for _, r := range string(d.lines[p.line-1]) {
		if column == p.column {
			return string(r)
		}
		column++
	}
	return ""
}
