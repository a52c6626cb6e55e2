/** The receipt: what this computer could not send in time is handed over now, and the page then says what came late. */

import { heldIn } from "./sitting/changes.js";
import { ServerClock } from "./sitting/clock.js";
import { setUpDisplay } from "./sitting/display.js";
import { bringBack } from "./sitting/leftovers.js";
import { SittingServer } from "./sitting/server.js";
import { Store, same } from "./sitting/store.js";

async function handOver(facts) {
  const store = new Store(facts.sitting, "");
  const kept = await store.read();
  if (!kept.length) return;
  const server = new SittingServer(new ServerClock(), facts);
  const reply = await server.answers();
  if (reply.status !== 200) return; // another time
  const held = new Map(heldIn(reply).map(([number, kind, value]) => [`${number} ${kind}`, value]));
  const arrived = ({ number, kind, value }) => same(held.get(`${number} ${kind}`), value);
  kept.filter(arrived).forEach((change) => store.remove(change.epoch, change)); // only the reply was lost
  const told = await bringBack(server, store, kept.filter((change) => !arrived(change)));
  await store.settled(1000);
  if (told.kept) location.reload();
}

setUpDisplay();
handOver(document.querySelector("#leftovers").dataset);
