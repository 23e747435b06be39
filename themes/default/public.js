// Small comforts; the pages are whole without them. Texts come from the page, so
// that they are in its language.

// The address of one change holds wherever the change stands now: on another part
// of its release, in the release that it came with after all, or where a moved page
// leads.
(() => {
  const id = location.hash.slice(1);
  const { root, moved } = document.body.dataset;
  if (moved) location.replace(moved + location.hash);
  if (moved || !/^n-[0-9a-z-]+$/.test(id) || document.getElementById(id)) return;
  const load = (n) => document.head.append(Object.assign(document.createElement("script"), { src: `${root}search/${n}.js` }));
  const here = location.pathname.match(/releases\/[^/]+\//)?.[0] ?? "\n";
  let elsewhere;
  window.daybreakIndex = (file) => {
    // Its own anchor, or one of further notes that read the same.
    const notes = file.notes.filter((note) => note.flat().includes(id));
    const found = notes.find((note) => note[4].startsWith(here));
    elsewhere ??= notes[0];
    if (found) location.replace(`${root}${found[4]}#${id}`);
    else if (file.part + 1 < file.parts) load(file.part + 2);
    else if (elsewhere) location.replace(`${root}${elsewhere[4]}#${id}`);
  };
  load(1);
})();

// Light or dark: once chosen it stays, until it is what the system asks for anyway.
(() => {
  const button = document.getElementById("scheme");
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : system.matches);
  const tell = () => button.setAttribute("aria-pressed", dark());
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    const asked = (next === "dark") === system.matches;
    if (asked) delete root.dataset.scheme;
    else root.dataset.scheme = next;
    try {
      if (asked) localStorage.removeItem("daybreak-scheme");
      else localStorage.setItem("daybreak-scheme", next);
    } catch {} // it holds for this page then
    tell();
  });
  system.addEventListener("change", tell);
  tell();
})();

// The address of a change, into the clipboard.
(() => {
  const said = document.getElementById("said");
  // Without the clipboard's own interface, which asks for https, the browser
  // copies what is selected.
  const select = (text) => {
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "unseen";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return select(text);
    }
  };
  for (const link of document.querySelectorAll("a.anchor")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "anchor";
    button.setAttribute("aria-label", link.getAttribute("aria-label"));
    if (link.lang) button.lang = link.lang;
    button.append(...link.childNodes);
    button.addEventListener("click", async () => {
      const done = await copy(link.href);
      button.focus();
      if (link.getAttribute("href").startsWith("#")) {
        try {
          history.replaceState(null, "", link.href);
        } catch {} // a page from a disk may not
      }
      button.dataset.said = done ? said.dataset.copied : said.dataset.failed;
      said.textContent = done ? said.dataset.copied : `${said.dataset.failed} ${link.href}`;
      setTimeout(() => {
        delete button.dataset.said;
        said.textContent = "";
      }, 4000);
    });
    link.replaceWith(button);
  }
})();

// Areas among the notes of a long release.
(() => {
  const box = document.getElementById("filter");
  if (!box) return;
  const notes = [...document.querySelectorAll(".note")];
  const sections = document.querySelectorAll(".kinds");
  const said = document.createElement("p");
  said.className = "small";
  said.setAttribute("role", "status");
  box.append(said);
  box.hidden = false;
  let chosen = "";
  const show = () => {
    for (const note of notes) note.hidden = chosen !== "" && chosen !== note.dataset.area;
    for (const section of sections) section.hidden = !section.querySelector(".note:not([hidden])");
    for (const button of box.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === chosen);
    const shown = notes.filter((one) => !one.hidden).length;
    said.textContent = chosen ? (shown === 1 ? box.dataset.single : box.dataset.other).replace("%", shown) : "";
  };
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    chosen = chosen === button.value ? "" : button.value;
    show();
  });
  // A link to one note must find it whatever is chosen.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (chosen && target && (target.hidden || target.closest("[hidden]"))) {
      chosen = "";
      show();
      target.scrollIntoView();
    }
  });
})();
