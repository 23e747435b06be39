// The bar that stays in sight: the time, the step that is due, the next
// threshold and gate, and how much is checked. Lateness is said in words.
const dayBar = (() => {
  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  const minutes = (page, word, n, gaps) => page.say(word, { ...gaps, min: span(n) });
  const span = (n) => (n < 100 ? `${n} min` : `${Math.floor(n / 60)} h ${n % 60} min`);

  const show = (page) => {
    const { ahead, minute } = dayTime.now(page.plan);
    const facts = page.store.facts;
    const bar = document.querySelector(".day");
    put(bar.querySelector("time"), dayTime.show(minute % 1440));
    const today = ahead === 0;
    const look = today ? dayState.look(page.plan, facts, minute) : { due: [], forgotten: [], away: ahead };
    const said = today ? running(page, look, minute) : away(page, ahead);
    put(bar.querySelector(".day-step"), said.step);
    put(bar.querySelector(".day-due"), said.due);
    put(bar.querySelector(".day-next"), said.next);
    put(bar.querySelector(".day-count"), page.plan.Document === "checklist" || Object.keys(facts).some((k) => k.startsWith("cell/")) ? page.counted() : "");
    bar.classList.toggle("is-late", Boolean(said.late));
    rows(page, look, minute);
    ladder(page, today ? dayState.rung(page.plan, facts, minute) : -1);
  };

  const away = (page, ahead) => {
    const first = page.plan.Steps.find((s) => s.start >= 0);
    return ahead > 0
      ? { step: page.say("inDays", { day: page.plan.DateText, days: ahead }), due: first ? page.say("startsAt", { time: first.Start, step: `${first.Code} ${first.Text}` }) : "", next: "" }
      : { step: page.say("wasOn", { day: page.plan.DateText }), due: "", next: "" };
  };

  const few = (steps) => steps.slice(0, 4).map((s) => s.Code).join(", ") + (steps.length > 4 ? ` +${steps.length - 4}` : "");

  const running = (page, look, minute) => {
    const s = look.current;
    const next = [];
    if (look.due.length > 1) next.push(page.say("also", { codes: few(look.due.slice(1)) }));
    if (look.gate) next.push(page.say("nextGate", { code: look.gate.Code, time: look.gate.Start }));
    if (look.forgotten.length) next.push(page.say("forgotten", { codes: few(look.forgotten) }));
    if (look.held && page.store.facts["gate/" + look.held.Code].decision === "no-go") next.unshift(page.say("held") + ": " + look.held.Code);
    const rest = { next: next.join(" · ") };
    if (s) return { step: `${s.Code} · ${s.Text}`, ...due(page, s, minute), ...rest };
    if (look.next) return { step: page.say("nextStep", { code: look.next.Code, text: look.next.Text, time: look.next.Start }), due: minutes(page, "inMinutes", look.next.start - minute, {}), ...rest };
    return { step: page.say(look.all ? "allDone" : "done"), due: "", ...rest };
  };

  // due says how long there is, and what happens then.
  const due = (page, s, minute) => {
    const late = dayState.late(s, minute);
    const what = s.Threshold || "";
    if (s.limit < 0 && s.end <= s.start) return { due: what };
    if (s.Kind === "gate") return late > 0 ? { due: minutes(page, "gateDue", late, { time: s.Latest }), late: true } : { due: minutes(page, "gateBy", -late, { time: s.Latest }) };
    const until = s.limit >= 0 ? what : page.say("until", { time: s.End }) + (what && ` · ${what}`);
    return late > 0 ? { due: minutes(page, "overdue", late, {}) + ": " + until, late: true } : { due: minutes(page, "left", -late, {}) + ": " + until };
  };

  // rows marks what is due in the plan itself.
  const rows = (page, look, minute) => {
    for (const body of document.querySelectorAll("[data-step]")) {
      const step = page.plan.step(body.dataset.step);
      if (!step) continue;
      const isNow = step === look.current;
      const isDue = look.due.includes(step);
      body.classList.toggle("is-now", isNow);
      body.classList.toggle("is-done", dayState.done(page.plan, page.store.facts, step));
      const late = isDue ? dayState.late(step, minute) : 0;
      const word = isDue && late > 0 ? minutes(page, "overdue", late, {}) : isNow ? page.say("now") : look.forgotten.includes(step) ? forgotten(page, step) : "";
      badge(body.querySelector(".do, .question"), word);
    }
  };
  const forgotten = (page, step) => {
    const g = page.store.facts["gate/" + step.Code];
    return g?.decision ? page.say("missingSigns", { roles: dayState.missing(step, g).join(", ") }) : page.say("unticked");
  };
  const badge = (place, word) => {
    let mark = place.querySelector(".day-badge");
    if (!word) {
      mark?.remove();
      return;
    }
    if (!mark) {
      mark = Object.assign(document.createElement("b"), { className: "day-badge" });
      place.prepend(mark, " ");
    }
    put(mark, word);
  };

  const ladder = (page, rung) => {
    document.querySelectorAll(".ladder tbody tr").forEach((tr, i) => {
      tr.classList.toggle("is-now", i === rung);
      if (i === rung) tr.setAttribute("aria-current", "true");
      else tr.removeAttribute("aria-current");
      badge(tr.querySelector("td"), i === rung ? page.say("rungNow") : "");
    });
  };

  // jump goes to what is due, or to the first field of a cell that is open.
  const jump = () => {
    const place = document.querySelector("[data-step].is-now") || [...document.querySelectorAll(".day-cell")].find((c) => !c.dataset.result || c.dataset.result === "retest");
    if (!place) return;
    place.scrollIntoView({ block: "center" });
    const field = place.matches(".day-cell") ? place : place.querySelector(".day-input, [role=checkbox], button");
    field?.focus({ preventScroll: true });
  };

  return { show, jump, badge };
})();
