package demo

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"daybreak/content"
)

// Every mistake of an author is told at once, with file, line and the word.
func TestLoadTellsMistakes(t *testing.T) {
	sub, err := fs.Sub(content.FS, "demo")
	if err != nil {
		t.Fatal(err)
	}
	product, err := fs.ReadFile(sub, "product.yaml")
	if err != nil {
		t.Fatal(err)
	}
	head := "version: 2026.6.0\ndate: 2026-04-28\nclock: \"06:08\"\nby: miriam\nmessage: M\nform: github\nrequests:\n"
	for _, c := range []struct{ name, release, want string }{
		{"unknown person", head + "  - {id: 1, by: nobody, title: T, files: [a.md]}\n", `story/a.yaml:8: request "1": by names "nobody"`},
		{"unknown key", head + "  - {id: 1, by: ayse, titel: T, files: [a.md]}\n", "titel"},
		{"twice the same id", head + "  - {id: 1, by: ayse, title: T, files: [a.md]}\n  - {id: 1, by: ayse, title: T, files: [a.md]}\n", "already used at story/a.yaml:8"},
		{"no title", head + "  - {id: 1, by: ayse, files: [a.md]}\n", "title is missing"},
		{"no file", head + "  - {id: 1, by: ayse, title: T}\n", "touches no file"},
		{"path that climbs", head + "  - {id: 1, by: ayse, title: T, files: [../a.md]}\n", `file "../a.md" is not a plain relative path`},
		{"migration without text", head + "  - {id: 1, by: ayse, title: T, files: [db/a.sql]}\n", "a migration needs its text"},
		{"revert of the unknown", head + "  - {id: 1, by: ayse, revert: {of: 9, form: web}}\n", `reverts request "9"`},
		{"unfinished note", head + "  - {id: 1, by: ayse, title: T, files: [a.md], note: TODO}\n", "unfinished"},
		{"unknown language", head + "  - {id: 1, by: ayse, title: T, files: [a.md], note: {fr: Bonjour}}\n", `unknown language "fr"`},
		{"wrong form", strings.Replace(head, "github", "sourcehut", 1) + "  - {id: 1, by: ayse, title: T, files: [a.md]}\n", `unknown form "sourcehut"`},
		{"wrong date", strings.Replace(head, "2026-04-28", "28.04.2026", 1) + "  - {id: 1, by: ayse, title: T, files: [a.md]}\n", "is no date"},
		{"candidate elsewhere", strings.Replace(head, "requests", "candidate: {version: 2026.6.0-rc.1, after: 7, message: M}\nrequests", 1) + "  - {id: 1, by: ayse, title: T, files: [a.md]}\n", `candidate after request "7"`},
		{"hotfix of nothing", "version: 2026.6.1\ndate: 2026-04-28\nclock: \"06:08\"\nby: miriam\nmessage: M\nhotfix: {of: 2026.1.0, branch: r, picks: [\"5\"]}\n", `hotfix of "2026.1.0"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{
				"product.yaml": {Data: product},
				"story/a.yaml": {Data: []byte(c.release)},
				"tree/README":  {Data: []byte("r\n")},
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant something with %q", err, c.want)
			}
		})
	}
}

// Taking edits back and putting them in again gives the same text, also where
// the file has moved on in between.
func TestUndoIsItsOwnInverse(t *testing.T) {
	start := files{"A.java": skeleton("x/A.java"), "c.properties": "a = 1\nb = 2\n"}
	edits := []Edit{{Path: "A.java"}, {Path: "new.md"}, {Path: "c.properties", Set: "a = 3"}}
	changed, log := apply(start, edits, "feat: open the gate")
	if changed["c.properties"] != "a = 3\nb = 2\n" || changed["new.md"] == "" {
		t.Fatalf("edits were not carried out: %q", changed)
	}
	reverted, back := undo(changed, log)
	if _, there := reverted["new.md"]; there || reverted["A.java"] != start["A.java"] || reverted["c.properties"] != start["c.properties"] {
		t.Errorf("undo left %q", reverted)
	}
	again, _ := undo(reverted, back)
	for name, text := range changed {
		if again[name] != text {
			t.Errorf("%s: put in again it is %q, want %q", name, again[name], text)
		}
	}
	moved, _ := apply(changed, []Edit{{Path: "A.java"}}, "feat: close the gate")
	reverted, _ = undo(moved, log)
	if strings.Contains(reverted["A.java"], "openTheGate") || !strings.Contains(reverted["A.java"], "closeTheGate") {
		t.Errorf("after the file moved on:\n%s", reverted["A.java"])
	}
}

// The files that people edit stay readable in an editor.
func TestContentIsTidy(t *testing.T) {
	for _, root := range []string{"demo", "mails"} {
		err := fs.WalkDir(content.FS, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(name, ".png") {
				return err
			}
			data, err := fs.ReadFile(content.FS, name)
			for i, line := range strings.Split(string(data), "\n") {
				if n := len([]rune(line)); n > 300 {
					t.Errorf("%s:%d: %d characters", name, i+1, n)
				}
				if line != "-- " && strings.TrimRight(line, " \t\r") != line {
					t.Errorf("%s:%d: blanks at the end", name, i+1)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
