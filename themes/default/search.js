// Looks through the changes of all releases: by words, kind, area, and between
// versions. The index lies beside the pages as scripts, which a page may load
// from a disk too; it is fetched when somebody first reaches for the bar.
// Without this script the list of all changes is a page of its own.
(() => {
  const bar = document.getElementById("finder");
  if (!bar) return;
  const { fold, narrow, words, stem, near } = daybreakWords;
  const lang = document.documentElement.lang;
  const say = bar.dataset;
  const query = bar.querySelector("input");
  const selects = [...bar.querySelectorAll("select")];
  const said = document.getElementById("found");
  const results = document.getElementById("results");
  const all = document.getElementById("all");
  const most = 60; // hits that are shown before somebody asks for more
  const files = [];
  let releases = [];
  let areas = [];
  let failed = false;
  let started = false;
  let shown = most;

  /* the index */

  const before = window.daybreakIndex;
  window.daybreakIndex = (file) => {
    before?.(file);
    if (file.part === 0) {
      releases = file.releases.map(([label, date, page, headline, version, kind]) => ({ label, date, page, headline, version, kind, slug: page.split("/")[1] }));
      areas = file.areas;
      complete();
    }
    const terms = file.terms ? file.terms.split(" ") : [];
    files[file.part] = { ...file, terms, slim: terms.map(narrow) };
  };
  const load = (n) => {
    started = true;
    const script = document.createElement("script");
    script.src = `${say.index}${n}.js`;
    script.onload = () => {
      if (!files[n - 1]) return script.onerror();
      show();
      if (n < files[0].parts) load(n + 1);
    };
    script.onerror = () => {
      failed = true;
      show();
    };
    document.head.append(script);
  };
  const loaded = () => files.length > 0 && files.length === files[0].parts;

  // complete adds to the lists what a page had no room for.
  const complete = () => {
    const add = (name, value, text) => {
      const select = selects.find((one) => one.name === name);
      if (select && ![...select.options].some((o) => o.value === value)) select.add(new Option(text, value));
    };
    for (const [id, name] of areas) add("area", id, name);
    const out = releases.filter((r) => r.kind !== "coming");
    for (const r of out.slice(1)) add("since", r.slug, say.since.replace("%", () => r.version));
    for (const r of out) add("to", r.slug, say.to.replace("%", () => r.version));
    for (const select of selects) if (wanted[select.name]) select.value = wanted[select.name];
  };

  /* looking up */

  const wish = (word) => {
    const short = stem(word, lang);
    return { word, slim: narrow(word), short, slimShort: narrow(short) };
  };
  const weigh = (term, slim, want, slips) => {
    if (term === want.word) return 10;
    if (slim === want.slim) return 9;
    if (term.startsWith(want.word) || slim.startsWith(want.slim)) return 7;
    if (want.short.length > 3) {
      if (term.startsWith(want.short) || slim.startsWith(want.slimShort)) return 6;
      if (term.includes(want.short) || slim.includes(want.slimShort)) return 4;
    }
    if (!slips) return 0;
    // Where nothing holds a compound, its own words are what is looked for: German
    // says with the last one what the thing is.
    if (lang === "de" && slim.length > 4) {
      const part = narrow(stem(term, lang));
      if (part.length > 4 && part.length < want.slimShort.length) {
        if (want.slimShort.endsWith(part)) return 3;
        if (want.slimShort.startsWith(part)) return 1;
      }
    }
    const length = want.slim.length;
    if (length > 4 && [slim, slim.slice(0, length), slim.slice(0, length + 1), slim.slice(0, length - 1)].some((part) => near(part, want.slim))) return 2;
    return 0;
  };
  // where gives for a file which notes and releases hold a word, with weights.
  const where = (file, want, slips) => {
    const at = new Map();
    file.terms.forEach((term, i) => {
      const weight = weigh(term, file.slim[i], want, slips);
      if (!weight) return;
      let before = 0;
      for (const step of file.found[i]) {
        const place = before + step;
        before = place & ~1;
        const value = weight * (place & 1 ? 3 : 1);
        if (value > (at.get(place >> 1) ?? 0)) at.set(place >> 1, value);
      }
    });
    return at;
  };
  // find gives the hits for words, best first. What holds all words is found; where
  // nothing does, what holds most of them.
  const find = (wishes) => {
    const found = [];
    const slips = wishes.map((want) => loaded() && !files.some((file) => where(file, want, false).size));
    for (const file of files) {
      const places = wishes.map((want, i) => where(file, want, slips[i]));
      const sums = new Map();
      for (const place of places) for (const [at, value] of place) {
        const sum = sums.get(at) ?? { count: 0, value: 0 };
        sums.set(at, { count: sum.count + 1, value: sum.value + value });
      }
      for (const [at, sum] of sums) {
        const hit = at < file.notes.length ? note(file.notes[at]) : { release: at - file.notes.length, whole: true };
        found.push({ ...hit, ...sum });
      }
    }
    const fitting = found.filter(fits);
    const best = Math.max(0, ...fitting.map((hit) => hit.count));
    return best * 2 < wishes.length ? [] : fitting.filter((hit) => hit.count === best).sort((a, b) => b.value - a.value || a.release - b.release);
  };
  const note = ([release, kind, area, title, page, anchor, act, language]) => ({ release, kind, area: areas[area]?.[0] ?? "", areaName: areas[area]?.[1] ?? "", title, page, anchor, act: act === 1, language });

  /* choosing */

  const wanted = Object.fromEntries(["q", "kind", "area", "since", "to"].map((name) => [name, new URLSearchParams(location.search).get(name) ?? ""]));
  const some = () => Object.values(wanted).some(Boolean);
  const index = (slug) => releases.findIndex((r) => r.slug === slug);
  const fits = (hit) => {
    if (wanted.since || wanted.to) {
      const since = wanted.since ? index(wanted.since) : releases.length;
      const to = wanted.to ? index(wanted.to) : 0;
      if (hit.release < to || hit.release >= since || releases[hit.release].kind === "coming") return false;
    }
    if (hit.whole) return !wanted.kind && !wanted.area;
    return (!wanted.kind || (wanted.kind === "act" ? hit.act : hit.kind === wanted.kind)) && (!wanted.area || hit.area === wanted.area);
  };
  // Nothing is told twice between two versions: a hotfix is merged again later, and
  // told where it came first. The rule is that of the pages made without script.
  const once = (hits) => {
    const same = new Set();
    const alike = new Map();
    const twice = new Set();
    for (const hit of [...hits].sort((a, b) => b.release - a.release)) {
      if (hit.whole) continue;
      const hotfix = releases[hit.release].kind === "hotfix";
      const change = `${hit.anchor} ${hit.title}`;
      const words = `${fold(hit.title)} ${hit.area}`;
      const before = alike.get(words);
      if (same.has(change) || (before && before.release !== hit.release && (hotfix || before.hotfix))) {
        twice.add(hit);
        if (before) before.hotfix &&= hotfix;
      } else {
        same.add(change);
        alike.set(words, { release: hit.release, hotfix });
      }
    }
    return hits.filter((hit) => !twice.has(hit));
  };

  /* showing */

  const node = (name, className, ...children) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const shape = (kind) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "shape");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#shape-${kind}`);
    svg.append(use);
    return svg;
  };
  const kindName = (kind) => [...bar.querySelectorAll("[name=kind] option")].find((o) => o.value === kind)?.text ?? kind;
  const dates = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long", timeZone: "UTC" });
  const marked = (title, wishes) => {
    const slips = wishes.length > 0;
    return title.replaceAll("`", "").split(/([\p{L}\p{N}\p{M}]+)/u).filter(Boolean).map((piece) => {
      const folded = fold(piece);
      return slips && wishes.some((want) => weigh(folded, narrow(folded), want, true)) ? node("mark", "", piece) : piece;
    });
  };
  const row = (hit, wishes, grouped) => {
    const ranged = wishes.length === 0 && (wanted.since || wanted.to); // the kind stands above
    const release = releases[hit.release];
    const link = node("a", "", ...marked(hit.whole ? release.headline || release.label : hit.title, wishes));
    link.href = say.root + (hit.whole ? release.page : `${hit.page}#${hit.anchor}`);
    if (hit.language) link.lang = hit.language;
    const about = hit.whole ? [release.headline && release.label] : [!ranged && (hit.act ? say.act : kindName(hit.kind)), hit.areaName, !grouped && release.label];
    if (!grouped && release.date) about.push(dates.format(new Date(release.date)));
    const kind = hit.act ? "breaking" : hit.kind;
    return node("li", `hit kind-${kind ?? "release"}`, ...(kind ? [shape(kind)] : []), node("p", "", link), node("p", "hit-about", about.filter(Boolean).join(" · ")));
  };
  // groups puts hits under headings: between versions what must be done and then
  // the kinds, else the releases.
  const groups = (hits) => {
    const out = new Map();
    const kinds = [...bar.querySelectorAll("[name=kind] option")].map((o) => o.value);
    if (wanted.since || wanted.to) hits = [...hits].sort((a, b) => b.act - a.act || (a.act ? 0 : kinds.indexOf(a.kind) - kinds.indexOf(b.kind)));
    for (const hit of hits) {
      const release = releases[hit.release];
      const name = wanted.since || wanted.to ? (hit.act ? say.act : kindName(hit.kind)) : [release.label, release.date && dates.format(new Date(release.date))].filter(Boolean).join(" · ");
      if (!out.has(name)) out.set(name, []);
      out.get(name).push(hit);
    }
    return out;
  };
  const list = (hits, wishes, grouped) => {
    return node("ol", "hits", ...hits.map((hit) => row(hit, wishes, grouped)));
  };

  const show = () => {
    const active = some();
    for (const select of selects) select.classList.toggle("chosen", select.value !== "");
    results.hidden = !active || failed;
    all.hidden = active && !failed;
    bar.classList.toggle("active", active);
    delete said.dataset.of;
    if (!active) {
      results.replaceChildren();
      said.textContent = "";
      return;
    }
    if (!started) return load(1);
    if (failed) {
      said.textContent = say.unread;
      return;
    }
    if (!files.length) return;
    const wishes = words(wanted.q).map(wish);
    const range = wanted.since || wanted.to;
    let hits = wishes.length ? find(wishes) : files.flatMap((file) => file.notes.map(note)).filter(fits);
    if (range) hits = once(hits);
    const told = hits.slice(0, shown);
    const parts = wishes.length ? [list(told, wishes, false)] : [...groups(told)].map(([name, of]) => node("section", "", node("h2", "hits-of", name), list(of, wishes, !range)));
    if (hits.length > told.length) {
      const more = node("button", "more-hits", say.more);
      more.type = "button";
      more.addEventListener("click", () => {
        const before = shown;
        shown += 5 * most;
        show();
        results.querySelectorAll(".hit a")[before]?.focus();
      });
      parts.push(more);
    }
    results.replaceChildren(...(hits.length ? parts : []));
    said.dataset.of = [wanted.q, ...selects.filter((select) => select.value).map((select) => select.selectedOptions[0].text)].filter(Boolean).join(" · "); // for paper
    said.textContent = hits.length === 0 ? say.none : (hits.length === 1 ? say.single : say.other).replace("%", hits.length);
  };

  const changed = () => {
    wanted.q = query.value.trim();
    for (const select of selects) if (select.name in wanted) wanted[select.name] = select.value;
    shown = most;
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(wanted)) value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
    try {
      history.replaceState(null, "", address);
    } catch {} // a page from a disk may not change its address
    show();
  };

  /* the keyboard */

  const links = () => [...results.querySelectorAll(".hit a")];
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      query.focus();
      query.select();
      return;
    }
    const inside = bar.contains(event.target) || results.contains(event.target);
    if (!inside) return;
    const at = links().indexOf(event.target);
    if (event.key === "Escape" && some()) {
      event.preventDefault();
      query.value = "";
      for (const select of selects) select.value = "";
      changed();
      query.focus();
    } else if (event.target === query && event.key === "Enter") {
      links()[0]?.click();
    } else if (event.key === "ArrowDown" && (event.target === query || at >= 0)) {
      event.preventDefault();
      links()[at + 1]?.focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (links()[at - 1] ?? query).focus();
    }
  });
  addEventListener("beforeprint", () => {
    shown = Infinity;
    show();
  });
  query.addEventListener("input", changed);
  query.addEventListener("focus", () => started || load(1));
  for (const select of selects) select.addEventListener("change", changed);

  // Where the address narrows the list, for browsers without script, the bar does
  // that from here on.
  const since = location.hash.split("#since-")[1];
  if (since) {
    wanted.since ||= [...bar.querySelectorAll("[name=since] option")].map((o) => o.value).find((slug) => slug.replaceAll(".", "-") === since) ?? "";
    location.replace(location.href.split("#")[0] + "#content");
  }
  bar.hidden = false;
  query.value = wanted.q;
  for (const select of selects) {
    if (wanted[select.name]) select.value = wanted[select.name];
  }
  if (location.hash === "#finder") query.focus();
  if (some()) show();
})();
