// The order of a list: by its buttons, by dragging, by Alt with the arrow keys. What happened is read out.

import { post } from "../assessment/server.js";

const AGAIN = 3000;

export class Order {
  // `page` hears of it: ordered, problem. `extra()` is sent along.
  constructor(list, { url, page, extra }) {
    Object.assign(this, { list, url, page, extra });
    this.path = list.dataset.sortable;
    this.saved = this.keys;
    this.isSending = false;
    list.addEventListener("click", (event) => this.#clicked(event));
    list.addEventListener("keydown", (event) => this.#pressed(event));
    list.addEventListener("pointerdown", (event) => this.#grabbed(event));
  }

  get rows() {
    return [...this.list.children];
  }

  get keys() {
    return this.rows.map((row) => row.dataset.key);
  }

  get isDirty() {
    return this.keys.join("/") !== this.saved.join("/");
  }

  #clicked(event) {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    this.#move(button.closest("[data-key]"), Number(button.dataset.step), button);
  }

  #pressed(event) {
    const steps = { ArrowUp: -1, ArrowDown: 1 };
    if (!event.altKey || !(event.key in steps) || !event.target.closest("[data-name]")) return;
    event.preventDefault();
    this.#move(event.target.closest("[data-key]"), steps[event.key], event.target);
  }

  #move(row, step, focused) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (other) step < 0 ? other.before(row) : other.after(row);
    focused.focus();
    this.page.moved(row, this.rows.indexOf(row) + 1, this.rows.length);
    this.save();
  }

  #grabbed(event) {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.focus();
    const row = handle.closest("[data-key]");
    // The list, not the row: a row that is put elsewhere lets go of the pointer.
    this.list.setPointerCapture(event.pointerId);
    row.classList.add("is-dragged");
    const over = (move) => {
      const below = this.rows.find((each) => each !== row && move.clientY < middle(each));
      if (below === row.nextElementSibling && below) return;
      if (below) below.before(row);
      else if (this.list.lastElementChild !== row) this.list.append(row);
    };
    const end = () => {
      row.classList.remove("is-dragged");
      this.list.removeEventListener("pointermove", over);
      this.list.removeEventListener("pointerup", end);
      this.list.removeEventListener("pointercancel", end);
      if (!this.isDirty) return;
      this.page.moved(row, this.rows.indexOf(row) + 1, this.rows.length);
      this.save();
    };
    this.list.addEventListener("pointermove", over);
    this.list.addEventListener("pointerup", end);
    this.list.addEventListener("pointercancel", end);
  }

  async save() {
    if (this.isSending || !this.isDirty) return;
    const after = this.keys;
    this.isSending = true;
    this.page.changed();
    const data = new URLSearchParams({ ...this.extra(), do: `order:${this.path}` });
    for (const key of this.saved) data.append("order-before", key);
    for (const key of after) data.append("order-after", key);
    const { outcome, body } = await post(this.url, data);
    this.isSending = false;
    if (outcome === "saved") {
      this.saved = after;
      this.page.ordered(body);
      this.save();
    } else if (outcome === "conflict") this.#takeTheirs(body);
    else {
      this.page.problem(outcome, body);
      if (outcome === "refused" || outcome === "closed") return;
      setTimeout(() => this.save(), AGAIN);
    }
    this.page.changed();
  }

  // Somebody moved things meanwhile: her order stands, and the person is told.
  #takeTheirs(body) {
    const rows = new Map(this.rows.map((row) => [row.dataset.key, row]));
    const isSame = body.order.length === rows.size && body.order.every((key) => rows.has(key));
    if (!isSame) {
      location.reload();
      return;
    }
    this.list.append(...body.order.map((key) => rows.get(key)));
    this.saved = body.order;
    this.page.problem("conflict", body);
  }
}

function middle(row) {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}
