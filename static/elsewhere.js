/** A device without the pen: goes on by itself as soon as it may, and hands over what it could not send while it had the pen. */

import { ServerClock } from "./sitting/clock.js";
import { setUpDisplay } from "./sitting/display.js";
import { bringBack } from "./sitting/leftovers.js";
import { SittingServer } from "./sitting/server.js";
import { Store } from "./sitting/store.js";
import { wordsOf } from "./sitting/words.js";

const ASK_EVERY_MS = 3000;

const facts = document.querySelector("#elsewhere").dataset;
const say = wordsOf(document.querySelector("#words"));

function goOn() {
  document.querySelector("#take-over").submit();
}

async function ask() {
  try {
    const response = await fetch(facts.standingUrl, { cache: "no-store", redirect: "manual" });
    const { standing } = response.ok ? await response.json() : {};
    if (standing === "released" || standing === "resumable") return goOn();
    if (response.type === "opaqueredirect" || standing === "held" || standing === "over") return location.reload();
  } catch {
    // no network now: the next question comes soon
  }
  return setTimeout(ask, ASK_EVERY_MS * (0.8 + 0.4 * Math.random()));
}

async function handOver() {
  const store = new Store(facts.sitting, "");
  const kept = (await store.read()).filter(({ epoch }) => epoch < Number(facts.epoch));
  const told = await bringBack(new SittingServer(new ServerClock(), facts), store, kept);
  if (!told.kept) return;
  document.querySelector("#handed-over-words").textContent = say("handed_over", { count: told.kept });
  document.querySelector("#handed-over").hidden = false;
}

setUpDisplay();
document.querySelectorAll("[data-scripted]").forEach((place) => (place.hidden = false));
document.querySelectorAll("[data-unscripted]").forEach((place) => place.remove());
if (facts.standing === "resumable") goOn();
else {
  handOver();
  if (facts.standing === "elsewhere") setTimeout(ask, ASK_EVERY_MS);
}
