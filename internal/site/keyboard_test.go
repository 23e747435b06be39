package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"daybreak/internal/browser"
)

// stop describes where the keyboard is, "" on the page itself, with what is wrong
// with it as a place for the keyboard.
const stop = `(() => {
	let e = document.activeElement;
	if (!e || e === document.body || e === document.documentElement) return ["", ""];
	const style = getComputedStyle(e), box = e.getBoundingClientRect(), wrong = [];
	if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) wrong.push("shows no focus");
	if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true}) || box.width < 1 || box.height < 1) wrong.push("is not visible");
	if (box.left < -1 || box.right > innerWidth + 1 || box.bottom < 1 || box.top > innerHeight - 1) wrong.push("is outside the window");
	const part = [...e.getClientRects()].find(r => r.width && r.height) ?? box;
	const over = document.elementFromPoint(part.left + part.width / 2, Math.min(part.top + part.height / 2, innerHeight - 2));
	if (over && over !== e && !e.contains(over) && !over.contains(e)) wrong.push("is covered by " + over.tagName + "." + over.className);
	const list = window.walked ??= [];
	if (list.length && list.at(-1) !== e && !(list.at(-1).compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) wrong.push("comes before the last stop");
	if (list.includes(e)) wrong.push("was met before");
	list.push(e);
	return [(e.tagName + " " + (e.id || e.getAttribute("aria-label") || e.textContent.trim().slice(0, 40))).trim(), wrong.join(", ")];
})()`

// stopsOf counts the places that a keyboard should reach.
const stopsOf = `[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true})).length`

// press presses keys that are known to the browser.
func press(t *testing.T, p *browser.Page, keys string) {
	t.Helper()
	if err := p.Press(keys); err != nil {
		t.Fatal(err)
	}
}

// tabTo goes on with the tab key until it stands on what a selector matches.
func tabTo(t *testing.T, p *browser.Page, selector string) {
	t.Helper()
	const most = 200
	for range most {
		press(t, p, browser.Tab)
		if eval[bool](t, p, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
			return
		}
	}
	t.Fatalf("%d presses of the tab key don't lead to %s", most, selector)
}

// arrived waits until a page's address holds a part, and gives it.
func arrived(t *testing.T, p *browser.Page, part string) string {
	t.Helper()
	return asked(p, `document.readyState === "complete" ? location.pathname + location.hash : ""`, part)
}

// asked asks a page until the answer holds a part, a minute at most, and gives the
// last answer. The page that is left goes away under the question.
func asked(p *browser.Page, script, part string) (answer string) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		now, err := browser.Eval[string](p, script)
		if answer = now; err == nil && strings.Contains(answer, part) {
			break
		}
	}
	return answer
}

// The keyboard reaches everything that can be used, once and in the page's order,
// wherever it stands can be seen, and it comes out of the page again, both ways.
func TestKeyboardReachesEverything(t *testing.T) {
	files := longPages(t)
	plain := longPlainPages(t)
	for name, data := range plain {
		files["public/plain/"+strings.TrimPrefix(name, "public/")] = data
	}
	b, served, _ := shelfOf(t, files)
	for _, c := range []struct {
		page string
		view browser.View
	}{
		{"index.html", browser.View{}},
		{"index.html", browser.View{Width: 360, Height: 740, Dark: true}},
		{"en/releases/2026.13.0/index.html", browser.View{Width: 360, Height: 740}},
		{"releases/2026.14.0/index.html", browser.View{Dark: true}},
		{"since/2026.10.0/index.html", browser.View{NoScript: true}},
		{"since/2026.10.0/index.html", browser.View{Width: 360, Height: 740}},
		{"changes/index.html", browser.View{Width: 360, Height: 740, NoScript: true}},
		{"feeds/index.html", browser.View{}},
		{"404.html", browser.View{Width: 360, Height: 740}},
		{"plain/index.html", browser.View{Width: 360, Height: 740}},
		{"plain/releases/2026.13.0/index.html", browser.View{Dark: true}},
		{"plain/en/since/2026.10.0/index.html", browser.View{NoScript: true}},
	} {
		t.Run(fmt.Sprintf("%s at %d, script %v", c.page, c.view.Width, !c.view.NoScript), func(t *testing.T) {
			p := opened(t, b, served(c.page), c.view)
			want, last := eval[int](t, p, stopsOf), ""
			met := 0
			for met <= want {
				press(t, p, browser.Tab)
				at := eval[[]string](t, p, stop)
				if at[0] == "" {
					break
				}
				if met == 0 && at[0] != "A Zum Inhalt springen" && at[0] != "A Skip to the content" {
					t.Errorf("the first stop is %s", at[0])
				}
				if at[1] != "" {
					t.Errorf("stop %d, %s, %s", met+1, at[0], at[1])
				}
				met, last = met+1, at[0]
			}
			if met != want || met < 8 {
				t.Errorf("%d stops of %d, the last one %s", met, want, last)
			}
			if err := p.PressWithShift(browser.Tab); err != nil {
				t.Fatal(err)
			}
			if at := eval[[]string](t, p, `window.walked = []; `+stop); at[0] != last {
				t.Errorf("back from the end it stands on %q, not on %s", at[0], last)
			}
		})
	}
}

// Everything that a page does can be done by keys alone.
func TestPublicSiteByKeyboard(t *testing.T) {
	b, served, _ := shelfOf(t, longPages(t))
	status := func(p *browser.Page, selector, want string) {
		t.Helper()
		if got := eval[string](t, p, fmt.Sprintf(`new Promise(done => { let n = 0; const look = () => { const said = document.querySelector(%q)?.textContent ?? ""; said.includes(%q) || n++ > 3000 ? done(said) : setTimeout(look, 20); }; look(); })`, selector, want)); !strings.Contains(got, want) {
			t.Errorf("%s says %q, want %q", selector, got, want)
		}
	}
	for _, width := range []int{1280, 360} {
		view := browser.View{Width: width, Height: 740}
		p := opened(t, b, served("index.html"), view)

		// Past the head of the page.
		press(t, p, browser.Tab+browser.Enter+browser.Tab)
		if !eval[bool](t, p, `document.activeElement.closest("main") !== null`) {
			t.Errorf("%d: the skip link leads to %q", width, eval[string](t, p, `document.activeElement.outerHTML.slice(0, 80)`))
		}

		// Search, choose, read, and back.
		press(t, p, "/")
		press(t, p, "rechnung")
		status(p, "#found", "9 Treffer")
		press(t, p, browser.Tab+browser.Down) // Bitte handeln
		status(p, "#found", "1 Treffer")
		press(t, p, browser.Up+browser.Tab)
		if got := eval[string](t, p, `document.activeElement.name`); got != "area" {
			t.Errorf("%d: after the kind comes %q", width, got)
		}
		for range 2 {
			if err := p.PressWithShift(browser.Tab); err != nil {
				t.Fatal(err)
			}
		}
		press(t, p, browser.Down+browser.Enter)
		if got := arrived(t, p, "/releases/"); !strings.Contains(got, "/releases/") || !strings.Contains(got, "#n-") {
			t.Errorf("%d: the first hit leads to %s", width, got)
		}

		// A long release: its areas, and the address of a change.
		p = opened(t, b, served("releases/2026.13.0/index.html"), view)
		tabTo(t, p, "#scheme")
		press(t, p, " ")
		if got := eval[string](t, p, `document.documentElement.dataset.scheme + document.activeElement.getAttribute("aria-pressed")`); got != "darktrue" {
			t.Errorf("%d: light or dark: %s", width, got)
		}
		press(t, p, browser.Enter)
		tabTo(t, p, "#filter button[value=a3]")
		press(t, p, " ")
		status(p, "#filter [role=status]", "5 Änderungen zu sehen")
		press(t, p, browser.Enter)
		status(p, "#filter [role=status]", "")
		tabTo(t, p, "button.anchor")
		press(t, p, browser.Enter)
		status(p, "#said", "kopiert")
		if !eval[bool](t, p, `document.activeElement.matches("button.anchor") && getComputedStyle(document.activeElement).opacity === "1"`) {
			t.Errorf("%d: after copying the keyboard is elsewhere", width)
		}
	}
}

// What is chosen can be told from the rest where the system chooses the colours.
func TestChosenInForcedColours(t *testing.T) {
	files := longPages(t)
	for name, data := range longPlainPages(t) {
		files["public/plain/"+strings.TrimPrefix(name, "public/")] = data
	}
	b, served, _ := shelfOf(t, files)
	for _, dark := range []bool{false, true} {
		for _, theme := range []string{"", "plain/"} {
			p := opened(t, b, served(theme+"releases/2026.13.0/index.html"), browser.View{Forced: true, Dark: dark})
			got := eval[[]string](t, p, `(() => {
				const buttons = [...document.querySelectorAll("#filter button")], ground = getComputedStyle(document.body).backgroundColor;
				const look = e => { const s = getComputedStyle(e); return (/, 0\)$/.test(s.backgroundColor) ? ground : s.backgroundColor) + s.color + s.outlineStyle; };
				buttons[0].click();
				return [look(buttons[0]), look(buttons[1])];
			})()`)
			if got[0] == got[1] {
				t.Errorf("%q dark %v: pressed and not look alike: %s", theme, dark, got)
			}
		}
	}
}

// Jump pages are narrowed by keys alone, with and without script.
func TestJumpsByKeyboard(t *testing.T) {
	b, served, _ := shelfOf(t, build(t, realistic()))
	for _, off := range []bool{true, false} {
		for _, width := range []int{1280, 360} {
			view := browser.View{Width: width, Height: 740, NoScript: off}
			p := opened(t, b, served("since/2026.10.0/index.html"), view)
			before := eval[[]string](t, p, visibleNotes)
			tabTo(t, p, "details.since-list summary")
			press(t, p, browser.Enter)
			tabTo(t, p, `a[href$="#to-2026-12-0"]`)
			press(t, p, browser.Enter)
			heading := asked(p, `document.querySelector("h1").innerText`, "2026.12.0") // a script hears of the jump a moment later
			after := eval[[]string](t, p, visibleNotes)
			if len(after) == 0 || len(after) >= len(before) || slices.ContainsFunc(after, func(n string) bool { return strings.Contains(n, "2026.14.0") }) {
				t.Errorf("script off %v, %d: %d of %d notes: %s", off, width, len(after), len(before), after)
			}
			if !strings.Contains(heading, "2026.12.0") {
				t.Errorf("script off %v, %d: the heading says %q", off, width, heading)
			}
			press(t, p, browser.Tab)
			if !eval[bool](t, p, `document.activeElement.checkVisibility() && document.activeElement.closest("main") !== null`) {
				t.Errorf("script off %v, %d: then the keyboard is lost", off, width)
			}
		}
	}
	p := opened(t, b, served("changes/index.html"), browser.View{Width: 360, Height: 740, NoScript: true})
	all := len(eval[[]string](t, p, visibleHits))
	tabTo(t, p, ".pair select")
	press(t, p, browser.Down+browser.Down)
	if got := len(eval[[]string](t, p, visibleHits)); got == 0 || got >= all {
		t.Errorf("the list tells %d of %d", got, all)
	}
}

// The window of news on another page opens, is read and closed by keys, which then
// are where they were.
func TestWidgetByKeyboard(t *testing.T) {
	files := build(t, realistic())
	files["public/portal.html"] = []byte(`<!DOCTYPE html><html lang="de"><title>Portal</title><a href="#a">davor</a> <button data-daybreak>Neuerungen</button> <a href="#b">danach</a><script src="widget.js"></script>`)
	b, served, _ := shelfOf(t, files)
	const open = `!!document.body.lastElementChild.shadowRoot?.querySelector("[popover]:popover-open")`
	// at waits for the place, because a closed window tells so a moment later.
	at := func(p *browser.Page, want string) string {
		t.Helper()
		return eval[string](t, p, fmt.Sprintf(`new Promise(done => { let n = 0; const look = () => { const e = document.activeElement, said = (e.shadowRoot?.activeElement ?? e).textContent; said.startsWith(%q) || n++ > 3000 ? done(said) : setTimeout(look, 20); }; look(); })`, want))
	}
	for _, width := range []int{1280, 360} {
		p := opened(t, b, served("portal.html"), browser.View{Width: width, Height: 740})
		eval[bool](t, p, `new Promise(done => { const look = () => document.querySelector("[aria-haspopup]") ? done(true) : setTimeout(look, 20); look(); })`)
		press(t, p, browser.Tab+browser.Tab+browser.Enter)
		if got := at(p, "Gruppen buchen"); got != "Gruppen buchen, ohne Listen abzutippen" || !eval[bool](t, p, open) {
			t.Errorf("%d: after the button the keyboard is on %q", width, got)
		}
		press(t, p, browser.Tab)
		if got := at(p, "Schnittstelle"); got != "Schnittstelle für Tagespreise verlangt einen Schlüssel" {
			t.Errorf("%d: then on %q", width, got)
		}
		press(t, p, browser.Escape)
		if got := at(p, "Neuerungen"); !strings.HasPrefix(got, "Neuerungen") || eval[bool](t, p, open) {
			t.Errorf("%d: after closing on %q, open %v", width, got, eval[bool](t, p, open))
		}
		press(t, p, " ")
		if err := p.PressWithShift(browser.Tab); err != nil { // to the cross
			t.Fatal(err)
		}
		press(t, p, browser.Enter)
		if got := at(p, "Neuerungen"); !strings.HasPrefix(got, "Neuerungen") || eval[bool](t, p, open) {
			t.Errorf("%d: after the cross on %q", width, got)
		}
		press(t, p, browser.Tab)
		if got := at(p, "danach"); got != "danach" {
			t.Errorf("%d: and after the button comes %q", width, got)
		}
	}
}
