/** Sentences in the reader's language: they stand in the page's <template id="words">, never in a script. */

export function wordsOf(template) {
  const found = new Map();
  for (const word of template.content.querySelectorAll("[data-word]")) {
    found.set(word.dataset.word, { many: word.textContent.trim(), one: word.dataset.one ?? word.textContent.trim() });
  }
  /** `say("waiting", { count: 3 })`: the sentence with its blanks filled in; the singular where `count` is one. */
  const say = (name, values = {}) => {
    const forms = found.get(name);
    if (!forms) throw new Error(`the page has no words for ${name}`);
    const text = values.count === 1 ? forms.one : forms.many;
    return text.replace(/\{(\w+)\}/g, (blank, key) => String(values[key] ?? blank));
  };
  /** Whether the page has such a sentence. */
  say.knows = (name) => found.has(name);
  return say;
}
