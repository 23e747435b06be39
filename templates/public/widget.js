{{/* The script that other pages of the house include: see content/docs/site.md. Strings are put between double quotes. */ -}}
// What is new in {{.Product | js}}, for a page of yours: give a link or a button the
// attribute data-daybreak and load this file. It shows how many changes came
// since the version that a reader saw last, those of the newest one to who comes for
// the first time, and tells them at a click. No cookies; which version was seen last
// stays in the reader's browser.
(() => {
  const script = document.currentScript || document.querySelector('script[src$="widget.js"]');
  const root = new URL(".", script.src);
  const key = "daybreak-seen " + root.href;
  const text = { unread: "{{T "widget.unread" | js}}", all: "{{T "widget.all" | js}}", since: "{{T "widget.since" "Version" "%" | js}}", act: "{{T "kind.breaking" | js}}", close: "{{T "widget.close" | js}}", lang: "{{lang}}" };
  const look = `
    :host { all: initial; color-scheme: inherit; font: inherit; }
    .badge { display: inline-block; min-width: 1.25em; margin-inline-start: .4em; padding: 0 .3em; border-radius: 1em; background: var(--daybreak-badge, #b42318); color: var(--daybreak-badge-text, #fff); font: 600 .75em/1.6 system-ui, sans-serif; text-align: center; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    [popover] { position: fixed; inset: auto; margin: 0; box-sizing: border-box; width: min(24rem, calc(100vw - 1rem)); max-height: min(36rem, 90vh); overflow: auto; padding: 1rem 1.25rem 1.125rem; border: 1px solid GrayText; border-radius: 8px; box-shadow: 0 8px 32px rgb(0 0 0 / .18); background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; text-align: start; }
    h2 { margin: 0; font-size: 1.125rem; line-height: 1.3; } p { margin: .25rem 0 0; } ul { margin: .75rem 0; padding: 0; list-style: none; } li { padding: .4rem 0; border-top: 1px solid color-mix(in srgb, CanvasText 12%, transparent); }
    a { color: inherit; text-underline-offset: .2em; } h2 a, li a { text-decoration: none; } a:hover { text-decoration: underline; } a:focus-visible, button:focus-visible { outline: 2px solid; outline-offset: 2px; } li b { display: block; font-size: .8125rem; }
    button { float: inline-end; border: 0; background: none; color: inherit; font: 1.25rem/1 system-ui, sans-serif; cursor: pointer; }`;
  const remember = {
    get: () => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (value) => { try { localStorage.setItem(key, value); } catch {} },
  };
  const node = (name, className, ...children) => {
    const element = document.createElement(name);
    element.className = className;
    element.append(...children);
    return element;
  };
  const link = (href, words) => Object.assign(node("a", "", words.replaceAll("`", "")), { href: new URL(href, root).href });

  const place = (at, news) => {
    const host = document.createElement("span");
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    shadow.adoptedStyleSheets = [sheet];
    const seen = remember.get();
    const missed = seen === null ? undefined : news.since?.[seen]; // undefined too where that is long ago
    const badge = node("span", "badge", String(missed ?? news.count), node("span", "unseen", " " + text.unread));
    shadow.append(badge);
    if (seen === news.slug || !(missed ?? news.count)) badge.remove();
    at.append(host);

    const day = news.date && new Date(news.date).toLocaleDateString(text.lang === "en" ? "en-GB" : text.lang, { dateStyle: "long", timeZone: "UTC" });
    const panel = node("div", "");
    panel.lang = text.lang;
    panel.popover = "auto";
    panel.setAttribute("role", "dialog");
    const head = node("h2", "", link(news.url, news.title || news.version));
    head.id = "head";
    panel.setAttribute("aria-labelledby", "head");
    const close = Object.assign(node("button", "", "×"), { type: "button" });
    close.setAttribute("aria-label", text.close);
    close.addEventListener("click", () => panel.hidePopover());
    const first = [...news.notes].sort((a, b) => Boolean(b.breaking) - Boolean(a.breaking)).slice(0, 6);
    const rows = first.map((note) => node("li", "", ...(note.breaking ? [node("b", "", text.act)] : []), Object.assign(link(note.url, note.title), { lang: note.language })));
    panel.append(close, head, node("p", "", [news.title && news.version, day].filter(Boolean).join(" · ")), node("ul", "", ...rows));
    if (missed > news.count) panel.append(node("p", "", link(`since/${seen}/index.html`, text.since.replace("%", () => seen))));
    panel.append(node("p", "", link("index.html", text.all)));
    const far = document.createElement("div");
    const deep = far.attachShadow({ mode: "open" });
    deep.adoptedStyleSheets = [sheet];
    deep.append(panel);
    document.body.append(far);
    if (!panel.showPopover) return far.remove(); // an old browser follows the link

    at.setAttribute("aria-haspopup", "dialog");
    at.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      const box = at.getBoundingClientRect();
      panel.showPopover();
      const below = box.bottom + 8, above = box.top - panel.offsetHeight - 8;
      panel.style.top = (below + panel.offsetHeight + 8 <= innerHeight ? below : above >= 8 ? above : Math.max(8, innerHeight - panel.offsetHeight - 8)) + "px";
      panel.style.left = Math.max(8, Math.min(box.left, innerWidth - panel.offsetWidth - 8)) + "px";
      head.firstChild.focus();
      remember.set(news.slug);
      badge.remove();
    });
    panel.addEventListener("toggle", (event) => event.newState === "closed" && at.focus());
  };

  const start = async () => {
    const places = document.querySelectorAll("[data-daybreak]");
    if (!places.length) return;
    try {
      const answer = await fetch(new URL("latest.json", root));
      const news = answer.ok ? await answer.json() : null;
      if (!news) return;
      news.count = Object.values(news.counts).reduce((sum, n) => sum + n, 0);
      news.notes ??= [];
      if (news.count || news.since?.[remember.get()]) for (const at of places) place(at, news);
    } catch {} // without news the page is as it was
  };
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", start) : start();
})();
