// Takes what was filled in over to a page whose plan has changed: steps by their
// code, rows of the checklist by their change, because their codes are counted
// anew. What no longer exists stays with its old name.
const dayCarry = (() => {
  const said = (s) => [s.Start, s.End, s.Text, s.Threshold, s.Latest || ""];

  // signature is what a later page compares itself with.
  const signature = (plan) => ({
    steps: plan.Steps.map((s) => [s.Code, said(s)]),
    rows: plan.Rows.map((r) => [r.Code, r.Change || r.Title]),
  });

  const take = (plan, memory, old, first) => {
    const before = old.plan?.[plan.Lang] || Object.values(old.plan || {})[0] || { steps: [], rows: [] };
    const sameLanguage = Boolean(old.plan?.[plan.Lang]);
    const codes = new Map(before.rows.map(([code, what]) => {
      const now = plan.Rows.find((r) => (r.Change || r.Title) === what) || (sameLanguage ? undefined : plan.Rows.find((r) => !r.Change && r.Code === code));
      return [code, now?.Code];
    }));
    const rename = (key) => {
      const [kind, code, system] = key.split("/");
      if (kind !== "cell") return key;
      return codes.get(code) ? `cell/${codes.get(code)}/${system}` : `gone/${code}/${system}`;
    };
    for (const [key, fact] of Object.entries(old.facts)) {
      const moved = structuredClone(fact);
      if (moved.places) moved.places = moved.places.map(([code, system]) => [codes.get(code) || code, system]);
      memory.facts[rename(key)] ??= moved;
    }
    memory.unread = [...new Set([...memory.unread, ...old.unread])];
    if (first) memory.moved = changes(plan, before, sameLanguage);
  };

  // changes lists what moved, as [what, code, before, now].
  const changes = (plan, before, sameLanguage) => {
    const out = [];
    const was = new Map(before.steps);
    for (const s of plan.Steps) {
      const old = was.get(s.Code);
      const now = said(s);
      const other = (a, b) => a.filter((part, i) => part !== b[i]).join(", ") || "–";
      if (!old) out.push(["newStep", s.Code, "", s.Text]);
      else if (sameLanguage && String(old) !== String(now)) out.push(["changedSteps", s.Code, other(old, now), other(now, old)]);
    }
    for (const [code, old] of before.steps) if (!plan.step(code)) out.push(["gone", code, old[2], ""]);
    const rows = new Set(plan.Rows.map((r) => r.Change || r.Title));
    if (sameLanguage) for (const [code, what] of before.rows) if (!rows.has(what)) out.push(["gone", code, what, ""]);
    return out;
  };

  return { take, signature };
})();
