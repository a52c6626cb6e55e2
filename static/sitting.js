/** The exam room: puts clock, saver and paper together. What it decides: when to ask the server, and when to hand in. */

import { ServerClock, clockIn } from "./sitting/clock.js";
import { Connection } from "./sitting/connection.js";
import { showCountdown } from "./sitting/countdown.js";
import { setUpDisplay } from "./sitting/display.js";
import { listenToKeys } from "./sitting/keys.js";
import { Paper } from "./sitting/paper.js";
import { Saver } from "./sitting/saver.js";
import { SittingServer } from "./sitting/server.js";
import { wordsOf } from "./sitting/words.js";

const ASK_EVERY_MS = 45_000;
const LAST_MOMENT_MS = 2000;
const ASK_AGAIN_MS = 3000;
const PATIENCE_MS = 6000;

const room = document.querySelector("#room");
const facts = room.dataset;
const say = wordsOf(document.querySelector("#words"));
const clock = new ServerClock();
clock.learnFromPage(Date.parse(facts.serverNow));
const time = clockIn(facts.zone);
const paper = new Paper(room, say);
const { choices, flags } = paper.delivered;
const saver = new Saver(new SittingServer(clock, facts), { seq: Number(facts.lastSeq), epoch: Number(facts.epoch), choices, flags });
const connection = new Connection(document, { say, clock, time });
const display = setUpDisplay();
const chosen = new Map(choices);
const flagged = new Set(flags);
const announce = (text) => connection.announce(text);
const timer = showCountdown({ clock, deadline: Date.parse(facts.deadline), say, time, announce });
let leaving = false;
let over = false;

function standing(number) {
  return { done: chosen.get(number) != null, flagged: flagged.has(number), waits: saver.waits(number) };
}

function setItem(number) {
  paper.set(number, chosen.get(number) ?? null, flagged.has(number));
}

function paint() {
  paper.paint(standing);
  const held = Array.from({ length: paper.size }, (_, index) => saver.arrived(index + 1, "choice"));
  connection.show(saver, held.filter((option) => option !== null).length);
}

function change({ number, kind, value }) {
  if (kind === "choice") chosen.set(number, value);
  else if (value) flagged.add(number);
  else flagged.delete(number);
  setItem(number);
  if (kind === "flag") announce(say(value ? "flag_on" : "flag_off", { number }));
  saver.change(number, kind, value);
  if (timer.left < LAST_MOMENT_MS) saver.flush();
}

/** Another page of this candidate saved something: what does not wait here is shown as the server has it. */
function adopt() {
  for (let number = 1; number <= paper.size; number += 1) {
    if (saver.waits(number)) continue;
    chosen.set(number, saver.arrived(number, "choice"));
    if (saver.arrived(number, "flag")) flagged.add(number);
    else flagged.delete(number);
    setItem(number);
  }
}

function follow() {
  if (saver.deadline !== null) timer.moveTo(saver.deadline);
  paint();
  if (saver.state !== "open" && !leaving) stop();
}

/** The pen is elsewhere, or the part is over: the page stays as it is, to be read. */
function stop() {
  over = true;
  paper.lock(true);
  const moved = saver.state === "moved";
  const more = saver.uncounted ? say(moved ? "uncounted_moved" : "uncounted_late", { count: saver.uncounted }) : "";
  connection.tell(moved ? "trouble_moved" : "trouble_over", { way: moved ? location.pathname : facts.receiptUrl, more });
}

/** The time is up on this page's clock. Only the server decides, so it is asked first; then the part is handed in. */
async function end() {
  paper.lock(true);
  connection.hold = true;
  connection.tell("trouble_ending");
  saver.flush();
  await saver.settled(PATIENCE_MS);
  const answered = await saver.check();
  if (over) {
    if (saver.state !== "moved" && !saver.uncounted) handIn();
  } else if (answered && timer.left > 0) {
    connection.hold = false;
    paper.lock(false);
    for (let number = 1; number <= paper.size; number += 1) setItem(number);
    paint();
  } else if (answered && saver.unsaved === 0) {
    handIn();
  } else {
    connection.tell("trouble_ending_cut", { values: { count: saver.unsaved } });
    setTimeout(end, ASK_AGAIN_MS);
  }
}

function handIn() {
  const form = document.querySelector("#hand-in");
  form.elements.last_seq.value = saver.seq;
  leaving = true;
  form.submit();
}

async function review(event) {
  event.preventDefault();
  saver.flush();
  const ready = (await saver.settled(PATIENCE_MS)) && (await saver.check());
  if (over) return;
  if (ready) {
    leaving = true;
    location.assign(facts.reviewUrl);
  } else {
    announce(say("review_waits"));
  }
}

function fromAddress() {
  const wanted = Number(/^#q(\d+)$/.exec(location.hash)?.[1]);
  return wanted >= 1 && wanted <= paper.size ? wanted : 1;
}

paper.addEventListener("changed", (event) => change(event.detail));
paper.addEventListener("turned", paint);
saver.addEventListener("change", follow);
saver.addEventListener("adopted", adopt);
timer.addEventListener("end", end);
document.querySelectorAll("[data-review]").forEach((link) => link.addEventListener("click", review));
addEventListener("hashchange", () => paper.show(fromAddress()));
addEventListener("pagehide", () => saver.flush());
document.addEventListener("visibilitychange", () => !document.hidden && saver.state === "open" && saver.check());
addEventListener("beforeunload", (event) => {
  if (saver.unsaved && !leaving && !over) event.preventDefault();
});
listenToKeys(paper, display.lettersWork);
for (let number = 1; number <= paper.size; number += 1) setItem(number);
paper.show(fromAddress(), { focus: false });
timer.tick();
setInterval(() => saver.state === "open" && saver.check(), ASK_EVERY_MS * (0.8 + 0.4 * Math.random()));
document.querySelector("#unscripted").remove();
