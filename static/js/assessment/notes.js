// Says what goes on: the banner, the state in the top bar, the hints beside a section.

export class Notes {
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.banner = root.querySelector("[data-banner]");
    this.announcer = root.querySelector("[data-announce]");
    this.state = document.querySelector("[data-save-state]");
  }

  announce(text) {
    this.announcer.textContent = text;
  }

  showState(text) {
    if (this.state.textContent !== text) this.state.textContent = text;
  }

  // `kind` names why the banner stands there, so that only its end takes it away.
  showBanner(kind, text, link) {
    if (this.banner.dataset.kind === kind && !link) return;
    this.banner.dataset.kind = kind;
    this.banner.replaceChildren(document.createTextNode(text));
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.target = "_blank";
      anchor.rel = "noopener";
      anchor.textContent = this.words.signIn;
      this.banner.append(" ", anchor);
    }
    this.banner.hidden = false;
  }

  hideBanner() {
    this.banner.hidden = true;
    delete this.banner.dataset.kind;
  }

  // Everything the server said after a save of one section.
  afterSave(section, body) {
    const saved = section.querySelector("[data-saved]");
    saved.innerHTML = body.saved;
    localClocks(saved);
    section.querySelector(".unsaved")?.remove();
    section.querySelector(".refused")?.remove();
    if (!("mark" in body)) return;
    section.querySelector("[data-mark]").innerHTML = body.mark;
    const derived = section.querySelector("[data-derived]");
    if (derived) derived.textContent = body.derived;
    for (const hint of section.querySelectorAll("[data-problem]")) {
      hint.textContent = body.problems[hint.dataset.problem] ?? "";
    }
    for (const [pk, html] of Object.entries(body.bearing)) {
      const beside = this.root.querySelector(`#c-${pk} [data-bearing]`);
      if (beside) beside.innerHTML = html;
    }
    this.#progress(body.progress);
    this.root.querySelector("[data-override]").classList.toggle("override-quiet", !body.blocks);
  }

  #progress(html) {
    const bar = this.root.querySelector("[data-progress]");
    const wasOpen = bar.querySelector("details").open;
    const focused = bar.contains(document.activeElement) ? document.activeElement.dataset.goto : null;
    bar.innerHTML = html;
    bar.querySelector("details").open = wasOpen;
    if (focused) bar.querySelector(`[data-goto="${focused}"]`)?.focus();
  }

  refused(section, text) {
    section.querySelector(".refused")?.remove();
    const note = document.createElement("p");
    note.className = "problem refused";
    note.setAttribute("role", "alert");
    note.textContent = `${this.words.refused} ${text}`;
    section.querySelector(".criterion-foot").before(note);
  }
}

// The server writes its own time; the reader's clock may be in another zone.
export function localClocks(within) {
  for (const time of within.querySelectorAll("[data-clock]")) {
    const at = new Date(time.dateTime);
    const two = (number) => String(number).padStart(2, "0");
    time.textContent = `${two(at.getHours())}:${two(at.getMinutes())}`;
  }
}
