// Ticking rows of a list: says how many are ticked, and adds a box that ticks the whole page.
// Without this module the boxes and the button work all the same.

for (const form of document.querySelectorAll("form[data-selection]")) {
  const boxes = [...form.querySelectorAll("input.row-select")];
  const said = form.querySelector("[data-selection-count]");
  const head = form.querySelector("thead th");
  if (!boxes.length || !said || !head) continue;

  const all = document.createElement("input");
  all.type = "checkbox";
  all.className = "row-select";
  all.setAttribute("aria-label", form.dataset.all);
  head.replaceChildren(all);

  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    said.textContent = count ? form.dataset.selected.replace("{n}", count) : "";
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  form.addEventListener("change", tell);
  tell();
}
