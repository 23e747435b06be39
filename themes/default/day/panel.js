// What is not in a row: what moved since the plan was another, what has no place
// any more, lines typed by hand, the journal file, and who is at this computer.
const dayPanel = (() => {
  const find = (id) => document.getElementById("day-" + id);
  let page;

  const list = (box, texts) => {
    const part = document.querySelector(box);
    part.hidden = !texts.length;
    part.querySelector("ul").replaceChildren(...texts.map((t) => Object.assign(document.createElement("li"), { textContent: t })));
  };

  const lone = (key, fact) => {
    const [kind, code, name = ""] = key.split("/");
    return dayState.words(kind, code, name, fact);
  };

  const show = () => {
    const { facts, unread, moved } = page.store;
    list(".day-moved", moved.map(([what, code, before, now]) => page.say(what, { code, before, now })));
    list(".day-gone", Object.keys(facts).filter((k) => k.startsWith("gone/") || dayWrite.lost(page.plan, k)).map((k) => lone(k, facts[k])));
    list(".day-unread", unread);
    const notes = Object.keys(facts).filter((k) => /^(note|system)\//.test(k)).map((k) => (k.startsWith("note/") ? `${dayTime.show(facts[k].at ?? -1)} ${facts[k].words}` : dayState.words("", k.split("/")[1], facts[k].back ? "rolled back" : facts[k].out ? "not today" : facts[k].in ? "on the list" : facts[k].version, facts[k])));
    find("tools").querySelector(".day-notes").replaceChildren(...notes.map((t) => Object.assign(document.createElement("li"), { textContent: t.trim() })));
    const keys = moved.length || unread.length || !page.store.kept;
    if (keys && !page.opened) {
      page.opened = true;
      toggle(true);
    }
    if (!page.store.kept) page.warn(page.say("noStore"));
  };

  const toggle = (open = find("tools").hidden) => {
    find("tools").hidden = !open;
    document.querySelector('[data-do="tools"]').setAttribute("aria-expanded", open);
    return open;
  };

  const why = (u) => page.say(u.why.word, u.why.gaps);
  const said = (text) => { find("tools").querySelector(".day-said").textContent = text; };

  // write takes one line in the journal's language. What is meant for a row
  // but can't be read is refused with the reason, as in the file.
  const write = () => {
    const text = find("line").value.trim();
    if (!text) return;
    const { events, unread } = dayParse.text(page.plan, text);
    if (unread.length) return page.warn(page.say("badLine", { why: why(unread[0]) }));
    page.warn("");
    const now = { from: page.minute(), ...page.today() };
    page.store.change(({ facts }) => events.forEach((e) => dayApply.event(page.plan, facts, e.kind === "note" && e.from < 0 ? { ...e, ...now } : e)));
    find("line").value = "";
  };

  const save = () => {
    const text = dayWrite.file(page.plan, page.store.facts, page.store.unread);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = `${page.plan.Version || "unreleased"}.log`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  // take reads a journal file: what can be read fills the page, and what can't
  // stays on it, line by line.
  const take = (name, text) => {
    const { events, unread } = dayParse.text(page.plan, text);
    page.store.change((m) => {
      for (const e of events) dayApply.event(page.plan, m.facts, e);
      m.unread = [...new Set([...m.unread, ...unread.map((u) => u.text)])];
    });
    said(page.say("imported", { lines: events.length, name }) + unread.map((u) => "\n" + page.say("unreadLine", { line: u.line, text: u.text, why: why(u) })).join(""));
  };

  const start = (on) => {
    page = on;
    const act = {
      tools: () => toggle() && find("tools").querySelector("button, input").focus(),
      jump: dayBar.jump,
      keys: () => find("keys").showModal(),
      seen: () => page.store.change((m) => { m.moved = []; }),
      forget: () => page.store.change((m) => { m.unread = []; }),
      write, export: save,
      import: () => find("upload").click(),
      reset: () => find("reset").showModal(),
      erase: () => {
        page.store.change((m) => Object.assign(m, { facts: {}, unread: [], moved: [] }));
        find("reset").close();
      },
    };
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      if (button.dataset.do === "close") button.closest("dialog").close();
      else act[button.dataset.do]?.();
    });
    find("line").addEventListener("keydown", (event) => { if (event.key === "Enter") write(); });
    find("upload").addEventListener("change", async () => {
      for (const file of find("upload").files) take(file.name, await file.text());
      find("upload").value = "";
    });
    find("me").addEventListener("change", () => page.setMe(find("me").value.trim()));
    find("me").value = page.me();
    return act;
  };

  return { start, show, toggle, take };
})();
