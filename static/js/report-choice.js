// What the page offers is the report that is shown. Once something else is chosen it steps back until that one is
// made, so that nobody takes the report with names who chose the one without.
const choice = document.querySelector("form[data-report-choice]");
const offered = document.querySelector(".page-actions");
const make = choice?.querySelector("button");
const wasPrimary = make?.classList.contains("btn-primary");

function isShown(select) {
  const shown = [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
  return select.value === shown.value;
}

function follow() {
  const same = [...choice.querySelectorAll("select")].every(isShown);
  offered.hidden = !same;
  make.classList.toggle("btn-primary", wasPrimary || !same);
}

if (choice && offered) {
  choice.addEventListener("change", follow);
  // A browser that comes back to the page may bring the choice along.
  addEventListener("pageshow", follow);
}
