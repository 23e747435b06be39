// Command daybreak makes release notes, the runbook of the deployment day and
// the verification checklist from the changes merged between two release tags.
//
// One file holds one command. Commands return errors; only main exits.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"daybreak/internal/diag"
)

// Exit codes are an API: scripts rely on them.
const (
	exitDone     = 0
	exitFailure  = 1 // the work could not be done
	exitUsage    = 2 // the command line is wrong
	exitProblems = 3 // the checks ran and found problems
)

// errProblems ends a run whose diagnostics are printed already.
var errProblems = errors.New("checks found problems")

// usageError is a wrong command line.
type usageError struct{ err error }

func (u usageError) Error() string { return u.err.Error() }
func (u usageError) Unwrap() error { return u.err }

// wrongUse says what is wrong with a command line, in the language that is spoken.
func wrongUse(message diag.Phrase) error {
	return usageError{diag.Refuse("usage", message, diag.Phrase{})}
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: tests call it.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal asks the work to end; a second one ends the process,
	// whatever it is waiting for.
	context.AfterFunc(ctx, stop)
	ctx = withTongue(ctx)
	root := newRoot()
	root.SetContext(ctx)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	// Cobra answers an unknown command followed by --help with the general help.
	if found, rest, _ := root.Find(args); found == root && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return report(root, unknownCommand(root, rest[0]), stderr)
	}
	cmd, err := root.ExecuteContextC(ctx)
	return report(cmd, err, stderr)
}

// newRoot builds the command tree.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "daybreak",
		Short: "Release notes, runbook and checklist from the changes between two tags",
		Long: `daybreak reads the changes merged between two release tags and makes three
things from the same facts: release notes for customers, the runbook of the
deployment day, and the verification checklist.

First steps:
  daybreak demo                        see it all on a sample product
  daybreak build --repo . --out site   try it on the repository you are in
  daybreak init                        make a workspace of your own`,
		Version:       versionLine(),
		SilenceErrors: true, // report prints them, in one form
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(wrongFlag)
	cobra.EnableCommandSorting = false // they stand in the order of their use
	root.SetHelpCommand(newHelp(root))
	addGroups(root)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	wrapArgs(root)
	return root
}

// newHelp builds `daybreak help`: cobra's own takes any word and exits 0.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command",
		RunE: func(_ *cobra.Command, args []string) error {
			found, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(found, args[len(args)-max(1, len(rest))])
			}
			return found.Help()
		},
	}
}

// unknownCommand says so, with what may have been meant.
func unknownCommand(c *cobra.Command, word string) error {
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(word); len(near) > 0 {
		return wrongUse(diag.Say("there is no command %q; did you mean %q?", c.CommandPath()+" "+word, near[0]))
	}
	return wrongUse(diag.Say("there is no command %q", c.CommandPath()+" "+word))
}

// wrongFlag says what is wrong with a flag, and which may have been meant.
func wrongFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var odd *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := unknown.GetSpecifiedName()
		if near := diag.Closest(name, names); near != "" {
			return wrongUse(diag.Say("unknown flag: --%s; did you mean --%s?", name, near))
		}
		return wrongUse(diag.Say("unknown flag: --%s", name))
	case errors.As(err, &unknown):
		return wrongUse(diag.Say("unknown flag: -%s", unknown.GetSpecifiedName()))
	case errors.As(err, &bare):
		return wrongUse(diag.Say("the flag --%s needs a value", bare.GetFlag().Name))
	case errors.As(err, &odd):
		return wrongUse(diag.Say("--%s doesn't take %q", odd.GetFlag().Name, odd.GetValue()))
	}
	return usageError{err}
}

// wrapArgs makes a wrong number of arguments a usage error, so that it exits 2
// and says what the command takes. Commands that only hold others get help as
// their work, else cobra would not look at their arguments.
func wrapArgs(c *cobra.Command) {
	if !c.Runnable() {
		c.Args = cobra.NoArgs
		c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			switch {
			case check(cmd, args) == nil:
				return clashingFlags(cmd)
			case cmd.HasSubCommands() && len(args) > 0:
				return unknownCommand(cmd, args[0])
			}
			return wrongUse(diag.Say("%d %s given: it is `%s`", len(args), plural(len(args), "argument"), cmd.UseLine()))
		}
	}
	for _, sub := range c.Commands() {
		wrapArgs(sub)
	}
}

// clashingFlags makes flags that exclude each other a usage error. Cobra would find them a
// moment later, and end with exit code 1.
func clashingFlags(cmd *cobra.Command) error {
	err := cmd.ValidateFlagGroups()
	if err == nil {
		return nil
	}
	var given []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if _, grouped := f.Annotations["cobra_annotation_mutually_exclusive"]; grouped {
			given = append(given, "--"+f.Name)
		}
	})
	if len(given) < 2 {
		return usageError{err}
	}
	return wrongUse(diag.Say("only one of these can be given: %s", strings.Join(given, ", ")))
}

// group is a heading of the help, with its commands in the order of their use.
type group struct {
	id, title string
	commands  []*cobra.Command
}

// groups lists every command.
func groups() []group {
	return []group{
		{"begin", "Begin:", []*cobra.Command{newDemo(), newInit(), newBuild(), newServe()}},
		{"release", "Every release:", []*cobra.Command{
			newStatus(), newReleases(), newChanges(), newFind(), newNext(), newDraft(), newCheck(), newCommitCheck(), newPrint(),
		}},
		{"morning", "The morning:", []*cobra.Command{newJournal(), newMail()}},
		{"customers", "Customers:", []*cobra.Command{newApprove(), newPublish(), newDeliver(), newRollback(), newWithdraw()}},
		{"setup", "Look and set-up:", []*cobra.Command{newTheme(), newSchema(), newDocs(), newMan(), newVersion()}},
	}
}

// addGroups puts the commands below their headings.
func addGroups(root *cobra.Command) {
	for _, g := range groups() {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, c := range g.commands {
			c.GroupID = g.id
			root.AddCommand(c)
		}
	}
	root.SetHelpCommandGroupID("setup")
	root.SetCompletionCommandGroupID("setup")
}

// report prints the error that ended a run and gives the exit code for it.
func report(cmd *cobra.Command, err error, stderr io.Writer) int {
	if err == nil {
		return exitDone
	}
	m := messages{stderr, tongueOf(cmd)}
	var list *diag.ListError
	var problem *diag.Problem
	var usage usageError
	switch {
	case errors.Is(err, errProblems):
		return exitProblems
	case errors.As(err, &usage):
		overhear(cmd)
		m.fail(err, m.in.say(diag.Say("run `%s --help` for what it takes.", cmd.CommandPath())))
		return exitUsage
	case errors.As(err, &list):
		m.diagnostics(list.List)
		return exitFailure
	case errors.As(err, &problem):
		m.fail(err, problem.Hint)
		return exitFailure
	case errors.Is(err, context.Canceled):
		m.fail(diag.Refuse("interrupted", diag.Say("interrupted; nothing was changed"), diag.Phrase{}), "")
		return exitFailure
	}
	m.fail(err, "")
	return exitFailure
}
