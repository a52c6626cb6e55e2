/**
 * The browser's own store: every change is kept here before it is sent, and leaves only when the server has acknowledged it. Kept by
 * sitting, so that whoever uses this computer next is neither shown nor sent anything of it.
 */

const NAME = "examsite";
const SHELF = "changes";
const OPENS_WITHIN_MS = 2000;
const DAY_MS = 24 * 3600 * 1000;
// An exam that is broken off may go on the next day; then its session closes, and what was never sent can change nothing any more.
const FORGOTTEN_AFTER_MS = 2 * DAY_MS;

export class Store extends EventTarget {
  #sitting;
  #tab;
  #opening;
  #writing = Promise.resolve();
  #waiting = new Map();
  #works = true;
  #order = 0;

  /** `tab` names this page among those of the same browser. Nothing here ever throws or rejects: a store that fails says so in `works`. */
  constructor(sitting, tab) {
    super();
    this.#sitting = sitting;
    this.#tab = tab;
    this.#opening = within(OPENS_WITHIN_MS, open(sitting)).catch(() => this.#failed());
  }

  /** Whether what was put here last is safe on this computer. */
  get works() {
    return this.#works;
  }

  /** All that is kept for this sitting, of every epoch, in the order in which it was made. */
  async read() {
    const kept = (await this.#ask("readonly", (shelf) => shelf.getAll(IDBKeyRange.bound([this.#sitting], [this.#sitting, []])))) ?? [];
    kept.sort((one, other) => one.order - other.order);
    this.#order = Math.max(this.#order, kept.at(-1)?.order ?? 0);
    return kept;
  }

  /** Keep a change made after batch `seq`; a later one of the same answer takes its place. */
  put(epoch, seq, { number, kind, value, bases }) {
    this.#order += 1;
    const facts = { sitting: this.#sitting, epoch, seq, number, kind, value, bases, tab: this.#tab, order: this.#order, on: Date.now() };
    this.#queue(facts, (shelf) => shelf.put(facts));
  }

  /** Let go of what the server has; where a later change took its place, that one stays. Without `value`: whatever stands there. */
  remove(epoch, { number, kind, value }) {
    const facts = { sitting: this.#sitting, epoch, number, kind };
    const queued = this.#waiting.get(placeOf(facts).join(" "));
    if (queued?.facts.order && value !== undefined && !same(queued.facts.value, value)) return;
    const whatever = value === undefined || Boolean(queued?.facts.order);
    this.#queue(facts, (shelf) => {
      const found = shelf.get(placeOf(facts));
      found.onsuccess = () => {
        if (found.result && (whatever || same(found.result.value, value))) shelf.delete(placeOf(facts));
      };
    });
  }

  /** The server has this as evidence, which counts for nothing yet: it stays here for the case that the part is opened again. */
  hand(epoch, { number, kind, value }) {
    const facts = { sitting: this.#sitting, epoch, number, kind };
    const queued = this.#waiting.get(placeOf(facts).join(" "));
    if (queued?.facts.order) {
      if (same(queued.facts.value, value)) queued.facts.handed = true;
      return;
    }
    this.#queue(facts, (shelf) => {
      const found = shelf.get(placeOf(facts));
      found.onsuccess = () => {
        if (found.result && same(found.result.value, value)) shelf.put({ ...found.result, handed: true });
      };
    });
  }

  /** Resolves when all that was put so far is safe, or after `ms` in any case: a slow disk must not hold back an answer. */
  settled(ms) {
    return Promise.race([this.#writing, new Promise((resolve) => setTimeout(resolve, ms))]);
  }

  /** Whoever types faster than the disk writes has the latest state written, not every one. */
  #queue(facts, act) {
    this.#waiting.set(placeOf(facts).join(" "), { facts, act });
    if (this.#waiting.size === 1) this.#writing = this.#writing.then(() => this.#write());
  }

  #write() {
    const acts = [...this.#waiting.values()];
    this.#waiting.clear();
    return acts.length && this.#ask("readwrite", (shelf) => acts.forEach(({ act }) => act(shelf)), acts.some(({ facts }) => facts.order));
  }

  /** `keeps`: whether something is put here, which alone proves that the store has room. */
  async #ask(mode, act, keeps = false) {
    const database = await this.#opening;
    if (!database) return undefined;
    try {
      const transaction = database.transaction(SHELF, mode, { durability: "strict" });
      const request = act(transaction.objectStore(SHELF));
      await finished(transaction);
      if (keeps) this.#tell(true);
      return request?.result;
    } catch {
      return this.#failed();
    }
  }

  #failed() {
    this.#tell(false);
    return undefined;
  }

  #tell(works) {
    if (works === this.#works) return;
    this.#works = works;
    this.dispatchEvent(new Event("change"));
  }
}

const placeOf = ({ sitting, epoch, number, kind }) => [sitting, epoch, number, kind];

/** Whether two answers are the same. */
export function same(one, other) {
  return one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));
}

/** Let go of what is of no use to anybody any more, on a page that keeps nothing itself. */
export function tidy() {
  open(null).then((database) => database.close(), () => {});
}

function open(sitting) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(SHELF, { keyPath: ["sitting", "epoch", "number", "kind"] });
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      forgetOld(request.result, sitting);
      resolve(request.result);
    };
  });
}

/**
 * What somebody left on this computer is kept until the session has surely closed, and what the server has as evidence for the day of the exam.
 * The sitting whose page this is loses nothing: what it kept is sent now.
 */
function forgetOld(database, sitting) {
  const shelf = database.transaction(SHELF, "readwrite").objectStore(SHELF);
  shelf.openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) return;
    const { on, handed, sitting: whose } = cursor.value;
    if (whose !== sitting && Date.now() - on > (handed ? DAY_MS : FORGOTTEN_AFTER_MS)) cursor.delete();
    cursor.continue();
  };
}

function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

function within(ms, promise) {
  return Promise.race([promise, new Promise((_resolve, reject) => setTimeout(() => reject(new Error("slow")), ms))]);
}
