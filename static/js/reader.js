// The reader of documents. Without this script every page can be read, searched and gone to;
// with it the page number follows the reader, sizes change at once, and a page can be cited.

const reader = document.querySelector(".reader");
const waiting = document.querySelector("[data-waiting]");
if (waiting) lookAgain(waiting);
if (reader?.querySelector(".doc-page")) {
  followPages();
  changeSizes();
  if (window.parent !== window && "embedded" in reader.dataset) offerCiting();
}

// -- While pages are being prepared -----------------------------------------------------------

function lookAgain(section) {
  const bar = section.querySelector("progress");
  const words = section.querySelector(".progress-line span");
  let pause = 1500;

  async function look() {
    try {
      const response = await fetch(section.dataset.waiting, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) return;
      const state = await response.json();
      if (state.reading !== "waiting") {
        location.reload();
        return;
      }
      if (bar && state.made !== bar.value) {
        words.textContent = words.textContent.replace(/\d+/, state.made);
        bar.value = state.made;
      }
    } catch {
      // The connection is gone for the moment; the next look may find it.
    }
    pause = Math.min(pause * 1.2, 10000);
    setTimeout(look, pause);
  }
  setTimeout(look, pause);
}

// -- Where the reader is ------------------------------------------------------------------------

function followPages() {
  const field = document.getElementById("doc-go");
  const place = `reader:${reader.dataset.document}`;
  const pages = [...reader.querySelectorAll(".doc-page")];
  const inView = new Set();

  const wanted = new URLSearchParams(location.search).get("page");
  const known = sessionStorage.getItem(place);
  // Without moving the focus: in a frame that would take it from somebody who is writing.
  if (!location.hash && wanted) pageNumbered(wanted)?.scrollIntoView();
  else if (!location.hash && known && known !== "1" && "embedded" in reader.dataset) {
    pageNumbered(known)?.scrollIntoView();
  }

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) inView.add(entry.target);
        else inView.delete(entry.target);
      }
      const current = pages.find((page) => inView.has(page));
      if (!current) return;
      if (document.activeElement !== field) field.value = current.dataset.page;
      sessionStorage.setItem(place, current.dataset.page);
    },
    { rootMargin: "-25% 0px -50% 0px" },
  );
  for (const page of pages) watcher.observe(page);

  // A page that is here already needs no trip to the server.
  field.form.addEventListener("submit", (event) => {
    const page = pageNumbered(field.value.trim());
    if (!page) return;
    event.preventDefault();
    page.scrollIntoView();
    page.focus({ preventScroll: true });
  });
}

function pageNumbered(number) {
  return /^\d+$/.test(number) ? document.getElementById(`page-${Number(number)}`) : null;
}

// -- Size of the pages --------------------------------------------------------------------------

function changeSizes() {
  const choices = [...reader.querySelectorAll("[data-zoom-choice]")];
  const kept = sessionStorage.getItem("reader:zoom");
  if (kept && !new URLSearchParams(location.search).has("zoom")) choose(kept);

  for (const choice of choices) {
    choice.addEventListener("click", (event) => {
      event.preventDefault();
      choose(choice.dataset.zoomChoice);
      sessionStorage.setItem("reader:zoom", choice.dataset.zoomChoice);
    });
  }

  function choose(zoom) {
    if (!choices.some((choice) => choice.dataset.zoomChoice === zoom)) return;
    reader.dataset.zoom = zoom;
    for (const choice of choices) {
      if (choice.dataset.zoomChoice === zoom) choice.setAttribute("aria-current", "true");
      else choice.removeAttribute("aria-current");
    }
  }
}

// -- Citing: tell the assessment form around this frame -----------------------------------------

function offerCiting() {
  let quote = { page: null, text: "" };

  // A click on the button may clear the selection, so it is remembered before.
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const text = selection.toString().replace(/\s+/g, " ").trim().slice(0, 2000);
    const node = selection.anchorNode;
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    const inText = element?.closest(".doc-text, .doc-grid");
    if (text && inText) quote = { page: inText.closest(".doc-page"), text };
    else if (!document.activeElement?.matches("[data-cite]")) quote = { page: null, text: "" };
  });

  for (const button of reader.querySelectorAll("[data-cite]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const here = quote.page === button.closest(".doc-page");
      window.parent.postMessage(
        {
          type: "screening:cite",
          document: Number(reader.dataset.document),
          page: button.dataset.cite,
          quote: here ? quote.text : "",
        },
        location.origin,
      );
    });
  }
}
