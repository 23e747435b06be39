package demo

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"daybreak/content"
	"daybreak/internal/config"
)

func story(t *testing.T) *Story {
	t.Helper()
	sub, err := fs.Sub(content.FS, "demo")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Load(sub)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// made is the demo in a folder of the test's own.
func made(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	if err := Make(dir, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// shared is one demo for all tests that only read it.
func shared(t *testing.T) string {
	t.Helper()
	dir, err := makeShared()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var makeShared = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(scratch, "demo")
	return dir, Make(dir, nil)
})

var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "daybreak-demo-test"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

func gitIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", filepath.Join(dir, "product")}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
		"GIT_AUTHOR_NAME=N", "GIT_AUTHOR_EMAIL=n@example.org", "GIT_COMMITTER_NAME=N", "GIT_COMMITTER_EMAIL=n@example.org")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// Same story, same object ids, whatever the time zone of the machine.
func TestMakeIsDeterministic(t *testing.T) {
	var refs [2]map[plumbing.ReferenceName]plumbing.Hash
	defer func(here *time.Location) { time.Local = here }(time.Local) // which TZ sets at a program's start alone
	for i, zone := range []string{"Pacific/Kiritimati", "America/Los_Angeles"} {
		var err error
		if time.Local, err = time.LoadLocation(zone); err != nil {
			t.Fatal(err)
		}
		if refs[i], err = build(story(t), newStore()); err != nil {
			t.Fatal(err)
		}
	}
	if !maps.Equal(refs[0], refs[1]) {
		t.Errorf("two builds differ:\n%v\n%v", refs[0], refs[1])
	}
}

// git itself finds nothing to say about the repository, and the work tree is
// an ordinary clean checkout of main.
func TestRepositoryIsSound(t *testing.T) {
	dir := shared(t)
	if out := gitIn(t, dir, "fsck", "--strict", "--no-progress"); out != "" {
		t.Errorf("git fsck says:\n%s", out)
	}
	if out := gitIn(t, dir, "status", "--porcelain"); out != "" {
		t.Errorf("the work tree isn't clean:\n%s", out)
	}
	if branch := gitIn(t, dir, "rev-parse", "--abbrev-ref", "HEAD"); branch != "main" {
		t.Errorf("HEAD is %q, want main", branch)
	}
	if n := len(strings.Split(gitIn(t, dir, "rev-list", "--first-parent", "v2026.15.0..main"), "\n")); n < 8 {
		t.Errorf("%d requests are merged and not tagged, want some", n)
	}
}

// What the demo is there to show is really in it, as git tells it.
func TestHistoryHasItsShapes(t *testing.T) {
	dir := shared(t)
	s := story(t)
	finals, requests, forms := 0, 0, map[Form]int{}
	for i := range s.Releases {
		r := &s.Releases[i]
		if r.Hotfix == nil && r.Version != "" {
			finals++
			if r.Date.Weekday().String() != "Tuesday" {
				t.Errorf("%s leaves on a %s", r.Version, r.Date.Weekday())
			}
		}
		requests += len(r.Requests)
		for j := range r.Requests {
			forms[r.form(&r.Requests[j])]++
		}
	}
	if finals < 8 || requests < 150 {
		t.Errorf("%d releases with %d requests, want at least 8 and 150", finals, requests)
	}
	for _, f := range []Form{GitHubMerge, GitHubSquash, GitLabMerge, GitLabSquash, GiteaMerge, Bitbucket, Azure, Plain} {
		if forms[f] == 0 {
			t.Errorf("no request in the form %q", f)
		}
	}
	// Each line: arguments of git log, and what the answer must hold.
	for _, c := range [][2]string{
		{"--format=%B v2026.11.0..v2026.11.1", `\(cherry picked from commit [0-9a-f]{40}\)`},
		{"--format=%B v2026.6.0..v2026.7.0", `Reverts kurswagen/kurswagen#434`},
		{"--format=%B v2026.9.0..v2026.10.0", `This reverts commit [0-9a-f]{40}\.`},
		{"--format=%s v2026.10.0..v2026.11.0", `(?s)Reapply "perf.*Revert "perf.*perf\(offers\)`},
		{"--format=%B v2026.14.0..v2026.15.0", `reversing\nchanges made to [0-9a-f]{40}\.`},
		{"--format=%s main", `Merge branch 'main' into feature/`},
		{"--format=%s main -- db/migrations", `add gift vouchers`},
		{"--format=%s main -- config", `channel`},
		{"--format=%D --no-walk v2026.15.0-rc.1", `tag: v2026.15.0-rc.1`},
		{"--format=%(trailers:key=Co-authored-by,valueonly) main", `Linh Pham`},
		{"--format=%(trailers:key=Deploy-Note,valueonly,unfold) main", `Datenbank-Update`},
	} {
		args := append([]string{"log"}, strings.Fields(c[0])...)
		if out := gitIn(t, dir, args...); !regexp.MustCompile(c[1]).MatchString(out) {
			t.Errorf("git log %s doesn't hold %q:\n%.600s", c[0], c[1], out)
		}
	}
	picked := gitIn(t, dir, "log", "-1", "--format=%(trailers:unfold)", "v2026.11.1")
	hash := regexp.MustCompile(`[0-9a-f]{40}`).FindString(gitIn(t, dir, "log", "-1", "--format=%B", "v2026.11.1"))
	gitIn(t, dir, "merge-base", "--is-ancestor", hash, "main")
	if !strings.Contains(picked, "Release-Note:") {
		t.Errorf("the hotfix lost its trailers: %q", picked)
	}
	for _, tag := range strings.Fields(gitIn(t, dir, "tag")) {
		if kind := gitIn(t, dir, "cat-file", "-t", tag); kind != "tag" {
			t.Errorf("%s is a %s, want an annotated tag", tag, kind)
		}
	}
}

// No commit is older than its parents, nobody works at night or on a Sunday,
// and the work of a release lies before its tag.
func TestDatesAreSensible(t *testing.T) {
	dir := shared(t)
	committed := map[string]string{}
	lines := strings.Split(gitIn(t, dir, "log", "--all", "--reverse", "--topo-order", "--date=format:%a %H", "--format=%H;%ct;%cd;%P"), "\n")
	for _, line := range lines {
		f := strings.Split(line, ";")
		committed[f[0]] = f[1]
		for _, parent := range strings.Fields(f[3]) {
			if committed[parent] > f[1] {
				t.Errorf("%s was committed before its parent %s", f[0][:8], parent[:8])
			}
		}
		day, hour, _ := strings.Cut(f[2], " ")
		if day == "Sat" || day == "Sun" || hour < "08" || hour > "18" {
			t.Errorf("%s was committed on %s at %s", f[0][:8], day, hour)
		}
	}
	for _, tag := range strings.Fields(gitIn(t, dir, "tag")) {
		made := gitIn(t, dir, "for-each-ref", "--format=%(taggerdate:unix)", "refs/tags/"+tag)
		if commit := gitIn(t, dir, "log", "-1", "--format=%ct", tag); commit > made {
			t.Errorf("%s was tagged before its commit", tag)
		}
	}
}

// leftover finds what a text still holds of its making: placeholders, doubled
// words, straight quotes in German, blanks before punctuation.
var leftover = regexp.MustCompile(`(?i)\b(todo|fixme|xxx|lorem|tbd)\b|\{\{|\[[A-Z]{3,}|  | [.,;!?](\s|$)|\b(der der|die die|the the|and and|und und|in in)\b`)

// Texts for customers read like texts: both languages, whole sentences, no
// ticket, no branch, no name of a colleague or of another customer.
func TestTextsForCustomers(t *testing.T) {
	s := story(t)
	customers := []string{"Sonnhalde", "Lindwurm", "Möwentörn", "Larkspur", "Zitronenhain", "Bergkiefer"}
	told, withEnglish, internal := 0, 0, 0
	for i := range s.Releases {
		r := &s.Releases[i]
		for j := range r.Requests {
			q := &r.Requests[j]
			if regexp.MustCompile(`^(ci|chore|test|docs|deps|refactor|style)\b`).MatchString(q.Title) || q.Audience == "internal" {
				internal++
				if len(q.Note) > 0 {
					t.Errorf("%s:%d: internal work with a note", r.File, q.Line)
				}
			}
			if len(q.Note) > 0 {
				told++
			}
			if len(q.Note["en"]) > 0 {
				withEnglish++
			}
			for lang, texts := range q.Note {
				for _, text := range texts {
					checkNote(t, r.File, q, lang, text, s, customers)
				}
			}
			for name, text := range map[string]Text{"verify": q.Verify, "expect": q.Expect, "deploy": q.Deploy, "rollback": q.Rollback, "breaking": q.Breaking, "risk": q.Risk} {
				for _, line := range slices.Concat(text["de"], text["en"]) {
					if m := leftover.FindString(line); m != "" {
						t.Errorf("%s:%d: %s holds %q: %s", r.File, q.Line, name, m, line)
					}
				}
			}
		}
	}
	if told < 90 || told == withEnglish || withEnglish < 80 {
		t.Errorf("%d notes, %d of them in English: want at least 90, most but not all in English", told, withEnglish)
	}
	if internal < 45 {
		t.Errorf("%d internal requests, want about a third", internal)
	}
}

func checkNote(t *testing.T, file string, q *Request, lang, text string, s *Story, customers []string) {
	t.Helper()
	bad := func(why string) { t.Errorf("%s:%d: %s (%s): %s", file, q.Line, why, lang, text) }
	if !strings.HasSuffix(text, ".") {
		bad("no whole sentence")
	}
	if n := len([]rune(text)); n < 40 || n > 240 {
		bad("too short or too long")
	}
	// A note of 110 characters is all headline, which should be one sentence; of
	// a longer one the first sentence is.
	first, rest, _ := strings.Cut(text, ". ")
	if n := len([]rune(text)); rest != "" && n <= 110 || rest == "" && n > 110 || len([]rune(first)) > 105 {
		bad("makes no good headline")
	}
	if m := leftover.FindString(text); m != "" {
		bad("holds " + m)
	}
	if strings.Contains(text, "KURS-") || strings.Contains(text, `"`) {
		bad("a ticket or a straight quote")
	}
	for _, p := range s.People {
		if strings.Contains(text, strings.Fields(p.Name)[1]) {
			bad("a colleague's name")
		}
	}
	for _, c := range customers {
		if strings.Contains(text, c) {
			bad("a customer's name")
		}
	}
}

// The workspace passes the strict reader without a word.
func TestWorkspaceIsValid(t *testing.T) {
	dir := shared(t)
	c, list, err := config.Load(filepath.Join(dir, "workspace"))
	if err != nil || len(list) > 0 {
		t.Fatalf("%v\n%v", err, list)
	}
	customers, tests := 0, 0
	for _, system := range c.Systems {
		if system.Test {
			tests++
		} else {
			customers++
		}
	}
	if customers != 6 || tests != 1 {
		t.Errorf("%d customer systems and %d test systems, want 6 and 1", customers, tests)
	}
	if _, err := os.Stat(filepath.Join(dir, "workspace", c.Product.Logo)); err != nil {
		t.Error(err)
	}
	known := map[string]bool{}
	for _, a := range c.Areas {
		known[a.ID] = true
		for _, scope := range a.Scopes {
			known[scope] = true
		}
	}
	people := map[string]string{}
	for _, p := range c.People {
		people[p.ID] = p.Name
	}
	s := story(t)
	for id, p := range s.People {
		if people[id] != p.Name {
			t.Errorf("%s of the story is %q in the workspace", id, people[id])
		}
	}
	scope := regexp.MustCompile(`^(?:feat|fix|improve|perf|remove|security|deprecate)\((.*?)\)`)
	for _, r := range s.Releases {
		for _, q := range r.Requests {
			if m := scope.FindStringSubmatch(q.Title); m != nil && !known[m[1]] {
				t.Errorf("%s:%d: scope %q is no area", r.File, q.Line, m[1])
			}
		}
	}
}
