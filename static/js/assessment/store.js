// What was typed and is not saved yet, kept in the browser per person, assessment and criterion.

export class Store {
  constructor(user, assessment) {
    this.prefix = `screening:draft:${user}:${assessment}:`;
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

  // `revision` is the one it was typed on; `sent` what is on its way to the server, if anything.
  keep(id, revision, said, sent) {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify({ revision, said, sent }));
    } catch {
      this.works = false;
    }
  }

  get(id) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + id));
    } catch {
      return null;
    }
  }

  forget(id) {
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      this.works = false;
    }
  }
}
