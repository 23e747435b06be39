package message

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

var ticketPattern = Options{Tickets: []*regexp.Regexp{regexp.MustCompile(`\b[A-Z][A-Z]+-[1-9][0-9]*\b`)}}

// holds checks what is true of every message.
func holds(t *testing.T, text string) Message {
	t.Helper()
	m := Parse(text, ticketPattern)
	if again := Parse(text, ticketPattern); !reflect.DeepEqual(m, again) {
		t.Fatalf("read twice, it says two things: %q", text)
	}
	var check func(v reflect.Value)
	check = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if !utf8.ValidString(v.String()) {
				t.Fatalf("invalid UTF-8 %q of %q", v.String(), text)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				check(v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				check(v.Index(i))
			}
		case reflect.Pointer:
			if !v.IsNil() {
				check(v.Elem())
			}
		}
	}
	check(reflect.ValueOf(m))
	if m.Subject == "" && m.Title != "" || m.Title == "" && withoutSignOff(m.Subject) != "" {
		t.Fatalf("title %q, subject %q", m.Title, m.Subject)
	}
	clean := []string{m.Title, m.Header.Text, m.Header.Scope, m.Header.Type, m.Source, m.Target, m.RevertsSubject}
	for _, r := range m.Refs {
		clean = append(clean, r.String())
	}
	for _, c := range m.CoAuthors {
		clean = append(clean, c.Name, c.Mail)
	}
	if m.Request != nil {
		clean = append(clean, m.Request.Title, m.Request.Source, m.Request.Target, m.Request.URL, m.Request.Number)
		if m.Request.Number == "" {
			t.Fatalf("a request without a number: %q", text)
		}
	}
	for _, s := range clean {
		if utf8.RuneCountInString(s) > maxTitle || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || diag.IsBidiControl(r) }) {
			t.Fatalf("%q of %q", s, text)
		}
	}
	notes := []string{m.Header.Note}
	for _, b := range m.Blocks {
		notes = append(notes, b.Text)
		if b.Text == "" || b.Kind == "" {
			t.Fatalf("empty block of %q", text)
		}
	}
	for _, s := range notes {
		if strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) || diag.IsBidiControl(r) }) {
			t.Fatalf("%q of %q", s, text)
		}
	}
	seen := map[model.Ref]bool{}
	for _, r := range m.Refs {
		if seen[r] || r.ID == "" {
			t.Fatalf("reference %v twice in %q", r, text)
		}
		seen[r] = true
	}
	for _, h := range append(m.Reverts, m.Picked...) {
		if len(h) < 7 || strings.Trim(h, "0123456789abcdef") != "" {
			t.Fatalf("hash %q of %q", h, text)
		}
	}
	return m
}

// caseTexts gives the messages of all cases.
func caseTexts(t testing.TB) []string {
	var all []string
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range regexp.MustCompile(`(?m)^-- .* --\n`).Split(string(data), -1) {
			if i%2 == 1 {
				all = append(all, part)
			}
		}
	}
	return all
}

func FuzzParse(f *testing.F) {
	for _, text := range caseTexts(f) {
		f.Add(text)
	}
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { holds(t, text) })
}

// FuzzTrailers asks git interpret-trailers about every message: slow, and right.
func FuzzTrailers(f *testing.F) {
	dir := f.TempDir()
	f.Add("subject\n\nKey: value\n continued\n")
	f.Add("s\n\nprose\nSigned-off-by: A <a@b>\nx: y\n z\n# c\n\n")
	f.Add("s\n\nA: b\n---\nC: d\n")
	f.Add("s\n\nA: b\nConflicts:\n\tx\n")
	f.Fuzz(func(t *testing.T, text string) {
		text, _, _ = strings.Cut(text, "\x00")
		if hangs(text) {
			return
		}
		if got, want := printed(Parse(text, Options{}).Trailers), valid(parsed(t, dir, text)); got != want {
			t.Errorf("%q: %q, git says %q", text, got, want)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("Gr\xfc\xdfe"), "ISO-8859-1")
	f.Add([]byte("\xff\xfe"), "")
	f.Add([]byte("x\x00y"), "utf-16")
	f.Fuzz(func(t *testing.T, raw []byte, name string) {
		if text, _ := Decode(raw, name); !utf8.ValidString(text) {
			t.Errorf("%q in %q gives %q", raw, name, text)
		}
	})
}

func FuzzMailmap(f *testing.F) {
	f.Add("Ada <ada@example.com> <old@example.com>\n", "Ada", "OLD@example.com")
	f.Fuzz(func(t *testing.T, text, name, address string) {
		m := ParseMailmap(text)
		p := model.Person{Name: name, Mail: address}
		if got := m.Resolve(p); got != p && text == "" {
			t.Errorf("an empty mailmap makes %v of %v", got, p)
		}
	})
}

// hostile are messages that mean harm, small.
var hostile = []string{
	"", "\n", " \n\t\r\n", "\x00", "x\x00y: z", "\xff\xfe", "\xff", "\u202e", "\u202etxt.exe", "\x1b[31mred\x1b[0m",
	"<script>alert(1)</script>", "[x](javascript:alert(1))", "{{template \"x\"}}", "fix: \u2066\u2069", "feat(\x07):\x07 \x07",
	"Merge branch '' into ''", "Merge branch '", "Merge branches 'a', '", "Merge pull request #0 from \u202e", "Revert \"", "Revert \"\"", "Reapply \"",
	"Merge pull request '' (#1) from a into b", "(#1)", "x (#1) (#2) (#3)", "Merged PR 1", "Merged PR 1: ", "!1 ", "#", "!", "BREAKING CHANGE:", "x\n\nBREAKING CHANGE:",
	"x\n\n```release-note", "x\n\n```release-note\n```", "x\n\n````\n```\n", "<!--", "x\n\n<!-- --> <!--", "See merge request !1", "x\n\nSee merge request !1",
	"x\r\n\r\nKey: value\r\n", "x\n\nCo-authored-by: \u202e <\x07>", "x\n\nThis reverts commit ", "x\n\nReviewed-on: https://x\u202e/pulls/1\nChange-Id: I1234567890",
	"Auto merge of #1 - , r=", "Merge #1", "x\n\n" + cutMark, cutMark + "\n", "#\n#\n", "---\n", "é\u0301 \u200b\ufeff",
}

func TestHostile(t *testing.T) {
	for _, text := range hostile {
		holds(t, text)
	}
}

// TestHuge reads messages of megabytes, each built so that careless reading
// takes quadratic time or makes millions of values: the test would run into its
// time limit.
func TestHuge(t *testing.T) {
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, text := range map[string]string{
		"one line":          fill("a"),
		"one line of words": fill("word "),
		"trailers":          "x\n\n" + fill("a:\n"),
		"continued":         "x\n\na: b\n" + fill(" \n"),
		"signs":             fill("#"),
		"refs":              fill("#1 "),
		"repositories":      fill("a/"),
		"repositories#":     fill("a/#"),
		"list":              "x\n\n" + fill("#1 a\n"),
		"backticks":         fill("`"),
		"backticks in rows": fill("` `` "),
		"fences":            fill("```\n"),
		"open comments":     fill("<!--"),
		"comments":          fill("<!---->"),
		"quotes":            "Revert " + fill("\""),
		"reverts":           "Revert x\n\n" + fill("This reverts commit "),
		"hashes":            "x\n\nThis reverts commits " + fill("1a2b3c4d5e, "),
		"spaces":            fill(" ") + "x",
		"colons":            fill(":"),
		"breaking":          "x\n\n" + fill("BREAKING CHANGE: x\n"),
		"breaking bullets":  "x\n\n" + fill("- BREAKING CHANGE: x\n"),
		"branches":          "Merge branches " + fill("'a', "),
		"dividers":          fill("----"),
		"divider lines":     "x\n\n" + fill("---x\n"),
		"cuts":              "x\n\n" + fill(cutMark+" \n"),
		"conflicts":         "x\n\n" + fill("Conflicts:\n\ta\n"),
		"numbers":           fill("(#1) "),
		"numbers behind":    "x" + fill(" (#1)"),
		"urls":              fill("https://a/"),
		"urls pull":         fill("https://a/b/c/pull/"),
		"invalid":           fill("\xff"),
		"tickets":           fill("AB-1 "),
		"see":               "x\n\n" + fill("See merge request !1\n"),
		"co-authors":        "x\n\n" + fill("Co-authored-by: a <a>\n"),
		"c":                 fill("c"),
		"co":                fill("co-"),
		"gh":                fill("gh-"),
		"gerrit":            "Merge changes " + fill("I12345678,"),
		"picked":            "x\n\n" + fill("(cherry picked from commit "),
		"backport":          "x\n\n" + fill("Backport of "),
		"opened":            "x\n\n" + fill("(cherry picked from\n"),
		"emoji":             fill("✨") + ": x",
		"brackets":          "feat(" + fill("("),
		"subject lines":     fill("a\n"),
		"server":            "Merge pull request #1 in a/b from c to d\n\n* commit '1a2b3c4':\n" + fill("  a\n"),
		"bors":              "Merge #1\n\n" + fill("1: "),
	} {
		t.Run(name, func(t *testing.T) { Parse(text, ticketPattern) })
	}
}

// TestFiftyMegabytes reads one message of the size that history-wide limits
// must bear.
func TestFiftyMegabytes(t *testing.T) {
	line := "See #12 and `code`: a line of prose in a log that somebody committed by mistake.\n"
	text := "Import logs (#3)\n\n" + strings.Repeat(line, (50<<20)/len(line)) + "\nSigned-off-by: A <a@example.com>\n"
	m := Parse(text, ticketPattern)
	want := []model.Ref{{Sign: "#", ID: "3"}, {Sign: "#", ID: "12"}}
	if m.Title != "Import logs" || !reflect.DeepEqual(m.Refs, want) || len(m.Trailers) != 1 {
		t.Errorf("title %q, refs %v, trailers %v", m.Title, m.Refs, m.Trailers)
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		raw, encoding, text string
		damaged             bool
	}{
		{"Grüße", "", "Grüße", false},
		{"Gr\xfc\xdfe", "ISO-8859-1", "Grüße", false},
		{"Gr\xfc\xdfe", "latin-1", "Grüße", false},
		{"Gr\xfc\xdfe \x80", "CP1252", "Grüße €", false},
		{"\x83e\x83X\x83g", "SHIFT_JIS", "テスト", false},
		{"\xc4\xe3\xba\xc3", "GB18030", "你好", false},
		{"\xd0\xd2\xc9\xd7\xc5\xd4", "KOI8-R", "привет", false},
		{"Gr\xfc\xdfe", "", "Gr\ufffd\ufffde", true},
		{"Gr\xfc\xdfe", "klingon", "Gr\ufffd\ufffde", true},
		{"Grüße", "klingon", "Grüße", false},
		{"Gr\xfc\xdfe", "UTF-8", "Gr\ufffd\ufffde", true},
		{"a\x00b", "", "a\x00b", true},
	} {
		if text, damaged := Decode([]byte(c.raw), c.encoding); text != c.text || damaged != c.damaged {
			t.Errorf("%q in %q: %q, %t; want %q, %t", c.raw, c.encoding, text, damaged, c.text, c.damaged)
		}
	}
}
