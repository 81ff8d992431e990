// A form that takes a while says so. Put data-busy="Checking 20,000 rows…" on it.
// Without this script the browser's own sign of loading is what people see.
const PATIENCE = 600; // milliseconds before anything is said

function say(form) {
  const line = document.createElement("p");
  const bar = document.createElement("progress");
  const words = document.createElement("span");
  line.className = "progress-line";
  line.setAttribute("role", "status");
  bar.setAttribute("aria-hidden", "true");
  words.textContent = form.dataset.busy;
  line.append(bar, words);
  form.append(line);
}

for (const form of document.querySelectorAll("form[data-busy]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    setTimeout(() => say(form), PATIENCE);
  });
  // Back from the next page: the form can be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = false;
    form.querySelector(".progress-line")?.remove();
  });
}
