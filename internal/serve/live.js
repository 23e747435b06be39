// Reloads the page when it reads differently, and shows over it what is wrong.
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const place = "daybreak preview " + location.pathname;
  let edition = own.edition, host, seen = "", hidden = false;

  try {
    const kept = JSON.parse(sessionStorage.getItem(place));
    sessionStorage.removeItem(place);
    if (kept) addEventListener("load", () => scrollTo({ left: kept[0], top: kept[1], behavior: "instant" }));
  } catch { /* without storage the browser's own way has to do */ }

  function reload() {
    try { sessionStorage.setItem(place, JSON.stringify([scrollX, scrollY])); } catch { /* as above */ }
    location.reload();
  }

  const look = new CSSStyleSheet();
  look.replaceSync(`
    :host { all: initial; position: fixed; inset: 0; z-index: 2147483647; pointer-events: none; font: 16px/1.45 system-ui, sans-serif }
    .note { position: absolute; left: 12px; bottom: 12px; max-width: calc(100% - 24px); padding: 6px 12px; border-radius: 8px; background: #4a3500; color: #fff2cf; font-size: 14px; pointer-events: auto }
    .veil { position: absolute; inset: 0; display: grid; align-items: end; background: rgb(10 16 20 / 55%); pointer-events: auto }
    section { max-height: 75%; overflow: auto; background: #fffaf9; color: #241413; border-top: 6px solid #b3261e; padding: 18px clamp(16px, 4vw, 40px) 24px; box-shadow: 0 -8px 30px rgb(0 0 0 / 35%) }
    header { display: flex; gap: 16px; align-items: start; justify-content: space-between; max-width: 62rem; margin: 0 auto 10px }
    h2 { font: 700 20px/1.3 system-ui, sans-serif; margin: 0 }
    ol { list-style: none; margin: 0 auto; padding: 0; max-width: 62rem }
    li { padding: 12px 0; border-top: 1px solid #e6cfcc }
    code { display: block; font: 600 14px/1.5 ui-monospace, monospace; color: #8c1d18; overflow-wrap: anywhere }
    p { margin: 2px 0; overflow-wrap: anywhere; white-space: pre-line }
    .hint { color: #5d4744 }
    button { font: inherit; color: inherit; background: none; border: 1px solid #b08a86; border-radius: 6px; padding: 4px 12px; cursor: pointer }
    button:focus-visible { outline: 3px solid #b3261e; outline-offset: 2px }
    @media (prefers-color-scheme: dark) {
      section { background: #2a1a19; color: #fbe9e7 } li { border-color: #553735 } code { color: #ffb4ab } .hint { color: #d8bdb9 }
    }
    @media print { :host { display: none } }`);

  function element(name, text, of, className) {
    const e = document.createElement(name);
    e.textContent = text;
    if (className) e.className = className;
    of.append(e);
    return e;
  }

  function show(problems) {
    const now = JSON.stringify(problems);
    if (now !== seen) hidden = false; // what is new is shown, whatever was put aside
    seen = now;
    host?.remove();
    host = null;
    if (!own.note && (!problems.length || hidden)) return;
    host = document.createElement("daybreak-preview");
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [look];
    if (own.note) element("div", own.note, root, "note");
    if (problems.length && !hidden) {
      const veil = element("div", "", root, "veil");
      const box = element("section", "", veil);
      box.setAttribute("role", "alert");
      const head = element("header", "", box);
      element("h2", problems.length === 1 ? "This must be mended" : problems.length + " things must be mended", head);
      const aside = element("button", "Look at the page", head);
      aside.addEventListener("click", () => { hidden = true; show(problems); });
      const list = element("ol", "", box);
      for (const p of problems) {
        const row = element("li", "", list);
        if (p.position) element("code", p.position, row);
        element("p", p.message, row);
        if (p.hint) element("p", p.hint, row, "hint");
      }
    }
    document.documentElement.append(host);
  }

  addEventListener("keydown", e => {
    if (e.key === "Escape" && seen.length > 2 && !hidden) { hidden = true; show(JSON.parse(seen)); }
  });

  // An edition need not change this page: only where it reads differently is it loaded again.
  async function compare(newest) {
    try {
      const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
      const tag = answer.headers.get("ETag");
      if (newest !== edition) return; // the next one is being asked for already
      if (tag && tag !== own.tag) reload();
    } catch { /* the server is gone; the stream comes back with it */ }
  }

  const stream = new EventSource("/.daybreak/events");
  stream.onmessage = e => {
    const told = JSON.parse(e.data);
    if (told.edition !== edition) {
      edition = told.edition;
      compare(edition);
    }
    show(told.problems);
  };
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", e => { if (e.persisted) location.reload(); });
  if (own.note) show([]);
})();
