/** The exam room: puts clock, saver and paper together. What it decides: when to ask the server, and when to hand in. */

import { ServerClock, clockIn } from "./sitting/clock.js";
import { Connection } from "./sitting/connection.js";
import { showCountdown } from "./sitting/countdown.js";
import { setUpDisplay } from "./sitting/display.js";
import { listenToKeys } from "./sitting/keys.js";
import { bringBack } from "./sitting/leftovers.js";
import { Notices } from "./sitting/notices.js";
import { Paper } from "./sitting/paper.js";
import { Pause } from "./sitting/pause.js";
import { keepPulse } from "./sitting/pulse.js";
import { Saver } from "./sitting/saver.js";
import { SittingServer } from "./sitting/server.js";
import { Store } from "./sitting/store.js";
import { Tabs } from "./sitting/tabs.js";
import { isAnswer } from "./sitting/typed.js";
import { wordsOf } from "./sitting/words.js";

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
const { answers, flags } = paper.delivered;
const name = [...crypto.getRandomValues(new Uint32Array(2))].join("-");
const store = new Store(facts.sitting, name);
const tabs = new Tabs(facts.sitting, name);
const server = new SittingServer(clock, facts);
const essays = new Set([...room.querySelectorAll("[data-item]:has(.is-essay)")].map((section) => Number(section.dataset.item)));
const held = [...answers, ...flags.map((number) => [number, "flag", true])];
const saver = new Saver(
  { server, store, tabs, at: () => paper.inView },
  { seq: Number(facts.lastSeq), epoch: Number(facts.epoch), held, essays },
);
const connection = new Connection(document, { say, clock, time, signIn: facts.signInUrl });
const announce = (text) => connection.announce(text);
const notices = new Notices(document, say, announce);
const display = setUpDisplay();
const given = new Map(answers.map(([number, , value]) => [number, value]));
const flagged = new Set(flags);
const news = (sentence, values) => notices.show(sentence, values, { passing: true, heard: true });
const timer = showCountdown({ clock, deadline: Date.parse(facts.deadline), say, time, announce, news });
const pause = new Pause(document, { say, time, timer, paper, announce });
const numbers = Array.from({ length: paper.size }, (_, index) => index + 1);
let leaving = false;
let over = false;

/** Once this page is only for reading, it counts what the server counts. */
function standing(number) {
  const kind = paper.kindOf(number);
  const answer = over ? saver.arrived(number, kind) : given.get(number);
  return { done: isAnswer(answer), flagged: flagged.has(number), waits: saver.waits(number, kind) };
}

function setItem(number) {
  paper.set(number, given.get(number) ?? null, flagged.has(number));
}

function paint() {
  paper.paint(standing);
  connection.show(saver, stored());
}

/** How many questions hold an answer on the server. */
function stored() {
  return numbers.filter((number) => isAnswer(saver.arrived(number, paper.kindOf(number)))).length;
}

function keep({ number, kind, value }) {
  if (kind !== "flag") given.set(number, value);
  else if (value) flagged.add(number);
  else flagged.delete(number);
  setItem(number);
}

function change(made) {
  keep(made);
  if (made.kind === "flag") announce(say(made.value ? "flag_on" : "flag_off", { number: made.number }));
  saver.change(made.number, made.kind, made.value);
  if (timer.left < LAST_MOMENT_MS) saver.flush();
}

/** The same was changed in another page of this browser, which sends it. */
function mirror({ change: made }) {
  keep(made);
  saver.yield(made);
}

/** What the server holds is shown, with what waits here on top of it. */
function adopt(overtaken = []) {
  for (const number of numbers) {
    given.set(number, saver.present(number, paper.kindOf(number)));
    if (saver.present(number, "flag")) flagged.add(number);
    else flagged.delete(number);
    setItem(number);
  }
  const questions = [...new Set(overtaken.map((made) => made.number))];
  if (questions.length) notices.show("overtaken", { numbers: questions.join(", ") });
}

function follow() {
  if (saver.deadline !== null) timer.moveTo(saver.deadline, { quiet: pause.ends(saver.pausedSince) });
  pause.show(saver.pausedSince, { locked: over });
  paint();
  if (over && saver.state === "open") goOn();
  if (saver.state !== "open" && !leaving) stop();
}

/** The pen is elsewhere, or the part is over: the page stays as it is, to be read. */
function stop() {
  over = true;
  paper.lock(true);
  paint();
  const moved = saver.state === "moved";
  const more = [
    saver.uncounted && say(moved ? "uncounted_moved" : "uncounted_late", { count: saver.uncounted }),
    saver.unkept && say("unkept", { count: saver.unkept }),
    moved && saver.unsaved && say("unsent_moved", { count: saver.unsaved }),
  ];
  const trouble = { moved: "trouble_moved", anew: "trouble_anew" }[saver.state] ?? "trouble_over";
  const way = trouble === "trouble_over" ? facts.receiptUrl : location.pathname;
  connection.tell(trouble, { way, more: more.filter(Boolean).join(" "), values: { count: stored() } });
}

/** Time was given after the close: the page is written on again. */
function goOn() {
  over = false;
  notices.show("reopened");
  if (saver.pausedSince === null && timer.left <= 0) end(); // what was given is over as well, but not the grace after it
  else unlock();
}

/** Back to work, unless the exam is paused. */
function unlock() {
  connection.hold = false;
  if (saver.pausedSince === null) paper.lock(false);
  numbers.forEach(setItem);
  paint();
}

/** The time is up on this page's clock. Only the server decides, so it is asked first; then the part is handed in. */
async function end({ again = false } = {}) {
  if (again && !over && timer.left > 0) return unlock(); // time was given while it was asked for
  paper.lock(true);
  connection.hold = true;
  if (!again) connection.tell("trouble_ending");
  saver.flush();
  await saver.settled(PATIENCE_MS);
  const answered = await saver.check();
  if (over) {
    if (!saver.isOver || saver.uncounted) return undefined; // the page says how it stands
    if (saver.unsaved) setTimeout(() => end({ again: true }), ASK_AGAIN_MS);
    else handIn();
  } else if (answered && (timer.left > 0 || saver.pausedSince !== null)) {
    unlock();
    timer.goOn();
  } else if (answered && saver.isLevel) {
    handIn();
  } else {
    if (saver.unsaved || !answered) connection.tell("trouble_ending_cut", { values: { count: saver.unsaved } });
    setTimeout(() => end({ again: true }), ASK_AGAIN_MS);
  }
  return undefined;
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
    paper.lock(true); // what is changed while the next page comes would not be in it
    location.assign(facts.reviewUrl);
  } else {
    announce(say("review_waits"));
  }
}

/** What this computer keeps from a page that is gone: of this device's turn it is sent after all, of an earlier turn handed over as evidence. */
async function recall({ fresh = false } = {}) {
  const [kept] = await Promise.all([store.read(), tabs.greet()]);
  tellTabs();
  const orphans = kept.filter(({ tab }) => tab !== name && !tabs.others.has(tab));
  const ofThisTurn = ({ epoch }) => epoch === Number(facts.epoch);
  const mine = orphans.filter(ofThisTurn);
  saver.mirror(kept.filter(({ tab }) => tabs.others.has(tab)).filter(ofThisTurn));
  saver.claim(mine, { fresh });
  if (mine.length && saver.unsaved) notices.show("recalled", { count: saver.unsaved }, { passing: true });
  const told = await bringBack(server, store, orphans.filter(({ epoch }) => epoch < Number(facts.epoch)));
  if (told.kept) notices.show("evidence", { count: told.kept });
}

function tellTabs() {
  if (tabs.others.size) notices.show("second_tab");
  else notices.hide("second_tab");
}

function fromAddress() {
  const wanted = Number(/^#q(\d+)$/.exec(location.hash)?.[1]);
  return wanted >= 1 && wanted <= paper.size ? wanted : 1;
}

paper.addEventListener("changed", (event) => change(event.detail));
paper.addEventListener("turned", paint);
saver.addEventListener("change", follow);
saver.addEventListener("adopted", (event) => adopt(event.detail.overtaken));
store.addEventListener("change", () => (store.works ? notices.hide("no_store") : notices.show("no_store")));
tabs.addEventListener("change", (event) => mirror(event.detail));
tabs.addEventListener("bye", () => recall());
timer.addEventListener("end", () => end());
timer.addEventListener("tick", ({ detail: left }) => {
  if (left > 0 && left < LAST_MOMENT_MS && saver.unsaved && !saver.trouble) saver.flush();
});
document.querySelector("#trouble-way").addEventListener("click", () => (leaving = true));
document.querySelectorAll("[data-review]").forEach((link) => link.addEventListener("click", review));
addEventListener("hashchange", () => paper.show(fromAddress()));
addEventListener("pagehide", () => saver.leave());
addEventListener("pageshow", (event) => event.persisted && location.reload()); // what it shows is old
addEventListener("beforeunload", (event) => {
  if (saver.unsaved && !leaving && !over) event.preventDefault();
});
listenToKeys(paper, display.lettersWork);
numbers.forEach(setItem);
paper.show(fromAddress(), { focus: false });
pause.show(saver.pausedSince, { locked: false });
timer.tick();
recall({ fresh: true });
keepPulse(
  () => (saver.state === "open" || saver.isOver) && !leaving && !saver.trouble && saver.check(),
  () => (over ? Infinity : timer.left),
);
document.querySelector("#unscripted").remove();
