/** How a question is answered: one class for each way. Each reads and shows one answer, and says when a person changed it. */

import { readNumber, wordCount } from "./typed.js";

/** The input of a question's section; `changed(value)` is called for what a person does, never for what `show` does. */
export function inputOf(section, changed) {
  const root = section.querySelector("[data-answer]");
  return new { choice: OneOption, choices: SeveralOptions, text: Typed }[root.dataset.answer](root, changed);
}

/** One option or none: the value is its id or null. */
class OneOption {
  kind = "choice";
  blank = null;
  #root;
  #radios;

  constructor(root, changed) {
    this.#root = root;
    this.#radios = [...root.querySelectorAll("input")];
    for (const radio of this.#radios) radio.addEventListener("change", () => changed(radio.value));
  }

  /** The answer as the page came from the server. */
  get delivered() {
    return this.#radios.find((radio) => radio.defaultChecked)?.value ?? null;
  }

  show(value) {
    for (const radio of this.#radios) radio.checked = radio.value === value;
  }

  /** The nth option, chosen as by a click; false where there is none. */
  choose(position) {
    const radio = this.#radios[position];
    if (!radio) return false;
    radio.focus();
    if (!radio.checked) radio.click();
    return true;
  }

  focus() {
    this.#radios[0].focus();
  }

  lock(whether) {
    this.#root.disabled = whether;
  }
}

/** Any number of options: the value is the list of their ids, in the order of the paper. */
class SeveralOptions {
  kind = "choices";
  blank = [];
  #root;
  #boxes;

  constructor(root, changed) {
    this.#root = root;
    this.#boxes = [...root.querySelectorAll("input")];
    const chosen = () => this.#boxes.filter((box) => box.checked).map((box) => box.value);
    for (const box of this.#boxes) box.addEventListener("change", () => changed(chosen()));
  }

  get delivered() {
    return this.#boxes.filter((box) => box.defaultChecked).map((box) => box.value);
  }

  show(value) {
    for (const box of this.#boxes) box.checked = value?.includes(box.value) ?? false;
  }

  /** The nth option ticked, or no longer; false where there is none. */
  choose(position) {
    const box = this.#boxes[position];
    if (!box) return false;
    box.focus();
    box.click();
    return true;
  }

  focus() {
    this.#boxes[0].focus();
  }

  lock(whether) {
    this.#root.disabled = whether;
  }
}

/** A text: one line, a number, or an essay. The value is all of it as typed. */
class Typed {
  kind = "text";
  blank = "";
  #field;
  #words;
  #reading;

  constructor(root, changed) {
    this.#field = root.querySelector("input, textarea");
    this.#words = root.querySelector("[data-words]");
    this.#reading = root.querySelector("[data-reading]");
    this.#field.addEventListener("input", () => {
      this.#tell();
      changed(this.#field.value.toWellFormed?.() ?? this.#field.value);
    });
    this.#tell();
  }

  get delivered() {
    return this.#field.defaultValue;
  }

  /** The field is left alone where it holds this already: the cursor would jump. */
  show(value) {
    if (this.#field.value !== (value ?? "")) this.#field.value = value ?? "";
    this.#tell();
  }

  choose() {
    return false;
  }

  focus() {
    this.#field.focus();
  }

  lock(whether) {
    this.#field.readOnly = whether; // it can still be read and scrolled
  }

  /** Beside the field: how many words, or how the number is read. */
  #tell() {
    if (this.#words) this.#words.textContent = wordCount(this.#field.value);
    if (!this.#reading) return;
    const facts = this.#reading.dataset;
    const read = readNumber(this.#field.value, facts.mark);
    this.#reading.hidden = !read;
    this.#reading.classList.toggle("is-bad", Boolean(read?.fault));
    const text = read && (read.fault ? facts[read.fault] : facts.number.replace("{number}", read.number));
    if (text && this.#reading.textContent !== text) this.#reading.textContent = text;
  }
}
