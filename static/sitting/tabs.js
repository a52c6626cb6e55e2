/** The pages of one sitting in this browser tell each other what was changed and what arrived, so that all of them show the same. */

const ANSWER_WITHIN_MS = 250;
const LOOK_EVERY_MS = 8000;
const SILENT_AFTER_MS = 4000;

export class Tabs extends EventTarget {
  #channel = null;
  #name;
  #others = new Set();
  #silent = new Set();
  #here;

  /** `name` is this page's own. Without channels in this browser it is alone, and the server settles what two pages do. */
  constructor(sitting, name) {
    super();
    this.#name = name;
    if (typeof BroadcastChannel === "undefined") return;
    this.#channel = new BroadcastChannel(`examsite.sitting.${sitting}`);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    addEventListener("pagehide", () => this.tell("bye"));
    this.#here = hold(placeOf(name));
    if (!navigator.locks) setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** The names of the other pages that are open. */
  get others() {
    return this.#others;
  }

  /** Ask who else is here, and wait for the answers. */
  async greet() {
    if (!this.#channel) return;
    await this.#here;
    this.tell("hello");
    await new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS));
  }

  /** Tell the others: "change" with `change`, "saved" with `seq` and `sent`. */
  tell(what, details = {}) {
    this.#channel?.postMessage({ what, from: this.#name, ...details });
  }

  #hear(message) {
    this.#silent.delete(message.from);
    if (message.what === "bye") {
      this.#gone(message.from);
      return;
    }
    if (!this.#others.has(message.from)) this.#watch(message.from);
    if (message.what === "hello") this.tell("here");
    this.dispatchEvent(new CustomEvent(message.what, { detail: message }));
  }

  /** A page that is killed says nothing, but its lock falls to whoever waits for it. */
  #watch(other) {
    this.#others.add(other);
    navigator.locks?.request(placeOf(other), () => this.#gone(other));
  }

  /** Without locks (a page over plain HTTP has none) whoever does not answer is gone. */
  #look() {
    if (!this.#others.size) return;
    const asked = new Set(this.#others);
    this.#silent = asked;
    this.tell("hello");
    setTimeout(() => asked.forEach((other) => this.#gone(other)), SILENT_AFTER_MS);
  }

  #gone(other) {
    if (this.#others.delete(other)) this.dispatchEvent(new Event("bye"));
  }
}

const placeOf = (name) => `examsite.page.${name}`;

/** Hold a lock for as long as the page stands; resolves when it is held, at once where there are no locks. */
function hold(name) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((resolve) => {
    navigator.locks.request(name, () => {
      resolve();
      return new Promise(() => {});
    });
  });
}
