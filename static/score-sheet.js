// While a score is typed: mark the level it falls in, and show the total once every criterion has a number. The server decides what counts.
"use strict";
(() => {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const total = sheet.querySelector("[data-total]");
  const inputs = [...sheet.querySelectorAll("fieldset input")];
  const comma = document.documentElement.lang === "vi";

  const read = (text) => (/^\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : null);
  const show = (value) => {
    const text = String(Math.round(value * 1e6) / 1e6);
    return comma ? text.replace(".", ",") : text;
  };

  const mark = (input) => {
    const value = read(input.value);
    for (const level of input.closest("fieldset").querySelectorAll("[data-low]")) {
      const here = value !== null && Number(level.dataset.low) <= value && value <= Number(level.dataset.high);
      level.classList.toggle("is-here", here);
      level.querySelector(".ex-level-mark").classList.toggle("d-none", !here);
    }
  };
  const counted = (input) => {
    const value = read(input.value);
    return value !== null && value <= Number(input.closest("fieldset").dataset.maximum) ? value : null;
  };
  const add = () => {
    const values = inputs.map(counted);
    total.textContent = values.includes(null) ? "—" : show(values.reduce((sum, value) => sum + value, 0));
  };

  for (const input of inputs) {
    input.addEventListener("input", () => { mark(input); add(); });
  }
  if (inputs.length) add();
})();
