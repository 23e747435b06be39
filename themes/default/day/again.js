// What a hotfix wants checked again, by the rule of `daybreak journal`
// (internal/journal/hotfix.go): on its systems the row that deviated, and the rows
// of the areas that its tag's changes touch. A cell that waits so has the mark
// `due`; `was` keeps what was found before, each with the number of the hotfix
// that made it old.
const dayAgain = (() => {
  const since = (h) => Math.max(h.from ?? -1, h.to ?? -1);
  const bare = (version) => version.replace(/^v/, "");
  const plain = ({ was, due, ...found }) => found;
  // aged adds what a hotfix made old: the last before each is kept.
  const aged = (was, found, n) => [...(was || []).filter((w) => w.by !== n), { ...plain(found), by: n }];

  // wants reports whether a hotfix wants a row checked again on a system.
  const wants = (plan, facts, h, row, id) => {
    if (!plan.today([id]).length || !row.Systems.includes(id)) return false;
    const places = (h.number && facts["found/" + h.number]?.places) || [];
    const named = h.systems || [];
    if (!(named.length ? named : places.map(([, system]) => system)).includes(id)) return false;
    const cell = facts[`cell/${row.Code}/${id}`];
    if (places[0]?.[0] === row.Code || (h.number && (cell?.due || cell?.result === "deviation") && cell.number === h.number)) return true;
    const tag = named.length && plan.Hotfixes.find((t) => t.Version === bare(h.version));
    return Boolean(tag) && row.Areas.some((a) => tag.Areas.includes(a));
  };

  // hotfixes lists them in the order in which they came.
  const hotfixes = (facts) => Object.entries(facts).filter(([key]) => key.startsWith("hotfix/")).map(([key, h]) => [key.slice(7), h]).sort(([, a], [, b]) => since(a) - since(b));
  const touched = (plan, facts, row, id) => hotfixes(facts).filter(([, h]) => wants(plan, facts, h, row, id));

  // mark makes old what was found before a hotfix. Where the page opens again, what
  // was found in the hotfix's own minute was found after it. One cell may be excepted.
  const mark = (plan, facts, n, opens, but) => {
    const h = facts["hotfix/" + n];
    for (const row of plan.Rows) {
      for (const id of row.Systems) {
        const key = `cell/${row.Code}/${id}`;
        const c = facts[key];
        if (!c || c.due || key === but || c.result === "na" || c.result === "blocked" || (opens && c.was?.some((w) => w.by === n)) || !wants(plan, facts, h, row, id)) continue;
        if (c.at >= 0 && since(h) >= 0 && (c.at > since(h) || (opens && c.at === since(h)))) continue;
        facts[key] = due(aged(c.was, c, n));
      }
    }
  };

  const due = (was) => ({ result: "retest", due: true, at: -1, signs: [], was, ...(was.at(-1).result === "deviation" ? { number: was.at(-1).number } : {}) });

  // mended looks at the hotfixes that name a deviation by its number, once it is known in
  // which row that was found: they may have been written down before. What was found now,
  // in the cell `but`, is none of what they make old.
  const mended = (plan, facts, number, but) => {
    for (const [n, h] of hotfixes(facts)) if (h.number === number) mark(plan, facts, n, true, but);
  };

  // unmark takes a hotfix back that was none.
  const unmark = (facts, n) => {
    for (const [key, c] of Object.entries(facts)) {
      if (!c.due || c.was.at(-1).by !== n) continue;
      const { by, ...found } = c.was.at(-1);
      facts[key] = c.was.length > 1 ? { ...found, was: c.was.slice(0, -1) } : found;
    }
  };

  // unwanted takes back what a hotfix made old and no longer wants checked again,
  // because what it mends was found elsewhere than it was written first.
  const unwanted = (plan, facts) => {
    for (const row of plan.Rows) {
      for (const id of row.Systems) {
        const key = `cell/${row.Code}/${id}`;
        const c = facts[key];
        if (c?.was && !c.due) forgo(plan, facts, row, id);
        const h = c?.due && facts["hotfix/" + c.was.at(-1).by];
        if (!h || wants(plan, facts, h, row, id)) continue;
        const { by, ...found } = c.was.at(-1);
        facts[key] = c.was.length > 1 ? { ...found, was: c.was.slice(0, -1) } : found;
        hotfixes(facts).forEach(([n]) => mark(plan, facts, n, true)); // another one may want it
      }
    }
  };

  // forgo drops what a cell that was checked since had from before a hotfix that no longer
  // wants it: without that one it was written over, as any result is by the next.
  const forgo = (plan, facts, row, id) => {
    const key = `cell/${row.Code}/${id}`;
    const { was, ...found } = facts[key];
    const kept = was.filter(({ by }) => !facts["hotfix/" + by] || wants(plan, facts, facts["hotfix/" + by], row, id));
    if (kept.length < was.length) facts[key] = kept.length ? { ...found, was: kept } : found;
  };

  // forget takes back all lines of a hotfix that is called otherwise now.
  const forget = (facts, n) => hotfixes(facts).map(([key]) => key).filter((key) => key === n || key.startsWith(n + "/")).reverse().forEach((key) => {
    unmark(facts, key);
    delete facts["hotfix/" + key];
  });

  // put notes what was found in a cell. A good check from before a hotfix is none
  // of what that one wants.
  const put = (plan, facts, row, id, fact) => {
    const key = `cell/${row.Code}/${id}`;
    const old = facts[key];
    const was = old?.was || [];
    const later = overtook(plan, facts, row, id, fact);
    if (!later) facts[key] = was.length ? { ...fact, was } : fact;
    else if (fact.result === "na" || fact.result === "blocked") return;
    else if (old && !old.due && old.result !== "blocked") facts[key] = { ...old, was: aged(was, fact, later) };
    else facts[key] = due(aged(was, fact, later));
  };

  // overtook gives the hotfix that came after what a cell holds and left it as it
  // was: what nobody could check, or what doesn't apply; undefined mostly.
  const overtook = (plan, facts, row, id, c) => (c.at >= 0 && c.result !== "deviation" ? touched(plan, facts, row, id).find(([, h]) => c.at < since(h))?.[0] : undefined);

  // ended gives the hotfix before whose line an old result is written.
  const ended = (plan, facts, row, id, w) => (w.at >= 0 && touched(plan, facts, row, id).find(([, h]) => w.at <= since(h))?.[0]) || w.by;

  // clear takes back what was found in a cell: what is due stays due.
  const clear = (facts, key) => {
    const was = facts[key]?.was;
    if (was) facts[key] = due(was);
    else delete facts[key];
  };

  // opened looks for what tags say by now of hotfixes that were noted before.
  const opened = (plan, store) => {
    const now = structuredClone(store.facts);
    const all = (facts) => hotfixes(facts).forEach(([n]) => mark(plan, facts, n, true));
    all(now);
    if (JSON.stringify(now) !== JSON.stringify(store.facts)) store.change((m) => all(m.facts));
  };

  return { mark, mended, unmark, unwanted, forget, put, clear, hotfixes, touched, overtook, ended, opened, bare };
})();
