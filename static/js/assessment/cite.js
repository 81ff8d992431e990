// A page or a passage that was marked in the document beside the form becomes evidence.

import { addRow } from "./fields.js";

function emptyRow(section) {
  const rows = [...section.querySelectorAll("[data-row]")];
  const isEmpty = (row) => [...row.querySelectorAll("select, input, textarea")].every((control) => !control.value);
  return rows.find(isEmpty) ?? addRow(section);
}

// `current()` is the section it belongs to; `done(section, row)` hears of every new piece of evidence.
export function startCiting({ root, current, done }) {
  const frame = root.querySelector("[data-reader-frame]");
  if (!frame) return;
  window.addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.source !== frame.contentWindow) return;
    if (event.data?.type !== "screening:cite") return;
    const section = current();
    if (!section?.querySelector("[data-evidence]")) return;
    const row = emptyRow(section);
    row.querySelector("select").value = String(event.data.document);
    row.querySelector("input").value = String(event.data.page ?? "").slice(0, 60);
    row.querySelector("textarea").value = String(event.data.quote ?? "");
    section.querySelector("details.evidence").open = true;
    done(section, row);
  });
}
