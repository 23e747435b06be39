//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"daybreak/internal/browser"
	"daybreak/internal/output"
)

// served is a `daybreak serve` that runs as a process of its own.
type served struct {
	t      *testing.T
	top    string
	work   string // the workspace
	url    string
	cmd    *exec.Cmd
	stderr *spoken
	events *bufio.Scanner
}

// spoken is what a process says while it runs.
type spoken struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *spoken) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

const draftFile = "content/releases/1.3.0/notes.en.md"

// startServe makes a product with three releases and a workspace with a draft of
// the newest, and serves them.
func startServe(t *testing.T) *served { return startServeOf(t, nil) }

// startServeOf serves with further flags; prepare, unless nil, changes the product
// or the workspace before.
func startServeOf(t *testing.T, prepare func(*served), flags ...string) *served {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git to make a repository with")
	}
	s := &served{t: t, top: t.TempDir(), stderr: &spoken{}}
	s.work = filepath.Join(s.top, "work")
	makeProduct(t, filepath.Join(s.top, "product"))
	s.write("daybreak.yaml", "product: {name: Probe}\nlanguages: [en]\ntimezone: UTC\nrepositories: [{path: ../product}]\n")
	if err := os.Symlink(testBinary(t), filepath.Join(s.top, "daybreak")); err != nil {
		t.Fatal(err)
	}
	if text, err := s.command("draft", "1.3.0").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if prepare != nil {
		prepare(s)
	}
	s.cmd = s.command(append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...)...)
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGQUIT) } // where it hangs, it says where
	s.cmd.Stderr = s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = s.cmd.Wait() }) // where the test has not ended it
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v\n%s", err, s.stderr)
	}
	s.url = strings.TrimSuffix(strings.TrimSpace(line), "/")
	stream, err := http.Get(s.url + "/.daybreak/events")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stream.Body.Close() })
	s.events = bufio.NewScanner(stream.Body)
	return s
}

func (s *served) command(args ...string) *exec.Cmd {
	cmd := bounded(s.t, filepath.Join(s.top, "daybreak"), append(args, "--workspace", s.work)...)
	cmd.Env = append(os.Environ(), "DAYBREAK_CACHE="+filepath.Join(s.top, "cache"))
	return cmd
}

// write saves as many editors do: into another file, which is then renamed.
func (s *served) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.work, filepath.FromSlash(name))
	err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path+"~", []byte(text), 0o666), os.Rename(path+"~", path))
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *served) read(name string) string {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(s.work, filepath.FromSlash(name)))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

func (s *served) get(path string) string {
	s.t.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

type shownProblem struct{ Position, Message, Hint string }

// until reads what open pages are told until it fits.
func (s *served) until(what string, fits func([]shownProblem) bool) {
	s.t.Helper()
	stop := time.AfterFunc(time.Minute, func() { _ = s.cmd.Cancel() }) // that ends the stream
	defer stop.Stop()
	for s.events.Scan() {
		var told struct{ Problems []shownProblem }
		if data, ok := strings.CutPrefix(s.events.Text(), "data: "); !ok {
			continue
		} else if err := json.Unmarshal([]byte(data), &told); err != nil {
			s.t.Fatal(err)
		}
		if fits(told.Problems) {
			return
		}
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // then stderr is whole
	s.t.Fatalf("the stream ended, or a minute passed, before %s\n%s", what, s.stderr)
}

// await asks until something is so.
func (s *served) await(what string, is func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited in vain for %s\n%s", what, s.stderr)
		}
	}
}

func (s *served) shows(path, text string) {
	s.t.Helper()
	says := func([]shownProblem) bool { return strings.Contains(s.get(path), text) }
	if !says(nil) {
		s.until(text, says)
	}
}

const pageOf13 = "/public/releases/1.3.0/"

func TestServe(t *testing.T) {
	s := startServe(t)
	draft := s.read(draftFile)
	s.shows("/", `href="/team/"`)
	s.shows(pageOf13, "thing 4 in train 3")
	s.shows("/team/1.3.0/runbook/", "1.3.0")
	s.shows("/mail/1.3.0/", "A.en.md")

	edited := strings.Replace(draft, "thing 4 in train 3", "a seat by the window", 1)
	s.write(draftFile, edited)
	s.shows(pageOf13, "a seat by the window")

	for _, c := range []struct{ file, text, position, message string }{
		{"daybreak.yaml", s.read("daybreak.yaml") + "systemz: []\n", "daybreak.yaml:5:1", "unknown key"},
		{draftFile, "---\ntitel: x\n---\n" + edited, draftFile, "titel"},
		{"templates/public/release.html", "{{.NoSuchField}}", "templates/public/release.html:1:", "NoSuchField"},
		{"templates/public/release.html", "{{if}}", "templates/public/release.html:1", "if"},
		{draftFile, strings.Replace(edited, "a seat by the window", "a seat by mira@example.org", 1), draftFile + ":", "mail address"},
	} {
		before, err := os.ReadFile(filepath.Join(s.work, filepath.FromSlash(c.file)))
		s.write(c.file, c.text)
		s.until(c.message, func(problems []shownProblem) bool {
			page := s.get(pageOf13)
			if !strings.Contains(page, "a seat by") {
				t.Fatalf("%s: the last good page is gone:\n%.400s", c.message, page)
			}
			for _, p := range problems {
				if strings.HasPrefix(p.Position, c.position) && strings.Contains(p.Message, c.message) && p.Hint != "" {
					return true
				}
			}
			return false
		})
		if err != nil {
			if err := os.RemoveAll(filepath.Join(s.work, strings.Split(c.file, "/")[0])); err != nil {
				t.Fatal(err)
			}
		} else {
			s.write(c.file, string(before))
		}
		s.until("the mending of "+c.message, func(problems []shownProblem) bool { return len(problems) == 0 })
		s.shows(pageOf13, "a seat by the window")
	}

	s.git("product", "commit", "-q", "--allow-empty", "-m", "feat: sleep on the night train")
	s.git("product", "tag", "v1.4.0")
	s.git("product", "pack-refs", "--all")
	s.shows("/public/releases/1.4.0/", "on the night train")

	// A tag that comes while nothing can be made is there once that is mended.
	s.write("templates/public/release.html", "{{if}}")
	s.until("the broken template", func(problems []shownProblem) bool { return len(problems) > 0 })
	s.git("product", "commit", "-q", "--allow-empty", "-m", "feat: wake up by the sea")
	s.git("product", "tag", "v1.5.0")
	if err := os.RemoveAll(filepath.Join(s.work, "templates")); err != nil {
		t.Fatal(err)
	}
	s.shows("/public/releases/1.5.0/", "up by the sea")

	busy := s.command("serve", "--addr", strings.TrimPrefix(s.url, "http://"))
	text, err := busy.CombinedOutput()
	if busy.ProcessState.ExitCode() != exitFailure || !strings.Contains(string(text), "something else listens on") || !strings.Contains(string(text), "--addr 127.0.0.1:0") {
		t.Errorf("a port in use: %v\n%s", err, text)
	}
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("stopped with Ctrl-C: %v\n%s", err, s.stderr)
	}
	for _, once := range []string{`unknown key "systemz"`, "NoSuchField", "content/releases/1.3.0/notes.en.md changed", "all is mended"} {
		if !strings.Contains(s.stderr.String(), once) {
			t.Errorf("the terminal was not told of %q:\n%s", once, s.stderr)
		}
	}
	if n := strings.Count(s.stderr.String(), `unknown key "systemz"`); n != 1 {
		t.Errorf("the terminal was told %d times of one problem:\n%s", n, s.stderr)
	}
	if _, err := os.Stat(filepath.Join(s.work, "site")); !errors.Is(err, os.ErrNotExist) {
		t.Error("serve has written a site:", err)
	}
}

func (s *served) git(dir string, args ...string) {
	s.t.Helper()
	git := exec.Command("git", append([]string{"-C", filepath.Join(s.top, dir), "-c", "user.name=M", "-c", "user.email=m@example.org"}, args...)...)
	if text, err := git.CombinedOutput(); err != nil {
		s.t.Fatalf("git %v: %v\n%s", args, err, text)
	}
}

// A repository may be bare, or a linked worktree, whose refs lie elsewhere.
func TestServeOtherRepositories(t *testing.T) {
	for name, add := range map[string][]string{
		"bare":     {"clone", "-q", "--bare", "product", "other"},
		"worktree": {"-C", "product", "worktree", "add", "-q", "-b", "side", "../other"},
	} {
		t.Run(name, func(t *testing.T) {
			s := startServeOf(t, func(s *served) {
				s.git("", add...)
				s.write("daybreak.yaml", strings.Replace(s.read("daybreak.yaml"), "../product", "../other", 1))
			})
			s.shows(pageOf13, "thing 4 in train 3")
			if name == "worktree" {
				s.git("other", "commit", "-q", "--allow-empty", "-m", "feat: sleep on the night train")
			}
			s.git("other", "tag", "v1.4.0")
			s.shows("/public/releases/1.4.0/", "1.4.0</h1>")
			s.git("other", "pack-refs", "--all")
			s.git("other", "tag", "-d", "v1.4.0")
			s.until("the tag is gone", func([]shownProblem) bool { return !strings.Contains(s.get("/public/"), "1.4.0") })
		})
	}
}

// --addr of the whole network warns and works, --open calls the desktop's program
// with the address, --published shows what customers see now.
func TestServeFlags(t *testing.T) {
	s := startServeOf(t, func(s *served) {
		program := "#!/bin/sh\necho \"$1\" > " + filepath.Join(s.top, "opened.new") + "\nmv " + filepath.Join(s.top, "opened.new") + " " + filepath.Join(s.top, "opened") + "\n"
		for _, name := range []string{"xdg-open", "open"} {
			if err := errors.Join(os.MkdirAll(filepath.Join(s.top, "bin"), 0o777), os.WriteFile(filepath.Join(s.top, "bin", name), []byte(program), 0o777)); err != nil {
				t.Fatal(err)
			}
		}
		s.t.Setenv("PATH", filepath.Join(s.top, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
		s.write("daybreak.yaml", s.read("daybreak.yaml")+"publish: {after: 1.2.0}\n")
	}, "--addr", "0.0.0.0:0", "--open", "--published")
	if !strings.HasPrefix(s.url, "http://localhost:") {
		t.Errorf("the address is %s", s.url)
	}
	s.await("a warning", func() bool {
		text := s.stderr.String()
		return strings.Contains(text, "whoever reaches") && strings.Contains(text, "leave --addr away")
	})
	if page := s.get("/public/"); !strings.Contains(page, "1.2.0") || strings.Contains(page, "1.3.0") {
		t.Error("customers are shown what isn't published")
	}
	var asked []byte
	s.await("the desktop's program", func() bool {
		var err error
		asked, err = os.ReadFile(filepath.Join(s.top, "opened"))
		return err == nil
	})
	if strings.TrimSpace(string(asked)) != s.url+"/" {
		t.Errorf("the desktop was asked for %q", asked)
	}
}

// What is served is what a build writes, but for the script.
func TestServeIsBuild(t *testing.T) {
	s := startServe(t)
	out := filepath.Join(s.top, "site")
	if text, err := s.command("build", "--out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	compared := 0
	for name, want := range readTree(t, out) {
		if name == output.Marker {
			continue
		}
		got := s.get("/" + name)
		if filepath.Ext(name) == ".html" {
			at := strings.Index(got, "<script data-edition=")
			if at < 0 {
				t.Errorf("%s lacks the script", name)
				continue
			}
			_, after, _ := strings.Cut(got[at:], "</script>")
			// The policy differs by what the script needs: see TestEnliven.
			got, want = withoutPolicy(got[:at]+after), withoutPolicy(want)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s differs:\n%.600s", name, diff)
		}
		compared++
	}
	if compared < 30 {
		t.Errorf("only %d files compared", compared)
	}
}

func withoutPolicy(page string) string {
	before, rest, ok := strings.Cut(page, `<meta http-equiv="Content-Security-Policy"`)
	if !ok {
		return page
	}
	_, after, _ := strings.Cut(rest, ">")
	return before + after
}

// An open page follows a draft, stays where it was scrolled to, and has what is
// wrong laid over it until it is mended.
func TestServeInABrowser(t *testing.T) {
	s := startServe(t)
	b, err := browser.Open(t.Context())
	if errors.Is(err, browser.ErrNotFound) && os.Getenv("DAYBREAK_REQUIRE_BROWSER") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	page, err := b.Page(s.url+pageOf13, browser.View{Width: 400, Height: 300})
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	// A page that is being loaded again answers with an error; then it is asked once more.
	becomes := func(what, script string) {
		t.Helper()
		deadline := time.Now().Add(time.Minute)
		for time.Now().Before(deadline) {
			if ok, err := browser.Eval[bool](page, "new Promise(done => setTimeout(() => done(Boolean("+script+")), 20))"); err == nil && ok {
				return
			}
		}
		t.Fatalf("never: %s\n%s", what, s.stderr)
	}
	overlay := `document.querySelector("daybreak-preview")?.shadowRoot.querySelector("section")`
	draft := s.read(draftFile)
	becomes("the page", `document.body.innerText.includes("thing 4 in train 3") && document.readyState === "complete"`)
	if _, err := browser.Eval[bool](page, `scrollTo(0, 180), window.first = true`); err != nil {
		t.Fatal(err)
	}
	s.write(draftFile, strings.Replace(draft, "thing 4 in train 3", "a seat by the window", 1))
	becomes("the edit, and the place that was scrolled to", `!window.first && document.body.innerText.includes("a seat by the window") && Math.abs(scrollY - 180) < 2`)

	if _, err := browser.Eval[bool](page, `window.first = true`); err != nil {
		t.Fatal(err)
	}
	settings := s.read("daybreak.yaml")
	s.write("daybreak.yaml", settings+"systemz: []\n")
	becomes("the problem", fmt.Sprintf(`(%s)?.innerText.includes("daybreak.yaml:5:1") && (%s).innerText.includes('unknown key "systemz"') && (%s).innerText.includes("Did you mean")`, overlay, overlay, overlay))
	becomes("the last good page below it", `window.first && document.body.innerText.includes("a seat by the window")`)
	if _, err := browser.Eval[bool](page, `dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}))`); err != nil {
		t.Fatal(err)
	}
	becomes("Escape puts it aside", "!("+overlay+")")
	s.write("daybreak.yaml", settings+"systemy: []\n")
	becomes("another problem is shown again", `(`+overlay+`)?.innerText.includes("systemy")`)
	s.write("daybreak.yaml", settings)
	becomes("mended, without loading the page again", "!("+overlay+") && window.first")

	problems, err := page.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !strings.Contains(p, "ERR_ABORTED") { // what a page had open when it was loaded again
			t.Errorf("the page complains: %s", p)
		}
	}
}
