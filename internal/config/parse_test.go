package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// update makes the tests write what they would compare with (make golden).
var update = os.Getenv("DAYBREAK_UPDATE") != ""

// Each testdata/bad/*.txtar holds a daybreak.yaml and the diagnostics that it
// must give, as people see them.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, list := Parse(Name, archive.Files[0].Data)
			if c == nil || len(c.Languages) == 0 {
				t.Fatal("no configuration came back")
			}
			got := text(list)
			if update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "diagnostics", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, word := range []string{"reflect", "config.", "model.", "[]string", "map[", "struct", "go-yaml", "!!"} {
				if strings.Contains(got, word) {
					t.Errorf("the diagnostics speak of %q", word)
				}
			}
		})
	}
}

func text(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

// Bytes that a txtar file can't hold.
func TestOddBytes(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"Latin-1", "product:\n  name: M\xfcller\n", "daybreak.yaml:2:10: error: the file is not UTF-8 from here on"},
		{"UTF-16", "\xff\xfep\x00:\x00", "daybreak.yaml:1:1: error: the file is not UTF-8"},
		{"NUL", "product:\n  näme: \x00\n", "daybreak.yaml:2:9: error: a control character"},
		{"escape", "timezone: \x1b[31m\n", "daybreak.yaml:1:11: error: a control character"},
		{"escaped escape", `product: {name: "\e[31m"}`, "daybreak.yaml:1:17: error: key \"product.name\" holds a control character"},
		{"direction override", "product: {name: \"\u202eevil\"}", "holds a control character"},
		{"tab", "product:\n\tname: x\n", "daybreak.yaml:2:1: error: a tab in the indentation"},
		{"huge", strings.Repeat("# line\n", MaxSize/7+1), "daybreak.yaml: error: the file is larger than 1048576 bytes"},
		{"carriage returns", "product:\r\n  nam: x\r\n", "daybreak.yaml:2:3: error: unknown key \"product.nam\""},
		{"byte order mark", "\ufeffprodct: {}\n", "daybreak.yaml:1:1: error: unknown key \"prodct\""},
	}
	for _, c := range cases {
		_, list := Parse(Name, []byte(c.text))
		if got := text(list); len(list) != 1 || !strings.Contains(got, c.want) {
			t.Errorf("%s: got\n%swant one that says\n%s", c.name, got, c.want)
		}
	}
}

// Aliases that unfold to billions of values are stopped, and quickly: the work
// is bounded by counting, whatever the machine.
func TestAliasBombs(t *testing.T) {
	wide := "languages: &l [" + strings.Repeat("de,", 3000) + "de]\nsystems:\n" + strings.Repeat("- {id: K, name: N, languages: *l}\n", 3000)
	deep := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'i'; c++ {
		before := string(c - 1)
		deep += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+before+",", 9), ",") + "]\n"
	}
	deep += "languages: *i\n"
	loop := "migrations: &m [*m]\nareas: &a [{id: x, name: &n {de: *n}, paths: *a}]\n"
	for name, text := range map[string]string{"wide": wide, "deep": deep, "loop": loop} {
		d := &decoder{file: Name, at: map[string]place{}}
		node := d.document([]byte(text))
		if node == nil {
			t.Fatalf("%s: %v", name, d.list)
		}
		d.root(node, &Config{})
		if d.nodes > 2*maxNodes {
			t.Errorf("%s: visited %d nodes", name, d.nodes)
		}
		if d.list.Worst() != diag.Error {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDefaults(t *testing.T) {
	for _, text := range []string{"", "# nothing but a comment\n", "---\n", "{}\n", "product:\nareas:\n", "\ufeff"} {
		c, list := Parse(Name, []byte(text))
		if len(list) > 0 {
			t.Errorf("%q: %v", text, list)
		}
		want := &Config{
			Languages: []model.Lang{"en"}, Timezone: "UTC", File: Name,
			History: History{Language: "en"}, Notes: Notes{Unclassified: "withhold", Titles: "tell"},
		}
		c.Places = nil
		if diff := cmp.Diff(want, c); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	if c := Default(); c.Notes.Unclassified != "tell" || c.Primary() != "en" || c.Location() != time.UTC {
		t.Errorf("Default() = %+v", c)
	}
}

func TestFilledIn(t *testing.T) {
	c, list := Parse(Name, []byte(`
product: {name: Rotbuch, tagline: Reservierung, url: "https://notes.example.com"}
languages: [de, en]
timezone: Europe/Berlin
areas:
- {id: b, name: {de: Buchung, en: Booking}}
- {id: p, name: Preise}
people:
- {id: mk, name: Maria-Luise von der Krämer}
- {id: öz, name: özlem, initials: ÖZ}
- {id: x, name: "李 小龙"}
train: {first: 2026-01-13, buffer: 0, opening: "10:00"}
`))
	if len(list) > 0 {
		t.Fatal(list)
	}
	if got := c.Product.URL; got != "https://notes.example.com/" {
		t.Errorf("url %q", got)
	}
	if diff := cmp.Diff(model.Text{"de": "Reservierung"}, c.Product.Tagline); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(model.Text{"de": "Preise"}, c.Areas[1].Name); diff != "" {
		t.Error(diff)
	}
	if got := c.People[0].Initials + " " + c.People[1].Initials + " " + c.People[2].Initials; got != "MLK ÖZ 李小" {
		t.Errorf("initials %q", got)
	}
	want := &Train{First: "2026-01-13", Start: "06:30", Opening: "10:00", Rollback: 30, Buffer: 0, Database: 20}
	if diff := cmp.Diff(want, c.Train); diff != "" {
		t.Error(diff)
	}
	if got := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC).In(c.Location()).Format("15:04"); got != "14:00" {
		t.Errorf("noon in UTC is %s in Berlin", got)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	_, _, err := Load(dir)
	var p *diag.Problem
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &p) || p.Hint == "" {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "daybreak.yml"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err = Load(dir); !errors.As(err, &p) || !strings.Contains(p.Hint, "daybreak.yml") {
		t.Errorf("file of another name: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, Name), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err = Load(dir); err == nil {
		t.Error("a folder of the name was read")
	}
	if err := os.Remove(filepath.Join(dir, Name)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, Name), []byte("languages: [de]\nnope: 1\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	c, list, err := Load(dir)
	if err != nil || c.Dir != dir || c.Primary() != "de" || len(list) != 1 || list[0].Position.File != Name || list[0].Position.Part != `key "nope"` {
		t.Errorf("Load = %+v, %v, %v", c, list, err)
	}
	if err := os.WriteFile(filepath.Join(dir, Name), make([]byte, MaxSize+5), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, list, err = Load(dir); err != nil || len(list) != 1 || list[0].Code != "file-too-big" {
		t.Errorf("huge file: %v, %v", list, err)
	}
}

func TestAbsent(t *testing.T) {
	c, list := Parse(Name, []byte("product:\n  logo: ü.svg\nrepositories:\n- path: ../a\n- {name: b, path: /b}\n- {name: c, path: ../c}\n"))
	if len(list) != 1 { // the first needs a name
		t.Fatal(list)
	}
	c.Dir = "work"
	asked := map[string]bool{"a": true}
	got := text(c.Absent(func(p string) bool { return asked[filepath.ToSlash(p)] }))
	want := `daybreak.yaml:5:19: error: repository "/b" is not there
  hint: The path is meant from the folder of daybreak.yaml on.
daybreak.yaml:6:19: error: repository "../c" is not there
  hint: The path is meant from the folder of daybreak.yaml on.
daybreak.yaml:2:9: warning: logo "ü.svg" is not there
  hint: Put the picture there, or delete the line; the pages are built without it.
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if p := c.At("repositories[1].forge"); p.Line != 5 || p.Column != 3 || p.Part != `key "repositories[1].forge"` {
		t.Errorf("At an absent key: %+v", p)
	}
	if p := Default().At("train"); p.Line != 0 {
		t.Errorf("At of Default: %+v", p)
	}
}

// Whatever the bytes, Parse comes back with a usable configuration, sorted
// diagnostics that lie inside the file, and the same ones again.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range files {
		if archive, err := txtar.ParseFile(file); err == nil {
			f.Add(archive.Files[0].Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, list := Parse(Name, data)
		if len(c.Languages) == 0 || c.Location() == nil {
			t.Fatal("no languages or no zone")
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + strings.Count(string(data), "\u0085") + strings.Count(string(data), "\u2028") + strings.Count(string(data), "\u2029") + 1
		for _, d := range list {
			if d.Position.Line > lines+1 || d.Code == "" || d.Message == "" {
				t.Errorf("odd diagnostic %+v", d)
			}
		}
		if _, again := Parse(Name, data); cmp.Diff(list, again) != "" {
			t.Error("another list the second time")
		}
	})
}
