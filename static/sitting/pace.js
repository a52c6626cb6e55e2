/** When changes travel: a choice after half a second, a text when typing pauses and every few seconds while it does not. */

const CHOICE_MS = 500;
const TYPING_PAUSE_MS = 2000;
const TYPING_MS = 10_000;
const JITTER_MS = 250;

export class Pace {
  #due = null;
  #choiceDue = Infinity;
  #typingSince = null;

  /** Take note of a change of this kind. */
  note(kind) {
    const now = performance.now();
    const due = now + (kind === "text" ? TYPING_PAUSE_MS : CHOICE_MS) + Math.random() * JITTER_MS;
    if (kind === "text") {
      this.#typingSince ??= now;
      this.#due = Math.min(due, this.#typingSince + TYPING_MS, this.#choiceDue);
    } else {
      this.#choiceDue = Math.min(this.#choiceDue, due);
      this.#due = Math.min(this.#due ?? Infinity, due);
    }
  }

  /** How long what waits may still wait, in ms; nothing where nobody said. */
  get left() {
    return this.#due === null ? 0 : Math.max(0, this.#due - performance.now());
  }

  /** What waited is on its way. */
  clear() {
    this.#due = null;
    this.#typingSince = null;
    this.#choiceDue = Infinity;
  }
}
