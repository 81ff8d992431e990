// One place of a draft: reads it, saves it as it is typed, and never loses or overwrites anything in silence.

import { post } from "../assessment/server.js";

const TYPING = 1000;
const LONGEST_WAIT = 30000;

export const clean = (text) => text.replace(/\r\n?/g, "\n").trim();

export class Field {
  // `page` hears of what happens: saved, problem, conflict, restored, changed. `extra()` is sent along.
  constructor(box, { url, store, page, extra }) {
    Object.assign(this, { box, url, store, page, extra });
    this.path = box.dataset.field;
    this.before = box.querySelector("[data-before]");
    this.controls = [...box.querySelectorAll(`[name="${CSS.escape(`v:${this.path}`)}"]`)];
    // What the server has.
    this.saved = clean(this.before.defaultValue);
    this.sent = null;
    this.earlier = null;
    this.isSending = false;
    this.isPaused = false;
    this.timer = 0;
    this.wait = 0;
    this.left = [];
  }

  get isChoice() {
    return ["radio", "checkbox"].includes(this.controls[0]?.type);
  }

  get value() {
    if (!this.isChoice) return clean(this.controls[0].value);
    return this.controls
      .filter((control) => control.checked)
      .map((control) => control.value)
      .join(",");
  }

  set value(text) {
    if (!this.isChoice) this.controls[0].value = text;
    else for (const control of this.controls) control.checked = text.split(",").includes(control.value);
  }

  get isDirty() {
    return this.value !== this.saved;
  }

  // As a person reads it: the words of a choice, not its code.
  inWords(text) {
    const chosen = text.split(",");
    if (this.isChoice) {
      return this.controls
        .filter((control) => chosen.includes(control.value))
        .map((control) => control.closest("label").querySelector(".choice-label").textContent.trim())
        .join(", ");
    }
    if (this.controls[0].tagName !== "SELECT") return text;
    return [...this.controls[0].options].find((option) => option.value === text)?.textContent ?? text;
  }

  // After the page has loaded: is there something that was typed and never arrived?
  restore() {
    this.left = this.store.left(this.path);
    this.#restoreNext();
  }

  #restoreNext() {
    while (this.left.length) {
      const kept = this.store.take(this.path, this.left.shift());
      if (!kept || kept.said === this.saved) {
        this.store.forget(this.path);
        continue;
      }
      if (kept.revision === this.saved || kept.sent === this.saved) {
        this.value = kept.said;
        this.page.restored(this);
        this.changed(0);
      } else this.#conflict(kept.said, this.saved);
      return;
    }
    if (this.isDirty) this.changed(0);
  }

  // Called at every keystroke and choice; `delay` is how long to wait for more.
  changed(delay = TYPING) {
    clearTimeout(this.timer);
    this.box.querySelector(".refused")?.remove();
    if (!this.isDirty) {
      if (!this.isSending) this.store.forget(this.path);
      this.page.changed();
      return;
    }
    this.store.keep(this.path, this.saved, this.value, this.sent);
    this.page.changed();
    if (!this.isPaused) this.timer = setTimeout(() => this.save(), delay);
  }

  async save({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.isSending || this.isPaused || !this.isDirty) return;
    const said = this.value;
    this.isSending = true;
    this.sent = said;
    this.store.keep(this.path, this.saved, said, said);
    this.page.changed();
    const data = new URLSearchParams({ ...this.extra(), do: "save" });
    data.set(`b:${this.path}`, this.saved);
    data.set(`v:${this.path}`, said);
    const { outcome, body } = await post(this.url, data, { keepalive });
    this.isSending = false;
    this.#took(outcome, body, said);
    this.page.changed();
  }

  #took(outcome, body, said) {
    if (outcome === "saved") this.#accept(body, said);
    else if (outcome === "conflict") this.#clash(body);
    else {
      this.page.problem(outcome, body, this);
      if (["offline", "failed", "signed-out"].includes(outcome)) this.#tryLater();
    }
  }

  #accept(body, said) {
    const isTyping = this.value !== said;
    this.#setSaved(clean(body.values[this.path] ?? said));
    this.sent = null;
    this.earlier = null;
    this.wait = 0;
    // What the server tidied up, such as 1,5 into 1.50; never under her fingers.
    if (!isTyping && this.saved !== said) this.value = this.saved;
    this.page.saved(this, body);
    if (isTyping) this.changed();
    else {
      this.store.forget(this.path);
      this.#restoreNext();
    }
  }

  #clash(body) {
    const theirs = clean(body.theirs);
    // Our own earlier save, whose answer got lost on the way: no reason to ask anybody.
    if (theirs === this.earlier || theirs === this.value) {
      this.#setSaved(theirs);
      this.changed(0);
      return;
    }
    this.#conflict(this.value, theirs, body.message);
  }

  #conflict(mine, theirs, message) {
    this.isPaused = true;
    this.value = mine;
    this.store.keep(this.path, this.saved, mine, null);
    this.page.conflict(this, mine, theirs, message, {
      keep: () => {
        this.#resolve(theirs);
        this.save();
      },
      take: () => {
        this.#resolve(theirs);
        this.value = theirs;
        this.store.forget(this.path);
        this.page.changed();
        this.#restoreNext();
      },
    });
  }

  #resolve(theirs) {
    this.isPaused = false;
    this.#setSaved(theirs);
  }

  #setSaved(text) {
    this.saved = text;
    this.before.value = text;
  }

  #tryLater() {
    // What is on its way may have arrived although no answer did.
    this.earlier = this.sent;
    this.wait = Math.min(LONGEST_WAIT, this.wait ? this.wait * 2 : 2000);
    this.timer = setTimeout(() => this.save(), this.wait);
  }
}
