// Reads the journal's lines as `daybreak journal` does (internal/journal has the
// language); a test holds the two against each other.
const dayParse = (() => {
  const range = /^(\d{1,2}[:.]?\d{2})?-(\d{1,2}[:.]?\d{2})?$/;
  const clockForm = /^\d{1,2}[:.]?\d{2}$/;
  const cross = /^[x✗✘×](\d{0,3})([abc]?)$/;
  const version = /^v?\d+(\.\d+)+([-+][0-9A-Za-z.+-]+)?$/;
  const ticket = /^#?[\p{L}\d_]*-?\d+$/u;
  const capitals = /^\p{Lu}{2,4}(\/\p{L}{2,4})*$/u;
  const own = (table, word) => (Object.hasOwn(table, word) ? table[word] : undefined);
  const cut = (s) => {
    const m = /^(\S*)\s*([^]*)$/.exec(s.trim());
    return [m[1], m[2].trim()];
  };
  const remark = (s) => {
    const [first, rest] = cut(s);
    return first === "|" || first === "-" ? rest : s;
  };
  const fail = (word, gaps) => { throw { word, gaps }; };

  const line = (plan, text) => {
    if (text.length > 2000 || /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text)) fail("unreadable");
    if (/^(<{7}|={7}|>{7})/.test(text)) fail("markers");
    const e = { systems: [], from: -1, to: -1, signs: [], deviation: 0, words: "" };
    let [head, rest] = cut(text.replace(dayTyping.bullet, ""));
    const first = dayTime.read(dayTyping.clock(head.replace(/[:,;]+$/, "")));
    if (first >= 0) {
      e.from = first;
      [head, rest] = cut(rest);
      if (head.replace(dayTime.dashes, "-") === "-") [head, rest] = cut(rest);
    }
    [head, rest] = dayTyping.head(plan, head, rest);
    if (!subject(plan, e, head, rest)) fail("unknownCode", { code: head });
    while (rest) {
      if (e.kind === "note") {
        // Its words are all that it says, but for a time before them.
        const [word, tail] = cut(rest);
        const at = dayTime.read(dayTyping.clock(word));
        if (at >= 0 && e.from < 0 && tail) Object.assign(e, { from: at, words: remark(tail) });
        break;
      }
      const typed = dayTyping.times(e, rest);
      if (typed && times(e, typed[0])) {
        rest = typed[1];
        continue;
      }
      const joined = dayTyping.joins(plan, e, rest);
      if (joined !== undefined) {
        rest = joined;
        continue;
      }
      const after = phrase(e, rest);
      const [word, tail] = cut(rest);
      if (after === undefined && !readWord(plan, e, word, rest)) {
        e.words = remark(rest);
        e.barred = rest.startsWith("|");
        break;
      }
      rest = after ?? tail;
    }
    complete(e);
    return e;
  };

  const subject = (plan, e, head, rest) => {
    const [letters, number] = dayPlan.split(head);
    if (["note", "notiz", "n", "remark", "bemerkung", "anmerkung"].includes(head.toLowerCase())) {
      e.kind = "note";
      e.words = remark(rest);
      return true;
    }
    if (["learn", "lernen", "merken"].includes(head.toLowerCase()) && rest) {
      e.kind = "note";
      e.words = "learn: " + remark(rest);
      return true;
    }
    const step = head && plan.step(head);
    const words = rest.split(/\s+/);
    if (letters === "H" && (words.some((w) => version.test(w)) || !step)) {
      e.kind = "hotfix";
      e.code = "H" + number;
      return number > 0;
    }
    const system = head && plan.system(head);
    const low = rest.toLowerCase();
    const aboutSystem = Object.keys(dayTyping.sayings.system).some((s) => low.includes(s)) || words.some((w) => version.test(w));
    if (step && (!system || !aboutSystem)) {
      e.kind = step.Kind === "gate" ? "gate" : "step";
      e.code = step.Code;
      return true;
    }
    if (system) {
      e.kind = "system";
      e.code = system.ID;
      return true;
    }
    const row = head && plan.row(head);
    if (row) {
      e.kind = "check";
      e.code = row.Code;
      return true;
    }
    if ((letters === "X" || letters === "D") && number > 0 && number < 1000 && cut(rest)[0]) {
      e.kind = "deviation";
      e.code = "X" + number;
      e.deviation = number;
      return true;
    }
    return false;
  };

  // phrase reads the sayings of several words and gives what follows them.
  const phrase = (e, rest) => {
    const said = dayTyping.saying(e, rest);
    if (!said) return undefined;
    if (e.kind === "system") e[said[0]] = true;
    else if (e.kind === "gate") e.decision = said[0];
    else e.result = said[0];
    return said[1];
  };

  const readWord = (plan, e, word, rest) => {
    const plain = word.replace(/[,;]+$/, "").replace(dayTime.dashes, "-");
    const low = plain.toLowerCase();
    if (["", "-", "|"].includes(low)) return false;
    const open = (e.kind === "check" && !e.result) || (e.kind === "gate" && !e.decision);
    if (open && !e.systems.length && (low === "alle" || low === "all")) return true;
    if (times(e, dayTyping.clock(plain)) || systems(plan, e, plain) || signs(plan, e, plain, rest)) return true;
    const m = cross.exec(dayTyping.bare(low));
    if (m && ["check", "step", "hotfix"].includes(e.kind) && !e.result && !e.deviation) {
      e.deviation = +m[1];
      e.class = m[2].toUpperCase();
      if (e.kind !== "hotfix") e.result = "deviation";
      return true;
    }
    const decision = dayTyping.look(dayTyping.decisions, low);
    if (decision && e.kind === "gate" && !e.decision) return (e.decision = decision, true);
    const bare = dayTyping.bare(low);
    if (e.kind === "deviation" && !e.class && /^[abc]$/.test(bare)) return (e.class = bare.toUpperCase(), true);
    if (e.kind === "deviation" && !e.class && (low === "klasse" || low === "class")) return true;
    const result = dayTyping.look(dayTyping.results, low);
    if (result && !["gate", "system", "hotfix"].includes(e.kind) && !e.result) return (e.result = result, true);
    if (/^[abc]$/.test(low) && e.deviation > 0 && !e.class) return (e.class = low.toUpperCase(), true);
    if (version.test(low) && ["hotfix", "system"].includes(e.kind) && !e.version) return (e.version = plain, true);
    if (ticket.test(plain) && e.kind === "hotfix" && !e.ticket) return (e.ticket = plain, true);
    return false;
  };

  const times = (e, word) => {
    const m = range.exec(word);
    if (m && word !== "-" && e.to < 0 && !e.open) {
      const [from, to] = [m[1], m[2]].map((t) => (t ? dayTime.read(t) : -1));
      if ((m[1] && from < 0) || (m[2] && to < 0)) fail("badTime", { text: word });
      if (m[1]) e.from = from;
      e.to = to;
      e.open = !m[2];
      return true;
    }
    if (!clockForm.test(word) || e.to >= 0 || e.open) return false;
    const at = dayTime.read(word);
    if (e.from >= 0) {
      if ((e.kind !== "step" && e.kind !== "hotfix") || at < 0) return false;
      e.to = at; // "0635 0702"
      return true;
    }
    e.from = at;
    if (at < 0) fail("badTime", { text: word });
    return true;
  };

  // systems reads "K1,K3"; one that looks like a system beside one that is one
  // is refused: nobody may be lost.
  const systems = (plan, e, word) => {
    const row = dayTyping.sequence(plan, word);
    if (row && !row.length) fail("unknownSystem", { system: word });
    const ids = row || [];
    for (const part of row ? [] : word.split(/[,+/]/).filter(Boolean)) {
      const system = plan.system(part);
      if (!system) {
        const [letters, number] = dayPlan.split(part);
        const like = e.kind !== "note" && plan.Systems.some((s) => dayPlan.split(s.ID)[0] === letters);
        if (ids.length || (number > 0 && like)) fail("unknownSystem", { system: part });
        return false;
      }
      ids.push(system.ID);
    }
    if (!ids.length || e.kind === "system") return false;
    e.systems = [...new Set([...e.systems, ...ids])];
    return true;
  };

  // signs reads initials; behind a gate stand two, however they are kept apart.
  const signs = (plan, e, word, rest) => {
    const more = e.signs.length > 0;
    if (more && e.kind !== "gate") return false;
    const anyCase = word.includes("/") || (e.kind === "gate" && dayTyping.onlySigned(plan, rest));
    const out = [];
    for (const part of word.split(/[/+&,]/).filter(Boolean)) {
      const known = dayTyping.initials(plan, part);
      if (known && (anyCase || known === part)) out.push(known);
      else if (more || !capitals.test(part) || own(dayTyping.results, part.toLowerCase()) || own(dayTyping.decisions, part.toLowerCase())) return false;
      else out.push(part);
    }
    e.signs = [...new Set([...e.signs, ...out])];
    return out.length > 0;
  };

  const complete = (e) => {
    if (e.kind === "gate" && !e.decision) fail("noDecision", { code: e.code });
    if (e.kind === "check" && !e.result) fail("noResult", { code: e.code });
    const first = cut(e.words)[0];
    if (e.kind === "step" && e.from < 0 && e.to < 0 && !e.barred && dayTyping.notTime.test(first)) fail("badTime", { text: first });
    if (e.kind === "hotfix" && !e.version) fail("noVersion", { code: e.code });
    const said = { system: e.version || e.back || e.out || e.in || e.words, step: e.from >= 0 || e.to >= 0 || e.result || e.words || e.signs.length, note: e.words };
    if (e.kind in said && !said[e.kind]) fail("nothingSaid", { code: e.code || "note" });
    if (e.from >= 0 && e.to >= 0 && e.to < e.from) fail("endsBefore", { code: e.code });
  };

  // text reads a file: its events, and the lines that can't be meant.
  const text = (plan, file) => {
    const events = [];
    const unread = [];
    const seen = new Set();
    let day = ""; // of the last line that says one
    file.split("\n").forEach((raw, i) => {
      const plain = raw.replace(/^\ufeff/, "").trim();
      const said = dayTime.dayOf(plain);
      if (said) day = said;
      if (!plain || said || seen.has(plain)) return;
      seen.add(plain);
      if (said === "") return unread.push({ line: i + 1, text: plain, why: { word: "unreadable" } });
      if (plain.startsWith("#")) {
        // What this page couldn't read before stands in its own export so.
        const m = /^# unread: (.+)$/.exec(plain);
        if (m) unread.push({ line: i + 1, text: m[1], why: { word: "unreadable" } });
        return;
      }
      try {
        events.push({ ...line(plan, plain), line: i + 1, ...(day ? { day } : {}) });
      } catch (why) {
        if (!why.word) throw why;
        unread.push({ line: i + 1, text: plain, why });
      }
    });
    return { events, unread };
  };

  return { line, text, capitals, isWord: (w) => Boolean(own(dayTyping.results, w.toLowerCase()) || own(dayTyping.decisions, w.toLowerCase())) };
})();
