// The day mode: the printed sheets, filled in on the screen. Every file of this
// folder is a part of one script; they meet here.
addEventListener("DOMContentLoaded", () => {
  const data = document.getElementById("day");
  const plan = dayPlan.read(data);
  const parts = document.getElementById("day-parts").content;
  document.querySelector("main").before(parts.querySelector(".day"), parts.querySelector(".day-tools"));
  document.body.append(...parts.querySelectorAll("dialog"));
  document.body.classList.add("has-day");

  let me = "";
  try {
    me = localStorage.getItem("daybreak-me") || "";
  } catch { /* then it is asked for again */ }
  const page = {
    plan,
    store: dayStore.open(plan),
    minute: () => dayTime.now(plan).minute,
    // today is the day of what the clock puts in; what is typed has none of its own.
    today: () => ({ day: dayTime.now(plan).day }),
    say: (word, gaps) => dayPlan.say(plan, word, gaps),
    warn: (text) => { document.querySelector(".day-warn").textContent = text; },
    mail: (letter) => dayMails.open(letter),
    me: () => me,
    setMe: (text) => {
      const who = text && dayFields.initials(plan, text);
      page.warn(who === undefined ? page.say("badSigns", { text }) : "");
      me = who || "";
      try {
        localStorage.setItem("daybreak-me", me);
      } catch { /* as above */ }
    },
    counted: () => {
      const sum = dayState.count(plan, page.store.facts);
      const word = (name, n) => (n === 1 ? page.say(name + "1", { n }) : page.say(name, { n }));
      return [page.say("checked", { ok: sum.ok, total: sum.total }), word("deviations", sum.deviation), page.say("blocked", { n: sum.blocked }), sum.retest ? page.say("again", { n: sum.retest }) : ""].filter(Boolean).join(", ");
    },
  };

  dayAgain.opened(plan, page.store);
  const act = dayPanel.start(page);
  dayMails.start(page, document);
  dayCell.start(document);
  const shows = [...dayRunbook.fields(page), ...dayChecklist.fields(page)];
  const show = () => {
    shows.forEach((one) => one());
    dayPanel.show();
    dayBar.show(page);
  };
  page.store.listen(show);
  show();

  // Times are computed from the clock each time, so that a lid that was closed
  // makes no difference.
  setInterval(() => dayBar.show(page), 5000);
  for (const event of ["visibilitychange", "focus", "pageshow"]) addEventListener(event, () => dayBar.show(page));

  const keys = { j: act.jump, t: act.tools, "?": act.keys, m: () => dayMails.open("A"), n: () => (dayPanel.toggle(true), document.getElementById("day-line").focus()) };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
});
