package message

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daybreak/internal/model"
)

// checkMailmap asks git check-mailmap of all people at once.
func checkMailmap(t testing.TB, text string, people []model.Person) []string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, nil, "init", "-q")
	if err := os.WriteFile(filepath.Join(dir, ".mailmap"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var in strings.Builder
	for _, p := range people {
		in.WriteString(p.Name + " <" + p.Mail + ">\n")
	}
	out := git(t, dir, []byte(in.String()), "check-mailmap", "--stdin")
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

func written(p model.Person) string {
	if p.Name == "" {
		return "<" + p.Mail + ">"
	}
	return p.Name + " <" + p.Mail + ">"
}

// TestMailmapOracle compares 200 random mailmaps, 60 people each, with git.
func TestMailmapOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	names := []string{"", "Ada", "ada", "ADA", "Ada Muster", "Ädä", "ädä", "Ben  B", "ben  b", "  Chris", "#Dora"}
	mails := []string{"ada@example.com", "ADA@example.com", "ada@example.co", "ben@example.com", "ben", "", " ada@example.com", "ä@example.com", "Ä@example.com"}
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	side := func() string { return pick(names) + pick([]string{" ", "", "\t"}) + "<" + pick(mails) + ">" }
	odd := []string{"", "# comment <x@y>", " # <ada@example.com>", "Ada", "Ada <ada@example.com", "Ada >ada<", "<<ada@example.com>>", "\r", "Ada <ada@example.com> # note", "Ada <a> B <b> C <c>"}
	for range 200 {
		var b strings.Builder
		for range r.IntN(12) {
			switch r.IntN(6) {
			case 0:
				b.WriteString(pick(odd))
			case 1, 2:
				b.WriteString(side())
			default:
				b.WriteString(side() + pick([]string{" ", "", "  "}) + side())
			}
			b.WriteString(pick([]string{"\n", "\n", "\n", "\r\n"}))
		}
		text := b.String()
		var people []model.Person
		for range 60 {
			people = append(people, model.Person{Name: strings.TrimSpace(pick(names[1:])), Mail: strings.TrimSpace(pick(mails))})
		}
		m := ParseMailmap(text)
		for i, want := range checkMailmap(t, text, people) {
			if got := written(m.Resolve(people[i])); got != want {
				t.Errorf("mailmap %q: %v is %q, git says %q", text, people[i], got, want)
			}
		}
	}
}

// TestMailmapRepository compares everybody of the repository that DAYBREAK_REPO
// names, with the mailmap of its newest commit.
func TestMailmapRepository(t *testing.T) {
	dir := os.Getenv("DAYBREAK_REPO")
	if dir == "" {
		t.Skip("DAYBREAK_REPO is not set")
	}
	if len(git(t, dir, nil, "ls-tree", "HEAD", ".mailmap")) == 0 {
		t.Skip("no .mailmap in " + dir)
	}
	text := string(git(t, dir, nil, "show", "HEAD:.mailmap"))
	m := ParseMailmap(text)
	out := git(t, dir, nil, "-c", "mailmap.blob=HEAD:.mailmap", "log", "--all", "-z", "--format=%an%x00%ae%x00%aN%x00%aE")
	f := strings.Split(string(out), "\x00")
	n, moved := 0, 0
	for ; len(f) >= 4; f = f[4:] {
		n++
		was, want := model.Person{Name: f[0], Mail: f[1]}, model.Person{Name: f[2], Mail: f[3]}
		if was != want {
			moved++
		}
		if got := m.Resolve(was); got != want {
			t.Errorf("%v is %v, git says %v", was, got, want)
		}
	}
	t.Logf("%d authors, %d of them mapped", n, moved)
}
