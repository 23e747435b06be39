// The mails, ready to copy. They were written before the day; only the time is
// left open, and is filled in from what was ticked.
const dayMails = (() => {
  const find = (id) => document.getElementById("day-" + id);
  let page;

  // done is when customers' systems were ready: the end of the rollout, or of
  // the hotfix that the mail is about.
  const done = (letter) => {
    const fixes = Object.values(page.store.facts).filter((f) => f.version && f.systems);
    if (letter === "E") return Math.max(-1, ...fixes.map((f) => Math.max(f.from ?? -1, f.to ?? -1)));
    if (letter === "C") return Math.max(-1, ...Object.values(page.store.facts).filter((f) => f.back).map((f) => Math.max(f.at ?? -1, f.to ?? -1)));
    return dayState.ended(page.plan, page.store.facts, page.plan.rollout);
  };

  const filled = (mail) => {
    const at = done(mail.Outcome);
    const gap = page.plan.Gaps[mail.Lang];
    const put = (text) => (at >= 0 && gap ? text.split(gap).join(dayTime.show(at % 1440)) : text);
    return { subject: put(mail.Subject), body: put(mail.Body), open: (mail.Open || []).filter((o) => at < 0 || o !== gap) };
  };

  const name = (mail) => [mail.Outcome, mail.Lang, mail.System].filter(Boolean).join(" · ");
  const current = () => page.plan.Mails[+find("letter").value];

  const show = () => {
    const mail = current();
    const text = filled(mail);
    const pre = find("mail").querySelector(".day-text");
    pre.lang = mail.Lang;
    pre.replaceChildren(...marked(text.subject + "\n\n" + text.body, text.open));
    find("mail").querySelector(".day-gaps").textContent = text.open.length ? page.say("mailOpen", { gaps: text.open.join(", ") }) : "";
    find("mail").querySelector(".day-copied").textContent = "";
  };

  // marked sets what is still open apart.
  const marked = (text, open) => {
    if (!open.length) return [text];
    const gap = new RegExp("(" + open.map((o) => o.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|") + ")");
    return text.split(gap).map((part, i) => (i % 2 ? Object.assign(document.createElement("mark"), { textContent: part }) : part));
  };

  const open = (letter) => {
    const i = page.plan.Mails.findIndex((m) => m.Outcome === letter && m.Lang === page.plan.Lang);
    if (i < 0) return;
    find("letter").value = i;
    show();
    find("mail").showModal();
    find("mail").querySelector('[data-do="copy"]').focus();
  };

  const copy = async (text) => {
    const said = find("mail").querySelector(".day-copied");
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = page.say("mailCopied");
    } catch { // a browser that doesn't let a page do it: the text is marked for the keyboard
      getSelection().selectAllChildren(find("mail").querySelector(".day-text"));
      said.textContent = page.say("noCopy");
    }
  };

  const start = (on, root) => {
    page = on;
    root.querySelector(".day-mails").hidden = !page.plan.Mails.length;
    root.querySelector("#day-letter").replaceChildren(...page.plan.Mails.map((m, i) => new Option(name(m) + " – " + m.Subject, i)));
    root.querySelector("#day-letter").addEventListener("change", show);
    root.querySelector('[data-do="copy"]').addEventListener("click", () => copy(filled(current()).body));
    root.querySelector('[data-do="subject"]').addEventListener("click", () => copy(filled(current()).subject));
    root.querySelectorAll("[data-mail]").forEach((b) => {
      b.disabled = !page.plan.Mails.some((m) => m.Outcome === b.dataset.mail);
      b.addEventListener("click", () => open(b.dataset.mail));
    });
  };
  return { start, open };
})();
