package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

// draftsOpenInMutt lets a mail program take every draft of a release as it takes one
// of its own, and reads what it would send: to the same person, with the same
// words and the same calendar file, and now with a date and a Message-ID.
func draftsOpenInMutt(t *testing.T, dir string) {
	mutt, err := exec.LookPath("mutt")
	if err != nil {
		if os.Getenv("DAYBREAK_REQUIRE_BROWSER") != "" {
			t.Fatal("mutt is not installed")
		}
		t.Skip("mutt is not installed")
	}
	drafts, err := filepath.Glob(filepath.Join(dir, "K?", "?.??.eml"))
	if err != nil {
		t.Fatal(err)
	}
	handed := map[string]int{}
	home := t.TempDir()
	server, sent := filepath.Join(home, "sendmail"), filepath.Join(home, "sent.eml")
	settings := "set sendmail=" + server + "\nset copy=no\nset charset=utf-8\nset send_charset=utf-8\nset tmpdir=" + home + "\n"
	for name, text := range map[string]string{server: "#!/bin/sh\ncat > " + sent + "\n", filepath.Join(home, "muttrc"): settings} {
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, draft := range drafts {
		name, _ := filepath.Rel(dir, draft)
		ours := readMail(t, draft)
		if ours.GetHeader("To") == "" {
			continue // nobody there reads this language; with a terminal Mutt would ask
		}
		c := bounded(t, mutt, "-n", "-F", filepath.Join(home, "muttrc"), "-H", draft)
		c.Env = append(os.Environ(), "HOME="+home, "LANG=C.UTF-8")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		theirs := readMail(t, sent)
		handed[filepath.Base(name)]++
		for _, header := range []string{"From", "To", "Subject"} {
			if want, got := ours.GetHeader(header), theirs.GetHeader(header); got == "" || strings.ReplaceAll(got, `"`, "") != strings.ReplaceAll(want, `"`, "") {
				if "<"+got+">" != want { // an address alone needs no brackets
					t.Errorf("%s: %s is %q, it was %q", name, header, got, want)
				}
			}
		}
		if theirs.GetHeader("Date") == "" || theirs.GetHeader("Message-ID") == "" {
			t.Errorf("%s: it has no date, or no Message-ID", name)
		}
		lines := strings.NewReplacer("\r\n", "\n")
		if want, got := lines.Replace(ours.Text), lines.Replace(theirs.Text); strings.TrimSpace(got) != strings.TrimSpace(want) || len(want) < 200 {
			t.Errorf("%s: the text became\n%s\nit was\n%s", name, got, want)
		}
		if calendars := strings.HasPrefix(filepath.Base(name), "F."); calendars != (len(theirs.Attachments) == 1) || calendars && !bytes.Equal(theirs.Attachments[0].Content, ours.Attachments[0].Content) {
			t.Errorf("%s: %d attachments, or another content", name, len(theirs.Attachments))
		}
		if err := os.Remove(sent); err != nil {
			t.Fatal(err)
		}
	}
	if len(handed) != 12 {
		t.Errorf("handed over: %v", handed)
	}
}

func readMail(t *testing.T, name string) *enmime.Envelope {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	mail, err := enmime.ReadEnvelope(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range mail.Errors {
		t.Errorf("%s: %s", filepath.Base(name), problem)
	}
	return mail
}
