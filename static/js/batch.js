// While reports are made: fetch this page now and then and put its newest state in place of the old one.
// Without this module "Look again" does the same.
const PAUSE = 2000;
const LONGEST_PAUSE = 15_000;
let pause = PAUSE;

async function look() {
  try {
    const response = await fetch(location.href);
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-batch]");
    const shown = document.querySelector("[data-batch]");
    if (!fresh || !shown || !("running" in fresh.dataset)) {
      location.reload();
      return;
    }
    // Only what changed is replaced, so that the focus stays where it is.
    for (const selector of ["[role=status]", ".facts"]) {
      shown.querySelector(selector).replaceChildren(...fresh.querySelector(selector).childNodes);
    }
    pause = PAUSE;
  } catch {
    // The connection is gone for the moment; the next look may find it.
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
  }
  setTimeout(look, pause);
}

setTimeout(look, pause);
