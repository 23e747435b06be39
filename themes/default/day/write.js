// Writes what was filled in as the lines of a journal file, which `daybreak
// journal import` takes; reading them gives the same again.
const dayWrite = (() => {
  // A remark stands behind a bar, so that none of its words is taken for more.
  const join = (...parts) => parts.flat().filter(Boolean).join(" ");
  const rest = (signs, words) => [(signs || []).filter(Boolean).join("/"), words && "| " + words.replace(/\s+/g, " ").trim()];
  const span = (f) => dayTime.showSpan({ from: f.from ?? f.at ?? -1, to: f.to ?? -1, open: f.open }).replace("–", "-");

  // planned is the day of what was typed: that of the sheet, as on paper, unless all that
  // the clock put in was on other days, because the plan's was moved.
  const planned = (plan, facts) => {
    const days = Object.values(facts).map((f) => f.day).filter(Boolean).sort();
    return !days.length || days.includes(plan.Date) ? plan.Date || "" : days[0];
  };

  const lines = (plan, facts) => {
    const usual = planned(plan, facts);
    const out = []; // [day, minute to sort by, line]
    const add = (at, line, f) => out.push([f?.day || usual, at >= 0 ? at : -1, line]);
    const told = (f) => f.from ?? f.at ?? -1;
    for (const s of plan.Steps) steps(plan, facts, s, add);
    for (const [key, f] of Object.entries(facts)) {
      const [kind, code, name] = key.split("/");
      if (kind === "tick") add(f.at, join(dayTime.show(f.at), "note | ticked " + code, f.label), f);
      if (kind === "note") add(f.at, join(dayTime.show(f.at), "note | " + f.words), f);
      if (kind === "system") add(told(f), join(code, span(f), f.version, f.back && "rolled back", f.out && "not today", f.in && "on the list", rest(f.signs, f.words)), f);
      if (kind === "gone" || lost(plan, key)) add(told(f), join(dayTime.show(told(f)), "note | no longer in the plan:", dayState.words(kind, code, name, f)), f);
    }
    // What has no time stands first; the order of one minute is the plan's.
    const timed = out.map((o, i) => [...o, i]).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0]) || a[1] - b[1] || a[3] - b[3]).map(([day, , line]) => [day, line]);
    let day = "";
    return [...timed, ...checks(plan, facts, usual)].flatMap(([on, line]) => {
      if (on === day) return line;
      day = on;
      return ["# day " + on, line];
    });
  };

  // lost reports whether a fact speaks of what the plan doesn't have.
  const lost = (plan, key) => {
    const [kind, code, name] = key.split("/");
    const step = plan.step(code || "");
    if (kind === "gate" || kind === "held") return step?.Kind !== "gate";
    if (kind === "box") return !step?.Boxes.includes(name);
    if (kind === "step") return !step || (name ? !plan.system(name) : step.Kind === "gate");
    return kind === "cell" && (!plan.row(code) || !plan.system(name));
  };

  const steps = (plan, facts, s, add) => {
    const f = facts["step/" + s.Code];
    if (f && s.Kind !== "gate") add(f.from ?? f.to ?? -1, join(s.Code, span(f), f.result, rest(f.signs, f.words)), f);
    const boxed = s.Kind === "gate" ? gate(plan, facts, s, add) : [];
    for (const id of plan.Systems.map((x) => x.ID)) {
      const one = facts[`step/${s.Code}/${id}`];
      if (one && !boxed.includes(id)) add(one.from ?? one.to ?? -1, join(s.Code, id, span(one), one.result, rest(one.signs, one.words)), one);
    }
    for (const box of s.Boxes) {
      const one = facts[`box/${s.Code}/${box}`];
      if (!one) continue;
      const plain = s.Boxes.findLast((b) => dayTime.read(b) <= one.at) === box;
      add(one.at, join(s.Code, dayTime.show(one.at), rest(one.signs, join(plain ? "" : box, one.words))), one);
    }
  };

  // gate writes a decision, of those systems only whose boxes are ticked where
  // some are, and gives the systems that it spoke of.
  const gate = (plan, facts, s, add) => {
    const f = facts["gate/" + s.Code];
    const ticked = s.Systems.filter((id) => facts[`step/${s.Code}/${id}`]);
    if (f?.decision) {
      const some = ticked.length && ticked.length < s.Systems.length && f.decision !== "no-go" ? ticked.join(",") : "";
      add(f.at, join(s.Code, some, dayTime.show(f.at), f.decision, rest(f.signs, f.words)), f);
    }
    for (const id of s.Systems) {
      const held = facts[`held/${s.Code}/${id}`];
      if (held) add(held.at, join(s.Code, id, dayTime.show(held.at), "no-go", rest(held.signs, held.words)), held);
    }
    // Ticked, but nothing is decided yet: that would be no line of a gate.
    if (!f?.decision) for (const [id, one] of ticked.map((id) => [id, facts[`step/${s.Code}/${id}`]])) add(one.from, join(dayTime.show(one.from), `note | ticked ${s.Code}.${id}`), one);
    return ticked;
  };

  // checks writes the deviations where they were found, then what was found before
  // each hotfix and that hotfix, then the rows as they are, and what became of the
  // deviations: so the state that is read from it is the one shown.
  const checks = (plan, facts, usual) => {
    const out = []; // [day, line]
    const push = (line, f) => out.push([f.day || usual, line]);
    const found = Object.keys(facts).filter((k) => k.startsWith("found/")).map((k) => +k.slice(6)).sort((a, b) => a - b);
    for (const n of found) {
      const f = facts["found/" + n];
      const places = f.places.filter(([code]) => plan.row(code) || plan.step(code));
      places.forEach(([code, id], i) => push(join(code, id, dayTime.show((i && !facts[`cell/${code}/${id}`]?.was && facts[`cell/${code}/${id}`]?.at) || (f.at ?? -1)), `x${n}${(f.class || "").toLowerCase()}`, rest(i ? [] : f.signs, i ? "" : f.words)), f));
      if (!places.length) push(join("X" + n, dayTime.show(f.at ?? -1), f.class || "deviation", rest(f.signs, f.words)), f);
    }
    const cells = plan.Rows.flatMap((row) => row.Systems.map((id) => [row, id, facts[`cell/${row.Code}/${id}`]])).filter(([, , c]) => c?.result);
    // Of what was found before one hotfix the last counts. Deviations with which a cell
    // began stand above already, where they were found.
    const before = ([row, id, c]) => {
      const ends = (c.was || []).map((w) => dayAgain.ended(plan, facts, row, id, w));
      const last = c.due ? undefined : dayAgain.overtook(plan, facts, row, id, c);
      const kept = (c.was || []).map((w, i) => [w, ends[i]]).filter(([, by], i) => ends.lastIndexOf(by) === i && by !== last);
      let told = 0;
      const first = kept.findIndex(([w]) => {
        const above = w.result === "deviation" && w.number > told && w.at === facts["found/" + w.number]?.at;
        told = w.number;
        return !above;
      });
      return first < 0 ? [] : kept.slice(first);
    };
    const old = (is) => cells.forEach((one) => before(one).filter(([, by]) => is(by)).forEach(([w]) => push(cell(one[0], one[1], w), w)));
    old((by) => !facts["hotfix/" + by]);
    for (const [n, h] of dayAgain.hotfixes(facts)) {
      old((by) => by === n);
      cells.filter(([row, id, c]) => !c.due && dayAgain.overtook(plan, facts, row, id, c) === n).forEach((one) => push(cell(...one), one[2]));
      push(join("H" + n.split("/")[0], (h.systems || []).join(","), span(h), h.version, (h.ticket || "").replace(/^\d+$/, "#$&"), h.number && "x" + h.number, rest(h.signs, h.words)), h);
    }
    for (const [row, id, c] of cells) {
      // What deviates stands above already, unless it was found again.
      if (!c.due && !dayAgain.overtook(plan, facts, row, id, c) && (c.result !== "deviation" || dayAgain.touched(plan, facts, row, id).length)) push(cell(row, id, c), c);
    }
    for (const n of found) {
      const settled = dayState.settled(facts, n);
      if (settled) push(`X${n} ${settled}`, facts["found/" + n]);
    }
    return out;
  };

  const cell = (row, id, c) => join(row.Code, id, dayTime.show(c.at ?? -1), c.result === "deviation" ? "x" + c.number : c.result, rest(c.signs, c.words));

  // file is the whole export. Comments are skipped by whoever reads it.
  const file = (plan, facts, unread) => [`# ${plan.Key} ${plan.Fingerprint}`, ...lines(plan, facts), ...unread.map((text) => "# unread: " + text)].join("\n") + "\n";

  return { file, lines, lost };
})();
