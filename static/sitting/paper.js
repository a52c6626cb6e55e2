/** The paper on the screen: one question at a time, its answer, its flag, and the squares that lead to each. Decides nothing. */

import { inputOf } from "./inputs.js";
import { same } from "./store.js";
import { isAnswer } from "./typed.js";

const ROW = 10;

export class Paper extends EventTarget {
  #items = new Map();
  #cells = new Map();
  #say;
  #now = 1;
  #locked = false;
  #parts;

  constructor(root, say) {
    super();
    this.#say = say;
    root.querySelectorAll("[data-item]").forEach((section) => this.#addItem(section));
    root.querySelectorAll("[data-cell]").forEach((cell) => this.#addCell(cell));
    this.#parts = {
      back: root.querySelector("#back"),
      next: root.querySelector("#next"),
      last: root.querySelector("#last"),
      cells: root.querySelector(".ex-cells"),
      counts: new Map([...root.querySelectorAll("[data-count]")].map((place) => [place.dataset.count, place])),
      done: root.querySelector("#count-done"),
    };
    this.#parts.back.addEventListener("click", () => this.turn(-1));
    this.#parts.next.addEventListener("click", () => this.turn(1));
    this.#parts.cells.addEventListener("keydown", (event) => this.#walkCells(event));
  }

  /** How many questions there are, and the one in view. */
  get size() {
    return this.#items.size;
  }

  get inView() {
    return this.#now;
  }

  /** `[number, kind, value]` of everything but blank fields, a text without a word too, and the flagged numbers, as the page came from the server. */
  get delivered() {
    const answers = [...this.#items].map(([number, { input }]) => [number, input.kind, input.delivered]);
    const flags = [...this.#items].filter(([, item]) => item.flag.getAttribute("aria-pressed") === "true").map(([number]) => number);
    return { answers: answers.filter(([number, , value]) => !same(value, this.blankOf(number))), flags };
  }

  /** How a question is answered: "choice", "choices" or "text"; and the value of no answer: null, [] or "". */
  kindOf(number) {
    return this.#items.get(number).input.kind;
  }

  blankOf(number) {
    return this.#items.get(number).input.blank;
  }

  /** Bring a question into view; `focus` moves the reader there as well. */
  show(number, { focus = true } = {}) {
    if (!this.#items.has(number)) return;
    this.#items.get(this.#now).section.hidden = true;
    this.#now = number;
    const item = this.#items.get(number);
    item.section.hidden = false;
    this.#parts.back.classList.toggle("invisible", number === 1);
    this.#parts.next.hidden = number === this.size;
    this.#parts.last.hidden = number !== this.size;
    for (const [each, cell] of this.#cells) cell.tabIndex = each === number ? 0 : -1;
    history.replaceState(null, "", `#q${number}`);
    this.dispatchEvent(new Event("turned"));
    if (focus) {
      scrollTo({ top: 0 });
      item.heading.focus({ preventScroll: true });
    }
  }

  /** The next question (1) or the one before (-1). */
  turn(step) {
    this.show(this.#now + step);
  }

  /** The nth option of the question in view, chosen as by a click; false where there is none. */
  choose(position) {
    return !this.#locked && this.#items.get(this.#now).input.choose(position);
  }

  /** Turn the flag of the question in view. */
  flag() {
    this.#items.get(this.#now).flag.click();
  }

  /** Show an answer and a flag as they are now; null stands for no answer of every kind. */
  set(number, value, flagged) {
    const item = this.#items.get(number);
    item.input.show(value);
    item.clear.hidden = item.input.kind === "text" || !isAnswer(value) || this.#locked;
    item.flag.setAttribute("aria-pressed", String(flagged));
  }

  /** Repaint squares and counts; `standing(number)` gives `{done, flagged, waits}` of a question. */
  paint(standing) {
    const counts = { done: 0, blank: 0, flag: 0, queue: 0 };
    let answered = 0;
    for (const [number, cell] of this.#cells) {
      const { done, flagged, waits } = standing(number);
      const current = number === this.#now;
      counts[waits ? "queue" : done ? "done" : "blank"] += 1;
      counts.flag += flagged;
      answered += done;
      this.#paintCell(cell, number, { done, flagged, waits, current });
    }
    for (const [name, place] of this.#parts.counts) place.textContent = counts[name];
    this.#parts.done.textContent = answered;
  }

  /** From now on, or no longer, this page is only for reading. */
  lock(whether) {
    this.#locked = whether;
    for (const item of this.#items.values()) {
      item.input.lock(whether);
      item.flag.disabled = whether;
      item.clear.hidden ||= whether;
    }
  }

  #addItem(section) {
    const number = Number(section.dataset.item);
    const item = {
      section,
      input: inputOf(section, (value) => this.#changed(number, item.input.kind, value)),
      heading: section.querySelector("h2"),
      flag: section.querySelector("[data-flag]"),
      clear: section.querySelector("[data-clear]"),
    };
    this.#items.set(number, item);
    item.clear.addEventListener("click", () => {
      this.#changed(number, item.input.kind, item.input.blank);
      item.input.focus();
    });
    item.flag.addEventListener("click", () => this.#changed(number, "flag", item.flag.getAttribute("aria-pressed") !== "true"));
  }

  #addCell(cell) {
    const number = Number(cell.dataset.cell);
    this.#cells.set(number, cell);
    cell.addEventListener("click", () => this.show(number));
  }

  #changed(number, kind, value) {
    if (!this.#locked) this.dispatchEvent(new CustomEvent("changed", { detail: { number, kind, value } }));
  }

  #paintCell(cell, number, { done, flagged, waits, current }) {
    const classes = { "is-done": done, "is-flag": flagged, "is-queue": waits, "is-now": current };
    for (const [name, whether] of Object.entries(classes)) cell.classList.toggle(name, whether);
    const words = [this.#say("cell", { number }), this.#say(done ? "cell_done" : "cell_blank")];
    if (flagged) words.push(this.#say("cell_flag"));
    if (waits) words.push(this.#say("cell_queue"));
    cell.setAttribute("aria-label", words.join(", "));
    if (current) cell.setAttribute("aria-current", "true");
    else cell.removeAttribute("aria-current");
  }

  /** Among the squares, up and down go by a row; left and right turn pages everywhere. */
  #walkCells(event) {
    const goal = { ArrowUp: this.#now - ROW, ArrowDown: this.#now + ROW, Home: 1, End: this.size }[event.key];
    if (goal === undefined || !this.#cells.has(goal)) return;
    event.preventDefault();
    this.show(goal, { focus: false });
    this.#cells.get(goal).focus();
  }
}
