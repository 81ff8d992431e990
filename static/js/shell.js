// Small conveniences of the shell. Every page works without them.

// Menus: close on Escape (focus goes back to the button), on a click elsewhere, and when another opens.
const menus = document.querySelectorAll("details[data-menu]");

function closeMenus(except) {
  for (const menu of menus) {
    if (menu !== except) menu.open = false;
  }
}

for (const menu of menus) {
  menu.addEventListener("toggle", () => {
    if (menu.open) closeMenus(menu);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details[data-menu]"));
});

// Demo accounts: a click on an address fills in the sign-in form.
for (const button of document.querySelectorAll("button[data-fill]")) {
  button.addEventListener("click", () => {
    document.querySelector("[name=login]").value = button.dataset.fill;
    const secret = document.querySelector("[name=password]");
    secret.value = button.dataset.secret;
    secret.focus();
  });
}

// On a phone the tabs are one row that is pushed along: begin where the reader is.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.parentElement;
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

// A confirmation that stays in sight after a jump to a section can be put away.
for (const box of document.querySelectorAll("[data-messages]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-small btn-quiet messages-close";
  button.textContent = box.dataset.messages;
  button.addEventListener("click", () => box.remove());
  box.append(button);
}

// A form with mistakes: begin at their summary.
document.querySelector("[data-autofocus]")?.focus();

// Signing out takes along what was typed and not saved: the next person may use the same browser.
for (const form of document.querySelectorAll("form[action*='/logout/']")) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("screening:draft:")) localStorage.removeItem(key);
    }
  });
}
