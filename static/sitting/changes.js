/** What the server holds, what waits and what travels, answer by answer. Knows no network and no clock. */

import { same } from "./store.js";
import { Wire, oneLoad } from "./wire.js";

const BLANK = { choice: null, choices: [], text: "", flag: false };
const keyOf = ({ number, kind }) => `${number} ${kind}`;

export class Changes {
  #arrived = new Map();
  #waiting = new Map();
  #elsewhere = new Map();
  #late = new Map();
  #flight = null;
  #wire;

  /** `held`: `[number, kind, value]` of all that the server holds. */
  constructor(held, essays) {
    this.#wire = new Wire(essays);
    this.#hold(held);
  }

  /** The batch on its way, with its `seq`, its `body` and its changes in `sent`; null where none is. */
  get flight() {
    return this.#flight;
  }

  /** How many answers have no acknowledgement yet. */
  get unsaved() {
    return new Set([...this.#waiting.keys(), ...(this.#flight?.sent.map(keyOf) ?? [])]).size;
  }

  get wait() {
    return this.#waiting.size > 0;
  }

  /** Whether a change of this answer is still under way. */
  isUnderWay(number, kind) {
    const key = keyOf({ number, kind });
    return this.#waiting.has(key) || Boolean(this.#travelling(key));
  }

  /** What the server holds. */
  arrived(number, kind) {
    return this.#arrived.get(keyOf({ number, kind })) ?? BLANK[kind];
  }

  /** What it will hold once all that waits and travels, here and in other pages of this browser, has arrived. */
  present(number, kind) {
    const key = keyOf({ number, kind });
    const latest = this.#waiting.get(key) ?? this.#elsewhere.get(key) ?? this.#travelling(key) ?? this.#late.get(key);
    return latest ? latest.value : this.arrived(number, kind);
  }

  /**
   * Take note of a change; returns what is to be kept of this answer until the server has it: the change, or the same where it travels
   * already, or null for one that the server has. Its `bases` are what the server may hold until it arrives, by what is on its way from
   * here and from `others`, open pages and such that are gone: anything else was put there later.
   */
  note(number, kind, value) {
    const key = keyOf({ number, kind });
    const [arrived, travelling, elsewhere] = [this.arrived(number, kind), this.#travelling(key), this.#elsewhere.get(key)];
    const mine = [travelling, this.#waiting.get(key)].filter(Boolean);
    const others = distinct([...(elsewhere ? possible(elsewhere) : []), ...mine.flatMap((change) => change.others)]);
    const bases = distinct([arrived, ...(travelling ? possible(travelling) : []), ...(this.#waiting.get(key)?.bases ?? []), ...others]);
    this.#waiting.delete(key);
    this.#elsewhere.delete(key);
    if (!others.length && same(value, travelling ? travelling.value : arrived)) return travelling ?? null;
    const change = { number, kind, value, bases, others };
    this.#waiting.set(key, change);
    return change;
  }

  /** Another page of this browser has a later change of this answer, and sends it. */
  yield(change) {
    this.#waiting.delete(keyOf(change));
    this.#elsewhere.set(keyOf(change), change);
  }

  /** The same, read from where that page keeps it: whatever was heard or done since is later. */
  mirror(change) {
    const key = keyOf(change);
    if (!this.isUnderWay(change.number, change.kind) && !this.#elsewhere.has(key)) this.#elsewhere.set(key, change);
  }

  /** Put what waits on its way under `seq`, unless something is; false when there is nothing to send. */
  board(seq, epoch) {
    if (this.#flight) return true;
    const sent = oneLoad([...this.#waiting.values()]);
    if (!sent.length) return false;
    const answers = sent.map((change) => this.#wire.of(change, this.arrived(change.number, change.kind)));
    sent.forEach((change) => this.#waiting.delete(keyOf(change)));
    this.#flight = { seq, sent, body: JSON.stringify({ seq, epoch, answers }) };
    return true;
  }

  /** The batch on its way arrived, so nothing else from here can in its place; returns its changes. */
  landed() {
    const { sent } = this.#flight;
    this.#flight = null;
    for (const change of sent) this.#arrived.set(keyOf(change), change.value);
    for (const change of this.#waiting.values()) change.bases = distinct([this.arrived(change.number, change.kind), ...change.others]);
    return sent;
  }

  /** The batch on its way will never count; returns its changes. */
  drop() {
    const sent = this.#flight?.sent ?? [];
    this.#flight = null;
    return sent;
  }

  /** The batch on its way came after the close: it counts only if the part is opened again. Returns its changes. */
  miss() {
    const sent = this.drop();
    for (const change of sent) this.#late.set(keyOf(change), change);
    return sent;
  }

  /** The part is open again: what came after its close goes before all that was changed since; `resume` then sorts it. */
  reopen() {
    const since = this.#waiting;
    this.#waiting = new Map([...this.#late].filter(([key]) => !this.#travelling(key)));
    for (const [key, change] of since) this.#waiting.set(key, change);
    this.#late = new Map();
  }

  /** Another page of this browser was told that these arrived. */
  heard(sent) {
    for (const change of sent) {
      this.#arrived.set(keyOf(change), change.value);
      if (same(this.#elsewhere.get(keyOf(change))?.value, change.value)) this.#elsewhere.delete(keyOf(change));
    }
  }

  /**
   * Go on from what the server holds: on top of it waits every change made here that it does not have, unless another page has put
   * something there since, or is about to. With `forgot`, the server has lost what it acknowledged, and is given back all of it.
   * Returns `{ settled, overtaken }`: the changes that are no longer needed, and those that something newer stands in place of.
   */
  resume(held, { forgot = false } = {}) {
    const lost = forgot ? [...this.#arrived].map(([key, value]) => ({ ...partsOf(key), value, bases: [] })) : [];
    const mine = new Map();
    const sent = (this.#flight?.sent ?? []).filter((change) => !this.#elsewhere.has(keyOf(change)));
    for (const change of [...lost, ...sent, ...this.#waiting.values()]) {
      const before = mine.get(keyOf(change));
      mine.set(keyOf(change), { ...change, bases: distinct([...change.bases, ...(before ? possible(before) : [])]) });
    }
    this.#flight = null;
    this.#waiting = new Map();
    this.#hold(held);
    this.#elsewhere = new Map([...this.#elsewhere].filter(([, change]) => !same(change.value, this.arrived(change.number, change.kind))));
    return this.#sift([...mine.values()], { force: forgot });
  }

  /**
   * Changes that were kept by a page that is gone, and may still arrive from there, wait here by the same rule; a change made since goes
   * before. Where this page is not `fresh` from the server, all of them wait, and `resume` has to sort them. Returns as `resume` does.
   */
  claim(kept, fresh) {
    const latest = [];
    for (const change of kept) {
      const key = keyOf(change);
      const mine = this.#waiting.get(key) ?? this.#travelling(key);
      if (this.#elsewhere.delete(key) || !mine) latest.push(change);
      else expect(mine, possible(change));
    }
    return this.#sift(latest, { doubt: !fresh });
  }

  /** `kept`, and what was heard of pages that are gone and is not among it: their store may have failed. */
  withHeard(kept) {
    const keys = new Set(kept.map(keyOf));
    return [...kept, ...[...this.#elsewhere.values()].filter((change) => !keys.has(keyOf(change)))];
  }

  #sift(mine, { force = false, doubt = false }) {
    const told = { settled: [], overtaken: [] };
    for (const change of mine) {
      const stored = this.arrived(change.number, change.kind);
      const bases = distinct(possible(change)); // it may be on its way already
      const fits = force || doubt || change.bases.some((base) => same(base, stored));
      if (same(stored, change.value) && !cameBack(change) && !doubt) told.settled.push(change);
      else if (fits) this.#waiting.set(keyOf(change), { ...change, bases, others: bases });
      else told.overtaken.push(change);
    }
    return told;
  }

  #hold(held) {
    this.#arrived = new Map(held.map(([number, kind, value]) => [keyOf({ number, kind }), value]));
  }

  #travelling(key) {
    return this.#flight?.sent.find((change) => keyOf(change) === key);
  }
}

/** All that the server may hold before this change and after it. */
const possible = ({ value, bases }) => [value, ...bases];

/** Whether it goes back to a value that another change, which may still arrive, led away from. */
const cameBack = ({ value, bases }) => bases.some((base) => same(base, value)) && !bases.every((base) => same(base, value));

/** The server may hold these before `change` arrives. */
function expect(change, values) {
  change.bases = distinct([...change.bases, ...values]);
  change.others = distinct([...change.others, ...values]);
}

const distinct = (values) => values.filter((value, place) => values.findIndex((other) => same(other, value)) === place);

const partsOf = (key) => ({ number: Number(key.split(" ")[0]), kind: key.split(" ")[1] });

/** `[number, kind, value]` of all that a reply of the server says it holds. */
export function heldIn({ answers, several = {}, texts = {}, flags }) {
  const rows = (values, kind) => Object.entries(values).map(([number, value]) => [Number(number), kind, value]);
  return [...rows(answers, "choice"), ...rows(several, "choices"), ...rows(texts, "text"), ...flags.map((number) => [number, "flag", true])];
}
