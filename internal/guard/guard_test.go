package guard

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"daybreak/internal/config"
	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// What notes say every day is no leak.
func TestPlainNotesPass(t *testing.T) {
	g := newGuard(t, false)
	for _, text := range []string{
		"Buchungen lassen sich nun als UTF-8 nach ISO-8601 exportieren, z. B. am 12.05.2026 um 06:30:15.",
		"Version 10.2.0.1 löst 1.9.3 ab; die Vorschau ist 2.0.0-rc.1.",
		"Ask support@kurswagen.example or call +49 89 5550 140.",
		"Und/oder: Hotel/Flug/Bus, 24/7, km/h, „Abfahrt/Ankunft“.",
		"Der Zug fährt auf Gleis 412, Platz #12, und Nr. 1204 kostet 9,90 €.",
		"A page, the main branch office, and a feature/option list.",
		"The colour #0b5f5a or #aabbccdd is the brand's.",
		"https://www.kurswagen.example/home/reisen/index.html shows how.",
		"Sonne und Halde; Möwen törnen; Amseln, Zug und Vogel.",
		"token: see the manual; password: change it often",
		"localhost and 127.0.0.1 are your own machine, 255.255.255.0 is a mask",
		"std::vector, a::b, 12:30:45, C++17, x86_64, foo@2x.png",
		"Das ist ein Abnahmesystem.", "It reads ~/.netrc and calls register_error_handler.",
		"Fix @click.command and @pytest.fixture, meet us @ the fair.", "Ask at the dot com office; an diesem Punkt beginnt es (at last).",
		"Studienreisen und Seereisen, Kraniche am See.", "Order 3232235 of 1700000000 bytes, 0x0BADF00D and #c0a8000b, phone 0800 123 4567, 01.02.2026.",
		"Separators are \\\\r\\\\n and \\\\t.", "support@kurswagen.example · Telefon +49 89 5550 140 · Montag",
		"Write to support@kurswagen.example\nChangelog", "`\\_test.go` and \\\\\\n",
		"Chrome/10.20.30.40 no longer asks twice",
		"Send it to reise@beispiel.example, as the format's example does.",
		"<strong>Kurswagen</strong> &amp; Co. &lt;!-- so --&gt; begins a comment",
	} {
		for _, f := range g.Scan("public/a.html", page("<p>"+text+"</p>")) {
			if f.Class != Comment {
				t.Errorf("%q: %s %q", text, f.Class, f.Text)
			}
		}
	}
}

// Notes of public projects hold what only looks like a leak, found by reading
// their real ones: versions, dotted names of code, decorators, standards, numbers of
// weaknesses, sums, examples of addresses and paths, and names that are a version.
func TestLookalikesPass(t *testing.T) {
	c, _ := config.Parse(config.Name, []byte(strings.Replace(settings, "'KURS-[0-9]+'", "'[A-Z]+-[0-9]+'", 1)))
	releases := history()
	for i, source := range []string{"pytest-2.7", "jo/force-new-cluster", "release-4.x"} {
		releases[0].Changes = append(releases[0].Changes, model.Change{ID: fmt.Sprint("#", 900+i), Request: &model.Request{Forge: "github", Sign: "#", Number: fmt.Sprint(900 + i), Source: source}})
	}
	g := New(Options{Config: c, Releases: releases})
	for _, body := range []string{
		"<p>Bump types-opentracing from 2.4.10.6 to 2.4.10.20250622, and update x to version 3.1.2.4.</p>",
		"<p>users can pin to urllib3&lt;2.</p><h2>2.29.0 (2023-04-26)</h2><p>2026-11-26T06:30:15Z, 2026-W48-4, 06:30, 1.2.3+build.5, v2.0.0-rc.1, 2026.14.0</p>",
		"<p>UTF-8, UTF-16LE, ISO-8601, ISO-8859-1, RFC-7231, CVE-2026-1204, GHSA-9, CWE-79, SHA-256, SHA-1, TLS-1, DIN-5008, IPv6, X-509, EN-301549, MD-5, ASCII-7, HTTP-2</p>",
		"<pre>import pytest\n@pytest.fixture(params=[1, 2])\ndef foo(request):\n    return mymodule\n@py.test.mark.xfail(reason='x')\n</pre>",
		"<p>With @app.post(\"/login\") a shortcut for\n@app.route(\"/login\"), use attribute.</p><p>@pytest.fixture no longer supports it</p>",
		"<p>so that it does not blow up.</p><p>internal warnings are shown; runs on your server.</p><ul><li>local files are kept</li></ul>",
		"<p>This version includes pytest-2.7 and release-4.x; the force-new-cluster flag, --force-new-cluster.</p>",
		"<p>See https://github.com/python/cpython/blob/51aefc5bf907ddffaaf083ded0de773adcdf08c8/Lib/unittest/case.py#L419</p>",
		"<p>sha256 sums, md5sum, sha512 as a word, e3b0c442 alone, #c0ffee, 0xdeadbeef, 123e4567-e89b-12d3-a456-426614174000</p>",
		"<p>run it on /path/to/file or path/to/test, /etc/hosts, /usr/bin/env; POST /api/v1/openapi.yaml</p>",
		"<p>proxies with user info (<code>https://user:pass@proxy:8080</code>, http://username:password@localhost/)</p>",
		"<ul><li>Yay https @ arxiv.org</li><li>Improved</li></ul><p>Fix a typo in SPDX comment @pyproject.toml</p><p>Fixed</p>",
		"<p>IP ranges (ex. 192.168.1.0/24), 10.0.0.0/8; Pipfile/Pipfile.lock and setup.cfg/pytest.ini/tox.ini</p><p>Links\\</p><p>\\Requests\\</p><p>\\x</p>",
		"<ul><li>Pack refs/tags/ with refs/heads/</li><li>data-area</li></ul><p>merging refs/heads/master, refs/remotes/origin/&lt;branch&gt;, org.eclipse.jgit.gitrepo.internal, 192.168.1.0</p>",
		"<p>Ask at https://www.example.com, api.example.org or example.net; e.g. foo.bar(), a.b.c.d, std.io.local_time, collections.abc.</p>",
		"<p>24/7, and/or, TCP/IP, client/server, n/a, km/h, I/O, 50/50, input/output, v1/v2, Linux/macOS</p>",
		"<p>5.5.5 → 6.0, 10.0.19045.3803 isn't told by us; Python 3.12.1, Node 20.11.1, 1.0.0.dev1, 2!1.0.post1</p>",
	} {
		for _, f := range g.Scan("public/a.html", page(body)) {
			t.Errorf("%s: %s %q", body, f.Class, f.Text)
		}
	}
}

// What meets at the borders of blocks, and what only looks like an encoding, is none.
func TestNeighboursPass(t *testing.T) {
	g := newGuard(t, false)
	for _, body := range []string{
		"<table><tr><td>Version</td><td>2026</td></tr><tr><td>UTF-</td><td>8</td></tr><tr><td>EUR</td><td>-1204</td></tr></table>",
		"<ul><li>1.2.3</li><li>4.5</li><li>10.1.2</li><li>3.4</li></ul><p>Läuft auch unter Windows 10.</p><h2>5.2.1</h2>",
		"<p>Es gibt einen neuen Server.</p><p>Local ist er nicht; intern.</p><h3>Server</h3><p>.local ist eine Endung</p>",
		"<ul><li>in Bus und/</li><li>oder Bahn</li><li>can/</li><li>server.py</li></ul><p>Hotel-</p><p>und Flugreisen</p>",
		"<dl><dt>Passwort:</dt><dd>ändern Sie es oft</dd><dt>Kurs</dt><dd>998</dd><dt>Kennwort:</dt><dd>siehe Seite 12 der Hilfe</dd></dl>",
		"<ul><li>sk-SK</li><li>sl-SI</li><li>sr-RS</li><li>sv-SE</li><li>th-TH</li><li>tr-TR</li><li>uk-UA</li><li>vi-VN</li></ul>",
		"<ul><li>added</li><li>2026</li><li>fade</li><li>1204</li><li>face</li><li>90210</li></ul>",
		"<ul><li>click</li><li>@click</li><li>option</li></ul><ul><li>for text</li><li>@booking</li><li>offers.more text</li></ul>",
		"<p>Der Kurs.</p><p>1204 Plätze</p><p>Zug</p><p>und Vogel</p><p>a = b, x=20, ?page=3&amp;size=50 and E=mc2</p>",
		"<p>VGhpcyBpcyBubyBzZWNyZXQ= and deadbeef and Nowhere, Gnat, Cebwrxg</p>",
	} {
		for _, f := range g.Scan("public/a.html", page(body)) {
			t.Errorf("%s: %s %q", body, f.Class, f.Text)
		}
	}
}

// What a picture inside of an address says is read, too.
func TestPicturesInAddresses(t *testing.T) {
	g := newGuard(t, false)
	data := "data:image/png;base64," + base64.StdEncoding.EncodeToString(pngWith(t, "tEXt", []byte("Comment\x00Export für Zugvogel")))
	for name, file := range map[string]string{"public/a.html": "<img src=" + data + ">", "public/a.css": "p{background:url(" + data + ")}", "public/a.svg": "<svg><image href='" + data + "'/></svg>", "public/a.md": "![x](" + data + ")"} {
		if !found(g.Scan(name, []byte(file)), Private) {
			t.Errorf("%s: the picture's comment passes", name)
		}
	}
}

// An exception holds for its text, in its files, and nothing else.
func TestExceptions(t *testing.T) {
	g := newGuard(t, false)
	for file, want := range map[string]bool{"public/a.html": false, "systems/K1/a.html": true} {
		if got := len(g.Scan(file, page("<p>printer 192.168.0.10 here</p>"))) > 0; got != want {
			t.Errorf("%s: stopped %v, want %v", file, got, want)
		}
	}
	for _, text := range []string{"other.reise@beispiel.example.com", "192.168.0.101", "10.20.30.40 without a browser"} {
		if len(g.Scan("public/a.html", page("<p>"+text+"</p>"))) == 0 {
			t.Errorf("%q passes", text)
		}
	}
}

// A system reads its own name and nobody else's.
func TestOwnName(t *testing.T) {
	g := newGuard(t, false)
	text := page("<p>Sonnhalde Studienreisen, it@sonnhalde.example, https://sonnhalde.kurswagen.example/</p>")
	for _, file := range []string{"systems/K1/index.html", "systems/k1/en/feed.xml", "mail/1.2.0/K1/A.de.md", "mail/1.2.0/K1-A.de.eml"} {
		if f := g.Scan(file, text); len(f) > 0 {
			t.Errorf("%s: %v", file, f)
		}
	}
	for _, file := range []string{"systems/K2/index.html", "systems/K10/index.html", "public/index.html", "mail/1.2.0/A.de.md", "mail/1.2.0/K10/A.de.md", "search.json", "systems/index.html"} {
		if !found(g.Scan(file, text), Customer) {
			t.Errorf("%s: the name passes", file)
		}
	}
	if !found(g.Scan("public/sonnhalde-studienreisen.png", nil), Customer) {
		t.Error("a file's own name passes")
	}
}

// Comments are in the source for everybody to read; text about comments isn't.
func TestComments(t *testing.T) {
	g := newGuard(t, false)
	for name, want := range map[string][2]string{
		"public/a.html":       {"<p>x</p><!-- todo -->", "<p>&lt;!-- so --&gt;</p>"},
		"public/CHANGELOG.md": {"- x\n<!-- todo -->\n", "- `<!-- so -->` and \\<!-- so -->\n"},
		"public/logo.svg":     {"<svg><!-- made by Jo --></svg>", "<?xml version='1.0'?><svg></svg>"},
		"public/feed.json":    {`{"content_html":"<p>x<!-- todo --></p>"}`, `{"content_html":"<p>&lt;!-- so --></p>"}`},
	} {
		if !found(g.Scan(name, []byte(want[0])), Comment) {
			t.Errorf("%s: %s passes", name, want[0])
		}
		if f := g.Scan(name, []byte(want[1])); found(f, Comment) {
			t.Errorf("%s: %s is stopped: %v", name, want[1], f)
		}
	}
}

// A full name is told once, not again by its parts; a part alone is.
func TestNamesOnce(t *testing.T) {
	g := newGuard(t, false)
	for text, want := range map[string]int{"Sonnhalde Studienreisen": 1, "Miriam Kestner": 1, "Sonnhalde und Sonnhalde Studienreisen": 2, "Kestner, Miriam": 1} {
		if f := g.Scan("public/a.html", page("<p>"+text+"</p>")); len(f) != want {
			t.Errorf("%q: %d findings: %v", text, len(f), f)
		}
	}
}

// Words that several names share, words of the language and of the product say
// nothing about a customer.
func TestCommonWordsOfNames(t *testing.T) {
	c, list := config.Parse(config.Name, []byte(`
product: {name: Segelplan}
languages: [de]
areas: [{id: hafen, name: Liegeplatz}]
systems:
- {id: K1, name: Liegeplatz Kranichsee GmbH}
- {id: K2, name: Segelplan Kranichsee Nord}
- {id: K3, name: Seebrücke Touren}
`))
	if list.Worst() == diag.Error {
		t.Fatal(list)
	}
	g := New(Options{Config: c, Known: []string{"die Seebrücke"}})
	for _, text := range []string{"Liegeplatz", "Segelplan", "Kranichsee", "Seebrücke", "Touren", "GmbH", "Nord"} {
		if f := g.Scan("public/a.html", page("<p>"+text+" ist neu</p>")); len(f) > 0 {
			t.Errorf("%q: %v", text, f)
		}
	}
	for _, text := range []string{"Liegeplatz Kranichsee GmbH", "Seebrücke Touren"} {
		if !found(g.Scan("public/a.html", page("<p>"+text+"</p>")), Customer) {
			t.Errorf("%q passes", text)
		}
	}
}

// A word that is a house's address on the net names it, unless it is what every house
// of the trade is called, or several names share it.
func TestNamesOnTheNet(t *testing.T) {
	c, list := config.Parse(config.Name, []byte(`
product: {name: Segelplan}
languages: [de]
systems:
- {id: K1, name: Erster Kunde, mail: it@kunde.example}
- {id: K2, name: Kreuzfahrten Nord, mail: it@kreuzfahrten.example}
- {id: K3, name: Sonderbar West, mail: it@sonderbar.example}
- {id: K4, name: Sonderbar Ost, mail: it@ost.example}
- {id: K5, name: Adler Reisen, mail: it@adler.example}
`))
	if list.Worst() == diag.Error {
		t.Fatal(list)
	}
	g := New(Options{Config: c})
	for text, named := range map[string]bool{"Kunde": false, "Kreuzfahrten": false, "Sonderbar": false, "Adler": true, "Erster Kunde": true, "kunde.example": true} {
		if got := found(g.Scan("public/a.html", page("<p>Für "+text+" ist es neu</p>")), Customer); got != named {
			t.Errorf("%q names a customer: %v, want %v", text, got, named)
		}
	}
}

// What forges name a branch after is no branch: the owner's name in front, and the
// identifier that the branch is about.
func TestBranchNames(t *testing.T) {
	c, _ := config.Parse(config.Name, []byte(settings))
	releases := history()
	for i, source := range []string{"prometheus/log", "jo/register_error_handler", "jo/feature-rooms-v2"} {
		releases[0].Changes = append(releases[0].Changes, model.Change{ID: fmt.Sprint("#", 900+i), Request: &model.Request{Forge: "github", Sign: "#", Number: fmt.Sprint(900 + i), Source: source}})
	}
	g := New(Options{Config: c, Releases: releases})
	for text, want := range map[string]bool{"github.com/prometheus/log": false, "register_error_handler": false, "feature-rooms-v2": true} {
		if got := found(g.Scan("public/a.html", page("<p>use "+text+" now</p>")), Branch); got != want {
			t.Errorf("%q: found %v, want %v", text, got, want)
		}
	}
}

// memory is a sink.
type memory map[string][]byte

func (m memory) Put(path string, data []byte) error { m[path] = data; return nil }

// A finding names the file, the text around it and the commit whose trailer it
// comes from; the team's pages may hold everything; a secret is not repeated.
func TestReport(t *testing.T) {
	c, _ := config.Parse(config.Name, []byte(settings))
	key := "ghp" + "_abcdefghij0123456789abcdefghij012345"
	releases := history()
	releases[0].Changes[0].Trailers = []model.Trailer{{Key: "Release-Note", Value: "Export für SHS Nord mit " + key}}
	g := New(Options{Config: c, Releases: releases, Sources: []Source{{Text: "Grüße an Projekt Amsel", Position: diag.Position{File: "content/mails/de/A.md", Line: 3}}}})
	m := memory{}
	w := g.Over(m)
	for _, put := range [][2]string{
		{"team/1.2.0/ledger/index.html", "<p>SHS Nord " + key + "</p>"},
		{"public/index.html", "<p>Export für SHS Nord mit " + key + "</p>"},
		{"public/releases/1.2.0/index.html", "<p>Export für SHS&nbsp;Nord mit " + key + "</p>"},
		{"mail/1.2.0/A.de.md", "Grüße an Projekt Amsel"},
	} {
		if err := w.Put(put[0], []byte(put[1])); err != nil {
			t.Fatal(err)
		}
	}
	if len(m) != 4 {
		t.Fatal("a file was kept back")
	}
	got := w.Report()
	text := make([]string, len(got))
	for i, d := range got {
		text[i] = d.String()
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{
		"commit 9f3c1a7b: trailer \"Release-Note\": error: change !412: a customer's name (K1) \"SHS Nord\" must not leave\n  published in: public/releases/1.2.0/index.html and 1 more file\n  reads there: Export für »SHS Nord« mit ghp_ab…\n  written as: Export für SHS Nord mit ghp_ab…\n  hint: ",
		"a secret (GitHub token) \"ghp_ab…\"", "content/mails/de/A.md:3: error: a private word \"Projekt Amsel\"", "guard.allow",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	if strings.Contains(all, key) || strings.Contains(all, "team/") || len(got) != 3 {
		t.Errorf("%d diagnostics:\n%s", len(got), all)
	}
}

// Without a workspace only exact secrets count, and cost the note, not the build.
func TestWithhold(t *testing.T) {
	g := New(Options{Config: config.Default(), Releases: history(), Bare: true})
	key := "AKIA" + "IOSFODNN7ABCDEFG"
	note := func(title, body string) model.Note { return model.Note{Title: title, Body: body} }
	notes := []model.Notes{{Version: "1.2.0", Sections: []model.NotesSection{
		{Kind: model.KindFixed, Notes: []model.Note{note("Remove "+key, ""), note("Write to dev@corp.example at 10.0.0.1", "password: hunter22a")}},
		{Kind: model.KindAdded, Notes: []model.Note{note("x", "key `"+key+"`")}},
	}, Delivered: []model.DeliveredNote{{Title: key}}}}
	list := g.Withhold(notes)
	if len(notes[0].Sections) != 1 || len(notes[0].Sections[0].Notes) != 1 || len(notes[0].Delivered) != 0 {
		t.Errorf("left: %+v", notes[0])
	}
	if list.Worst() != diag.Warning || strings.Contains(list[0].String(), key) {
		t.Errorf("%v", list)
	}
	if f := g.Scan("public/a.html", page("<p>dev@corp.example 10.0.0.1 /home/x/y</p><!-- x -->")); len(f) > 0 {
		t.Errorf("%v", f)
	}
	if !found(g.Scan("public/a.html", page(key)), Secret) {
		t.Error("a secret passes")
	}
}

// The words of a search index stand in the order of the alphabet and its numbers in
// tables: what they would be put together is nobody's. Each word is read for itself.
func TestSearchIndex(t *testing.T) {
	c, list := config.Parse(config.Name, []byte("product: {name: Kurswagen}\nlanguages: [de]\nrepositories: [{path: x}]\nhistory: {tickets: ['KURS-[0-9]+']}\nguard: {private: [object object]}\n"))
	if list.Worst() == diag.Error {
		t.Fatal(list)
	}
	g := New(Options{Config: c})
	index := func(terms, found string) []byte {
		return []byte(`daybreakIndex({"notes":[[0,"Ein Platz"]],"terms":"` + terms + `","found":[` + found + `]})`)
	}
	if f := g.Scan("public/search/1.js", index("0837996dbe373629133857ae9eb72e740424d80a 2.12.6.1 number object object's obsolete", "[11219,10445,10597],[1175,4409,109,3127,3,4943,2639],[11219,10445,1059]")); len(f) > 0 {
		t.Errorf("%v", f)
	}
	if f := g.Scan("public/index.html", page(`<meta http-equiv="refresh" content="0; url=../../changes/82/index.html?since=2021.11.10.1#since-2021-11-10-1"><a href="changes/82/index.html?since=2021.11.10.1#since-2021-11-10-1">x</a>`)); len(f) > 0 {
		t.Errorf("%v", f)
	}
	if f := g.Scan("public/search/1.js", []byte(`daybreakIndex({"notes":[[0,"fixed","","remove ldap_passwd:","releases/2.6.4/index.html","n-0a1b2c3d",0],[0,"fixed","","send token=","releases/4.1.6/2/index.html","n-0a1b2c3d",0]]})`)); len(f) > 0 {
		t.Errorf("%v", f)
	}
	for text, class := range map[string]Class{"a kurs-998 z": Ticket, "a mira@innen.example z": Mail, "ein object object": Private} { // the last is no list
		if !found(g.Scan("public/search/1.js", index(text, "[1]")), class) {
			t.Errorf("%q passes", text)
		}
	}
	for _, behind := range []string{`0`, `"releases/7.1.0/index.html","n-1c15a36d",0,""`} {
		if f := g.Scan("public/search/1.js", []byte("daybreakIndex({\"notes\":[[\"Warns `part of Ruby 3.1.0.`\","+behind+"]]})")); len(f) > 0 {
			t.Errorf("a version at the end of a sentence, with %s behind it: %v", behind, f)
		}
	}
	if !found(g.Scan("public/release.json", []byte(`{"a":1,"row":["KURS-",998]}`)), Ticket) {
		t.Error("a number behind a text passes")
	}
}

// Tickets are often called like the product, and versions follow its name everywhere.
func TestTicketsCalledLikeTheProduct(t *testing.T) {
	c, list := config.Parse(config.Name, []byte("product: {name: kafka}\nlanguages: [en]\nrepositories: [{path: x}]\nhistory: {tickets: ['KAFKA-[0-9]+']}\n"))
	if list.Worst() == diag.Error {
		t.Fatal(list)
	}
	ref := func(id string) model.Ref { return model.Ref{ID: id} }
	g := New(Options{Config: c, Releases: []model.Release{{Changes: []model.Change{{Refs: []model.Ref{ref("KAFKA-351"), ref("KAFKA-3"), ref("KAFKA-11")}}}}}})
	for _, text := range []string{"Subject: kafka 3.5.1 is live", "Kafka 3 is here", "from kafka (3.7.1)", "receive kafka&nbsp;3.7.0 from", "'kafka'</p><p>1.1 of today"} {
		if f := g.Scan("public/a.html", page(text)); len(f) > 0 {
			t.Errorf("%s: %v", text, f)
		}
	}
	for _, text := range []string{"as KAFKA-351 says", "kafka-3", "KAFKA351", "K A F K A - 3 5 1"} {
		if !found(g.Scan("public/a.html", page(text)), Ticket) {
			t.Errorf("%s passes", text)
		}
	}
}

// What ends like an address in one point of a list is none with the next one's word.
func TestAddressAtTheEnd(t *testing.T) {
	g := newGuard(t, false)
	if f := g.Scan("public/a.html", page("<ul><li>Use git+file://</li><li>Fixed</li></ul>")); len(f) > 0 {
		t.Errorf("%v", f)
	}
	if f := g.Scan("public/search/1.js", []byte(`daybreakIndex({"notes":[["git+file://","releases/10.0.0/3/index.html","n-d9"]]})`)); len(f) > 0 {
		t.Errorf("%v", f)
	}
}

// Whatever bytes a file holds, the guard ends, and twice the same.
func FuzzScan(f *testing.F) {
	g := newGuard(f, false)
	for name, data := range map[string]string{"a.html": "<p>x<!--", "a.json": `{"content_html":"<a href=%41>"}`, "a.eml": "Content-Type: multipart/mixed; boundary=a\n\n--a\n\n--a--", "a.png": "\x89PNG\r\n\x1a\n\x00\x00\x00\x01zTXtx", "a.jpg": "\xff\xd8\xff\xe1\x00\x02", "a.svg": "<svg><![CDATA[", "a.md": "\\<!-- `xn--"} {
		f.Add(name, []byte(data))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		a, b := g.Scan("public/"+name, data), g.Scan("public/"+name, data)
		if len(a) != len(b) {
			t.Fatalf("%d findings, then %d", len(a), len(b))
		}
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("%v, then %v", a[i], b[i])
			}
		}
	})
}

func BenchmarkScan(b *testing.B) {
	g := newGuard(b, false)
	data := page(strings.Repeat("<p class=note>Angebote &amp; Preise lassen sich nun je Saison <a href=../1.2.0/index.html>eintragen</a>; mehr steht in der Hilfe.</p>\n", 200))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		g.Scan("public/index.html", data)
	}
}

// The names of files that daybreak writes are nobody's, whatever their parts add up to.
func TestFileNamesAreNobodys(t *testing.T) {
	c, list := config.Parse(config.Name, []byte("product: {name: Kurswagen}\nlanguages: [de, en]\nrepositories: [{path: x}]\npeople:\n  - {id: BN, name: Ben}\n"))
	if list.Worst() == diag.Error {
		t.Fatal(list)
	}
	g := New(Options{Config: c, Releases: []model.Release{{Changes: []model.Change{{Paths: []model.PathChange{{Path: "public/index.html"}, {Path: "public/booking/Export.java"}}}}}}})
	if !found(g.Scan("public/booking/Export.java", nil), Path) {
		t.Error("a source file passes")
	}
	for _, name := range []string{"public/index.html", "mail/2026.15.0/B.en.eml", "public/b/en/index.html", "mail/2026.15.0/K1/B.en.md"} {
		if f := g.Scan(name, nil); len(f) > 0 {
			t.Errorf("%s: %v", name, f)
		}
	}
	for _, name := range []string{"public/ben.html", "public/pictures/Ben-im-Büro.html"} {
		if !found(g.Scan(name, nil), Person) {
			t.Errorf("%s passes", name)
		}
	}
}
