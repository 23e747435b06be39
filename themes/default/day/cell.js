// The dialog that gives a cell its status, and a deviation what is known of it.
const dayCell = (() => {
  let page;
  let target; // {key, row, system} of a cell, or {number} of a line of the log
  let box;
  let offered; // the time that the dialog opened with, and its day
  const find = (id) => document.getElementById("day-" + id);
  const chosen = (name) => box.querySelector(`[name="day-${name}"]:checked`)?.value || "";
  const choose = (name, value) => box.querySelectorAll(`[name="day-${name}"]`).forEach((r) => { r.checked = r.value === value; });

  const open = (on, at) => {
    page = on;
    target = at;
    box = find("cell");
    const facts = page.store.facts;
    const cell = at.key && facts[at.key];
    const number = at.number || cell?.number || 0;
    find("cell-title").textContent = at.row ? `${at.row.Code} · ${at.system}` : "X" + number;
    box.querySelector(".day-what").textContent = at.row?.Title || "";
    box.querySelector('[value="open"]').parentElement.hidden = false;
    for (const value of ["blocked", "na", "retest"]) box.querySelector(`[value="${value}"]`).parentElement.hidden = !at.row;
    choose("result", at.result || (at.row ? (cell?.due ? "ok" : cell?.result) || "ok" : facts["found/" + number] ? dayState.settled(facts, number) || "deviation" : "deviation"));
    numbers(number);
    known();
    find("words").value = cell?.words || (!cell?.due || at.result === "deviation" ? facts["found/" + number]?.words : "") || "";
    find("signs").value = ((cell || facts["found/" + number])?.signs || []).join("/") || page.me();
    const before = cell?.due ? undefined : cell || facts["found/" + number];
    find("at").value = dayTime.show(before?.at ?? page.minute());
    offered = { time: find("at").value, day: (before?.at === undefined ? page.today() : before).day };
    box.querySelector(".day-error").textContent = "";
    show();
    box.showModal();
    box.querySelector('[name="day-result"]:checked').focus();
  };

  // numbers offers the deviations that are open, and a new one.
  const numbers = (number) => {
    const facts = page.store.facts;
    const fresh = target.number || dayApply.free(facts, "found");
    const list = target.number ? [target.number] : [...new Set([...Object.keys(facts).filter((k) => k.startsWith("found/")).map((k) => +k.slice(6)), fresh])];
    find("number").replaceChildren(...list.map((n) => new Option(facts["found/" + n] ? `X${n} ${facts["found/" + n].words || ""}`.slice(0, 60) : `X${n}`, n)));
    find("number").value = number || fresh;
  };

  // known shows what is known of the chosen deviation.
  const known = () => {
    const facts = page.store.facts;
    const n = +find("number").value;
    const fix = Object.values(facts).findLast((f) => f.version && f.number === n && f.systems);
    choose("class", facts["found/" + n]?.class || "");
    find("version").value = fix?.version || "";
    find("ticket").value = fix?.ticket || "";
    if (facts["found/" + n]) find("words").value = facts["found/" + n].words || "";
  };

  const show = () => { box.querySelector(".day-found").hidden = chosen("result") !== "deviation" && Boolean(target.row); };

  // erase takes back what a cell holds, and the cell out of the deviations that
  // were found in it, but for those of before a hotfix.
  const erase = (plan, facts, key) => {
    dayAgain.clear(facts, key);
    const before = (facts[key]?.was || []).map((w) => w.number);
    for (const k of Object.keys(facts)) if (k.startsWith("found/") && !before.includes(+k.slice(6)) && facts[k].places.some((p) => `cell/${p.join("/")}` === key)) withdraw(plan, facts, +k.slice(6), key);
  };

  const clear = (on, key) => on.store.change((m) => {
    erase(on.plan, m.facts, key);
  });

  // withdraw takes a cell out of a deviation, and one that nothing is left of
  // with it.
  const withdraw = (plan, facts, number, key) => {
    const f = facts["found/" + number];
    if (!f) return;
    const [, code, system] = key.split("/");
    f.places = f.places.filter(([c, s]) => c !== code || s !== system);
    if (!f.places.length && !f.words && !f.class) delete facts["found/" + number];
    dayAgain.unwanted(plan, facts);
    dayAgain.mended(plan, facts, number, key);
  };

  // read gives what is entered, or what is wrong with it.
  const read = () => {
    const span = find("at").value.trim() ? dayTime.span(find("at").value) : { from: -1 };
    if (!span || span.open || span.to >= 0) return { wrong: page.say("badTime", { text: find("at").value }) };
    const parts = find("signs").value.trim().split("/").filter(Boolean);
    const signs = parts.map((text) => dayFields.initials(page.plan, text));
    if (signs.includes(undefined)) return { wrong: page.say("badSigns", { text: find("signs").value }) };
    const words = find("words").value.replace(/\s+/g, " ").trim();
    const result = chosen("result");
    if ((result === "na" || result === "deviation") && !words) return { wrong: page.say("noReason") };
    const version = find("version").value.trim();
    if (version && !/^v?\d+(\.\d+)+([-+][0-9A-Za-z.+-]+)?$/.test(version)) return { wrong: page.say("noVersion", { code: "H1" }) };
    const day = find("at").value === offered.time && offered.day ? { day: offered.day } : {};
    return { at: span.from, day, signs, words, result, version };
  };

  const save = () => {
    const got = read();
    if (got.wrong) {
      box.querySelector(".day-error").textContent = got.wrong;
      return;
    }
    page.store.change(({ facts }) => (target.row ? saveCell(facts, got) : saveFound(facts, got)));
    box.close();
  };

  const saveCell = (facts, { at, day, signs, words, result, version }) => {
    const was = facts[target.key];
    const number = +find("number").value;
    if (was?.number && was.result === "deviation" && !was.was?.some((w) => w.number === was.number) && result === "deviation" && number !== was.number) withdraw(page.plan, facts, was.number, target.key);
    if (result === "open") erase(page.plan, facts, target.key);
    else if (result === "deviation") {
      dayApply.found(facts, { kind: "check", code: target.row.Code, systems: [target.system], deviation: number, class: chosen("class"), words, from: at, signs });
      facts["found/" + number] = { ...day, ...facts["found/" + number], words };
      dayAgain.put(page.plan, facts, target.row, target.system, { result, at, ...day, signs, number });
      dayAgain.mended(page.plan, facts, number, target.key);
      fix(facts, number, version);
    } else dayAgain.put(page.plan, facts, target.row, target.system, { result, at, ...day, signs, words, ...(was?.number ? { number: was.number } : {}) });
  };

  const saveFound = (facts, { at, day, signs, words, result, version }) => {
    const key = "found/" + target.number;
    if (result === "open") {
      delete facts[key];
      return;
    }
    facts[key] = { places: [], ...facts[key], at, ...day, signs, words, class: chosen("class") };
    if (result === "deviation") delete facts[key].settled;
    else facts[key].settled = result;
    fix(facts, target.number, version);
  };

  // fix notes the hotfix of a deviation, on the systems where it was found; its
  // cells are to be checked again.
  const fix = (facts, number, version) => {
    const key = Object.keys(facts).findLast((k) => k.startsWith("hotfix/") && facts[k].number === number);
    if (!version) {
      if (key) {
        dayAgain.unmark(facts, key.slice(7));
        delete facts[key];
      }
      return;
    }
    const systems = [...new Set(facts["found/" + number].places.map(([, system]) => system).filter(Boolean))];
    if (key && facts[key].version === version) {
      const more = systems.some((id) => !(facts[key].systems || []).includes(id));
      Object.assign(facts[key], { ticket: find("ticket").value.trim(), systems: [...new Set([...(facts[key].systems || []), ...systems])] });
      if (more) dayAgain.mark(page.plan, facts, key.slice(7), true);
    }
    else dayApply.event(page.plan, facts, { kind: "hotfix", code: "H" + (key ? key.split("/")[1] : dayApply.free(facts, "hotfix")), version, ticket: find("ticket").value.trim(), deviation: number, systems, from: page.minute(), ...page.today(), to: -1, signs: [], words: "" });
  };

  const start = (root) => {
    box = root.querySelector("#day-cell");
    box.addEventListener("change", (event) => {
      if (event.target.id === "day-number" || (event.target.value === "deviation" && !find("words").value)) known();
      show();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault();
        save();
      }
    });
    box.querySelector('[data-do="save"]').addEventListener("click", save);
  };

  return { start, open, clear };
})();
