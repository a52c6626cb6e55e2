/** The waiting room: counts down on the server's clock and shows the way in as soon as the server opens it. */

import { ServerClock, hoursMinutesSeconds } from "./sitting/clock.js";
import { setUpDisplay } from "./sitting/display.js";
import { Timer } from "./sitting/timer.js";
import { wordsOf } from "./sitting/words.js";

const ASK_EVERY_MS = 15_000;
const SPREAD_MS = 2000;

const page = document.querySelector("#waiting");
setUpDisplay();
if (page) watch(page.dataset);
document.querySelector("#unscripted")?.remove();

function watch(facts) {
  const clock = new ServerClock();
  clock.learnFromPage(Date.parse(facts.serverNow));
  const place = document.querySelector("#until-start");
  if (place) countDown(clock, place);

  /** Reload when something has changed; nothing is typed on this page that could be lost. */
  async function ask() {
    const sent = performance.now();
    try {
      const response = await fetch(facts.stateUrl, { cache: "no-store", redirect: "manual" });
      if (!response.ok) return;
      const state = await response.json();
      clock.learn(Date.parse(state.server_now), sent, performance.now());
      if (standingOf(state) !== facts.standing) location.reload();
    } catch {
      // no network now: the countdown goes on by itself, and the next question comes soon
    }
  }

  function countDown(timeKeeper, shown) {
    const say = wordsOf(document.querySelector("#words"));
    const timer = new Timer(timeKeeper, Date.parse(shown.dataset.opensAt));
    timer.addEventListener("tick", (event) => {
      shown.textContent = hoursMinutesSeconds(event.detail);
    });
    timer.addEventListener("mark", (event) => {
      document.querySelector("#said").textContent = say("mark", { count: event.detail });
    });
    timer.addEventListener("end", () => setTimeout(() => location.reload(), 300 + Math.random() * SPREAD_MS));
    timer.tick();
  }

  ask();
  setInterval(ask, ASK_EVERY_MS * (0.8 + 0.4 * Math.random()));
}

/** The same words in the same order as the page itself was delivered with. */
function standingOf({ phase, next_part: next, working, parts }) {
  return [phase, next ?? "-", working ?? "-", ...parts.map((part) => part.state)].join(" ");
}
