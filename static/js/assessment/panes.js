// The two parts of the page: their width, which one a phone shows, and the documents in the first.

const LEAST = 20;
const MOST = 70;

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The page works without a memory.
  }
}

export function startDivider(root) {
  const divider = root.querySelector("[data-divider]");

  function setWidth(percent) {
    const width = Math.round(Math.min(MOST, Math.max(LEAST, percent)));
    root.style.setProperty("--split", `${width}%`);
    divider.setAttribute("aria-valuenow", String(width));
    divider.setAttribute("aria-valuetext", `${width} %`);
    return width;
  }

  const now = () => Number(divider.getAttribute("aria-valuenow"));
  const setAndKeep = (percent) => remember("screening:split", String(setWidth(percent)));

  divider.hidden = false;
  setWidth(Number(remembered("screening:split")) || now());

  divider.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: now() - 2, ArrowRight: now() + 2, Home: LEAST, End: MOST };
    if (!(event.key in steps)) return;
    event.preventDefault();
    setAndKeep(steps[event.key]);
  });
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    // The frame of a document would swallow the movement.
    root.classList.add("is-moving");
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const box = root.getBoundingClientRect();
    setWidth(((event.clientX - box.left) / box.width) * 100);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    divider.addEventListener(end, () => {
      root.classList.remove("is-moving");
      remember("screening:split", String(now()));
    });
  }
}

export function startSwitch(root) {
  const links = [...root.querySelectorAll("[data-pane]")];

  function show(name) {
    root.dataset.shown = name;
    for (const link of links) {
      if (link.dataset.pane === name) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link.dataset.pane);
      root.querySelector(`[data-pane-body="${link.dataset.pane}"]`).focus({ preventScroll: true });
    });
  }
  show("instrument");
  return show;
}

export function startReader(root) {
  const links = [...root.querySelectorAll("[data-reader]")];
  const facts = root.querySelector("[data-reader-facts]");
  const frame = root.querySelector("[data-reader-frame]");
  const key = `screening:reader:${root.dataset.assessment}`;

  function show(link) {
    const isFacts = link.dataset.reader === "facts";
    for (const each of links) {
      if (each === link) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    facts.hidden = !isFacts;
    if (frame) {
      frame.hidden = isFacts;
      if (!isFacts && frame.getAttribute("src") !== link.getAttribute("href")) frame.src = link.href;
    }
    remember(key, link.dataset.reader);
  }

  root.classList.add("has-tabs");
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link);
    });
  }
  const last = remembered(key);
  show(links.find((link) => link.dataset.reader === last) ?? links[0]);
}
