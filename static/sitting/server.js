/** Speaks to the server about one sitting, and lets the clock learn from every reply. */

const REPLY_WITHIN_MS = 12_000;
const NO_REPLY = Object.freeze({ status: 0 });

export class SittingServer {
  #clock;
  #addresses;
  #token;

  constructor(clock, { saveUrl, answersUrl, saveToken }) {
    this.#clock = clock;
    this.#addresses = { save: saveUrl, answers: answersUrl };
    this.#token = saveToken;
  }

  /** Send a batch; resolves to the reply with its `status`, 0 when there was none. */
  save(body) {
    const headers = { "Content-Type": "application/json", "X-Save-Token": this.#token };
    return this.#ask(this.#addresses.save, { method: "POST", headers, body, keepalive: true });
  }

  /** How the sitting stands on the server; resolves as `save` does. */
  answers() {
    return this.#ask(this.#addresses.answers, { method: "GET" });
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
      return { ...reply, status: response.status };
    } catch {
      return NO_REPLY;
    }
  }
}

async function readJson(response) {
  const told = response.headers.get("Content-Type") ?? "";
  return told.includes("json") ? response.json() : {};
}
