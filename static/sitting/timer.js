/** Counts down to a moment on the server's clock, says once that 10, 5 and 1 minute are left, and tells when it has come. */

const MINUTE_MS = 60_000;
const MARKS = [10, 5, 1];

export class Timer extends EventTarget {
  #clock;
  #until;
  #said = new Set();
  #ended = false;
  #wake;
  #standsSince = null;

  constructor(clock, until) {
    super();
    this.#clock = clock;
    this.#until = until;
    const already = this.left / MINUTE_MS;
    MARKS.filter((mark) => mark > already).forEach((mark) => this.#said.add(mark));
    document.addEventListener("visibilitychange", () => this.tick());
  }

  /** Remaining time in ms; negative once it is over. */
  get left() {
    return this.#until - (this.#standsSince ?? this.#clock.now());
  }

  /** The smallest mark that is reached, in minutes; undefined while more than the first is left. */
  get near() {
    const left = this.left;
    return MARKS.filter((mark) => left > 0 && left <= mark * MINUTE_MS).pop();
  }

  get until() {
    return this.#until;
  }

  /** The server has moved the end; a mark that lies ahead again will be said again. "moved" tells by how many ms. */
  moveTo(until, { quiet = false } = {}) {
    if (until === this.#until) return;
    const by = until - this.#until;
    this.#until = until;
    const left = this.left / MINUTE_MS;
    for (const mark of MARKS) if (mark < left) this.#said.delete(mark);
    if (this.left > 0) this.#ended = false;
    this.dispatchEvent(new CustomEvent("moved", { detail: { by, quiet } }));
    this.tick();
  }

  /** The end was told too early, by a clock that has learned better since: go on counting. */
  goOn() {
    if (this.left > 0) this.#ended = false;
    this.tick();
  }

  /** The clock stands since `moment` (ms on the server's clock), or runs again: null. */
  stand(moment) {
    if (moment === this.#standsSince) return;
    this.#standsSince = moment;
    this.tick();
  }

  /** Tell what is left, in ms, and wake at the next second. */
  tick() {
    clearTimeout(this.#wake);
    const left = this.left;
    this.dispatchEvent(new CustomEvent("tick", { detail: left }));
    if (this.#standsSince !== null) return;
    this.#mark(left);
    if (left > 0) {
      this.#wake = setTimeout(() => this.tick(), (left % 1000) + 5);
    } else if (!this.#ended) {
      this.#ended = true;
      this.dispatchEvent(new Event("end"));
    }
  }

  #mark(left) {
    const due = MARKS.filter((mark) => left > 0 && left <= mark * MINUTE_MS);
    const news = due.filter((mark) => !this.#said.has(mark));
    due.forEach((mark) => this.#said.add(mark));
    if (news.length) this.dispatchEvent(new CustomEvent("mark", { detail: Math.min(...news) }));
  }
}
