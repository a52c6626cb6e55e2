/** A pause of the exam: the questions are covered, nothing can be changed, the clock stands, and a sentence says since when. */

export class Pause {
  #root;
  #say;
  #time;
  #timer;
  #paper;
  #announce;
  #since = null;

  constructor(root, { say, time, timer, paper, announce }) {
    this.#root = root;
    this.#say = say;
    this.#time = time;
    this.#timer = timer;
    this.#paper = paper;
    this.#announce = announce;
  }

  /** Whether the server has just said that the pause is over: `since` as in `show`. */
  ends(since) {
    return this.#since !== null && since === null;
  }

  /** Cover or uncover: `since` is the begin of the pause in ms on the server's clock, or null; `locked`: nothing can be changed any more. */
  show(since, { locked }) {
    if (since === this.#since) return;
    this.#since = since;
    const paused = since !== null;
    this.#timer.stand(since);
    const cover = this.#root.querySelector("#pause");
    cover.hidden = !paused;
    for (const part of this.#root.querySelectorAll("[data-covered]")) part.hidden = paused;
    if (!locked) this.#paper.lock(paused);
    const told = paused ? { time: this.#time(since, { seconds: false }) } : { time: this.#time(this.#timer.until, { seconds: false }) };
    if (paused) this.#root.querySelector("#pause-since").textContent = this.#say("paused_since", told);
    this.#announce(this.#say(paused ? "paused" : "pause_over", told));
    if (!paused) this.#paper.show(this.#paper.inView);
  }
}
