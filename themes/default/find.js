// Looks through all changes: on the page itself, or where the list has several
// pages through its data. Without it the pages are the whole list.
(() => {
  const box = document.getElementById("search");
  const input = document.getElementById("query");
  const said = document.getElementById("said");
  const results = document.getElementById("results");
  const all = document.getElementById("all");
  const most = 200; // rows that a person still reads
  let list; // a promise of rows: {text, show}
  let turn = 0;
  box.hidden = false;

  const onPage = () => [...all.querySelectorAll("li")].map((li) => {
    const version = li.closest("section").querySelector("h2").textContent;
    return row(li.firstChild.textContent, li.textContent, () => {
      const copy = li.cloneNode(true);
      copy.prepend(strong(version), " · ");
      return copy;
    });
  });
  const fromData = (data) => data.changes.map(([id, title, keys, first, others]) => row(id, [id, title, keys].join(" "), () => {
    const li = document.createElement("li");
    const name = (i) => data.releases[i] || box.dataset.untagged;
    li.append(strong(first < 0 ? box.dataset.gone : name(first)), " · ", strong(id), ` ${title} `);
    const more = document.createElement("code");
    more.textContent = keys;
    li.append(more);
    if (others.length) li.append(" " + box.dataset.also.replace("%", () => others.map(name).join(", ")));
    return li;
  }));
  const row = (id, text, show) => ({ words: new Set(text.toLowerCase().split(/\s+/)), text: text.toLowerCase(), id: id.toLowerCase(), show });
  const strong = (text) => Object.assign(document.createElement("b"), { textContent: text });

  const load = async () => {
    if (!box.dataset.list) return onPage();
    try {
      const answer = await fetch(box.dataset.list);
      if (!answer.ok) throw new Error(answer.statusText);
      return fromData(await answer.json());
    } catch {
      box.dataset.failed = "yes"; // a file opened from a disk may not be read
      return onPage();
    }
  };

  const search = async () => {
    const mine = ++turn;
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
      .map((w) => (/^[0-9a-f]{9,40}$/.test(w) ? w.slice(0, 8) : w));
    all.hidden = words.length > 0;
    results.hidden = words.length === 0;
    said.textContent = "";
    if (words.length === 0) return results.replaceChildren();
    list ??= load();
    const rows = await list;
    if (mine !== turn) return;
    const found = rows.filter((r) => words.every((w) => r.text.includes(w)));
    // What is called exactly so comes first: #12 before #123.
    const exact = (r) => words.every((w) => r.words.has(w));
    const shown = [...found.filter(exact), ...found.filter((r) => !exact(r))];
    results.replaceChildren(...shown.slice(0, most).map((r) => r.show()));
    const count = (found.length === 1 ? box.dataset.single : box.dataset.other).replace("%", found.length);
    said.textContent = (found.length ? count : box.dataset.nothing) + (box.dataset.failed ? ". " + box.dataset.unread : "");
  };
  input.addEventListener("input", search);
  if (input.value) search();
})();
