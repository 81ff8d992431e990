// What the page offers is the report that is shown. Once something else is chosen it steps back until that one is
// shown, so that nobody takes the report with names who chose the one without.
const choice = document.querySelector("form[data-report-choice]");
const offered = document.querySelector(".page-actions");

function isShown(select) {
  const shown = [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
  return select.value === shown.value;
}

function follow() {
  const same = [...choice.querySelectorAll("select")].every(isShown);
  offered.hidden = !same;
  choice.querySelector("button").classList.toggle("btn-primary", !same);
}

if (choice && offered) {
  choice.addEventListener("change", follow);
  // A browser that comes back to the page may bring the choice along.
  addEventListener("pageshow", follow);
}
