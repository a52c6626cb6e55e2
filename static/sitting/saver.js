/**
 * Brings every change to the server, in order, and knows which ones arrived.
 *
 * A change waits half a second, then travels with all others that wait. One request is on its way at a time; until it has a reply the
 * same body is sent again under the same number, so that a lost reply can neither lose nor double a change.
 */

const DELAY_MS = 500;
const JITTER_MS = 250;
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];
const PATIENT_MS = 15_000;
const MOST_CHANGES = 200;

const keyOf = ([number, kind]) => `${number} ${kind}`;
const partsOf = (key) => [Number(key.split(" ")[0]), key.split(" ")[1]];

export class Saver extends EventTarget {
  #server;
  #seq;
  #epoch;
  #arrived = new Map();
  #waiting = new Map();
  #flight = null;
  #must = null; // "resync" when the next word to the server has to be a question
  #tries = 0;
  #busy = false;
  #timer;
  /** How it stands: "open", "moved" (another device holds the pen), "late" or "closed". */
  state = "open";
  /** What hinders: null, "cut", "signed_out" or "refused". `troubleSince` and `nextTry` are ms of performance.now(). */
  trouble = null;
  troubleSince = 0;
  nextTry = 0;
  /** The server's words: when it last saved something, and the deadline it named last (ms). */
  savedAt = null;
  deadline = null;
  /** Changes that the server keeps as evidence but does not count: too late, or from a device that gave the pen away. */
  uncounted = 0;

  constructor(server, { seq, epoch, choices, flags }) {
    super();
    this.#server = server;
    this.#seq = seq;
    this.#epoch = epoch;
    this.#adopt(choices, flags);
    addEventListener("online", () => this.flush());
  }

  /** The number of the last batch that the server acknowledged. */
  get seq() {
    return this.#seq;
  }

  /** Changes that have no acknowledgement yet. */
  get unsaved() {
    return new Set([...this.#waiting.keys(), ...(this.#flight?.changes.map(keyOf) ?? [])]).size;
  }

  /** Whether a change of this item is still under way. */
  waits(number) {
    return this.#isUnderWay(`${number} choice`) || this.#isUnderWay(`${number} flag`);
  }

  /** What the server holds: an option id or null for a choice, true or false for a flag. */
  arrived(number, kind) {
    return this.#arrived.get(`${number} ${kind}`) ?? (kind === "flag" ? false : null);
  }

  /** Take note of a change; nothing is sent for one that is already on the server. */
  change(number, kind, value) {
    const key = `${number} ${kind}`;
    const travelling = this.#flight?.changes.find((change) => keyOf(change) === key);
    const known = travelling ? travelling[2] : this.arrived(number, kind);
    this.#waiting.delete(key);
    if (value !== known) this.#waiting.set(key, [number, kind, value]);
    if (!this.#flight && !this.#timer) this.#plan(DELAY_MS + Math.random() * JITTER_MS);
    this.#tell();
  }

  /** Send what waits now, or try again now. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#go();
  }

  /** Ask the server how the sitting stands; true when it answered. A change of hands, of the deadline or of the state is taken over. */
  async check() {
    const reply = await this.#server.answers();
    if (reply.status !== 200) {
      this.#hindered(reply.status);
      return false;
    }
    this.#reached();
    this.#deadlineFrom(reply);
    if (reply.epoch !== this.#epoch) this.state = "moved";
    else if (reply.state !== "open") this.state = "closed";
    else if (!this.#flight && reply.last_seq > this.#seq) this.#resume(reply); // another tab saved; a lower count is an old reply
    if (this.unsaved) this.#plan(0);
    this.#tell();
    return true;
  }

  /** Resolves to true as soon as everything arrived, to false when that takes longer than `ms` or cannot be. */
  settled(ms) {
    return new Promise((resolve) => {
      const late = setTimeout(() => finish(false), ms);
      const look = () => (this.unsaved === 0 ? finish(true) : this.state !== "open" && finish(false));
      const finish = (whether) => {
        clearTimeout(late);
        this.removeEventListener("change", look);
        resolve(whether);
      };
      this.addEventListener("change", look);
      look();
    });
  }

  #isUnderWay(key) {
    return this.#waiting.has(key) || Boolean(this.#flight?.changes.some((change) => keyOf(change) === key));
  }

  #plan(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#go();
    }, ms);
  }

  async #go() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      if (this.#must === "resync") await this.#resync();
      else if (this.#board()) this.#take(await this.#server.save(this.#flight.body));
      else if (this.trouble) await this.check();
    } finally {
      this.#busy = false;
    }
    this.#tell();
  }

  /** Put what waits on its way, unless something is; false when there is nothing to send. */
  #board() {
    if (this.#flight) return true;
    const changes = [...this.#waiting.values()].slice(0, MOST_CHANGES);
    if (!changes.length) return false;
    changes.forEach((change) => this.#waiting.delete(keyOf(change)));
    const body = JSON.stringify({ seq: this.#seq + 1, epoch: this.#epoch, answers: changes });
    this.#flight = { seq: this.#seq + 1, body, changes };
    return true;
  }

  #take(reply) {
    if (reply.status === 200) this.#acknowledged(reply);
    else if (["moved", "late", "closed"].includes(reply.outcome)) this.#uncounted(reply.outcome);
    else if (reply.outcome === "gap" || reply.outcome === "differs") {
      this.#must = "resync";
      this.#plan(0);
    } else this.#hindered(reply.status);
  }

  #acknowledged(reply) {
    this.#clear();
    this.#flight.changes.forEach((change) => this.#arrived.set(keyOf(change), change[2]));
    this.#seq = this.#flight.seq;
    this.#flight = null;
    this.savedAt = Date.parse(reply.server_now);
    this.#deadlineFrom(reply);
    if (reply.state !== "open") this.state = "closed";
    if (this.#waiting.size) this.#plan(0);
  }

  /** The server kept the batch as evidence and counts it no more; what still waits follows it, so that nothing is lost unseen. */
  #uncounted(outcome) {
    this.#clear();
    this.state = outcome;
    this.uncounted += this.#flight.changes.length;
    this.#flight = null;
    if (this.#waiting.size) this.#plan(0);
  }

  #hindered(status) {
    const kind = { 401: "signed_out", 400: "refused", 403: "refused", 404: "refused", 413: "refused", 422: "refused" }[status] ?? "cut";
    if (this.trouble !== kind) this.troubleSince = performance.now();
    this.trouble = kind;
    const pause = kind === "cut" ? PAUSES_MS[Math.min(this.#tries++, PAUSES_MS.length - 1)] : PATIENT_MS;
    const spread = pause * (0.8 + 0.4 * Math.random());
    this.nextTry = performance.now() + spread;
    if (kind === "refused") this.#must = "resync"; // perhaps the pen has moved, which only a question can tell
    if (kind !== "refused" || this.state === "open") this.#plan(spread);
    this.#tell();
  }

  /** There is a connection; a change that was refused stays trouble until it is accepted. */
  #reached() {
    if (this.trouble !== "refused" || !this.unsaved) this.#clear();
  }

  #clear() {
    this.trouble = null;
    this.#tries = 0;
  }

  async #resync() {
    const reply = await this.#server.answers();
    if (reply.status !== 200) {
      this.#hindered(reply.status);
      return;
    }
    this.#must = null;
    if (reply.epoch !== this.#epoch) this.state = "moved";
    else this.#resume(reply);
    this.#reached();
    if (this.unsaved) this.#plan(0);
  }

  /**
   * Go on from where the server stands: its answers, and on top of them every change made here that it does not have. A server that
   * knows less than it has acknowledged (it was restored from a copy) is given back all of it.
   */
  #resume(reply) {
    const forgotten = reply.last_seq < this.#seq ? [...this.#arrived].map(([key, value]) => [...partsOf(key), value]) : [];
    const mine = [...forgotten, ...(this.#flight?.changes ?? []), ...this.#waiting.values()];
    const own = new Map(mine.map((change) => [keyOf(change), change]));
    this.#flight = null;
    this.#seq = reply.last_seq;
    this.#deadlineFrom(reply);
    this.#adopt(Object.entries(reply.answers), reply.flags);
    const newer = [...own.values()].filter(([number, kind, value]) => this.arrived(number, kind) !== value);
    this.#waiting = new Map(newer.map((change) => [keyOf(change), change]));
    this.dispatchEvent(new Event("adopted"));
  }

  #adopt(choices, flags) {
    this.#arrived = new Map();
    for (const [number, option] of choices) this.#arrived.set(`${number} choice`, option);
    for (const number of flags) this.#arrived.set(`${number} flag`, true);
  }

  #deadlineFrom(reply) {
    if (reply.deadline) this.deadline = Date.parse(reply.deadline);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
