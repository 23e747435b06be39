package main

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"daybreak/internal/compose"
	"daybreak/internal/guard"
	"daybreak/internal/model"
	"daybreak/internal/output"
	"daybreak/internal/theme"
)

const leakSettings = `
product: {name: Reiseplan, url: https://neu.reiseplan.example/, contact: {mail: hilfe@reiseplan.example}}
languages: [de, en]
repositories: [{path: ., url: https://git.reiseplan.example/x}]
history: {tickets: ['RP-[0-9]+']}
systems:
- {id: K1, name: Alpenblick Reisen, also: [Alpenblick]}
- {id: K2, name: Nordlicht Touren}
people: [{id: mk, name: Mira Kern}]
guard: {private: [Projekt Amsel, Quittengelee]}
`

// What a developer writes into a note leaves through none of the outputs that a
// build makes of it, however it is written: the build stops, and each of the
// files is known as the one that would have leaked.
func TestNoLeakThroughAnyOutput(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, configFile), []byte(leakSettings), 0o666); err != nil {
		t.Fatal(err)
	}
	w, err := openWorkspace(place{workspace: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.found.Err(); err != nil {
		t.Fatal(err)
	}
	look, err := w.theme()
	if err != nil {
		t.Fatal(err)
	}
	disguises := leakDisguises()
	files := tellingFiles(t, w, look)
	tried := 0
	for i, leak := range leaks {
		for j, name := range slices.Sorted(maps.Keys(disguises)) {
			if (i+j)%2 == 1 { // half of the table is wide enough; each build takes a moment
				continue
			}
			hide := disguises[name]
			list := []model.Release{leakyRelease(hide(leak))}
			compose.Classify(w.config, &list[0])
			into := &output.Memory{}
			if _, err := write(t.Context(), w, look, list, into); !errors.Is(err, errLeaks) {
				t.Errorf("%q passes as %s: %v", leak, name, err)
				continue
			}
			g := w.guard(list)
			for _, f := range files {
				data, ok := into.File(f)
				if !ok {
					t.Fatalf("no %s among %q", f, into.Paths())
				}
				tried++
				if len(g.Scan(f, data)) == 0 {
					t.Errorf("%q leaves as %s through %s", leak, name, f)
				}
			}
		}
	}
	t.Logf("%d leaks tried", tried)
}

// leaks are one of each kind of what must not leave.
var leaks = []string{
	"Nordlicht Touren", "Nordlicht", "mira [at] innen [dot] example", "3232235531", "Projekt Amsel", "RP-1204", "mira@innen.example", "git.reiseplan.example", "db01.reiseplan.internal", "10.20.30.41",
	"feature/waitlist-export", "1f3c1a7be2d45f60718293a4b5c6d7e8f9011223", "Mira Kern", "server/booking/Export.java", "AKIA" + "IOSFODNN7ABCDEFG", "!412",
}

// leakDisguises are ways in which people write a text without looking.
func leakDisguises() map[string]func(string) string {
	between := func(mark string) func(string) string {
		return func(s string) string { return strings.Join(strings.Split(s, ""), mark) }
	}
	return map[string]func(string) string{
		"plain":        func(s string) string { return s },
		"soft hyphens": between("\u00ad"),
		"zero width":   between("\u200b"),
		"fullwidth": func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > ' ' && r < 0x7f {
					return r + 0xfee0
				}
				return r
			}, s)
		},
		"entities": between("&#8203;"),
		"percent": func(s string) string {
			return strings.NewReplacer("a", "%61", "e", "%65", "1", "%31", "A", "%41").Replace(s)
		},
		"emphasis": func(s string) string { return s[:2] + "**" + s[2:] + "**" },
		"tags":     func(s string) string { return s[:2] + "<b>" + s[2:] + "</b>" },
		"styled": func(s string) string {
			return strings.Map(func(r rune) rune {
				if r >= 'a' && r <= 'z' {
					return []rune("𝓪𝓫𝓬𝓭𝓮𝓯𝓰𝓱𝓲𝓳𝓴𝓵𝓶𝓷𝓸𝓹𝓺𝓻𝓼𝓽𝓾𝓿𝔀𝔁𝔂𝔃")[r-'a']
				}
				return r
			}, s)
		},
	}
}

// tellingFiles finds every file that leaves and holds the text of the note: that a
// word which is looked for is found in it says so, however the file is written.
// K2 may read its own name.
func tellingFiles(t *testing.T, w *workspace, look *theme.Theme) []string {
	t.Helper()
	list := []model.Release{leakyRelease("Quittengelee")}
	compose.Classify(w.config, &list[0])
	into := &output.Memory{}
	if _, err := write(t.Context(), w, look, list, into); !errors.Is(err, errLeaks) {
		t.Fatal(err)
	}
	g := w.guard(list)
	var files []string
	for _, name := range into.Paths() {
		if data, _ := into.File(name); guard.Leaves(name) && !strings.Contains(name, "/K2/") && len(g.Scan(name, data)) > 0 {
			files = append(files, name)
		}
	}
	for _, root := range []string{"public/", "public/en/", "systems/K1/", "systems/K1/en/"} {
		for _, f := range []string{"index.html", "releases/1.2.0/index.html", "releases/1.2.0/release.json", "latest.json", "feed.xml", "feed.json", "CHANGELOG.md"} {
			if !slices.Contains(files, root+f) {
				t.Errorf("%s%s doesn't tell the note: %q", root, f, files)
			}
		}
	}
	for _, f := range []string{"mail/1.2.0/A.de.md", "mail/1.2.0/A.en.md", "mail/1.2.0/A.de.eml", "mail/1.2.0/K1/A.en.md", "mail/1.2.0/K1/A.en.eml"} {
		if !slices.Contains(files, f) {
			t.Errorf("%s doesn't tell the note: %q", f, files)
		}
	}
	return files
}

// leakyRelease is one release with one request whose customer text holds a leak,
// in the title and in the body.
func leakyRelease(leak string) model.Release {
	v, _ := model.ParseVersion("v1.2.0")
	tip := model.Commit{Hash: "1f3c1a7be2d45f60718293a4b5c6d7e8f9011223", Author: model.Person{Name: "Jo Adler"}, Header: model.Header{Type: "feat"}}
	note := "Neu: " + leak + " jetzt\n\nMehr dazu: " + leak + " jetzt."
	return model.Release{
		Version: v, Tag: "v1.2.0", Date: time.Date(2026, 5, 12, 6, 30, 0, 0, time.UTC), Commits: 1,
		Changes: []model.Change{{
			ID: "!412", Title: "a change", Header: tip.Header, Merge: tip.Hash, Tip: tip,
			Request:  &model.Request{Sign: "!", Number: "412", Source: "feature/waitlist-export"},
			Trailers: []model.Trailer{{Key: "Release-Note", Value: note}, {Key: "Release-Note-en", Value: note}},
		}},
	}
}
