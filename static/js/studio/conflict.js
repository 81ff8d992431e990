// Two texts for one place: both side by side, and the choice between them.

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function side(title, text) {
  const made = element("div", "side");
  made.append(element("p", "form-label", title), element("p", "prewrap", text));
  return made;
}

export function showConflict(field, mine, theirs, message, choices, words) {
  field.box.querySelector(".conflict")?.remove();
  const panel = element("div", "conflict");
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", message);
  const sides = element("div", "sides");
  const said = (text) => field.inWords(text) || words.empty;
  sides.append(side(words.mine, said(mine)), side(words.theirs, said(theirs)));
  const buttons = element("div", "btn-row");
  for (const choice of ["keep", "take"]) {
    const button = element("button", "btn", words[choice]);
    button.type = "button";
    button.dataset.choice = choice;
    button.addEventListener("click", () => {
      panel.remove();
      field.controls[0].focus();
      choices[choice]();
    });
    buttons.append(button);
  }
  panel.append(element("p", "conflict-title", message), sides, buttons);
  field.box.append(panel);
  panel.scrollIntoView({ block: "nearest" });
}
