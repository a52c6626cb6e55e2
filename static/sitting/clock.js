/** The server's time, known only through differences of one clock: the browser's own date is never asked. */

export class ServerClock {
  #low = -Infinity;
  #high = Infinity;

  /**
   * Learn from one reply: the server read `serverNow` (ms) some time between `sent` and `received` (ms of performance.now()).
   * What all replies allow is kept; a reply that contradicts it wins, because a machine that slept stops its counter.
   */
  learn(serverNow, sent, received) {
    const low = serverNow - received;
    const high = serverNow - sent;
    const agrees = low <= this.#high && high >= this.#low;
    this.#low = agrees ? Math.max(low, this.#low) : low;
    this.#high = agrees ? Math.min(high, this.#high) : high;
  }

  /** Learn from the page itself: its time was read while the browser waited for the answer. */
  learnFromPage(serverNow) {
    const [page] = performance.getEntriesByType("navigation");
    this.learn(serverNow, page?.requestStart ?? 0, page?.responseStart || performance.now());
  }

  /** The present moment on the server, in ms. */
  now() {
    return performance.now() + (this.#low + this.#high) / 2;
  }
}

/** `clockTime(ms)`: HH:MM:SS in the zone of the campaign; the seconds are left out where they say nothing and are not asked for. */
export function clockIn(zone) {
  const parts = { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const format = new Intl.DateTimeFormat("en-GB", parts);
  return (ms, { seconds = true } = {}) => {
    const text = format.format(new Date(ms));
    return !seconds && text.endsWith(":00") ? text.slice(0, -3) : text;
  };
}

const wholeSeconds = (ms) => Math.max(0, Math.ceil(ms / 1000));
const two = (number) => String(number).padStart(2, "0");

/** Minutes and seconds of a remaining time in ms, rounded up, so that 00:00 stands only when it has come. */
export function minutesAndSeconds(ms) {
  const seconds = wholeSeconds(ms);
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

/** The same with hours, where there are any. */
export function hoursMinutesSeconds(ms) {
  const seconds = wholeSeconds(ms);
  if (seconds < 3600) return minutesAndSeconds(ms);
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
