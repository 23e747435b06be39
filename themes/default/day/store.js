// Keeps what was filled in, in the browser's own storage: one box for a product,
// a release and a fingerprint of its facts, which all pages of the day share.
// A fact is an object below a key: step/S05, step/S06/K1, box/W2/07:45, gate/G1,
// cell/C07/K3, found/2, hotfix/1, note/1, system/K3, tick/B1.
const dayStore = (() => {
  const open = (plan) => {
    const family = `daybreak-day ${plan.Key} `;
    const own = family + plan.Fingerprint;
    let memory = { facts: {}, unread: [], known: {}, moved: [] }; // what is shown
    let kept = true; // false where the browser keeps nothing
    const listeners = [];

    const load = (key) => {
      try {
        const found = JSON.parse(localStorage.getItem(key));
        return found && typeof found.facts === "object" ? { unread: [], known: {}, moved: [], ...found } : undefined;
      } catch {
        return undefined;
      }
    };
    const save = () => {
      try {
        localStorage.setItem(own, JSON.stringify({ ...memory, plan: { ...memory.plan, [plan.Lang]: dayCarry.signature(plan) } }));
        kept = true;
      } catch { // blocked, or full: the page says so and offers the export
        kept = false;
      }
    };
    const tell = () => listeners.forEach((listen) => listen());

    // change works on what is stored now, because another tab may have been
    // there since. Only what a person does is written, and what a page takes over
    // when it opens: a tab that only looks on can't overwrite anything.
    const change = (edit) => {
      if (kept) memory = load(own) || memory;
      absorb();
      edit(memory);
      memory.changed = Date.now();
      save();
      tell();
    };

    // absorb takes over what was filled in on a page of other facts of the same
    // release: what isn't filled in here, once. It reports whether there was any.
    const absorb = () => {
      let others = [];
      try {
        others = Object.keys(localStorage).filter((key) => key.startsWith(family) && key !== own);
      } catch {
        kept = false;
      }
      let some = false;
      for (const key of others) {
        const old = load(key);
        if (!old?.changed || (memory.known[key] || 0) >= old.changed) continue;
        dayCarry.take(plan, memory, old, !memory.changed);
        memory.known[key] = old.changed;
        memory.changed ||= old.changed;
        some = true;
      }
      return some;
    };

    // probe finds out whether anything can be kept at all.
    const probe = () => {
      try {
        localStorage.setItem("daybreak-room", "");
        localStorage.removeItem("daybreak-room");
      } catch {
        kept = false;
      }
    };

    memory = load(own) || memory;
    if (absorb()) save();
    else probe();
    addEventListener("storage", (event) => {
      if (event.key !== null && !event.key.startsWith(family)) return;
      memory = load(own) || (event.key === own || event.key === null ? { facts: {}, unread: [], known: memory.known, moved: [] } : memory);
      absorb();
      tell();
    });

    return {
      get facts() { return memory.facts; },
      get unread() { return memory.unread; },
      get moved() { return memory.moved; },
      get kept() { return kept; },
      change,
      set: (key, fact) => change((m) => { if (fact) m.facts[key] = fact; else delete m.facts[key]; }),
      listen: (f) => listeners.push(f),
    };
  };
  return { open };
})();
