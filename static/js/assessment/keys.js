// Keys: digits choose, j and k move, s saves, ? lists them. Never while somebody is writing.

function isWriting(target) {
  return target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])") !== null;
}

export function startKeys({ root, sections, current, goTo, saveNow }) {
  const dialog = document.querySelector("[data-keys]");
  const opener = document.querySelector("[data-open-keys]");
  const choice = dialog.querySelector("[data-keys-on]");

  function step(by) {
    const index = sections.indexOf(current());
    const next = sections[Math.min(sections.length - 1, Math.max(0, index + by))];
    if (next) goTo(next);
  }

  function choose(digit) {
    const section = current();
    const radio = section && section.querySelector(`input[data-digit="${digit}"]`);
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  const moves = {
    j: () => step(1),
    n: () => step(1),
    k: () => step(-1),
    p: () => step(-1),
    s: () => saveNow(),
    r: () => current()?.querySelector(".rationale textarea, #conclusion-reason")?.focus(),
    "?": () => dialog.showModal(),
  };

  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  choice.addEventListener("change", () => {
    root.dataset.shortcuts = choice.checked ? "1" : "0";
    const data = new URLSearchParams({ on: root.dataset.shortcuts });
    import("./server.js").then(({ post }) => post(root.dataset.shortcutsUrl, data));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
    if (event.key === "Escape" && isWriting(event.target) && event.target.closest("[data-criterion]")) {
      event.target.closest("[data-criterion]").focus();
      return;
    }
    if (root.dataset.shortcuts !== "1" || isWriting(event.target)) return;
    if (/^\d$/.test(event.key) ? choose(event.key) : moves[event.key]) {
      event.preventDefault();
      moves[event.key]?.();
    }
  });
}
