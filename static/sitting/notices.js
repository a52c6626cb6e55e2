/** What is good to know and hinders nobody: shown above the question until it is read, each at most once at a time. */

const NEWS_MS = 60_000;

export class Notices {
  #place;
  #pattern;
  #say;
  #announce;
  #shown = new Map();

  /** `announce(text)` tells those who listen. */
  constructor(root, say, announce) {
    this.#place = root.querySelector("#notices");
    this.#pattern = root.querySelector("#notice");
    this.#say = say;
    this.#announce = announce;
  }

  /**
   * Show the sentence `name`, and `name_then` where there is one; `passing` news goes by itself after a minute, `heard` was announced already.
   * What stands there is not said again.
   */
  show(name, values = {}, { passing = false, heard = false } = {}) {
    const texts = [this.#say(name, values), this.#say.knows(`${name}_then`) ? this.#say(`${name}_then`, values) : ""];
    if (this.#shown.get(name)?.querySelector("b").textContent === texts[0]) return;
    this.hide(name);
    const notice = this.#pattern.content.firstElementChild.cloneNode(true);
    [notice.querySelector("b").textContent, notice.querySelector("[data-then]").textContent] = texts;
    notice.querySelector("button").addEventListener("click", () => this.hide(name));
    this.#shown.set(name, notice);
    this.#place.append(notice);
    if (passing) setTimeout(() => this.#pass(name, notice), NEWS_MS);
    if (!heard) this.#announce(texts.join(" ").trim());
  }

  #pass(name, notice) {
    if (this.#shown.get(name) === notice) this.hide(name);
  }

  hide(name) {
    this.#shown.get(name)?.remove();
    this.#shown.delete(name);
  }
}
