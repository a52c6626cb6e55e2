/** Words and numbers of what is typed, read as the server reads them. */

// The blanks of the server's own list: a browser's \s differs from it.
const WORD = /[^\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
const NUMBER = /^([+-]?)(?:(\d+)(?:[.,](\d*))?|[.,](\d+))$/;
const GROUPED = /^[+-]?\d+(?:[.,'’ ]+\d+)+(?:[.,]\d*)?$/;

/** Words as writers count them: what stands between blanks. */
export function wordCount(text) {
  return text.match(WORD)?.length ?? 0;
}

/** What an answer says: null or empty where there is none, also where a text has no word. */
export function isAnswer(value) {
  if (value === null || value === undefined) return false;
  return typeof value === "string" ? wordCount(value) > 0 : value.length > 0;
}

/** `{number}` in plain digits with `mark` before the decimals, or `{fault}`: "grouped" or "unreadable"; null for nothing typed. */
export function readNumber(text, mark) {
  const plain = (text.match(WORD) ?? []).join(" ").replace("\u2212", "-");
  if (!plain) return null;
  const found = NUMBER.exec(plain);
  if (!found) return { fault: GROUPED.test(plain) ? "grouped" : "unreadable" };
  const [, sign, whole = "", decimals = "", bare = ""] = found;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const rest = (decimals || bare).replace(/0+$/, "");
  const negative = sign === "-" && /[1-9]/.test(digits + rest);
  return { number: (negative ? "−" : "") + digits + (rest && mark + rest) };
}
