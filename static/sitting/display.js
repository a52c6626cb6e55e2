/** Text size, contrast and letter keys as this candidate wants them, kept in the browser for the next page of the sitting. */

const PLACE = "examsite.display";
const USUAL = { text: "1", contrast: "usual", keys: "on" };
const OTHERWISE = { contrast: "usual", keys: "off" };

/** Apply what this candidate chose before, and let the buttons of the page change it. Returns how letter keys stand. */
export function setUpDisplay(root = document) {
  const owner = root.querySelector("[data-display-for]")?.dataset.displayFor ?? "";
  const chosen = { ...USUAL, ...read(owner) };
  const buttons = [...root.querySelectorAll("[data-display]")];
  apply(chosen, buttons);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const [name, value] = button.dataset.display.split(":");
      const pressed = chosen[name] === value;
      chosen[name] = pressed ? (OTHERWISE[name] ?? value) : value;
      apply(chosen, buttons);
      write(owner, chosen);
    });
  }
  return { lettersWork: () => chosen.keys === "on" };
}

function apply(chosen, buttons) {
  document.documentElement.dataset.text = chosen.text;
  document.documentElement.dataset.contrast = chosen.contrast;
  for (const button of buttons) {
    const [name, value] = button.dataset.display.split(":");
    button.setAttribute("aria-pressed", String(chosen[name] === value));
  }
}

function read(owner) {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    return kept.owner === owner ? kept : {};
  } catch {
    return {}; // no storage, or not ours: the usual display does
  }
}

function write(owner, chosen) {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ ...chosen, owner }));
  } catch {
    // a browser without storage keeps the choice for this page only
  }
}
