//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const killSettings = `
product: {name: Reiseplan, contact: {name: Hilfe, mail: hilfe@reiseplan.example}}
repositories: [{path: ../product}]
systems:
- {id: K1, name: Alpenblick Reisen, mail: a@alpen.example}
- {id: K2, name: Nordlicht Touren, mail: b@nord.example}
- {id: K3, name: Seereisen Thiel, mail: c@thiel.example}
mail: {smtp: {host: 127.0.0.1, port: %s, security: none, pause: 0}}
`

// killedDesk is a workspace in which mail A is right for all three systems, and a
// server that calls taken for every mail before it answers.
func killedDesk(t *testing.T, taken func(to string)) (command func() *exec.Cmd, got func() []string, workspace string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git to make a repository with")
	}
	top := t.TempDir()
	workspace = filepath.Join(top, "work")
	makeProduct(t, filepath.Join(top, "product"))
	daybreak := filepath.Join(top, "daybreak")
	var mu sync.Mutex
	var all []string
	s, err := serveMail(func(to string, _ []byte) {
		mu.Lock()
		all = append(all, to)
		mu.Unlock()
		taken(to)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	const lines = "G1 go SA/JO 0634\nS07 0655-0658\nV1 0715\nV2 0717\nV3 0719\nG3 go SA/JO 0720\n"
	if err := errors.Join(
		os.Symlink(testBinary(t), daybreak),
		os.MkdirAll(filepath.Join(workspace, "content", "journal"), 0o777),
		os.WriteFile(filepath.Join(workspace, configFile), fmt.Appendf(nil, killSettings, s.port), 0o666),
		os.WriteFile(filepath.Join(workspace, "content", "journal", "1.3.0.log"), []byte(lines), 0o666),
	); err != nil {
		t.Fatal(err)
	}
	command = func() *exec.Cmd {
		cmd := bounded(t, daybreak, "mail", "1.3.0", "--workspace", workspace, "--outcome", "A", "--send", "--yes", "--day", "2026-05-12")
		cmd.Env = append(os.Environ(), "DAYBREAK_CACHE="+filepath.Join(top, "cache"))
		return cmd
	}
	got = func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
	return command, got, workspace
}

// A run that is killed between the text and the note leaves a mail of which
// nobody knows: the next run sends the rest, never that one, and says so until
// a person has found out.
func TestKilledBetweenTextAndNote(t *testing.T) {
	victim := make(chan *os.Process, 1)
	command, got, workspace := killedDesk(t, func(to string) {
		if strings.HasPrefix(to, "b@") {
			if process, ok := <-victim; ok { // once
				if err := process.Kill(); err != nil {
					t.Error(err)
				}
			}
		}
	})
	run := command()
	var text bytes.Buffer
	run.Stdout, run.Stderr = &text, &text
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	victim <- run.Process
	close(victim)
	if err := run.Wait(); err == nil {
		t.Fatalf("it lived on:\n%s", &text)
	}
	if want := []string{"a@alpen.example", "b@nord.example"}; !slices.Equal(got(), want) {
		t.Fatalf("%q arrived", got())
	}
	for range 2 {
		run = command()
		text, err := run.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != exitFailure || !strings.Contains(string(text), "nobody knows whether mail A reached b@nord.example (K2)") {
			t.Errorf("%v\n%s", err, text)
		}
		if want := []string{"a@alpen.example", "b@nord.example", "c@thiel.example"}; !slices.Equal(got(), want) {
			t.Errorf("%q arrived", got())
		}
	}
	run = command()
	run.Args = append(run.Args, "--was-sent", "K2")
	if text, err := run.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	if n := len(got()); n != 3 {
		t.Errorf("%d mails arrived", n)
	}
	log, err := os.ReadFile(filepath.Join(workspace, "content", "journal", "1.3.0.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"K1", "K2", "K3"} {
		if n := strings.Count(string(log), "M1 "+id+" "); n != 1 {
			t.Errorf("the journal tells %d times that %s was told:\n%s", n, id, log)
		}
	}
}

// While one run sends, no other does, and what the first one sent the second
// doesn't send again.
func TestTwoRunsSendOnce(t *testing.T) {
	begun, goOn := make(chan bool, 3), make(chan bool)
	command, got, _ := killedDesk(t, func(string) { begun <- true; <-goOn })
	first := command()
	var said bytes.Buffer
	first.Stdout, first.Stderr = &said, &said
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- first.Wait() }()
	select {
	case <-begun:
	case err := <-ended:
		t.Fatalf("it ended before it sent anything: %v\n%s", err, &said)
	}
	text, err := command().CombinedOutput()
	if err == nil || !strings.Contains(string(text), "another daybreak is sending mails of this release right now") {
		t.Errorf("%v\n%s", err, text)
	}
	close(goOn)
	if err := <-ended; err != nil {
		t.Errorf("%v\n%s", err, &said)
	}
	if text, err := command().CombinedOutput(); err != nil || !strings.Contains(string(text), "nothing is left to send") {
		t.Errorf("%v\n%s", err, text)
	}
	if n := len(got()); n != 3 {
		t.Errorf("%d mails arrived", n)
	}
}
