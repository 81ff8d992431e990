// What was typed and is not saved yet, kept in the browser per person, assessment and criterion.
// Two tabs that write the same answer at the same time have a place each.

export class Store {
  constructor(user, assessment) {
    this.prefix = `screening:draft:${user}:${assessment}:`;
    // Per id the key this tab writes to, and the text it last saw there: what stands there
    // otherwise is another tab's, and not ours to overwrite or to forget.
    this.keys = new Map();
    this.own = new Map();
    this.works = this.#tryOut();
  }

  #tryOut() {
    try {
      localStorage.setItem("screening:probe", "1");
      localStorage.removeItem("screening:probe");
      return true;
    } catch {
      return false;
    }
  }

  #isOurs(id) {
    return localStorage.getItem(this.keys.get(id)) === this.own.get(id);
  }

  #placeFor(id) {
    const place = this.prefix + id;
    if (this.keys.has(id) && this.#isOurs(id)) return;
    const isTaken = localStorage.getItem(place) !== null;
    this.keys.set(id, isTaken ? `${place}~${Math.random().toString(36).slice(2)}` : place);
  }

  // `revision` is the one it was typed on; `sent` what is on its way to the server, if anything.
  keep(id, revision, said, sent) {
    const text = JSON.stringify({ revision, said, sent });
    try {
      this.#placeFor(id);
      localStorage.setItem(this.keys.get(id), text);
      this.own.set(id, text);
    } catch {
      this.works = false;
    }
  }

  // The keys of everything that was left behind.
  left(id) {
    try {
      const place = this.prefix + id;
      return Object.keys(localStorage).filter((key) => key === place || key.startsWith(`${place}~`));
    } catch {
      return [];
    }
  }

  // Make what was left behind under `key` this tab's own, and read it.
  take(id, key) {
    try {
      const text = localStorage.getItem(key);
      this.keys.set(id, key);
      this.own.set(id, text);
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  forget(id) {
    try {
      if (this.keys.has(id) && this.#isOurs(id)) localStorage.removeItem(this.keys.get(id));
      this.keys.delete(id);
      this.own.delete(id);
    } catch {
      this.works = false;
    }
  }
}
