package message

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"daybreak/internal/model"
)

// git runs the real git with nobody's configuration.
func git(t testing.TB, dir string, stdin []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "LC_ALL=C",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return out
}

// printed writes trailers as git prints them.
func printed(trailers []model.Trailer) string {
	var b strings.Builder
	for _, t := range trailers {
		fmt.Fprintf(&b, "%s: %s\n", t.Key, t.Value)
	}
	return b.String()
}

// logTrailers reads a message as %(trailers) of git log does: no divider, empty
// lines at the start passed over.
func logTrailers(text string) []model.Trailer {
	text = valid(text)
	for text != "" {
		line, rest := cutLine(text)
		if !blank(line) {
			break
		}
		text = rest
	}
	start, end := blockOf(text)
	return trailersOf(text[start:end])
}

// logged is one commit as git log tells of it.
type logged struct{ hash, raw, trailers, subject, body string }

// readLog reads every commit of a repository in one process.
func readLog(t testing.TB, dir string, revisions ...string) []logged {
	t.Helper()
	out := git(t, dir, nil, append([]string{"log", "-z", "--encoding=UTF-8", "--format=%H%x00%B%x00%(trailers:only,unfold)%x00%s%x00%b"}, revisions...)...)
	fields := strings.Split(string(out), "\x00")
	var all []logged
	for ; len(fields) >= 5; fields = fields[5:] {
		all = append(all, logged{fields[0], fields[1], fields[2], fields[3], fields[4]})
	}
	return all
}

// differs compares Parse with git log, and returns what differs.
func differs(c logged) string {
	m := Parse(c.raw, Options{})
	switch {
	case m.Subject != valid(c.subject):
		return fmt.Sprintf("subject %q, git says %q", m.Subject, c.subject)
	case m.Body != valid(c.body):
		return fmt.Sprintf("body %q, git says %q", m.Body, c.body)
	case printed(logTrailers(c.raw)) != valid(c.trailers):
		return fmt.Sprintf("%%(trailers) %q, git says %q", printed(logTrailers(c.raw)), c.trailers)
	}
	divider := dividerAt(c.raw) < len(c.raw)
	if leading := c.raw != "" && blank(first(c.raw)); !divider && !leading && printed(m.Trailers) != valid(c.trailers) {
		return fmt.Sprintf("trailers %q, git says %q", printed(m.Trailers), c.trailers)
	}
	return ""
}

func first(s string) string {
	line, _ := cutLine(s)
	return line
}

// hangs reports the messages on which git 2.39 itself runs for ever: a cut line
// behind a divider.
func hangs(raw string) bool { return cutAt(raw) < len(raw) && dividerAt(raw) < cutAt(raw) }

// parsed asks git interpret-trailers.
func parsed(t testing.TB, dir, raw string) string {
	return string(git(t, dir, []byte(raw), "interpret-trailers", "--parse"))
}

// lines is what random messages are made of: everything that means something to
// git's reading of trailers, and what nearly does.
var lines = []string{
	"Signed-off-by: Ada Muster <ada@example.com>", "(cherry picked from commit 1a2b3c4d)", "Signed-off-by:", "signed-off-by: x",
	"(cherry picked from commit", "Key: value", "Key : value", "Key\t: value", "Key:value", "Key:", "Key: ", ": value", "Key",
	" continued", "\tcontinued", "  Key: indented", "prose of several words", "prose: with a colon: and another", "two words: value",
	"# comment", "#", " # no comment", "---", "--- ", "---\t", "---\r", "----", "---x", " ---", "--- a/file", "", "", "", "", " ", "\t", "\r",
	"Conflicts:", "Conflicts: ", "\tpath", "Conflicts:\r", cutMark, cutMark + " ", "a-b: c", "a_b: c", "-: c", "1: 2", "ä: ö", "K: ä\u202e",
	"\xff: y", "K: \xe2\x82", "\v: x", "\fKey: v", "Key: v\v", "Key: v\r", "Key: v  ", "https://example.com", "Fixes #12", "BREAKING CHANGE: x",
	"Co-authored-by: Ben <ben@example.com>", "K: a\x00b", "* item", "- item", "=====",
}

// randomMessage makes a message of up to 16 lines.
func randomMessage(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(16) {
		b.WriteString(lines[r.IntN(len(lines))])
		b.WriteByte('\n')
	}
	s := b.String()
	if r.IntN(4) == 0 {
		s = strings.TrimSuffix(s, "\n")
	}
	if r.IntN(3) > 0 {
		s = "subject\n\n" + s
	}
	return s
}

// TestOracleGenerated compares 20,000 random messages with git log, and the
// first 400 with git interpret-trailers.
func TestOracleGenerated(t *testing.T) {
	dir := t.TempDir()
	git(t, dir, nil, "init", "-q", "--bare")
	r := rand.New(rand.NewPCG(1, 2))
	var stream bytes.Buffer
	var messages []string
	for i := range 20_000 {
		m := randomMessage(r)
		messages = append(messages, m)
		fmt.Fprintf(&stream, "commit refs/heads/main\ncommitter A <a@example.com> %d +0000\ndata %d\n%s\n", i+1, len(m), m)
	}
	git(t, dir, stream.Bytes(), "fast-import", "--quiet")
	all := readLog(t, dir, "main")
	if len(all) != len(messages) {
		t.Fatalf("git log tells of %d commits, not %d", len(all), len(messages))
	}
	bad, some := 0, 0
	for i, c := range all {
		if want, _, _ := strings.Cut(messages[len(messages)-1-i], "\x00"); c.raw != want {
			t.Fatalf("git log gives %q for %q", c.raw, want)
		}
		if c.trailers != "" {
			some++
		}
		if d := differs(c); d != "" && bad < 5 {
			bad++
			t.Errorf("%q: %s", c.raw, d)
		}
	}
	t.Logf("%d messages, %d of them with trailers", len(all), some)
	for _, raw := range messages[:400] {
		if hangs(raw) {
			continue
		}
		want := parsed(t, dir, raw)
		if got := printed(Parse(raw, Options{}).Trailers); got != valid(want) {
			t.Errorf("%q: trailers %q, git interpret-trailers says %q", raw, got, want)
		}
	}
}

// TestOracleRepository compares every message of the repository that
// DAYBREAK_REPO names with git log, and those on which git interpret-trailers
// can say something else, with it too, besides every hundredth.
func TestOracleRepository(t *testing.T) {
	dir := os.Getenv("DAYBREAK_REPO")
	if dir == "" {
		t.Skip("DAYBREAK_REPO is not set")
	}
	all := readLog(t, dir, "--all")
	bad, some, asked, dividers, damaged := 0, 0, 0, 0, 0
	for i, c := range all {
		if c.trailers != "" {
			some++
		}
		if valid(c.raw) != c.raw {
			damaged++
		}
		if d := differs(c); d != "" {
			bad++
			t.Errorf("%s: %s", c.hash, d)
		}
		divider := dividerAt(c.raw) < len(c.raw)
		if divider {
			dividers++
		}
		if (divider && dividers < 1000 || i%100 == 0) && !hangs(c.raw) {
			asked++
			if got, want := printed(Parse(c.raw, Options{}).Trailers), parsed(t, dir, c.raw); got != valid(want) {
				bad++
				t.Errorf("%s: trailers %q, git interpret-trailers says %q", c.hash, got, want)
			}
		}
	}
	t.Logf("%d messages, %d with trailers, %d with a divider, %d with invalid UTF-8; %d asked of interpret-trailers; %d differences", len(all), some, dividers, damaged, asked, bad)
}

// TestDecodeRepository compares Decode with what git log makes of messages that
// have an encoding header.
func TestDecodeRepository(t *testing.T) {
	dir := os.Getenv("DAYBREAK_REPO")
	if dir == "" {
		t.Skip("DAYBREAK_REPO is not set")
	}
	out := git(t, dir, nil, "log", "-z", "--all", "--encoding=UTF-8", "--format=%H%x00%e%x00%B")
	fields := strings.Split(string(out), "\x00")
	coded := 0
	for ; len(fields) >= 3; fields = fields[3:] {
		if fields[1] == "" {
			continue
		}
		coded++
		raw := git(t, dir, nil, "cat-file", "commit", fields[0])
		_, message, _ := bytes.Cut(raw, []byte("\n\n"))
		if got, _ := Decode(message, fields[1]); valid(got) != valid(fields[2]) {
			t.Errorf("%s in %s: %q, git log says %q", fields[0], fields[1], got, fields[2])
		}
	}
	t.Logf("%d messages with an encoding header", coded)
}
