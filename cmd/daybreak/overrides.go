package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"daybreak/content"
	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/theme"
	"daybreak/templates"
	"daybreak/themes"
)

// defaultTheme is the look where nothing else is said, and what other themes
// have where they lack a file.
const defaultTheme = "default"

// theme gives the look, which is loaded once.
func (w *workspace) theme() (*theme.Theme, error) {
	if w.look == nil {
		look, err := w.loadTheme()
		if err != nil {
			return nil, err
		}
		w.look = look
	}
	return w.look, nil
}

// loadTheme loads the look: what the workspace has of templates, themes and
// strings goes over what ships.
func (w *workspace) loadTheme() (*theme.Theme, error) {
	name := w.config.Theme
	if name == "" {
		name = defaultTheme
	}
	words, err := fs.Sub(content.FS, "strings")
	if err != nil {
		return nil, err
	}
	o := theme.Options{
		Name:      name,
		Templates: theme.Overlay(w.own("templates"), w.own("themes/"+name+"/templates"), shippedTheme(name+"/templates"), templates.FS),
		Theme:     theme.Overlay(w.own("themes/"+name), shippedTheme(name)),
		Base:      theme.Overlay(w.own("themes/"+defaultTheme), shippedTheme(defaultTheme)),
		Strings:   theme.Overlay(w.own("content/strings"), words),
	}
	return theme.Load(o)
}

// own is a folder of the workspace, nil where there is no workspace.
func (w *workspace) own(dir string) fs.FS {
	if w.dir == "" {
		return nil
	}
	return os.DirFS(filepath.Join(w.dir, filepath.FromSlash(dir)))
}

// shippedTheme is a folder of what ships, nil for one that doesn't exist.
func shippedTheme(dir string) fs.FS {
	sub, err := fs.Sub(themes.FS, dir)
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(sub, "."); err != nil {
		return nil
	}
	return sub
}

// themeNames lists the themes that ship and those of the workspace, sorted.
func (w *workspace) themeNames() []string {
	var names []string
	for _, layer := range []fs.FS{themes.FS, w.own("themes")} {
		if layer == nil {
			continue
		}
		entries, err := fs.ReadDir(layer, ".")
		if err != nil {
			continue // a workspace without a folder themes
		}
		for _, e := range entries {
			if e.IsDir() {
				names = append(names, e.Name())
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// knownTheme reports a theme that is neither shipped nor in the workspace.
func (w *workspace) knownTheme() diag.List {
	names := w.themeNames()
	if w.config.Theme == "" || slices.Contains(names, w.config.Theme) {
		return nil
	}
	hint := "there are: " + strings.Join(names, ", ") + "."
	if near := diag.Closest(w.config.Theme, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return diag.List{{
		Severity: diag.Error, Code: "unknown-theme", Position: w.config.At("theme"),
		Message: fmt.Sprintf("there is no theme %q", w.config.Theme), Hint: hint,
	}}
}

// overridable gives every file that ships and that a workspace can have its own
// of, under the path at which it goes over: templates, themes, strings, texts.
func overridable() (map[string][]byte, error) {
	files := map[string][]byte{}
	add := func(fsys fs.FS, prefix string, keep func(string) bool) error {
		return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !keep(name) {
				return err
			}
			data, err := fs.ReadFile(fsys, name)
			files[prefix+name] = data
			return err
		})
	}
	all := func(string) bool { return true }
	texts := func(name string) bool {
		return path.Ext(name) == ".yaml" && !strings.Contains(name, "/") || strings.HasPrefix(name, "strings/") || strings.HasPrefix(name, "mails/")
	}
	err := errors.Join(add(templates.FS, "templates/", all), add(themes.FS, "themes/", all), add(content.FS, "content/", texts))
	return files, err
}

// strays warns of files of the workspace that stand where overrides stand and
// go over nothing: a slip in a name would else leave people wondering.
func (w *workspace) strays() (diag.List, error) {
	shipped, err := overridable()
	if err != nil {
		return nil, err
	}
	var known []string
	for name := range shipped {
		known = append(known, name)
	}
	slices.Sort(known)
	own, used, err := w.overrides()
	if err != nil {
		return nil, err
	}
	var found diag.List
	for _, name := range own {
		if _, ships := shipped[name]; ships || w.ofOwnTheme(name) || mentions(used, name) {
			continue
		}
		near := closestPath(name, known)
		if near == "" && !strings.HasPrefix(name, "templates/") && !strings.HasPrefix(name, "themes/") {
			continue // a workspace keeps other things under content too
		}
		hint := "`daybreak theme list --files` names what there is."
		if near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		found.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "overrides-nothing", Position: diag.Position{File: name},
			Message: "no file of this path ships, so it takes the place of none", Hint: hint,
		})
	}
	return found, nil
}

// closestPath is diag.Closest for paths, of which the folders are mostly right.
func closestPath(name string, known []string) string {
	var sameFolder, sameName []string
	for _, k := range known {
		if path.Dir(k) == path.Dir(name) {
			sameFolder = append(sameFolder, path.Base(k))
		}
		if path.Base(k) == path.Base(name) {
			sameName = append(sameName, k)
		}
	}
	if near := diag.Closest(path.Base(name), sameFolder); near != "" {
		return path.Dir(name) + "/" + near
	}
	if len(sameName) == 1 {
		return sameName[0]
	}
	return diag.Closest(name, known)
}

// ofOwnTheme reports whether a file belongs to a theme that doesn't ship.
func (w *workspace) ofOwnTheme(name string) bool {
	parts := strings.Split(name, "/")
	return len(parts) > 2 && parts[0] == "themes" && shippedTheme(parts[1]) == nil
}

// mentions reports whether a template of the workspace uses a file that doesn't
// ship: a partial by its path, a style sheet or script by its name.
func mentions(used, name string) bool {
	_, below, _ := strings.Cut(name, "/")
	if strings.HasPrefix(name, "themes/") {
		_, below, _ = strings.Cut(below, "/")
	}
	return strings.Contains(used, `"`+below+`"`)
}

// overrides lists the files of the workspace where overrides stand, sorted, and
// gives the text of its templates. Files that begin with a dot are no overrides.
func (w *workspace) overrides() ([]string, string, error) {
	var names []string
	var used strings.Builder
	add := func(dir string) error {
		root := w.own(dir)
		return fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && name == ".":
				return nil
			case err != nil:
				return err
			case name != "." && (strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), "~")):
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			case d.IsDir():
				return nil
			}
			names = append(names, dir+"/"+name)
			if path.Ext(name) == ".html" {
				data, err := fs.ReadFile(root, name)
				used.Write(data)
				return err
			}
			return nil
		})
	}
	if w.dir == "" {
		return nil, "", nil
	}
	for _, dir := range []string{"templates", "themes", "content/strings", "content/mails"} {
		if err := add(dir); err != nil {
			return nil, "", fmt.Errorf("reading the workspace: %w", err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(w.dir, "content"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("reading the workspace: %w", err)
	}
	for _, e := range entries {
		if ext := path.Ext(e.Name()); !e.IsDir() && (ext == ".yaml" || ext == ".yml") && e.Name() != config.Name {
			names = append(names, "content/"+e.Name())
		}
	}
	slices.Sort(names)
	return names, used.String(), nil
}
