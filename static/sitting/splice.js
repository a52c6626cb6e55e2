/** What changed between two texts, as one piece taken out and one put in. */

/**
 * `[start, removed, inserted, length]`, counted in code points, as the server counts: from `start` on, `removed` of them are gone and
 * `inserted` stands there instead; `length` is that of the whole text after it.
 */
export function spliceOf(before, after) {
  const old = [...before];
  const now = [...after];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let same = 0;
  while (same < old.length - start && same < now.length - start && old.at(-1 - same) === now.at(-1 - same)) same += 1;
  return [start, old.length - start - same, now.slice(start, now.length - same).join(""), now.length];
}
