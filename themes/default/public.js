// Lets readers choose a kind and an area: among the notes of a long release, and
// among the releases of the first page. The pages are whole without it; its
// texts come from the page, so that they are in the page's language.
(() => {
  const box = document.getElementById("filter");
  if (!box) return;
  const notes = [...document.querySelectorAll(".note")];
  const sections = document.querySelectorAll(".kinds");
  const releases = [...document.querySelectorAll("[data-has]")];
  const years = document.querySelectorAll(".year");
  const said = document.createElement("p");
  said.className = "small";
  said.setAttribute("role", "status");
  box.append(said);
  box.hidden = false;
  const chosen = { kind: "", area: "" };

  const fits = (kind, area) => (!chosen.kind || chosen.kind === kind) && (!chosen.area || chosen.area === area);
  const some = () => chosen.kind || chosen.area;
  const show = () => {
    for (const note of notes) note.hidden = !fits(note.closest(".kinds").dataset.kind, note.dataset.area);
    for (const section of sections) section.hidden = !section.querySelector(".note:not([hidden])");
    for (const release of releases) release.hidden = some() && !release.dataset.has.split(" ").some((pair) => fits(...pair.split(":")));
    for (const year of years) year.hidden = !year.querySelector(".row:not([hidden])");
    for (const button of box.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === chosen[button.name]);
    const shown = (releases.length ? releases : notes).filter((one) => !one.hidden).length;
    said.textContent = some() ? (shown === 1 ? box.dataset.single : box.dataset.other).replace("%", shown) : "";
  };

  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    chosen[button.name] = chosen[button.name] === button.value ? "" : button.value;
    show();
  });

  // A link to one note must find it whatever is chosen.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (some() && target && (target.hidden || target.closest("[hidden]"))) {
      chosen.kind = chosen.area = "";
      show();
      target.scrollIntoView();
    }
  });
})();
