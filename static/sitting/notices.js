/** What is good to know and hinders nobody: shown above the question until it is read, each at most once at a time. */

const NEWS_MS = 60_000;

export class Notices {
  #place;
  #pattern;
  #say;
  #shown = new Map();

  constructor(root, say) {
    this.#place = root.querySelector("#notices");
    this.#pattern = root.querySelector("#notice");
    this.#say = say;
  }

  /** Show the sentence `name`, and `name_then` where there is one; `passing` news goes by itself after a minute. */
  show(name, values = {}, { passing = false } = {}) {
    this.hide(name);
    const notice = this.#pattern.content.firstElementChild.cloneNode(true);
    notice.querySelector("b").textContent = this.#say(name, values);
    notice.querySelector("[data-then]").textContent = this.#say.knows(`${name}_then`) ? this.#say(`${name}_then`, values) : "";
    notice.querySelector("button").addEventListener("click", () => this.hide(name));
    this.#shown.set(name, notice);
    this.#place.append(notice);
    if (passing) setTimeout(() => notice.remove(), NEWS_MS);
  }

  hide(name) {
    this.#shown.get(name)?.remove();
    this.#shown.delete(name);
  }
}
