package message

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the messages say into testdata")

// show writes what a message says, a line a fact, empty facts left out.
func show(m Message) string {
	var b strings.Builder
	line := func(key string, value any) {
		if s := fmt.Sprint(value); s != "" && s != "[]" && s != "false" {
			fmt.Fprintf(&b, "%s: %s\n", key, s)
		}
	}
	line("title", m.Title)
	line("merge", string(m.Merge))
	line("summary", m.Summary)
	line("source", m.Source)
	line("target", m.Target)
	if r := m.Request; r != nil {
		line("request", fmt.Sprintf("%s %s%s %q", r.Forge, r.Sign, r.Number, r.Title))
		line("request-branches", strings.TrimSpace(r.Source+" "+r.Target))
		line("request-url", r.URL)
	}
	if h := m.Header; h.Type != "" || h.Breaking {
		line("header", fmt.Sprintf("type=%q scope=%q breaking=%t text=%q", h.Type, h.Scope, h.Breaking, h.Text))
		if h.Note != "" {
			line("breaking", fmt.Sprintf("%q", h.Note))
		}
	}
	for _, t := range m.Trailers {
		line("trailer", t.Key+" = "+t.Value)
	}
	line("refs", m.Refs)
	for _, n := range m.Blocks {
		line("block", fmt.Sprintf("%s none=%t %q", n.Kind, n.None, n.Text))
	}
	for _, c := range m.CoAuthors {
		line("co-author", fmt.Sprintf("%s <%s>", c.Name, c.Mail))
	}
	line("reverts", m.Reverts)
	line("reverts-requests", m.RevertsRequests)
	line("reverts-subject", m.RevertsSubject)
	line("reapply", m.Reapply)
	line("revert", m.Revert)
	line("picked", m.Picked)
	line("picked-requests", m.PickedRequests)
	line("change-id", m.ChangeID)
	line("differential", m.Differential)
	return b.String()
}

// TestCases reads every case of testdata: pairs of a message and what it says.
// In the messages "\r" at a line end stands for a carriage return.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	options := Options{Tickets: []*regexp.Regexp{regexp.MustCompile(`\b[A-Z][A-Z]+-[1-9][0-9]*\b`)}}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		changed := false
		for i := 0; i+1 < len(archive.Files); i += 2 {
			text, want := archive.Files[i], &archive.Files[i+1]
			if want.Name != text.Name+" says" {
				t.Fatalf("%s: %q has no answer behind it but %q", file, text.Name, want.Name)
			}
			t.Run(filepath.Base(file)+"/"+text.Name, func(t *testing.T) {
				got := show(Parse(strings.ReplaceAll(string(text.Data), `\r`+"\n", "\r\n"), options))
				if *update {
					changed = changed || string(want.Data) != got
					want.Data = []byte(got)
				} else if got != string(want.Data) {
					t.Errorf("%s\ngot:\n%swant:\n%s", text.Data, got, want.Data)
				}
			})
		}
		if changed {
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
