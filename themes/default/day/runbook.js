// Fills in the runbook: every row, the gates, the lists of its first page.
const dayRunbook = (() => {
  const fields = (page) => [...document.querySelectorAll("[data-step]")].flatMap((body) => {
    const step = page.plan.step(body.dataset.step);
    return step ? (step.Kind === "gate" ? gate(page, body, step) : row(page, body, step)) : [];
  }).concat(cover(page), order(page), signs(page));

  const text = (element) => element.textContent.replace(/\s+/g, " ").trim();

  const row = (page, body, step) => {
    const name = `${step.Code} ${step.Text}`;
    const long = step.end - step.start >= 10;
    const out = [...body.querySelectorAll(".actual .box")].map((box) => dayFields.time(page, box, "step/" + step.Code, `${name}: ${page.say("time")}`, long));
    for (const li of body.querySelectorAll(".systems li")) {
      const id = text(li.querySelector("b"));
      const key = `step/${step.Code}/${id}`;
      const mark = li.querySelector(".tick");
      out.push(mark ? dayFields.tick(page, mark, key, `${step.Code} ${id}`) : dayFields.time(page, li.querySelector(".box"), key, `${step.Code} ${id}: ${page.say("time")}`, long));
    }
    for (const li of body.querySelectorAll(".quarters li")) {
      const at = text(li.querySelector("time"));
      out.push(dayFields.moment(page, li.querySelector(".box"), `box/${step.Code}/${at}`, `${step.Code} ${at}`));
    }
    if (step.Kind === "mail") body.querySelector(".text").append(mailButton(page));
    out.push(remarks(page, body.querySelector(".text"), step));
    return out;
  };

  const mailButton = (page) => {
    const p = document.createElement("p");
    p.className = "day-only";
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: page.say("mailReady", { letter: "A" }) });
    button.addEventListener("click", () => page.mail("A"));
    p.append(button);
    return p;
  };

  // remarks shows what a journal says of a step beyond its boxes.
  const remarks = (page, place, step) => {
    const p = document.createElement("p");
    p.className = "day-remark";
    place.append(p);
    return () => {
      const facts = page.store.facts;
      const said = Object.keys(facts).filter((k) => k === "step/" + step.Code || k.startsWith(`step/${step.Code}/`) || k.startsWith(`box/${step.Code}/`) || k.startsWith(`held/${step.Code}/`))
        .filter((k) => facts[k].words || (facts[k].signs?.length && !step.Roles.length) || k.startsWith("held/"))
        .map((k) => dayState.words("", "", k.split("/")[2] || "", { words: facts[k].words, signs: step.Roles.length ? [] : facts[k].signs, decision: k.startsWith("held/") ? page.say("held") : "" }));
      const found = Object.keys(facts).filter((k) => k.startsWith("found/") && facts[k].places.some(([code]) => code === step.Code))
        .map((k) => `✗ ${k.slice(6)} ${facts[k].class || ""} ${facts[k].words || ""}`);
      p.textContent = [...said, ...found].join(" · ");
      p.hidden = !p.textContent;
    };
  };

  const gate = (page, body, step) => {
    const key = "gate/" + step.Code;
    const now = () => page.store.facts[key] || {};
    const list = body.querySelector(".decide");
    const [go, nogo] = list.querySelectorAll(".go .tick");
    const boxes = list.querySelectorAll(".box");
    const condition = goWith(page, list, nogo.parentElement);
    // A decision is one of three; touching it again takes it back.
    const decide = (decision) => {
      const fact = { ...now(), decision: now().decision === decision ? "" : decision };
      if (fact.decision && !(fact.at >= 0)) Object.assign(fact, { at: page.minute() }, page.today());
      if (!fact.decision) {
        delete fact.at;
        delete fact.day;
      }
      page.store.set(key, dayFields.tidy(fact));
      if (fact.decision) [...list.querySelectorAll("[data-sign-field]")].find((f) => !f.value)?.focus();
    };
    const choice = (mark, decision, label) => dayFields.box(mark, `${step.Code} ${label}`, () => decide(decision), () => now().decision === decision);
    const out = [
      choice(go, "go", text(go.parentElement)), choice(nogo, "no-go", text(nogo.parentElement)), choice(condition.mark, "go-with", page.say("goWith")),
      dayFields.moment(page, boxes[0], key, `${step.Code} ${page.say("time")}`),
      ...step.Roles.slice(0, boxes.length - 1).map((role, i) => dayFields.sign(page, boxes[i + 1], key, i, `${step.Code} ${page.say("signFor", { role })}`)),
      dayFields.input(page, condition.place, `${step.Code} ${page.say("condition")}`, {
        get: () => now().words || "",
        put: (words) => page.store.set(key, dayFields.tidy({ ...now(), words })),
      }),
    ];
    for (const box of [...boxes].slice(1)) box.querySelector("input")?.setAttribute("data-sign-field", "");
    [...body.querySelectorAll(".criteria li:not(.system):not(.detail)")].forEach((li, i) => out.push(dayFields.tick(page, li.querySelector(".tick"), `tick/${step.Code}.${i + 1}`, text(li))));
    for (const li of body.querySelectorAll(".criteria .system")) out.push(dayFields.tick(page, li.querySelector(".tick"), `step/${step.Code}/${text(li)}`, `${step.Code} ${text(li)}`));
    out.push(remarks(page, body.querySelector(".ask"), step), missing(page, body.querySelector(".ask"), step));
    out.push(() => {
      condition.place.parentElement.hidden = now().decision !== "go-with";
      condition.mark.parentElement.classList.toggle("is-set", now().decision === "go-with");
    });
    return out;
  };

  // goWith adds the third answer, which paper has no box for.
  const goWith = (page, list, after) => {
    const li = document.createElement("li");
    li.className = "go day-with";
    const mark = document.createElement("span");
    mark.className = "tick";
    li.append(mark, page.say("goWith"));
    after.after(li);
    const words = document.createElement("li");
    words.className = "day-condition";
    const place = document.createElement("span");
    words.append(page.say("condition") + " ", place);
    list.append(words);
    return { mark, place };
  };

  const missing = (page, place, step) => {
    const p = document.createElement("p");
    p.className = "day-missing day-only";
    p.setAttribute("role", "status");
    place.append(p);
    return () => {
      const g = page.store.facts["gate/" + step.Code];
      const roles = g?.decision ? dayState.missing(step, g) : [];
      p.textContent = roles.length ? page.say("missingSigns", { roles: roles.join(", ") }) : "";
    };
  };

  const cover = (page) => [
    ...[...document.querySelectorAll(".roll li")].map((li) => dayFields.tick(page, li.querySelector(".tick"), "tick/today." + text(li.querySelector("b")), text(li))),
    ...[...document.querySelectorAll(".special tbody tr")].map((tr) => {
      const code = text(tr.querySelector("th"));
      return dayFields.tick(page, tr.querySelector(".tick"), "tick/" + code, `${code} ${page.say("cleared")}`);
    }),
    ...[...document.querySelectorAll(".special .none .tick")].map((mark) => dayFields.tick(page, mark, "tick/none", text(mark.parentElement))),
    ...[...document.querySelectorAll(".rolls li")].flatMap((li, i) => [...li.querySelectorAll(".tick")].map((mark) => dayFields.tick(page, mark, `tick/roll.${i + 1}.${mark.dataset.sum}`, `${text(li.firstChild)} ${text(mark.parentElement)}`))),
  ];

  // order counts what is ordered beyond what was said before, to be read out on
  // the telephone.
  const order = (page) => {
    const sums = [...document.querySelectorAll(".order .rule")];
    return [() => sums.forEach((sum) => {
      const n = Object.keys(page.store.facts).filter((k) => k.startsWith("tick/roll.") && k.endsWith(`.${sum.dataset.sum}`) && page.store.facts[k]).length;
      sum.textContent = n || "";
    })];
  };

  // signs makes the lines to sign into fields, on the checklist as well. Where
  // the step is a gate they are its initials.
  const signs = (page) => [...document.querySelectorAll("[data-sign]")].flatMap((place) => {
    const step = page.plan.step(place.dataset.sign);
    if (!step) return [];
    return [...place.querySelectorAll(".rule")].map((rule, i) => {
      const role = text(rule.parentElement);
      const at = step.Kind === "gate" ? Math.max(step.Roles.indexOf(role), 0) : i;
      return dayFields.sign(page, rule, (step.Kind === "gate" ? "gate/" : "step/") + step.Code, at, `${step.Code} ${page.say("signFor", { role })}`);
    });
  });

  return { fields };
})();
