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
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
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
		SilenceErrors: true, // report prints them, in one form
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(commands()...)
	for _, c := range root.Commands() {
		wrapArgs(c)
	}
	wrapArgs(root)
	return root
}

// wrapArgs makes a wrong number of arguments a usage error, so that it exits 2.
func wrapArgs(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usageError{err}
			}
			return nil
		}
	}
}

// commands lists every command, in the order of the day.
func commands() []*cobra.Command {
	return []*cobra.Command{
		newDemo(),
		newInit(),
		newBuild(),
		newReleases(),
		newChanges(),
		newFind(),
		newDraft(),
		newPrint(),
		newJournal(),
		newNext(),
		newCheck(),
		newSchema(),
		newVersion(),
	}
}

// report prints the error that ended a run and gives the exit code for it.
func report(cmd *cobra.Command, err error, stderr io.Writer) int {
	if err == nil {
		return exitDone
	}
	m := messages{w: stderr}
	var list *diag.ListError
	var problem *diag.Problem
	var usage usageError
	switch {
	case errors.Is(err, errProblems):
		return exitProblems
	case errors.As(err, &usage):
		m.fail(err.Error(), "run `"+cmd.CommandPath()+" --help` for what it takes.")
		return exitUsage
	case errors.As(err, &list):
		m.diagnostics(list.List)
		return exitFailure
	case errors.As(err, &problem):
		m.fail(err.Error(), problem.Hint)
		return exitFailure
	case errors.Is(err, context.Canceled):
		m.fail("interrupted; nothing was changed", "")
		return exitFailure
	}
	m.fail(err.Error(), "")
	return exitFailure
}
