// The assessment form with scripts. Without them every button of the form does the same by a page load.

import { startCiting } from "./cite.js";
import { showConflict } from "./conflict.js";
import { addRow } from "./fields.js";
import { startKeys } from "./keys.js";
import { localClocks, Notes } from "./notes.js";
import { startDivider, startReader, startSwitch } from "./panes.js";
import { Saver } from "./saver.js";
import { Store } from "./store.js";

const root = document.querySelector("[data-assess]");
const form = root.querySelector("[data-form]");
const words = {};
for (const [key, text] of Object.entries(root.dataset)) {
  if (key.startsWith("words")) words[key[5].toLowerCase() + key.slice(6)] = text;
}
const notes = new Notes(root, words);
const store = new Store(root.dataset.user, root.dataset.assessment);
const sections = [...root.querySelectorAll("[data-criterion]")];

// -- Saving ---------------------------------------------------------------------------------

const page = {
  saved(saver, body) {
    notes.hideBanner();
    notes.afterSave(saver.section, body);
    notes.announce(saver.section.querySelector("[data-saved]").textContent);
    for (const other of savers) if (other !== saver && other.wait && other.isDirty) other.changed(0);
  },
  problem(outcome, body, saver) {
    if (outcome === "refused") notes.refused(saver.section, body.message);
    else if (outcome === "closed") notes.showBanner("closed", body.message);
    else if (outcome === "signed-out") {
      const back = encodeURIComponent(location.pathname);
      notes.showBanner("signed-out", words.out, `${body.login_url}?next=${back}`);
    } else notes.showBanner(outcome, outcome === "offline" ? words.offline : words.failed);
  },
  conflict(saver, mine, theirs, choices) {
    showConflict(saver.section, mine, theirs, choices, words, words.clash);
    notes.announce(words.clash);
  },
  restored() {
    notes.announce(words.restored);
  },
  changed() {
    const isSending = savers.some((saver) => saver.isSending);
    const isDirty = savers.some((saver) => saver.isDirty);
    notes.showState(isSending ? words.saving : isDirty ? words.typed : words.saved);
  },
};

const savers = sections.map((section) => new Saver(section, store, page));
const saverOf = (section) => savers[sections.indexOf(section)];

function saveAll(options) {
  return Promise.all(savers.map((saver) => saver.save(options)));
}

form.addEventListener("input", (event) => {
  const section = event.target.closest("[data-criterion]");
  if (section) saverOf(section).changed();
});
form.addEventListener("change", (event) => {
  const section = event.target.closest("[data-criterion]");
  if (section) saverOf(section).changed(0);
  const undo = section?.querySelector("[data-clear]");
  if (undo) undo.hidden = !section.querySelector(".choices input:checked");
});
form.addEventListener("focusout", (event) => {
  const section = event.target.closest("[data-criterion]");
  if (section && saverOf(section).isDirty) saverOf(section).changed(0);
});

// Buttons that need no page load here; the last three leave the page once all is saved.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const word = event.submitter?.value.split(":")[0] ?? "save";
  await saveAll();
  if (word !== "submit" && word !== "next") return;
  // One that was on its way when the button was pressed.
  while (savers.some((saver) => saver.isSending)) await new Promise((resolve) => setTimeout(resolve, 50));
  if (savers.some((saver) => saver.isDirty)) return;
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = "do";
  hidden.value = word;
  form.append(hidden);
  form.submit();
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-clear], [data-add-evidence], [data-remove-evidence]");
  if (!button) return;
  event.preventDefault();
  const section = button.closest("[data-criterion]");
  if ("clear" in button.dataset) clearAnswer(section, button);
  else if ("addEvidence" in button.dataset) addRow(section).querySelector("select").focus();
  else removeRow(section, button.closest("[data-row]"));
  saverOf(section).changed(0);
});

function clearAnswer(section, button) {
  for (const radio of section.querySelectorAll(".choices input")) radio.checked = false;
  button.hidden = true;
  section.querySelector(".choices input").focus();
}

function removeRow(section, row) {
  if (section.querySelectorAll("[data-row]").length === 1) addRow(section);
  row.remove();
  section.querySelector("[data-add-evidence]").focus();
}

window.addEventListener("online", () => {
  if (notes.banner.dataset.kind === "offline") notes.hideBanner();
  saveAll();
});
window.addEventListener("focus", () => saveAll());
for (const leaving of ["pagehide", "visibilitychange"]) {
  window.addEventListener(leaving, () => saveAll({ keepalive: true }), { capture: true });
}
window.addEventListener("offline", () => notes.showBanner("offline", words.offline));
window.addEventListener("beforeunload", (event) => {
  // Kept in the browser, it comes back; only a browser without memory has to ask.
  if (!store.works && savers.some((saver) => saver.isDirty)) event.preventDefault();
});

// -- Where she is ---------------------------------------------------------------------------

let current = root.querySelector("[data-current]");

function setCurrent(section) {
  if (section === current) return;
  current?.removeAttribute("data-current");
  current = section;
  section.setAttribute("data-current", "");
}

const showPane = startSwitch(root);

function goTo(section) {
  showPane("instrument");
  setCurrent(section);
  section.focus({ preventScroll: true });
  section.scrollIntoView({ block: "start" });
}

for (const section of sections) {
  section.tabIndex = -1;
  section.addEventListener("focusin", () => setCurrent(section));
}
root.addEventListener("click", (event) => {
  const section = event.target.closest("[data-criterion]");
  if (section) setCurrent(section);
  const link = event.target.closest("[data-goto]");
  if (!link) return;
  event.preventDefault();
  goTo(root.querySelector(`#c-${link.dataset.goto}`));
});

// -- Start ----------------------------------------------------------------------------------

root.classList.add("has-script");
localClocks(root);
startDivider(root);
startReader(root);
startCiting({
  root,
  current: () => current,
  done(section, row) {
    goTo(section);
    row.scrollIntoView({ block: "center" });
    row.querySelector("textarea").focus({ preventScroll: true });
    saverOf(section).changed(0);
    notes.announce(words.cited);
  },
});
startKeys({ root, sections, current: () => current, goTo, saveNow: () => saveAll() });
for (const saver of savers) saver.restore();
page.changed();
if (location.hash.startsWith("#c-")) {
  const section = root.querySelector(`#${CSS.escape(location.hash.slice(1))}`);
  if (section) goTo(section);
} else if (current && current !== sections[0]) {
  current.scrollIntoView({ block: "start" });
}
