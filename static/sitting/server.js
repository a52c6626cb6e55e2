/** Speaks to the server about one sitting, and lets the clock learn from every reply. */

const REPLY_WITHIN_MS = 12_000;
const OUTLIVES_THE_PAGE = 60_000; // bytes of requests that a browser finishes after the page is gone
const NO_REPLY = Object.freeze({ status: 0 });

export class SittingServer {
  #clock;
  #addresses;
  /** Proves that this login session was given this page; a new sign-in needs a new one. */
  token;

  constructor(clock, { saveUrl, answersUrl, aliveUrl, saveToken }) {
    this.#clock = clock;
    this.#addresses = { save: saveUrl, answers: answersUrl, alive: aliveUrl };
    this.token = saveToken;
  }

  /** Send a batch; resolves to the reply with its `status`, 0 when there was none, and `retryAfter` in ms where the server names it. */
  save(body) {
    return this.#post(this.#addresses.save, body);
  }

  /** Give a sign of life from question `at` with `unsent` changes waiting, and learn how the sitting stands; resolves as `save` does. */
  alive(at, unsent) {
    return this.#post(this.#addresses.alive, JSON.stringify({ at, unsent }));
  }

  /** All that the server holds of the sitting; resolves as `save` does. */
  answers() {
    return this.#ask(this.#addresses.answers, { method: "GET" });
  }

  #post(address, body) {
    const headers = { "Content-Type": "application/json", "X-Save-Token": this.token };
    const keepalive = new Blob([body]).size < OUTLIVES_THE_PAGE;
    return this.#ask(address, { method: "POST", headers, body, keepalive });
  }

  async #ask(address, options) {
    const sent = performance.now();
    try {
      const signal = AbortSignal.timeout(REPLY_WITHIN_MS);
      const response = await fetch(address, { ...options, signal, cache: "no-store", redirect: "manual" });
      const received = performance.now();
      if (response.type === "opaqueredirect") return { status: 401 }; // sent to the sign-in page
      const reply = await readJson(response);
      if (reply.server_now) this.#clock.learn(Date.parse(reply.server_now), sent, received);
      return { ...reply, status: response.status, retryAfter: 1000 * (Number(response.headers.get("Retry-After")) || 0) };
    } catch {
      return NO_REPLY;
    }
  }
}

async function readJson(response) {
  const told = response.headers.get("Content-Type") ?? "";
  return told.includes("json") ? response.json() : {};
}
