/** The exam room in a pause: shows what was left when it began, keeps what this computer has not sent, and goes on when the pause is over. */

import { ServerClock, minutesAndSeconds } from "./sitting/clock.js";
import { setUpDisplay } from "./sitting/display.js";
import { keepPulse } from "./sitting/pulse.js";
import { SittingServer } from "./sitting/server.js";
import { Store } from "./sitting/store.js";
import { wordsOf } from "./sitting/words.js";

const facts = document.querySelector("#room").dataset;
const say = wordsOf(document.querySelector("#words"));
const server = new SittingServer(new ServerClock(), facts);
const left = (deadline) => minutesAndSeconds(Date.parse(deadline) - Date.parse(facts.pausedSince));
let waiting = 0;

/** Everything but the pause as it was is said by the page that comes next: the room, the receipt, or the page for another device. */
async function ask() {
  const reply = await server.alive(Number(facts.at), waiting);
  const answered = reply.status > 0 && reply.status < 500;
  document.querySelector("#trouble").hidden = answered;
  if (reply.status === 200 && reply.state === "open" && reply.paused_since) {
    document.querySelector("#left").textContent = left(reply.deadline);
  } else if (answered) {
    location.reload();
  }
}

/** Count what this computer keeps for the end of the pause. */
async function look() {
  const kept = await new Store(facts.sitting, "").read();
  waiting = kept.filter(({ epoch, handed }) => epoch === Number(facts.epoch) && !handed).length;
  const told = document.querySelector("#waits");
  told.hidden = !waiting;
  told.textContent = say("waits", { count: waiting });
}

document.querySelectorAll("[data-unscripted]").forEach((place) => place.remove());
document.querySelector("#left").textContent = left(facts.deadline);
setUpDisplay();
look();
keepPulse(ask, () => 0);
