// How the day stands, from the plan, what was filled in, and the clock.
const dayState = (() => {
  const closed = (f) => Boolean(f) && !f.open;

  const done = (plan, facts, s) => {
    if (s.Kind === "gate") {
      const g = facts["gate/" + s.Code];
      return Boolean(g?.decision) && !missing(s, g).length;
    }
    if (closed(facts["step/" + s.Code])) return true;
    if (s.Boxes.length) return Boolean(facts[`box/${s.Code}/${s.Boxes.at(-1)}`]);
    const systems = plan.today(s.Systems);
    return systems.length > 0 && systems.every((id) => closed(facts[`step/${s.Code}/${id}`]));
  };
  const begun = (facts, s) => Object.keys(facts).some((k) => k === "step/" + s.Code || k.startsWith(`step/${s.Code}/`) || k.startsWith(`box/${s.Code}/`));

  // missing lists the roles whose initials a decided gate lacks.
  const missing = (s, g) => s.Roles.filter((_, i) => !g?.signs?.[i]);

  const patience = 60; // minutes after which a step that nobody touched is taken for forgotten

  // look says what is due now. A step that nobody ticked is not asked for again
  // once later ones are done, or its time is long over: it is named as forgotten.
  const look = (plan, facts, minute) => {
    const steps = plan.Steps.filter((s) => s.Kind !== "break");
    const last = steps.findLastIndex((s) => done(plan, facts, s));
    const open = steps.filter((s) => !done(plan, facts, s));
    const ahead = (s) => steps.indexOf(s) > last;
    const over = (s) => minute - Math.max(s.end, s.limit) > patience;
    const due = open.filter((s) => (s.start >= 0 && s.start <= minute && ((ahead(s) && !over(s)) || s.end > minute)) || (ahead(s) && begun(facts, s)));
    due.sort((a, b) => a.end - b.end || steps.indexOf(a) - steps.indexOf(b));
    const next = open.find((s) => ahead(s) && s.start > minute);
    return {
      current: due[0], due, next,
      gate: open.find((s) => s.Kind === "gate" && !due.includes(s) && ahead(s) && !over(s)),
      forgotten: open.filter((s) => s.start >= 0 && s.end <= minute && !due.includes(s)),
      held: steps.filter((s) => facts["gate/" + s.Code]?.decision).at(-1) || undefined,
      all: open.length === 0,
    };
  };
  // late gives the minutes by which a step is over its limit: its threshold, a
  // gate's latest time, else its planned end; negative before.
  const late = (s, minute) => minute - (s.limit >= 0 ? s.limit : s.end);

  // rung is the line of the delay ladder that applies: to when the database was
  // done, or would be if it were now; -1 while nothing is late.
  const rung = (plan, facts, minute) => {
    const s = plan.database;
    if (!s || s.end < 0) return -1;
    const at = done(plan, facts, s) ? ended(plan, facts, s) : minute;
    if (at <= s.end) return -1;
    const i = plan.Ladder.findIndex((until) => dayTime.read(until) >= at);
    return i < 0 ? plan.Ladder.length - 1 : i;
  };

  // ended is when a step was done on a system, or on the last of them; -1 while
  // it isn't.
  const ended = (plan, facts, s, system) => {
    const end = (f) => (closed(f) ? Math.max(f.from ?? -1, f.to ?? -1) : -1);
    const one = system && s ? facts[`step/${s.Code}/${system}`] : undefined;
    if (one) return end(one);
    if (!s || !done(plan, facts, s)) return -1;
    return Math.max(end(facts["step/" + s.Code]), ...plan.today(s.Systems).map((id) => end(facts[`step/${s.Code}/${id}`])));
  };

  // count sums up the checklist as the journal does: what doesn't apply is no
  // part of the sum.
  const count = (plan, facts) => {
    const sum = { total: 0, ok: 0, deviation: 0, blocked: 0, retest: 0 };
    for (const row of plan.Rows) {
      for (const id of plan.today(row.Systems)) {
        const result = facts[`cell/${row.Code}/${id}`]?.result;
        if (result === "na") continue;
        sum.total++;
        if (result) sum[result === "accepted" ? "ok" : result]++;
      }
    }
    return sum;
  };

  // settled says how a deviation ended: as somebody wrote, or because every
  // cell where it was found is in order by now; "" while it is open.
  const settled = (facts, n) => {
    const f = facts["found/" + n];
    if (f.settled) return f.settled;
    const cells = f.places.map(([code, id]) => facts[`cell/${code}/${id}`]).map((c) => (c?.due ? c.was.at(-1) : c));
    if (!cells.length || !cells.every((c) => c?.result === "ok" || c?.result === "accepted")) return "";
    return cells.every((c) => c.result === "accepted") ? "accepted" : "ok";
  };

  // words names a fact that has no place on the page.
  const words = (kind, code, name, f) => [
    code, name, dayTime.showSpan({ from: f.from ?? f.at ?? -1, to: f.to ?? -1, open: f.open }), f.decision || f.result || "", f.number ? "x" + f.number : "", (f.signs || []).filter(Boolean).join("/"), f.words,
  ].filter(Boolean).join(" ");

  return { done, begun, missing, look, late, rung, ended, count, settled, words };
})();
