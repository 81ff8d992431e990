// The pages of a draft with scripts. Without them every button does the same by a page load.

import { localClocks, Notes } from "../assessment/notes.js";
import { Store } from "../assessment/store.js";
import { showConflict } from "./conflict.js";
import { Field } from "./field.js";
import { Order } from "./order.js";

const root = document.querySelector("[data-studio]");
const form = root.querySelector("[data-form]");
const words = {};
for (const [key, text] of Object.entries(root.dataset)) {
  if (key.startsWith("words")) words[key[5].toLowerCase() + key.slice(6)] = text;
}
const notes = new Notes(root, words);
const store = new Store(root.dataset.user, `instrument-${root.dataset.draft}`);
const preview = root.querySelector("[data-preview]");
const extra = () => (preview ? { preview: root.dataset.previewKey } : {});

function refused(field, text) {
  field.box.querySelector(".refused")?.remove();
  const note = document.createElement("p");
  note.className = "problem refused";
  note.setAttribute("role", "alert");
  note.textContent = `${words.refused} ${text}`;
  field.box.append(note);
}

function show(body) {
  notes.hideBanner();
  root.querySelector("[data-undo]").innerHTML = body.undo;
  const renumber = root.querySelector("[data-renumber]");
  if (renumber) renumber.hidden = !body.is_out_of_order;
  if (preview && body.preview) preview.innerHTML = body.preview;
}

const page = {
  saved(field, body) {
    const saved = field.box.querySelector("[data-saved]");
    saved.innerHTML = body.saved;
    localClocks(saved);
    show(body);
    notes.announce(saved.textContent);
    for (const other of fields) if (other !== field && other.wait && other.isDirty) other.changed(0);
    // Other fields are offered now, or others had to change with it.
    if ("reloads" in field.box.dataset || body.also.length) reloadAt(field);
  },
  ordered(body) {
    show(body);
  },
  problem(outcome, body, field) {
    if (outcome === "refused" && field) refused(field, body.message);
    else if (["refused", "closed", "conflict"].includes(outcome)) {
      notes.showBanner(outcome, body.message);
      notes.announce(body.message);
    } else if (outcome === "signed-out") {
      const back = encodeURIComponent(location.pathname);
      notes.showBanner("signed-out", words.out, `${body.login_url}?next=${back}`);
    } else notes.showBanner(outcome, outcome === "offline" ? words.offline : words.failed);
  },
  conflict(field, mine, theirs, message, choices) {
    showConflict(field, mine, theirs, message ?? words.theirs, choices, words);
    notes.announce(message ?? words.theirs);
  },
  restored() {
    notes.announce(words.restored);
  },
  moved(row, place, total) {
    const title = row.querySelector("[data-name]").textContent.trim();
    const said = { title, place, total };
    notes.announce(words.moved.replace(/%\((\w+)\)s/g, (_all, name) => said[name]));
  },
  changed() {
    const all = [...fields, ...orders];
    const isSending = all.some((each) => each.isSending);
    const isDirty = all.some((each) => each.isDirty);
    notes.showState(isSending ? words.saving : isDirty ? words.typed : words.saved);
  },
};

const shared = { url: root.dataset.url, store, page, extra };
const orders = [...root.querySelectorAll("[data-sortable]")].map((list) => new Order(list, shared));
const fields = [...root.querySelectorAll("[data-field]")].map((box) => new Field(box, shared));
const fieldOf = (target) => fields.find((field) => field.box === target.closest("[data-field]"));
const saveAll = (options) => Promise.all([...fields, ...orders].map((each) => each.save(options)));
const isBusy = () => [...fields, ...orders].some((each) => each.isSending);
const isDirty = () => [...fields, ...orders].some((each) => each.isDirty);

async function settled() {
  await saveAll();
  while (isBusy()) await new Promise((resolve) => setTimeout(resolve, 50));
  return !isDirty();
}

async function reloadAt(field) {
  if (!(await settled())) return;
  history.replaceState(null, "", `#${field.path.replaceAll("/", "-")}`);
  location.reload();
}

root.addEventListener("input", (event) => fieldOf(event.target)?.changed());
root.addEventListener("change", (event) => fieldOf(event.target)?.changed(0));
root.addEventListener("focusout", (event) => {
  const field = fieldOf(event.target);
  if (field?.isDirty) field.changed(0);
});

// Adding, copying, removing and undoing show another page; first all that was typed is saved.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const pressed = event.submitter?.value ?? "save";
  const isSaved = await settled();
  if (pressed === "save" || !isSaved) return;
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = "do";
  hidden.value = pressed;
  form.append(hidden);
  form.submit();
});

window.addEventListener("online", () => {
  if (notes.banner.dataset.kind === "offline") notes.hideBanner();
  saveAll();
});
window.addEventListener("offline", () => notes.showBanner("offline", words.offline));
window.addEventListener("focus", () => saveAll());
for (const leaving of ["pagehide", "visibilitychange"]) {
  window.addEventListener(leaving, () => saveAll({ keepalive: true }), { capture: true });
}
window.addEventListener("beforeunload", (event) => {
  // Kept in the browser, it comes back; only a browser without memory has to ask.
  if (!store.works && isDirty()) event.preventDefault();
});

// A link to a place leads to its field, ready to be written in.
function goToPlace() {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (!target) return;
  const fold = target.closest("details");
  if (fold) fold.open = true;
  const control = target.matches("fieldset") ? (target.querySelector(":checked") ?? target) : target;
  control.focus();
  target.scrollIntoView({ block: "center" });
}

root.classList.add("has-script");
for (const field of fields) field.restore();
page.changed();
goToPlace();
window.addEventListener("hashchange", goToPlace);
