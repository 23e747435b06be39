// Fills in the checklist: a status in each cell, and the log of deviations.
const dayChecklist = (() => {
  const glyphs = { ok: "✓", deviation: "✗", blocked: "○", retest: "↻", accepted: "✓!", na: "–" };
  const quick = { o: "ok", b: "blocked", r: "retest" };

  const glyph = (c) => (c ? glyphs[c.result] + (c.number && c.result !== "ok" ? " " + c.number : "") : "");

  const cells = (page) => [...document.querySelectorAll("[data-row]")].flatMap((tr) => {
    const row = page.plan.row(tr.dataset.row);
    if (!row) return [];
    return [again(page, tr, row), ...[...tr.querySelectorAll("td.cell .box")].map((box) => cell(page, box, row, box.parentElement.querySelector(".name").textContent.trim()))];
  });

  // again says over a row where it is to be checked again, and since which hotfix.
  const again = (page, tr, row) => () => {
    const due = row.Systems.map((id) => [id, page.store.facts[`cell/${row.Code}/${id}`]]).filter(([, c]) => c?.due);
    const fix = due.length && page.store.facts["hotfix/" + due.at(-1)[1].was.at(-1).by];
    const here = due.filter(([id]) => [...tr.querySelectorAll("td.cell .name")].some((n) => n.textContent.trim() === id)).map(([id]) => id);
    dayBar.badge(tr.querySelector(".do"), here.length ? `↻ ${page.say("result.retest")}: ${here.join(", ")}` + (fix ? ` (${fix.version})` : "") : "");
  };

  const cell = (page, box, row, system) => {
    const key = `cell/${row.Code}/${system}`;
    const now = () => page.store.facts[key];
    box.classList.add("day-box", "day-cell");
    box.setAttribute("role", "button");
    box.setAttribute("aria-haspopup", "dialog");
    box.tabIndex = 0;
    const open = (result) => dayCell.open(page, { key, row, system, result });
    box.parentElement.addEventListener("click", () => open());
    box.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Enter" || event.key === " ") open();
      else if (event.key === "x") open("deviation");
      else if (quick[event.key]) page.store.change(({ facts }) => dayAgain.put(page.plan, facts, row, system, { result: quick[event.key], at: page.minute(), ...page.today(), signs: page.me() ? [page.me()] : [] }));
      else if (event.key === "Delete" || event.key === "Backspace") dayCell.clear(page, key);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return () => {
      const c = now();
      const who = (c?.signs || []).join("/");
      const was = c?.was?.at(-1);
      box.dataset.value = c ? [was ? `${glyph(was)} → ${c.due ? glyphs.retest : glyph(c)}` : glyph(c), who].filter(Boolean).join("\n") : "";
      box.dataset.result = c?.result || "";
      const words = c?.words || (c?.number && page.store.facts["found/" + c.number]?.words) || "";
      box.setAttribute("aria-label", [`${row.Code} ${system}: ${page.say("result." + (c?.result || "open"))}`, was && page.say("was", { result: page.say("result." + was.result) }), c?.number && "X" + c.number, who, words].filter(Boolean).join(", "));
      box.title = words;
    };
  };

  // log shows the deviations in the lines that paper keeps for them, and adds
  // lines where they are more.
  const log = (page) => {
    const body = document.querySelector(".deviations tbody");
    if (!body) return [];
    const line = (n) => {
      while (body.rows.length < n) {
        const tr = body.rows[0].cloneNode(true);
        tr.cells[0].textContent = body.rows.length + 1;
        tr.querySelectorAll("td").forEach((td) => { if (!td.classList.contains("class")) td.textContent = ""; });
        tr.className = "day-more";
        body.append(tr);
        button(tr, body.rows.length);
      }
      return body.rows[n - 1];
    };
    const button = (tr, n) => {
      const b = Object.assign(document.createElement("button"), { type: "button", textContent: n });
      b.addEventListener("click", () => dayCell.open(page, { number: n }));
      tr.cells[0].replaceChildren(b);
    };
    const letters = body.rows[0].querySelector(".class").textContent;
    [...body.rows].forEach((tr, i) => button(tr, i + 1));
    const fill = () => {
      const facts = page.store.facts;
      const numbers = Object.keys(facts).filter((k) => k.startsWith("found/")).map((k) => +k.slice(6));
      line(Math.min(Math.max(...numbers, 1), 200));
      for (const [i, tr] of [...body.rows].entries()) {
        const f = facts["found/" + (i + 1)];
        const [, time, place, what, kind, who, hotfix, again] = tr.cells;
        tr.classList.toggle("is-found", Boolean(f));
        tr.cells[0].firstChild.setAttribute("aria-label", `${i + 1}: ${f ? page.say("result.deviation") : page.say("result.open")}`);
        time.textContent = f ? dayTime.show(f.at ?? -1) : "";
        place.textContent = f ? f.places.map((p) => p.filter(Boolean).join(" ")).join(", ") : "";
        what.textContent = f?.words || "";
        kind.textContent = f?.class || letters;
        who.textContent = f?.signs?.join("/") || "";
        const fix = Object.keys(facts).filter((k) => k.startsWith("hotfix/") && facts[k].number === i + 1).at(-1);
        hotfix.textContent = fix ? [facts[fix].version, facts[fix].ticket].filter(Boolean).join(" ") : "";
        const settled = f && dayState.settled(facts, i + 1);
        again.textContent = settled ? page.say("result." + settled) : "";
      }
    };
    return [fill];
  };

  // tally fills the line that paper leaves blank for the counts.
  const tally = (page) => {
    const p = document.querySelector(".tally");
    if (!p) return [];
    const blank = p.textContent;
    return [() => { p.textContent = Object.keys(page.store.facts).some((k) => k.startsWith("cell/")) ? page.counted() : blank; }];
  };

  const fields = (page) => [...cells(page), ...log(page), ...tally(page)];
  return { fields };
})();
