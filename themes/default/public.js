// Lets readers of a long release choose an area. The page is whole without it;
// its texts come from the page, so that they are in the page's language.
(() => {
  const box = document.getElementById("filter");
  if (!box) return;
  const notes = [...document.querySelectorAll(".note")];
  const sections = document.querySelectorAll(".kinds");
  const said = document.createElement("p");
  said.className = "small";
  said.setAttribute("role", "status");
  box.append(said);
  box.hidden = false;
  let area = "";

  const show = () => {
    for (const note of notes) note.hidden = area && note.dataset.area !== area;
    for (const section of sections) section.hidden = !section.querySelector(".note:not([hidden])");
    for (const button of box.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === area);
    const shown = notes.filter((note) => !note.hidden).length;
    said.textContent = area ? (shown === 1 ? box.dataset.single : box.dataset.other).replace("%", shown) : "";
  };

  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    area = area === button.value ? "" : button.value;
    show();
  });

  // A link to one note must find it whatever is chosen.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (area && target && (target.hidden || target.closest("[hidden]"))) {
      area = "";
      show();
      target.scrollIntoView();
    }
  });
})();
