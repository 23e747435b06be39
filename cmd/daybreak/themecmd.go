package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"daybreak/internal/diag"
)

// originals is where the workspace keeps what it ejected as it shipped then: an
// update of daybreak is told from a change of one's own by it.
const originals = ".daybreak/ejected"

// newTheme builds `daybreak theme`.
func newTheme() *cobra.Command {
	c := &cobra.Command{
		Use:   "theme",
		Short: "Choose and change the look: themes, templates, strings, texts",
		Long: `Every file of the look and of the texts can be the workspace's own: a file of
the same path in the workspace takes the place of the one that ships. Strings
(content/strings/<lang>.yaml) are taken over one by one, so that a file with a
single string is enough. The theme itself is chosen in ` + configFile + `:

  theme: plain`,
		Example: "  daybreak theme list\n  daybreak theme eject themes/default/public.css\n  daybreak theme diff",
	}
	c.AddCommand(newThemeList(), newThemeEject(), newThemeDiff())
	return c
}

// themeJSON is a theme, for scripts.
type themeJSON struct {
	Name    string `json:"name"`
	Chosen  bool   `json:"chosen"`
	Ships   bool   `json:"ships"`
	Own     int    `json:"own"` // files of the workspace in it
	Comment string `json:"comment,omitempty"`
}

func newThemeList() *cobra.Command {
	var at place
	var files, asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the themes, or with --files all that can be your own",
		Long:    "List the themes that ship and those under themes/ of the workspace; the chosen one\nis marked with *. With --files, list every file that the workspace can have its\nown of; those that it has are marked with *.",
		Example: "  daybreak theme list\n  daybreak theme list --files",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := openAnywhere(at)
			if err != nil {
				return err
			}
			own, _, err := w.overrides()
			if err != nil {
				return err
			}
			if files {
				return listFiles(cmd.OutOrStdout(), own, asJSON)
			}
			return listThemes(cmd.OutOrStdout(), w, own, asJSON)
		},
	}
	addThemeFlags(c, &at)
	c.Flags().BoolVar(&files, "files", false, "list the files instead")
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

// addThemeFlags gives a command the one flag of place that concerns the look.
func addThemeFlags(c *cobra.Command, p *place) {
	c.Flags().StringVar(&p.workspace, "workspace", "", "workspace `folder` (default: the current one, where it holds a "+configFile+")")
	_ = c.MarkFlagDirname("workspace") // only completion suffers where it can't be marked
}

// openAnywhere opens the workspace, or what ships alone where there is none.
func openAnywhere(at place) (*workspace, error) {
	w, err := openWorkspace(at)
	var problem *diag.Problem
	if at.workspace == "" && errors.As(err, &problem) && problem.Code == "no-workspace" {
		at.repo = "." // it is never read
		return openWorkspace(at)
	}
	return w, err
}

func listThemes(out io.Writer, w *workspace, own []string, asJSON bool) error {
	chosen := w.config.Theme
	if chosen == "" {
		chosen = defaultTheme
	}
	var list []themeJSON
	for _, name := range w.themeNames() {
		t := themeJSON{Name: name, Chosen: name == chosen, Ships: shippedTheme(name) != nil, Comment: themeComments[name]}
		for _, file := range own {
			if strings.HasPrefix(file, "themes/"+name+"/") {
				t.Own++
			}
		}
		list = append(list, t)
	}
	if asJSON {
		return printJSON(out, list)
	}
	for _, t := range list {
		comment := t.Comment
		if !t.Ships {
			comment = "of this workspace"
		} else if t.Own > 0 {
			comment += fmt.Sprintf("; %d %s of this workspace", t.Own, plural(t.Own, "file"))
		}
		fmt.Fprintf(out, "%s %-12s %s\n", mark(t.Chosen), t.Name, comment)
	}
	return nil
}

// themeComments says what the shipped themes are for.
var themeComments = map[string]string{
	defaultTheme: "for today's screens, light and dark",
	"plain":      "for intranets and old browsers: blue links, no grid, little script",
}

func mark(yes bool) string {
	if yes {
		return "*"
	}
	return " "
}

func listFiles(out io.Writer, own []string, asJSON bool) error {
	shipped, err := overridable()
	if err != nil {
		return err
	}
	type fileJSON struct {
		Path string `json:"path"`
		Own  bool   `json:"own"`
	}
	var list []fileJSON
	for _, name := range slices.Sorted(maps.Keys(shipped)) {
		list = append(list, fileJSON{name, slices.Contains(own, name)})
	}
	if asJSON {
		return printJSON(out, list)
	}
	for _, f := range list {
		fmt.Fprintf(out, "%s %s\n", mark(f.Own), f.Path)
	}
	return nil
}

func newThemeEject() *cobra.Command {
	var at place
	c := &cobra.Command{
		Use:   "eject FILE...",
		Short: "Copy shipped files into the workspace, to change them",
		Long: `Copy files that ship into the workspace, at the same path, where you change
them. A file that is there already is never written over. ` + "`daybreak theme diff`" + `
shows what you changed, and what ships differently since.`,
		Example: "  daybreak theme eject templates/public/index.html\n  daybreak theme eject content/mails/de/A.md content/mails/en/A.md",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			shipped, err := overridable()
			if err != nil {
				return err
			}
			for i, name := range args {
				args[i] = path.Clean(filepath.ToSlash(name))
				if _, ok := shipped[args[i]]; !ok {
					return notShipped(args[i], shipped)
				}
			}
			for _, name := range args {
				if err := w.eject(name, shipped[name]); err != nil {
					return err
				}
				messagesOf(cmd).say("%s is yours now: %s", name, "change it and build; delete it to have back what ships")
				fmt.Fprintln(cmd.OutOrStdout(), w.within(name))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			shipped, _ := overridable() // what is embedded is always there
			return slices.Sorted(maps.Keys(shipped)), cobra.ShellCompDirectiveNoFileComp
		},
	}
	addThemeFlags(c, &at)
	return c
}

func notShipped(name string, shipped map[string][]byte) error {
	hint := "`daybreak theme list --files` names what there is."
	if near := closestPath(name, slices.Sorted(maps.Keys(shipped))); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return &diag.Problem{Code: "not-shipped", Message: fmt.Sprintf("no file %q ships", name), Hint: hint}
}

// eject writes the original first: without it, the copy would be one of which
// nobody knows where it comes from.
func (w *workspace) eject(name string, data []byte) error {
	file := w.within(name)
	if _, err := os.Lstat(file); err == nil {
		return diag.Refuse("exists", diag.Say("%q is there already and stays as it is", file),
			diag.Say("`daybreak theme diff %s` compares it with what ships.", name))
	}
	root, err := os.OpenRoot(w.dir) // a link in the workspace must not lead the copy out of it
	if err != nil {
		return fmt.Errorf("opening the workspace: %w", err)
	}
	defer root.Close()
	if err := writeIn(root, path.Join(originals, name), data, os.O_TRUNC); err != nil {
		return err
	}
	return writeIn(root, name, data, os.O_EXCL)
}

func writeIn(root *os.Root, name string, data []byte, flag int) error {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("making the folder of %q: %w", name, err)
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|flag, 0o644)
	if err != nil {
		return fmt.Errorf("writing %q: %w", name, err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing %q: %w", name, err)
	}
	return nil
}

// overrideState is how one file of the workspace stands to what ships.
type overrideState struct {
	Path    string `json:"path"`
	Changed bool   `json:"changed"`        // yours differs from what ships
	Old     bool   `json:"old"`            // what ships differs from what you copied
	Yours   string `json:"yours"`          // unified diff: what ships → yours
	News    string `json:"news,omitempty"` // unified diff: what you copied → what ships
}

func newThemeDiff() *cobra.Command {
	var at place
	var seen, asJSON bool
	c := &cobra.Command{
		Use:   "diff [FILE...]",
		Short: "Show how your files differ from what ships, and what is new there",
		Long: `Compare the workspace's own templates, styles, strings and texts with those that
ship. Where what ships has changed since your copy was made, that is said, and
shown, so that you can take it over; --seen remembers that you did.`,
		Example: "  daybreak theme diff\n  daybreak theme diff templates/public/index.html\n  daybreak theme diff --seen templates/public/index.html",
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := openWorkspace(at)
			if err != nil {
				return err
			}
			list, shipped, err := w.compareOverrides(args)
			if err != nil {
				return err
			}
			m := messagesOf(cmd)
			if seen {
				return w.remember(m, list, shipped)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), list)
			}
			return showOverrides(cmd.OutOrStdout(), m, list)
		},
	}
	addThemeFlags(c, &at)
	c.Flags().BoolVar(&seen, "seen", false, "remember that your copies are up to date with what ships now")
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

// compareOverrides looks at the workspace's files, or at those that are named.
func (w *workspace) compareOverrides(names []string) ([]overrideState, map[string][]byte, error) {
	shipped, err := overridable()
	if err != nil {
		return nil, nil, err
	}
	own, _, err := w.overrides()
	if err != nil {
		return nil, nil, err
	}
	for i, name := range names {
		names[i] = path.Clean(filepath.ToSlash(name))
		if !slices.Contains(own, names[i]) {
			return nil, nil, diag.Refuse("no-override", diag.Say("the workspace has no %q of its own", names[i]),
				diag.Say("`daybreak theme eject %s` makes one.", names[i]))
		}
	}
	list := []overrideState{}
	for _, name := range own {
		now, ok := shipped[name]
		if !ok || len(names) > 0 && !slices.Contains(names, name) {
			continue
		}
		yours, err := os.ReadFile(w.within(name))
		if err != nil {
			return nil, nil, fmt.Errorf("reading the workspace: %w", err)
		}
		s := overrideState{Path: name, Changed: !bytes.Equal(yours, now)}
		s.Yours = string(diff.Diff(name+" (ships)", now, name+" (yours)", yours))
		was, err := os.ReadFile(w.within(path.Join(originals, name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("reading the workspace: %w", err)
		}
		if s.Old = err == nil && !bytes.Equal(was, now); s.Old {
			s.News = string(diff.Diff(name+" (you copied)", was, name+" (ships)", now))
		}
		list = append(list, s)
	}
	return list, shipped, nil
}

func showOverrides(out io.Writer, m messages, list []overrideState) error {
	if len(list) == 0 {
		m.say("the workspace has no files of its own; `daybreak theme eject FILE` makes one")
	}
	for _, s := range list {
		switch {
		case s.Old:
			fmt.Fprintf(out, "%s: your copy is of an older version\n%s", s.Path, s.News)
			if s.Changed {
				fmt.Fprint(out, s.Yours)
			}
		case s.Changed:
			fmt.Fprintf(out, "%s: changed\n%s", s.Path, s.Yours)
		default:
			fmt.Fprintf(out, "%s: as it ships\n", s.Path)
		}
	}
	return nil
}

// remember keeps what ships now as what the copies come from.
func (w *workspace) remember(m messages, list []overrideState, shipped map[string][]byte) error {
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return fmt.Errorf("opening the workspace: %w", err)
	}
	defer root.Close()
	for _, s := range list {
		if err := writeIn(root, path.Join(originals, s.Path), shipped[s.Path], os.O_TRUNC); err != nil {
			return err
		}
		m.say("%s counts as up to date with this version", s.Path)
	}
	return nil
}
