/** The whole test by keyboard: letters choose, F flags, left and right turn, Enter chooses and then goes on. Where text is typed, none does. */

const LETTERS = "abcdeghij"; // F is the flag
const TYPING = "textarea, input:not([type=radio], [type=checkbox])";

/** `lettersWork()` says whether single letters are keys at present: who dictates or types with a tool can switch them off. */
export function listenToKeys(paper, lettersWork) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return;
    if (event.target.matches?.(TYPING)) return;
    if (act(paper, event, lettersWork())) event.preventDefault();
  });
}

function act(paper, event, letters) {
  const inCells = event.target.closest?.(".ex-cells");
  switch (event.key) {
    case "ArrowLeft":
      return turn(paper, -1, inCells);
    case "ArrowRight":
      return turn(paper, 1, inCells);
    case "Enter":
      return enter(paper, event.target);
    default:
      return letters && !event.repeat && letter(paper, event.key.toLowerCase());
  }
}

function turn(paper, step, inCells) {
  const goal = paper.inView + step;
  if (goal < 1 || goal > paper.size) return true;
  paper.show(goal, { focus: !inCells });
  if (inCells) inCells.querySelector("[tabindex='0']").focus();
  return true;
}

/** On an option Enter chooses it; on the chosen one it goes on. Buttons and links keep their own Enter. */
function enter(paper, target) {
  if (!target.matches?.("input[type=radio], input[type=checkbox]")) return false;
  if (target.checked) paper.turn(1);
  else target.click();
  return true;
}

function letter(paper, key) {
  if (key === "f") {
    paper.flag();
    return true;
  }
  return key.length === 1 && LETTERS.includes(key) && paper.choose(key.charCodeAt(0) - "a".charCodeAt(0));
}
