/** The page's sign of life: every few seconds, closer together towards the end, never in step with the other pages of the room. */

const EVERY_MS = 10_000;
const AT_THE_END_MS = 5000;
const THE_END_MS = 3 * 60_000;

/** Call `beat()` for as long as the page stands; `left()` is what is left of the time, in ms. A page that is looked at again beats at once. */
export function keepPulse(beat, left) {
  const next = () => {
    const pause = left() < THE_END_MS ? AT_THE_END_MS : EVERY_MS;
    setTimeout(() => {
      beat();
      next();
    }, pause * (0.8 + 0.4 * Math.random()));
  };
  document.addEventListener("visibilitychange", () => !document.hidden && beat());
  next();
}
