/** The timer of a page: shows what is left, says the marks once, follows the server when it moves the end. */

import { minutesAndSeconds } from "./clock.js";
import { Timer } from "./timer.js";

export function showCountdown({ clock, deadline, say, time, announce }) {
  const left = document.querySelector("#left");
  const ends = document.querySelector("#ends");
  const timer = new Timer(clock, deadline);
  const until = () => time(timer.until, { seconds: false });
  timer.addEventListener("tick", (event) => {
    left.textContent = minutesAndSeconds(event.detail);
  });
  timer.addEventListener("mark", (event) => {
    const told = { count: event.detail, time: until() };
    ends.textContent = say("under", told);
    announce(say("mark", told));
  });
  timer.addEventListener("moved", () => {
    ends.textContent = say("ends", { time: until() });
    announce(say("moved_end", { time: until() }));
  });
  ends.textContent = say("ends", { time: until() });
  return timer;
}
