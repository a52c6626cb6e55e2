/** The live room: asks for its rows every few seconds, and puts them in without taking focus, scroll or an open list of acts away. */

import { clockIn } from "./sitting/clock.js";

const ASK_EVERY_MS = 5000;
const ANNOUNCED_AT_ONCE = 3;

const rows = document.querySelector("#live-rows");
const line = document.querySelector("#live-now");
const said = document.querySelector("#said");
let version = null;
let heard = null;
let known = troubles(rows);

if (rows && !("still" in rows.dataset)) next();

function next() {
  setTimeout(ask, ASK_EVERY_MS * (0.8 + 0.4 * Math.random()));
}

async function ask() {
  try {
    const headers = version ? { "If-None-Match": version } : {};
    const response = await fetch(rows.dataset.url, { headers, cache: "no-store", redirect: "manual" });
    if (response.type === "opaqueredirect" || response.status === 401) return location.reload(); // signed out: the page says so itself
    if (!response.ok && response.status !== 304) throw new Error(String(response.status));
    if (response.ok) {
      put(await response.text());
      version = response.headers.get("ETag");
    }
    heard = Date.parse(response.headers.get("Date"));
    tell("live");
  } catch {
    if (heard) tell("lost");
  }
  next();
}

/** Say how fresh the page is, by the server's own time. */
function tell(what) {
  line.textContent = line.dataset[what].replace("{time}", clockIn(rows.dataset.zone)(heard));
  line.classList.toggle("ex-lost", what === "lost");
}

/** Put new rows in. What has an id keeps its focus, its scroll position and, for a list of acts, its being open. */
function put(html) {
  const focused = rows.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...rows.querySelectorAll("details[open] > summary[id]")].map((summary) => summary.id);
  const box = rows.querySelector("#list-box");
  const scrolled = box ? [box.scrollLeft, box.scrollTop] : [0, 0];
  const [x, y] = [scrollX, scrollY];
  const fresh = new DOMParser().parseFromString(html, "text/html");
  rows.replaceChildren(...fresh.body.childNodes);
  for (const id of open) document.getElementById(id)?.parentElement.setAttribute("open", "");
  rows.querySelector("#list-box")?.scrollTo(...scrolled);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  scrollTo(x, y);
  announce();
}

/** Say what has newly gone wrong, and nothing else. */
function announce() {
  const now = troubles(rows);
  const fresh = [...now].filter(([key]) => !known.has(key)).map(([, words]) => words);
  known = now;
  if (fresh.length) said.textContent = fresh.slice(0, ANNOUNCED_AT_ONCE).join(" ");
}

function troubles(place) {
  return new Map([...(place?.querySelectorAll("[data-trouble]") ?? [])].map((one) => [one.dataset.trouble, one.dataset.said]));
}
