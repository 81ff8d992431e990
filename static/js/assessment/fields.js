// What a section of the form says, as a plain object that can be compared, kept and put back.
// `asSent` reads what the server had put into the page instead of what stands there now.

const clean = (text) => text.replace(/\r\n?/g, "\n").trim();

function chosen(radios, asSent) {
  const radio = radios.find((each) => (asSent ? each.defaultChecked : each.checked));
  return radio ? radio.value : "";
}

function valueOf(control, asSent) {
  if (!asSent) return control.value;
  if (control.tagName !== "SELECT") return control.defaultValue;
  const option = [...control.options].find((each) => each.defaultSelected);
  return option ? option.value : "";
}

const named = (section, name) => [...section.querySelectorAll(`[name="${name}"]`)];

// A number that is typed, or the one that is chosen.
const typed = (section, name) => section.querySelector(`input[type="text"][name="${name}"]`);

// As the server keeps it: "12,50 %" is 12.5. What is no number stays as it was typed.
function numberIn(text) {
  const number = Number(text.replace("%", "").replace(",", "."));
  return text === "" || Number.isNaN(number) ? text : String(number);
}

function answerOf(section, name, asSent) {
  const field = typed(section, name);
  return field ? numberIn(clean(valueOf(field, asSent))) : chosen(named(section, name), asSent);
}

export function isConclusion(section) {
  return section.dataset.criterion === "conclusion";
}

function readConclusion(section, asSent) {
  return {
    conclusion: chosen(named(section, "conclusion"), asSent),
    reason: clean(valueOf(named(section, "conclusion-reason")[0], asSent)),
    override: clean(valueOf(named(section, "conclusion-override")[0], asSent)),
  };
}

function readSubs(section, prefix, asSent) {
  const subs = {};
  for (const text of section.querySelectorAll(`textarea[name^="${prefix}-sub-"]`)) {
    const name = text.name.slice(0, -"-text".length);
    const sub = { answer: answerOf(section, name, asSent), text: clean(valueOf(text, asSent)) };
    if (sub.answer || sub.text) subs[name.slice(`${prefix}-sub-`.length)] = sub;
  }
  return subs;
}

function readEvidence(section, asSent) {
  const rows = [...section.querySelectorAll("[data-row]")].map((row) => ({
    document: valueOf(row.querySelector("select"), asSent),
    page: clean(valueOf(row.querySelector("input"), asSent)),
    quote: clean(valueOf(row.querySelector("textarea"), asSent)),
  }));
  return rows.filter((row) => row.document || row.page || row.quote);
}

export function read(section, asSent = false) {
  if (isConclusion(section)) return readConclusion(section, asSent);
  const prefix = `c${section.dataset.criterion}`;
  return {
    answer: chosen(named(section, `${prefix}-answer`), asSent),
    rationale: clean(valueOf(named(section, `${prefix}-rationale`)[0], asSent)),
    subs: readSubs(section, prefix, asSent),
    evidence: readEvidence(section, asSent),
  };
}

// The same shape out of what the server says is stored.
export function fromServer(fields) {
  if ("conclusion" in fields) return { ...fields };
  const subs = Object.entries(fields.subs)
    .filter(([, sub]) => sub.answer || sub.text)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    answer: fields.answer,
    rationale: fields.rationale,
    subs: Object.fromEntries(subs),
    evidence: fields.evidence.map((row) => ({ document: String(row.document), page: row.page, quote: row.quote })),
  };
}

export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// As a form would post it.
export function encode(section, said, revision, isJoin) {
  const data = new URLSearchParams();
  if (isConclusion(section)) {
    data.set("conclusion-revision", revision);
    data.set("conclusion", said.conclusion);
    data.set("conclusion-reason", said.reason);
    data.set("conclusion-override", said.override);
    return data;
  }
  const prefix = `c${section.dataset.criterion}`;
  data.set(`${prefix}-revision`, revision);
  data.set(`${prefix}-answer`, said.answer);
  data.set(`${prefix}-rationale`, said.rationale);
  for (const [key, sub] of Object.entries(said.subs)) {
    data.set(`${prefix}-sub-${key}`, sub.answer);
    data.set(`${prefix}-sub-${key}-text`, sub.text);
  }
  for (const row of said.evidence) {
    data.append(`${prefix}-document`, row.document);
    data.append(`${prefix}-page`, row.page);
    data.append(`${prefix}-quote`, row.quote);
  }
  if (isJoin) data.set(`${prefix}-choice`, "both");
  return data;
}

function choose(section, name, value) {
  const field = typed(section, name);
  if (field) field.value = value;
  for (const radio of named(section, name)) radio.checked = radio.value === value;
}

function setText(section, name, value) {
  named(section, name)[0].value = value;
}

// One more empty row of evidence; returns it.
export function addRow(section) {
  const rows = section.querySelectorAll("[data-row]");
  const row = rows[rows.length - 1].cloneNode(true);
  for (const control of row.querySelectorAll("select, input, textarea")) control.value = "";
  rows[rows.length - 1].after(row);
  return row;
}

function fillEvidence(section, rows) {
  const existing = section.querySelectorAll("[data-row]").length;
  for (let count = existing; count < rows.length + 1; count += 1) addRow(section);
  [...section.querySelectorAll("[data-row]")].forEach((row, index) => {
    const said = rows[index] ?? { document: "", page: "", quote: "" };
    row.querySelector("select").value = said.document;
    row.querySelector("input").value = said.page;
    row.querySelector("textarea").value = said.quote;
  });
}

// Put what `said` holds into the page.
export function fill(section, said) {
  if (isConclusion(section)) {
    choose(section, "conclusion", said.conclusion);
    setText(section, "conclusion-reason", said.reason);
    setText(section, "conclusion-override", said.override);
    return;
  }
  const prefix = `c${section.dataset.criterion}`;
  choose(section, `${prefix}-answer`, said.answer);
  setText(section, `${prefix}-rationale`, said.rationale);
  for (const text of section.querySelectorAll(`textarea[name^="${prefix}-sub-"]`)) {
    const name = text.name.slice(0, -"-text".length);
    const sub = said.subs[name.slice(`${prefix}-sub-`.length)] ?? { answer: "", text: "" };
    choose(section, name, sub.answer);
    text.value = sub.text;
  }
  fillEvidence(section, said.evidence);
  for (const fold of section.querySelectorAll("details")) {
    const holdsText = [...fold.querySelectorAll("textarea")].some((text) => text.value);
    if (holdsText || fold.querySelector("input:checked:not([value=''])")) fold.open = true;
  }
}

function labelOf(section, name, value) {
  if (typed(section, name)) return value && `${value} %`;
  const radio = named(section, name).find((each) => each.value === value && value);
  return radio ? radio.closest("label").querySelector(".choice-label").textContent.trim() : "";
}

// In words, as [label, text], to lay one beside the other.
export function lines(section, said, words) {
  if (isConclusion(section)) {
    const view = labelOf(section, "conclusion", said.conclusion) || words.none;
    return [[words.answer, view], [words.reason, [said.reason, said.override].filter(Boolean).join("\n\n") || "–"]];
  }
  const prefix = `c${section.dataset.criterion}`;
  const rows = [[words.answer, labelOf(section, `${prefix}-answer`, said.answer) || words.none]];
  for (const [key, sub] of Object.entries(said.subs)) {
    const label = labelOf(section, `${prefix}-sub-${key}`, sub.answer);
    rows.push([key, [label, sub.text].filter(Boolean).join(" – ")]);
  }
  rows.push([words.reason, said.rationale || "–"]);
  for (const row of said.evidence) {
    const option = [...section.querySelectorAll("[data-row] option")].find((each) => each.value === row.document);
    const name = row.document && option ? option.textContent : "";
    rows.push([words.place, [name, row.page, row.quote].filter(Boolean).join(", ")]);
  }
  return rows;
}
