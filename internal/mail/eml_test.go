package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/jhillyerd/enmime/v2"

	"daybreak/internal/model"
)

// read is what a parser makes of a mail, as far as both can say it.
type read struct {
	From, To, Subject string
	Text, HTML        string
	Format            string
	Files             map[string]string
}

// byStandardLibrary reads a mail with net/mail and mime/multipart.
func byStandardLibrary(t *testing.T, data []byte) read {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := read{Files: map[string]string{}}
	list := func(field string) string {
		if m.Header.Get(field) == "" {
			return ""
		}
		all, err := m.Header.AddressList(field)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, a := range all {
			names = append(names, a.Name+" <"+a.Address+">")
		}
		return strings.Join(names, ", ")
	}
	out.From, out.To = list("From"), list("To")
	if out.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	var walk func(kind, encoding, disposition string, body io.Reader)
	walk = func(kind, encoding, disposition string, body io.Reader) {
		media, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatalf("%q: %v", kind, err)
		}
		if strings.HasPrefix(media, "multipart/") {
			r := multipart.NewReader(body, params["boundary"])
			for {
				p, err := r.NextRawPart()
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				walk(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p)
			}
		}
		switch encoding {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(content), "\r\n", "\n")
		switch {
		case disposition != "":
			_, d, err := mime.ParseMediaType(disposition)
			if err != nil {
				t.Fatal(err)
			}
			out.Files[d["filename"]] = text
		case media == "text/plain":
			out.Text, out.Format = text, params["format"]
		case media == "text/html":
			if out.Text == "" {
				t.Error("the HTML stands before the text")
			}
			out.HTML = text
		default:
			t.Errorf("a part of type %q", media)
		}
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body)
	return out
}

// byEnmime reads a mail with enmime, which has readers of its own for headers,
// boundaries and encodings.
func byEnmime(t *testing.T, data []byte) read {
	t.Helper()
	e, err := enmime.ReadEnvelope(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range e.Errors {
		t.Errorf("enmime: %s", wrong)
	}
	list := func(field string) string {
		all, err := e.AddressList(field)
		if err != nil {
			return ""
		}
		var names []string
		for _, a := range all {
			names = append(names, a.Name+" <"+a.Address+">")
		}
		return strings.Join(names, ", ")
	}
	out := read{From: list("From"), To: list("To"), Subject: e.GetHeader("Subject"), Files: map[string]string{}}
	out.Text = strings.ReplaceAll(e.Text, "\r\n", "\n")
	out.HTML = strings.ReplaceAll(e.HTML, "\r\n", "\n")
	text := e.Root.BreadthMatchFirst(func(p *enmime.Part) bool { return p.ContentType == "text/plain" })
	_, params, err := mime.ParseMediaType(text.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	out.Format = params["format"]
	for _, a := range e.Attachments {
		out.Files[a.FileName] = strings.ReplaceAll(string(a.Content), "\r\n", "\n")
	}
	return out
}

// both reads a mail with two parsers that know nothing of each other, holds the
// lines against RFC 5322 and gives what the parsers agree on.
func both(t *testing.T, data []byte) read {
	t.Helper()
	inHead := true
	for i, line := range strings.Split(string(data), "\r\n") {
		inHead = inHead && line != ""
		if inHead && strings.Contains(line, "=?") && len(line) > 76 {
			t.Errorf("line %d of the head has %d bytes and encoded words (RFC 2047, 2): %.80q", i+1, len(line), line)
		}
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line %d has %d bytes, or a lone line end: %.80q", i+1, len(line), line)
		}
		if strings.IndexFunc(line, func(r rune) bool { return r >= 0x7f || r < 0x20 }) >= 0 {
			t.Errorf("line %d isn't printable ASCII: %.80q", i+1, line)
		}
	}
	a, b := byStandardLibrary(t, data), byEnmime(t, data)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("two parsers read two mails (-net/mail +enmime):\n%s", diff)
	}
	return a
}

// unflow joins flowed lines again, as RFC 3676, 4.2 says.
func unflow(text string) string {
	var b strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		line, ended := strings.CutSuffix(line, "\n")
		line = strings.TrimPrefix(line, " ")
		b.WriteString(line)
		if ended && (line == "-- " || !strings.HasSuffix(line, " ")) {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func TestEMLIsRead(t *testing.T) {
	m := model.Mail{
		Outcome: model.OutcomeAnnounce, Lang: model.German, Version: "2026.14.0", For: "K3",
		Subject: "Reisewerk 2026.14.0 kommt am Dienstag: Überlange Umläuteäöüß und ein Betreff, der über viele Zeilen geht, weil er muss",
		Body: "Guten Tag,\n\n" + strings.Repeat("Größe und Übermaß ", 30) + "Ende.\n\nFrom hier an\n> keine Zitate\n\n" +
			"Donaudampfschifffahrtsgesellschaftskapitän" + strings.Repeat("smütze", 200) + " und weiter\n\n" +
			"https://neu.reisewerk.example/releases/2026.14.0/" + strings.Repeat("sehr-lang-", 20) + "\n\n" +
			strings.Repeat("x", 70) + " -- " + strings.Repeat("y", 70) + "\n\nFreundliche Grüße\n-- \nReisewerk\n",
	}
	e := Envelope{
		From: Address{"Reisewerk Support, München", "hilfe@reisewerk.example"},
		To:   []Address{{"Möwe \"Törn\" <x@y>", "a@moewe.example"}, {"", "b@moewe.example"}},
		HTML: []byte("<p>Größe</p>\n" + strings.Repeat("ü", 3000) + "\n"),
		Files: []File{
			{Name: "termin.ics", Type: "text/calendar", Method: "PUBLISH", Data: []byte("BEGIN:VCALENDAR\r\nSUMMARY:Grüße\r\nEND:VCALENDAR\r\n")},
		},
	}
	data, err := EML(m, e)
	if err != nil {
		t.Fatal(err)
	}
	again, err := EML(m, e)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("two runs differ, %v", err)
	}
	got := both(t, data)
	want := read{
		From: "Reisewerk Support, München <hilfe@reisewerk.example>", To: "Möwe \"Törn\" <x@y> <a@moewe.example>,  <b@moewe.example>",
		Subject: m.Subject, Text: got.Text, HTML: string(e.HTML), Format: "flowed",
		Files: map[string]string{"termin.ics": "BEGIN:VCALENDAR\nSUMMARY:Grüße\nEND:VCALENDAR\n"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The word that no line can hold is cut; all else comes back as it was.
	joined := unflow(got.Text)
	if withoutBlanks(joined) != withoutBlanks(m.Body) || strings.Count(joined, "\n") != strings.Count(m.Body, "\n") {
		t.Errorf("the text came back as\n%s", cmp.Diff(m.Body, joined))
	}
	flowedWell(t, got.Text)
	for _, field := range []string{"X-Unsent: 1", "Content-Language: de", "\r\nContent-Type: multipart/mixed;"} {
		if !strings.Contains(string(data), field) {
			t.Errorf("no %q", field)
		}
	}
	for _, field := range []string{"Date:", "Message-ID:"} {
		if strings.Contains(strings.ToLower(string(data)), "\r\n"+strings.ToLower(field)) {
			t.Errorf("a draft with %s", field)
		}
	}
}

func withoutBlanks(s string) string { return strings.ReplaceAll(s, " ", "") }

// flowedWell holds decoded lines against RFC 3676: none is longer than 78
// characters unless it is one word, none but the signature's is "-- ".
func flowedWell(t *testing.T, text string) {
	t.Helper()
	marks := 0
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if utf8.RuneCountInString(line) > flowedAt && strings.Contains(strings.Trim(line, " "), " ") || len(line) > 998 {
			t.Errorf("a line of %d characters: %.100q", utf8.RuneCountInString(line), line)
		}
		if strings.HasPrefix(line, ">") || strings.HasPrefix(line, "From ") {
			t.Errorf("not stuffed: %q", line)
		}
		if line == "-- " {
			marks++
		}
	}
	if marks != strings.Count("\n"+text, "\n-- \n") || marks > 1 {
		t.Errorf("%d lines read as the mark of a signature", marks)
	}
}

// A mail that is sent has a date and an id, and is no draft.
func TestEMLThatIsSent(t *testing.T) {
	m := model.Mail{Subject: "x", Body: "x\n", Lang: model.English}
	data, err := EML(m, Envelope{
		From: Address{Mail: "a@example.org"}, To: []Address{{Mail: "b@example.org"}},
		Date: time.Date(2026, 11, 3, 7, 21, 4, 0, time.FixedZone("", 3600)), ID: "abc@example.org",
	})
	if err != nil {
		t.Fatal(err)
	}
	both(t, data)
	head, _, _ := strings.Cut(string(data), "\r\n\r\n")
	for _, want := range []string{"Date: Tue, 03 Nov 2026 07:21:04 +0100", "Message-Id: <abc@example.org>"} {
		if !slices.Contains(strings.Split(head, "\r\n"), want) {
			t.Errorf("no %q in\n%s", want, head)
		}
	}
	if strings.Contains(head, "X-Unsent") {
		t.Error("it opens as a draft")
	}
}

// Nothing that a title, a name or a setting holds makes a header field of its
// own, an addressee more or a part.
func FuzzEMLTakesNoField(f *testing.F) {
	f.Add("x\r\nBcc: all@example.org", "Anna\r\nBcc: all@example.org", "Hallo\r\n.\r\nBcc: y", "a@example.org")
	f.Add("=?utf-8?q?a=0D=0ABcc:_b@c?=", "a\", b@example.org, \"", "--=_mixed", "a@example.org, b@example.org")
	f.Add("\u2028\u0085\x00", "\xff\xfe", "-- \n-- \n", "\"a\r\nb\"@example.org")
	f.Fuzz(func(t *testing.T, subject, name, body, to string) {
		m := model.Mail{Subject: subject, Body: body + "\n", Lang: model.German}
		data, err := EML(m, Envelope{From: Address{name, "hilfe@example.org"}, To: []Address{{name, to}}, HTML: []byte(body)})
		if err != nil {
			return
		}
		head, _, _ := strings.Cut(string(data), "\r\n\r\n")
		var fields []string
		for _, line := range strings.Split(head, "\r\n") {
			if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
				field, _, _ := strings.Cut(line, ":")
				fields = append(fields, field)
			}
		}
		if want := []string{"From", "To", "Subject", "X-Unsent", "Content-Language", "Mime-Version", "Content-Type"}; !slices.Equal(fields, want) {
			t.Errorf("the head's fields are %q", fields)
		}
		parsed, err := netmail.ReadMessage(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if all, err := parsed.Header.AddressList("To"); err != nil || len(all) != 1 || all[0].Address != to {
			t.Errorf("it goes to %v, %v instead of %q", all, err, to)
		}
	})
}

func FuzzFlow(f *testing.F) {
	f.Add("Guten Tag,\n\n" + strings.Repeat("Wort ", 40) + "\n-- \nIhr Team\n")
	f.Add("> x\nFrom y\n -- z")
	f.Add(" " + strings.Repeat("0", 72))
	f.Fuzz(func(t *testing.T, body string) {
		if !utf8.ValidString(body) || strings.Contains(body, "\r") {
			return
		}
		text := Flow(body)
		for _, line := range strings.Split(text, "\n") {
			if len(line) > 998 {
				t.Errorf("a line of %d bytes", len(line))
			}
		}
		trimmed := strings.TrimSuffix(body, "\n")
		if got := unflow(text); withoutBlanks(got) != withoutBlanks(trimmed)+"\n" {
			t.Errorf("%q came back as %q", body, got)
		}
	})
}

func TestBlocks(t *testing.T) {
	got := Blocks("Guten Tag,\n\nBitte noch\n----------\n- a\n- b\n\nDas ist neu\n-----------\n- c\n\nAlles im Einzelnen:\nhttps://x.example/\n\nGrüße\n-- \nIhr Team\nMünchen\n")
	want := []Block{
		{Kind: Paragraph, Text: "Guten Tag,"},
		{Kind: Heading, Text: "Bitte noch", Close: true}, {Kind: List, Lines: []string{"a", "b"}},
		{Kind: Heading, Text: "Das ist neu", Close: true}, {Kind: List, Lines: []string{"c"}},
		{Kind: Paragraph, Text: "Alles im Einzelnen:", Close: true}, {Kind: Link, Text: "https://x.example/"},
		{Kind: Paragraph, Text: "Grüße", Close: true}, {Kind: Signature, Lines: []string{"Ihr Team", "München"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
