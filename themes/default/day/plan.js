// What can be filled in, as the page says it in its JSON.
const dayPlan = (() => {
  const split = (code) => {
    const m = /^(\p{L}+)0*(\d+)$/u.exec(code);
    return m ? [m[1].toUpperCase(), +m[2]] : ["", 0];
  };
  const same = (a, b) => {
    const [la, na] = split(a);
    const [lb, nb] = split(b);
    return a.toLowerCase() === b.toLowerCase() || (la !== "" && la === lb && na === nb);
  };

  const read = (element) => {
    const plan = JSON.parse(element.textContent);
    for (const list of ["Steps", "Rows", "Systems", "Initials", "Ladder", "Mails", "Hotfixes"]) plan[list] ??= [];
    for (const step of plan.Steps) {
      for (const list of ["Roles", "Systems", "Boxes"]) step[list] ??= [];
      step.start = dayTime.read(step.Start);
      step.end = Math.max(dayTime.read(step.End), step.start);
      step.limit = step.Latest ? dayTime.read(step.Latest) : dayTime.read((step.Threshold || "").split(" ")[0]);
    }
    for (const row of plan.Rows) {
      row.Systems ??= [];
      row.Areas ??= [];
    }
    for (const h of plan.Hotfixes) h.Areas ??= [];
    const perSystem = plan.Steps.filter((s) => s.Kind === "step" && s.Systems.length);
    plan.database = perSystem[0]; // what the delay ladder is about
    plan.rollout = perSystem.at(-1); // after it a system runs the new version
    plan.step = (code) => plan.Steps.find((s) => same(s.Code, code));
    // V07 means row C07 where no step is called so: people call what they verify so.
    plan.row = (code) => plan.Rows.find((r) => same(r.Code, code)) || (split(code)[0] === "V" ? plan.Rows.find((r) => same(r.Code, "C" + split(code)[1])) : undefined);
    plan.system = (id) => plan.Systems.find((s) => s.ID.toLowerCase() === id.toLowerCase());
    plan.today = (ids) => ids.filter((id) => plan.system(id)?.Today);
    return plan;
  };

  // say fills the gaps of one of the page's texts.
  const say = (plan, word, gaps = {}) => plan.Words[word].replace(/\{(\w+)\}/g, (_, gap) => gaps[gap] ?? "");

  return { read, say, split };
})();
