/**
 * One answer on its way, with all that can happen to it: chosen, taken back, sent, late, lost, killed, opened again, in two pages of one
 * browser. The saver is the real one; the server, the browser's store and the talk between the pages are as plain as can be.
 *
 * An event is a word and the page it happens to: "pick 0 b", "send 0" (the saver does its next step), "arrive 0" (the request is served
 * and answered), "lose 0" (served, the reply is lost), "cut 0" (no reply; the request may still be under way), "drift" (such a request is
 * served after all), "kill 0", "open 0", "fill" (the store takes nothing more). Where it is loose, more can happen: "look 0" (a sign of
 * life), "serve 0" (the request is served, the reply comes later), "turn 0" (of two requests the other comes first), "hear" (what pages
 * tell each other, and what a page that opens finds in the store, comes only now).
 */

globalThis.setTimeout = () => 0; // no timer rings here: every step of the saver is an event
globalThis.addEventListener = () => {};

const PAGES = [0, 1];
const LATEST = 2; // events before which what pages tell each other is heard, even where it comes late
const LONGEST_END = 40;
const VALUES = { choice: { x: "x", a: "a", b: "b" }, text: { x: "\n\n", a: "Hello\n\n", b: "Hello you" } };
const SAVED = { status: 200, state: "open", outcome: "saved" };

/** Takes what comes next in line, keeps every body, and knows one that comes again. */
class Server {
  lastSeq = 1;
  #bodies = new Map();

  constructor(kind, value) {
    this.kind = kind;
    this.value = value;
  }

  ask({ what, body }) {
    const standing = { status: 200, state: "open", epoch: 1, last_seq: this.lastSeq };
    if (what === "save") return this.#save(body);
    if (what === "alive") return standing;
    const held = { answers: {}, texts: {}, flags: [] };
    held[this.kind === "choice" ? "answers" : "texts"][1] = this.value;
    return { ...standing, ...held, save_token: "token" };
  }

  #save(body) {
    const { seq, answers } = JSON.parse(body);
    const repeated = this.#bodies.get(seq) === body;
    if (seq <= this.lastSeq) return repeated ? { ...SAVED, outcome: "repeated" } : { status: 409, outcome: "differs" };
    if (seq > this.lastSeq + 1) return { status: 409, outcome: "gap" };
    for (const [, kind, value] of answers) this.value = kind === "splice" ? spliced(this.value, value) : value;
    this.#bodies.set(seq, body);
    this.lastSeq = seq;
    return SAVED;
  }
}

function spliced(text, [start, removed, inserted]) {
  const old = [...text];
  return [...old.slice(0, start), inserted, ...old.slice(start + removed)].join("");
}

/** The store as one page sees it: whoever puts last owns the record. */
class Store {
  works = true;

  constructor(shelf, tab) {
    this.shelf = shelf;
    this.tab = tab;
  }

  put(epoch, seq, { number, kind, value, bases }) {
    if (!this.shelf.full) this.shelf.set(kind, { epoch, seq, number, kind, value, bases, tab: this.tab });
  }

  remove(_epoch, { kind, value }) {
    if (value === undefined || this.shelf.get(kind)?.value === value) this.shelf.delete(kind);
  }

  read() {
    return structuredClone([...this.shelf.values()]);
  }

  settled() {}
}

class Tabs extends EventTarget {
  constructor(world, name) {
    super();
    Object.assign(this, { world, name });
  }

  get others() {
    return new Set(this.world.living.map((page) => page.name).filter((name) => name !== this.name));
  }

  tell(what, details) {
    const hearers = this.world.living.filter(({ name }) => name !== this.name);
    const told = structuredClone(details);
    this.world.said.push(() => hearers.forEach((page) => page.hear(what, told, this.name)));
  }
}

/** A page as the script of the exam room puts it together. */
class Page {
  constructor(world, Saver, name) {
    Object.assign(this, { world, name, asked: [], given: world.server.value });
    this.store = new Store(world.shelf, name);
    this.tabs = new Tabs(world, name);
    const { kind, lastSeq } = world.server;
    const ask = (what, body) => new Promise((answer) => this.asked.push({ what, body, answer }));
    const server = { save: (body) => ask("save", body), alive: () => ask("alive"), answers: () => ask("answers") };
    const essays = new Set(kind === "text" ? [1] : []);
    const facts = { seq: lastSeq, epoch: 1, held: [[1, kind, this.given]], essays };
    this.saver = new Saver({ server, store: this.store, tabs: this.tabs, at: () => 1 }, facts);
    this.saver.addEventListener("adopted", () => (this.given = this.saver.present(1, kind)));
    this.tabs.addEventListener("change", ({ detail: { change } }) => {
      this.given = change.value;
      this.saver.yield(change);
    });
  }

  pick(value) {
    this.given = value;
    this.saver.change(1, this.world.server.kind, value);
  }

  /** A page that is gone by then is found out at once. */
  hear(what, detail, from) {
    this.tabs.dispatchEvent(new CustomEvent(what, { detail }));
    if (!this.tabs.others.has(from)) this.recall();
  }

  recall({ kept = this.store.read(), fresh = false } = {}) {
    const others = this.tabs.others;
    this.saver.mirror(kept.filter(({ tab }) => others.has(tab)));
    this.saver.claim(kept.filter(({ tab }) => tab !== this.name && !others.has(tab)), { fresh });
  }
}

class World {
  pages = new Map();
  shelf = new Map();
  said = [];
  adrift = [];
  opened = 0;
  unheard = 0;

  constructor(Saver, kind, loose) {
    Object.assign(this, { Saver, values: VALUES[kind], loose });
    this.wanted = this.values.x;
    this.server = new Server(kind, this.wanted);
  }

  get living() {
    return [...this.pages.values()];
  }

  /** What can happen now; of two values that were never chosen the first stands for both. */
  get possible() {
    const events = [...(this.adrift.length ? ["drift"] : []), ...(this.said.length ? ["hear"] : [])];
    for (const at of PAGES) {
      const page = this.pages.get(at);
      if (!page) events.push(`open ${at}`);
      else events.push(...this.#choices(at, page), ...this.#moves(at, page), `kill ${at}`);
    }
    return events;
  }

  #choices(at, { given }) {
    const names = this.touched ? ["x", "a", "b"] : ["a"];
    return names.filter((name) => this.values[name] !== given).map((name) => `pick ${at} ${name}`);
  }

  #moves(at, { asked, saver }) {
    const moves = asked.length ? [`arrive ${at}`, `lose ${at}`, `cut ${at}`] : saver.isLevel ? [] : [`send ${at}`];
    if (!this.loose) return moves;
    if (!asked.some(({ what }) => what === "alive")) moves.push(`look ${at}`);
    if (asked.length && !asked[0].reply) moves.push(`serve ${at}`);
    return asked.length > 1 ? [...moves, `turn ${at}`] : moves;
  }

  async happen(event) {
    const [what, at, name] = event.split(" ");
    if (what === "pick") await this._hear(); // nobody is quicker than two pages of one browser
    await this[`_${what}`](Number(at), this.values[name]);
    await this.#comeToRest();
  }

  /** Everything works from now on: what has no reply is answered, whatever waits is sent, whoever is behind asks. */
  async end() {
    if (!this.pages.size) await this.happen("open 0");
    for (let round = 0; round < LONGEST_END; round += 1) {
      for (const [at, page] of this.pages) {
        if (!page.asked.length && page.saver.isLevel) page.saver.check();
        else if (!page.asked.length) page.saver.flush();
        await this.#comeToRest();
        while (page.asked.length) await this.happen(`arrive ${at}`);
      }
      await this._hear();
      if (round && this.living.every(({ saver }) => saver.isLevel && saver.seq === this.server.lastSeq)) return;
    }
    throw new Error("it never comes to an end");
  }

  /** Whether the last thing the candidate did is on the server and on every page, and nothing is kept any more. */
  fault() {
    const shown = this.living.map(({ given }) => given);
    const told = { wanted: this.wanted, stored: this.server.value, shown, kept: [...this.shelf.values()] };
    const well = this.server.value === this.wanted && shown.every((value) => value === this.wanted) && !this.shelf.size;
    return well ? null : told;
  }

  _open(at) {
    this.opened += 1;
    const page = new Page(this, this.Saver, `page ${this.opened}`);
    this.pages.set(at, page);
    if (!this.loose) return page.recall({ fresh: true });
    const kept = page.store.read();
    this.said.push(() => page.recall({ kept, fresh: true }));
    return undefined;
  }

  _kill(at) {
    const { asked } = this.pages.get(at);
    this.pages.delete(at);
    this.adrift.push(...asked.filter(({ what, reply }) => what === "save" && !reply));
    this.living.forEach((page) => page.recall());
  }

  _pick(at, value) {
    this.touched = true;
    this.wanted = value;
    this.pages.get(at).pick(value);
  }

  _send(at) {
    this.pages.get(at).saver.flush();
  }

  _fill() {
    this.shelf.full = true;
  }

  _look(at) {
    this.pages.get(at).saver.check();
  }

  _turn(at) {
    this.pages.get(at).asked.reverse();
  }

  _serve(at) {
    const [asked] = this.pages.get(at).asked;
    asked.reply ??= this.server.ask(asked);
  }

  _arrive(at) {
    this._serve(at);
    this.#answer(at, this.pages.get(at).asked[0].reply);
  }

  _lose(at) {
    this._serve(at);
    this.#answer(at, { status: 0 });
  }

  _cut(at) {
    const [asked] = this.pages.get(at).asked;
    if (asked.what === "save" && !asked.reply) this.adrift.push(asked);
    this.#answer(at, { status: 0 });
  }

  _drift() {
    this.server.ask(this.adrift.shift());
  }

  #answer(at, reply) {
    const { answer } = this.pages.get(at).asked.shift();
    answer({ ...reply, server_now: "2026-01-01T00:00:00Z" });
  }

  async #comeToRest() {
    for (let turn = 0; turn < 8; turn += 1) await null;
    this.unheard = this.said.length ? this.unheard + 1 : 0;
    if (!this.loose || this.unheard > LATEST) await this._hear();
  }

  async _hear() {
    while (this.said.length) {
      this.said.shift()();
      for (let turn = 0; turn < 8; turn += 1) await null;
    }
  }
}

/** What is wrong after these events, or null; and what could have happened next. */
export async function after(Saver, kind, events, loose = false) {
  const world = new World(Saver, kind, loose);
  await world.happen("open 0");
  for (const event of events) {
    if (event !== "fill" && !world.possible.includes(event)) throw new Error(`it cannot happen then: ${event}`);
    await world.happen(event);
  }
  const next = world.possible;
  await world.end();
  let fault = world.fault();
  if (world.adrift.length && !fault) {
    while (world.adrift.length) await world.happen("drift"); // what was under way all the time comes at last
    await world.end();
    fault = world.fault() && { ...world.fault(), drifted: true };
  }
  return { fault, next };
}

/** Every sequence of up to `length` events: how many there are, and the first that end badly. */
export async function walkAll(Saver, kind, length, most = 5) {
  const bad = [];
  let count = 0;
  let open = [[]];
  for (let size = 0; size <= length && bad.length < most; size += 1) {
    const longer = [];
    for (const events of open) {
      const { fault, next } = await after(Saver, kind, events);
      count += 1;
      if (fault) bad.push({ events, fault });
      else if (size < length) longer.push(...next.map((event) => [...events, event]));
      if (bad.length >= most) break;
    }
    open = longer;
  }
  return { count, bad };
}

/** So many longer sequences, loose ones, chosen by a seed; as `walkAll` tells it. */
export async function walkSome(Saver, kind, { seed, walks, length, most = 5 }) {
  let state = seed;
  const below = (limit) => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16) % limit;
  const bad = [];
  for (let walk = 0; walk < walks && bad.length < most; walk += 1) {
    const world = new World(Saver, kind, true);
    const events = [];
    await world.happen("open 0");
    while (events.length < length) {
      const { possible } = world;
      events.push(possible[below(possible.length)]);
      await world.happen(events.at(-1));
    }
    const { fault } = await after(Saver, kind, events, true);
    if (fault) bad.push({ events, fault });
  }
  return { count: walks, bad };
}
