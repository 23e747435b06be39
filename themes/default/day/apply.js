// Turns the journal's events into what the page shows. A later line corrects an
// earlier one.
const dayApply = (() => {
  const free = (facts, kind) => {
    let n = 1;
    while (facts[`${kind}/${n}`]) n++;
    return n;
  };
  const joined = (a, b) => (!a || a === b ? b || a || "" : !b || a.includes(b) ? a : a + "; " + b);

  const event = (plan, facts, e) => {
    const apply = { note, step, gate, check, deviation, hotfix, system }[e.kind];
    const before = { ...facts };
    apply(plan, facts, e);
    if (!e.day) return;
    for (const [key, fact] of Object.entries(facts)) {
      if (fact === before[key] || fact.due) continue;
      fact.day = (/^(found|hotfix)\//.test(key) && before[key]?.day) || e.day; // they keep the time of their first line, too
    }
  };

  const note = (plan, facts, e) => {
    const ticked = /^ticked ((\S+?)(?:\.(\S+))?)(?: (.*))?$/.exec(e.words) || [];
    if (ticked[3] && plan.step(ticked[2])?.Systems.includes(ticked[3])) facts[`step/${ticked[2]}/${ticked[3]}`] = { from: e.from };
    else if (ticked[1]) facts["tick/" + ticked[1]] = { at: e.from, label: ticked[4] };
    else if (!Object.entries(facts).some(([k, f]) => k.startsWith("note/") && f.words === e.words && f.at === e.from)) facts["note/" + free(facts, "note")] = { at: e.from, words: e.words };
  };

  const step = (plan, facts, e) => {
    const of = plan.step(e.code);
    if (e.result === "deviation") found(facts, e);
    if (of.Boxes.length && watch(of, facts, e)) return;
    for (const system of e.systems.length ? e.systems : [""]) {
      const key = "step/" + e.code + (system && "/" + system);
      const was = facts[key] || {};
      const fact = { ...was };
      if (e.from >= 0) fact.from = e.from;
      if (e.to >= 0) fact.to = e.to;
      else if (e.from >= 0) delete fact.to;
      if (e.open) fact.open = true;
      else if (e.from >= 0 || e.to >= 0) delete fact.open;
      if (e.signs.length) fact.signs = e.signs;
      if (e.words) fact.words = joined(was.words, e.words);
      if (e.result && e.result !== "deviation") fact.result = e.result;
      facts[key] = fact;
    }
  };

  // watch finds the box of a watch strip that a time belongs to: the one that a
  // remark names, else the last one before it.
  const watch = (of, facts, e) => {
    if (e.from < 0 || e.to >= 0 || e.open) return false;
    const named = of.Boxes.find((b) => e.words === b || e.words.startsWith(b + " "));
    const box = named || of.Boxes.findLast((b) => dayTime.read(b) <= e.from);
    if (!box) return false;
    facts[`box/${of.Code}/${box}`] = { at: e.from, words: named ? e.words.slice(named.length).trim() : e.words, signs: e.signs };
    return true;
  };

  const gate = (plan, facts, e) => {
    const was = facts["gate/" + e.code] || {};
    if (e.systems.length && e.decision !== "go-with") {
      // Of some systems: those boxes of the gate.
      for (const id of e.systems) {
        if (e.decision === "go") facts[`step/${e.code}/${id}`] = { from: e.from };
        else facts[`held/${e.code}/${id}`] = { at: e.from, signs: e.signs, words: e.words };
      }
      if (e.decision === "no-go") return;
    }
    facts["gate/" + e.code] = { decision: e.decision, at: e.from >= 0 ? e.from : was.at ?? -1, signs: e.signs.length ? e.signs : was.signs || [], words: e.words || "" };
  };

  const check = (plan, facts, e) => {
    const row = plan.row(e.code);
    const number = e.result === "deviation" ? found(facts, e) : undefined;
    for (const id of e.systems.length ? e.systems : row.Systems) {
      dayAgain.put(plan, facts, row, id, { result: e.result, at: e.from, signs: e.signs, ...(number ? { number } : { words: e.words }) });
      if (number) dayAgain.mended(plan, facts, number, `cell/${row.Code}/${id}`);
    }
  };

  // told finds the deviation that a line without a number has opened before, so
  // that a file can be read twice.
  const told = (facts, e) => {
    const key = Object.keys(facts).find((k) => k.startsWith("found/") && facts[k].words === e.words && facts[k].places.some(([c, s]) => c === e.code && s === (e.systems[0] || "")));
    return key && +key.slice(6);
  };

  // found opens a deviation or adds to it, and gives its number.
  const found = (facts, e) => {
    const number = e.deviation || told(facts, e) || free(facts, "found");
    const was = facts["found/" + number] || { places: [] };
    const places = [...was.places];
    if (e.kind !== "deviation") {
      for (const id of e.systems.length ? e.systems : [""]) {
        if (!places.some(([c, s]) => c === e.code && s === id)) places.push([e.code, id]);
      }
    }
    facts["found/" + number] = {
      ...was, places, class: e.class || was.class || "", words: was.words || e.words, at: was.at >= 0 ? was.at : e.from, signs: [...new Set([...(was.signs || []), ...e.signs])],
    };
    delete facts["found/" + number].settled;
    return number;
  };

  const deviation = (plan, facts, e) => {
    const settled = facts["found/" + e.deviation]?.settled;
    found(facts, e);
    const fact = facts["found/" + e.deviation];
    if (e.result === "ok" || e.result === "accepted") fact.settled = e.result;
    else if (settled && !e.result) fact.settled = settled;
  };

  // hotfix: what it touches is to be checked again. A second line about the same
  // one adds to the first; one that mends another deviation, too, stands beside it.
  const hotfix = (plan, facts, e) => {
    let n = e.code.slice(1);
    const fact = { version: e.version, ticket: e.ticket || "", number: e.deviation, systems: e.systems, from: e.from, to: e.to, open: e.open, signs: e.signs, words: e.words };
    const first = facts["hotfix/" + n];
    const other = first && dayAgain.bare(first.version) !== dayAgain.bare(e.version);
    if (other) dayAgain.forget(facts, n);
    else if (first?.number && e.deviation && first.number !== e.deviation) n += "/" + e.deviation;
    const was = facts["hotfix/" + n];
    if (was) added(fact, was);
    facts["hotfix/" + n] = fact;
    dayAgain.mark(plan, facts, n);
  };

  const added = (fact, was) => {
    const end = Math.max(was.from, was.to, fact.from, fact.to);
    if (was.from >= 0) fact.from = fact.from >= 0 ? Math.min(was.from, fact.from) : was.from;
    fact.to = !fact.open && end > fact.from ? end : -1;
    fact.systems = [...new Set([...(was.systems || []), ...fact.systems])];
    fact.signs = [...new Set([...(was.signs || []), ...fact.signs])];
    fact.words = joined(was.words, fact.words);
    fact.ticket ||= was.ticket;
    fact.number ||= was.number;
  };

  const system = (plan, facts, e) => {
    facts[`system/${e.code}/${e.back ? "back" : e.out ? "out" : e.in ? "in" : e.version ? "runs" : free(facts, "system/" + e.code)}`] = {
      at: e.from, to: e.to, back: e.back, out: e.out, in: e.in, version: e.version || "", signs: e.signs, words: e.words,
    };
  };

  return { event, found, free };
})();
