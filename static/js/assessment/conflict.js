// Two texts for one answer: both side by side, and the choice between them.

import { lines } from "./fields.js";

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function side(title, rows) {
  const made = element("div", "side");
  made.append(element("h4", "", title));
  const list = document.createElement("dl");
  for (const [label, text] of rows) {
    const row = document.createElement("div");
    row.append(element("dt", "", label), element("dd", "prewrap", text));
    list.append(row);
  }
  made.append(list);
  return made;
}

export function showConflict(section, mine, theirs, choices, words, text) {
  section.querySelector(".conflict")?.remove();
  const panel = element("div", "conflict");
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", text);
  panel.tabIndex = -1;
  const sides = element("div", "sides");
  sides.append(side(words.mine, lines(section, mine, words)), side(words.theirs, lines(section, theirs, words)));
  const buttons = element("div", "btn-row");
  const isView = section.dataset.criterion === "conclusion";
  const offered = [["keep", words.keep], ["take", words.take], ...(isView ? [] : [["join", words.join]])];
  for (const [choice, label] of offered) {
    const button = element("button", "btn", label);
    button.type = "button";
    button.dataset.choice = choice;
    button.addEventListener("click", () => {
      panel.remove();
      section.focus();
      choices[choice]();
    });
    buttons.append(button);
  }
  panel.append(element("p", "conflict-title", text), sides, buttons);
  section.querySelector(".criterion-head").after(panel);
}
