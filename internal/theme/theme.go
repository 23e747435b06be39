// Package theme finds and executes the templates of pages and texts. It holds
// the functions that templates can call, the UI strings of all languages, and
// the colours that are computed from a brand's accent.
//
// Everything is read through fs.FS and parsed once, by Load, for every
// language: a template that cannot be parsed, or that names a string which does
// not exist, is found before the first page is written.
package theme

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	texttemplate "text/template"
	"text/template/parse"

	"daybreak/internal/markdown"
	"daybreak/internal/model"
)

// Options say where a theme's parts lie. The caller lays a workspace's files
// over the embedded ones with Overlay.
type Options struct {
	Templates fs.FS  // root of templates/
	Theme     fs.FS  // root of one theme: themes/default
	Base      fs.FS  // root of the theme whose files it has where it lacks its own; nil for none
	Name      string // of the theme, as its folder under themes/ is called
	Strings   fs.FS  // holds `<lang>.yaml`
}

// Theme executes pages. It is safe for use by several goroutines.
type Theme struct {
	pages    map[pageKey]executor
	strings  *messages
	markdown *markdown.Renderer
	looks    *looks
}

type pageKey struct {
	page string
	lang model.Lang
}

// executor is what html/template and text/template have in common.
type executor interface {
	Execute(w io.Writer, data any) error
}

// Load reads and parses everything. A mistake in one of the files is a
// diag.ListError, which names the file as a workspace does.
func Load(o Options) (*Theme, error) {
	t := &Theme{pages: map[pageKey]executor{}, markdown: markdown.New()}
	var err error
	if t.strings, err = loadStrings(o.Strings); err != nil {
		return nil, err
	}
	files, err := templateFiles(o.Templates)
	if err != nil {
		return nil, err
	}
	if t.looks, err = loadLooks(o, files); err != nil {
		return nil, err
	}
	once := parsed{}
	for _, f := range files {
		if f.partial() {
			continue
		}
		for _, l := range t.strings.languages {
			if err := t.parse(f, files, l, once); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// Languages gives the languages that there are strings for, sorted.
func (t *Theme) Languages() []model.Lang { return slices.Clone(t.strings.languages) }

// Has reports whether there is such a page.
func (t *Theme) Has(page string) bool {
	_, ok := t.pages[pageKey{page, t.strings.languages[0]}]
	return ok
}

// Execute writes a page in a language. A page that ends in ".html" goes through
// html/template; any other is plain text. The data's fields are
// the page's contract: an unknown one is an error. Nothing is written on error.
func (t *Theme) Execute(w io.Writer, page string, l model.Lang, data any) error {
	tmpl, ok := t.pages[pageKey{page, l}]
	if !ok {
		return fmt.Errorf("no template %q for language %q", page, l)
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, data); err != nil {
		return templateFault(err, fmt.Errorf("executing %q in %s: %w", page, l, err))
	}
	if path.Ext(page) != ".html" {
		_, err := w.Write(b.Bytes())
		return err
	}
	_, err := w.Write(append(bytes.TrimSpace(b.Bytes()), '\n'))
	return err
}

// T gives a UI string, as the template function of the same name: an integer
// first chooses the plural form and is {{.Count}} in the string, then come pairs
// of name and value. Load has made sure that all languages hold the same ids, so
// an unknown id or language is a programming error and panics.
func (t *Theme) T(l model.Lang, id string, args ...any) string {
	s, err := t.strings.text(l, id, args...)
	if err != nil {
		panic("theme: " + err.Error())
	}
	return s
}

// Light gives the colours of the light scheme by name, as "#rrggbb": those of
// palette.json and what is computed from a brand's accent, "" for the theme's own.
func (t *Theme) Light(accent string) (map[string]string, error) { return t.looks.light(accent) }

// templateFile is one file under templates/.
type templateFile struct {
	name string // slash path: "public/_layout.html"
	text string
}

func (f templateFile) partial() bool {
	return path.Dir(f.name) == "layout" || strings.HasPrefix(path.Base(f.name), "_")
}

// partOf reports whether page can use the partial f.
func (f templateFile) partOf(page templateFile) bool {
	dir := path.Dir(f.name)
	return f.partial() && path.Ext(f.name) == path.Ext(page.name) && (dir == "layout" || dir == path.Dir(page.name))
}

// templateFiles reads all templates, sorted by path. Files in Go are passed
// over: the embedding package lies in the same folder.
func templateFiles(fsys fs.FS) ([]templateFile, error) {
	var files []templateFile
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) == ".go" {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		files = append(files, templateFile{name: name, text: string(data)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the templates: %w", err)
	}
	return files, nil
}

// parsed keeps the templates that each file defines, the file itself among them: most
// are parts of many pages, and every page is made in every language.
type parsed map[string][]*parse.Tree

// of gives the templates of a file. What they call are functions of every language,
// so it is parsed with those of any.
func (p parsed) of(f templateFile, functions htmltemplate.FuncMap) ([]*parse.Tree, error) {
	if trees, ok := p[f.name]; ok {
		return trees, nil
	}
	var trees []*parse.Tree
	if path.Ext(f.name) == ".html" {
		set, err := htmltemplate.New(f.name).Funcs(functions).Parse(f.text)
		if err != nil {
			return nil, err
		}
		for _, one := range set.Templates() {
			if one.Tree != nil { // a file of definitions alone has no text of its own
				squeeze(one.Tree.Root)
				trees = append(trees, one.Tree)
			}
		}
	} else {
		set, err := texttemplate.New(f.name).Funcs(texttemplate.FuncMap(functions)).Parse(f.text)
		if err != nil {
			return nil, err
		}
		for _, one := range set.Templates() {
			trees = append(trees, one.Tree)
		}
	}
	p[f.name] = trees
	return trees, nil
}

// parse makes one page in one language out of its file and the partials that
// it can use, each under its path as name.
func (t *Theme) parse(page templateFile, files []templateFile, l model.Lang, once parsed) error {
	parts := []templateFile{}
	for _, f := range files {
		if f.partOf(page) {
			parts = append(parts, f)
		}
	}
	parts = append(parts, page)
	functions, trees := t.functions(l), map[string]*parse.Tree{}
	for _, f := range parts {
		defined, err := once.of(f, functions)
		if err != nil {
			return templateFault(err, fmt.Errorf("parsing templates: %w", err))
		}
		for _, tree := range defined {
			// As in text/template: an empty definition takes no other's place.
			if trees[tree.Name] == nil || !parse.IsEmptyTree(tree.Root) {
				trees[tree.Name] = tree
			}
		}
	}
	if path.Ext(page.name) == ".html" {
		set := htmltemplate.New("").Option("missingkey=error").Funcs(functions)
		for name, tree := range trees {
			if _, err := set.AddParseTree(name, tree.Copy()); err != nil { // escaping writes into it
				return fmt.Errorf("putting %q together: %w", page.name, err)
			}
		}
		t.pages[pageKey{page.name, l}] = set.Lookup(page.name)
	} else {
		set := texttemplate.New("").Option("missingkey=error").Funcs(texttemplate.FuncMap(functions))
		for name, tree := range trees {
			if _, err := set.AddParseTree(name, tree); err != nil {
				return fmt.Errorf("putting %q together: %w", page.name, err)
			}
		}
		t.pages[pageKey{page.name, l}] = set.Lookup(page.name)
	}
	return t.checkIDs(slices.Collect(maps.Values(trees)))
}

var space = regexp.MustCompile(`[ \t\r\n]+`)

// squeeze takes the indentation out of a template's own text, once, when it is
// loaded. Nothing is minified after execution: a minifier writes attribute
// values back with bare "<", which is valid, yet takes the escaping of untrusted
// titles away again.
func squeeze(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			n.Text = space.ReplaceAllFunc(n.Text, func(m []byte) []byte {
				if bytes.IndexByte(m, '\n') >= 0 {
					return []byte("\n")
				}
				return []byte(" ")
			})
		case *parse.IfNode:
			squeeze(n.List)
			squeeze(n.ElseList)
		case *parse.RangeNode:
			squeeze(n.List)
			squeeze(n.ElseList)
		case *parse.WithNode:
			squeeze(n.List)
			squeeze(n.ElseList)
		}
	}
}
