package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestTourRuns runs the command lines of the guided tour, in their order, as
// somebody does who follows it.
func TestTourRuns(t *testing.T) {
	t.Setenv("DAYBREAK_CACHE", t.TempDir())
	page := docPages(t)["tour.md"]
	t.Chdir(t.TempDir())
	ran := 0
	for _, line := range strings.Split(page, "\n") {
		line, is := strings.CutPrefix(line, "    ")
		if !is {
			continue
		}
		words := strings.Fields(line)
		switch words[0] {
		case "cd":
			t.Chdir(words[1])
		case "daybreak":
			var stdout, stderr bytes.Buffer
			if code := run(words[1:], strings.NewReader(""), &stdout, &stderr); code != exitDone {
				t.Fatalf("%s: exit %d\n%s%s", line, code, stdout.String(), stderr.String())
			}
			if stdout.Len() == 0 && stderr.Len() == 0 {
				t.Errorf("%s says nothing", line)
			}
			ran++
		default:
			t.Errorf("%q is no command of the tour", line)
		}
	}
	if ran < 10 {
		t.Errorf("only %d commands", ran)
	}
	for _, made := range []string{"content/releases/2026.15.0/notes.en.md", "site/team/2026.15.0/runbook/index.html", "themes/default/public.css"} {
		if _, err := os.Stat(made); err != nil {
			t.Error(err)
		}
	}
}
