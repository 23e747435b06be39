package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"

	"daybreak/content"
	"daybreak/internal/diag"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/site"
)

// newDocs builds `daybreak docs`.
func newDocs() *cobra.Command {
	var at place
	var out string
	c := &cobra.Command{
		Use:   "docs",
		Short: "Write daybreak's own documentation as pages",
		Long: `Write the documentation of this very version as a folder of pages, to read
without a network or to put on an intranet. In a workspace it has the workspace's
theme. The page of all commands is made from their help.`,
		Example: "  daybreak docs --out /tmp/daybreak-docs",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return wrongUse(diag.Say("name the folder with --out"))
			}
			w, err := openAnywhere(at)
			if err != nil {
				return err
			}
			if err := w.found.Err(); err != nil {
				return err
			}
			look, err := w.theme()
			if err != nil {
				return err
			}
			docs, err := documentation()
			if err != nil {
				return err
			}
			tree, err := output.Open(out)
			if err != nil {
				return err
			}
			defer tree.Abort()
			if err := site.Docs(docs, look, tree); err != nil {
				return err
			}
			if err := tree.Commit(); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(out, "index.html"))
			return nil
		},
	}
	addThemeFlags(c, &at)
	c.Flags().StringVar(&out, "out", "", "`folder` to write; its earlier documentation is replaced")
	_ = c.MarkFlagDirname("out") // only completion suffers where it can't be marked
	return c
}

// commandsPage is the one page that no file holds.
const commandsPage = "commands"

// documentation reads the pages in the order of content/docs/contents.yaml.
func documentation() (site.DocsSite, error) {
	docs := site.DocsSite{Name: "daybreak", Lang: model.English}
	if release != "dev" {
		docs.Version = release
	}
	data, err := fs.ReadFile(content.FS, "docs/contents.yaml")
	if err != nil {
		return docs, err
	}
	var contents []struct {
		Title string
		Pages []string
	}
	if err := yaml.Unmarshal(data, &contents); err != nil {
		return docs, fmt.Errorf("reading docs/contents.yaml: %w", err)
	}
	for _, part := range contents {
		section := site.DocsSection{Title: part.Title}
		for _, name := range part.Pages {
			text := site.DocsText{Name: name, Source: commandReference(newRoot())}
			if name != commandsPage {
				data, err := fs.ReadFile(content.FS, "docs/"+name+".md")
				if err != nil {
					return docs, err
				}
				text.Source = string(data)
			}
			section.Texts = append(section.Texts, text)
		}
		docs.Sections = append(docs.Sections, section)
	}
	return docs, nil
}

// commandReference is the help of all commands as one page.
func commandReference(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Commands\n\nMade from `daybreak COMMAND --help`. Exit codes: 0 done, 1 failure, 2 wrong use, 3 checks found problems.\n")
	var write func(c *cobra.Command)
	write = func(c *cobra.Command) {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n\n```text\n%s\n\n%s\n", c.CommandPath(), c.Short, synopsis(c), strings.Trim(c.Long, "\n"))
		if c.LocalFlags().HasAvailableFlags() {
			b.WriteString("\n" + flagTable(c.LocalFlags()))
		}
		b.WriteString("```\n")
		if c.Example != "" {
			fmt.Fprintf(&b, "\n```sh\n%s\n```\n", dedent(c.Example))
		}
		for _, sub := range c.Commands() {
			write(sub)
		}
	}
	for _, c := range root.Commands() {
		if c.Name() != "help" && c.Name() != "completion" {
			write(c)
		}
	}
	return b.String()
}

func flagTable(flags *pflag.FlagSet) string { return flags.FlagUsagesWrapped(84) }

// dedent takes the two blanks off that examples have in the help.
func dedent(s string) string {
	return strings.ReplaceAll(strings.TrimPrefix(s, "  "), "\n  ", "\n")
}
