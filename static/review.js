/** The review before handing in: the clock runs on, and handing in never leads into nothing. */

import { ServerClock, clockIn } from "./sitting/clock.js";
import { showCountdown } from "./sitting/countdown.js";
import { setUpDisplay } from "./sitting/display.js";
import { keepPulse } from "./sitting/pulse.js";
import { SittingServer } from "./sitting/server.js";
import { wordsOf } from "./sitting/words.js";

const ASK_AGAIN_MS = 3000;

const facts = document.querySelector("#room").dataset;
const form = document.querySelector("#hand-in");
const say = wordsOf(document.querySelector("#words"));
const clock = new ServerClock();
clock.learnFromPage(Date.parse(facts.serverNow));
const time = clockIn(facts.zone);
const server = new SittingServer(clock, facts);
const announce = (text) => (document.querySelector("#said").textContent = text);
const timer = showCountdown({ clock, deadline: Date.parse(facts.deadline), say, time, announce });
let leaving = false;

function tell(name, values = {}) {
  document.querySelector("#trouble").hidden = !name;
  if (!name) return;
  document.querySelector("#trouble-first").textContent = say(name, values);
  document.querySelector("#trouble-second").textContent = say(`${name}_then`);
}

function leaveFor(address) {
  leaving = true;
  location.assign(address);
}

/**
 * Give a sign of life and learn how the sitting stands; null when there was no answer, or when this page is not the place to go on. Who holds
 * the pen no more is led to where it is said.
 */
async function ask() {
  const reply = await server.alive(Number(facts.at), 0);
  if (reply.status === 403 || reply.status === 409) leaveFor(facts.roomUrl);
  else if (reply.status === 200 && reply.state !== "open") leaveFor(facts.receiptUrl);
  else if (reply.status === 200 && reply.paused_since) leaveFor(facts.roomUrl); // it covers the questions, and says since when
  if (reply.status !== 200 || leaving) return null;
  timer.moveTo(Date.parse(reply.deadline));
  tell(null);
  return reply;
}

async function end({ again = false } = {}) {
  if (!again) tell("ending");
  const reply = await ask();
  if (leaving) return;
  if (!reply) {
    tell("ending_cut");
    setTimeout(() => end({ again: true }), ASK_AGAIN_MS);
  } else if (timer.left > 0) {
    timer.goOn();
  } else {
    tell("ending");
    form.elements.last_seq.value = reply.last_seq;
    form.elements.automatic.value = "yes"; // not the reader's own will: the server looks whether time was given in this moment
    form.submit();
  }
}

async function handIn(event) {
  event.preventDefault();
  const reply = await ask();
  if (leaving) return;
  if (!reply) tell("cut", { time: time(clock.now()) });
  else if (reply.last_seq !== Number(facts.lastSeq)) location.reload(); // another page saved meanwhile: review what is there now
  else {
    form.elements.automatic.value = "";
    form.submit();
  }
}

form.addEventListener("submit", handIn);
timer.addEventListener("end", () => end());
setUpDisplay();
timer.tick();
keepPulse(ask, () => timer.left);
