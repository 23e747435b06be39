package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"daybreak/internal/diag"
)

// newMan builds `daybreak man`.
func newMan() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "man",
		Short: "Write the manual pages",
		Long: `Write a manual page for daybreak and one for each command, as man reads them,
into a folder: daybreak.1, daybreak-build.1 and so on. Released archives hold them
under man/.`,
		Example: "  daybreak man --dir ~/.local/share/man/man1\n  man daybreak-build",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return wrongUse(diag.Say("name the folder with --dir"))
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return diag.Refuse("man", diag.Say("the folder %q can't be made", dir),
					diag.Say("name one that you may write to.")).Because(err)
			}
			if err := writeManual(newRoot(), dir); err != nil {
				return err
			}
			messagesOf(cmd).say("wrote the manual to %s", dir)
			return nil
		},
	}
	c.Flags().StringVar(&dir, "dir", "", "`folder` to write to, made where it is missing")
	_ = c.MarkFlagDirname("dir") // only completion suffers where it can't be marked
	return c
}

// writeManual writes the page of a command, and those of its own commands.
func writeManual(c *cobra.Command, dir string) error {
	file := filepath.Join(dir, manName(c)+".1")
	if err := os.WriteFile(file, []byte(manPage(c)), 0o644); err != nil {
		return fmt.Errorf("writing the manual: %w", err)
	}
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		if err := writeManual(sub, dir); err != nil {
			return err
		}
	}
	return nil
}

func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// synopsis is how a command is called; one that only has others below it is called
// with one of them.
func synopsis(c *cobra.Command) string {
	if c.HasAvailableSubCommands() {
		return c.CommandPath() + " COMMAND [flags]"
	}
	return c.UseLine()
}

// manPage writes a command's page in the macros of man(7). The help is text that
// was set by hand, so it stays line by line as it is; cobra's own generator takes
// it for markdown, and loses every <placeholder>.
func manPage(c *cobra.Command) string {
	var b strings.Builder
	section := func(name, text string) {
		if text = strings.Trim(text, "\n"); text != "" {
			fmt.Fprintf(&b, ".SH %s\n.nf\n%s\n.fi\n", name, roff(text))
		}
	}
	fmt.Fprintf(&b, ".TH %q 1 \"\" %q %q\n.SH NAME\n%s \\- %s\n", strings.ToUpper(manName(c)), "daybreak "+release, "daybreak", roff(manName(c)), roff(c.Short))
	section("SYNOPSIS", synopsis(c))
	section("DESCRIPTION", c.Long)
	var subs []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			subs = append(subs, fmt.Sprintf("%-14s%s", sub.Name(), sub.Short))
		}
	}
	section("COMMANDS", strings.Join(subs, "\n"))
	flags := false
	c.InitDefaultHelpFlag()
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		if !flags {
			b.WriteString(".SH OPTIONS\n")
			flags = true
		}
		name, usage := pflag.UnquoteUsage(f)
		term := "--" + f.Name
		if f.Shorthand != "" {
			term = "-" + f.Shorthand + ", " + term
		}
		fmt.Fprintf(&b, ".TP\n\\fB%s\\fR", roff(term))
		if name != "" {
			fmt.Fprintf(&b, " \\fI%s\\fR", roff(name))
		}
		b.WriteString("\n" + roff(usage) + "\n")
	})
	section("EXAMPLES", c.Example)
	if !c.HasParent() {
		section("EXIT STATUS", "0  done\n1  the work could not be done\n2  the command line is wrong\n3  the checks ran and found problems")
		section("ENVIRONMENT", "DAYBREAK_CACHE          folder for what was read of a history\nDAYBREAK_SMTP_PASSWORD  password for mail --send")
		return b.String()
	}
	section("SEE ALSO", manName(c.Parent())+"(1)")
	return b.String()
}

// roff escapes a text for roff: its own signs, and what a line can't begin with.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
