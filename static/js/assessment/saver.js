// Saves one section of the form as it is filled in, and never loses what was typed.

import { encode, fill, fromServer, isSame, read } from "./fields.js";
import { post } from "./server.js";

const TYPING = 1000;
const LONGEST_WAIT = 30000;

export class Saver {
  // `page` hears of what happens: saved, problem, conflict, restored, changed.
  constructor(section, store, page) {
    this.section = section;
    this.id = section.dataset.criterion;
    this.store = store;
    this.page = page;
    this.revisionInput = section.querySelector("[data-revision]");
    this.revision = Number(this.revisionInput.defaultValue);
    // What the server has. Text from before signing in again is in the page but not on the server.
    this.saved = "unsaved" in section.dataset ? null : read(section, true);
    this.sent = null;
    this.earlier = null;
    this.isSending = false;
    this.isPaused = false;
    this.left = [];
    this.timer = 0;
    this.wait = 0;
  }

  get isDirty() {
    return !isSame(read(this.section), this.saved);
  }

  // After the page has loaded: is there something that was typed and never arrived?
  restore() {
    this.left = this.store.left(this.id);
    this.#restoreNext();
  }

  // One text at a time; two tabs may have left one each.
  #restoreNext() {
    while (this.left.length) {
      const kept = this.store.take(this.id, this.left.shift());
      if (!kept || this.saved === null || isSame(kept.said, this.saved)) {
        this.store.forget(this.id);
        continue;
      }
      const isOurs = kept.revision === this.revision || (kept.sent && isSame(kept.sent, this.saved));
      if (isOurs) this.#putBack(kept.said);
      else this.#conflict(kept.said, this.saved, this.revision);
      return;
    }
    if (this.isDirty) this.changed(0);
  }

  #putBack(said) {
    fill(this.section, said);
    this.page.restored(this);
    this.changed(0);
  }

  // Called at every keystroke and choice; `delay` is how long to wait for more.
  changed(delay = TYPING) {
    clearTimeout(this.timer);
    if (!this.isDirty) {
      if (!this.isSending) this.store.forget(this.id);
      this.page.changed();
      return;
    }
    this.store.keep(this.id, this.revision, read(this.section), this.sent);
    this.page.changed();
    if (!this.isPaused) this.timer = setTimeout(() => this.save(), delay);
  }

  async save({ keepalive = false, isJoin = false } = {}) {
    clearTimeout(this.timer);
    if (this.isSending || this.isPaused || !(this.isDirty || isJoin)) return;
    const said = read(this.section);
    this.isSending = true;
    this.sent = said;
    this.store.keep(this.id, this.revision, said, said);
    this.page.changed();
    const { outcome, body } = await post(this.section.dataset.url, encode(this.section, said, this.revision, isJoin), {
      keepalive,
    });
    this.isSending = false;
    this.#took(outcome, body, said);
    this.page.changed();
  }

  #took(outcome, body, said) {
    if (outcome === "saved") this.#accept(body, said);
    else if (outcome === "conflict") this.#clash(body);
    else if (outcome === "offline" || outcome === "failed" || outcome === "signed-out") {
      this.#tryLater();
      this.page.problem(outcome, body, this);
    } else {
      // Refused or closed: the same again would end the same way.
      this.page.problem(outcome, body, this);
    }
  }

  #accept(body, said) {
    const isTyping = !isSame(read(this.section), said);
    this.setRevision(body.revision);
    this.saved = fromServer(body.fields);
    this.sent = null;
    this.earlier = null;
    this.wait = 0;
    // Joined texts, or what the server tidied up; never under her fingers.
    if (!isTyping && !isSame(said, this.saved)) fill(this.section, this.saved);
    delete this.section.dataset.unsaved;
    this.page.saved(this, body);
    if (isTyping) this.changed();
    else {
      this.store.forget(this.id);
      this.#restoreNext();
    }
  }

  #clash(body) {
    const stored = fromServer(body.fields);
    // Our own earlier save, whose answer got lost on the way: no reason to ask anybody.
    const isOwn = this.earlier !== null && isSame(stored, this.earlier);
    if (isOwn || isSame(stored, read(this.section))) {
      this.setRevision(body.revision);
      this.saved = stored;
      this.changed(0);
      return;
    }
    this.#conflict(read(this.section), stored, body.revision);
  }

  #conflict(mine, theirs, revision) {
    this.isPaused = true;
    fill(this.section, mine);
    this.store.keep(this.id, this.revision, mine, null);
    this.page.conflict(this, mine, theirs, {
      keep: () => this.#resolve(revision, theirs, () => this.save()),
      take: () => this.#resolve(revision, theirs, () => this.#take(theirs)),
      join: () => this.#resolve(revision, theirs, () => this.save({ isJoin: true })),
    });
  }

  #resolve(revision, theirs, then) {
    this.isPaused = false;
    this.setRevision(revision);
    this.saved = theirs;
    return then();
  }

  #take(theirs) {
    fill(this.section, theirs);
    this.store.forget(this.id);
    this.page.changed();
    this.#restoreNext();
  }

  #tryLater() {
    // What is on its way may have arrived although no answer did.
    this.earlier = this.sent;
    this.wait = Math.min(LONGEST_WAIT, this.wait ? this.wait * 2 : 2000);
    this.timer = setTimeout(() => this.save(), this.wait);
  }

  setRevision(revision) {
    this.revision = revision;
    this.revisionInput.value = String(revision);
  }
}
