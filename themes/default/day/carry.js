// Takes what was filled in over to a page whose plan has changed: steps by their
// code, rows of the checklist by their change, because their codes are counted
// anew. What no longer exists stays with its old name.
const dayCarry = (() => {
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
      const text = [s.Start, s.End, s.Text, s.Threshold, s.Latest || ""].join(" · ");
      if (!was.has(s.Code)) out.push(["newStep", s.Code, "", s.Text]);
      else if (sameLanguage && was.get(s.Code) !== text) out.push(["changedSteps", s.Code, was.get(s.Code), text]);
    }
    for (const [code, text] of before.steps) if (!plan.step(code)) out.push(["gone", code, text, ""]);
    const rows = new Set(plan.Rows.map((r) => r.Change || r.Title));
    if (sameLanguage) for (const [code, what] of before.rows) if (!rows.has(what)) out.push(["gone", code, what, ""]);
    return out;
  };

  return { take };
})();
