/**
 * The receipt: what this computer could not send in time is handed over now, and the page then says what came late. Should time be given after
 * the close, the page leads back into the room by itself.
 */

import { Changes, heldIn } from "./sitting/changes.js";
import { ServerClock } from "./sitting/clock.js";
import { setUpDisplay } from "./sitting/display.js";
import { bringBack } from "./sitting/leftovers.js";
import { SittingServer } from "./sitting/server.js";
import { Store, same } from "./sitting/store.js";

const ASK_EVERY_MS = 15_000;
const MOST_ASKS = 480; // two hours: nobody is given time on the day after

const facts = document.querySelector("#leftovers").dataset;
let leaving = false;

/** Load this page again, unless its reader is already on the way to another one: that way would be lost. */
function renew() {
  if (!leaving) location.reload();
}

async function handOver() {
  const store = new Store(facts.sitting, "");
  const kept = await store.read();
  if (!kept.length) return;
  const server = new SittingServer(new ServerClock(), facts);
  const reply = await server.answers();
  if (reply.status !== 200) return; // another time
  if (reply.state === "open") return renew(); // the room sends it, and it counts
  const held = new Changes(heldIn(reply), new Set());
  const arrived = ({ number, kind, value }) => same(held.arrived(number, kind), value);
  kept.filter(arrived).forEach((change) => store.remove(change.epoch, change)); // only the reply was lost
  const told = await bringBack(server, store, kept.filter((change) => !arrived(change)));
  await store.settled(1000);
  if (told.kept && facts.sealed) renew();
  else if (facts.sealed && !facts.late && kept.some(({ handed }) => handed)) renewOnce();
  return undefined;
}

/** What the page before this one handed over may have arrived after this page was made. */
function renewOnce() {
  const mark = `examsite-receipt-${facts.sitting}`;
  if (sessionStorage.getItem(mark)) return;
  sessionStorage.setItem(mark, "renewed");
  renew();
}

async function watch(asked = 0) {
  try {
    const response = await fetch(facts.standingUrl, { cache: "no-store", redirect: "manual" });
    if (response.type === "opaqueredirect") return; // signed out: nothing to watch for
    if (response.ok && (await response.json()).standing !== "over") return renew();
  } catch {
    // no network now: the next question comes soon
  }
  if (asked < MOST_ASKS) setTimeout(() => watch(asked + 1), ASK_EVERY_MS * (0.8 + 0.4 * Math.random()));
  return undefined;
}

addEventListener("beforeunload", () => (leaving = true));
setUpDisplay();
handOver();
setTimeout(watch, ASK_EVERY_MS);
