// Command daybreak makes release notes, the runbook of the deployment day and
// the verification checklist from the changes merged between two release tags.
//
// One file holds one command. Commands return errors; only main exits.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

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
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
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
	message := fmt.Sprintf("there is no command %q", c.CommandPath()+" "+word)
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(word); len(near) > 0 {
		message += fmt.Sprintf("; did you mean %q?", near[0])
	}
	return usageError{errors.New(message)}
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
				return nil
			case cmd.HasSubCommands() && len(args) > 0:
				return unknownCommand(cmd, args[0])
			}
			return usageError{fmt.Errorf("%d %s given: it is `%s`", len(args), plural(len(args), "argument"), cmd.UseLine())}
		}
	}
	for _, sub := range c.Commands() {
		wrapArgs(sub)
	}
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
		m.fail(err, "run `"+cmd.CommandPath()+" --help` for what it takes.")
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
