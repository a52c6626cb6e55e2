/** The timer of a page: shows what is left, says the marks once, follows the server when it moves the end. */

import { minutesAndSeconds } from "./clock.js";
import { Timer } from "./timer.js";

const MINUTE_MS = 60_000;

/** A moved end is announced, and `news(name, values)` may show the same sentence to those who look. */
export function showCountdown({ clock, deadline, say, time, announce, news = () => {} }) {
  const left = document.querySelector("#left");
  const ends = document.querySelector("#ends");
  const timer = new Timer(clock, deadline);
  const until = () => time(timer.until, { seconds: false });
  const tell = () => {
    const told = { count: timer.near, time: until() };
    ends.textContent = say(timer.near ? "under" : "ends", told);
    ends.classList.toggle("is-near", Boolean(timer.near));
  };
  timer.addEventListener("tick", (event) => {
    left.textContent = minutesAndSeconds(event.detail);
  });
  timer.addEventListener("mark", (event) => {
    tell();
    announce(say("mark", { count: event.detail, time: until() }));
  });
  timer.addEventListener("moved", ({ detail: { by, quiet } }) => {
    tell();
    if (quiet) return;
    const minutes = by / MINUTE_MS;
    const name = minutes >= 1 && Number.isInteger(minutes) ? "given_more" : "moved_end";
    announce(say(name, { count: minutes, time: until() }));
    news(name, { count: minutes, time: until() });
  });
  tell();
  return timer;
}
