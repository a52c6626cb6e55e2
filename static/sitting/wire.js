/** Changes as they travel: an essay as what was typed since the text that the server has, everything else whole. */

import { spliceOf } from "./splice.js";

const WHOLE_EVERY = 50;
const MOST_CHANGES = 200;
const MOST_CHARACTERS = 60_000;

export class Wire {
  #essays;
  #spliced = new Map();

  /** `essays`: the numbers of the questions that are answered with an essay. */
  constructor(essays = new Set()) {
    this.#essays = essays;
  }

  /** `[number, kind, value]` for the server, which holds `held` there. Now and then an essay travels whole, so that no slip lives long. */
  of({ number, kind, value }, held) {
    if (kind !== "text" || !this.#essays.has(number)) return [number, kind, value];
    const count = (this.#spliced.get(number) ?? 0) + 1;
    this.#spliced.set(number, count % WHOLE_EVERY);
    return count === WHOLE_EVERY ? [number, "text", value] : [number, "splice", spliceOf(held, value)];
  }
}

/** As many of these changes, from the first on, as fit into one request; one always does. */
export function oneLoad(changes) {
  let characters = 0;
  const fits = changes.slice(0, MOST_CHANGES).findIndex(({ value }) => (characters += value?.length ?? 0) > MOST_CHARACTERS);
  return changes.slice(0, fits < 0 ? MOST_CHANGES : Math.max(1, fits));
}
