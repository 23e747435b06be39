package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"daybreak/internal/diag"
	"daybreak/internal/serve"
)

// newServe builds `daybreak serve`.
func newServe() *cobra.Command {
	p := &preview{}
	var address string
	var open bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Show everything in the browser while you write",
		Long: `Show the customers' site, the sites of the systems, the team's pages and the
mails in a browser, and make them anew whenever something changes: drafts, texts,
settings, templates and themes of the workspace, or the refs of the repositories,
so that a merge or a tag shows up. Open pages load themselves again where they
read differently, and stay where you scrolled to.

What is wrong is shown over the page, with its place and what to do, and goes
when it is mended. Nothing on the disk is written.

Releases that wait to be published are shown and marked as such; so are drafts
that say something else than what was published. With --published the sites show
what customers see, no more.`,
		Example: "  daybreak serve --open\n  daybreak serve --repo . --addr 127.0.0.1:0",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messagesOf(cmd)
			return p.serve(cmd, m, address, open)
		},
	}
	addPlaceFlags(c, &p.at)
	c.Flags().StringVar(&address, "addr", "127.0.0.1:7007", "`address` to listen on; port 0 takes a free one")
	c.Flags().BoolVar(&p.published, "published", false, "show customers' sites as customers see them now")
	c.Flags().BoolVar(&open, "open", false, "open the start page in your browser")
	return c
}

func (p *preview) serve(cmd *cobra.Command, m messages, address string, open bool) error {
	// Whoever stands in the wrong folder should be told so here, not by a browser.
	if _, err := openWorkspace(p.at); err != nil {
		return err
	}
	host, l, err := listen(cmd.Context(), address)
	if err != nil {
		return err
	}
	at := l.Addr().(*net.TCPAddr)
	url := "http://" + at.String() + "/"
	if at.IP.IsUnspecified() {
		url = fmt.Sprintf("http://localhost:%d/", at.Port)
	}
	if !at.IP.IsLoopback() {
		m.diagnostics(diag.List{{
			Severity: diag.Warning, Code: "open-preview",
			Message: fmt.Sprintf("whoever reaches %s from the network reads everything: the team's pages with names, tickets and internal notes, every customer's site, mails, and what isn't published", at),
			Hint:    "leave --addr away to keep it on this machine.",
		}})
	}
	var wipe func()
	p.progress, wipe = m.progress()
	server := serve.New(p, teller{m, wipe, p.at.workspace}, host)
	err = server.Run(cmd.Context(), l, func() {
		fmt.Fprintln(cmd.OutOrStdout(), url)
		m.say("serving %s; stop with Ctrl-C", url)
		if open {
			openBrowser(m, url)
		}
	})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// listen opens the port, and gives the name that the address was called by.
func listen(ctx context.Context, address string) (string, net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", nil, wrongUse(diag.Say("--addr must be a host and a port like 127.0.0.1:7007, not %q", address))
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "", nil, diag.Refuse("port-in-use", diag.Say("something else listens on %s already, maybe another daybreak serve", address),
			diag.Say("stop it, or take a free port: `--addr %s`.", net.JoinHostPort(host, "0")))
	case errors.Is(err, syscall.EACCES):
		return "", nil, diag.Refuse("port-forbidden", diag.Say("port %s needs more rights than you have", port),
			diag.Say("take one above 1023: `--addr %s`.", net.JoinHostPort(host, "7007")))
	case err != nil:
		return "", nil, diag.Refuse("address", diag.Say("%q can't be listened on: %v", address, err),
			diag.Say("give an address of this machine, like --addr 127.0.0.1:7007."))
	}
	return strings.ToLower(host), l, nil
}

// teller tells the terminal what the preview does.
type teller struct {
	messages
	wipe func()
	dir  string
}

// Made is serve.Teller.
func (t teller) Made(changed serve.Changed, fresh diag.List, mended bool) {
	t.wipe()
	if len(changed.Paths) > 0 {
		name := changed.Paths[0]
		if dir, err := filepath.Abs(t.dir); err == nil {
			if rel, err := filepath.Rel(dir, name); err == nil && filepath.IsLocal(rel) {
				name = filepath.ToSlash(rel)
			}
		}
		more := ""
		if n := len(changed.Paths) - 1; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		t.say("%s%s changed", name, more)
	}
	t.diagnostics(fresh)
	if mended {
		t.say("all is mended")
	}
}

// openBrowser asks the desktop to show a page; where there is none, the address
// stands in the terminal.
func openBrowser(m messages, url string) {
	command := []string{"xdg-open", url}
	switch runtime.GOOS {
	case "darwin":
		command = []string{"open", url}
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler", url}
	}
	c := exec.Command(command[0], command[1:]...)
	if err := c.Start(); err != nil {
		m.say("no browser could be opened (%v); the address stands above", err)
		return
	}
	go func() { _ = c.Wait() }() // it has said all there is to say
}
