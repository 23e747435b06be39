// Brings words into the form in which they are compared. fold, narrow and words
// do exactly what the functions of these names in internal/search do; a test
// holds them together.
const daybreakWords = (() => {
  const special = { ß: "ss", ẞ: "ss", æ: "ae", Æ: "ae", œ: "oe", Œ: "oe", ø: "oe", Ø: "oe", ł: "l", Ł: "l", đ: "d", Đ: "d", þ: "th", Þ: "th", ı: "i", ς: "σ" };
  const folds = (c) => c < 0x530 || (c >= 0x1e00 && c < 0x2000);
  const silent = (c) => c === 0xad || (c >= 0x200b && c <= 0x200d) || c === 0xfeff;

  const fold = (text) => {
    let out = "";
    let last = false;
    for (const letter of text) {
      const c = letter.codePointAt(0);
      if (silent(c)) continue;
      if (Object.hasOwn(special, letter) || !folds(c)) {
        out += special[letter] ?? letter;
        last = false;
        continue;
      }
      for (const part of letter.toLowerCase().normalize("NFD")) {
        if (part === "\u0308" && last) out += "e";
        last = false;
        if (part >= "\u0300" && part <= "\u036f") continue;
        out += part;
        last = part === "a" || part === "o" || part === "u";
      }
    }
    return out;
  };

  const narrow = (text) => {
    let out = "";
    let state = 0; // 1: an e may belong to the letter before; 2: it doesn't
    let before = "";
    for (const letter of text) {
      let drop = false;
      if (letter === "a" || letter === "o") state = 1;
      else if (letter === "u") state = state ? 2 : 1;
      else if (letter === "e") {
        drop = state === 1;
        state = 2;
      } else if (letter === "i" || letter === "q" || letter === "y") state = 2;
      else {
        drop = letter === "s" && before === "s";
        state = 0;
      }
      before = letter;
      if (!drop) out += letter;
    }
    return out;
  };

  const word = "a-z0-9\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{1fff}\\u{2c00}-\\u{2fff}\\u{3040}-\\u{fdff}\\u{fe10}-\\u{10ffff}";
  const runs = new RegExp(`[${word}._-]+`, "gu");
  const words = (text) => (fold(text).match(runs) ?? []).flatMap((run) => {
    run = run.replace(/^[._-]+|[._-]+$/g, "");
    const parts = run.split(/[._-]+/).filter(Boolean);
    return parts.length > 1 && /[0-9]/.test(run) ? [run, ...parts] : parts;
  });

  // Light: it takes off what inflects a word, never so much that little is left.
  // What it gives is looked for at the beginning of words and inside of them.
  const endings = { de: ["innen", "ten", "ern", "en", "er", "em", "es", "te", "st", "e", "n", "s", "t"], en: ["ings", "ing", "ies", "ed", "es", "ly", "s", "e", "y"] };
  const stem = (one, lang) => {
    for (const ending of endings[lang] ?? []) {
      const rest = one.slice(0, -ending.length);
      if (rest.length < 4 || !one.endsWith(ending)) continue;
      return lang === "en" && /ing|ed/.test(ending) && /([bdgmnprt])\1$/.test(rest) ? rest.slice(0, -1) : rest;
    }
    return one;
  };

  // near reports whether one slip of the fingers lies between two words: a letter
  // too many, too few, another one, or two that changed places.
  const near = (a, b) => {
    if (Math.abs(a.length - b.length) > 1 || a === b) return a === b;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    const rest = (x, y) => a.slice(i + x) === b.slice(i + y);
    return rest(1, 1) || rest(1, 0) || rest(0, 1) || (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(2, 2));
  };

  return { fold, narrow, words, stem, near };
})();
