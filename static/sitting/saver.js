/**
 * Brings every change to the server, in order, and knows which ones arrived.
 *
 * A change is kept on this computer first. It waits half a second (a text until typing pauses), then travels with all others that wait.
 * One request is on its way at a time; until it has a reply the same body is sent again under the same number, so that a lost reply can
 * neither lose nor double a change.
 */

import { Changes, heldIn } from "./changes.js";
import { Pace } from "./pace.js";

const OVERHEARD_MS = 500;
const DISK_MS = 1000;
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
const PATIENT_MS = 15_000;
const REFUSED = new Set([400, 403, 404, 413, 422]);

export class Saver extends EventTarget {
  #server;
  #store;
  #tabs;
  #at;
  #changes;
  #seq;
  #epoch;
  #must = null; // "resync" when the next word to the server has to be a question
  #tries = 0;
  #busy = false;
  #timer;
  #pace = new Pace();
  /**
   * How it stands: "open"; "moved" (another device holds the pen); "anew" (this browser, but another sign-in); "late" or "closed".
   */
  state = "open";
  /** What hinders: null, "cut", "signed_out" or "refused". `troubleSince` and `nextTry` are ms of performance.now(). */
  trouble = null;
  troubleSince = 0;
  nextTry = 0;
  /** The server's words (ms): when it last saved something, the deadline it named last, and since when the exam is paused, if it is. */
  savedAt = null;
  deadline = null;
  pausedSince = null;
  /** Changes that the server keeps as evidence but does not count (too late, or from a device that gave the pen away), and those it had no
   * more room for. */
  uncounted = 0;
  unkept = 0;

  /** `held`: the answers that the page was delivered with; `essays`: the numbers of its essays; `at()`: the question in view. */
  constructor({ server, store, tabs, at }, { seq, epoch, held, essays }) {
    super();
    this.#server = server;
    this.#store = store;
    this.#tabs = tabs;
    this.#at = at;
    this.#seq = seq;
    this.#epoch = epoch;
    this.#changes = new Changes(held, essays);
    addEventListener("online", () => this.flush());
    tabs.addEventListener("saved", ({ detail }) => this.#overheard(detail));
  }

  /** The number of the last batch that the server acknowledged. */
  get seq() {
    return this.#seq;
  }

  /** Changes that have no acknowledgement yet, and whether this computer would still have them if the page were gone. */
  get unsaved() {
    return this.#changes.unsaved;
  }

  get safe() {
    return this.#store.works;
  }

  /** Whether the part's time is over, as far as this page knows: time that is given after that opens it again. */
  get isOver() {
    return this.state === "late" || this.state === "closed";
  }

  /** Whether a change of this item, answered with this kind, is still under way. */
  waits(number, kind) {
    return this.#changes.isUnderWay(number, kind) || this.#changes.isUnderWay(number, "flag");
  }

  /** What the server holds, and what it will hold once all that waits here has arrived. */
  arrived(number, kind) {
    return this.#changes.arrived(number, kind);
  }

  present(number, kind) {
    return this.#changes.present(number, kind);
  }

  /** Take note of a change; nothing is sent for one that is already on the server. */
  change(number, kind, value) {
    const change = this.#changes.note(number, kind, value);
    if (change) this.#store.put(this.#epoch, this.#seq, change);
    else this.#store.remove(this.#epoch, { number, kind });
    this.#tabs.tell("change", { change: { number, kind, value, bases: change?.bases ?? [] } });
    this.#pace.note(kind);
    if (this.#changes.wait && !this.#changes.flight) this.#plan(this.#pace.left);
    this.#tell();
  }

  /** Another page of this browser has a later change of this answer, and sends it itself. */
  yield(change) {
    this.#changes.yield(change);
    this.#tell();
  }

  /** Changes that this computer keeps for another page that is open: that one sends them itself. */
  mirror(kept) {
    kept.forEach((change) => this.#changes.mirror(change));
    if (kept.length) this.#sort({ settled: [], overtaken: [] });
  }

  /**
   * Changes that this computer still keeps from a page that is gone: those the server does not have are sent after all. A page that was
   * not delivered just now (`fresh`) asks first: that page may have known more.
   */
  claim(kept, { fresh = false } = {}) {
    const left = this.#tabs.others.size ? kept : this.#changes.withHeard(kept);
    if (left.length) this.#sort(this.#changes.claim(left, fresh));
    if (left.length && !fresh) this.#must = "resync";
    if (this.unsaved) this.#plan(0);
  }

  /** Send what waits now, or try again now. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pace.clear(); // also what waits behind a batch that is on its way
    this.#go();
  }

  /** The page may be gone in a moment: send what waits without waiting for anything. */
  leave() {
    if (this.#changes.flight || this.state !== "open" || !this.#changes.board(this.#seq + 1, this.#epoch)) return;
    this.#changes.flight.tried = true;
    this.#server.save(this.#changes.flight.body);
  }

  /** Give a sign of life; true when the server answered. A change of hands, of the deadline, a pause or the end is taken over. */
  async check() {
    const known = this.#seq;
    const reply = await this.#server.alive(this.#at(), this.unsaved);
    if (reply.status === 409 && reply.outcome === "moved") this.#handed(reply.epoch);
    else if (reply.status !== 200) return this.#hindered(reply);
    this.#reached();
    if (reply.status === 200) this.#standing(reply, known);
    if (this.#must || this.unsaved) this.#plan(0);
    this.#tell();
    return true;
  }

  /** Whether page and server hold the same, as far as this page knows. */
  get isLevel() {
    return this.unsaved === 0 && !this.#must;
  }

  /** Resolves to true as soon as everything arrived, to false when that takes longer than `ms` or cannot be. */
  settled(ms) {
    return new Promise((resolve) => {
      const late = setTimeout(() => finish(false), ms);
      const look = () => (this.isLevel ? finish(true) : this.state !== "open" && finish(false));
      const finish = (whether) => {
        clearTimeout(late);
        this.removeEventListener("change", look);
        resolve(whether);
      };
      this.addEventListener("change", look);
      look();
    });
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
      await this.#store.settled(DISK_MS);
      if (this.#must === "resync") await this.#resync();
      else if (this.state !== "anew" && this.#board()) await this.#send(this.#changes.flight);
      else if (this.trouble) await this.check();
    } finally {
      this.#busy = false;
    }
    this.#tell();
  }

  #board() {
    if (!this.#changes.flight) this.#pace.clear();
    return this.#changes.board(this.#seq + 1, this.#epoch);
  }

  /** A batch that the server knows before it was ever sent is another page's: what came after that one is not known here. */
  async #send(flight) {
    const first = !flight.tried;
    flight.tried = true;
    const reply = await this.#server.save(flight.body);
    this.#take(first && reply.outcome === "repeated" ? { ...reply, status: 409, outcome: "differs" } : reply);
  }

  #take(reply) {
    if (reply.status === 200) this.#acknowledged(reply);
    else if (reply.outcome === "moved" && reply.epoch === this.#epoch) this.#handed(reply.epoch);
    else if (["moved", "late", "closed"].includes(reply.outcome)) this.#uncounted(reply);
    else if (reply.outcome === "gap" || reply.outcome === "differs") {
      this.#must = "resync";
      this.#plan(0);
    } else this.#hindered(reply);
  }

  #acknowledged(reply) {
    this.#clear();
    this.#seq = this.#changes.flight.seq;
    const sent = this.#changes.landed();
    sent.forEach((change) => this.#store.remove(this.#epoch, change));
    this.#tabs.tell("saved", { seq: this.#seq, sent });
    this.savedAt = Date.parse(reply.server_now);
    this.#deadlineFrom(reply);
    if (reply.state !== "open") this.state = "closed";
    if (this.#changes.wait) this.#plan(this.#pace.left);
  }

  /**
   * The server kept the batch as evidence and does not count it; what still waits follows it, so that nothing is lost unseen. What came after
   * the close stays on this computer: should the part be opened again, it is sent again.
   */
  #uncounted(reply) {
    this.#clear();
    this.state = reply.outcome;
    const sent = this.state === "moved" ? this.#changes.drop() : this.#changes.miss();
    if (this.state === "moved") sent.forEach((change) => this.#store.remove(this.#epoch, change));
    else if (reply.kept) sent.forEach((change) => this.#store.hand(this.#epoch, change));
    if (reply.kept === false) this.unkept += sent.length;
    else this.uncounted += sent.length;
    if (this.#changes.wait) this.#plan(0);
  }

  /** The pen is not here any more: with another device, or with this browser after a new sign-in, and then what waits still counts. */
  #handed(epoch) {
    this.#clear();
    this.state = epoch === this.#epoch ? "anew" : "moved";
  }

  /** Always false: there was no answer to go by. */
  #hindered({ status, retryAfter = 0 }) {
    const kind = status === 401 ? "signed_out" : REFUSED.has(status) ? "refused" : "cut";
    if (this.trouble !== kind) this.troubleSince = performance.now();
    this.trouble = kind;
    const pause = kind === "cut" ? PAUSES_MS[Math.min(this.#tries++, PAUSES_MS.length - 1)] : PATIENT_MS;
    const spread = Math.max(retryAfter, pause) * (0.8 + 0.4 * Math.random());
    this.nextTry = performance.now() + Math.max(retryAfter, spread);
    if (kind === "refused") this.#must = "resync"; // perhaps the pen has moved, which only a question can tell
    if (kind !== "refused" || this.state === "open") this.#plan(this.nextTry - performance.now());
    this.#tell();
    return false;
  }

  /** There is a connection; a change that was refused stays trouble until it is accepted. */
  #reached() {
    if (this.trouble !== "refused" || !this.unsaved) this.#clear();
  }

  #clear() {
    this.trouble = null;
    this.#tries = 0;
  }

  /** What a sign of life was told. `known`: the last number acknowledged when it was given; less than that, and the server forgot. */
  #standing(reply, known) {
    this.#deadlineFrom(reply);
    this.pausedSince = reply.paused_since ? Date.parse(reply.paused_since) : null;
    if (reply.epoch !== this.#epoch) this.state = "moved";
    else if (reply.state !== "open") this.state = this.isOver ? this.state : "closed";
    else if (this.isOver) this.#reopened();
    else if (!this.#changes.flight && (reply.last_seq > this.#seq || reply.last_seq < known)) this.#must = "resync";
  }

  /** Time was given after the close: what came too late is sent again, after a question, because the server's numbers went on. */
  #reopened() {
    this.state = "open";
    this.uncounted = 0;
    this.unkept = 0;
    this.#changes.reopen();
    this.#must = "resync";
  }

  async #resync() {
    const reply = await this.#server.answers();
    const paused = reply.outcome === "paused";
    if (reply.status !== 200 && !paused) {
      this.#hindered(reply);
      return undefined;
    }
    this.#must = null;
    if (reply.epoch !== this.#epoch) this.#handed(reply.epoch);
    else if ((paused || reply.state === "open") && !reply.save_token) this.#handed(reply.epoch);
    else if (paused) return this.#waitForThePause(reply);
    else this.#resume(reply);
    this.#reached();
    if (this.unsaved) this.#plan(0);
    return undefined;
  }

  /** Until the pause is over the server gives no answers: what waits stays on this computer, and the question is asked again. */
  #waitForThePause(reply) {
    this.#server.token = reply.save_token;
    this.pausedSince = Date.parse(reply.paused_since);
    this.#must = "resync";
    this.#clear();
    this.#plan(PATIENT_MS);
  }

  /** Go on from where the server stands; one that was restored from a copy is given back what it forgot. */
  #resume(reply) {
    if (reply.save_token) this.#server.token = reply.save_token;
    const told = this.#changes.resume(heldIn(reply), { forgot: reply.last_seq < this.#seq });
    this.#seq = reply.last_seq;
    this.#deadlineFrom(reply);
    this.#sort(told);
  }

  #sort({ settled, overtaken }) {
    [...settled, ...overtaken].forEach((change) => this.#store.remove(this.#epoch, change));
    this.dispatchEvent(new CustomEvent("adopted", { detail: { overtaken } }));
  }

  /** Another page of this browser was told that the next batch arrived. */
  #overheard({ seq, sent }) {
    if (seq === this.#seq + 1 && !this.#changes.flight) {
      this.#seq = seq;
      this.#changes.heard(sent);
      this.#sort({ settled: [], overtaken: [] });
      this.#tell();
    } else if (seq > this.#seq && !this.#changes.flight) {
      this.#must = "resync";
      this.#plan(Math.random() * OVERHEARD_MS);
    }
  }

  #deadlineFrom(reply) {
    if (reply.deadline) this.deadline = Date.parse(reply.deadline);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
