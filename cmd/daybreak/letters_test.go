package main

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"

	"daybreak/internal/compose"
	"daybreak/internal/model"
	"daybreak/internal/output"
)

const letterSettings = `
product: {name: Reiseplan, url: https://neu.reiseplan.example/, contact: {name: Hilfe, mail: hilfe@reiseplan.example}}
languages: [de, en]
repositories: [{path: .}]
systems:
- {id: K1, name: Alpenblick Reisen, also: [Alpi], mail: it@alpenblick.example, recipients: [{name: Anna Huber, mail: anna@alpenblick.example}]}
- {id: K2, name: Nordlicht Touren, mail: buero@nordlicht.example, recipients: [{name: Bo Quist, mail: bo@nordlicht.example, lang: en}]}
- {id: K3, name: Möwentörn Seereisen, languages: [de], mail: mt@moewe.example}
train: {every: 3w, first: 2026-05-12}
`

// remoteContent is what makes a mail program ask the network, or warn of it.
var remoteContent = regexp.MustCompile(`(?i)\bsrc=|url\(|@import|<(link|script|img|iframe|form|svg|object)\b|\bon\w+=`)

// In no customer's mail stands anything of another one, read as their programs
// read it: names, addresses, people, or what is meant for others alone.
func TestMailsHoldNothingOfOtherCustomers(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, configFile), []byte(letterSettings), 0o666); err != nil {
		t.Fatal(err)
	}
	w, err := openSound(place{workspace: dir})
	if err != nil {
		t.Fatal(err)
	}
	look, err := w.theme()
	if err != nil {
		t.Fatal(err)
	}
	r := leakyRelease("Warteliste für Kapitäne der " + strings.Repeat("Donaudampfschifffahrts", 5) + "gesellschaft, größer und übersichtlicher als je zuvor")
	for i, id := range []string{"K1", "K2", "K3"} {
		own := r.Changes[0]
		own.ID, own.Title = "!50"+id, "own "+id
		own.Merge = model.Hash(strings.Repeat(string(rune('a'+i)), 40))
		own.Trailers = []model.Trailer{{Key: "Release-Note", Value: "Nur für euch gebaut, " + id + "x"}, {Key: "Systems", Value: id}}
		r.Changes = append(r.Changes, own)
		r.Commits++
	}
	r.Date = time.Date(2026, 5, 12, 6, 30, 0, 0, time.UTC)
	list := []model.Release{r}
	compose.Classify(w.config, &list[0])
	files := &output.Memory{}
	if found, err := write(t.Context(), w, look, list, files); err != nil {
		t.Fatal(err, found)
	}
	of := map[string][]string{
		"K1": {"Alpenblick", "Alpi", "alpenblick", "Anna Huber", "K1x"},
		"K2": {"Nordlicht", "nordlicht", "Bo Quist", "K2x"},
		"K3": {"Möwen", "moewe", "K3x"},
	}
	counted := map[string]int{}
	for _, name := range files.Paths() {
		parts := strings.Split(name, "/")
		if parts[0] != "mail" {
			continue
		}
		owner := ""
		if len(parts) == 4 {
			owner = parts[2]
		}
		data, _ := files.File(name)
		text := string(data)
		if strings.HasSuffix(name, ".eml") {
			e, err := enmime.ReadEnvelope(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			body, _ := files.File(strings.TrimSuffix(name, ".eml") + ".md")
			readsAs(t, name, data, string(body), e.Text)
			if remote := remoteContent.FindString(e.HTML); remote != "" {
				t.Errorf("%s loads something from elsewhere, or runs something: %q", name, remote)
			}
			text += e.Text + e.HTML + e.GetHeader("To") + e.GetHeader("Subject")
			for _, a := range e.Attachments {
				text += string(a.Content)
			}
			if want := "it@alpenblick.example"; owner == "K1" && strings.Contains(name, ".de.") != strings.Contains(text, want) {
				t.Errorf("%s goes to %q", name, e.GetHeader("To"))
			}
		}
		counted[owner]++
		for id, words := range of {
			for _, word := range words {
				if id != owner && strings.Contains(text, word) {
					t.Errorf("%s holds %q of %s", name, word, id)
				}
			}
		}
		if own := owner + "x"; owner != "" && strings.Contains(name, "/A.de.") && !strings.Contains(text, own) {
			t.Errorf("%s doesn't tell what is for it alone", name)
		}
	}
	// 6 outcomes, as .md and .eml, in the languages of each.
	for owner, want := range map[string]int{"": 24, "K1": 24, "K2": 24, "K3": 12} {
		if counted[owner] != want {
			t.Errorf("%d files for %q, not %d", counted[owner], owner, want)
		}
	}
}

// readsAs holds a draft against its text: a second parser reads the same, which
// is the markdown again once flowed lines are joined; no line is too long.
func readsAs(t *testing.T, name string, data []byte, markdown, byEnmime string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	kind, body := m.Header.Get("Content-Type"), m.Body
	for !strings.HasPrefix(kind, "text/plain") {
		_, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatalf("%s: %q: %v", name, kind, err)
		}
		part, err := multipart.NewReader(body, params["boundary"]).NextPart() // decodes quoted-printable
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kind, body = part.Header.Get("Content-Type"), part
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	if text != strings.ReplaceAll(byEnmime, "\r\n", "\n") {
		t.Errorf("%s: two parsers read two texts:\n%s\n%s", name, text, byEnmime)
	}
	var joined strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 78 && strings.Contains(strings.Trim(line, " \n"), " ") {
			t.Errorf("%s: a line of %d characters: %q", name, n, line)
		}
		if bare := strings.TrimSuffix(line, "\n"); bare != "-- " && strings.HasSuffix(bare, " ") {
			line = bare
		}
		joined.WriteString(strings.TrimPrefix(line, " "))
	}
	_, want, _ := strings.Cut(markdown, "\n\n")
	if joined.String() != want {
		t.Errorf("%s: the text isn't that of the markdown:\n%s\n%s", name, joined.String(), want)
	}
	if n := strings.Count(want, "\n"); n > 25 {
		t.Errorf("%s has %d lines", name, n)
	}
	for _, line := range strings.Split(string(data), "\r\n") {
		if len(line) > 998 {
			t.Errorf("%s: a line of %d bytes", name, len(line))
		}
	}
}

// Only a yes sends: neither silence nor the end of the input does.
func TestAsk(t *testing.T) {
	for answer, want := range map[string]bool{"yes\n": true, "JA\n": true, " y ": true, "no\n": false, "\n": false, "": false, "yesterday\n": false} {
		var out bytes.Buffer
		if got, err := ask(strings.NewReader(answer), &out, "send? "); got != want || err != nil || out.String() != "send? " {
			t.Errorf("%q: %v, %v", answer, got, err)
		}
	}
}
