// What hands in a hurry write instead of what the paper says, read as `daybreak
// journal` reads it (internal/journal/typing.go). A remark is never touched.
const dayTyping = (() => {
  const results = {
    "ok": "ok", "okay": "ok", "o.k.": "ok", "i.o.": "ok", "io": "ok", "✓": "ok", "✔": "ok", "√": "ok", "passt": "ok", "gut": "ok", "fertig": "ok", "done": "ok", "settled": "ok", "erledigt": "ok",
    "behoben": "ok", "gesendet": "ok", "verschickt": "ok", "sent": "ok",
    "nok": "deviation", "n.i.o.": "deviation", "nio": "deviation", "deviation": "deviation", "abweichung": "deviation", "abw": "deviation", "abw.": "deviation", "fehler": "deviation",
    "blocked": "blocked", "blockiert": "blocked", "b!": "blocked", "retest": "retest", "nachprüfen": "retest", "nachpruefen": "retest", "nochmal": "retest",
    "accepted": "accepted", "hingenommen": "accepted", "na": "na", "n/a": "na", "entfällt": "na", "entfaellt": "na", "entf.": "na", "entf": "na",
  };
  const decisions = {
    "go": "go", "freigabe": "go", "freigegeben": "go", "frei": "go", "ja": "go", "yes": "go", "ok": "go", "okay": "go", "grün": "go", "gruen": "go", "green": "go",
    "no-go": "no-go", "nogo": "no-go", "nein": "no-go", "no": "no-go", "stop": "no-go", "stopp": "no-go", "halt": "no-go", "rot": "no-go", "red": "no-go", "gesperrt": "no-go",
    "go-with": "go-with", "auflage": "go-with", "go!": "go-with",
  };
  const found = {
    "not ok": "deviation", "nicht ok": "deviation", "nicht in ordnung": "deviation", "geht nicht": "deviation",
    "in ordnung": "ok", "nicht prüfbar": "blocked", "nicht pruefbar": "blocked", "noch einmal": "retest", "noch mal": "retest",
  };
  const sayings = {
    system: {
      "rolled back": "back", "roll back": "back", "rollback": "back", "zurückgerollt": "back", "zurueckgerollt": "back", "zurückgesetzt": "back",
      "not today": "out", "heute nicht": "out", "nicht heute": "out", "fällt aus": "out", "faellt aus": "out",
      "on the list": "in", "auf der liste": "in", "today after all": "in", "heute doch": "in", "heute dabei": "in",
    },
    gate: {
      "no go": "no-go", "kein go": "no-go", "nicht freigegeben": "no-go", "nicht frei": "no-go",
      "go with": "go-with", "mit auflage": "go-with", "unter auflage": "go-with", "go mit auflage": "go-with", "frei mit auflage": "go-with",
    },
    check: found,
    step: found,
  };
  const one = String.raw`~?[\dol]{1,2}[:.h]?[\dol]{2}h?(?:\s?uhr)?`;
  const span = new RegExp(String.raw`^(?:(?:von|from|um|at|gegen|ca\.?|etwa)\s+)?(${one})\s*(?:[-‐‑‒–—−]|bis|to|until)\s*(${one})[,;.]?(?=\s|$)`, "i");
  const said = new RegExp(String.raw`^(um|at|gegen|ca\.?|etwa|von|from|ab|seit|since|start|begonnen|begun|bis|until|ende|end|beendet|ended)\s+(?:um\s+|at\s+)?(${one})[,;.]?(?=\s|$)`, "i");
  const timeLike = /^~?[\dol][\dol:.h-]*(uhr)?$/;
  const codeLike = /^(\p{L}|[Hh][Ff])[-_.]?([\doOlI]+)$/u;
  const between = /^(\p{L}+)(\d+)-(\p{L}*)(\d+)$/u;
  const notTime = /^[^\d]?\d[\d:.,hHoO?-]+$/;
  const bullet = /^[-*•·–]\s+/;
  const digits = (s) => (s.match(/\d/g) || []).length;
  const own = (table, word) => (Object.hasOwn(table, word) ? table[word] : undefined);
  const bare = (low) => low.replace(/[.:!]+$/, "").replace(/\ufe0f+$/, "");
  const look = (table, low) => own(table, low) ?? own(table, bare(low));

  // clock gives a word that was meant as a time, or two, in the form that is read.
  const clock = (word) => {
    const low = word.toLowerCase().replace(dayTime.dashes, "-");
    if (!timeLike.test(low) || digits(low) < 2) return low;
    const plain = low.replace(/uhr|~/g, "").replaceAll("o", "0").replaceAll("l", "1");
    return plain.replace(/(\d)h(\d)/g, "$1:$2").replaceAll("h", "");
  };

  // times gives the word that stands for the times at the beginning of rest, and
  // what follows; undefined where there are none of more than a word.
  const times = (e, rest) => {
    const all = (s) => clock(s.replaceAll(" ", ""));
    let m = span.exec(rest);
    if (m && digits(all(m[1])) > 2 && digits(all(m[2])) > 2) return [all(m[1]) + "-" + all(m[2]), rest.slice(m[0].length).trim()];
    m = said.exec(rest);
    if (!m) return undefined;
    let word = all(m[2]);
    if (e.kind === "step" || e.kind === "hotfix") {
      if (/^(ab|seit|since|start|begonnen|begun|von|from)$/i.test(m[1])) word += "-";
      else if (/^(bis|until|ende|end|beendet|ended)$/i.test(m[1])) word = "-" + word;
    }
    return digits(word) > 2 ? [word, rest.slice(m[0].length).trim()] : undefined;
  };

  const repaired = (code) => {
    const m = codeLike.exec(code);
    return m ? m[1].replace(/[Ff]+$/, "").toUpperCase() + m[2].replace(/[oO]/g, "0").replace(/[lI]/g, "1") : code;
  };
  const known = (plan, code) => {
    const [letters, number] = dayPlan.split(code);
    return Boolean(code && (plan.step(code) || plan.system(code) || plan.row(code))) || (number > 0 && ["H", "X", "D"].includes(letters));
  };
  const cut = (s) => {
    const m = /^(\S*)\s*([^]*)$/.exec(s.trim());
    return [m[1], m[2].trim()];
  };

  // head gives the code that a line begins with, and what follows.
  const head = (plan, word, rest) => {
    const code = word.replace(/[:,;]+$/, "");
    if (known(plan, code)) return [code, rest];
    if (known(plan, repaired(code))) return [repaired(code), rest];
    const i = code.search(/[,;:]/);
    if (i > 0 && known(plan, repaired(code.slice(0, i)))) return [repaired(code.slice(0, i)), (code.slice(i + 1) + " " + rest).trim()];
    const [next, after] = cut(rest);
    const fixed = repaired(code + next.replace(/[:,;]+$/, ""));
    if (new TextEncoder().encode(code).length <= 2 && known(plan, fixed)) return [fixed, after];
    return [code, rest];
  };

  const initials = (plan, word) => plan.Initials.find((s) => s === word) ?? plan.Initials.find((s) => s.toLowerCase() === word.toLowerCase());

  // joins gives what follows a word that only joins systems, or initials.
  const joins = (plan, e, rest) => {
    const [word, after] = cut(rest);
    if (!["und", "u.", "u", "and", "&", "+"].includes(word.toLowerCase())) return undefined;
    const next = cut(after)[0].replace(/[,;]+$/, "");
    if (e.systems.length && !e.signs.length && plan.system(next)) return after;
    return e.kind === "gate" && e.signs.length && initials(plan, next) ? after : undefined;
  };

  const onlySigned = (plan, rest) => {
    const words = rest.split(/[ \t/,;+&]+/).filter(Boolean);
    return words.length > 0 && words.every((w) => initials(plan, w) || dayTime.read(clock(w)) >= 0 || ["und", "u.", "and", "um"].includes(w.toLowerCase()));
  };

  // sequence reads "K1-K3"; empty where one of the ends is no system, undefined
  // where the word is nothing of the kind.
  const sequence = (plan, word) => {
    const m = between.exec(word.replace(dayTime.dashes, "-"));
    if (!m || (m[3] && m[1].toLowerCase() !== m[3].toLowerCase())) return undefined;
    const of = plan.Systems.map((s) => [s.ID, ...dayPlan.split(s.ID)]).filter(([, l]) => l === m[1].toUpperCase());
    const ids = of.filter(([, , n]) => n >= +m[2] && n <= +m[4]);
    const ends = ids.filter(([, , n]) => n === +m[2] || n === +m[4]).length;
    if (ends === 2) return ids.map(([id]) => id);
    return of.length ? [] : undefined;
  };

  // saying reads what is said in several words: what it means, and what follows.
  const saying = (e, rest) => {
    if ((e.kind === "gate" && e.decision) || (["check", "step"].includes(e.kind) && e.result)) return undefined;
    for (const [words, meaning] of Object.entries(sayings[e.kind] || {})) {
      if (rest.toLowerCase().startsWith(words) && /^[\s:,;.!]?$/.test(rest.slice(words.length, words.length + 1))) return [meaning, rest.slice(words.length).replace(/^[ \t:,;.!]+/, "")];
    }
    return undefined;
  };

  return { results, decisions, sayings, look, bare, clock, times, head, joins, initials, onlySigned, sequence, saying, notTime, bullet };
})();
