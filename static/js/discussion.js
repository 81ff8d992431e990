// The discussion: what is typed is kept in this browser until it is added; "@" offers the names.
const section = document.querySelector("[data-discussion]");
const field = section?.querySelector("[data-discussion-text]");

// -- What is typed stays ------------------------------------------------------------------------

if (field) {
  // Signing out removes everything with this beginning (see shell.js).
  const key = `screening:draft:discussion:${section.dataset.user}:${section.dataset.discussion}`;
  const note = section.querySelector("[data-discussion-kept]");
  const kept = localStorage.getItem(key);
  if (kept && !field.value) {
    field.value = kept;
    note.textContent = section.dataset.wordsKept;
    note.hidden = false;
  }
  field.addEventListener("input", () => {
    if (field.value.trim()) localStorage.setItem(key, field.value);
    else localStorage.removeItem(key);
  });
  // What the server refuses comes back in the form.
  field.form.addEventListener("submit", () => localStorage.removeItem(key));
  offerNames();
}

// -- Names --------------------------------------------------------------------------------------

function offerNames() {
  const people = [...field.form.querySelectorAll("input[name=mentions]")].map((box) => ({
    box,
    name: field.form.querySelector(`label[for="${box.id}"]`).textContent.trim(),
  }));
  if (!people.length) return;
  const list = document.createElement("ul");
  list.className = "mention-list";
  list.id = "mention-list";
  list.role = "listbox";
  list.ariaLabel = section.dataset.wordsNames;
  list.hidden = true;
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  let chosen = 0;

  const asked = () => field.value.slice(0, field.selectionStart).match(/(?:^|\s)@([^@\n]{0,40})$/)?.[1];

  function close() {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }

  function mark() {
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    const option = list.children[chosen];
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function take(person) {
    const at = field.selectionStart;
    const start = field.value.lastIndexOf("@", at - 1);
    field.setRangeText(`@${person.name} `, start, at, "end");
    person.box.checked = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  }

  function show() {
    const word = asked()?.toLocaleLowerCase();
    const found = word === undefined ? [] : people.filter(({ name }) => name.toLocaleLowerCase().includes(word));
    if (!found.length) {
      close();
      return;
    }
    list.replaceChildren(
      ...found.map((person, index) => {
        const option = document.createElement("li");
        option.id = `mention-${index}`;
        option.role = "option";
        option.textContent = person.name;
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(person);
        });
        return option;
      }),
    );
    list.found = found;
    list.hidden = false;
    chosen = 0;
    mark();
  }

  field.addEventListener("input", show);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      chosen = (chosen + step + list.children.length) % list.children.length;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") {
      take(list.found[chosen]);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
}
