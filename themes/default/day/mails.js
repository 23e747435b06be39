// The mails, ready to copy. They were written before the day; only the time is
// left open, and is filled in from what was ticked.
const dayMails = (() => {
  const find = (id) => document.getElementById("day-" + id);
  let page;

  // done is when the reader's system was ready, or every one where the text fits
  // all: the end of the rollout, of a hotfix, or of taking it back.
  const done = (mail) => {
    const facts = Object.entries(page.store.facts);
    const latest = (list) => Math.max(-1, ...list.map((f) => Math.max(f.from ?? f.at ?? -1, f.to ?? -1)));
    if (mail.Outcome === "E") return latest(facts.filter(([k, f]) => k.startsWith("hotfix/") && (!mail.For || !f.systems.length || f.systems.includes(mail.For))).map(([, f]) => f));
    if (mail.Outcome === "C") return latest(facts.filter(([k, f]) => f.back && (!mail.For || k.split("/")[1] === mail.For)).map(([, f]) => f));
    return dayState.ended(page.plan, page.store.facts, page.plan.rollout, mail.For);
  };

  const filled = (mail) => {
    const at = done(mail);
    const gap = page.plan.Gaps[mail.Lang];
    const put = (text) => (at >= 0 && gap ? text.split(gap).join(dayTime.show(at % 1440)) : text);
    return { subject: put(mail.Subject), body: put(mail.Body), open: (mail.Open || []).filter((o) => at < 0 || o !== gap) };
  };

  const name = (mail) => [mail.Outcome, mail.For, mail.Lang].filter(Boolean).join(" · ");
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
    const fitting = [...page.plan.Mails.entries()].filter(([, m]) => m.Outcome === letter);
    if (!fitting.length) return;
    find("letter").replaceChildren(...fitting.map(([i, m]) => new Option(name(m) + " – " + m.Subject, i)));
    find("letter").value = (fitting.find(([, m]) => m.Lang === page.plan.Lang && !m.For) || fitting[0])[0];
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
