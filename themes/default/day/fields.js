// Makes what paper has for the pen into fields: ticks, boxes for clock times,
// lines for initials. Each shows what is kept, and gives a function that shows it anew.
const dayFields = (() => {
  // A fact that says nothing any more is no fact.
  const tidy = (f) => (f.from >= 0 || f.to >= 0 || f.at >= 0 || f.decision || f.result || f.words || f.signs?.some(Boolean) ? f : undefined);

  const tick = (page, mark, key, label) => {
    const fresh = () => (key.startsWith("step/") ? { from: page.minute(), ...page.today() } : { at: page.minute(), label, ...page.today() });
    const flip = () => page.store.set(key, page.store.facts[key] ? undefined : fresh());
    return box(mark, label, flip, () => Boolean(page.store.facts[key]));
  };

  // box is a tick with a meaning of its own. The words beside it are part of it,
  // because a thumb is wider than a box.
  const box = (mark, label, flip, isSet) => {
    mark.setAttribute("role", "checkbox");
    mark.setAttribute("aria-label", label);
    mark.tabIndex = 0;
    mark.parentElement.classList.add("day-hit");
    mark.parentElement.addEventListener("click", (event) => {
      if (!event.target.closest("input, button, a")) flip();
    });
    mark.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      flip();
    });
    const show = () => mark.setAttribute("aria-checked", isSet());
    show();
    return show;
  };

  // input puts a text field into a box. get gives its text; put takes a text and
  // gives what is wrong with it, or nothing; stamp fills it in by itself, and
  // reports whether it did.
  const input = (page, place, label, { get, put, stamp = () => false, ...attributes }) => {
    const field = document.createElement("input");
    field.type = "text";
    field.className = "day-input";
    field.autocomplete = "off";
    field.spellcheck = false;
    for (const [name, value] of Object.entries({ "aria-label": label, ...attributes })) field.setAttribute(name, value);
    place.classList.add("day-box");
    place.append(field);
    const show = () => {
      const text = get();
      place.dataset.value = text.replace("–", "–\n");
      if (document.activeElement !== field || field.dataset.kept === field.value) field.value = text;
      field.dataset.kept = text;
    };
    const commit = () => {
      if (field.value === field.dataset.kept) return;
      const wrong = put(field.value.trim());
      field.setAttribute("aria-invalid", Boolean(wrong));
      page.warn(wrong || "");
      if (wrong) return;
      field.dataset.kept = field.value;
      show();
      field.value = get();
    };
    const byItself = () => {
      if (field.value !== field.dataset.kept || !stamp()) return false;
      field.value = field.dataset.kept = get();
      show();
      field.select();
      return true;
    };
    field.addEventListener("change", commit);
    field.addEventListener("click", byItself);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !byItself()) commit();
      if (event.key === "Escape") field.value = field.dataset.kept;
    });
    show();
    return show;
  };

  // time is a field for a moment, or for from and to where the work is long: the
  // first touch begins it, the second ends it.
  const time = (page, place, key, label, long) => {
    const now = () => page.store.facts[key] || {};
    const keep = ({ from, to, open, day }) => {
      const { from: a, to: b, open: c, ...others } = now();
      const fact = { ...others };
      if (day) fact.day = day;
      if (from >= 0) fact.from = from;
      if (to >= 0) fact.to = to;
      if (open) fact.open = true;
      page.store.set(key, tidy(fact));
    };
    return input(page, place, label, {
      inputmode: "numeric",
      get: () => dayTime.showSpan(now()),
      put: (text) => {
        if (!text) return keep({});
        const span = dayTime.span(text);
        if (!span) return page.say("badTime", { text });
        // "-0702" ends what has begun.
        keep({ ...span, from: span.from < 0 && now().open ? now().from : span.from });
      },
      stamp: () => {
        const f = now();
        if (!(f.from >= 0) && !(f.to >= 0)) keep({ from: page.minute(), open: long, ...page.today() });
        else if (f.open) keep({ from: f.from, to: Math.max(page.minute(), f.from) });
        else return false;
        return true;
      },
    });
  };

  // moment is a field for one clock time of a fact.
  const moment = (page, place, key, label, others = () => ({})) => input(page, place, label, {
    inputmode: "numeric",
    get: () => dayTime.show(page.store.facts[key]?.at ?? -1),
    put: (text) => {
      const span = text ? dayTime.span(text) : { from: -1, to: -1 };
      if (!span || span.to >= 0 || span.open) return page.say("badTime", { text });
      page.store.set(key, tidy({ ...others(), ...page.store.facts[key], at: span.from }));
    },
    stamp: () => {
      if ((page.store.facts[key]?.at ?? -1) >= 0) return false;
      page.store.set(key, { ...others(), ...page.store.facts[key], at: page.minute(), ...page.today() });
      return true;
    },
  });

  // initials gives somebody's initials as the journal takes them, undefined
  // where it would read the word as something else.
  const initials = (plan, text) => {
    const known = plan.Initials.find((s) => s.toLowerCase() === text.toLowerCase());
    const own = text.toUpperCase();
    return known || (/^\p{Lu}{2,4}$/u.test(own) && !dayParse.isWord(own) && !plan.system(own) ? own : undefined);
  };

  const sign = (page, place, key, i, label) => input(page, place, label, {
    list: "day-people", maxlength: 4,
    get: () => page.store.facts[key]?.signs?.[i] || "",
    put: (text) => {
      const who = text && initials(page.plan, text);
      if (who === undefined) return page.say("badSigns", { text });
      const signs = [...(page.store.facts[key]?.signs || [])];
      while (signs.length < i) signs.push("");
      signs[i] = who;
      page.store.set(key, tidy({ ...page.store.facts[key], signs }));
    },
  });

  return { tick, box, input, time, moment, sign, initials, tidy };
})();
