package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"daybreak/internal/browser"
	"daybreak/internal/model"
)

// shelfOf opens a browser on a site; address gives its pages, on a server or
// from the disk.
func shelfOf(t *testing.T, files memory) (b *browser.Browser, served, disk func(path string) string) {
	t.Helper()
	dir := onDisk(t, files)
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	b = openBrowser(t)
	return b, func(path string) string { return server.URL + "/public/" + path }, func(path string) string {
		end := max(strings.IndexAny(path, "?#"), 0)
		if end == 0 {
			end = len(path)
		}
		return browser.FileAddress(filepath.Join(dir, "public", filepath.FromSlash(path[:end]))) + path[end:]
	}
}

func opened(t *testing.T, b *browser.Browser, address string, v browser.View) *browser.Page {
	t.Helper()
	p, err := b.Page(address, v)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func eval[T any](t *testing.T, p *browser.Page, script string) T {
	t.Helper()
	got, err := browser.Eval[T](p, script)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// hits waits until the search has said something, and gives what it said and the
// titles that it found.
const hits = `new Promise(done => {
	const said = document.getElementById("found");
	const tell = () => said.textContent && done(said.textContent + "|" + [...document.querySelectorAll("#results .hit a")].map(a => a.textContent).join("|"));
	new MutationObserver(tell).observe(said, {childList: true});
	tell();
})`

// What a German searches is found however it is written: in compounds, in other
// forms, without umlauts, with a slip of the fingers; the same from a disk.
func TestSearch(t *testing.T) {
	b, served, disk := shelfOf(t, build(t, realistic()))
	pages := map[string]*browser.Page{}
	for i, c := range []struct{ page, want string }{
		{"index.html?q=rechnung", "5 Treffer|E-Rechnung nach EN 16931 auch für Agenturen im Ausland|Rechnungen im PDF tragen die Buchungsnummer in der Kopfzeile|Der alte Rechnungsdruck über das Formular R-12 entfällt|Sammelrechnung für mehrere Buchungen einer Agentur|Bei Teilzahlung"},
		{"index.html?q=Sammelrechnungen", "1 Treffer|Sammelrechnung für mehrere Buchungen einer Agentur"},
		{"index.html?q=H%C3%A4user", "2 Treffer|Ein Kontingent gilt für mehrere Häuser einer Kette|Kontingente über Häuser hinweg"},
		{"index.html?q=haeuser", "2 Treffer|Ein Kontingent gilt für mehrere Häuser einer Kette|Kontingente über Häuser hinweg"},
		{"index.html?q=hauser", "2 Treffer|Ein Kontingent gilt für mehrere Häuser einer Kette|Kontingente über Häuser hinweg"},
		{"index.html?q=einstellung", "2 Treffer|Kunden können ihre Anzahlung im Portal per Karte leisten|Schnittstelle für Tagespreise"},
		{"index.html?q=Plaetze", "2 Treffer|Freie Plätze je Abreisetag auf einen Blick"},
		{"index.html?q=Abreisetage", "1 Treffer|Freie Plätze je Abreisetag auf einen Blick"},
		{"index.html?q=Rechnugn+PDF", "1 Treffer|Rechnungen im PDF tragen"},
		{"index.html?q=Warteliste+rueckt", "1 Treffer|Warteliste rückt automatisch nach"},
		{"index.html?q=2026.12", "1 Treffer|Ein ruhigeres Büro vor Ostern"},
		{"index.html?q=Gruppen+abtippen", "3 Treffer|Gruppen buchen, ohne Listen abzutippen"},
		{"index.html?q=qwrtz", "Nichts gefunden. Versuchen Sie"},
		{"changes/index.html?kind=removed", "1 Treffer|Der alte Rechnungsdruck"},
		{"changes/index.html?kind=act", "2 Treffer|Schnittstelle für Tagespreise verlangt einen Schlüssel|Der alte Rechnungsdruck"},
		{"changes/index.html?kind=fixed&area=a5", "1 Treffer|Portal meldete Kunden nach dem Passwortwechsel ab"},
		{"changes/index.html?since=2026.12.0&to=2026.13.0", "5 Treffer|Sammelrechnung für mehrere Buchungen einer Agentur|"},
		{"changes/index.html?since=2026.13.0&q=umlaute", "1 Treffer|Umlaute in Hotelnamen"},
		{"changes/index.html?since=2026.13.1&q=sammelrechnung", "Nichts gefunden"},
		{"en/index.html?q=invoicing", "5 results|PDF invoices carry the booking number in their header|One invoice for"},
		{"en/changes/index.html?q=cancelation", "1 result|Groups were charged a cancellation fee only once"},
		{"index.html?q=Zimmerkontingente", "6 Treffer|Ein Kontingent gilt für mehrere Häuser einer Kette|Rückgabe von Kontingenten"},
		{"index.html?q=Restzahlungsrechnung", "5 Treffer|Rechnungen im PDF tragen die Buchungsnummer"},
		{"index.html?q=Rechnungswesen", "5 Treffer|Rechnungen im PDF tragen die Buchungsnummer"},
		{"en/index.html?q=Zimmerkontingente", "Nothing found"},
		{"en/index.html?q=Anzahlung", "1 result|Kunden können ihre Anzahlung im Portal per Karte leisten"},
	} {
		// Some from the address, from a server and from a disk, the others typed.
		var got string
		if i%7 == 0 {
			for _, address := range []string{served(c.page), disk(c.page)} {
				p := opened(t, b, address, browser.View{})
				if got = eval[string](t, p, hits); !strings.HasPrefix(got, c.want) {
					t.Errorf("%s: %q, want %q", address, got, c.want)
				}
				if problems, err := p.Problems(); err != nil || len(problems) > 0 {
					t.Errorf("%s: %q, %v", address, problems, err)
				}
				p.Close()
			}
			continue
		}
		name, query, _ := strings.Cut(c.page, "?")
		p := pages[name]
		if p == nil {
			p = opened(t, b, served(name), browser.View{})
			pages[name] = p
		}
		got = eval[string](t, p, fmt.Sprintf(`(() => {
			const wanted = new URLSearchParams(%q), bar = document.getElementById("finder");
			document.getElementById("found").textContent = "";
			for (const field of bar.querySelectorAll("select")) field.value = wanted.get(field.name) ?? "";
			const q = document.getElementById("query");
			q.value = wanted.get("q") ?? "";
			q.dispatchEvent(new Event("input"));
			return %s; })()`, query, hits))
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", c.page, got, c.want)
		}
	}
}

// A page that can't read the index says so, and keeps its list.
func TestSearchWithoutIndex(t *testing.T) {
	files := build(t, realistic())
	delete(files, "public/search/1.js")
	b, served, _ := shelfOf(t, files)
	p := opened(t, b, served("changes/index.html?q=rechnung"), browser.View{})
	if got := eval[string](t, p, hits); !strings.HasPrefix(got, "Die Suche lässt sich von hier aus nicht laden.") {
		t.Errorf("it says %q", got)
	}
	if !eval[bool](t, p, `document.getElementById("all").checkVisibility()`) {
		t.Error("the list is hidden")
	}
}

// keyboard is a press of a key as the page sees it; Eval can't press one.
const keyboard = `const press = (key, on = document.activeElement) => on.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
	const at = () => document.activeElement.id || document.activeElement.textContent || document.activeElement.tagName;`

func TestSearchByKeyboard(t *testing.T) {
	b, served, _ := shelfOf(t, build(t, realistic()))
	const hint = `(() => { const key = document.querySelector(".finder kbd"); return key.checkVisibility({visibilityProperty: true}) ? key.textContent : "none"; })()`
	wide, narrow := opened(t, b, served("index.html"), browser.View{Width: 1280}), opened(t, b, served("index.html"), browser.View{Width: 320})
	if got := eval[string](t, wide, hint); got != "/" {
		t.Errorf("the field's key is shown as %q", got)
	}
	if got := eval[string](t, wide, `document.getElementById("query").focus(); `+hint); got != "none" {
		t.Error("the key is shown in the field itself")
	}
	if got := eval[string](t, narrow, hint); got != "none" {
		t.Error("a phone is told of a key")
	}
	p := opened(t, b, served("index.html"), browser.View{})
	found := eval[string](t, p, `(() => { `+keyboard+` press("/", document.body); if (at() !== "query") return at(); const q = document.activeElement; q.value = "rechnung"; q.dispatchEvent(new Event("input")); return `+hits+`; })()`)
	if !strings.HasPrefix(found, "5 Treffer|") {
		t.Fatal(found)
	}
	got := eval[[]string](t, p, `(() => { `+keyboard+`
		const seen = [location.search];
		press("ArrowDown"); seen.push(at());
		press("ArrowDown"); seen.push(at());
		press("ArrowUp"); press("ArrowUp"); seen.push(at());
		let went = ""; document.addEventListener("click", e => { went = e.target.closest("a").href; e.preventDefault(); });
		press("Enter"); seen.push(went.replace(location.origin, ""));
		seen.push([...document.querySelectorAll("#results mark")].map(m => m.textContent).join(" "));
		press("ArrowDown"); press("Escape"); seen.push(at(), document.activeElement.value, location.search, String(document.getElementById("all").checkVisibility()));
		return seen; })()`)
	want := []string{"?q=rechnung", "E-Rechnung nach EN 16931 auch für Agenturen im Ausland", "Rechnungen im PDF tragen die Buchungsnummer in der Kopfzeile", "query",
		"/public/releases/2026.8.2/index.html#n-8-0", "Rechnung Rechnungen Rechnungsdruck Sammelrechnung", "query", "", "", "true"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The index of thousands of notes comes in files of bounded size, and all of
// them are looked through.
func TestSearchThroughThousands(t *testing.T) {
	p := many(1000)
	for l, all := range p.Notes {
		for i := range all {
			sections := make([]model.NotesSection, len(all[i].Sections))
			for k, s := range all[i].Sections {
				sections[k].Kind = s.Kind
				for j, n := range s.Notes {
					n.Anchor, n.Title = fmt.Sprintf("n-%d-%d-%d", i, k, j), fmt.Sprintf("%s, Fall %d-%d", n.Title, i, k)
					n.Body = strings.Repeat(fmt.Sprintf("Das betrifft den Vorgang V%dX%d im Ablauf Nummer %d. ", i, j, i*7), 3)
					sections[k].Notes = append(sections[k].Notes, n)
				}
			}
			all[i].Sections = sections
		}
		p.Notes[l] = all
	}
	files := build(t, p)
	checkPages(t, files)
	if pages := len(partsOf(files, "public/changes/")); pages > 180 {
		t.Errorf("%d pages of all changes", pages)
	}
	count, total := 0, 0
	for n := 1; ; n++ {
		data, ok := files[fmt.Sprintf("public/search/%d.js", n)]
		if !ok {
			break
		}
		count, total = n, total+len(data)
		if len(data) > 600_000 {
			t.Errorf("search/%d.js has %d bytes", n, len(data))
		}
	}
	t.Logf("5,000 notes: %d files, %d bytes", count, total)
	if count < 2 {
		t.Fatalf("%d files", count)
	}
	b, served, _ := shelfOf(t, files)
	page := opened(t, b, served("index.html?q=V998X1"), browser.View{})
	got := eval[string](t, page, `new Promise(done => { const look = () => { const a = document.querySelector("#results .hit a"); a ? done(document.getElementById("found").textContent + "|" + a.textContent) : setTimeout(look, 20); }; look(); })`)
	if !strings.Contains(got, "Fall 998-") {
		t.Errorf("the last files are not looked through: %q", got)
	}
	took := eval[float64](t, page, `(() => { const q = document.getElementById("query"); q.value = "rechnung agentur"; const from = performance.now(); q.dispatchEvent(new Event("input")); return performance.now() - from; })()`)
	t.Logf("a search takes %.0f ms", took)
}

func TestCopyingALink(t *testing.T) {
	b, served, _ := shelfOf(t, build(t, realistic()))
	for _, c := range []struct{ name, clipboard, want string }{
		{"with the clipboard", `Object.defineProperty(navigator, "clipboard", {value: {writeText: async (text) => { window.copied = text; }}, configurable: true})`, "Link kopiert"},
		{"without it", `Object.defineProperty(navigator, "clipboard", {value: undefined, configurable: true}); document.execCommand = (what) => { window.copied = document.activeElement.value; return what === "copy"; }`, "Link kopiert"},
		{"with neither", `Object.defineProperty(navigator, "clipboard", {value: undefined, configurable: true}); document.execCommand = () => false; window.copied = ""`, "Nicht kopiert: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := opened(t, b, served("releases/2026.13.0/index.html"), browser.View{})
			got := eval[[]string](t, p, `new Promise(done => { `+c.clipboard+`;
				const said = document.getElementById("said"), button = document.querySelector("#n-1-0 button.anchor");
				new MutationObserver(() => done([said.textContent, window.copied, location.hash, document.activeElement.className])).observe(said, {childList: true});
				button.click(); })`)
			address := served("releases/2026.13.0/#n-1-0")
			if c.want == "Nicht kopiert: " {
				if got[0] != c.want+address {
					t.Errorf("it says %q", got[0])
				}
			} else if got[0] != c.want || got[1] != address || got[2] != "#n-1-0" || got[3] != "anchor" {
				t.Errorf("got %q", got)
			}
		})
	}
	// On the first page the link is that of the release's own page.
	p := opened(t, b, served("en/index.html"), browser.View{NoScript: true})
	if got := eval[string](t, p, `document.querySelector("a.anchor").href`); got != served("en/releases/2026.14.0/index.html#n-1-0") {
		t.Errorf("the first page links to %s", got)
	}
}

// A choice between light and dark holds on the next page, before it is drawn, and
// gives way where it is what the system asks for.
func TestLightAndDark(t *testing.T) {
	b, served, _ := shelfOf(t, build(t, realistic()))
	const ground = `getComputedStyle(document.body).backgroundColor`
	p := opened(t, b, served("index.html"), browser.View{})
	light := eval[string](t, p, ground)
	dark := eval[string](t, p, `document.getElementById("scheme").click(); `+ground)
	if light == dark || !eval[bool](t, p, `document.getElementById("scheme").ariaPressed === "true"`) {
		t.Errorf("the button changes nothing: %s", dark)
	}
	next := opened(t, b, served("releases/2026.13.0/index.html"), browser.View{})
	if got := eval[string](t, next, ground); got != dark {
		t.Errorf("the next page is %s", got)
	}
	// The script stands before the styles, so nothing is drawn in the other scheme.
	if !eval[bool](t, next, `document.querySelector("script").compareDocumentPosition(document.querySelector("style")) === Node.DOCUMENT_POSITION_FOLLOWING`) {
		t.Error("the styles stand before the script")
	}
	if got := eval[string](t, next, `document.getElementById("scheme").click(); String(localStorage.getItem("daybreak-scheme"))`); got != "null" {
		t.Errorf("the system's own choice is kept as %s", got)
	}
	system := opened(t, b, served("index.html"), browser.View{Dark: true})
	if got := eval[string](t, system, ground); got != dark {
		t.Errorf("the system's dark is %s, the button's %s", got, dark)
	}
	if got := eval[string](t, system, `document.getElementById("scheme").click(); `+ground); got != light {
		t.Errorf("light on a dark system is %s, not %s", got, light)
	}
}

// The head of a page holds the brand's name beside the switch between light and
// dark, whatever the name's length and however few the links: on no phone does
// one lie over another.
func TestHeadOnPhones(t *testing.T) {
	for _, theme := range []string{"default", "plain"} {
		for _, name := range []string{"x", "Reservierungen für Reiseveranstalter"} {
			p := realistic()
			p.Languages = p.Languages[:1]
			p.Brand = map[model.Lang]model.Brand{p.Languages[0]: {Name: name}}
			look, err := openTheme(theme)
			if err != nil {
				t.Fatal(err)
			}
			out := memory{}
			if err := Public(p, look, out); err != nil {
				t.Fatal(err)
			}
			b, served, _ := shelfOf(t, out)
			for _, width := range []int{320, 360, 414, 640} {
				page := opened(t, b, served("index.html"), browser.View{Width: width})
				over := eval[[]string](t, page, `(() => {
					// a text that is wrapped has a box for each of its lines
					const all = [...document.querySelectorAll("header .brand > *, header nav a, header nav button")]
						.flatMap(e => [...e.getClientRects()].map(r => [e.textContent.trim() || e.id, r]));
					return all.flatMap(([a, r], i) => all.slice(i + 1).filter(([, q]) =>
						r.left < q.right - 1 && q.left < r.right - 1 && r.top < q.bottom - 1 && q.top < r.bottom - 1).map(([b]) => a + " × " + b));
				})()`)
				if len(over) > 0 {
					t.Errorf("%s theme, %q, %d px: %s", theme, name, width, over)
				}
			}
		}
	}
}
