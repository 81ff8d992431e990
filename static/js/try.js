// Trying an instrument: while somebody fills the form in, ask what it comes to and show it in place.
// Without this script the button "Show the result" does the same.
const form = document.querySelector("[data-try]");
const PAUSE = 400;
let waiting;
let asked = 0;

function take(target, source) {
  if (target && source && target.innerHTML !== source.innerHTML) {
    target.replaceChildren(...[...source.childNodes].map((node) => document.importNode(node, true)));
  }
}

// What is said about a criterion, never what was typed into it.
function takeCriterion(section, fresh) {
  take(section.querySelector("[data-mark]"), fresh.querySelector("[data-mark]"));
  take(section.querySelector("[data-derived]"), fresh.querySelector("[data-derived]"));
  for (const problem of section.querySelectorAll("[data-problem]")) {
    take(problem, fresh.querySelector(`[data-problem="${problem.dataset.problem}"]`));
  }
  const clear = section.querySelector("[data-clear]");
  if (clear) clear.hidden = fresh.querySelector("[data-clear]").hidden;
}

async function ask() {
  asked += 1;
  const mine = asked;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== asked) return;
    take(form.querySelector("[data-try-result]"), fresh.querySelector("[data-try-result]"));
    for (const section of form.querySelectorAll("[data-criterion]")) {
      const other = fresh.getElementById(section.id);
      if (other) takeCriterion(section, other);
    }
    const sentence = form.querySelector("[data-try-sentence]");
    form.querySelector("[data-try-said]").textContent = sentence ? sentence.textContent : "";
  } catch {
    // The connection is gone for the moment; the button still sends the form.
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
}

if (form) {
  form.classList.add("has-script");
  form.addEventListener("input", (event) => {
    // Another language or length is another form: the page is shown anew.
    if (event.target.name === "language" || event.target.name === "form_length") form.requestSubmit();
    else soon();
  });
}
