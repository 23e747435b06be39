package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"daybreak/internal/browser"
)

// hostPage is a page of the house on another origin, with a strict policy, as
// content/docs/site.md shows it.
const hostPage = `<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Portal</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src %[1]s; connect-src %[1]s"></head>
<body><main><h1>Portal</h1><p><a href="%[1]s/public/" data-daybreak>Neuerungen</a></p></main>
<script src="%[1]s/public/widget.js" defer></script></body></html>`

func TestWidgetOnAnotherSite(t *testing.T) {
	p := realistic()
	dir := onDisk(t, build(t, p))
	b, _, _ := shelfOf(t, memory{})
	files := http.FileServer(http.Dir(dir))
	news := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/public/latest.json" { // as the documentation asks for
			w.Header().Set("Access-Control-Allow-Origin", "*")
		}
		files.ServeHTTP(w, r)
	}))
	defer news.Close()
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, hostPage, news.URL)
	}))
	defer host.Close()

	const badge = `[...document.querySelectorAll("[data-daybreak] > span")].map(e => e.shadowRoot.querySelector(".badge")?.textContent ?? "none").join()`
	const ready = `new Promise(done => { const look = () => document.querySelector("[data-daybreak] > span") ? done(` + badge + `) : setTimeout(look, 20); look(); })`
	page := opened(t, b, host.URL, browser.View{})
	if got := eval[string](t, page, ready); got != "11 ungelesene Neuerungen" {
		t.Errorf("the badge says %q", got)
	}
	got := eval[[]string](t, page, `(() => {
		const link = document.querySelector("[data-daybreak]");
		link.click();
		const panel = document.body.lastElementChild.shadowRoot.querySelector("[popover]");
		const out = [String(panel.matches(":popover-open")), panel.textContent, panel.querySelector("li a").href, `+badge+`, document.body.lastElementChild.shadowRoot.activeElement.textContent, document.cookie];
		panel.hidePopover();
		return out; })()`)
	if got[0] != "true" || !strings.HasPrefix(got[1], "×Gruppen buchen, ohne Listen abzutippen2026.14.0 · 12. Mai 2026Bitte handelnSchnittstelle für Tagespreise verlangt einen Schlüssel") ||
		got[2] != "https://neues.meridian.example/releases/2026.14.0/#n-1-5" || got[3] != "none" || got[4] != "Gruppen buchen, ohne Listen abzutippen" || got[5] != "" {
		t.Errorf("the panel: %q", got)
	}
	if problems, err := page.Problems(); err != nil || len(problems) > 0 {
		t.Errorf("%q, %v", problems, err)
	}
	again := opened(t, b, host.URL, browser.View{})
	if got := eval[string](t, again, ready); got != "none" {
		t.Errorf("what was seen is told again: %q", got)
	}
	// Who saw an older version last is told of all that came since.
	for _, c := range []struct{ seen, badge, since string }{
		{"2026.13.1", "11 ungelesene Neuerungen", ""},
		{"2026.13.0", "12 ungelesene Neuerungen", "Alles seit Version 2026.13.0"},
		{"2026.10.0", "21 ungelesene Neuerungen", "Alles seit Version 2026.10.0"},
		{"1.0", "11 ungelesene Neuerungen", ""},
	} {
		page := opened(t, b, host.URL, browser.View{})
		eval[bool](t, page, fmt.Sprintf(`localStorage.setItem("daybreak-seen %s/public/", %q); true`, news.URL, c.seen))
		later := opened(t, b, host.URL, browser.View{})
		if got := eval[string](t, later, ready); got != c.badge {
			t.Errorf("after %s the badge says %q", c.seen, got)
		}
		links := eval[[]string](t, later, `[...document.body.lastElementChild.shadowRoot.querySelectorAll("p a")].map(a => a.textContent + " " + a.href)`)
		want := []string{"Alle Neuerungen " + news.URL + "/public/index.html"}
		if c.since != "" {
			want = append([]string{c.since + " " + news.URL + "/public/since/" + c.seen + "/index.html"}, want...)
		}
		if !slices.Equal(links, want) {
			t.Errorf("after %s: %q", c.seen, links)
		}
		if got := eval[string](t, later, `document.querySelector("[data-daybreak]").click(); `+badge); got != "none" {
			t.Errorf("after %s and a click: %q", c.seen, got)
		}
	}
	if script := string(build(t, p)["public/en/widget.js"]); !strings.Contains(script, `"unread changes"`) {
		t.Error("the English widget has other words")
	}
}

// However many releases there are, latest.json stays small.
func TestLatestIsBounded(t *testing.T) {
	p := many(200)
	data := build(t, p)["public/latest.json"]
	var latest listed
	if err := json.Unmarshal(data, &latest); err != nil {
		t.Fatal(err)
	}
	if len(latest.Since) != jumpMost || len(data) > 8_000 {
		t.Errorf("%d versions, %d bytes", len(latest.Since), len(data))
	}
}
