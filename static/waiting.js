/** The waiting room: counts down on the server's clock, shows the way in at the start, and learns within seconds what has changed. */

import { ServerClock, hoursMinutesSeconds } from "./sitting/clock.js";
import { setUpDisplay } from "./sitting/display.js";
import { tidy } from "./sitting/store.js";
import { Timer } from "./sitting/timer.js";
import { wordsOf } from "./sitting/words.js";

const ASK_EVERY_MS = 10_000;
const HERE_EVERY_MS = 25_000; // silences of more than a minute are looked at as outages
const MOST_PATIENCE_MS = 60_000;
const SPREAD_MS = 1000; // a room does not ask in one moment
const AFTER_OPENING_MS = 100; // the clock of this page knows the server's to half of a journey

const page = document.querySelector("#waiting");
setUpDisplay();
tidy();
if (page) watch(page.dataset);
document.querySelector("#unscripted")?.remove();

function watch(facts) {
  const clock = new ServerClock();
  clock.learnFromPage(Date.parse(facts.serverNow));
  const place = document.querySelector("#until-start");
  let known = facts.standing;
  let opened = null;
  let pause = ASK_EVERY_MS;
  if (place) countDown(place);
  plan();
  tellHere();

  function plan(least = 0) {
    setTimeout(ask, Math.max(least, pause) * (0.8 + 0.4 * Math.random()));
  }

  /** Reload when something has changed; nothing is typed on this page that could be lost, except a code at the moment of the start. */
  async function ask() {
    const sent = performance.now();
    try {
      const response = await fetch(facts.stateUrl, { cache: "no-store", redirect: "manual" });
      if (!response.ok) return patience(response);
      const state = await response.json();
      clock.learn(Date.parse(state.server_now), sent, performance.now());
      pause = ASK_EVERY_MS;
      if (opened !== null && state.next_part === opened) {
        known = state.standing; // that is what the page shows already
        opened = null;
      }
      if (state.standing !== known) return location.reload();
    } catch {
      return patience(null); // no network now: the countdown goes on by itself
    }
    return plan();
  }

  /** A sign of life, for which nothing is expected. */
  function tellHere() {
    fetch(facts.hereUrl, { method: "POST", headers: { "X-CSRFToken": facts.token }, redirect: "manual" }).catch(() => {});
    setTimeout(tellHere, HERE_EVERY_MS * (0.8 + 0.4 * Math.random()));
  }

  function patience(response) {
    pause = Math.min(2 * pause, MOST_PATIENCE_MS);
    plan(1000 * (Number(response?.headers.get("Retry-After")) || 0));
  }

  function countDown(shown) {
    const say = wordsOf(document.querySelector("#words"));
    const said = document.querySelector("#said");
    const timer = new Timer(clock, Date.parse(shown.dataset.opensAt));
    timer.addEventListener("tick", (event) => {
      shown.textContent = hoursMinutesSeconds(event.detail);
    });
    timer.addEventListener("mark", (event) => {
      said.textContent = say("mark", { count: event.detail });
    });
    timer.addEventListener("end", () => setTimeout(() => open(say, said), AFTER_OPENING_MS + Math.random() * SPREAD_MS));
    timer.tick();
  }

  /** The way in was delivered with the page, so that a whole room that begins asks the server for nothing but the papers. */
  function open(say, said) {
    const way = document.querySelector("#way-in");
    if (!way) return location.reload();
    opened = way.dataset.part;
    document.querySelector("#until").hidden = true;
    way.hidden = false;
    said.textContent = say("open");
    return undefined;
  }
}
